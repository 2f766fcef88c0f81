//! Reading KPI figures, and KPIs beside Key Human Indicators.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::find_comparators::{ComparatorSeen, comparators_beside};
use super::{Figures, Refusal, allow, read_figures, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor, Role};
use crate::domain::area::Level;
use crate::domain::figures::{FigureQuery, Place, Row, Status};
use crate::domain::performance::{Aim, Figure, KpiRow, Sender, Sources, Stands, beside, needed};
use crate::domain::returns::Amount;
use crate::domain::service_account::Service;
use crate::storage::StorageError;
use crate::storage::returns::{self, FigureRow};
use crate::storage::targets;

/// Key Human Indicators and KPIs of one place and period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The place.
    pub place: Place,
    /// The period.
    pub period: String,
    /// Key Human Indicators.
    pub khi: Vec<Row>,
    /// KPIs.
    pub kpi: Vec<KpiRow>,
    /// What the place has set itself for what people say, judged by the interval alone.
    pub targets: Vec<ShareTarget>,
    /// What others publish of the same place and year: beside the rest, and never among it.
    pub comparators: Vec<ComparatorSeen>,
}

/// A target for what people say, beside the figure that is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShareTarget {
    /// The indicator.
    pub indicator: String,
    /// The series of the figure.
    pub series: String,
    /// Its model.
    pub model: String,
    /// What was set, in percent.
    pub value: f64,
    /// Whether the figure's 95% interval is above it, holds it, or is below it; null where the figure is not shown.
    pub stands: Option<Stands>,
    /// Whether it is met, where that is clear.
    pub met: Option<bool>,
}

/// The KPI figures that `actor` may see.
pub fn read_kpis(app: &App, actor: &Actor, query: &FigureQuery) -> Result<Vec<KpiRow>, Refusal> {
    let query = own_part(app, actor, query)?;
    Ok(kpi_rows(app, &query)?)
}

/// Both side by side, by period and place.
pub fn read_outcomes(app: &App, actor: &Actor, query: &FigureQuery) -> Result<Vec<Outcome>, Refusal> {
    let kpis = read_kpis(app, actor, query)?;
    let Figures { rows, .. } = read_figures(app, actor, query)?;
    let order: BTreeMap<String, usize> =
        query.periods.iter().enumerate().map(|(index, period)| (period.to_string(), index)).collect();
    let mut found: BTreeMap<(usize, Place), Outcome> = BTreeMap::new();
    for row in rows {
        at(&mut found, &order, &row.period, &row.place).khi.push(row);
    }
    for row in kpis {
        at(&mut found, &order, &row.period, &row.place).kpi.push(row);
    }
    let places: BTreeSet<(Place, String)> =
        found.values().map(|o| (o.place.clone(), o.period.clone())).collect();
    let mut beside = comparators_beside(app, query, &places)?;
    let mut outcomes: Vec<Outcome> = found.into_values().collect();
    let set = set_for(app, query)?;
    for outcome in &mut outcomes {
        outcome.targets = share_targets(app, outcome, &set);
        let key = (outcome.place.clone(), outcome.period.clone());
        outcome.comparators = beside.remove(&key).unwrap_or_default();
    }
    Ok(outcomes)
}

/// The outcome of a place and period among those found; a new one, if there is none yet.
fn at<'f>(
    found: &'f mut BTreeMap<(usize, Place), Outcome>,
    order: &BTreeMap<String, usize>,
    period: &str,
    place: &Place,
) -> &'f mut Outcome {
    let key = (order.get(period).copied().unwrap_or_default(), place.clone());
    found.entry(key).or_insert_with(|| Outcome {
        place: place.clone(),
        period: period.to_owned(),
        khi: Vec::new(),
        kpi: Vec::new(),
        targets: Vec::new(),
        comparators: Vec::new(),
    })
}

/// KPI rows of everything that is asked for, whoever asks.
pub(super) fn kpi_rows(app: &App, query: &FigureQuery) -> Result<Vec<KpiRow>, StorageError> {
    let mut rows = with_sources(app, query, |sources| sources.rows())?;
    put_targets(app, query, &mut rows)?;
    Ok(rows)
}

