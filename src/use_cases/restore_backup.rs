//! Putting a backup into an empty database. What cannot be restored whole is not restored at all.

use std::path::{Path, PathBuf};

use super::recognise_key::KEY_CHECK;
use super::take_backup::engine_name;
use crate::backup::{self, HEADS_FILE, KEY_FILE, Manifest, POSTGRES_FILE, SQLITE_FILE, files};
use crate::secrets::Secrets;
use crate::storage::backup as copying;
use crate::storage::{Engine, StorageError, Store, data_keys, known_changes, settings};

/// What is to be restored, and into what.
#[derive(Debug, Clone)]
pub struct RestoreOrder {
    /// The backup's folder.
    pub from: PathBuf,
    /// The address of an empty database.
    pub database: String,
    /// Where the key file is, or is put.
    pub key_file: PathBuf,
    /// Where the signed heads of the audit log are, or are put.
    pub heads_file: PathBuf,
    /// Whether the key is lost for good: then the database forgets it, and takes a new one at its next start.
    pub key_lost: bool,
}

/// Restores the backup's contents, and proves that they are all there. Nothing of the schema is brought up to date yet.
pub fn restore_backup(order: &RestoreOrder) -> Result<Manifest, String> {
    let manifest = find(&order.from)?;
    let faults = manifest.faults(&order.from);
    if !faults.is_empty() {
        return Err(format!("this backup is damaged; take another one:\n{}", faults.join("\n")));
    }
    refuse_newer(&manifest)?;
    let engine = Store::engine_of(&order.database).map_err(said)?;
    if engine_name(engine) != manifest.engine {
        return Err(format!(
            "this is a backup of a {} database, and {} is asked for: a backup is restored into the kind it came from",
            manifest.engine,
            engine_name(engine)
        ));
    }
    let bring_key = check_key(order, &manifest)?;
    match engine {
        Engine::Sqlite => restore_sqlite(order, &manifest)?,
        Engine::Postgres => restore_postgres(order, &manifest)?,
    }
    if bring_key {
        files::copy_private(&order.from.join(KEY_FILE), &order.key_file)
            .map_err(|e| format!("{}: {e}", order.key_file.display()))?;
    }
    // A file that is there already may know of more than this backup: it is evidence, and is left alone.
    if manifest.has(HEADS_FILE) && !order.key_lost && !order.heads_file.exists() {
        files::copy_private(&order.from.join(HEADS_FILE), &order.heads_file)
            .map_err(|e| format!("{}: {e}", order.heads_file.display()))?;
    }
    if order.key_lost {
        let store = Store::open_as_it_is(&order.database, 1).map_err(said)?;
        store
            .write(|db| {
                settings::remove(db, KEY_CHECK)?;
                // A backup from before there was a vault has nothing sealed.
                let sealed = copying::tables(db)?.iter().any(|table| table == "data_keys");
                if sealed { data_keys::give_up(db) } else { Ok(()) }
            })
            .map_err(said)?;
    }
    Ok(manifest)
}

fn said(error: StorageError) -> String {
    error.to_string()
}

/// The manifest; for a folder of several backups, an error that names them.
fn find(from: &Path) -> Result<Manifest, String> {
    let kept = backup::list(from, None);
    if kept.is_empty() || from.join(backup::MANIFEST).is_file() {
        return Manifest::read(from);
    }
    let names: Vec<String> = kept.iter().map(|kept| kept.path.display().to_string()).collect();
    Err(format!("these backups are there, the newest first; name one of them:\n{}", names.join("\n")))
}

fn refuse_newer(manifest: &Manifest) -> Result<(), String> {
    let known = known_changes().map_err(said)?;
    let unknown: Vec<&str> =
        manifest.schema.iter().filter(|c| !known.contains(*c)).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(format!(
        "this backup was made by khi {}, and this is khi {}, which is older: it does not know {}. Install khi {} or later",
        manifest.khi,
        env!("CARGO_PKG_VERSION"),
        unknown.join(", "),
        manifest.khi
    ))
}

/// Whether the key file has to be taken from the backup. An error if the restored database would be without its key.
fn check_key(order: &RestoreOrder, manifest: &Manifest) -> Result<bool, String> {
    let (path, shown) = (&order.key_file, order.key_file.display());
    let Some(check) = manifest.key_check.as_deref().filter(|_| !order.key_lost) else { return Ok(false) };
    if path.exists() {
        return if Secrets::load(path)?.check() == check {
            Ok(false)
        } else {
            Err(format!(
                "{shown}: this key file belongs to another database; name another place with --secret-file"
            ))
        };
    }
    let inside = order.from.join(KEY_FILE);
    if !manifest.has(KEY_FILE) {
        return Err(format!(
            "{shown}: the key file is not there, nor in the backup. Put the copy that was kept of it there first. \
             If it is lost for good, say --key-lost: answers and figures come back; receipts, links in letters and what was sealed do not"
        ));
    }
    if Secrets::load(&inside)?.check() == check {
        Ok(true)
    } else {
        Err(format!("{}: this key file is not the backup's own", inside.display()))
    }
}

fn restore_sqlite(order: &RestoreOrder, manifest: &Manifest) -> Result<(), String> {
    let path = order.database.trim_start_matches("sqlite://");
    let target = Path::new(path);
    let beside = |ending: &str| PathBuf::from(format!("{path}{ending}"));
    for there in [target.to_owned(), beside("-wal"), beside("-shm")] {
        if there.exists() {
            return Err(format!(
                "{}: there is something already, and a backup is restored into an empty database only; name another file",
                there.display()
            ));
        }
    }
    let (part, shown) = (beside(".part"), |e: std::io::Error| format!("{path}: {e}"));
    if part.exists() {
        std::fs::remove_file(&part).map_err(shown)?;
    }
    files::copy_private(&order.from.join(SQLITE_FILE), &part).map_err(shown)?;
    same_counts(manifest, &copying::check_sqlite(&part).map_err(said)?)?;
    std::fs::rename(&part, target)
        .and_then(|()| files::sync_folder(target.parent().unwrap_or(Path::new("."))))
        .map_err(shown)
}

fn restore_postgres(order: &RestoreOrder, manifest: &Manifest) -> Result<(), String> {
    let store = Store::open_as_it_is(&order.database, 1).map_err(said)?;
    if !store.read(copying::tables).map_err(said)?.is_empty() {
        return Err("this database has tables already, and a backup is restored into an empty one only: make a new one (createdb)".into());
    }
    let name = copying::database_name(&store).unwrap_or_default();
    backup::postgres::restore(copying::environment(&store), &name, &order.from.join(POSTGRES_FILE))?;
    same_counts(manifest, &store.read(copying::counts).map_err(said)?)
}

fn same_counts(manifest: &Manifest, found: &copying::Counts) -> Result<(), String> {
    if manifest.counts == *found {
        return Ok(());
    }
    Err("what was restored does not have the same rows as the manifest says; do not use it".into())
}
