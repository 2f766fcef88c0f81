//! A report as a tagged PDF (PDF/UA-1): first page, contents, sections. The same document gives the same bytes.

mod blocks;
mod cards;
mod figures;
mod flow;
mod front;
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
    let first = front::first(document, &mut Tree::default());
    SummaryFit { fits: first.fits, text_size: first.style.body(), spacing: first.style.gap }
}

/// The PDF of a report.
///
/// # Errors
///
/// [`PdfError::Unsound`] where it would break a rule of PDF/UA-1: a fault of the program.
pub fn pdf(document: &Document, extent: Extent) -> Result<Vec<u8>, PdfError> {
    let mut tree = Tree::default();
    let first = front::first(document, &mut tree);
    let mut flow = first.flow;
    if extent == Extent::Whole && !document.sections.is_empty() {
        let further = Further::lay_out(document, first.tables, &mut tree);
        further.fill(&mut flow, &mut tree);
    }
    front::dress(&mut flow, document);
    let targets: Vec<(usize, f32)> = flow.bookmarks.iter().map(|b| (b.page, b.y)).collect();
    let title = Some(visible(&document.title)).filter(|title| !title.trim().is_empty());
    let title = title.unwrap_or_else(|| "–".to_owned()); // the standard asks for one
    let whole =
        Whole { title: &title, language: &document.language, targets: &targets, bookmarks: &flow.bookmarks };
    print(&flow.sheets, tree, &whole)
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
