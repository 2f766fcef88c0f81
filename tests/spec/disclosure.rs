//! Disclosure control: that what must not be printed is not, by tests that share nothing with it.

mod draw;
mod exact;
mod hierarchies;
mod intruder;
mod made;
mod reading;
mod world;
