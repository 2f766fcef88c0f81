//! Tallies, the lock that guards a scheme's, and the snapshots scheme and area users see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::{Inner, on};
use super::schema::{fold_locks, people, snapshot_tallies, snapshots, tallies};
use super::{Db, StorageError};
use crate::domain::counting::{Codebook, Counts, Packer, TallyKey, decode};
use crate::domain::figures::StoredTally;

#[derive(Insertable)]
#[diesel(table_name = tallies, treat_none_as_default_value = false)]
struct NewTally<'a> {
    scheme_number: i64,
    council: &'a str,
    questionnaire: &'a str,
    series: &'a str,
    period: String,
    grp: &'a str,
    value: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false)]
struct ChangedPerson<'a> {
    scheme_number: i64,
    person: &'a str,
    changed_at: NaiveDateTime,
}

type TallyRow = (i64, String, String, String, String, String, Vec<u8>);

fn stored((scheme, council, questionnaire, series, period, group, value): TallyRow) -> StoredTally {
    StoredTally { scheme, council, questionnaire, series, period, group, value }
}

/// Takes the lock of a scheme's tallies until the transaction ends. SQLite's one writer holds it already.
pub fn lock(db: &mut Db, scheme_number: i64) -> Result<(), StorageError> {
    if let Inner::Postgres(connection) = &mut db.inner {
        let connection = connection.as_mut();
        let locked = |connection: &mut super::connection::PgConnection| {
            fold_locks::table
                .find(scheme_number)
                .select(fold_locks::scheme_number)
                .for_update()
                .get_result::<i64>(connection)
                .optional()
        };
        if locked(connection)?.is_none() {
            diesel::insert_into(fold_locks::table)
                .values(fold_locks::scheme_number.eq(scheme_number))
                .on_conflict_do_nothing()
                .execute(connection)?;
            locked(connection)?;
        }
    }
    Ok(())
}

/// Adds `changes` to a scheme's tallies; the lock must be held. A tally that comes to nothing is removed.
pub fn add(
    db: &mut Db,
    scheme_number: i64,
    changes: &BTreeMap<TallyKey, Counts>,
    codebook: &mut Codebook,
) -> Result<(), StorageError> {
    let changes: Vec<(&TallyKey, &Counts)> = changes.iter().filter(|(_, counts)| !counts.is_zero()).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let periods: BTreeSet<String> = changes.iter().map(|(key, _)| key.period_text()).collect();
    let groups: BTreeSet<&str> = changes.iter().map(|(key, _)| &*key.group).collect();
    let periods: Vec<String> = periods.into_iter().collect();
    let groups: Vec<&str> = groups.into_iter().collect();
    let rows: Vec<TallyRow> = on!(db, |c| tallies::table
        .filter(tallies::scheme_number.eq(scheme_number))
        .filter(tallies::period.eq_any(&periods))
        .filter(tallies::grp.eq_any(&groups))
        .load(c))?;
    let mut known: BTreeMap<(String, String, String, String, String), Vec<u8>> = rows
        .into_iter()
        .map(|(_, council, questionnaire, series, period, group, value)| {
            ((council, questionnaire, series, period, group), value)
        })
        .collect();
    let mut sums = Vec::with_capacity(changes.len());
    for (key, change) in changes {
        let period = key.period_text();
        let place = (
            key.council.to_string(),
            key.questionnaire.to_string(),
            key.series.to_string(),
            period.clone(),
            key.group.to_string(),
        );
        let mut counts = change.clone();
        if let Some(value) = known.remove(&place) {
            counts.add(&decode(&value, codebook)?, 1);
        }
        if counts.is_zero() {
            let primary =
                || (scheme_number, &period, &*key.questionnaire, &*key.series, &*key.group, &*key.council);
            on!(db, |c| diesel::delete(tallies::table.find(primary())).execute(c))?;
            continue;
        }
        sums.push((key, period, counts));
    }
    let packer = Packer::new(codebook);
    let upserts: Vec<NewTally<'_>> = sums
        .into_iter()
        .map(|(key, period, counts)| NewTally {
            scheme_number,
            council: &key.council,
            questionnaire: &key.questionnaire,
            series: &key.series,
            period,
            grp: &key.group,
            value: packer.pack(&counts),
        })
        .collect();
    for chunk in upserts.chunks(1000) {
        on!(db, |c| diesel::insert_into(tallies::table)
            .values(chunk)
            .on_conflict((
                tallies::scheme_number,
                tallies::period,
                tallies::questionnaire,
                tallies::series,
                tallies::grp,
                tallies::council
            ))
            .do_update()
            .set(tallies::value.eq(diesel::upsert::excluded(tallies::value)))
            .execute(c))?;
    }
    Ok(())
}

