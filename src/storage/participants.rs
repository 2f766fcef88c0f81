//! Participants of a scheme, and how they like to be asked. When they are supported changes figures, so that is only written
//! inside `use_cases::change_people`.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{invitations, participant_needs, participants};
use super::{Db, StorageError};
use crate::domain::answering::Look;
use crate::domain::participant::{Enrolment, NotAsked};
use crate::domain::schedule::Reason;

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
    earlier_councils: String,
    arrangements: String,
    worker: Option<String>,
    language: Option<String>,
    entered_on: NaiveDate,
}

impl ParticipantRow {
    fn new(
        scheme_number: i64,
        reference: &str,
        enrolment: &Enrolment,
        entered_on: NaiveDate,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            scheme_number,
            reference: reference.to_owned(),
            council: enrolment.council.clone(),
            supported_from: enrolment.supported_from,
            supported_to: enrolment.supported_to,
            not_asked_from: enrolment.not_asked.as_ref().map(|n| n.from),
            not_asked_reason: enrolment.not_asked.as_ref().map(|n| n.reason.code().to_owned()),
            about: serde_json::to_string(&enrolment.about)?,
            earlier_councils: serde_json::to_string(&enrolment.earlier_councils)?,
            arrangements: serde_json::to_string(&enrolment.arrangements)?,
            worker: enrolment.worker.clone(),
            language: enrolment.language.clone(),
            entered_on,
        })
    }

    fn enrolment(self) -> Result<(String, Enrolment, NaiveDate), StorageError> {
        let reason = self.not_asked_reason.as_deref().and_then(Reason::parse).unwrap_or(Reason::Other);
        let enrolment = Enrolment {
            council: self.council,
            earlier_councils: serde_json::from_str(&self.earlier_councils)?,
            supported_from: self.supported_from,
            supported_to: self.supported_to,
            not_asked: self.not_asked_from.map(|from| NotAsked { from, reason }),
            arrangements: serde_json::from_str(&self.arrangements)?,
            worker: self.worker,
            language: self.language,
            about: serde_json::from_str(&self.about)?,
        };
        Ok((self.reference, enrolment, self.entered_on))
    }
}

/// Adds or replaces participants. The day on which somebody was entered first stays.
pub fn upsert(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    people: &[(String, Enrolment)],
    today: NaiveDate,
) -> Result<(), StorageError> {
    for chunk in people.chunks(500) {
        let rows: Vec<ParticipantRow> = chunk
            .iter()
            .map(|(reference, enrolment)| ParticipantRow::new(scheme_number, reference, enrolment, today))
            .collect::<Result<_, StorageError>>()?;
        let newest = || {
            (
                participants::council.eq(excluded(participants::council)),
                participants::supported_from.eq(excluded(participants::supported_from)),
                participants::supported_to.eq(excluded(participants::supported_to)),
                participants::not_asked_from.eq(excluded(participants::not_asked_from)),
                participants::not_asked_reason.eq(excluded(participants::not_asked_reason)),
                participants::about.eq(excluded(participants::about)),
                participants::earlier_councils.eq(excluded(participants::earlier_councils)),
                participants::arrangements.eq(excluded(participants::arrangements)),
                participants::worker.eq(excluded(participants::worker)),
                participants::language.eq(excluded(participants::language)),
            )
        };
        on!(db, |c| diesel::insert_into(participants::table)
            .values(&rows)
            .on_conflict((participants::scheme_number, participants::reference))
            .do_update()
            .set(newest())
            .execute(c))?;
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
            let (reference, enrolment, _) = row.enrolment()?;
            found.push((reference, enrolment));
        }
    }
    Ok(found)
}

/// The enrolments of these references, with the day on which each was entered.
pub fn find_entered(
    db: &mut Db,
    scheme_number: i64,
    references: &[String],
) -> Result<Vec<(String, Enrolment, NaiveDate)>, StorageError> {
    let mut found = Vec::new();
    for chunk in references.chunks(1000) {
        let rows: Vec<ParticipantRow> = on!(db, |c| participants::table
            .filter(participants::scheme_number.eq(scheme_number))
            .filter(participants::reference.eq_any(chunk))
            .load(c))?;
        for row in rows {
            found.push(row.enrolment()?);
        }
    }
    Ok(found)
}

/// Deletes a participant and how they like to be asked.
pub fn delete(db: &mut Recorded<'_>, scheme_number: i64, reference: &str) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(participant_needs::table.find((scheme_number, reference))).execute(c)?;
        diesel::delete(participants::table.find((scheme_number, reference))).execute(c)
    })?;
    Ok(())
}

/// Deletes how a participant likes to be asked.
pub fn delete_needs(db: &mut Recorded<'_>, scheme_number: i64, reference: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(participant_needs::table.find((scheme_number, reference))).execute(c))?;
    Ok(())
}

/// Which participants of a scheme are listed.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only those of this key worker.
    pub worker: Option<String>,
    /// After this reference.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// References of participants, in order.
pub fn list(db: &mut Db, scheme_number: i64, listing: &Listing) -> Result<Vec<String>, StorageError> {
    on!(db, |c| {
        let mut query = participants::table
            .filter(participants::scheme_number.eq(scheme_number))
            .select(participants::reference)
            .into_boxed();
        if let Some(worker) = &listing.worker {
            query = query.filter(participants::worker.eq(worker));
        }
        if let Some(after) = &listing.after {
            query = query.filter(participants::reference.gt(after));
        }
        Ok(query.order(participants::reference).limit(listing.limit).load(c)?)
    })
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
