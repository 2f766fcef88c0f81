//! Small facts about this database: its settings, and the digest of every published file it has ever been used with.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::on;
use super::schema::{published_files, settings};
use super::{Db, StorageError};

/// The value of a setting.
pub fn find(db: &mut Db, key: &str) -> Result<Option<String>, StorageError> {
    let query = || settings::table.find(key.to_owned()).select(settings::value);
    Ok(on!(db, |c| query().get_result::<String>(c).optional())?)
}

/// Sets a setting.
pub fn set(db: &mut Db, key: &str, value: &str) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(settings::table.find(key)).execute(c)?;
        diesel::insert_into(settings::table)
            .values((settings::key.eq(key), settings::value.eq(value)))
            .execute(c)
    })?;
    Ok(())
}

/// Forgets a setting.
pub fn remove(db: &mut Db, key: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(settings::table.find(key)).execute(c))?;
    Ok(())
}

/// Digests by path of every published file this database knows.
pub fn published_files(db: &mut Db) -> Result<Vec<(String, String)>, StorageError> {
    Ok(on!(db, |c| published_files::table
        .select((published_files::path, published_files::digest))
        .load::<(String, String)>(c))?)
}

/// Paths of the published files that this database has known only since after `at`. What it knew when it was first used came before
/// everything in it, whatever the clock of a demonstration said.
pub fn published_after(db: &mut Db, at: NaiveDateTime) -> Result<Vec<String>, StorageError> {
    let all: Vec<(String, NaiveDateTime)> = on!(db, |c| published_files::table
        .select((published_files::path, published_files::recorded_at))
        .load(c))?;
    let first = all.iter().map(|(_, recorded_at)| *recorded_at).min();
    let later = all.into_iter().filter(|(_, recorded_at)| *recorded_at > at && Some(*recorded_at) > first);
    Ok(later.map(|(path, _)| path).collect())
}

/// Records a newly published file.
pub fn record_published(
    db: &mut Db,
    path: &str,
    digest: &str,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let row = || {
        (
            published_files::path.eq(path),
            published_files::digest.eq(digest),
            published_files::recorded_at.eq(now),
        )
    };
    on!(db, |c| diesel::insert_into(published_files::table)
        .values(row())
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}
