//! At every start: published files against those this database has been used with, and counting against how it was counted.

use super::verify_tallies::rebuild_tallies;
use crate::app::App;
use crate::domain::definition::Registry;
use crate::storage::{StorageError, Store, settings};

const COUNTING: &str = "counting";

/// What the published files of a registry say against a database.
#[derive(Debug, Clone, Default)]
pub struct Agreement {
    /// A message for each file that the database knows otherwise.
    pub changed: Vec<String>,
    /// Path and digest of each file that it does not know yet.
    pub new: Vec<(String, String)>,
}

/// Compares; changes nothing.
pub fn compare_definitions(store: &Store, registry: &Registry) -> Result<Agreement, StorageError> {
    let known: std::collections::BTreeMap<String, String> =
        store.read(settings::published_files)?.into_iter().collect();
    let drafts = |path: &str| {
        registry
            .definitions()
            .any(|d| !d.takes_responses() && path == format!("questionnaires/{}/{}.json", d.id, d.version))
    };
    let mut found = Agreement::default();
    for file in registry.published().filter(|f| !drafts(&f.path)) {
        match known.get(&file.path) {
            Some(digest) if *digest == file.digest => {}
            Some(_) => found.changed.push(format!(
                "{}: this published file has changed since this database first used it. A published version never changes: restore the file, or publish a new version.",
                file.file
            )),
            None => found.new.push((file.path.clone(), file.digest.clone())),
        }
    }
    for path in known.keys().filter(|path| !registry.published().any(|f| f.path == **path)) {
        found.changed.push(format!("{path}: this published file was used with this database, and is gone. Put it back (see --definitions)."));
    }
    Ok(found)
}

/// Records newly published files. Gives a message for each that this database knows otherwise; then nothing may be served.
pub fn record_definitions(app: &App) -> Result<Vec<String>, StorageError> {
    let now = app.now();
    let found = compare_definitions(&app.store, &app.registry)?;
    if found.changed.is_empty() {
        app.store.write(|db| {
            for (path, digest) in &found.new {
                settings::record_published(db, path, digest, now)?;
            }
            Ok(())
        })?;
        recount_if_needed(app)?;
    }
    Ok(found.changed)
}

/// If what is counted has changed (which groups are kept for which periods), the tallies are made anew.
fn recount_if_needed(app: &App) -> Result<(), StorageError> {
    let now = app.rules.fingerprint();
    let before = app.store.read(|db| settings::find(db, COUNTING))?;
    if before.as_deref() == Some(now.as_str()) {
        return Ok(());
    }
    if before.is_some() {
        tracing::warn!("what is counted has changed; the tallies are being made anew");
        rebuild_tallies(app, |_, _| {})?;
    }
    app.store.write(|db| settings::set(db, COUNTING, &now))
}
