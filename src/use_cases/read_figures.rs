//! Reading figures: live for the national body and analysts, from snapshots for schemes and areas; folded first, always.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::change_people::load_folded;
use super::{Refusal, allow, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor, Decision, Role, may};
use crate::domain::area::{Area, Level};
use crate::domain::counting::{FigureKey, StandingAnswers, add_standing, shown_to_schemes, unit_of};
use crate::domain::disclosure::{AREA_BASE, SCHEME_BASE, SteadyFigure, Unit, protect, show_own};
use crate::domain::figures::{FigureQuery, Row, gather};
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;
use crate::domain::service_account::Service;
use crate::storage::responses::{any_unfolded, people};
use crate::storage::steady_figures::{self, Dated};
use crate::storage::tallies::{self, Wanted};
use crate::storage::{Db, StorageError};

/// How many people must have moved before a snapshot is taken again.
const SNAPSHOT_PEOPLE: i64 = 5;
/// How old a snapshot must be before it is taken again.
const SNAPSHOT_DAYS: i64 = 7;
/// How many people are read at a time.
const PEOPLE_AT_A_TIME: usize = 2000;

/// Rows, and the state they were read from.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The rows.
    pub rows: Vec<Row>,
    /// A remark for readers.
    pub note: Option<String>,
}

/// The figures `actor` may see.
pub fn read_figures(app: &App, actor: &Actor, query: &FigureQuery) -> Result<Figures, Refusal> {
    let directory = app.directory();
    let named = match &query.scheme {
        Some(id) => Some(scheme_for(app, &directory, actor, id, "/scheme", Action::ReadSnapshot)?),
        None => None,
    };
    fold_what_is_acknowledged(app)?;
    let live = allow(app, actor, Action::ReadLiveFigures).is_ok();
    // From figures on old boundaries and on new ones, those of few people could be worked out.
    if query.boundaries.is_some() && !live {
        return Err(Refusal::Forbidden);
    }
    let rows = match &actor.role {
        _ if live => live_rows(app, query)?,
        Role::SchemeLead(number)
        | Role::SchemeWorker(number)
        | Role::Service(Service { scheme: Some(number), .. }) => {
            // By council, a scheme's part of few people would show.
            if !matches!(query.level, Level::Scheme | Level::Unit) || query.within.is_some() {
                return Err(Refusal::Forbidden); // wider figures are read from releases
            }
            let own = directory.scheme_by_number(*number).ok_or(Refusal::Forbidden)?;
            allow(app, actor, Action::ReadSnapshot(own))?;
            own_rows(app, query, &[own], SCHEME_BASE)?
        }
        Role::Area(code) => {
            let own_level = app.registry.areas.get(code).map_or(Level::Uk, |a| a.level);
            // Areas chosen freely could differ by one scheme.
            if query.level < own_level || query.level == Level::Together {
                return Err(Refusal::Forbidden);
            }
            if query.within.as_ref().is_some_and(|inner| !app.registry.areas.lies_within(inner, code)) {
                return Err(Refusal::Unknown(None));
            }
            let mut narrowed = query.clone();
            narrowed.within.get_or_insert_with(|| code.clone());
            let own: Vec<&Scheme> =
                directory.schemes().filter(|s| allow(app, actor, Action::ReadSnapshot(s)).is_ok()).collect();
            let chosen = match named {
                Some(scheme) => vec![scheme],
                None => own,
            };
            match query.level {
                Level::Scheme | Level::Unit => own_rows(app, &narrowed, &chosen, AREA_BASE)?,
                _ => area_rows(app, &narrowed, &chosen)?,
            }
        }
        Role::National | Role::Analyst | Role::Collector(_) | Role::Service(_) => {
            return Err(Refusal::Forbidden);
        }
    };
    let note = (query.level == Level::Region).then(|| {
        "Regions are England's nine. Wales, Scotland and Northern Ireland are at level=nation.".to_owned()
    });
    Ok(Figures { rows, note })
}

/// What is shown of one scheme, as a report says it: the same for everybody who may read it, since reports are handed on.
pub(super) fn report_of_scheme(
    app: &App,
    scheme: &Scheme,
    query: &FigureQuery,
) -> Result<Vec<Row>, StorageError> {
    fold_what_is_acknowledged(app)?;
    own_rows(app, query, &[scheme], AREA_BASE)
}

