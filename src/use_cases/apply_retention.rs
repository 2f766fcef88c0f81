//! Deleting what is older than it is to be kept: class by class and scheme by scheme, in batches, each of them recorded; and the dry run,
//! which finds the same in the same way and changes nothing.
//!
//! Figures stay as they are. Whoever left loses name and reference first, which figures never needed; when their answers go, what they had
//! added to the tallies is settled, so that a recount and what is settled make up the tallies, always.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::change_people::{add_contributions, change_people, load_folded};
use super::erase_person::erase;
use super::event;
use super::manage_retention::Periods;
use super::read_changes::change;
use crate::app::App;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::change::ChangeKind;
use crate::domain::counting::{Codebook, contributions};
use crate::domain::question::{Answer, Missing};
use crate::domain::retention::Class;
use crate::domain::schedule::LifeEvent;
use crate::domain::submission::Submission;
use crate::storage::audit::{self, Recorded};
use crate::storage::outdated::{self, Outdated};
use crate::storage::participants::{self, Listing};
use crate::storage::{
    Db, StorageError, changes, drafts, identities, invitations, life_events, person_tables, responses,
    settings, settled, tallies, tasks, ways_in,
};

/// How much goes in one transaction, and how many people: each of those is several rows.
const BATCH: i64 = 500;
const PEOPLE: i64 = 50;
/// The setting that holds the day on which this was done last.
const LAST: &str = "retention-day";

/// What a class comes to in one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aged {
    /// The scheme's id; none for what belongs to no scheme.
    pub scheme: Option<String>,
    /// The class.
    pub class: Class,
    /// For how long it is kept.
    pub keep: i64,
    /// What is of this day or before is deleted.
    pub cutoff: NaiveDate,
    /// How many rows.
    pub rows: i64,
    /// Of how many people, as far as they are known.
    pub people: usize,
    /// The oldest day among them.
    pub oldest: Option<NaiveDate>,
}

/// What would be deleted today. Changes nothing.
pub fn report_retention(app: &App) -> Result<Vec<Aged>, StorageError> {
    let mut all = Vec::new();
    for (number, aged) in classes(app)? {
        let found = app.store.read(|db| find(db, aged.class, number, aged.cutoff, i64::MAX))?;
        all.push(Tally::of(&found).into(aged));
    }
    Ok(all)
}

/// Deletes it, and says what it was.
pub fn apply_retention(app: &App, by: &By) -> Result<Vec<Aged>, StorageError> {
    let mut all = Vec::new();
    for (number, aged) in classes(app)? {
        let mut done = Tally::default();
        loop {
            let batch = app.store.write(|db| delete_batch(app, db, by, number, &aged))?;
            if batch.is_empty() {
                break;
            }
            done.add(&batch);
        }
        all.push(done.into(aged));
    }
    if all.iter().any(|aged| aged.rows > 0) {
        tidy_up(app, false)?;
    }
    Ok(all)
}

/// Leaves nothing of what was deleted in unused parts of the database; with `whole`, tables are written anew, which takes long.
pub fn tidy_up(app: &App, whole: bool) -> Result<(), StorageError> {
    app.store.read(|db| outdated::tidy(db, whole))
}

/// Says whether it is to be done now: once a day, by one of several processes.
pub fn retention_is_due(app: &App) -> Result<bool, StorageError> {
    let today = app.today().to_string();
    app.store.write(|db| {
        let due = settings::find(db, LAST)?.is_none_or(|last| last != today);
        if due {
            settings::set(db, LAST, &today)?;
        }
        Ok(due)
    })
}

/// Every class of every scheme, with nothing counted yet.
fn classes(app: &App) -> Result<Vec<(i64, Aged)>, StorageError> {
    let (directory, today) = (app.directory(), app.today());
    let mut schemes: Vec<(i64, Option<String>)> =
        directory.schemes().map(|s| (s.number, Some(s.about.id.clone()))).collect();
    schemes.push((NATIONAL, None));
    let numbers: Vec<i64> = schemes.iter().map(|(number, _)| *number).collect();
    let periods = app.store.read(|db| Periods::load(db, &numbers))?;
    let mut all = Vec::new();
    for class in Class::ALL {
        for (number, scheme) in &schemes {
            let national = matches!(class, Class::Mail | Class::Complaints) || !class.rule().by_scheme;
            if if *number == NATIONAL { national } else { class.rule().by_scheme } {
                let keep = periods.keep(class, *number, today);
                let cutoff = class.cutoff(keep, today);
                let aged =
                    Aged { scheme: scheme.clone(), class, keep, cutoff, rows: 0, people: 0, oldest: None };
                all.push((*number, aged));
            }
        }
    }
    Ok(all)
}

