//! What schemes did with what people said.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::what_was_done;
use super::{Db, StorageError};

/// What was done in one scheme and period.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = what_was_done)]
pub struct DoneRow {
    /// The scheme.
    pub scheme_number: i64,
    /// The period.
    pub period: String,
    /// A JSON array of deeds.
    pub body: String,
    /// When it was written down.
    pub said_at: NaiveDateTime,
    /// By which account.
    pub said_by: String,
}

/// What was done in a scheme in one period.
pub fn find(db: &mut Db, scheme: i64, period: &str) -> Result<Option<DoneRow>, StorageError> {
    Ok(on!(db, |c| what_was_done::table.find((scheme, period)).first(c).optional())?)
}

/// Writes it down, in place of what stood there.
pub fn put(db: &mut Recorded<'_>, row: &DoneRow) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(what_was_done::table.find((row.scheme_number, &row.period))).execute(c)?;
        diesel::insert_into(what_was_done::table).values(row).execute(c)
    })?;
    Ok(())
}
