//! Bringing the schema up to date, at every start.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Db, Inner};
use super::{Engine, StorageError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs what has not run yet. Processes that start together on one PostgreSQL take turns.
pub(super) fn run(db: &mut Db) -> Result<(), StorageError> {
    let postgres = db.engine() == Engine::Postgres;
    if postgres {
        db.execute("SELECT pg_advisory_lock(7164110)")?;
    }
    let done = match &mut db.inner {
        Inner::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(|_| ()),
        Inner::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(|_| ()),
    };
    if postgres {
        db.execute("SELECT pg_advisory_unlock(7164110)")?;
    }
    done.map_err(|e| StorageError::Migration(e.to_string()))
}
