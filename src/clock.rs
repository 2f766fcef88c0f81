//! The one source of the time. Everything else is handed it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Timelike, Utc};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the only place that asks the computer for the time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that is set by hand, for tests and the demo.
#[derive(Debug)]
pub struct SetClock(std::sync::Mutex<DateTime<Utc>>);

impl SetClock {
    /// A clock that stands at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(std::sync::Mutex::new(now))
    }

    /// Sets it.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Now as it is stored: UTC, to the microsecond (PostgreSQL keeps no more, and both engines must compare alike).
pub fn stored_now(clock: &dyn Clock) -> NaiveDateTime {
    clock.now().naive_utc().trunc_subsecs(6)
}

/// Today in Europe/London, where every scheme is.
pub fn today(clock: &dyn Clock) -> NaiveDate {
    clock.now().with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// Whether it is a time of day, in Europe/London, at which people may be written to unasked: from nine to seven.
pub fn is_day(clock: &dyn Clock) -> bool {
    (9..19).contains(&clock.now().with_timezone(&chrono_tz::Europe::London).hour())
}

/// The day of a stored time in Europe/London.
pub fn day_of(at: NaiveDateTime) -> NaiveDate {
    at.and_utc().with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// A stored time as the API writes it: RFC 3339, UTC, with microseconds.
pub fn written(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A stored time for people to read: `20 July 2026 at 10:00`, as clocks in London show it.
pub fn in_words(at: NaiveDateTime) -> String {
    at.and_utc().with_timezone(&chrono_tz::Europe::London).format("%-d %B %Y at %H:%M").to_string()
}
