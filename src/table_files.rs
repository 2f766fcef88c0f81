//! Reads tables that people send: CSV, text pasted from a spreadsheet (tabs), and workbooks (XLSX). Whatever is in them stays text.
//! Writes those that people fill in.
//!
//! A workbook is a packed file that others made. How large it is unpacked is counted before it is opened, and its cells are read one by
//! one, so that neither a small file that unpacks to gigabytes nor one with a cell at the far end of the sheet fills the memory.

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader as _, Style, Xlsx};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use crate::domain::fault::Fault;
use crate::domain::import::{Lines, Row, Table, TemplateColumn};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Text with commas, semicolons or tabs between cells.
    Text,
    /// A workbook.
    Workbook,
}

/// The most rows that are read.
pub const MOST_ROWS: usize = 5000;
/// The most columns that are read.
pub const MOST_COLUMNS: usize = 100;
/// The longest cell, in characters.
const LONGEST_CELL: usize = 1000;
/// The largest a workbook may be once it is unpacked, in bytes.
const LARGEST_UNPACKED: u64 = 48 * 1024 * 1024;
/// The most files in a workbook.
const MOST_PARTS: usize = 500;

/// Reads a table.
///
/// # Errors
///
/// What is wrong with the file as a whole, and what would be right.
pub fn read_table(bytes: &[u8], format: TableFormat) -> Result<Table, Vec<Fault>> {
    let table = match format {
        TableFormat::Text => read_text(bytes),
        TableFormat::Workbook => read_workbook(bytes),
    };
    table.map_err(|fault| vec![fault])
}

fn fault(place: &str, code: &'static str, detail: impl Into<String>) -> Fault {
    Fault { pointer: place.into(), code, detail: detail.into() }
}

fn too_large() -> Fault {
    let detail = format!(
        "At most {MOST_ROWS} rows, {MOST_COLUMNS} columns and {LONGEST_CELL} characters in a cell. Take out what is not needed."
    );
    fault("", "too-large", detail)
}

/// Adds a row if anything stands in it.
fn push(table: &mut Table, number: usize, cells: Vec<String>) -> Result<(), Fault> {
    if cells.iter().all(String::is_empty) {
        return Ok(());
    }
    let long = cells.iter().any(|c| c.chars().count() > LONGEST_CELL);
    if table.rows.len() > MOST_ROWS || cells.len() > MOST_COLUMNS || long {
        return Err(too_large());
    }
    if cells.iter().any(|c| c.contains('\0')) {
        return Err(fault(
            &format!("/{number}"),
            "null-character",
            "This must not hold the character U+0000.",
        ));
    }
    table.rows.push(Row { number, cells });
    Ok(())
}

fn read_text(bytes: &[u8]) -> Result<Table, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| fault("", "not-utf-8", "Save the file as “CSV UTF-8”, or send the workbook itself."))?;
    // One line end: the reader counts lines, and the number it gives a row is told to people.
    let text = &*text.replace("\r\n", "\n");
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    let delimiter = match (count('\t'), count(';'), count(',')) {
        (tabs, ..) if tabs > 0 => b'\t',
        (_, semicolons, commas) if semicolons > commas => b';',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut lines = Lines::of(text.as_bytes());
    for record in reader.records() {
        let record =
            record.map_err(|e| fault("", "syntax", format!("This cannot be read as a table: {e}.")))?;
        let begins = record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(0);
        let number = lines.of_row(begins);
        push(&mut table, number, record.iter().map(str::to_owned).collect())?;
    }
    Ok(table)
}

fn read_workbook(bytes: &[u8]) -> Result<Table, Fault> {
    let not_one = |_| {
        fault(
            "",
            "not-a-workbook",
            "This cannot be read as a workbook (XLSX). Save it anew, or save it as CSV UTF-8.",
        )
    };
    weigh(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(not_one)?;
    let sheet = workbook.sheet_names().first().cloned();
    let sheet = sheet.ok_or_else(|| fault("", "empty", "The workbook has no sheet."))?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(not_one)?;
    let mut table = Table { rows: Vec::new(), workbook: true };
    let (mut at, mut row) = (0, Vec::new());
    let percent: Vec<bool> = cells.styles().iter().map(is_percent).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(not_one)? {
        let (line, column) = cell.get_position();
        let (line, column) =
            (usize::try_from(line).unwrap_or(usize::MAX), usize::try_from(column).unwrap_or(usize::MAX));
        let words = match cell.get_value() {
            // Shown as “90%”, and kept as 0.9: it is read as it is shown, so that nobody takes it for a number of something.
            DataRef::Float(share) if percent.get(style) == Some(&true) => {
                format!("{}%", as_shown(share * 100.0))
            }
            value => written(value),
        };
        if words.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Err(too_large());
        }
        if line != at {
            push(&mut table, at + 1, std::mem::take(&mut row))?;
            at = line;
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = words;
    }
    push(&mut table, at + 1, row)?;
    Ok(table)
}

/// A cell as text: dates as 2026-04-03, whole numbers without a point.
fn written(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) => text.trim().to_owned(),
        Data::DateTimeIso(text) => text.trim().to_owned(),
        Data::DurationIso(text) => text,
        Data::Bool(value) => if value { "yes" } else { "no" }.to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => as_shown(number),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(at) => at.as_f64().to_string(),
    }
}