/// What a report says of an area: of the UK and a nation from live figures, if the reader has those; else as an account of that area is shown it.
pub(super) fn report_of_area(
    app: &App,
    area: &Area,
    query: &FigureQuery,
    live: bool,
) -> Result<Vec<Row>, StorageError> {
    fold_what_is_acknowledged(app)?;
    if live && matches!(area.level, Level::Uk | Level::Nation) {
        let mut rows = live_rows(app, query)?;
        protect(&mut rows, AREA_BASE);
        return Ok(rows);
    }
    let directory = app.directory();
    let its_own = Role::Area(area.code.clone());
    let is_shown =
        |s: &&Scheme| may(&its_own, Action::ReadSnapshot(s), &app.registry.areas) == Decision::Allow;
    let schemes: Vec<&Scheme> = directory.schemes().filter(is_shown).collect();
    area_rows(app, query, &schemes)
}

/// A reader sees every response that was acknowledged before the read began.
pub(super) fn fold_what_is_acknowledged(app: &App) -> Result<(), StorageError> {
    if app.store.read(any_unfolded)? { app.fold_now() } else { Ok(()) }
}

fn live_rows(app: &App, query: &FigureQuery) -> Result<Vec<Row>, StorageError> {
    let directory = app.directory();
    let schemes =
        query.scheme.as_ref().map(|id| directory.scheme(id).map(|s| s.number).into_iter().collect());
    let as_of = written(app.now());
    rows_from(app, query, schemes, false, &as_of)
}

/// Rows of areas, from the snapshots of their schemes. A row of one scheme alone is what is shown of that scheme: its own would be more.
fn area_rows(app: &App, query: &FigureQuery, schemes: &[&Scheme]) -> Result<Vec<Row>, StorageError> {
    let (numbers, as_of) = renewed(app, schemes)?;
    let shown = shown_of(app, &numbers)?;
    let mut rows = rows_from(app, query, Some(numbers), true, &as_of)?;
    protect(&mut rows, AREA_BASE);
    let areas = &app.registry.areas;
    for row in rows.iter_mut().filter(|row| row.schemes.is_some_and(|s| s.taking_part < 2)) {
        // Which one it is: the one that is shown, if it works nowhere else.
        let Ok(period) = row.period.parse::<Period>() else { continue };
        let inside = |code: &str| {
            let council = areas.become_by(code, period.last_day());
            council.is_some_and(|c| areas.lies_within(&c.code, &row.place.code))
        };
        let within =
            |s: &Scheme| s.counts_at(row.place.level) && s.about.areas.iter().all(|a| inside(&a.code));
        let mut there =
            schemes.iter().filter(|s| within(s)).filter_map(|s| shown.get(&s.number)?.get(&key_of(row)?));
        let only = there.next().filter(|_| there.next().is_none()).cloned();
        put_shown(app, row, only.as_ref(), AREA_BASE, &as_of);
    }
    Ok(rows)
}

/// Rows of schemes: of financial years, and of everybody. Other periods and groups overlap those, and their differences would be few people.
fn own_rows(
    app: &App,
    query: &FigureQuery,
    schemes: &[&Scheme],
    base: i64,
) -> Result<Vec<Row>, StorageError> {
    let (numbers, as_of) = renewed(app, schemes)?;
    let shown = shown_of(app, &numbers)?;
    let directory = app.directory();
    let mut rows = rows_from(app, query, Some(numbers), true, &as_of)?;
    for row in &mut rows {
        let own = directory.scheme(&row.place.code).filter(|_| row.place.level == Level::Scheme);
        let dated = own.and_then(|scheme| shown.get(&scheme.number)?.get(&key_of(row)?));
        put_shown(app, row, dated, base, &as_of);
    }
    Ok(rows)
}

/// What is shown of each scheme.
fn shown_of(app: &App, numbers: &[i64]) -> Result<BTreeMap<i64, BTreeMap<FigureKey, Dated>>, StorageError> {
    let of = |number: &i64| Ok((*number, app.store.read(|db| steady_figures::of_scheme(db, *number))?));
    numbers.iter().map(of).collect()
}

/// The figure that a row is of; none if it is of a group, or of a period that is not shown.
fn key_of(row: &Row) -> Option<FigureKey> {
    let period = row.period.parse().ok().filter(|_| row.group.is_none())?;
    Some(FigureKey { period, series: row.series.clone(), indicator: row.indicator.clone() })
}

/// Puts what is shown into a row, and takes everything else out.
fn put_shown(app: &App, row: &mut Row, dated: Option<&Dated>, base: i64, as_of: &str) {
    let figure = dated.and_then(|(figure, _)| figure.shown()).zip(unit_of_row(app, row));
    let at = dated.map_or_else(|| as_of.to_owned(), |(_, at)| written(*at));
    let words = app.registry.indicator(&row.indicator).map(|i| &i.statement);
    show_own(row, figure, base, words, &at);
}

