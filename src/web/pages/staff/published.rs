//! What others publish of the places of a page: a table of its own beside live figures, which says whose they are.

use std::collections::{BTreeMap, BTreeSet};

use super::outcomes::{Cell, Line, nothing};
use crate::domain::comparators::Shorthand;
use crate::use_cases::{ComparatorSeen, Outcome};
use crate::web::pages::amounts::alone_in_unit;

/// Comparators of a page.
pub(super) struct Published {
    /// One for each measure, group of people and area.
    pub(super) lines: Vec<Line>,
    /// The files they are from.
    pub(super) sources: Vec<String>,
}

/// The comparators beside these outcomes, period by period.
pub(super) fn published(periods: &[String], found: &[Outcome]) -> Published {
    let mut rows: BTreeMap<(&str, &str, &str), BTreeMap<&str, &ComparatorSeen>> = BTreeMap::new();
    let mut sources = BTreeSet::new();
    let all = || found.iter().flat_map(|o| o.comparators.iter().map(move |c| (o.period.as_str(), c)));
    let areas: BTreeSet<&str> = all().map(|(_, one)| one.area.code.as_str()).collect();
    for (period, one) in all() {
        let key = (one.measure.as_str(), one.disaggregation.as_str(), one.area.name.as_str());
        rows.entry(key).or_default().insert(period, one);
        sources.insert(source(one));
    }
    let line = |((measure, group, area), cells): (&(&str, &str, &str), &BTreeMap<&str, &ComparatorSeen>)| {
        let cell = |period: &String| match cells.get(period.as_str()) {
            Some(one) => cell(period, one),
            None => nothing(period, "nothing published"),
        };
        let place = if areas.len() > 1 { format!(", {area}") } else { String::new() };
        Line { title: format!("{measure}: {group}{place}"), cells: periods.iter().map(cell).collect() }
    };
    Published { lines: rows.iter().map(line).collect(), sources: sources.into_iter().collect() }
}

fn source(one: &ComparatorSeen) -> String {
    let digest = one.source.sha256.get(..12).unwrap_or_default();
    let day = one.source.imported_at.get(..10).unwrap_or_default();
    let (id, year, file) = (one.source.id.to_uppercase(), &one.year, &one.source.file);
    format!("{id} {year}: {file}, imported {day}, SHA-256 {digest}…")
}

fn cell(period: &str, one: &ComparatorSeen) -> Cell {
    let number = |value: Option<f64>, name: &str| match (value, one.not_shown.get(name)) {
        (Some(value), _) => alone_in_unit(value, ""),
        (None, Some(why)) => Shorthand::parse(why).map_or("not shown", Shorthand::words).to_owned(),
        (None, None) => "–".to_owned(),
    };
    let base = match (one.numerator, one.denominator) {
        (None, None) => String::new(),
        (above, below) => format!("{} of {}, ", number(above, "numerator"), number(below, "denominator")),
    };
    Cell {
        period: period.to_owned(),
        value: number(one.outcome, "outcome"),
        base: format!("{base}published for {}", one.year),
    }
}
