//! What the public pages are made of: the newest release, taken apart; and of any other what it prints besides cells.

use std::sync::Arc;

use serde_json::Value;

use super::read_release::{Frozen, find_release};
use crate::app::App;
use crate::published::Published;
use crate::storage::StorageError;
use crate::storage::releases::{self, ReleaseRow};

/// The newest release that is not withdrawn. One query, once it has been read.
pub fn read_published(app: &App) -> Result<Option<Arc<Published>>, StorageError> {
    match find_release(app, None)? {
        Frozen::Here(row) => Ok(Some(app.published.get(&app.store, row)?)),
        Frozen::Unknown | Frozen::Withdrawn(_) => Ok(None),
    }
}

/// A release without its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseFacts {
    /// What is known of it in the list of releases.
    pub row: ReleaseRow,
    /// What it prints besides cells: `policy`, `attack`.
    pub head: Value,
    /// Whether it is from before there were parts: its cells are in its JSON, and on no page.
    pub older_form: bool,
}

/// The release `id`, without its cells.
pub fn release_facts(app: &App, id: &str) -> Result<Frozen<ReleaseFacts>, StorageError> {
    let row = match find_release(app, Some(id))? {
        Frozen::Here(row) => row,
        Frozen::Unknown => return Ok(Frozen::Unknown),
        Frozen::Withdrawn(withdrawn) => return Ok(Frozen::Withdrawn(withdrawn)),
    };
    let Some((head, _, whole)) = app.store.read(|db| releases::text(db, &row.id))? else {
        return Ok(Frozen::Unknown);
    };
    let head = serde_json::from_str(whole.as_deref().unwrap_or(&head))?;
    Ok(Frozen::Here(ReleaseFacts { row, head, older_form: whole.is_some() }))
}
