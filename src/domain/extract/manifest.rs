//! What is said of an extract as a whole: what was asked for, what came, and how the receiver can check that it came whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::columns::Column;
use crate::domain::question::Missing;

/// What was asked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Asked {
    /// The questionnaire.
    pub questionnaire: String,
    /// Only this scheme.
    pub scheme: Option<String>,
    /// Answered on or after.
    pub from: Option<NaiveDate>,
    /// Answered on or before.
    pub to: Option<NaiveDate>,
}

/// A version whose responses an extract may hold.
#[derive(Debug, Clone, Serialize)]
pub struct VersionFacts {
    /// The version.
    pub version: String,
    /// SHA-256 of its published file, in hexadecimal digits.
    pub sha256: Option<String>,
    /// How many rows are of it.
    pub rows: u64,
}

/// The bytes of a file.
#[derive(Debug, Clone, Serialize)]
pub struct FileFacts {
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// SHA-256 of them, in hexadecimal digits.
    pub sha256: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// The code in columns of reasons.
    pub code: &'static str,
    /// What it means.
    pub words: &'static str,
}

/// What is said of an extract.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    /// The version of this form of manifests: 1.
    pub manifest: u32,
    /// What made it.
    pub made_by: String,
    /// The file; none inside the file itself, which cannot hold its own sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileFacts>,
    /// Rows, without the names of the columns.
    pub rows: u64,
    /// The moment: every response that was accepted by then, and none accepted later.
    pub as_of: String,
    /// When the last row was read.
    pub ended_at: String,
    /// What was asked for.
    pub asked: Asked,
    /// The questionnaire's title, in English.
    pub title: String,
    /// Its versions.
    pub versions: Vec<VersionFacts>,
    /// Why there is no answer: the codes of columns of reasons.
    pub reasons: Vec<Reason>,
    /// The columns, in order, with what their codes mean.
    pub columns: Vec<Column>,
    /// Facts about people that are stored and have no column any more.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub without_column: BTreeMap<String, BTreeMap<String, u64>>,
    /// How many more of them, of other codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_without_column: Option<u64>,
}

impl Reason {
    /// All six.
    pub fn all() -> Vec<Self> {
        let words = |missing| match missing {
            Missing::Skipped => "was asked, and left without an answer",
            Missing::DontKnow => "“I don’t know”",
            Missing::PreferNotToSay => "“I don’t want to say”",
            Missing::NotApplicable => "“This is not about me”",
            Missing::Unreadable => "was on paper, and could not be read",
            Missing::NotAsked => {
                "was not asked: by the answers before it, by choice of a short survey, of somebody who answers for the person, or because the version has no such question"
            }
        };
        Missing::ALL.into_iter().map(|m| Self { code: m.code(), words: words(m) }).collect()
    }
}
