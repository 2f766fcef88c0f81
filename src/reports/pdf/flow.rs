//! Filling pages from top to bottom with pieces that are not torn.

use super::style::{BOTTOM, TOP};
use crate::pdf::sheets::{Belongs, Bookmark, Ink, Jump, Mark, Sheet};
use crate::pdf::tree::{Place, Tree};

/// What stays together on one page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Piece {
    /// What is left free above it, unless it is the first of a page.
    pub(super) before: f32,
    pub(super) height: f32,
    /// Measured from its upper edge; across, from the left edge of the page.
    pub(super) marks: Vec<Mark>,
    pub(super) jumps: Vec<Jump>,
    /// Whether the next piece must begin on the same page: a heading never stands alone.
    pub(super) keep: bool,
    /// A heading among the bookmarks and what links lead to: its level and its words.
    pub(super) heading: Option<(u16, String)>,
    /// A drawing, with its left, upper, right and lower edge.
    pub(super) figure: Option<(Place, [f32; 4])>,
}

impl Piece {
    pub(super) fn mark(&mut self, place: Place, ink: Ink) {
        self.marks.push(Mark { belongs: Belongs::To(place), ink });
    }

    pub(super) fn ornament(&mut self, ink: Ink) {
        self.marks.push(Mark { belongs: Belongs::Ornament, ink });
    }
}

/// Pieces that follow each other; where they go on to a further page, `again` stands at its head once more (the headings of a table).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Run {
    pub(super) pieces: Vec<Piece>,
    pub(super) again: Option<Piece>,
}

impl From<Piece> for Run {
    fn from(piece: Piece) -> Self {
        Self { pieces: vec![piece], again: None }
    }
}

/// Pages being filled.
pub(super) struct Flow {
    pub(super) sheets: Vec<Sheet>,
    /// Page and height of every heading, in order.
    pub(super) bookmarks: Vec<Bookmark>,
    y: f32,
    bottom: f32,
    fresh: bool,
}

impl Flow {
    /// An empty page, to be filled from `y` to `bottom`.
    pub(super) fn from(y: f32, bottom: f32) -> Self {
        Self { sheets: vec![Sheet::default()], bookmarks: Vec::new(), y, bottom, fresh: true }
    }

    /// Begins a page.
    pub(super) fn next_page(&mut self) {
        self.sheets.push(Sheet::default());
        (self.y, self.bottom, self.fresh) = (TOP, BOTTOM, true);
    }

    /// How far down the present page is filled.
    pub(super) fn y(&self) -> f32 {
        self.y
    }

    /// Puts runs onto the pages, one after another.
    pub(super) fn fill(&mut self, runs: &[Run], tree: &mut Tree) {
        let all: Vec<(usize, &Piece)> = runs
            .iter()
            .enumerate()
            .flat_map(|(run, r)| r.pieces.iter().map(move |piece| (run, piece)))
            .collect();
        let mut begun = None;
        for (index, (run, piece)) in all.iter().enumerate() {
            let needed = together(&all[index..]);
            let gap = if self.fresh { 0.0 } else { piece.before };
            if !self.fresh && self.y + gap + needed > self.bottom {
                self.next_page();
                if let (true, Some(again)) =
                    (begun == Some(*run), runs.get(*run).and_then(|r| r.again.as_ref()))
                {
                    self.put(again, tree);
                }
            }
            self.y += if self.fresh { 0.0 } else { piece.before };
            self.put(piece, tree);
            begun = Some(*run);
        }
    }

    fn put(&mut self, piece: &Piece, tree: &mut Tree) {
        let (page, y) = (self.sheets.len() - 1, self.y);
        if let Some((level, words)) = &piece.heading {
            self.bookmarks.push(Bookmark { level: *level, words: words.clone(), page, y });
        }
        if let Some((place, [left, top, right, bottom])) = piece.figure {
            tree.bound(place, page, [left, top + y, right, bottom + y]);
        }
        if let Some(sheet) = self.sheets.last_mut() {
            let moved = |mark: &Mark| Mark { belongs: mark.belongs, ink: mark.ink.clone().moved(0.0, y) };
            sheet.marks.extend(piece.marks.iter().map(moved));
            let down = |[x, top, width, height]: [f32; 4]| [x, top + y, width, height];
            sheet.jumps.extend(piece.jumps.iter().map(|jump| Jump { area: down(jump.area), ..jump.clone() }));
        }
        self.y += piece.height;
        self.fresh = false;
    }
}

/// How much room a piece needs with those that must begin on the same page. A chain longer than half a page is not waited for.
fn together(from: &[(usize, &Piece)]) -> f32 {
    let mut height = 0.0;
    for (index, (_, piece)) in from.iter().enumerate() {
        height += piece.height + if index > 0 { piece.before } else { 0.0 };
        if !piece.keep {
            break;
        }
    }
    let first = from.first().map_or(0.0, |(_, piece)| piece.height);
    if height > (BOTTOM - TOP) * 0.9 { first } else { height }
}

/// How high runs are on one page without an end.
pub(super) fn height(runs: &[Run]) -> f32 {
    let pieces = runs.iter().flat_map(|run| &run.pieces);
    pieces.enumerate().map(|(index, piece)| piece.height + if index > 0 { piece.before } else { 0.0 }).sum()
}

/// A piece as it is seen again at the head of a further page: nobody has it read aloud twice.
pub(super) fn again(piece: &Piece) -> Piece {
    let marks = piece.marks.iter().map(|mark| Mark { belongs: Belongs::Repeated, ink: mark.ink.clone() });
    Piece {
        height: piece.height,
        marks: marks.filter(|mark| mark.ink != Ink::Nothing).collect(),
        ..Piece::default()
    }
}
