//! `areas.csv` and `schemes.csv`: the places that the release names, and the areas those lie in.

use std::collections::{BTreeMap, BTreeSet};

use super::PackageError;
use super::cell::{Cell, PlaceNamed};
use super::figures::LEVELS;
use super::kpi::KpiCell;
use super::table::{Field, Form, Reference, Rows, Table};
use crate::domain::area::Areas;

/// `areas.csv`. Names are those of the release; what an area lies in is the catalogue's to say.
pub(super) fn areas(cells: &[Cell], kpis: &[KpiCell], areas: &Areas) -> Result<Table, PackageError> {
    let places = cells.iter().map(|cell| &cell.place).chain(kpis.iter().map(|cell| &cell.place));
    let named: BTreeMap<&str, &PlaceNamed> =
        places.filter(|place| !place.is_scheme()).map(|place| (place.code.as_str(), place)).collect();
    let merged = cells.iter().filter_map(|cell| cell.merged_into.as_deref());
    let mut codes: BTreeSet<&str> = named.keys().copied().chain(merged).collect();
    let around: Vec<&str> =
        codes.iter().flat_map(|code| areas.upwards(code)).map(|area| area.code.as_str()).collect();
    codes.extend(around);
    let mut rows = Rows::begin(Form {
        name: "areas",
        title: "Areas",
        words: "The areas that the release names, and those they lie in. Codes are those of the Office for National Statistics; the trusts of Northern Ireland have placeholders.",
        fields: vec![
            Field::text("code", "The area’s code.").required().matching("^([EWSNK][0-9]{8}|NIHSCT-[a-z-]+)$"),
            Field::text("name", "Its name in English.").required(),
            Field::text("name_cy", "Its name in Welsh, where it has one."),
            Field::text("level", "Its level.")
                .required()
                .one_of(LEVELS.iter().take(4).map(|(code, _)| *code)),
            Field::text("within", "The area it lies in; empty for the United Kingdom."),
            Field::date("valid_from", "Its first day, where it is known."),
            Field::date("valid_to", "Its last day; empty if it goes on."),
        ],
        key: &["code"],
        references: vec![Reference { field: "within", table: "areas", to: "code" }],
        not_shown: None,
    });
    for code in codes {
        let (area, place) = (areas.get(code), named.get(code));
        let name = place.map(|p| p.name.as_str()).or(area.map(|a| a.name.as_str()));
        let level = place.map(|p| p.level.as_str()).or(area.map(|a| a.level.code()));
        let (Some(name), Some(level)) = (name, level) else {
            return Err(PackageError::UnknownArea(code.to_owned()));
        };
        rows.texts(&[
            code,
            name,
            area.and_then(|a| a.name_cy.as_deref()).unwrap_or_default(),
            level,
            area.and_then(|a| a.parent.as_deref()).unwrap_or_default(),
        ]);
        rows.number(area.and_then(|a| a.valid_from)).number(area.and_then(|a| a.valid_to)).end();
    }
    rows.finish()
}

/// `schemes.csv`. Nothing is said of a scheme but what the release says.
pub(super) fn schemes(cells: &[Cell]) -> Result<Table, PackageError> {
    let mut found: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| cell.place.is_scheme()) {
        let scheme = found.entry(&cell.place.code).or_default();
        scheme.0 = &cell.place.name;
        scheme.1.insert(&cell.model);
    }
    let mut rows = Rows::begin(Form {
        name: "schemes",
        title: "Schemes",
        words: "The schemes that the release names.",
        fields: vec![
            Field::text("scheme", "The scheme’s id.").required(),
            Field::text("name", "Its name.").required(),
            Field::text("models", "The models of support of its figures, parted by spaces.").required(),
        ],
        key: &["scheme"],
        references: Vec::new(),
        not_shown: None,
    });
    for (scheme, (name, models)) in found {
        let models: Vec<&str> = models.into_iter().collect();
        rows.texts(&[scheme, name, &models.join(" ")]).end();
    }
    rows.finish()
}
