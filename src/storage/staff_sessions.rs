//! Staff who are signed in on pages.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::staff_sessions;
use super::{Db, StorageError};

/// One browser in which a member of staff is signed in.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = staff_sessions, treat_none_as_default_value = false)]
pub struct StaffSessionRow {
    /// Keyed hash of its token.
    pub token_hash: Vec<u8>,
    /// The account.
    pub account_id: String,
    /// The account's session epoch when it began: moving that ends it.
    pub epoch: i64,
    /// When it ends.
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

/// Ends a session.
pub fn delete(db: &mut Db, token_hash: &[u8]) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(staff_sessions::table.find(token_hash)).execute(c))?;
    Ok(())
}
