//! Numbers as a report writes them, and cells of tables that keep them as numbers.

use crate::domain::amounts::{alone_in_unit, decimals};
use crate::domain::figures::Row;
use crate::domain::report::document::{Align, Column, Kind, Value};
use crate::domain::statement::thousands;

/// “88.9%”.
pub(super) fn percent(value: f64) -> String {
    format!("{value:.1}%")
}

/// “3.97”.
pub(super) fn mean(value: f64) -> String {
    format!("{value:.2}")
}

/// “+3.1”, with a minus that is as wide as the plus.
pub(super) fn signed(points: f64) -> String {
    format!("{points:+.1}").replace('-', "−")
}

/// A share; or why there is none.
pub(super) fn percent_cell(value: Option<f64>, otherwise: impl FnOnce() -> Value) -> Value {
    value.map_or_else(otherwise, |value| Value {
        text: percent(value),
        number: Some(value),
        kind: Kind::Percent,
    })
}

/// People or things; or why there are none.
pub(super) fn count_cell(value: Option<i64>, otherwise: impl FnOnce() -> Value) -> Value {
    value.map_or_else(otherwise, count)
}

/// People or things.
pub(super) fn count(value: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
    let number = value as f64;
    Value { text: thousands(value), number: Some(number), kind: Kind::Count }
}

/// Another number; or why there is none.
pub(super) fn number_cell(value: Option<f64>, places: u8, otherwise: impl FnOnce() -> Value) -> Value {
    value.map_or_else(otherwise, |value| Value {
        text: format!("{value:.0$}", usize::from(places)),
        number: Some(value),
        kind: Kind::Number { decimals: places },
    })
}

/// Percentage points with their sign.
pub(super) fn points_cell(value: f64) -> Value {
    Value { text: signed(value), number: Some(value), kind: Kind::Number { decimals: 1 } }
}

/// An amount of the catalogue, with its unit: “£30,640”, “11.7%”, “4.2 days”.
pub(super) fn amount(value: f64, unit: &str, unit_words: &str) -> String {
    let number = alone_in_unit(value, unit);
    if matches!(unit, "percent" | "gbp") || unit_words.is_empty() {
        number
    } else {
        format!("{number} {unit_words}")
    }
}

/// The same in a cell.
pub(super) fn amount_cell(value: f64, unit: &str, unit_words: &str) -> Value {
    let places = decimals(unit, [value]);
    let kind = match unit {
        "percent" => Kind::Percent,
        unit if unit.starts_with("gbp") => Kind::Pounds,
        _ if places == 0 => Kind::Count,
        _ => Kind::Number { decimals: u8::try_from(places).unwrap_or(2) },
    };
    Value { text: amount(value, unit, unit_words), number: Some(value), kind }
}

/// The ends of a row's interval, in the unit of its figure.
pub(super) fn ends(row: &Row) -> Option<(String, String)> {
    let interval = row.interval.as_ref()?;
    let write = |value: f64| if row.percent.is_some() { percent(value) } else { mean(value) };
    Some((write(interval.low), write(interval.high)))
}

/// A column of words.
pub(super) fn words_column(title: &str) -> Column {
    Column { title: title.to_owned(), align: Align::Start }
}

/// A column of numbers.
pub(super) fn numbers_column(title: &str) -> Column {
    Column { title: title.to_owned(), align: Align::End }
}
