//! What an import of returns did, or would do: figure by figure, return by return, and what should be looked at once more.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::read_return::Seen;
use crate::domain::fault::Fault;
use crate::domain::returns::{Amount, Entry, FigureChange, FigureColumn, ReturnKey, TableReading};

/// What a column of the file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureHeadingSeen {
    /// The heading as it stands in the file.
    pub heading: String,
    /// What it is; `not-used` if it is not read.
    pub column: &'static str,
}

/// The numbers of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// What was counted.
    pub numerator: Amount,
    /// Out of how many.
    pub denominator: Option<Amount>,
}

/// What happens to the figure of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedFigure {
    /// The row's number in the file.
    pub row: usize,
    /// The unit, if it is not the scheme's or area's own.
    pub unit: Option<String>,
    /// The period.
    pub period: String,
    /// The KPI.
    pub kpi: String,
    /// The council.
    pub council: String,
    /// `new`, `same`, `corrected` or `removed`.
    pub change: &'static str,
    /// What was sent in before.
    pub before: Option<Numbers>,
    /// What is to be; none where the figure is missing from now on.
    pub after: Option<Numbers>,
}

/// A return that is sent in, or sent in anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedReturn {
    /// The unit, if it is not the scheme's or area's own.
    pub unit: Option<String>,
    /// The period.
    pub period: String,
    /// `submitted`, or `corrected` if it was sent in before.
    pub change: &'static str,
    /// Whether a draft of it ends with this.
    pub ends_draft: bool,
    /// How many figures it then holds.
    pub figures: usize,
}

/// A figure that should be looked at once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportDoubt {
    /// `/row/column`.
    pub pointer: String,
    /// The KPI.
    pub kpi: String,
    /// `out-of-range` or `jump`.
    pub code: &'static str,
    /// Why.
    pub detail: String,
}

/// What an import of returns did, or (in a dry run) would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnsReport {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// What each column is.
    pub columns: Vec<FigureHeadingSeen>,
    /// Rows below the headings.
    pub rows: usize,
    /// Rows without a figure, where none was sent in before: they stay missing.
    pub empty: usize,
    /// Figures that are new.
    pub added: usize,
    /// Figures that are others than before.
    pub corrected: usize,
    /// Figures that are as before.
    pub same: usize,
    /// Figures that are missing from now on.
    pub removed: usize,
    /// Each figure.
    pub figures: Vec<ImportedFigure>,
    /// Each return that is sent in.
    pub returns: Vec<ImportedReturn>,
    /// What should be looked at once more. It is taken nevertheless.
    pub doubts: Vec<ImportDoubt>,
    /// Stands for the returns as they were before: an import that names it is refused if one of them has changed since.
    pub seen: String,
    /// Everything that is wrong; in a dry run only, since otherwise nothing is written and the whole is refused.
    pub faults: Vec<Fault>,
}

/// What the table says, and the returns as they are before.
pub(super) struct Read {
    pub(super) reading: TableReading,
    pub(super) before: BTreeMap<ReturnKey, Seen>,
}

impl Read {
    pub(super) fn revision(&self, key: &ReturnKey) -> i64 {
        self.before.get(key).and_then(|seen| seen.row.as_ref()).map_or(0, |row| row.revision)
    }

    /// Another one as soon as one of the returns has another revision.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for key in self.before.keys() {
            let unit = key.0.as_deref().unwrap_or("");
            hash.update(format!("{unit}\t{}\t{}\n", key.1, self.revision(key)));
        }
        hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The report on a table whose columns cannot be told.
pub(super) fn headless(faults: Vec<Fault>) -> ReturnsReport {
    let read = Read { reading: TableReading { faults, ..TableReading::default() }, before: BTreeMap::new() };
    report(read, true)
}

pub(super) fn report(read: Read, dry_run: bool) -> ReturnsReport {
    let seen = read.fingerprint();
    let reading = &read.reading;
    let count = |change| reading.figures.iter().filter(|f| f.change == change).count();
    let numbers = |entry: &Entry| Numbers { numerator: entry.numerator, denominator: entry.denominator };
    let heading = |column: FigureColumn| {
        let found = reading.columns.iter().find(|h| h.column == column);
        found.map_or(column.heading(), |h| h.heading.as_str()).replace('~', "~0").replace('/', "~1")
    };
    let numerator = heading(FigureColumn::Numerator);
    let mut doubts = Vec::new();
    for figure in &reading.figures {
        doubts.extend(figure.doubts.iter().map(|doubt| ImportDoubt {
            pointer: format!("/{}/{numerator}", figure.row),
            kpi: figure.kpi.clone(),
            code: doubt.name(),
            detail: doubt.words(),
        }));
    }
    let returns = reading.returns.iter().map(|(key, entries)| {
        let row = read.before.get(key).and_then(|seen| seen.row.as_ref());
        ImportedReturn {
            unit: key.0.clone(),
            period: key.1.clone(),
            change: if row.is_some_and(|r| r.submitted_at.is_some()) { "corrected" } else { "submitted" },
            ends_draft: row.is_some_and(|r| r.draft.is_some()),
            figures: entries.len(),
        }
    });
    let figures = reading.figures.iter().map(|f| ImportedFigure {
        row: f.row,
        unit: f.of.0.clone(),
        period: f.of.1.clone(),
        kpi: f.kpi.clone(),
        council: f.council.clone(),
        change: f.change.code(),
        before: f.before.as_ref().map(numbers),
        after: f.after.as_ref().map(numbers),
    });
    let columns = reading
        .columns
        .iter()
        .map(|h| FigureHeadingSeen { heading: h.heading.clone(), column: h.column.code() });
    ReturnsReport {
        dry_run,
        columns: columns.collect(),
        rows: reading.rows,
        empty: reading.empty,
        added: count(FigureChange::New),
        corrected: count(FigureChange::Corrected),
        same: count(FigureChange::Same),
        removed: count(FigureChange::Removed),
        figures: figures.collect(),
        returns: returns.collect(),
        doubts,
        seen,
        faults: read.reading.faults.clone(),
    }
}
