//! People from a scheme's own file: a table of strings becomes a mapping of its columns, the people it says, every fault with row, column,
//! rule and what would be right, and what would change. Reading the file itself is done elsewhere; nothing here is written anywhere.

mod cell;
mod heading;
mod identity;
mod lines;
mod names;
mod people;
mod template;

pub use cell::{TableDate, WrongDate, read_date};
pub(in crate::domain) use heading::plain as plain_words;
pub use heading::{Column, Identity, Mapped, Matched, map_headings};
pub use identity::ReadIdentity;
pub use lines::Lines;
pub use people::{Change, ReadPerson, Reading, Setting, read_people};
pub use template::{EXAMPLE, TemplateColumn, people_template};

/// A table as it was read from a file or pasted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its rows, the headings among them; rows without anything are left out.
    pub rows: Vec<Row>,
    /// Whether it comes from a workbook, where a bare number can be a date.
    pub workbook: bool,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}
