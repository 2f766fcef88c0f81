//! The pure core: no database, no web, no clock, no files, no randomness.
//!
//! The line of thought, in the order one response meets it:
//! [`definition`] (what may be asked) → [`question`] and [`routing`] (what is asked, what may be answered) →
//! [`submission`] (one checked response) → [`scoring`] (what it says for each indicator) →
//! [`counting`] (what a person adds to which tallies) → [`figures`] (rows read from tallies) →
//! [`disclosure`] (what may be shown to whom). [`access`] says who may do what, [`schedule`] who is asked when, [`audit`] what is written
//! down of it.

pub mod access;
pub mod amounts;
pub mod answering;
pub mod area;
pub mod audit;
pub mod change;
pub mod comparators;
pub mod comparison;
pub mod contacts;
pub mod counting;
pub mod definition;
pub mod disclosure;
pub mod extract;
pub mod fault;
pub mod figures;
pub mod identity;
pub mod import;
pub mod lines;
pub mod over_time;
pub mod participant;
pub mod passport;
pub mod password;
pub mod performance;
pub mod period;
pub mod question;
pub mod reader;
pub mod report;
pub mod retention;
pub mod returns;
pub mod routing;
pub mod safeguarding;
pub mod schedule;
pub mod scheme;
pub mod scoring;
pub mod service_account;
pub mod statement;
pub mod statistics;
pub mod submission;
pub mod totp;
pub mod webhook;
