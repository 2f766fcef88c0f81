//! Making a report of a scheme or an area from what may be shown of it, and of the newest release beside it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::compare_scheme::around;
use super::read_figures::{report_of_area, report_of_scheme};
use super::read_performance::kpi_rows;
use super::read_release::rows_of_places;
use super::say_what_was_done::deeds;
use super::{Frozen, Refusal, allow, find_release, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::area::{Area, Level};
use crate::domain::definition::Model;
use crate::domain::disclosure::AREA_BASE;
use crate::domain::figures::{FigureQuery, Place, Row, Status};
use crate::domain::performance::KpiRow;
use crate::domain::period::{Period, PeriodKind};
use crate::domain::report::compose::{Beside, KpiFigure, MadeFrom, Material, Published};
use crate::domain::scheme::Scheme;
use crate::storage::StorageError;
use crate::storage::releases::ReleaseRow;

/// How many financial years are drawn over time.
const YEARS: usize = 5;
/// How many quarters.
const QUARTERS: usize = 12;

/// What a report is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportOf {
    /// A scheme, by its id.
    Scheme(String),
    /// An area, by its code.
    Area(String),
}

/// What the report of a place is made of: of a period, or of the newest financial year that there is something to say of.
///
/// A scheme's report is the same whoever makes it, because it is handed on: it holds what is shown of that scheme (financial years of everybody,
/// from ten people on), and what was published of it.
pub fn make_report<'a>(
    app: &'a App,
    actor: &Actor,
    of: &ReportOf,
    period: Option<Period>,
) -> Result<Material<'a>, Refusal> {
    match of {
        ReportOf::Scheme(id) => {
            let directory = app.directory();
            let scheme = scheme_for(app, &directory, actor, id, "", Action::ReadSnapshot)?;
            // Who may not see what is counted gets the rest.
            let counted = allow(app, actor, Action::ReadReturns(scheme)).is_ok();
            Ok(of_scheme(app, scheme, period, counted)?)
        }
        ReportOf::Area(code) => {
            let live = allow(app, actor, Action::ReadLiveFigures).is_ok();
            if !live {
                allow(app, actor, Action::ReadAreaReturn(code))?;
            }
            let area = app.registry.areas.get(code).ok_or(Refusal::Unknown(None))?;
            Ok(of_area(app, area, period, live)?)
        }
    }
}

/// The material of the reports of schemes, for whoever runs the program: of one by its id, or of all. `made` is called for each.
pub fn report_schemes(
    app: &App,
    only: Option<&str>,
    period: Option<Period>,
    mut made: impl FnMut(usize, usize, &str, &Material<'_>) -> Result<(), String>,
) -> Result<usize, String> {
    let directory = app.directory();
    let mut schemes: Vec<&Scheme> =
        directory.schemes().filter(|s| only.is_none_or(|id| s.about.id == id)).collect();
    schemes.sort_by(|a, b| a.about.id.cmp(&b.about.id));
    if let Some(id) = only.filter(|_| schemes.is_empty()) {
        return Err(format!("there is no scheme {id}"));
    }
    for (done, scheme) in schemes.iter().enumerate() {
        let material =
            of_scheme(app, scheme, period, true).map_err(|e| format!("{}: {e}", scheme.about.id))?;
        made(done, schemes.len(), &scheme.about.id, &material)?;
    }
    Ok(schemes.len())
}

fn of_scheme<'a>(
    app: &'a App,
    scheme: &Scheme,
    period: Option<Period>,
    counted: bool,
) -> Result<Material<'a>, StorageError> {
    let id = &scheme.about.id;
    let query = |periods: Vec<Period>| FigureQuery {
        scheme: Some(id.clone()),
        model: Some(scheme.about.model),
        ..FigureQuery::of(periods, Level::Scheme)
    };
    // What is shown of a scheme moves by financial years.
    let last = period.map_or_else(|| year_of(app.today()), |period| year_of(period.last_day()));
    let mut over_time = report_of_scheme(app, scheme, &query(back_from(last, YEARS)))?;
    let period = period.unwrap_or_else(|| newest_year(app, &over_time));
    let rows = if period.kind() == PeriodKind::Year {
        over_time.iter().filter(|row| row.period == period.to_string()).cloned().collect()
    } else {
        report_of_scheme(app, scheme, &query(vec![period]))?
    };
    over_time.retain(|row| is_up_to(row, period));
    let kpis = if counted { kpi_rows(app, &query(vec![period]))? } else { Vec::new() };
    let beside = newest_release(app, Some(scheme.about.model), &scheme.about.id, Level::Scheme, |period| {
        around(app, scheme, period)
    })?;
    let place = Place { level: Level::Scheme, code: id.clone(), name: scheme.shown_name() };
    let nation = nation_of(&around(app, scheme, period));
    let facts =
        Facts { place, nation, period, models: vec![scheme.about.model], practice: scheme.about.practice };
    let done = deeds(app, scheme.number, period)?;
    Ok(Material { done, ..material(app, facts, rows, over_time, beside, &kpis) })
}

