//! Drawings that the reader's own program makes from numbers of the workbook, which stand on a sheet of their own.
//!
//! An interval is drawn from its lower end to its upper one, both as they are in the report: whiskers would need the differences, which are numbers that
//! nobody has checked.

use rust_xlsxwriter::{
    Chart as ExcelChart, ChartAxis, ChartAxisLabelPosition, ChartEmptyCells, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType, ChartPatternFill, ChartPatternFillType,
    ChartPoint, ChartSeries, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

use super::Words;
use super::looks::{Looks, colour};
use super::names::{LONGEST_ALT, cut, plain, shortened};
use super::sheet::{HEADINGS_AFTER, Page, rows_of};
use crate::domain::report::drawing::{Pattern, Scale, Tone, pattern_of};
use crate::domain::report::{
    Align, Bar, Chart, Column, Document, Kind, Point, Shape, Stack, Table, TableRow, Value,
};

/// The numbers behind the drawings of a workbook.
pub(super) struct ChartData {
    name: String,
    words: &'static Words,
    tables: Vec<Table>,
    /// The row of the next table's headings.
    row: u32,
}

impl ChartData {
    pub(super) fn new(name: String, words: &'static Words) -> Self {
        Self { name, words, tables: Vec::new(), row: Page::FIRST + HEADINGS_AFTER }
    }

    /// The sheet, if there are drawings.
    pub(super) fn finish(&self, document: &Document, looks: &Looks) -> Result<Option<Worksheet>, XlsxError> {
        if self.tables.is_empty() {
            return Ok(None);
        }
        let mut page = Page::new(&self.name, self.words.chart_data, document, looks)?;
        for table in &self.tables {
            page.table(table)?;
        }
        page.finish().map(Some)
    }

    /// Keeps the numbers of a drawing and gives the drawing; none if there is no number to draw.
    pub(super) fn add(&mut self, chart: &Chart) -> Option<ExcelChart> {
        let (columns, rows) = match &chart.shape {
            Shape::Bars { bars } => (self.share_columns(&[self.words.share]), bar_rows(bars)),
            Shape::Changes { bars } => (self.columns(&[self.words.change.to_owned()]), change_rows(bars)),
            Shape::Stacks { names, rows } | Shape::Bands { names, rows } => {
                (self.columns(names), stack_rows(rows, names.len()))
            }
            Shape::OverTime { points } => over_time(points, self),
        };
        if rows.iter().all(|row| row.cells.iter().all(|cell| cell.number.is_none())) {
            return None;
        }
        let place = Place { sheet: self.name.clone(), head: self.row, last: self.row + count(rows.len()) };
        let series = columns.len().saturating_sub(1);
        self.row += rows_of(count(rows.len()));
        self.tables.push(Table { caption: chart.title.clone(), columns, rows });
        let mut drawn = match &chart.shape {
            Shape::Bars { bars } => draw_bars(bars, &place),
            Shape::Changes { bars } => draw_changes(bars, &place),
            Shape::Stacks { names, .. } => draw_stacks(names.len(), Scale::Judged, &place),
            Shape::Bands { names, .. } => draw_stacks(names.len(), Scale::Plain, &place),
            Shape::OverTime { .. } => draw_over_time(series, &place),
        };
        drawn.set_alt_text(shortened(&plain(&chart.description), LONGEST_ALT)).set_width(760).set_height(320);
        let title = plain(&chart.title);
        // What begins like a formula would be read as a range of cells.
        let title = if title.starts_with('=') { format!(" {title}") } else { title };
        drawn
            .title()
            .set_name(&cut(&title, 250))
            .set_font(ChartFont::new().set_bold().set_size(12))
            .set_overlay(false);
        Some(drawn)
    }

    fn columns(&self, names: &[String]) -> Vec<Column> {
        let column = |(index, title): (usize, String)| Column {
            title,
            align: if index == 0 { Align::Start } else { Align::End },
        };
        std::iter::once(self.words.part.to_owned())
            .chain(names.iter().cloned())
            .enumerate()
            .map(column)
            .collect()
    }

    /// Columns for shares and the two ends of their interval.
    fn share_columns(&self, shares: &[&str]) -> Vec<Column> {
        let names: Vec<String> =
            shares.iter().chain([&self.words.low, &self.words.high]).map(|n| (*n).to_owned()).collect();
        self.columns(&names)
    }
}

/// Where the numbers of one drawing are.
struct Place {
    sheet: String,
    head: u32,
    last: u32,
}

impl Place {
    fn cells(&self, column: u16) -> (&str, u32, u16, u32, u16) {
        (&self.sheet, self.head + 1, column, self.last, column)
    }

    /// Adds what stands in a column to a drawing.
    fn series<'c>(&self, chart: &'c mut ExcelChart, column: u16) -> &'c mut ChartSeries {
        let name = (self.sheet.as_str(), self.head, column);
        chart.add_series().set_name(name).set_categories(self.cells(0)).set_values(self.cells(column))
    }
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX / 2)
}

