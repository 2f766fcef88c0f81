//! What was done about asking: notes, reminders, and everything that is known of people as far as asking needs it.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{asking_notes, reminders, responses};
use super::{Db, StorageError, invitations, life_events, participants};
use crate::domain::schedule::{Answered, Asked, Note, NoteKind, OccasionKind, Reason, Record};

/// A note as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = asking_notes, treat_none_as_default_value = false)]
pub struct NoteRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The participant's reference.
    pub person: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The day on which the occasion was due.
    pub due_on: NaiveDate,
    /// `not-asked` or `could-not`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The day it was so.
    pub noted_on: NaiveDate,
    /// When it was written down.
    pub recorded_at: NaiveDateTime,
    /// By which account.
    pub recorded_by: String,
}

impl NoteRow {
    fn note(&self) -> Result<Note, StorageError> {
        let (kind, reason) = (NoteKind::parse(&self.kind), Reason::parse(&self.reason));
        let (Some(kind), Some(reason)) = (kind, reason) else {
            return Err(StorageError::Corrupt(format!("a note of kind {} for {}", self.kind, self.reason)));
        };
        Ok(Note {
            kind,
            questionnaire: self.questionnaire.clone(),
            due_on: self.due_on,
            reason,
            on: self.noted_on,
        })
    }
}

/// Writes a note down; one of the same kind for the same occasion is replaced.
pub fn put_note(db: &mut Recorded<'_>, row: &NoteRow) -> Result<(), StorageError> {
    let key = (
        asking_notes::scheme_number,
        asking_notes::person,
        asking_notes::questionnaire,
        asking_notes::due_on,
        asking_notes::kind,
    );
    let newest = || {
        (
            asking_notes::reason.eq(&row.reason),
            asking_notes::noted_on.eq(row.noted_on),
            asking_notes::recorded_at.eq(row.recorded_at),
            asking_notes::recorded_by.eq(&row.recorded_by),
        )
    };
    on!(db, |c| diesel::insert_into(asking_notes::table)
        .values(row)
        .on_conflict(key)
        .do_update()
        .set(newest())
        .execute(c))?;
    Ok(())
}

/// Marks that reminder `number` of an invitation goes out; false if it has gone out already. Of several processes that try, one succeeds.
pub fn mark_reminder(
    db: &mut Db,
    scheme_number: i64,
    invitation: &str,
    number: usize,
    on: NaiveDate,
    now: NaiveDateTime,
) -> Result<bool, StorageError> {
    let row = || {
        (
            reminders::scheme_number.eq(scheme_number),
            reminders::invitation_id.eq(invitation),
            reminders::number.eq(i64::try_from(number).unwrap_or(i64::MAX)),
            reminders::reminded_on.eq(on),
            reminders::marked_at.eq(now),
        )
    };
    let marked =
        on!(db, |c| diesel::insert_into(reminders::table).values(row()).on_conflict_do_nothing().execute(c))?;
    Ok(marked == 1)
}

/// Forgets the reminders of an invitation that is taken back.
pub fn delete_reminders(db: &mut Db, scheme_number: i64, invitation: &str) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(
        reminders::table
            .filter(reminders::scheme_number.eq(scheme_number))
            .filter(reminders::invitation_id.eq(invitation))
    )
    .execute(c))?;
    Ok(())
}

/// Forgets why a person was not asked or could not take part, and what happened to them.
pub fn forget_person(db: &mut Recorded<'_>, scheme_number: i64, person: &str) -> Result<(), StorageError> {
    on!(db, |c| {
        let notes = asking_notes::table.filter(asking_notes::scheme_number.eq(scheme_number));
        diesel::delete(notes.filter(asking_notes::person.eq(person))).execute(c)?;
        let events = super::schema::life_events::table;
        let events = events.filter(super::schema::life_events::scheme_number.eq(scheme_number));
        diesel::delete(events.filter(super::schema::life_events::person.eq(person))).execute(c)
    })?;
    Ok(())
}

