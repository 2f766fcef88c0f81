//! People from a scheme's own file, with a dry run that says what would happen and everything that is wrong.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change_people::change_people;
use super::manage_people::{fault, note_participants, upon_person};
use super::sealing::{identities_of, place, seal_json};
use super::{Refusal, allow, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event};
use crate::domain::identity::Identity;
use crate::domain::import::{
    Change, Column, ReadPerson, Reading, Setting, Table, people_template, read_people,
};
use crate::domain::participant::Enrolment;
use crate::domain::scheme::Scheme;
use crate::storage::participants::{self, Listing};
use crate::storage::sealed_columns::IDENTITY;
use crate::storage::{Db, StorageError, audit, identities};
use crate::table_files::{TableFormat, read_table, write_template};

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct ImportPeople {
    /// The file, or what was pasted.
    pub bytes: Vec<u8>,
    /// How it is written.
    pub format: TableFormat,
    /// What somebody chose: heading → the column's name; `not-used` leaves it out.
    pub choices: Vec<(String, String)>,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// What a column of the file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedColumn {
    /// The heading as it stands in the file.
    pub heading: String,
    /// What it is.
    pub column: String,
    /// How that was found: `known`, `close` (look whether it is right), `chosen` or `nothing`.
    pub matched: &'static str,
}

/// What happens to the person of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedRow {
    /// The row's number in the file.
    pub row: usize,
    /// The participant's reference.
    pub participant: String,
    /// `new`, `changed` or `same`.
    pub change: &'static str,
    /// Which parts are different.
    pub changed: Vec<&'static str>,
    /// What happens to who the person is: `new`, `changed` or `same`; none if the row says nothing of it, or nothing of it is stored.
    pub identity: Option<&'static str>,
    /// Which parts of that are different.
    pub identity_changed: Vec<&'static str>,
}

/// Of how many people it is stored who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityCounts {
    /// Of whom nothing was stored before.
    pub added: usize,
    /// Of whom something is different.
    pub changed: usize,
    /// Of whom nothing is different.
    pub same: usize,
}

/// What an import did, or (in a dry run) would do. Nothing of who somebody is stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleReport {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// What each column is.
    pub columns: Vec<ImportedColumn>,
    /// Rows with people.
    pub rows: usize,
    /// People who are new.
    pub added: usize,
    /// People of whom something is different.
    pub changed: usize,
    /// People of whom nothing is different.
    pub same: usize,
    /// What happens to each.
    pub people: Vec<ImportedRow>,
    /// Headings of columns that say who somebody is: kept apart from the participants, and encrypted.
    pub kept_apart: Vec<String>,
    /// Of how many people that is stored; none where this account may not enter who people are: then nothing of those columns is stored.
    pub identities: Option<IdentityCounts>,
    /// Everything that is wrong; in a dry run only, since otherwise nothing is written and the whole is refused.
    pub faults: Vec<crate::domain::fault::Fault>,
}

/// Imports people, all or none. What the file does not say of somebody who is known stays; whoever is not in the file stays.
///
/// A dry run answers with the faults in its report; otherwise any fault refuses the whole.
pub fn import_people(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    import: &ImportPeople,
) -> Result<PeopleReport, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    let table = read_table(&import.bytes, import.format).map_err(Refusal::Invalid)?;
    let choices = read_choices(app, &import.choices)?;
    let workers: BTreeMap<String, String> = directory
        .accounts()
        .filter(|a| a.disabled_at.is_none() && a.role().is_some_and(|role| role.works_in(scheme.number)))
        .map(|a| (a.email.to_lowercase(), a.id.clone()))
        .collect();
    let enters_identities = allow(app, actor, Action::PutIdentity(scheme)).is_ok();
    let read = |db: &mut Db| -> Result<Reading, StorageError> {
        let listing = Listing { worker: None, after: None, limit: i64::MAX };
        let references = participants::list(db, scheme.number, &listing)?;
        let known: BTreeMap<String, Enrolment> =
            participants::find(db, scheme.number, &references)?.into_iter().collect();
        let identities = enters_identities
            .then(|| identities_of(app, db, scheme.number, &possible_references(&table)))
            .transpose()?;
        let setting = Setting {
            registry: &app.registry,
            scheme,
            workers: &workers,
            known: &known,
            choices: &choices,
            identities: identities.as_ref(),
        };
        Ok(read_people(&table, &setting))
    };
    let tried = event(app, scheme.number, actor, Act::ParticipantsImported, scheme_target(scheme));
    let tried = tried.code("dry-run", if import.dry_run { "yes" } else { "no" });
    if import.dry_run {
        // What it says of people who are known is a reading of them.
        let reading = app.store.write(|db| read(&mut *audit::record(db, &tried)?))?;
        return Ok(report(reading, true, enters_identities));
    }
    // Whoever may be in it: only these people move the figures.
    let possible = possible_references(&table);
    let reading = app.store.write(|db| {
        change_people(app, db, scheme.number, &possible, |db| {
            let reading = read(db)?;
            if reading.faults.is_empty() {
                store(app, db, scheme, actor, &tried, &reading.people)?;
            }
            Ok(reading)
        })
    })?;
    if !reading.faults.is_empty() {
        return Err(Refusal::Invalid(reading.faults));
    }
    Ok(report(reading, false, enters_identities))
}

