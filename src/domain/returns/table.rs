//! Returns from a table: one row for each figure. Every fault is named by row and column, what would change is listed, and a cell that is
//! empty is a figure that is missing, never zero.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Asked, Entry};
use super::columns::{FigureColumn, FigureHeading, FigureSheet};
use super::doubt::Doubt;
use super::row::{RowReader, RowSays, key_of};
use crate::domain::definition::Registry;
use crate::domain::fault::{At, Fault, Faults};

/// One return among those of a table: its unit, if it is not the scheme's or area's own, and its period.
pub type ReturnKey = (Option<String>, String);

/// Whose returns can stand in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSenders {
    /// What the scheme or area itself goes by.
    pub own: Vec<String>,
    /// Its units: id and name.
    pub units: Vec<(String, String)>,
}

/// A return that a table says something of, as it is before.
pub struct KnownReturn<'k> {
    /// What is asked for.
    pub asked: Asked<'k>,
    /// The figures that were sent in.
    pub entries: Vec<Entry>,
    /// Those of the period before.
    pub before: Vec<Entry>,
}

/// Each return that a table says something of, or why there is none.
pub type KnownReturns<'k> = BTreeMap<ReturnKey, Result<KnownReturn<'k>, Fault>>;

/// What happens to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureChange {
    /// Was not there.
    New,
    /// Is there, and is the same.
    Same,
    /// Is there, and is another.
    Corrected,
    /// Is there, and its cells are empty: it is missing from now on.
    Removed,
}

impl FigureChange {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Corrected => "corrected",
            Self::Removed => "removed",
        }
    }
}

/// One figure of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableFigure {
    /// The row's number in the file.
    pub row: usize,
    /// Of which return.
    pub of: ReturnKey,
    /// The KPI.
    pub kpi: String,
    /// The council.
    pub council: String,
    /// What was sent in before.
    pub before: Option<Entry>,
    /// What is to be.
    pub after: Option<Entry>,
    /// What happens.
    pub change: FigureChange,
    /// Why it should be looked at once more.
    pub doubts: Vec<Doubt>,
}

/// What a table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableReading {
    /// What each column is.
    pub columns: Vec<FigureHeading>,
    /// How many rows there are.
    pub rows: usize,
    /// How many of them hold no figure, and none was sent in before.
    pub empty: usize,
    /// The figures, in the order of the rows; only those without a fault.
    pub figures: Vec<TableFigure>,
    /// Each return that changes, whole, as it is to be.
    pub returns: BTreeMap<ReturnKey, Vec<Entry>>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

/// The returns of which a table says something.
pub fn returns_in(sheet: &FigureSheet<'_>, senders: &TableSenders) -> BTreeSet<ReturnKey> {
    sheet.rows.iter().filter_map(|row| key_of(sheet, row, senders).ok()).collect()
}

/// Reads a table. A figure that it has no row of stays as it is.
pub fn read_returns(
    sheet: &FigureSheet<'_>,
    senders: &TableSenders,
    known: &KnownReturns<'_>,
    registry: &Registry,
) -> TableReading {
    let faults = Faults::new();
    let mut reading =
        TableReading { columns: sheet.columns.clone(), rows: sheet.rows.len(), ..TableReading::default() };
    let mut met = BTreeMap::new();
    for row in sheet.rows {
        let reader = RowReader { sheet, row, faults: &faults, registry };
        match reader.read(senders, known, &mut met) {
            RowSays::Figure(figure) => reading.figures.push(*figure),
            RowSays::Nothing => reading.empty += 1,
            RowSays::Faulty => {}
        }
    }
    reading.returns = changed_returns(&reading.figures, known);
    for of in reading.returns.iter().filter(|(_, entries)| entries.is_empty()).map(|(of, _)| of) {
        if let Some(first) = reading.figures.iter().find(|f| f.of == *of) {
            let row = first.row.to_string();
            let column = sheet.heading_of(FigureColumn::Numerator);
            let detail =
                "No figure would be left in this return. It can be corrected, and not taken back whole.";
            faults.add(&At::ROOT.key(&row).key(column), "nothing-to-send", detail);
        }
    }
    if faults.is_empty() && reading.figures.is_empty() {
        let detail = "There is no figure in this table: every numerator is empty.";
        faults.add(&At::ROOT, "nothing-to-send", detail);
    }
    reading.faults = faults.into_sorted();
    reading.faults.sort_by_key(|f| f.pointer.split('/').nth(1).and_then(|row| row.parse::<usize>().ok()));
    reading
}

/// Each return of which a figure is new, another or removed: what was sent in, and over it what the table says.
fn changed_returns(figures: &[TableFigure], known: &KnownReturns<'_>) -> BTreeMap<ReturnKey, Vec<Entry>> {
    let different = figures.iter().filter(|f| f.change != FigureChange::Same);
    let keys: BTreeSet<&ReturnKey> = different.map(|f| &f.of).collect();
    let whole = |of: &ReturnKey| {
        let before = known.get(of).and_then(|k| k.as_ref().ok()).map_or(&[][..], |k| &k.entries);
        let mut entries: BTreeMap<(&str, &str), &Entry> =
            before.iter().map(|e| ((e.kpi.as_str(), e.council.as_str()), e)).collect();
        for figure in figures.iter().filter(|f| f.of == *of) {
            let key = (figure.kpi.as_str(), figure.council.as_str());
            match &figure.after {
                Some(entry) => entries.insert(key, entry),
                None => entries.remove(&key),
            };
        }
        entries.into_values().cloned().collect()
    };
    keys.into_iter().map(|of| (of.clone(), whole(of))).collect()
}
