//! At every start: published files against those this database has been used with, and counting against how it was counted.

use super::verify_tallies::rebuild_tallies;
use crate::app::App;
use crate::storage::{StorageError, settings};

const COUNTING: &str = "counting";

/// Records newly published files. Gives a message for each that this database knows otherwise; then nothing may be served.
pub fn record_definitions(app: &App) -> Result<Vec<String>, StorageError> {
    let now = app.now();
    let known: std::collections::BTreeMap<String, String> =
        app.store.read(settings::published_files)?.into_iter().collect();
    let drafts = |path: &str| {
        app.registry
            .definitions()
            .any(|d| !d.takes_responses() && path == format!("questionnaires/{}/{}.json", d.id, d.version))
    };
    let mut changed = Vec::new();
    let mut new = Vec::new();
    for file in app.registry.published().filter(|f| !drafts(&f.path)) {
        match known.get(&file.path) {
            Some(digest) if *digest == file.digest => {}
            Some(_) => changed.push(format!(
                "{}: this published file has changed since this database first used it. A published version never changes: restore the file, or publish a new version.",
                file.file
            )),
            None => new.push((file.path.clone(), file.digest.clone())),
        }
    }
    for path in known.keys().filter(|path| !app.registry.published().any(|f| f.path == **path)) {
        changed.push(format!("{path}: this published file was used with this database, and is gone. Put it back (see --definitions)."));
    }
    if changed.is_empty() {
        app.store.write(|db| {
            for (path, digest) in &new {
                settings::record_published(db, path, digest, now)?;
            }
            Ok(())
        })?;
        recount_if_needed(app)?;
    }
    Ok(changed)
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
