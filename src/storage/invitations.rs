//! Invitations of a scheme. What counts of them changes figures, so it is only written inside `use_cases::change_people`.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::invitations;
use super::{Db, StorageError};
use crate::domain::participant::Invitation;

/// An invitation to be stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = invitations, treat_none_as_default_value = false)]
pub struct InvitationRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id.
    pub id: String,
    /// The participant's reference.
    pub person: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// When the person is due.
    pub due_on: NaiveDate,
    /// The council responsible.
    pub council: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// The occasion, if known.
    pub occasion: Option<String>,
    /// The last day on which it can be answered.
    pub ends_on: NaiveDate,
    /// When it was answered.
    pub answered_at: Option<NaiveDateTime>,
    /// Whether it ended with an answer begun and not sent.
    pub unfinished: bool,
    /// The day on which the person was asked.
    pub asked_on: NaiveDate,
}

impl InvitationRow {
    /// What counts of it.
    pub fn counted(&self) -> Invitation {
        Invitation {
            questionnaire: self.questionnaire.clone(),
            due_on: self.due_on,
            council: self.council.clone(),
            unfinished: self.unfinished,
        }
    }
}

/// Adds invitations.
pub fn insert(db: &mut Recorded<'_>, rows: &[InvitationRow]) -> Result<(), StorageError> {
    for chunk in rows.chunks(1000) {
        on!(db, |c| diesel::insert_into(invitations::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// The invitation with this id.
pub fn find(db: &mut Db, scheme_number: i64, id: &str) -> Result<Option<InvitationRow>, StorageError> {
    let key = || (scheme_number, id.to_owned());
    Ok(on!(db, |c| invitations::table.find(key()).get_result(c).optional())?)
}

/// The invitations of these persons.
pub fn of_people(
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
) -> Result<Vec<InvitationRow>, StorageError> {
    let mut found = Vec::new();
    for chunk in persons.chunks(1000) {
        let rows: Vec<InvitationRow> = on!(db, |c| invitations::table
            .filter(invitations::scheme_number.eq(scheme_number))
            .filter(invitations::person.eq_any(chunk))
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Invitations of a scheme that were made by `asked_by`, can still be answered on `today`, and have not been.
pub fn open_since(
    db: &mut Db,
    scheme_number: i64,
    today: NaiveDate,
    asked_by: NaiveDate,
) -> Result<Vec<InvitationRow>, StorageError> {
    Ok(on!(db, |c| invitations::table
        .filter(invitations::scheme_number.eq(scheme_number))
        .filter(invitations::ends_on.ge(today))
        .filter(invitations::asked_on.le(asked_by))
        .filter(invitations::answered_at.is_null())
        .order((invitations::person, invitations::id))
        .load(c))?)
}

/// Gives a person until `ends_on` to answer.
pub fn extend(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    ends_on: NaiveDate,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(invitations::table.find((scheme_number, id)))
        .set(invitations::ends_on.eq(ends_on))
        .execute(c))?;
    Ok(())
}

/// Marks an invitation answered.
pub fn mark_answered(
    db: &mut Db,
    scheme_number: i64,
    id: &str,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(invitations::table.find((scheme_number, id)))
        .set(invitations::answered_at.eq(Some(now)))
        .execute(c))?;
    Ok(())
}

/// Marks an invitation that ended with an answer begun and not sent.
pub fn mark_unfinished(db: &mut Db, scheme_number: i64, id: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(invitations::table.find((scheme_number, id)))
        .set(invitations::unfinished.eq(true))
        .execute(c))?;
    Ok(())
}

/// Deletes every invitation of a person, who is erased.
pub fn delete_of(db: &mut Recorded<'_>, scheme_number: i64, person: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        invitations::table
            .filter(invitations::scheme_number.eq(scheme_number))
            .filter(invitations::person.eq(person))
    )
    .execute(c))?;
    Ok(())
}

/// Deletes an invitation that has not been answered; says whether there was one.
pub fn delete_unanswered(db: &mut Recorded<'_>, scheme_number: i64, id: &str) -> Result<bool, StorageError> {
    let gone = on!(db, |c| diesel::delete(
        invitations::table.find((scheme_number, id)).filter(invitations::answered_at.is_null())
    )
    .execute(c))?;
    Ok(gone > 0)
}
