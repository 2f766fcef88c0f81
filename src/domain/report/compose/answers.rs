//! Every answer that people gave, the worse ones too.

use super::composer::{Composer, Part, Said};
use super::written::{count_cell, numbers_column, percent, words_column};
use crate::domain::figures::{Row, Spread};
use crate::domain::report::chart::{Chart, Part as ChartPart, Shape, Stack};
use crate::domain::report::document::{Block, Kind, Table, TableRow, Value};
use crate::domain::statement::thousands;
use crate::domain::statistics;

/// A distribution: what each answer is called, how many people gave it, and in percent.
pub(super) struct Answers {
    pub(super) codes: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) counts: Vec<i64>,
    pub(super) percents: Vec<f64>,
    pub(super) n: i64,
    /// Whether they are bands, of which none is the worst.
    pub(super) bands: bool,
}

/// The blocks of a part.
pub(super) fn answers(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let own: Vec<(&Said<'_>, &Row)> = part
        .said
        .iter()
        .filter_map(|said| said.own.filter(|row| row.distribution.is_some()).map(|row| (said, row)))
        .collect();
    let w = c.w;
    let mut blocks = Vec::new();
    if own.is_empty() {
        let around: Vec<(&Said<'_>, &Row)> = part
            .said
            .iter()
            .filter_map(|said| {
                said.wider.iter().copied().find(|row| row.distribution.is_some()).map(|row| (said, row))
            })
            .collect();
        blocks.push(Block::Note { text: w.t("answers_hidden").to_owned() });
        let Some((place, within)) = around.first().map(|(_, row)| (c.place_of(row), c.within(row))) else {
            return if part.said.is_empty() { Vec::new() } else { blocks };
        };
        blocks.push(Block::Paragraph { text: w.with("answers_wider", &[("place", &within)]) });
        let same: Vec<(&Said<'_>, &Row)> =
            around.into_iter().filter(|(_, row)| c.place_of(row) == place).collect();
        // What stands on the first page is drawn; of the others the tables say enough of another place.
        let first = c.first(part);
        let drawn = |said: &Said<'_>| first.iter().any(|f| std::ptr::eq(*f, said));
        blocks.extend(stacks(c, part, &same, Some(&place), &drawn));
        return blocks;
    }
    blocks.push(Block::Paragraph { text: w.t("answers_lead").to_owned() });
    blocks.extend(stacks(c, part, &own, None, &|_| true));
    if own.len() < part.said.iter().filter(|said| said.own_best().is_some()).count() {
        blocks.push(Block::Note { text: w.t("answers_hidden").to_owned() });
    }
    blocks
}

/// How people answered; none where it is not shown or is no distribution.
pub(super) fn spread(c: &Composer<'_>, said: &Said<'_>, row: &Row) -> Option<Answers> {
    let spread = row.distribution.as_ref()?;
    let count = |code: &str| match spread {
        Spread::Counts(counts) => counts.get(code).copied(),
        Spread::Bands(bands) => bands.get(code).map(|band| band.count),
    };
    let known: Vec<String> = match spread {
        Spread::Counts(counts) => counts.keys().cloned().collect(),
        Spread::Bands(bands) => bands.keys().cloned().collect(),
    };
    let order: Vec<String> =
        said.item().map(|item| item.codes().into_iter().map(str::to_owned).collect()).unwrap_or_default();
    let mut codes: Vec<String> = order.iter().filter(|code| known.contains(code)).cloned().collect();
    codes.extend(known.into_iter().filter(|code| !order.contains(code)));
    let counts: Vec<i64> = codes.iter().filter_map(|code| count(code)).collect();
    let n: i64 = counts.iter().sum();
    let percents: Vec<f64> = counts.iter().filter_map(|count| statistics::percent(*count, n)).collect();
    (percents.len() == codes.len() && n > 0).then(|| Answers {
        names: codes.iter().map(|code| c.answer(said, code)).collect(),
        codes,
        counts,
        percents,
        n,
        bands: matches!(spread, Spread::Bands(_)),
    })
}

/// The distribution of one thing; of a place around where that is named. None where it is not shown.
pub(super) fn of_one(
    c: &Composer<'_>,
    part: &Part<'_>,
    said: &Said<'_>,
    row: &Row,
    place: Option<&str>,
) -> Option<Chart> {
    let answers = spread(c, said, row)?;
    let model = part.model.map_or("areas", crate::domain::definition::Model::code);
    let id = format!("spread-{model}-{}", said.entry.indicator);
    let names = answers.names.clone();
    let told = Told { title: c.title(said), answers, wider: None, drawn: true };
    let mut chart = chart(c, id, &names, &[told], place);
    let whose = place.map_or_else(|| c.here(), str::to_owned);
    if let Shape::Stacks { rows, .. } | Shape::Bands { rows, .. } = &mut chart.shape {
        rows.iter_mut().for_each(|row| row.label.clone_from(&whose));
    }
    chart.title = c.w.with("board_spread", &[("title", &c.title(said)), ("place", &whose)]);
    Some(chart)
}

/// What people answered to one thing: its title, how people here did, and beside it a place around with its name.
struct Told {
    title: String,
    answers: Answers,
    wider: Option<(String, Answers)>,
    drawn: bool,
}

/// Distributions with the same answers stand in one table, and in one drawing if one of them is to be drawn.
fn stacks(
    c: &Composer<'_>,
    part: &Part<'_>,
    all: &[(&Said<'_>, &Row)],
    place: Option<&str>,
    drawn: &dyn Fn(&Said<'_>) -> bool,
) -> Vec<Block> {
    let mut groups: Vec<(Vec<String>, Vec<Told>)> = Vec::new();
    for (said, row) in all {
        let Some(answers) = spread(c, said, row) else { continue };
        let names = answers.names.clone();
        // Of several models there is a table each already.
        let around = said.wider.iter().copied().find(|row| row.distribution.is_some());
        let wider = around
            .filter(|_| place.is_none() && !c.is_wide())
            .and_then(|row| Some((c.place_of(row), spread(c, said, row)?)))
            .filter(|(_, answers)| answers.names == names);
        let told = Told { title: c.title(said), answers, wider, drawn: drawn(said) };
        match groups.iter_mut().find(|(known, _)| *known == names) {
            Some((_, rows)) => rows.push(told),
            None => groups.push((names, vec![told])),
        }
    }
    let model = part.model.map_or("areas", crate::domain::definition::Model::code);
    groups
        .into_iter()
        .enumerate()
        .map(|(index, (names, rows))| {
            // Of several models the tables alone: a drawing of each would hide what matters.
            let chart = chart(c, format!("answers-{model}-{}", index + 1), &names, &rows, place);
            let drawn = !c.is_wide() && rows.iter().any(|told| told.drawn);
            if drawn { Block::Chart(chart) } else { Block::Table(chart.table) }
        })
        .collect()
}

fn chart(c: &Composer<'_>, id: String, names: &[String], rows: &[Told], place: Option<&str>) -> Chart {
    let w = c.w;
    let separator = w.t("list_separator");
    let title = w.with("stacks_title", &[("names", &names.join(", "))]);
    let title = place.map_or_else(|| title.clone(), |place| format!("{place}. {title}"));
    let line = |Told { title, answers, .. }: &Told| {
        let parts =
            answers.names.iter().zip(&answers.percents).map(|(name, share)| {
                w.with("stacks_part", &[("percent", &percent(*share)), ("answer", name)])
            });
        let parts = parts.collect::<Vec<_>>().join(separator);
        w.with("stacks_line", &[("title", title), ("parts", &parts)])
    };
    let shown = || rows.iter().filter(|told| told.drawn);
    let lines = shown().map(line).collect::<Vec<_>>().join(" ");
    let drawn: Vec<Stack> = shown()
        .map(|Told { title, answers, .. }| Stack {
            label: title.clone(),
            parts: answers
                .percents
                .iter()
                .map(|share| ChartPart { percent: *share, text: percent(*share) })
                .collect(),
        })
        .collect();
    Chart {
        id,
        description: w.with("stacks_description", &[("lines", &lines)]),
        shape: if rows.iter().any(|told| told.answers.bands) {
            Shape::Bands { names: names.to_vec(), rows: drawn }
        } else {
            Shape::Stacks { names: names.to_vec(), rows: drawn }
        },
        table: table(c, title.clone(), names, rows),
        title,
    }
}

fn table(c: &Composer<'_>, caption: String, names: &[String], rows: &[Told]) -> Table {
    let mut columns = vec![words_column(c.w.t("column_said"))];
    columns.extend(names.iter().map(|name| numbers_column(name)));
    columns.push(numbers_column(c.w.t("column_people")));
    let row = |title: &str, answers: &Answers| {
        let mut cells: Vec<Value> = answers
            .counts
            .iter()
            .zip(&answers.percents)
            .map(|(count, share)| Value {
                text: c.w.with("cell_count", &[("count", &thousands(*count)), ("percent", &percent(*share))]),
                number: Some(*share),
                kind: Kind::Percent,
            })
            .collect();
        cells.push(count_cell(Some(answers.n), || Value::absent("")));
        TableRow { head: title.to_owned(), cells }
    };
    // The place around stands below the own answers, in the same table.
    let lines = rows.iter().flat_map(|told| {
        let around = told.wider.as_ref().map(|(place, answers)| {
            let values = [("place", place.as_str()), ("title", told.title.as_str())];
            row(&c.w.with("answers_around", &values), answers)
        });
        std::iter::once(row(&told.title, &told.answers)).chain(around)
    });
    Table { caption, columns, rows: lines.collect() }
}
