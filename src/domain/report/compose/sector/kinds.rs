//! Kinds of arrangement as shares of all people. One person can have several, so the shares are laid beside each other and never added up to a whole.

use super::super::composer::Composer;
use super::super::counted::title;
use super::super::written::{count_cell, numbers_column, percent, words_column};
use super::growth::{rounded, share_cell, whole};
use super::material::{ARRANGEMENTS, PEOPLE, Sector};
use crate::domain::report::chart::{Bar, Chart, Shape};
use crate::domain::report::document::{Block, Table, TableRow, Value};
use crate::domain::statement::thousands;

/// A kind of arrangement: what it is called, and its share in percent with how many have sent both figures.
struct KindOf {
    title: String,
    count: Option<i64>,
    share: Option<(f64, f64, f64, i64)>,
}

/// What is told of arrangements; nothing where nobody counts them.
pub(super) fn arrangements(c: &Composer<'_>, sector: &Sector) -> Vec<Block> {
    let (period, place) = (c.m.period.to_string(), c.m.place.code.as_str());
    let [people, ..] = PEOPLE;
    let all: Vec<KindOf> = ARRANGEMENTS
        .iter()
        .filter_map(|kpi| {
            let figure = sector.figure(kpi, place, &period)?;
            let pair = sector.pair((kpi, &period), (people, &period), place);
            let share = pair
                .filter(|pair| pair.of_value > 0.0)
                .map(|pair| (pair.value / pair.of_value * 100.0, pair.value, pair.of_value, pair.senders));
            let count = figure.value.map(rounded);
            Some(KindOf { title: title(c, figure).to_owned(), count, share })
        })
        .collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        Block::Lead { text: c.w.t("sector_arrangements_lead").to_owned() },
        Block::Paragraph { text: c.w.t("sector_arrangements_more").to_owned() },
    ];
    let shares: Vec<f64> = all.iter().filter_map(|kind| kind.share.map(|share| share.0)).collect();
    if shares.is_empty() {
        blocks.push(Block::Note { text: c.w.t("sector_arrangements_none").to_owned() });
        blocks.push(Block::Table(table_of(c, &all)));
    } else {
        let sum = percent(shares.iter().sum());
        blocks.push(Block::Paragraph { text: c.w.with("sector_arrangements_sum", &[("sum", &sum)]) });
        blocks.push(Block::Chart(chart(c, &all)));
    }
    blocks.push(Block::Note { text: c.w.t("sector_needs").to_owned() });
    blocks
}

fn chart(c: &Composer<'_>, all: &[KindOf]) -> Chart {
    let shown = all.iter().filter_map(|kind| kind.share.map(|share| (kind, share.0)));
    let most = shown.max_by(|a, b| a.1.total_cmp(&b.1));
    let (first, high) =
        most.map_or(("", String::new()), |(kind, share)| (kind.title.as_str(), percent(share)));
    let bars = all.iter().map(|kind| Bar {
        label: kind.title.clone(),
        value: kind.share.map(|share| share.0),
        interval: None,
        text: kind.share.map_or_else(|| c.w.t("absent_not_sent").to_owned(), |share| percent(share.0)),
        own: true,
    });
    Chart {
        id: "arrangements".to_owned(),
        title: c.w.t("section_arrangements").to_owned(),
        description: c.w.with("sector_arrangements_says", &[("first", first), ("high", &high)]),
        shape: Shape::Bars { bars: bars.collect() },
        table: table_of(c, all),
    }
}

fn table_of(c: &Composer<'_>, all: &[KindOf]) -> Table {
    let row = |kind: &KindOf| {
        let none = || Value::absent(c.w.t("absent_not_sent"));
        let of = kind.share.map(|(_, value, of, senders)| {
            let values = [("value", whole(value)), ("of", whole(of)), ("senders", thousands(senders))];
            c.w.made("sector_share_of", &values)
        });
        TableRow {
            head: kind.title.clone(),
            cells: vec![
                count_cell(kind.count, none),
                share_cell(kind.share.map(|share| share.0), c.w.t("sector_no_share")),
                of.map_or_else(|| Value::absent("–"), Value::text),
            ],
        }
    };
    Table {
        caption: c.w.t("section_arrangements").to_owned(),
        columns: vec![
            words_column(c.w.t("column_arrangement")),
            numbers_column(c.w.t("column_people")),
            numbers_column(c.w.t("column_share")),
            words_column(c.w.t("column_share_of")),
        ],
        rows: all.iter().map(row).collect(),
    }
}
