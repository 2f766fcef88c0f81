//! Limits on tries: whoever tries many wrong codes or passwords waits. People who answer never meet a puzzle.
//!
//! What is remembered is in memory, for each process; nothing is stored. Each try counts when it begins, so that many at once
//! gain nothing. A wait grows with each failure and ends by itself, so nobody can lock somebody else out for long.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta};

use super::pipe::AtWork;

/// Wrong codes from one address within [`WINDOW`] that are still answered.
const WRONG_CODES: u32 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// The most extracts at a time. Each has a thread and a megabyte or two, and waits for its reader without anything that others need.
const EXTRACTS: usize = 24;
/// The most of them for one account, so that nobody takes every place.
const EXTRACTS_OF_ONE: usize = 6;
/// The most addresses that are remembered.
const REMEMBERED: usize = 50_000;

/// What is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Guarded {
    /// Passwords from one address.
    PasswordFrom,
    /// Passwords for one account, from anywhere.
    PasswordOf,
    /// Codes of a second factor, for one account: only who knows the password comes so far.
    CodeOf,
    /// Links that set an account up, from one address.
    LinkFrom,
    /// Asking for a new password, from one address.
    ForgottenFrom,
    /// Asking for a new password, for one account.
    ForgottenOf,
    /// Complaints from one address.
    ComplaintFrom,
}

impl Guarded {
    /// Tries without a wait; the first and the longest wait in seconds; after how many minutes of rest all is forgotten.
    fn rule(self) -> (u32, i64, i64, i64) {
        match self {
            Self::PasswordFrom => (10, 2, 300, 15),
            // Short: others can cause it.
            Self::PasswordOf => (20, 2, 30, 15),
            Self::CodeOf => (5, 15, 900, 60),
            Self::LinkFrom => (10, 2, 300, 15),
            Self::ForgottenFrom => (5, 30, 900, 60),
            Self::ForgottenOf => (3, 300, 3600, 120),
            Self::ComplaintFrom => (5, 60, 900, 60),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: NaiveDateTime,
    free_at: NaiveDateTime,
}

/// What this process remembers of addresses and accounts; nothing is stored.
#[derive(Default)]
pub struct Limits {
    codes: Mutex<HashMap<String, (Instant, u32)>>,
    tries: Mutex<HashMap<(Guarded, String), Tries>>,
    extracts: Arc<Mutex<Vec<(String, usize)>>>,
    /// Who of them works at a time.
    pub(super) work: Arc<AtWork>,
}

/// A place for one extract; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    taken: Arc<Mutex<Vec<(String, usize)>>>,
    account: String,
    size: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = taken.iter().position(|(of, size)| *of == self.account && *size == self.size) {
            taken.swap_remove(at);
        }
    }
}

/// Why there is no place for an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// The account takes as many as one may.
    OfOne(usize),
    /// All together take as many as there may be.
    OfAll(usize),
}

impl Limits {
    /// Counts a wrong code; false if there were too many.
    pub(super) fn wrong_code(&self, address: &str) -> bool {
        let mut seen = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
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
        let seen = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(address).is_some_and(|(since, count)| since.elapsed() < WINDOW && *count > WRONG_CODES)
    }

    /// Counts a try at `now` as failed until it is known to be none; or says how many seconds to wait, and counts nothing.
    pub(super) fn begin(&self, guarded: Guarded, key: &str, now: NaiveDateTime) -> Result<(), i64> {
        let (free, first, longest, rest) = guarded.rule();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= REMEMBERED {
            tries.retain(|(guarded, _), t| now - t.last < TimeDelta::minutes(guarded.rule().3));
            // So many at once are an attack on memory; who begins again has few tries more.
            if tries.len() >= REMEMBERED {
                tries.clear();
            }
        }
        let fresh = Tries { count: 0, last: now, free_at: now };
        let known = tries.entry((guarded, short(key))).or_insert(fresh);
        if now - known.last >= TimeDelta::minutes(rest) {
            *known = fresh;
        }
        if known.count >= free && known.free_at > now {
            return Err((known.free_at - now).num_seconds().max(1));
        }
        known.count += 1;
        known.last = now;
        if known.count >= free {
            let doublings = (known.count - free).min(20);
            known.free_at = now + TimeDelta::seconds((first << doublings).min(longest));
        }
        Ok(())
    }

