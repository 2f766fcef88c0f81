//! `khi`: Key Human Indicators. Versioned, accessible questionnaires in; figures people can trust out.
//!
//! The layers, each knowing only those before it: [`domain`] (pure) ← [`storage`] (both databases) ← [`use_cases`]
//! (one file per act) ← `web` (JSON and pages) and `cli`. `docs/architecture.md` walks one response in and one figure out.

pub mod app;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod definition_files;
pub mod demo;
pub mod directory;
pub mod domain;
pub mod extract_files;
pub mod heads_file;
pub mod mail;
pub mod passwords;
pub mod pdf;
mod pictures;
pub mod published;
pub mod reports;
pub mod sealed;
pub mod secrets;
pub mod sittings;
pub mod storage;
pub mod table_files;
pub mod texts;
pub mod use_cases;
pub mod vault;
pub mod web;
pub mod webhooks;
