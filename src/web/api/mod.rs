//! The JSON API: each handler reads the request, calls one act, and writes the answer.

pub(super) mod asking;
pub(super) mod audit;
pub(super) mod batch;
pub(super) mod catalogue;
pub(super) mod changes;
pub(super) mod comparators;
pub(super) mod comparison;
pub(super) mod contacts;
pub(super) mod docs;
pub(super) mod done;
pub(super) mod export;
pub(super) mod extracts;
pub(super) mod figures;
pub(super) mod health;
pub(super) mod identities;
pub(super) mod people;
pub(super) mod people_import;
pub(super) mod post;
pub(super) mod previews;
pub(super) mod releases;
pub(super) mod report;
pub(super) mod responses;
pub(super) mod retention;
pub(super) mod returns;
pub(super) mod returns_import;
pub(super) mod schemes;
pub(super) mod service_accounts;
pub(super) mod sessions;
pub(super) mod targets;
pub(super) mod tasks;
pub(super) mod webhook;

use super::problem::{Kind, Problem};
use super::request::{self, Page};
