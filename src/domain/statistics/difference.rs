//! Differences of two shares or two means, with their intervals: never by looking whether two intervals overlap.

use super::wilson::wilson;

/// A difference with its interval, in the unit of what is compared: fractions for shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Answers of the same people at two times, people counted by whether each was positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paired {
    /// Positive both times.
    pub both: i64,
    /// Positive the first time only.
    pub first_only: i64,
    /// Positive the second time only.
    pub second_only: i64,
    /// Positive neither time.
    pub neither: i64,
}

/// The share of the first group less that of the second, each `(k, n)`; `None` when a group is empty or has more than everybody.
///
/// Newcombe 1998, Statistics in Medicine 17:873, method 10: Wilson's intervals, put together by square-and-add.
pub fn newcombe((k1, n1): (i64, i64), (k2, n2): (i64, i64), z: f64) -> Option<Difference> {
    let (low1, high1) = wilson(k1, n1, z)?;
    let (low2, high2) = wilson(k2, n2, z)?;
    let (first, second) = (k1 as f64 / n1 as f64, k2 as f64 / n2 as f64);
    let exact = i128::from(k1) * i128::from(n2) - i128::from(k2) * i128::from(n1);
    let value = exact as f64 / (i128::from(n1) * i128::from(n2)) as f64;
    Some(square_and_add(value, (first, low1, high1), (second, low2, high2), 0.0).within_one())
}

/// The share of the second time less that of the first, of the same people; `None` when there is nobody.
///
/// Newcombe 1998, Statistics in Medicine 17:2635, method 10: Wilson's intervals of both shares, put together by square-and-add with the
/// correlation φ of the two answers, whose numerator is brought nearer to 0 by half the people, but not past it, when it is positive.
pub fn newcombe_paired(table: Paired, z: f64) -> Option<Difference> {
    let cells = [table.both, table.first_only, table.second_only, table.neither];
    if cells.iter().any(|cell| *cell < 0) {
        return None;
    }
    let n = cells.iter().try_fold(0i64, |sum, cell| sum.checked_add(*cell))?;
    let (first, second) = (table.both + table.first_only, table.both + table.second_only);
    let (low1, high1) = wilson(first, n, z)?;
    let (low2, high2) = wilson(second, n, z)?;
    let people = n as f64;
    let value = (table.second_only - table.first_only) as f64 / people;
    let (first, second) = (first as f64 / people, second as f64 / people);
    Some(
        square_and_add(value, (second, low2, high2), (first, low1, high1), correlation(&table, n))
            .within_one(),
    )
}

/// φ with Newcombe's correction; 0 when everybody answered alike at one of the times.
fn correlation(table: &Paired, n: i64) -> f64 {
    let [a, b, c, d] = [table.both, table.first_only, table.second_only, table.neither].map(i128::from);
    let margins = [a + b, c + d, a + c, b + d];
    if margins.contains(&0) {
        return 0.0;
    }
    let twice = 2 * (a * d - b * c); // twice, so that half the people is a whole number
    let corrected = if twice > 0 { (twice - i128::from(n)).max(0) } else { twice };
    let root: f64 = margins.iter().map(|margin| (*margin as f64).sqrt()).product();
    corrected as f64 / 2.0 / root
}

/// The mean of the first group less that of the second, each `(mean, low, high)` with an interval of the same level.
///
/// MOVER, the method of variance estimates recovery: Zou and Donner 2008, Statistics in Medicine 27:1693. It needs nothing but what is shown.
pub fn means_difference(first: (f64, f64, f64), second: (f64, f64, f64)) -> Difference {
    square_and_add(first.0 - second.0, first, second, 0.0)
}

/// `first` less `second`, each an estimate with its ends, whose errors correlate by `phi`.
fn square_and_add(value: f64, first: (f64, f64, f64), second: (f64, f64, f64), phi: f64) -> Difference {
    let length = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    Difference {
        value,
        low: value - length(first.0 - first.1, second.2 - second.0),
        high: value + length(first.2 - first.0, second.0 - second.1),
    }
}

impl Difference {
    /// The same with ends that a difference of shares can have.
    fn within_one(self) -> Self {
        Self { low: self.low.max(-1.0), high: self.high.min(1.0), ..self }
    }
}
