//! What is older than it is to be kept: finding it, by class and scheme, and deleting it. Finding changes nothing, so that a dry run
//! says just what would be deleted.
//!
//! Who left is found in `use_cases/apply_retention.rs`, since life events can end support.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;

use super::audit::Recorded;
use super::connection::on;
use super::schema::{
    account_links, accounts, change_floors, changes, complaints, drafts, entry_codes, invitations,
    open_links, outbox, recovery_codes, remembered_devices, response_events, responses,
    safeguarding_tasks as tasks, second_factors, staff_sessions, unnumbered_changes as unnumbered,
};
use super::{Db, Engine, StorageError};
use crate::domain::retention::Class;

/// Something that is older than it is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// What names it: an id, or a participant's reference.
    pub key: String,
    /// What else names it, where one name is not enough.
    pub sub: i64,
    /// Whose it is, where that is known.
    pub person: Option<String>,
    /// The day from which it is counted.
    pub day: NaiveDate,
    /// How many rows it is.
    pub rows: i64,
}

impl Outdated {
    fn one(key: String, person: Option<String>, at: NaiveDateTime) -> Self {
        Self { key, sub: 0, person, day: at.date(), rows: 1 }
    }
}

/// The first moment after a day (UTC).
fn after(day: NaiveDate) -> NaiveDateTime {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN)
}

/// What is of the day `cutoff` or before, the oldest first, at most `limit` of it. Scheme 0: what belongs to no scheme. Not for people
/// who left.
pub fn find(
    db: &mut Db,
    class: Class,
    scheme: i64,
    cutoff: NaiveDate,
    limit: i64,
) -> Result<Vec<Outdated>, StorageError> {
    match class {
        Class::FreeText => words(db, scheme, cutoff, limit),
        Class::History => history(db, scheme, cutoff, limit),
        Class::Withdrawn => withdrawn(db, scheme, cutoff, limit),
        Class::WaysIn => ways_in(db, scheme, cutoff, limit),
        Class::Mail => mail(db, scheme, cutoff, limit),
        Class::Tasks => seen_tasks(db, scheme, cutoff, limit),
        Class::Complaints => answered_complaints(db, scheme, cutoff, limit),
        Class::Changes if scheme == 0 => told_changes(db, cutoff, limit),
        Class::Sessions if scheme == 0 => sessions(db, cutoff, limit),
        Class::Accounts if scheme == 0 => closed_accounts(db, cutoff, limit),
        Class::Changes | Class::Sessions | Class::Accounts | Class::Identity | Class::Answers => {
            Ok(Vec::new())
        }
    }
}

/// Responses in which, or in whose history, somebody's words are.
fn words(db: &mut Db, scheme: i64, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    const SEALED: &str = "%\"sealed\":%";
    let now: Vec<(String, String, NaiveDate)> = on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme))
        .filter(responses::completed_on.le(cutoff))
        .filter(responses::body.like(SEALED))
        .order((responses::completed_on, responses::id))
        .select((responses::id, responses::person, responses::completed_on))
        .limit(limit)
        .load(c))?;
    let before: Vec<(String, String, NaiveDate)> = on!(db, |c| response_events::table
        .inner_join(
            responses::table.on(responses::scheme_number
                .eq(response_events::scheme_number)
                .and(responses::id.eq(response_events::response_id)))
        )
        .filter(response_events::scheme_number.eq(scheme))
        .filter(responses::completed_on.le(cutoff))
        .filter(response_events::old_body.like(SEALED))
        .order((responses::completed_on, responses::id))
        .select((responses::id, responses::person, responses::completed_on))
        .distinct()
        .limit(limit)
        .load(c))?;
    let found: BTreeMap<(NaiveDate, String), String> =
        now.into_iter().chain(before).map(|(id, person, day)| ((day, id), person)).collect();
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(found
        .into_iter()
        .take(most)
        .map(|((day, key), person)| Outdated { key, sub: 0, person: Some(person), day, rows: 1 })
        .collect())
}

