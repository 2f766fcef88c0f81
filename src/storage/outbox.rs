//! The outbox: mail that is to be sent, written in the transaction of the act that causes it, and what became of it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::on;
use super::schema::outbox;
use super::{Db, StorageError};
use crate::sealed::Sealed;

/// A mail.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub struct MailRow {
    /// Its id, which makes its Message-ID.
    pub id: String,
    /// The scheme it is about.
    pub scheme_number: Option<i64>,
    /// What it is for.
    pub kind: String,
    /// What it tells of, or leads to: a safeguarding task, or the link of an account.
    pub task_id: Option<String>,
    /// The how-manieth person it tells of that task.
    pub step: Option<i64>,
    /// Whom it is for.
    pub to_name: Sealed,
    /// Where they read mail.
    pub to_address: Sealed,
    /// Its subject.
    pub subject: Sealed,
    /// Its words. A link that is worth protecting is not among them: it is filled in when the mail is sent.
    pub body: Sealed,
    /// When it was written.
    pub created_at: NaiveDateTime,
    /// When it is tried next; none once it is sent or given up.
    pub next_try_at: Option<NaiveDateTime>,
    /// How often it was tried.
    pub attempts: i64,
    /// When the mail server took it.
    pub sent_at: Option<NaiveDateTime>,
    /// When it was given up.
    pub failed_at: Option<NaiveDateTime>,
    /// Why it was not taken the last time; never with an address.
    pub last_error: Option<String>,
}

/// Puts mails into the outbox.
pub fn insert(db: &mut Db, mails: &[&MailRow]) -> Result<(), StorageError> {
    if !mails.is_empty() {
        on!(db, |c| diesel::insert_into(outbox::table).values(mails.to_vec()).execute(c))?;
    }
    Ok(())
}

/// Takes back a mail that nobody has tried yet.
pub fn take_back(db: &mut Db, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(outbox::table.find(id)).execute(c))?;
    Ok(())
}

/// Mails that are to be tried by now, the longest waiting first.
pub fn waiting(db: &mut Db, now: NaiveDateTime, limit: i64) -> Result<Vec<MailRow>, StorageError> {
    Ok(on!(db, |c| outbox::table
        .filter(outbox::next_try_at.le(now))
        .order(outbox::next_try_at)
        .limit(limit)
        .load(c))?)
}

/// Takes a mail to try it: until `until` no other process does. Says whether it was still there to be taken.
pub fn claim(db: &mut Db, mail: &MailRow, until: NaiveDateTime) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        outbox::table
            .find(&mail.id)
            .filter(outbox::attempts.eq(mail.attempts))
            .filter(outbox::next_try_at.eq(mail.next_try_at))
    )
    .set((outbox::attempts.eq(mail.attempts + 1), outbox::next_try_at.eq(Some(until))))
    .execute(c))?;
    Ok(changed == 1)
}

/// The mail server took it.
pub fn mark_sent(db: &mut Db, id: &str, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(outbox::table.find(id))
        .set((
            outbox::sent_at.eq(Some(now)),
            outbox::next_try_at.eq(None::<NaiveDateTime>),
            outbox::last_error.eq(None::<String>)
        ))
        .execute(c))?;
    Ok(())
}

/// It was not taken, and is tried again.
pub fn postpone(db: &mut Db, id: &str, until: NaiveDateTime, why: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(outbox::table.find(id))
        .set((outbox::next_try_at.eq(Some(until)), outbox::last_error.eq(Some(why))))
        .execute(c))?;
    Ok(())
}

/// It is given up.
pub fn mark_failed(db: &mut Db, id: &str, now: NaiveDateTime, why: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(outbox::table.find(id))
        .set((
            outbox::failed_at.eq(Some(now)),
            outbox::next_try_at.eq(None::<NaiveDateTime>),
            outbox::last_error.eq(Some(why))
        ))
        .execute(c))?;
    Ok(())
}

/// What became of the mails that tell of these tasks.
pub fn of_tasks(db: &mut Db, scheme_number: i64, task_ids: &[String]) -> Result<Vec<MailRow>, StorageError> {
    let mut found = Vec::new();
    for chunk in task_ids.chunks(1000) {
        let rows: Vec<MailRow> = on!(db, |c| outbox::table
            .filter(outbox::scheme_number.eq(scheme_number))
            .filter(outbox::task_id.eq_any(chunk))
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// How many mails written before `before` still wait, and how many were given up after `since`.
pub fn in_trouble(
    db: &mut Db,
    before: NaiveDateTime,
    since: NaiveDateTime,
) -> Result<(i64, i64), StorageError> {
    let late =
        || outbox::table.filter(outbox::next_try_at.is_not_null()).filter(outbox::created_at.lt(before));
    let given_up = || outbox::table.filter(outbox::failed_at.ge(since));
    Ok(on!(db, |c| (late().count().get_result(c)?, given_up().count().get_result(c)?)))
}

/// Takes every mail that waits as sent when it was written: for data that is made up.
pub fn pretend_sent(db: &mut Db) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(outbox::table.filter(outbox::next_try_at.is_not_null()))
        .set((
            outbox::sent_at.eq(outbox::created_at.nullable()),
            outbox::next_try_at.eq(None::<NaiveDateTime>),
            outbox::attempts.eq(1)
        ))
        .execute(c))?;
    Ok(())
}