/// Writes what is different of the people, and of who they are: one transaction, each change recorded.
fn store(
    app: &App,
    db: &mut Db,
    scheme: &Scheme,
    actor: &Actor,
    tried: &Event,
    people: &[ReadPerson],
) -> Result<(), StorageError> {
    let different = people.iter().filter(|p| p.change != Change::Same);
    let enrolments: Vec<(String, Enrolment)> =
        different.map(|p| (p.reference.clone(), p.enrolment.clone())).collect();
    let changed = enrolments.iter().map(|(r, _)| upon_person(app, scheme, actor, Act::ParticipantChanged, r));
    let named = people.iter().filter_map(|person| Some((&person.reference, person.identity.as_ref()?)));
    let named: Vec<(&String, &Identity)> = named
        .filter(|(_, read)| read.change != Change::Same)
        .map(|(reference, read)| (reference, &read.identity))
        .collect();
    let entered = named.iter().map(|(r, _)| upon_person(app, scheme, actor, Act::IdentityChanged, r));
    let events: Vec<Event> = std::iter::once(tried.clone()).chain(changed).chain(entered).collect();
    let db = &mut audit::record_all(db, &events)?;
    participants::upsert(db, scheme.number, &enrolments, app.today())?;
    for (reference, identity) in named {
        let sealed = seal_json(&app.vault, &place(&IDENTITY, scheme.number, reference), identity)?;
        identities::put(db, scheme.number, reference, &sealed, app.now())?;
    }
    note_participants(app, db, scheme, enrolments.iter().map(|(reference, _)| reference))
}

/// A table to be filled in and imported: headings, what goes below each, and one example.
pub fn write_people_template(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    format: TableFormat,
) -> Result<Vec<u8>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    let columns = people_template(scheme, &app.registry, app.today());
    Ok(write_template(&columns, format).map_err(StorageError::Corrupt)?)
}

/// Every text of the table that could be a reference, before it is known which column holds them.
fn possible_references(table: &Table) -> Vec<String> {
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let mut references: Vec<String> =
        cells.filter(|c| crate::domain::participant::is_reference(c)).cloned().collect();
    references.sort_unstable();
    references.dedup();
    references
}

fn read_choices(app: &App, choices: &[(String, String)]) -> Result<Vec<(String, Column)>, Refusal> {
    let mut read = Vec::with_capacity(choices.len());
    for (heading, name) in choices {
        let Some(column) = Column::parse(name, &app.registry) else {
            let detail = "A choice is written “Heading=column”, where the column is such as reference, supported_from or not-used.";
            return Err(Refusal::Malformed(vec![fault("/column", "unknown-column", detail)]));
        };
        read.push((heading.clone(), column));
    }
    Ok(read)
}

fn report(reading: Reading, dry_run: bool, enters_identities: bool) -> PeopleReport {
    let named = |change| {
        let read = reading.people.iter().filter_map(|p| p.identity.as_ref());
        read.filter(|identity| identity.change == change).count()
    };
    let count = |change| reading.people.iter().filter(|p| p.change == change).count();
    let apart = reading.columns.iter().filter(|c| matches!(c.column, Column::Identity(_)));
    PeopleReport {
        dry_run,
        rows: reading.rows,
        added: count(Change::New),
        changed: count(Change::Changed),
        same: count(Change::Same),
        kept_apart: apart.map(|c| c.heading.clone()).collect(),
        identities: enters_identities.then(|| IdentityCounts {
            added: named(Change::New),
            changed: named(Change::Changed),
            same: named(Change::Same),
        }),
        people: reading
            .people
            .iter()
            .map(|p| ImportedRow {
                row: p.row,
                participant: p.reference.clone(),
                change: p.change.code(),
                changed: p.changed.clone(),
                identity: p.identity.as_ref().map(|identity| identity.change.code()),
                identity_changed: p.identity.as_ref().map(|i| i.changed.clone()).unwrap_or_default(),
            })
            .collect(),
        columns: reading
            .columns
            .into_iter()
            .map(|c| ImportedColumn {
                column: c.column.code().to_owned(),
                heading: c.heading,
                matched: c.how.code(),
            })
            .collect(),
        faults: reading.faults,
    }
}
