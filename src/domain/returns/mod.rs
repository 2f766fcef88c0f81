//! Returns: what a scheme, a unit, an area or the national body sends in for its KPIs and one period. Counts only, never percentages.
//! By hand, or for several at once as a table ([`read_returns`]).

mod amount;
mod check;
mod columns;
mod doubt;
mod row;
mod sent;
mod table;
mod template;

pub use amount::{Amount, NotAnAmount, Refused};
pub use check::{Asked, Entry, Whose};
pub use columns::{FigureColumn, FigureHeading, FigureSheet, inert, is_live};
pub use doubt::{Doubt, doubts, value};
pub use sent::{NewReturn, remark};
pub use table::{
    FigureChange, KnownReturn, KnownReturns, ReturnKey, TableFigure, TableReading, TableSenders,
    read_returns, returns_in,
};
pub use template::{TEMPLATE_FILLED, TEMPLATE_HEADINGS, TemplateSender, template_rows};
