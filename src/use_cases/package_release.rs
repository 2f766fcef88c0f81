//! A release as a data package, for everybody: made once from what stands in it, and kept for those who ask next.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::read_release::{Frozen, find_release, unreadable};
use crate::app::App;
use crate::clock::written;
use crate::domain::definition::digest;
use crate::reports::package::{Head, PackageSource, build};
use crate::storage::releases::{self, ReleaseRow};
use crate::storage::{StorageError, settings};

/// A data package.
#[derive(Debug)]
pub struct Package {
    /// The release's id.
    pub release: String,
    /// What its file is called.
    pub file: String,
    /// The ZIP archive.
    pub bytes: Vec<u8>,
    /// SHA-256 of it, in hexadecimal digits.
    pub digest: String,
}

/// How many packages are kept: those of the newest releases are asked for most.
const KEPT: usize = 2;

/// Packages that were made, for those who ask next. They are never out of date: neither releases nor definitions change while the program
/// runs. Whether a release still stands is asked each time.
#[derive(Debug, Default)]
pub struct Packages {
    kept: Mutex<Vec<Arc<Package>>>,
    /// Held by whoever makes one, so that many who ask at once do not make it many times. Waiting for it takes no thread.
    pub making: tokio::sync::Mutex<()>,
}

impl Packages {
    /// That of a release, if it is kept.
    pub fn find(&self, release: &str) -> Option<Arc<Package>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|package| package.release == release).cloned()
    }

    /// Keeps one, in the place of the one kept longest.
    pub fn keep(&self, package: Package) -> Arc<Package> {
        let package = Arc::new(package);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, package.clone());
        kept.truncate(KEPT);
        package
    }
}

/// Makes the package of the release `id`; without an id, of the newest that is not withdrawn.
///
/// # Errors
///
/// The database does not answer, or what it holds of the release cannot be read.
pub fn package_release(app: &App, id: Option<&str>) -> Result<Frozen<Package>, StorageError> {
    Ok(match find_release(app, id)? {
        Frozen::Unknown => Frozen::Unknown,
        Frozen::Withdrawn(withdrawn) => Frozen::Withdrawn(withdrawn),
        Frozen::Here(row) => Frozen::Here(package_of(app, &row)?),
    })
}

/// Makes the package of a release that stands.
///
/// # Errors
///
/// As [`package_release`].
pub fn package_of(app: &App, row: &ReleaseRow) -> Result<Package, StorageError> {
    let id = row.id.as_str();
    let (head, mut kpi_cells, whole, parts, later) = app.store.read(|db| {
        let (head, kpi_cells, whole) = releases::text(db, id)?.ok_or_else(|| unreadable(id))?;
        let parts = releases::parts(db, id, &[], None)?;
        let later: BTreeSet<String> = settings::published_after(db, row.published_at)?.into_iter().collect();
        Ok((head, kpi_cells, whole, parts, later))
    })?;
    let mut cells: Vec<String> = parts.into_iter().map(|part| part.cells).collect();
    let mut head: Value = serde_json::from_str(&head)?;
    if let Some(whole) = whole {
        // from before there were parts
        head = serde_json::from_str(&whole)?;
        (cells, kpi_cells) = (vec![head["cells"].to_string()], head["kpi_cells"].to_string());
    }
    let source = PackageSource {
        head: Head {
            id: row.id.clone(),
            number: row.number,
            period: row.period.clone(),
            published_at: written(row.published_at),
            at: row.published_at,
            demo: head["demo"] == true,
        },
        cells: &cells,
        kpi_cells: &kpi_cells,
        registry: &app.registry,
        later: &later,
    };
    let bytes = build(&source).map_err(|e| StorageError::Corrupt(format!("release {id}: {e}")))?;
    let file = format!("{}.zip", source.head.name());
    Ok(Package { release: row.id.clone(), file, digest: digest(&bytes), bytes })
}
