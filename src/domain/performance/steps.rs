//! Which returned periods make up a period that is asked for.

use crate::domain::definition::{Kpi, OverTime, Rhythm};
use crate::domain::period::{Period, Quarter};

/// The returns that are added up for `kpi` in `period`; none where it has no figure for such a period.
///
/// What happens in a period adds up over its quarters or years. What is so on the last day is that of the last of them: a return that is
/// missing then is missing, and no earlier one stands in for it.
pub fn steps(kpi: &Kpi, period: Period) -> Vec<Period> {
    let Some(sent) = kpi.sent() else { return Vec::new() };
    let mut steps: Vec<Period> = match kpi.period {
        Rhythm::Quarter => quarters(period).map(Period::Quarter).collect(),
        Rhythm::Year => years(period),
    };
    if sent.over_time == OverTime::Stock && steps.len() > 1 {
        steps.drain(..steps.len() - 1);
    }
    steps
}

fn quarters(period: Period) -> impl Iterator<Item = Quarter> {
    let (first, last) = period.quarters();
    (0..).map(move |step| first.plus(step)).take_while(move |quarter| *quarter <= last)
}

/// The financial years of a period that is made of whole ones.
fn years(period: Period) -> Vec<Period> {
    match period {
        Period::Year(year) => vec![Period::Year(year)],
        Period::ThreeYears(last) => (last - 2..=last).map(Period::Year).collect(),
        Period::Quarter(_) | Period::TwelveMonths(_) => Vec::new(),
    }
}
