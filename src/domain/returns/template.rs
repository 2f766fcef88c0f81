//! A table to be filled in and imported: one row for each figure that is asked for, with what is sent or drafted already and what it was
//! last time.

use serde_json::Value;

use super::amount::Amount;
use super::check::{Asked, Entry};
use super::columns::{FigureColumn, inert};
use crate::domain::definition::Registry;

/// Who sends the figures of some rows.
#[derive(Debug, Clone, Copy)]
pub struct TemplateSender<'s> {
    /// As the column for it takes it.
    pub code: &'s str,
    /// Its name.
    pub name: &'s str,
    /// The period.
    pub period: &'s str,
}

/// The headings of such a table, each with what goes below it.
pub const TEMPLATE_HEADINGS: [(&str, &str); 15] = [
    ("Period", "Please leave as it is."),
    ("Sent by", "Please leave as it is."),
    ("Name", "Who that is."),
    ("Council", "For which council. Please leave as it is."),
    ("Council name", "Which that is."),
    ("Figure", "Please leave as it is."),
    ("In words", "What the figure says."),
    ("Counted in", "What it is counted in."),
    ("Numerator is", "What goes into the next column."),
    (
        "Numerator",
        "What you counted, never a percentage. Leave empty what you do not know: nothing is taken as 0.",
    ),
    ("Denominator is", "What goes into the next column; nothing where there is none."),
    ("Denominator", "Out of how many you counted, or divided by what."),
    ("Last numerator", "What it was last time."),
    ("Last denominator", "What it was last time."),
    ("What to count", "What belongs to it, and what does not."),
];

/// Which columns of the table are to be filled in.
pub const TEMPLATE_FILLED: [&str; 2] = ["Numerator", "Denominator"];

/// The rows of one return. `filled` are values as they were sent or saved: a draft may hold anything.
pub fn template_rows(
    sender: TemplateSender<'_>,
    asked: &Asked<'_>,
    filled: &Value,
    before: &[Entry],
    registry: &Registry,
) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (kpi, _) in &asked.kpis {
        for council in asked.councils() {
            let value = filled.as_array().into_iter().flatten().find(|value| {
                let its = value["council"].as_str();
                value["kpi"] == kpi.id.as_str() && its.map_or(asked.councils().len() == 1, |c| c == council)
            });
            let written = |key: &str| value.map(|value| as_text(&value[key])).unwrap_or_default();
            let last = before.iter().find(|e| e.kpi == kpi.id && e.council == *council);
            let area = registry.areas.get(council).map_or("", |area| &area.name);
            let unit = registry.unit(&kpi.unit, "en");
            let row = [
                sender.period.to_owned(),
                sender.code.to_owned(),
                sender.name.to_owned(),
                council.clone(),
                area.to_owned(),
                kpi.id.clone(),
                kpi.title.get("en").to_owned(),
                unit.to_owned(),
                kpi.numerator.get("en").to_owned(),
                written(FigureColumn::Numerator.code()),
                kpi.denominator.as_ref().map_or("", |d| d.get("en")).to_owned(),
                written(FigureColumn::Denominator.code()),
                last.map(|e| e.numerator.to_string()).unwrap_or_default(),
                last.and_then(|e| e.denominator).map(|d| d.to_string()).unwrap_or_default(),
                kpi.help.get("en").to_owned(),
            ];
            rows.push(row.iter().map(|cell| inert(cell)).collect());
        }
    }
    rows
}

/// A number, or what was written in its place.
fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => Amount::parse(&other.to_string()).map_or_else(|_| other.to_string(), |a| a.to_string()),
    }
}
