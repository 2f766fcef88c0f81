//! How the same people's answers changed: measured, and not what they say their support did.

use super::composer::{Composer, Part};
use super::written::{count_cell, number_cell, numbers_column, words_column};
use crate::domain::report::document::{Block, Table, TableRow, Value};

/// The blocks of a part; none where change is not counted of anything.
pub(super) fn change(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let w = c.w;
    let tracked: Vec<_> = part.said.iter().filter(|said| said.entry.change && said.own.is_some()).collect();
    if tracked.is_empty() {
        return Vec::new();
    }
    let hidden = || Value::absent(w.t("absent_hidden"));
    let unjudged = || Value::absent(w.t("absent_does_not_apply"));
    let rows: Vec<TableRow> = tracked
        .iter()
        .filter_map(|said| Some((said, said.own?.change.as_ref()?)))
        .map(|(said, change)| TableRow {
            head: c.title(said),
            cells: vec![
                count_cell(Some(change.pairs), hidden),
                count_cell(change.improved, unjudged),
                count_cell(Some(change.same), hidden),
                count_cell(change.worse, unjudged),
                count_cell(Some(change.lost), hidden),
                number_cell(change.median_months, 1, unjudged),
            ],
        })
        .collect();
    if rows.is_empty() {
        return vec![Block::Note { text: w.t("change_hidden").to_owned() }];
    }
    let mut columns = vec![words_column(w.t("column_said"))];
    for key in
        ["column_pairs", "column_improved", "column_same", "column_worse", "column_lost", "column_months"]
    {
        columns.push(numbers_column(w.t(key)));
    }
    vec![
        Block::Paragraph { text: w.t("change_lead").to_owned() },
        Block::Table(Table { caption: w.t("caption_change").to_owned(), columns, rows }),
        Block::Note { text: w.t("change_caution").to_owned() },
    ]
}
