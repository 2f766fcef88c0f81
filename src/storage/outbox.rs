//! The outbox: mails and text messages that are to be sent, written in the transaction of the act that causes them, and what became of them.

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
    /// Why it was not taken the last time, or the code of why it was held back; never with an address.
    pub last_error: Option<String>,
    /// How it goes: [`MAIL`] or [`TEXT`].
    pub way: String,
    /// The invitation it carries, if it is for somebody who is asked.
    pub invitation_id: Option<String>,
    /// Which reminder of that invitation it is, from 1; none = the invitation itself.
    pub reminder: Option<i64>,
    /// When it was held back: nothing tries it any more.
    pub stopped_at: Option<NaiveDateTime>,
}

/// By mail.
pub const MAIL: &str = "mail";
/// By text message.
pub const TEXT: &str = "text";

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

/// What is to be tried by now and goes this way, the longest waiting first.
pub fn waiting(db: &mut Db, way: &str, now: NaiveDateTime, limit: i64) -> Result<Vec<MailRow>, StorageError> {
    Ok(on!(db, |c| outbox::table
        .filter(outbox::next_try_at.le(now))
        .filter(outbox::way.eq(way))
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

/// It is held back, for the reason with this code: what it carries is not wanted any more.
pub fn stop(db: &mut Db, id: &str, now: NaiveDateTime, code: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(outbox::table.find(id))
        .set((
            outbox::stopped_at.eq(Some(now)),
            outbox::next_try_at.eq(None::<NaiveDateTime>),
            outbox::last_error.eq(Some(code))
        ))
        .execute(c))?;
    Ok(())
}

/// Holds back everything of this invitation that nobody has tried or that is still to be tried again.
pub fn stop_waiting(
    db: &mut Db,
    scheme_number: i64,
    invitation: &str,
    now: NaiveDateTime,
    code: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        outbox::table
            .filter(outbox::scheme_number.eq(scheme_number))
            .filter(outbox::invitation_id.eq(invitation))
            .filter(outbox::next_try_at.is_not_null())
    )
    .set((
        outbox::stopped_at.eq(Some(now)),
        outbox::next_try_at.eq(None::<NaiveDateTime>),
        outbox::last_error.eq(Some(code))
    ))
    .execute(c))?;
    Ok(())
}

/// Lets what was held back for this reason go after all.
pub fn resume(
    db: &mut Db,
    scheme_number: i64,
    invitation: &str,
    now: NaiveDateTime,
    code: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        outbox::table
            .filter(outbox::scheme_number.eq(scheme_number))
            .filter(outbox::invitation_id.eq(invitation))
            .filter(outbox::stopped_at.is_not_null())
            .filter(outbox::last_error.eq(code))
    )
    .set((
        outbox::stopped_at.eq(None::<NaiveDateTime>),
        outbox::created_at.eq(now), // the days on which it is tried begin anew
        outbox::next_try_at.eq(Some(now)),
        outbox::last_error.eq(None::<String>)
    ))
    .execute(c))?;
    Ok(())
}

/// Tries what waits of this invitation at once.
pub fn hurry(
    db: &mut Db,
    scheme_number: i64,
    invitation: &str,
    now: NaiveDateTime,
) -> Result<usize, StorageError> {
    Ok(on!(db, |c| diesel::update(
        outbox::table
            .filter(outbox::scheme_number.eq(scheme_number))
            .filter(outbox::invitation_id.eq(invitation))
            .filter(outbox::next_try_at.is_not_null())
    )
    .set(outbox::next_try_at.eq(Some(now)))
    .execute(c))?)
}

/// Deletes everything of this invitation, sent or not.
pub fn forget_invitation(db: &mut Db, scheme_number: i64, invitation: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        outbox::table
            .filter(outbox::scheme_number.eq(scheme_number))
            .filter(outbox::invitation_id.eq(invitation))
    )
    .execute(c))?;
    Ok(())
}

/// What was put into the outbox of these invitations, the earliest first.
pub fn of_invitations(db: &mut Db, scheme_number: i64, ids: &[String]) -> Result<Vec<MailRow>, StorageError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(1000) {
        let rows: Vec<MailRow> = on!(db, |c| outbox::table
            .filter(outbox::scheme_number.eq(scheme_number))
            .filter(outbox::invitation_id.eq_any(chunk))
            .order(outbox::id)
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
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
