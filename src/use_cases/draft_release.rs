//! Drafting a release: everything it is made of is read once, protected, and kept until it is published; and attacking what was drafted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::event;
use super::publish_release::ReleaseRefused;
use super::read_figures::fold_what_is_acknowledged;
use super::read_performance::kpi_rows;
use crate::app::App;
use crate::clock::written;
use crate::domain::area::Level;
use crate::domain::audit::{Act, By, NATIONAL, Target, TargetKind};
use crate::domain::disclosure::Policy;
use crate::domain::disclosure::release::{Draft, Ledger, Material, NotPublished, Verdict};
use crate::domain::figures::{CellQuery, FigureQuery, count_units, gather_all};
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;
use crate::storage::release_drafts::{self, DraftRow, OPEN};
use crate::storage::{StorageError, audit, releases, tallies};

/// For how many days schemes can look at a draft unless something else is said.
pub const OPEN_DAYS: u32 = 14;

/// The draft in whose place a new one is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum InPlaceOf {
    /// Whatever draft is open.
    Whichever,
    /// The one that was seen to be open, by its id, or none; if that is no longer so, nothing is put in its place.
    Seen(Option<String>),
}

impl InPlaceOf {
    /// Whether a draft can be put in the place of what is open now.
    pub(super) fn is(&self, open: Option<&DraftRow>) -> bool {
        match self {
            Self::Whichever => true,
            Self::Seen(seen) => seen.as_deref() == open.map(|row| row.id.as_str()),
        }
    }
}

/// Drafts a release of `period`, in the place of the draft that is open, for whoever may run `khi` on the server. Schemes can look at it
/// for `open_days` days. Gives its id.
pub fn draft_release(app: &App, period: Period, open_days: u32) -> Result<String, ReleaseRefused> {
    draft_by(app, By::CommandLine, period, open_days, &InPlaceOf::Whichever)
}

/// As [`draft_release`], by whom and in whose place.
pub(super) fn draft_by(
    app: &App,
    by: By,
    period: Period,
    open_days: u32,
    place: &InPlaceOf,
) -> Result<String, ReleaseRefused> {
    let known = known_before(app, period)?;
    let made_at = app.now();
    let draft = Draft::make(material(app, period)?, Policy::default(), &app.registry, &known.ledgers)?;
    let body = serde_json::to_string(&draft)
        .map_err(|e| StorageError::Corrupt(format!("a draft of {period} cannot be written: {e}")))?;
    let open_until = made_at + TimeDelta::days(open_days.into());
    let period = period.to_string();
    let row = DraftRow { id: app.new_id(), period, made_at, open_until, state: OPEN.to_owned() };
    let target = Target::of(TargetKind::ReleaseDraft, &row.id);
    let drafted = event(app, NATIONAL, by, Act::ReleaseDrafted, target);
    let drafted = drafted.code("period", &row.period).number("days", open_days.into());
    let done = app.store.write(|db| {
        audit::record_if(db, &drafted, |db| {
            if !place.is(release_drafts::open(db)?.as_ref()) {
                return Ok(None);
            }
            release_drafts::insert(db, &row, &body).map(Some)
        })
    })?;
    done.map(|()| row.id).ok_or(ReleaseRefused::Meanwhile)
}

/// Attacks the open draft `id`, knowing everything that was published. `progress` hears of tables done, of how many.
pub fn attack_draft(
    app: &App,
    id: &str,
    progress: impl FnMut(usize, usize),
) -> Result<Verdict, ReleaseRefused> {
    let (row, draft) = open_draft(app, id)?;
    let period = row.period.parse().map_err(|()| corrupt(id))?;
    Ok(draft.attack(&known_before(app, period)?.ledgers, progress))
}

/// The open draft `id`, as it was made.
pub(super) fn open_draft(app: &App, id: &str) -> Result<(DraftRow, Draft), ReleaseRefused> {
    let found = app.store.read(|db| Ok(release_drafts::find(db, id)?.zip(release_drafts::body(db, id)?)))?;
    let (row, body) = found.ok_or_else(|| ReleaseRefused::UnknownDraft(id.to_owned()))?;
    if row.state != OPEN {
        return Err(ReleaseRefused::Ended { draft: row.id, state: row.state });
    }
    let draft = serde_json::from_str(&body).map_err(|_| corrupt(id))?;
    Ok((row, draft))
}

pub(super) fn corrupt(id: &str) -> StorageError {
    StorageError::Corrupt(format!("the draft {id} of a release"))
}