fn percent(value: Option<f64>) -> Value {
    value.map_or_else(
        || Value::text(""),
        |value| Value { text: String::new(), number: Some(value), kind: Kind::Percent },
    )
}

fn bar_rows(bars: &[Bar]) -> Vec<TableRow> {
    let row = |bar: &Bar| {
        let interval = bar.interval.filter(|_| bar.value.is_some());
        let cells = vec![percent(bar.value), percent(interval.map(|i| i.0)), percent(interval.map(|i| i.1))];
        TableRow { head: bar.label.clone(), cells }
    };
    bars.iter().map(row).collect()
}

fn change_rows(bars: &[Bar]) -> Vec<TableRow> {
    bars.iter().map(|bar| TableRow { head: bar.label.clone(), cells: vec![percent(bar.value)] }).collect()
}

fn stack_rows(rows: &[Stack], parts: usize) -> Vec<TableRow> {
    let row = |stack: &Stack| {
        let cells = (0..parts).map(|index| percent(stack.parts.get(index).map(|part| part.percent)));
        TableRow { head: stack.label.clone(), cells: cells.collect() }
    };
    rows.iter().map(row).collect()
}

/// A column for each wording, so that no line goes from one to the next, and the two ends of the interval.
fn over_time(points: &[Point], data: &ChartData) -> (Vec<Column>, Vec<TableRow>) {
    let wordings = 1 + points.iter().skip(1).filter(|point| point.breaks).count();
    let name = |number: usize| match number {
        1 => data.words.share.to_owned(),
        2 => data.words.new_wording.to_owned(),
        number => format!("{} {}", data.words.new_wording, number - 1),
    };
    let names: Vec<String> = (1..=wordings).map(name).collect();
    let columns = data.share_columns(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut wording = 0;
    let mut rows = Vec::new();
    for (index, point) in points.iter().enumerate() {
        wording += usize::from(index > 0 && point.breaks);
        let mut cells: Vec<Value> =
            (0..wordings).map(|w| percent(point.value.filter(|_| w == wording))).collect();
        let interval = point.interval.filter(|_| point.value.is_some());
        cells.extend([percent(interval.map(|i| i.0)), percent(interval.map(|i| i.1))]);
        rows.push(TableRow { head: point.label.clone(), cells });
    }
    (columns, rows)
}

fn solid(tone: Tone) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour(tone)));
    format.set_border(ChartLine::new().set_color(colour(Tone::Edge)).set_width(0.75));
    format
}

fn part_format(index: usize, parts: usize, scale: Scale) -> ChartFormat {
    let tone = Tone::of_part(index, parts, scale);
    let pattern = match pattern_of(index, parts, scale) {
        Pattern::Plain => return solid(tone),
        Pattern::Along => ChartPatternFillType::HorizontalStripesLight,
        Pattern::Flecks => ChartPatternFillType::Dotted10Percent,
        Pattern::Rising => ChartPatternFillType::DiagonalStripesLightUpwards,
        Pattern::Falling => ChartPatternFillType::DiagonalStripesWideDownwards,
    };
    let over = if tone == Tone::Worst { Tone::Ground } else { Tone::Edge };
    let mut fill = ChartPatternFill::new();
    fill.set_pattern(pattern).set_background_color(colour(tone)).set_foreground_color(colour(over));
    let mut format = ChartFormat::new();
    format.set_pattern_fill(&fill).set_border(ChartLine::new().set_color(colour(Tone::Edge)).set_width(0.75));
    format
}

