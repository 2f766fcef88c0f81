//! The thresholds of a release: data, printed on every release.

use serde::{Deserialize, Serialize};

/// What a figure needs to be public. The policy is *exact with thresholds*: a figure is printed exactly where it may be printed at all,
/// and every part that the printed figures cut the country into is large enough itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The least number of people in a figure, and in any part that figures can be taken apart into.
    pub least_n: i64,
    /// The least number of people on each side of it: positive, and not positive.
    pub least_each_side: i64,
    /// From this share on a figure that cannot be printed may be said in words, in percent: “almost all”; and “very few” up to what is
    /// left of 100.
    pub band_percent: i64,
    /// The least number of people in every part of a distribution, of who helped, of what was left out.
    pub least_part: i64,
    /// The least number of people in a mean.
    pub least_mean: i64,
    /// How many answers of one scheme somebody is taken to know beforehand.
    pub coalition: i64,
    /// The least number of organisations that have sent a KPI in: of two, each would know what the other sent.
    pub least_senders: i64,
    /// The least that is counted: a KPI's numerator, and of a percentage what is left of its denominator too.
    pub least_counted: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            least_n: 10,
            least_each_side: 5,
            band_percent: 80,
            least_part: 10,
            least_mean: 30,
            coalition: 3,
            least_senders: 3,
            least_counted: 10,
        }
    }
}
