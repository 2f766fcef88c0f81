//! The figure in words: the catalogue's sentence with the row's numbers in it.

use std::collections::BTreeMap;

use super::definition::Title;
use super::figures::{Interval, Row};

/// Fills each language's template. A row without people says so.
pub fn of_row(template: &Title, row: &Row) -> Title {
    let number = |value: Option<f64>, decimals: usize| value.map_or("–".to_owned(), |v| format!("{v:.decimals$}"));
    let whole = |value: Option<i64>| value.map_or("–".to_owned(), |v| v.to_string());
    let decimals = if row.percent.is_some() { 1 } else { 2 };
    let end = |pick: fn(&Interval) -> f64| number(row.interval.as_ref().map(pick), decimals);
    let filled: BTreeMap<String, String> = template
        .0
        .iter()
        .map(|(language, words)| {
            let words = words
                .replace("{positive}", &whole(row.positive))
                .replace("{n}", &whole(row.n))
                .replace("{percent}", &number(row.percent, 1))
                .replace("{mean}", &number(row.mean, 2))
                .replace("{low}", &end(|i| i.low))
                .replace("{high}", &end(|i| i.high));
            (language.clone(), words)
        })
        .collect();
    Title(filled)
}
