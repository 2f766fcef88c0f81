//! Drawings: the same shapes as on a page, as lines and words of the PDF, with the table that says the same below, or beside a small one.

use super::blocks::{Setter, bold};
use super::flow::{Piece, Run};
use super::style::{LEAST, MARGIN, MEASURE};
use super::tables::{self, Room};
use crate::domain::report::drawing::{Anchor, Canvas, Dash, Mark, Scene, Tone, draw};
use crate::domain::report::{Chart, Shape};
use crate::pdf::fonts::{Weight, visible};
use crate::pdf::sheets::{self, Ink};
use crate::pdf::tree::{Meaning, Place};

/// Title, drawing and table.
pub(super) fn set(setter: &mut Setter<'_>, chart: &Chart, below: Place) -> Vec<Run> {
    let style = setter.style;
    let face = bold(style.body());
    let title = setter.tree.add(Some(below), Meaning::Paragraph);
    let mut head = setter.lines(&face.broken(&chart.title, MEASURE), title, face, MARGIN);
    (head.before, head.keep) = (style.space(14.0), true);
    let words = [&chart.description, &chart.title, &chart.table.caption]
        .into_iter()
        .find(|w| !visible(w).trim().is_empty());
    let words = words.map_or("–", String::as_str).to_owned(); // the standard asks for some
    let figure = setter.tree.add(Some(below), Meaning::Figure(words));
    let measure =
        |text: &str, size: f64, bold: bool| f64::from(weight(bold).width(&visible(text), narrow(size)));
    let beside = is_small(chart);
    let wide = if beside { (MEASURE - BETWEEN) * DRAWN } else { MEASURE };
    let canvas = Canvas {
        width: f64::from(wide),
        size: f64::from(LEAST),
        measure: &measure,
        language: setter.language,
    };
    let scene = draw(chart, &canvas);
    let drawn = drawn(&scene, figure);
    if beside {
        let left = MARGIN + wide + BETWEEN;
        let table =
            tables::set_below(setter, &chart.table, below, Room { left, width: MARGIN + MEASURE - left });
        return vec![Run { pieces: vec![head, side_by_side(drawn, table)], again: None }];
    }
    let runs = vec![Run { pieces: vec![head, drawn], again: None }];
    let table = if chart.table.caption == chart.title {
        tables::set_below(setter, &chart.table, below, tables::ACROSS)
    } else {
        tables::set(setter, &chart.table, below)
    };
    runs.into_iter().chain([table]).collect()
}

/// How much of the page a drawing takes that has its table beside it, and what is between the two.
const DRAWN: f32 = 0.5;
const BETWEEN: f32 = 18.0;

/// Whether a drawing and its table have room beside each other: few periods, or few places.
fn is_small(chart: &Chart) -> bool {
    let small = match &chart.shape {
        Shape::OverTime { points } => points.len() <= 6,
        Shape::Bars { bars } | Shape::Changes { bars } => bars.len() <= 4,
        Shape::Stacks { .. } | Shape::Bands { .. } => false,
    };
    small && chart.table.columns.len() <= 5 && chart.table.caption == chart.title
}

/// The drawing, and the table beside it, as one piece that is not torn. Read aloud, the drawing comes first.
fn side_by_side(drawn: Piece, table: Run) -> Piece {
    let mut piece = drawn;
    let mut y = 0.0;
    for (index, row) in table.pieces.into_iter().enumerate() {
        y += if index > 0 { row.before } else { 0.0 };
        let moved = |mark: sheets::Mark| sheets::Mark { ink: mark.ink.moved(0.0, y), ..mark };
        piece.marks.extend(row.marks.into_iter().map(moved));
        y += row.height;
    }
    piece.height = piece.height.max(y);
    piece
}

/// A scene at the left edge of the text.
fn drawn(scene: &Scene, place: Place) -> Piece {
    let height = narrow(scene.height);
    let mut piece = Piece { before: 6.0, height, ..Piece::default() };
    piece.figure = Some((place, [MARGIN, 0.0, MARGIN + narrow(scene.width), height]));
    for mark in &scene.marks {
        for ink in inks(mark) {
            piece.mark(place, ink.moved(MARGIN, 0.0));
        }
    }
    piece
}

fn inks(mark: &Mark) -> Vec<Ink> {
    let point = |(x, y): (f64, f64)| (narrow(x), narrow(y));
    match mark {
        Mark::Area { area, tone, pattern, edged } => {
            let all = [area.x, area.y, area.width, area.height].map(narrow);
            let mut inks = vec![Ink::Fill { area: all, colour: tone.rgb() }];
            let lines: Vec<_> = pattern.lines(area, APART).into_iter().map(|line| line.map(point)).collect();
            if !lines.is_empty() {
                let over = if *tone == Tone::Worst { Tone::Ground } else { Tone::Edge };
                inks.push(Ink::Strokes {
                    lines,
                    colour: over.rgb(),
                    width: narrow(pattern.thickness() * APART),
                });
            }
            if *edged {
                let [x, y, width, height] = all;
                let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
                let lines = (0..4).map(|side| [corners[side], corners[(side + 1) % 4]]).collect();
                inks.push(Ink::Strokes { lines, colour: Tone::Edge.rgb(), width: 0.6 });
            }
            inks
        }
        Mark::Path { points, tone, width, dash } => {
            let dash = match dash {
                Dash::None => None,
                Dash::Dashed => Some([5.0, 3.0]),
                Dash::Dotted => Some([1.3, 2.4]),
            };
            let points = points.iter().copied().map(point).collect();
            vec![Ink::Line { points, colour: tone.rgb(), width: narrow(*width), dash }]
        }
        Mark::Dot { at, radius, tone } => {
            vec![Ink::Spot { at: point(*at), radius: narrow(*radius), colour: tone.rgb() }]
        }
        Mark::Words { at, text, size, bold, anchor } => {
            let (text, size, weight) = (visible(text), narrow(*size), weight(*bold));
            let width = weight.width(&text, size);
            let back = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => width / 2.0,
                Anchor::End => width,
            };
            let (x, y) = point(*at);
            // The space keeps words of neighbouring lines apart when they are read aloud.
            let text = format!("{text} ");
            vec![Ink::Words { at: (x - back, y), text, size, weight, colour: Tone::Ink.rgb(), even: false }]
        }
    }
}

/// How far apart the lines of a pattern are, in points.
const APART: f64 = 3.4;

fn weight(bold: bool) -> Weight {
    if bold { Weight::Bold } else { Weight::Regular }
}

fn narrow(number: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a length on a page")]
    let narrow = number as f32;
    narrow
}
