//! One sheet: prose as lines down the first column, tables with headings that a program can read aloud, drawings below their tables.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Table as ExcelTable, TableColumn, TableStyle, Worksheet, XlsxError};

use super::Words;
use super::charts::ChartData;
use super::looks::Looks;
use super::names::{LONGEST_ALT, cut, plain, shortened};
use crate::domain::lines::broken;
use crate::domain::report::{Align, Block, Chart, Document, KeyFigure, Kind, Table, Value};

/// How many letters a line of prose has: a page across.
const LINE: usize = 95;
/// How far below the row where a table begins its headings stand: an empty row, and its caption.
pub(super) const HEADINGS_AFTER: u32 = 2;

/// How many rows a table of so many rows takes: with an empty one, the caption, the headings, and an empty one.
pub(super) fn rows_of(rows: u32) -> u32 {
    HEADINGS_AFTER + 1 + rows + 1
}

/// How many rows a drawing covers.
const CHART_ROWS: u32 = 17;
/// The most columns of a table: what the format holds.
const MOST_COLUMNS: usize = 16_000;

/// A sheet that is being filled from top to bottom.
pub(super) struct Page<'a> {
    sheet: Worksheet,
    looks: &'a Looks,
    row: u32,
    /// How wide each column is, in letters.
    widths: Vec<usize>,
    /// The row below the headings of each table.
    below_headings: Vec<u32>,
    /// Texts that need more than a line or larger letters: row, column, text, size in points, whether it goes on in further lines.
    tall: Vec<(u32, u16, String, f64, bool)>,
}

/// The usual size of letters, in points, and how high a line is of the size of its letters.
const USUAL: f64 = 11.0;
const LEADING: f64 = 1.36;

impl<'a> Page<'a> {
    /// The first row below the title.
    pub(super) const FIRST: u32 = 1;

