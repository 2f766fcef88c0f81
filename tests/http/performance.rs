//! What is counted beside what people say: returns, KPIs, and both side by side.

mod figures;
mod returns;
mod table;
mod targets;

use serde_json::{Value, json};

use super::support::scheme;

/// A scheme of a model, for these councils, from and to these days.
fn scheme_of(id: &str, model: &str, councils: &[(&str, &str, Option<&str>)]) -> Value {
    let areas: Vec<Value> =
        councils.iter().map(|(code, from, to)| json!({"code": code, "from": from, "to": to})).collect();
    let mut body = scheme(id, "E08000035");
    body["model"] = json!(model);
    body["areas"] = json!(areas);
    body
}

/// A figure of a return.
fn value(kpi: &str, numerator: f64, denominator: Option<f64>) -> Value {
    match denominator {
        Some(denominator) => json!({"kpi": kpi, "numerator": numerator, "denominator": denominator}),
        None => json!({"kpi": kpi, "numerator": numerator}),
    }
}
