//! Which returns are there: of a scheme, period by period; and how complete and timely they are, place by place.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::return_of::{due_on, senders_of, whose_area};
use super::{Refusal, allow, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor, Role};
use crate::domain::area::Level;
use crate::domain::figures::Place;
use crate::domain::performance::Sender;
use crate::domain::period::{Period, PeriodKind, Quarter};
use crate::domain::returns::Asked;
use crate::domain::scheme::Scheme;
use crate::storage::returns::{self, ReturnRow};

/// How many quarters, and how many years, a scheme's list goes back.
const QUARTERS_BACK: i32 = 8;
const YEARS_BACK: i32 = 3;

/// How many returns of a place are there for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// The place.
    pub place: Place,
    /// The period.
    pub period: String,
    /// When they are due.
    pub due_on: chrono::NaiveDate,
    /// How many there should be.
    pub expected: i64,
    /// How many were sent in, whatever became of them since.
    pub sent: i64,
    /// Those of them that were sent in by the day they were due.
    pub on_time: i64,
    /// Those of them that are asked about.
    pub queried: i64,
    /// Those of them that are approved.
    pub approved: i64,
    /// Those that were begun only.
    pub drafts: i64,
    /// Those that are not sent in, though the day they were due is over.
    pub overdue: i64,
}

/// The returns of a scheme and its units, newest period first: those that are there, and those that should be.
pub fn list_returns(app: &App, actor: &Actor, scheme_id: &str) -> Result<Value, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadReturns)?;
    let periods = recent_periods(app);
    let names: Vec<String> = periods.iter().map(ToString::to_string).collect();
    let rows = app.store.read(|db| returns::of_periods(db, scheme.number, &names))?;
    let rows = by_key(rows);
    let mut items = Vec::new();
    for period in periods {
        for sender in senders_of(app, scheme, period) {
            let row = rows.get(&(sender.key(), period.to_string()));
            let unit = match &sender {
                Sender::Unit(_, unit) => Some(unit),
                Sender::Scheme(_) | Sender::Area(_) => None,
            };
            items.push(json!({
                "unit": unit, "period": period.to_string(), "due_on": due_on(period),
                "status": row.map_or("missing", |r| r.status.as_str()),
                "revision": row.map_or(0, |r| r.revision),
                "submitted_at": row.and_then(|r| r.submitted_at).map(written),
                "on_time": row.and_then(|r| r.submitted_at).map(|at| at.date() <= due_on(period)),
                "overdue": is_overdue(app, row, period),
            }));
        }
    }
    Ok(json!({"items": items, "next": null}))
}

/// How complete and timely the returns are at each place of `level` (within an area), for these periods.
pub fn completeness(
    app: &App,
    actor: &Actor,
    periods: &[Period],
    level: Level,
    within: Option<&str>,
) -> Result<Vec<Completeness>, Refusal> {
    let directory = app.directory();
    let within = match &actor.role {
        _ if allow(app, actor, Action::ReadLiveFigures).is_ok() => within,
        Role::Area(own) => {
            if within.is_some_and(|w| !app.registry.areas.lies_within(w, own)) {
                return Err(Refusal::Unknown(None));
            }
            Some(within.unwrap_or(own))
        }
        _ => return Err(Refusal::Forbidden),
    };
    let schemes: Vec<&Scheme> =
        directory.schemes().filter(|s| allow(app, actor, Action::SeeScheme(s)).is_ok()).collect();
    let mut all = Vec::new();
    for period in periods {
        let mut at: BTreeMap<Place, Completeness> = BTreeMap::new();
        let name = period.to_string();
        let rows = by_key(app.store.read(|db| returns::of_period(db, &name))?);
        for scheme in schemes.iter().filter(|s| s.counts_at(level)) {
            let senders = senders_of(app, scheme, *period);
            if senders.is_empty() {
                continue;
            }
            for place in places(app, scheme, *period, level, within) {
                let found = at.entry(place).or_insert_with_key(|place| none_at(place, *period));
                for sender in &senders {
                    count(app, found, rows.get(&(sender.key(), name.clone())), *period);
                }
            }
        }
        if level < Level::Scheme {
            add_areas(app, *period, level, within, &rows, &mut at);
        }
        all.extend(at.into_values());
    }
    Ok(all)
}

