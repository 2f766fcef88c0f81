//! Limits by address: whoever tries many wrong codes waits. People who answer never meet a puzzle.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong codes from one address within [`WINDOW`] that are still answered.
const WRONG_CODES: u32 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// The most addresses that are remembered.
const REMEMBERED: usize = 50_000;

/// What this process remembers of addresses; nothing is stored.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<String, (Instant, u32)>>);

impl Limits {
    /// Counts a wrong code; false if there were too many.
    pub(super) fn wrong_code(&self, address: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.retain(|_, (since, _)| since.elapsed() < WINDOW);
        }
        let (since, count) = seen.entry(address.to_owned()).or_insert_with(|| (Instant::now(), 0));
        if since.elapsed() >= WINDOW {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
        *count <= WRONG_CODES
    }

    /// Whether this address tried too many wrong codes just now.
    pub(super) fn is_shut_out(&self, address: &str) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(address).is_some_and(|(since, count)| since.elapsed() < WINDOW && *count > WRONG_CODES)
    }
}
