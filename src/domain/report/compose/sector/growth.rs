//! How a count changed in a year: of all, where every return of both years is in, and else of those who have sent in both.

use super::super::composer::Composer;
use super::super::counted::title;
use super::super::material::{KpiFigure, MadeFrom};
use super::super::written::{count_cell, numbers_column, percent_cell, words_column};
use super::material::Sector;
use crate::domain::area::Level;
use crate::domain::figures::Place;
use crate::domain::report::chart::{Bar, Chart, Shape};
use crate::domain::report::document::{Block, KeyFigure, Kind, Table, TableRow, Value};
use crate::domain::statement::thousands;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Compared {
    /// The figures themselves: nothing is missing in either year.
    Whole { then: f64, now: f64 },
    /// The figures of so many who sent in both years.
    Same { then: f64, now: f64, senders: i64 },
    /// Nothing.
    Not,
}

impl Compared {
    /// What can be compared of a KPI at a place.
    pub(super) fn of(sector: &Sector, kpi: &str, place: &str, before: &str, period: &str) -> Self {
        let whole = |period: &str| {
            let figure = sector.figure(kpi, place, period).filter(|figure| figure.status == "shown");
            figure.and_then(|figure| figure.value)
        };
        match (whole(before), whole(period)) {
            (Some(then), Some(now)) => Self::Whole { then, now },
            _ => match sector.pair((kpi, period), (kpi, before), place) {
                Some(pair) => Self::Same { then: pair.of_value, now: pair.value, senders: pair.senders },
                None => Self::Not,
            },
        }
    }

    fn both(self) -> Option<(f64, f64)> {
        match self {
            Self::Whole { then, now } | Self::Same { then, now, .. } => Some((then, now)),
            Self::Not => None,
        }
    }

    /// The change as a count.
    pub(super) fn change(self) -> Option<f64> {
        self.both().map(|(then, now)| now - then)
    }

    /// The change in percent of the year before: worked out, never taken from anybody.
    pub(super) fn percent(self) -> Option<f64> {
        self.both().filter(|(then, _)| *then > 0.0).map(|(then, now)| (now - then) / then * 100.0)
    }

