//! The rows that a report was made of, long: one number a line, each with everything that names it.

use crate::domain::figures::{Row, Spread, Status};
use crate::domain::performance::Pair;
use crate::domain::report::compose::{KpiFigure, Material, Sector};
use crate::domain::returns::inert;

/// The columns.
const COLUMNS: [&str; 10] =
    ["part", "level", "code", "place", "period", "model", "id", "series", "measure", "value"];

/// Writes them as UTF-8. A text that a spreadsheet would work out has an apostrophe before it; numbers stand as they are.
pub fn write(material: &Material<'_>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let beside = material.beside.as_ref();
    let sector = material.sector.as_ref();
    let parts: [(&str, &[Row]); 5] = [
        ("khi", &material.rows),
        ("over-time", &material.over_time),
        ("release-own", beside.map_or(&[], |b| &b.own)),
        ("release-around", beside.map_or(&[], |b| &b.around)),
        ("sector-khi", sector.map_or(&[], |s| &s.khi)),
    ];
    for (part, rows) in parts {
        for row in rows {
            for (measure, value) in measures(row) {
                let place = &row.place;
                let names = [
                    part,
                    place.level.code(),
                    &place.code,
                    &place.name,
                    &row.period,
                    &row.model,
                    &row.indicator,
                    &row.series,
                    &measure,
                ];
                line(&mut writer, &names, &value)?;
            }
        }
    }
    for figure in &material.kpis {
        kpi(&mut writer, "kpi", figure, "")?;
    }
    if let Some(sector) = sector {
        state(&mut writer, sector)?;
    }
    for done in &material.done {
        let place = &material.place;
        let names = ["done", place.level.code(), &place.code, &place.name, "", "", "", "", "words"];
        line(&mut writer, &names, &Cell::Words(done.en.clone()))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Every number of a KPI figure; `series` is what sets it apart from others of its name.
fn kpi(
    writer: &mut csv::Writer<Vec<u8>>,
    part: &str,
    figure: &KpiFigure,
    series: &str,
) -> Result<(), csv::Error> {
    let (place, model) = (&figure.place, figure.model.as_deref().unwrap_or_default());
    for (measure, value) in counted(figure) {
        let names = [
            part,
            place.level.code(),
            &place.code,
            &place.name,
            &figure.period,
            model,
            &figure.kpi,
            series,
            measure,
        ];
        line(writer, &names, &value)?;
    }
    Ok(())
}

/// What the state of the sector is told from.
fn state(writer: &mut csv::Writer<Vec<u8>>, sector: &Sector) -> Result<(), csv::Error> {
    for figure in &sector.figures {
        kpi(writer, "sector", figure, "")?;
    }
    for pair in &sector.pairs {
        let Pair { place, model, .. } = pair;
        let of = format!("{} {}", pair.of, pair.of_period);
        let values = [("value", pair.value), ("of", pair.of_value), ("senders", as_number(pair.senders))];
        for (measure, value) in values {
            let names = [
                "sector-pair",
                place.level.code(),
                &place.code,
                &place.name,
                &pair.period,
                model.as_deref().unwrap_or_default(),
                &pair.kpi,
                &of,
                measure,
            ];
            line(writer, &names, &Cell::Number(value))?;
        }
    }
    for restated in &sector.restated {
        let release = format!("release {}", restated.release.number);
        kpi(writer, "restated-printed", &restated.printed, &release)?;
        kpi(writer, "restated-now", &restated.now, &release)?;
    }
    Ok(())
}

/// What stands in the last column.
enum Cell {
    /// Words.
    Words(String),
    /// A number, which is never a formula.
    Number(f64),
}

fn line(writer: &mut csv::Writer<Vec<u8>>, names: &[&str; 9], value: &Cell) -> Result<(), csv::Error> {
    for name in names {
        writer.write_field(inert(name))?;
    }
    writer.write_field(match value {
        Cell::Words(words) => inert(words),
        Cell::Number(number) => number.to_string(),
    })?;
    writer.write_record(None::<&[u8]>)
}

/// Everything that a row shows. What it hides has no line: its status says that something is hidden.
fn measures(row: &Row) -> Vec<(String, Cell)> {
    let mut all: Vec<(String, Cell)> = Vec::new();
    let status = match row.status {
        Status::Shown => "shown",
        Status::Pooled => "pooled",
        Status::Banded => "banded",
        Status::Merged => "merged",
        Status::Suppressed => "suppressed",
    };
    let words = |all: &mut Vec<(String, Cell)>, name: &str, value: Option<&str>| {
        all.extend(value.map(|value| (name.to_owned(), Cell::Words(value.to_owned()))));
    };
    words(&mut all, "status", Some(status));
    words(&mut all, "band", row.band.as_deref());
    words(&mut all, "merged_into", row.merged_into.as_deref());
    words(&mut all, "periods", row.periods.as_ref().map(|p| p.join(" ")).as_deref());
    let mut number = |name: &str, value: Option<f64>| {
        all.extend(value.map(|value| (name.to_owned(), Cell::Number(value))));
    };
    let whole = |value: Option<i64>| value.map(as_number);
    number("n", whole(row.n));
    number("positive", whole(row.positive));
    number("percent", row.percent);
    number("mean", row.mean);
    number("sd", row.sd);
    number("low", row.interval.as_ref().map(|i| i.low));
    number("high", row.interval.as_ref().map(|i| i.high));
    match &row.distribution {
        Some(Spread::Counts(counts)) => {
            for (code, people) in counts {
                number(&format!("answer:{code}"), Some(as_number(*people)));
            }
        }
        Some(Spread::Bands(bands)) => {
            for (code, band) in bands {
                number(&format!("answer:{code}"), Some(as_number(band.count)));
                number(&format!("answer:{code}:percent"), band.percent);
            }
        }
        None => {}
    }
    for (prefix, counts) in [("completed_by", &row.completed_by), ("left_out", &row.left_out)] {
        for (code, people) in counts.iter().flatten() {
            number(&format!("{prefix}:{code}"), Some(as_number(*people)));
        }
    }
    if let Some(without) = &row.without_supporter {
        number("without_supporter:n", Some(as_number(without.n)));
        number("without_supporter:positive", Some(as_number(without.positive)));
        number("without_supporter:percent", without.percent);
    }
    number("supported", whole(row.supported));
    number("eligible", whole(row.eligible));
    number("invited", whole(row.invited));
    number("responded", whole(row.responded));
    number("unfinished", whole(row.unfinished));
    number("response_rate", row.response_rate);
    number("open", whole(row.open));
    if let Some(change) = &row.change {
        number("change:pairs", Some(as_number(change.pairs)));
        number("change:improved", whole(change.improved));
        number("change:same", Some(as_number(change.same)));
        number("change:worse", whole(change.worse));
        number("change:lost", Some(as_number(change.lost)));
        number("change:median_months", change.median_months);
    }
    all
}

fn counted(figure: &KpiFigure) -> Vec<(&'static str, Cell)> {
    let mut all =
        vec![("status", Cell::Words(figure.status.clone())), ("unit", Cell::Words(figure.unit.clone()))];
    let mut number = |name, value: Option<f64>| all.extend(value.map(|value| (name, Cell::Number(value))));
    number("value", figure.value);
    number("numerator", figure.numerator);
    number("denominator", figure.denominator);
    number("returned", Some(as_number(figure.returned)));
    number("expected", Some(as_number(figure.expected)));
    all
}

fn as_number(count: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
    let number = count as f64;
    number
}
