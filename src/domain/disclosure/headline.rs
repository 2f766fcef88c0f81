//! The minimal release: headline shares of the UK and its nations.

use super::{Policy, Released};
use crate::domain::area::Level;
use crate::domain::figures::{Row, Spread, Status};

/// Keeps, of `rows`, the shares of everybody in the UK or a nation with at least `policy.least_n` people
/// and at least `policy.least_each_side` of them on each side. Where a nation is left out, so is any other single one's
/// complement: if exactly one nation of an indicator were missing, the UK row less the others would give it away, so all nations go.
pub fn release_headlines(rows: Vec<Row>, policy: Policy) -> Released<Vec<Row>> {
    let shares: Vec<Row> = rows
        .into_iter()
        .filter(|r| {
            matches!(r.place.level, Level::Uk | Level::Nation) && r.group.is_none() && r.positive.is_some()
        })
        .collect();
    let sound = |row: &Row| match (row.n, row.positive) {
        (Some(n), Some(positive)) => {
            n >= policy.least_n
                && positive >= policy.least_each_side
                && n - positive >= policy.least_each_side
        }
        _ => false,
    };
    let same_figure = |a: &Row, b: &Row| {
        (&a.indicator, &a.series, &a.model, &a.period) == (&b.indicator, &b.series, &b.model, &b.period)
    };
    let kept: Vec<Row> = shares
        .iter()
        .filter(|row| sound(row))
        .filter(|row| {
            row.place.level == Level::Uk || shares.iter().filter(|other| same_figure(row, other)).all(sound)
        })
        .cloned()
        .map(|row| public_part(row, policy))
        .collect();
    Released(kept)
}

/// The cells of a headline: n, positive, percentage, interval and what belongs to the claim; no parts of fewer people.
/// The UK's distribution (with its *worse*) stays if every count in it is large enough; a nation's never does,
/// because the UK's less the other nations' would give the last one away.
fn public_part(mut row: Row, policy: Policy) -> Row {
    let large = |spread: &Spread| match spread {
        Spread::Counts(counts) => counts.values().all(|c| *c >= policy.least_each_side),
        Spread::Bands(_) => false,
    };
    row.distribution = row.distribution.filter(|spread| row.place.level == Level::Uk && large(spread));
    row.completed_by = None;
    row.without_supporter = None;
    row.left_out = None;
    row.change = None;
    row.open = None;
    row.supported = None;
    row.eligible = None;
    row.status = Status::Shown;
    row
}
