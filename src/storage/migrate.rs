//! Bringing the schema up to date, at every start; and refusing a database that a newer program has changed.

use std::collections::BTreeSet;

use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Db, Inner};
use super::{Engine, StorageError, settings};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The setting that says which version of this program brought the schema up to date.
const KHI_VERSION: &str = "khi-version";

/// The schema of a database, seen from this program. A change is named by the time it was written: `20261122000000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The changes that were made to this database, the oldest first.
    pub applied: Vec<String>,
    /// Those that this program does not know: a newer one has made them.
    pub unknown: Vec<String>,
    /// Those that this program would still make.
    pub pending: Vec<String>,
}

impl Schema {
    fn of(applied: Vec<String>, known: &BTreeSet<String>) -> Self {
        let made: BTreeSet<&String> = applied.iter().collect();
        let unknown = applied.iter().filter(|a| !known.contains(*a)).cloned().collect();
        let pending = known.iter().filter(|k| !made.contains(k)).cloned().collect();
        Self { applied, unknown, pending }
    }
}

/// The changes that this program knows.
pub fn known_changes() -> Result<BTreeSet<String>, StorageError> {
    fn versions<DB: diesel::backend::Backend>(
        source: &impl MigrationSource<DB>,
    ) -> Result<BTreeSet<String>, StorageError> {
        let found: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(failed)?;
        Ok(found.iter().map(|m| m.name().version().to_string()).collect())
    }
    // Both engines have the same: a test holds it.
    versions::<diesel::sqlite::Sqlite>(&SQLITE)
}

/// The schema as it is. The database must have one.
pub(super) fn schema(db: &mut Db) -> Result<Schema, StorageError> {
    let found = match &mut db.inner {
        Inner::Sqlite(connection) => connection.applied_migrations(),
        Inner::Postgres(connection) => connection.applied_migrations(),
    };
    let mut applied: Vec<String> = found.map_err(failed)?.iter().map(ToString::to_string).collect();
    applied.sort_unstable();
    Ok(Schema::of(applied, &known_changes()?))
}

/// Runs what has not run yet. Processes that start together on one PostgreSQL take turns.
pub(super) fn run(db: &mut Db) -> Result<(), StorageError> {
    let postgres = db.engine() == Engine::Postgres;
    if postgres {
        db.execute("SELECT pg_advisory_lock(7164110)")?;
    }
    let done = bring_up_to_date(db);
    if postgres {
        db.execute("SELECT pg_advisory_unlock(7164110)")?;
    }
    done
}

fn bring_up_to_date(db: &mut Db) -> Result<(), StorageError> {
    let before = schema(db)?;
    if !before.unknown.is_empty() {
        return Err(StorageError::Newer {
            database: settings::find(db, KHI_VERSION)?.unwrap_or_else(|| "of another version".into()),
            program: env!("CARGO_PKG_VERSION"),
            unknown: before.unknown.join(", "),
        });
    }
    if before.pending.is_empty() && settings::find(db, KHI_VERSION)?.is_some() {
        return Ok(());
    }
    match &mut db.inner {
        Inner::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(|_| ()),
        Inner::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(|_| ()),
    }
    .map_err(failed)?;
    settings::set(db, KHI_VERSION, env!("CARGO_PKG_VERSION"))
}

fn failed(error: impl std::fmt::Display) -> StorageError {
    StorageError::Migration(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_this_program_does_not_know_is_no_pending_one() {
        let known = BTreeSet::from(["1".to_owned(), "2".to_owned(), "3".to_owned()]);
        // An older change may be written later, on another branch: what counts is which are known, not which is the newest.
        let schema = Schema::of(vec!["1".into(), "3".into(), "4".into()], &known);
        assert_eq!((schema.unknown, schema.pending), (vec!["4".to_owned()], vec!["2".to_owned()]));
    }
}
