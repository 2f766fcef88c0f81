//! Key figures in two columns: the number large, the words, and what they rest upon. Read aloud, the words come first.

use super::blocks::{Face, Setter, bold, regular};
use super::flow::{Piece, Run};
use super::style::{BRAND, MARGIN, MEASURE, SOFT, quiet};
use crate::domain::report::KeyFigure;
use crate::pdf::sheets::{Ink, Mark};
use crate::pdf::tree::{Meaning, Place};

/// Between two columns.
const GUTTER: f32 = 12.0;
/// From the edge of a card to its text.
const PAD: f32 = 12.0;

/// Cards, two in a row; the last of an odd number is as wide as the page.
pub(super) fn set(setter: &mut Setter<'_>, keys: &[&KeyFigure], below: Place) -> Vec<Run> {
    let column = (MEASURE - GUTTER) / 2.0;
    let mut runs = Vec::new();
    for (row, pair) in keys.chunks(2).enumerate() {
        let width = if pair.len() == 2 { column } else { MEASURE };
        let cards: Vec<Piece> = pair.iter().map(|key| card(setter, key, below, width)).collect();
        let height = cards.iter().map(|card| card.height).fold(0.0, f32::max);
        let before = setter.style.space(if row == 0 { 12.0 } else { GUTTER.min(10.0) });
        let mut piece = Piece { before, height, ..Piece::default() };
        let mut x = MARGIN;
        for card in cards {
            piece.ornament(Ink::Fill { area: [x, 0.0, width, height], colour: SOFT });
            piece.ornament(Ink::Fill { area: [x, 0.0, 3.0, height], colour: BRAND });
            let moved = |mark: Mark| Mark { ink: mark.ink.moved(x, 0.0), ..mark };
            piece.marks.extend(card.marks.into_iter().map(moved));
            x += width + GUTTER;
        }
        runs.push(piece.into());
    }
    runs
}

/// One card, from its own left edge.
fn card(setter: &mut Setter<'_>, key: &KeyFigure, below: Place, width: f32) -> Piece {
    let style = setter.style;
    let part = setter.tree.add(Some(below), Meaning::Division);
    let mut places = || setter.tree.add(Some(part), Meaning::Paragraph);
    let (words, number, base) = (places(), places(), places());
    let pad = style.space(PAD).clamp(6.0, PAD);
    let mut card = Piece { height: pad * 0.8, ..Piece::default() };
    let large = Face { colour: BRAND, ..bold(style.number()) };
    let beside = Face { colour: quiet(), ..regular(style.small()) };
    let room = width - 2.0 * PAD - 3.0;
    for (text, face, place, after) in [
        (&key.number, large, number, 1.0),
        (&key.words, bold(style.body()), words, style.space(3.0)),
        (&key.base, beside, base, 0.0),
    ] {
        // A line of large letters needs less room than one of text.
        let line = if face.size > 18.0 { face.size * 1.16 } else { face.line() };
        let lines = face.broken(text, room);
        for text in &lines {
            card.mark(place, face.ink(text, PAD + 3.0, card.height + line - face.line()));
            card.height += line;
        }
        card.height += if lines.is_empty() { 0.0 } else { after };
    }
    card.height += pad * 0.9;
    card
}
