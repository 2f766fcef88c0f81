//! The figure in words: the catalogue's sentence with the row's numbers in it.

use std::collections::BTreeMap;

use super::definition::Title;
use super::figures::{Interval, Row};

/// Fills each language's template. Where there is no interval (one person alone), the part in brackets that gives it is left out.
pub fn of_row(template: &Title, row: &Row) -> Title {
    let number =
        |value: Option<f64>, decimals: usize| value.map_or("–".to_owned(), |v| format!("{v:.decimals$}"));
    let whole = |value: Option<i64>| value.map_or("–".to_owned(), |v| v.to_string());
    let decimals = if row.percent.is_some() { 1 } else { 2 };
    let end = |pick: fn(&Interval) -> f64| number(row.interval.as_ref().map(pick), decimals);
    let filled: BTreeMap<String, String> = template
        .0
        .iter()
        .map(|(language, words)| {
            let words = if row.interval.is_some() { words.clone() } else { without_interval(words) };
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

/// 7015 is “7,015”.
pub fn thousands(number: i64) -> String {
    grouped(&number.to_string())
}

/// Puts commas between the thousands of a written number.
pub fn grouped(number: &str) -> String {
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    let mut written = String::new();
    for (index, character) in number.char_indices() {
        let after_digit = index > 0 && number[..index].ends_with(|c: char| c.is_ascii_digit());
        if index < whole.len() && after_digit && (whole.len() - index).is_multiple_of(3) {
            written.push(',');
        }
        written.push(character);
    }
    written
}

/// The words without the bracket that holds the interval's ends.
fn without_interval(words: &str) -> String {
    let cut =
        words.find("{low}").and_then(|at| Some((words[..at].rfind(" (")?, at + words[at..].find(')')?)));
    match cut {
        Some((from, to)) => format!("{}{}", &words[..from], &words[to + 1..]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_interval;

    #[test]
    fn a_bracket_with_an_interval_goes_and_others_stay() {
        let words = "On average, {n} people said {mean} (95% interval {low} to {high}).";
        assert_eq!(without_interval(words), "On average, {n} people said {mean}.");
        assert_eq!(without_interval("{positive} of {n} ({percent}%)."), "{positive} of {n} ({percent}%).");
    }
}
