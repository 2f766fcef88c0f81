//! What happened since another system last asked: ids and kinds, in an order in which nothing that commits late is missed.

use serde_json::{Value, json};

use super::{Refusal, allow, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::directory::Directory;
use crate::domain::access::{Action, Actor};
use crate::domain::change::ChangeKind;
use crate::domain::fault::Fault;
use crate::secrets::public_id;
use crate::storage::changes::{self, ChangeRow, NewChange};
use crate::storage::{Db, StorageError};

/// How many changes get their numbers in one transaction.
const AT_ONCE: i64 = 5000;

/// A page of changes.
#[derive(Debug, Clone)]
pub struct ChangePage {
    /// The changes.
    pub items: Vec<Value>,
    /// From where to read on: there is always such a place, also when nothing has happened.
    pub next: String,
    /// Whether more can be read at once.
    pub more: bool,
}

/// Where a reader is: a place among all changes, or among those of one scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feed {
    All,
    Scheme(i64),
}

impl Feed {
    /// What cursors of this feed begin with: one of the other feed is refused.
    fn letter(self) -> char {
        if self == Self::All { 'a' } else { 's' }
    }

    /// The scheme; 0 for all.
    fn number(self) -> i64 {
        match self {
            Self::All => 0,
            Self::Scheme(number) => number,
        }
    }

    fn read_cursor(self, text: &str) -> Option<i64> {
        let digits = text.strip_prefix(self.letter())?;
        let plain = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    }

    fn rows(self, db: &mut Db, after: i64, limit: i64) -> Result<Vec<ChangeRow>, StorageError> {
        match self {
            Self::All => changes::after_number(db, after, limit),
            Self::Scheme(number) => changes::after_position(db, number, after, limit),
        }
    }

    fn place(self, row: &ChangeRow) -> i64 {
        if self == Self::All { row.number } else { row.position.unwrap_or(0) }
    }
}

/// Changes after `after` (from the beginning, where nothing is given): of the scheme that is named, of the scheme that the reader is
/// bound to, or of all schemes.
///
/// # Errors
///
/// [`Refusal::StartAnew`], if changes after `after` are deleted already because of their age.
pub fn read_changes(
    app: &App,
    actor: &Actor,
    scheme_id: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<ChangePage, Refusal> {
    let directory = app.directory();
    let own = actor.role.scheme().and_then(|number| directory.scheme_by_number(number));
    let feed = match (scheme_id, own) {
        (Some(id), _) => {
            let action = |scheme| Action::ReadChanges(Some(scheme));
            Feed::Scheme(scheme_for(app, &directory, actor, id, "/scheme", action)?.number)
        }
        (None, Some(own)) => {
            allow(app, actor, Action::ReadChanges(Some(own)))?;
            Feed::Scheme(own.number)
        }
        (None, None) => {
            allow(app, actor, Action::ReadChanges(None))?;
            Feed::All
        }
    };
    let given = after.is_some();
    let after = match after {
        None => 0,
        Some(text) => feed.read_cursor(text).ok_or_else(|| {
            let detail = "Use the “next” of the answer before, for the same scheme or for all.".into();
            Refusal::Malformed(vec![Fault { pointer: "/after".into(), code: "bad-cursor", detail }])
        })?,
    };
    number_changes(app)?;
    if given && app.store.read(|db| changes::floor(db, feed.number()))? > after {
        return Err(Refusal::StartAnew);
    }
    let mut rows = app.store.read(|db| feed.rows(db, after, limit + 1))?;
    let more = i64::try_from(rows.len()).is_ok_and(|n| n > limit);
    if more {
        rows.pop();
    }
    let last = rows.last().map_or(after, |row| feed.place(row));
    let outside = actor.role.scheme().is_none();
    let items = rows.iter().map(|row| describe(app, &directory, row, outside)).collect();
    Ok(ChangePage { items, next: format!("{}{last}", feed.letter()), more })
}

/// Gives numbers to what is committed and has none. Any process may do so at any time.
pub(super) fn number_changes(app: &App) -> Result<(), StorageError> {
    while app.store.read(changes::any_unnumbered)? {
        if app.store.write(|db| changes::number(db, AT_ONCE))? == 0 {
            break; // another process was faster
        }
    }
    Ok(())
}

/// A change as it is told. Readers outside the scheme get a pseudonym for a participant, as everywhere.
pub(super) fn describe(app: &App, directory: &Directory, row: &ChangeRow, outside: bool) -> Value {
    let scheme = directory.scheme_by_number(row.scheme_number);
    let kind = ChangeKind::parse(&row.kind);
    let id = match kind {
        Some(kind) if kind.is_of_response() => public_id(row.scheme_number, &row.subject),
        Some(ChangeKind::ParticipantChanged | ChangeKind::ParticipantErased) if outside => {
            app.secrets.pseudonym(row.scheme_number, &row.subject)
        }
        _ => row.subject.clone(),
    };
    json!({
        "kind": row.kind, "id": id, "scheme": scheme.map(|s| &s.about.id), "at": written(row.at),
        "practice": scheme.is_some_and(|s| s.about.practice),
    })
}

/// A change of something in a scheme, as an act notes it.
pub(super) fn change(app: &App, scheme_number: i64, kind: ChangeKind, subject: &str) -> NewChange {
    NewChange { scheme_number, kind, subject: subject.to_owned(), guarded: false, at: app.now() }
}
