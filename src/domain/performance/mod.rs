//! KPI figures of places: sums of what was sent in, with how much of it is there. A quotient is always that of two sums.

mod row;
mod steps;
mod sums;

pub use row::{KpiRow, KpiStatus};
pub use steps::steps;
pub use sums::{Expected, Figure, Sender, Sums, add_up};
