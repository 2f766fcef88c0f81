//! Means: exact sums in, mean, standard deviation and Student's t interval out.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Z95;

/// Count, sum and sum of squares of people's amounts, each amount times `scale`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// People.
    pub n: i64,
    /// Sum of scaled amounts.
    pub sum: i64,
    /// Sum of squares of scaled amounts.
    pub squares: i64,
    /// The scale.
    pub scale: i64,
}

impl Moments {
    /// The mean.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0 && self.scale > 0).then(|| self.sum as f64 / (self.n as f64 * self.scale as f64))
    }

    /// The sample standard deviation (divisor n − 1).
    pub fn sd(&self) -> Option<f64> {
        if self.n < 2 || self.scale <= 0 {
            return None;
        }
        let (n, sum, squares) = (i128::from(self.n), i128::from(self.sum), i128::from(self.squares));
        let spread = n * squares - sum * sum; // n times the sum of squared deviations, exact
        Some((spread as f64 / (n as f64 * (n - 1) as f64)).sqrt() / self.scale as f64)
    }

    /// The 95% t interval of the mean: mean ± t(0.975, n − 1) · sd / √n.
    pub fn interval95(&self) -> Option<(f64, f64)> {
        let (mean, sd) = (self.mean()?, self.sd()?);
        let half = t975(self.n - 1)? * sd / (self.n as f64).sqrt();
        Some((mean - half, mean + half))
    }
}

/// Sums of two counts per person, for a ratio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RatioMoments {
    /// People.
    pub n: i64,
    /// Sum of numerators.
    pub numerator: i64,
    /// Sum of denominators.
    pub denominator: i64,
    /// Sum of squared numerators.
    pub numerator2: i64,
    /// Sum of squared denominators.
    pub denominator2: i64,
    /// Sum of products.
    pub cross: i64,
}

impl RatioMoments {
    /// Sum over sum.
    pub fn ratio(&self) -> Option<f64> {
        (self.denominator > 0).then(|| self.numerator as f64 / self.denominator as f64)
    }

    /// The 95% interval of the ratio by linearisation (Cochran, *Sampling Techniques*, 6.4), with t(n − 1).
    pub fn interval95(&self) -> Option<(f64, f64)> {
        let ratio = self.ratio()?;
        if self.n < 2 {
            return None;
        }
        let [numerator, denominator, numerator2, denominator2, cross] =
            [self.numerator, self.denominator, self.numerator2, self.denominator2, self.cross]
                .map(i128::from);
        // The sum of squared residuals times the squared denominator: exact, where floats would leave dust of what cancels.
        let residuals = numerator2 * denominator * denominator - 2 * numerator * denominator * cross
            + numerator * numerator * denominator2;
        let (n, below) = (self.n as f64, self.denominator as f64);
        let error = (residuals.max(0) as f64 * n / (n - 1.0)).sqrt() / (below * below);
        let half = t975(self.n - 1)? * error;
        Some((ratio - half, ratio + half))
    }
}

/// Up to this many degrees of freedom the library's search is exact to twelve digits; above, the expansion is.
const MANY: i64 = 1_000;

/// The quantile of Student's t of a two-sided 95% interval; for many degrees by Abramowitz and Stegun 26.7.5.
fn t975(degrees: i64) -> Option<f64> {
    let (z, d) = (Z95, degrees as f64);
    if degrees <= MANY {
        return StudentsT::new(0.0, 1.0, d).ok().map(|t| t.inverse_cdf(0.975));
    }
    let z2 = z * z;
    let first = (z2 + 1.0) / 4.0;
    let second = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    Some(z * (1.0 + first / d + second / (d * d) + third / (d * d * d)))
}

/// The median of values given with how often each occurs, ascending; the mean of the middle two when they differ.
pub fn median(values: &[(i64, i64)]) -> Option<f64> {
    let total: i64 = values.iter().map(|(_, times)| times).sum();
    if total <= 0 {
        return None;
    }
    let at = |rank: i64| {
        let mut seen = 0;
        values.iter().find(|(_, times)| {
            seen += times;
            seen > rank
        })
    };
    let (low, high) = (at((total - 1) / 2)?.0, at(total / 2)?.0);
    Some((low + high) as f64 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_sd_and_interval_of_a_small_sample() {
        // 1, 2, 3, 4: mean 2.5, sd 1.290994, t(3) = 3.182446
        let m = Moments { n: 4, sum: 20, squares: 120, scale: 2 };
        let (low, high) = m.interval95().expect("n = 4");
        assert!(
            (m.mean().expect("mean") - 2.5).abs() < 1e-12
                && (m.sd().expect("sd") - 1.290_994_448_7).abs() < 1e-9
        );
        assert!(
            (low - (2.5 - 3.182_446_305_3 * 1.290_994_448_7 / 2.0)).abs() < 1e-7
                && (high + low - 5.0).abs() < 1e-9
        );
        assert_eq!(Moments { n: 1, sum: 2, squares: 4, scale: 1 }.interval95(), None);
    }

    #[test]
    fn the_median_of_counted_values() {
        assert_eq!(median(&[(5, 1), (6, 2), (12, 1)]), Some(6.0));
        assert_eq!(median(&[(5, 1), (6, 1)]), Some(5.5));
        assert_eq!(median(&[]), None);
    }
}