/// Which tallies a read needs.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Period names.
    pub periods: Vec<String>,
    /// Questionnaires.
    pub questionnaires: Vec<String>,
    /// Series. Named, so that the index leads to the tallies of a group past those of all others.
    pub series: Vec<String>,
    /// What groups begin with; empty = everybody.
    pub group_prefix: String,
    /// Only these schemes; `None` = all.
    pub schemes: Option<Vec<i64>>,
    /// From the snapshots instead of the live tallies.
    pub snapshot: bool,
}

macro_rules! load_wanted {
    ($table:ident, $db:expr, $wanted:expr) => {{
        let wanted = $wanted;
        let rows: Vec<TallyRow> = on!($db, |c| {
            let mut query = $table::table.filter($table::period.eq_any(&wanted.periods)).into_boxed();
            query = query.filter($table::questionnaire.eq_any(&wanted.questionnaires));
            query = query.filter($table::series.eq_any(&wanted.series));
            query = if wanted.group_prefix.is_empty() {
                query.filter($table::grp.eq(""))
            } else {
                // `breakdown=` to `breakdown>`: the groups of that breakdown, by the index.
                let end = format!("{}>", wanted.group_prefix.trim_end_matches('='));
                query.filter($table::grp.ge(wanted.group_prefix.clone()).and($table::grp.lt(end)))
            };
            if let Some(schemes) = &wanted.schemes {
                query = query.filter($table::scheme_number.eq_any(schemes));
            }
            query.load(c)
        })?;
        Ok(rows.into_iter().map(stored).collect())
    }};
}

/// The tallies a read needs.
pub fn find(db: &mut Db, wanted: &Wanted) -> Result<Vec<StoredTally>, StorageError> {
    if wanted.snapshot {
        load_wanted!(snapshot_tallies, db, wanted)
    } else {
        load_wanted!(tallies, db, wanted)
    }
}

/// What a release is made from: the tallies of `period` of everybody and of every group of a breakdown, those of everybody in `pooled`, and
/// who is supported; all as they are at one moment.
pub fn for_release(db: &mut Db, period: &str, pooled: &str) -> Result<Vec<StoredTally>, StorageError> {
    let of_everybody = || tallies::period.eq_any([pooled, ""]).and(tallies::grp.eq(""));
    let rows: Vec<TallyRow> = on!(db, |c| tallies::table
        .filter(tallies::period.eq(period).and(tallies::grp.not_like("unit=%")).or(of_everybody()))
        .load(c))?;
    Ok(rows.into_iter().map(stored).collect())
}

/// The numbers of the schemes with a standing answer in one of these periods.
pub fn schemes_in(db: &mut Db, periods: &[String]) -> Result<Vec<i64>, StorageError> {
    Ok(on!(db, |c| tallies::table
        .filter(tallies::period.eq_any(periods).and(tallies::grp.eq("")).and(tallies::series.ne("")))
        .select(tallies::scheme_number)
        .distinct()
        .order(tallies::scheme_number)
        .load(c))?)
}

