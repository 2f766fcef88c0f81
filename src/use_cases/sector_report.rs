//! The state of the sector, of the UK or of a nation: for staff from what is sent in and what people say, for everybody from one release.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::make_report::{ReportOf, make_report, published};
use super::public_report::public_report;
use super::read_figures::report_of_area;
use super::read_performance::{kpi_rows, with_sources};
use super::read_release::{find_release, kpis_of_release, list_releases, rows_of_places};
use super::{Frozen, Refusal, allow};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::area::{Area, Level};
use crate::domain::fault::Fault;
use crate::domain::figures::{FigureQuery, Place, Row};
use crate::domain::performance::{Pair, Sources};
use crate::domain::period::{Period, PeriodKind};
use crate::domain::report::compose::{
    ARRANGEMENTS, KpiFigure, Material, PEOPLE, Restated, Sector, growing, spoken_of,
};
use crate::storage::StorageError;

/// What the state of the sector is told from, for whoever may read the report of the place.
///
/// Refused as malformed: another place than the UK or a nation, and a period that is no financial year.
pub fn sector_report<'a>(
    app: &'a App,
    actor: &Actor,
    of: &ReportOf,
    period: Option<Period>,
) -> Result<Material<'a>, Refusal> {
    let material = make_report(app, actor, of, period)?;
    let place = material.place.clone();
    let Some(area) = app.registry.areas.get(&place.code).filter(|area| is_told_of(area.level)) else {
        return Err(Refusal::Malformed(vec![not_told_of()]));
    };
    if material.period.kind() != PeriodKind::Year {
        let detail = "The state of the sector is told of a financial year: 2025-26.".into();
        return Err(Refusal::Malformed(vec![Fault { pointer: "/period".into(), code: "not-kept", detail }]));
    }
    let live = allow(app, actor, Action::ReadLiveFigures).is_ok();
    let sector = sector_of(app, area, material.period, live)?;
    Ok(Material { sector: Some(sector), ..material })
}

/// The same from a release and from nothing else; of another place than the UK or a nation it is unknown.
pub fn public_sector_report<'a>(
    app: &'a App,
    release: &str,
    code: &str,
) -> Result<Frozen<Material<'a>>, StorageError> {
    let material = match public_report(app, release, code)? {
        Frozen::Here(material) if is_told_of(material.place.level) => material,
        Frozen::Here(_) | Frozen::Unknown => return Ok(Frozen::Unknown),
        Frozen::Withdrawn(withdrawn) => return Ok(Frozen::Withdrawn(withdrawn)),
    };
    let nations = nations_in(app, &material.place);
    let within = |code: &str| code == material.place.code || nations.iter().any(|nation| nation == code);
    let (text, _) = kpis_of_release(app, release)?;
    let spoken = spoken_of(&app.registry);
    let mut figures: Vec<KpiFigure> = serde_json::from_str(&text)?;
    figures.retain(|figure| spoken.contains(&figure.kpi) && within(&figure.place.code));
    let cells: Vec<GrowthCell> = serde_json::from_str(&text)?;
    let mut pairs: Vec<Pair> =
        cells.into_iter().filter(|cell| within(&cell.place.code)).filter_map(GrowthCell::pair).collect();
    pairs.extend(complete_pairs(&figures));
    let codes: Vec<&str> = nations.iter().map(String::as_str).collect();
    let khi = rows_of_places(app, release, &[Level::Nation.code()], None, &codes)?;
    let sector = Sector { figures, pairs, khi, restated: Vec::new() };
    Ok(Frozen::Here(Material { sector: Some(sector), ..material }))
}

fn is_told_of(level: Level) -> bool {
    matches!(level, Level::Uk | Level::Nation)
}

/// That the place is none of those of which the state of the sector is told.
fn not_told_of() -> Fault {
    let detail = "The state of the sector is told of the United Kingdom and its nations: choose one of them.";
    Fault { pointer: "/part".into(), code: "not-kept", detail: detail.into() }
}

/// The codes of the nations in the UK; of a nation there are none in it.
fn nations_in(app: &App, place: &Place) -> Vec<String> {
    let inside = |area: &&Area| area.level == Level::Nation && place.level == Level::Uk;
    app.registry.areas.all().filter(inside).map(|area| area.code.clone()).collect()
}