#[derive(Default)]
struct Tally {
    rows: i64,
    people: BTreeSet<String>,
    oldest: Option<NaiveDate>,
}

impl Tally {
    fn of(found: &[Outdated]) -> Self {
        let mut tally = Self::default();
        tally.add(found);
        tally
    }

    fn add(&mut self, found: &[Outdated]) {
        self.rows += found.iter().map(|one| one.rows).sum::<i64>();
        self.people.extend(found.iter().filter_map(|one| one.person.clone()));
        self.oldest = found.iter().map(|one| one.day).chain(self.oldest).min();
    }

    fn into(self, aged: Aged) -> Aged {
        Aged { rows: self.rows, people: self.people.len(), oldest: self.oldest, ..aged }
    }
}

/// Deletes some of what is outdated, under the scheme's lock; gives what it was.
fn delete_batch(
    app: &App,
    db: &mut Db,
    by: &By,
    number: i64,
    aged: &Aged,
) -> Result<Vec<Outdated>, StorageError> {
    tallies::lock(db, number)?;
    let limit = if matches!(aged.class, Class::Identity | Class::Answers) { PEOPLE } else { BATCH };
    let batch = find(db, aged.class, number, aged.cutoff, limit)?;
    if batch.is_empty() {
        return Ok(batch);
    }
    let count = Tally::of(&batch);
    let target = aged.scheme.as_ref().map_or_else(Target::nothing, |id| Target::of(TargetKind::Scheme, id));
    let applied = event(app, number, by.clone(), Act::RetentionApplied, target)
        .code("class", aged.class.code())
        .number("rows", count.rows)
        .number("people", i64::try_from(count.people.len()).unwrap_or(i64::MAX))
        .code("up-to", &aged.cutoff.to_string());
    let db = &mut audit::record(db, &applied)?;
    match aged.class {
        Class::FreeText => batch.iter().try_for_each(|one| forget_words(db, number, &one.key))?,
        Class::Withdrawn => batch.iter().try_for_each(|one| erase_withdrawn(app, db, number, &one.key))?,
        Class::Identity => batch.iter().try_for_each(|one| unlink(app, db, number, &one.key))?,
        Class::Answers => settle(app, db, number, &batch)?,
        _ => outdated::delete(db, aged.class, number, &batch)?,
    }
    Ok(batch)
}

fn find(
    db: &mut Db,
    class: Class,
    number: i64,
    cutoff: NaiveDate,
    limit: i64,
) -> Result<Vec<Outdated>, StorageError> {
    match class {
        Class::Identity | Class::Answers => who_left(db, class, number, cutoff, limit),
        _ => outdated::find(db, class, number, cutoff, limit),
    }
}

/// People whose support ended on `cutoff` or before, life events taken into account; for whom no support is known, those whose last
/// answer is as old as that.
fn who_left(
    db: &mut Db,
    class: Class,
    number: i64,
    cutoff: NaiveDate,
    limit: i64,
) -> Result<Vec<Outdated>, StorageError> {
    let references = participants::list(db, number, &Listing { worker: None, after: None, limit: i64::MAX })?;
    let mut events: BTreeMap<String, Vec<LifeEvent>> = BTreeMap::new();
    for row in life_events::of_people(db, number, &references)? {
        events.entry(row.person.clone()).or_default().push(row.event()?);
    }
    let mut answered: BTreeMap<String, (NaiveDate, i64)> = BTreeMap::new();
    for (person, last, count) in outdated::last_answers(db, number)? {
        answered.extend(last.map(|last| (person, (last, count))));
    }
    let mut left: Vec<(NaiveDate, String, i64)> = Vec::new();
    for (reference, enrolment) in participants::find(db, number, &references)? {
        let count = answered.remove(&reference).map_or(0, |(_, count)| count);
        let enrolment = enrolment.under(events.get(&reference).map(Vec::as_slice).unwrap_or_default());
        left.extend(enrolment.supported_to.map(|end| (end, reference, count + 1)));
    }
    left.extend(answered.into_iter().map(|(person, (last, count))| (last, person, count)));
    let of_class = |(end, person, _): &(NaiveDate, String, i64)| {
        *end <= cutoff && (class == Class::Answers || !(person.starts_with('~') || is_unlinked(person)))
    };
    left.retain(of_class);
    left.sort();
    left.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let outdated = |(day, key, rows): (NaiveDate, String, i64)| Outdated {
        person: Some(key.clone()),
        key,
        sub: 0,
        day,
        rows: if class == Class::Answers { rows } else { 1 },
    };
    Ok(left.into_iter().map(outdated).collect())
}

