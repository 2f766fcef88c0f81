//! The newest release as the public pages read it: taken apart once and kept in memory, since a release never changes. Nothing else is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::area::Level;
use crate::domain::figures::Row;
use crate::storage::releases::ReleaseRow;
use crate::storage::{StorageError, Store, releases};

/// A release, taken apart.
#[derive(Debug)]
pub struct Published {
    /// What is known of it in the list of releases, as it was when it was read. It may have been withdrawn since.
    pub row: ReleaseRow,
    /// Its cells, in the order in which they are printed.
    pub rows: Vec<Row>,
    /// Its KPI rows, as they are printed.
    pub kpis: Vec<Value>,
    /// The ids of its claims.
    pub claims: BTreeSet<String>,
    /// Places in `rows`, by the code of the place and by indicator.
    by_place: BTreeMap<String, Vec<usize>>,
    by_indicator: BTreeMap<String, Vec<usize>>,
}

impl Published {
    /// Reads a release.
    fn read(store: &Store, row: ReleaseRow) -> Result<Self, StorageError> {
        let unreadable = || StorageError::Corrupt(format!("release {}", row.id));
        let (text, parts, claims) = store.read(|db| {
            let text = releases::text(db, &row.id)?.ok_or_else(unreadable)?;
            Ok((text, releases::parts(db, &row.id, &[], None)?, releases::claims(db, &row.id)?))
        })?;
        let (_, kpi_cells, whole) = text;
        let mut cells: Vec<String> = parts.into_iter().map(|part| part.cells).collect();
        if let Some(whole) = whole {
            let whole: Value = serde_json::from_str(&whole)?;
            cells.push(whole["cells"].to_string());
        }
        let mut found = Self {
            rows: Vec::new(),
            kpis: serde_json::from_str(&kpi_cells).unwrap_or_default(),
            claims: claims.into_iter().collect(),
            by_place: BTreeMap::new(),
            by_indicator: BTreeMap::new(),
            row,
        };
        for part in &cells {
            let texts: Vec<&RawValue> = serde_json::from_str(part)?;
            for text in texts {
                // A cell in the form of an earlier version of khi is in the release's JSON, and on no page.
                if let Ok(row) = serde_json::from_str(text.get()) {
                    found.add(row);
                }
            }
        }
        Ok(found)
    }

    fn add(&mut self, row: Row) {
        let at = self.rows.len();
        self.by_place.entry(row.place.code.clone()).or_default().push(at);
        self.by_indicator.entry(row.indicator.clone()).or_default().push(at);
        self.rows.push(row);
    }

    /// The rows of the place with this code: of an area, or of a scheme by its id.
    pub fn of_place(&self, code: &str) -> impl Iterator<Item = &Row> {
        let places = self.by_place.get(code).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|at| self.rows.get(*at))
    }

    /// The rows of an indicator.
    pub fn of_indicator(&self, id: &str) -> impl Iterator<Item = &Row> {
        let places = self.by_indicator.get(id).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|at| self.rows.get(*at))
    }

    /// The row of everybody in a place that belongs beside `row`: of the same indicator, series and model.
    pub fn beside<'a>(&'a self, row: &'a Row, code: &'a str) -> Option<&'a Row> {
        self.of_place(code).find(|other| {
            other.group.is_none()
                && (&other.indicator, &other.series, &other.model)
                    == (&row.indicator, &row.series, &row.model)
        })
    }

    /// The schemes that it names: id and name.
    pub fn schemes(&self) -> BTreeMap<&str, &str> {
        let of_schemes = self.rows.iter().filter(|row| row.place.level == Level::Scheme);
        of_schemes.map(|row| (row.place.code.as_str(), row.place.name.as_str())).collect()
    }
}

/// The newest release, once somebody has asked for it.
#[derive(Debug, Default)]
pub struct PublishedCache(Mutex<Option<Arc<Published>>>);

impl PublishedCache {
    /// The release of `row`, read if it is not the one that is kept. Who comes meanwhile waits: they need it too.
    pub fn get(&self, store: &Store, row: ReleaseRow) -> Result<Arc<Published>, StorageError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.as_ref().filter(|one| one.row.id == row.id) {
            return Ok(known.clone());
        }
        let read = Arc::new(Published::read(store, row)?);
        *kept = Some(read.clone());
        Ok(read)
    }
}
