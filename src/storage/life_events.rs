//! Life events of participants. Some change who counts as supported and eligible, so they are only written inside
//! `use_cases::change_people`.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::life_events;
use super::{Db, StorageError};
use crate::domain::schedule::{EventKind, LifeEvent};

/// A life event as it is stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = life_events, treat_none_as_default_value = false)]
pub struct LifeEventRow {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Its id, in time order.
    pub id: String,
    /// The participant's reference.
    pub person: String,
    /// What it is.
    pub kind: String,
    /// First day.
    pub begins_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: NaiveDateTime,
    /// By which account.
    pub recorded_by: String,
    /// The first day on which it is over.
    pub lifted_on: Option<NaiveDate>,
    /// When that was said.
    pub lifted_at: Option<NaiveDateTime>,
    /// By which account.
    pub lifted_by: Option<String>,
}

impl LifeEventRow {
    /// What asking needs of it.
    ///
    /// # Errors
    ///
    /// If its kind is not known here.
    pub fn event(&self) -> Result<LifeEvent, StorageError> {
        let kind = EventKind::parse(&self.kind)
            .ok_or_else(|| StorageError::Corrupt(format!("a life event of kind {}", self.kind)))?;
        Ok(LifeEvent { id: self.id.clone(), kind, from: self.begins_on, lifted_on: self.lifted_on })
    }
}

/// Adds a life event.
pub fn insert(db: &mut Recorded<'_>, row: &LifeEventRow) -> Result<(), StorageError> {
    on!(db, |c| diesel::insert_into(life_events::table).values(row).execute(c))?;
    Ok(())
}

/// The life events of these persons, the earliest recorded first.
pub fn of_people(
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
) -> Result<Vec<LifeEventRow>, StorageError> {
    let mut found = Vec::new();
    for chunk in persons.chunks(1000) {
        let rows: Vec<LifeEventRow> = on!(db, |c| life_events::table
            .filter(life_events::scheme_number.eq(scheme_number))
            .filter(life_events::person.eq_any(chunk))
            .order(life_events::id)
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Lifts a life event that lasts.
pub fn lift(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    id: &str,
    on: NaiveDate,
    by: &str,
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    let lasting = || life_events::table.find((scheme_number, id)).filter(life_events::lifted_at.is_null());
    on!(db, |c| diesel::update(lasting())
        .set((
            life_events::lifted_on.eq(Some(on)),
            life_events::lifted_at.eq(Some(now)),
            life_events::lifted_by.eq(Some(by)),
        ))
        .execute(c))?;
    Ok(())
}
