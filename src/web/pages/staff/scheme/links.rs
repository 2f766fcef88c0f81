//! Open links: for anonymous answers, from a poster, a QR code or a web site.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::person_form::List;
use super::{choices, day, fields, led_scheme, tried, wording};
use crate::app::App;
use crate::clock::day_of;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::use_cases::{OpenLink, Refusal, add_open_link, close_open_link, list_open_links};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::qr;
use crate::web::request::blocking;

const DONE: [(&str, &str); 2] = [
    ("made", "The open link is made."),
    ("closed", "The open link is closed: nobody can begin with it now."),
];

#[derive(Template)]
#[template(path = "staff/scheme/links.html")]
struct LinksPage {
    shell: StaffShell,
    lists: Vec<List>,
    links: Vec<Line>,
}

struct Line {
    id: String,
    title: String,
    place: String,
    since: String,
    sent: i64,
    closed: bool,
}

#[derive(Template)]
#[template(path = "staff/scheme/poster.html")]
struct PosterPage {
    shell: StaffShell,
    scheme: String,
    link: String,
    code: String,
    typed_at: String,
    qr: String,
}

/// `GET /scheme/links`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /scheme/links`: makes one, or closes one.
pub(in crate::web) async fn change(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    if sent.get("go") == Some("close") {
        let id = sent.get("link").unwrap_or_default().to_owned();
        blocking(&app, move |app| close_open_link(app, &actor, &own.id, &id)).await?;
        return Ok(go_to("/scheme/links?done=closed"));
    }
    let body = fields(&sent, &["questionnaire", "council", "unit"]);
    match tried(&app, move |app| add_open_link(app, &actor, &own.id, &body)).await? {
        Ok(link) => Ok(go_to(&format!("/scheme/links/{}?done=made", link.row.id))),
        Err(faults) => list(&app, &http, &staff, &sent, &faults).await,
    }
}

async fn list(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = led_scheme(app, staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let found = blocking(app, move |app| list_open_links(app, &actor, &id)).await?;
    let (directory, today) = (app.directory(), app.today());
    let scheme = directory.scheme_by_number(own.number).ok_or(Refusal::Unknown(None))?;
    let all = super::waves::questionnaires(app, &own.id);
    let councils: Vec<(&str, String)> =
        scheme.councils_on(today).map(|code| (code, wording::area(app, code))).collect();
    let units = scheme.about.units.iter().filter(|unit| scheme.unit_on(&unit.id, today).is_some());
    let units: Vec<(&str, &str)> = units.map(|unit| (unit.id.as_str(), unit.name.as_str())).collect();
    let chosen = |name: &'static str| sent.get(name).unwrap_or_default();
    let named = all.iter().map(|(id, title)| (id.as_str(), title.as_str()));
    let mut lists = vec![List {
        name: "questionnaire",
        label: "Survey",
        choices: choices(named, chosen("questionnaire")),
    }];
    if councils.len() > 1 {
        let named = councils.iter().map(|(code, name)| (*code, name.as_str()));
        lists.push(List { name: "council", label: "Council", choices: choices(named, chosen("council")) });
    }
    if !units.is_empty() {
        let named = std::iter::once(("", "The whole scheme")).chain(units);
        lists.push(List { name: "unit", label: "For", choices: choices(named, chosen("unit")) });
    }
    let shown = LinksPage {
        lists,
        links: found.iter().map(|link| line(app, link)).collect(),
        shell: StaffShell::of(app, http, staff, "Open links").done(http, &DONE).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn line(app: &App, link: &OpenLink) -> Line {
    let row = &link.row;
    Line {
        id: row.id.clone(),
        title: wording::questionnaire(app, &row.questionnaire),
        place: wording::area(app, &row.council),
        since: day(day_of(row.created_at)),
        sent: row.sent,
        closed: row.closed_at.is_some(),
    }
}

/// `GET /scheme/links/{id}`: a poster.
pub(in crate::web) async fn poster(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (actor, scheme) = (staff.actor.clone(), own.id.clone());
    let found = blocking(&app, move |app| list_open_links(app, &actor, &scheme)).await?;
    let open = |link: &OpenLink| link.row.id == *id && link.row.closed_at.is_none();
    let link = found.into_iter().find(open).ok_or(Refusal::Unknown(None))?;
    let shown = PosterPage {
        shell: StaffShell::of(&app, &http, &staff, "A poster").done(&http, &DONE),
        scheme: own.name,
        qr: qr::svg(&link.link)?,
        link: link.link,
        code: link.code,
        typed_at: app.link("/s"),
    };
    Ok(page(StatusCode::OK, &shown))
}
