//! The manifest: what a backup holds, of which moment, and how to know that it is whole.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files;

/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// What a manifest begins with. A later form gets another number.
pub const FORMAT: &str = "khi-backup/1";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The version of the program that made it.
    pub khi: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The changes that had been made to the schema, the oldest first.
    pub schema: Vec<String>,
    /// When it was begun, RFC 3339 in UTC. Everything acknowledged before is in it.
    pub began_at: String,
    /// When it was proved to be whole.
    pub ended_at: String,
    /// Tells whether a key file is the one that belongs to it, without telling the key; none if the database was never used with one.
    pub key_check: Option<String>,
    /// Whether the key file is in it.
    pub with_key: bool,
    /// Rows by table.
    pub counts: BTreeMap<String, i64>,
    /// Every other file in it.
    pub files: Vec<FileEntry>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name, below the backup's folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of its contents, in hex.
    pub sha256: String,
}

impl Manifest {
    /// Reads the manifest of the backup in `folder`.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let manifest: Self = serde_json::from_str(&text)
            .map_err(|e| format!("{}: this is not the manifest of a khi backup: {e}", path.display()))?;
        if manifest.format != FORMAT {
            return Err(format!(
                "{}: its format is “{}”, and khi {} reads “{FORMAT}”: use the khi that made it, {}",
                path.display(),
                manifest.format,
                env!("CARGO_PKG_VERSION"),
                manifest.khi
            ));
        }
        Ok(manifest)
    }

    /// Writes it, on disk before this returns.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        let path = folder.join(MANIFEST);
        let text = serde_json::to_string_pretty(self).map_err(|e| e.to_string())?;
        files::write_private(&path, format!("{text}\n").as_bytes())
            .map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Everything that is wrong with the backup's files; empty if they are as they were written.
    pub fn faults(&self, folder: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        for file in &self.files {
            let below = Path::new(&file.name);
            if !below.components().all(|part| matches!(part, std::path::Component::Normal(_))) {
                faults.push(format!("{}: this name leads out of the backup", file.name));
                continue;
            }
            match files::digest(&folder.join(below)) {
                Err(error) => faults.push(format!("{}: {error}", file.name)),
                Ok((bytes, _)) if bytes != file.bytes => {
                    faults.push(format!("{}: it has {bytes} bytes, and had {}", file.name, file.bytes));
                }
                Ok((_, sha256)) if sha256 != file.sha256 => {
                    faults.push(format!(
                        "{}: its contents have changed (SHA-256 {sha256}, and was {})",
                        file.name, file.sha256
                    ));
                }
                Ok(_) => {}
            }
        }
        faults
    }

    /// Whether a file of this name is in it.
    pub fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// How many bytes its files have together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}
