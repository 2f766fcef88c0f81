//! Groups of which nearly all answer: intervals for that group on that day.
//!
//! They say how far the answers of those who were not asked may be away, and nothing else. Whether a scheme is better than another, or than
//! last year, is asked of people who might as well have been supported there; for that, the wider intervals without correction are right.

use super::wilson::score;

/// The margin of error of a share `p` of `n` people drawn from `population`: z √(p(1−p)/n · (N−n)/(N−1)), as a fraction.
///
/// `None` when nobody answered or more than everybody. The share is usually not known and 0.5 is taken, which gives the largest margin: so the
/// NHS survey of adult carers, methodology 2023-24, appendix D. Cochran, *Sampling Techniques*, 3.2.
pub fn margin(n: i64, population: i64, z: f64, p: f64) -> Option<f64> {
    if n <= 0 || n > population || !(0.0..=1.0).contains(&p) {
        return None;
    }
    if n == population {
        return Some(0.0);
    }
    Some(z * (p * (1.0 - p) / effective(n, population)).sqrt())
}

/// Wilson's interval of `k` of `n` people out of `population`, as fractions: that of n(N−1)/(N−n) people. A point when everybody answered.
///
/// `None` when nobody answered or more than everybody. The finite population correction (N−n)/(N−1) of Cochran, *Sampling Techniques*, 3.2, put
/// into Wilson's formula as a larger number of people.
pub fn wilson_finite(k: i64, n: i64, population: i64, z: f64) -> Option<(f64, f64)> {
    if n > population {
        return None;
    }
    if n == population {
        return (n > 0 && (0..=n).contains(&k)).then(|| (k as f64 / n as f64, k as f64 / n as f64));
    }
    score(k, n, effective(n, population), z)
}

/// n(N−1)/(N−n), which is above `n`; of `n` below `population`.
fn effective(n: i64, population: i64) -> f64 {
    let (n, population) = (i128::from(n), i128::from(population));
    (n * (population - 1)) as f64 / (population - n) as f64
}

/// How many answers are needed of `population` people, where `base` would be of people without number: M = B/(1+(B−1)/N).
///
/// Cochran, *Sampling Techniques*, 4.4, as national surveys of care in Scotland use it with 150 for ±8 points. `None` when either is not above 0.
pub fn sample_size(base: i64, population: i64) -> Option<f64> {
    let (above, below) = sample(base, population)?;
    Some(above as f64 / below as f64)
}

/// The same as whole people: never fewer than that.
pub fn sample_needed(base: i64, population: i64) -> Option<i64> {
    let (above, below) = sample(base, population)?;
    i64::try_from((above + below - 1) / below).ok()
}

/// B N / (N + B − 1), which is the same.
fn sample(base: i64, population: i64) -> Option<(i128, i128)> {
    let (base, population) = (i128::from(base), i128::from(population));
    (base > 0 && population > 0).then(|| (base * population, population + base - 1))
}
