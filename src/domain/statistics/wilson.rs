//! Wilson's score interval for a proportion.

/// The normal quantile of a two-sided 95% interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// The normal quantile of a two-sided 99.8% interval.
pub const Z998: f64 = 3.090_232_306_167_813;

/// Wilson's score interval without continuity correction for `k` of `n`, as fractions; `None` when `n` is 0.
///
/// Wilson 1927; as used by OHID for proportions. Exactly 0 below when `k` is 0, exactly 1 above when `k` is `n`.
pub fn wilson(k: i64, n: i64, z: f64) -> Option<(f64, f64)> {
    score(k, n, n as f64, z)
}

/// The same, with the share of `k` in `n` and the width of `size` people, which need not be a whole number.
pub(super) fn score(k: i64, n: i64, size: f64, z: f64) -> Option<(f64, f64)> {
    if n <= 0 || k < 0 || k > n {
        return None;
    }
    let p = k as f64 / n as f64;
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * size)) / (1.0 + z2 / size);
    let half = z / (1.0 + z2 / size) * (p * (1.0 - p) / size + z2 / (4.0 * size * size)).sqrt();
    let low = if k == 0 { 0.0 } else { (centre - half).clamp(0.0, p) };
    let high = if k == n { 1.0 } else { (centre + half).clamp(p, 1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_five_of_fifty_is_78_6_to_95_7() {
        let (low, high) = wilson(45, 50, Z95).expect("n > 0");
        assert!((low - 0.786_398).abs() < 1e-6 && (high - 0.956_524).abs() < 1e-6, "{low} {high}");
    }

    proptest::proptest! {
        #[test]
        fn the_interval_holds_the_share_and_stays_within_0_and_1(n in 1i64..100_000, share in 0.0f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, reason = "at most n")]
            let k = ((n as f64) * share).floor() as i64;
            let (low, high) = wilson(k, n, Z95).expect("n > 0");
            let p = k as f64 / n as f64;
            proptest::prop_assert!((0.0..=p).contains(&low) && (p..=1.0).contains(&high));
            proptest::prop_assert_eq!((k == 0, k == n), (low <= 0.0, high >= 1.0));
        }
    }
}
