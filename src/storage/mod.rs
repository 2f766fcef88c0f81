//! Storage on SQLite and PostgreSQL: one schema, one body of queries, two engines.
//!
//! [`Store`] is the only place that opens transactions. Functions in the files beside it take a [`Db`] and work on one family of tables.
//!
//! A row is read by its key with `get_result`, without a limit: SQLite prepares a statement anew each time when a value is bound to `LIMIT`,
//! which is what `first` does, and that costs more than the reading.

pub mod account_links;
pub mod accounts;
pub mod asking;
pub mod audit;
pub mod backup;
pub mod changes;
pub mod comparators;
pub mod complaints;
mod connection;
pub mod contacts;
pub mod data_keys;
pub mod directory;
pub mod drafts;
mod error;
pub mod extracts;
pub mod health;
pub mod identities;
pub mod invitations;
pub mod life_events;
mod migrate;
pub mod outbox;
pub mod outdated;
pub mod participants;
pub mod person_tables;
mod postgres;
pub mod queue;
pub mod release_drafts;
pub mod releases;
pub mod remembered_devices;
pub mod responses;
pub mod retention;
pub mod return_links;
pub mod returns;
pub mod schedules;
mod schema;
pub mod schemes;
pub mod sealed_columns;
pub mod second_factors;
pub mod service_accounts;
pub mod settings;
pub mod settled;
pub mod staff_sessions;
pub mod steady_figures;
pub mod tallies;
pub mod targets;
pub mod tasks;
mod turns;
pub mod visits;
pub mod ways_in;
pub mod webhooks;
pub mod what_was_done;

pub use connection::Db;
pub use error::StorageError;
pub use migrate::{Schema, known_changes};

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use connection::{Address, Manager};
use turns::Turns;

/// Which engine a database address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded; the default.
    Sqlite,
    /// For production.
    Postgres,
}

/// A database: connections, and the rule that SQLite has one writer at a time.
#[derive(Clone)]
pub struct Store {
    pool: r2d2::Pool<Manager>,
    /// Few connections for reading very many rows, made when they are first needed.
    long_pool: Arc<OnceLock<r2d2::Pool<Manager>>>,
    address: Arc<Address>,
    /// SQLite's writers would otherwise poll for the lock; here they queue.
    one_writer: Option<Arc<Turns>>,
}

/// How many may read very many rows at a time, and how long their connections are kept once nobody does.
const LONG_READERS: u32 = 4;
const LONG_READERS_REST: Duration = Duration::from_secs(60);

/// How often a transaction that met a deadlock or a serialisation error is tried again.
const TRIES: usize = 8;

impl Store {
    /// Connects and brings the schema up to date. `url` is `sqlite://path` or `postgres://...`.
    pub fn open(url: &str, connections: u32) -> Result<Self, StorageError> {
        let address = Address::parse(url)?;
        migrate::run(&mut address.connect()?)?;
        Self::pooled(address, connections)
    }

    /// Connects to a database that is there, and changes nothing: neither makes one nor touches its schema.
    pub fn open_as_it_is(url: &str, connections: u32) -> Result<Self, StorageError> {
        let address = Address::parse(url)?;
        if let Address::Sqlite(path) = &address
            && !std::path::Path::new(path).is_file()
        {
            return Err(StorageError::Unavailable(format!("there is no file {path}")));
        }
        // The pool would try for ten seconds, and then not say why.
        address.connect()?;
        Self::pooled(address, connections)
    }

    fn pooled(address: Address, connections: u32) -> Result<Self, StorageError> {
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .test_on_check_out(false)
            .error_handler(Box::new(QuietErrors))
            .build(Manager { address: address.clone(), small_cache: false })
            .map_err(|e| StorageError::Unavailable(e.to_string()))?;
        let one_writer = (address.engine() == Engine::Sqlite).then(Arc::default);
        Ok(Self { pool, long_pool: Arc::default(), address: Arc::new(address), one_writer })
    }

