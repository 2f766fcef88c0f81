//! Releases as the national body makes them on its pages: the acts of `khi release`, by an account, one at a time.

use std::sync::{MutexGuard, PoisonError, TryLockError};

use super::draft_release::{InPlaceOf, attack_draft, corrupt, draft_by, open_draft};
use super::preview_release::{DraftSeen, list_drafts};
use super::publish_release::{ReleaseRefused, publish_by};
use super::{Refusal, allow, event};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Level;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::definition::Model;
use crate::domain::disclosure::Policy;
use crate::domain::disclosure::release::{Draft, Verdict};
use crate::domain::figures::{CellQuery, Row, Status};
use crate::domain::period::Period;
use crate::storage::{audit, release_drafts};

/// A draft as it is shown before it is published.
#[derive(Debug)]
pub struct DraftShown {
    /// What is known of it, with what schemes say.
    pub seen: DraftSeen,
    /// What is in it; none once it is no longer open.
    pub contents: Option<DraftContents>,
}

/// What would be printed.
#[derive(Debug)]
pub struct DraftContents {
    /// What a figure needs to be printed.
    pub policy: Policy,
    /// How many figures there are of each level, from the UK down to schemes.
    pub levels: Vec<(Level, StatusCounts)>,
    /// The figures of everybody in the UK, by model.
    pub headlines: Vec<(Model, Vec<Row>)>,
    /// How many KPI figures would be printed.
    pub kpi_cells: usize,
    /// How many claims would have a passport.
    pub claims: usize,
}

/// How many figures are printed in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// Exactly.
    pub shown: usize,
    /// Of several years together.
    pub pooled: usize,
    /// In words.
    pub banded: usize,
    /// With a larger place.
    pub merged: usize,
    /// Not at all.
    pub hidden: usize,
}

impl StatusCounts {
    fn add(&mut self, status: Status) {
        *match status {
            Status::Shown => &mut self.shown,
            Status::Pooled => &mut self.pooled,
            Status::Banded => &mut self.banded,
            Status::Merged => &mut self.merged,
            Status::Suppressed => &mut self.hidden,
        } += 1;
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.shown + self.pooled + self.banded + self.merged + self.hidden
    }
}

/// Drafts a release of `period` in the place of the draft `seen`, or of none, if that is what is open still. Schemes can look at it for
/// `open_days` days. Gives its id.
pub fn draft_release_as(
    app: &App,
    actor: &Actor,
    period: Period,
    open_days: u32,
    seen: Option<String>,
) -> Result<String, ReleaseRefused> {
    allow(app, actor, Action::ManageReleases)?;
    let _alone = alone(app)?;
    let place = InPlaceOf::Seen(seen);
    // It is asked again when the draft is kept; but nobody should wait for a draft that will not be.
    if !place.is(app.store.read(release_drafts::open)?.as_ref()) {
        return Err(ReleaseRefused::Meanwhile);
    }
    draft_by(app, actor.into(), period, open_days, &place)
}

/// Attacks the open draft `id`, knowing everything that was published.
pub fn attack_draft_as(app: &App, actor: &Actor, id: &str) -> Result<Verdict, ReleaseRefused> {
    allow(app, actor, Action::ManageReleases)?;
    let _alone = alone(app)?;
    attack_draft(app, id, |_, _| {})
}

/// Publishes the open draft `id`, if its time is over and nothing in it can be found out. Gives the release's id.
pub fn publish_draft_as(app: &App, actor: &Actor, id: &str) -> Result<String, ReleaseRefused> {
    allow(app, actor, Action::ManageReleases)?;
    let _alone = alone(app)?;
    publish_by(app, actor.into(), id, |_, _| {})
}

/// Throws the open draft `id` away, with what is in it; what schemes said of it stays.
pub fn discard_draft_as(app: &App, actor: &Actor, id: &str) -> Result<(), ReleaseRefused> {
    allow(app, actor, Action::ManageReleases)?;
    discard_by(app, actor.into(), id)
}

/// As [`discard_draft_as`], for whoever may run `khi` on the server.
pub fn discard_draft(app: &App, id: &str) -> Result<(), ReleaseRefused> {
    discard_by(app, By::CommandLine, id)
}

fn discard_by(app: &App, by: By, id: &str) -> Result<(), ReleaseRefused> {
    let found = app.store.read(|db| release_drafts::find(db, id))?;
    let row = found.ok_or_else(|| ReleaseRefused::UnknownDraft(id.to_owned()))?;
    let target = Target::of(TargetKind::ReleaseDraft, id);
    let discarded = event(app, NATIONAL, by, Act::ReleaseDiscarded, target).code("period", &row.period);
    let done = app.store.write(|db| {
        audit::record_if(db, &discarded, |db| {
            if release_drafts::open(db)?.is_none_or(|open| open.id != row.id) {
                return Ok(None);
            }
            release_drafts::end(db, release_drafts::DISCARDED).map(Some)
        })
    })?;
    done.ok_or(ReleaseRefused::Ended { draft: row.id, state: row.state })
}

/// The right to work on a release, which only one has at a time: whoever presses twice is told to wait.
fn alone(app: &App) -> Result<MutexGuard<'_, ()>, ReleaseRefused> {
    match app.releasing.try_lock() {
        Ok(guard) => Ok(guard),
        Err(TryLockError::Poisoned(poisoned)) => Ok(PoisonError::into_inner(poisoned)),
        Err(TryLockError::WouldBlock) => Err(ReleaseRefused::Busy),
    }
}

/// The draft `id`, with what would be printed while it is open.
pub fn show_draft(app: &App, actor: &Actor, id: &str) -> Result<DraftShown, Refusal> {
    let seen = list_drafts(app, actor)?.into_iter().find(|draft| draft.id == id);
    let seen = seen.ok_or(Refusal::Unknown(None))?;
    let contents = match open_draft(app, id) {
        Ok((_, draft)) => Some(contents(&draft).ok_or_else(|| corrupt(id))?),
        Err(ReleaseRefused::Storage(error)) => return Err(error.into()),
        Err(_) => None,
    };
    Ok(DraftShown { seen, contents })
}

fn contents(draft: &Draft) -> Option<DraftContents> {
    let mut levels = CellQuery::LEVELS.map(|level| (level, StatusCounts::default()));
    let mut headlines: Vec<(Model, Vec<Row>)> = Vec::new();
    for part in &draft.parts {
        let rows: Vec<Row> = serde_json::from_str(&part.cells).ok()?;
        let (_, counts) = levels.iter_mut().find(|(level, _)| part.is_at(*level))?;
        rows.iter().for_each(|row| counts.add(row.status));
        if part.is_at(Level::Uk) {
            let everybody = rows.into_iter().filter(|row| row.group.is_none()).collect();
            headlines.push((Model::parse(&part.model)?, everybody));
        }
    }
    let kpis: Vec<serde::de::IgnoredAny> = serde_json::from_str(&draft.kpi_cells).ok()?;
    Some(DraftContents {
        policy: draft.policy,
        levels: levels.into(),
        headlines,
        kpi_cells: kpis.len(),
        claims: draft.claims.len(),
    })
}
