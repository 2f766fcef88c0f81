//! What every act is handed: storage, definitions, directory, clock and keys. Made once; shared by server, commands and tests.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveDateTime};

use crate::clock::{Clock, stored_now, today};
use crate::directory::{Directory, DirectoryCache};
use crate::domain::counting::CountingRules;
use crate::domain::definition::{Nation, Registry};
use crate::passwords::Passwords;
use crate::published::PublishedCache;
use crate::secrets::{Ids, Secrets};
use crate::sittings::HeldSittings;
use crate::storage::queue::CommitQueue;
use crate::storage::{StorageError, Store, settings};
use crate::use_cases::Packages;
use crate::vault::Vault;

/// How long acknowledged responses wait for the background fold, at least and at most; a reader never waits for it.
/// A fold costs much the same for few responses and for many, so under load it waits [`FOLD_REST`] times as long as the last one took.
const FOLD_EVERY: Duration = Duration::from_secs(5);
const FOLD_AT_LEAST_EVERY: Duration = Duration::from_secs(30);
const FOLD_REST: u32 = 5;
/// How long this process may not notice a change that another process made to schemes and accounts.
const REFRESH_EVERY: Duration = Duration::from_millis(500);
/// How often drafts are looked for whose time is over.
const END_EVERY: Duration = Duration::from_secs(60);

/// The setting that marks a database as the demo's.
pub const DEMO: &str = "demo";

/// Everything an act needs.
pub struct App {
    /// The database.
    pub store: Store,
    /// The way in for responses.
    pub queue: CommitQueue,
    /// Definitions and catalogues.
    pub registry: Arc<Registry>,
    /// How counting depends on them.
    pub rules: CountingRules,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Ids,
    /// Keys.
    pub secrets: Secrets,
    /// How passwords are hashed.
    pub passwords: Passwords,
    /// Seals and opens names and people's own words.
    pub vault: Arc<Vault>,
    /// Schemes and accounts.
    pub directory: DirectoryCache,
    /// Where people reach this server from outside, without a slash at the end.
    pub public_url: String,
    /// Whether this database holds the demo's made-up data.
    pub demo: bool,
    /// Whether webhooks may lead to private addresses.
    pub private_webhooks: AtomicBool,
    /// Whether text messages can be sent: there is a gateway.
    pub sends_texts: AtomicBool,
    /// Drafts that are being answered through this process.
    pub sittings: HeldSittings,
    /// Data packages of releases that were asked for.
    pub packages: Packages,
    /// Held while a release is drafted, attacked or published from a page: that takes seconds, and one at a time is enough.
    pub releasing: Mutex<()>,
    /// The newest release as the public pages read it.
    pub published: PublishedCache,
    nations: Vec<Nation>,
    folding: Folding,
}

/// Readers ask for a fold and wait for one that began after they asked.
#[derive(Default)]
struct Folding {
    state: Mutex<FoldState>,
    changed: Condvar,
}

#[derive(Default)]
struct FoldState {
    asked: u64,
    done: u64,
    took: Duration,
    failed: Option<(u64, String)>,
}

