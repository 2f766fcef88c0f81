//! Who has sent returns in, who is late, and where there are gaps: place by place, and of one council sender by sender over time.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{address, ended_periods, reviewed_area};
use crate::app::App;
use crate::domain::area::{Area, Level};
use crate::domain::fault::Fault;
use crate::domain::period::{Period, PeriodKind};
use crate::use_cases::{Completeness, Refusal, ReturnSeen, SenderSeen, completeness, due_on, senders_at};
use crate::web::pages::staff::return_figures::in_words;
use crate::web::pages::staff::scheme::day;
use crate::web::pages::staff::{Instead, Staff, StaffShell, page, parameter, signed_in};
use crate::web::request::blocking;

/// How many periods stand beside each other for each sender.
const BESIDE: usize = 4;

#[derive(Template)]
#[template(path = "staff/returns/places.html")]
struct PlacesPage {
    shell: StaffShell,
    within: String,
    /// Where the place lies: addresses and names, from the outermost.
    around: Vec<(String, String)>,
    /// (value, words, whether it is chosen).
    quarters: Vec<(String, String, bool)>,
    years: Vec<(String, String, bool)>,
    due: String,
    places: Vec<PlaceLine>,
    /// Of one council: its senders over time.
    periods: Vec<String>,
    senders: Vec<SenderLine>,
}

struct PlaceLine {
    name: String,
    address: String,
    sent: String,
    on_time: i64,
    queried: i64,
    approved: i64,
    drafts: i64,
    overdue: i64,
}

struct SenderLine {
    name: String,
    what: String,
    cells: Vec<Cell>,
}

struct Cell {
    period: String,
    /// Its page, and how it stands; none where nothing is asked.
    seen: Option<(String, String)>,
    more: Vec<String>,
}

/// `GET /returns`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = reviewed_area(&staff)?;
    let within = parameter(&http, "within").unwrap_or_else(|| own.clone());
    let areas = &app.registry.areas;
    let area = areas.get(&within).filter(|_| areas.lies_within(&within, &own));
    let area = area.ok_or(Refusal::Unknown(None))?;
    let all = ended_periods(&app);
    let typed = parameter(&http, "period");
    let chosen = match &typed {
        Some(text) => text.parse().ok().filter(|p| all.contains(p)),
        None => all.first().copied(),
    };
    let mut faults = Vec::new();
    let period = match chosen.or(all.first().copied()) {
        Some(period) => period,
        None => return Err(Refusal::Unknown(None).into()), // there is always a period that is over
    };
    if chosen.is_none() {
        let detail = "Choose one of the periods of the list.".into();
        faults.push(Fault { pointer: "/period".into(), code: "bad-period", detail });
    }
    let choices = |kind| {
        let of_kind = all.iter().filter(move |p| p.kind() == kind);
        of_kind.map(|p| (p.to_string(), in_words(&p.to_string()), *p == period)).collect()
    };
    let mut shown = PlacesPage {
        within: within.clone(),
        around: around(&app, area, &own, period),
        quarters: choices(PeriodKind::Quarter),
        years: choices(PeriodKind::Year),
        due: day(due_on(period)),
        places: Vec::new(),
        periods: Vec::new(),
        senders: Vec::new(),
        shell: StaffShell::of(&app, &http, &staff, &format!("Returns: {}", area.name)).faulty(&faults),
    };
    if area.is_council() {
        let periods = beside(period);
        shown.periods = periods.iter().map(ToString::to_string).collect();
        shown.senders = senders(&app, &staff, &within, &periods).await?;
    } else {
        shown.places = inside(&app, &staff, area, period).await?;
        if area.level == Level::Uk {
            let periods = beside(period);
            shown.periods = periods.iter().map(ToString::to_string).collect();
            shown.senders = senders(&app, &staff, &within, &periods).await?;
        }
    }
    Ok(page(shown.shell.status(), &shown))
}

/// What a place lies in, as far as it is one's own.
fn around(app: &App, area: &Area, own: &str, period: Period) -> Vec<(String, String)> {
    let areas = &app.registry.areas;
    let outer = areas.upwards(&area.code).skip(1).filter(|a| areas.lies_within(&a.code, own));
    let mut outer: Vec<(String, String)> =
        outer.map(|a| (format!("/returns?within={}&period={period}", a.code), a.name.clone())).collect();
    outer.reverse();
    outer
}

/// The period and those before it, oldest first.
fn beside(period: Period) -> Vec<Period> {
    let mut periods: Vec<Period> =
        std::iter::successors(Some(period), |p| Some(p.before())).take(BESIDE).collect();
    periods.reverse();
    periods
}

/// The places directly inside an area, each with how complete and timely its returns are.
async fn inside(
    app: &web::Data<App>,
    staff: &Staff,
    area: &Area,
    period: Period,
) -> Result<Vec<PlaceLine>, Instead> {
    let areas = &app.registry.areas;
    let children = || areas.all().filter(|a| a.parent.as_deref() == Some(area.code.as_str()));
    let level = children().map(|a| a.level).min().unwrap_or(Level::LocalAuthority);
    let (actor, within) = (staff.actor.clone(), area.code.clone());
    let found = blocking(app, move |app| completeness(app, &actor, &[period], level, Some(&within))).await?;
    Ok(found.into_iter().map(|c| place_line(c, period)).collect())
}

fn place_line(counted: Completeness, period: Period) -> PlaceLine {
    PlaceLine {
        address: format!("/returns?within={}&period={period}", counted.place.code),
        name: counted.place.name,
        sent: format!("{} of {}", counted.sent, counted.expected),
        on_time: counted.on_time,
        queried: counted.queried,
        approved: counted.approved,
        drafts: counted.drafts,
        overdue: counted.overdue,
    }
}

async fn senders(
    app: &web::Data<App>,
    staff: &Staff,
    code: &str,
    periods: &[Period],
) -> Result<Vec<SenderLine>, Instead> {
    let (actor, at, asked) = (staff.actor.clone(), code.to_owned(), periods.to_vec());
    let found = blocking(app, move |app| senders_at(app, &actor, &at, &asked)).await?;
    Ok(found.into_iter().map(|sender| sender_line(sender, periods)).collect())
}

fn sender_line(sender: SenderSeen, periods: &[Period]) -> SenderLine {
    let (name, what) = match (sender.unit, sender.model) {
        (Some(unit), _) => (unit, format!("a unit of {}", sender.name)),
        (None, Some(model)) => (sender.name, model.title().to_owned()),
        (None, None) => (sender.name, "its own figures".to_owned()),
    };
    let cells = periods.iter().zip(sender.returns).map(|(period, seen)| cell(*period, seen)).collect();
    SenderLine { name, what, cells }
}

fn cell(period: Period, seen: Option<ReturnSeen>) -> Cell {
    let name = period.to_string();
    let Some(seen) = seen else { return Cell { period: name, seen: None, more: Vec::new() } };
    let mut more = Vec::new();
    let state = match seen.status.as_str() {
        "submitted" => "Sent in",
        "queried" => "Asked about",
        "approved" => "Approved",
        "draft" => "Begun",
        _ => "Not sent in",
    };
    if seen.late {
        more.push("late".to_owned());
    }
    if seen.overdue {
        more.push("overdue".to_owned());
    }
    if seen.figures > 0 && seen.figures < seen.asked {
        more.push(format!("{} of {} figures", seen.figures, seen.asked));
    }
    Cell { seen: Some((address(&seen.of, &name), state.to_owned())), period: name, more }
}