fn sector_of(app: &App, area: &Area, period: Period, live: bool) -> Result<Sector, StorageError> {
    let query = |periods: Vec<Period>, level: Level| FigureQuery {
        within: Some(area.code.clone()),
        kpis: spoken_of(&app.registry),
        ..FigureQuery::of(periods, level)
    };
    let levels: &[Level] = if area.level == Level::Uk {
        &[Level::Uk, Level::Nation, Level::Region]
    } else {
        &[Level::Nation, Level::Region]
    };
    let before = period.before();
    let mut sector = Sector::default();
    for level in levels {
        // The query's periods say of which years figures are fetched: the year of the pair, and the one before.
        let (rows, pairs) = with_sources(app, &query(vec![before, period], *level), |sources| {
            (sources.rows(), pairs(app, sources, period))
        })?;
        sector.figures.extend(rows.iter().map(KpiFigure::from));
        sector.pairs.extend(pairs);
    }
    if live && area.level == Level::Uk {
        let nations =
            FigureQuery { within: Some(area.code.clone()), ..FigureQuery::of(vec![period], Level::Nation) };
        let rows: Vec<Row> = report_of_area(app, area, &nations, live)?;
        sector.khi = rows.into_iter().filter(|row| row.group.is_none()).collect();
    }
    sector.restated = restated(app, &query, levels, period)?;
    Ok(sector)
}

/// Figures of those who sent both: growth since the year before, and arrangements beside all people.
fn pairs(app: &App, sources: &Sources<'_>, period: Period) -> Vec<Pair> {
    let [people, ..] = PEOPLE;
    let kpi = |id: &str| app.registry.kpi(id);
    let grown = growing().filter_map(kpi);
    let mut all: Vec<Pair> =
        grown.flat_map(|grown| sources.pairs((grown, period), (grown, period.before()))).collect();
    if let Some(people) = kpi(people) {
        let kinds = ARRANGEMENTS.into_iter().filter_map(kpi);
        all.extend(kinds.flat_map(|kind| sources.pairs((kind, period), (people, period))));
    }
    all
}

/// What releases of periods that ended by the end of this year printed otherwise, the newest release first. A withdrawn release says nothing any more.
fn restated(
    app: &App,
    query: &dyn Fn(Vec<Period>, Level) -> FigureQuery,
    levels: &[Level],
    until: Period,
) -> Result<Vec<Restated>, StorageError> {
    let mut found = Vec::new();
    let counted: BTreeSet<&str> = growing().chain(ARRANGEMENTS).collect();
    for seen in list_releases(app)? {
        let Frozen::Here(release) = find_release(app, Some(&seen.id))? else { continue };
        let Ok(of) = release.period.parse::<Period>() else { continue };
        if of.last_day() > until.last_day() {
            continue;
        }
        let (text, _) = kpis_of_release(app, &release.id)?;
        let printed: Vec<KpiFigure> = serde_json::from_str(&text)?;
        let mut now: Vec<KpiFigure> = Vec::new();
        for level in levels.iter().filter(|level| is_told_of(**level)) {
            now.extend(kpi_rows(app, &query(vec![of], *level))?.iter().map(KpiFigure::from));
        }
        let named = published(&release);
        for figure in now.iter().filter(|figure| counted.contains(figure.kpi.as_str())) {
            found.extend(printed.iter().filter_map(|printed| Restated::between(printed, figure, &named)));
        }
    }
    Ok(found)
}

/// A KPI of a release that is worked out, with what it was worked out from.
#[derive(Deserialize)]
struct GrowthCell {
    place: Place,
    model: Option<String>,
    senders: i64,
    inputs: Option<Vec<CellInput>>,
}

/// What it was worked out from.
#[derive(Deserialize)]
struct CellInput {
    kpi: String,
    period: String,
    value: Option<f64>,
}

impl GrowthCell {
    /// The two figures of a growth: of one KPI, in two periods.
    fn pair(self) -> Option<Pair> {
        let [now, then] = <[CellInput; 2]>::try_from(self.inputs?).ok()?;
        let grown = growing().any(|kpi| kpi == now.kpi) && now.kpi == then.kpi && now.period != then.period;
        let (value, of_value) = now.value.zip(then.value).filter(|_| grown)?;
        Some(Pair {
            kpi: now.kpi,
            period: now.period,
            value,
            of: then.kpi,
            of_period: then.period,
            of_value,
            model: self.model,
            place: self.place,
            senders: self.senders,
        })
    }
}

/// Arrangements beside all people, where both are complete: a release does not say who of several sent what.
fn complete_pairs(figures: &[KpiFigure]) -> Vec<Pair> {
    let [people, ..] = PEOPLE;
    let complete = |figure: &&KpiFigure| figure.status == "shown" && figure.value.is_some();
    let kinds = figures.iter().filter(|f| ARRANGEMENTS.contains(&f.kpi.as_str())).filter(complete);
    let pair = |kind: &KpiFigure| {
        let of = figures
            .iter()
            .filter(complete)
            .find(|f| f.kpi == people && f.place == kind.place && f.period == kind.period)?;
        Some(Pair {
            kpi: kind.kpi.clone(),
            period: kind.period.clone(),
            value: kind.value?,
            of: of.kpi.clone(),
            of_period: of.period.clone(),
            of_value: of.value?,
            model: kind.model.clone(),
            place: kind.place.clone(),
            senders: kind.returned,
        })
    };
    kinds.filter_map(pair).collect()
}
