//! One row of a table of returns: which figure it is of, what it says, and what is wrong with it. Numbers are checked as those of a return
//! that is sent in by hand.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::check::Entry;
use super::columns::{FigureColumn, FigureSheet};
use super::doubt::doubts;
use super::table::{FigureChange, KnownReturn, KnownReturns, ReturnKey, TableFigure, TableSenders};
use crate::domain::definition::Registry;
use crate::domain::fault::{At, Fault, Faults};
use crate::domain::import::{Row, plain_words};
use crate::domain::reader::short;

/// Return, KPI and council → the row on which that figure stands.
pub(super) type Met = BTreeMap<(ReturnKey, String, String), usize>;

/// What a row says.
pub(super) enum RowSays {
    /// A figure.
    Figure(Box<TableFigure>),
    /// That something is not known, and it was not known before.
    Nothing,
    /// Something that is wrong.
    Faulty,
}

/// Why a row belongs to no return.
pub(super) struct NoReturn {
    column: FigureColumn,
    code: &'static str,
    detail: String,
}

/// The return to which a row belongs.
pub(super) fn key_of(
    sheet: &FigureSheet<'_>,
    row: &Row,
    senders: &TableSenders,
) -> Result<ReturnKey, NoReturn> {
    let unit = match sheet.cell(row, FigureColumn::SentBy) {
        None => None,
        Some(words) => sender(words, senders)?,
    };
    let Some(period) = sheet.cell(row, FigureColumn::Period) else {
        let detail = "The period is missing, such as 2026-Q3 or 2026-27.".to_owned();
        return Err(NoReturn { column: FigureColumn::Period, code: "required", detail });
    };
    Ok((unit, period.to_owned()))
}

/// The unit that is meant; none where it is the scheme or area itself.
fn sender(words: &str, senders: &TableSenders) -> Result<Option<String>, NoReturn> {
    let is = |name: &String| plain_words(name) == plain_words(words);
    if senders.own.iter().any(is) {
        return Ok(None);
    }
    if let Some((id, _)) = senders.units.iter().find(|(id, name)| is(id) || is(name)) {
        return Ok(Some(id.clone()));
    }
    let known = senders.own.iter().take(1).chain(senders.units.iter().map(|(id, _)| id));
    let known: Vec<&str> = known.map(String::as_str).collect();
    let detail = format!("“{}” is not one of: {}.", short(words), known.join(", "));
    Err(NoReturn { column: FigureColumn::SentBy, code: "unknown-unit", detail })
}

/// Reads one row.
pub(super) struct RowReader<'r> {
    pub(super) sheet: &'r FigureSheet<'r>,
    pub(super) row: &'r Row,
    pub(super) faults: &'r Faults,
    pub(super) registry: &'r Registry,
}

