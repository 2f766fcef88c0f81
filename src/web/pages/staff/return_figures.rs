//! The figures of a return as fields of a form: each explained in plain words, and what an act takes of what was filled in.

use serde_json::{Value, json};

use super::scheme::{day, given, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::definition::{Kpi, Shape};
use crate::domain::fault::Fault;
use crate::domain::period::Period;

/// The fields of one figure.
pub(in crate::web::pages) struct FigureFields {
    pub(in crate::web::pages) title: String,
    pub(in crate::web::pages) help: String,
    /// For which council, where there are several.
    pub(in crate::web::pages) council: Option<String>,
    /// What it was in the period before.
    pub(in crate::web::pages) before: Option<String>,
    pub(in crate::web::pages) numbers: Vec<NumberField>,
}

/// A field for one number.
pub(in crate::web::pages) struct NumberField {
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) label: String,
    pub(in crate::web::pages) value: String,
}

/// The fields of a return that was read (as JSON); with what was sent, if it is shown again.
pub(in crate::web::pages) fn fields(app: &App, seen: &Value, sent: Option<&Form>) -> Vec<FigureFields> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let stored = if seen["draft"].is_array() { &seen["draft"] } else { &seen["values"] };
    let councils: Vec<String> = seen["councils"].as_array().into_iter().flatten().map(text).collect();
    let kpis = seen["asked"].as_array().into_iter().flatten().filter_map(|id| app.registry.kpi(id.as_str()?));
    let mut figures = Vec::new();
    for kpi in kpis {
        for council in &councils {
            let name = format!("{}.{council}", kpi.id);
            figures.push(FigureFields {
                title: kpi.title.get("en").to_owned(),
                help: kpi.help.get("en").to_owned(),
                council: (councils.len() > 1).then(|| wording::area(app, council)),
                before: value_at(&seen["before"], kpi, council).map(|value| in_numbers(kpi, value)),
                numbers: number_fields(kpi, &name, sent, value_at(stored, kpi, council)),
            });
        }
    }
    figures
}

/// Figures that should be looked at once more: the field, the figure's name, and why. `names` are those that [`body`] gave.
pub(in crate::web::pages) fn doubts_in_words(
    app: &App,
    doubts: &[Value],
    names: &[String],
) -> Vec<(String, String, String)> {
    let in_words = |doubt: &Value| {
        let index = doubt["pointer"].as_str().and_then(|p| p.rsplit('/').next()?.parse::<usize>().ok());
        let figure = index.and_then(|i| names.get(i).cloned()).unwrap_or_default();
        let kpi = app.registry.kpi(doubt["kpi"].as_str().unwrap_or_default());
        let title = kpi.map(|k| k.title.get("en").to_owned()).unwrap_or_default();
        (format!("{figure}.n"), title, doubt["detail"].as_str().unwrap_or_default().to_owned())
    };
    doubts.iter().map(in_words).collect()
}

/// What the act takes, and the name of each value's field without its ending. A figure that is left empty is left out.
pub(in crate::web::pages) fn body(sent: &Form, draft: bool) -> (Value, Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &sent.0 {
        let figure = name.strip_suffix(".n").or_else(|| name.strip_suffix(".d"));
        if let Some(figure) = figure.filter(|f| !names.iter().any(|known| known == f)) {
            names.push(figure.to_owned());
        }
    }
    let of = |figure: &str, ending: &str| given(sent, &format!("{figure}.{ending}")).map(str::to_owned);
    names.retain(|figure| of(figure, "n").is_some() || of(figure, "d").is_some());
    let value = |figure: &String| {
        let (kpi, council) = figure.split_once('.').unwrap_or((figure, ""));
        let mut value = json!({"kpi": kpi, "council": council});
        for (key, ending) in [("numerator", "n"), ("denominator", "d")] {
            if let Some(text) = of(figure, ending) {
                value[key] = json!(text);
            }
        }
        value
    };
    let values: Vec<Value> = names.iter().map(value).collect();
    let mut body = json!({"values": values, "state": if draft { "draft" } else { "submitted" }});
    if let Some(revision) = given(sent, "revision").and_then(|r| r.parse::<i64>().ok()) {
        body["revision"] = json!(revision);
    }
    if let Some(note) = given(sent, "note") {
        body["note"] = json!(note);
    }
    (body, names)
}

