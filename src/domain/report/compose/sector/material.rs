//! What the state of the sector is told from, besides the rest of a report's material.

use serde::Serialize;

use super::super::material::{KpiFigure, Published};
use crate::domain::definition::Registry;
use crate::domain::figures::{Place, Row};
use crate::domain::performance::Pair;

/// How many people are supported, by model.
pub const PEOPLE: [&str; 4] =
    ["shared-lives-people", "homeshare-participants", "small-supports-people", "community-enterprise-people"];
/// Who supports them: carers, staff and volunteers.
pub(super) const HELPERS: [&str; 4] =
    ["shared-lives-carers", "circle-connectors", "circle-facilitators", "community-enterprise-jobs"];
/// Kinds of arrangement: each is a part of the people of [`PEOPLE`]'s first, and one person can be in several.
pub const ARRANGEMENTS: [&str; 4] = [
    "shared-lives-people-live-in",
    "shared-lives-people-visiting",
    "shared-lives-people-short-breaks",
    "shared-lives-people-day-support",
];
/// Ratings of regulators: each is that of one nation.
pub(super) const RATINGS: [&str; 3] =
    ["shared-lives-good", "shared-lives-good-scotland", "services-below-good"];

/// The KPIs of which the growth is told.
pub fn growing() -> impl Iterator<Item = &'static str> {
    PEOPLE.into_iter().chain(HELPERS)
}

/// Every KPI that the state of the sector speaks of: those above, and all in pounds.
pub fn spoken_of(registry: &Registry) -> Vec<String> {
    let named = growing().chain(ARRANGEMENTS).chain(RATINGS).map(str::to_owned);
    let pounds = registry.kpis.iter().filter(|kpi| kpi.unit.starts_with("gbp")).map(|kpi| kpi.id.clone());
    named.chain(pounds).collect()
}

/// The state of a sector in a financial year.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Sector {
    /// What is counted, of the place and of the nations and regions in it, in the year and in the one before.
    pub figures: Vec<KpiFigure>,
    /// Figures of those who have sent in both: of two years, and of a kind of arrangement beside all people.
    pub pairs: Vec<Pair>,
    /// What people say, of the nations in the place.
    pub khi: Vec<Row>,
    /// Figures that a release printed otherwise.
    pub restated: Vec<Restated>,
}

/// A figure that is no longer what a release of ours printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Restated {
    /// As it is now.
    pub now: KpiFigure,
    /// As it was printed.
    pub printed: KpiFigure,
    /// Where.
    pub release: Published,
}

/// By how little two figures may differ without being two: values have two decimals.
const SAME: f64 = 0.005;

impl Restated {
    /// The figure of a release beside that of today, if they are of the same thing and differ; nothing where one of them has no value.
    pub fn between(printed: &KpiFigure, now: &KpiFigure, release: &Published) -> Option<Self> {
        let of = |figure: &KpiFigure| {
            (figure.kpi.clone(), figure.model.clone(), figure.place.code.clone(), figure.period.clone())
        };
        let differs = (printed.value? - now.value?).abs() > SAME;
        let made = || Self { now: now.clone(), printed: printed.clone(), release: release.clone() };
        (of(printed) == of(now) && differs).then(made)
    }
}

impl Sector {
    /// The figure of a place in a period.
    pub(super) fn figure(&self, kpi: &str, place: &str, period: &str) -> Option<&KpiFigure> {
        self.figures.iter().find(|f| f.kpi == kpi && f.place.code == place && f.period == period)
    }

    /// The places of which a KPI is known in a period, the widest first, each nation before its regions.
    pub(super) fn places(&self, kpi: &str, period: &str) -> Vec<&Place> {
        let of = self.figures.iter().filter(|f| f.kpi == kpi && f.period == period && f.expected > 0);
        let mut places: Vec<&Place> = of.map(|figure| &figure.place).collect();
        places.sort();
        places.dedup();
        places
    }

    /// Figures of those who have sent in both.
    pub(super) fn pair(&self, (kpi, period): (&str, &str), of: (&str, &str), place: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| {
            (pair.kpi.as_str(), pair.period.as_str()) == (kpi, period)
                && (pair.of.as_str(), pair.of_period.as_str()) == of
                && pair.place.code == place
        })
    }

    /// Whether a release printed the figure otherwise.
    pub(super) fn is_restated(&self, kpi: &str, place: &str, period: &str) -> bool {
        let is = |now: &KpiFigure| now.kpi == kpi && now.place.code == place && now.period == period;
        self.restated.iter().any(|restated| is(&restated.now))
    }
}
