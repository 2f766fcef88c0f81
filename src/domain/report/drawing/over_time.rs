//! One figure over time. The line goes only through periods that can be compared and follow each other: where there is no figure, or another wording
//! begins, it is interrupted, and words above say why.

use super::{Anchor, Dash, LEADING, Mark, Pen, Tone, number, within};
use crate::domain::report::chart::Point;

/// How high the plane of the drawing is, in letter sizes.
const PLANE: f64 = 13.0;
/// Least number of percentage points that the scale shows: less would make chance look like news.
const LEAST_RANGE: f64 = 40.0;

/// Draws a figure over time; gives the height.
pub(super) fn draw(points: &[Point], pen: &mut Pen<'_, '_>) -> f64 {
    if points.is_empty() {
        return 0.0;
    }
    let left = pen.width_of("100%", false) + pen.em(0.7);
    let slot = (pen.canvas.width - left - pen.em(0.5)) / number(points.len());
    let notes = place_notes(notes(points, left, slot, pen.canvas.language), pen);
    let top = notes.iter().map(|note| note.reach(pen)).fold(pen.em(1.6), f64::max);
    let plane = Plane::holding(points, left, slot, top, pen);
    plane.grid(pen);
    for note in &notes {
        note.draw(&notes, &plane, pen);
    }
    for run in runs(points) {
        let through: Vec<(f64, f64)> = run.iter().filter_map(|index| plane.at(*index, points)).collect();
        if through.len() > 1 {
            pen.path(through, Tone::Own, pen.em(0.18), Dash::None);
        }
    }
    for (index, point) in points.iter().enumerate() {
        if let (Some((x, _)), Some((low, high))) = (plane.at(index, points), point.interval) {
            pen.whisker(plane.y(high), plane.y(low), x, true);
        }
    }
    let last = points.iter().rposition(|point| point.value.is_some());
    for index in 0..points.len() {
        if let Some(at) = plane.at(index, points) {
            let radius = pen.em(if Some(index) == last { 0.42 } else { 0.34 });
            pen.marks.push(Mark::Dot { at, radius: radius + pen.em(0.1), tone: Tone::Ground });
            pen.marks.push(Mark::Dot { at, radius, tone: Tone::Own });
        }
    }
    let poles: Vec<f64> = notes.iter().map(|note| note.note.x).collect();
    values(points, &plane, last, &poles, pen);
    plane.foot + periods(points, &plane, pen)
}

/// Where numbers and periods stand.
struct Plane {
    left: f64,
    slot: f64,
    top: f64,
    foot: f64,
    low: f64,
    high: f64,
}

impl Plane {
    /// A plane that holds every figure with its interval: from one multiple of ten to another, within 0 and 100.
    fn holding(points: &[Point], left: f64, slot: f64, top: f64, pen: &Pen<'_, '_>) -> Self {
        let shown = points.iter().filter(|point| point.value.is_some());
        let numbers =
            shown.flat_map(|p| p.value.into_iter().chain(p.interval.into_iter().flat_map(|(l, h)| [l, h])));
        let (least, most) = numbers
            .map(within)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), v| (least.min(v), most.max(v)));
        let (mut low, mut high) = if least > most { (0.0, 100.0) } else { (least, most) };
        (low, high) = ((low / 10.0).floor() * 10.0, (high / 10.0).ceil() * 10.0);
        if high - low < LEAST_RANGE {
            high = (high + 10.0).clamp(LEAST_RANGE, 100.0);
            low = low.min(high - LEAST_RANGE);
        }
        Self { left, slot, top, foot: top + pen.em(PLANE), low, high }
    }

    fn x(&self, index: usize) -> f64 {
        self.left + (number(index) + 0.5) * self.slot
    }

    fn y(&self, percent: f64) -> f64 {
        let part = (within(percent) - self.low) / (self.high - self.low);
        self.foot - part.clamp(0.0, 1.0) * (self.foot - self.top)
    }

    fn at(&self, index: usize, points: &[Point]) -> Option<(f64, f64)> {
        Some((self.x(index), self.y(points.get(index)?.value?)))
    }

    fn grid(&self, pen: &mut Pen<'_, '_>) {
        let step = if self.high - self.low > 60.0 { 20.0 } else { 10.0 };
        let right = pen.canvas.width;
        for count in 0..=10 {
            let percent = self.low + f64::from(count) * step;
            if percent > self.high + 1e-9 {
                break;
            }
            let y = self.y(percent);
            let (tone, width) = if count == 0 { (Tone::Edge, 0.1) } else { (Tone::Grid, 0.07) };
            pen.path(vec![(self.left, y), (right, y)], tone, pen.em(width), Dash::None);
            let at = (self.left - pen.em(0.5), y + pen.em(0.35));
            pen.words(&format!("{percent:.0}%"), at, false, Anchor::End);
        }
    }
}

