//! Which published figures belong beside those of a place and period: of the same area, in the financial year in which the period ends.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::import_comparators::seen;
use crate::app::App;
use crate::domain::area::{Area, Level};
use crate::domain::figures::{FigureQuery, Place};
use crate::domain::period::Period;
use crate::storage::StorageError;
use crate::storage::comparators::{self, ComparatorFileRow, ComparatorRow};

/// A figure that somebody else publishes. It is laid beside live figures, and never among them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparatorSeen {
    /// Always `comparator`: it is nobody's answer or return here.
    pub kind: &'static str,
    /// Who publishes it, the file it came in, and when that was imported.
    pub source: ComparatorSource,
    /// The financial year that it is of.
    pub year: String,
    /// The area that it is of: of a scheme, one of its councils.
    pub area: Place,
    /// What is measured: the publisher's code.
    pub measure: String,
    /// Of whom: the publisher's words.
    pub disaggregation: String,
    /// What was counted.
    pub numerator: Option<f64>,
    /// Out of how many.
    pub denominator: Option<f64>,
    /// The published result.
    pub outcome: Option<f64>,
    /// Why a number is not shown: the number's name, and the publisher's shorthand.
    pub not_shown: BTreeMap<&'static str, String>,
}

/// Where a comparator is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparatorSource {
    /// Whose figures.
    pub id: String,
    /// What the file was called.
    pub file: String,
    /// Its digest.
    pub sha256: String,
    /// When it was imported.
    pub imported_at: String,
}

/// Places and periods, with the year and the areas whose comparators belong there.
type Wanted = BTreeMap<(Place, String), (String, BTreeSet<String>)>;

/// The comparators beside each of these places and periods.
pub(super) fn comparators_beside(
    app: &App,
    query: &FigureQuery,
    places: &BTreeSet<(Place, String)>,
) -> Result<BTreeMap<(Place, String), Vec<ComparatorSeen>>, StorageError> {
    let periods: BTreeMap<String, Period> = query.periods.iter().map(|p| (p.to_string(), *p)).collect();
    let mut wanted: Wanted = BTreeMap::new();
    for (place, period) in places {
        let Some(found) = periods.get(period) else { continue };
        let areas = areas_of(app, query, place, *found);
        if !areas.is_empty() {
            wanted.insert((place.clone(), period.clone()), (year_of(*found).to_string(), areas));
        }
    }
    let years: BTreeSet<String> = wanted.values().map(|(year, _)| year.clone()).collect();
    let areas: BTreeSet<String> = wanted.values().flat_map(|(_, areas)| areas.iter().cloned()).collect();
    if areas.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (years, areas): (Vec<String>, Vec<String>) =
        (years.into_iter().collect(), areas.into_iter().collect());
    let rows = app.store.read(|db| comparators::of_areas(db, &years, &areas))?;
    let mut by_area: BTreeMap<(String, String), Vec<ComparatorSeen>> = BTreeMap::new();
    for (file, row) in rows {
        let key = (file.year.clone(), row.area.clone());
        by_area.entry(key).or_default().extend(show(app, &file, row));
    }
    let beside = |(year, areas): &(String, BTreeSet<String>)| -> Vec<ComparatorSeen> {
        let found = areas.iter().filter_map(|area| by_area.get(&(year.clone(), area.clone())));
        found.flatten().cloned().collect()
    };
    Ok(wanted.iter().map(|(key, wanted)| (key.clone(), beside(wanted))).collect())
}

/// The financial year in which a period ends.
fn year_of(period: Period) -> Period {
    let [_, year, ..] = Period::holding(period.last_day());
    year
}

/// Areas of the year whose figures belong to a place: itself, or what became it since; of a scheme, its councils.
fn areas_of(app: &App, query: &FigureQuery, place: &Place, period: Period) -> BTreeSet<String> {
    let areas = &app.registry.areas;
    let year_end = year_of(period).last_day();
    let on = query.areas_on(period);
    let codes: Vec<String> = match place.level {
        Level::Unit => Vec::new(),
        Level::Scheme => {
            let directory = app.directory();
            let scheme = directory.scheme(&place.code);
            let councils = scheme.map(|s| s.councils_in(areas, period.first_day(), period.last_day(), on));
            councils.into_iter().flatten().map(|c| c.code.clone()).collect()
        }
        _ => vec![place.code.clone()],
    };
    let is = |area: &Area| codes.contains(&area.code);
    let belongs = |area: &&Area| {
        area.in_force(year_end) && (is(area) || areas.become_by(&area.code, on).is_some_and(is))
    };
    areas.all().filter(belongs).map(|a| a.code.clone()).collect()
}

fn show(app: &App, file: &ComparatorFileRow, row: ComparatorRow) -> Option<ComparatorSeen> {
    let area = app.registry.areas.get(&row.area)?;
    let said = seen(file);
    let not_shown = [
        ("numerator", row.numerator_shorthand),
        ("denominator", row.denominator_shorthand),
        ("outcome", row.outcome_shorthand),
    ];
    Some(ComparatorSeen {
        kind: "comparator",
        source: ComparatorSource {
            id: said.source,
            file: said.name,
            sha256: said.sha256,
            imported_at: said.imported_at,
        },
        year: said.year,
        area: Place { level: area.level, code: area.code.clone(), name: area.name.clone() },
        measure: row.measure,
        disaggregation: row.disaggregation,
        numerator: row.numerator,
        denominator: row.denominator,
        outcome: row.outcome,
        not_shown: not_shown.into_iter().filter_map(|(name, why)| Some((name, why?))).collect(),
    })
}
