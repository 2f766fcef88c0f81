//! KPI rows of a release, for people to read. They stand beside what people say, and are never blended with it.

use serde_json::Value;

use super::figure::model_title;
use crate::app::App;
use crate::published::Published;
use crate::web::pages::amounts::{alone_in_unit, thousands};

/// A KPI figure.
pub(super) struct KpiSeen {
    pub(super) title: String,
    /// What is counted, and out of what.
    pub(super) counted: String,
    /// The model whose schemes it is of; empty for an area's own figure.
    pub(super) model: String,
    pub(super) value: String,
    /// How much of it was sent in.
    pub(super) returned: String,
}

/// Those of a release that `wanted` wants, in its order.
pub(super) fn kpis(app: &App, release: &Published, wanted: impl Fn(&Value) -> bool) -> Vec<KpiSeen> {
    release.kpis.iter().filter(|row| wanted(row)).filter_map(|row| seen(app, row)).collect()
}

/// Those of one place.
pub(super) fn kpis_of(app: &App, release: &Published, code: &str) -> Vec<KpiSeen> {
    kpis(app, release, |row| row["place"]["code"] == code)
}

fn seen(app: &App, row: &Value) -> Option<KpiSeen> {
    let kpi = app.registry.kpi(row["kpi"].as_str()?)?;
    let value = row["value"].as_f64()?;
    let unit = row["unit"].as_str().unwrap_or_default();
    let words = app.registry.unit(unit, "en");
    // Percent and pounds carry their sign; other units have words.
    let signed = unit == "percent" || unit.starts_with("gbp");
    let number = alone_in_unit(value, unit);
    let count = |key: &str| row[key].as_i64().map(thousands).unwrap_or_default();
    let counted = match &kpi.denominator {
        Some(below) => format!("{}, of: {}", kpi.numerator.get("en"), below.get("en")),
        None => kpi.numerator.get("en").to_owned(),
    };
    let all = row["status"] == "shown";
    Some(KpiSeen {
        title: kpi.title.get("en").to_owned(),
        counted,
        model: row["model"].as_str().map(model_title).unwrap_or_default().to_owned(),
        value: if signed || words.is_empty() { number } else { format!("{number} {words}") },
        returned: if all {
            format!("all {} figures", count("expected"))
        } else {
            format!("{} of {} figures", count("returned"), count("expected"))
        },
    })
}
