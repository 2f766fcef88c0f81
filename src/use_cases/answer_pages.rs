//! Answering, page by page: starting, finding the draft again, saving a page, stopping.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::find_way_in::Entry;
use super::manage_people::{Target, entry_code};
use super::sealing::{draft_body, open_draft};
use super::{Refusal, WayIn, find_way_in};
use crate::app::App;
use crate::domain::answering::{Draft, Length, Look};
use crate::domain::definition::Definition;
use crate::sittings::Wanted;
use crate::storage::drafts::{self, DraftChange, DraftRow};
use crate::storage::ways_in::{self, Use};
use crate::storage::{StorageError, participants};

/// How many answers an open link takes from one address on one day. A large house shares one address; a script soon meets it.
const OPEN_LINK_USES: i64 = 40;

/// A draft with the browser that goes on with it.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// The scheme's number.
    pub scheme_number: i64,
    /// The draft's id.
    pub id: String,
    /// Its revision, as it was read.
    pub revision: i64,
    /// Which sitting this browser has.
    pub number: u32,
    /// What has been said.
    pub draft: Draft,
    /// The version that is asked.
    pub definition: Arc<Definition>,
    /// When it is deleted, if it is not sent.
    pub ends_at: NaiveDateTime,
    /// The response it became, if it was sent.
    pub response_id: Option<String>,
}

/// What came of a start.
pub enum Started {
    /// The browser's token, to be kept as its cookie.
    Token(String),
    /// Too many answers came through this open link from this address today.
    TooMany,
    /// It cannot be started: see what [`find_way_in`] says.
    No,
}

/// Begins to answer, or goes on: gives the browser a sitting of its own.
pub fn start(
    app: &App,
    typed: &str,
    look: Option<Look>,
    length: Length,
    address: &str,
) -> Result<Started, Refusal> {
    let WayIn::Ready(entry) = find_way_in(app, typed)? else { return Ok(Started::No) };
    if let (Some(link), false) = (&entry.origin.open_link, entry.begun) {
        let used = open_link_use(app, link, address);
        if app.store.read(|db| ways_in::uses(db, entry.scheme_number, &used))? >= OPEN_LINK_USES {
            return Ok(Started::TooMany);
        }
    }
    let look = look.map(|look| look.fitted(&entry.definition));
    Ok(Started::Token(sit_down(app, &entry, look, length, |draft| draft.origin.visit = None)?))
}

/// Opens the draft of `entry` (or makes it) for one more browser. `prepare` sets what belongs to this sitting.
pub(super) fn sit_down(
    app: &App,
    entry: &Entry,
    look: Option<Look>,
    length: Length,
    prepare: impl Fn(&mut Draft),
) -> Result<String, StorageError> {
    let id = entry.draft.clone().unwrap_or_else(|| app.new_id());
    let (token, hash) = app.secrets.new_sitting(entry.scheme_number);
    let now = app.now();
    app.store.write(|db| {
        if let (Some(look), Some(person)) = (&look, &entry.origin.participant) {
            participants::set_needs(db, entry.scheme_number, person, look, now)?;
        }
        let look = look.clone().unwrap_or_else(|| entry.look.clone());
        let mut fresh = Draft::new(entry.origin.clone(), look.clone(), length);
        prepare(&mut fresh);
        let row = DraftRow {
            scheme_number: entry.scheme_number,
            id: id.clone(),
            revision: now.and_utc().timestamp_millis(), // one that a draft thrown away before under this id has not reached
            body: serde_json::to_string(&fresh)?,
            response_id: None,
            updated_at: now,
            ends_at: entry.ends_at,
        };
        let mut number = 1;
        if !drafts::insert(db, &row)? {
            // Begun before: another sitting of the same draft. A page may be saved at the same moment: then once more.
            loop {
                let old = drafts::find(db, entry.scheme_number, &id)?
                    .ok_or_else(|| StorageError::Unavailable("the draft is being deleted".into()))?;
                let mut draft: Draft = serde_json::from_str(&old.body)?; // its words stay sealed: they are not looked at
                number = draft.sit_down();
                draft.look = look.clone();
                prepare(&mut draft);
                let change = DraftChange {
                    scheme_number: old.scheme_number,
                    id: old.id,
                    revision: old.revision,
                    body: serde_json::to_string(&draft)?,
                    at: now,
                };
                if old.response_id.is_some() || drafts::save(db, &[&change])? == [true] {
                    break;
                }
            }
        }
        drafts::insert_sitting(db, entry.scheme_number, &hash, &id, i64::from(number))
    })?;
    app.sittings.forget(entry.scheme_number, &id);
    Ok(token)
}

