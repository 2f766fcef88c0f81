//! The one way to change what people count for: take the scheme's lock, count before, change, count after, add the difference.
//!
//! The background fold is the same act with no change of its own: what it adds are responses that are stored and not yet folded.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::App;
use crate::domain::counting::{
    Codebook, Contribution, CountedResponse, Counts, Person, TallyKey, contributions,
};
use crate::domain::schedule::LifeEvent;
use crate::storage::{Db, StorageError, invitations, life_events, participants, responses, tallies};

/// People as loaded: with everything stored, and with only what was folded before.
struct Loaded {
    all: BTreeMap<String, Person>,
    folded: BTreeMap<String, Person>,
    unfolded: Vec<String>,
}

/// Runs `change` on `persons` of a scheme inside the open transaction, and moves the tallies with it.
pub(super) fn change_people<T>(
    app: &App,
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
    change: impl FnOnce(&mut Db) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    tallies::lock(db, scheme_number)?;
    let before = load(app, db, scheme_number, persons)?;
    let result = change(db)?;
    let after = load(app, db, scheme_number, persons)?;
    apply(app, db, scheme_number, persons, &before.folded, &after.all)?;
    let marks: BTreeSet<String> = before.unfolded.into_iter().chain(after.unfolded).collect();
    responses::clear_marks(db, scheme_number, &marks.into_iter().collect::<Vec<_>>())?;
    Ok(result)
}

/// Folds what is stored and not yet folded for `persons`.
pub(super) fn fold_people(
    app: &App,
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
) -> Result<(), StorageError> {
    tallies::lock(db, scheme_number)?;
    let loaded = load(app, db, scheme_number, persons)?;
    apply(app, db, scheme_number, persons, &loaded.folded, &loaded.all)?;
    responses::clear_marks(db, scheme_number, &loaded.unfolded)
}

fn apply(
    app: &App,
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
    before: &BTreeMap<String, Person>,
    after: &BTreeMap<String, Person>,
) -> Result<(), StorageError> {
    let mut codebook = Codebook::default();
    let mut changes: BTreeMap<TallyKey, Counts> = BTreeMap::new();
    let mut moved = Vec::new();
    let nobody = Person::default();
    // Each once, however often an act names them: the difference is of everything that is stored of a person.
    for person in persons.iter().collect::<BTreeSet<_>>() {
        let mut count = |people: &BTreeMap<String, Person>| {
            contributions(people.get(person).unwrap_or(&nobody), &app.registry, &app.rules, &mut codebook)
        };
        let (old, new) = (count(before), count(after));
        if old == new {
            continue;
        }
        // Only answers move a snapshot; entering people and invitations again and again does not.
        if !answers(&old).eq(answers(&new)) {
            moved.push(person.clone());
        }
        add_contributions(&mut changes, old, -1);
        add_contributions(&mut changes, new, 1);
    }
    tallies::add(db, scheme_number, &changes, &mut codebook)?;
    tallies::note_changed(db, scheme_number, &moved, app.now())
}

/// What comes from answers, not from being supported or invited.
fn answers(found: &[Contribution]) -> impl Iterator<Item = &Contribution> {
    found.iter().filter(|(key, _)| !key.series.is_empty())
}

/// Adds each of `found` to `counts`, `times` over.
pub(super) fn add_contributions(
    counts: &mut BTreeMap<TallyKey, Counts>,
    found: Vec<Contribution>,
    times: i64,
) {
    for (key, contribution) in found {
        counts.entry(key).or_default().add(&contribution, times);
    }
}

/// Everything stored about `persons` that has been folded: what the tallies must hold.
pub(super) fn load_folded(
    app: &App,
    db: &mut Db,
    scheme_number: i64,
    persons: &[String],
) -> Result<BTreeMap<String, Person>, StorageError> {
    Ok(load(app, db, scheme_number, persons)?.folded)
}

fn load(app: &App, db: &mut Db, scheme_number: i64, persons: &[String]) -> Result<Loaded, StorageError> {
    let mut loaded = Loaded { all: BTreeMap::new(), folded: BTreeMap::new(), unfolded: Vec::new() };
    // Anonymous people (`~id`) have neither enrolment nor invitations.
    let known: Vec<String> = persons.iter().filter(|p| !p.starts_with('~')).cloned().collect();
    let mut events: BTreeMap<String, Vec<LifeEvent>> = BTreeMap::new();
    for row in life_events::of_people(db, scheme_number, &known)? {
        events.entry(row.person.clone()).or_default().push(row.event()?);
    }
    for (reference, enrolment) in participants::find(db, scheme_number, &known)? {
        let enrolment = enrolment.under(events.get(&reference).map(Vec::as_slice).unwrap_or_default());
        loaded.folded.entry(reference.clone()).or_default().enrolment = Some(enrolment.clone());
        loaded.all.entry(reference).or_default().enrolment = Some(enrolment);
    }
    for row in invitations::of_people(db, scheme_number, &known)? {
        loaded.folded.entry(row.person.clone()).or_default().invitations.push(row.counted());
        loaded.all.entry(row.person.clone()).or_default().invitations.push(row.counted());
    }
    for (row, unfolded) in responses::of_people(db, scheme_number, persons)? {
        if unfolded {
            loaded.unfolded.push(row.id.clone());
        }
        let submission = serde_json::from_str(&row.body)?;
        let Some(response) =
            CountedResponse::of((&row.id, row.revision), row.accepted_at, submission, &app.registry)?
        else {
            continue;
        };
        if !unfolded {
            loaded.folded.entry(row.person.clone()).or_default().responses.push(response.clone());
        }
        loaded.all.entry(row.person).or_default().responses.push(response);
    }
    Ok(loaded)
}
