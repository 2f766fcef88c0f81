//! Safeguarding tasks. What was answered is not among them: only who it is about, which items raised it, and who was told when.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::outbox::{self, MailRow};
use super::schema::safeguarding_tasks as tasks;
use super::{Db, StorageError};
use crate::sealed::Sealed;

/// A task as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = tasks, treat_none_as_default_value = false)]
pub struct TaskRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id, in time order.
    pub id: String,
    /// The response that raised it; none once that is erased.
    pub response_id: Option<String>,
    /// The participant's reference; none if anonymous, or erased.
    pub person: Option<String>,
    /// The items that raised it, as a JSON list; none once the response is erased.
    pub items: Option<String>,
    /// Whether somebody who gives the person support helped, or answered for them.
    pub supporter: bool,
    /// The account that sent or collected the response.
    pub sent_by: Option<String>,
    /// When the answer came.
    pub raised_at: NaiveDateTime,
    /// By when it is to be acknowledged.
    pub due_at: NaiveDateTime,
    /// Who was told: a JSON list of `domain::safeguarding::Told`, sealed.
    pub told: Sealed,
    /// How many were told.
    pub step: i64,
    /// When the next one is told; none while there is nobody else, or once it is acknowledged.
    pub next_at: Option<NaiveDateTime>,
    /// When somebody said that they have seen it.
    pub acknowledged_at: Option<NaiveDateTime>,
    /// Who said so.
    pub acknowledged_by: Option<Sealed>,
}

/// A task to be opened, with the mail that tells the first of it.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// The task.
    pub row: TaskRow,
    /// The mail; none if nobody is named.
    pub mail: Option<MailRow>,
    /// Whether it is routed round somebody, so that the scheme's other systems are not told of it.
    pub guarded: bool,
}

impl TaskRow {
    /// The items that raised it; none once the response is erased.
    pub fn items(&self) -> Result<Option<Vec<String>>, StorageError> {
        Ok(self.items.as_deref().map(serde_json::from_str).transpose()?)
    }
}

/// Opens tasks, each with its mail.
pub fn open(db: &mut Db, new: &[&NewTask]) -> Result<(), StorageError> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<&TaskRow> = new.iter().map(|task| &task.row).collect();
    on!(db, |c| diesel::insert_into(tasks::table).values(rows).execute(c))?;
    outbox::insert(db, &new.iter().filter_map(|task| task.mail.as_ref()).collect::<Vec<_>>())
}

/// The task with this id.
pub fn find(db: &mut Db, scheme_number: i64, id: &str) -> Result<Option<TaskRow>, StorageError> {
    let key = || (scheme_number, id.to_owned());
    Ok(on!(db, |c| tasks::table.find(key()).get_result(c).optional())?)
}

/// Which tasks of a scheme are listed.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only those that nobody has acknowledged.
    pub open: bool,
    /// Before this id.
    pub before: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// Tasks of a scheme, the newest first.
pub fn list(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    listing: &Listing,
) -> Result<Vec<TaskRow>, StorageError> {
    on!(db, |c| {
        let mut query = tasks::table.filter(tasks::scheme_number.eq(scheme_number)).into_boxed();
        if listing.open {
            query = query.filter(tasks::acknowledged_at.is_null());
        }
        if let Some(before) = &listing.before {
            query = query.filter(tasks::id.lt(before));
        }
        Ok(query.order(tasks::id.desc()).limit(listing.limit).load(c)?)
    })
}

/// Tasks about a person, the earliest first.
pub fn of_person(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    person: &str,
) -> Result<Vec<TaskRow>, StorageError> {
    Ok(on!(db, |c| tasks::table
        .filter(tasks::scheme_number.eq(scheme_number))
        .filter(tasks::person.eq(person))
        .order(tasks::id)
        .load(c))?)
}

/// How many tasks, of all schemes, nobody has acknowledged in time.
pub fn count_overdue(db: &mut Db, now: NaiveDateTime) -> Result<i64, StorageError> {
    let overdue = || tasks::table.filter(tasks::acknowledged_at.is_null()).filter(tasks::due_at.lt(now));
    Ok(on!(db, |c| overdue().count().get_result(c))?)
}

/// What decides who sees a task.
#[derive(Debug, Clone, Queryable)]
pub struct RoutedRow {
    /// Whether a supporter helped.
    pub supporter: bool,
    /// The account that sent the response.
    pub sent_by: Option<String>,
    /// By when it is to be acknowledged.
    pub due_at: NaiveDateTime,
}