/// A fault of a value, at its field.
pub(in crate::web::pages) fn field_of(fault: &Fault, names: &[String]) -> Fault {
    let mut parts = fault.pointer.split('/').skip(1);
    let (list, index, key) = (parts.next(), parts.next(), parts.next());
    let figure = index.and_then(|i| names.get(i.parse::<usize>().ok()?)).filter(|_| list == Some("values"));
    let pointer = match (figure, key) {
        (Some(figure), Some("denominator")) => format!("/{figure}.d"),
        (Some(figure), None) if fault.code == "denominator-missing" => format!("/{figure}.d"),
        (Some(figure), _) => format!("/{figure}.n"),
        (None, _) => fault.pointer.clone(),
    };
    Fault { pointer, ..fault.clone() }
}

fn number_fields(kpi: &Kpi, name: &str, sent: Option<&Form>, stored: Option<&Value>) -> Vec<NumberField> {
    let field = |ending: &str, key: &str, label: &str| {
        let name = format!("{name}.{ending}");
        let value = match sent {
            Some(form) => form.get(&name).unwrap_or_default().to_owned(),
            None => stored.map(|value| as_text(&value[key])).unwrap_or_default(),
        };
        NumberField { name, label: label.to_owned(), value }
    };
    let numerator = field("n", "numerator", kpi.numerator.get("en"));
    let denominator = kpi.denominator.as_ref().map(|title| field("d", "denominator", title.get("en")));
    std::iter::once(numerator).chain(denominator).collect()
}

/// The value of a KPI for a council in a list of values.
pub(in crate::web::pages) fn value_at<'v>(values: &'v Value, kpi: &Kpi, council: &str) -> Option<&'v Value> {
    let mut list = values.as_array()?.iter().filter(|value| value["kpi"] == json!(kpi.id));
    list.find(|value| value["council"].as_str().is_none_or(|code| code == council))
}

/// A value in numbers: “12”; “3 of 4” of a share; “1211 and 57” of anything else that is divided.
pub(in crate::web::pages) fn in_numbers(kpi: &Kpi, value: &Value) -> String {
    let between = if kpi.sent().is_some_and(|sent| sent.shape == Shape::Share) { "of" } else { "and" };
    match &value["denominator"] {
        Value::Null => as_text(&value["numerator"]),
        denominator => format!("{} {between} {}", as_text(&value["numerator"]), as_text(denominator)),
    }
}

/// A number, or what was written in its place.
fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What became of a return, and when.
pub(in crate::web::pages) fn event_in_words(event: &Value) -> String {
    let act = match event["act"].as_str().unwrap_or_default() {
        "submitted" => "Sent in",
        "corrected" => "Corrected",
        "queried" => "Asked about",
        _ => "Approved",
    };
    let on = written_day(&json!(event["at"].as_str().unwrap_or_default().get(..10).unwrap_or_default()));
    match event["said"].as_str() {
        Some(said) => format!("{act} on {on}: “{said}”"),
        None => format!("{act} on {on}"),
    }
}

/// The days of a period: “1 April 2026 to 30 June 2026”.
pub(in crate::web::pages) fn in_words(period: &str) -> String {
    let days = |p: Period| format!("{} to {}", day(p.first_day()), day(p.last_day()));
    period.parse().map_or_else(|()| period.to_owned(), days)
}

/// A day of the API for people to read.
pub(in crate::web::pages) fn written_day(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.parse().map_or_else(|_| text.to_owned(), day)
}
