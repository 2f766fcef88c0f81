//! The place beside those that it lies in: from one release, with the interval of each difference. Nothing is ranked.

use super::composer::{Composer, Part, Said, figure, is_shown};
use super::material::{MadeFrom, Published};
use super::written::{count_cell, numbers_column, percent, percent_cell, points_cell, words_column};
use crate::domain::comparison::{Difference, Verdict, difference_of};
use crate::domain::figures::Row;
use crate::domain::report::chart::{Bar, Chart, Shape};
use crate::domain::report::document::{Block, Table, TableRow, Value};

/// The blocks of a part; none where the place lies in no other, or nothing has been published.
pub(super) fn beside(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let w = c.w;
    let Some(beside) = c.m.beside.as_ref().filter(|_| !part.said.is_empty()) else { return Vec::new() };
    let mut places: Vec<(String, String)> = Vec::new();
    for row in part.said.iter().flat_map(|said| &said.wider) {
        if is_share(row) && !places.iter().any(|(code, _)| *code == row.place.code) {
            places.push((row.place.code.clone(), c.place_of(row)));
        }
    }
    if places.is_empty() {
        return Vec::new();
    }
    let tables: Vec<Block> =
        places.iter().filter_map(|(code, name)| table(c, part, code, name)).map(Block::Table).collect();
    if tables.is_empty() {
        return vec![Block::Note { text: w.t("beside_nothing").to_owned() }];
    }
    let mut blocks = vec![
        Block::Paragraph { text: from_release(c, "beside_lead", &beside.release) },
        Block::Note { text: w.t("beside_caution").to_owned() },
    ];
    if !c.is_wide() {
        blocks.extend(c.first(part).into_iter().filter_map(|said| chart(c, part, said)).map(Block::Chart));
    }
    blocks.extend(tables);
    blocks.push(Block::Paragraph { text: w.t("beside_points").to_owned() });
    blocks
}

/// From which release the figures are, and what a comparison does not say.
pub(super) fn notes(c: &Composer<'_>) -> Vec<String> {
    let Some(beside) = c.m.beside.as_ref() else { return Vec::new() };
    vec![from_release(c, "board_beside", &beside.release), c.w.t("beside_caution").to_owned()]
}

fn from_release(c: &Composer<'_>, key: &str, release: &Published) -> String {
    let (number, period) = (release.number.to_string(), c.period_named(&release.period));
    c.w.with(key, &[("number", &number), ("period", &period)])
}

/// The place's own row of the release.
fn own<'a>(c: &Composer<'a>, said: &Said<'a>) -> Option<&'a Row> {
    let row = match c.m.made_from {
        MadeFrom::Release(_) => said.own,
        MadeFrom::Shown { .. } => said.released,
    };
    row.filter(|row| is_share(row))
}

fn is_share(row: &Row) -> bool {
    is_shown(row) && row.percent.is_some()
}

/// How the place differs from each that it lies in, in words, with the interval of the difference.
pub(super) fn in_words(c: &Composer<'_>, said: &Said<'_>) -> Vec<String> {
    let Some(own) = own(c, said) else { return Vec::new() };
    let line = |wide: &&Row| {
        let found = found(own, wide)?;
        let values = [
            ("place", c.place_of(wide)),
            ("says", verdict(c, found.verdict).to_owned()),
            ("points", points_cell(found.points).text),
            ("low", points_cell(found.low).text),
            ("high", points_cell(found.high).text),
        ];
        Some(c.w.made("board_difference", &values))
    };
    said.wider.iter().copied().filter(|row| is_share(row)).filter_map(|row| line(&row)).collect()
}

/// The difference between a place and one that it lies in.
fn found(own: &Row, wide: &Row) -> Option<Difference> {
    difference_of((own.positive?, own.n?), (wide.positive?, wide.n?), own.periods == wide.periods)
}

fn verdict(c: &Composer<'_>, verdict: Verdict) -> &'static str {
    c.w.t(match verdict {
        Verdict::Higher => "verdict_higher",
        Verdict::Lower => "verdict_lower",
        Verdict::NotClear => "verdict_not_clear",
    })
}

fn table(c: &Composer<'_>, part: &Part<'_>, code: &str, name: &str) -> Option<Table> {
    let w = c.w;
    let rows: Vec<TableRow> = part
        .said
        .iter()
        .filter_map(|said| {
            let own = own(c, said)?;
            let wide = said.wider.iter().copied().find(|row| row.place.code == code && is_share(row))?;
            let found = found(own, wide)?;
            let none = || Value::absent("–");
            Some(TableRow {
                head: c.title(said),
                cells: vec![
                    percent_cell(own.percent, none),
                    percent_cell(wide.percent, none),
                    points_cell(found.points),
                    points_cell(found.low),
                    points_cell(found.high),
                    Value::text(verdict(c, found.verdict)),
                ],
            })
        })
        .collect();
    let columns = vec![
        words_column(w.t("column_said")),
        numbers_column(w.t("column_here")),
        numbers_column(name),
        numbers_column(w.t("column_difference")),
        numbers_column(w.t("column_low")),
        numbers_column(w.t("column_high")),
        words_column(w.t("column_says")),
    ];
    let caption = w.with("caption_beside", &[("place", name)]);
    (!rows.is_empty()).then_some(Table { caption, columns, rows })
}

/// The place and those that it lies in; none where nothing is there to compare.
pub(super) fn chart(c: &Composer<'_>, part: &Part<'_>, said: &Said<'_>) -> Option<Chart> {
    let w = c.w;
    let own = own(c, said)?;
    let rows: Vec<(String, &Row)> = std::iter::once((c.here(), own))
        .chain(said.wider.iter().copied().filter(|row| is_share(row)).map(|row| (c.place_of(row), row)))
        .collect();
    if rows.len() < 2 {
        return None;
    }
    // The title of the report names the place: beside others it is “here”.
    let label =
        |index: usize, place: &String| if index == 0 { w.t("column_here").to_owned() } else { place.clone() };
    let title = w.with("beside_chart_title", &[("title", &c.title(said))]);
    let parts = rows
        .iter()
        .map(|(place, row)| w.with("beside_chart_part", &[("place", place), ("percent", &figure(row))]));
    let parts = parts.collect::<Vec<_>>().join(w.t("list_separator"));
    let none = || Value::absent("–");
    let table = Table {
        caption: title.clone(),
        columns: vec![
            words_column(w.t("column_place")),
            numbers_column(w.t("column_share")),
            numbers_column(w.t("column_people")),
            numbers_column(w.t("column_low")),
            numbers_column(w.t("column_high")),
        ],
        rows: rows
            .iter()
            .enumerate()
            .map(|(index, (place, row))| TableRow {
                head: label(index, place),
                cells: vec![
                    percent_cell(row.percent, none),
                    count_cell(row.n, none),
                    percent_cell(row.interval.as_ref().map(|i| i.low), none),
                    percent_cell(row.interval.as_ref().map(|i| i.high), none),
                ],
            })
            .collect(),
    };
    let bars = rows.iter().enumerate().map(|(index, (place, row))| Bar {
        label: label(index, place),
        value: row.percent,
        interval: row.interval.as_ref().map(|i| (i.low, i.high)),
        text: row.percent.map(percent).unwrap_or_default(),
        own: index == 0,
    });
    Some(Chart {
        id: format!(
            "beside-{}-{}",
            part.model.map_or("areas", crate::domain::definition::Model::code),
            said.entry.indicator
        ),
        description: w.with("beside_chart_description", &[("parts", &parts)]),
        shape: Shape::Bars { bars: bars.collect() },
        table,
        title,
    })
}