/// The scale of percentages, from 0 to 100, with light lines.
fn scale(axis: &mut ChartAxis) {
    let mut grid = ChartLine::new();
    grid.set_color(colour(Tone::Grid)).set_width(0.75);
    axis.set_min(0).set_max(1).set_major_unit(0.25).set_num_format("0%").set_major_gridlines(true);
    axis.set_major_gridlines_line(&grid);
}

/// Lower and upper ends of intervals as short marks, joined by a line.
fn interval_ends(chart: &mut ExcelChart, place: &Place, first: u16) {
    let mut ink = ChartFormat::new();
    ink.set_solid_fill(ChartSolidFill::new().set_color(colour(Tone::Ink)));
    let mut marker = ChartMarker::new();
    marker.set_type(ChartMarkerType::LongDash).set_size(8).set_format(&mut ink);
    for column in [first, first + 1] {
        place.series(chart, column).set_marker(&marker).set_format(ChartFormat::new().set_no_line());
    }
    let mut line = ChartLine::new();
    line.set_color(colour(Tone::Ink)).set_width(1.25);
    chart.set_high_low_lines_format(ChartFormat::new().set_line(&line));
}

fn draw_bars(bars: &[Bar], place: &Place) -> ExcelChart {
    let mut chart = ExcelChart::new(ChartType::Column);
    let tone = |bar: &Bar| if bar.own { Tone::Own } else { Tone::Other };
    let points: Vec<ChartPoint> =
        bars.iter().map(|bar| ChartPoint::new().set_format(&mut solid(tone(bar)))).collect();
    place.series(&mut chart, 1).set_format(&mut solid(Tone::Other)).set_points(&points).set_gap(60);
    if bars.iter().any(|bar| bar.interval.is_some() && bar.value.is_some()) {
        let mut ends = ExcelChart::new(ChartType::Line);
        interval_ends(&mut ends, place, 2);
        chart.combine(&ends);
    }
    scale(chart.y_axis());
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart
}

/// Changes as columns that go up or down from none; the names stand below the lowest.
fn draw_changes(bars: &[Bar], place: &Place) -> ExcelChart {
    let mut chart = ExcelChart::new(ChartType::Column);
    let tone = |bar: &Bar| if bar.own { Tone::Own } else { Tone::Other };
    let points: Vec<ChartPoint> =
        bars.iter().map(|bar| ChartPoint::new().set_format(&mut solid(tone(bar)))).collect();
    place.series(&mut chart, 1).set_format(&mut solid(Tone::Other)).set_points(&points).set_gap(60);
    let mut grid = ChartLine::new();
    grid.set_color(colour(Tone::Grid)).set_width(0.75);
    chart.y_axis().set_num_format("0%").set_major_gridlines(true).set_major_gridlines_line(&grid);
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart
}

fn draw_stacks(parts: usize, scale_of: Scale, place: &Place) -> ExcelChart {
    let mut chart = ExcelChart::new(ChartType::BarPercentStacked);
    for (index, column) in (0..parts).zip(1_u16..) {
        place.series(&mut chart, column).set_format(&mut part_format(index, parts, scale_of)).set_gap(60);
    }
    scale(chart.x_axis());
    // The first row stands at the top, and the scale below the last.
    chart.y_axis().set_reverse();
    chart.x_axis().set_label_position(ChartAxisLabelPosition::High);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart
}

/// `series` columns: one for each wording, and the two ends of the interval.
fn draw_over_time(series: usize, place: &Place) -> ExcelChart {
    let mut chart = ExcelChart::new(ChartType::Line);
    let wordings = u16::try_from(series.saturating_sub(2)).unwrap_or(u16::MAX);
    let mut own = ChartFormat::new();
    own.set_solid_fill(ChartSolidFill::new().set_color(colour(Tone::Own)));
    let mut marker = ChartMarker::new();
    marker.set_type(ChartMarkerType::Circle).set_size(8).set_format(&mut own);
    let mut line = ChartLine::new();
    line.set_color(colour(Tone::Own)).set_width(2);
    for column in 1..=wordings {
        place.series(&mut chart, column).set_marker(&marker).set_format(ChartFormat::new().set_line(&line));
    }
    interval_ends(&mut chart, place, wordings + 1);
    scale(chart.y_axis());
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart
}