fn history(db: &mut Db, scheme: i64, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let rows: Vec<(String, i64, String, NaiveDateTime)> = on!(db, |c| response_events::table
        .inner_join(
            responses::table.on(responses::scheme_number
                .eq(response_events::scheme_number)
                .and(responses::id.eq(response_events::response_id)))
        )
        .filter(response_events::scheme_number.eq(scheme))
        .filter(response_events::at.lt(after(cutoff)))
        .order((response_events::at, response_events::response_id, response_events::revision))
        .select((
            response_events::response_id,
            response_events::revision,
            responses::person,
            response_events::at
        ))
        .limit(limit)
        .load(c))?;
    let one = |(key, sub, person, at)| Outdated { sub, ..Outdated::one(key, Some(person), at) };
    Ok(rows.into_iter().map(one).collect())
}

fn withdrawn(db: &mut Db, scheme: i64, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let rows: Vec<(String, String, Option<NaiveDateTime>)> = on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme))
        .filter(responses::withdrawn_at.lt(after(cutoff)))
        .order((responses::withdrawn_at, responses::id))
        .select((responses::id, responses::person, responses::withdrawn_at))
        .limit(limit)
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(id, person, at)| Some(Outdated::one(id, Some(person), at?))).collect())
}

/// Invitations and open links that have ways in; `sub` is 0 for an invitation, 1 for an open link, 2 for a draft that is gone.
fn ways_in(db: &mut Db, scheme: i64, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let invited: Vec<(String, String, NaiveDate)> = on!(db, |c| entry_codes::table
        .inner_join(
            invitations::table.on(invitations::scheme_number
                .eq(entry_codes::scheme_number)
                .and(invitations::id.nullable().eq(entry_codes::invitation_id)))
        )
        .filter(entry_codes::scheme_number.eq(scheme))
        .filter(invitations::ends_on.le(cutoff))
        .order((invitations::ends_on, invitations::id))
        .select((invitations::id, invitations::person, invitations::ends_on))
        .distinct()
        .limit(limit)
        .load(c))?;
    let open: Vec<(String, Option<NaiveDateTime>)> = on!(db, |c| entry_codes::table
        .inner_join(
            open_links::table.on(open_links::scheme_number
                .eq(entry_codes::scheme_number)
                .and(open_links::id.nullable().eq(entry_codes::open_link_id)))
        )
        .filter(entry_codes::scheme_number.eq(scheme))
        .filter(open_links::closed_at.lt(after(cutoff)))
        .order((open_links::closed_at, open_links::id))
        .select((open_links::id, open_links::closed_at))
        .distinct()
        .limit(limit)
        .load(c))?;
    // A draft of an open link has a code of its own, which outlives it.
    let drafted: Vec<Option<String>> = on!(db, |c| entry_codes::table
        .filter(entry_codes::scheme_number.eq(scheme))
        .filter(entry_codes::draft_id.is_not_null())
        .order(entry_codes::draft_id)
        .select(entry_codes::draft_id)
        .load(c))?;
    let mut drafted: Vec<String> = drafted.into_iter().flatten().collect();
    for chunk in drafted.clone().chunks(1000) {
        let there: Vec<String> = on!(db, |c| drafts::table
            .filter(drafts::scheme_number.eq(scheme))
            .filter(drafts::id.eq_any(chunk))
            .select(drafts::id)
            .load(c))?;
        drafted.retain(|id| !there.contains(id));
    }
    let invited = invited.into_iter().map(|(key, person, day)| Outdated {
        key,
        sub: 0,
        person: Some(person),
        day,
        rows: 1,
    });
    let open =
        open.into_iter().filter_map(|(id, at)| Some(Outdated { sub: 1, ..Outdated::one(id, None, at?) }));
    let drafted = drafted.into_iter().map(|key| Outdated { key, sub: 2, person: None, day: cutoff, rows: 1 });
    Ok(invited.chain(open).chain(drafted).collect())
}

