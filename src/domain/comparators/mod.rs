//! Comparators: figures that others publish of the same places, to be laid beside live ones. They are kept apart from returns, keep the
//! shorthand of what their publisher does not show, and are never added up with anything.

mod ascof;
mod columns;
mod row;
mod told;

pub use ascof::{AscofReading, MOST_FAULTS, MOST_ROWS, read_ascof};
pub use columns::AscofColumn;
pub use told::{Shorthand, Told};

/// A published figure of one place and year.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparator {
    /// The publisher's code of what is measured, such as 1A.
    pub measure: String,
    /// The area's code.
    pub area: String,
    /// Of whom: the publisher's words, such as Total or 18-64.
    pub disaggregation: String,
    /// What was counted.
    pub numerator: Told,
    /// Out of how many.
    pub denominator: Told,
    /// The published result.
    pub outcome: Told,
}
