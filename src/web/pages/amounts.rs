//! Numbers as people read them: commas between thousands, pence where there are pence, a percent sign.

pub(in crate::web::pages) use crate::domain::amounts::{alone_in_unit, decimals, in_unit};
use crate::domain::figures::Interval;
pub(in crate::web::pages) use crate::domain::statement::thousands;

/// The ends of a share's interval: “78.6% to 95.7%”.
pub(in crate::web::pages) fn ends(interval: &Interval) -> String {
    format!("{:.1}% to {:.1}%", interval.low, interval.high)
}

/// A percentage in whole percent, for a place in a drawing.
pub(in crate::web::pages) fn whole_percent(percent: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a percentage")]
    let whole = percent.round().clamp(0.0, 100.0) as i64;
    whole
}
