//! `kpi.csv`: the Key Performance Indicators of the release.

use serde::Deserialize;
use serde_json::Number;

use super::PackageError;
use super::cell::PlaceNamed;
use super::table::{Field, Form, Reference, Rows, Table};

/// How much of a figure was sent in.
pub(super) const KPI_STATUSES: [(&str, &str); 4] = [
    ("shown", "All of it was sent in."),
    ("partial", "Some of it was sent in: the value is that of those who have sent it."),
    ("missing", "Nothing was sent in. That is not zero."),
    ("not-worked-out", "It is worked out from other figures, and they are not there."),
];

/// A KPI figure as the release prints it. Numbers stay as they are written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct KpiCell {
    pub(super) kpi: String,
    pub(super) model: Option<String>,
    pub(super) place: PlaceNamed,
    period: String,
    numerator: Option<Number>,
    denominator: Option<Number>,
    value: Option<Number>,
    pub(super) unit: String,
    direction: String,
    returned: Option<Number>,
    expected: Option<Number>,
    senders: Option<Number>,
    status: String,
    price_year: Option<String>,
}

/// `kpi.csv`.
pub(super) fn kpis(cells: &[KpiCell]) -> Result<Table, PackageError> {
    let code = |(code, _): &(&'static str, &'static str)| *code;
    let mut rows = Rows::begin(Form {
        name: "kpi",
        title: "Key Performance Indicators",
        words: "What schemes, areas and the national body counted and sent in, for the UK and its nations. They stand beside what people say, and are never blended with it.",
        fields: vec![
            Field::whole("cell", "Which KPI figure of the release: the first is 1.").required().at_least(1),
            Field::text("kpi", "The KPI; codebook.csv says what it is.").required(),
            Field::text("model", "The model of support; empty for an area’s own figure."),
            Field::text("period", "The period.").required(),
            Field::text("level", "The level of the area.").required().one_of(["uk", "nation"]),
            Field::text("area", "The area’s code.").required(),
            Field::decimal("numerator", "What was counted."),
            Field::decimal("denominator", "What it is counted out of, or divided by."),
            Field::decimal("value", "The value, in the unit."),
            Field::text("unit", "What the value is in.").required(),
            Field::text("direction", "H: higher is better. L: lower is better. C: neither, context only.")
                .one_of(["H", "L", "C"]),
            Field::count("returned", "Figures that were sent in."),
            Field::count("expected", "Figures that should have been."),
            Field::count("senders", "Schemes or areas that sent some of it."),
            Field::text("status", "How much of it was sent in.")
                .required()
                .one_of(KPI_STATUSES.iter().map(code)),
            Field::text("price_year", "The year of the prices, if the value is in pounds."),
        ],
        key: &["cell"],
        references: vec![Reference { field: "area", table: "areas", to: "code" }],
        not_shown: None,
    });
    for (number, cell) in (1..).zip(cells) {
        rows.number(Some(number))
            .texts(&[&cell.kpi, cell.model.as_deref().unwrap_or_default(), &cell.period])
            .texts(&[&cell.place.level, &cell.place.code])
            .number(cell.numerator.as_ref())
            .number(cell.denominator.as_ref())
            .number(cell.value.as_ref())
            .texts(&[&cell.unit, &cell.direction])
            .number(cell.returned.as_ref())
            .number(cell.expected.as_ref())
            .number(cell.senders.as_ref())
            .texts(&[&cell.status, cell.price_year.as_deref().unwrap_or_default()])
            .end();
    }
    rows.finish()
}
