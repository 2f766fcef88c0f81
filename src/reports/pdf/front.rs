//! The first page, which stands alone on one sheet, and the list of contents.

use super::blocks::{Face, Setter, bold, regular};
use super::flow::{Flow, Piece, Run, height};
use super::style::{BOTTOM, BRAND, MARGIN, MEASURE, Style, WHITE, quiet, rule};
use crate::domain::report::Document;
use crate::pdf::fonts::visible;
use crate::pdf::layout::{HEIGHT, WIDTH};
use crate::pdf::sheets::{Belongs, Bookmark, Ink, Jump, Mark};
use crate::pdf::tree::{Meaning, Place, Tree};

/// The first page as it came out.
pub(super) struct First {
    pub(super) flow: Flow,
    /// The style that it was given.
    pub(super) style: Style,
    /// Whether everything is on it.
    pub(super) fits: bool,
    /// How many tables are on it.
    pub(super) tables: usize,
}

/// Lays out the first page in the most comfortable style in which everything fits. What fits in none goes on to a second sheet rather than be lost.
pub(super) fn first(document: &Document, steps: &[Style], tree: &mut Tree) -> First {
    let chosen = steps.iter().copied().find(|style| fits(document, *style));
    let style = chosen.or(steps.last().copied()).unwrap_or(Style::USUAL);
    let laid = lay_out(document, style, tree);
    let bottom = HEIGHT - FOOT - facts_height(&laid.facts);
    let mut flow = Flow::from(laid.band + style.space(20.0), bottom);
    place_title(&mut flow, &laid);
    flow.fill(&laid.runs, tree);
    if let Some(sheet) = flow.sheets.first_mut() {
        let moved = |mark: Mark| Mark { ink: mark.ink.moved(0.0, bottom), ..mark };
        sheet.marks.extend(laid.facts.marks.into_iter().map(moved));
    }
    First { fits: flow.sheets.len() == 1, flow, style, tables: laid.tables }
}

/// What stays free at the foot of the first page.
const FOOT: f32 = 42.0;

fn fits(document: &Document, style: Style) -> bool {
    let laid = lay_out(document, style, &mut Tree::default());
    laid.band + style.space(20.0) + height(&laid.runs) <= HEIGHT - FOOT - facts_height(&laid.facts)
}

fn facts_height(facts: &Piece) -> f32 {
    if facts.height > 0.0 { facts.height + 8.0 } else { 0.0 }
}

struct Laid {
    /// Down to where the coloured band with the title reaches.
    band: f32,
    title: Vec<Mark>,
    heading: String,
    runs: Vec<Run>,
    facts: Piece,
    tables: usize,
}

fn lay_out(document: &Document, style: Style, tree: &mut Tree) -> Laid {
    let section = tree.add(None, Meaning::Section);
    let heading = visible(&document.title);
    let title = tree.add(Some(section), Meaning::Heading(1, heading.clone()));
    let subtitle = tree.add(Some(section), Meaning::Paragraph);
    let mut setter = Setter { tree, style, language: &document.language, first_page: true, tables: 0 };
    let large = Face { colour: WHITE, ..bold(style.heading(1)) };
    let small = Face { colour: WHITE, ..regular(style.lead()) };
    let mut y = 30.0;
    let mut marks = Vec::new();
    for (text, face, place) in [(&document.title, large, title), (&document.subtitle, small, subtitle)] {
        for line in face.broken(text, MEASURE) {
            marks.push(Mark { belongs: Belongs::To(place), ink: face.ink(&line, MARGIN, y) });
            y += face.size * 1.22;
        }
        y += 3.0;
    }
    let runs = setter.blocks(&document.summary, section, 2);
    let tables = setter.tables;
    let facts = facts(&mut setter, document, section);
    Laid { band: y + 16.0, title: marks, heading, runs, facts, tables }
}

fn place_title(flow: &mut Flow, laid: &Laid) {
    let Some(sheet) = flow.sheets.first_mut() else { return };
    let band = Ink::Fill { area: [0.0, 0.0, WIDTH, laid.band], colour: BRAND };
    sheet.marks.push(Mark { belongs: Belongs::Ornament, ink: band });
    sheet.marks.extend(laid.title.iter().cloned());
    flow.bookmarks.push(Bookmark { level: 2, words: laid.heading.clone(), page: 0, y: 0.0 });
}

