//! Targets: what places have set themselves.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::targets;
use super::{Db, StorageError};

/// A target.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = targets)]
pub struct TargetRow {
    /// The area's code, or the scheme's id.
    pub place: String,
    /// What it is of: a KPI, or an indicator with `khi:` before it (`domain::performance::Aim`).
    pub kpi: String,
    /// The period.
    pub period: String,
    /// In hundredths of its unit.
    pub value: i64,
    /// When it was set.
    pub set_at: NaiveDateTime,
    /// By which account.
    pub set_by: String,
}

/// The targets of a place.
pub fn of_place(db: &mut Db, place: &str) -> Result<Vec<TargetRow>, StorageError> {
    Ok(on!(db, |c| targets::table
        .filter(targets::place.eq(place))
        .order((targets::period.desc(), targets::kpi))
        .load(c))?)
}

/// The targets of every place for these periods.
pub fn of_periods(db: &mut Db, periods: &[String]) -> Result<Vec<TargetRow>, StorageError> {
    Ok(on!(db, |c| targets::table.filter(targets::period.eq_any(periods)).load(c))?)
}

/// Sets a target, in place of one that was set before.
pub fn set(db: &mut Recorded<'_>, row: &TargetRow) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(targets::table.find((&row.place, &row.kpi, &row.period))).execute(c)?;
        diesel::insert_into(targets::table).values(row).execute(c)
    })?;
    Ok(())
}

/// Takes a target back.
pub fn remove(db: &mut Recorded<'_>, place: &str, kpi: &str, period: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(targets::table.find((place, kpi, period))).execute(c))?;
    Ok(())
}