/// What such a reference begins with; a new id follows.
const UNLINKED: &str = "left-";

/// Whether a reference was put in the place of one that led to somebody.
fn is_unlinked(reference: &str) -> bool {
    reference
        .strip_prefix(UNLINKED)
        .is_some_and(|id| id.len() == 26 && id.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Takes the words out of a response and of what it said before. What was chosen stays, so no figure moves.
fn forget_words(db: &mut Recorded<'_>, number: i64, id: &str) -> Result<(), StorageError> {
    if let Some(row) = responses::read(db, number, id)? {
        responses::replace_body(db, number, id, &without_words(&row.body)?)?;
    }
    for event in responses::events_of(db, number, id)? {
        responses::replace_event(db, number, id, event.revision, &without_words(&event.old_body)?)?;
    }
    Ok(())
}

fn without_words(body: &str) -> Result<String, StorageError> {
    let mut submission: Submission = serde_json::from_str(body)?;
    for answer in submission.answers.values_mut() {
        if matches!(answer, Answer::Sealed { .. } | Answer::Words { .. }) {
            *answer = Answer::Missing { missing: Missing::Skipped };
        }
    }
    Ok(serde_json::to_string(&submission)?)
}

/// Erases a response that counts no more.
fn erase_withdrawn(app: &App, db: &mut Recorded<'_>, number: i64, id: &str) -> Result<(), StorageError> {
    drafts::forget_response(db, number, id)?;
    tasks::forget_response(db, number, id)?;
    responses::erase(db, number, id)?;
    changes::note(db, &[change(app, number, ChangeKind::ResponseErased, id)])
}

/// Puts a new reference, which leads to nobody, in the place of somebody's who left; who they were goes.
fn unlink(app: &App, db: &mut Recorded<'_>, number: i64, reference: &str) -> Result<(), StorageError> {
    let instead = format!("{UNLINKED}{}", app.new_id().to_lowercase());
    let persons = [reference.to_owned()];
    let known = !participants::find(db, number, &persons)?.is_empty();
    for invitation in invitations::of_people(db, number, &persons)? {
        ways_in::delete_codes(db, number, &invitation.id)?;
        drafts::delete(db, number, &invitation.id)?;
        app.sittings.forget(number, &invitation.id);
    }
    for id in responses::ids_of(db, number, reference)? {
        drafts::forget_response(db, number, &id)?;
        if let Some(row) = responses::read(db, number, &id)? {
            responses::replace_body(db, number, &id, &renamed(&row.body, &instead)?)?;
        }
        for event in responses::events_of(db, number, &id)? {
            responses::replace_event(db, number, &id, event.revision, &renamed(&event.old_body, &instead)?)?;
        }
    }
    identities::delete(db, number, reference)?;
    participants::delete_needs(db, number, reference)?;
    person_tables::rename(db, number, reference, &instead)?;
    if known {
        changes::note(db, &[change(app, number, ChangeKind::ParticipantErased, reference)])?;
    }
    Ok(())
}

fn renamed(body: &str, instead: &str) -> Result<String, StorageError> {
    let mut submission: Submission = serde_json::from_str(body)?;
    submission.participant = Some(instead.to_owned());
    Ok(serde_json::to_string(&submission)?)
}

/// Deletes people with everything that is left of them. What they had added to the tallies stays there, and is settled.
fn settle(app: &App, db: &mut Recorded<'_>, number: i64, batch: &[Outdated]) -> Result<(), StorageError> {
    let persons: Vec<String> = batch.iter().map(|one| one.key.clone()).collect();
    change_people(app, db, number, &persons, |_| Ok(()))?; // what is not folded yet is folded first
    let (mut codebook, mut counts) = (Codebook::default(), BTreeMap::new());
    for person in load_folded(app, db, number, &persons)?.values() {
        let found = contributions(person, &app.registry, &app.rules, &mut codebook);
        add_contributions(&mut counts, found, 1);
    }
    settled::add(db, number, &counts, &mut codebook)?;
    for person in &persons {
        erase(app, db, number, person)?;
        tallies::forget_changed(db, number, person, &format!("~{}", app.new_id()))?;
    }
    Ok(())
}
