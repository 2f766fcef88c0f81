//! What a backup needs of a database: a copy of one moment, and counts to compare it by.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::connection::{Address, Inner, on};
use super::{Db, Engine, StorageError, Store};

/// Rows by table.
pub type Counts = BTreeMap<String, i64>;

/// A response is stored well within this time of being accepted, or not at all.
const ON_THEIR_WAY: TimeDelta = TimeDelta::minutes(5);

/// What stands for something else in the address of a file.
const NOT_IN_ADDRESSES: &AsciiSet = &CONTROLS.add(b' ').add(b'?').add(b'#').add(b'%');

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn names(db: &mut Db, sql: &str) -> Result<Vec<String>, StorageError> {
    let rows: Vec<Name> = on!(db, |c| diesel::sql_query(sql).load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

fn number(db: &mut Db, sql: &str) -> Result<i64, StorageError> {
    Ok(on!(db, |c| diesel::sql_query(sql).get_result::<Number>(c))?.number)
}

/// The tables of this database, by name.
pub fn tables(db: &mut Db) -> Result<Vec<String>, StorageError> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
        }
    };
    names(db, sql)
}

/// How many rows each table has.
pub fn counts(db: &mut Db) -> Result<Counts, StorageError> {
    let mut found = Counts::new();
    for table in tables(db)? {
        let rows = number(db, &format!("SELECT count(*) AS number FROM \"{table}\""))?;
        found.insert(table, rows);
    }
    Ok(found)
}

/// Moves whenever another connection has committed to this SQLite file.
fn data_version(db: &mut Db) -> Result<i64, StorageError> {
    number(db, "SELECT data_version AS number FROM pragma_data_version")
}

/// Copies a SQLite database into the new file `to`, while others go on reading and writing, and proves the copy. Gives its counts.
///
/// If nothing was written meanwhile, every count must be the same. If something was, every response that was there before and still is must
/// be in the copy. Of those accepted in the last minutes before `now`, it is remembered which were there: others may have been on their way.
pub fn copy_sqlite(store: &Store, to: &Path, now: NaiveDateTime) -> Result<Counts, StorageError> {
    let mut db = store.own_connection()?;
    let target = to.to_string_lossy().into_owned();
    let (before, version) = (counts(&mut db)?, data_version(&mut db)?);
    let recent = now - ON_THEIR_WAY;
    on!(db, |c| diesel::sql_query(
        "CREATE TEMP TABLE there AS SELECT scheme_number, id FROM responses WHERE accepted_at >= ?"
    )
    .bind::<Timestamp, _>(recent)
    .execute(c))?;
    on!(db, |c| diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(&target).execute(c))?;
    let unchanged = data_version(&mut db)? == version;
    std::fs::File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(|e| StorageError::Unavailable(e.to_string()))?;
    let copied = check_sqlite(to)?;
    if unchanged && copied != before {
        return Err(StorageError::Corrupt("the copy does not have the same rows as the database".into()));
    }
    on!(db, |c| diesel::sql_query("ATTACH ? AS copy")
        .bind::<Text, _>(format!("file:{}?mode=ro&immutable=1", in_address(to)))
        .execute(c))?;
    let missing = on!(db, |c| {
        diesel::sql_query(
        "SELECT count(*) AS number FROM main.responses m \
         WHERE (m.accepted_at < ? OR (m.scheme_number, m.id) IN (SELECT scheme_number, id FROM temp.there)) \
         AND NOT EXISTS (SELECT 1 FROM copy.responses c WHERE c.scheme_number = m.scheme_number AND c.id = m.id)"
    )
    .bind::<Timestamp, _>(recent)
    .get_result::<Number>(c)
    })?;
    if missing.number > 0 {
        return Err(StorageError::Corrupt(format!("{} responses are not in the copy", missing.number)));
    }
    Ok(copied)
}

/// Reads the whole of a SQLite file that nobody writes, and gives its counts. Changes nothing, and makes no file beside it.
pub fn check_sqlite(path: &Path) -> Result<Counts, StorageError> {
    let address = format!("file:{}?mode=ro&immutable=1", in_address(path));
    let connection = SqliteConnection::establish(&address)
        .map_err(|e| StorageError::Unavailable(format!("{}: {e}", path.display())))?;
    let mut db = Db::of(Inner::Sqlite(connection));
    let found = names(&mut db, "SELECT integrity_check AS name FROM pragma_integrity_check")?;
    if found != ["ok"] {
        let first = found.first().map_or("nothing", String::as_str);
        return Err(StorageError::Corrupt(format!("{}: integrity_check says: {first}", path.display())));
    }
    let loose = number(&mut db, "SELECT count(*) AS number FROM pragma_foreign_key_check")?;
    if loose > 0 {
        return Err(StorageError::Corrupt(format!(
            "{}: {loose} rows refer to rows that are not there",
            path.display()
        )));
    }
    counts(&mut db)
}

fn in_address(path: &Path) -> String {
    utf8_percent_encode(&path.to_string_lossy(), NOT_IN_ADDRESSES).to_string()
}

/// Holds one moment of a PostgreSQL database still: `run` gets the name under which other programs see the same moment, and its counts.
pub fn with_snapshot<T>(
    store: &Store,
    run: impl FnOnce(&str, Counts) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let mut db = store.own_connection()?;
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
    let name = names(&mut db, "SELECT pg_export_snapshot() AS name")?.pop().unwrap_or_default();
    let counted = counts(&mut db)?;
    let done = run(&name, counted);
    db.execute("ROLLBACK")?;
    done
}

/// What tells PostgreSQL's own programs where the database is; nothing for SQLite. Can hold a password.
pub fn environment(store: &Store) -> Vec<(&'static str, OsString)> {
    match &*store.address {
        Address::Sqlite(_) => Vec::new(),
        Address::Postgres(server) => server.environment(),
    }
}

/// The name of a PostgreSQL database; nothing for SQLite.
pub fn database_name(store: &Store) -> Option<String> {
    match &*store.address {
        Address::Sqlite(_) => None,
        Address::Postgres(server) => Some(server.database()),
    }
}
