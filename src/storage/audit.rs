//! The audit log. An act is written down first, in its own transaction; what is handed back for it, [`Recorded`], is the only key to the
//! functions of storage that change or read what must be audited. So none of that can be done unrecorded.
//!
//! Whoever appends holds the row of the chain's head until the end of the transaction. Where an act also takes a scheme's lock
//! (`tallies::lock`), it takes that first.

use std::ops::{Deref, DerefMut};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::{Inner, on};
use super::schema::{audit_heads, audit_log};
use super::{Db, StorageError};
use crate::domain::audit::{Entry, Event, Head};

/// A connection inside a transaction that has written an act down. Made by [`record`] and its sisters only.
pub struct Recorded<'d>(&'d mut Db);

impl Deref for Recorded<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.0
    }
}

impl DerefMut for Recorded<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.0
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
struct LogRow {
    scheme_number: i64,
    sequence: i64,
    at: NaiveDateTime,
    actor: String,
    act: String,
    target_kind: String,
    target_id: String,
    details: String,
    hash: Vec<u8>,
}

impl From<Entry> for LogRow {
    fn from(entry: Entry) -> Self {
        let Entry { scheme_number, sequence, at, actor, act, target_kind, target_id, details, hash } = entry;
        Self { scheme_number, sequence, at, actor, act, target_kind, target_id, details, hash }
    }
}

impl From<LogRow> for Entry {
    fn from(row: LogRow) -> Self {
        let LogRow { scheme_number, sequence, at, actor, act, target_kind, target_id, details, hash } = row;
        Self { scheme_number, sequence, at, actor, act, target_kind, target_id, details, hash }
    }
}

/// Writes an act down at the end of its chain. It must be inside a transaction; with that it stands or falls.
pub fn record<'d>(db: &'d mut Db, event: &Event) -> Result<Recorded<'d>, StorageError> {
    record_all(db, std::slice::from_ref(event))
}

/// Writes several acts of one chain down, at least one.
pub fn record_all<'d>(db: &'d mut Db, events: &[Event]) -> Result<Recorded<'d>, StorageError> {
    let chain = events.first().map(|event| event.scheme_number);
    let chain = chain.filter(|chain| events.iter().all(|event| event.scheme_number == *chain));
    let Some(chain) = chain.filter(|_| db.in_transaction()) else {
        return Err(StorageError::Corrupt(
            "acts of one chain, at least one, are recorded in a transaction".into(),
        ));
    };
    let mut head = locked_head(db, chain)?;
    let rows: Vec<LogRow> = events.iter().map(|event| head.append(event).into()).collect();
    for chunk in rows.chunks(1000) {
        on!(db, |c| diesel::insert_into(audit_log::table).values(chunk).execute(c))?;
    }
    let end = || (audit_heads::sequence.eq(head.sequence), audit_heads::hash.eq(&head.hash));
    on!(db, |c| diesel::update(audit_heads::table.find(head.scheme_number)).set(end()).execute(c))?;
    Ok(Recorded(db))
}

