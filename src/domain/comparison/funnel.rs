//! Schemes beside each other, with what chance alone makes of schemes of their size. Others have no names here and no exact places.

use serde::Serialize;

use super::cell::Cell;
use crate::domain::statistics::{Funnel, Standing, Z95, Z998, funnel, round_to};

/// With fewer schemes that are shown there is no funnel.
pub const LEAST_SCHEMES: usize = 5;
/// Numbers of people for which limits are told.
const SIZES: [i64; 16] = [10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000, 2000];

/// A funnel of schemes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunnelSeen {
    /// The share of all schemes together that are shown, in percent, to one decimal.
    pub target_percent: f64,
    /// How many schemes are shown.
    pub schemes: usize,
    /// Whether schemes differ among themselves more than chance explains, so that the limits are wider.
    pub overdispersed: bool,
    /// How many of them are within the 95% limits.
    pub within_95: usize,
    /// How many are outside those and within the 99.8% limits: one in twenty is by chance.
    pub outside_95: usize,
    /// How many are outside the 99.8% limits.
    pub outside_998: usize,
    /// Where the others are, without names: rounded, and in the order of their places.
    pub others: Vec<Dot>,
    /// Where the scheme is; none where it is not shown.
    pub own: Option<OwnDot>,
    /// Limits for schemes of some sizes, up to the largest that is shown (rounded as its place is).
    pub limits: Vec<LimitsAt>,
}

/// A place in the drawing, rounded so that no exact figure can be read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dot {
    /// People, to the nearest five; at least 10.
    pub n: i64,
    /// The share in whole percent.
    pub percent: i64,
    /// Whether several years are taken together in it.
    pub pooled: bool,
}

/// Where the scheme itself is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnDot {
    /// Its place, rounded as those of the others.
    pub dot: Dot,
    /// The limits for its number of people.
    pub limits: LimitsAt,
    /// `within`, `above` or `below` the 99.8% limits.
    pub standing: &'static str,
    /// The same in words.
    pub words: &'static str,
}

/// Limits for a number of people, in percent, to one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LimitsAt {
    /// The number of people.
    pub n: i64,
    /// Lower 99.8% limit.
    pub low_998: f64,
    /// Lower 95% limit.
    pub low_95: f64,
    /// Upper 95% limit.
    pub high_95: f64,
    /// Upper 99.8% limit.
    pub high_998: f64,
}

/// The funnel of the schemes' cells of one indicator; `own` is the scheme's id. None where too few schemes are shown.
pub(super) fn seen(cells: &[&Cell], own: &str) -> Option<FunnelSeen> {
    let shown: Vec<(&Cell, (i64, i64))> = cells.iter().filter_map(|c| Some((*c, c.share()?))).collect();
    if shown.len() < LEAST_SCHEMES {
        return None;
    }
    let shares: Vec<(i64, i64)> = shown.iter().map(|(_, share)| *share).collect();
    let made = funnel(&shares)?;
    let mut seen = FunnelSeen {
        target_percent: round_to(100.0 * made.target(), 1),
        schemes: shown.len(),
        overdispersed: made.overdispersed,
        within_95: 0,
        outside_95: 0,
        outside_998: 0,
        others: Vec::new(),
        own: None,
        limits: Vec::new(),
    };
    for ((cell, (positive, n)), point) in shown.iter().zip(&made.points) {
        match (point.standing, point.share < point.low95 || point.share > point.high95) {
            (Standing::Within, false) => seen.within_95 += 1,
            (Standing::Within, true) => seen.outside_95 += 1,
            _ => seen.outside_998 += 1,
        }
        let dot = Dot::of(*positive, *n, cell.pooled().is_some());
        if cell.place.code == own {
            let (standing, words) = in_words(point.standing);
            seen.own = Some(OwnDot { dot, limits: limits_at(&made, *n), standing, words });
        } else {
            seen.others.push(dot);
        }
    }
    seen.others.sort_unstable();
    let places = seen.others.iter().copied().chain(seen.own.as_ref().map(|own| own.dot));
    let largest = places.map(|dot| dot.n).max().unwrap_or(SIZES[0]);
    let sizes = SIZES.into_iter().filter(|n| *n < largest).chain([largest]);
    seen.limits = sizes.map(|n| limits_at(&made, n)).collect();
    Some(seen)
}

impl Dot {
    /// A rounded place: half away from zero, from whole numbers.
    fn of(positive: i64, n: i64, pooled: bool) -> Self {
        let percent = (200 * positive + n).div_euclid(2 * n);
        Self { n: ((2 * n + 5).div_euclid(10) * 5).max(10), percent, pooled }
    }
}

/// The limits for `n` people, as the funnel's own points have them.
fn limits_at(funnel: &Funnel, n: i64) -> LimitsAt {
    let percent = |share: f64| round_to(100.0 * share, 1);
    let ((low_998, high_998), (low_95, high_95)) = (funnel.limits(n, Z998), funnel.limits(n, Z95));
    LimitsAt {
        n,
        low_998: percent(low_998),
        low_95: percent(low_95),
        high_95: percent(high_95),
        high_998: percent(high_998),
    }
}

fn in_words(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Within => ("within", "Within the expected range."),
        Standing::Above => ("above", "Higher than the expected range. Look into it."),
        Standing::Below => ("below", "Lower than the expected range. Look into it."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_rounded_so_that_no_exact_figure_can_be_read() {
        for (positive, n, place) in
            [(8, 12, (10, 67)), (9, 13, (15, 69)), (30, 32, (30, 94)), (30, 33, (35, 91)), (3, 6, (10, 50))]
        {
            let dot = Dot::of(positive, n, false);
            assert_eq!((dot.n, dot.percent), place, "{positive}/{n}");
        }
    }
}
