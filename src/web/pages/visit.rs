//! Answering on a visit: staff sign in, hand the tablet over, and it is locked until they sign in again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::staff::parameter;
use super::staff::scheme::{Names, day};
use super::survey::{Bar, Help, Shell, form, go_to, look_of_browser, page};
use crate::app::App;
use crate::domain::access::{Actor, Role};
use crate::domain::answering::{Form, Look};
use crate::domain::definition::STANDARD;
use crate::domain::submission::ROLES;
use crate::use_cases::{
    HelpOnVisit, Needs, Refusal, VisitAsks, end_staff_session, hand_over, list_visits, show_invitation,
    staff_of,
};
use crate::web::cookies;
use crate::web::limits::Limits;
use crate::web::problem::Problem;
use crate::web::request::{blocking, client_address};
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "visit/hand_over.html")]
struct HandOverPage {
    shell: Shell,
    code: String,
    roles: Vec<(&'static str, String, bool)>,
    reads: bool,
    points: bool,
    gives_support: Option<bool>,
    /// Where the error is, and what to do.
    error: Option<(&'static str, String)>,
    /// Whether they work in a scheme, and have its pages to go back to.
    of_scheme: bool,
    /// Visits that are booked, the earliest first.
    booked: Vec<Booked>,
    /// Who the code is of, where it was found for them.
    whose: Option<String>,
}

/// A visit that is booked.
struct Booked {
    day: String,
    name: String,
    reference: String,
    /// The page on which the tablet is handed over; none if the person cannot be asked today.
    open: Option<String>,
    /// What is asked first: `reference|questionnaire`.
    ask: Option<String>,
    why: String,
}

/// What the page knows before anything is typed.
#[derive(Default)]
struct Known {
    of_scheme: bool,
    booked: Vec<Booked>,
    code: String,
    whose: Option<String>,
}

/// `GET /visit`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(actor) = staff(&app, &http).await? else {
        let wanted = parameter(&http, "for").filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric()));
        let next = wanted.map_or_else(|| "/visit".to_owned(), |id| format!("/visit%3Ffor%3D{id}"));
        return Ok(go_to(&format!("/sign-in?next={next}")));
    };
    let wanted = parameter(&http, "for");
    let known = blocking(&app, move |app| known(app, &actor, wanted.as_deref())).await?;
    Ok(asked(&app, &http, &Form::default(), None, known))
}

/// The visits of somebody who works in a scheme, and the code of the invitation `wanted`.
fn known(app: &App, actor: &Actor, wanted: Option<&str>) -> Result<Known, Refusal> {
    let (Role::SchemeLead(number) | Role::SchemeWorker(number)) = actor.role else {
        return Ok(Known::default());
    };
    let directory = app.directory();
    let Some(scheme) = directory.scheme_by_number(number).map(|s| &s.about.id) else {
        return Ok(Known::default());
    };
    let visits = list_visits(app, actor, scheme)?;
    let invited = match wanted.map(|id| show_invitation(app, actor, scheme, id)) {
        None | Some(Err(Refusal::Unknown(_))) => None,
        Some(found) => Some(found?),
    };
    let people = visits.iter().map(|v| v.participant.clone());
    let names = Names::read(app, actor, scheme, people.chain(invited.iter().map(|i| i.participant.clone())))?;
    let booked = visits.into_iter().map(|visit| {
        let (open, ask, why) = match visit.asks {
            VisitAsks::Asked(invitation) => (Some(format!("/visit?for={invitation}")), None, String::new()),
            VisitAsks::Due(questionnaire) => {
                (None, Some(format!("{}|{questionnaire}", visit.participant)), String::new())
            }
            VisitAsks::Nothing(why) => (None, None, why),
        };
        let name = names.of(&visit.participant);
        Booked { day: day(visit.on), name, reference: visit.participant, open, ask, why }
    });
    let whose = invited.as_ref().map(|i| names.of(&i.participant));
    Ok(Known {
        of_scheme: true,
        booked: booked.collect(),
        code: invited.map(|i| i.code).unwrap_or_default(),
        whose,
    })
}