/// Indices of periods that a line may go through.
fn runs(points: &[Point]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = vec![Vec::new()];
    for (index, point) in points.iter().enumerate() {
        if point.breaks || point.value.is_none() {
            runs.push(Vec::new());
        }
        if let (Some(run), Some(_)) = (runs.last_mut(), point.value) {
            run.push(index);
        }
    }
    runs
}

/// Why a line is interrupted.
struct Note {
    x: f64,
    text: String,
    dash: Dash,
}

fn notes(points: &[Point], left: f64, slot: f64, language: &str) -> Vec<Note> {
    let mut found = Vec::new();
    let mut before: Option<&Point> = None;
    for (index, point) in points.iter().enumerate() {
        let x = left + number(index) * slot;
        if point.breaks && index > 0 {
            let text = if language == "cy" { "geiriad newydd" } else { "new wording" };
            found.push(Note { x, text: text.to_owned(), dash: Dash::Dashed });
        }
        if point.value.is_none() {
            // One after another, they say it once.
            let again = before.is_some_and(|b| b.value.is_none() && b.text == point.text && !point.breaks);
            let text = if again { String::new() } else { point.text.clone() };
            found.push(Note { x: x + slot / 2.0, text, dash: Dash::Dotted });
        }
        before = Some(point);
    }
    found
}

/// A note, and where its words stand: before its line, like a flag at its pole.
struct Placed {
    note: Note,
    /// How many lines of text stand between them and the plane.
    level: usize,
    lines: Vec<String>,
    left: f64,
    right: f64,
}

/// Words that would lie over each other, or over the line of another note, stand higher.
fn place_notes(notes: Vec<Note>, pen: &Pen<'_, '_>) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for note in notes {
        let lines = pen.lines(&note.text, pen.canvas.width / 2.2, false);
        let width = pen.widest(lines.iter().map(String::as_str), false) + pen.em(0.4);
        let left = (note.x - width).max(0.0);
        let meets = |other: &&Placed| {
            let right = other.right.max(other.note.x) + pen.em(0.4);
            !lines.is_empty() && left < right
        };
        let level = placed.iter().filter(meets).map(|p| p.level + p.lines.len()).max().unwrap_or(0);
        placed.push(Placed { note, level, lines, left, right: left + width });
    }
    placed
}

impl Placed {
    /// How far its words and its line reach above the plane.
    fn reach(&self, pen: &Pen<'_, '_>) -> f64 {
        if self.lines.is_empty() {
            0.0
        } else {
            pen.em(LEADING) * number(self.level + self.lines.len()) + pen.em(1.4)
        }
    }

