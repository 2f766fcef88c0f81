//! Ways out of a report: each takes what was composed, or the rows that it was made of, and adds no number of its own.

pub mod csv;
pub mod html;
pub mod json;

/// In what form a report goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page that stands by itself.
    Html,
    /// The rows it was made of, one number a line.
    Csv,
    /// The same rows, and what the report was made from.
    Json,
}

impl Format {
    /// All.
    pub const ALL: [Format; 3] = [Self::Html, Self::Csv, Self::Json];
    /// Their names, for messages.
    pub const CODES: &'static str = "html, csv, json";

    /// Its name in addresses, and the ending of its files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Html => "html",
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
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}
