//! Response rates in the way of AAPOR, from what became of each person.

use super::rounding::percent;

/// What became of the people who were to be asked, in AAPOR's terms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dispositions {
    /// Complete answers (I).
    pub complete: i64,
    /// Partial answers (P).
    pub partial: i64,
    /// Refused, or broken off too early to count as partial (R).
    pub refused: i64,
    /// Could be asked, but were not reached (NC).
    pub not_reached: i64,
    /// Could be asked, and did not answer for another reason (O).
    pub other: i64,
    /// Not known whether there is anybody to ask (UH).
    pub unknown_whether_anybody: i64,
    /// Not known whether they could be asked, for another reason (UO).
    pub unknown_other: i64,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Who answered.
    pub answered: i64,
    /// Of how many.
    pub of: i64,
}

impl Rate {
    /// As a fraction.
    pub fn fraction(self) -> f64 {
        self.answered as f64 / self.of as f64
    }

    /// In percent, to one decimal, half away from zero.
    pub fn percent(self) -> Option<f64> {
        percent(self.answered, self.of)
    }
}

impl Dispositions {
    /// RR1 = I / ((I+P) + (R+NC+O) + (UH+UO)): the lowest, because whoever may have been to be asked counts as if they were.
    ///
    /// AAPOR, *Standard Definitions*, “Response rates”. `None` when there is nobody, or a count is below 0.
    pub fn rr1(&self) -> Option<Rate> {
        self.rate(self.complete)
    }

    /// RR2: the same with partial answers counted as answers.
    pub fn rr2(&self) -> Option<Rate> {
        self.rate(self.complete.checked_add(self.partial)?)
    }

    fn rate(&self, answered: i64) -> Option<Rate> {
        let all = [
            self.complete,
            self.partial,
            self.refused,
            self.not_reached,
            self.other,
            self.unknown_whether_anybody,
            self.unknown_other,
        ];
        if all.iter().any(|count| *count < 0) {
            return None;
        }
        let of = all.iter().try_fold(0i64, |sum, count| sum.checked_add(*count))?;
        (of > 0).then_some(Rate { answered, of })
    }
}
