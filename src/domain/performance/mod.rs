//! KPI figures of places: sums of what was sent in, with how much of it is there. A quotient is always that of two sums.

mod expected;
mod gather;
mod marks;
mod pairs;
mod row;
mod steps;
mod sums;
mod target;
mod worked_out;

pub use expected::{Due, UK, expected, nation_of};
pub use gather::{Sources, needed};
pub use marks::{Mark, Met, Move, Moves, khi_move, kpi_move, mark};
pub use pairs::Pair;
pub use row::{Input, KpiRow, KpiStatus};
pub use steps::steps;
pub use sums::{Expected, Figure, Returned, Sender, Sums, add_up};
pub use target::{Aim, NewTarget, Stands, TargetSeen, beside, has_share};
