//! A report as a workbook: the summary, a sheet for each section with tables, the numbers behind the drawings, and what it was made from. Numbers are
//! numbers of their kind; all else is text, and nothing is ever a formula. The same document gives the same bytes.

mod charts;
mod looks;
mod names;
mod sheet;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::domain::report::{Block, Document, Table};
use charts::ChartData;
use looks::Looks;
use names::SheetNames;
use sheet::Page;

/// The workbook of a report. `made_on` is what it says of the day it was made: that of the figures, so that the same figures give the same bytes.
///
/// # Errors
///
/// What failed, for the log: a fault of the program.
pub fn xlsx(document: &Document, made_on: NaiveDate) -> Result<Vec<u8>, String> {
    write(document, made_on).map_err(|e| e.to_string())
}

/// The words that a workbook adds, in the document's language.
struct Words {
    summary: &'static str,
    facts: &'static str,
    chart_data: &'static str,
    number: &'static str,
    said: &'static str,
    base: &'static str,
    name: &'static str,
    text: &'static str,
    part: &'static str,
    share: &'static str,
    change: &'static str,
    new_wording: &'static str,
    low: &'static str,
    high: &'static str,
}

const ENGLISH: Words = Words {
    summary: "Summary",
    facts: "Made from",
    chart_data: "Chart data",
    number: "Figure",
    said: "In words",
    base: "Rests upon",
    name: "What",
    text: "Which",
    part: "Row",
    share: "Share",
    change: "Change",
    new_wording: "Share, new wording",
    low: "Interval from",
    high: "Interval to",
};

const WELSH: Words = Words {
    summary: "Crynodeb",
    facts: "Gwnaed o",
    chart_data: "Data’r siartiau",
    number: "Ffigur",
    said: "Mewn geiriau",
    base: "Yn seiliedig ar",
    name: "Beth",
    text: "Pa un",
    part: "Rhes",
    share: "Canran",
    change: "Newid",
    new_wording: "Canran, geiriad newydd",
    low: "Cyfwng o",
    high: "Cyfwng hyd at",
};

impl Words {
    fn of(language: &str) -> &'static Self {
        if language == "cy" { &WELSH } else { &ENGLISH }
    }
}

fn write(document: &Document, made_on: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let words = Words::of(&document.language);
    let looks = Looks::new();
    let mut names = SheetNames::default();
    let summary = names.free(words.summary);
    // The names of all sheets that come before, so that drawings know where their numbers will be.
    let sections: Vec<_> = document.sections.iter().filter(|s| s.blocks.iter().any(has_table)).collect();
    let titles: Vec<String> = sections.iter().map(|section| names.free(&section.title)).collect();
    let mut data = ChartData::new(names.free(words.chart_data), words);
    let facts = names.free(words.facts);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document, made_on)?);
    let mut page = Page::new(&summary, &document.title, document, &looks)?;
    page.prose(&document.subtitle, &looks.quiet)?;
    page.blocks(&document.summary, &mut data, words)?;
    workbook.push_worksheet(page.finish()?);
    for (section, name) in sections.iter().zip(&titles) {
        let mut page = Page::new(name, &section.title, document, &looks)?;
        page.blocks(&section.blocks, &mut data, words)?;
        workbook.push_worksheet(page.finish()?);
    }
    if let Some(sheet) = data.finish(document, &looks)? {
        workbook.push_worksheet(sheet);
    }
    let mut page = Page::new(&facts, words.facts, document, &looks)?;
    page.table(&facts_table(document, words))?;
    workbook.push_worksheet(page.finish()?);
    workbook.save_to_buffer()
}

fn has_table(block: &Block) -> bool {
    matches!(block, Block::Table(_) | Block::Chart(_))
}

fn properties(document: &Document, made_on: NaiveDate) -> Result<DocProperties, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(made_on.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, part(made_on.month()), part(made_on.day()))?;
    let properties = DocProperties::new()
        .set_title(names::plain(&document.title))
        .set_subject(names::plain(&document.subtitle));
    Ok(properties.set_custom_property("Language", &document.language).set_creation_datetime(&made))
}

/// What the report was made from.
fn facts_table(document: &Document, words: &Words) -> Table {
    use crate::domain::report::{Align, Column, TableRow, Value};
    let column = |title: &str| Column { title: title.to_owned(), align: Align::Start };
    let row = |name: &str, text: &str| TableRow { head: name.to_owned(), cells: vec![Value::text(text)] };
    Table {
        caption: document.title.clone(),
        columns: vec![column(words.name), column(words.text)],
        rows: document.facts.iter().map(|fact| row(&fact.name, &fact.text)).collect(),
    }
}