/// What the report was made from, at the foot of the first page.
fn facts(setter: &mut Setter<'_>, document: &Document, section: Place) -> Piece {
    if document.facts.is_empty() {
        return Piece::default();
    }
    let place = setter.tree.add(Some(section), Meaning::Paragraph);
    let text: Vec<String> =
        document.facts.iter().map(|fact| format!("{}: {}.", fact.name, fact.text)).collect();
    let face = Face { colour: quiet(), ..regular(super::style::LEAST) };
    let mut piece = Piece { height: 6.0, ..Piece::default() };
    let points = vec![(MARGIN, 0.0), (MARGIN + MEASURE, 0.0)];
    piece.ornament(Ink::Line { points, colour: rule(), width: 0.8, dash: None });
    for line in face.broken(&text.join(" "), MEASURE) {
        piece.mark(place, face.ink(&line, MARGIN, piece.height));
        piece.height += face.line();
    }
    piece
}

/// The list of contents: an entry for each section. Where they lead is put in by [`number_contents`], once it is known.
pub(super) fn contents(setter: &mut Setter<'_>, document: &Document, below: Place) -> Vec<Run> {
    let heading = if document.language == "cy" { "Cynnwys" } else { "Contents" };
    let mut head = setter.heading(heading, below, 2);
    head.heading = None;
    let list = setter.tree.add(Some(below), Meaning::Contents);
    let face = regular(setter.style.body());
    let mut runs = vec![Run::from(head)];
    for (index, section) in document.sections.iter().enumerate() {
        let entry = setter.tree.add(Some(list), Meaning::Entry);
        let reference = setter.tree.add(Some(entry), Meaning::Reference);
        let link = setter.tree.add(Some(reference), Meaning::Link);
        let mut piece = setter.lines(&face.broken(&section.title, MEASURE - 50.0), link, face, MARGIN);
        (piece.before, piece.keep) = (4.0, index == 0);
        let area = [MARGIN, 0.0, MEASURE, piece.height];
        piece.jumps.push(Jump { place: link, area, target: usize::MAX, words: visible(&section.title) });
        runs.push(piece.into());
    }
    runs
}

/// Puts where each section begins into a list of contents that [`contents`] made: which bookmark it is, and on which page.
pub(super) fn number_contents(runs: &mut [Run], sections: &[(usize, usize)]) {
    let entries = runs.iter_mut().flat_map(|run| &mut run.pieces).filter(|piece| !piece.jumps.is_empty());
    for (piece, (bookmark, page)) in entries.zip(sections) {
        piece.jumps.iter_mut().for_each(|jump| jump.target = *bookmark);
        let Some(last) = piece.marks.last().cloned() else { continue };
        let Ink::Words { at: (x, y), text, size, weight, colour, .. } = &last.ink else { continue };
        let number = (page + 1).to_string();
        let width = weight.even_width(&number, *size);
        let at = (MARGIN + MEASURE - width, *y);
        let (from, to) = (x + weight.width(text, *size) + 5.0, at.0 - 5.0);
        let ink = Ink::Words {
            at,
            text: format!(" {number}"),
            size: *size,
            weight: *weight,
            colour: *colour,
            even: true,
        };
        // The space before the number is for those who have it read aloud.
        let ink = ink.moved(-weight.even_width(" ", *size), 0.0);
        piece.marks.push(Mark { belongs: last.belongs, ink });
        if to > from {
            let line = Ink::Line {
                points: vec![(from, *y), (to, *y)],
                colour: quiet(),
                width: 0.6,
                dash: Some([0.8, 2.6]),
            };
            piece.ornament(line);
        }
    }
}

/// Head and foot of every page: what it belongs to, and its number. Nobody has them read aloud.
pub(super) fn dress(flow: &mut Flow, document: &Document) {
    let count = flow.sheets.len();
    let face = Face { colour: quiet(), ..regular(super::style::LEAST) };
    let one_line = |text: &str, room: f32| {
        let lines = face.broken(text, room);
        lines.first().map_or_else(String::new, |line| line.trim_end().to_owned())
    };
    let (head, foot) = (one_line(&document.title, MEASURE), one_line(&document.subtitle, MEASURE - 60.0));
    for (index, sheet) in flow.sheets.iter_mut().enumerate() {
        let mut put = |belongs, ink| sheet.marks.push(Mark { belongs, ink });
        if index > 0 {
            put(Belongs::Head, face.ink(&head, MARGIN, 26.0));
            let points = vec![(MARGIN, 46.0), (MARGIN + MEASURE, 46.0)];
            put(Belongs::Head, Ink::Line { points, colour: BRAND, width: 1.2, dash: None });
        }
        if count > 1 {
            let number = format!("{} / {count}", index + 1);
            let x = MARGIN + MEASURE - face.weight.width(&number, face.size);
            put(Belongs::Foot, face.ink(&number, x, HEIGHT - 38.0));
            put(Belongs::Foot, face.ink(&foot, MARGIN, HEIGHT - 38.0));
        }
    }
}

/// Whether a page of text has room below `y` for a heading and a few lines.
pub(super) fn has_room(y: f32) -> bool {
    y < BOTTOM - 150.0
}
