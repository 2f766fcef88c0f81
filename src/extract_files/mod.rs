//! Extracts as files: CSV and Parquet, alone or in a ZIP archive with the manifest after them. Row by row, so that an extract of any length
//! takes as much memory as a short one, and in one direction, so that it can go to somebody far away while it is made.
//!
//! Where an extract breaks off, nothing more is written: no archive is closed and no footer made, so that half a file never looks whole.

mod csv_rows;
mod parquet_rows;
mod sink;

use std::io::{self, Write};

use sha2::Digest;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::domain::extract::{Cell, Column, FileFacts, Manifest};
use csv_rows::CsvRows;
use parquet_rows::ParquetRows;
use sink::{Fuse, Tally};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// Comma-separated values (RFC 4180), in UTF-8.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl RowFormat {
    /// Its name, and the ending of its files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The one with this name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Csv, Self::Parquet].into_iter().find(|format| format.code() == code)
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// What kind of file an extract is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtractFormat {
    /// The rows.
    Plain(RowFormat),
    /// A ZIP archive: the rows, then the manifest.
    Zip(RowFormat),
}

impl ExtractFormat {
    /// The ending of the file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Plain(rows) => rows.code(),
            Self::Zip(_) => "zip",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Plain(rows) => rows.media_type(),
            Self::Zip(_) => "application/zip",
        }
    }
}

/// Takes rows.
pub trait Rows {
    /// Writes a row: a cell for each column.
    ///
    /// # Errors
    ///
    /// What the rows are written to takes no more.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;
}

/// Where rows come from.
pub trait Source {
    /// What can go wrong.
    type Error: From<io::Error>;

    /// The columns.
    fn columns(&self) -> &[Column];

    /// Sends every row.
    ///
    /// # Errors
    ///
    /// Rows could not be read, or not be written.
    fn send(&mut self, to: &mut dyn Rows) -> Result<(), Self::Error>;

    /// What is said of the whole, once every row is sent.
    fn manifest(&self, file: Option<FileFacts>) -> Manifest;
}

/// Writes an extract to `sink`, and gives it back with the manifest, which for a ZIP archive is in it already.
///
/// # Errors
///
/// Whatever the source could not read, or the sink not take. Nothing more is written to the sink then, and what it holds is not whole.
pub fn write_extract<W: Write + Send, S: Source>(
    sink: W,
    format: ExtractFormat,
    source: &mut S,
) -> Result<(W, Manifest), S::Error> {
    let fuse = Fuse::default();
    let sink = fuse.guard(sink);
    let (sink, manifest) = match format {
        ExtractFormat::Plain(rows) => {
            let (sink, file) = write_rows(sink, rows, source, &fuse)?;
            (sink, source.manifest(Some(file)))
        }
        ExtractFormat::Zip(rows) => {
            let mut archive = ZipWriter::new_stream(sink);
            // How long it will be is not known when it begins; past four gigabytes the larger form is needed.
            let packed = SimpleFileOptions::default().compression_level(Some(2)).large_file(true);
            fuse.check(archive.start_file(file_name(rows), packed).map_err(io::Error::from))?;
            let (mut archive, file) = write_rows(archive, rows, source, &fuse)?;
            let manifest = source.manifest(Some(file));
            let text = fuse.check(serde_json::to_vec_pretty(&manifest).map_err(io::Error::from))?;
            fuse.check(archive.start_file("manifest.json", packed).map_err(io::Error::from))?;
            fuse.check(archive.write_all(&text))?;
            (fuse.check(archive.finish().map_err(io::Error::from))?.into_inner(), manifest)
        }
    };
    Ok((sink.into_inner()?, manifest))
}

fn file_name(rows: RowFormat) -> String {
    format!("responses.{}", rows.code())
}

/// Writes the rows to `sink`, and gives it back with what its bytes were.
fn write_rows<W: Write + Send, S: Source>(
    sink: W,
    format: RowFormat,
    source: &mut S,
    fuse: &Fuse,
) -> Result<(W, FileFacts), S::Error> {
    let tally = Tally::of(sink);
    let tally = match format {
        RowFormat::Csv => {
            let mut rows = fuse.check(CsvRows::begin(tally, source.columns()))?;
            fuse.check(source.send(&mut rows))?;
            fuse.check(rows.finish())?
        }
        RowFormat::Parquet => {
            let mut rows = fuse.check(ParquetRows::begin(tally, source.columns()))?;
            fuse.check(source.send(&mut rows))?;
            let manifest =
                fuse.check(serde_json::to_string(&source.manifest(None)).map_err(io::Error::from))?;
            fuse.check(rows.finish(manifest))?
        }
    };
    let (sink, bytes, hash) = tally.into_parts();
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((sink, FileFacts { name: file_name(format), media_type: format.media_type(), bytes, sha256 }))
}
