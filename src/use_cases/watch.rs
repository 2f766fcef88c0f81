//! The few numbers that an operator watches. None of them is about a person.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::take_backup::{BACKUP_FAILING, LAST_BACKUP};
use crate::storage::{StorageError, Store, outbox, settings, tasks};

/// A mail that waits longer has met more than a hiccup of the mail server.
const LATE: TimeDelta = TimeDelta::hours(1);
/// How long a mail that was given up is spoken of.
const RECENT: TimeDelta = TimeDelta::days(7);

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// When the last backup was proved to be whole.
    pub last_backup: Option<DateTime<Utc>>,
    /// Since when backups have failed.
    pub backup_failing: Option<DateTime<Utc>>,
    /// Mails that have waited for more than an hour.
    pub mail_late: i64,
    /// Mails that were given up within seven days.
    pub mail_given_up: i64,
    /// Safeguarding tasks that nobody has acknowledged in time.
    pub tasks_overdue: i64,
}

/// Reads it.
pub fn watch(store: &Store, now: NaiveDateTime) -> Result<Watched, StorageError> {
    store.read(|db| {
        let mut time = |key| {
            let found = settings::find(db, key)?.and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
            Ok::<_, StorageError>(found.map(|at| at.with_timezone(&Utc)))
        };
        let (last_backup, backup_failing) = (time(LAST_BACKUP)?, time(BACKUP_FAILING)?);
        let (mail_late, mail_given_up) = outbox::in_trouble(db, now - LATE, now - RECENT)?;
        let tasks_overdue = tasks::count_overdue(db, now)?;
        Ok(Watched { last_backup, backup_failing, mail_late, mail_given_up, tasks_overdue })
    })
}
