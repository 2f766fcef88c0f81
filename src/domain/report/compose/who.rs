//! Who was asked, who answered, who helped, and whose answers are in no share.

use super::composer::{Composer, Part, Said};
use super::said::named;
use super::written::{count_cell, numbers_column, percent, percent_cell, words_column};
use crate::domain::figures::Row;
use crate::domain::report::document::{Block, Table, TableRow, Value};
use crate::domain::statement::thousands;

/// Who gave an answer, in this order.
const WHO: [&str; 4] = ["self", "helped", "helped_by_supporter", "proxy"];

/// Why an answer is in no share, in this order.
const REASONS: [&str; 10] = [
    "dont-know",
    "prefer-not-to-say",
    "skipped",
    "not-applicable",
    "not-asked",
    "unreadable",
    "proxy",
    "incomplete",
    "several-reasons",
    "outside-base",
];

/// The blocks of a part.
pub(super) fn who(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    if part.said.iter().all(|said| said.own.is_none()) {
        return Vec::new();
    }
    let mut blocks = vec![Block::Paragraph { text: c.w.t("who_lead").to_owned() }];
    blocks.extend(asked(c, part).map(Block::Table));
    match helped(c, part) {
        Some(table) => {
            blocks.push(Block::Table(table));
            blocks.push(Block::Paragraph { text: c.w.t("who_proxy").to_owned() });
        }
        None => blocks.push(Block::Note { text: c.w.t("who_hidden").to_owned() }),
    }
    blocks.extend(left_out(c, part).map(Block::Table));
    blocks
}

/// The row that says who was asked of one kind of respondent: the same in each row of theirs that shows it.
pub(super) fn asked_row<'a>(part: &Part<'a>, respondent: &str) -> Option<&'a Row> {
    let of_them = part.said.iter().filter(|said| said.definition.respondent == respondent);
    let rows: Vec<&'a Row> = of_them.filter_map(|said| said.own).collect();
    let known = |row: &&&'a Row| row.invited.is_some() && row.responded.is_some();
    rows.iter().find(known).or_else(|| rows.iter().find(|row| row.invited.is_some())).copied()
}

/// Who gave the answers to one thing, in a sentence, with the share without supporters' help; nothing where that is not shown.
pub(super) fn helpers(c: &Composer<'_>, row: &Row) -> Vec<String> {
    let w = c.w;
    let Some(by) = row.completed_by.as_ref() else { return Vec::new() };
    let one = |who: &&str| {
        let count = by.get(*who).copied().filter(|count| *count > 0)?;
        Some(format!("{}: {}", w.t(&format!("column_{who}")), thousands(count)))
    };
    let all: Vec<String> = WHO.iter().filter_map(one).collect();
    let mut said = vec![w.with("board_who", &[("parts", &all.join(w.t("list_separator")))])];
    let without = row.without_supporter.as_ref().and_then(|share| share.percent);
    said.extend(without.map(|share| w.with("board_without", &[("percent", &percent(share))])));
    said
}

/// From the people who were supported to those who answered.
fn asked(c: &Composer<'_>, part: &Part<'_>) -> Option<Table> {
    let w = c.w;
    let mut seen: Vec<&str> = Vec::new();
    for said in &part.said {
        let respondent = said.definition.respondent.as_str();
        if !seen.contains(&respondent) {
            seen.push(respondent);
        }
    }
    let rows: Vec<TableRow> = seen
        .into_iter()
        .filter_map(|respondent| asked_row(part, respondent).map(|row| (respondent, row)))
        .map(|(respondent, row)| {
            let hidden = || Value::absent(w.t("absent_hidden"));
            // Where nobody is invited by name there is nobody to count of.
            let openly = row.invited == Some(0);
            let applies = |value: Option<i64>| {
                count_cell(value.filter(|_| !openly), || {
                    Value::absent(w.t(if openly { "absent_does_not_apply" } else { "absent_hidden" }))
                })
            };
            TableRow {
                head: named(c, "respondent", respondent),
                cells: vec![
                    applies(row.supported),
                    applies(row.eligible),
                    applies(row.invited),
                    applies(row.responded),
                    percent_cell(row.response_rate, || {
                        if openly { Value::absent(w.t("absent_does_not_apply")) } else { hidden() }
                    }),
                ],
            }
        })
        .collect();
    let columns = vec![
        words_column(w.t("column_who")),
        numbers_column(w.t("column_supported")),
        numbers_column(w.t("column_eligible")),
        numbers_column(w.t("column_invited")),
        numbers_column(w.t("column_responded")),
        numbers_column(w.t("column_rate")),
    ];
    (!rows.is_empty()).then(|| Table { caption: w.t("caption_asked").to_owned(), columns, rows })
}

/// Who gave the answers.
fn helped(c: &Composer<'_>, part: &Part<'_>) -> Option<Table> {
    let w = c.w;
    let rows: Vec<TableRow> = part
        .said
        .iter()
        .filter(|said| !said.definition.asks_at_work())
        .filter_map(|said| Some((said, said.own?, said.own?.completed_by.as_ref()?)))
        .map(|(said, row, by)| {
            let hidden = || Value::absent(w.t("absent_hidden"));
            let mut cells: Vec<Value> =
                WHO.iter().map(|who| count_cell(by.get(*who).copied(), hidden)).collect();
            let without = row.without_supporter.as_ref().and_then(|share| share.percent);
            cells.push(percent_cell(without, || {
                let applies = said.entry.rule.is_share();
                Value::absent(w.t(if applies { "absent_hidden" } else { "absent_does_not_apply" }))
            }));
            TableRow { head: c.title(said), cells }
        })
        .collect();
    let mut columns = vec![words_column(w.t("column_said"))];
    columns.extend(WHO.iter().map(|who| numbers_column(w.t(&format!("column_{who}")))));
    columns.push(numbers_column(w.t("column_without")));
    (!rows.is_empty()).then(|| Table { caption: w.t("caption_helped").to_owned(), columns, rows })
}

/// Answers that are in no share, and why: the reasons that anybody had.
fn left_out(c: &Composer<'_>, part: &Part<'_>) -> Option<Table> {
    let w = c.w;
    let rows: Vec<(&Said<'_>, &std::collections::BTreeMap<String, i64>)> =
        part.said.iter().filter_map(|said| Some((said, said.own?.left_out.as_ref()?))).collect();
    let had = |reason: &&&str| rows.iter().any(|(_, by)| by.get(**reason).copied().unwrap_or_default() > 0);
    let reasons: Vec<&&str> = REASONS.iter().filter(|reason| had(reason)).collect();
    if reasons.is_empty() {
        return None;
    }
    let mut columns = vec![words_column(w.t("column_said"))];
    columns.extend(reasons.iter().map(|reason| numbers_column(w.t(&format!("reason_{reason}")))));
    let line = |(said, by): &(&Said<'_>, &std::collections::BTreeMap<String, i64>)| TableRow {
        head: c.title(said),
        cells: reasons
            .iter()
            .map(|reason| count_cell(by.get(**reason).copied(), || Value::absent(w.t("absent_hidden"))))
            .collect(),
    };
    Some(Table {
        caption: w.t("caption_left_out").to_owned(),
        columns,
        rows: rows.iter().map(line).collect(),
    })
}
