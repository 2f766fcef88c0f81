//! An extract of the responses to one questionnaire, for analysts: every one that counts, with a pseudonym and without anybody's own words,
//! as the list has them. Begun once, which is recorded, and then read page by page for as long as it takes.
//!
//! What is in it: every response that was accepted up to the moment it began, and none accepted later. Rows are read as they stand when
//! their page is read: what is withdrawn or erased meanwhile is not in it, and what is corrected is there as corrected. One that was
//! just being accepted at that moment may be missing; it is in the next.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{NaiveDate, NaiveDateTime};

use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Level;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::definition::ENGLISH;
use crate::domain::extract::{
    Asked, Column, Columns, Extracted, FileFacts, Manifest, Reason, Unplaced, VersionFacts,
};
use crate::domain::fault::Fault;
use crate::domain::reader::short;
use crate::domain::submission::Submission;
use crate::extract_files::{ExtractFormat, Rows, Source, write_extract};
use crate::secrets::public_id;
use crate::storage::extracts::{self, Extract, ExtractRow, Position, Scope};
use crate::storage::{StorageError, audit};

/// Rows read at a time: about a megabyte.
const PAGE: usize = 500;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct ExtractQuery {
    /// The questionnaire.
    pub questionnaire: String,
    /// Only this scheme.
    pub scheme: Option<String>,
    /// Answered on or after.
    pub from: Option<NaiveDate>,
    /// Answered on or before.
    pub to: Option<NaiveDate>,
}

/// Why an extract broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// Rows could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Whoever it is for takes no more.
    #[error("the extract could not be written: {0}")]
    Output(#[from] io::Error),
    /// A response is of a version that this server does not have.
    #[error("a response is of version {0}, which this server does not have")]
    UnknownVersion(String),
}

/// An extract that may be read.
#[derive(Debug)]
pub struct BegunExtract {
    extract: Extract,
    columns: Columns,
    query: ExtractQuery,
    as_of: NaiveDateTime,
}

/// Is told how far an extract has come: where it is, and how many rows were sent. An error stops it.
pub type ExtractProgress<'p> = &'p mut dyn FnMut(&Position, u64) -> io::Result<()>;

/// Whether `actor` may take extracts at all.
pub fn may_extract_responses(app: &App, actor: &Actor) -> Result<(), Refusal> {
    allow(app, actor, Action::ReadResponses)
}

/// Begins an extract for `actor`, and writes that down.
///
/// # Errors
///
/// The role takes no extracts; there is no such scheme; or no version of the questionnaire takes responses.
pub fn begin_extract(app: &App, actor: &Actor, query: ExtractQuery) -> Result<BegunExtract, Refusal> {
    may_extract_responses(app, actor)?;
    let directory = app.directory();
    let scheme = match &query.scheme {
        Some(id) => Some(scheme_for(app, &directory, actor, id, "/scheme", Action::SeeScheme)?.number),
        None => None,
    };
    begin(app, actor.into(), query, scheme)
}

/// Begins an extract for whoever may run commands on the server, and writes that down.
///
/// # Errors
///
/// As [`begin_extract`].
pub fn begin_extract_here(app: &App, query: ExtractQuery) -> Result<BegunExtract, Refusal> {
    let directory = app.directory();
    let scheme = match &query.scheme {
        Some(id) => Some(directory.scheme(id).ok_or_else(|| Refusal::unknown_scheme("/scheme"))?.number),
        None => None,
    };
    begin(app, By::CommandLine, query, scheme)
}

fn begin(app: &App, by: By, query: ExtractQuery, scheme: Option<i64>) -> Result<BegunExtract, Refusal> {
    let columns = Columns::of(&app.registry, &query.questionnaire).ok_or_else(|| {
        Refusal::Malformed(vec![Fault {
            pointer: "/questionnaire".into(),
            code: "unknown-questionnaire",
            detail: format!("No questionnaire “{}” takes responses.", short(&query.questionnaire)),
        }])
    })?;
    let directory = app.directory();
    // What is taken over all schemes is what counts over all schemes.
    let counted = directory.schemes().filter(|s| s.counts_at(Level::Uk)).map(|s| s.number);
    let mut schemes: Vec<i64> = scheme.map_or_else(|| counted.collect(), |number| vec![number]);
    schemes.sort_unstable();
    let target = Target::of(TargetKind::Questionnaire, &query.questionnaire);
    let mut taken = event(app, scheme.unwrap_or(NATIONAL), by, Act::ResponsesExtracted, target);
    for (name, day) in [("from", query.from), ("to", query.to)] {
        if let Some(day) = day {
            taken = taken.code(name, &day.to_string());
        }
    }
    let as_of = taken.at;
    let scope = Scope {
        schemes,
        questionnaire: query.questionnaire.clone(),
        from: query.from,
        to: query.to,
        accepted_by: as_of,
    };
    let begin = |db: &mut _| Ok(extracts::begin(&mut audit::record(db, &taken)?, scope.clone()));
    let extract = app.store.write(begin)?;
    Ok(BegunExtract { extract, columns, query, as_of })
}

