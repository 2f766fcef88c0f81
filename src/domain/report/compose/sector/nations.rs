//! What is told nation by nation: how the regulator of each rates services, and what people say.

use super::super::composer::{Composer, is_shown};
use super::super::counted::table;
use super::super::material::KpiFigure;
use super::super::written::{count_cell, numbers_column, percent_cell, words_column};
use super::material::{RATINGS, Sector};
use crate::domain::area::Level;
use crate::domain::figures::Row;
use crate::domain::report::document::{Block, Table, TableRow, Value};

/// Nations, with the words that say how services are rated there.
const NATIONS: [(&str, &str); 4] = [
    ("E92000001", "sector_rated_england"),
    ("S92000003", "sector_rated_scotland"),
    ("W92000004", "sector_rated_wales"),
    ("N92000002", "sector_rated_northern_ireland"),
];

/// Ratings, each of the nation whose regulator gives it: of the UK there is none, and none is added up.
pub(super) fn ratings(c: &Composer<'_>, sector: &Sector) -> Vec<Block> {
    let period = c.m.period.to_string();
    let mut blocks = vec![Block::Paragraph { text: c.w.t("sector_ratings_lead").to_owned() }];
    let areas = &c.m.registry.areas;
    let within = NATIONS.into_iter().filter(|(nation, _)| areas.lies_within(nation, &c.m.place.code));
    for (nation, how) in within {
        let Some(area) = areas.get(nation) else { continue };
        let name = c.place_name(&area.code, &area.name);
        blocks.push(Block::Heading { text: name.clone() });
        blocks.push(Block::Paragraph { text: c.w.t(how).to_owned() });
        let rated = |kpi: &&str| {
            c.m.registry.kpi(kpi).is_some_and(|kpi| kpi.nations.iter().any(|code| code == nation))
        };
        let kpis: Vec<&str> = RATINGS.into_iter().filter(rated).collect();
        if kpis.is_empty() {
            continue;
        }
        let there: Vec<&KpiFigure> = kpis
            .iter()
            .filter_map(|kpi| sector.figure(kpi, nation, &period))
            .filter(|figure| figure.value.is_some())
            .collect();
        if there.is_empty() {
            blocks.push(Block::Note { text: c.w.t("sector_ratings_none").to_owned() });
        } else {
            let caption = c.w.with("sector_ratings_caption", &[("place", &name)]);
            blocks.push(Block::Table(Table { caption, ..table(c, &there) }));
        }
    }
    blocks
}

/// The Key Human Indicators that stand first, of the place and of each nation in it.
pub(super) fn said(c: &Composer<'_>, sector: &Sector) -> Vec<Block> {
    let mut blocks = Vec::new();
    for part in &c.parts {
        let mut rows = Vec::new();
        for said in c.first(part) {
            let is_this = |row: &&Row| {
                Some(row.model.as_str()) == part.model.map(|model| model.code())
                    && row.indicator == said.indicator.id
                    && row.series == said.entry.series
            };
            let of_nations = sector.khi.iter().filter(is_this).filter(|row| row.place.code != c.m.place.code);
            let title = c.title(said);
            rows.extend(said.own.into_iter().chain(of_nations).map(|row| line(c, &title, row)));
        }
        if rows.is_empty() {
            continue;
        }
        let model = c.model_title(part.model);
        blocks.push(Block::Heading { text: model.to_owned() });
        blocks.push(Block::Table(Table {
            caption: c.w.with("sector_said_caption", &[("model", model)]),
            columns: vec![
                words_column(c.w.t("column_said")),
                words_column(c.w.t("column_place")),
                numbers_column(c.w.t("column_share")),
                numbers_column(c.w.t("column_people")),
                numbers_column(c.w.t("column_low")),
                numbers_column(c.w.t("column_high")),
            ],
            rows,
        }));
    }
    if blocks.is_empty() {
        return vec![Block::Note { text: c.w.t("asked_none").to_owned() }];
    }
    blocks.insert(0, Block::Paragraph { text: c.w.t("sector_said_lead").to_owned() });
    blocks
}

fn line(c: &Composer<'_>, title: &str, row: &Row) -> TableRow {
    let dash = || Value::absent("–");
    let shown = is_shown(row);
    let interval = row.interval.as_ref().filter(|_| shown);
    let place = if matches!(row.place.level, Level::Uk) { c.here() } else { c.place_of(row) };
    TableRow {
        head: title.to_owned(),
        cells: vec![
            Value::text(place),
            percent_cell(row.percent.filter(|_| shown), || c.absent(Some(row))),
            count_cell(row.n.filter(|_| shown), dash),
            percent_cell(interval.map(|i| i.low), dash),
            percent_cell(interval.map(|i| i.high), dash),
        ],
    }
}
