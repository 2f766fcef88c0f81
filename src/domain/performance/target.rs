//! Targets: what a place has set itself for a KPI and a period, and whether it was met.

use serde_json::Value;

use super::row::{KpiRow, KpiStatus};
use crate::domain::definition::{Direction, Registry, Rhythm, Shape};
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::reader::{Field, read_whole, short};

/// The largest target, either way: a million million.
const LARGEST: f64 = 1e12;

/// A target as it is sent in: `{"kpi": "shared-lives-good", "period": "2026-27", "value": 95}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    /// The KPI.
    pub kpi: String,
    /// The quarter or financial year.
    pub period: Period,
    /// In hundredths of the KPI's unit; none takes the target back.
    pub value: Option<i64>,
}

impl NewTarget {
    /// Checks it, collecting every fault.
    pub fn check(body: &Value, registry: &Registry) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let kpi = object.required("kpi").and_then(|f| {
                let id = f.string()?;
                let kpi = registry.kpi(id);
                match kpi.map(|kpi| kpi.direction) {
                    None => f.fault("unknown-kpi", format!("There is no KPI “{}”.", short(id))),
                    Some(Direction::Context) => {
                        f.fault("no-better-way", "Of this figure neither more nor less is better.");
                    }
                    Some(_) => return kpi,
                }
                None
            });
            let period = object.required("period").and_then(|f| {
                let period = f.string()?.parse::<Period>().ok();
                let fits = match period {
                    Some(Period::Year(_)) => true,
                    Some(Period::Quarter(_)) => kpi.is_none_or(|kpi| kpi.period == Rhythm::Quarter),
                    _ => false,
                };
                if !fits {
                    let detail = "A target is for a financial year, such as 2026-27, or for a quarter of what is counted each quarter.";
                    f.fault("wrong-period", detail);
                }
                period.filter(|_| fits)
            });
            let value = object.optional("value").map(|f| {
                let share = kpi.and_then(|kpi| kpi.sent()).is_some_and(|sent| sent.shape == Shape::Share);
                hundredths(f, share)
            });
            object.close(false);
            let value = match value {
                None => None,
                Some(read) => Some(read?),
            };
            Some(Self { kpi: kpi?.id.clone(), period: period?, value })
        })
    }
}

fn hundredths(field: Field<'_>, share: bool) -> Option<i64> {
    let value = field.number()?;
    let scaled = value * 100.0;
    if value.abs() > LARGEST {
        field.fault("too-large", "This is above a million million.");
    } else if (scaled - scaled.round()).abs() > 1e-6 {
        field.fault("too-many-decimals", "This has more than two decimals.");
    } else if share && !(0.0..=100.0).contains(&value) {
        field.fault("out-of-range", "A share lies between 0 and 100.");
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be below a million million")]
        return Some(scaled.round() as i64);
    }
    None
}

/// A target beside a figure.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct TargetSeen {
    /// What was set, in the KPI's unit.
    pub value: f64,
    /// Whether it is met; null while something of the figure is missing.
    pub met: Option<bool>,
}

/// The target of `hundredths`, beside a row.
pub fn beside(row: &KpiRow, hundredths: i64) -> TargetSeen {
    #[expect(clippy::cast_precision_loss, reason = "at most a million million, in hundredths")]
    let value = hundredths as f64 / 100.0;
    let met = row.value.filter(|_| row.status == KpiStatus::Shown).and_then(|reached| match row.direction {
        "H" => Some(reached >= value),
        "L" => Some(reached <= value),
        _ => None,
    });
    TargetSeen { value, met }
}
