//! One row of an ASCOF file: which number of which figure it is, and everything that is wrong with it.

use std::collections::BTreeMap;

use super::columns::AscofColumn;
use super::told::{Told, WrongCell};
use crate::domain::area::{Area, Areas, Level};
use crate::domain::period::Period;
use crate::domain::reader::short;

/// The longest cell, in characters.
const LONGEST_CELL: usize = 200;
/// England's code.
const ENGLAND: &str = "E92000001";

/// Which number of a figure a row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Which {
    Numerator,
    Denominator,
    Outcome,
}

/// What a row says.
pub(super) struct AscofRow {
    pub(super) measure: String,
    pub(super) area: String,
    pub(super) disaggregation: String,
    pub(super) which: Which,
    pub(super) told: Told,
}

/// A fault of a row: the column, the rule, and what would be right.
pub(super) struct Wrong {
    pub(super) column: AscofColumn,
    pub(super) code: &'static str,
    pub(super) detail: String,
}

/// Reads rows of a year.
pub(super) struct RowReader<'a> {
    pub(super) areas: &'a Areas,
    pub(super) year: Period,
    /// Where each column stands.
    pub(super) at: BTreeMap<AscofColumn, usize>,
}

impl RowReader<'_> {
    /// Reads a row. A column that the file does not have is not asked for again in each row.
    pub(super) fn read(&self, record: &csv::ByteRecord) -> Result<AscofRow, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut cell = |column| match self.cell(record, column) {
            Ok(text) => text,
            Err(fault) => {
                wrong.push(fault);
                None
            }
        };
        let level = cell(AscofColumn::Level);
        let area = cell(AscofColumn::Area);
        let measure = cell(AscofColumn::Measure);
        let disaggregation = cell(AscofColumn::Disaggregation);
        let which = cell(AscofColumn::Type);
        let value = cell(AscofColumn::Value);
        let mut checked = |fault: Option<Wrong>| wrong.extend(fault);
        let level = level.and_then(|text| level_of(text).map_err(|fault| checked(Some(fault))).ok());
        checked(area.and_then(|code| self.check_area(code, level).err()));
        checked(measure.and_then(|code| check_measure(code).err()));
        let which = which.and_then(|text| which_of(text).map_err(|fault| checked(Some(fault))).ok());
        let told = value.and_then(|text| {
            let told = Told::read(text).map_err(|WrongCell { code, detail }| Wrong {
                column: AscofColumn::Value,
                code,
                detail: detail.to_owned(),
            });
            told.map_err(|fault| checked(Some(fault))).ok()
        });
        let whole = wrong.is_empty().then_some(()).and_then(|()| {
            Some(AscofRow {
                measure: measure?.to_ascii_uppercase(),
                area: area?.to_owned(),
                disaggregation: disaggregation.unwrap_or_default().to_owned(),
                which: which?,
                told: told?,
            })
        });
        whole.ok_or(wrong)
    }

    /// What stands in a column; nothing where the file does not have it.
    fn cell<'r>(&self, record: &'r csv::ByteRecord, column: AscofColumn) -> Result<Option<&'r str>, Wrong> {
        let Some(at) = self.at.get(&column) else { return Ok(None) };
        let fault = |code: &'static str, detail: &str| Wrong { column, code, detail: detail.to_owned() };
        let bytes = record.get(*at).unwrap_or_default();
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(fault("not-utf-8", "This is not UTF-8 text. Save the file as “CSV UTF-8”."));
        };
        let text = text.trim();
        if text.is_empty() {
            let detail = if column == AscofColumn::Value {
                "The value is missing. What is not available is written as [x]."
            } else {
                "Nothing stands here."
            };
            return Err(fault("required", detail));
        }
        if text.contains(char::is_control) {
            return Err(fault("control-character", "This must be plain text on one line."));
        }
        if text.chars().count() > LONGEST_CELL {
            return Err(fault("too-long", "This has more than 200 characters."));
        }
        Ok(Some(text))
    }

    /// Whether there is such an area, in England, of this level and in force at the end of the year.
    fn check_area(&self, code: &str, level: Option<Level>) -> Result<(), Wrong> {
        let column = AscofColumn::Area;
        let is_code = code.len() == 9
            && code.starts_with(['E', 'W', 'S', 'N', 'K'])
            && code.bytes().skip(1).all(|b| b.is_ascii_digit());
        if !is_code {
            let detail = "A code has a letter and eight digits, such as E08000035.".to_owned();
            return Err(Wrong { column, code: "bad-area-code", detail });
        }
        let Some(area) = self.areas.get(code) else {
            let detail = format!("There is no area {code}.");
            return Err(Wrong { column, code: "unknown-area", detail });
        };
        if !self.areas.lies_within(code, ENGLAND) {
            let detail = format!("{} is not in England, and ASCOF is of England only.", area.name);
            return Err(Wrong { column, code: "wrong-nation", detail });
        }
        let last = self.year.last_day();
        if !area.in_force(last) {
            let became = |a: &&Area| a.successors.iter().any(|s| s == code);
            let before = self.areas.all().filter(became).find(|a| a.in_force(last));
            let after = area.successors.iter().filter_map(|s| self.areas.get(s)).find(|a| a.in_force(last));
            let hint = before.or(after).map(|a| format!(" Then it was {} ({}).", a.name, a.code));
            let hint = hint.unwrap_or_default();
            let detail =
                format!("{} ({code}) was not in force at the end of {}.{hint}", area.name, self.year);
            return Err(Wrong { column, code: "area-not-in-force", detail });
        }
        if level.is_some_and(|level| level != area.level) {
            let detail = format!("{} ({code}) is not of this level.", area.name);
            return Err(Wrong { column: AscofColumn::Level, code: "wrong-level", detail });
        }
        Ok(())
    }
}

fn level_of(text: &str) -> Result<Level, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "england" | "national" | "nation" | "country" => Ok(Level::Nation),
        "region" | "regional" => Ok(Level::Region),
        "council" | "local authority" | "la" | "cssr" => Ok(Level::LocalAuthority),
        _ => {
            let detail = format!("“{}” is none of England, Region and Council.", short(text));
            Err(Wrong { column: AscofColumn::Level, code: "unknown-level", detail })
        }
    }
}

/// A digit, a letter, and what parts a measure further: 1A, 2B(1), 3A1.
fn check_measure(code: &str) -> Result<(), Wrong> {
    let mut bytes = code.bytes();
    let begins = bytes.next().is_some_and(|b| b.is_ascii_digit())
        && bytes.next().is_some_and(|b| b.is_ascii_alphabetic());
    let rest = |b: u8| b.is_ascii_alphanumeric() || b"().-_ ".contains(&b);
    if begins && code.len() <= 20 && bytes.all(rest) {
        return Ok(());
    }
    let detail = format!("“{}” is no code of a measure, such as 1A or 2B(1).", short(code));
    Err(Wrong { column: AscofColumn::Measure, code: "bad-measure-code", detail })
}

fn which_of(text: &str) -> Result<Which, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "numerator" => Ok(Which::Numerator),
        "denominator" => Ok(Which::Denominator),
        "outcome" => Ok(Which::Outcome),
        _ => {
            let detail = format!("“{}” is none of Numerator, Denominator and Outcome.", short(text));
            Err(Wrong { column: AscofColumn::Type, code: "unknown-measure-type", detail })
        }
    }
}