/// `POST /visit/sign-out`
pub(in crate::web) async fn sign_out(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    form(&http, payload).await?;
    if let Some(token) = cookies::staff_token(&app, &http) {
        blocking(&app, move |app| end_staff_session(app, &token)).await?;
    }
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", "/visit")).insert_header(("Cache-Control", "no-store"));
    cookies::clear_staff(&app, &mut answer);
    Ok(answer.finish())
}

/// `POST /visit/hand-over`
pub(in crate::web) async fn give(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let (Some(actor), Some(token)) = (staff(&app, &http).await?, cookies::staff_token(&app, &http)) else {
        return Ok(go_to("/sign-in?next=/visit"));
    };
    let code = sent.get("code").unwrap_or_default().to_owned();
    if code.is_empty() {
        return Ok(asked(&app, &http, &sent, Some(("answer", "visit_code_missing")), Known::default()));
    }
    let help: Vec<String> =
        sent.all("help").filter(|h| ["read", "wrote"].contains(h)).map(str::to_owned).collect();
    let role = sent.get("role").filter(|r| ROLES.contains(r)).unwrap_or_default().to_owned();
    let gives_support = sent.get("support").map(|s| s == "yes");
    if !help.is_empty() && role.is_empty() {
        return Ok(asked(&app, &http, &sent, Some(("role", "choose_one_here")), Known::default()));
    }
    if !help.is_empty() && gives_support.is_none() {
        return Ok(asked(&app, &http, &sent, Some(("support", "choose_one_here")), Known::default()));
    }
    let client = client_address(&http);
    if limits.is_shut_out(&client) {
        return Ok(asked(&app, &http, &sent, Some(("answer", "code_too_many")), Known::default()));
    }
    let help = HelpOnVisit { role, help, gives_support: gives_support.unwrap_or(false) };
    let given = blocking(&app, move |app| hand_over(app, &actor, &token, &code, &help)).await?;
    let Some(token) = given else {
        limits.wrong_code(&client);
        return Ok(asked(&app, &http, &sent, Some(("answer", "visit_code_unknown")), Known::default()));
    };
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", "/survey/hello")).insert_header(("Cache-Control", "no-store"));
    cookies::clear_staff(&app, &mut answer);
    cookies::set(&app, &mut answer, &token);
    Ok(answer.finish())
}

/// Who is signed in in this browser.
async fn staff(app: &web::Data<App>, http: &HttpRequest) -> Result<Option<Actor>, Problem> {
    let Some(token) = cookies::staff_token(app, http) else { return Ok(None) };
    let session = blocking(app, move |app| staff_of(app, &token)).await?;
    Ok(session.filter(|s| s.needs == Needs::Nothing).map(|s| s.actor))
}

/// The look of pages for staff.
fn staff_look(http: &HttpRequest) -> Look {
    let mut look = look_of_browser(http);
    look.set("rendition", STANDARD);
    look.set("aloud", "no");
    look
}

fn shell(app: &App, http: &HttpRequest, failed: bool) -> Shell {
    let look = staff_look(http);
    let w = Words::of(&look.rendition, &look.language);
    let title = match failed {
        true => format!("{}: {}", w.t("error"), w.t("visit_title")),
        false => w.t("visit_title").to_owned(),
    };
    let help = Help::of(app, None, &look);
    Shell::new(app, look, &title, String::new(), help, Bar::Bare)
}

fn asked(
    app: &App,
    http: &HttpRequest,
    sent: &Form,
    error: Option<(&'static str, &str)>,
    known: Known,
) -> HttpResponse {
    let shell = shell(app, http, error.is_some());
    let w = shell.w;
    let chosen = sent.get("role").unwrap_or("scheme-worker");
    let hand_over = HandOverPage {
        code: sent.get("code").unwrap_or(&known.code).chars().take(60).collect(),
        of_scheme: known.of_scheme,
        booked: known.booked,
        whose: known.whose,
        roles: ROLES
            .iter()
            .map(|role| (*role, w.t(&format!("role_{}", role.replace('-', "_"))).to_owned(), *role == chosen))
            .collect(),
        reads: sent.all("help").any(|h| h == "read"),
        points: sent.all("help").any(|h| h == "wrote"),
        gives_support: sent.get("support").map(|s| s == "yes"),
        error: error.map(|(place, key)| (place, w.t(key).to_owned())),
        shell,
    };
    let status = if hand_over.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(status, &hand_over)
}
