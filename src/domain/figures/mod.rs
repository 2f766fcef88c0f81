//! Figures: rows of Key Human Indicators, read from tallies. A row is never a percentage alone.

mod cells;
mod gather;
mod make_row;
mod query;
mod row;
mod units;

pub use cells::{CellOf, CellPlace, CellQuery};
pub use gather::{StoredTally, gather, gather_all};
pub use query::{Asks, FigureQuery, MOST_TOGETHER};
pub use row::{Banded, Change, Interval, Place, Row, SchemesCount, ShareOf, Spread, Status};
pub use units::count_units;