impl RowReader<'_> {
    pub(super) fn read(&self, senders: &TableSenders, known: &KnownReturns<'_>, met: &mut Met) -> RowSays {
        let of = match key_of(self.sheet, self.row, senders) {
            Ok(of) => of,
            Err(NoReturn { column, code, detail }) => {
                self.report(column, code, detail);
                return RowSays::Faulty;
            }
        };
        match known.get(&of) {
            Some(Ok(known)) => self.figure(of, known, met),
            Some(Err(why)) => {
                let column =
                    if why.code == "unknown-unit" { FigureColumn::SentBy } else { FigureColumn::Period };
                self.report(column, why.code, why.detail.clone());
                RowSays::Faulty
            }
            None => RowSays::Nothing,
        }
    }

    fn figure(&self, of: ReturnKey, known: &KnownReturn<'_>, met: &mut Met) -> RowSays {
        let value = self.value(known);
        let which = match known.asked.read_which(&value) {
            Ok(which) => which,
            Err(_) if self.is_filled() => {
                self.check(known, &value);
                return RowSays::Faulty;
            }
            Err(faults) => {
                self.report_all(faults);
                return RowSays::Faulty;
            }
        };
        let (kpi, council) = which;
        if let Some(first) = met.insert((of.clone(), kpi.clone(), council.clone()), self.row.number) {
            let detail = format!("This figure stands in row {first} too. Each figure has one row.");
            self.report(FigureColumn::Kpi, "repeated", detail);
            return RowSays::Faulty;
        }
        let same_figure = |e: &&Entry| e.kpi == kpi && e.council == council;
        let before = known.entries.iter().find(same_figure).cloned();
        let after = if self.is_filled() {
            let Some(entry) = self.check(known, &value) else { return RowSays::Faulty };
            Some(entry)
        } else {
            None
        };
        let change = match (&before, &after) {
            (None, None) => return RowSays::Nothing,
            (None, Some(_)) => FigureChange::New,
            (Some(_), None) => FigureChange::Removed,
            (Some(before), Some(after)) if before == after => FigureChange::Same,
            (Some(_), Some(_)) => FigureChange::Corrected,
        };
        let sent = self.registry.kpi(&kpi).and_then(|k| k.sent());
        let changed = after.as_ref().filter(|_| change != FigureChange::Same);
        let last = known.before.iter().find(same_figure);
        let doubts = sent.zip(changed).map(|(sent, entry)| doubts(sent, entry, last)).unwrap_or_default();
        let row = self.row.number;
        RowSays::Figure(Box::new(TableFigure { row, of, kpi, council, before, after, change, doubts }))
    }

    /// The figure as it would be sent by hand.
    fn value(&self, known: &KnownReturn<'_>) -> Value {
        let mut value = Map::new();
        let columns = [FigureColumn::Kpi, FigureColumn::Numerator, FigureColumn::Denominator];
        for column in columns {
            if let Some(words) = self.sheet.cell(self.row, column) {
                value.insert(column.code().to_owned(), json!(words));
            }
        }
        if let Some(words) = self.sheet.cell(self.row, FigureColumn::Percentage) {
            value.insert("percentage".to_owned(), json!(words));
        }
        if let Some(words) = self.sheet.cell(self.row, FigureColumn::Council) {
            value.insert("council".to_owned(), json!(self.council(words, known)));
        }
        Value::Object(value)
    }

    /// The code of the council that is meant by its code or name; the words themselves, if none is.
    fn council(&self, words: &str, known: &KnownReturn<'_>) -> String {
        let strip = |text: &str| plain_words(text).trim_end_matches(" council").to_owned();
        let name = |code: &str| self.registry.areas.get(code).map(|a| strip(&a.name));
        let is = |code: &&String| {
            code.eq_ignore_ascii_case(words) || name(code).is_some_and(|name| name == strip(words))
        };
        known.asked.councils().iter().find(is).cloned().unwrap_or_else(|| words.to_owned())
    }

    /// Whether any number stands in the row.
    fn is_filled(&self) -> bool {
        let numbers = [FigureColumn::Numerator, FigureColumn::Denominator, FigureColumn::Percentage];
        numbers.into_iter().any(|column| self.sheet.cell(self.row, column).is_some())
    }

    fn check(&self, known: &KnownReturn<'_>, value: &Value) -> Option<Entry> {
        known.asked.read_one(value).map_err(|faults| self.report_all(faults)).ok()
    }

    /// Faults of a figure, each at its column.
    fn report_all(&self, faults: Vec<Fault>) {
        for fault in faults {
            let column = match (fault.pointer.as_str(), fault.code) {
                ("/council", _) | (_, "council-missing") => FigureColumn::Council,
                ("/numerator", _) => FigureColumn::Numerator,
                ("/denominator", _) | (_, "denominator-missing") => FigureColumn::Denominator,
                ("/percentage", _) => FigureColumn::Percentage,
                _ => FigureColumn::Kpi,
            };
            self.report(column, fault.code, fault.detail);
        }
    }

    fn report(&self, column: FigureColumn, code: &'static str, detail: impl Into<String>) {
        let row = self.row.number.to_string();
        self.faults.add(&At::ROOT.key(&row).key(self.sheet.heading_of(column)), code, detail);
    }
}
