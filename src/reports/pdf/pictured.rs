//! Words beside their picture. The picture only decorates: nobody has it read aloud.

use super::blocks::{Face, Setter, bold, regular};
use super::flow::Piece;
use super::style::{BRAND, MARGIN, MEASURE};
use crate::domain::report::Pictured;
use crate::pdf::sheets::{Ink, Mark};
use crate::pdf::tree::{Meaning, Place};

/// How large a picture is, of the size of the letters beside it.
const PICTURE: f32 = 3.6;

/// The picture to the left, the words beside its middle.
pub(super) fn set(setter: &mut Setter<'_>, told: &Pictured, below: Place) -> Piece {
    let style = setter.style;
    let size = style.body() * PICTURE;
    let left = MARGIN + size + style.space(16.0).clamp(10.0, 22.0);
    let place = setter.tree.add(Some(below), Meaning::Paragraph);
    let mut text = Piece::default();
    let large = Face { colour: BRAND, ..bold(style.told()) };
    for (words, face) in [(&told.large, large), (&told.words, regular(style.body()))] {
        for line in face.broken(words, MARGIN + MEASURE - left) {
            // The space keeps the large words apart from those below when they are read aloud.
            text.mark(place, face.ink(&format!("{} ", line.trim_end()), left, text.height));
            text.height += face.line();
        }
    }
    let mut piece = Piece { before: style.space(10.0), height: text.height.max(size), ..Piece::default() };
    let symbol = told.picture.clone();
    piece.ornament(Ink::Picture { at: (MARGIN, (piece.height - size) / 2.0), size, symbol });
    let down = (piece.height - text.height) / 2.0;
    piece.marks.extend(text.marks.into_iter().map(|mark| Mark { ink: mark.ink.moved(0.0, down), ..mark }));
    piece
}
