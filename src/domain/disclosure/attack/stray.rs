//! Numbers in what is published that are not in the release: a dot's exact place, a column that nobody sees.
//!
//! Whatever the form (a page, a picture, a table, JSON), each number in it must be one that the release permits or one that stands in the
//! same form with nothing in it: widths, colours, years.

use std::collections::BTreeSet;

/// The numbers that may stand in something published, and the words with digits in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permitted(BTreeSet<String>);

/// A number that should not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// As it stands there.
    pub number: String,
    /// In which line, from 1.
    pub line: usize,
    /// At which character of it, from 1.
    pub column: usize,
}

impl Permitted {
    /// Permits every number and word of a text.
    pub fn also(mut self, text: &str) -> Self {
        for found in words(text) {
            self.0.extend(found.readings.into_iter().flatten());
        }
        self
    }

    /// Permits a number.
    pub fn number(mut self, number: i64) -> Self {
        self.0.insert(number.unsigned_abs().to_string());
        self
    }
}

/// The numbers of `artefact` that are not permitted, and where they stand.
pub fn stray(artefact: &str, permitted: &Permitted) -> Vec<Stray> {
    let is_permitted = |found: &Found| {
        found.readings.iter().any(|reading| reading.iter().all(|number| permitted.0.contains(number)))
    };
    words(artefact)
        .into_iter()
        .filter(|found| !is_permitted(found))
        .map(|found| {
            let before: Vec<char> = artefact.chars().take(found.at).collect();
            let line_start = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
            let line = before.iter().filter(|c| **c == '\n').count() + 1;
            Stray { number: found.text, line, column: found.at - line_start + 1 }
        })
        .collect()
}

/// A run of characters with a digit in it.
struct Found {
    /// Of how many characters it stands behind.
    at: usize,
    text: String,
    /// The ways in which it can be read: `1,234` is one number, or two.
    readings: Vec<Vec<String>>,
}

/// Every number and every word with digits.
fn words(text: &str) -> Vec<Found> {
    let chars: Vec<char> = text.chars().collect();
    let paths = paths(&chars);
    let mut found = Vec::new();
    let mut at = 0;
    while chars.get(at).is_some() {
        if let Some((decoded, length)) = entity(&chars[at..]) {
            // A figure written as an entity is a figure.
            if decoded.is_ascii_digit() {
                let text: String = chars[at..at + length].iter().collect();
                found.push(Found { at, text, readings: vec![vec![decoded.to_string()]] });
            }
            at += length;
            continue;
        }
        let in_path = paths.iter().any(|(from, to)| (*from..*to).contains(&at));
        let length = run(&chars[at..], in_path);
        if length == 0 {
            at += 1;
            continue;
        }
        let text: String = chars[at..at + length].iter().collect();
        let text = text.trim_end_matches(['.', ',']).to_owned();
        if text.bytes().any(|b| b.is_ascii_digit()) {
            let readings = readings(&text);
            found.push(Found { at, text, readings });
        }
        at += length;
    }
    found
}

/// How many characters belong together from here on: letters, digits, and full stops and commas between digits. Within the `d` of a path
/// letters are commands and end a number.
fn run(chars: &[char], in_path: bool) -> usize {
    let mut length = 0;
    let mut points = 0;
    while let Some(c) = chars.get(length) {
        let next_is_digit = chars.get(length + 1).is_some_and(char::is_ascii_digit);
        let after_digit = length > 0 && chars[length - 1].is_ascii_digit();
        let belongs = match c {
            '.' => {
                points += 1;
                next_is_digit && (!in_path || points < 2)
            }
            ',' | '\u{a0}' | '\u{202f}' | '\u{2009}' => {
                !in_path && after_digit && thousands(&chars[length + 1..])
            }
            c if in_path => c.is_ascii_digit(),
            c => c.is_alphanumeric(),
        };
        if !belongs {
            break;
        }
        length += 1;
    }
    length
}

/// Whether exactly three digits come next.
fn thousands(chars: &[char]) -> bool {
    chars.len() >= 3
        && chars[..3].iter().all(char::is_ascii_digit)
        && !chars.get(3).is_some_and(char::is_ascii_digit)
}

/// As one number without separators, and as those that the separators part.
fn readings(text: &str) -> Vec<Vec<String>> {
    let separators = [',', '\u{a0}', '\u{202f}', '\u{2009}'];
    let joined: String = text.chars().filter(|c| !separators.contains(c)).collect();
    let apart = text.split(separators).map(plain).collect();
    if joined == text { vec![vec![plain(text)]] } else { vec![vec![plain(&joined)], apart] }
}

/// A number without zeros that mean nothing; a word as it is.
fn plain(text: &str) -> String {
    let is_number = text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().filter(|b| *b == b'.').count() <= 1;
    if !is_number {
        return text.to_owned();
    }
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

/// A character written as `&#51;` or `&#x33;`, and how long that is.
fn entity(chars: &[char]) -> Option<(char, usize)> {
    let rest = chars.strip_prefix(&['&', '#'])?;
    let end = rest.iter().take(9).position(|c| *c == ';')?;
    let text: String = rest[..end].iter().collect();
    let code = match text.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => text.parse().ok()?,
    };
    Some((char::from_u32(code)?, end + 3))
}

/// Where the values of `d` attributes stand.
fn paths(chars: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in 0..chars.len().saturating_sub(4) {
        let quote = chars[at + 3];
        if chars[at].is_whitespace() && chars[at + 1..at + 3] == ['d', '='] && matches!(quote, '"' | '\'') {
            let from = at + 4;
            let end = chars[from..].iter().position(|c| *c == quote).map_or(chars.len(), |end| from + end);
            found.push((from, end));
        }
    }
    found
}
