//! The state of the sector: how many people are supported and by whom, what kinds of arrangement they have, where it grows, how services are
//! rated, what people say, what it costs; which figures were printed otherwise before, and what others have published.

mod earlier;
mod growth;
mod kinds;
mod material;
mod nations;

use super::composer::Composer;
use super::counted::table;
use super::material::KpiFigure;
use super::summary::{foremost, notes};
use super::{facts, model_titles};
use crate::domain::report::document::{Block, Document, Section};

use material::HELPERS;
pub use material::{ARRANGEMENTS, PEOPLE, Restated, Sector, growing, spoken_of};

/// The state of the sector of a place.
pub(super) fn state(c: &Composer<'_>) -> Document {
    let (m, w) = (c.m, c.w);
    let models = model_titles(c);
    let period = c.period(m.period);
    let mut document = Document {
        title: w.with("sector_title", &[("place", &c.here())]),
        subtitle: w.with("subtitle", &[("models", &models), ("period", &period)]),
        language: w.language.code().to_owned(),
        facts: facts(c, &models, period.clone()),
        summary: Vec::new(),
        sections: Vec::new(),
    };
    document.summary.extend(notes(c).into_iter().map(|text| Block::Note { text }));
    let Some(sector) = &m.sector else {
        document.summary.push(Block::Lead { text: w.t("sector_none").to_owned() });
        return document;
    };
    document.summary.extend(first_page(c, sector, &period));
    let all = [
        ("people", "section_people", counts(c, sector, &PEOPLE, "sector_people_lead")),
        ("helpers", "section_helpers", counts(c, sector, &HELPERS, "sector_helpers_lead")),
        ("arrangements", "section_arrangements", kinds::arrangements(c, sector)),
        ("ratings", "section_ratings", nations::ratings(c, sector)),
        ("said", "section_said", nations::said(c, sector)),
        ("costs", "section_costs", costs(c, sector)),
        ("restated", "section_restated", earlier::restated(c, sector)),
        ("earlier", "section_earlier", earlier::published(c)),
        ("reading", "section_reading", reading(c)),
    ];
    let section = |(id, title, blocks): (&str, &str, Vec<Block>)| Section {
        id: id.to_owned(),
        title: w.t(title).to_owned(),
        blocks,
    };
    document.sections = all.into_iter().filter(|(.., blocks)| !blocks.is_empty()).map(section).collect();
    document
}

/// How many counts and how many Key Human Indicators stand on the first page.
const FIRST: usize = 4;

fn first_page(c: &Composer<'_>, sector: &Sector, period: &str) -> Vec<Block> {
    let w = c.w;
    let mut blocks =
        vec![Block::Lead { text: w.with("sector_lead", &[("place", &c.here()), ("period", period)]) }];
    // People of the largest model and who supports them, then people of others.
    let order = PEOPLE[..1].iter().chain(&HELPERS[..1]).chain(&PEOPLE[1..]);
    let counted: Vec<Block> =
        order.filter_map(|kpi| growth::key(c, sector, kpi)).take(FIRST).map(Block::Key).collect();
    if counted.is_empty() {
        blocks.push(Block::Paragraph { text: w.t("counted_nothing").to_owned() });
    } else {
        blocks.push(Block::Heading { text: w.t("sector_first_counted").to_owned() });
        blocks.extend(counted);
    }
    if let Some(part) = foremost(c) {
        let keys = c.first(part).into_iter().filter_map(|said| super::said::key(c, said));
        let keys: Vec<Block> = keys.take(FIRST).map(Block::Key).collect();
        if !keys.is_empty() {
            let heading = format!("{}: {}", c.model_title(part.model), w.t("section_said"));
            blocks.push(Block::Heading { text: heading });
            blocks.extend(keys);
        }
    }
    blocks.push(Block::Heading { text: w.t("summary_sure").to_owned() });
    blocks.push(Block::List {
        items: ["sector_sure_returns", "sector_sure_compared"].map(|key| w.t(key).to_owned()).into(),
    });
    blocks
}

/// Counts of which the growth is told.
fn counts(c: &Composer<'_>, sector: &Sector, kpis: &[&str], lead: &str) -> Vec<Block> {
    let told: Vec<Block> = kpis.iter().flat_map(|kpi| growth::told(c, sector, kpi)).collect();
    if told.is_empty() {
        return told;
    }
    let mut blocks = vec![Block::Paragraph { text: c.w.t(lead).to_owned() }];
    let regions_missing = sector.figures.iter().all(|f| f.place.level != crate::domain::area::Level::Region);
    if regions_missing && matches!(c.m.made_from, super::material::MadeFrom::Release(_)) {
        blocks.push(Block::Note { text: c.w.t("counted_not_public").to_owned() });
    }
    if lead == "sector_helpers_lead" {
        blocks.push(Block::Note { text: c.w.t("sector_staff").to_owned() });
    }
    blocks.extend(told);
    blocks
}

/// What is in pounds, each with the year of its prices.
fn costs(c: &Composer<'_>, sector: &Sector) -> Vec<Block> {
    let period = c.m.period.to_string();
    let is_here = |figure: &&KpiFigure| {
        figure.unit.starts_with("gbp") && figure.place.code == c.m.place.code && figure.period == period
    };
    let (there, missing): (Vec<&KpiFigure>, Vec<&KpiFigure>) =
        sector.figures.iter().filter(is_here).partition(|figure| figure.value.is_some());
    let mut blocks = vec![Block::Paragraph { text: c.w.t("sector_costs_lead").to_owned() }];
    if there.is_empty() {
        blocks.push(Block::Note { text: c.w.t("counted_nothing").to_owned() });
    } else {
        blocks.push(Block::Table(crate::domain::report::document::Table {
            caption: c.w.t("section_costs").to_owned(),
            ..table(c, &there)
        }));
    }
    let names: Vec<&str> = missing.iter().map(|figure| super::counted::title(c, figure)).collect();
    if !names.is_empty() && !there.is_empty() {
        let titles = names.join(c.w.t("list_separator"));
        blocks.push(Block::Note { text: c.w.with("sector_costs_missing", &[("titles", &titles)]) });
    }
    blocks
}

fn reading(c: &Composer<'_>) -> Vec<Block> {
    let keys = [
        "sector_reading_returns",
        "sector_reading_same",
        "sector_reading_percent",
        "sector_reading_restated",
        "reading_interval",
        "reading_cause",
        "reading_hidden",
        "reading_translation",
    ];
    vec![Block::List { items: keys.map(|key| c.w.t(key).to_owned()).into() }]
}