/// What is known of these people, by reference. Who is not a participant is not among them.
pub fn records(
    db: &mut Db,
    scheme_number: i64,
    references: &[String],
) -> Result<BTreeMap<String, Record>, StorageError> {
    let mut records: BTreeMap<String, Record> = participants::find_entered(db, scheme_number, references)?
        .into_iter()
        .map(|(reference, enrolment, entered_on)| (reference, Record::new(enrolment, entered_on)))
        .collect();
    for row in life_events::of_people(db, scheme_number, references)? {
        if let Some(record) = records.get_mut(&row.person) {
            record.events.push(row.event()?);
        }
    }
    for row in notes_of(db, scheme_number, references)? {
        if let Some(record) = records.get_mut(&row.person) {
            record.notes.push(row.note()?);
        }
    }
    let rows = invitations::of_people(db, scheme_number, references)?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut reminded = reminders_of(db, scheme_number, &ids)?;
    for row in rows {
        let Some(record) = records.get_mut(&row.person) else { continue };
        record.asked.push(Asked {
            kind: row.occasion.as_deref().and_then(OccasionKind::parse),
            reminded: reminded.remove(&row.id).unwrap_or_default(),
            answered: row.answered_at.is_some(),
            id: row.id,
            questionnaire: row.questionnaire,
            due_on: row.due_on,
            asked_on: row.asked_on,
            ends_on: row.ends_on,
        });
    }
    for (person, answered) in answers_of(db, scheme_number, references)? {
        if let Some(record) = records.get_mut(&person) {
            record.answered.push(answered);
        }
    }
    Ok(records)
}

/// The notes on these persons.
pub fn notes_of(db: &mut Db, scheme_number: i64, persons: &[String]) -> Result<Vec<NoteRow>, StorageError> {
    let mut found = Vec::new();
    for chunk in persons.chunks(1000) {
        let rows: Vec<NoteRow> = on!(db, |c| asking_notes::table
            .filter(asking_notes::scheme_number.eq(scheme_number))
            .filter(asking_notes::person.eq_any(chunk))
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// On which days reminders of these invitations went out.
pub fn reminders_of(
    db: &mut Db,
    scheme_number: i64,
    ids: &[&str],
) -> Result<BTreeMap<String, Vec<NaiveDate>>, StorageError> {
    let mut found: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
    for chunk in ids.chunks(1000) {
        let rows: Vec<(String, NaiveDate)> = on!(db, |c| reminders::table
            .filter(reminders::scheme_number.eq(scheme_number))
            .filter(reminders::invitation_id.eq_any(chunk))
            .order((reminders::invitation_id, reminders::number))
            .select((reminders::invitation_id, reminders::reminded_on))
            .load(c))?;
        for (invitation, on) in rows {
            found.entry(invitation).or_default().push(on);
        }
    }
    Ok(found)
}

/// What asking needs of a stored response; the rest of it is skipped.
#[derive(serde::Deserialize)]
struct Stored {
    invitation: Option<String>,
    consent: Agreed,
}

#[derive(serde::Deserialize)]
struct Agreed {
    statistics: bool,
}

/// The responses of these persons, withdrawn ones too: whoever answered has been asked.
fn answers_of(
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
) -> Result<Vec<(String, Answered)>, StorageError> {
    let mut found = Vec::new();
    for chunk in persons.chunks(1000) {
        let rows: Vec<(String, String, NaiveDate, Option<NaiveDateTime>, String)> =
            on!(db, |c| responses::table
                .filter(responses::scheme_number.eq(scheme_number))
                .filter(responses::person.eq_any(chunk))
                .order(responses::id)
                .select((
                    responses::person,
                    responses::questionnaire,
                    responses::completed_on,
                    responses::withdrawn_at,
                    responses::body
                ))
                .load(c))?;
        for (person, questionnaire, completed_on, withdrawn_at, body) in rows {
            let stored: Stored = serde_json::from_str(&body)?;
            let counts = withdrawn_at.is_none() && stored.consent.statistics;
            found.push((
                person,
                Answered { questionnaire, completed_on, invitation: stored.invitation, counts },
            ));
        }
    }
    Ok(found)
}