    /// A place for an extract of this account, if there is one. One that takes more memory than others takes as many places as `size` says.
    pub(super) fn place(&self, account: &str, size: usize) -> Result<Place, NoPlace> {
        let mut taken = self.extracts.lock().unwrap_or_else(PoisonError::into_inner);
        let own: usize = taken.iter().filter(|(of, _)| of == account).map(|(_, size)| size).sum();
        if own + size > EXTRACTS_OF_ONE {
            return Err(NoPlace::OfOne(EXTRACTS_OF_ONE));
        }
        if taken.iter().map(|(_, size)| size).sum::<usize>() + size > EXTRACTS {
            return Err(NoPlace::OfAll(EXTRACTS));
        }
        taken.push((account.to_owned(), size));
        Ok(Place { taken: self.extracts.clone(), account: account.to_owned(), size })
    }

    /// The try was none: it is not counted. What is known of an account (not of an address) is forgotten.
    pub(super) fn succeeded(&self, guarded: Guarded, key: &str) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        match guarded {
            Guarded::PasswordFrom | Guarded::LinkFrom | Guarded::ForgottenFrom => {
                if let Some(known) = tries.get_mut(&(guarded, short(key))) {
                    known.count = known.count.saturating_sub(1);
                    known.free_at = known.last;
                }
            }
            _ => {
                tries.remove(&(guarded, short(key)));
            }
        }
    }
}

/// As much of a key as is remembered: no address is longer.
fn short(key: &str) -> String {
    key.chars().take(254).collect()
}

/// What one person holds of an address: all of an IPv4 address, and the network half of an IPv6 one.
pub(super) fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_every_place_and_places_come_free() {
        let limits = Limits::default();
        let of_a =
            [limits.place("a", 1), limits.place("a", 3), limits.place("a", 1)].map(|p| p.expect("a place"));
        assert_eq!(limits.place("a", 3).err(), Some(NoPlace::OfOne(6)), "a large one is three");
        let last = limits.place("a", 1).expect("a place");
        assert_eq!(limits.place("a", 1).err(), Some(NoPlace::OfOne(6)));
        let others: Vec<Place> = ["b", "c", "d"]
            .iter()
            .flat_map(|who| [3, 3].map(|size| limits.place(who, size).expect("a place")))
            .collect();
        assert_eq!(limits.place("e", 1).err(), Some(NoPlace::OfAll(24)));
        drop(last);
        assert!(limits.place("e", 3).is_err() && limits.place("e", 1).is_ok());
        drop(of_a);
        assert!(limits.place("e", 3).is_ok() && limits.place("a", 3).is_ok());
        drop(others);
        assert!(limits.extracts.lock().expect("nobody failed").is_empty());
    }

    #[test]
    fn waits_grow_end_and_are_forgotten() {
        let limits = Limits::default();
        let start = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let begin =
            |seconds: i64| limits.begin(Guarded::PasswordOf, "a", start + TimeDelta::seconds(seconds));
        for _ in 0..20 {
            assert_eq!(begin(0), Ok(()));
        }
        assert_eq!(begin(0), Err(2));
        assert_eq!(begin(1), Err(1));
        let mut now = 2;
        let mut waits = Vec::new();
        for _ in 0..6 {
            assert_eq!(begin(now), Ok(()));
            let wait = begin(now).expect_err("a wait");
            waits.push(wait);
            now += wait;
        }
        assert_eq!(waits, [4, 8, 16, 30, 30, 30]);
        assert_eq!(limits.begin(Guarded::PasswordOf, "b", start), Ok(()), "nobody else waits");
        limits.succeeded(Guarded::PasswordOf, "a");
        assert_eq!(begin(now), Ok(()));
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
    }
}
