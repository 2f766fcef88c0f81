//! One row, with every key, null where it does not apply or is hidden.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::area::Level;
use crate::domain::definition::Title;
use crate::domain::statistics::{Z95, percent, round_to, wilson};

/// A figure with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The indicator.
    pub indicator: String,
    /// The series: rows of different series do not compare.
    pub series: String,
    /// The model.
    pub model: String,
    /// The rule.
    pub rule: String,
    /// The period.
    pub period: String,
    /// The place.
    pub place: Place,
    /// `{breakdown: value}`; null for everybody.
    pub group: Option<BTreeMap<String, String>>,
    /// People with a valid answer.
    pub n: Option<i64>,
    /// Those of them whose answer is positive.
    pub positive: Option<i64>,
    /// Percentage, one decimal.
    pub percent: Option<f64>,
    /// Mean (or ratio), two decimals.
    pub mean: Option<f64>,
    /// Standard deviation, two decimals.
    pub sd: Option<f64>,
    /// The 95% interval.
    pub interval: Option<Interval>,
    /// How answers spread.
    pub distribution: Option<Spread>,
    /// People with a standing response who are not in `n`, by reason.
    pub left_out: Option<BTreeMap<String, i64>>,
    /// Valid answers by who gave them; proxies also where they are left out.
    pub completed_by: Option<BTreeMap<String, i64>>,
    /// The same figure without answers given with help from someone who gives the support.
    pub without_supporter: Option<ShareOf>,
    /// People supported in the period.
    pub supported: Option<i64>,
    /// Those of them who could be asked.
    pub eligible: Option<i64>,
    /// People with an invitation falling in the period.
    pub invited: Option<i64>,
    /// Those of them with a standing response.
    pub responded: Option<i64>,
    /// Those of them who began an answer and did not send it before the invitation ended.
    pub unfinished: Option<i64>,
    /// `responded` of `invited`, in percent.
    pub response_rate: Option<f64>,
    /// Standing responses that came through an open link.
    pub open: Option<i64>,
    /// Schemes with an answer here, of all schemes of the model.
    pub schemes: Option<SchemesCount>,
    /// Change since each person's baseline.
    pub change: Option<Change>,
    /// The figure in words.
    pub statement: Option<Title>,
    /// Whether it is shown, and if not, why.
    pub status: Status,
    /// The periods pooled into it.
    pub periods: Option<Vec<String>>,
    /// `almost-all` or `very-few`, when only words are shown.
    pub band: Option<String>,
    /// Where it is counted instead, when merged.
    pub merged_into: Option<String>,
    /// The state of the tallies it was read from.
    pub as_of: String,
    /// Whether it is of a practice scheme: such a row is part of no other.
    pub practice: bool,
}

/// Whether a row's counts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Shown.
    Shown,
    /// Several periods taken together.
    Pooled,
    /// Words only.
    Banded,
    /// Counted with another place.
    Merged,
    /// Hidden, because so few people answered that one could be recognised.
    Suppressed,
}

/// The place of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Its level.
    pub level: Level,
    /// Its code; a scheme's is its id, a unit's `scheme/unit`.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The name of a method: one of those that there are.
type Method = &'static str;

/// An interval in the unit of the figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence level, as a fraction.
    pub level: f64,
    /// `wilson`, `t` or `ratio-t`.
    #[serde(deserialize_with = "read_method")]
    pub method: Method,
}

fn read_method<'de, D: Deserializer<'de>>(from: D) -> Result<Method, D::Error> {
    let name = String::deserialize(from)?;
    let known = ["wilson", "t", "ratio-t"].into_iter().find(|method| *method == name);
    known.ok_or_else(|| serde::de::Error::custom("an unknown method"))
}

impl Interval {
    /// Wilson's 95% interval of `k` of `n`, in percent, to one decimal.
    pub fn wilson95(k: i64, n: i64) -> Option<Self> {
        let (low, high) = wilson(k, n, Z95)?;
        Some(Self {
            low: round_to(100.0 * low, 1),
            high: round_to(100.0 * high, 1),
            level: 0.95,
            method: "wilson",
        })
    }

    /// A 95% interval of a mean, to two decimals.
    pub fn of_mean(interval: Option<(f64, f64)>, method: &'static str) -> Option<Self> {
        let (low, high) = interval?;
        Some(Self { low: round_to(low, 2), high: round_to(high, 2), level: 0.95, method })
    }
}

/// How answers spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Spread {
    /// People by answer, for a share.
    Counts(BTreeMap<String, i64>),
    /// People by band or option, each with its own percentage and interval.
    Bands(BTreeMap<String, Banded>),
}

/// One band of a distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Banded {
    /// People.
    pub count: i64,
    /// Of `n`, in percent.
    pub percent: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
}

/// A share on its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareOf {
    /// People with a valid answer.
    pub n: i64,
    /// Positive ones.
    pub positive: i64,
    /// In percent.
    pub percent: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
}

impl ShareOf {
    /// `positive` of `n`.
    pub fn of(positive: i64, n: i64) -> Self {
        Self { n, positive, percent: percent(positive, n), interval: Interval::wilson95(positive, n) }
    }
}

/// Schemes taking part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemesCount {
    /// With a standing response.
    pub taking_part: usize,
    /// Of all schemes of the model there.
    pub all: usize,
}

/// Change since the baseline, over people with both answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// People with a baseline and a later valid answer.
    pub pairs: i64,
    /// For the better; null where neither way is better.
    pub improved: Option<i64>,
    /// Not changed.
    pub same: i64,
    /// For the worse; null where neither way is better.
    pub worse: Option<i64>,
    /// People with a baseline whose standing response has no valid answer.
    pub lost: i64,
    /// Median of whole months between the two.
    pub median_months: Option<f64>,
}
