//! The returns of a scheme: which there are, and filling one in. Each figure is explained in plain words; what is not known is left empty.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{Own, led_scheme, own_scheme, wording};
use crate::app::App;
use crate::domain::period::Period;
use crate::use_cases::{ReturnOf, list_returns};
use crate::web::pages::staff::return_figures::{in_words, written_day};
use crate::web::pages::staff::return_form::{DONE, ReturnAt, show_form, take_form};
use crate::web::pages::staff::{Instead, StaffShell, form, page, signed_in};
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "staff/scheme/returns.html")]
struct ReturnsPage {
    shell: StaffShell,
    leads: bool,
    /// Whether units can be given links.
    units: bool,
    /// What is to be sent in now, what cannot be yet, and what is sent in: those of them that there are.
    parts: Vec<Part>,
}

/// Returns that stand alike.
struct Part {
    title: &'static str,
    periods: Vec<OfPeriod>,
}

/// The returns of one period: of the scheme, and of each unit.
struct OfPeriod {
    days: String,
    due: String,
    overdue: bool,
    lines: Vec<Line>,
}

struct Line {
    address: String,
    /// Whose it is.
    of: String,
    state: &'static str,
}

/// `GET /scheme/returns`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let found = blocking(&app, move |app| list_returns(app, &actor, &id)).await?;
    let items = found["items"].as_array().map_or(&[][..], Vec::as_slice);
    let units = own.leads && items.iter().any(|item| item["unit"].is_string());
    let shell = StaffShell::of(&app, &http, &staff, "Returns").done(&http, &DONE);
    let shown = ReturnsPage { leads: own.leads, units, parts: parts(&app, &own, items), shell };
    Ok(page(shown.shell.status(), &shown))
}

fn parts(app: &App, own: &Own, items: &[Value]) -> Vec<Part> {
    let directory = app.directory();
    let scheme = directory.scheme_by_number(own.number);
    let units = scheme.map_or(&[][..], |s| s.about.units.as_slice());
    let (mut now, mut later, mut sent) = (Vec::new(), Vec::new(), Vec::new());
    for item in items {
        let text = |key: &str| item[key].as_str().unwrap_or_default();
        let running = text("period").parse().is_ok_and(|p: Period| p.last_day() >= app.today());
        let part = match text("status") {
            "submitted" | "approved" => &mut sent,
            "missing" | "draft" if running => &mut later,
            _ => &mut now,
        };
        let unit = item["unit"].as_str();
        let name = |id: &str| units.iter().find(|u| u.id == id).map_or(id, |u| &u.name).to_owned();
        add(
            part,
            item,
            Line {
                address: address(text("period"), unit),
                of: unit.map_or_else(|| "The scheme itself".to_owned(), name),
                state: wording::return_state(text("status")),
            },
        );
    }
    let parts = [("To send in now", now), ("For later", later), ("Sent in", sent)];
    parts
        .into_iter()
        .filter(|(_, periods)| !periods.is_empty())
        .map(|(title, periods)| Part { title, periods })
        .collect()
}

/// Adds a line under its period, which is the last one or comes after it.
fn add(periods: &mut Vec<OfPeriod>, item: &Value, line: Line) {
    let days = in_words(item["period"].as_str().unwrap_or_default());
    let overdue = item["overdue"] == json!(true);
    match periods.last_mut().filter(|last| last.days == days) {
        Some(last) => {
            last.overdue |= overdue;
            last.lines.push(line);
        }
        None => {
            periods.push(OfPeriod { days, due: written_day(&item["due_on"]), overdue, lines: vec![line] })
        }
    }
}

/// `GET /scheme/returns/{period}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    period: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let at = at(&app, &led_scheme(&app, &staff)?, &period, None);
    show_form(&app, &http, &staff, &at).await
}

/// `POST /scheme/returns/{period}`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    period: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let at = at(&app, &led_scheme(&app, &staff)?, &period, None);
    take_form(&app, &http, &staff, &at, &sent).await
}

/// `GET /scheme/returns/{period}/{unit}`
pub(in crate::web) async fn show_unit(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let (period, unit) = path.into_inner();
    let at = at(&app, &led_scheme(&app, &staff)?, &period, Some(&unit));
    show_form(&app, &http, &staff, &at).await
}

/// `POST /scheme/returns/{period}/{unit}`
pub(in crate::web) async fn take_unit(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let (period, unit) = path.into_inner();
    let at = at(&app, &led_scheme(&app, &staff)?, &period, Some(&unit));
    take_form(&app, &http, &staff, &at, &sent).await
}

/// The return of a scheme or of one of its units.
fn at(app: &App, own: &Own, period: &str, unit: Option<&str>) -> ReturnAt {
    let days = in_words(period);
    ReturnAt {
        of: match unit {
            Some(unit) => ReturnOf::Unit(own.id.clone(), unit.to_owned()),
            None => ReturnOf::Scheme(own.id.clone()),
        },
        period: period.to_owned(),
        address: address(period, unit),
        back: "/scheme/returns",
        title: match unit {
            Some(unit) => format!("Return of {}: {days}", unit_name(app, own, unit)),
            None => format!("Return: {days}"),
        },
    }
}

pub(super) fn unit_name(app: &App, own: &Own, unit: &str) -> String {
    let directory = app.directory();
    let found = directory
        .scheme_by_number(own.number)
        .and_then(|s| s.about.units.iter().find(|u| u.id == unit).map(|u| u.name.clone()));
    found.unwrap_or_else(|| unit.to_owned())
}

fn address(period: &str, unit: Option<&str>) -> String {
    match unit {
        Some(unit) => format!("/scheme/returns/{period}/{unit}"),
        None => format!("/scheme/returns/{period}"),
    }
}
