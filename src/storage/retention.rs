//! How long each class of data is kept: what somebody said, nationally (scheme 0) or for a scheme.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::retention_settings;
use super::{Db, StorageError};

/// A setting as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = retention_settings, treat_none_as_default_value = false)]
pub struct SettingRow {
    /// The scheme's number; 0: nationally.
    pub scheme_number: i64,
    /// The class.
    pub class: String,
    /// From which day on.
    pub valid_from: NaiveDate,
    /// For how long; none: as the national body says, or as usual.
    pub keep: Option<i64>,
    /// Why.
    pub reason: String,
    /// What that rests on.
    pub source: String,
    /// The account that said so.
    pub set_by: String,
    /// When.
    pub set_at: NaiveDateTime,
}

/// The settings of these schemes (0: the national ones), the earliest first.
pub fn settings_of(db: &mut Db, schemes: &[i64]) -> Result<Vec<SettingRow>, StorageError> {
    Ok(on!(db, |c| retention_settings::table
        .filter(retention_settings::scheme_number.eq_any(schemes))
        .order((retention_settings::scheme_number, retention_settings::class, retention_settings::valid_from))
        .load(c))?)
}

/// Stores settings; those of the same class and day are replaced, and those of later days, which were to follow, go.
pub fn put_settings(db: &mut Recorded<'_>, rows: &[SettingRow]) -> Result<(), StorageError> {
    for row in rows {
        on!(db, |c| {
            diesel::delete(
                retention_settings::table
                    .filter(retention_settings::scheme_number.eq(row.scheme_number))
                    .filter(retention_settings::class.eq(&row.class))
                    .filter(retention_settings::valid_from.ge(row.valid_from)),
            )
            .execute(c)?;
            diesel::insert_into(retention_settings::table).values(row).execute(c)
        })?;
    }
    Ok(())
}
