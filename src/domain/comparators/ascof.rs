//! Reads an ASCOF file: up to three rows for each figure become one comparator. Every fault stands at its row and column.

use std::collections::BTreeMap;

use super::Comparator;
use super::columns::AscofColumn;
use super::row::{AscofRow, RowReader, Which, Wrong};
use super::told::Told;
use crate::domain::area::Areas;
use crate::domain::fault::{At, Fault};
use crate::domain::import::Lines;
use crate::domain::period::Period;

/// The most rows that are read.
pub const MOST_ROWS: usize = 500_000;
/// The most faults that are listed; further ones are counted.
pub const MOST_FAULTS: usize = 5000;
/// How many rows are read between two steps of the progress.
const ROWS_OF_A_STEP: usize = 2000;
/// How far a mean may be from numerator over denominator, where the publisher weighs people.
const NEARLY: f64 = 0.1;

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AscofReading {
    /// How many rows it has below its headings.
    pub rows: usize,
    /// The figures, by area, measure and disaggregation; only those without a fault.
    pub comparators: Vec<Comparator>,
    /// Everything that is wrong, by row.
    pub faults: Vec<Fault>,
    /// How many faults there are besides.
    pub more_faults: usize,
}

impl AscofReading {
    fn fault(&mut self, row: usize, code: &'static str, column: &str, detail: String) {
        if self.faults.len() == MOST_FAULTS {
            self.more_faults += 1;
            return;
        }
        let row = row.to_string();
        let line = At::ROOT.key(&row);
        let pointer = if column.is_empty() { line.to_string() } else { line.key(column).to_string() };
        self.faults.push(Fault { pointer, code, detail });
    }

    fn count_faults(&self) -> usize {
        self.faults.len() + self.more_faults
    }
}

/// A figure while its rows are met: on which row each number stands, and what it is.
#[derive(Default)]
struct Figure([Option<(usize, Told)>; 3]);

/// Area, measure and disaggregation.
type Key = (String, String, String);

/// Reads a file of the financial year `year`. `step` is told how many bytes are read.
pub fn read_ascof(bytes: &[u8], year: Period, areas: &Areas, step: &dyn Fn(usize)) -> AscofReading {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reading = AscofReading::default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let (mut record, mut lines) = (csv::ByteRecord::new(), Lines::of(bytes));
    if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
        let detail = "There is nothing in it. The first row holds the headings, each further row one number.";
        reading.fault(1, "empty", "", detail.to_owned());
        return reading;
    }
    let begins = |record: &csv::ByteRecord| {
        record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(0)
    };
    let (width, head) = (record.len(), lines.of_row(begins(&record)));
    let rows = RowReader { areas, year, at: read_headings(&record, head, &mut reading) };
    let mut figures: BTreeMap<Key, Figure> = BTreeMap::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                reading.fault(head, "syntax", "", format!("This cannot be read as a table: {error}."));
                break;
            }
        }
        reading.rows += 1;
        let (at, number) = (begins(&record), lines.of_row(begins(&record)));
        if reading.rows > MOST_ROWS {
            reading.fault(number, "too-large", "", format!("At most {MOST_ROWS} rows are read."));
            break;
        }
        if reading.rows.is_multiple_of(ROWS_OF_A_STEP) {
            step(at);
        }
        if record.len() != width {
            let detail = format!("{} cells stand here, below {width} headings.", record.len());
            reading.fault(number, "wrong-number-of-columns", "", detail);
            continue;
        }
        match rows.read(&record) {
            Ok(row) => add(&mut figures, row, number, &mut reading),
            Err(wrong) => {
                for Wrong { column, code, detail } in wrong {
                    reading.fault(number, code, column.heading(), detail);
                }
            }
        }
    }
    if reading.rows == 0 {
        reading.fault(head + 1, "empty", "", "There is no figure below the headings.".to_owned());
    }
    for (key, figure) in figures {
        finish(key, &figure, &mut reading);
    }
    reading.faults.sort_by_key(|f| f.pointer.split('/').nth(1).and_then(|row| row.parse::<usize>().ok()));
    step(bytes.len());
    reading
}

/// Where each column stands.
fn read_headings(
    record: &csv::ByteRecord,
    row: usize,
    reading: &mut AscofReading,
) -> BTreeMap<AscofColumn, usize> {
    let mut at = BTreeMap::new();
    for (index, cell) in record.iter().enumerate() {
        let heading = String::from_utf8_lossy(cell);
        let Some(column) = AscofColumn::of(&heading) else { continue };
        if at.insert(column, index).is_some() {
            let detail = format!("Two columns are “{}”.", column.heading());
            reading.fault(row, "repeated", column.heading(), detail);
        }
    }
    for column in AscofColumn::ALL {
        if !at.contains_key(&column) {
            let detail = format!("The column “{}” is missing.", column.heading());
            reading.fault(row, "missing-column", column.heading(), detail);
        }
    }
    at
}

fn add(figures: &mut BTreeMap<Key, Figure>, row: AscofRow, number: usize, reading: &mut AscofReading) {
    let AscofRow { measure, area, disaggregation, which, told } = row;
    let Figure(numbers) = figures.entry((area, measure, disaggregation)).or_default();
    let place = &mut numbers[which as usize];
    if let Some((first, _)) = place {
        let detail = format!("This number stands in row {first} too.");
        reading.fault(number, "repeated", AscofColumn::Type.heading(), detail);
        return;
    }
    *place = Some((number, told));
}

/// What the numbers of a figure are to each other, and the figure itself.
fn finish(key: Key, figure: &Figure, reading: &mut AscofReading) {
    let Figure(numbers) = figure;
    let told = |which: Which| numbers[which as usize].map(|(_, told)| told).unwrap_or_default();
    let [numerator, denominator, outcome] = [Which::Numerator, Which::Denominator, Which::Outcome].map(told);
    let row = |which: Which| numbers[which as usize].map_or(0, |(row, _)| row);
    let value = AscofColumn::Value.heading();
    let before = reading.count_faults();
    if let (Some(above), Some(below)) = (numerator.number(), denominator.number()) {
        if below <= 0.0 && outcome.number().is_some() {
            let detail = "Nothing can be divided by 0; then the outcome is [z] or [x].".to_owned();
            reading.fault(row(Which::Denominator), "zero-denominator", value, detail);
        } else if above > below && !is_mean(above, below, outcome) {
            let detail =
                format!("{above} cannot be a part of {below}, and the outcome is not their quotient either.");
            reading.fault(row(Which::Numerator), "numerator-above-denominator", value, detail);
        }
    }
    if reading.count_faults() == before {
        let (area, measure, disaggregation) = key;
        reading.comparators.push(Comparator {
            measure,
            area,
            disaggregation,
            numerator,
            denominator,
            outcome,
        });
    }
}

/// Whether the outcome is (nearly, where people are weighed) numerator over denominator: a mean, such as a score for each person.
fn is_mean(above: f64, below: f64, outcome: Told) -> bool {
    outcome.number().is_some_and(|outcome| below > 0.0 && (above / below - outcome).abs() <= outcome * NEARLY)
}
