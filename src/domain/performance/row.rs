//! One KPI figure, with every key, null where it does not apply or nothing was sent in.

use serde::Serialize;

use super::sums::Sums;
use crate::domain::definition::Kpi;
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
    /// Whether all, some or none of it was sent in.
    pub status: KpiStatus,
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

impl KpiRow {
    /// The row of sums.
    pub fn of(kpi: &Kpi, model: Option<&str>, place: Place, period: String, sums: &Sums) -> Self {
        let per = kpi.sent().map_or(1, |sent| sent.per);
        let value = match (sums.numerator, sums.denominator) {
            (Some(numerator), Some(denominator)) => numerator.over(denominator, per),
            (Some(numerator), None) if kpi.denominator.is_none() => Some(numerator.as_f64()),
            _ => None,
        };
        let status = match sums.returned {
            0 => KpiStatus::Missing,
            some if some < sums.expected => KpiStatus::Partial,
            _ => KpiStatus::Shown,
        };
        Self {
            kpi: kpi.id.clone(),
            model: model.map(str::to_owned),
            place,
            period,
            numerator: sums.numerator,
            denominator: sums.denominator,
            value: value.map(|v| round_to(v, 2)),
            unit: kpi.unit.clone(),
            direction: kpi.direction.code(),
            returned: sums.returned,
            expected: sums.expected,
            status,
        }
    }
}
