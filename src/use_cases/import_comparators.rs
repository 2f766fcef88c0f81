//! Comparators: importing figures that others publish, with a dry run, and the files that were imported.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Refusal, allow, event};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::comparators::{AscofReading, Comparator, Told, read_ascof};
use crate::domain::definition::digest;
use crate::domain::fault::Fault;
use crate::domain::period::{Period, PeriodKind};
use crate::storage::comparators::{self, ComparatorFileRow, ComparatorRow};
use crate::storage::{StorageError, audit};

/// Whose figures they are: those of the Adult Social Care Outcomes Framework.
pub const ASCOF: &str = "ascof";
/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct ImportComparators {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is called.
    pub name: String,
    /// The financial year that it is of.
    pub year: String,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes of the file are read.
    Read(usize),
    /// So many figures, of so many, are written.
    Written(usize, usize),
}

/// A file of published figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparatorFile {
    /// Whose figures.
    pub source: String,
    /// The financial year.
    pub year: String,
    /// What the file was called.
    pub name: String,
    /// Its digest.
    pub sha256: String,
    /// How many rows it had.
    pub rows: i64,
    /// When it was imported.
    pub imported_at: String,
    /// When another took its place.
    pub superseded_at: Option<String>,
}

/// What an import of comparators did, or (in a dry run) would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparatorsReport {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Whose figures.
    pub source: &'static str,
    /// The financial year.
    pub year: String,
    /// The digest of the file.
    pub sha256: String,
    /// Rows below the headings.
    pub rows: usize,
    /// Figures: up to three rows each.
    pub comparators: usize,
    /// Of how many areas.
    pub areas: usize,
    /// What is measured.
    pub measures: Vec<String>,
    /// How many numbers their publisher does not show, by shorthand.
    pub not_shown: BTreeMap<&'static str, usize>,
    /// The file whose place this one takes.
    pub supersedes: Option<ComparatorFile>,
    /// Whether it is the very file that stands already: then nothing is written.
    pub unchanged: bool,
    /// Everything that is wrong; in a dry run only, since otherwise nothing is written and the whole is refused.
    pub faults: Vec<Fault>,
    /// How many faults there are besides.
    pub more_faults: usize,
}

/// Whether `actor` imports such files: asked before a large one is read.
pub fn may_import_comparators(app: &App, actor: &Actor) -> Result<(), Refusal> {
    allow(app, actor, Action::ImportComparators)
}

/// Imports a file for somebody who is signed in.
pub fn import_comparators_for(
    app: &App,
    actor: &Actor,
    import: &ImportComparators,
) -> Result<ComparatorsReport, Refusal> {
    may_import_comparators(app, actor)?;
    import_comparators(app, &actor.into(), import, &|_| ())
}

/// Imports an ASCOF file: all of it, or nothing. It takes the place of what there was of the same year.
///
/// A dry run answers with the faults in its report; otherwise any fault refuses the whole.
pub fn import_comparators(
    app: &App,
    by: &By,
    import: &ImportComparators,
    step: &dyn Fn(Progress),
) -> Result<ComparatorsReport, Refusal> {
    let year = read_year(app, &import.year)?;
    let name = read_name(&import.name)?;
    let reading = read_ascof(&import.bytes, year, &app.registry.areas, &|bytes| step(Progress::Read(bytes)));
    let sha256 = digest(&import.bytes);
    let before = app.store.read(|db| comparators::standing(db, ASCOF, &year.to_string()))?;
    let unchanged = before.as_ref().is_some_and(|file| file.digest == sha256);
    let report = report(&reading, import.dry_run, year, &sha256, before.filter(|_| !unchanged), unchanged);
    if import.dry_run || unchanged && reading.faults.is_empty() {
        return Ok(report);
    }
    if !reading.faults.is_empty() {
        return Err(Refusal::Invalid(listed(reading)));
    }
    let (now, all) = (app.now(), reading.comparators.len());
    let said = event(app, NATIONAL, by.clone(), Act::ComparatorsImported, target(year));
    let said = said.code("sha256", &sha256);
    let written = app.store.write(|db| {
        let newest = comparators::files(db)?.first().map_or(0, |file| file.id);
        let file = ComparatorFileRow {
            id: newest + 1,
            source: ASCOF.into(),
            year: year.to_string(),
            name: name.clone(),
            digest: sha256.clone(),
            file_rows: i64::try_from(reading.rows).unwrap_or(i64::MAX),
            imported_at: now,
            imported_by: by.code(),
            superseded_at: None,
        };
        let rows: Vec<ComparatorRow> = reading.comparators.iter().map(|c| row(file.id, c)).collect();
        let db = &mut audit::record(db, &said)?;
        comparators::put(db, &file, &rows, &|done| step(Progress::Written(done, all)))
    });
    match written {
        // Somebody else imported one at the same moment.
        Err(error) if error.is_duplicate() => Err(Refusal::Changed),
        other => Ok(other.map(|()| report)?),
    }
}

