//! Shares beside each other, from 0 to 100%, and changes around none: the scale is never cut, so that a bar twice as long is twice as much.

use super::{Anchor, Area, Dash, LEADING, Mark, Pattern, Pen, Tone, number};
use crate::domain::report::chart::Bar;

/// How high a bar is, in letter sizes, and what is left between two rows.
const BAR: f64 = 1.35;
const GAP: f64 = 0.75;
/// As many letter sizes wide, a drawing has its labels beside the bars; a narrower one has them above.
const ROOMY: f64 = 32.0;

/// Draws shares; gives the height.
pub(super) fn draw(bars: &[Bar], pen: &mut Pen<'_, '_>) -> f64 {
    draw_between(bars, (0.0, 100.0), pen)
}

/// Draws changes, to the right of none what grows, to the left what shrinks; gives the height.
pub(super) fn draw_changes(bars: &[Bar], pen: &mut Pen<'_, '_>) -> f64 {
    let sizes = bars.iter().filter_map(|bar| bar.value).filter(|value| value.is_finite()).map(f64::abs);
    // Whole steps of five percent, at least one: none stands in the middle.
    let most = (sizes.fold(0.0, f64::max) / 5.0).ceil().max(1.0) * 5.0;
    draw_between(bars, (-most, most), pen)
}

fn draw_between(bars: &[Bar], (least, most): (f64, f64), pen: &mut Pen<'_, '_>) -> f64 {
    let beside = pen.canvas.width >= pen.em(ROOMY);
    let shown = || bars.iter().filter(|bar| bar.value.is_some());
    let values = pen.widest(shown().map(|bar| bar.text.as_str()), true);
    let labels = if beside {
        pen.widest(bars.iter().map(|bar| bar.label.as_str()), true).min(pen.canvas.width * 0.36) + pen.em(0.8)
    } else {
        0.0
    };
    let right = (pen.canvas.width - values - pen.em(0.8)).max(labels + pen.em(4.0));
    let plot = Plot { left: labels, right, least, most };
    let rows: Vec<Row> = bars.iter().map(|bar| Row::of(bar, beside, &plot, pen)).collect();
    let foot: f64 = rows.iter().map(|row| row.height).sum();
    let has_scale = shown().next().is_some();
    if has_scale {
        // Beside their labels all bars share the lines of the scale; below them each has its own, so that no line goes through words.
        let spans = if beside { vec![(0.0, foot)] } else { spans(bars, &rows, pen) };
        plot.grid(&spans, foot, pen);
    }
    let mut y = 0.0;
    for (bar, row) in bars.iter().zip(&rows) {
        row.draw(bar, y, &plot, pen);
        y += row.height;
    }
    if has_scale { foot + pen.em(1.5) } else { foot }
}

/// From where to where the bars stand that are below their labels.
fn spans(bars: &[Bar], rows: &[Row], pen: &Pen<'_, '_>) -> Vec<(f64, f64)> {
    let (mut found, mut y) = (Vec::new(), 0.0);
    for (bar, row) in bars.iter().zip(rows) {
        if bar.value.is_some() {
            let label = pen.em(LEADING) * number(row.label.len()) + pen.em(0.15 + GAP / 2.0);
            found.push((y + label - pen.em(0.1), y + row.height - pen.em(GAP / 2.0 - 0.25)));
        }
        y += row.height;
    }
    found
}

/// Where the ends of the scale stand.
struct Plot {
    left: f64,
    right: f64,
    /// What is at the left end, in percent.
    least: f64,
    /// What is at the right end.
    most: f64,
}

impl Plot {
    fn x(&self, percent: f64) -> f64 {
        let percent = if percent.is_finite() { percent.clamp(self.least, self.most) } else { 0.0 };
        self.left + (percent - self.least) / (self.most - self.least) * (self.right - self.left)
    }

