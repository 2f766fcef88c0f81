//! What a database says of itself: its version, how durable its commits are, and what time it thinks it is.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};

use super::connection::on;
use super::{Db, Engine, StorageError};

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    said: String,
}

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = Timestamp)]
    time: NaiveDateTime,
}

fn ask(db: &mut Db, sql: &str) -> Result<String, StorageError> {
    Ok(on!(db, |c| diesel::sql_query(sql).get_result::<Said>(c))?.said)
}

/// The engine's version: `3.50.4`, `16.3`.
pub fn version(db: &mut Db) -> Result<String, StorageError> {
    match db.engine() {
        Engine::Sqlite => ask(db, "SELECT sqlite_version() AS said"),
        Engine::Postgres => {
            let whole = ask(db, "SELECT current_setting('server_version') AS said")?;
            Ok(whole.split_whitespace().next().unwrap_or_default().to_owned())
        }
    }
}

/// Each setting on which durability rests: its name, its value here, and the values with which nothing acknowledged is lost.
pub fn durability(db: &mut Db) -> Result<Vec<(&'static str, String, &'static [&'static str])>, StorageError> {
    let asked: &[(&str, &str, &[&str])] = match db.engine() {
        Engine::Sqlite => &[
            ("journal_mode", "SELECT journal_mode AS said FROM pragma_journal_mode", &["wal"]),
            ("synchronous", "SELECT CAST(synchronous AS TEXT) AS said FROM pragma_synchronous", &["2", "3"]),
        ],
        Engine::Postgres => &[
            (
                "synchronous_commit",
                "SELECT current_setting('synchronous_commit') AS said",
                &["on", "remote_write", "remote_apply", "local"],
            ),
            ("fsync", "SELECT current_setting('fsync') AS said", &["on"]),
            ("full_page_writes", "SELECT current_setting('full_page_writes') AS said", &["on"]),
        ],
    };
    asked.iter().map(|(name, sql, sound)| Ok((*name, ask(db, sql)?, *sound))).collect()
}

/// The time on the database's own machine, in UTC; nothing for SQLite, which has none of its own.
pub fn time(db: &mut Db) -> Result<Option<NaiveDateTime>, StorageError> {
    if db.engine() == Engine::Sqlite {
        return Ok(None);
    }
    let sql = "SELECT clock_timestamp() AT TIME ZONE 'UTC' AS time";
    Ok(Some(on!(db, |c| diesel::sql_query(sql).get_result::<Time>(c))?.time))
}
