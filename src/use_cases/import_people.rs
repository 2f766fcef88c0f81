//! People from a scheme's own file, with a dry run that says what would happen and everything that is wrong.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change_people::change_people;
use super::manage_people::{fault, note_participants, upon_person};
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event};
use crate::domain::import::{Change, Column, Reading, Setting, Table, read_people};
use crate::domain::participant::Enrolment;
use crate::storage::participants::{self, Listing};
use crate::storage::{Db, StorageError, audit};
use crate::table_files::{TableFormat, read_table};

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
    /// Headings of columns that say who somebody is. They are recognised and kept apart: nothing of them is stored with the participants.
    pub kept_apart: Vec<String>,
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
    let read = |db: &mut Db| -> Result<Reading, StorageError> {
        let listing = Listing { worker: None, after: None, limit: i64::MAX };
        let references = participants::list(db, scheme.number, &listing)?;
        let known: BTreeMap<String, Enrolment> =
            participants::find(db, scheme.number, &references)?.into_iter().collect();
        Ok(read_people(
            &table,
            &Setting { registry: &app.registry, scheme, workers: &workers, known: &known, choices: &choices },
        ))
    };
    let tried = event(app, scheme.number, actor, Act::ParticipantsImported, scheme_target(scheme));
    let tried = tried.code("dry-run", if import.dry_run { "yes" } else { "no" });
    if import.dry_run {
        // What it says of people who are known is a reading of them.
        return Ok(report(app.store.write(|db| read(&mut *audit::record(db, &tried)?))?, true));
    }
    // Whoever may be in it: only these people move the figures.
    let possible = possible_references(&table);
    let reading = app.store.write(|db| {
        change_people(app, db, scheme.number, &possible, |db| {
            let reading = read(db)?;
            if reading.faults.is_empty() {
                let different = reading.people.iter().filter(|p| p.change != Change::Same);
                let people: Vec<(String, Enrolment)> =
                    different.map(|p| (p.reference.clone(), p.enrolment.clone())).collect();
                let changed =
                    people.iter().map(|(r, _)| upon_person(app, scheme, actor, Act::ParticipantChanged, r));
                let events: Vec<Event> = std::iter::once(tried.clone()).chain(changed).collect();
                participants::upsert(
                    &mut audit::record_all(db, &events)?,
                    scheme.number,
                    &people,
                    app.today(),
                )?;
                note_participants(app, db, scheme, people.iter().map(|(reference, _)| reference))?;
            }
            Ok(reading)
        })
    })?;
    if !reading.faults.is_empty() {
        return Err(Refusal::Invalid(reading.faults));
    }
    Ok(report(reading, false))
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

fn report(reading: Reading, dry_run: bool) -> PeopleReport {
    let count = |change| reading.people.iter().filter(|p| p.change == change).count();
    let apart = reading.columns.iter().filter(|c| matches!(c.column, Column::Identity(_)));
    PeopleReport {
        dry_run,
        rows: reading.rows,
        added: count(Change::New),
        changed: count(Change::Changed),
        same: count(Change::Same),
        kept_apart: apart.map(|c| c.heading.clone()).collect(),
        people: reading
            .people
            .iter()
            .map(|p| ImportedRow {
                row: p.row,
                participant: p.reference.clone(),
                change: p.change.code(),
                changed: p.changed.clone(),
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
