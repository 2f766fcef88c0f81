//! Earlier years: what releases of ours printed otherwise, and what others have published.

use super::super::composer::Composer;
use super::super::counted::{title, value_cell};
use super::super::material::{KpiFigure, MadeFrom};
use super::super::written::{amount_cell, numbers_column, percent, words_column};
use super::growth::{percent_change, returns};
use super::material::Sector;
use crate::domain::definition::PublishedFigure;
use crate::domain::report::document::{Block, Table, TableRow, Value};

/// Figures that are no longer what a release of ours printed: both are shown, and which release printed the old one.
pub(super) fn restated(c: &Composer<'_>, sector: &Sector) -> Vec<Block> {
    let w = c.w;
    if let MadeFrom::Release(_) = c.m.made_from {
        return vec![Block::Paragraph { text: w.t("sector_restated_release").to_owned() }];
    }
    if sector.restated.is_empty() {
        return vec![Block::Paragraph { text: w.t("sector_restated_none").to_owned() }];
    }
    let value = |figure: &KpiFigure| value_cell(c, figure);
    let returns = |figure: &KpiFigure| Value::text(returns(c, Some(figure)));
    let rows = sector.restated.iter().map(|restated| {
        let now = value(&restated.now);
        TableRow {
            head: title(c, &restated.now).to_owned(),
            cells: vec![
                Value::text(c.place_name(&restated.now.place.code, &restated.now.place.name)),
                Value::text(restated.now.period.clone()),
                value(&restated.printed),
                returns(&restated.printed),
                Value { text: format!("{} r", now.text), ..now },
                returns(&restated.now),
                Value::text(w.with(
                    "sector_release",
                    &[
                        ("number", &restated.release.number.to_string()),
                        ("day", &w.day(restated.release.published_on)),
                    ],
                )),
            ],
        }
    });
    vec![
        Block::Paragraph { text: w.t("sector_restated_lead").to_owned() },
        Block::Table(Table {
            caption: w.t("section_restated").to_owned(),
            columns: vec![
                words_column(w.t("column_counted")),
                words_column(w.t("column_place")),
                words_column(w.t("column_period")),
                numbers_column(w.t("column_printed")),
                words_column(w.t("column_returns_printed")),
                numbers_column(w.t("column_now")),
                words_column(w.t("column_returns_now")),
                words_column(w.t("column_printed_in")),
            ],
            rows: rows.collect(),
        }),
    ]
}

/// What others have published of the place and of the nations in it; nothing where that is nothing.
pub(super) fn published(c: &Composer<'_>) -> Vec<Block> {
    let w = c.w;
    let all = &c.m.registry.published_figures;
    let areas = &c.m.registry.areas;
    let is_here = |figure: &&PublishedFigure| areas.lies_within(&figure.nation, &c.m.place.code);
    let here: Vec<&PublishedFigure> = all.values.iter().filter(is_here).collect();
    if here.is_empty() {
        return Vec::new();
    }
    let source = |id: &str| all.source(id).map_or("", |source| w.title(&source.title));
    let value = |figure: &PublishedFigure| {
        let unit = all.measure(&figure.measure).map_or("", |measure| measure.unit.as_str());
        let words = if unit == "people" { "" } else { c.m.registry.unit(unit, w.language.code()) };
        let cell = amount_cell(figure.value, unit, words);
        Value { text: cell.text.replace('-', "−"), ..cell }
    };
    let row = |figure: &&PublishedFigure| {
        let cell = value(figure);
        let later = figure.superseded_by.as_deref().and_then(|id| all.value(id));
        let cell = if later.is_some() { Value { text: format!("{} r", cell.text), ..cell } } else { cell };
        let note = later.map(|later| {
            let values = [("value", value(later).text), ("source", source(&later.published_in).to_owned())];
            w.made("sector_superseded", &values)
        });
        let place = areas.get(&figure.nation).map(|area| c.place_name(&area.code, &area.name));
        TableRow {
            head: all
                .measure(&figure.measure)
                .map_or_else(|| figure.measure.clone(), |measure| w.title(&measure.title).to_owned()),
            cells: vec![
                Value::text(place.unwrap_or_default()),
                Value::text(figure.year.clone()),
                cell,
                percent_change(all.change_percent(figure)),
                Value::text(source(&figure.published_in)),
                Value::text(note.unwrap_or_else(|| "–".to_owned())),
            ],
        }
    };
    let mut blocks = vec![
        Block::Paragraph { text: w.t("sector_earlier_lead").to_owned() },
        Block::Table(Table {
            caption: w.t("sector_earlier_caption").to_owned(),
            columns: vec![
                words_column(w.t("column_measure")),
                words_column(w.t("column_place")),
                words_column(w.t("column_year")),
                numbers_column(w.t("column_value")),
                numbers_column(w.t("column_change_percent")),
                words_column(w.t("column_published_in")),
                words_column(w.t("column_later")),
            ],
            rows: here.iter().map(row).collect(),
        }),
    ];
    // Kinds of arrangement that one publication printed as shares of the same people.
    for published in &all.sources {
        let shares: Vec<f64> = here
            .iter()
            .filter(|figure| figure.published_in == published.id && figure.measure.ends_with("-share"))
            .map(|figure| figure.value)
            .collect();
        let sum: f64 = shares.iter().sum();
        if shares.len() > 1 && sum > 100.0 {
            let values = [("source", w.title(&published.title).to_owned()), ("sum", percent(sum))];
            let text = w.made("sector_earlier_sum", &values);
            blocks.push(Block::Note { text });
        }
    }
    let used = all.sources.iter().filter(|source| here.iter().any(|figure| figure.published_in == source.id));
    let items = used.map(|source| format!("{}: {}", w.title(&source.title), source.address)).collect();
    blocks.push(Block::Heading { text: w.t("sector_sources").to_owned() });
    blocks.push(Block::List { items });
    blocks
}
