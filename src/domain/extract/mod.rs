//! Extracts of responses for analysts: which columns an extract of a questionnaire has, what a response says in each, and what is said of
//! the whole in its manifest.
//!
//! Columns are the union over all versions. A value that is not there has its reason beside it, in a column of its own, so that a value
//! column holds values only: numbers stay numbers.

mod cells;
mod columns;
mod manifest;

pub use cells::{Cell, Extracted, Unplaced};
pub use columns::{Column, ColumnType, Columns, Part, Value};
pub use manifest::{Asked, FileFacts, Manifest, Reason, VersionFacts};
