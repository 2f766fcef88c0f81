//! Rounding, done once, on output.

/// `100 k / n` to one decimal, half away from zero, from the integers themselves; `None` when `n` is 0.
pub fn percent(k: i64, n: i64) -> Option<f64> {
    if n <= 0 {
        return None;
    }
    let (k, n) = (i128::from(k), i128::from(n));
    let tenths = (2000 * k + n).div_euclid(2 * n);
    i64::try_from(tenths).ok().map(|t| t as f64 / 10.0)
}

/// `value` to `decimals` decimals, half away from zero.
pub fn round_to(value: f64, decimals: i32) -> f64 {
    let factor = 10f64.powi(decimals);
    let rounded = (value * factor).round() / factor;
    if rounded == 0.0 { 0.0 } else { rounded } // never “-0.0”
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_half_away_from_zero_from_integers() {
        for (k, n, expected) in [
            (45, 50, 90.0),
            (1, 3, 33.3),
            (2, 3, 66.7),
            (1, 16, 6.3),
            (1, 2000, 0.1),
            (9, 10, 90.0),
            (0, 7, 0.0),
            (7, 7, 100.0),
            (13, 80, 16.3),
        ] {
            assert_eq!(
                percent(k, n).map(|p| (p * 10.0).round()),
                Some((expected * 10.0_f64).round()),
                "{k}/{n}"
            );
        }
        assert_eq!(percent(1, 0), None);
    }
}
