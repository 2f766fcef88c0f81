//! A release as a data package: tables as CSV in a ZIP archive, described as a Frictionless data package (`datapackage.json`) and as CSV on
//! the Web (`csv-metadata.json`). The same release and definitions give the same bytes.
//!
//! Every figure in it stands in the release; words of catalogues, areas and questions are public.

mod cell;
mod codebook;
mod describe;
mod figures;
mod kpi;
mod long;
mod places;
mod questions;
mod table;

use std::collections::BTreeSet;
use std::io::{self, Cursor, Write};

use chrono::{Datelike, NaiveDateTime, Timelike};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::domain::definition::Registry;
use cell::Cell;
use kpi::KpiCell;
use table::Table;

/// What is said of the release as a whole.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: i64,
    /// Its period.
    pub period: String,
    /// When it was published: RFC 3339, in UTC.
    pub published_at: String,
    /// The same, as the time of the files.
    pub at: NaiveDateTime,
    /// Whether it is of the demonstration: everything made up.
    pub demo: bool,
}

impl Head {
    /// What the package is called, and its file without the ending: `khi-2026-27-2`, of period and number.
    pub fn name(&self) -> String {
        format!("khi-{}-{}", self.period.to_ascii_lowercase(), self.number)
    }
}

/// What a package is made of.
pub struct PackageSource<'a> {
    /// The release as a whole.
    pub head: Head,
    /// Its cells: arrays of JSON, in the order in which they are printed.
    pub cells: &'a [String],
    /// Its KPI figures: an array of JSON.
    pub kpi_cells: &'a str,
    /// The definitions.
    pub registry: &'a Registry,
    /// Paths of the definitions that came after it was published: they are not in it, so that it stays as it was.
    pub later: &'a BTreeSet<String>,
}

/// Why a package cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A cell of the release cannot be read.
    #[error("a cell of the release cannot be read: {0}")]
    Cell(#[from] serde_json::Error),
    /// A table cannot be written.
    #[error("the table {name} cannot be written: {why}")]
    Table {
        /// The table.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
    /// Neither the release nor the catalogue says what this area is called.
    #[error("there is no area {0}")]
    UnknownArea(String),
    /// The archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Archive(#[from] io::Error),
}

/// Makes the package: a ZIP archive.
///
/// # Errors
///
/// See [`PackageError`]: the release is not as releases are.
pub fn build(source: &PackageSource<'_>) -> Result<Vec<u8>, PackageError> {
    let mut cells: Vec<Cell> = Vec::new();
    for part in source.cells {
        cells.extend(serde_json::from_str::<Vec<Cell>>(part)?);
    }
    let kpis: Vec<KpiCell> = serde_json::from_str(source.kpi_cells)?;
    let tables = [
        figures::figures(&cells)?,
        figures::answers(&cells)?,
        kpi::kpis(&kpis)?,
        long::long(&cells)?,
        places::areas(&cells, &kpis, &source.registry.areas)?,
        places::schemes(&cells)?,
        questions::questions(source, &cells)?,
        codebook::codebook(&cells, &kpis, source.registry)?,
    ];
    pack(&source.head, &tables)
}

/// The archive. Times are that of the release, and files stand in a fixed order, so that nothing depends on when and where it is made.
fn pack(head: &Head, tables: &[Table]) -> Result<Vec<u8>, PackageError> {
    let failed = |e: zip::result::ZipError| PackageError::Archive(e.into());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(file_time(head.at))
        .unix_permissions(0o644);
    let pretty = |value: &serde_json::Value| {
        let mut text = serde_json::to_vec_pretty(value)?;
        text.push(b'\n');
        Ok::<_, PackageError>(text)
    };
    let described = [
        ("read-me.txt".to_owned(), read_me(head, tables).into_bytes()),
        ("datapackage.json".to_owned(), pretty(&describe::frictionless(head, tables))?),
        ("csv-metadata.json".to_owned(), pretty(&describe::csvw(head, tables))?),
    ];
    for (name, bytes) in &described {
        archive.start_file(name.as_str(), options).map_err(failed)?;
        archive.write_all(bytes)?;
    }
    for table in tables {
        archive.start_file(table.file(), options).map_err(failed)?;
        archive.write_all(&table.csv)?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}

/// A moment as archives have it, to two seconds; of a year that they cannot say, the first they can.
fn file_time(at: NaiveDateTime) -> zip::DateTime {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    let (month, day) = (part(at.month()), part(at.day()));
    let (hour, minute, second) = (part(at.hour()), part(at.minute()), part(at.second()));
    u16::try_from(at.year())
        .ok()
        .and_then(|year| zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).ok())
        .unwrap_or_default()
}

fn read_me(head: &Head, tables: &[Table]) -> String {
    let mut text = format!(
        "Key Human Indicators: release {}, {}, published {}\r\n\r\n\
         What people who use services say, beside what services count.\r\n\r\n",
        head.number, head.period, head.published_at
    );
    if head.demo {
        text.push_str("Everything in it is made up: it is of the demonstration.\r\n\r\n");
    }
    for table in tables {
        text.push_str(&format!("{:<15}{}\r\n", table.file(), table.form.words));
    }
    text.push_str(
        "\r\ndatapackage.json and csv-metadata.json say what each column is, for programs (Frictionless, CSVW).\r\n\r\n\
         An empty cell is not zero: it does not apply, or could tell of few people; “status” says which. \
         Hidden figures cannot be worked out from shown ones, and nobody should try.\r\n\
         Figures compare only within one series. A person counts once in a period.\r\n\
         Text that begins like a formula has an apostrophe before it, so that no spreadsheet runs it.\r\n\r\n\
         Figures: Open Government Licence v3.0. The words of questions have their own licences: see questions.csv.\r\n\
         Contains public sector information licensed under the Open Government Licence v3.0.\r\n",
    );
    text
}
