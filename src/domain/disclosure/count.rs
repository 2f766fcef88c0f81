//! People counted together: how many, and how many of them gave a positive answer.

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use super::Policy;

/// A number of people, and those of them whose answer is positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Count {
    /// People.
    pub n: i64,
    /// Those with a positive answer; from 0 to `n`.
    pub positive: i64,
}

impl Count {
    /// `positive` of `n`.
    pub fn of(positive: i64, n: i64) -> Self {
        Self { n, positive }
    }

    /// Those whose answer is not positive.
    pub fn others(self) -> i64 {
        self.n - self.positive
    }

    /// Whether nobody is counted.
    pub fn is_nobody(self) -> bool {
        self.n == 0
    }

    /// Whether a figure of these people may be printed, if it stood alone.
    pub fn fits(self, policy: &Policy) -> bool {
        self.n >= policy.least_n
            && self.positive >= policy.least_each_side
            && self.others() >= policy.least_each_side
    }

    /// Whether it may be known: it fits, or there is nobody in it.
    pub fn is_sound(self, policy: &Policy) -> bool {
        self.is_nobody() || self.fits(policy)
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { n: self.n + other.n, positive: self.positive + other.positive }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Count {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { n: self.n - other.n, positive: self.positive - other.positive }
    }
}

impl std::iter::Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::add)
    }
}