impl App {
    /// Puts the parts together and starts the background threads, which end when the app is dropped.
    pub fn start(
        store: Store,
        registry: Arc<Registry>,
        clock: Arc<dyn Clock>,
        ids: Ids,
        secrets: Secrets,
        passwords: Passwords,
        public_url: &str,
    ) -> Result<Arc<Self>, StorageError> {
        let (queue, _thread) = CommitQueue::start(&store)?;
        let rules = CountingRules::of(&registry);
        let nations = registry.nations();
        let vault = Vault::open_up(&store, clock.clone(), &secrets)?;
        crate::use_cases::seal_what_is_plain(&store, &vault)?;
        let directory = DirectoryCache::new(vault.clone());
        directory.refresh(&store)?;
        let demo = store.read(|db| settings::find(db, DEMO))?.is_some();
        let app = Arc::new(Self {
            store,
            queue,
            registry,
            rules,
            clock,
            ids,
            secrets,
            passwords,
            vault,
            directory,
            public_url: public_url.trim_end_matches('/').to_owned(),
            demo,
            private_webhooks: AtomicBool::new(false),
            sends_texts: AtomicBool::new(false),
            sittings: HeldSittings::default(),
            packages: Packages::default(),
            releasing: Mutex::new(()),
            published: PublishedCache::default(),
            nations,
            folding: Folding::default(),
        });
        let spawn = |name: &str, run: fn(&App), wait: fn(&App), rest: Duration| {
            let weak = Arc::downgrade(&app);
            std::thread::Builder::new().name(name.into()).spawn(move || {
                while let Some(app) = weak.upgrade() {
                    run(&app);
                    wait(&app);
                    drop(app); // while the thread rests, it does not keep the app alive
                    let began = Instant::now();
                    while began.elapsed() < rest && weak.strong_count() > 0 {
                        std::thread::sleep(REFRESH_EVERY.min(rest));
                    }
                }
            })
        };
        let unavailable = |e: std::io::Error| StorageError::Unavailable(e.to_string());
        spawn("fold", App::fold_in_background, App::wait_for_fold_request, Duration::ZERO)
            .map_err(unavailable)?;
        spawn("ends", App::end_drafts_in_background, |_| (), END_EVERY).map_err(unavailable)?;
        spawn("directory", App::refresh_in_background, |_| (), REFRESH_EVERY).map_err(unavailable)?;
        Ok(app)
    }

    /// Schemes and accounts now.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.current()
    }

    /// Now, as it is stored.
    pub fn now(&self) -> NaiveDateTime {
        stored_now(&*self.clock)
    }

    /// A new id, in time order.
    pub fn new_id(&self) -> String {
        self.ids.new_id(self.clock.now())
    }

    /// Today in Europe/London.
    pub fn today(&self) -> NaiveDate {
        today(&*self.clock)
    }

    /// The nations, with whom to call in each.
    pub fn nations(&self) -> &[Nation] {
        &self.nations
    }

    /// The full address of a path of this server.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Folds everything acknowledged before this call; returns when that is done.
    pub fn fold_now(&self) -> Result<(), StorageError> {
        let mut state = self.folding.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked += 1;
        let mine = state.asked;
        self.folding.changed.notify_all();
        while state.done < mine {
            state = self.folding.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        match &state.failed {
            Some((at, why)) if *at >= mine => Err(StorageError::Unavailable(why.clone())),
            _ => Ok(()),
        }
    }

    fn fold_in_background(&self) {
        let asked = self.folding.state.lock().unwrap_or_else(PoisonError::into_inner).asked;
        let began = Instant::now();
        // A panic must reach the readers that wait, not leave them waiting.
        let folded =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| crate::use_cases::fold_tallies(self)))
                .unwrap_or_else(|_| Err(StorageError::Corrupt("folding panicked".into())));
        if let Err(error) = &folded {
            tracing::error!(%error, "folding failed; it will be tried again");
        }
        let mut state = self.folding.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.done = state.done.max(asked);
        state.took = began.elapsed();
        state.failed = folded.err().map(|e| (asked, e.to_string()));
        self.folding.changed.notify_all();
    }

    fn wait_for_fold_request(&self) {
        let state = self.folding.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.asked == state.done {
            let rest = (state.took * FOLD_REST).clamp(FOLD_EVERY, FOLD_AT_LEAST_EVERY);
            let waited = self.folding.changed.wait_timeout(state, rest);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn end_drafts_in_background(&self) {
        self.sittings.tidy();
        if let Err(error) = crate::use_cases::end_drafts(self) {
            tracing::warn!(%error, "drafts whose time is over could not be ended; they will be looked at again");
        }
    }

    fn refresh_in_background(&self) {
        if let Err(error) = self.directory.refresh(&self.store) {
            tracing::warn!(%error, "schemes and accounts could not be read again");
        }
    }
}
