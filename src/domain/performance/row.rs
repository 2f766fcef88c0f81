//! One KPI figure, with every key, null where it does not apply or nothing was sent in.

use serde::Serialize;

use super::sums::Sums;
use super::target::TargetSeen;
use crate::domain::definition::{Kpi, Model, Title};
use crate::domain::figures::Place;
use crate::domain::returns::Amount;
use crate::domain::statistics::round_to;

/// A KPI figure of one place and period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KpiRow {
    /// The KPI.
    pub kpi: String,
    /// The model whose schemes it is of; null for an area's own figure.
    pub model: Option<String>,
    /// The place.
    pub place: Place,
    /// The period.
    pub period: String,
    /// The sum of numerators.
    pub numerator: Option<Amount>,
    /// The sum of denominators.
    pub denominator: Option<Amount>,
    /// The value: percent, a rate, a mean, a count or pounds; two decimals.
    pub value: Option<f64>,
    /// What the value is in.
    pub unit: String,
    /// `H`, `L` or `C`.
    pub direction: &'static str,
    /// How many figures are there of those that should be.
    pub returned: i64,
    /// How many figures should be there: one of each sender for each returned period and council.
    pub expected: i64,
    /// How many schemes, or areas, have sent some of it.
    pub senders: i64,
    /// Whether all, some or none of it was sent in.
    pub status: KpiStatus,
    /// The year of its prices, if it is in pounds: that of the catalogue, or the period itself.
    pub price_year: Option<String>,
    /// What it is worked out from; null where it is sent in.
    pub inputs: Option<Vec<Input>>,
    /// What a reader of a figure that is worked out should know.
    pub caveat: Option<Title>,
    /// What the place has set itself, if it has.
    pub target: Option<TargetSeen>,
}

/// How much of a KPI figure was sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KpiStatus {
    /// All.
    Shown,
    /// Some: the value is that of those who have sent it.
    Partial,
    /// None. That is not zero.
    Missing,
    /// It is worked out, and what it is worked out from is not there.
    NotWorkedOut,
}

/// A figure that another is worked out from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Input {
    /// The KPI.
    pub kpi: String,
    /// The place it is of.
    pub place: Place,
    /// The period it is of.
    pub period: String,
    /// Its value; two decimals.
    pub value: Option<f64>,
    /// What the value is in.
    pub unit: String,
    /// The year of its prices, if it is in pounds.
    pub price_year: Option<String>,
}

/// What is known of a place's figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    /// The sums.
    pub(super) sums: Sums,
    /// The value.
    pub(super) value: Option<f64>,
    /// What it is worked out from; empty where it is sent in.
    pub(super) inputs: Vec<Input>,
}

/// The value of sums: percent, a rate, a mean, a count or pounds.
pub(super) fn value_of(kpi: &Kpi, sums: &Sums) -> Option<f64> {
    let per = kpi.sent().map_or(1, |sent| sent.per);
    match (sums.numerator, sums.denominator) {
        (Some(numerator), Some(denominator)) => numerator.over(denominator, per),
        (Some(numerator), None) if kpi.denominator.is_none() => Some(numerator.as_f64()),
        _ => None,
    }
}

/// The year of the prices of a figure in pounds: the catalogue's, or the period itself.
pub(super) fn price_year(kpi: &Kpi, period: &str) -> Option<String> {
    let fixed = || kpi.price_year.clone().unwrap_or_else(|| period.to_owned());
    kpi.unit.starts_with("gbp").then(fixed)
}

impl KpiRow {
    pub(super) fn of(kpi: &Kpi, model: Option<Model>, place: Place, period: String, found: Found) -> Self {
        let Found { sums, value, inputs } = found;
        let worked_out = kpi.sent().is_none();
        let status = match sums.returned {
            _ if worked_out && value.is_none() => KpiStatus::NotWorkedOut,
            0 => KpiStatus::Missing,
            some if some < sums.expected => KpiStatus::Partial,
            _ => KpiStatus::Shown,
        };
        Self {
            kpi: kpi.id.clone(),
            model: model.map(|m| m.code().to_owned()),
            place,
            price_year: price_year(kpi, &period),
            period,
            numerator: sums.numerator.filter(|_| !worked_out),
            denominator: sums.denominator.filter(|_| !worked_out),
            value: value.map(|v| round_to(v, 2)),
            unit: kpi.unit.clone(),
            direction: kpi.direction.code(),
            returned: sums.returned,
            expected: sums.expected,
            senders: sums.senders,
            status,
            inputs: worked_out.then_some(inputs),
            caveat: worked_out.then(|| kpi.help.clone()),
            target: None,
        }
    }
}
