//! A report as a tagged PDF (PDF/UA-1): first page, contents, sections. The same document gives the same bytes.

mod blocks;
mod cards;
mod figures;
mod flow;
mod front;
mod pictured;
mod style;
mod tables;

use crate::domain::report::{Document, Section};
use crate::pdf::PdfError;
use crate::pdf::fonts::visible;
use crate::pdf::sheets::{Whole, print};
use crate::pdf::tree::{Meaning, Place, Tree};
use blocks::Setter;
use flow::{Flow, Run};
use style::Style;

/// How much of a report is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The first page alone.
    Summary,
    /// The first page alone, in letters as large as it has room for.
    Poster,
}

/// How the first page of a report comes out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummaryFit {
    /// Whether all of it is on one sheet of A4.
    pub fits: bool,
    /// The size of its running text, in points; 11 is usual.
    pub text_size: f32,
    /// How much of the usual distance stands between its blocks; 1 is usual.
    pub spacing: f32,
}

/// How the first page comes out. One that does not fit even in small letters goes on to a second sheet: its words are not cut.
pub fn summary_fit(document: &Document) -> SummaryFit {
    let first = front::first(document, &Style::STEPS, &mut Tree::default());
    SummaryFit { fits: first.fits, text_size: first.style.body(), spacing: first.style.gap }
}

/// How a poster comes out.
pub fn poster_fit(document: &Document) -> SummaryFit {
    let first = front::first(document, &Style::LARGE, &mut Tree::default());
    SummaryFit { fits: first.fits, text_size: first.style.body(), spacing: first.style.gap }
}

/// The PDF of a report.
///
/// # Errors
///
/// [`PdfError::Unsound`] where it would break a rule of PDF/UA-1: a fault of the program.
pub fn pdf(document: &Document, extent: Extent) -> Result<Vec<u8>, PdfError> {
    let mut tree = Tree::default();
    let flow = lay_out(document, extent, &mut tree);
    let targets: Vec<(usize, f32)> = flow.bookmarks.iter().map(|b| (b.page, b.y)).collect();
    let title = Some(visible(&document.title)).filter(|title| !title.trim().is_empty());
    let title = title.unwrap_or_else(|| "–".to_owned()); // the standard asks for one
    let whole =
        Whole { title: &title, language: &document.language, targets: &targets, bookmarks: &flow.bookmarks };
    print(&flow.sheets, tree, &whole)
}

/// All pages, dressed.
fn lay_out(document: &Document, extent: Extent, tree: &mut Tree) -> Flow {
    let steps = if extent == Extent::Poster { Style::LARGE.as_slice() } else { &Style::STEPS };
    let first = front::first(document, steps, tree);
    let mut flow = first.flow;
    if extent == Extent::Whole && !document.sections.is_empty() {
        Further::lay_out(document, first.tables, tree).fill(&mut flow, tree);
    }
    front::dress(&mut flow, document);
    flow
}

/// Everything after the first page.
struct Further {
    contents: Vec<Run>,
    sections: Vec<Vec<Run>>,
}

impl Further {
    fn lay_out(document: &Document, tables: usize, tree: &mut Tree) -> Self {
        let contents = tree.add(None, Meaning::Section);
        let places: Vec<Place> = document.sections.iter().map(|_| tree.add(None, Meaning::Section)).collect();
        let mut setter =
            Setter { tree, style: Style::USUAL, language: &document.language, first_page: false, tables };
        let contents = front::contents(&mut setter, document, contents);
        let section = |(section, place): (&Section, Place)| {
            let mut runs = vec![setter.heading(&section.title, place, 2).into()];
            runs.extend(setter.blocks(&section.blocks, place, 3));
            runs
        };
        Self { contents, sections: document.sections.iter().zip(places).map(section).collect() }
    }

    /// Fills further pages: with a list of contents, if there are more than two in all.
    fn fill(self, flow: &mut Flow, tree: &mut Tree) {
        let (pages, bookmarks) = (flow.sheets.len(), flow.bookmarks.len());
        self.fill_sections(flow, tree, false);
        if flow.sheets.len() <= 2 {
            return;
        }
        // Once more with the list, and again with its numbers, which do not make it longer.
        for _ in 0..2 {
            let sections = flow.bookmarks.iter().enumerate().skip(bookmarks).filter(|(_, b)| b.level == 2);
            let sections: Vec<(usize, usize)> = sections.map(|(index, b)| (index, b.page)).collect();
            let mut contents = self.contents.clone();
            front::number_contents(&mut contents, &sections);
            flow.sheets.truncate(pages);
            flow.bookmarks.truncate(bookmarks);
            flow.next_page();
            flow.fill(&contents, tree);
            self.fill_sections(flow, tree, true);
        }
    }

