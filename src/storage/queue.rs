//! The commit queue: responses that arrive together are made durable in one transaction, and acknowledged after its commit.
//!
//! One thread owns the writing connection. It takes what is waiting (at most [`BATCH`]), writes it with its keys and marks,
//! commits, then answers each sender. If a batch fails, its responses are written one by one, so a bad row fails alone.

use std::collections::BTreeMap;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::responses::{KeyRow, ResponseRow, find_keys, insert, insert_keys};
use super::{Db, StorageError, Store};

/// The most responses in one transaction.
pub const BATCH: usize = 512;
/// The most that wait; more senders wait their turn to enter.
const WAITING: usize = 4096;

/// A checked response on its way to the database.
pub struct NewResponse {
    /// The response.
    pub row: ResponseRow,
    /// The key it was sent under.
    pub key: KeyRow,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Stored now, under this id.
    New(String),
    /// The same body was stored before, under this id.
    Replayed(String),
    /// The key was used for another body.
    KeyReused,
    /// It was stored before, and has been erased since.
    Erased,
}

struct Job {
    response: NewResponse,
    answer: oneshot::Sender<Result<Committed, StorageError>>,
}

/// The way in. Cloned freely; the thread ends when the last one is gone and the queue is empty.
#[derive(Clone)]
pub struct CommitQueue {
    jobs: mpsc::Sender<Job>,
}

impl CommitQueue {
    /// Starts the thread.
    pub fn start(store: &Store) -> Result<(Self, JoinHandle<()>), StorageError> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let db = store.own_connection()?;
        let store = store.clone();
        let thread = std::thread::Builder::new()
            .name("commit-queue".into())
            .spawn(move || run(&store, db, waiting))
            .map_err(|e| StorageError::Unavailable(e.to_string()))?;
        Ok((Self { jobs }, thread))
    }

    /// Stores a response; returns after the commit.
    pub async fn submit(&self, response: NewResponse) -> Result<Committed, StorageError> {
        let (answer, answered) = oneshot::channel();
        let closed = || StorageError::Unavailable("the commit queue has stopped".into());
        self.jobs.send(Job { response, answer }).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// As [`CommitQueue::submit`], for threads without a runtime.
    pub fn submit_blocking(
        &self,
        response: NewResponse,
    ) -> Result<oneshot::Receiver<Result<Committed, StorageError>>, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.jobs
            .blocking_send(Job { response, answer })
            .map_err(|_| StorageError::Unavailable("the commit queue has stopped".into()))?;
        Ok(answered)
    }
}

fn run(store: &Store, mut db: Db, mut waiting: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(first) = waiting.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH
            && let Ok(job) = waiting.try_recv()
        {
            batch.push(job);
        }
        if db.is_broken()
            && let Ok(fresh) = store.own_connection()
        {
            db = fresh;
        }
        commit(store, &mut db, &mut batch);
    }
}

fn commit(store: &Store, db: &mut Db, batch: &mut Vec<Job>) {
    let responses: Vec<&NewResponse> = batch.iter().map(|j| &j.response).collect();
    match store.write_on(db, &mut |db| write_batch(db, &responses)) {
        Ok(outcomes) => {
            for (job, outcome) in batch.drain(..).zip(outcomes) {
                job.answer.send(Ok(outcome)).ok(); // a sender that hung up has its response stored all the same
            }
        }
        Err(error) => {
            tracing::warn!(%error, responses = batch.len(), "a batch failed; its responses are written one by one");
            for job in batch.drain(..) {
                let outcome = store.write_on(db, &mut |db| write_batch(db, &[&job.response]));
                job.answer.send(outcome.map(|mut o| o.remove(0))).ok();
            }
        }
    }
}

/// Writes what is new, and says of each response what became of it.
fn write_batch(db: &mut Db, batch: &[&NewResponse]) -> Result<Vec<Committed>, StorageError> {
    let mut keys: Vec<&KeyRow> = batch.iter().map(|r| &r.key).collect();
    keys.sort_unstable_by_key(|k| (k.scheme_number, &k.key_hash)); // two processes with the same keys wait for each other in one order
    let all_new = insert_keys(db, &keys)? == keys.len();
    let known: BTreeMap<(i64, Vec<u8>), KeyRow> = match all_new {
        true => BTreeMap::new(),
        false => {
            find_keys(db, &keys)?.into_iter().map(|k| ((k.scheme_number, k.key_hash.clone()), k)).collect()
        }
    };
    let mut rows = Vec::with_capacity(batch.len());
    let mut outcomes = Vec::with_capacity(batch.len());
    for response in batch {
        let NewResponse { row, key } = response;
        let stored = known
            .get(&(key.scheme_number, key.key_hash.clone()))
            .filter(|stored| stored.response_id != key.response_id);
        outcomes.push(match stored {
            None => {
                rows.push(row);
                Committed::New(row.id.clone())
            }
            Some(stored) if stored.body_hash != key.body_hash => Committed::KeyReused,
            Some(KeyRow { response_id: Some(id), .. }) => Committed::Replayed(id.clone()),
            Some(KeyRow { response_id: None, .. }) => Committed::Erased,
        });
    }
    if !rows.is_empty() {
        insert(db, &rows)?;
    }
    Ok(outcomes)
}