    fn grid(&self, spans: &[(f64, f64)], foot: f64, pen: &mut Pen<'_, '_>) {
        // Every label has a quarter of the scale for itself, or only its ends are labelled.
        let labelled = (self.right - self.left) / 4.0 >= pen.width_of("100%", false) * 1.5 + pen.em(0.4);
        let changes = self.least < 0.0;
        for (quarter, anchor) in [
            (0.0, Anchor::Start),
            (1.0, Anchor::Middle),
            (2.0, Anchor::Middle),
            (3.0, Anchor::Middle),
            (4.0, Anchor::End),
        ] {
            let percent = self.least + quarter / 4.0 * (self.most - self.least);
            let x = self.x(percent);
            let (tone, width) = if percent == 0.0 { (Tone::Edge, 0.1) } else { (Tone::Grid, 0.07) };
            for (top, end) in spans {
                pen.path(vec![(x, *top), (x, *end)], tone, pen.em(width), Dash::None);
            }
            if labelled || anchor != Anchor::Middle {
                let text = match changes {
                    true => tick(percent),
                    false => format!("{percent:.0}%"),
                };
                pen.words(&text, (x, foot + pen.em(1.1)), false, anchor);
            }
        }
    }
}

/// What is written at a place of the scale of changes: “+5%”, “−2.5%”, “0%”.
fn tick(percent: f64) -> String {
    let sign = if percent > 0.0 {
        "+"
    } else if percent < 0.0 {
        "−"
    } else {
        ""
    };
    format!("{sign}{}%", percent.abs())
}

/// How one bar is laid out.
struct Row {
    height: f64,
    label: Vec<String>,
    /// Where the label begins; the bar is beside it or below.
    beside: bool,
    /// Why there is no bar.
    why: Vec<String>,
}

impl Row {
    fn of(bar: &Bar, beside: bool, plot: &Plot, pen: &Pen<'_, '_>) -> Self {
        let room = if beside { plot.left - pen.em(0.8) } else { pen.canvas.width };
        let label = pen.lines(&bar.label, room, bar.own);
        let why = match bar.value {
            Some(_) => Vec::new(),
            None => pen.lines(&bar.text, pen.canvas.width - plot.left - pen.em(0.6), false),
        };
        let high = |lines: &[String]| pen.em(LEADING) * number(lines.len());
        let body = high(&why).max(pen.em(BAR));
        let content = if beside { body.max(high(&label)) } else { body + high(&label) + pen.em(0.15) };
        Self { height: content + pen.em(GAP), label, beside, why }
    }

    fn draw(&self, bar: &Bar, top: f64, plot: &Plot, pen: &mut Pen<'_, '_>) {
        let top = top + pen.em(GAP) / 2.0;
        let content = self.height - pen.em(GAP);
        let lines = pen.em(LEADING) * number(self.label.len());
        // The foot of a line that stands in the middle of its height.
        let foot = pen.em(LEADING / 2.0 + 0.35);
        let label_top = if self.beside { top + (content - lines) / 2.0 } else { top };
        pen.lines_at(&self.label, (0.0, label_top + foot), bar.own, Anchor::Start);
        let middle = if self.beside {
            top + content / 2.0
        } else {
            let below = top + lines + pen.em(0.15);
            below + (top + content - below) / 2.0
        };
        let Some(value) = bar.value else {
            let first = middle - pen.em(LEADING) * number(self.why.len()) / 2.0 + foot;
            pen.lines_at(&self.why, (plot.left + pen.em(0.6), first), false, Anchor::Start);
            return;
        };
        let area = Area {
            x: plot.x(value).min(plot.x(0.0)),
            y: middle - pen.em(BAR) / 2.0,
            width: (plot.x(value) - plot.x(0.0)).abs(),
            height: pen.em(BAR),
        };
        let tone = if bar.own { Tone::Own } else { Tone::Other };
        pen.marks.push(Mark::Area { area, tone, pattern: Pattern::Plain, edged: !bar.own });
        if let Some((low, high)) = bar.interval {
            pen.whisker(plot.x(low), plot.x(high), middle, false);
        }
        let at = (pen.canvas.width, middle + pen.em(0.35));
        pen.words(&bar.text, at, bar.own, Anchor::End);
    }
}
