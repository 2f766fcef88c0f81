//! From a chart to simple shapes in one system of coordinates: what a page and a PDF draw alike. Nothing here knows a file format.
//!
//! Everything is measured in the unit of [`Canvas::width`]; `y` grows downwards. Words are never laid over a coloured part, so that they stand out from
//! the ground alone, whatever colour it has.

mod bars;
mod over_time;
mod patterns;
mod stacks;
mod tone;

pub use patterns::{Pattern, pattern_of};
pub use tone::{Scale, Tone};

use super::chart::{Chart, Shape};
use crate::domain::lines::broken;

/// What a chart is drawn upon.
#[derive(Clone, Copy)]
pub struct Canvas<'a> {
    /// How wide the drawing is.
    pub width: f64,
    /// The size of its letters.
    pub size: f64,
    /// How wide a text is: the text, the size of its letters, whether it is bold.
    pub measure: &'a dyn Fn(&str, f64, bool) -> f64,
    /// The language of the few words that the drawing adds: `en` or `cy`.
    pub language: &'a str,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// How wide it is.
    pub width: f64,
    /// How high it came out.
    pub height: f64,
    /// What it consists of, the hindmost first.
    pub marks: Vec<Mark>,
}

/// One shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A filled area.
    Area {
        /// Where.
        area: Area,
        /// Its colour.
        tone: Tone,
        /// What is drawn over the colour.
        pattern: Pattern,
        /// Whether it has an edge, so that it stands apart from the ground and its neighbours.
        edged: bool,
    },
    /// A line through points.
    Path {
        /// In order.
        points: Vec<(f64, f64)>,
        /// Its colour.
        tone: Tone,
        /// How thick it is.
        width: f64,
        /// Whether it is broken.
        dash: Dash,
    },
    /// A round mark.
    Dot {
        /// Its middle.
        at: (f64, f64),
        /// How far it reaches.
        radius: f64,
        /// Its colour.
        tone: Tone,
    },
    /// One line of text.
    Words {
        /// Where it is tied to, upon the foot of its letters.
        at: (f64, f64),
        /// What it says.
        text: String,
        /// The size of its letters.
        size: f64,
        /// Whether they are bold.
        bold: bool,
        /// How it is tied.
        anchor: Anchor,
    },
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// How a line is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    None,
    /// Into dashes: what follows cannot be compared with what is before.
    Dashed,
    /// Into dots: there is no figure.
    Dotted,
}

/// Which part of a text stands where it is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Draws a chart.
pub fn draw(chart: &Chart, canvas: &Canvas<'_>) -> Scene {
    let mut pen = Pen { canvas, marks: Vec::new() };
    let height = match &chart.shape {
        Shape::Bars { bars } => bars::draw(bars, &mut pen),
        Shape::Stacks { names, rows } => stacks::draw(names, rows, Scale::Judged, &mut pen),
        Shape::Bands { names, rows } => stacks::draw(names, rows, Scale::Plain, &mut pen),
        Shape::Changes { bars } => bars::draw_changes(bars, &mut pen),
        Shape::OverTime { points } => over_time::draw(points, &mut pen),
    };
    Scene { width: canvas.width, height, marks: pen.marks }
}

/// How high a line of text is, in sizes of its letters.
const LEADING: f64 = 1.3;

/// What draws.
struct Pen<'a, 'b> {
    canvas: &'a Canvas<'b>,
    marks: Vec<Mark>,
}

impl Pen<'_, '_> {
    /// A number of letter sizes.
    fn em(&self, number: f64) -> f64 {
        number * self.canvas.size
    }

    fn width_of(&self, text: &str, bold: bool) -> f64 {
        (self.canvas.measure)(text, self.canvas.size, bold)
    }

    /// The width of the widest, at least 0.
    fn widest<'t>(&self, texts: impl Iterator<Item = &'t str>, bold: bool) -> f64 {
        texts.map(|text| self.width_of(text, bold)).fold(0.0, f64::max)
    }

    fn lines(&self, text: &str, width: f64, bold: bool) -> Vec<String> {
        let fits = |line: &str| self.width_of(line.trim_end(), bold) <= width;
        broken(text, fits).into_iter().map(|line| line.trim_end().to_owned()).collect()
    }

    fn words(&mut self, text: &str, at: (f64, f64), bold: bool, anchor: Anchor) {
        if !text.is_empty() {
            self.marks.push(Mark::Words { at, text: text.to_owned(), size: self.canvas.size, bold, anchor });
        }
    }

    /// Lines one below the other, the first with its foot at `at`.
    fn lines_at(&mut self, lines: &[String], at: (f64, f64), bold: bool, anchor: Anchor) {
        let mut y = at.1;
        for line in lines {
            self.words(line, (at.0, y), bold, anchor);
            y += self.em(LEADING);
        }
    }

    fn path(&mut self, points: Vec<(f64, f64)>, tone: Tone, width: f64, dash: Dash) {
        self.marks.push(Mark::Path { points, tone, width, dash });
    }

    /// An interval as a line with an end at each side, along (`upright` false) or upwards.
    fn whisker(&mut self, from: f64, to: f64, across: f64, upright: bool) {
        let turn = |along: f64, across: f64| if upright { (across, along) } else { (along, across) };
        let cap = self.em(0.3);
        // A ring of the ground around it keeps it visible upon a dark bar.
        for (tone, width) in [(Tone::Ground, self.em(0.3)), (Tone::Ink, self.em(0.11))] {
            self.path(vec![turn(from, across), turn(to, across)], tone, width, Dash::None);
            for end in [from, to] {
                self.path(vec![turn(end, across - cap), turn(end, across + cap)], tone, width, Dash::None);
            }
        }
    }
}

/// A percentage within what can be drawn; what is no number is drawn as nothing.
fn within(percent: f64) -> f64 {
    if percent.is_finite() { percent.clamp(0.0, 100.0) } else { 0.0 }
}

/// A count as a number.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How wide a text may be in letters that nobody knows: a reader's own browser chooses them. Wider than it will be in Atkinson Hyperlegible, and as
/// wide as in Verdana, the widest that our pages name.
pub fn generous(text: &str, size: f64, bold: bool) -> f64 {
    let letter = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '’' => 0.38,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' => 0.46,
        'm' | 'M' | 'w' | 'W' | 'ŵ' | 'Ŵ' | '%' | '@' => 1.02,
        'A'..='Z' => 0.76,
        _ if c.is_ascii() => 0.63,
        _ => 0.7,
    };
    text.chars().map(letter).sum::<f64>() * size * if bold { 1.12 } else { 1.0 }
}
