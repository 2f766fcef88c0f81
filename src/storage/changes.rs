//! What happened, by id and kind: noted by each act in its own transaction, numbered once committed, read by number.
//!
//! Acts commit in another order than they begin. A number that an act took for itself could become visible after a higher one, and a
//! reader that had gone on would never see it. So acts take no number: [`note`] only adds a row. [`number`] gives numbers to rows that
//! are committed, under one lock that is held until the numbers are committed too. Whatever commits late gets a later number.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::on;
use super::schema::{change_floors, change_numbers, changes, unnumbered_changes as unnumbered};
use super::{Db, StorageError};
use crate::domain::change::ChangeKind;

/// A change as an act notes it.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// The scheme's number.
    pub scheme_number: i64,
    /// What happened.
    pub kind: ChangeKind,
    /// To what: its id, or a participant's reference.
    pub subject: String,
    /// Whether the scheme's own readers are not told of it: a task that is routed round somebody.
    pub guarded: bool,
    /// When.
    pub at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = unnumbered, treat_none_as_default_value = false)]
struct NotedRow<'a> {
    scheme_number: i64,
    kind: &'static str,
    subject: &'a str,
    guarded: bool,
    at: NaiveDateTime,
}

#[derive(Queryable)]
struct UnnumberedRow {
    id: i64,
    scheme_number: i64,
    kind: String,
    subject: String,
    guarded: bool,
    at: NaiveDateTime,
}

/// A change as it is read.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
pub struct ChangeRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its place among all changes.
    pub number: i64,
    /// Its place among those of its scheme that the scheme's own readers see; none if it is not among them.
    pub position: Option<i64>,
    /// What happened.
    pub kind: String,
    /// To what.
    pub subject: String,
    /// When.
    pub at: NaiveDateTime,
}

/// Notes changes: part of the transaction of the act that makes them.
pub fn note(db: &mut Db, new: &[NewChange]) -> Result<(), StorageError> {
    for chunk in new.chunks(2000) {
        let rows: Vec<NotedRow<'_>> = chunk
            .iter()
            .map(|c| NotedRow {
                scheme_number: c.scheme_number,
                kind: c.kind.code(),
                subject: &c.subject,
                guarded: c.guarded,
                at: c.at,
            })
            .collect();
        on!(db, |c| diesel::insert_into(unnumbered::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Whether anything is noted and has no number yet.
pub fn any_unnumbered(db: &mut Db) -> Result<bool, StorageError> {
    let found: Option<i64> = on!(db, |c| unnumbered::table.select(unnumbered::id).first(c).optional())?;
    Ok(found.is_some())
}

/// Gives numbers to at most `most` changes that are noted and committed; says how many it were. Inside a write of its own.
pub fn number(db: &mut Db, most: i64) -> Result<usize, StorageError> {
    // Held until the commit. What is read after this was committed before, or by whoever held it before.
    on!(db, |c| diesel::update(change_numbers::table.find(1_i16))
        .set(change_numbers::last.eq(change_numbers::last))
        .execute(c))?;
    let last: i64 =
        on!(db, |c| change_numbers::table.find(1_i16).select(change_numbers::last).get_result(c))?;
    let noted: Vec<UnnumberedRow> = on!(db, |c| unnumbered::table.order(unnumbered::id).limit(most).load(c))?;
    let mut positions: BTreeMap<i64, i64> = BTreeMap::new();
    let (mut rows, mut ids) = (Vec::with_capacity(noted.len()), Vec::with_capacity(noted.len()));
    for (row, number) in noted.into_iter().zip(last + 1..) {
        let position = if row.guarded {
            None
        } else {
            let next = match positions.get(&row.scheme_number) {
                Some(position) => position + 1,
                None => last_position(db, row.scheme_number)? + 1,
            };
            positions.insert(row.scheme_number, next);
            Some(next)
        };
        ids.push(row.id);
        let UnnumberedRow { scheme_number, kind, subject, at, .. } = row;
        rows.push(ChangeRow { scheme_number, number, position, kind, subject, at });
    }
    let Some(newest) = rows.last().map(|row| row.number) else { return Ok(0) };
    for (rows, ids) in rows.chunks(1000).zip(ids.chunks(1000)) {
        on!(db, |c| diesel::insert_into(changes::table).values(rows).execute(c))?;
        on!(db, |c| diesel::delete(unnumbered::table.filter(unnumbered::id.eq_any(ids))).execute(c))?;
    }
    on!(db, |c| diesel::update(change_numbers::table.find(1_i16))
        .set(change_numbers::last.eq(newest))
        .execute(c))?;
    Ok(rows.len())
}

/// Up to which number (scheme 0), or up to which position of a scheme, changes are deleted because of their age; 0 if none are.
pub fn floor(db: &mut Db, scheme_number: i64) -> Result<i64, StorageError> {
    let found: Option<i64> = on!(db, |c| change_floors::table
        .find(scheme_number)
        .select(change_floors::floor)
        .get_result(c)
        .optional())?;
    Ok(found.unwrap_or(0))
}

/// The newest position of a scheme; 0 if it has none.
pub fn last_position(db: &mut Db, scheme_number: i64) -> Result<i64, StorageError> {
    let found: Option<Option<i64>> = on!(db, |c| changes::table
        .filter(changes::scheme_number.eq(scheme_number))
        .filter(changes::position.is_not_null())
        .select(changes::position)
        .order(changes::position.desc())
        .first(c)
        .optional())?;
    match found.flatten() {
        Some(position) => Ok(position),
        // Its changes may all be deleted: positions are never given again.
        None => floor(db, scheme_number),
    }
}

/// What a scheme's systems were told, or will be, of these subjects, the earliest first.
pub fn about(db: &mut Db, scheme_number: i64, subjects: &[String]) -> Result<Vec<ChangeRow>, StorageError> {
    Ok(on!(db, |c| changes::table
        .filter(changes::scheme_number.eq(scheme_number))
        .filter(changes::subject.eq_any(subjects))
        .filter(changes::position.is_not_null())
        .order(changes::number)
        .load(c))?)
}

/// Changes of all schemes after a number.
pub fn after_number(db: &mut Db, number: i64, limit: i64) -> Result<Vec<ChangeRow>, StorageError> {
    Ok(on!(db, |c| changes::table
        .filter(changes::number.gt(number))
        .order(changes::number)
        .limit(limit)
        .load(c))?)
}

/// Changes of a scheme after a position.
pub fn after_position(
    db: &mut Db,
    scheme_number: i64,
    position: i64,
    limit: i64,
) -> Result<Vec<ChangeRow>, StorageError> {
    Ok(on!(db, |c| changes::table
        .filter(changes::scheme_number.eq(scheme_number))
        .filter(changes::position.gt(position))
        .order(changes::position)
        .limit(limit)
        .load(c))?)
}
