//! Tallies against a recount from the stored responses: the proof, and the repair.

use std::collections::BTreeMap;

use super::change_people::{add_contributions, load_folded};
use super::fold_tallies;
use crate::app::App;
use crate::domain::counting::{Codebook, Counts, TallyKey, contributions, decode};
use crate::storage::{Db, StorageError, participants, responses, settled, tallies};

/// A tally that is not what a recount gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The scheme's number.
    pub scheme_number: i64,
    /// Council, questionnaire, series, period and group.
    pub tally: String,
    /// The counters that differ: who, indicator, counter, stored, recounted.
    pub counters: Vec<(String, i64, i64)>,
}

/// How many people are counted at a time.
const CHUNK: usize = 2000;

/// Compares every tally with a recount; `progress` hears of each scheme done, of how many.
pub fn verify_tallies(
    app: &App,
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<Difference>, StorageError> {
    fold_tallies(app)?;
    let schemes: Vec<i64> = app.directory().schemes().map(|s| s.number).collect();
    let mut differences = Vec::new();
    for (done, number) in schemes.iter().enumerate() {
        // A write, so that nothing moves between the recount and the stored tallies.
        differences.extend(app.store.write(|db| {
            tallies::lock(db, *number)?;
            compare(app, db, *number)
        })?);
        progress(done + 1, schemes.len());
    }
    Ok(differences)
}

/// Makes every tally anew from the stored responses. What is not folded yet stays marked, and is folded as ever.
pub fn rebuild_tallies(app: &App, mut progress: impl FnMut(usize, usize)) -> Result<(), StorageError> {
    let schemes: Vec<i64> = app.directory().schemes().map(|s| s.number).collect();
    for (done, number) in schemes.iter().enumerate() {
        app.store.write(|db| {
            tallies::lock(db, *number)?;
            let mut codebook = Codebook::default();
            let counts = recount(app, db, *number, &mut codebook)?;
            tallies::clear(db, *number)?;
            tallies::add(db, *number, &counts, &mut codebook)
        })?;
        progress(done + 1, schemes.len());
    }
    Ok(())
}

fn recount(
    app: &App,
    db: &mut Db,
    number: i64,
    codebook: &mut Codebook,
) -> Result<BTreeMap<TallyKey, Counts>, StorageError> {
    let mut persons = responses::people(db, number)?;
    persons.extend(participants::references(db, number)?);
    persons.sort_unstable();
    persons.dedup();
    // What people had added whose answers are deleted because of their age is counted as it was.
    let mut counts = settled::of_scheme(db, number, codebook)?;
    for chunk in persons.chunks(CHUNK) {
        for person in load_folded(app, db, number, chunk)?.values() {
            let found = contributions(person, &app.registry, &app.rules, codebook);
            add_contributions(&mut counts, found, 1);
        }
    }
    Ok(counts)
}

fn compare(app: &App, db: &mut Db, number: i64) -> Result<Vec<Difference>, StorageError> {
    let mut codebook = Codebook::default();
    let mut both: BTreeMap<String, (Counts, Counts)> = BTreeMap::new();
    for stored in tallies::of_scheme(db, number)? {
        let name =
            [stored.council, stored.questionnaire, stored.series, stored.period, stored.group].join(" | ");
        both.entry(name).or_default().0.add(&decode(&stored.value, &mut codebook)?, 1);
    }
    for (key, counts) in recount(app, db, number, &mut codebook)? {
        let name =
            [&*key.council, &key.questionnaire, &key.series, &key.period_text(), &key.group].join(" | ");
        both.entry(name).or_default().1 = counts;
    }
    let mut differences = Vec::new();
    for (tally, (stored, recounted)) in both {
        let mut pairs: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
        stored.entries().for_each(|(slot, count)| pairs.entry(slot).or_default().0 = count);
        recounted.entries().for_each(|(slot, count)| pairs.entry(slot).or_default().1 = count);
        let counters: Vec<(String, i64, i64)> = pairs
            .into_iter()
            .filter(|(_, (a, b))| a != b)
            .map(|(slot, (stored, recounted))| {
                let (who, indicator, counter) = codebook.name(slot);
                (format!("{} {indicator} {counter}", who.code()), stored, recounted)
            })
            .collect();
        if !counters.is_empty() {
            differences.push(Difference { scheme_number: number, tally, counters });
        }
    }
    Ok(differences)
}