/// What the values of a row's figure are.
fn unit_of_row(app: &App, row: &Row) -> Option<Unit> {
    let mut entries =
        app.registry.definitions().flat_map(|d| shown_to_schemes(d).map(move |entry| (entry, d)));
    let (entry, definition) =
        entries.find(|(entry, _)| entry.indicator == row.indicator && entry.series == row.series)?;
    unit_of(entry, definition)
}

/// The numbers of `schemes`, and how old the oldest of their snapshots is, after those that are due were taken again.
fn renewed(app: &App, schemes: &[&Scheme]) -> Result<(Vec<i64>, String), StorageError> {
    let numbers: Vec<i64> = schemes.iter().map(|s| s.number).collect();
    let taken = renew_snapshots(app, &numbers)?;
    let as_of = taken.values().min().map(|at| written(*at)).unwrap_or_default();
    Ok((numbers, as_of))
}

fn rows_from(
    app: &App,
    query: &FigureQuery,
    schemes: Option<Vec<i64>>,
    snapshot: bool,
    as_of: &str,
) -> Result<Vec<Row>, StorageError> {
    let mut questionnaires = BTreeSet::new();
    let mut series = BTreeSet::from([String::new()]); // of who was asked
    for definition in app.registry.definitions().filter(|d| query.model.is_none_or(|m| m == d.model)) {
        questionnaires.insert(definition.id.clone());
        let wanted = definition.indicators.iter().filter(|entry| query.wants(&entry.indicator));
        series.extend(wanted.map(|entry| entry.series.clone()));
    }
    let mut wanted = Wanted {
        periods: query.periods.iter().map(ToString::to_string).collect(),
        questionnaires: questionnaires.into_iter().collect(),
        series: series.into_iter().collect(),
        group_prefix: query.group_prefix(),
        schemes,
        snapshot,
    };
    let tallies = app.store.read(|db| {
        let mut found = tallies::find(db, &wanted)?;
        if wanted.group_prefix.is_empty() {
            wanted.periods = vec![String::new()];
            wanted.questionnaires = vec![String::new()];
            wanted.series = vec![String::new()];
            found.extend(tallies::find(db, &wanted)?);
        }
        Ok(found)
    })?;
    let directory = app.directory();
    let schemes: BTreeMap<i64, &Scheme> = directory.schemes().map(|s| (s.number, s)).collect();
    Ok(gather(query, &tallies, &app.registry, &schemes, as_of)?)
}

/// Takes new snapshots where enough people have moved and the last one is old enough; gives when each was taken.
fn renew_snapshots(app: &App, numbers: &[i64]) -> Result<BTreeMap<i64, NaiveDateTime>, StorageError> {
    let mut taken = app.store.read(|db| tallies::snapshots(db, numbers))?;
    for number in numbers {
        if !app.store.read(|db| is_due(app, db, *number))? {
            continue;
        }
        let renewed = app.store.write(|db| {
            tallies::lock(db, *number)?;
            // Again under the lock: another reader may have taken it meanwhile.
            let now = app.now();
            let due = is_due(app, db, *number)?;
            if due {
                tallies::take_snapshot(db, *number, now)?;
                renew_steady(app, db, *number)?;
            }
            Ok(due.then_some(now))
        })?;
        taken.extend(renewed.map(|now| (*number, now)));
    }
    Ok(taken)
}

/// Whether enough people have moved since a scheme's last snapshot, and long enough ago.
fn is_due(app: &App, db: &mut Db, number: i64) -> Result<bool, StorageError> {
    let last = tallies::snapshots(db, &[number])?.remove(&number);
    let old_enough = last.is_none_or(|at| app.now() - at >= TimeDelta::days(SNAPSHOT_DAYS));
    Ok(old_enough && tallies::changed_since(db, number, last)? >= SNAPSHOT_PEOPLE)
}

/// Moves the figures that a scheme sees of itself, as far as that tells nobody's answer; the scheme's lock must be held.
fn renew_steady(app: &App, db: &mut Db, number: i64) -> Result<(), StorageError> {
    let mut figures = steady_figures::of_scheme(db, number)?;
    let mut standing: BTreeMap<FigureKey, StandingAnswers> =
        figures.keys().map(|key| (key.clone(), StandingAnswers::default())).collect();
    for chunk in people(db, number)?.chunks(PEOPLE_AT_A_TIME) {
        for person in load_folded(app, db, number, chunk)?.values() {
            add_standing(person, &mut standing);
        }
    }
    for (key, now) in standing {
        let dated = figures.entry(key.clone()).or_insert_with(|| (SteadyFigure::default(), app.now()));
        if dated.0.renew(&now.answers, now.greatest) {
            dated.1 = app.now();
            steady_figures::put(db, number, &key, dated)?;
        }
    }
    Ok(())
}