    /// A sheet with its title in the first cell.
    pub(super) fn new(
        name: &str,
        title: &str,
        document: &Document,
        looks: &'a Looks,
    ) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
        sheet.set_margins(0.6, 0.6, 0.75, 0.75, 0.3, 0.3);
        sheet.set_header(format!("&L&\"Calibri,Regular\"&9{}", in_margin(&document.title)));
        sheet.set_footer(format!("&L&\"Calibri,Regular\"&9{}&R&9&P / &N", in_margin(&document.subtitle)));
        let mut page =
            Self { sheet, looks, row: 0, widths: Vec::new(), below_headings: Vec::new(), tall: Vec::new() };
        page.write(0, title, &looks.title)?;
        page.tall(0, title, 18.0, false);
        page.row = Self::FIRST;
        Ok(page)
    }

    /// The finished sheet.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        for (column, width) in (0_u16..).zip(&self.widths) {
            let width = f64::from(u32::try_from(*width).unwrap_or(60));
            self.sheet.set_column_width(column, width + 2.0)?;
        }
        if self.widths.iter().sum::<usize>() > 115 {
            self.sheet.set_landscape();
        }
        // Not every program makes rows as high as their texts by itself.
        let mut heights: BTreeMap<u32, f64> = BTreeMap::new();
        for (row, column, text, size, wrapped) in &self.tall {
            let width = self.widths.get(usize::from(*column)).copied().unwrap_or(LINE);
            let letters = f64::from(u32::try_from(width).unwrap_or(60)) * USUAL / size;
            let fits = |line: &str| {
                f64::from(u32::try_from(line.trim_end().chars().count()).unwrap_or(u32::MAX)) <= letters
            };
            let lines = if *wrapped { broken(text, fits).len().max(1) } else { 1 };
            let height = f64::from(u32::try_from(lines).unwrap_or(1)) * size * LEADING + 2.0;
            let highest = heights.entry(*row).or_insert(15.0);
            *highest = highest.max(height).min(409.0); // the most that the format holds
        }
        for (row, height) in heights {
            self.sheet.set_row_height(row, height)?;
        }
        // The headings of the only table stay in sight and are printed on every page.
        match self.below_headings.as_slice() {
            [row] if *row <= 8 => {
                self.sheet.set_freeze_panes(*row, 1)?;
                self.sheet.set_repeat_rows(row - 1, row - 1)?;
            }
            _ => {
                self.sheet.set_freeze_panes(1, 0)?;
            }
        }
        Ok(self.sheet)
    }

    /// A text in a column of the present row. It is a string in every case: what begins like a formula is never one, nor becomes one when the cell is
    /// edited.
    fn write(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        let text = plain(text);
        if text.starts_with(['=', '+', '-', '@']) {
            let format = format.clone().set_quote_prefix();
            self.sheet.write_string_with_format(self.row, column, text, &format)?;
        } else {
            self.sheet.write_string_with_format(self.row, column, text, format)?;
        }
        Ok(())
    }

    /// Says how high the present row must be for a text.
    fn tall(&mut self, column: u16, text: &str, size: f64, wrapped: bool) {
        self.tall.push((self.row, column, plain(text), size, wrapped));
    }

    /// Text in lines, each in a row of its own.
    pub(super) fn prose(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.large_prose(text, format, USUAL)
    }

    fn large_prose(&mut self, text: &str, format: &Format, size: f64) -> Result<(), XlsxError> {
        for line in broken(&plain(text), |line| line.chars().count() <= LINE) {
            self.write(0, line.trim_end(), format)?;
            self.tall(0, "", size, false);
            self.row += 1;
        }
        Ok(())
    }

    /// Blocks one after another. Tables and drawings come first in a sheet of tables, the words after them.
    pub(super) fn blocks(
        &mut self,
        blocks: &[Block],
        data: &mut ChartData,
        words: &Words,
    ) -> Result<(), XlsxError> {
        let is_figure = |block: &&Block| matches!(block, Block::Table(_) | Block::Chart(_));
        for block in blocks.iter().filter(is_figure) {
            match block {
                Block::Table(table) => self.table(table)?,
                Block::Chart(chart) => self.chart(chart, data)?,
                _ => {}
            }
        }
        let keys: Vec<&KeyFigure> =
            blocks.iter().filter_map(|b| if let Block::Key(key) = b { Some(key) } else { None }).collect();
        let mut keys_done = keys.is_empty();
        self.row += 1;
        for block in blocks.iter().filter(|block| !is_figure(block)) {
            let looks = self.looks;
            match block {
                Block::Heading { text } => {
                    self.row += 1;
                    self.large_prose(text, &looks.heading, 13.0)?;
                }
                Block::Lead { text } => self.large_prose(text, &looks.lead, 12.0)?,
                Block::Paragraph { text } => self.prose(text, &looks.prose)?,
                Block::Note { text } => {
                    self.row += 1;
                    self.prose(text, &looks.quiet)?;
                }
                Block::List { items } => {
                    for item in items {
                        self.prose(&format!("• {item}"), &looks.prose)?;
                    }
                }
                Block::Pictured(told) => {
                    self.prose(format!("{} {}", told.large, told.words).trim(), &looks.prose)?;
                }
                Block::Key(_) if !keys_done => {
                    keys_done = true;
                    self.keys(&keys, words)?;
                }
                Block::Key(_) | Block::Table(_) | Block::Chart(_) => {}
            }
        }
        Ok(())
    }

    /// Key figures as a table: number, words, base. Below other tables, whose columns have widths of their own, they are prose.
    fn keys(&mut self, keys: &[&KeyFigure], words: &Words) -> Result<(), XlsxError> {
        self.row += 1;
        if !self.below_headings.is_empty() {
            for key in keys {
                let parts = [&key.number, &key.words, &key.base];
                let said: Vec<&str> =
                    parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
                self.prose(&said.join(" · "), &self.looks.prose)?;
            }
            return Ok(());
        }
        for (column, title) in (0_u16..).zip([words.number, words.said, words.base]) {
            self.write(column, title, &self.looks.head)?;
        }
        self.row += 1;
        for key in keys {
            self.write(0, &key.number, &self.looks.number)?;
            self.tall(0, &key.number, 16.0, true);
            self.tall(1, &key.words, 11.5, true);
            self.tall(2, &key.base, USUAL, true);
            self.write(1, &key.words, &self.looks.row_head)?;
            self.write(2, &key.base, &self.looks.cell(Kind::Text, Align::Start))?;
            self.row += 1;
        }
        for (column, width) in [14, 52, 36].into_iter().enumerate() {
            self.widen(column, width);
        }
        self.row += 1;
        Ok(())
    }

    fn widen(&mut self, column: usize, width: usize) {
        if self.widths.len() <= column {
            self.widths.resize(column + 1, 8);
        }
        self.widths[column] = self.widths[column].max(width);
    }

    /// A table with its caption above.
    pub(super) fn table(&mut self, table: &Table) -> Result<(), XlsxError> {
        self.row += 1;
        self.write(0, &table.caption, &self.looks.caption)?;
        self.tall(0, &table.caption, 12.0, false);
        self.row += 1; // HEADINGS_AFTER rows below where it began
        let first = self.row;
        let columns = table.columns.len().min(MOST_COLUMNS);
        for (index, (column, at)) in table.columns.iter().zip(0_u16..).enumerate().take(columns) {
            let looks = self.looks;
            let format = if column.align == Align::End { &looks.head_end } else { &looks.head };
            self.write(at, &column.title, format)?;
            self.tall(at, &column.title, 11.5, true);
            let cells = table.rows.iter().map(|row| match index {
                0 => row.head.chars().count(),
                _ => row.cells.get(index - 1).map_or(0, |cell| cell.text.chars().count()),
            });
            let word = column.title.split(' ').map(|w| w.chars().count()).max().unwrap_or(0);
            let most = if index == 0 { 46 } else { 30 };
            let heading = word.max(column.title.chars().count().div_ceil(2));
            self.widen(index, cells.chain([heading]).max().unwrap_or(0).clamp(9, most));
        }
        self.row += 1;
        self.below_headings.push(self.row);
        for row in &table.rows {
            self.write(0, &row.head, &self.looks.row_head)?;
            self.tall(0, &row.head, 11.5, true);
            for (column, at) in table.columns.iter().zip(0_u16..).skip(1) {
                if let Some(value) = row.cells.get(usize::from(at) - 1) {
                    self.value(at, value, column.align)?;
                }
            }
            self.row += 1;
        }
        self.declare(table, first)?;
        self.row += 1;
        Ok(())
    }

    fn value(&mut self, column: u16, value: &Value, align: Align) -> Result<(), XlsxError> {
        self.tall(column, &value.text, USUAL, true);
        let format = self.looks.cell(value.kind, align);
        match as_number(value) {
            Some(number) => {
                self.sheet.write_number_with_format(self.row, column, number, &format)?;
                Ok(())
            }
            None => self.write(column, &value.text, &format),
        }
    }

    /// Says that the cells are a table with headings, so that each cell is read aloud with its own. The format wants headings that differ.
    fn declare(&mut self, table: &Table, first: u32) -> Result<(), XlsxError> {
        let titles: Vec<String> = table.columns.iter().map(|column| plain(&column.title)).collect();
        let lower: Vec<String> = titles.iter().map(|title| title.to_lowercase()).collect();
        let differ = lower
            .iter()
            .enumerate()
            .all(|(index, title)| !title.is_empty() && !lower[..index].contains(title));
        let Some(last) = u16::try_from(titles.len()).ok().and_then(|count| count.checked_sub(1)) else {
            return Ok(());
        };
        if !differ
            || table.rows.is_empty()
            || titles.iter().any(|title| title.len() > 250 || title.starts_with(' '))
        {
            return Ok(());
        }
        let columns: Vec<TableColumn> = titles
            .iter()
            .zip(&table.columns)
            .map(|(title, column)| {
                let format = if column.align == Align::End { &self.looks.head_end } else { &self.looks.head };
                TableColumn::new().set_header(title).set_header_format(format)
            })
            .collect();
        let declared =
            ExcelTable::new().set_autofilter(false).set_style(TableStyle::None).set_first_column(true);
        let declared =
            declared.set_columns(&columns).set_alt_text(shortened(&plain(&table.caption), LONGEST_ALT));
        self.sheet.add_table(first, 0, self.row - 1, last, &declared)?;
        Ok(())
    }

    /// A drawing below the table that says the same.
    fn chart(&mut self, chart: &Chart, data: &mut ChartData) -> Result<(), XlsxError> {
        self.table(&chart.table)?;
        if let Some(drawn) = data.add(chart) {
            self.sheet.insert_chart_with_offset(self.row, 0, &drawn, 4, 4)?;
            self.row += CHART_ROWS;
        }
        Ok(())
    }
}

/// The number of a cell, as the format wants it: 88.9% is 0.889 that is shown as a percentage.
fn as_number(value: &Value) -> Option<f64> {
    let number = value.number.filter(|number| number.is_finite())?;
    match value.kind {
        Kind::Text | Kind::Absent => None,
        Kind::Percent => Some(share(number)),
        Kind::Count | Kind::Pounds | Kind::Number { .. } => Some(number),
    }
}

/// A percentage as a share, without the last digits that dividing adds.
fn share(percent: f64) -> f64 {
    (percent * 1e8).round() / 1e10
}

/// Text in the margin of a printed page, where “&” begins a command. It may have 255 letters with its commands.
fn in_margin(text: &str) -> String {
    cut(&plain(text), 100).replace('&', "&&")
}
