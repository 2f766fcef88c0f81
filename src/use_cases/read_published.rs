//! What the public pages are made of: a release that stands, taken apart.

use std::sync::Arc;

use super::read_release::{Frozen, find_release};
use crate::app::App;
use crate::published::Published;
use crate::storage::StorageError;

/// The release `id`; without one, the newest that is not withdrawn. One query, once it has been read.
pub fn read_published(app: &App, id: Option<&str>) -> Result<Frozen<Arc<Published>>, StorageError> {
    Ok(match find_release(app, id)? {
        Frozen::Here(row) => Frozen::Here(app.published.get(&app.store, row)?),
        Frozen::Unknown => Frozen::Unknown,
        Frozen::Withdrawn(withdrawn) => Frozen::Withdrawn(withdrawn),
    })
}
