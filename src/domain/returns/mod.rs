//! Returns: what a scheme, a unit, an area or the national body sends in for its KPIs and one period. Counts only, never percentages.

mod amount;
mod check;
mod doubt;
mod sent;

pub use amount::{Amount, NotAnAmount, Refused};
pub use check::{Asked, Entry, Whose};
pub use doubt::{Doubt, doubts, value};
pub use sent::{NewReturn, remark};
