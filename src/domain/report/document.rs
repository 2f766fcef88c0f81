//! The parts of a document, in reading order.

use serde::Serialize;

use super::chart::Chart;

/// A whole report in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// Its title: “Leeds Shared Lives: what people say”.
    pub title: String,
    /// One line below it: what kind of place, and which period, in words.
    pub subtitle: String,
    /// The language of all its words: `en` or `cy`.
    pub language: String,
    /// What it was made from, so that it can be found again: period, release or state of the figures, policy, the program's version.
    pub facts: Vec<Fact>,
    /// The first page. It stands alone, on one A4 sheet.
    pub summary: Vec<Block>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A name and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// “Period”.
    pub name: String,
    /// “April 2025 to March 2026”.
    pub text: String,
}

/// A part with a heading of its own: in the list of contents, among the bookmarks, a sheet of the workbook if it has tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// What addresses call it: `social-connection`. One in each document.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// One thing after another.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Block {
    /// A heading within a section.
    Heading {
        /// Its words.
        text: String,
    },
    /// A paragraph that is read first: larger.
    Lead {
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: String,
    },
    /// What must be known to read the figures rightly.
    Note {
        /// Its words.
        text: String,
    },
    /// Things of one kind.
    List {
        /// Each of them.
        items: Vec<String>,
    },
    /// A figure in words, with its number.
    Key(KeyFigure),
    /// Words beside their picture.
    Pictured(Pictured),
    /// A table.
    Table(Table),
    /// A drawing, and the table that says the same.
    Chart(Chart),
}

/// A figure in words first, then the number and what it rests upon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeyFigure {
    /// “9 in 10 people said they have more friends.”
    pub words: String,
    /// The number alone, drawn large: “90.0%”. Empty where only words may be said.
    pub number: String,
    /// “45 of 50 people; 78.6% to 95.7%”.
    pub base: String,
}

/// Words with a picture beside them, for those who read little. The picture says nothing that the words do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pictured {
    /// The symbol of the picture: `friends-new`.
    pub picture: String,
    /// What is read first, drawn large: “More than 9 in 10”. Empty where there is nothing of that kind.
    pub large: String,
    /// The words: one idea a sentence.
    pub words: String,
}

/// A table with a heading for each column and one for each row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns; the first is that of the rows' own headings.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Where its cells stand.
    pub align: Align,
}

/// Where text stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Words: at the beginning.
    Start,
    /// Numbers: at the end.
    End,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    /// Its heading, in the first column.
    pub head: String,
    /// Its other cells, one for each further column.
    pub cells: Vec<Value>,
}

/// What stands in a cell. A workbook keeps it as a number of its kind; all else shows `text`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Value {
    /// As it is read, in the document's language: “88.9%”, “7,140”, “too few to show”.
    pub text: String,
    /// The number itself, where it is one; a percentage is from 0 to 100.
    pub number: Option<f64>,
    /// Of what kind.
    pub kind: Kind,
}

/// What kind of thing a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Words.
    Text,
    /// Whole people or things.
    Count,
    /// A percentage, to one decimal.
    Percent,
    /// Pounds.
    Pounds,
    /// Any other number, to so many decimals.
    Number {
        /// How many.
        decimals: u8,
    },
    /// Nothing that may be shown, and why.
    Absent,
}

impl Value {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: None, kind: Kind::Text }
    }

    /// Why there is no number.
    pub fn absent(why: impl Into<String>) -> Self {
        Self { text: why.into(), number: None, kind: Kind::Absent }
    }
}
