//! A backup: one moment of the database, with the definitions that it needs, proved before it gets its name.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::recognise_key::{KeyFile, compare_key, key_check};
use crate::app::App;
use crate::backup::{
    self, DEFINITIONS, FORMAT, FileEntry, HEADS_FILE, KEY_FILE, MANIFEST, Manifest, POSTGRES_FILE,
    SQLITE_FILE, files,
};
use crate::clock::Clock;
use crate::secrets::Secrets;
use crate::storage::backup::{self as copying, Counts};
use crate::storage::{Engine, StorageError, Store, settings};

/// When the last backup of this database was proved to be whole.
pub(super) const LAST_BACKUP: &str = "last-backup";
/// Since when none has succeeded any more; none after one that did.
pub(super) const BACKUP_FAILING: &str = "backup-failing";

/// What is to be backed up, and where to.
#[derive(Debug, Clone)]
pub struct BackupOrder {
    /// The folder in which the backup gets a folder of its own.
    pub to: PathBuf,
    /// How many backups of this database stay there; without it, all.
    pub keep: Option<usize>,
    /// Whether the key file goes into it.
    pub with_key: bool,
    /// The key file.
    pub key_file: PathBuf,
    /// The file of signed heads of the audit log.
    pub heads_file: PathBuf,
    /// The folder of further definitions.
    pub definitions: Option<PathBuf>,
}

/// A backup that was taken.
#[derive(Debug, Clone)]
pub struct TakenBackup {
    /// Its folder.
    pub path: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
    /// How many older ones were taken away.
    pub removed: usize,
}

/// Takes a backup while others go on reading and writing. Everything acknowledged before it began is in it.
pub fn take_backup(store: &Store, clock: &dyn Clock, order: &BackupOrder) -> Result<TakenBackup, String> {
    let done = take(store, clock, order);
    let now = written(clock.now());
    let noted = store.write(|db| match &done {
        Ok(_) => {
            settings::set(db, LAST_BACKUP, &now)?;
            settings::remove(db, BACKUP_FAILING)
        }
        Err(_) if settings::find(db, BACKUP_FAILING)?.is_some() => Ok(()),
        Err(_) => settings::set(db, BACKUP_FAILING, &now),
    });
    // What went wrong first is what the operator must know.
    let taken = done?;
    noted.map_err(|e| e.to_string())?;
    Ok(taken)
}

/// Whether the last backup of this database, whoever took it, is older than `every`.
pub fn backup_is_due(app: &App, every: TimeDelta) -> Result<bool, StorageError> {
    let last = app.store.read(|db| settings::find(db, LAST_BACKUP))?;
    let last = last.and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
    Ok(last.is_none_or(|at| app.clock.now() - at.with_timezone(&Utc) >= every))
}

fn take(store: &Store, clock: &dyn Clock, order: &BackupOrder) -> Result<TakenBackup, String> {
    let said = |e: StorageError| e.to_string();
    let tables = store.read(copying::tables).map_err(said)?;
    if !["responses", "settings"].iter().all(|needed| tables.iter().any(|t| t == needed)) {
        return Err("this is not a database of khi: there is nothing to back up".into());
    }
    let key_check = key_check(store).map_err(said)?;
    let began = clock.now();
    let part = backup::begin(&order.to, began)?;
    let filled = fill(store, &part, order, began).and_then(|(counts, names)| {
        let manifest = Manifest {
            format: FORMAT.into(),
            khi: env!("CARGO_PKG_VERSION").into(),
            engine: engine_name(store.engine()).into(),
            schema: store.schema().map_err(said)?.applied,
            began_at: written(began),
            ended_at: written(clock.now()),
            key_check: key_check.clone(),
            with_key: order.with_key,
            counts,
            files: entries(&part, names)?,
        };
        manifest.write(&part)?;
        Ok((backup::finish(&part)?, manifest))
    });
    let (path, manifest) = filled.inspect_err(|_| {
        // Best effort: what is left of it is taken away with the next backup's tidying.
        std::fs::remove_dir_all(&part).ok();
    })?;
    let removed = match order.keep {
        Some(keep) => backup::prune(&order.to, key_check.as_deref(), keep, clock.now())?,
        None => 0,
    };
    Ok(TakenBackup { path, manifest, removed })
}

