//! Where everything of a letter stands: lines are broken, pages are filled, and a square may stand at the right of what is beside it.

use super::fonts::Weight;
use super::mm;
use crate::domain::lines;

/// The width and height of A4, in points.
pub(crate) const WIDTH: f32 = 595.276;
pub(crate) const HEIGHT: f32 = 841.89;
/// What stays empty at each side.
pub(super) const MARGIN: f32 = 56.7; // 20 mm
/// What stays empty at the foot.
const FOOT: f32 = 36.9; // 13 mm

/// What a piece is, for those who have it read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Paragraph,
    Link,
    Square,
}

/// One line of text, or the square.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The block it is part of.
    pub(super) block: usize,
    pub(super) x: f32,
    /// The foot of the letters, or the upper edge of the square.
    pub(super) y: f32,
    pub(super) text: String,
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) role: Role,
}

/// The pages of one letter.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// What each block is.
    pub(super) blocks: Vec<Role>,
    /// What stands on each page, in the order in which it is read.
    pub(super) pages: Vec<Vec<Piece>>,
}

/// A letter being laid out from top to bottom.
pub(super) struct Layout {
    done: Pages,
    /// How far down the present page is filled.
    y: f32,
    /// Beside what the text is narrower, and down to where.
    beside: Option<(f32, f32)>,
}

impl Layout {
    /// An empty first page, filled from `y`.
    pub(super) fn from(y: f32) -> Self {
        Self { done: Pages { blocks: Vec::new(), pages: vec![Vec::new()] }, y, beside: None }
    }

    /// Goes down to `y` of the first page.
    pub(super) fn go_to(&mut self, y: f32) {
        self.y = y;
    }

    /// Text of a size in points, with the given space after it.
    pub(super) fn text(&mut self, text: &str, size: f32, weight: Weight, role: Role, after: f32) {
        let block = self.begin(role);
        let narrower = self.beside.filter(|(until, _)| self.y < *until).map_or(0.0, |(_, width)| width);
        let width = WIDTH - 2.0 * MARGIN - narrower;
        let lines = broken(text, size, weight, width);
        // A short paragraph is not torn, and no single line of a longer one stands alone at the foot of a page.
        let least = if lines.len() <= 4 { lines.len() } else { 2 };
        self.make_room(size * LEADING * f32::from(u8::try_from(least).unwrap_or(2)));
        for line in lines {
            self.make_room(size * LEADING);
            self.y += size * LEADING;
            let y = self.y - size * (LEADING - 1.0) / 2.0 - size * DESCENT;
            self.put(Piece { block, x: MARGIN, y, text: line, size, weight, role });
        }
        self.y += after;
    }

    /// A square at the right; what follows stands beside it.
    pub(super) fn square(&mut self, side: f32) {
        let block = self.begin(Role::Square);
        self.make_room(side);
        let x = WIDTH - MARGIN - side;
        self.beside = Some((self.y + side, side + mm(6.0)));
        let piece = Piece {
            block,
            x,
            y: self.y,
            text: String::new(),
            size: side,
            weight: Weight::Regular,
            role: Role::Square,
        };
        self.put(piece);
    }

    /// Goes on below the square.
    pub(super) fn below_the_square(&mut self, after: f32) {
        if let Some((until, _)) = self.beside.take() {
            self.y = self.y.max(until + after);
        }
    }

    /// The pages.
    pub(super) fn finish(self) -> Pages {
        self.done
    }

    fn begin(&mut self, role: Role) -> usize {
        self.done.blocks.push(role);
        self.done.blocks.len() - 1
    }

    fn make_room(&mut self, height: f32) {
        if self.y + height > HEIGHT - FOOT {
            self.done.pages.push(Vec::new());
            self.y = MARGIN;
            self.beside = None;
        }
    }

    fn put(&mut self, piece: Piece) {
        if let Some(page) = self.done.pages.last_mut() {
            page.push(piece);
        }
    }
}

/// How high a line is, of the size of its letters; and how far they reach below its foot.
const LEADING: f32 = 1.35;
const DESCENT: f32 = 0.2;

/// `text` in lines of at most `width`. A word that is longer than a line is broken.
pub(crate) fn broken(text: &str, size: f32, weight: Weight, width: f32) -> Vec<String> {
    lines::broken(text, |line| weight.width(line, size) <= width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_it_may_be_and_no_word_is_lost() {
        let text = "Mae gan Gynllun Rhannu Bywydau rywbeth i chi edrych arno. averyveryverylongwordwithoutanyspaceinit end";
        for width in [40.0, 90.0, 200.0, 480.0] {
            let lines = broken(text, 14.0, Weight::Regular, width);
            assert!(
                lines.iter().all(|l| Weight::Regular.width(l.trim_end(), 14.0) <= width),
                "{width}: {lines:?}"
            );
            let bare = |t: &str| t.replace(' ', "");
            assert_eq!(bare(&lines.concat()), bare(text));
        }
    }

    #[test]
    fn what_does_not_fit_goes_to_the_next_page() {
        let mut layout = Layout::from(HEIGHT - 100.0);
        layout.square(60.0);
        layout.text("one two three", 14.0, Weight::Regular, Role::Paragraph, 8.0);
        for _ in 0..3 {
            layout.text("one two three", 14.0, Weight::Regular, Role::Paragraph, 8.0);
        }
        let pages = layout.finish();
        assert_eq!((pages.pages.len(), pages.blocks.len()), (2, 5));
        let low = HEIGHT - FOOT;
        assert!(pages.pages.iter().flatten().all(|p| p.y < low), "{pages:?}");
    }
}