/// The tasks of a scheme that nobody has acknowledged.
pub fn all_open(db: &mut Db, scheme_number: i64) -> Result<Vec<RoutedRow>, StorageError> {
    Ok(on!(db, |c| tasks::table
        .filter(tasks::scheme_number.eq(scheme_number))
        .filter(tasks::acknowledged_at.is_null())
        .select((tasks::supporter, tasks::sent_by, tasks::due_at))
        .load(c))?)
}

/// Number and id of tasks for which somebody else is to be told by now.
pub fn waiting(db: &mut Db, now: NaiveDateTime, limit: i64) -> Result<Vec<(i64, String)>, StorageError> {
    Ok(on!(db, |c| tasks::table
        .filter(tasks::next_at.le(now))
        .order(tasks::next_at)
        .select((tasks::scheme_number, tasks::id))
        .limit(limit)
        .load(c))?)
}

/// Writes down who has been told, `step` people in all (nobody new, if there is nobody else), if nobody else has done so or acknowledged since `old` was read.
/// Says whether that was so: of several processes that try, one succeeds.
pub fn advance(
    db: &mut Db,
    old: &TaskRow,
    told: &Sealed,
    step: i64,
    next_at: Option<NaiveDateTime>,
) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        tasks::table
            .find((old.scheme_number, &old.id))
            .filter(tasks::step.eq(old.step))
            .filter(tasks::next_at.is_not_null())
            .filter(tasks::acknowledged_at.is_null())
    )
    .set((tasks::told.eq(told), tasks::step.eq(step), tasks::next_at.eq(next_at)))
    .execute(c))?;
    Ok(changed == 1)
}

/// Notes who has seen a task, unless somebody has already; then nobody else is told. Says whether nobody had.
pub fn acknowledge(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    by: &Sealed,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let changed = on!(db, |c| diesel::update(
        tasks::table.find((scheme_number, id)).filter(tasks::acknowledged_at.is_null())
    )
    .set((
        tasks::acknowledged_at.eq(Some(now)),
        tasks::acknowledged_by.eq(Some(by)),
        tasks::next_at.eq(None::<NaiveDateTime>)
    ))
    .execute(c))?;
    Ok(changed == 1)
}

/// Tells the next one now, because the mail to the one told at `step` can never arrive.
pub fn hurry(
    db: &mut Db,
    scheme_number: i64,
    id: &str,
    step: i64,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        tasks::table
            .find((scheme_number, id))
            .filter(tasks::step.eq(step))
            .filter(tasks::next_at.is_not_null())
    )
    .set(tasks::next_at.eq(Some(now)))
    .execute(c))?;
    Ok(())
}

/// Looks again for somebody to tell, because the scheme has named other contacts.
pub fn look_again(db: &mut Recorded<'_>, scheme_number: i64, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        tasks::table
            .filter(tasks::scheme_number.eq(scheme_number))
            .filter(tasks::acknowledged_at.is_null())
            .filter(tasks::next_at.is_null())
    )
    .set(tasks::next_at.eq(Some(now)))
    .execute(c))?;
    Ok(())
}

/// A correction says that a supporter helped: from now on the response's tasks are routed round them.
pub fn note_supporter(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    response_id: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        tasks::table
            .filter(tasks::scheme_number.eq(scheme_number))
            .filter(tasks::response_id.eq(response_id))
    )
    .set(tasks::supporter.eq(true))
    .execute(c))?;
    Ok(())
}

/// The person is erased: no task names them any more.
pub fn forget_person(db: &mut Recorded<'_>, scheme_number: i64, person: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        tasks::table.filter(tasks::scheme_number.eq(scheme_number)).filter(tasks::person.eq(person))
    )
    .set(tasks::person.eq(None::<String>))
    .execute(c))?;
    Ok(())
}

/// The response is erased: whom a task is about and what raised it go; that it was, who was told and who has seen it stay.
pub fn forget_response(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    response_id: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(
        tasks::table
            .filter(tasks::scheme_number.eq(scheme_number))
            .filter(tasks::response_id.eq(response_id))
    )
    .set((
        tasks::response_id.eq(None::<String>),
        tasks::person.eq(None::<String>),
        tasks::items.eq(None::<String>)
    ))
    .execute(c))?;
    Ok(())
}
