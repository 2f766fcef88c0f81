//! Publishing what was drafted, once it has survived the attack; and withdrawing what was published.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::draft_release::{corrupt, draft_release, known_before, open_draft};
use super::{Refusal, event};
use crate::app::App;
use crate::clock::written;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::disclosure::release::{NotPublished, Publication};
use crate::domain::performance::steps;
use crate::domain::period::Period;
use crate::storage::releases::{self, NewRelease};
use crate::storage::{StorageError, audit, release_drafts, returns};

/// The longest reason for a withdrawal, in characters.
const LONGEST_WHY: usize = 1000;

/// Why a release was not drafted, attacked, published or withdrawn. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseRefused {
    /// There is no such draft.
    #[error("there is no draft {0}; `khi release list` shows what there is")]
    UnknownDraft(String),
    /// It is no longer open.
    #[error("draft {draft} is {state}: only a draft that is open can be attacked and published")]
    Ended {
        /// The draft.
        draft: String,
        /// What became of it.
        state: String,
    },
    /// Schemes still have time to look at it.
    #[error("schemes can look at this draft until {0}; it can be published after that")]
    StillOpen(String),
    /// Another release was published in the meantime.
    #[error(
        "another release was published while this draft was attacked, so the attack did not know it; nothing was published: try again"
    )]
    Overtaken,
    /// Another draft was made, or the one that was seen has ended.
    #[error(
        "another draft was made or ended in the meantime; nothing was changed: look at what is there now"
    )]
    Meanwhile,
    /// Another release is being drafted, attacked or published by this server.
    #[error("a release is being worked on just now; nothing was changed: try again in a minute")]
    Busy,
    /// It is not for this person to do.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its period overlaps with that of a release of which too little is known.
    #[error(
        "the release of {0} is from a version of khi that did not keep what the protection of later releases must know; \
         no period that overlaps with it can be published"
    )]
    NoLedger(String),
    /// It must not be published.
    #[error("{}", why_not(.0))]
    NotPublished(NotPublished),
    /// There is no such release.
    #[error("there is no release {0}; `khi release list` shows what there is")]
    UnknownRelease(String),
    /// It is withdrawn already.
    #[error("release {0} is withdrawn already")]
    AlreadyWithdrawn(String),
    /// A withdrawal needs a reason.
    #[error("say why in 1 to {LONGEST_WHY} characters: everybody can read it")]
    BadReason,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<NotPublished> for ReleaseRefused {
    fn from(why: NotPublished) -> Self {
        Self::NotPublished(why)
    }
}

fn why_not(why: &NotPublished) -> String {
    match why {
        NotPublished::Overlaps(period) => format!(
            "there is a release of {period}, which overlaps with this period: the difference of the two would be figures of few people"
        ),
        NotPublished::Unequal(figure) => format!(
            "{figure}: the people counted by scheme and council do not add up to this figure, so it cannot be protected; \
             `khi tallies verify` says what is wrong"
        ),
        NotPublished::Found(verdict) => {
            format!("{} hidden figures could be found out; nothing was published", verdict.findings.len())
        }
    }
}

/// Publishes the open draft `id` as it was made, if its time is over and nothing in it can be found out, for whoever may run `khi` on the
/// server. Gives the release's id. `progress` hears of tables attacked, of how many.
pub fn publish_draft(
    app: &App,
    id: &str,
    progress: impl FnMut(usize, usize),
) -> Result<String, ReleaseRefused> {
    publish_by(app, By::CommandLine, id, progress)
}

/// As [`publish_draft`], by whom.
pub(super) fn publish_by(
    app: &App,
    by: By,
    id: &str,
    progress: impl FnMut(usize, usize),
) -> Result<String, ReleaseRefused> {
    let (row, draft) = open_draft(app, id)?;
    if app.now() < row.open_until {
        return Err(ReleaseRefused::StillOpen(written(row.open_until)));
    }
    let period: Period = row.period.parse().map_err(|()| corrupt(id))?;
    let known = known_before(app, period)?;
    let released = draft.release(&known.ledgers, progress)?;
    let publication = released.get();
    let now = app.now();
    let new = NewRelease {
        id: app.new_id(),
        number: known.newest + 1,
        published_at: now,
        supersedes: known.supersedes,
        head: String::new(),
    };
    let new = NewRelease { head: head(app, &new, publication), ..new };
    let returned = returned_periods(app, &publication.kpis, period);
    let target = Target::of(TargetKind::Release, &new.id);
    let published = event(app, NATIONAL, by, Act::ReleasePublished, target);
    let published = published.code("period", &row.period).code("draft", id).number("number", new.number);
    let done = app.store.write(|db| {
        audit::record_if(db, &published, |db| {
            let stands = release_drafts::open(db)?.is_some_and(|open| open.id == row.id);
            if !stands || releases::newest_number(db)? != known.newest {
                return Ok(None);
            }
            releases::insert(db, &new, &released)?;
            release_drafts::end(db, release_drafts::PUBLISHED)?;
            returns::mark_published(db, &publication.kpis, &returned, row.made_at, &new.id)?;
            Ok(Some(()))
        })
    })?;
    done.map(|()| new.id).ok_or(ReleaseRefused::Overtaken)
}

/// Drafts, attacks and publishes a release of `period` without a time in which schemes could look at it: for the demo. Gives its id.
pub fn release_at_once(app: &App, period: Period) -> Result<String, ReleaseRefused> {
    let draft = draft_release(app, period, 0)?;
    publish_draft(app, &draft, |_, _| {})
}

/// Withdraws a release. It stays listed, with the reason for everybody to read, and its cells are no longer shown. What could be learnt from
/// it stays known, so later releases reckon with it as before.
pub fn withdraw_release(app: &App, id: &str, why: &str) -> Result<(), ReleaseRefused> {
    let why = why.trim();
    if !(1..=LONGEST_WHY).contains(&why.chars().count()) || why.contains('\0') {
        return Err(ReleaseRefused::BadReason);
    }
    if app.store.read(|db| releases::find(db, id))?.is_none() {
        return Err(ReleaseRefused::UnknownRelease(id.to_owned()));
    }
    let now = app.now();
    let target = Target::of(TargetKind::Release, id);
    let withdrawn = event(app, NATIONAL, By::CommandLine, Act::ReleaseWithdrawn, target);
    let done = app.store.write(|db| {
        audit::record_if(db, &withdrawn, |db| Ok(releases::withdraw(db, id, now, why)?.then_some(())))
    })?;
    done.ok_or_else(|| ReleaseRefused::AlreadyWithdrawn(id.to_owned()))
}

/// What is printed of a release besides its cells and claims. It never changes: what comes later stands in the list of releases.
fn head(app: &App, new: &NewRelease, publication: &Publication) -> String {
    let policy: Value = serde_json::from_str(&publication.policy).unwrap_or_default();
    let verdict = &publication.verdict;
    json!({
        "id": new.id,
        "number": new.number,
        "published_at": written(new.published_at),
        "period": publication.period,
        "supersedes": new.supersedes,
        "demo": app.demo,
        "policy": policy,
        "attack": {"figures": verdict.attacked, "questions": verdict.questions, "solved": verdict.solved},
    })
    .to_string()
}

/// The periods whose returns the published KPIs are made from.
fn returned_periods(app: &App, kpis: &[String], period: Period) -> Vec<String> {
    let of = kpis.iter().filter_map(|id| app.registry.kpi(id));
    let periods: BTreeSet<Period> = of.flat_map(|kpi| steps(kpi, period)).collect();
    periods.iter().map(ToString::to_string).collect()
}
