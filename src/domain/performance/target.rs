//! Targets: what a place has set itself for a KPI, or for what people say, and a period; and whether it was met.
//!
//! A count is what it is, and meets its target or does not. What people say is known within an interval only, and is judged by that.

use serde_json::Value;

use super::row::{KpiRow, KpiStatus};
use crate::domain::definition::{Direction, Kpi, Registry, Rhythm, Shape};
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::reader::{Field, read_whole, short};
use crate::domain::statistics::{Z95, wilson};

/// The largest target, either way: a million million.
const LARGEST: f64 = 1e12;

/// What a target is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aim {
    /// A KPI, by id.
    Kpi(String),
    /// A share of what people say, by the id of its indicator.
    Indicator(String),
}

/// How an indicator stands among KPIs in storage; no id of either has a colon.
const INDICATOR: &str = "khi:";

impl Aim {
    /// As it is stored.
    pub fn stored(&self) -> String {
        match self {
            Self::Kpi(id) => id.clone(),
            Self::Indicator(id) => format!("{INDICATOR}{id}"),
        }
    }

    /// From what is stored.
    pub fn read(stored: &str) -> Self {
        match stored.strip_prefix(INDICATOR) {
            Some(id) => Self::Indicator(id.to_owned()),
            None => Self::Kpi(stored.to_owned()),
        }
    }
}

/// A target as it is sent in: `{"kpi": "shared-lives-good", "period": "2026-27", "value": 95}`, or with `indicator` in the place of `kpi`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    /// What it is of.
    pub aim: Aim,
    /// The quarter or financial year.
    pub period: Period,
    /// In hundredths of the unit (of a share: of a percent); none takes the target back.
    pub value: Option<i64>,
}

impl NewTarget {
    /// Checks it, collecting every fault.
    pub fn check(body: &Value, registry: &Registry) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let indicator = object.optional("indicator").map(|f| read_indicator(f, registry));
            let kpi = match indicator {
                Some(_) => {
                    object.refused("kpi", "A target is of a KPI or of an indicator, not of both.");
                    None
                }
                None => object.required("kpi").and_then(|f| read_kpi(f, registry)),
            };
            let is_indicator = indicator.is_some();
            let period = object.required("period").and_then(|f| {
                let period = f.string()?.parse::<Period>().ok();
                let fits = match period {
                    Some(Period::Year(_)) => true,
                    Some(Period::Quarter(_)) => {
                        is_indicator || kpi.is_none_or(|kpi| kpi.period == Rhythm::Quarter)
                    }
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
                hundredths(f, is_indicator || share)
            });
            object.close(false);
            let value = match value {
                None => None,
                Some(read) => Some(read?),
            };
            let aim = match indicator {
                Some(read) => Aim::Indicator(read?),
                None => Aim::Kpi(kpi?.id.clone()),
            };
            Some(Self { aim, period: period?, value })
        })
    }
}

fn read_kpi<'r>(f: Field<'_>, registry: &'r Registry) -> Option<&'r Kpi> {
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
}

fn read_indicator(f: Field<'_>, registry: &Registry) -> Option<String> {
    let id = f.string()?;
    match registry.indicator(id).map(|indicator| indicator.direction) {
        None => f.fault("unknown-indicator", format!("There is no indicator “{}”.", short(id))),
        Some(Direction::Context) => {
            f.fault("no-better-way", "Of this figure neither more nor less is better.");
        }
        Some(_) if !has_share(id, registry) => {
            f.fault("not-a-share", "A target for what people say is a share of people, and this is none.");
        }
        Some(_) => return Some(id.to_owned()),
    }
    None
}

/// Whether an indicator is a share of people somewhere.
pub fn has_share(indicator: &str, registry: &Registry) -> bool {
    let mut entries = registry.definitions().flat_map(|d| &d.indicators);
    entries.any(|entry| entry.indicator == indicator && entry.rule.is_share())
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

/// Where a share stands beside its target, by its 95% interval alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// The whole interval is at the target or above it.
    Above,
    /// The target is within the interval: it may have been reached by chance, or missed by chance.
    NotYetClear,
    /// The whole interval is below it.
    Below,
}

impl Stands {
    /// Where `positive` of `n` people stand beside a target in hundredths of a percent; none where nobody answered.
    pub fn beside(positive: i64, n: i64, hundredths: i64) -> Option<Self> {
        let (low, high) = wilson(positive, n, Z95)?;
        #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
        let target = hundredths as f64 / 10_000.0;
        Some(match () {
            () if low >= target => Self::Above,
            () if high < target => Self::Below,
            () => Self::NotYetClear,
        })
    }

    /// Whether the target is met, where that is clear.
    pub fn is_met(self, direction: Direction) -> Option<bool> {
        match (self, direction) {
            (Self::NotYetClear, _) | (_, Direction::Context) => None,
            (Self::Above, direction) => Some(direction == Direction::High),
            (Self::Below, direction) => Some(direction == Direction::Low),
        }
    }

    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::NotYetClear => "not yet clear",
            Self::Below => "below",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_judged_by_its_interval_alone() {
        // 45 of 50 is 90%, 78.6% to 95.7%.
        for (target, stands) in [
            (78, Stands::Above),
            (79, Stands::NotYetClear),
            (90, Stands::NotYetClear),
            (95, Stands::NotYetClear),
            (96, Stands::Below),
        ] {
            assert_eq!(Stands::beside(45, 50, target * 100), Some(stands), "{target}%");
        }
        assert_eq!(Stands::beside(0, 0, 9_000), None);
        assert_eq!(Stands::beside(0, 40, 0), Some(Stands::Above), "nothing is below 0");
        assert_eq!(Stands::beside(40, 40, 10_000), Some(Stands::NotYetClear));
        let met =
            |direction| [Stands::Above, Stands::NotYetClear, Stands::Below].map(|s| s.is_met(direction));
        assert_eq!(met(Direction::High), [Some(true), None, Some(false)]);
        assert_eq!(met(Direction::Low), [Some(false), None, Some(true)]);
        assert_eq!(met(Direction::Context), [None; 3]);
    }

    #[test]
    fn what_a_target_is_of_is_stored_and_read_again() {
        for aim in [Aim::Kpi("shared-lives-good".into()), Aim::Indicator("social-connection".into())] {
            assert_eq!(Aim::read(&aim.stored()), aim);
        }
    }
}
