//! The commit queue: what people send is made durable in one transaction for all that arrive together, and acknowledged after its commit.
//!
//! One thread owns the writing connection. It takes what is waiting (at most [`BATCH`] pieces of work: responses, and pages of
//! drafts), writes it, commits, then answers each sender. If a batch fails, its work is written one by one, so a bad row fails alone.

use std::collections::BTreeMap;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::changes::{self, NewChange};
use super::drafts::{self, DraftChange, DraftEnd};
use super::responses::{self, KeyRow, ResponseRow};
use super::tasks::{self, NewTask};
use super::ways_in::{self, Use};
use super::{Db, Engine, StorageError, Store, invitations};
use crate::domain::change::ChangeKind;

/// The most pieces of work in one transaction.
pub const BATCH: usize = 512;
/// The most that wait; more senders wait their turn to enter.
const WAITING: usize = 4096;

/// On PostgreSQL, where the last batch was of so many, the next waits a moment for company: a commit costs far more than a page. Alone, nobody
/// waits; and where many send, company is there already.
const COMPANY: std::ops::RangeInclusive<usize> = 2..=8;
/// That moment. What people answering wait for is a page, some hundred times as long on its way to them.
const WAIT_FOR_COMPANY: Duration = Duration::from_micros(1500);

/// A checked response on its way to the database.
pub struct NewResponse {
    /// The response.
    pub row: ResponseRow,
    /// The key it was sent under.
    pub key: KeyRow,
    /// The draft it comes from, which ends with it.
    pub draft: Option<DraftEnd>,
    /// The invitation it answers.
    pub invitation: Option<String>,
    /// The use of an open link that it is.
    pub open_link: Option<Use>,
    /// The safeguarding task that its answers raise.
    pub task: Option<NewTask>,
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
    /// Its draft was saved again or sent since it was read. Nothing was stored.
    DraftMoved,
}

/// A response that was handed over and is not committed yet.
pub type Pending = std::pin::Pin<Box<dyn Future<Output = Result<Committed, StorageError>> + Send>>;

type Answer<T> = oneshot::Sender<Result<T, StorageError>>;

enum Job {
    Response(Box<NewResponse>, Answer<Committed>),
    Page(DraftChange, Answer<bool>),
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
        self.enter(response).await?.await
    }

    /// Hands a response over; what it gives ends with the commit.
    pub async fn enter(&self, response: NewResponse) -> Result<Pending, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Response(Box::new(response), answer)).await.map_err(|_| closed())?;
        Ok(Box::pin(async move { answered.await.map_err(|_| closed())? }))
    }

    /// As [`CommitQueue::submit`], for threads without a runtime.
    pub fn submit_blocking(
        &self,
        response: NewResponse,
    ) -> Result<oneshot::Receiver<Result<Committed, StorageError>>, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.blocking_send(Job::Response(Box::new(response), answer)).map_err(|_| closed())?;
        Ok(answered)
    }

    /// Saves a page of a draft; returns after the commit. False if somebody else saved one since it was read, or it was sent.
    pub async fn save_page(&self, change: DraftChange) -> Result<bool, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Page(change, answer)).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

fn closed() -> StorageError {
    StorageError::Unavailable("the commit queue has stopped".into())
}

fn run(store: &Store, mut db: Db, mut waiting: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut last = 0;
    while let Some(first) = waiting.blocking_recv() {
        batch.push(first);
        if db.engine() == Engine::Postgres && COMPANY.contains(&last) {
            std::thread::sleep(WAIT_FOR_COMPANY);
        }
        while batch.len() < BATCH
            && let Ok(job) = waiting.try_recv()
        {
            batch.push(job);
        }
        last = batch.len();
        if db.is_broken()
            && let Ok(fresh) = store.own_connection()
        {
            db = fresh;
        }
        commit(store, &mut db, &mut batch);
    }
}

fn commit(store: &Store, db: &mut Db, batch: &mut Vec<Job>) {
    let written = if is_one_statement(db, batch) {
        store.write_alone_on(db, &mut |db| write(db, batch))
    } else {
        store.write_on(db, &mut |db| write(db, batch))
    };
    match written {
        Ok(outcomes) => batch.drain(..).zip(outcomes).for_each(|(job, outcome)| job.tell(outcome)),
        Err(error) => {
            tracing::warn!(%error, jobs = batch.len(), "a batch failed; its work is written one by one");
            for job in batch.drain(..) {
                // A sender that hung up has its work stored all the same.
                match job {
                    Job::Response(response, answer) => {
                        let outcome = store.write_on(db, &mut |db| write_responses(db, &[&response]));
                        answer.send(outcome.map(|mut o| o.remove(0))).ok();
                    }
                    Job::Page(change, answer) => {
                        let saved = store.write_on(db, &mut |db| drafts::save(db, &[&change]));
                        answer.send(saved.map(|saved| saved == [true])).ok();
                    }
                }
            }
        }
    }
}

/// Whether writing this is one statement, which is a transaction by itself. Most batches of people answering are pages only.
fn is_one_statement(db: &Db, batch: &[Job]) -> bool {
    match db.engine() {
        Engine::Sqlite => matches!(batch, [Job::Page(..)]),
        Engine::Postgres => batch.iter().all(|job| matches!(job, Job::Page(..))),
    }
}

fn write(db: &mut Db, batch: &[Job]) -> Result<Vec<Outcome>, StorageError> {
    let responses: Vec<&NewResponse> = batch.iter().filter_map(Job::response).collect();
    let mut outcomes = write_responses(db, &responses)?.into_iter();
    let mut pages = write_pages(db, batch.iter().filter_map(Job::page))?.into_iter();
    Ok(batch
        .iter()
        .map(|job| match job {
            Job::Response(..) => Outcome::Response(outcomes.next()),
            Job::Page(..) => Outcome::Page(pages.next()),
        })
        .collect())
}

