//! Files for people and programs outside, and what draws a report: from released or permitted figures only. None of them adds a number.

pub mod csv;
pub mod html;
pub mod json;
pub mod package;
pub mod pdf;
pub mod svg;
pub mod xlsx;

use crate::domain::report::Document;
use crate::domain::report::compose::{
    Language, Material, compose, compose_evidence, compose_poster, compose_sector, compose_summary,
};

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
    /// How much of it; of rows always all of them.
    pub part: Extent,
}

/// How much of a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// Everything.
    #[default]
    Whole,
    /// The first page alone.
    Summary,
    /// The same figures under the headings of whoever inspects the place.
    Evidence,
    /// A poster for those who answered: you said, we did.
    Poster,
    /// The state of the sector, of the UK or of a nation.
    Sector,
}

impl Extent {
    /// Their names, for messages; without one of them it is everything.
    pub const CODES: &'static str = "summary, evidence, poster, sector";

    /// Its name in addresses and files.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Summary => Some("summary"),
            Self::Evidence => Some("evidence"),
            Self::Poster => Some("poster"),
            Self::Sector => Some("sector"),
        }
    }

    /// The part with this name.
    pub fn parse(code: &str) -> Option<Self> {
        let named = [Self::Summary, Self::Evidence, Self::Poster, Self::Sector];
        named.into_iter().find(|part| part.code() == Some(code))
    }
}

impl Wanted {
    /// What is composed for it.
    pub fn document(self, material: &Material<'_>) -> Document {
        match self.part {
            Extent::Whole => compose(material, self.language),
            Extent::Summary => compose_summary(material, self.language),
            Extent::Evidence => compose_evidence(material, self.language),
            Extent::Poster => compose_poster(material, self.language),
            Extent::Sector => compose_sector(material, self.language),
        }
    }
}

/// The report in a form; what went wrong, in words, if it cannot be written.
pub fn write(material: &Material<'_>, wanted: Wanted, format: Format) -> Result<Vec<u8>, String> {
    match format {
        Format::Html => {
            html::whole(&wanted.document(material)).map(String::into_bytes).map_err(|e| e.to_string())
        }
        Format::Pdf => {
            let extent = match wanted.part {
                Extent::Whole | Extent::Evidence | Extent::Sector => pdf::Extent::Whole,
                Extent::Summary => pdf::Extent::Summary,
                Extent::Poster => pdf::Extent::Poster,
            };
            pdf::pdf(&wanted.document(material), extent).map_err(|e| e.to_string())
        }
        Format::Xlsx => xlsx::xlsx(&wanted.document(material), material.figures_of()),
        Format::Csv => csv::write(material).map_err(|e| e.to_string()),
        Format::Json => json::write(material, wanted.language).map_err(|e| e.to_string()),
    }
}

/// What its file is called: place, period, language.
pub fn file_name(material: &Material<'_>, wanted: Wanted, format: Format) -> String {
    let part = wanted.part.code().map(|part| format!("-{part}")).unwrap_or_default();
    format!("{}-{}{part}.{}.{}", material.place.code, material.period, wanted.language.code(), format.code())
}