/// Every tally of a scheme.
pub fn of_scheme(db: &mut Db, scheme_number: i64) -> Result<Vec<StoredTally>, StorageError> {
    let rows: Vec<TallyRow> =
        on!(db, |c| tallies::table.filter(tallies::scheme_number.eq(scheme_number)).load(c))?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Removes every tally of a scheme.
pub fn clear(db: &mut Db, scheme_number: i64) -> Result<(), StorageError> {
    on!(db, |c| diesel::delete(tallies::table.filter(tallies::scheme_number.eq(scheme_number))).execute(c))?;
    Ok(())
}

/// Notes that these people's contributions changed.
pub fn note_changed(
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
    now: NaiveDateTime,
) -> Result<(), StorageError> {
    for chunk in persons.chunks(1000) {
        let rows: Vec<ChangedPerson<'_>> =
            chunk.iter().map(|person| ChangedPerson { scheme_number, person, changed_at: now }).collect();
        on!(db, |c| diesel::insert_into(people::table)
            .values(&rows)
            .on_conflict((people::scheme_number, people::person))
            .do_update()
            .set(people::changed_at.eq(diesel::upsert::excluded(people::changed_at)))
            .execute(c))?;
    }
    Ok(())
}

/// Somebody is erased: that their contributions changed stays, under a name that says nothing.
pub fn forget_changed(
    db: &mut Db,
    scheme_number: i64,
    person: &str,
    instead: &str,
) -> Result<(), StorageError> {
    on!(db, |c| diesel::update(people::table.find((scheme_number, person)))
        .set(people::person.eq(instead))
        .execute(c))?;
    Ok(())
}

/// When anybody's contributions changed last.
pub fn last_changed(db: &mut Db) -> Result<Option<NaiveDateTime>, StorageError> {
    Ok(on!(db, |c| people::table.select(diesel::dsl::max(people::changed_at)).get_result(c))?)
}

/// How many people's contributions changed after `since` (all, if never).
pub fn changed_since(
    db: &mut Db,
    scheme_number: i64,
    since: Option<NaiveDateTime>,
) -> Result<i64, StorageError> {
    let since = since.unwrap_or(chrono::DateTime::UNIX_EPOCH.naive_utc());
    Ok(on!(db, |c| people::table
        .filter(people::scheme_number.eq(scheme_number))
        .filter(people::changed_at.gt(since))
        .count()
        .get_result(c))?)
}

/// When each of these schemes' snapshots was taken.
pub fn snapshots(db: &mut Db, schemes: &[i64]) -> Result<BTreeMap<i64, NaiveDateTime>, StorageError> {
    let rows: Vec<(i64, NaiveDateTime)> =
        on!(db, |c| snapshots::table.filter(snapshots::scheme_number.eq_any(schemes)).load(c))?;
    Ok(rows.into_iter().collect())
}

/// Takes a new snapshot of a scheme; the lock must be held.
pub fn take_snapshot(db: &mut Db, scheme_number: i64, now: NaiveDateTime) -> Result<(), StorageError> {
    on!(db, |c| {
        diesel::delete(snapshot_tallies::table.filter(snapshot_tallies::scheme_number.eq(scheme_number)))
            .execute(c)?;
        diesel::insert_into(snapshot_tallies::table)
            .values(tallies::table.filter(tallies::scheme_number.eq(scheme_number)))
            .into_columns((
                snapshot_tallies::scheme_number,
                snapshot_tallies::council,
                snapshot_tallies::questionnaire,
                snapshot_tallies::series,
                snapshot_tallies::period,
                snapshot_tallies::grp,
                snapshot_tallies::value,
            ))
            .execute(c)?;
        diesel::delete(snapshots::table.find(scheme_number)).execute(c)?;
        diesel::insert_into(snapshots::table)
            .values((snapshots::scheme_number.eq(scheme_number), snapshots::taken_at.eq(now)))
            .execute(c)
    })?;
    Ok(())
}
