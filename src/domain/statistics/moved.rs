//! Whether something moved: by the interval of the difference.

use super::difference::{Difference, newcombe};
use super::wilson::Z95;

/// Which way something moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Up, by more than chance explains.
    Up,
    /// Down, by more than chance explains.
    Down,
    /// Chance can explain the difference, or it is too small to matter.
    NotClear,
}

impl Difference {
    /// Which way this is, if its interval leaves 0 out and it is larger than `least`, the smallest change that matters
    /// (0 if none was laid down beforehand).
    ///
    /// Both, because an interval alone calls any small change real once there are enough people: de Vet and others 2006, Health and Quality
    /// of Life Outcomes 4:54. Such a smallest change is one of groups, never a threshold for one person.
    pub fn moved(self, least: f64) -> Moved {
        if self.low > 0.0 && self.value > least {
            Moved::Up
        } else if self.high < 0.0 && self.value < -least {
            Moved::Down
        } else {
            Moved::NotClear
        }
    }
}

/// How a share moved from `before` to `now`, each `(k, n)`, by Newcombe's 95% interval of the difference.
pub fn moved(before: (i64, i64), now: (i64, i64)) -> Moved {
    moved_by(before, now, 0.0)
}

/// The same, by more than `least`, a fraction.
pub fn moved_by(before: (i64, i64), now: (i64, i64), least: f64) -> Moved {
    newcombe(now, before, Z95).map_or(Moved::NotClear, |difference| difference.moved(least))
}
