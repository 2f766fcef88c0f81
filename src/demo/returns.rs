//! The demo's returns: of schemes, units, areas and the national body, with gaps, late ones, drafts, questions and corrections.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::chance::Chance;
use super::places::Place;
use super::{FIRST_DAY, LAST_DAY, amounts, day, noon};
use crate::app::App;
use crate::clock::SetClock;
use crate::domain::access::{Actor, Role};
use crate::domain::performance::UK;
use crate::domain::period::{Period, PeriodKind};
use crate::use_cases::{
    DUE_AFTER_DAYS, Refusal, ReturnOf, approve_return, asked_of, query_return, send_return,
};

/// How long after the calendar's last noon the demo stops.
pub(super) const AFTER: TimeDelta = TimeDelta::days(11);

/// Councils and trusts that send returns in whatever chance says, so that there is something to see at the places that are looked for first.
const ALWAYS: [&str; 5] = ["E08000035", "E08000038", "E06000063", "S12000036", "NIHSCT-belfast"];

/// Who sends returns in.
struct Sends {
    of: ReturnOf,
    actor: Actor,
    /// People of a scheme or unit; thousands of adults of an area.
    size: f64,
}

/// What somebody does with a return at a time.
struct Step {
    at: DateTime<Utc>,
    sends: usize,
    period: Period,
    does: Does,
}

