//! Whole distributions, each as one bar of its parts. What each part is and how large stands below it in words; the worst is never left out, however
//! small it is.

use super::{Anchor, Area, LEADING, Mark, Pen, Scale, Tone, number, pattern_of, within};
use crate::domain::report::chart::{Part, Stack};

/// How high a bar is, in letter sizes.
const BAR: f64 = 1.5;
/// The side of the small square before a name, and what it takes with the space after it.
const SWATCH: f64 = 0.75;
const SWATCH_ROOM: f64 = 1.15;
/// Between two labels of a line.
const APART: f64 = 1.1;
/// Between two rows.
const GAP: f64 = 1.1;

/// Draws distributions; gives the height.
pub(super) fn draw(names: &[String], rows: &[Stack], scale: Scale, pen: &mut Pen<'_, '_>) -> f64 {
    let parts = Parts { names, scale };
    let named = rows.iter().all(|row| labels(&parts, row, true, pen).is_some());
    let mut y = 0.0;
    if !named {
        y = key(&parts, pen);
    }
    for row in rows {
        y = draw_row(&parts, row, named, y, pen);
    }
    (y - pen.em(GAP)).max(0.0)
}

/// What the parts of every row are.
struct Parts<'a> {
    names: &'a [String],
    scale: Scale,
}

impl Parts<'_> {
    /// Whether it is the worst, which is written bold.
    fn is_worst(&self, index: usize) -> bool {
        self.scale == Scale::Judged && index + 1 == self.names.len()
    }

    fn area(&self, area: Area, index: usize, pen: &mut Pen<'_, '_>) {
        let count = self.names.len();
        let (tone, pattern) = (Tone::of_part(index, count, self.scale), pattern_of(index, count, self.scale));
        pen.marks.push(Mark::Area { area, tone, pattern, edged: true });
    }

    fn swatch(&self, index: usize, at: (f64, f64), pen: &mut Pen<'_, '_>) {
        let side = pen.em(SWATCH);
        let area = Area { x: at.0, y: at.1 - side + pen.em(0.03), width: side, height: side };
        self.area(area, index, pen);
    }
}

/// The names with their colours and patterns, in as many lines as they need; gives where they end.
fn key(parts: &Parts<'_>, pen: &mut Pen<'_, '_>) -> f64 {
    let (mut x, mut y) = (0.0, pen.em(1.0));
    for (index, name) in parts.names.iter().enumerate() {
        let width = pen.em(SWATCH_ROOM) + pen.width_of(name, false);
        if x > 0.0 && x + width > pen.canvas.width {
            (x, y) = (0.0, y + pen.em(LEADING + 0.2));
        }
        parts.swatch(index, (x, y), pen);
        pen.words(name, (x + pen.em(SWATCH_ROOM), y), false, Anchor::Start);
        x += width + pen.em(APART);
    }
    y + pen.em(1.0)
}

/// A label below its part.
struct Label {
    index: usize,
    x: f64,
    text: String,
    bold: bool,
}

/// Labels of a row where each begins below its part, moved aside as far as its neighbours need; none if they do not fit in one line.
fn labels(parts: &Parts<'_>, row: &Stack, named: bool, pen: &Pen<'_, '_>) -> Option<Vec<Label>> {
    let mut found: Vec<(Label, f64)> = Vec::new();
    let (mut at, mut free) = (0.0, 0.0);
    for (index, (name, part)) in parts.names.iter().zip(&row.parts).enumerate() {
        let text = if named { format!("{name} {}", part.text) } else { part.text.clone() };
        let bold = parts.is_worst(index);
        let width = pen.em(SWATCH_ROOM) + pen.width_of(&text, bold);
        let x = f64::max(share(at, pen), free);
        free = x + width + pen.em(APART);
        at += within(part.percent);
        found.push((Label { index, x, text, bold }, width));
    }
    // From the right: whatever stands out is moved back, and pushes those before it.
    let mut end = pen.canvas.width;
    for (label, width) in found.iter_mut().rev() {
        label.x = label.x.min(end - *width);
        end = label.x - pen.em(APART);
    }
    let fits = found.first().is_none_or(|(label, _)| label.x >= -1e-6);
    fits.then(|| found.into_iter().map(|(label, _)| label).collect())
}

/// How much of the width a percentage is.
fn share(percent: f64, pen: &Pen<'_, '_>) -> f64 {
    percent.clamp(0.0, 100.0) / 100.0 * pen.canvas.width
}

fn draw_row(parts: &Parts<'_>, row: &Stack, named: bool, top: f64, pen: &mut Pen<'_, '_>) -> f64 {
    let label = pen.lines(&row.label, pen.canvas.width, true);
    pen.lines_at(&label, (0.0, top + pen.em(1.0)), true, Anchor::Start);
    let bar = top + pen.em(LEADING) * number(label.len()) + pen.em(0.1);
    let mut at = 0.0;
    for (index, part_of_row) in row.parts.iter().enumerate().take(parts.names.len()) {
        bar_part(parts, part_of_row, (at, bar), index, pen);
        at += within(part_of_row.percent);
    }
    let mut foot = bar + pen.em(BAR) + pen.em(1.2);
    match labels(parts, row, named, pen) {
        Some(labels) => {
            for Label { index, x, text, bold } in labels {
                parts.swatch(index, (x, foot), pen);
                pen.words(&text, (x + pen.em(SWATCH_ROOM), foot), bold, Anchor::Start);
            }
        }
        None => foot = one_below_the_other(parts, row, foot, pen),
    }
    foot + pen.em(0.3 + GAP)
}

fn bar_part(parts: &Parts<'_>, part_of_row: &Part, (at, y): (f64, f64), index: usize, pen: &mut Pen<'_, '_>) {
    let width = share(within(part_of_row.percent), pen);
    if width <= 0.0 {
        return;
    }
    // A gap keeps neighbours apart, whatever their colours; a part of a few people is still seen.
    let gap = pen.em(0.13).min(width / 2.0);
    let width = (width - gap).max(pen.em(0.1));
    parts.area(Area { x: share(at, pen), y, width, height: pen.em(BAR) }, index, pen);
}

/// Labels that do not fit beside each other; gives the foot of the last.
fn one_below_the_other(parts: &Parts<'_>, row: &Stack, first: f64, pen: &mut Pen<'_, '_>) -> f64 {
    let (mut foot, mut last) = (first, first);
    for (index, (name, part)) in parts.names.iter().zip(&row.parts).enumerate() {
        let bold = parts.is_worst(index);
        let text = format!("{name} {}", part.text);
        let lines = pen.lines(&text, pen.canvas.width - pen.em(SWATCH_ROOM), bold);
        parts.swatch(index, (0.0, foot), pen);
        pen.lines_at(&lines, (pen.em(SWATCH_ROOM), foot), bold, Anchor::Start);
        last = foot + pen.em(LEADING) * number(lines.len().saturating_sub(1));
        foot = last + pen.em(LEADING);
    }
    last
}