/// Writes an act down that may turn out not to happen: where `act` gives `None`, nothing of it stays, the entry neither.
pub fn record_if<T>(
    db: &mut Db,
    event: &Event,
    act: impl FnOnce(&mut Recorded<'_>) -> Result<Option<T>, StorageError>,
) -> Result<Option<T>, StorageError> {
    record_all_if(db, std::slice::from_ref(event), act)
}

/// As [`record_if`], of several acts of one chain: all of them or none.
pub fn record_all_if<T>(
    db: &mut Db,
    events: &[Event],
    act: impl FnOnce(&mut Recorded<'_>) -> Result<Option<T>, StorageError>,
) -> Result<Option<T>, StorageError> {
    db.savepoint_if(|db| act(&mut record_all(db, events)?))
}

/// The head of a chain, held until the end of the transaction; the chain begins here if it has not yet.
fn locked_head(db: &mut Db, scheme_number: i64) -> Result<Head, StorageError> {
    if let Some(head) = try_lock(db, scheme_number)? {
        return Ok(head);
    }
    let Head { sequence, hash, .. } = Head::empty(scheme_number);
    let row = || {
        (
            audit_heads::scheme_number.eq(scheme_number),
            audit_heads::sequence.eq(sequence),
            audit_heads::hash.eq(&hash),
        )
    };
    // Of two that begin a chain at once, the second waits here for the first, and then finds its row.
    on!(db, |c| diesel::insert_into(audit_heads::table).values(row()).on_conflict_do_nothing().execute(c))?;
    try_lock(db, scheme_number)?
        .ok_or_else(|| StorageError::Corrupt(format!("the audit chain {scheme_number} has no head")))
}

/// SQLite has one writer, and this transaction is it.
fn try_lock(db: &mut Db, scheme_number: i64) -> Result<Option<Head>, StorageError> {
    let query = audit_heads::table.find(scheme_number);
    let row: Option<(i64, i64, Vec<u8>)> = match &mut db.inner {
        Inner::Sqlite(c) => query.get_result(c).optional()?,
        Inner::Postgres(c) => query.for_update().get_result(c.as_mut()).optional()?,
    };
    Ok(row.map(to_head))
}

fn to_head((scheme_number, sequence, hash): (i64, i64, Vec<u8>)) -> Head {
    Head { scheme_number, sequence, hash }
}

/// The head of a chain.
pub fn head(db: &mut Db, scheme_number: i64) -> Result<Option<Head>, StorageError> {
    let row: Option<(i64, i64, Vec<u8>)> =
        on!(db, |c| audit_heads::table.find(scheme_number).get_result(c).optional())?;
    Ok(row.map(to_head))
}

/// The head of every chain, by scheme number.
pub fn heads(db: &mut Db) -> Result<Vec<Head>, StorageError> {
    let rows: Vec<(i64, i64, Vec<u8>)> =
        on!(db, |c| audit_heads::table.order(audit_heads::scheme_number).load(c))?;
    Ok(rows.into_iter().map(to_head).collect())
}

/// Every chain that has an entry, whether or not it has a head.
pub fn chains(db: &mut Db) -> Result<Vec<i64>, StorageError> {
    Ok(on!(db, |c| audit_log::table
        .select(audit_log::scheme_number)
        .distinct()
        .order(audit_log::scheme_number)
        .load(c))?)
}

/// The entries of a chain after `after`, the oldest first.
pub fn entries(db: &mut Db, scheme_number: i64, after: i64, limit: i64) -> Result<Vec<Entry>, StorageError> {
    let rows: Vec<LogRow> = on!(db, |c| audit_log::table
        .filter(audit_log::scheme_number.eq(scheme_number))
        .filter(audit_log::sequence.gt(after))
        .order(audit_log::sequence)
        .limit(limit)
        .load(c))?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// Entries of a scheme's chain upon one of these targets, or about the participant with this pseudonym, the oldest first.
pub fn about(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    targets: &[String],
    pseudonym: &str,
) -> Result<Vec<Entry>, StorageError> {
    let named = format!("%\"participant\":\"{pseudonym}\"%");
    let rows: Vec<LogRow> = on!(db, |c| audit_log::table
        .filter(audit_log::scheme_number.eq(scheme_number))
        .filter(audit_log::target_id.eq_any(targets).or(audit_log::details.like(named)))
        .order(audit_log::sequence)
        .load(c))?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// The hash of an entry.
pub fn hash_of(db: &mut Db, scheme_number: i64, sequence: i64) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(on!(db, |c| audit_log::table
        .find((scheme_number, sequence))
        .select(audit_log::hash)
        .get_result(c)
        .optional())?)
}

/// Which entries are listed.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Before this sequence.
    pub before: Option<i64>,
    /// Not before this time.
    pub since: Option<NaiveDateTime>,
    /// At most so many.
    pub limit: i64,
}

/// Entries of a chain, the newest first. Reading the log is an act itself.
pub fn list(
    db: &mut Recorded<'_>,
    scheme_number: i64,
    listing: &Listing,
) -> Result<Vec<Entry>, StorageError> {
    let rows: Vec<LogRow> = on!(db, |c| {
        let mut query = audit_log::table.filter(audit_log::scheme_number.eq(scheme_number)).into_boxed();
        if let Some(before) = listing.before {
            query = query.filter(audit_log::sequence.lt(before));
        }
        if let Some(since) = listing.since {
            query = query.filter(audit_log::at.ge(since));
        }
        query.order(audit_log::sequence.desc()).limit(listing.limit).load(c)?
    });
    Ok(rows.into_iter().map(Entry::from).collect())
}
