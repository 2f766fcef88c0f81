//! Reading releases: everybody may.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::app::App;
use crate::clock::written;
use crate::domain::area::Level;
use crate::domain::definition::Model;
use crate::domain::disclosure::release::Part;
use crate::domain::figures::{CellOf, CellQuery, Row};
use crate::storage::releases::{self, ReleaseRow};
use crate::storage::{Db, StorageError};

/// A release as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseSeen {
    /// Its id.
    pub id: String,
    /// Counts up.
    pub number: i64,
    /// Its period.
    pub period: String,
    /// When it was published.
    pub published_at: String,
    /// The earlier release of the same period that it takes the place of.
    pub supersedes: Option<String>,
    /// The later release that has taken its place.
    pub superseded_by: Option<String>,
    /// That it was withdrawn, and why.
    pub withdrawn: Option<Withdrawn>,
}

/// That a release was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawn {
    /// When.
    pub at: String,
    /// Why.
    pub why: String,
}

/// What is found under a release's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frozen<T> {
    /// There is no such release, or nothing of this name in it.
    Unknown,
    /// It was withdrawn: nothing of it is shown.
    Withdrawn(Withdrawn),
    /// It stands.
    Here(T),
}

/// A page of cells of a release, each as it is printed.
#[derive(Debug, Serialize)]
pub struct CellPage {
    /// The cells.
    pub items: Vec<Box<RawValue>>,
    /// Where the next page begins: how many cells come before it.
    pub next: Option<String>,
}

/// What the front page is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Newest {
    /// What is printed besides cells.
    pub head: Value,
    /// The cells of the UK and the nations, of everybody.
    pub cells: Vec<Value>,
}

/// Every release, newest first.
pub fn list_releases(app: &App) -> Result<Vec<ReleaseSeen>, StorageError> {
    let rows = app.store.read(releases::list)?;
    let later = |row: &ReleaseRow| {
        // The first that came after it.
        rows.iter().rev().find(|other| other.supersedes.as_ref() == Some(&row.id)).map(|r| r.id.clone())
    };
    let seen = |row: &ReleaseRow| ReleaseSeen {
        id: row.id.clone(),
        number: row.number,
        period: row.period.clone(),
        published_at: written(row.published_at),
        supersedes: row.supersedes.clone(),
        superseded_by: later(row),
        withdrawn: withdrawn(row),
    };
    Ok(rows.iter().map(seen).collect())
}

/// The release `id`; without one, the newest that is not withdrawn.
pub fn find_release(app: &App, id: Option<&str>) -> Result<Frozen<ReleaseRow>, StorageError> {
    let found = app.store.read(|db| match id {
        Some(id) => releases::find(db, id),
        None => releases::latest(db),
    })?;
    Ok(match found {
        None => Frozen::Unknown,
        Some(row) => withdrawn(&row).map_or(Frozen::Here(row), Frozen::Withdrawn),
    })
}

fn withdrawn(row: &ReleaseRow) -> Option<Withdrawn> {
    let at = written(row.withdrawn_at?);
    Some(Withdrawn { at, why: row.withdrawn_why.clone().unwrap_or_default() })
}

/// A release in full, the same bytes for ever: what is printed besides cells, then `cells`, `kpi_cells`, and the ids of its `claims`.
pub fn release_text(app: &App, id: &str) -> Result<String, StorageError> {
    let (head, kpi_cells, whole, parts, claims) = app.store.read(|db| {
        let (head, kpi_cells, whole) = releases::text(db, id)?.ok_or_else(|| unreadable(id))?;
        let parts = releases::parts(db, id, &[], None)?;
        Ok((head, kpi_cells, whole, parts, releases::claims(db, id)?))
    })?;
    if let Some(whole) = whole {
        return Ok(whole); // from before there were parts
    }
    let head = head.strip_suffix('}').ok_or_else(|| unreadable(id))?;
    let length: usize = parts.iter().map(|part| part.cells.len()).sum();
    let mut text = String::with_capacity(head.len() + length + kpi_cells.len() + 4096);
    text.push_str(head);
    text.push_str(",\"cells\":[");
    let mut first = true;
    for part in &parts {
        let cells = part.cells.trim().strip_prefix('[').and_then(|c| c.strip_suffix(']'));
        let cells = cells.ok_or_else(|| unreadable(id))?.trim();
        if cells.is_empty() {
            continue;
        }
        if !std::mem::take(&mut first) {
            text.push(',');
        }
        text.push_str(cells);
    }
    text.push_str("],\"kpi_cells\":");
    text.push_str(&kpi_cells);
    text.push_str(",\"claims\":");
    text.push_str(&Value::from(claims).to_string());
    text.push('}');
    Ok(text)
}