enum Outcome {
    Response(Option<Committed>),
    Page(Option<bool>),
}

impl Job {
    fn response(&self) -> Option<&NewResponse> {
        match self {
            Self::Response(response, _) => Some(response),
            Self::Page(..) => None,
        }
    }

    fn page(&self) -> Option<&DraftChange> {
        match self {
            Self::Page(change, _) => Some(change),
            Self::Response(..) => None,
        }
    }

    fn tell(self, outcome: Outcome) {
        match (self, outcome) {
            (Self::Response(_, answer), Outcome::Response(Some(outcome))) => answer.send(Ok(outcome)).ok(),
            (Self::Page(_, answer), Outcome::Page(Some(saved))) => answer.send(Ok(saved)).ok(),
            _ => None, // the sender is told that the queue has stopped, and tries again
        };
    }
}

/// Saves pages, in one order for all processes.
fn write_pages<'a>(
    db: &mut Db,
    pages: impl Iterator<Item = &'a DraftChange>,
) -> Result<Vec<bool>, StorageError> {
    let mut ordered: Vec<(usize, &DraftChange)> = pages.enumerate().collect();
    ordered.sort_by(|(_, a), (_, b)| (a.scheme_number, &a.id).cmp(&(b.scheme_number, &b.id)));
    let mut saved = vec![false; ordered.len()];
    if ordered.is_empty() {
        return Ok(saved);
    }
    let in_order: Vec<&DraftChange> = ordered.iter().map(|(_, change)| *change).collect();
    for ((index, _), done) in ordered.iter().zip(drafts::save(db, &in_order)?) {
        saved[*index] = done;
    }
    Ok(saved)
}

/// Writes what is new, and says of each response what became of it.
fn write_responses(db: &mut Db, batch: &[&NewResponse]) -> Result<Vec<Committed>, StorageError> {
    let mut moved = vec![false; batch.len()];
    for (index, NewResponse { row, draft, .. }) in batch.iter().enumerate() {
        if let Some(draft) = draft {
            moved[index] = !drafts::end(db, row.scheme_number, draft, &row.id, row.accepted_at)?;
        }
    }
    let mut keys: Vec<&KeyRow> =
        batch.iter().zip(&moved).filter(|(_, moved)| !**moved).map(|(r, _)| &r.key).collect();
    if keys.is_empty() {
        return Ok(vec![Committed::DraftMoved; batch.len()]);
    }
    keys.sort_unstable_by_key(|k| (k.scheme_number, &k.key_hash)); // two processes with the same keys wait for each other in one order
    let all_new = responses::insert_keys(db, &keys)? == keys.len();
    let known: BTreeMap<(i64, Vec<u8>), KeyRow> = match all_new {
        true => BTreeMap::new(),
        false => responses::find_keys(db, &keys)?
            .into_iter()
            .map(|k| ((k.scheme_number, k.key_hash.clone()), k))
            .collect(),
    };
    let mut new = Vec::with_capacity(batch.len());
    let mut outcomes = Vec::with_capacity(batch.len());
    for (response, moved) in batch.iter().zip(moved) {
        let NewResponse { row, key, .. } = response;
        if moved {
            outcomes.push(Committed::DraftMoved);
            continue;
        }
        let stored = known
            .get(&(key.scheme_number, key.key_hash.clone()))
            .filter(|stored| stored.response_id != key.response_id);
        outcomes.push(match stored {
            None => {
                new.push(*response);
                Committed::New(row.id.clone())
            }
            Some(stored) if stored.body_hash != key.body_hash => Committed::KeyReused,
            Some(KeyRow { response_id: Some(id), .. }) => Committed::Replayed(id.clone()),
            Some(KeyRow { response_id: None, .. }) => Committed::Erased,
        });
    }
    if !new.is_empty() {
        responses::insert(db, &new.iter().map(|r| &r.row).collect::<Vec<_>>())?;
        write_consequences(db, &mut new)?;
    }
    Ok(outcomes)
}

/// What a stored response does besides: its invitation is answered, its open link was used once more, its safeguarding task is opened,
/// and other systems are told.
fn write_consequences(db: &mut Db, new: &mut [&NewResponse]) -> Result<(), StorageError> {
    new.sort_unstable_by_key(|r| (r.row.scheme_number, &r.row.id));
    for NewResponse { row, invitation, open_link, .. } in new.iter() {
        if let Some(invitation) = invitation {
            invitations::mark_answered(db, row.scheme_number, invitation, row.accepted_at)?;
        }
        if let Some(used) = open_link {
            ways_in::count_use(db, row.scheme_number, used)?;
        }
    }
    tasks::open(db, &new.iter().filter_map(|r| r.task.as_ref()).collect::<Vec<_>>())?;
    changes::note(db, &new.iter().flat_map(|r| changes_of(r)).collect::<Vec<_>>())
}

/// What other systems are told of a stored response.
fn changes_of(new: &NewResponse) -> impl Iterator<Item = NewChange> {
    let row = &new.row;
    let change = |kind, subject: &str, guarded| NewChange {
        scheme_number: row.scheme_number,
        kind,
        subject: subject.to_owned(),
        guarded,
        at: row.accepted_at,
    };
    let answered = new.invitation.as_ref().map(|id| change(ChangeKind::InvitationAnswered, id, false));
    let opened = new.task.as_ref().map(|t| change(ChangeKind::TaskOpened, &t.row.id, t.guarded));
    [Some(change(ChangeKind::ResponseRecorded, &row.id, false)), answered, opened].into_iter().flatten()
}
