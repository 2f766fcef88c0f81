//! What a printed percentage gives away: which counts round to it.
//!
//! A percentage with its interval looks like less than the two counts behind it, and is often the same: only 32 of 37 print as 86.5%
//! (72.0 to 94.1). So whoever wants to keep a base secret must know how many counts are left possible.

use std::ops::RangeInclusive;

use crate::domain::statistics::{Z95, wilson};

/// A number as it is printed: `86.5` is 865 with one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    digits: i64,
    decimals: u32,
}

impl Figure {
    /// Reads `86.5`; none if it is no number of at most nine digits, or has a sign.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{rest}");
        let is_number = !whole.is_empty() && digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
        let decimals = u32::try_from(rest.len()).ok()?;
        is_number.then(|| digits.parse().ok()).flatten().map(|digits| Self { digits, decimals })
    }

    /// A hundred, with as many decimals.
    fn hundred(self) -> i64 {
        100 * 10_i64.pow(self.decimals)
    }

    /// The numbers of `n` people that are this percentage of them, rounded half up.
    fn counts(self, n: i64) -> RangeInclusive<i64> {
        // round(k * hundred / n) = digits, in whole numbers: (2 * digits - 1) * n <= 2 * k * hundred < (2 * digits + 1) * n.
        let twice = 2 * self.hundred();
        let least = ((2 * self.digits - 1) * n + twice - 1).div_euclid(twice);
        let most = ((2 * self.digits + 1) * n - 1).div_euclid(twice);
        least.max(0)..=most.min(n)
    }

    /// Whether a fraction prints as this percentage. What is within a millionth of a limit counts as it.
    fn is_of(self, fraction: f64) -> bool {
        let exact = fraction * self.hundred() as f64;
        (exact - self.digits as f64).abs() <= 0.5 + 1e-6
    }
}

/// What is printed of one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prints {
    /// Percentages of the same people.
    pub shares: Vec<Figure>,
    /// Whether each of those people is in exactly one of them.
    pub complete: bool,
    /// Wilson's 95% interval of the first.
    pub interval: Option<(Figure, Figure)>,
    /// Between what the number of people lies: known, in a band, rounded, or only less than something.
    pub base: RangeInclusive<i64>,
}

/// Counts that print so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// People.
    pub n: i64,
    /// How many of them are in each share.
    pub counts: Vec<i64>,
}

impl Prints {
    /// All counts that print so, at most `limit` of them.
    pub fn candidates(&self, limit: usize) -> Vec<Candidate> {
        let mut found = Vec::new();
        for n in (*self.base.start()).max(1)..=*self.base.end() {
            let mut counts = vec![Vec::new()];
            for share in &self.shares {
                counts = counts
                    .into_iter()
                    .flat_map(|before: Vec<i64>| {
                        share.counts(n).map(move |k| before.iter().copied().chain([k]).collect())
                    })
                    .take(limit.saturating_mul(limit))
                    .collect();
            }
            let fits = |counts: &Vec<i64>| {
                let all: i64 = counts.iter().sum();
                (!self.complete || all == n) && counts.first().is_none_or(|k| self.has_interval(*k, n))
            };
            found.extend(counts.into_iter().filter(fits).map(|counts| Candidate { n, counts }));
            if found.len() >= limit {
                found.truncate(limit);
                return found;
            }
        }
        found
    }

    fn has_interval(&self, k: i64, n: i64) -> bool {
        let Some((low, high)) = self.interval else { return true };
        wilson(k, n, Z95).is_some_and(|(from, to)| low.is_of(from) && high.is_of(to))
    }

    /// The counts, if only these print so and they are of fewer than `class` people: then the print hides nothing.
    pub fn told(&self, class: i64) -> Option<Candidate> {
        let mut candidates = self.candidates(2);
        let only = candidates.pop().filter(|only| only.n < class)?;
        candidates.is_empty().then_some(only)
    }
}
