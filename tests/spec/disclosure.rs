//! Disclosure control: that what must not be printed is not, by tests that share nothing with it.

mod draw;
mod exact;
mod hierarchies;
mod intruder;
mod made;
mod must_fail;
mod must_fail_released;
mod national;
mod oracle;
mod plain;
mod planted;
mod reading;
mod rules;
mod smallest;
mod world;