fn of_area<'a>(
    app: &'a App,
    area: &Area,
    period: Option<Period>,
    live: bool,
) -> Result<Material<'a>, StorageError> {
    let query = |periods: Vec<Period>| FigureQuery {
        within: Some(area.code.clone()),
        ..FigureQuery::of(periods, area.level)
    };
    let period = period.unwrap_or_else(|| year_of(app.today()).before());
    let rows = report_of_area(app, area, &query(vec![period]), live)?;
    // Those who read live figures follow them by quarters; what others are shown moves by financial years.
    let periods = if live && matches!(area.level, Level::Uk | Level::Nation) {
        let [quarter, ..] = Period::holding(period.last_day().min(app.today()));
        back_from(quarter, QUARTERS)
    } else {
        back_from(year_of(period.last_day()), YEARS)
    };
    let over_time = report_of_area(app, area, &query(periods), live)?;
    let kpis = kpi_rows(app, &query(vec![period]))?;
    let upwards = |_: Period| -> Vec<(Level, String)> {
        app.registry.areas.upwards(&area.code).skip(1).map(|a| (a.level, a.code.clone())).collect()
    };
    let beside = newest_release(app, None, &area.code, area.level, upwards)?;
    let place = Place { level: area.level, code: area.code.clone(), name: area.name.clone() };
    let said: BTreeSet<&str> = rows.iter().map(|row| row.model.as_str()).collect();
    let counted: BTreeSet<&str> =
        kpis.iter().filter(|row| row.returned > 0).filter_map(|row| row.model.as_deref()).collect();
    let models =
        Model::ALL.into_iter().filter(|m| said.contains(m.code()) || counted.contains(m.code())).collect();
    let upwards = app.registry.areas.upwards(&area.code).map(|a| (a.level, a.code.clone()));
    let nation = nation_of(&upwards.collect::<Vec<_>>());
    let facts = Facts { place, nation, period, models, practice: false };
    Ok(material(app, facts, rows, over_time, beside, &kpis))
}

/// What is known of a report before its rows.
struct Facts {
    place: Place,
    nation: Option<String>,
    period: Period,
    models: Vec<Model>,
    practice: bool,
}

fn material<'a>(
    app: &'a App,
    facts: Facts,
    rows: Vec<Row>,
    over_time: Vec<Row>,
    beside: Option<Beside>,
    kpis: &[KpiRow],
) -> Material<'a> {
    let Facts { place, nation, period, models, practice } = facts;
    let on = rows.iter().filter(|row| row.n.is_some()).filter_map(|row| day_of(&row.as_of)).min();
    Material {
        registry: &app.registry,
        place,
        nation,
        models,
        period,
        part_way: period.last_day() >= app.today(),
        made_from: MadeFrom::Shown { on: on.unwrap_or_else(|| app.today()) },
        base: AREA_BASE,
        rows: of_everybody(rows),
        over_time: of_everybody(over_time).into_iter().filter(|row| row.n.is_some()).collect(),
        beside,
        kpis: kpis
            .iter()
            .filter(|row| row.expected > 0 || row.value.is_some())
            .map(KpiFigure::from)
            .collect(),
        done: Vec::new(),
        sector: None,
        practice,
        demo: app.demo,
    }
}

fn of_everybody(rows: Vec<Row>) -> Vec<Row> {
    rows.into_iter().filter(|row| row.group.is_none()).collect()
}

/// The newest release that is not withdrawn, as far as it speaks of a place and of those around it.
fn newest_release(
    app: &App,
    model: Option<Model>,
    code: &str,
    level: Level,
    around: impl FnOnce(Period) -> Vec<(Level, String)>,
) -> Result<Option<Beside>, StorageError> {
    let Frozen::Here(row) = find_release(app, None)? else { return Ok(None) };
    let Ok(period) = row.period.parse::<Period>() else { return Ok(None) };
    let around = around(period);
    let levels: BTreeSet<&str> =
        std::iter::once(level).chain(around.iter().map(|(level, _)| *level)).map(Level::code).collect();
    let levels: Vec<&str> = levels.into_iter().collect();
    let places: Vec<&str> =
        std::iter::once(code).chain(around.iter().map(|(_, code)| code.as_str())).collect();
    let rows = rows_of_places(app, &row.id, &levels, model, &places)?;
    let (own, around) = rows.into_iter().partition(|row| row.place.code == code);
    Ok(Some(Beside { release: published(&row), own, around }))
}

/// The nation among some places: the only one, if there is one.
pub(super) fn nation_of(places: &[(Level, String)]) -> Option<String> {
    let mut nations = places.iter().filter(|(level, _)| *level == Level::Nation).map(|(_, code)| code);
    let first = nations.next()?;
    nations.all(|code| code == first).then(|| first.clone())
}

/// A release, as reports name it.
pub(super) fn published(row: &ReleaseRow) -> Published {
    Published {
        id: row.id.clone(),
        number: row.number,
        period: row.period.clone(),
        published_on: row.published_at.date(),
    }
}

/// The last financial year that is over, or the running one: whichever has something that is shown, else whichever has answers at all; the one that is
/// over where both or none have.
fn newest_year(app: &App, rows: &[Row]) -> Period {
    let running = year_of(app.today());
    let over = running.before();
    let of = |period: Period, shown: bool| {
        let name = period.to_string();
        rows.iter()
            .any(|row| row.period == name && (!shown || matches!(row.status, Status::Shown | Status::Banded)))
    };
    for shown in [true, false] {
        match (of(over, shown), of(running, shown)) {
            (true, _) => return over,
            (false, true) => return running,
            (false, false) => {}
        }
    }
    over
}

/// The financial year that holds a day.
fn year_of(day: NaiveDate) -> Period {
    let [_, year, ..] = Period::holding(day);
    year
}

/// So many periods, the last of which is this one, in the order of time.
fn back_from(last: Period, count: usize) -> Vec<Period> {
    let mut all: Vec<Period> =
        std::iter::successors(Some(last), |period| Some(period.before())).take(count).collect();
    all.reverse();
    all
}

fn is_up_to(row: &Row, period: Period) -> bool {
    row.period.parse::<Period>().is_ok_and(|of| of.first_day() <= period.last_day())
}

/// The day of a time as the API writes it.
fn day_of(time: &str) -> Option<NaiveDate> {
    time.get(..10)?.parse().ok()
}