/// The returns of councils and trusts themselves.
fn add_areas(
    app: &App,
    period: Period,
    level: Level,
    within: Option<&str>,
    rows: &ByKey,
    at: &mut BTreeMap<Place, Completeness>,
) {
    let areas = &app.registry.areas;
    for area in areas.all().filter(|a| a.is_council() && a.in_force(period.last_day())) {
        let whose = whose_area(app, &area.code);
        let there = within.is_none_or(|outer| areas.lies_within(&area.code, outer));
        let Some(place) = areas.at_level(&area.code, level).filter(|_| there) else { continue };
        if Asked::of(&app.registry.kpis, whose, period).kpis.is_empty() {
            continue;
        }
        let place = Place { level, code: place.code.clone(), name: place.name.clone() };
        let found = at.entry(place).or_insert_with_key(|place| none_at(place, period));
        count(app, found, rows.get(&(Sender::Area(area.code.clone()).key(), period.to_string())), period);
    }
}

/// The places at which a scheme's returns count: each council, or what it lies in, once.
fn places(app: &App, scheme: &Scheme, period: Period, level: Level, within: Option<&str>) -> Vec<Place> {
    let areas = &app.registry.areas;
    let last = period.last_day();
    let councils = scheme.councils_in(areas, period.first_day(), last, last);
    let inside = councils.iter().filter(|c| within.is_none_or(|outer| areas.lies_within(&c.code, outer)));
    let mut found: Vec<Place> = match level {
        Level::Scheme | Level::Unit => {
            let about = &scheme.about;
            let place = Place { level: Level::Scheme, code: about.id.clone(), name: about.name.clone() };
            inside.map(|_| place.clone()).collect()
        }
        level => inside
            .filter_map(|c| areas.at_level(&c.code, level))
            .map(|a| Place { level, code: a.code.clone(), name: a.name.clone() })
            .collect(),
    };
    found.sort();
    found.dedup();
    found
}

fn none_at(place: &Place, period: Period) -> Completeness {
    Completeness {
        place: place.clone(),
        period: period.to_string(),
        due_on: due_on(period),
        expected: 0,
        sent: 0,
        on_time: 0,
        queried: 0,
        approved: 0,
        drafts: 0,
        overdue: 0,
    }
}

fn count(app: &App, found: &mut Completeness, row: Option<&ReturnRow>, period: Period) {
    found.expected += 1;
    found.overdue += i64::from(is_overdue(app, row, period));
    let Some(row) = row else { return };
    let Some(at) = row.submitted_at else {
        found.drafts += 1;
        return;
    };
    found.sent += 1;
    found.on_time += i64::from(at.date() <= due_on(period));
    found.queried += i64::from(row.status == "queried");
    found.approved += i64::from(row.status == "approved");
}

/// Whether a return is not here, though the day on which it was due is over.
pub(super) fn is_overdue(app: &App, row: Option<&ReturnRow>, period: Period) -> bool {
    row.and_then(|r| r.submitted_at).is_none() && app.today() > due_on(period)
}

/// Returns by sender and period.
type ByKey = BTreeMap<((i64, String), String), ReturnRow>;

fn by_key(rows: Vec<ReturnRow>) -> ByKey {
    rows.into_iter().map(|r| (((r.scheme_number, r.sender.clone()), r.period.clone()), r)).collect()
}

/// The quarters and financial years that are being returned: newest first, the running ones included.
fn recent_periods(app: &App) -> Vec<Period> {
    let today = app.today();
    let [quarter, year, ..] = Period::holding(today);
    let mut periods = Vec::new();
    for (newest, back) in [(quarter, QUARTERS_BACK), (year, YEARS_BACK)] {
        let mut at = newest;
        for _ in 0..back {
            periods.push(at);
            at = at.before();
        }
    }
    periods.sort_by_key(|p| (std::cmp::Reverse(p.last_day()), p.kind() == PeriodKind::Quarter));
    debug_assert!(periods.contains(&Period::Quarter(Quarter::of(today))));
    periods
}
