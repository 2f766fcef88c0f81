//! The columns of the Adult Social Care Outcomes Framework (ASCOF) file of the Department of Health and Social Care: one row for each
//! number of a figure.

use crate::domain::import::plain_words;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AscofColumn {
    /// England, a region or a council.
    Level,
    /// The area's code of the Office for National Statistics.
    Area,
    /// What is measured.
    Measure,
    /// Of whom.
    Disaggregation,
    /// Which number it is: numerator, denominator or outcome.
    Type,
    /// The number.
    Value,
}

/// Each with its heading, and other names that it has had, in lower case with single spaces.
const COLUMNS: [(AscofColumn, &str, &[&str]); 6] = [
    (AscofColumn::Level, "Geographical level", &["geographical level", "geography level"]),
    (AscofColumn::Area, "ONS code", &["ons code", "ons area code", "ons geography code", "gss code"]),
    (AscofColumn::Measure, "ASCOF measure code", &["ascof measure code", "measure code"]),
    (
        AscofColumn::Disaggregation,
        "Disaggregation level",
        &["disaggregation level", "disaggregation", "measure group"],
    ),
    (AscofColumn::Type, "Measure type", &["measure type"]),
    (AscofColumn::Value, "Measure value", &["measure value"]),
];

impl AscofColumn {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Level, Self::Area, Self::Measure, Self::Disaggregation, Self::Type, Self::Value];

    /// Its heading.
    pub fn heading(self) -> &'static str {
        COLUMNS.iter().find(|(column, ..)| *column == self).map_or("", |(_, heading, _)| heading)
    }

    /// The column with this heading; none where it is not read.
    pub(super) fn of(heading: &str) -> Option<Self> {
        let words = plain_words(heading);
        COLUMNS.iter().find(|(.., names)| names.contains(&words.as_str())).map(|(column, ..)| *column)
    }
}
