//! `ascof.csv`: the figures of areas in the long form of the Adult Social Care Outcomes Framework, one row for each number, so that they can
//! be laid beside a council's own ASCOF file. What is not shown has `[c]`, as official statistics write it, and its status.

use super::PackageError;
use super::cell::{Cell, each};
use super::figures::{LEVELS, STATUSES};
use super::table::{Field, Form, Reference, Rows, Table};

/// Which number of a figure a row has.
pub(super) const MEASURE_TYPES: [(&str, &str); 5] = [
    ("numerator", "People whose answer counts as positive. A mean has none."),
    ("denominator", "People with a valid answer."),
    ("outcome", "The figure: a percentage, a mean or a ratio."),
    ("lower", "Lower end of the 95% interval."),
    ("upper", "Upper end of the 95% interval."),
];

/// `ascof.csv`.
pub(super) fn long(cells: &[Cell]) -> Result<Table, PackageError> {
    let indicators = each(cells, |cell| Some(cell.indicator.as_str()));
    let models = each(cells, |cell| Some(cell.model.as_str()));
    let code = |(code, _): &(&'static str, &'static str)| *code;
    let mut rows = Rows::begin(Form {
        name: "ascof",
        title: "Figures of areas, one number a row",
        words: "The figures of khi.csv of areas, in the long form of the Adult Social Care Outcomes Framework (ASCOF). They are not ASCOF measures. How answers spread stands in answers.csv.",
        fields: vec![
            Field::whole("cell", "The row of khi.csv.").required(),
            Field::text("area_level", "The level of the area.").required().one_of(LEVELS.iter().take(4).map(code)),
            Field::text("ons_code", "The area’s code of the Office for National Statistics; a placeholder for the trusts of Northern Ireland.").required(),
            Field::text("area_name", "The area’s name.").required(),
            Field::text("period", "The period."),
            Field::text("indicator", "The indicator.").required().one_of(indicators),
            Field::text("series", "The series.").required(),
            Field::text("model", "The model of support.").required().one_of(models),
            Field::text("disaggregation", "Of whom: Total, or breakdown and group.").required(),
            Field::text("measure_type", "Which number it is.").required().one_of(MEASURE_TYPES.iter().map(code)),
            Field::decimal("value", "The number; [c] where it is not shown."),
            Field::text("status", "Whether the figure is shown, and if not, why.").required().one_of(STATUSES.iter().map(code)),
        ],
        key: &["cell", "measure_type"],
        references: vec![
            Reference { field: "cell", table: "khi", to: "cell" },
            Reference { field: "ons_code", table: "areas", to: "code" },
        ],
        not_shown: Some("[c]"),
    });
    for (number, cell) in (1_usize..).zip(cells).filter(|(_, cell)| !cell.place.is_scheme()) {
        write(&mut rows, number, cell);
    }
    rows.finish()
}

fn write(rows: &mut Rows, number: usize, cell: &Cell) {
    let place = &cell.place;
    let (by, group) = cell.group();
    let disaggregation = if by.is_empty() { "Total".to_owned() } else { format!("{by}: {group}") };
    let begin = |rows: &mut Rows, measure_type: &str| {
        rows.number(Some(number)).texts(&[&place.level, &place.code, &place.name, &cell.period]);
        rows.texts(&[&cell.indicator, &cell.series, &cell.model, &disaggregation, measure_type]);
    };
    if cell.n.is_none() {
        begin(rows, "outcome");
        rows.not_shown().text(cell.status()).end();
        return;
    }
    let interval = cell.interval.as_ref();
    let numbers = [
        cell.positive.map(|people| people.to_string()),
        cell.n.map(|people| people.to_string()),
        cell.outcome().map(|figure| figure.to_string()),
        interval.map(|i| i.low.to_string()),
        interval.map(|i| i.high.to_string()),
    ];
    for ((measure_type, _), value) in MEASURE_TYPES.iter().zip(numbers) {
        if let Some(value) = value {
            begin(rows, measure_type);
            rows.number(Some(value)).text(cell.status()).end();
        }
    }
}
