//! Comparing a scheme: its figures in the newest release beside those of its region, its nation and the UK, and beside other schemes; and, while
//! schemes can look at the next release, its figures in that.

use serde::Serialize;

use super::preview_release::{CommentSeen, preview_release};
use super::read_release::newest_parts;
use super::{Refusal, scheme_for};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::area::Level;
use crate::domain::comparison::{CAUTION, Compared, Whose, compare};
use crate::domain::disclosure::release::Part;
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;

/// A scheme, compared.
#[derive(Debug, Serialize)]
pub struct SchemeComparison {
    /// The scheme's id.
    pub scheme: String,
    /// Its model.
    pub model: &'static str,
    /// What such a comparison cannot be used for.
    pub caution: &'static str,
    /// In the newest release; null if there is none.
    pub release: Option<InRelease>,
    /// In the release that is being prepared; null if none is, or for those who do not see it.
    pub draft: Option<InDraft>,
}

/// Figures of a release.
#[derive(Debug, Serialize)]
pub struct InRelease {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: i64,
    /// Its period.
    pub period: String,
    /// When it was published.
    pub published_at: String,
    /// Every share of the scheme's model.
    pub indicators: Vec<Compared>,
}

/// Figures of a release that is being prepared. Other schemes are not in them.
#[derive(Debug, Serialize)]
pub struct InDraft {
    /// The draft's id.
    pub id: String,
    /// Its period.
    pub period: String,
    /// Until when the scheme can comment on them.
    pub open_until: String,
    /// Whether it still can.
    pub open: bool,
    /// What the scheme says of them.
    pub comment: Option<CommentSeen>,
    /// Every share of the scheme's model.
    pub indicators: Vec<Compared>,
}

/// How the scheme `id` stands.
pub fn compare_scheme(app: &App, actor: &Actor, id: &str) -> Result<SchemeComparison, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, id, "", Action::ReadSnapshot)?;
    Ok(SchemeComparison {
        scheme: scheme.about.id.clone(),
        model: scheme.about.model.code(),
        caution: CAUTION,
        release: in_release(app, scheme)?,
        draft: in_draft(app, actor, scheme)?,
    })
}

fn in_release(app: &App, scheme: &Scheme) -> Result<Option<InRelease>, Refusal> {
    let levels = [Level::Scheme, Level::Region, Level::Nation, Level::Uk].map(Level::code);
    let found = newest_parts(app, &levels, scheme.about.model)?;
    Ok(found.map(|(row, parts)| InRelease {
        indicators: compared(app, scheme, &row.period, &parts),
        id: row.id,
        number: row.number,
        period: row.period,
        published_at: written(row.published_at),
    }))
}

/// What the scheme may see of the draft; nothing where there is none, or for those who do not look at drafts.
fn in_draft(app: &App, actor: &Actor, scheme: &Scheme) -> Result<Option<InDraft>, Refusal> {
    let preview = match preview_release(app, actor, &scheme.about.id) {
        Ok(preview) => preview,
        Err(Refusal::Forbidden | Refusal::Unknown(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let cells: Vec<&str> = preview.own.iter().chain(&preview.wider).map(|cell| cell.get()).collect();
    let part = Part {
        level: String::new(),
        model: scheme.about.model.code().to_owned(),
        cells: format!("[{}]", cells.join(",")),
    };
    Ok(Some(InDraft {
        indicators: compared(app, scheme, &preview.period, &[part]),
        open: preview.open_until > written(app.now()),
        id: preview.draft,
        period: preview.period,
        open_until: preview.open_until,
        comment: preview.comment,
    }))
}

fn compared(app: &App, scheme: &Scheme, period: &str, parts: &[Part]) -> Vec<Compared> {
    let Ok(period) = period.parse::<Period>() else { return Vec::new() };
    let around = around(app, scheme, period);
    let whose = Whose { scheme: &scheme.about.id, model: scheme.about.model, around: &around };
    compare(parts, &whose, &app.registry)
}

/// The regions, nations and the UK that hold the councils for which the scheme worked in a period, the smallest first.
pub(super) fn around(app: &App, scheme: &Scheme, period: Period) -> Vec<(Level, String)> {
    let areas = &app.registry.areas;
    let (first, last) = (period.first_day(), period.last_day());
    let councils = scheme.councils_in(areas, first, last, last);
    let mut around: Vec<(Level, String)> = Vec::new();
    for level in [Level::Region, Level::Nation, Level::Uk] {
        for council in &councils {
            let found = areas.at_level(&council.code, level).map(|area| (level, area.code.clone()));
            around.extend(found.filter(|place| !around.contains(place)));
        }
    }
    around
}
