//! Participants and invitations of a scheme. Both change figures, so they are only written inside `use_cases::change_people`.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::on;
use super::schema::{invitations, participants};
use super::{Db, StorageError};
use crate::domain::participant::{Enrolment, Invitation, NotAsked};

#[derive(Queryable, Insertable)]
#[diesel(table_name = participants, treat_none_as_default_value = false)]
struct ParticipantRow {
    scheme_number: i64,
    reference: String,
    council: String,
    supported_from: NaiveDate,
    supported_to: Option<NaiveDate>,
    not_asked_from: Option<NaiveDate>,
    not_asked_reason: Option<String>,
}

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
}

impl InvitationRow {
    /// What counts of it.
    pub fn counted(&self) -> Invitation {
        Invitation {
            questionnaire: self.questionnaire.clone(),
            due_on: self.due_on,
            council: self.council.clone(),
        }
    }
}

/// Adds or replaces participants.
pub fn upsert(db: &mut Db, scheme_number: i64, people: &[(String, Enrolment)]) -> Result<(), StorageError> {
    for chunk in people.chunks(1000) {
        let references: Vec<&str> = chunk.iter().map(|(r, _)| r.as_str()).collect();
        let rows: Vec<ParticipantRow> = chunk
            .iter()
            .map(|(reference, enrolment)| ParticipantRow {
                scheme_number,
                reference: reference.clone(),
                council: enrolment.council.clone(),
                supported_from: enrolment.supported_from,
                supported_to: enrolment.supported_to,
                not_asked_from: enrolment.not_asked.as_ref().map(|n| n.from),
                not_asked_reason: enrolment.not_asked.as_ref().map(|n| n.reason.clone()),
            })
            .collect();
        on!(db, |c| {
            let old = participants::table
                .filter(participants::scheme_number.eq(scheme_number))
                .filter(participants::reference.eq_any(&references));
            diesel::delete(old).execute(c)?;
            diesel::insert_into(participants::table).values(&rows).execute(c)
        })?;
    }
    Ok(())
}

/// The enrolments of these references.
pub fn find(
    db: &mut Db,
    scheme_number: i64,
    references: &[String],
) -> Result<Vec<(String, Enrolment)>, StorageError> {
    let mut found = Vec::new();
    for chunk in references.chunks(1000) {
        let rows: Vec<ParticipantRow> = on!(db, |c| participants::table
            .filter(participants::scheme_number.eq(scheme_number))
            .filter(participants::reference.eq_any(chunk))
            .load(c))?;
        found.extend(rows.into_iter().map(|row| {
            let not_asked = row
                .not_asked_from
                .map(|from| NotAsked { from, reason: row.not_asked_reason.unwrap_or_default() });
            (
                row.reference,
                Enrolment {
                    council: row.council,
                    supported_from: row.supported_from,
                    supported_to: row.supported_to,
                    not_asked,
                },
            )
        }));
    }
    Ok(found)
}

/// Every reference of a scheme that has an enrolment or an invitation.
pub fn references(db: &mut Db, scheme_number: i64) -> Result<Vec<String>, StorageError> {
    let mut all: Vec<String> = on!(db, |c| participants::table
        .filter(participants::scheme_number.eq(scheme_number))
        .select(participants::reference)
        .load(c))?;
    let invited: Vec<String> = on!(db, |c| invitations::table
        .filter(invitations::scheme_number.eq(scheme_number))
        .select(invitations::person)
        .distinct()
        .load(c))?;
    all.extend(invited);
    Ok(all)
}

/// Adds invitations.
pub fn insert_invitations(db: &mut Db, rows: &[InvitationRow]) -> Result<(), StorageError> {
    for chunk in rows.chunks(1000) {
        on!(db, |c| diesel::insert_into(invitations::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// The invitation with this id.
pub fn find_invitation(
    db: &mut Db,
    scheme_number: i64,
    id: &str,
) -> Result<Option<InvitationRow>, StorageError> {
    let key = || (scheme_number, id.to_owned());
    Ok(on!(db, |c| invitations::table.find(key()).first(c).optional())?)
}

/// The invitations of these persons.
pub fn invitations_of(
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