    fn long_pool(&self) -> Result<&r2d2::Pool<Manager>, StorageError> {
        if let Some(pool) = self.long_pool.get() {
            return Ok(pool);
        }
        let pool = r2d2::Pool::builder()
            .max_size(LONG_READERS)
            .min_idle(Some(0))
            .idle_timeout(Some(LONG_READERS_REST))
            .connection_timeout(Duration::from_secs(10))
            .test_on_check_out(false)
            .error_handler(Box::new(QuietErrors))
            .build(Manager { address: (*self.address).clone(), small_cache: true })
            .map_err(|e| StorageError::Unavailable(e.to_string()))?;
        // Of two that are made at once, one is used.
        Ok(self.long_pool.get_or_init(|| pool))
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.address.engine()
    }

    /// Runs a read. Each statement sees what was committed before it began.
    pub fn read<T>(&self, run: impl FnOnce(&mut Db) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let mut db = self.pool.get().map_err(|e| StorageError::Unavailable(e.to_string()))?;
        run(&mut db).inspect_err(|error| db.note(error))
    }

    /// As [`Store::read`], for one page of very many rows that are each read once. The connections that answer everybody else would fill their
    /// caches with such rows, all of them in turn: memory grew, and what others read often was gone.
    pub fn read_page<T>(
        &self,
        run: impl FnOnce(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut db = self.long_pool()?.get().map_err(|e| StorageError::Unavailable(e.to_string()))?;
        run(&mut db).inspect_err(|error| db.note(error))
    }

    /// Runs a write in one transaction, committed when `run` succeeds. Deadlocks and serialisation errors are tried again.
    pub fn write<T>(
        &self,
        mut run: impl FnMut(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        // The turn first, then the connection: writers that wait must not hold what readers need.
        let _turn = self.turn();
        let mut db = self.pool.get().map_err(|e| StorageError::Unavailable(e.to_string()))?;
        Self::write_in_turn(&mut db, &mut run)
    }

    /// As [`Store::write`], on a connection of one's own.
    pub fn write_on<T>(
        &self,
        db: &mut Db,
        run: &mut impl FnMut(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let _turn = self.turn();
        Self::write_in_turn(db, run)
    }

    /// As [`Store::write_on`], for one statement, which is a transaction by itself: two trips to PostgreSQL less.
    pub fn write_alone_on<T>(
        &self,
        db: &mut Db,
        run: &mut impl FnMut(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let _turn = self.turn();
        Self::tried_again(|| run(db).inspect_err(|error| db.note(error)))
    }

    fn turn(&self) -> Option<turns::Turn<'_>> {
        self.one_writer.as_ref().map(|turns| turns.wait())
    }

    fn write_in_turn<T>(
        db: &mut Db,
        run: &mut impl FnMut(&mut Db) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        Self::tried_again(|| db.transaction(&mut *run))
    }

    fn tried_again<T>(mut act: impl FnMut() -> Result<T, StorageError>) -> Result<T, StorageError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match act() {
                Err(error) if error.is_retryable() && tries < TRIES => {
                    tracing::debug!(tries, "transaction tried again");
                    std::thread::sleep(Duration::from_millis(5 << tries));
                }
                other => return other,
            }
        }
    }

    /// The engine that an address names.
    pub fn engine_of(url: &str) -> Result<Engine, StorageError> {
        Ok(Address::parse(url)?.engine())
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<&std::path::Path> {
        match &*self.address {
            Address::Sqlite(path) => Some(std::path::Path::new(path)),
            Address::Postgres(_) => None,
        }
    }

    /// Whether what goes to and fro between this program and the database can be read by nobody else.
    pub fn is_private(&self) -> bool {
        match &*self.address {
            Address::Sqlite(_) => true,
            Address::Postgres(server) => server.is_encrypted() || server.is_local(),
        }
    }

    /// The schema as it is.
    pub fn schema(&self) -> Result<Schema, StorageError> {
        self.read(migrate::schema)
    }

    /// A connection outside the pool, for a thread that keeps it.
    pub fn own_connection(&self) -> Result<Db, StorageError> {
        self.address.connect()
    }
}

/// The pool reports its errors to callers; logging each try as well would only repeat them.
#[derive(Debug)]
struct QuietErrors;

impl r2d2::HandleError<StorageError> for QuietErrors {
    fn handle_error(&self, error: StorageError) {
        tracing::debug!(%error, "database connection");
    }
}
