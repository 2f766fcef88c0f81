//! What people say: each Key Human Indicator in words first, then its figure and what it rests upon.

use std::collections::BTreeMap;

use super::composer::{Composer, Part, Said, Whose, figure, is_shown};
use super::small;
use super::written::{count_cell, ends, number_cell, numbers_column, percent, percent_cell, words_column};
use crate::domain::figures::{Row, Status};
use crate::domain::report::chart::{Bar, Chart, Shape};
use crate::domain::report::document::{Block, KeyFigure, Table, TableRow, Value};
use crate::domain::statement::thousands;

/// The blocks of a part.
pub(super) fn said(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    if part.said.is_empty() {
        return Vec::new();
    }
    let mut blocks = Vec::new();
    let own: Vec<&Said<'_>> = part.said.iter().filter(|said| said.own_best().is_some()).collect();
    if own.is_empty() {
        blocks.extend(small::nothing_own(c, part));
        blocks.extend(wider(c, part));
        return blocks;
    }
    let wanting = part.said.iter().filter(|said| said.own.is_some() && said.own_best().is_none()).count();
    if wanting > own.len() {
        blocks.push(Block::Note { text: c.w.t("small_mostly").to_owned() });
        blocks.extend(small::why(c));
    }
    let mut groups: Vec<(&str, Vec<&Said<'_>>)> = Vec::new();
    for one in &own {
        let who = one.definition.respondent.as_str();
        match groups.last_mut() {
            Some((known, all)) if *known == who => all.push(one),
            _ => groups.push((who, vec![one])),
        }
    }
    let first = c.first(part);
    for (who, all) in &groups {
        if groups.len() > 1 || c.is_wide() {
            blocks.push(Block::Heading { text: named(c, "said", who) });
        }
        let bars = bars(c, part, who, all);
        // Shares stand in words in the table beside the drawing. Of several models the first of each stand large.
        let is_first = |said: &Said<'_>| first.iter().any(|f| std::ptr::eq(*f, said));
        let told = all.iter().filter(|said| said.entry.rule.code() != "bands").filter(|said| {
            if c.is_wide() { is_first(said) } else { bars.is_none() || !said.entry.rule.is_share() }
        });
        let told: Vec<Block> = told.filter_map(|said| key(c, said)).map(Block::Key).collect();
        let bars = bars.map(Block::Chart);
        if c.is_wide() {
            blocks.extend(told.into_iter().chain(bars));
        } else {
            blocks.extend(bars.into_iter().chain(told));
        }
    }
    blocks.extend(scores(c, &own).map(Block::Table));
    blocks.extend(not_shown(c, part));
    blocks.extend(wider(c, part));
    blocks
}

/// Words that there are for each kind of respondent: `said_carer`.
pub(super) fn named(c: &Composer<'_>, prefix: &str, respondent: &str) -> String {
    let key = format!("{prefix}_{respondent}");
    if c.w.has(&key) { c.w.t(&key).to_owned() } else { c.w.t(&format!("{prefix}_other")).to_owned() }
}

/// What can be said of one thing, in words, with its number and what that rests upon; the name of the place first where it is not the own.
pub(super) fn key(c: &Composer<'_>, said: &Said<'_>) -> Option<KeyFigure> {
    let (row, whose) = said.best()?;
    let words = c.headline(said, row)?;
    let words = if whose == Whose::Wider { format!("{}: {words}", c.place_of(row)) } else { words };
    Some(KeyFigure { words, number: figure(row), base: base(c, row, whose) })
}

/// “45 of 50 people; 95% interval 78.6% to 95.7%”.
pub(super) fn base(c: &Composer<'_>, row: &Row, whose: Whose) -> String {
    let w = c.w;
    let mut parts = Vec::new();
    match (row.positive, row.n) {
        (Some(positive), Some(n)) => {
            parts.push(w.with("of_people", &[("positive", &thousands(positive)), ("n", &thousands(n))]))
        }
        (None, Some(n)) => parts.push(w.with("people", &[("n", &thousands(n))])),
        (_, None) => {}
    }
    if let Some((low, high)) = ends(row) {
        parts.push(w.with("interval", &[("low", &low), ("high", &high)]));
    }
    if row.status == Status::Banded {
        parts.push(w.t("words_only").to_owned());
    }
    for period in row.periods.iter().flatten().filter(|_| row.status == Status::Pooled) {
        parts.push(w.with("pooled_years", &[("period", &c.period_named(period))]));
    }
    if whose != Whose::Own {
        parts.push(w.with("from_newest_release", &[("period", &c.period_named(&row.period))]));
    }
    parts.join(w.t("list_separator"))
}

/// The shares of one kind of respondent, drawn and in figures; none where no share has a number.
fn bars(c: &Composer<'_>, part: &Part<'_>, who: &str, all: &[&Said<'_>]) -> Option<Chart> {
    let mut shares: Vec<(&Said<'_>, &Row, Whose)> = all
        .iter()
        .filter(|said| said.entry.rule.is_share())
        .filter_map(|said| said.own_best().map(|(row, whose)| (*said, row, whose)))
        .collect();
    shares.sort_by(|a, b| b.1.percent.partial_cmp(&a.1.percent).unwrap_or(std::cmp::Ordering::Equal));
    let numbered: Vec<_> = shares.iter().filter(|(_, row, _)| row.percent.is_some()).collect();
    let (first, last) = (numbered.first()?, numbered.last()?);
    let said_at = |(said, row, _): &(&Said<'_>, &Row, Whose)| (c.title(said), figure(row));
    let ((first, high), (last, low)) = (said_at(first), said_at(last));
    let model = part.model.map_or("areas", crate::domain::definition::Model::code);
    let description = if numbered.len() == 1 {
        c.w.with("bars_description_one", &[("first", &first), ("high", &high)])
    } else {
        let values = [("first", first.as_str()), ("high", &high), ("last", &last), ("low", &low)];
        c.w.with("bars_description", &values)
    };
    Some(Chart {
        id: format!("shares-{model}-{who}"),
        title: c.w.t("bars_title").to_owned(),
        description,
        shape: Shape::Bars {
            bars: shares
                .iter()
                .map(|(said, row, _)| Bar {
                    label: c.title(said),
                    value: row.percent,
                    interval: row.interval.as_ref().map(|i| (i.low, i.high)),
                    text: row.percent.map_or_else(|| c.absent(Some(row)).text, percent),
                    own: true,
                })
                .collect(),
        },
        table: figures(c, "caption_figures", &shares),
    })
}

/// Shares in a table: everything that belongs to a figure stands beside it.
fn figures(c: &Composer<'_>, caption: &str, shares: &[(&Said<'_>, &Row, Whose)]) -> Table {
    let w = c.w;
    let rate = shares.iter().any(|(_, row, _)| row.response_rate.is_some());
    let mut columns = vec![
        words_column(w.t("column_said")),
        numbers_column(w.t("column_share")),
        numbers_column(w.t("column_people")),
        numbers_column(w.t("column_low")),
        numbers_column(w.t("column_high")),
    ];
    if rate {
        columns.push(numbers_column(w.t("column_rate")));
    }
    let line = |(said, row, whose): &(&Said<'_>, &Row, Whose)| {
        let absent = || c.absent(Some(row));
        let dash = || Value::absent("–");
        let mut cells = vec![
            percent_cell(row.percent, absent),
            count_cell(row.n, dash),
            percent_cell(row.interval.as_ref().map(|i| i.low), dash),
            percent_cell(row.interval.as_ref().map(|i| i.high), dash),
        ];
        if rate {
            cells.push(percent_cell(row.response_rate, || {
                let openly = row.invited == Some(0);
                Value::absent(c.w.t(if openly { "absent_does_not_apply" } else { "absent_hidden" }))
            }));
        }
        let pooled = row.periods.iter().flatten().filter(|_| row.status == Status::Pooled);
        let mut marks: Vec<String> =
            pooled.map(|p| w.with("pooled_years", &[("period", &c.period_named(p))])).collect();
        if *whose == Whose::Released {
            marks.push(w.with("from_newest_release", &[("period", &c.period_named(&row.period))]));
        }
        // In words first, and then in figures.
        let words = c.headline(said, row).filter(|_| !c.is_wide());
        let head = words.map_or_else(|| c.title(said), |words| words.trim_end_matches('.').to_owned());
        let head = if marks.is_empty() { head } else { format!("{head} ({})", marks.join("; ")) };
        TableRow { head, cells }
    };
    Table { caption: w.t(caption).to_owned(), columns, rows: shares.iter().map(line).collect() }
}

/// Averages in a table; none where there are none.
fn scores(c: &Composer<'_>, own: &[&Said<'_>]) -> Option<Table> {
    let w = c.w;
    let rows: Vec<TableRow> = own
        .iter()
        .filter_map(|said| said.own_best().filter(|(row, _)| row.mean.is_some()).map(|(row, _)| (said, row)))
        .map(|(said, row)| {
            let hidden = || Value::absent(w.t("absent_hidden"));
            TableRow {
                head: c.title(said),
                cells: vec![
                    number_cell(row.mean, 2, hidden),
                    count_cell(row.n, hidden),
                    number_cell(row.interval.as_ref().map(|i| i.low), 2, hidden),
                    number_cell(row.interval.as_ref().map(|i| i.high), 2, hidden),
                ],
            }
        })
        .collect();
    let columns = vec![
        words_column(w.t("column_said")),
        numbers_column(w.t("column_mean")),
        numbers_column(w.t("column_people")),
        numbers_column(w.t("column_low")),
        numbers_column(w.t("column_high")),
    ];
    (!rows.is_empty()).then(|| Table { caption: w.t("caption_scores").to_owned(), columns, rows })
}

/// What is not shown of the place, by why.
pub(super) fn not_shown(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let w = c.w;
    let (mut few, mut nobody, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let mut merged: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for said in part.said.iter().filter(|said| said.own_best().is_none()) {
        let row = said.own.or(said.released);
        match row {
            None => nobody.push(c.title(said)),
            Some(row) => match row.merged_into.as_deref().filter(|_| row.status == Status::Merged) {
                Some(code) => match c.merged_place(code) {
                    Some(place) => merged.entry(place).or_default().push(c.title(said)),
                    None => others.push(c.title(said)),
                },
                None => few.push(c.title(said)),
            },
        }
    }
    let separator = w.t("list_separator");
    let note = |key: &str, titles: &[String]| {
        (!titles.is_empty())
            .then(|| Block::Note { text: w.with(key, &[("titles", &titles.join(separator))]) })
    };
    let mut notes: Vec<Block> = Vec::new();
    notes.extend(note("note_not_shown", &few));
    for (place, titles) in &merged {
        let titles = titles.join(separator);
        notes.push(Block::Note { text: w.with("note_merged", &[("place", place), ("titles", &titles)]) });
    }
    notes.extend(note("note_merged_other", &others));
    notes.extend(note("note_nobody", &nobody));
    notes
}

/// The figures of the places around for what cannot be said of this one, each place apart and named.
fn wider(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let mut places: Vec<(String, String, Vec<(&Said<'_>, &Row, Whose)>)> = Vec::new();
    for said in &part.said {
        let Some((row, Whose::Wider)) = said.best() else { continue };
        if !said.entry.rule.is_share() || !is_shown(row) {
            continue;
        }
        let name = c.place_of(row);
        match places.iter_mut().find(|(known, ..)| *known == name) {
            Some((.., all)) => all.push((said, row, Whose::Wider)),
            None => places.push((name, c.within(row), vec![(said, row, Whose::Wider)])),
        }
    }
    let mut blocks = Vec::new();
    for (place, within, all) in &places {
        blocks.push(Block::Heading { text: c.w.with("wider_heading", &[("place", place)]) });
        let label = c.w.with("wider_label", &[("place", within)]);
        let period = all.first().map(|(_, row, _)| c.period_named(&row.period)).unwrap_or_default();
        blocks.push(Block::Note { text: format!("{label} ({period})") });
        let mut table = figures(c, "caption_figures", all);
        table.caption = format!("{place}: {}", table.caption);
        blocks.push(Block::Table(table));
    }
    blocks
}