/// What `made` makes of everything that was sent in for a question.
pub(super) fn with_sources<T>(
    app: &App,
    query: &FigureQuery,
    made: impl FnOnce(&Sources<'_>) -> T,
) -> Result<T, StorageError> {
    let (kpis, periods) = needed(query, &app.registry);
    let (kpis, periods): (Vec<String>, Vec<String>) =
        (kpis.into_iter().collect(), periods.iter().map(ToString::to_string).collect());
    let rows = app.store.read(|db| returns::figures(db, &kpis, &periods))?;
    let mut figures: BTreeMap<String, Vec<Figure>> = BTreeMap::new();
    for row in rows {
        let kpi = row.kpi.clone();
        figures.entry(kpi).or_default().push(figure_of(row)?);
    }
    let directory = app.directory();
    let schemes = directory.schemes().map(|s| (s.number, s)).collect();
    Ok(made(&Sources { query, registry: &app.registry, schemes, figures }))
}

/// Targets by place, what they are of, and period: in hundredths.
type Set = BTreeMap<(String, Aim, String), i64>;

fn set_for(app: &App, query: &FigureQuery) -> Result<Set, StorageError> {
    let periods: Vec<String> = query.periods.iter().map(ToString::to_string).collect();
    let set = app.store.read(|db| targets::of_periods(db, &periods))?;
    Ok(set.into_iter().map(|t| ((t.place, Aim::read(&t.kpi), t.period), t.value)).collect())
}

/// Puts each place's target beside its figure.
fn put_targets(app: &App, query: &FigureQuery, rows: &mut [KpiRow]) -> Result<(), StorageError> {
    let set = set_for(app, query)?;
    for row in rows {
        let found = set.get(&(row.place.code.clone(), Aim::Kpi(row.kpi.clone()), row.period.clone()));
        row.target = found.map(|value| beside(row, *value));
    }
    Ok(())
}

/// The targets of a place for the shares that stand in its outcome.
fn share_targets(app: &App, outcome: &Outcome, set: &Set) -> Vec<ShareTarget> {
    let of_row = |row: &Row| {
        let indicator = app.registry.indicator(&row.indicator)?;
        let key = (outcome.place.code.clone(), Aim::Indicator(row.indicator.clone()), outcome.period.clone());
        let hundredths = *set.get(&key)?;
        let shown = row.positive.zip(row.n).filter(|_| matches!(row.status, Status::Shown | Status::Pooled));
        let stands = shown.and_then(|(positive, n)| Stands::beside(positive, n, hundredths));
        #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
        let value = hundredths as f64 / 100.0;
        Some(ShareTarget {
            indicator: row.indicator.clone(),
            series: row.series.clone(),
            model: row.model.clone(),
            value,
            stands,
            met: stands.and_then(|stands| stands.is_met(indicator.direction)),
        })
    };
    let is_share = |row: &&Row| row.group.is_none() && matches!(row.rule.as_str(), "share" | "sum");
    outcome.khi.iter().filter(is_share).filter_map(of_row).collect()
}

fn figure_of(row: FigureRow) -> Result<Figure, StorageError> {
    let corrupt = || StorageError::Corrupt(format!("a figure of {} for {}", row.sender, row.period));
    Ok(Figure {
        sender: Sender::parse(row.scheme_number, &row.sender).ok_or_else(corrupt)?,
        period: row.period.parse().map_err(|()| corrupt())?,
        numerator: Amount::of_hundredths(row.numerator),
        denominator: row.denominator.map(Amount::of_hundredths),
        council: row.council,
    })
}

/// What of a question an actor may ask: schemes of themselves, areas of what lies in them.
fn own_part(app: &App, actor: &Actor, query: &FigureQuery) -> Result<FigureQuery, Refusal> {
    let directory = app.directory();
    if let Some(id) = &query.scheme {
        scheme_for(app, &directory, actor, id, "/scheme", Action::ReadReturns)?;
    }
    let mut query = query.clone();
    match &actor.role {
        _ if allow(app, actor, Action::ReadLiveFigures).is_ok() => {}
        Role::SchemeLead(number)
        | Role::SchemeWorker(number)
        | Role::Service(Service { scheme: Some(number), .. }) => {
            if !matches!(query.level, Level::Scheme | Level::Unit) || query.within.is_some() {
                return Err(Refusal::Forbidden); // wider figures are read from releases
            }
            let own = directory.scheme_by_number(*number).ok_or(Refusal::Forbidden)?;
            allow(app, actor, Action::ReadReturns(own))?;
            query.scheme = Some(own.about.id.clone());
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
            query.within.get_or_insert_with(|| code.clone());
        }
        Role::National | Role::Analyst | Role::Collector(_) | Role::Service(_) => {
            return Err(Refusal::Forbidden);
        }
    }
    Ok(query)
}
