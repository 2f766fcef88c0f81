//! Whether the key file is the one that this database has been used with. Another one would do harm quietly: receipts, links and
//! pseudonyms would come out otherwise, and nothing sealed could be read.

use std::path::Path;

use crate::secrets::Secrets;
use crate::storage::{StorageError, Store, settings};

/// The setting that tells, without telling the key.
pub(super) const KEY_CHECK: &str = "key-check";

/// How the key file and the database stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFile {
    /// The database was never used with any.
    First,
    /// It is the one.
    Same,
    /// It is another one.
    Other,
}

/// What the database has kept of the key it is used with.
pub fn key_check(store: &Store) -> Result<Option<String>, StorageError> {
    store.read(|db| settings::find(db, KEY_CHECK))
}

/// Compares; changes nothing.
pub fn compare_key(store: &Store, secrets: &Secrets) -> Result<KeyFile, StorageError> {
    Ok(match key_check(store)? {
        None => KeyFile::First,
        Some(kept) if kept == secrets.check() => KeyFile::Same,
        Some(_) => KeyFile::Other,
    })
}

/// Reads the key file for this database. The first one is made, and remembered; a missing or another one is an error that says what to do.
pub fn load_key(store: &Store, path: &Path) -> Result<Secrets, String> {
    let said = |e: StorageError| e.to_string();
    if !path.exists() && key_check(store).map_err(said)?.is_some() {
        return Err(format!(
            "{}: the key file is not there, and this database has been used with one. Put back the copy that was kept of it \
             (docs/operate.md, “The key file”)",
            path.display()
        ));
    }
    let secrets = Secrets::load(path)?;
    match compare_key(store, &secrets).map_err(said)? {
        KeyFile::Same => Ok(secrets),
        KeyFile::First => {
            store.write(|db| settings::set(db, KEY_CHECK, &secrets.check())).map_err(said)?;
            Ok(secrets)
        }
        KeyFile::Other => Err(format!(
            "{}: this is not the key file that this database has been used with. Put back the right one \
             (docs/operate.md, “The key file”)",
            path.display()
        )),
    }
}
