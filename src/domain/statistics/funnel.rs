//! Funnel plots: which schemes differ from all of them together by more than their size explains.

use super::wilson::{Z95, Z998};

/// Shares of several schemes with the limits that chance keeps them within.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// Positive answers of all: with `target_n`, the share that all are compared with.
    pub target_k: i64,
    /// Answers of all.
    pub target_n: i64,
    /// Mean of the squared z scores after winsorising: about 1 if there is nothing but chance.
    pub phi: f64,
    /// Variance between schemes that is added to that of chance; 0 unless overdispersed.
    pub tau2: f64,
    /// Whether schemes differ among themselves more than chance explains, so that the limits are widened.
    pub overdispersed: bool,
    /// The schemes, in the order given.
    pub points: Vec<FunnelPoint>,
}

/// One scheme. All are fractions; limits are within 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelPoint {
    /// Its share.
    pub share: f64,
    /// Lower 95% limit.
    pub low95: f64,
    /// Upper 95% limit.
    pub high95: f64,
    /// Lower 99.8% limit.
    pub low998: f64,
    /// Upper 99.8% limit.
    pub high998: f64,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a scheme stands by the 99.8% limits alone: of many, one in twenty is outside the 95% limits by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Within the expected range.
    Within,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

impl Funnel {
    /// The share that all are compared with.
    pub fn target(&self) -> f64 {
        self.target_k as f64 / self.target_n as f64
    }

    /// The limits of a scheme of `n` people (at least one), as those of the points: p0 ± z √(p0(1−p0)/n + τ²), within 0 and 1.
    pub fn limits(&self, n: i64, z: f64) -> (f64, f64) {
        widened(self.target(), n, self.tau2, z)
    }
}

/// The limits of a share of `n` people where `p0` is the target: p0 ± z √(p0(1−p0)/n), within 0 and 1.
///
/// As OHID and UKHSA draw funnels of proportions (`PHEindicatormethods`). `None` when there is nobody, or no such share.
pub fn limits(p0: f64, n: i64, z: f64) -> Option<(f64, f64)> {
    (n > 0 && (0.0..=1.0).contains(&p0)).then(|| widened(p0, n, 0.0, z))
}

/// p0 ± z √(p0(1−p0)/n + τ²), within 0 and 1.
fn widened(p0: f64, n: i64, tau2: f64, z: f64) -> (f64, f64) {
    let half = z * (p0 * (1.0 - p0) / n as f64 + tau2).sqrt();
    ((p0 - half).max(0.0), (p0 + half).min(1.0))
}

/// A funnel of schemes, each `(k, n)`; `None` when there is none, one has nobody, or one has more positive answers than answers.
///
/// Spiegelhalter 2005, Statistics in Medicine 24:1185. The target is p0 = Σk/Σn. Each scheme's z = (k/n − p0)/s with s² = p0(1−p0)/n; the lowest and highest 10%
/// of z are drawn in to the 10th and 90th percentile (between ranks by straight lines); φ = Σz²/I over the I schemes. There is overdispersion if
/// Iφ > I − 1, and then τ² = (Iφ − (I−1)) / (Σw − Σw²/Σw) with w = 1/s² (Spiegelhalter 2005, Quality and Safety in Health Care 14:347), and limits are
/// p0 ± z √(s² + τ²).
pub fn funnel(schemes: &[(i64, i64)]) -> Option<Funnel> {
    if schemes.is_empty() || schemes.iter().any(|(k, n)| *n <= 0 || *k < 0 || k > n) {
        return None;
    }
    let target_k = schemes.iter().try_fold(0i64, |sum, (k, _)| sum.checked_add(*k))?;
    let target_n = schemes.iter().try_fold(0i64, |sum, (_, n)| sum.checked_add(*n))?;
    let p0 = target_k as f64 / target_n as f64;
    let variance = p0 * (1.0 - p0);
    let (phi, tau2) = if variance > 0.0 { dispersion(schemes, p0, variance) } else { (0.0, 0.0) };
    let point = |(k, n): &(i64, i64)| {
        let share = *k as f64 / *n as f64;
        let (low95, high95) = widened(p0, *n, tau2, Z95);
        let (low998, high998) = widened(p0, *n, tau2, Z998);
        let standing = if share > high998 {
            Standing::Above
        } else if share < low998 {
            Standing::Below
        } else {
            Standing::Within
        };
        FunnelPoint { share, low95, high95, low998, high998, standing }
    };
    let points = schemes.iter().map(point).collect();
    Some(Funnel { target_k, target_n, phi, tau2, overdispersed: tau2 > 0.0, points })
}

/// φ and τ².
fn dispersion(schemes: &[(i64, i64)], p0: f64, variance: f64) -> (f64, f64) {
    let z = |(k, n): &(i64, i64)| (*k as f64 / *n as f64 - p0) / (variance / *n as f64).sqrt();
    let mut scores: Vec<f64> = schemes.iter().map(z).collect();
    scores.sort_unstable_by(f64::total_cmp);
    let (low, high) = (tenths(&scores, 1), tenths(&scores, 9));
    let squares: f64 = scores.iter().map(|z| z.clamp(low, high).powi(2)).sum();
    let count = scores.len() as f64;
    let weight = |(_, n): &(i64, i64)| *n as f64 / variance;
    let weights: f64 = schemes.iter().map(weight).sum();
    let squared: f64 = schemes.iter().map(|scheme| weight(scheme).powi(2)).sum();
    let above = squares - (count - 1.0);
    let tau2 = if above > 0.0 { above / (weights - squared / weights) } else { 0.0 };
    (squares / count, tau2)
}

/// The quantile of `tenths` tenths of ascending numbers; between two ranks on the straight line (Hyndman and Fan's type 7).
fn tenths(ascending: &[f64], tenths: usize) -> f64 {
    let at = (ascending.len() - 1) * tenths;
    let (rank, part) = (at / 10, (at % 10) as f64 / 10.0);
    let next = ascending[(rank + 1).min(ascending.len() - 1)];
    ascending[rank] + part * (next - ascending[rank])
}
