//! Complaints about how somebody's data are handled. What was said, by whom and what was answered is sealed.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::complaints;
use super::{Db, StorageError};
use crate::sealed::Sealed;

/// A complaint as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = complaints, treat_none_as_default_value = false)]
pub struct ComplaintRow {
    /// The scheme that answers; 0: the national body.
    pub scheme_number: i64,
    /// Its id, in time order.
    pub id: String,
    /// By what the person names it.
    pub reference: String,
    /// When it came.
    pub received_at: NaiveDateTime,
    /// By which day it is to be acknowledged.
    pub acknowledge_by: NaiveDate,
    /// Who said what.
    pub said: Sealed,
    /// When somebody told the person that it is being looked at.
    pub acknowledged_at: Option<NaiveDateTime>,
    /// The account that did.
    pub acknowledged_by: Option<String>,
    /// When it was answered.
    pub answered_at: Option<NaiveDateTime>,
    /// The account that did.
    pub answered_by: Option<String>,
    /// What was answered.
    pub answer: Option<Sealed>,
}

/// Adds a complaint.
pub fn insert(db: &mut Recorded<'_>, row: &ComplaintRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(complaints::table).values(row).execute(c))?;
    Ok(())
}

/// The complaints that a scheme (0: the national body) answers, the newest first, at most `limit`.
pub fn list(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    limit: i64,
) -> Result<Vec<ComplaintRow>, StorageError> {
    Ok(on!(db, |c| complaints::table
        .filter(complaints::scheme_number.eq(scheme_number))
        .order(complaints::id.desc())
        .limit(limit)
        .load(c))?)
}

/// How a complaint is doing, without what was said.
#[derive(Debug, Clone, Queryable)]
pub struct StateRow {
    /// The scheme that answers.
    pub scheme_number: i64,
    /// By what the person names it.
    pub reference: String,
    /// When it came.
    pub received_at: NaiveDateTime,
    /// By which day it is to be acknowledged.
    pub acknowledge_by: NaiveDate,
    /// When it was.
    pub acknowledged_at: Option<NaiveDateTime>,
    /// When it was answered.
    pub answered_at: Option<NaiveDateTime>,
}

/// How the complaints that schemes answer are doing, the newest first, at most `limit`.
pub fn states(db: &mut Db, limit: i64) -> Result<Vec<StateRow>, StorageError> {
    Ok(on!(db, |c| complaints::table
        .filter(complaints::scheme_number.gt(0))
        .order(complaints::id.desc())
        .select((
            complaints::scheme_number,
            complaints::reference,
            complaints::received_at,
            complaints::acknowledge_by,
            complaints::acknowledged_at,
            complaints::answered_at,
        ))
        .limit(limit)
        .load(c))?)
}

/// How many complaints that a scheme (0: the national body) answers have not been answered, and how many of those were to be acknowledged
/// before `today` and were not.
pub fn open(db: &mut Db, scheme_number: i64, today: NaiveDate) -> Result<(i64, i64), StorageError> {
    let open = || {
        complaints::table
            .filter(complaints::scheme_number.eq(scheme_number))
            .filter(complaints::answered_at.is_null())
    };
    let late =
        || open().filter(complaints::acknowledged_at.is_null()).filter(complaints::acknowledge_by.lt(today));
    Ok(on!(db, |c| (open().count().get_result(c)?, late().count().get_result(c)?)))
}

/// Notes that the person was told that it is being looked at, unless they were; says whether they were not.
pub fn acknowledge(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    by: &str,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let open = || complaints::table.find((scheme_number, id)).filter(complaints::acknowledged_at.is_null());
    let changed = on!(db, |c| diesel::update(open())
        .set((complaints::acknowledged_at.eq(Some(now)), complaints::acknowledged_by.eq(Some(by))))
        .execute(c))?;
    Ok(changed == 1)
}

/// Notes what was answered, unless something was; says whether nothing was. Who answers has looked at it.
pub fn answer(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    by: &str,
    answer: &Sealed,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    acknowledge(db, scheme_number, id, by, now)?;
    let open = || complaints::table.find((scheme_number, id)).filter(complaints::answered_at.is_null());
    let changed = on!(db, |c| diesel::update(open())
        .set((
            complaints::answered_at.eq(Some(now)),
            complaints::answered_by.eq(Some(by)),
            complaints::answer.eq(Some(answer)),
        ))
        .execute(c))?;
    Ok(changed == 1)
}
