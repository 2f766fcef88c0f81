//! Data keys, wrapped: with them names and people's own words are sealed. `vault` unwraps them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::data_keys;
use super::{Db, StorageError, directory};

/// A data key.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = data_keys, treat_none_as_default_value = false)]
pub struct DataKeyRow {
    /// The scheme's number; 0 for the national body.
    pub scheme_number: i64,
    /// 1, and one more with each rotation.
    pub generation: i64,
    /// The name of the key that wraps it.
    pub wrapping_key: String,
    /// The key, wrapped; none once it is destroyed.
    pub wrapped: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: NaiveDateTime,
}

/// Every data key, by scheme and generation.
pub fn all(db: &mut Db) -> Result<Vec<DataKeyRow>, StorageError> {
    Ok(on!(db, |c| data_keys::table.order((data_keys::scheme_number, data_keys::generation)).load(c))?)
}

/// The key of this scheme and generation.
pub fn find(db: &mut Db, scheme_number: i64, generation: i64) -> Result<Option<DataKeyRow>, StorageError> {
    Ok(on!(db, |c| data_keys::table.find((scheme_number, generation)).get_result(c).optional())?)
}

/// Adds keys; one that is there already stays.
pub fn insert(db: &mut Db, rows: &[DataKeyRow]) -> Result<(), StorageError> {
    for chunk in rows.chunks(1000) {
        on!(db, |c| diesel::insert_into(data_keys::table).values(chunk).on_conflict_do_nothing().execute(c))?;
    }
    // Every process reads the keys again when the directory moves.
    directory::touch(db)
}

/// Wraps a key with another one, if it is still wrapped as in `old`.
pub fn rewrap(
    db: &mut Db,
    old: &DataKeyRow,
    wrapping_key: &str,
    wrapped: Vec<u8>,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        data_keys::table
            .find((old.scheme_number, old.generation))
            .filter(data_keys::wrapping_key.eq(&old.wrapping_key))
            .filter(data_keys::wrapped.is_not_null())
    )
    .set((data_keys::wrapping_key.eq(wrapping_key), data_keys::wrapped.eq(Some(&wrapped))))
    .execute(c))?;
    Ok(())
}

/// The secret file is lost for good: what the keys sealed can never be read again.
pub fn give_up(db: &mut Db) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(data_keys::table).set(data_keys::wrapped.eq(None::<Vec<u8>>)).execute(c))?;
    Ok(())
}

/// Destroys one key of a scheme, or all that it has; says how many.
pub fn destroy(db: &mut Recorded<'_>, scheme_number: i64, only: Option<i64>) -> Result<usize, StorageError> {
    let (first, last) = (only.unwrap_or(0), only.unwrap_or(i64::MAX));
    let destroyed = on!(db, |c| diesel::update(
        data_keys::table
            .filter(data_keys::scheme_number.eq(scheme_number))
            .filter(data_keys::generation.between(first, last))
            .filter(data_keys::wrapped.is_not_null())
    )
    .set(data_keys::wrapped.eq(None::<Vec<u8>>))
    .execute(c))?;
    directory::touch(db)?;
    Ok(destroyed)
}
