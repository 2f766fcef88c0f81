//! One-time links for the returns of a scheme's units: making one, showing it to whoever shall fill it in, taking it back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::person_form::List;
use super::{choices, day, fields, led_scheme, tried};
use crate::app::App;
use crate::clock::day_of;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::use_cases::{
    Refusal, ReturnLink, list_return_links, list_returns, make_return_link, revoke_return_link,
};
use crate::web::pages::staff::return_figures::in_words;
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::qr;
use crate::web::request::blocking;

const DONE: [(&str, &str); 2] = [
    ("made", "The link is made. Send it, or let it be scanned."),
    ("revoked", "The link is taken back: nobody gets in through it now."),
];

#[derive(Template)]
#[template(path = "staff/scheme/return_links.html")]
struct LinksPage {
    shell: StaffShell,
    lists: Vec<List>,
    links: Vec<Line>,
}

struct Line {
    id: String,
    title: String,
    words: String,
    open: bool,
}

#[derive(Template)]
#[template(path = "staff/scheme/return_link.html")]
struct LinkPage {
    shell: StaffShell,
    unit: String,
    days: String,
    until: String,
    link: String,
    qr: String,
}

/// `GET /scheme/return-links`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /scheme/return-links`: makes one, or takes one back.
pub(in crate::web) async fn change(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    if sent.get("go") == Some("revoke") {
        let id = sent.get("link").unwrap_or_default().to_owned();
        blocking(&app, move |app| revoke_return_link(app, &actor, &own.id, &id)).await?;
        return Ok(go_to("/scheme/return-links?done=revoked"));
    }
    let body = fields(&sent, &["unit", "period"]);
    match tried(&app, move |app| make_return_link(app, &actor, &own.id, &body)).await? {
        Ok(link) => Ok(go_to(&format!("/scheme/return-links/{}?done=made", link.row.id))),
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
    let (links, returns) = blocking(app, move |app| {
        Ok::<_, Refusal>((list_return_links(app, &actor, &id)?, list_returns(app, &actor, &id)?))
    })
    .await?;
    let directory = app.directory();
    let scheme = directory.scheme_by_number(own.number).ok_or(Refusal::Unknown(None))?;
    // What is asked of a unit, the newest period first.
    let asked = returns["items"].as_array().into_iter().flatten().filter(|item| item["unit"].is_string());
    let mut periods: Vec<String> = Vec::new();
    let mut units: Vec<&str> = Vec::new();
    for item in asked {
        let period = item["period"].as_str().unwrap_or_default();
        if !periods.iter().any(|known| known == period) {
            periods.push(period.to_owned());
        }
        units.extend(item["unit"].as_str().filter(|unit| !units.contains(unit)));
    }
    units.sort_unstable();
    let mut lists = Vec::new();
    if !units.is_empty() {
        let name = |id: &str| {
            scheme.about.units.iter().find(|u| u.id == id).map_or_else(|| id.to_owned(), |u| u.name.clone())
        };
        let named: Vec<(&str, String)> = units.iter().map(|id| (*id, name(id))).collect();
        let days: Vec<(&str, String)> = periods.iter().map(|p| (p.as_str(), in_words(p))).collect();
        // Most often the last period that is over is wanted.
        let is_over = |p: &&String| p.parse::<Period>().is_ok_and(|p| p.last_day() < app.today());
        let over = periods.iter().find(is_over).map_or("", String::as_str);
        for (field, label, all, usual) in [("unit", "For", named, ""), ("period", "Period", days, over)] {
            let all = all.iter().map(|(value, words)| (*value, words.as_str()));
            let chosen = sent.get(field).unwrap_or(usual);
            lists.push(List { name: field, label, choices: choices(all, chosen) });
        }
    }
    let line = |link: &ReturnLink| {
        let row = &link.row;
        let unit = scheme.about.units.iter().find(|u| u.id == row.unit);
        let open = row.is_open(app.now());
        let opened =
            row.opened_at.map_or("not opened yet".to_owned(), |at| format!("opened on {}", day(day_of(at))));
        let state = match (open, row.closed_at) {
            (true, _) => format!("{opened}; works until {}", day(day_of(row.ends_at))),
            (false, Some(at)) => format!("over since {}", day(day_of(at))),
            (false, None) => format!("over since {}", day(day_of(row.ends_at))),
        };
        Line {
            id: row.id.clone(),
            title: unit.map_or_else(|| row.unit.clone(), |u| u.name.clone()),
            words: format!("{}. Made on {}, {state}.", in_words(&row.period), day(day_of(row.made_at))),
            open,
        }
    };
    let shown = LinksPage {
        lists,
        links: links.iter().map(line).collect(),
        shell: StaffShell::of(app, http, staff, "Links for units").done(http, &DONE).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

/// `GET /scheme/return-links/{id}`: the link, to be sent or scanned.
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (actor, scheme) = (staff.actor.clone(), own.id.clone());
    let found = blocking(&app, move |app| list_return_links(app, &actor, &scheme)).await?;
    let is_it = |link: &ReturnLink| link.row.id == *id && link.row.is_open(app.now());
    let link = found.into_iter().find(is_it).ok_or(Refusal::Unknown(None))?;
    let directory = app.directory();
    let scheme = directory.scheme_by_number(own.number).ok_or(Refusal::Unknown(None))?;
    let unit = scheme.about.units.iter().find(|u| u.id == link.row.unit);
    let shown = LinkPage {
        shell: StaffShell::of(&app, &http, &staff, "A link for a unit").done(&http, &DONE),
        unit: unit.map_or_else(|| link.row.unit.clone(), |u| u.name.clone()),
        days: in_words(&link.row.period),
        until: day(day_of(link.row.ends_at)),
        qr: qr::svg(&link.link)?,
        link: link.link,
    };
    Ok(page(StatusCode::OK, &shown))
}
