//! Staff who are signed in on pages.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::staff_sessions;
use super::{Db, StorageError};

/// One browser in which a member of staff is signed in, or on the way there.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = staff_sessions, treat_none_as_default_value = false)]
pub struct StaffSessionRow {
    /// Keyed hash of its token.
    pub token_hash: Vec<u8>,
    /// Its id, by which its holder ends it; it lets nobody in.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// The account's session epoch when it began: moving that ends it.
    pub epoch: i64,
    /// What is still to be done before it is a session: nothing, `code` or `factor`.
    pub needs: String,
    /// The browser, in few words.
    pub browser: String,
    /// When its holder signed in.
    pub began_at: NaiveDateTime,
    /// When it was last used, to the minute.
    pub last_used_at: NaiveDateTime,
    /// When its holder last gave a password or a code.
    pub proved_at: NaiveDateTime,
    /// When it ends at the latest.
    pub ends_at: NaiveDateTime,
}

/// Begins a session; those that have ended are cleared away.
pub fn insert(db: &mut Recorded<'_>, row: &StaffSessionRow, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(staff_sessions::table.filter(staff_sessions::ends_at.le(now))).execute(c)?;
        diesel::insert_into(staff_sessions::table).values(row).execute(c)
    })?;
    Ok(())
}

/// The session with this token.
pub fn find(db: &mut Db, token_hash: &[u8]) -> Result<Option<StaffSessionRow>, StorageError> {
    Ok(on!(db, |c| staff_sessions::table.find(token_hash).get_result(c).optional())?)
}

/// Whole sessions of the account at this epoch, the one used last first.
pub fn of_account(db: &mut Db, account_id: &str, epoch: i64) -> Result<Vec<StaffSessionRow>, StorageError> {
    Ok(on!(db, |c| staff_sessions::table
        .filter(staff_sessions::account_id.eq(account_id))
        .filter(staff_sessions::epoch.eq(epoch))
        .filter(staff_sessions::needs.eq(""))
        .order(staff_sessions::last_used_at.desc())
        .load(c))?)
}

/// Notes that a session was used.
pub fn touch(db: &mut Db, token_hash: &[u8], now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(staff_sessions::table.find(token_hash))
        .set(staff_sessions::last_used_at.eq(now))
        .execute(c))?;
    Ok(())
}

/// Ends a session; false if it was over.
pub fn delete(db: &mut Db, token_hash: &[u8]) -> Result<bool, StorageError> {
    Ok(on!(db, |c| diesel::delete(staff_sessions::table.find(token_hash)).execute(c))? == 1)
}

/// Ends the account's session with this id.
pub fn delete_by_id(db: &mut Recorded<'_>, account_id: &str, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        staff_sessions::table
            .filter(staff_sessions::account_id.eq(account_id))
            .filter(staff_sessions::id.eq(id))
    )
    .execute(c))?;
    Ok(())
}

/// Ends every session of the account.
pub fn delete_of(db: &mut Recorded<'_>, account_id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(staff_sessions::table.filter(staff_sessions::account_id.eq(account_id)))
        .execute(c))?;
    Ok(())
}
