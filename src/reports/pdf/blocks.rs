//! From the blocks of a document to pieces of pages.

use super::cards;
use super::figures;
use super::flow::{Piece, Run};
use super::pictured;
use super::style::{BRAND, LEADING, MARGIN, MEASURE, RISE, Style, WARM, WARM_EDGE, ink, quiet};
use super::tables;
use crate::domain::report::{Block, KeyFigure};
use crate::pdf::fonts::{Weight, visible};
use crate::pdf::layout::broken;
use crate::pdf::sheets::{Belongs, Colour, Ink, Mark};
use crate::pdf::tree::{Meaning, Place, Tree};

/// What lays out blocks: into which tree, in which style and language.
pub(super) struct Setter<'a> {
    pub(super) tree: &'a mut Tree,
    pub(super) style: Style,
    pub(super) language: &'a str,
    /// Whether it is the first page, whose headings are smaller.
    pub(super) first_page: bool,
    /// How many tables there are so far, for their names in the file.
    pub(super) tables: usize,
}

/// Text of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
}

impl Face {
    pub(super) fn line(self) -> f32 {
        self.size * LEADING
    }

    /// A line of text with its upper edge at `top`.
    pub(super) fn ink(self, text: &str, x: f32, top: f32) -> Ink {
        let Self { size, weight, colour } = self;
        let at = (x, top + size * RISE);
        Ink::Words { at, text: text.to_owned(), size, weight, colour, even: false }
    }

    pub(super) fn broken(self, text: &str, width: f32) -> Vec<String> {
        broken(&visible(text), self.size, self.weight, width)
    }
}

pub(super) fn regular(size: f32) -> Face {
    Face { size, weight: Weight::Regular, colour: ink() }
}

pub(super) fn bold(size: f32) -> Face {
    Face { size, weight: Weight::Bold, colour: ink() }
}

