//! Participants of a scheme, and how they like to be asked. When they are supported changes figures, so that is only written
//! inside `use_cases::change_people`.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{invitations, participant_needs, participants};
use super::{Db, StorageError};
use crate::domain::answering::Look;
use crate::domain::participant::{Enrolment, NotAsked};

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
    about: String,
}

/// Adds or replaces participants.
pub fn upsert(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    people: &[(String, Enrolment)],
) -> Result<(), StorageError> {
    for chunk in people.chunks(1000) {
        let references: Vec<&str> = chunk.iter().map(|(r, _)| r.as_str()).collect();
        let rows: Vec<ParticipantRow> = chunk
            .iter()
            .map(|(reference, enrolment)| {
                Ok(ParticipantRow {
                    scheme_number,
                    reference: reference.clone(),
                    council: enrolment.council.clone(),
                    supported_from: enrolment.supported_from,
                    supported_to: enrolment.supported_to,
                    not_asked_from: enrolment.not_asked.as_ref().map(|n| n.from),
                    not_asked_reason: enrolment.not_asked.as_ref().map(|n| n.reason.clone()),
                    about: serde_json::to_string(&enrolment.about)?,
                })
            })
            .collect::<Result<_, StorageError>>()?;
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
        for row in rows {
            let not_asked = row
                .not_asked_from
                .map(|from| NotAsked { from, reason: row.not_asked_reason.unwrap_or_default() });
            let enrolment = Enrolment {
                council: row.council,
                supported_from: row.supported_from,
                supported_to: row.supported_to,
                not_asked,
                about: serde_json::from_str(&row.about)?,
            };
            found.push((row.reference, enrolment));
        }
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

/// How a participant likes to be asked, if that is known.
pub fn needs(db: &mut Db, scheme_number: i64, reference: &str) -> Result<Option<Look>, StorageError> {
    let found: Option<String> = on!(db, |c| participant_needs::table
        .find((scheme_number, reference))
        .select(participant_needs::needs)
        .get_result(c)
        .optional())?;
    Ok(found.map(|needs| serde_json::from_str(&needs)).transpose()?)
}

/// Keeps how a participant likes to be asked.
pub fn set_needs(
    db: &mut Db,
    scheme_number: i64,
    reference: &str,
    needs: &Look,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let needs = serde_json::to_string(needs)?;
    let row = || {
        (
            participant_needs::scheme_number.eq(scheme_number),
            participant_needs::reference.eq(reference),
            participant_needs::needs.eq(&needs),
            participant_needs::updated_at.eq(now),
        )
    };
    let columns = (participant_needs::scheme_number, participant_needs::reference);
    let newest = || (participant_needs::needs.eq(&needs), participant_needs::updated_at.eq(now));
    on!(db, |c| diesel::insert_into(participant_needs::table)
        .values(row())
        .on_conflict(columns)
        .do_update()
        .set(newest())
        .execute(c))?;
    Ok(())
}