/// Mail that was sent or given up. That a safeguarding mail never arrived stays with its task.
fn mail(db: &mut Db, scheme: i64, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let rows: Vec<(String, NaiveDateTime)> = on!(db, |c| {
        let mut query = outbox::table
            .filter(outbox::next_try_at.is_null())
            .filter(
                outbox::sent_at.lt(after(cutoff)).or(outbox::sent_at
                    .is_null()
                    .and(outbox::failed_at.lt(after(cutoff)))
                    .and(outbox::kind.ne(crate::mail::task_mail::KIND))),
            )
            .select((outbox::id, outbox::created_at))
            .order((outbox::created_at, outbox::id))
            .limit(limit)
            .into_boxed();
        query = if scheme == 0 {
            query.filter(outbox::scheme_number.is_null())
        } else {
            query.filter(outbox::scheme_number.eq(scheme))
        };
        query.load(c)
    })?;
    Ok(rows.into_iter().map(|(id, at)| Outdated::one(id, None, at)).collect())
}

fn seen_tasks(
    db: &mut Db,
    scheme: i64,
    cutoff: NaiveDate,
    limit: i64,
) -> Result<Vec<Outdated>, StorageError> {
    let rows: Vec<(String, Option<String>, Option<NaiveDateTime>)> = on!(db, |c| tasks::table
        .filter(tasks::scheme_number.eq(scheme))
        .filter(tasks::acknowledged_at.lt(after(cutoff)))
        .order((tasks::acknowledged_at, tasks::id))
        .select((tasks::id, tasks::person, tasks::acknowledged_at))
        .limit(limit)
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(id, person, at)| Some(Outdated::one(id, person, at?))).collect())
}

fn answered_complaints(
    db: &mut Db,
    scheme: i64,
    cutoff: NaiveDate,
    limit: i64,
) -> Result<Vec<Outdated>, StorageError> {
    let rows: Vec<(String, Option<NaiveDateTime>)> = on!(db, |c| complaints::table
        .filter(complaints::scheme_number.eq(scheme))
        .filter(complaints::answered_at.lt(after(cutoff)))
        .order((complaints::answered_at, complaints::id))
        .select((complaints::id, complaints::answered_at))
        .limit(limit)
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some(Outdated::one(id, None, at?))).collect())
}

/// Changes; `sub` is their number, negative while they have none.
fn told_changes(db: &mut Db, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let numbered: Vec<(i64, NaiveDateTime)> = on!(db, |c| changes::table
        .filter(changes::at.lt(after(cutoff)))
        .order((changes::at, changes::number))
        .select((changes::number, changes::at))
        .limit(limit)
        .load(c))?;
    let noted: Vec<(i64, NaiveDateTime)> = on!(db, |c| unnumbered::table
        .filter(unnumbered::at.lt(after(cutoff)))
        .order((unnumbered::at, unnumbered::id))
        .select((unnumbered::id, unnumbered::at))
        .limit(limit)
        .load(c))?;
    let one = |sub: i64, at| Outdated { sub, ..Outdated::one(String::new(), None, at) };
    let noted = noted.into_iter().map(|(id, at)| one(-id, at));
    Ok(numbered.into_iter().map(|(number, at)| one(number, at)).chain(noted).collect())
}

