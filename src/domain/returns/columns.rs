//! The columns of a table of returns: what they are called when one is handed out, and the names that are understood when it comes back.

use crate::domain::fault::{At, Fault, Faults};
use crate::domain::import::{Row, Table, plain_words};

/// How many of the first rows may stand above the headings.
const TITLE_ROWS: usize = 10;

/// What a column of such a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureColumn {
    /// For which period.
    Period,
    /// Who sends it in: the scheme or area itself, or a unit.
    SentBy,
    /// For which council it is counted.
    Council,
    /// The KPI's id.
    Kpi,
    /// What was counted.
    Numerator,
    /// Out of how many.
    Denominator,
    /// A share that somebody worked out: refused wherever anything stands in it.
    Percentage,
    /// Something that is not read.
    NotUsed,
}

impl FigureColumn {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::SentBy => "sent_by",
            Self::Council => "council",
            Self::Kpi => "kpi",
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
            Self::Percentage => "percentage",
            Self::NotUsed => "not-used",
        }
    }

    /// Its heading in a table that is handed out.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Period => "Period",
            Self::SentBy => "Sent by",
            Self::Council => "Council",
            Self::Kpi => "Figure",
            Self::Numerator => "Numerator",
            Self::Denominator => "Denominator",
            Self::Percentage => "Percentage",
            Self::NotUsed => "",
        }
    }

    fn of(heading: &str) -> Self {
        let words = plain_words(heading);
        let found = NAMES.iter().find(|(_, names)| names.contains(&words.as_str()));
        found.map_or(Self::NotUsed, |(column, _)| *column)
    }
}

/// Names that such columns have, in lower case with single spaces.
const NAMES: [(FigureColumn, &[&str]); 7] = [
    (FigureColumn::Period, &["period", "quarter", "for period", "reporting period"]),
    (FigureColumn::SentBy, &["sent by", "sender", "unit", "unit id"]),
    (
        FigureColumn::Council,
        &["council", "council code", "local authority", "area", "area code", "ons code", "gss code"],
    ),
    (FigureColumn::Kpi, &["figure", "kpi", "kpi id", "measure", "measure code"]),
    (FigureColumn::Numerator, &["numerator", "count", "number", "what was counted"]),
    (FigureColumn::Denominator, &["denominator", "out of", "divided by"]),
    (FigureColumn::Percentage, &["percentage", "percent", "per cent", "share", "value"]),
];

/// Without these nothing can be read.
const NEEDED: [FigureColumn; 3] = [FigureColumn::Period, FigureColumn::Kpi, FigureColumn::Numerator];

/// A heading with what its column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureHeading {
    /// The heading as it stands in the file.
    pub heading: String,
    /// What the column is.
    pub column: FigureColumn,
}

/// The columns of a table, and the rows below its headings.
#[derive(Debug, Clone)]
pub struct FigureSheet<'t> {
    /// What each column is.
    pub columns: Vec<FigureHeading>,
    /// The rows with figures.
    pub rows: &'t [Row],
}

impl<'t> FigureSheet<'t> {
    /// Finds the headings: the first of the first rows in which two columns are known.
    ///
    /// # Errors
    ///
    /// What is missing or stands there twice; or that there is nothing at all.
    pub fn of(table: &'t Table) -> Result<Self, Vec<Fault>> {
        let named = |row: &Row| -> Vec<FigureHeading> {
            let heading = |h: &String| FigureHeading { heading: h.clone(), column: FigureColumn::of(h) };
            row.cells.iter().map(heading).collect()
        };
        let known = |row: &Row| named(row).iter().filter(|h| h.column != FigureColumn::NotUsed).count();
        let first = table.rows.iter().take(TITLE_ROWS).position(|row| known(row) >= 2).unwrap_or(0);
        let faults = Faults::new();
        let Some(head) = table.rows.get(first) else {
            let words =
                "There is nothing in it. The first row holds the headings, each further row one figure.";
            faults.add(&At::ROOT.key("1"), "empty", words);
            return Err(faults.into_sorted());
        };
        let sheet = Self { columns: named(head), rows: &table.rows[first + 1..] };
        let row = head.number.to_string();
        let line = At::ROOT.key(&row);
        for column in NEEDED {
            if !sheet.columns.iter().any(|h| h.column == column) {
                let words = format!("The column “{}” is missing.", column.heading());
                faults.add(&line.key(column.heading()), "required", words);
            }
        }
        for (at, named) in sheet.columns.iter().enumerate() {
            let twice = sheet.columns[..at].iter().any(|h| h.column == named.column);
            if twice && named.column != FigureColumn::NotUsed {
                let words = format!("Two columns are “{}”. Take one of them out.", named.column.heading());
                faults.add(&line.key(&named.heading), "repeated", words);
            }
        }
        if sheet.rows.is_empty() {
            let below = (head.number + 1).to_string();
            faults.add(&At::ROOT.key(&below), "empty", "There is no figure below the headings.");
        }
        if faults.is_empty() { Ok(sheet) } else { Err(faults.into_sorted()) }
    }

    /// What stands in a column of a row: nothing where it is empty. A mark that keeps a spreadsheet from working a cell out is left away.
    pub(super) fn cell(&self, row: &'t Row, column: FigureColumn) -> Option<&'t str> {
        let at = self.columns.iter().position(|h| h.column == column)?;
        let words = row.cells.get(at)?.as_str();
        let words = words.strip_prefix('\'').filter(|rest| is_live(rest)).unwrap_or(words);
        (!words.is_empty()).then_some(words)
    }

    /// The heading of a column in this file, or what it would be called.
    pub(super) fn heading_of(&self, column: FigureColumn) -> &str {
        let found = self.columns.iter().find(|h| h.column == column);
        found.map_or(column.heading(), |h| &h.heading)
    }
}

/// Whether a spreadsheet might work a text out in place of showing it.
pub fn is_live(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A text that every spreadsheet shows as it is.
pub fn inert(text: &str) -> String {
    if is_live(text) { format!("'{text}") } else { text.to_owned() }
}
