//! Tables small enough to be checked by hand, and many of them made by lot.

use std::collections::BTreeSet;

use khi::domain::disclosure::table::{Cell, Table, Unit};
use khi::domain::disclosure::{Count, Policy};

use super::draw::Draw;

/// Thresholds so low that everything can be tried.
pub(super) const LOW: Policy = Policy {
    least_n: 6,
    least_each_side: 3,
    band_percent: 80,
    least_part: 4,
    least_mean: 8,
    coalition: 2,
    least_senders: 3,
    least_counted: 6,
};

/// Units, each a scheme with its positive answers of so many people, and figures, each a rank and its units.
pub(super) fn table(units: &[(usize, i64, i64)], cells: &[(u8, &[usize])]) -> Table {
    let unit = |of: &(usize, i64, i64)| Unit { scheme: of.0, count: Count::of(of.1, of.2) };
    let cell = |of: &(u8, &[usize])| Cell { rank: of.0, units: of.1.to_vec(), spread: false };
    Table { units: units.iter().map(unit).collect(), cells: cells.iter().map(cell).collect() }
}

/// A country with one or two regions, in each up to two councils, in each up to `most_units` parts of schemes of at most `most` people;
/// some schemes work in two councils, some parts have nobody in them.
pub(super) fn made(draw: &mut Draw, most_units: usize, most: i64) -> Table {
    let (mut units, mut councils, mut regions) = (Vec::<Unit>::new(), Vec::new(), Vec::new());
    for _ in 0..1 + draw.below(2) {
        let first = units.len();
        for _ in 0..1 + draw.below(2) {
            let from = units.len();
            for _ in 0..1 + draw.below(most_units) {
                let n = if draw.one_in(12) { 0 } else { draw.between(1, most) };
                let rate = draw.one_of(&[0, 20, 50, 50, 50, 80, 90, 100]);
                let positive = (0..n).filter(|_| draw.percent(rate)).count();
                let own = units[from..].iter().map(|unit| unit.scheme).collect::<BTreeSet<_>>();
                let elsewhere = draw.below(units.len());
                let next = units.iter().map(|unit| unit.scheme + 1).max().unwrap_or(0);
                let again = draw.one_in(5) && elsewhere < from && !own.contains(&units[elsewhere].scheme);
                let scheme = if again { units[elsewhere].scheme } else { next };
                units.push(Unit { scheme, count: Count::of(i64::try_from(positive).unwrap_or(0), n) });
            }
            councils.push((from..units.len()).collect::<Vec<usize>>());
        }
        regions.push((first..units.len()).collect::<Vec<usize>>());
    }
    let cell = |rank: u8, units: Vec<usize>, spread: bool| Cell { rank, units, spread };
    let mut cells = vec![cell(0, (0..units.len()).collect(), false)];
    cells.extend(regions.into_iter().map(|units| cell(2, units, false)));
    cells.extend(councils.into_iter().map(|units| cell(3, units, false)));
    let schemes: BTreeSet<usize> = units.iter().map(|unit| unit.scheme).collect();
    for scheme in schemes {
        let own: Vec<usize> = (0..units.len()).filter(|unit| units[*unit].scheme == scheme).collect();
        let spread = own.len() > 1;
        cells.push(cell(4, own, spread));
    }
    Table { units, cells }
}