/// Sessions, remembered browsers and set-up links; `sub` is 0, 1 or 2.
fn sessions(db: &mut Db, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let end = after(cutoff);
    let ended: Vec<(String, String, NaiveDateTime)> = on!(db, |c| staff_sessions::table
        .filter(staff_sessions::ends_at.lt(end))
        .order((staff_sessions::ends_at, staff_sessions::id))
        .select((staff_sessions::id, staff_sessions::account_id, staff_sessions::ends_at))
        .limit(limit)
        .load(c))?;
    let devices: Vec<(String, String, NaiveDateTime)> = on!(db, |c| remembered_devices::table
        .filter(remembered_devices::ends_at.lt(end))
        .order((remembered_devices::ends_at, remembered_devices::id))
        .select((remembered_devices::id, remembered_devices::account_id, remembered_devices::ends_at))
        .limit(limit)
        .load(c))?;
    let links: Vec<(String, String, NaiveDateTime)> = on!(db, |c| account_links::table
        .filter(account_links::ends_at.lt(end))
        .order((account_links::ends_at, account_links::id))
        .select((account_links::id, account_links::account_id, account_links::ends_at))
        .limit(limit)
        .load(c))?;
    let all = [ended, devices, links].into_iter().zip(0..);
    Ok(all
        .flat_map(|(rows, sub)| {
            rows.into_iter()
                .map(move |(key, person, at)| Outdated { sub, ..Outdated::one(key, Some(person), at) })
        })
        .collect())
}

/// What the address of an account becomes whose holder is forgotten.
fn forgotten_address(id: &str) -> String {
    format!("{}{FORGOTTEN}", id.to_lowercase())
}

/// The end of such an address: no mail goes there.
const FORGOTTEN: &str = "@forgotten.invalid";

fn closed_accounts(db: &mut Db, cutoff: NaiveDate, limit: i64) -> Result<Vec<Outdated>, StorageError> {
    let rows: Vec<(String, Option<NaiveDateTime>)> = on!(db, |c| accounts::table
        .filter(accounts::disabled_at.lt(after(cutoff)))
        .filter(accounts::email.not_like(format!("%{FORGOTTEN}")))
        .order((accounts::disabled_at, accounts::id))
        .select((accounts::id, accounts::disabled_at))
        .limit(limit)
        .load(c))?;
    let one = |(id, at): (String, Option<NaiveDateTime>)| Some(Outdated::one(id.clone(), Some(id), at?));
    Ok(rows.into_iter().filter_map(one).collect())
}

/// Deletes ways in, history, mail, tasks, complaints, changes and sessions, and forgets holders of accounts. Responses and people are
/// changed in `use_cases/apply_retention.rs`.
pub fn delete(
    db: &mut Recorded<'_>,
    class: Class,
    scheme: i64,
    outdated: &[Outdated],
) -> Result<(), StorageError> {
    if class == Class::Changes {
        return delete_changes(db, outdated);
    }
    for one in outdated {
        let key = one.key.as_str();
        on!(db, |c| match (class, one.sub) {
            (Class::History, revision) =>
                diesel::delete(response_events::table.find((scheme, key, revision))).execute(c),
            (Class::WaysIn, 0) => diesel::delete(
                entry_codes::table
                    .filter(entry_codes::scheme_number.eq(scheme))
                    .filter(entry_codes::invitation_id.eq(key))
            )
            .execute(c),
            (Class::WaysIn, 1) => diesel::delete(
                entry_codes::table
                    .filter(entry_codes::scheme_number.eq(scheme))
                    .filter(entry_codes::open_link_id.eq(key))
            )
            .execute(c),
            (Class::WaysIn, _) => diesel::delete(
                entry_codes::table
                    .filter(entry_codes::scheme_number.eq(scheme))
                    .filter(entry_codes::draft_id.eq(key))
            )
            .execute(c),
            (Class::Mail, _) => diesel::delete(outbox::table.find(key)).execute(c),
            (Class::Tasks, _) => diesel::delete(
                outbox::table.filter(outbox::scheme_number.eq(scheme)).filter(outbox::task_id.eq(key))
            )
            .execute(c)
            .and_then(|_| diesel::delete(tasks::table.find((scheme, key))).execute(c)),
            (Class::Complaints, _) => diesel::delete(complaints::table.find((scheme, key))).execute(c),
            (Class::Sessions, 0) => {
                diesel::delete(staff_sessions::table.filter(staff_sessions::id.eq(key))).execute(c)
            }
            (Class::Sessions, 1) => {
                diesel::delete(remembered_devices::table.filter(remembered_devices::id.eq(key))).execute(c)
            }
            (Class::Sessions, _) => diesel::delete(account_links::table.find(key)).execute(c),
            (Class::Accounts, _) =>
                diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(key)))
                    .execute(c)
                    .and_then(|_| diesel::delete(second_factors::table.find(key)).execute(c))
                    .and_then(|_| diesel::update(accounts::table.find(key))
                        .set((
                            accounts::email.eq(forgotten_address(key)),
                            accounts::shown_name.eq(""),
                            accounts::password_hash.eq("")
                        ))
                        .execute(c)),
            _ => Ok(0),
        })?;
    }
    Ok(())
}

