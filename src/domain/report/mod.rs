//! Outcome reports: what is said of a place and a period, before anybody knows whether it becomes a page, a PDF or a workbook.
//!
//! A [`Document`] is made from rows that may be shown to whoever reads it, and from nothing else. Whoever draws it adds no number of its own.

pub mod chart;
pub mod compose;
pub mod document;
pub mod done;
pub mod drawing;

pub use chart::{Bar, Chart, Part, Point, Shape, Stack};
pub use document::{
    Align, Block, Column, Document, Fact, KeyFigure, Kind, Pictured, Section, Table, TableRow, Value,
};
pub use done::{Deed, MOST_DONE, check_done};