/// What a release of a period must reckon with.
pub(super) struct KnownBefore {
    /// The number of the newest release.
    pub(super) newest: i64,
    /// The newest release of the same period.
    pub(super) supersedes: Option<String>,
    /// What must be known of every release, oldest first.
    pub(super) ledgers: Vec<Ledger>,
}

/// What is known of every release before one of `period`. The same answers must not be published in periods that overlap, since what lies
/// between two such figures is nobody's to see.
pub(super) fn known_before(app: &App, period: Period) -> Result<KnownBefore, ReleaseRefused> {
    let mut known = KnownBefore { newest: 0, supersedes: None, ledgers: Vec::new() };
    for (row, ledger) in app.store.read(releases::ledgers)? {
        let overlapping = row.period.parse::<Period>().ok().filter(|other| other.overlaps(period));
        known.newest = row.number;
        match ledger {
            None if overlapping.is_some() => return Err(ReleaseRefused::NoLedger(row.period)),
            _ if overlapping.is_some_and(|other| other != period) => {
                return Err(NotPublished::Overlaps(row.period).into());
            }
            None => {}
            Some(ledger) => known.ledgers.push(serde_json::from_str(&ledger).map_err(|_| {
                StorageError::Corrupt(format!("what must be known of release {}", row.number))
            })?),
        }
        if overlapping.is_some() {
            known.supersedes = Some(row.id);
        }
    }
    Ok(known)
}

/// Reads what a release of `period` is made from: all tallies at one moment, and the KPIs of the UK and the nations. It is the same as long as
/// the data are.
fn material(app: &App, period: Period) -> Result<Material, StorageError> {
    fold_what_is_acknowledged(app)?;
    let pooled = Some(period.three_years()).filter(|pooled| *pooled != period);
    let (name, years) = (period.to_string(), pooled.map(|pooled| pooled.to_string()));
    let (stored, changed, later) = app.store.read(|db| {
        let stored = tallies::for_release(db, &name, years.as_deref().unwrap_or_default())?;
        let changed = tallies::last_changed(db)?;
        // After the tallies: whoever answers in between then counts as later rather than as nobody.
        Ok((stored, changed, tallies::schemes_in(db, &quarters_after(period, pooled))?))
    })?;
    let as_of = changed.map(written).unwrap_or_default();
    let directory = app.directory();
    let counted = directory.schemes().filter(|s| s.counts_at(Level::Uk));
    let schemes: BTreeMap<i64, &Scheme> = counted.map(|s| (s.number, s)).collect();
    let registry = &app.registry;
    let rows = gather_all(&asked(app, period), &stored, registry, &schemes, &as_of)?;
    let units = count_units(period, &stored, registry, &schemes)?;
    let pooled_units = match pooled {
        Some(pooled) => count_units(pooled, &stored, registry, &schemes)?,
        None => Vec::new(),
    };
    let later = later.iter().filter_map(|number| Some(schemes.get(number)?.about.id.clone())).collect();
    let mut kpis = Vec::new();
    for level in [Level::Uk, Level::Nation] {
        kpis.extend(kpi_rows(app, &FigureQuery::of(vec![period], level))?);
    }
    Ok(Material { period, rows, units, pooled, pooled_units, later, kpis })
}

/// The quarters of `pooled` that come after `period`.
fn quarters_after(period: Period, pooled: Option<Period>) -> Vec<String> {
    let Some(pooled) = pooled else { return Vec::new() };
    let (last, end) = (period.quarters().1, pooled.quarters().1);
    let after = (1..).map(|step| last.plus(step)).take_while(|quarter| *quarter <= end);
    after.map(|quarter| quarter.to_string()).collect()
}

/// The figures of a release: everybody at each level; at the three widest ones also the groups of each breakdown that is kept for such a period.
fn asked(app: &App, period: Period) -> Vec<FigureQuery> {
    let kept = app.registry.breakdowns.iter().filter(|b| b.periods.contains(&period.kind()));
    let breakdowns: BTreeSet<&str> = kept.map(|b| b.id.as_str()).collect();
    let mut asked: Vec<FigureQuery> =
        CellQuery::LEVELS.into_iter().map(|level| FigureQuery::of(vec![period], level)).collect();
    for level in [Level::Uk, Level::Nation, Level::Region] {
        let of =
            |by: &&str| FigureQuery { by: Some((*by).to_owned()), ..FigureQuery::of(vec![period], level) };
        asked.extend(breakdowns.iter().map(of));
    }
    asked
}
