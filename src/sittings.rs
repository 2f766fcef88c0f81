//! What people who answer have said, held in memory for a short while: a page that follows another need not be read from the database.
//!
//! A page is saved only if the draft still has the revision that was read (`storage::drafts::save`), so what is held is safe to save upon
//! however old it is: if another process saved, sent or deleted the draft meanwhile, nothing is saved, what is held is forgotten, and the
//! draft is read again. A page is *shown* from here only in the two seconds after this process saved it: that is the page a browser
//! is sent to after it sent one.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::use_cases::Sitting;

/// How long after it was saved here a draft may be shown without reading it again.
const SHOWN_FOR: Duration = Duration::from_secs(2);
/// How long a draft is held that nobody asks for: longer than most people need for one page.
const HELD_FOR: Duration = Duration::from_secs(600);
/// How many drafts are held; further ones are read each time. One takes about 8 kB.
const MOST: usize = 4096;

/// What a sitting is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// To show it: as it is now.
    ToShow,
    /// To save upon it, by its revision.
    ToSave,
}

/// The drafts that this process holds.
#[derive(Default)]
pub struct HeldSittings(Mutex<Held>);

#[derive(Default)]
struct Held {
    drafts: HashMap<(i64, String), HeldDraft>,
    /// By the keyed hash of a browser's token: the draft, and the number of the sitting.
    browsers: HashMap<Vec<u8>, ((i64, String), u32)>,
}

struct HeldDraft {
    sitting: Sitting,
    saved_at: Option<Instant>,
    asked_at: Instant,
}

impl HeldSittings {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sitting of the browser with this token, if it is held and good for what it is wanted for.
    pub fn find(&self, token_hash: &[u8], wanted: Wanted) -> Option<Sitting> {
        let mut held = self.held();
        let (draft, number) = held.browsers.get(token_hash).cloned()?;
        let found = held.drafts.get_mut(&draft)?;
        if wanted == Wanted::ToShow && found.saved_at.is_none_or(|at| at.elapsed() > SHOWN_FOR) {
            return None;
        }
        found.asked_at = Instant::now();
        Some(Sitting { number, ..found.sitting.clone() })
    }

    /// Holds what was read for the browser with this token.
    pub fn read(&self, token_hash: &[u8], sitting: &Sitting) {
        let mut held = self.held();
        let draft = (sitting.scheme_number, sitting.id.clone());
        if held.drafts.len() >= MOST && !held.drafts.contains_key(&draft) {
            return;
        }
        held.browsers.insert(token_hash.to_vec(), (draft, sitting.number));
        held.put(sitting.clone(), None);
    }

    /// Holds what was saved upon `sitting`, if the draft is held: it has one revision more.
    pub fn saved(&self, sitting: &Sitting) {
        let mut held = self.held();
        if held.drafts.contains_key(&(sitting.scheme_number, sitting.id.clone())) {
            held.put(Sitting { revision: sitting.revision + 1, ..sitting.clone() }, Some(Instant::now()));
        }
    }

    /// Holds a draft no longer: it has changed in another way than by a page.
    pub fn forget(&self, scheme_number: i64, draft_id: &str) {
        self.held().drafts.remove(&(scheme_number, draft_id.to_owned()));
    }

    /// Lets go of what nobody has asked for lately.
    pub fn tidy(&self) {
        let mut held = self.held();
        held.drafts.retain(|_, draft| draft.asked_at.elapsed() < HELD_FOR);
        let Held { drafts, browsers } = &mut *held;
        browsers.retain(|_, (draft, _)| drafts.contains_key(draft));
    }
}

impl Held {
    /// Of two states of a draft the later one stays, in whatever order they come.
    fn put(&mut self, sitting: Sitting, saved_at: Option<Instant>) {
        let key = (sitting.scheme_number, sitting.id.clone());
        if self.drafts.get(&key).is_none_or(|known| known.sitting.revision < sitting.revision) {
            self.drafts.insert(key, HeldDraft { sitting, saved_at, asked_at: Instant::now() });
        }
    }
}
