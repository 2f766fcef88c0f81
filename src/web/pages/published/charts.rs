//! Drawings of figures of a release. Each says what the cards and tables beside it say, and has no number of its own.

use super::figure::{answers, line, title};
use crate::app::App;
use crate::domain::figures::{Row, Spread};
use crate::domain::report::{Bar, Chart, Part, Shape, Stack, Table};
use crate::reports::svg::svg;

/// The fewest figures that are drawn beside each other.
const LEAST: usize = 2;

/// Shares beside each other, each with its interval: label, row, and whether it is the one that the drawing is about. None where there is too
/// little to draw.
pub(super) fn bars(id: &str, heading: &str, rows: &[(String, &Row, bool)]) -> Option<String> {
    let shares = || rows.iter().filter(|(_, row, _)| row.rule == "share" || row.percent.is_some());
    if shares().filter(|(_, row, _)| row.percent.is_some()).count() < LEAST {
        return None;
    }
    let bar = |(label, row, own): &(String, &Row, bool)| {
        let said = line(row, label, None);
        Bar {
            label: label.clone(),
            value: row.percent,
            interval: row.interval.as_ref().map(|i| (i.low, i.high)).filter(|_| row.percent.is_some()),
            text: if said.value.is_empty() { said.words } else { said.value },
            own: *own,
        }
    };
    let bars: Vec<Bar> = shares().map(bar).collect();
    let said: Vec<String> = bars.iter().map(|bar| format!("{}: {}", bar.label, bar.text)).collect();
    let description = format!("{} The thin lines are 95% intervals.", sentence(&said));
    Some(drawn(id, heading, description, Shape::Bars { bars }))
}

/// Bars of one place, by indicator.
pub(super) fn of_place(app: &App, id: &str, heading: &str, rows: &[&Row]) -> Option<String> {
    let labelled: Vec<(String, &Row, bool)> =
        rows.iter().map(|row| (title(app, &row.indicator).to_owned(), *row, true)).collect();
    bars(id, heading, &labelled)
}

/// Every answer of a share, *worse* among them, in parts of one bar.
pub(super) fn stack(app: &App, row: &Row, id: &str, heading: &str) -> Option<String> {
    let Some(Spread::Counts(counts)) = &row.distribution else { return None };
    let said = answers(app, row);
    let all: i64 = counts.values().sum();
    if said.len() != counts.len() || all <= 0 {
        return None;
    }
    let count = |words: &str| words.replace(',', "").parse::<i64>().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "people")]
    let share = |people: i64| 100.0 * people as f64 / all as f64;
    let parts = said.iter().map(|(_, people)| Part { percent: share(count(people)), text: people.clone() });
    let stack = Stack { label: String::new(), parts: parts.collect() };
    let description =
        sentence(&said.iter().map(|(words, people)| format!("{words}: {people}")).collect::<Vec<_>>());
    let names = said.into_iter().map(|(words, _)| words).collect();
    Some(drawn(id, heading, description, Shape::Stacks { names, rows: vec![stack] }))
}

fn sentence(parts: &[String]) -> String {
    format!("{}.", parts.join("; "))
}

fn drawn(id: &str, heading: &str, description: String, shape: Shape) -> String {
    // The table that says the same is the page's own.
    let table = Table { caption: heading.to_owned(), columns: Vec::new(), rows: Vec::new() };
    svg(&Chart { id: id.to_owned(), title: heading.to_owned(), description, shape, table }, "en")
}
