//! What a report is made from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::sector::Sector;

use crate::domain::definition::{Model, Registry};
use crate::domain::figures::{Place, Row};
use crate::domain::performance::{KpiRow, KpiStatus};
use crate::domain::period::Period;
use crate::domain::report::done::Deed;

/// What a report is made from: rows that may be shown to whoever reads it. All rows are of everybody, none of a group.
#[derive(Clone)]
pub struct Material<'a> {
    /// The definitions, for titles, questions and answers.
    pub registry: &'a Registry,
    /// The place that it is about.
    pub place: Place,
    /// The nation that it lies in; none of the UK, and of what lies in several.
    pub nation: Option<String>,
    /// The models that it speaks of, in the order of [`Model::ALL`].
    pub models: Vec<Model>,
    /// The period.
    pub period: Period,
    /// Whether the period is not over yet.
    pub part_way: bool,
    /// Where `rows` are from.
    pub made_from: MadeFrom,
    /// The fewest people in a figure.
    pub base: i64,
    /// Key Human Indicators of the place and the period.
    pub rows: Vec<Row>,
    /// The same in other periods of one kind, for what is drawn over time.
    pub over_time: Vec<Row>,
    /// The newest release, as far as it speaks of the place and of what it lies in.
    pub beside: Option<Beside>,
    /// What is counted, of the place and the period.
    pub kpis: Vec<KpiFigure>,
    /// What was done with what people said, in the words of who did it.
    pub done: Vec<Deed>,
    /// What the state of the sector is told from; only where that is asked for.
    pub sector: Option<Sector>,
    /// Whether it is of a practice scheme.
    pub practice: bool,
    /// Whether everything is made up.
    pub demo: bool,
}

impl Material<'_> {
    /// The day of its figures: on which they stood so, or were published.
    pub fn figures_of(&self) -> NaiveDate {
        match &self.made_from {
            MadeFrom::Shown { on } => *on,
            MadeFrom::Release(release) => release.published_on,
        }
    }
}

/// Where the rows of the place are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeFrom {
    /// From what is shown to whoever reads the report, as it stood on a day.
    Shown {
        /// The day.
        on: NaiveDate,
    },
    /// From a release and nothing else.
    Release(Published),
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: i64,
    /// Its period.
    pub period: String,
    /// When it was published.
    pub published_on: NaiveDate,
}

/// Rows of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Which one.
    pub release: Published,
    /// Those of the place itself; empty where the report is made from the release anyway.
    pub own: Vec<Row>,
    /// Those of the places that it lies in, the smallest first.
    pub around: Vec<Row>,
}

/// A figure that is counted, as a report says it: of a row that is read now, or of a cell of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiFigure {
    /// The KPI.
    pub kpi: String,
    /// The model; none for an area's own.
    pub model: Option<String>,
    /// The place.
    pub place: Place,
    /// The period.
    pub period: String,
    /// What was counted.
    pub numerator: Option<f64>,
    /// Out of what.
    pub denominator: Option<f64>,
    /// The value.
    pub value: Option<f64>,
    /// What the value is in.
    pub unit: String,
    /// How many figures are there of those that should be.
    pub returned: i64,
    /// How many should be there.
    pub expected: i64,
    /// `shown`, `partial`, `missing` or `not-worked-out`.
    pub status: String,
    /// The year of its prices, if it is in pounds.
    pub price_year: Option<String>,
}

impl From<&KpiRow> for KpiFigure {
    fn from(row: &KpiRow) -> Self {
        let status = match row.status {
            KpiStatus::Shown => "shown",
            KpiStatus::Partial => "partial",
            KpiStatus::Missing => "missing",
            KpiStatus::NotWorkedOut => "not-worked-out",
        };
        Self {
            kpi: row.kpi.clone(),
            model: row.model.clone(),
            place: row.place.clone(),
            period: row.period.clone(),
            numerator: row.numerator.map(|amount| amount.as_f64()),
            denominator: row.denominator.map(|amount| amount.as_f64()),
            value: row.value,
            unit: row.unit.clone(),
            returned: row.returned,
            expected: row.expected,
            status: status.to_owned(),
            price_year: row.price_year.clone(),
        }
    }
}
