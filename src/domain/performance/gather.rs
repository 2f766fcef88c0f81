//! From figures to rows: of each KPI, place and period that is asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{Due, expected};
use super::row::{Found, KpiRow, value_of};
use super::steps::steps;
use super::sums::{Expected, Figure, Returned, Sender, Sums, add_up};
use crate::domain::area::Level;
use crate::domain::definition::{Kpi, Model, Registry, Sender as SentBy};
use crate::domain::figures::{FigureQuery, Place};
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;

/// Everything that figures are gathered from.
pub struct Sources<'a> {
    /// What is asked for.
    pub query: &'a FigureQuery,
    /// The catalogue and the areas.
    pub registry: &'a Registry,
    /// Every scheme, by number.
    pub schemes: BTreeMap<i64, &'a Scheme>,
    /// What was sent in for the KPIs and periods that [`needed`] names, by KPI.
    pub figures: BTreeMap<String, Vec<Figure>>,
}

/// A place, and the model that its figure is of.
pub(super) type Spot = (Option<Model>, Place);

/// The KPIs that are asked for, with those they are worked out from; and the returned periods of which figures are needed.
pub fn needed(query: &FigureQuery, registry: &Registry) -> (BTreeSet<String>, BTreeSet<Period>) {
    let (mut kpis, mut periods) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting: Vec<&Kpi> = wanted(query, registry).collect();
    while let Some(kpi) = waiting.pop() {
        if kpis.insert(kpi.id.clone()) {
            waiting.extend(kpi.made_from().iter().filter_map(|id| registry.kpi(id)));
        }
    }
    for kpi in kpis.iter().filter_map(|id| registry.kpi(id)) {
        for period in &query.periods {
            periods.extend(steps(kpi, *period));
            periods.extend(steps(kpi, period.before()));
        }
    }
    (kpis, periods)
}

fn wanted<'r>(query: &FigureQuery, registry: &'r Registry) -> impl Iterator<Item = &'r Kpi> {
    let of_model = |kpi: &Kpi| query.model.is_none_or(|m| kpi.models.is_empty() || kpi.models.contains(&m));
    registry.kpis.iter().filter(move |kpi| query.wants_kpi(&kpi.id) && of_model(kpi))
}

impl Sources<'_> {
    /// The rows that are asked for, by period, place and KPI.
    pub fn rows(&self) -> Vec<KpiRow> {
        let mut rows = Vec::new();
        for period in &self.query.periods {
            let first = rows.len();
            for kpi in wanted(self.query, self.registry) {
                for ((model, place), found) in self.found(kpi, *period) {
                    rows.push(KpiRow::of(kpi, model, place, period.to_string(), found));
                }
            }
            rows[first..].sort_by(|a: &KpiRow, b| (&a.place, &a.model).cmp(&(&b.place, &b.model)));
        }
        rows
    }

    /// The figure of a KPI at each place where it could be.
    pub(super) fn found(&self, kpi: &Kpi, period: Period) -> BTreeMap<Spot, Found> {
        if kpi.sent().is_none() {
            return self.worked_out(kpi, period);
        }
        let sums = self.sums(kpi, period, period, None);
        sums.into_iter()
            .map(|(spot, sums)| (spot, Found { value: value_of(kpi, &sums), sums, inputs: Vec::new() }))
            .collect()
    }

    /// The sums of a KPI that is sent in, at each place, on the boundaries of `on`; of these senders only, if they are given.
    pub(super) fn sums(
        &self,
        kpi: &Kpi,
        period: Period,
        on: Period,
        only: Option<&BTreeSet<Sender>>,
    ) -> BTreeMap<Spot, Sums> {
        let dues = self.dues(kpi, period);
        let mut by_spot: BTreeMap<Spot, Vec<&Expected>> = BTreeMap::new();
        for due in dues.iter().filter(|d| only.is_none_or(|o| o.contains(&d.expected.sender))) {
            if let Some(spot) = self.spot(due, on) {
                by_spot.entry(spot).or_default().push(&due.expected);
            }
        }
        let returned = Returned::of(self.of(kpi));
        by_spot.into_iter().map(|(spot, due)| (spot, add_up(due, &returned))).collect()
    }

    /// What was sent in for a KPI.
    pub(super) fn of(&self, kpi: &Kpi) -> &[Figure] {
        self.figures.get(&kpi.id).map_or(&[], Vec::as_slice)
    }

    /// Everybody who should send a KPI in for the steps of a period.
    pub(super) fn dues(&self, kpi: &Kpi, period: Period) -> Vec<Due> {
        let schemes = || self.schemes.values().copied();
        let steps = steps(kpi, period);
        let mut dues: Vec<Due> =
            steps.iter().flat_map(|step| expected(kpi, *step, &self.registry.areas, schemes())).collect();
        if kpi.by == SentBy::Unit {
            self.keep_one_council(kpi, &mut dues);
        }
        dues
    }

    /// A unit of a scheme of several councils is in one of them: that for which it has sent its figure, else the first.
    fn keep_one_council(&self, kpi: &Kpi, dues: &mut Vec<Due>) {
        let returned = Returned::of(self.of(kpi));
        let mut kept: BTreeMap<(Sender, Period), Due> = BTreeMap::new();
        for due in dues.drain(..) {
            let key = (due.expected.sender.clone(), due.expected.period);
            if returned.get(&due.expected).is_some() || !kept.contains_key(&key) {
                kept.insert(key, due);
            }
        }
        dues.extend(kept.into_values());
    }

    /// Where what is due counts; none if that is not asked for.
    fn spot(&self, due: &Due, on: Period) -> Option<Spot> {
        let Self { query, registry, schemes, .. } = self;
        let Expected { sender, council, .. } = &due.expected;
        if query.model.is_some() && due.model != query.model {
            return None;
        }
        let areas = &registry.areas;
        let council = areas.become_by(council, query.areas_on(on))?;
        if query.within.as_ref().is_some_and(|outer| !areas.lies_within(&council.code, outer)) {
            return None;
        }
        let scheme = match sender {
            Sender::Scheme(number) | Sender::Unit(number, _) => Some(*schemes.get(number)?),
            Sender::Area(_) => None,
        };
        if scheme.is_some_and(|s| !s.counts_at(query.level))
            || query.scheme.as_ref().is_some_and(|id| scheme.is_none_or(|s| s.about.id != *id))
        {
            return None;
        }
        let place = match (query.level, sender) {
            (Level::Scheme, _) => {
                let about = &scheme?.about;
                Place { level: Level::Scheme, code: about.id.clone(), name: about.name.clone() }
            }
            (Level::Unit, Sender::Unit(_, unit)) => {
                let about = &scheme?.about;
                let name = about.units.iter().find(|u| u.id == *unit).map_or(unit, |u| &u.name);
                Place { level: Level::Unit, code: format!("{}/{unit}", about.id), name: name.clone() }
            }
            (Level::Unit, _) => return None,
            _ => query.place_of(council, areas)?,
        };
        Some((due.model, place))
    }
}
