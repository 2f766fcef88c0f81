//! One connection to either engine. `on!` runs one body of diesel code on whichever it is.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

pub(super) use super::postgres::PgConnection;
use super::postgres::Server;
use super::{Engine, StorageError};

/// How long SQLite's write lock is waited for.
const WAIT_FOR_LOCK: Duration = Duration::from_secs(20);

/// A connection.
pub struct Db {
    pub(super) inner: Inner,
    broken: bool,
    in_transaction: bool,
}

pub(super) enum Inner {
    Sqlite(SqliteConnection),
    Postgres(Box<PgConnection>),
}

/// Runs the same expression on either engine.
macro_rules! on {
    ($db:expr, |$conn:ident| $body:expr) => {
        match &mut $db.inner {
            $crate::storage::connection::Inner::Sqlite($conn) => $body,
            $crate::storage::connection::Inner::Postgres(boxed) => {
                let $conn = boxed.as_mut();
                $body
            }
        }
    };
}
pub(super) use on;

impl Db {
    /// A connection that was made elsewhere.
    pub(super) fn of(inner: Inner) -> Self {
        Self { inner, broken: false, in_transaction: false }
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs SQL that is the same on both engines.
    pub(super) fn execute(&mut self, sql: &str) -> Result<(), StorageError> {
        on!(self, |c| c.batch_execute(sql)).map_err(StorageError::from)
    }

    /// Begins a transaction. SQLite's own waiting looks for the lock every tenth of a second in the end, so that a command beside a busy
    /// server never meets a moment in which it is free; here it is looked for every few milliseconds, for as long.
    fn begin(&mut self) -> Result<(), StorageError> {
        if self.engine() == Engine::Postgres {
            return self.execute("BEGIN");
        }
        let until = Instant::now() + WAIT_FOR_LOCK;
        loop {
            match self.execute("PRAGMA busy_timeout = 3; BEGIN IMMEDIATE; PRAGMA busy_timeout = 20000") {
                Err(error) if Instant::now() < until && error.to_string().contains("database is locked") => {}
                Err(error) => {
                    self.execute("PRAGMA busy_timeout = 20000")?;
                    return Err(error);
                }
                done => return done,
            }
        }
    }

    /// Runs `run` between begin and commit. SQLite takes its write lock at once, so that a read followed by a write cannot fail half way.
    pub(super) fn transaction<T>(
        &mut self,
        run: impl FnOnce(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.begin().inspect_err(|e| self.note(e))?;
        self.in_transaction = true;
        let ran = run(self);
        self.in_transaction = false;
        match ran {
            Ok(value) => {
                self.execute("COMMIT").inspect_err(|e| {
                    self.note(e);
                    self.roll_back("ROLLBACK");
                })?;
                Ok(value)
            }
            Err(error) => {
                self.note(&error);
                self.roll_back("ROLLBACK");
                Err(error)
            }
        }
    }

    /// Runs `run` inside the open transaction; if it fails, only its own work is undone.
    pub(super) fn savepoint<T>(
        &mut self,
        run: impl FnOnce(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.execute("SAVEPOINT inner_step")?;
        match run(self) {
            Ok(value) => {
                self.execute("RELEASE SAVEPOINT inner_step")?;
                Ok(value)
            }
            Err(error) => {
                self.roll_back("ROLLBACK TO SAVEPOINT inner_step");
                Err(error)
            }
        }
    }

    /// As [`Db::savepoint`]; where `run` gives `None`, its work is undone too.
    pub(super) fn savepoint_if<T>(
        &mut self,
        run: impl FnOnce(&mut Db) -> Result<Option<T>, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        self.execute("SAVEPOINT outer_step")?;
        let ran = run(self);
        let end = if matches!(ran, Ok(Some(_))) {
            "RELEASE SAVEPOINT outer_step"
        } else {
            "ROLLBACK TO SAVEPOINT outer_step"
        };
        match &ran {
            Ok(_) => self.execute(end)?,
            Err(_) => self.roll_back(end),
        }
        ran
    }

    /// Whether a transaction is open.
    pub(super) fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    fn roll_back(&mut self, sql: &str) {
        if self.execute(sql).is_err() {
            self.broken = true;
        }
    }

    /// Remembers whether `error` means that this connection is gone.
    pub(super) fn note(&mut self, error: &StorageError) {
        self.broken |= error.is_broken_connection();
    }

    /// Whether this connection should not be used again.
    pub fn is_broken(&self) -> bool {
        self.broken
    }
}

/// Where a database is.
#[derive(Clone)]
pub(super) enum Address {
    Sqlite(String),
    Postgres(Box<Server>),
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StorageError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() || path.contains(":memory:") {
                return Err(StorageError::BadAddress("a SQLite database is a file: sqlite://khi.db".into()));
            }
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(Server::parse(url)?)));
        }
        Err(StorageError::BadAddress("it begins with sqlite:// or postgres://".into()))
    }

    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub(super) fn connect(&self) -> Result<Db, StorageError> {
        let inner = match self {
            Self::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)
                    .map_err(|e| StorageError::Unavailable(format!("{path}: {e}")))?;
                // busy_timeout first: switching to WAL already needs a lock. Every commit is synced to the log; the log goes into the
                // database file each 64 MB, since pages of a busy database are written many times over.
                // What is deleted is overwritten, so that nothing of it stays in the file.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; \
                     PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA secure_delete = ON;",
                )?;
                Inner::Sqlite(connection)
            }
            Self::Postgres(server) => Inner::Postgres(Box::new(server.connect()?)),
        };
        Ok(Db::of(inner))
    }
}

/// How much of a SQLite database a connection keeps in memory that reads very many rows once each, in KiB.
const SMALL_CACHE: u32 = 2000;

/// Makes connections for a pool.
pub(super) struct Manager {
    pub(super) address: Address,
    /// For reading very many rows once each: what they lie in is not worth keeping.
    pub(super) small_cache: bool,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Db;
    type Error = StorageError;

    fn connect(&self) -> Result<Db, StorageError> {
        let mut db = self.address.connect()?;
        if self.small_cache && db.engine() == Engine::Sqlite {
            db.execute(&format!("PRAGMA cache_size = -{SMALL_CACHE}"))?;
        }
        Ok(db)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), StorageError> {
        db.execute("SELECT 1")
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        db.is_broken()
    }
}
