//! The returns that an area, or the national body, sends in itself.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::reviewed_area;
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::performance::UK;
use crate::domain::period::{Period, PeriodKind};
use crate::use_cases::{ReturnOf, ReturnSeen, due_on, senders_at};
use crate::web::pages::staff::return_figures::in_words;
use crate::web::pages::staff::return_form::{DONE, ReturnAt, show_form, take_form};
use crate::web::pages::staff::scheme::{day, wording};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::request::blocking;

/// How many quarters and years the list goes back, the running ones included.
const QUARTERS: usize = 8;
const YEARS: usize = 3;

#[derive(Template)]
#[template(path = "staff/returns/own.html")]
struct OwnPage {
    shell: StaffShell,
    lines: Vec<Line>,
}

struct Line {
    address: String,
    title: String,
    state: &'static str,
    due: String,
    overdue: bool,
}

/// The list of one's own returns.
fn list_of(role: &Role) -> &'static str {
    if *role == Role::National { "/national/returns" } else { "/area/returns" }
}

/// `GET /area/returns` and `GET /national/returns`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let code = own_code(&http, &staff)?;
    let mut periods = Vec::new();
    for (kind, count) in [(PeriodKind::Quarter, QUARTERS), (PeriodKind::Year, YEARS)] {
        let newest = Period::holding(app.today()).into_iter().find(|p| p.kind() == kind);
        periods.extend(std::iter::successors(newest, |p| Some(p.before())).take(count));
    }
    periods.sort_by_key(|p| std::cmp::Reverse(p.last_day()));
    let (actor, at, asked) = (staff.actor.clone(), code.clone(), periods);
    let found = blocking(&app, move |app| senders_at(app, &actor, &at, &asked)).await?;
    // Its own stands last; those of schemes are on the pages of returns.
    let own = found.into_iter().find(|sender| sender.model.is_none());
    let list = list_of(&staff.actor.role);
    let returns = own.into_iter().flat_map(|own| own.returns).flatten();
    let shown = OwnPage {
        lines: returns.filter(|seen| is_of(seen, &code)).map(|seen| line(&seen, list)).collect(),
        shell: StaffShell::of(&app, &http, &staff, "Your own returns").done(&http, &DONE),
    };
    Ok(page(shown.shell.status(), &shown))
}

/// Whether a return is sent in under the code that one's account has.
fn is_of(seen: &ReturnSeen, code: &str) -> bool {
    seen.of == ReturnOf::Area(code.to_owned())
}

fn line(seen: &ReturnSeen, list: &str) -> Line {
    let period = seen.period.to_string();
    Line {
        address: format!("{list}/{period}"),
        title: in_words(&period),
        state: wording::return_state(&seen.status),
        due: day(due_on(seen.period)),
        overdue: seen.overdue,
    }
}

/// `GET /area/returns/{period}` and `GET /national/returns/{period}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    period: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let at = at(&app, &http, &staff, &period)?;
    show_form(&app, &http, &staff, &at).await
}

/// `POST` to the same.
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    period: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let at = at(&app, &http, &staff, &period)?;
    take_form(&app, &http, &staff, &at, &sent).await
}

/// The code under which somebody sends in; each role has its own address.
fn own_code(http: &HttpRequest, staff: &Staff) -> Result<String, Instead> {
    let code = reviewed_area(staff)?;
    if http.path().starts_with(list_of(&staff.actor.role)) {
        return Ok(code);
    }
    Err(crate::use_cases::Refusal::Forbidden.into())
}

fn at(app: &App, http: &HttpRequest, staff: &Staff, period: &str) -> Result<ReturnAt, Instead> {
    let code = own_code(http, staff)?;
    let whose = if code == UK { "the national body".to_owned() } else { wording::area(app, &code) };
    let back = list_of(&staff.actor.role);
    Ok(ReturnAt {
        title: format!("Return of {whose}: {}", in_words(period)),
        of: ReturnOf::Area(code),
        period: period.to_owned(),
        address: format!("{back}/{period}"),
        back,
    })
}
