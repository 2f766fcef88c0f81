//! A report as a page: the part that stands in other pages, and a file that stands by itself.

use std::collections::BTreeMap;

use askama::Template;

use super::svg::svg;
use crate::domain::report::compose::{Board, Language, Panel, Words};
use crate::domain::report::{Align, Block, Chart, Document, KeyFigure, Kind, Pictured, Table};
use crate::pictures::picture;

/// The rules of how a report looks, the same in pages and in files.
pub const STYLE: &str = include_str!("../web/static/report.css");

/// The rules of a board, which come after those of reports.
pub const BOARD_STYLE: &str = include_str!("../web/static/board.css");

/// What stands in a page: everything below its heading.
#[derive(Template)]
#[template(path = "report/body.html")]
struct Body<'a> {
    document: &'a Document,
    words: Words,
    summary: Vec<View<'a>>,
    sections: Vec<(&'a str, &'a str, Vec<View<'a>>)>,
}

/// A file that stands by itself: its rules are in it, and nothing is fetched.
#[derive(Template)]
#[template(path = "report/whole.html")]
struct Whole<'a> {
    document: &'a Document,
    style: &'static str,
    body: String,
}

/// A place at a glance.
#[derive(Template)]
#[template(path = "report/board.html")]
struct BoardBody<'a> {
    board: &'a Board,
    words: Words,
    /// How many counted figures stand there at once.
    most: usize,
    /// Which figures were not sent in.
    missing: String,
    first: Vec<PanelView<'a>>,
    others: Vec<(&'a str, Vec<PanelView<'a>>)>,
}

/// A panel with its drawings.
struct PanelView<'a> {
    panel: &'a Panel,
    drawings: Vec<Drawing<'a>>,
}

/// A drawing, and the table that says the same.
struct Drawing<'a> {
    heading: &'a str,
    svg: String,
    grid: Grid<'a>,
}

/// A block as the page shows it: key figures beside each other stand together.
enum View<'a> {
    Heading(&'a str),
    Lead(&'a str),
    Paragraph(&'a str),
    Note(&'a str),
    List(&'a [String]),
    Keys(Vec<&'a KeyFigure>),
    /// Words beside their pictures: the picture as SVG, which only decorates, and the words.
    Pictured(Vec<(String, &'a Pictured)>),
    Table(Grid<'a>),
    /// A drawing, its SVG, and the table that says the same.
    Chart(&'a Chart, String, Grid<'a>),
}

/// A table with the name of its region, which no other has.
struct Grid<'a> {
    name: String,
    table: &'a Table,
}

impl Grid<'_> {
    fn is_number(&self, index: &usize) -> bool {
        self.table.columns.get(*index).is_some_and(|column| column.align == Align::End)
    }

    fn column(&self, index: &usize) -> &str {
        self.table.columns.get(*index).map_or("", |column| column.title.as_str())
    }
}

/// The part of a report below its heading, to stand in a page.
pub fn body(document: &Document) -> Result<String, askama::Error> {
    // A table that is called as its section is has a number after its name.
    let mut names: BTreeMap<String, usize> =
        document.sections.iter().map(|section| (section.title.clone(), 1)).collect();
    let words = Words::of(Language::parse(&document.language).unwrap_or_default());
    let summary = views(&document.summary, &document.language, &mut names);
    let sections = document
        .sections
        .iter()
        .map(|section| {
            (
                section.id.as_str(),
                section.title.as_str(),
                views(&section.blocks, &document.language, &mut names),
            )
        })
        .collect();
    Body { document, words, summary, sections }.render()
}

/// The whole report as one file.
pub fn whole(document: &Document) -> Result<String, askama::Error> {
    Whole { document, style: STYLE, body: body(document)? }.render()
}

/// How many counted figures a board shows at once.
const COUNTED: usize = 6;

/// A place at a glance, to stand in a page below its heading.
pub fn board(board: &Board, language: Language) -> Result<String, askama::Error> {
    let words = Words::of(language);
    let view = |panel| panel_view(panel, language);
    let first = board.first.iter().map(view).collect();
    let others =
        board.others.iter().map(|(who, panels)| (who.as_str(), panels.iter().map(view).collect())).collect();
    let titles = board.missing.join(words.t("list_separator"));
    let missing = words.with("counted_missing", &[("titles", &titles)]);
    BoardBody { board, words, most: board.counted.len().min(COUNTED), missing, first, others }.render()
}

fn panel_view<'a>(panel: &'a Panel, language: Language) -> PanelView<'a> {
    let charts = [&panel.spread, &panel.over_time, &panel.beside];
    let drawing = |chart: &'a Chart| Drawing {
        heading: &chart.title,
        svg: svg(chart, language.code()),
        grid: Grid { name: chart.title.clone(), table: &chart.table },
    };
    PanelView { panel, drawings: charts.into_iter().flatten().map(drawing).collect() }
}

fn views<'a>(blocks: &'a [Block], language: &str, names: &mut BTreeMap<String, usize>) -> Vec<View<'a>> {
    let mut grid = |table: &'a Table| {
        let seen = names.entry(table.caption.clone()).or_default();
        *seen += 1;
        let name = if *seen == 1 { table.caption.clone() } else { format!("{} ({seen})", table.caption) };
        Grid { name, table }
    };
    let mut views: Vec<View<'a>> = Vec::new();
    for block in blocks {
        let view = match block {
            Block::Heading { text } => View::Heading(text),
            Block::Lead { text } => View::Lead(text),
            Block::Paragraph { text } => View::Paragraph(text),
            Block::Note { text } => View::Note(text),
            Block::List { items } => View::List(items),
            Block::Table(table) => View::Table(grid(table)),
            Block::Chart(chart) => View::Chart(chart, svg(chart, language), grid(&chart.table)),
            Block::Pictured(told) => {
                let told = (picture(&told.picture, None).unwrap_or_default(), told);
                if let Some(View::Pictured(all)) = views.last_mut() {
                    all.push(told);
                    continue;
                }
                View::Pictured(vec![told])
            }
            Block::Key(key) => {
                if let Some(View::Keys(keys)) = views.last_mut() {
                    keys.push(key);
                    continue;
                }
                View::Keys(vec![key])
            }
        };
        views.push(view);
    }
    views
}
