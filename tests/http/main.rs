//! Through HTTP, in process: every act, per role, on both databases.

mod access;
mod answering;
mod answering_model;
mod answering_pages;
mod answering_processes;
mod answering_sent;
mod answering_walks;
mod asking;
mod audit;
mod bad_input;
mod catalogue;
mod contacts;
mod figures;
mod identities;
mod lifecycle;
mod operations;
mod people_import;
mod recordings;
mod releases;
mod schemes;
mod snapshots;
mod staff;
mod support;
mod tasks;
mod unseen_questionnaire;
mod vault;
