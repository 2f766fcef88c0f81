//! Figures that others published before: beside live figures, each with its date, place and source, and part of none of them.

use chrono::NaiveDate;

use super::scheme::day;
use crate::app::App;
use crate::domain::definition::{Model, ReferenceValue};
use crate::web::pages::amounts::alone_in_unit;

/// The published figures of an indicator or a KPI.
pub(super) struct Reference {
    /// Its title.
    pub(super) title: String,
    /// One for each figure: the figure with its place and date, what a reader should know, and the publication.
    pub(super) figures: Vec<(String, Option<String>, String)>,
}

/// Those of the indicators that stand on the page, and of every KPI of a model; without a model, those of areas themselves.
pub(super) fn references<'a>(
    app: &App,
    model: Option<Model>,
    indicators: impl Iterator<Item = &'a str>,
) -> Vec<Reference> {
    let registry = &app.registry;
    let said = indicators.filter_map(|id| registry.indicator(id)).map(|indicator| {
        reference(app, indicator.title.get("en"), &indicator.unit, &indicator.reference_values)
    });
    let counted = registry.kpis.iter().filter(|kpi| match model {
        Some(model) => kpi.models.contains(&model),
        None => kpi.models.is_empty(),
    });
    let counted = counted.map(|kpi| reference(app, kpi.title.get("en"), &kpi.unit, &kpi.reference_values));
    said.chain(counted).flatten().collect()
}

fn reference(app: &App, title: &str, unit: &str, values: &[ReferenceValue]) -> Option<Reference> {
    let figures: Vec<_> = values.iter().map(|value| in_words(app, unit, value)).collect();
    (!figures.is_empty()).then(|| Reference { title: title.to_owned(), figures })
}

fn in_words(app: &App, unit: &str, value: &ReferenceValue) -> (String, Option<String>, String) {
    // A unit of its own is written out.
    let number = match &value.unit {
        Some(own) => format!("{} {own}", alone_in_unit(value.value, "")),
        None => {
            let words = app.registry.unit(unit, "en");
            let words = if matches!(unit, "percent" | "gbp") { "" } else { words };
            format!("{} {words}", alone_in_unit(value.value, unit))
        }
    };
    let expected = if value.forecast { "expected, not observed: " } else { "" };
    let against = value.comparator.as_ref().map(|c| format!(", against {c}")).unwrap_or_default();
    let prices = value.price_year.as_ref().map(|year| format!(", in prices of {year}")).unwrap_or_default();
    let figure = format!(
        "{expected}{}: {}, {}{against}{prices}",
        number.trim(),
        value.place,
        date_in_words(&value.as_of)
    );
    (figure, value.note.clone(), value.source.clone())
}

/// A year, “December 2019”, or a whole date.
fn date_in_words(as_of: &str) -> String {
    let whole = as_of.parse::<NaiveDate>().map(day);
    let month = format!("{as_of}-01").parse::<NaiveDate>().map(|first| first.format("%B %Y").to_string());
    whole.or(month).unwrap_or_else(|_| as_of.to_owned())
}
