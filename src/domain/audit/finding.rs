//! What a check of the audit log found wrong, and where.

use std::fmt;

/// Where something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the chain of a scheme (0 = national), at or just before this sequence.
    Entry {
        /// The scheme's number.
        scheme_number: i64,
        /// The entry's place in its chain, from 1.
        sequence: i64,
    },
    /// In this line of the file of signed heads, from 1.
    Line(usize),
    /// In the file of signed heads as a whole.
    File,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// A code that never changes.
    pub code: &'static str,
    /// What is wrong, for people.
    pub detail: String,
}

impl Finding {
    pub(super) fn entry(
        scheme_number: i64,
        sequence: i64,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { place: Place::Entry { scheme_number, sequence }, code, detail: detail.into() }
    }

    pub(super) fn line(number: usize, code: &'static str, detail: impl Into<String>) -> Self {
        Self { place: Place::Line(number), code, detail: detail.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Entry { scheme_number, sequence } => {
                write!(f, "chain {scheme_number}, entry {sequence}: {}: {}", self.code, self.detail)
            }
            Place::Line(number) => write!(f, "signed heads, line {number}: {}: {}", self.code, self.detail),
            Place::File => write!(f, "signed heads: {}: {}", self.code, self.detail),
        }
    }
}