enum Does {
    Save(Value),
    Send { values: Value, note: Option<&'static str> },
    Ask(&'static str),
    Approve,
}

/// Sends every return on its day, and does with it what reviewers do.
pub(super) fn send_all(
    app: &App,
    clock: &SetClock,
    places: &[Place],
    chance: &mut Chance,
) -> Result<(), Refusal> {
    clock.set(noon(day(LAST_DAY)) + AFTER);
    let national = Actor { account: "demo".into(), role: Role::National };
    let all = everybody(app, places, chance);
    let mut steps = Vec::new();
    for (index, sends) in all.iter().enumerate() {
        for period in periods() {
            plan(app, index, sends, period, chance, &mut steps)?;
        }
    }
    steps.sort_by_key(|step| (step.at, step.sends, step.period));
    let mut revisions: BTreeMap<(usize, Period), i64> = BTreeMap::new();
    for Step { at, sends, period, does } in steps {
        clock.set(at);
        let Sends { of, actor, .. } = &all[sends];
        let revision = revisions.entry((sends, period)).or_default();
        let name = period.to_string();
        match does {
            Does::Save(values) => {
                send_return(app, actor, of, &name, &json!({"values": values, "state": "draft"}))?;
            }
            Does::Send { values, note } => {
                send_return(app, actor, of, &name, &json!({"values": values, "note": note}))?;
            }
            Does::Ask(query) => {
                query_return(app, &national, of, &name, &json!({"query": query, "revision": revision}))?;
            }
            Does::Approve => {
                approve_return(app, &national, of, &name, &json!({"revision": revision}))?;
            }
        }
        *revision += 1;
    }
    Ok(())
}

/// The quarters and financial years that ended in the calendar.
fn periods() -> Vec<Period> {
    let (first, last) = (day(FIRST_DAY), day(LAST_DAY));
    let mut all = Vec::new();
    for kind in [PeriodKind::Quarter, PeriodKind::Year] {
        let begun = Period::holding(first).into_iter().find(|p| p.kind() == kind);
        all.extend(std::iter::successors(begun, |p| Some(p.next())).take_while(|p| p.last_day() <= last));
    }
    all
}

/// Everybody who sends returns in: schemes and their units, councils and trusts, the national body.
fn everybody(app: &App, places: &[Place], chance: &mut Chance) -> Vec<Sends> {
    let directory = app.directory();
    let mut all = Vec::new();
    for place in places {
        let Some(scheme) = directory.scheme(&place.id) else { continue };
        let actor = || Actor { account: "demo".into(), role: Role::SchemeLead(scheme.number) };
        let size = place.size as f64;
        all.push(Sends { of: ReturnOf::Scheme(place.id.clone()), actor: actor(), size });
        for unit in &place.units {
            let size = chance.between(8, 22) as f64;
            all.push(Sends { of: ReturnOf::Unit(place.id.clone(), unit.clone()), actor: actor(), size });
        }
    }
    let areas = &app.registry.areas;
    let served: BTreeSet<&str> = places.iter().flat_map(|p| &p.councils).map(|c| c.code.as_str()).collect();
    for area in areas.all().filter(|a| a.is_council() && a.valid_to.is_none()) {
        let size = chance.between(70, 600) as f64;
        // Not all of them take part, and none for which nobody works.
        let takes_part = chance.hit(0.7) || ALWAYS.contains(&area.code.as_str());
        if !takes_part || !served.contains(area.code.as_str()) {
            continue;
        }
        // A council that got another code sends in under the one of the time.
        let earlier = areas.all().filter(|old| old.successors == [area.code.clone()]);
        for code in earlier.map(|old| &old.code).chain([&area.code]) {
            let actor = Actor { account: "demo".into(), role: Role::Area(code.clone()) };
            all.push(Sends { of: ReturnOf::Area(code.clone()), actor, size });
        }
    }
    let actor = Actor { account: "demo".into(), role: Role::National };
    all.push(Sends { of: ReturnOf::Area(UK.into()), actor, size: 1.0 });
    all
}

/// What becomes of one return.
fn plan(
    app: &App,
    index: usize,
    sends: &Sends,
    period: Period,
    chance: &mut Chance,
    steps: &mut Vec<Step>,
) -> Result<(), Refusal> {
    let (kpis, mut councils) = match asked_of(app, &sends.actor, &sends.of, &period.to_string()) {
        Ok(asked) => asked,
        // The unit, or the area under this code, was not there then.
        Err(Refusal::Unknown(_) | Refusal::Malformed(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    if matches!(sends.of, ReturnOf::Unit(..)) {
        councils.truncate(1); // an enterprise is in one of the scheme's councils
    }
    let years = (period.last_day() - day(FIRST_DAY)).num_days() as f64 / 365.0;
    let size = sends.size / councils.len().max(1) as f64;
    let mut values: Vec<Value> = Vec::new();
    for kpi in kpis {
        for council in &councils {
            // Now and then somebody does not know a figure.
            if !chance.hit(0.03) {
                values.extend(amounts::value(kpi, council, size, years, chance));
            }
        }
    }
    if values.is_empty() {
        return Ok(());
    }
    let end = noon(period.last_day());
    let due = i64::try_from(DUE_AFTER_DAYS).unwrap_or(0);
    let last = noon(day(LAST_DAY)) + AFTER;
    let mut step = |at: DateTime<Utc>, does| {
        if at < last {
            steps.push(Step { at, sends: index, period, does });
        }
    };
    let came = match chance.unit() {
        u if u < 0.05 => return Ok(()),
        u if u < 0.08 => {
            values.truncate(2);
            step(end + TimeDelta::days(chance.between(5, due)), Does::Save(values.into()));
            return Ok(());
        }
        u if u < 0.2 => due + chance.between(2, 50),
        _ => chance.between(4, due),
    };
    let minute = |chance: &mut Chance| TimeDelta::minutes(chance.between(-180, 300));
    let mut at = end + TimeDelta::days(came) + minute(chance);
    match chance.unit() {
        // One figure is far from what it should be: it is asked about, and most senders correct it.
        u if u < 0.03 => {
            let right = values.clone();
            let first = values[0]["numerator"].as_i64().unwrap_or(1);
            let part = !values[0]["denominator"].is_null();
            values[0]["numerator"] = json!(if part { first / 4 } else { first * 3 + 5 });
            step(at, Does::Send { values: values.into(), note: None });
            at += TimeDelta::days(chance.between(3, 20));
            step(at, Does::Ask("Is this right? The first figure is far from last time’s."));
            if chance.hit(0.7) {
                at += TimeDelta::days(chance.between(2, 20));
                let note = Some("We had counted some people more than once. This is right.");
                step(at, Does::Send { values: right.into(), note });
                at += TimeDelta::days(chance.between(2, 20));
                step(at, Does::Approve);
            }
        }
        u => {
            step(at, Does::Send { values: values.into(), note: None });
            if u < 0.3 {
                at += TimeDelta::days(chance.between(3, 40));
                step(at, Does::Approve);
            }
        }
    }
    Ok(())
}
