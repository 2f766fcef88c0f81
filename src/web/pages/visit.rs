//! Answering on a visit: staff sign in, hand the tablet over, and it is locked until they sign in again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::survey::{Bar, Help, Shell, form, go_to, look_of_browser, page};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::answering::{Form, Look};
use crate::domain::definition::STANDARD;
use crate::domain::submission::ROLES;
use crate::use_cases::{HelpOnVisit, Needs, end_staff_session, hand_over, staff_of};
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
}

/// `GET /visit`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    Ok(match staff(&app, &http).await? {
        Some(_) => asked(&app, &http, &Form::default(), None),
        None => go_to("/sign-in?next=/visit"),
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
        return Ok(asked(&app, &http, &sent, Some(("answer", "visit_code_missing"))));
    }
    let help: Vec<String> =
        sent.all("help").filter(|h| ["read", "wrote"].contains(h)).map(str::to_owned).collect();
    let role = sent.get("role").filter(|r| ROLES.contains(r)).unwrap_or_default().to_owned();
    let gives_support = sent.get("support").map(|s| s == "yes");
    if !help.is_empty() && role.is_empty() {
        return Ok(asked(&app, &http, &sent, Some(("role", "choose_one_here"))));
    }
    if !help.is_empty() && gives_support.is_none() {
        return Ok(asked(&app, &http, &sent, Some(("support", "choose_one_here"))));
    }
    let client = client_address(&http);
    if limits.is_shut_out(&client) {
        return Ok(asked(&app, &http, &sent, Some(("answer", "code_too_many"))));
    }
    let help = HelpOnVisit { role, help, gives_support: gives_support.unwrap_or(false) };
    let given = blocking(&app, move |app| hand_over(app, &actor, &token, &code, &help)).await?;
    let Some(token) = given else {
        limits.wrong_code(&client);
        return Ok(asked(&app, &http, &sent, Some(("answer", "visit_code_unknown"))));
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

fn asked(app: &App, http: &HttpRequest, sent: &Form, error: Option<(&'static str, &str)>) -> HttpResponse {
    let shell = shell(app, http, error.is_some());
    let w = shell.w;
    let chosen = sent.get("role").unwrap_or("scheme-worker");
    let hand_over = HandOverPage {
        code: sent.get("code").unwrap_or_default().chars().take(60).collect(),
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
