//! Ways out of a report: each takes what was composed, or the rows that it was made of, and adds no number of its own.

pub mod csv;
pub mod html;
pub mod json;
pub mod pdf;
pub mod svg;
pub mod xlsx;

use crate::domain::report::Document;
use crate::domain::report::compose::{Language, MadeFrom, Material, compose, compose_summary};

/// In what form a report goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page that stands by itself.
    Html,
    /// A tagged PDF.
    Pdf,
    /// A workbook.
    Xlsx,
    /// The rows it was made of, one number a line.
    Csv,
    /// The same rows, and what the report was made from.
    Json,
}

impl Format {
    /// All.
    pub const ALL: [Format; 5] = [Self::Html, Self::Pdf, Self::Xlsx, Self::Csv, Self::Json];
    /// Their names, for messages.
    pub const CODES: &'static str = "html, pdf, xlsx, csv, json";

    /// Its name in addresses, and the ending of its files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The form with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// What a file of it is to a browser.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// How a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// In which language.
    pub language: Language,
    /// The first page alone; of rows, all of them.
    pub summary: bool,
}

impl Wanted {
    /// What is composed for it.
    pub fn document(self, material: &Material<'_>) -> Document {
        if self.summary { compose_summary(material, self.language) } else { compose(material, self.language) }
    }
}

/// The report in a form; what went wrong, in words, if it cannot be written.
pub fn write(material: &Material<'_>, wanted: Wanted, format: Format) -> Result<Vec<u8>, String> {
    match format {
        Format::Html => {
            html::whole(&wanted.document(material)).map(String::into_bytes).map_err(|e| e.to_string())
        }
        Format::Pdf => {
            let extent = if wanted.summary { pdf::Extent::Summary } else { pdf::Extent::Whole };
            pdf::pdf(&wanted.document(material), extent).map_err(|e| e.to_string())
        }
        Format::Xlsx => {
            let made_on = match &material.made_from {
                MadeFrom::Shown { on } => *on,
                MadeFrom::Release(release) => release.published_on,
            };
            xlsx::xlsx(&wanted.document(material), made_on)
        }
        Format::Csv => csv::write(material).map_err(|e| e.to_string()),
        Format::Json => json::write(material, wanted.language).map_err(|e| e.to_string()),
    }
}

/// What its file is called: place, period, language.
pub fn file_name(material: &Material<'_>, wanted: Wanted, format: Format) -> String {
    let part = if wanted.summary { "-summary" } else { "" };
    format!("{}-{}{part}.{}.{}", material.place.code, material.period, wanted.language.code(), format.code())
}
