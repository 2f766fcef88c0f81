//! Figures: rows of Key Human Indicators, read from tallies. A row is never a percentage alone.

mod gather;
mod make_row;
mod query;
mod row;

pub use gather::{StoredTally, gather};
pub use query::{Asks, FigureQuery, MOST_TOGETHER};
pub use row::{Banded, Change, Interval, Place, Row, SchemesCount, ShareOf, Spread, Status};
