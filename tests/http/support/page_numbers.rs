//! Numbers that a page says, against those that a release holds: nothing public has a number of its own.

use std::collections::BTreeSet;

use khi::domain::definition::Registry;
use serde_json::Value;

/// A number as it is compared: to six decimals.
type Exact = i64;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What stands on pages with a number that is no figure: the level of intervals, licences, standards.
const PHRASES: [&str; 3] = ["95% interval", "Apache License 2.0", "Licence v3.0"];

/// The numbers that a page says and the release does not hold. Words of the catalogues, dates and tenths in words (“nearly 9 in 10”) are none.
pub(crate) fn foreign_numbers(html: &str, release: &Value, registry: &Registry) -> Vec<String> {
    let held = held(release);
    let said = said(html, registry);
    said.into_iter().filter(|word| exact(word).is_some_and(|number| !held.contains(&number))).collect()
}

/// Every number that a page says, as it is written there.
pub(crate) fn said(html: &str, registry: &Registry) -> Vec<String> {
    let mut text = visible(html);
    for phrase in catalogue_words(registry) {
        text = text.replace(&phrase, " ");
    }
    let words: Vec<&str> = text.split_whitespace().map(bare).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if exact(word).is_none() {
            continue;
        }
        let next = |steps: usize| words.get(at + steps).copied().unwrap_or_default();
        let before =
            |steps: usize| at.checked_sub(steps).and_then(|i| words.get(i)).copied().unwrap_or_default();
        let of_date = MONTHS.contains(&next(1)) || MONTHS.contains(&before(1));
        let tenth = (next(1) == "in" && next(2) == "10") || (before(1) == "in" && exact(before(2)).is_some());
        if !of_date && !tenth {
            found.push((*word).to_owned());
        }
    }
    found
}

/// Every number of a JSON value.
fn held(value: &Value) -> BTreeSet<Exact> {
    match value {
        Value::Number(number) => number.as_f64().map(rounded).into_iter().collect(),
        Value::Array(all) => all.iter().flat_map(held).collect(),
        Value::Object(all) => all.values().flat_map(held).collect(),
        _ => BTreeSet::new(),
    }
}

fn rounded(number: f64) -> Exact {
    #[expect(clippy::cast_possible_truncation, reason = "numbers of figures are small")]
    let whole = (number * 1e6).round() as i64;
    whole
}

/// The number that a word is, if it is one: “1,234”, “76.2%”, “£30”.
fn exact(word: &str) -> Option<Exact> {
    let digits = word.trim_start_matches('£').trim_end_matches('%').replace(',', "");
    let sound = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    digits.parse::<f64>().ok().filter(|_| sound).map(rounded)
}

/// A word without what stands around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '£' || c == '%'))
}

/// What a person sees or hears of a page: its text, and the texts of labels and alternatives.
fn visible(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, following) = after.split_once('>').unwrap_or((after, ""));
        for name in ["alt=\"", "aria-label=\"", "title=\"", "aria-description=\""] {
            if let Some((value, _)) = tag.split_once(name).and_then(|(_, value)| value.split_once('"')) {
                text.push(' ');
                text.push_str(value);
            }
        }
        // Words beside one another in a line stay words of one sentence; blocks do not.
        text.push(' ');
        rest = following;
        if tag.starts_with("text ") {
            // The scale of a drawing.
            let mark = rest.split('<').next().unwrap_or_default();
            if ["0%", "25%", "50%", "75%", "100%"].contains(&mark) {
                rest = &rest[mark.len()..];
            }
        }
        if tag.starts_with("div class=\"asked\"") {
            // The question, word for word, is no figure.
            rest = rest.split_once("</div>").map_or("", |(_, after)| after);
        }
    }
    text.push_str(rest);
    let escapes = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    escapes.iter().fold(text, |text, (escaped, plain)| text.replace(escaped, plain))
}

/// What the catalogues say with a digit in it, longest first: titles, groups, what is counted, and the fixed parts of sentences.
fn catalogue_words(registry: &Registry) -> Vec<String> {
    let mut all: Vec<String> = PHRASES.iter().map(|p| (*p).to_owned()).collect();
    for indicator in &registry.indicators {
        all.push(indicator.title.get("en").to_owned());
        let mut sentence = indicator.statement.get("en");
        while let Some((fixed, after)) = sentence.split_once('{') {
            all.push(fixed.to_owned());
            sentence = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        all.push(sentence.to_owned());
    }
    for kpi in &registry.kpis {
        all.extend([kpi.title.get("en").to_owned(), kpi.numerator.get("en").to_owned()]);
        all.extend(kpi.denominator.as_ref().map(|d| d.get("en").to_owned()));
    }
    for breakdown in &registry.breakdowns {
        all.extend(breakdown.labels.iter().map(|label| label.get("en").to_owned()));
    }
    all.retain(|words| words.contains(|c: char| c.is_ascii_digit()));
    all.sort_by_key(|words| std::cmp::Reverse(words.len()));
    all
}
