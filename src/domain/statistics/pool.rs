//! Taking periods together when one alone has too few people.

/// Periods taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pooled {
    /// How many, the newest first.
    pub periods: usize,
    /// Positive answers in them.
    pub k: i64,
    /// Answers in them.
    pub n: i64,
}

/// As few of the newest `periods`, each `(k, n)` and the newest first, as have `minimum` answers together; `None` when all of them have not,
/// or a count cannot be.
///
/// A person who answered in two periods counts in both, so that this is for answers, not for people over a long time.
pub fn pool(periods: &[(i64, i64)], minimum: i64) -> Option<Pooled> {
    let mut pooled = Pooled { periods: 0, k: 0, n: 0 };
    for (k, n) in periods {
        if *k < 0 || k > n {
            return None;
        }
        pooled = Pooled {
            periods: pooled.periods + 1,
            k: pooled.k.checked_add(*k)?,
            n: pooled.n.checked_add(*n)?,
        };
        if pooled.n >= minimum {
            return Some(pooled);
        }
    }
    None
}