    /// “growing”, “shrinking”, “no change”.
    fn direction(self, c: &Composer<'_>) -> &'static str {
        match self.change() {
            Some(change) if change > 0.0 => c.w.t("sector_growing"),
            Some(change) if change < 0.0 => c.w.t("sector_shrinking"),
            Some(_) => c.w.t("sector_level"),
            None => not_compared(c),
        }
    }

    /// Whose figures are compared.
    fn whose(self, c: &Composer<'_>) -> String {
        match self {
            Self::Whole { .. } => c.w.t("sector_whole").to_owned(),
            Self::Same { then, now, senders } => {
                let values = [("then", whole(then)), ("now", whole(now)), ("senders", thousands(senders))];
                c.w.made("sector_same", &values)
            }
            Self::Not => not_compared(c).to_owned(),
        }
    }

    /// The same for a cell of a table.
    fn whose_in_short(self, c: &Composer<'_>) -> String {
        match self {
            Self::Same { then, now, senders } => {
                let values = [("then", whole(then)), ("now", whole(now)), ("senders", thousands(senders))];
                c.w.made("sector_same_short", &values)
            }
            Self::Whole { .. } => c.w.t("sector_whole_short").to_owned(),
            Self::Not => c.w.t("sector_not_short").to_owned(),
        }
    }
}

/// Why nothing is compared: a release has growth only of a few KPIs, and of financial years.
fn not_compared(c: &Composer<'_>) -> &'static str {
    match c.m.made_from {
        MadeFrom::Shown { .. } => c.w.t("sector_not_compared"),
        MadeFrom::Release(_) => c.w.t("sector_not_in_release"),
    }
}

/// Why a count is not there: it was not sent in, or the release that this is told from has no such cell.
fn absent(c: &Composer<'_>, figure: Option<&KpiFigure>) -> &'static str {
    match (&c.m.made_from, figure) {
        (MadeFrom::Release(_), None) => c.w.t("sector_not_in_release"),
        _ => c.w.t("absent_not_sent"),
    }
}

/// A count with commas.
pub(super) fn whole(value: f64) -> String {
    thousands(rounded(value))
}

/// The nearest whole number: counts are whole, though they are kept in hundredths.
pub(super) fn rounded(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "counts of people are far below 2^52")]
    let number = value.round() as i64;
    number
}

/// “+22”, “−33”, “0”.
fn signed_count(value: f64) -> String {
    match rounded(value) {
        0 => "0".to_owned(),
        more if more > 0 => format!("+{}", thousands(more)),
        fewer => format!("−{}", thousands(-fewer)),
    }
}

/// “+2.8%”, “−0.3%”; what is no change to one decimal has no sign.
pub(super) fn signed_percent(value: f64) -> String {
    let text = format!("{value:+.1}%").replace('-', "−");
    if matches!(text.as_str(), "+0.0%" | "−0.0%") { "0.0%".to_owned() } else { text }
}

/// A change in percent in a cell.
pub(super) fn percent_change(value: Option<f64>) -> Value {
    let cell = percent_cell(value, || Value::absent("–"));
    match value {
        Some(value) => Value { text: signed_percent(value), ..cell },
        None => cell,
    }
}

fn count_change(value: Option<f64>) -> Value {
    let cell = count_cell(value.map(rounded), || Value::absent("–"));
    match value {
        Some(value) => Value { text: signed_count(value), ..cell },
        None => cell,
    }
}

/// How many returns a figure rests upon: “131 of 140”.
pub(super) fn returns(c: &Composer<'_>, figure: Option<&KpiFigure>) -> String {
    let Some(KpiFigure { returned, expected, .. }) = figure else { return "–".to_owned() };
    let (returned, expected) = (thousands(*returned), thousands(*expected));
    c.w.with("sector_returns", &[("returned", &returned), ("expected", &expected)])
}

/// The name of a place within a table: a region stands below its nation.
fn name(c: &Composer<'_>, place: &Place) -> String {
    c.place_name(&place.code, &place.name)
}

/// What is told of one count: where it grows and shrinks in words, a table, and of regions a drawing. Nothing where nobody is expected to count it.
pub(super) fn told(c: &Composer<'_>, sector: &Sector, kpi: &str) -> Vec<Block> {
    let period = c.m.period.to_string();
    let before = c.m.period.before().to_string();
    let places = sector.places(kpi, &period);
    let own = sector
        .figure(kpi, &c.m.place.code, &period)
        .or_else(|| places.first().and_then(|place| sector.figure(kpi, &place.code, &period)));
    let Some(own) = own else { return Vec::new() };
    let title = title(c, own);
    let mut blocks = vec![Block::Heading { text: title.to_owned() }];
    if places.iter().all(|place| sector.figure(kpi, &place.code, &period).is_none_or(|f| f.value.is_none())) {
        blocks.push(Block::Note { text: c.w.with("counted_missing", &[("titles", title)]) });
        return blocks;
    }
    let compared = |place: &Place| Compared::of(sector, kpi, &place.code, &before, &period);
    let wide = places.iter().filter(|place| matches!(place.level, Level::Uk | Level::Nation));
    let lines: Vec<String> = wide.filter_map(|place| line(c, place, compared(place))).collect();
    if !lines.is_empty() {
        blocks.push(Block::List { items: lines });
    }
    let row = |place: &&Place| {
        let (now, then) =
            (sector.figure(kpi, &place.code, &period), sector.figure(kpi, &place.code, &before));
        let value = |figure: Option<&KpiFigure>, period: &str| {
            let value = figure.and_then(|figure| figure.value).map(rounded);
            let cell = count_cell(value, || Value::absent(absent(c, figure)));
            let marked = value.is_some() && sector.is_restated(kpi, &place.code, period);
            if marked { Value { text: format!("{} r", cell.text), ..cell } } else { cell }
        };
        let compared = compared(place);
        TableRow {
            head: name(c, place),
            cells: vec![
                value(then, &before),
                Value::text(returns(c, then)),
                value(now, &period),
                Value::text(returns(c, now)),
                count_change(compared.change()),
                percent_change(compared.percent()),
                Value::text(compared.whose_in_short(c)),
            ],
        }
    };
    let columns = vec![
        words_column(c.w.t("column_place")),
        numbers_column(&before),
        words_column(&c.w.with("sector_returns_of", &[("period", &before)])),
        numbers_column(&period),
        words_column(&c.w.with("sector_returns_of", &[("period", &period)])),
        numbers_column(c.w.t("column_change_count")),
        numbers_column(c.w.t("column_change_percent")),
        words_column(c.w.t("column_compared")),
    ];
    blocks.push(Block::Table(Table {
        caption: c.w.with("sector_caption", &[("title", title)]),
        columns,
        rows: places.iter().map(row).collect(),
    }));
    blocks.extend(chart(c, kpi, title, &places, &compared).map(Block::Chart));
    blocks
}

/// “Scotland: growing, +12 (+4.1%), the same 7 …”.
fn line(c: &Composer<'_>, place: &Place, compared: Compared) -> Option<String> {
    let (change, percent) = (compared.change()?, compared.percent()?);
    let values = [
        ("place", name(c, place)),
        ("direction", compared.direction(c).to_owned()),
        ("change", signed_count(change)),
        ("percent", signed_percent(percent)),
        ("compared", compared.whose(c)),
    ];
    Some(c.w.made("sector_line", &values))
}

/// Growth by region, drawn; of a place without regions by nation. Nothing where there are not two to lay beside each other.
fn chart(
    c: &Composer<'_>,
    kpi: &str,
    title: &str,
    places: &[&Place],
    compared: &dyn Fn(&Place) -> Compared,
) -> Option<Chart> {
    let of_level = |level: Level| -> Vec<(&Place, Compared, f64)> {
        let of = places.iter().filter(|place| place.level == level);
        of.filter_map(|place| {
            let compared = compared(place);
            Some((*place, compared, compared.percent()?))
        })
        .collect()
    };
    let mut drawn = of_level(Level::Region);
    if drawn.len() < 2 {
        drawn = of_level(Level::Nation);
    }
    drawn.sort_by(|a, b| b.2.total_cmp(&a.2));
    let [(most, _, high), .., (least, _, low)] = drawn.as_slice() else { return None };
    let values = [
        ("most", name(c, most)),
        ("high", signed_percent(*high)),
        ("least", name(c, least)),
        ("low", signed_percent(*low)),
    ];
    let bars = drawn.iter().map(|(place, _, percent)| Bar {
        label: name(c, place),
        value: Some(*percent),
        interval: None,
        text: signed_percent(*percent),
        own: *percent >= 0.0,
    });
    let row = |(place, compared, percent): &(&Place, Compared, f64)| TableRow {
        head: name(c, place),
        cells: vec![percent_change(Some(*percent)), count_change(compared.change())],
    };
    let chart_title = c.w.with("sector_chart", &[("title", title)]);
    Some(Chart {
        id: format!("growth-{kpi}"),
        title: chart_title.clone(),
        description: c.w.made("sector_chart_says", &values),
        shape: Shape::Changes { bars: bars.collect() },
        table: Table {
            caption: chart_title,
            columns: vec![
                words_column(c.w.t("column_place")),
                numbers_column(c.w.t("column_change_percent")),
                numbers_column(c.w.t("column_change_count")),
            ],
            rows: drawn.iter().map(row).collect(),
        },
    })
}

/// A count of the place for the first page, with how much of it is there and how it changed.
pub(super) fn key(c: &Composer<'_>, sector: &Sector, kpi: &str) -> Option<KeyFigure> {
    let (period, before) = (c.m.period.to_string(), c.m.period.before().to_string());
    let figure = sector.figure(kpi, &c.m.place.code, &period)?;
    let value = figure.value?;
    let compared = Compared::of(sector, kpi, &c.m.place.code, &before, &period);
    let mut base = vec![c.w.with("sector_returns_in", &[("returns", &returns(c, Some(figure)))])];
    base.extend(compared.percent().map(|percent| {
        let values = [
            ("direction", compared.direction(c).to_owned()),
            ("percent", signed_percent(percent)),
            ("compared", compared.whose(c)),
        ];
        c.w.made("sector_key", &values)
    }));
    Some(KeyFigure { words: title(c, figure).to_owned(), number: whole(value), base: base.join("; ") })
}

/// A share in a cell, or why there is none.
pub(super) fn share_cell(value: Option<f64>, why: &str) -> Value {
    percent_cell(value, || Value { text: why.to_owned(), number: None, kind: Kind::Absent })
}
