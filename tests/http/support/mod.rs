//! What HTTP tests stand on: a world with its own database, a clock that is set by hand, and a client per role.

mod bodies;
mod postgres;
mod world;

pub(crate) use bodies::{contacts, response, scheme};
pub(crate) use world::{Client, World, on_both, on_both_with, reopened_with};
