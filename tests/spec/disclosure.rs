//! Disclosure control: that what must not be printed is not, by tests that share nothing with it.

mod attacked;
mod corrections;
mod cut_tables;
mod draw;
mod exact;
mod group_rules;
mod group_tables;
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
mod released_rows;
mod rules;
mod said_tables;
mod screened;
mod small;
mod smallest;
mod texts;
mod tried;
mod world;
