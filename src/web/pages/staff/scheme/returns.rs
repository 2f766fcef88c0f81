//! The returns of a scheme: which there are, and filling one in. Each figure is explained in plain words; what is not known is left empty.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{Own, led_scheme, own_scheme, wording};
use crate::app::App;
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
    lines: Vec<Line>,
}

struct Line {
    address: String,
    title: String,
    state: String,
    due: String,
    overdue: bool,
}

/// `GET /scheme/returns`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let found = blocking(&app, move |app| list_returns(app, &actor, &id)).await?;
    let lines = found["items"].as_array().into_iter().flatten().map(|item| line(&app, &own, item));
    let lines = lines.collect();
    let of_unit = |item: &Value| item["unit"].is_string();
    let units = own.leads && found["items"].as_array().is_some_and(|all| all.iter().any(of_unit));
    let shell = StaffShell::of(&app, &http, &staff, "Returns").done(&http, &DONE);
    let shown = ReturnsPage { leads: own.leads, units, lines, shell };
    Ok(page(shown.shell.status(), &shown))
}

fn line(app: &App, own: &Own, item: &Value) -> Line {
    let period = item["period"].as_str().unwrap_or_default();
    let unit = item["unit"].as_str();
    let days = in_words(period);
    let directory = app.directory();
    let units = || directory.scheme_by_number(own.number).map(|s| s.about.units.clone()).unwrap_or_default();
    let title = match unit {
        Some(unit) => {
            let name = units().into_iter().find(|u| u.id == unit).map_or(unit.to_owned(), |u| u.name);
            format!("{name}: {days}")
        }
        None => days,
    };
    Line {
        address: address(period, unit),
        title,
        state: wording::return_state(item["status"].as_str().unwrap_or_default()).to_owned(),
        due: written_day(&item["due_on"]),
        overdue: item["overdue"] == json!(true),
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
