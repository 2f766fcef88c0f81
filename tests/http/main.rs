//! Through HTTP, in process: every act, per role, on both databases.

mod access;
mod bad_input;
mod catalogue;
mod contacts;
mod figures;
mod lifecycle;
mod operations;
mod releases;
mod schemes;
mod snapshots;
mod support;
mod tasks;
mod unseen_questionnaire;