    /// Draws it; its line begins below words of others that it would go through.
    fn draw(&self, all: &[Self], plane: &Plane, pen: &mut Pen<'_, '_>) {
        let top = plane.top - self.reach(pen);
        let mut from = top;
        for other in all {
            let through = other.left - pen.em(0.1) < self.note.x && self.note.x < other.right - pen.em(0.3);
            if through && !other.lines.is_empty() {
                let end =
                    plane.top - other.reach(pen) + pen.em(LEADING) * number(other.lines.len()) + pen.em(0.1);
                from = from.max(end);
            }
        }
        pen.path(
            vec![(self.note.x, from), (self.note.x, plane.foot)],
            Tone::Edge,
            pen.em(0.12),
            self.note.dash,
        );
        let (x, anchor) =
            if self.left > 0.0 { (self.note.x - pen.em(0.4), Anchor::End) } else { (0.0, Anchor::Start) };
        pen.lines_at(&self.lines, (x, top + pen.em(0.95)), false, anchor);
    }
}

/// Every so many of `count` texts can stand beside each other, each `width` wide, one for each slot. The last may be moved back from the edge.
fn every(width: f64, slot: f64, count: usize) -> usize {
    let needed = width + ((width - slot) / 2.0).max(0.0);
    (1..=count).find(|every| slot * number(*every) >= needed).unwrap_or(count.max(1))
}

/// The figures in words above their points: all, or so many that they meet neither each other nor what is drawn; the newest always.
fn values(points: &[Point], plane: &Plane, last: Option<usize>, poles: &[f64], pen: &mut Pen<'_, '_>) {
    let shown = || points.iter().filter(|point| point.value.is_some());
    let width = pen.widest(shown().map(|point| point.text.as_str()), true) + pen.em(0.4);
    let every = every(width, plane.slot, points.len());
    let Some(last) = last else { return };
    for (index, point) in points.iter().enumerate() {
        let Some((x, y)) = plane.at(index, points) else { continue };
        let half = pen.width_of(&point.text, index == last) / 2.0;
        let foot = point.interval.map_or(y, |(_, high)| plane.y(high).min(y)) - pen.em(0.6);
        let x = x.min(pen.canvas.width - half);
        let crossed = poles.iter().any(|pole| (pole - x).abs() < half + pen.em(0.2));
        let free = || !crossed && foot < highest(points, plane, index, half + pen.em(0.3)) - pen.em(0.3);
        if index == last || (last.abs_diff(index).is_multiple_of(every) && free()) {
            pen.words(&point.text, (x, foot), index == last, Anchor::Middle);
        }
    }
}

/// How high what is drawn of other points reaches, so far to each side of one: their intervals, and the line between.
fn highest(points: &[Point], plane: &Plane, of: usize, reach: f64) -> f64 {
    let Some(here) = plane.at(of, points) else { return f64::INFINITY };
    let mut top = f64::INFINITY;
    for (index, point) in points.iter().enumerate() {
        let Some(there) = plane.at(index, points).filter(|_| index != of) else { continue };
        let away = (there.0 - here.0).abs();
        if away <= reach {
            top = top.min(point.interval.map_or(there.1, |(_, high)| plane.y(high).min(there.1)));
        } else if index.abs_diff(of) == 1 {
            top = top.min(here.1 + (there.1 - here.1) * reach / away);
        }
    }
    top
}

/// The periods below the plane; gives their height.
fn periods(points: &[Point], plane: &Plane, pen: &mut Pen<'_, '_>) -> f64 {
    let width = pen.widest(points.iter().map(|point| point.label.as_str()), false) + pen.em(0.8);
    let every = every(width, plane.slot, points.len());
    let newest = points.len() - 1;
    let mut most = 1;
    for (index, point) in points.iter().enumerate() {
        if !(newest - index).is_multiple_of(every) {
            continue;
        }
        let lines = pen.lines(&point.label, pen.canvas.width, false);
        let half = pen.widest(lines.iter().map(String::as_str), false) / 2.0;
        let x = plane.x(index).min(pen.canvas.width - half);
        pen.lines_at(&lines, (x, plane.foot + pen.em(1.3)), false, Anchor::Middle);
        most = most.max(lines.len());
    }
    pen.em(LEADING) * number(most) + pen.em(0.4)
}
