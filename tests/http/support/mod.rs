//! What HTTP tests stand on: a world with its own database, a clock that is set by hand, and a client per role.

mod bodies;
mod postgres;
mod world;

pub use bodies::{answers, response, scheme};
pub use world::{Client, Reply, World, on_both, on_both_with};
