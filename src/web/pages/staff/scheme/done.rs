//! What a scheme did with what people said: up to three things, for its report and its poster.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::json;

use super::{given, own_scheme, tried};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::report::{Deed, MOST_DONE};
use crate::use_cases::{say_what_was_done, what_was_done};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, parameter, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] = [("saved", "That is saved. It stands in your report and on your poster.")];
/// How many financial years can be chosen.
const YEARS: usize = 3;

#[derive(Template)]
#[template(path = "staff/scheme/done.html")]
struct DonePage {
    shell: StaffShell,
    /// Whether this person may write it down.
    leads: bool,
    period: String,
    periods: Vec<(String, bool)>,
    things: Vec<Thing>,
}

/// One thing, with the names of its fields.
struct Thing {
    number: usize,
    english: String,
    welsh: String,
}

/// `GET /scheme/done`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let period = chosen(&app, parameter(&http, "period").as_deref());
    let (actor, name) = (staff.actor.clone(), period.to_string());
    let said = blocking(&app, move |app| what_was_done(app, &actor, &own.id, &name)).await?;
    let things = (0..MOST_DONE).map(|at| thing(at, said.items.get(at))).collect();
    shown(&app, &http, &staff, period, things, &[])
}

/// `POST /scheme/done`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let period = chosen(&app, given(&sent, "period"));
    // Empty ones are left out; faults find their way back to the field they are of.
    let fields: Vec<usize> = (1..=MOST_DONE).filter(|n| is_filled(&sent, *n)).collect();
    let items: Vec<_> = fields
        .iter()
        .map(|n| json!({"en": given(&sent, &format!("thing-{n}")).unwrap_or_default(), "cy": given(&sent, &format!("thing-{n}-cy"))}))
        .collect();
    let (actor, name, body) = (staff.actor.clone(), period.to_string(), json!({"items": items}));
    match tried(&app, move |app| say_what_was_done(app, &actor, &own.id, &name, &body)).await? {
        Ok(_) => Ok(go_to(&format!("/scheme/done?period={period}&done=saved"))),
        Err(faults) => {
            let faults: Vec<Fault> = faults.into_iter().map(|fault| to_field(fault, &fields)).collect();
            let filled = |n: usize| Thing {
                number: n,
                english: given(&sent, &format!("thing-{n}")).unwrap_or_default().to_owned(),
                welsh: given(&sent, &format!("thing-{n}-cy")).unwrap_or_default().to_owned(),
            };
            shown(&app, &http, &staff, period, (1..=MOST_DONE).map(filled).collect(), &faults)
        }
    }
}

fn is_filled(sent: &Form, n: usize) -> bool {
    given(sent, &format!("thing-{n}")).is_some() || given(sent, &format!("thing-{n}-cy")).is_some()
}

fn thing(at: usize, deed: Option<&Deed>) -> Thing {
    Thing {
        number: at + 1,
        english: deed.map(|deed| deed.en.clone()).unwrap_or_default(),
        welsh: deed.and_then(|deed| deed.cy.clone()).unwrap_or_default(),
    }
}

/// A fault at `/items/0/cy` is one of the field `thing-2-cy`, if the first one that was filled in is the second.
fn to_field(fault: Fault, fields: &[usize]) -> Fault {
    let parts: Vec<&str> = fault.pointer.split('/').skip(1).collect();
    let pointer = match parts.as_slice() {
        ["items", index, rest @ ..] => {
            let at = index.parse().ok().and_then(|index: usize| fields.get(index)).copied().unwrap_or(1);
            let welsh = if rest.first() == Some(&"cy") { "-cy" } else { "" };
            format!("/thing-{at}{welsh}")
        }
        _ => "/thing-1".to_owned(),
    };
    Fault { pointer, ..fault }
}

/// The financial year that is meant: the last that is over, unless another is chosen.
fn chosen(app: &App, wanted: Option<&str>) -> Period {
    let [_, running, ..] = Period::holding(app.today());
    let wanted = wanted.and_then(|period| period.parse::<Period>().ok());
    wanted.filter(|period| years(app).contains(period)).unwrap_or_else(|| running.before())
}

fn years(app: &App) -> Vec<Period> {
    let [_, running, ..] = Period::holding(app.today());
    std::iter::successors(Some(running), |period| Some(period.before())).take(YEARS).collect()
}

fn shown(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    period: Period,
    things: Vec<Thing>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let shown = DonePage {
        leads: own_scheme(app, staff)?.leads,
        periods: years(app).into_iter().map(|year| (year.to_string(), year == period)).collect(),
        period: period.to_string(),
        things,
        shell: StaffShell::of(app, http, staff, "What you did").done(http, &DONE).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}
