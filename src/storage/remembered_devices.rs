//! Browsers that are not asked for an account's second factor for some time.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::remembered_devices;
use super::{Db, StorageError};

/// A browser that is remembered.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = remembered_devices)]
pub struct DeviceRow {
    /// Keyed hash of its token.
    pub token_hash: Vec<u8>,
    /// Its id, by which its holder forgets it.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// The account's session epoch then: moving that ends it.
    pub epoch: i64,
    /// The browser, in few words.
    pub browser: String,
    /// Since when.
    pub began_at: NaiveDateTime,
    /// When it last spared its holder the code.
    pub last_used_at: NaiveDateTime,
    /// When it is forgotten.
    pub ends_at: NaiveDateTime,
}

/// Remembers a browser; what is over is cleared away.
pub fn insert(db: &mut Recorded<'_>, row: &DeviceRow, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(remembered_devices::table.filter(remembered_devices::ends_at.le(now))).execute(c)?;
        diesel::insert_into(remembered_devices::table).values(row).execute(c)
    })?;
    Ok(())
}

/// The browser with this token.
pub fn find(db: &mut Db, token_hash: &[u8]) -> Result<Option<DeviceRow>, StorageError> {
    Ok(on!(db, |c| remembered_devices::table.find(token_hash).get_result(c).optional())?)
}

/// Notes that it was used.
pub fn touch(db: &mut Db, token_hash: &[u8], now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(remembered_devices::table.find(token_hash))
        .set(remembered_devices::last_used_at.eq(now))
        .execute(c))?;
    Ok(())
}

/// Browsers remembered for the account at this epoch that are not over.
pub fn of_account(
    db: &mut Db,
    account_id: &str,
    epoch: i64,
    now: NaiveDateTime,
) -> Result<Vec<DeviceRow>, StorageError> {
    Ok(on!(db, |c| remembered_devices::table
        .filter(remembered_devices::account_id.eq(account_id))
        .filter(remembered_devices::epoch.eq(epoch))
        .filter(remembered_devices::ends_at.gt(now))
        .order(remembered_devices::last_used_at.desc())
        .load(c))?)
}

/// Forgets the account's browser with this id.
pub fn delete_by_id(db: &mut Recorded<'_>, account_id: &str, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        remembered_devices::table
            .filter(remembered_devices::account_id.eq(account_id))
            .filter(remembered_devices::id.eq(id))
    )
    .execute(c))?;
    Ok(())
}

/// Forgets every browser of the account.
pub fn delete_of(db: &mut Recorded<'_>, account_id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        remembered_devices::table.filter(remembered_devices::account_id.eq(account_id))
    )
    .execute(c))?;
    Ok(())
}