impl Setter<'_> {
    /// Blocks below a part of the tree; headings among them have a level.
    pub(super) fn blocks(&mut self, blocks: &[Block], below: Place, level: u16) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut rest = blocks;
        while let Some((first, after)) = rest.split_first() {
            let keys: Vec<&KeyFigure> =
                rest.iter().map_while(|b| if let Block::Key(key) = b { Some(key) } else { None }).collect();
            if !keys.is_empty() {
                runs.extend(cards::set(self, &keys, below));
                rest = &rest[keys.len()..];
                continue;
            }
            runs.extend(self.block(first, below, level));
            rest = after;
        }
        runs
    }

    fn block(&mut self, block: &Block, below: Place, level: u16) -> Vec<Run> {
        let style = self.style;
        match block {
            Block::Heading { text } => vec![self.heading(text, below, level).into()],
            Block::Lead { text } => {
                let face = Face { colour: quiet(), ..regular(style.lead()) };
                self.paragraph(text, below, face, style.space(9.0))
            }
            Block::Paragraph { text } => self.paragraph(text, below, regular(style.body()), style.space(7.0)),
            Block::Note { text } => vec![self.note(text, below).into()],
            Block::List { items } => self.list(items, below),
            Block::Pictured(told) => vec![pictured::set(self, told, below).into()],
            Block::Key(_) => Vec::new(),
            Block::Table(table) => vec![tables::set(self, table, below)],
            Block::Chart(chart) => figures::set(self, chart, below),
        }
    }

    /// A heading, kept with what follows.
    pub(super) fn heading(&mut self, text: &str, below: Place, level: u16) -> Piece {
        let text = visible(text);
        let place = self.tree.add(Some(below), Meaning::Heading(level, text.clone()));
        // Below the title of the first page, headings look as those within a section do.
        let look = if self.first_page { level + 1 } else { level };
        let face = Face { colour: if level <= 2 { BRAND } else { ink() }, ..bold(self.style.heading(look)) };
        let before = self.style.space(if look <= 2 { 22.0 } else { 12.0 });
        let mut piece = self.lines(&face.broken(&text, MEASURE), place, face, MARGIN);
        (piece.before, piece.keep) = (before, true);
        piece.heading = Some((look, text));
        piece
    }

    /// Lines of one part, one below the other.
    pub(super) fn lines(&self, lines: &[String], place: Place, face: Face, x: f32) -> Piece {
        let mut piece = Piece::default();
        for line in lines {
            piece.mark(place, face.ink(line, x, piece.height));
            piece.height += face.line();
        }
        piece
    }

    /// A paragraph. One of up to four lines is not torn; of a longer one, two lines stay together at each end.
    fn paragraph(&mut self, text: &str, below: Place, face: Face, before: f32) -> Vec<Run> {
        let lines = face.broken(text, MEASURE);
        if lines.is_empty() {
            return Vec::new();
        }
        let place = self.tree.add(Some(below), Meaning::Paragraph);
        let mut pieces: Vec<Piece> =
            torn(lines.len()).into_iter().map(|part| self.lines(&lines[part], place, face, MARGIN)).collect();
        if let Some(first) = pieces.first_mut() {
            first.before = before;
        }
        vec![Run { pieces, again: None }]
    }

    /// A note: upon a warm ground, with an edge.
    fn note(&mut self, text: &str, below: Place) -> Piece {
        let face = regular(self.style.small());
        let place = self.tree.add(Some(below), Meaning::Paragraph);
        let pad = self.style.space(8.0).max(4.0);
        let text = self.lines(&face.broken(text, MEASURE - 26.0), place, face, MARGIN + 15.0);
        let mut piece =
            Piece { before: self.style.space(11.0), height: text.height + 2.0 * pad, ..Piece::default() };
        piece.ornament(Ink::Fill { area: [MARGIN, 0.0, MEASURE, piece.height], colour: WARM });
        piece.ornament(Ink::Fill { area: [MARGIN, 0.0, 3.0, piece.height], colour: WARM_EDGE });
        let moved = |mark: Mark| Mark { ink: mark.ink.moved(0.0, pad), ..mark };
        piece.marks.extend(text.marks.into_iter().map(moved));
        piece
    }

    fn list(&mut self, items: &[String], below: Place) -> Vec<Run> {
        let face = regular(if self.first_page { self.style.body() } else { self.style.listed() });
        let list = self.tree.add(Some(below), Meaning::List);
        let mut runs = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let entry = self.tree.add(Some(list), Meaning::Item);
            let label = self.tree.add(Some(entry), Meaning::Label);
            let body = self.tree.add(Some(entry), Meaning::Body);
            let lines = face.broken(item, MEASURE - 18.0);
            let mut pieces: Vec<Piece> = torn(lines.len())
                .into_iter()
                .map(|part| self.lines(&lines[part], body, face, MARGIN + 18.0))
                .collect();
            if let Some(first) = pieces.first_mut() {
                first.before = self.style.space(if index == 0 { 5.0 } else { 3.0 });
                let bullet = Face { colour: BRAND, ..bold(face.size) }.ink("•", MARGIN + 5.0, 0.0);
                first.marks.insert(0, Mark { belongs: Belongs::To(label), ink: bullet });
            }
            // No entry stands alone at either end.
            if let Some(last) = pieces.last_mut() {
                last.keep = items.len() > 1 && (index == 0 || index + 2 == items.len());
            }
            runs.push(Run { pieces, again: None });
        }
        runs
    }
}

/// Which lines of a text stay together.
fn torn(lines: usize) -> Vec<std::ops::Range<usize>> {
    let whole = if lines <= 4 { lines } else { 2 };
    let middle = (whole..lines.saturating_sub(2).max(whole)).map(|line| line..line + 1);
    let end = (lines > 4).then(|| lines - 2..lines);
    std::iter::once(0..whole).chain(middle).chain(end).collect()
}
