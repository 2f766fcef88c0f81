//! Through HTTP, in process: every act, per role, on both databases.

mod access;
mod answering;
mod answering_model;
mod answering_pages;
mod answering_processes;
mod answering_sent;
mod answering_walks;
mod bad_input;
mod batch;
mod catalogue;
mod changes;
mod contacts;
mod figures;
mod lifecycle;
mod operations;
mod participants;
mod practice;
mod recordings;
mod releases;
mod schemes;
mod service_accounts;
mod snapshots;
mod support;
mod tasks;
mod unseen_questionnaire;
mod webhooks;
