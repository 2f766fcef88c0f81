//! What a backup is made of: a folder with a manifest, the database's contents, and what else is needed to use them again.
//! Taking and restoring are acts (`use_cases::take_backup`, `use_cases::restore_backup`).

pub mod files;
mod folder;
mod manifest;
pub mod postgres;

pub use folder::{Kept, begin, finish, list, prune};
pub use manifest::{FORMAT, FileEntry, MANIFEST, Manifest};

/// The database's contents: a SQLite file.
pub const SQLITE_FILE: &str = "khi.db";
/// The database's contents: an archive of `pg_dump`.
pub const POSTGRES_FILE: &str = "khi.dump";
/// The key file, in a backup that has it.
pub const KEY_FILE: &str = "khi.secret";
/// The signed heads of the audit log, as they were before the database was copied.
pub const HEADS_FILE: &str = "audit-heads.jsonl";
/// The folder of further definitions.
pub const DEFINITIONS: &str = "definitions";
