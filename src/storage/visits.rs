//! Visits on which people are to be asked. At most one a person.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::visits;
use super::{Db, StorageError};

/// A visit as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = visits)]
pub struct VisitRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The participant's reference.
    pub person: String,
    /// Its day.
    pub visit_on: NaiveDate,
    /// When it was booked.
    pub booked_at: NaiveDateTime,
    /// By which account.
    pub booked_by: String,
}

/// Books a visit, in place of one that was booked for the same person.
pub fn put(db: &mut Recorded<'_>, row: &VisitRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(visits::table)
        .values(row)
        .on_conflict((visits::scheme_number, visits::person))
        .do_update()
        .set((
            visits::visit_on.eq(row.visit_on),
            visits::booked_at.eq(row.booked_at),
            visits::booked_by.eq(&row.booked_by),
        ))
        .execute(c))?;
    Ok(())
}

/// The visits of a scheme that are booked for `from` or later, the earliest first.
pub fn list(db: &mut Db, scheme_number: i64, from: NaiveDate) -> Result<Vec<VisitRow>, StorageError> {
    Ok(on!(db, |c| visits::table
        .filter(visits::scheme_number.eq(scheme_number))
        .filter(visits::visit_on.ge(from))
        .order((visits::visit_on, visits::person))
        .load(c))?)
}

/// The visit that is booked to a person.
pub fn of_person(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    person: &str,
) -> Result<Option<VisitRow>, StorageError> {
    Ok(on!(db, |c| visits::table.find((scheme_number, person)).get_result(c).optional())?)
}

/// Forgets the visit to a person.
pub fn delete(db: &mut Recorded<'_>, scheme_number: i64, person: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(visits::table.find((scheme_number, person))).execute(c))?;
    Ok(())
}
