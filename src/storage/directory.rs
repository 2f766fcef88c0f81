//! The directory's version: every process keeps schemes and accounts in memory, and reads them again when this number moves.

use diesel::prelude::*;

use super::connection::on;
use super::schema::directory_version;
use super::{Db, StorageError};

/// The version now.
pub fn version(db: &mut Db) -> Result<i64, StorageError> {
    Ok(on!(db, |c| directory_version::table.select(directory_version::version).get_result(c))?)
}

/// Moves the version; part of every transaction that changes a scheme or an account.
pub fn touch(db: &mut Db) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(directory_version::table)
        .set(directory_version::version.eq(directory_version::version + 1))
        .execute(c))?;
    Ok(())
}