/// Every file that was imported, newest first.
pub fn list_comparators(app: &App, actor: &Actor) -> Result<Vec<ComparatorFile>, Refusal> {
    may_import_comparators(app, actor)?;
    Ok(comparator_files(app)?)
}

/// Every file that was imported, newest first, whoever asks.
pub fn comparator_files(app: &App) -> Result<Vec<ComparatorFile>, StorageError> {
    Ok(app.store.read(comparators::files)?.iter().map(seen).collect())
}

pub(super) fn seen(file: &ComparatorFileRow) -> ComparatorFile {
    ComparatorFile {
        source: file.source.clone(),
        year: file.year.clone(),
        name: file.name.clone(),
        sha256: file.digest.clone(),
        rows: file.file_rows,
        imported_at: written(file.imported_at),
        superseded_at: file.superseded_at.map(written),
    }
}

fn target(year: Period) -> Target {
    Target::of(TargetKind::Comparators, format!("{ASCOF}:{year}"))
}

/// A financial year that has begun.
fn read_year(app: &App, text: &str) -> Result<Period, Refusal> {
    let year = text.parse().ok().filter(|period: &Period| period.kind() == PeriodKind::Year);
    let fault =
        |code, detail: String| Err(Refusal::Malformed(vec![Fault { pointer: "/year".into(), code, detail }]));
    match year {
        None => fault("bad-period", "The year is a financial year, such as 2024-25.".into()),
        Some(year) if year.first_day() > app.today() => {
            fault("period-not-begun", format!("{year} has not begun yet."))
        }
        Some(year) => Ok(year),
    }
}

/// The name of a file, without the folders that it lay in.
fn read_name(name: &str) -> Result<String, Refusal> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if last.is_empty() || last.chars().count() > LONGEST_NAME || last.contains(char::is_control) {
        let detail = format!("Say what the file is called, in at most {LONGEST_NAME} characters.");
        return Err(Refusal::Malformed(vec![Fault { pointer: "/name".into(), code: "bad-name", detail }]));
    }
    Ok(last.to_owned())
}

/// The faults of a file, and how many there are besides.
fn listed(reading: AscofReading) -> Vec<Fault> {
    let mut faults = reading.faults;
    if reading.more_faults > 0 {
        let detail = format!("There are {} faults besides these.", reading.more_faults);
        faults.push(Fault { pointer: String::new(), code: "more-faults", detail });
    }
    faults
}

fn report(
    reading: &AscofReading,
    dry_run: bool,
    year: Period,
    sha256: &str,
    supersedes: Option<ComparatorFileRow>,
    unchanged: bool,
) -> ComparatorsReport {
    let (mut areas, mut measures, mut not_shown) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for one in &reading.comparators {
        areas.insert(&one.area);
        measures.insert(&one.measure);
        let numbers = [one.numerator, one.denominator, one.outcome];
        for shorthand in numbers.iter().filter_map(|told| told.shorthand()) {
            *not_shown.entry(shorthand.code()).or_default() += 1;
        }
    }
    ComparatorsReport {
        dry_run,
        source: ASCOF,
        year: year.to_string(),
        sha256: sha256.to_owned(),
        rows: reading.rows,
        comparators: reading.comparators.len(),
        areas: areas.len(),
        measures: measures.into_iter().cloned().collect(),
        not_shown,
        supersedes: supersedes.as_ref().map(seen),
        unchanged,
        faults: reading.faults.clone(),
        more_faults: reading.more_faults,
    }
}

fn row(file_id: i64, one: &Comparator) -> ComparatorRow {
    let shorthand = |told: Told| told.shorthand().map(|s| s.code().to_owned());
    ComparatorRow {
        file_id,
        area: one.area.clone(),
        measure: one.measure.clone(),
        disaggregation: one.disaggregation.clone(),
        numerator: one.numerator.number(),
        numerator_shorthand: shorthand(one.numerator),
        denominator: one.denominator.number(),
        denominator_shorthand: shorthand(one.denominator),
        outcome: one.outcome.number(),
        outcome_shorthand: shorthand(one.outcome),
    }
}