/// Puts everything but the manifest into `part`; gives the rows by table and the names of the files.
fn fill(
    store: &Store,
    part: &Path,
    order: &BackupOrder,
    began: DateTime<Utc>,
) -> Result<(Counts, Vec<String>), String> {
    // Before the database: so every line that is signed here is of something that the copy holds.
    let has_heads = order.heads_file.is_file();
    if has_heads {
        files::copy_private(&order.heads_file, &part.join(HEADS_FILE))
            .map_err(|e| format!("{}: {e}", order.heads_file.display()))?;
    }
    let (counts, database) = match store.engine() {
        Engine::Sqlite => {
            make_private(&part.join(SQLITE_FILE))?;
            let copied = copying::copy_sqlite(store, &part.join(SQLITE_FILE), began.naive_utc());
            (copied.map_err(|e| e.to_string())?, SQLITE_FILE)
        }
        Engine::Postgres => {
            make_private(&part.join(POSTGRES_FILE))?;
            (dump(store, &part.join(POSTGRES_FILE))?, POSTGRES_FILE)
        }
    };
    let mut names = vec![database.to_owned()];
    names.extend(has_heads.then(|| HEADS_FILE.to_owned()));
    if let Some(folder) = &order.definitions {
        let copied = files::copy_folder(folder, &part.join(DEFINITIONS));
        let copied = copied.map_err(|e| format!("{}: {e}", folder.display()))?;
        names.extend(copied.iter().map(|name| format!("{DEFINITIONS}/{name}")));
    }
    if order.with_key {
        check_key(store, &order.key_file)?;
        files::copy_private(&order.key_file, &part.join(KEY_FILE))
            .map_err(|e| format!("{}: {e}", order.key_file.display()))?;
        names.push(KEY_FILE.to_owned());
    }
    Ok((counts, names))
}

/// An empty file, so that whoever fills it leaves it readable by its owner only.
fn make_private(path: &Path) -> Result<(), String> {
    files::write_private(path, &[]).map_err(|e| format!("{}: {e}", path.display()))
}

/// Dumps what a snapshot sees, and compares what can be read of the dump with what the snapshot counted.
fn dump(store: &Store, to: &Path) -> Result<Counts, String> {
    let mut fault = None;
    let counts = copying::with_snapshot(store, |snapshot, counts| {
        fault = backup::postgres::dump(copying::environment(store), snapshot, to).err();
        Ok(counts)
    });
    if let Some(fault) = fault {
        return Err(fault);
    }
    let counts = counts.map_err(|e| e.to_string())?;
    let read = backup::postgres::count_rows(to)?;
    if read == counts {
        Ok(counts)
    } else {
        Err("what can be read of the dump is not what was in the database: it was thrown away".into())
    }
}

/// A key file that goes into a backup is the right one.
fn check_key(store: &Store, path: &Path) -> Result<(), String> {
    if !path.is_file() {
        return Err(format!("{}: the key file is not there", path.display()));
    }
    let secrets = Secrets::load(path)?;
    match compare_key(store, &secrets).map_err(|e| e.to_string())? {
        KeyFile::Same | KeyFile::First => Ok(()),
        KeyFile::Other => {
            Err(format!("{}: this is not the key file that this database has been used with", path.display()))
        }
    }
}

fn entries(part: &Path, names: Vec<String>) -> Result<Vec<FileEntry>, String> {
    let mut found = Vec::with_capacity(names.len());
    for name in names.into_iter().filter(|name| name != MANIFEST) {
        let (bytes, sha256) = files::digest(&part.join(&name)).map_err(|e| format!("{name}: {e}"))?;
        found.push(FileEntry { name, bytes, sha256 });
    }
    Ok(found)
}

/// How a manifest names an engine.
pub(super) fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
