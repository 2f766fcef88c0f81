//! How schemes ask: schedules and waves.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{schedules, waves};
use super::{Db, StorageError};
use crate::domain::schedule::{OccasionKind, Schedule, Wave};

/// The schedules of a scheme, by questionnaire.
pub fn of_scheme(db: &mut Db, scheme_number: i64) -> Result<Vec<Schedule>, StorageError> {
    let bodies: Vec<String> = on!(db, |c| schedules::table
        .filter(schedules::scheme_number.eq(scheme_number))
        .order(schedules::questionnaire)
        .select(schedules::body)
        .load(c))?;
    bodies.iter().map(|body| Ok(serde_json::from_str(body)?)).collect()
}

/// Sets a scheme's schedule for one questionnaire.
pub fn set(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    schedule: &Schedule,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let body = serde_json::to_string(schedule)?;
    let row = || {
        (
            schedules::scheme_number.eq(scheme_number),
            schedules::questionnaire.eq(&schedule.questionnaire),
            schedules::body.eq(&body),
            schedules::updated_at.eq(now),
        )
    };
    on!(db, |c| diesel::insert_into(schedules::table)
        .values(row())
        .on_conflict((schedules::scheme_number, schedules::questionnaire))
        .do_update()
        .set((schedules::body.eq(&body), schedules::updated_at.eq(now)))
        .execute(c))?;
    Ok(())
}

/// A wave as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = waves, treat_none_as_default_value = false)]
pub struct WaveRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id, in time order.
    pub id: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The common date.
    pub due_on: NaiveDate,
    /// What the answers are for.
    pub occasion: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// By which account.
    pub created_by: String,
}

impl WaveRow {
    /// What asking needs of it.
    ///
    /// # Errors
    ///
    /// If what it is for is not known here.
    pub fn wave(&self) -> Result<Wave, StorageError> {
        let kind = OccasionKind::parse(&self.occasion)
            .ok_or_else(|| StorageError::Corrupt(format!("a wave for {}", self.occasion)))?;
        Ok(Wave { id: self.id.clone(), questionnaire: self.questionnaire.clone(), due_on: self.due_on, kind })
    }
}

/// Adds a wave.
pub fn insert_wave(db: &mut Recorded<'_>, row: &WaveRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(waves::table).values(row).execute(c))?;
    Ok(())
}

/// The waves of a scheme, by date.
pub fn waves(db: &mut Db, scheme_number: i64) -> Result<Vec<WaveRow>, StorageError> {
    Ok(on!(db, |c| waves::table
        .filter(waves::scheme_number.eq(scheme_number))
        .order((waves::due_on, waves::id))
        .load(c))?)
}
