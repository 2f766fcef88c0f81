//! What a scheme sees of a release before it is published, and what it says of it.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::draft_release::{corrupt, open_draft};
use super::publish_release::ReleaseRefused;
use super::read_release::cells_in;
use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Level;
use crate::domain::audit::{Act, Target, TargetKind};
use crate::domain::disclosure::Policy;
use crate::domain::disclosure::release::Draft;
use crate::domain::fault::Fault;
use crate::domain::figures::CellOf;
use crate::domain::period::Period;
use crate::domain::reader::read_whole;
use crate::domain::scheme::Scheme;
use crate::storage::audit;
use crate::storage::release_drafts::{self, CommentRow, DraftRow};

/// The longest comment, in characters.
const LONGEST_COMMENT: usize = 2000;

/// What a scheme sees of the open draft.
#[derive(Debug, Serialize)]
pub struct Preview {
    /// The draft's id.
    pub draft: String,
    /// Its period.
    pub period: String,
    /// When it was made.
    pub made_at: String,
    /// Until when the scheme can comment on it.
    pub open_until: String,
    /// What a figure needs to be printed.
    pub policy: Policy,
    /// The scheme's own cells, as they would be printed.
    pub own: Vec<Box<RawValue>>,
    /// Those of its model in the councils, regions and nations in which it works, and in the UK.
    pub wider: Vec<Box<RawValue>>,
    /// What the scheme says of them.
    pub comment: Option<CommentSeen>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommentSeen {
    /// The scheme.
    pub scheme: String,
    /// Its words.
    pub comment: String,
    /// When.
    pub at: String,
    /// By which account.
    pub account: String,
}

/// A draft as the national body sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftSeen {
    /// Its id.
    pub id: String,
    /// Its period.
    pub period: String,
    /// When it was made.
    pub made_at: String,
    /// Until when schemes can comment on it.
    pub open_until: String,
    /// `open`, `published`, `replaced` or `discarded`.
    pub state: String,
    /// What schemes say of their figures.
    pub comments: Vec<CommentSeen>,
}

/// What the scheme `id` sees of the draft that is open.
pub fn preview_release(app: &App, actor: &Actor, id: &str) -> Result<Preview, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, id, "", Action::ReadPreview)?;
    let open = app.store.read(release_drafts::open)?.ok_or(Refusal::Unknown(None))?;
    let (row, draft) = open_draft(app, &open.id).map_err(|refused| match refused {
        ReleaseRefused::Storage(error) => Refusal::Storage(error),
        _ => Refusal::Unknown(None), // it was published or replaced just now
    })?;
    let (own, wider) = seen_by(app, scheme, &row, &draft)?;
    let comment = app.store.read(|db| release_drafts::comment(db, &row.id, scheme.number))?;
    Ok(Preview {
        draft: row.id,
        period: row.period,
        made_at: written(row.made_at),
        open_until: written(row.open_until),
        policy: draft.policy,
        own,
        wider,
        comment: comment.map(|c| comment_seen(c, &scheme.about.id)),
    })
}

/// Cells, each as it is written.
type Cells = Vec<Box<RawValue>>;

/// A scheme's own cells in a draft, and those of the places in which it works.
fn seen_by(app: &App, scheme: &Scheme, row: &DraftRow, draft: &Draft) -> Result<(Cells, Cells), Refusal> {
    let unreadable = || corrupt(&row.id);
    let period: Period = row.period.parse().map_err(|()| unreadable())?;
    let areas = &app.registry.areas;
    let (first, last) = (period.first_day(), period.last_day());
    let councils = scheme.councils_in(areas, first, last, last);
    let works_in = |code: &str| councils.iter().any(|council| areas.lies_within(&council.code, code));
    let (mut own, mut wider) = (Vec::new(), Vec::new());
    for part in draft.parts.iter().filter(|part| part.model == scheme.about.model.code()) {
        for cell in cells_in(&part.cells).ok_or_else(unreadable)? {
            let of: CellOf<'_> = serde_json::from_str(cell.get()).map_err(|_| unreadable())?;
            if part.is_at(Level::Scheme) {
                if of.place.code == scheme.about.id.as_str() {
                    own.push(cell.to_owned());
                }
            } else if works_in(&of.place.code) {
                wider.push(cell.to_owned());
            }
        }
    }
    Ok((own, wider))
}

pub(super) fn comment_seen(row: CommentRow, scheme: &str) -> CommentSeen {
    CommentSeen { scheme: scheme.to_owned(), comment: row.comment, at: written(row.at), account: row.account }
}

/// Puts what the scheme `id` says of its figures in the open draft in the place of what it said before.
pub fn comment_release(app: &App, actor: &Actor, id: &str, body: &Value) -> Result<CommentSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, id, "", Action::CommentOnDraft)?;
    let comment = read_comment(body).map_err(Refusal::Invalid)?;
    let open = app.store.read(release_drafts::open)?.ok_or(Refusal::Unknown(None))?;
    let now = app.now();
    if open.open_until <= now {
        return Err(Refusal::Invalid(vec![Fault {
            pointer: String::new(),
            code: "too-late",
            detail: format!("Comments on this draft were taken until {}.", written(open.open_until)),
        }]));
    }
    let account = actor.account.clone();
    let row = CommentRow {
        release_draft: open.id.clone(),
        scheme_number: scheme.number,
        comment,
        at: now,
        account,
    };
    let target = Target::of(TargetKind::ReleaseDraft, &open.id);
    let commented = event(app, scheme.number, actor, Act::ReleaseCommented, target);
    let done = app.store.write(|db| {
        audit::record_if(db, &commented, |db| {
            // It may have been published or replaced meanwhile.
            if release_drafts::open(db)?.is_none_or(|now| now.id != row.release_draft) {
                return Ok(None);
            }
            release_drafts::put_comment(db, &row).map(Some)
        })
    })?;
    done.ok_or(Refusal::Unknown(None))?;
    Ok(comment_seen(row, &scheme.about.id))
}

fn read_comment(body: &Value) -> Result<String, Vec<Fault>> {
    read_whole(body, |root| {
        let object = root.object()?;
        let comment = object.required("comment").and_then(|field| {
            let words = field.words()?.trim();
            if words.chars().count() > LONGEST_COMMENT {
                field.fault("too-long", format!("A comment has at most {LONGEST_COMMENT} characters."));
                return None;
            }
            Some(words.to_owned())
        });
        object.close(false);
        comment
    })
}

/// Every draft, newest first, with what schemes say.
pub fn list_drafts(app: &App, actor: &Actor) -> Result<Vec<DraftSeen>, Refusal> {
    allow(app, actor, Action::ReadDrafts)?;
    Ok(all_drafts(app)?)
}

/// As [`list_drafts`], for whoever may run `khi` on the server.
pub fn all_drafts(app: &App) -> Result<Vec<DraftSeen>, crate::storage::StorageError> {
    let (drafts, comments) =
        app.store.read(|db| Ok((release_drafts::list(db)?, release_drafts::comments(db)?)))?;
    let directory = app.directory();
    let of = |id: &str| {
        let own = comments.iter().filter(|c| c.release_draft == id);
        own.map(|c| {
            let scheme = directory.scheme_by_number(c.scheme_number).map_or("", |s| s.about.id.as_str());
            comment_seen(c.clone(), scheme)
        })
        .collect()
    };
    let seen = |row: DraftRow| DraftSeen {
        comments: of(&row.id),
        made_at: written(row.made_at),
        open_until: written(row.open_until),
        id: row.id,
        period: row.period,
        state: row.state,
    };
    Ok(drafts.into_iter().map(seen).collect())
}