/// At most `limit` cells of a release that are asked for, after the first `passed` of them.
pub fn release_cells(
    app: &App,
    id: &str,
    query: &CellQuery,
    passed: usize,
    limit: usize,
) -> Result<CellPage, StorageError> {
    let levels: Vec<&str> = query.level.iter().map(|level| level.code()).collect();
    let parts = app.store.read(|db| printed(db, id, &levels, query.model))?;
    let mut wanted = Vec::new();
    for part in &parts {
        for cell in cells_in(part).ok_or_else(|| unreadable(id))? {
            let of: CellOf<'_> = serde_json::from_str(cell.get())?;
            if query.wants(&of) {
                wanted.push(cell);
            }
        }
    }
    let end = passed.saturating_add(limit);
    let next = (wanted.len() > end).then(|| end.to_string());
    let items = wanted.into_iter().skip(passed).take(limit).map(RawValue::to_owned).collect();
    Ok(CellPage { items, next })
}

/// The cells of an array, each as it is written.
pub(super) fn cells_in(part: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(part).ok()
}

/// The claims of a release, by id.
pub fn release_claims(app: &App, id: &str) -> Result<Vec<String>, StorageError> {
    app.store.read(|db| releases::claims(db, id))
}

/// The passports of all of them, in that order: JSON objects.
pub fn release_passports(app: &App, id: &str) -> Result<Vec<String>, StorageError> {
    app.store.read(|db| releases::passports(db, id))
}

/// The passport of one of its claims: a JSON object.
pub fn release_claim(app: &App, id: &str, claim: &str) -> Result<Option<String>, StorageError> {
    app.store.read(|db| releases::claim(db, id, claim))
}

/// The newest release that is not withdrawn, with its parts of these levels and of this model.
pub(super) fn newest_parts(
    app: &App,
    levels: &[&str],
    model: Model,
) -> Result<Option<(ReleaseRow, Vec<Part>)>, StorageError> {
    let Frozen::Here(row) = find_release(app, None)? else { return Ok(None) };
    let parts = app.store.read(|db| releases::parts(db, &row.id, levels, Some(model.code())))?;
    Ok(Some((row, parts)))
}

/// The newest release that is not withdrawn, as far as the front page shows it.
pub fn newest_headlines(app: &App) -> Result<Option<Newest>, StorageError> {
    let Frozen::Here(row) = find_release(app, None)? else { return Ok(None) };
    let levels = [Level::Uk, Level::Nation].map(Level::code);
    let (head, parts) = app.store.read(|db| {
        let (head, _, _) = releases::text(db, &row.id)?.ok_or_else(|| unreadable(&row.id))?;
        Ok((head, printed(db, &row.id, &levels, None)?))
    })?;
    let mut cells = Vec::new();
    for part in &parts {
        for cell in cells_in(part).ok_or_else(|| unreadable(&row.id))? {
            // Most cells are of groups: they are read no further than that.
            if serde_json::from_str::<CellOf<'_>>(cell.get())?.group.is_none() {
                cells.push(serde_json::from_str(cell.get())?);
            }
        }
    }
    Ok(Some(Newest { head: serde_json::from_str(&head)?, cells }))
}

/// What of a release is of everybody in one of `places` (codes), of a model or of all, as rows; what cannot be read is left out.
pub(super) fn rows_of_places(
    app: &App,
    id: &str,
    levels: &[&str],
    model: Option<Model>,
    places: &[&str],
) -> Result<Vec<Row>, StorageError> {
    let parts = app.store.read(|db| printed(db, id, levels, model))?;
    let mut rows = Vec::new();
    for part in &parts {
        for cell in cells_in(part).ok_or_else(|| unreadable(id))? {
            // Most cells are of other places: they are not read.
            if !places.iter().any(|code| cell.get().contains(code)) {
                continue;
            }
            let of: CellOf<'_> = serde_json::from_str(cell.get())?;
            if of.group.is_none() && places.contains(&of.place.code.as_ref()) {
                rows.extend(serde_json::from_str::<Row>(cell.get()).ok());
            }
        }
    }
    Ok(rows)
}

/// What a release prints of KPIs: an array of JSON; and whether it is of made-up data.
pub(super) fn kpis_of_release(app: &App, id: &str) -> Result<(String, bool), StorageError> {
    let (head, kpi_cells, _) = app.store.read(|db| releases::text(db, id))?.ok_or_else(|| unreadable(id))?;
    let head: Value = serde_json::from_str(&head)?;
    Ok((kpi_cells, head["demo"] == true))
}

/// The arrays of cells of a release; of one from before there were parts, the one array of all, whatever is asked for.
fn printed(
    db: &mut Db,
    id: &str,
    levels: &[&str],
    model: Option<Model>,
) -> Result<Vec<String>, StorageError> {
    let parts = releases::parts(db, id, levels, model.map(Model::code))?;
    if !parts.is_empty() {
        return Ok(parts.into_iter().map(|part| part.cells).collect());
    }
    let Some((_, _, Some(whole))) = releases::text(db, id)? else { return Ok(Vec::new()) };
    let whole: Value = serde_json::from_str(&whole)?;
    Ok(vec![whole["cells"].to_string()])
}

pub(super) fn unreadable(id: &str) -> StorageError {
    StorageError::Corrupt(format!("release {id}"))
}