/// A number with at most the 15 digits that spreadsheets have, so that 0.1 + 0.2 is 0.3; a whole one without a point.
fn as_shown(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

/// Whether cells of this style show a hundredth as 1%.
fn is_percent(style: &Style) -> bool {
    style.number_format.as_ref().is_some_and(|format| {
        let mut quoted = false;
        format.format_code.chars().any(|c| {
            quoted ^= c == '"';
            c == '%' && !quoted
        })
    })
}

/// Unpacks every part of the workbook into nothing, and counts.
fn weigh(bytes: &[u8]) -> Result<(), Fault> {
    let not_one = |_| fault("", "not-a-workbook", "This is not a workbook (XLSX).");
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).map_err(not_one)?;
    let mut left = LARGEST_UNPACKED;
    if parts.len() > MOST_PARTS {
        return Err(too_large());
    }
    for index in 0..parts.len() {
        let part = parts.by_index(index).map_err(not_one)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|_| fault("", "not-a-workbook", "This workbook is damaged."))?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

/// Writes a table to be filled in: what goes where, the headings, and one example. Nothing in it comes from people who use it.
///
/// # Errors
///
/// What failed, for the log.
pub fn write_template(columns: &[TemplateColumn], format: TableFormat) -> Result<Vec<u8>, String> {
    match format {
        TableFormat::Text => write_text(columns).map_err(|e| e.to_string()),
        TableFormat::Workbook => write_workbook(columns).map_err(|e| e.to_string()),
    }
}

fn write_text(columns: &[TemplateColumn]) -> Result<Vec<u8>, std::io::Error> {
    // With its mark at the beginning, a spreadsheet program takes the text as UTF-8.
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(columns.iter().map(|column| &column.explained))?;
    writer.write_record(columns.iter().map(|column| column.heading))?;
    writer.write_record(columns.iter().map(|column| &column.example))?;
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn write_workbook(columns: &[TemplateColumn]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let explained = Format::new().set_text_wrap().set_italic().set_align(FormatAlign::Top);
    let heading = Format::new().set_bold();
    // Text, so that no program makes another date or number of what is typed.
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet().set_name("People")?;
    for (at, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, 24)?;
        sheet.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, &column.explained, &explained)?;
        sheet.write_string_with_format(1, at, column.heading, &heading)?;
        sheet.write_string_with_format(2, at, &column.example, &text)?;
    }
    sheet.set_freeze_panes(2, 1)?;
    workbook.save_to_buffer()
}

/// A table that is filled in already, and is filled in further: what goes where, the headings, and rows in which nothing is live.
pub struct FilledTable<'t> {
    /// What the sheet of a workbook is called.
    pub name: &'t str,
    /// Each heading, and what goes below it.
    pub headings: &'t [(&'t str, &'t str)],
    /// Which of them are to be filled in.
    pub filled: &'t [&'t str],
    /// The rows.
    pub rows: &'t [Vec<String>],
}

/// Writes a table that is filled in already.
///
/// # Errors
///
/// What failed, for the log.
pub fn write_filled(table: &FilledTable<'_>, format: TableFormat) -> Result<Vec<u8>, String> {
    match format {
        TableFormat::Text => filled_text(table).map_err(|e| e.to_string()),
        TableFormat::Workbook => filled_workbook(table).map_err(|e| e.to_string()),
    }
}

fn filled_text(table: &FilledTable<'_>) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(table.headings.iter().map(|(_, explained)| explained))?;
    writer.write_record(table.headings.iter().map(|(heading, _)| heading))?;
    for row in table.rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn filled_workbook(table: &FilledTable<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let explained = Format::new().set_text_wrap().set_italic().set_align(FormatAlign::Top);
    let heading = Format::new().set_bold();
    // Text, so that a percentage that is typed in stays one and can be refused.
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let to_fill = text.clone().set_background_color(0xFF_F8DC).set_border(FormatBorder::Thin);
    let sheet = workbook.add_worksheet().set_name(table.name)?;
    for (at, (title, words)) in (0_u16..).zip(table.headings) {
        let fill = table.filled.contains(title);
        sheet.set_column_width(at, if fill { 14 } else { 24 })?;
        sheet.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, *words, &explained)?;
        sheet.write_string_with_format(1, at, *title, &heading)?;
        for (line, row) in (2_u32..).zip(table.rows) {
            let format = if fill { &to_fill } else { &text };
            // A string in every case: what begins like a formula is never one.
            sheet.write_string_with_format(line, at, row.get(usize::from(at)).map_or("", |c| c), format)?;
        }
    }
    sheet.set_freeze_panes(2, 0)?;
    workbook.save_to_buffer()
}

/// A table as text with tabs, each row on the line of its number, so that what is said of it fits the file it came from.
pub fn as_text(table: &Table) -> String {
    let mut text = String::new();
    let mut line = 1;
    for row in &table.rows {
        while line < row.number {
            text.push('\n');
            line += 1;
        }
        let cells: Vec<String> =
            row.cells.iter().map(|cell| cell.replace(['\t', '\n', '\r', '"'], " ")).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
        line += 1;
    }
    text
}