/// Reads an extract and writes it to `sink`; gives that back with the manifest.
///
/// # Errors
///
/// See [`ExtractError`]. What was written is not whole then, and can be known by that: see [`write_extract`].
pub fn extract_responses<W: Write + Send>(
    app: &App,
    begun: &BegunExtract,
    sink: W,
    format: ExtractFormat,
    progress: ExtractProgress<'_>,
) -> Result<(W, Manifest), ExtractError> {
    let mut reading = Reading {
        app,
        begun,
        progress,
        rows: 0,
        by_version: BTreeMap::new(),
        unplaced: Unplaced::default(),
        ended_at: begun.as_of,
    };
    write_extract(sink, format, &mut reading)
}

/// How many rows each scheme can give at the most, for those who show how far they have come.
pub fn most_rows_of(app: &App, begun: &BegunExtract) -> Result<Vec<u64>, StorageError> {
    app.store.read_page(|db| extracts::most_rows(db, &begun.extract))
}

impl BegunExtract {
    /// What the file is called, without its ending: the questionnaire and the moment.
    pub fn name(&self) -> String {
        format!("khi-{}-{}", self.query.questionnaire, self.as_of.format("%Y-%m-%dT%H%M%SZ"))
    }
}

struct Reading<'a> {
    app: &'a App,
    begun: &'a BegunExtract,
    progress: ExtractProgress<'a>,
    rows: u64,
    by_version: BTreeMap<String, u64>,
    unplaced: Unplaced,
    ended_at: NaiveDateTime,
}

impl Reading<'_> {
    fn send_row(&mut self, row: &ExtractRow, to: &mut dyn Rows) -> Result<(), ExtractError> {
        let submission: Submission = serde_json::from_str(&row.body).map_err(StorageError::from)?;
        // Who did not agree to be counted is in no list for analysts, and in no extract.
        if !submission.consent.statistics {
            return Ok(());
        }
        let id = public_id(row.scheme_number, &row.id);
        let participant =
            submission.participant.as_ref().map(|p| self.app.secrets.pseudonym(row.scheme_number, p));
        let extracted = Extracted {
            id: &id,
            participant: participant.as_deref(),
            accepted_at: row.accepted_at,
            revision: row.revision,
            submission: &submission,
        };
        let cells = self
            .begun
            .columns
            .cells(&extracted, &mut self.unplaced)
            .ok_or_else(|| ExtractError::UnknownVersion(submission.version.clone()))?;
        to.row(&cells)?;
        self.rows += 1;
        match self.by_version.get_mut(&submission.version) {
            Some(rows) => *rows += 1,
            None => drop(self.by_version.insert(submission.version.clone(), 1)),
        }
        Ok(())
    }
}

impl Source for Reading<'_> {
    type Error = ExtractError;

    fn columns(&self) -> &[Column] {
        &self.begun.columns.all
    }

    fn send(&mut self, to: &mut dyn Rows) -> Result<(), ExtractError> {
        let mut at = Position::default();
        while !at.is_at_end(&self.begun.extract) {
            let page =
                self.app.store.read_page(|db| extracts::page(db, &self.begun.extract, &mut at, PAGE))?;
            for row in &page {
                self.send_row(row, to)?;
            }
            (self.progress)(&at, self.rows)?;
        }
        self.ended_at = self.app.now();
        Ok(())
    }

    fn manifest(&self, file: Option<FileFacts>) -> Manifest {
        let (registry, asked) = (&self.app.registry, &self.begun.query);
        let published = registry.versions(&asked.questionnaire).filter(|d| d.takes_responses());
        let versions = published.map(|d| {
            let version = d.version.to_string();
            let rows = self.by_version.get(&version).copied().unwrap_or(0);
            let sha256 = registry.file(&d.id, d.version).map(|file| file.digest.clone());
            VersionFacts { version, sha256, rows }
        });
        let title =
            registry.latest(&asked.questionnaire).or_else(|| registry.versions(&asked.questionnaire).last());
        Manifest {
            manifest: 1,
            made_by: concat!("khi ", env!("CARGO_PKG_VERSION")).into(),
            file,
            rows: self.rows,
            as_of: written(self.begun.as_of),
            ended_at: written(self.ended_at),
            asked: Asked {
                questionnaire: asked.questionnaire.clone(),
                scheme: asked.scheme.clone(),
                from: asked.from,
                to: asked.to,
            },
            title: title.map_or_else(String::new, |d| d.title.get(ENGLISH).to_owned()),
            versions: versions.collect(),
            reasons: Reason::all(),
            columns: self.begun.columns.all.clone(),
            without_column: self.unplaced.found.clone(),
            more_without_column: (self.unplaced.more > 0).then_some(self.unplaced.more),
        }
    }
}