/// Deletes changes, and keeps up to where: readers that are further back begin anew.
fn delete_changes(db: &mut Recorded<'_>, outdated: &[Outdated]) -> Result<(), StorageError> {
    for chunk in outdated.chunks(500) {
        let numbers: Vec<i64> = chunk.iter().map(|one| one.sub).filter(|number| *number > 0).collect();
        let noted: Vec<i64> = chunk.iter().map(|one| -one.sub).filter(|id| *id > 0).collect();
        let gone: Vec<(i64, i64, Option<i64>)> = on!(db, |c| changes::table
            .filter(changes::number.eq_any(&numbers))
            .select((changes::scheme_number, changes::number, changes::position))
            .load(c))?;
        on!(db, |c| {
            diesel::delete(changes::table.filter(changes::number.eq_any(&numbers))).execute(c)?;
            diesel::delete(unnumbered::table.filter(unnumbered::id.eq_any(&noted))).execute(c)
        })?;
        let mut floors: BTreeMap<i64, i64> = BTreeMap::new();
        for (scheme, number, position) in gone {
            let mut up_to = |feed, place: i64| {
                let floor = floors.entry(feed).or_insert(0);
                *floor = place.max(*floor);
            };
            up_to(0, number);
            if let Some(position) = position {
                up_to(scheme, position);
            }
        }
        for (feed, floor) in floors {
            let floor = floor.max(super::changes::floor(db, feed)?);
            on!(db, |c| diesel::insert_into(change_floors::table)
                .values((change_floors::scheme_number.eq(feed), change_floors::floor.eq(floor)))
                .on_conflict(change_floors::scheme_number)
                .do_update()
                .set(change_floors::floor.eq(floor))
                .execute(c))?;
        }
    }
    Ok(())
}

/// For each person of a scheme who has answered, the day of their last answer that is not withdrawn, and how many there are.
pub fn last_answers(db: &mut Db, scheme: i64) -> Result<Vec<(String, Option<NaiveDate>, i64)>, StorageError> {
    Ok(on!(db, |c| responses::table
        .filter(responses::scheme_number.eq(scheme))
        .filter(responses::withdrawn_at.is_null())
        .group_by(responses::person)
        .select((responses::person, diesel::dsl::max(responses::completed_on), diesel::dsl::count_star()))
        .load(c))?)
}

/// After something was deleted: nothing of it stays in the log of a SQLite database; PostgreSQL may use the room again, and with `whole`
/// writes the tables anew, which locks each meanwhile.
pub fn tidy(db: &mut Db, whole: bool) -> Result<(), StorageError> {
    match (db.engine(), whole) {
        (Engine::Sqlite, false) => db.execute("PRAGMA wal_checkpoint(TRUNCATE)"),
        (Engine::Sqlite, true) => db.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"),
        (Engine::Postgres, whole) => TIDIED
            .iter()
            .try_for_each(|table| db.execute(&format!("VACUUM {}{table}", if whole { "FULL " } else { "" }))),
    }
}

/// Tables from which rows are deleted because of their age.
const TIDIED: [&str; 14] = [
    "responses",
    "response_events",
    "entry_codes",
    "outbox",
    "identities",
    "participants",
    "participant_needs",
    "invitations",
    "safeguarding_tasks",
    "life_events",
    "asking_notes",
    "complaints",
    "changes",
    "accounts",
];