    fn fill_sections(&self, flow: &mut Flow, tree: &mut Tree, same_page: bool) {
        for (index, section) in self.sections.iter().enumerate() {
            if (index == 0 && !same_page) || !front::has_room(flow.y()) {
                flow.next_page();
            }
            flow.fill(section, tree);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::report::{Align, Block, Column, Table, TableRow, Value};
    use crate::pdf::layout::{HEIGHT, WIDTH};
    use crate::pdf::sheets::{Belongs, Ink};

    fn table(rows: usize, columns: usize) -> Block {
        let column = |n: usize| Column {
            title: format!("Column {n}"),
            align: if n == 0 { Align::Start } else { Align::End },
        };
        let row = |n: usize| TableRow {
            head: format!("Row {n}"),
            cells: (1..columns).map(|c| Value::text("word ".repeat(n * c % 9))).collect(),
        };
        Block::Table(Table {
            caption: "Everything".into(),
            columns: (0..columns).map(column).collect(),
            rows: (0..rows).map(row).collect(),
        })
    }

    fn document() -> Document {
        let section = |n: usize| Section {
            id: format!("s{n}"),
            title: format!("Section {n}"),
            blocks: vec![
                Block::Paragraph { text: "some words ".repeat(40 * n) },
                Block::Heading { text: format!("Heading {n}") },
                table(30 + n, 2 + n),
                Block::List { items: (0..n).map(|item| "an item ".repeat(item * 7)).collect() },
            ],
        };
        Document {
            title: "A title".into(),
            subtitle: "What it is".into(),
            language: "en".into(),
            facts: Vec::new(),
            summary: vec![Block::Lead { text: "First.".into() }],
            sections: (1..12).map(section).collect(),
        }
    }

    #[test]
    fn all_words_are_within_the_margins_and_none_below_the_foot() {
        let flow = lay_out(&document(), Extent::Whole, &mut Tree::default());
        assert!(flow.sheets.len() > 10);
        for (page, sheet) in flow.sheets.iter().enumerate() {
            for mark in &sheet.marks {
                let Ink::Words { at: (x, y), text, size, weight, even, .. } = &mark.ink else { continue };
                let text = text.trim_end();
                let width = if *even { weight.even_width(text, *size) } else { weight.width(text, *size) };
                let lowest = if mark.belongs == Belongs::Foot { HEIGHT - 20.0 } else { style::BOTTOM };
                let inside =
                    *x >= style::MARGIN - 0.1 && x + width <= WIDTH - style::MARGIN + 0.6 && *y <= lowest;
                assert!(inside, "page {}: “{text}” at {x}, {y}, {width} wide", page + 1);
            }
        }
    }

    #[test]
    fn no_heading_stands_alone_at_the_foot_of_a_page() {
        let flow = lay_out(&document(), Extent::Whole, &mut Tree::default());
        for bookmark in &flow.bookmarks {
            let below = flow.sheets[bookmark.page].marks.iter().filter(|mark| match &mark.ink {
                Ink::Words { at, text, .. } => {
                    matches!(mark.belongs, Belongs::To(_))
                        && at.1 > bookmark.y + 25.0
                        && *text != bookmark.words
                }
                _ => false,
            });
            assert!(below.count() > 0, "{bookmark:?}");
        }
    }

    #[test]
    fn a_table_has_its_headings_on_every_page_and_they_are_read_once() {
        let long = Document {
            sections: vec![Section { id: "s".into(), title: "One".into(), blocks: vec![table(150, 3)] }],
            ..document()
        };
        let flow = lay_out(&long, Extent::Whole, &mut Tree::default());
        let count = |wanted: fn(Belongs) -> bool| -> Vec<usize> {
            let is = |ink: &Ink| matches!(ink, Ink::Words { text, .. } if text.trim_end() == "Column 1");
            flow.sheets
                .iter()
                .map(|s| s.marks.iter().filter(|m| is(&m.ink) && wanted(m.belongs)).count())
                .collect()
        };
        let (read, seen) = (count(|b| matches!(b, Belongs::To(_))), count(|b| b == Belongs::Repeated));
        let pages = flow.sheets.len();
        assert!(pages > 4);
        assert_eq!(read.iter().sum::<usize>(), 1, "{read:?}");
        assert_eq!(seen.iter().sum::<usize>(), pages - 2, "{seen:?}");
    }

    #[test]
    fn contents_lead_to_where_the_sections_are() {
        let flow = lay_out(&document(), Extent::Whole, &mut Tree::default());
        let jumps: Vec<_> = flow.sheets.iter().flat_map(|sheet| &sheet.jumps).collect();
        assert_eq!(jumps.len(), 11);
        let numbers: Vec<String> = flow.sheets[1]
            .marks
            .iter()
            .filter_map(|mark| match &mark.ink {
                Ink::Words { text, even: true, .. } => text.strip_prefix(' ').map(str::to_owned),
                _ => None,
            })
            .collect();
        for (index, jump) in jumps.iter().enumerate() {
            let bookmark = &flow.bookmarks[jump.target];
            assert_eq!(bookmark.words, format!("Section {}", index + 1));
            assert_eq!(numbers[index], (bookmark.page + 1).to_string());
        }
    }
}
