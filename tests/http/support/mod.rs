//! What HTTP tests stand on: a world with its own database, a clock that is set by hand, a client per role, and a browser.

mod bodies;
mod browser;
mod chance;
mod page_numbers;
mod permitted;
mod postgres;
mod survey;
mod world;

pub(crate) use bodies::{contacts, response, scheme};
pub(crate) use browser::{Browser, Page};
pub(crate) use chance::Chance;
pub(crate) use khi::storage::Engine;
pub(crate) use page_numbers::{foreign_numbers, said as said_numbers};
pub(crate) use permitted::{Permitted, words_of_page};
pub(crate) use postgres::bin as postgres_programs;
pub(crate) use survey::{INVITATIONS, OPEN_LINKS, Ticket, answers};
pub(crate) use world::{Client, Reply, Service, World, on_both, on_both_with, over_https, reopened_with};
