//! What is counted: it stands beside what people say, and is never mixed with it.

use super::board::Counted;
use super::composer::{Composer, Part};
use super::material::KpiFigure;
use super::written::{amount, amount_cell, count_cell, numbers_column, words_column};
use crate::domain::amounts::{decimals, in_unit};
use crate::domain::definition::Direction;
use crate::domain::report::document::{Block, Kind, Table, TableRow, Value};

/// The blocks of a part.
pub(super) fn counted(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let w = c.w;
    if part.kpis.is_empty() {
        return Vec::new();
    }
    let (there, missing): (Vec<&KpiFigure>, Vec<&KpiFigure>) =
        part.kpis.iter().copied().partition(|figure| figure.value.is_some());
    let mut blocks = vec![Block::Paragraph { text: w.t("counted_lead").to_owned() }];
    if there.is_empty() {
        blocks.push(Block::Note { text: w.t("counted_nothing").to_owned() });
    } else {
        blocks.push(Block::Table(table(c, &there)));
    }
    let not_sent: Vec<&str> = missing.iter().filter(|f| f.status == "missing").map(|f| title(c, f)).collect();
    if !not_sent.is_empty() && !there.is_empty() {
        let titles = not_sent.join(w.t("list_separator"));
        blocks.push(Block::Note { text: w.with("counted_missing", &[("titles", &titles)]) });
    }
    blocks
}

/// What a figure is called.
pub(super) fn title<'c>(c: &'c Composer<'_>, figure: &'c KpiFigure) -> &'c str {
    c.m.registry.kpi(&figure.kpi).map_or(figure.kpi.as_str(), |kpi| c.w.title(&kpi.title))
}

/// A figure as it stands in a sentence: “88 people”, “£30,640”.
fn value_in_words(c: &Composer<'_>, figure: &KpiFigure) -> Option<String> {
    let unit = c.m.registry.unit(&figure.unit, c.w.language.code());
    Some(amount(figure.value?, &figure.unit, unit))
}

/// An amount for who looks at many: without pence from a thousand pounds on, people whole, percentages to one decimal.
fn rounded(value: f64, unit: &str) -> String {
    let places = match unit {
        "percent" => 1,
        "people" => 0,
        unit if unit.starts_with("gbp") && value.abs() >= 1000.0 => 0,
        unit => decimals(unit, [value]),
    };
    in_unit(value, unit, places.min(decimals(unit, [value])))
}

/// A figure for a board; nothing where it was not sent in.
pub(super) fn one(c: &Composer<'_>, figure: &KpiFigure) -> Option<Counted> {
    let value = rounded(figure.value?, &figure.unit);
    let returned = (figure.returned < figure.expected).then(|| {
        let values = [("returned", figure.returned.to_string()), ("expected", figure.expected.to_string())];
        c.w.made("board_returns", &values)
    });
    // “£9,400”, “321” and “4.1%” say themselves what they are in.
    let unit = c.m.registry.unit(&figure.unit, c.w.language.code());
    let unit = (!matches!(figure.unit.as_str(), "percent" | "people" | "gbp")).then(|| unit.to_owned());
    let base = unit.into_iter().chain(returned).collect::<Vec<_>>().join(c.w.t("list_separator"));
    let title = match &figure.price_year {
        Some(year) => format!("{} ({year})", title(c, figure)),
        None => title(c, figure).to_owned(),
    };
    Some(Counted { title, value, base })
}

/// A figure with its unit in a cell, or that it was not sent in.
pub(super) fn value_cell(c: &Composer<'_>, figure: &KpiFigure) -> Value {
    let unit = c.m.registry.unit(&figure.unit, c.w.language.code());
    let absent = || Value::absent(c.w.t("absent_not_sent"));
    figure.value.map_or_else(absent, |value| amount_cell(value, &figure.unit, unit))
}

/// Figures that are counted, in a table.
pub(super) fn table(c: &Composer<'_>, all: &[&KpiFigure]) -> Table {
    let w = c.w;
    let columns = vec![
        words_column(w.t("column_counted")),
        numbers_column(w.t("column_value")),
        numbers_column(w.t("column_numerator")),
        numbers_column(w.t("column_denominator")),
        numbers_column(w.t("column_returned")),
        numbers_column(w.t("column_expected")),
    ];
    let plain = |value: Option<f64>| {
        let none = || Value::absent("–");
        value.map_or_else(none, |value| {
            let cell = amount_cell(value, "", "");
            Value { kind: if cell.kind == Kind::Pounds { Kind::Count } else { cell.kind }, ..cell }
        })
    };
    let row = |figure: &&KpiFigure| {
        let name = title(c, figure);
        let head = match &figure.price_year {
            Some(year) => format!("{name} ({year})"),
            None => name.to_owned(),
        };
        TableRow {
            head,
            cells: vec![
                value_cell(c, figure),
                plain(figure.numerator),
                plain(figure.denominator),
                count_cell(Some(figure.returned), || Value::absent("–")),
                count_cell(Some(figure.expected), || Value::absent("–")),
            ],
        }
    };
    Table { caption: w.t("caption_counted").to_owned(), columns, rows: all.iter().map(row).collect() }
}

/// Two figures for the first page: those of which more or less is better before those that only tell how large something is.
pub(super) fn two(c: &Composer<'_>) -> Vec<String> {
    let all = c.parts.iter().flat_map(|part| part.kpis.iter().copied());
    let mut able: Vec<&KpiFigure> = all.filter(|figure| figure.value.is_some()).collect();
    let context = |figure: &KpiFigure| {
        c.m.registry.kpi(&figure.kpi).is_none_or(|kpi| kpi.direction == Direction::Context)
    };
    able.sort_by_key(|figure| (figure.model.is_none(), context(figure), figure.returned < figure.expected));
    let line = |figure: &&KpiFigure| {
        let value = value_in_words(c, figure)?;
        let (returned, expected) = (figure.returned.to_string(), figure.expected.to_string());
        let key = if figure.returned < figure.expected { "counted_line_part" } else { "counted_line" };
        let values = [
            ("title", title(c, figure)),
            ("value", &value),
            ("returned", &returned),
            ("expected", &expected),
        ];
        Some(c.w.with(key, &values))
    };
    able.iter().filter_map(line).take(2).collect()
}