/// The draft that the browser with this token may go on with.
pub fn find_sitting(app: &App, token: &str) -> Result<Option<Sitting>, Refusal> {
    let Some((scheme_number, hash)) = app.secrets.read_sitting(token) else { return Ok(None) };
    let Some((row, number)) = app.store.read(|db| drafts::find_by_sitting(db, scheme_number, &hash))? else {
        return Ok(None);
    };
    if row.ends_at <= app.now() {
        return Ok(None);
    }
    let draft = open_draft(app, &row)?;
    let version = draft.origin.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&draft.origin.questionnaire, v));
    let Some(definition) = definition.cloned() else {
        return Err(
            StorageError::Unavailable("a draft's questionnaire version is not loaded here".into()).into()
        );
    };
    let sitting = Sitting {
        scheme_number,
        id: row.id,
        revision: row.revision,
        number: u32::try_from(number).unwrap_or(u32::MAX),
        draft,
        definition,
        ends_at: row.ends_at,
        response_id: row.response_id,
    };
    if sitting.response_id.is_none() {
        app.sittings.read(&hash, &sitting);
    }
    Ok(Some(sitting))
}

/// The same, if this process holds it: then nothing need be read.
pub fn held_sitting(app: &App, token: &str, wanted: Wanted) -> Option<Sitting> {
    let (_, hash) = app.secrets.read_sitting(token)?;
    app.sittings.find(&hash, wanted).filter(|sitting| sitting.ends_at > app.now())
}

/// Saves what `sitting` says now; false if somebody else saved meanwhile: then read it again and apply the page again.
pub async fn save_sitting(app: &App, sitting: &Sitting) -> Result<bool, Refusal> {
    let change = DraftChange {
        scheme_number: sitting.scheme_number,
        id: sitting.id.clone(),
        revision: sitting.revision,
        body: draft_body(app, sitting.scheme_number, &sitting.id, &sitting.draft)?,
        at: app.now(),
    };
    let saved = app.queue.save_page(change).await?;
    if saved {
        app.sittings.saved(sitting);
    } else {
        app.sittings.forget(sitting.scheme_number, &sitting.id);
    }
    Ok(saved)
}

/// Keeps how a participant likes to be asked, for next time.
pub fn keep_needs(app: &App, sitting: &Sitting) -> Result<(), Refusal> {
    if let Some(person) = &sitting.draft.origin.participant {
        let now = app.now();
        app.store.write(|db| {
            participants::set_needs(db, sitting.scheme_number, person, &sitting.draft.look, now)
        })?;
    }
    Ok(())
}

/// How a person comes back who stops: by the invitation's own link or code (none is given here), or by this new code.
pub fn way_back(app: &App, sitting: &Sitting) -> Result<Option<String>, Refusal> {
    if sitting.draft.origin.invitation.is_some() {
        return Ok(None);
    }
    let code = app.secrets.typed_code(sitting.scheme_number, &sitting.id);
    let row = entry_code(app, &code, Target::Draft(sitting.id.clone()))?;
    app.store.write(|db| ways_in::insert_codes(db, std::slice::from_ref(&row)))?;
    Ok(Some(code))
}

/// Throws a draft away, at the person's wish; false if a page was saved or it was sent meanwhile: then read it again.
pub fn throw_away(app: &App, sitting: &Sitting) -> Result<bool, Refusal> {
    let (number, revision) = (sitting.scheme_number, sitting.revision);
    let thrown = app.store.write(|db| drafts::delete_unsent(db, number, &sitting.id, revision))?;
    app.sittings.forget(number, &sitting.id);
    Ok(thrown)
}

/// One use of an open link from `address` today.
pub(super) fn open_link_use(app: &App, link: &str, address: &str) -> Use {
    let day = app.today();
    let hash = app.secrets.hash(&[b"address", day.to_string().as_bytes(), address.as_bytes()]);
    Use { open_link_id: link.to_owned(), day, address_hash: hash }
}
