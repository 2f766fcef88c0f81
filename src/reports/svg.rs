//! Charts as SVG for pages: no script, no fonts, no styles of its own (the pages' policy allows none). Words have the colour of the text around them.
//! Other colours are the palette for paper, and carry a class, so that a stylesheet gives them others in the dark.

use std::fmt::Write as _;

use crate::domain::report::Chart;
use crate::domain::report::drawing::{
    Anchor, Area, Canvas, Dash, Mark, Pattern, Scene, Tone, draw, generous,
};

/// The width of a drawing for a window that is wide enough, and of one for a phone, in pixels.
const WIDE: f64 = 680.0;
const NARROW: f64 = 320.0;
/// The size of letters in both. Shown in a column of 288 pixels, the narrow one still has letters of 13 pixels.
const SIZE: f64 = 15.0;

/// A chart, twice: for wide windows and for narrow ones. The classes `drawn-wide` and `drawn-narrow` let the stylesheet show one of them, and without
/// a stylesheet the wide one shows. `language` is that of the chart's words. It stands beside its table, which says the same.
pub fn svg(chart: &Chart, language: &str) -> String {
    let mut text = one(chart, language, WIDE, "wide");
    text.push_str(&one(chart, language, NARROW, "narrow"));
    text
}

fn one(chart: &Chart, language: &str, width: f64, kind: &str) -> String {
    let scene = draw(chart, &Canvas { width, size: SIZE, measure: &generous, language });
    let id = format!("{}-{kind}", identifier(&chart.id));
    let hidden = if kind == "narrow" { " display=\"none\"" } else { "" };
    let mut out = String::new();
    // Writing into a string does not fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawn drawn-{kind}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-text\" lang=\"{}\" font-size=\"{SIZE}\" fill=\"currentColor\"{hidden}>\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-text\">{}</desc>",
        short(scene.width),
        short(scene.height),
        escaped(language),
        escaped(&chart.title),
        escaped(&chart.description),
    );
    body(&scene, &mut out);
    out.push_str("</svg>\n");
    out
}

fn body(scene: &Scene, out: &mut String) {
    for mark in &scene.marks {
        // Writing into a string does not fail.
        let _ = match mark {
            Mark::Area { area, tone, pattern, edged } => {
                let (class, edge) = if *edged {
                    (format!("{} {}", fill_class(*tone), stroke_class(Tone::Edge)), stroke(Tone::Edge, 1.0))
                } else {
                    (fill_class(*tone), String::new())
                };
                let _ = write!(
                    out,
                    "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{edge}/>",
                    short(area.x),
                    short(area.y),
                    short(area.width),
                    short(area.height),
                    colour(*tone),
                );
                pattern_lines(area, *pattern, *tone, out)
            }
            Mark::Path { points, tone, width, dash } => {
                let dash = match dash {
                    Dash::None => "",
                    Dash::Dashed => " stroke-dasharray=\"8 5\"",
                    Dash::Dotted => " stroke-dasharray=\"2 4\"",
                };
                write!(
                    out,
                    "<path class=\"{}\" fill=\"none\"{}{dash} d=\"{}\"/>",
                    stroke_class(*tone),
                    stroke(*tone, *width),
                    outline(points),
                )
            }
            Mark::Dot { at, radius, tone } => write!(
                out,
                "<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>",
                fill_class(*tone),
                short(at.0),
                short(at.1),
                short(*radius),
                colour(*tone),
            ),
            Mark::Words { at, text, size: _, bold, anchor } => {
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                };
                let weight = if *bold { " font-weight=\"700\"" } else { "" };
                write!(
                    out,
                    "<text x=\"{}\" y=\"{}\"{anchor}{weight}>{}</text>",
                    short(at.0),
                    short(at.1),
                    escaped(text),
                )
            }
        };
    }
}

/// How far apart the lines of a pattern are.
const APART: f64 = 5.0;

fn pattern_lines(area: &Area, pattern: Pattern, tone: Tone, out: &mut String) -> std::fmt::Result {
    let lines = pattern.lines(area, APART);
    if lines.is_empty() {
        return Ok(());
    }
    let over = if tone == Tone::Worst { Tone::Ground } else { Tone::Edge };
    let path: String = lines.iter().map(|[from, to]| outline(&[*from, *to])).collect();
    let width = pattern.thickness() * APART;
    write!(out, "<path class=\"{}\" fill=\"none\"{} d=\"{path}\"/>", stroke_class(over), stroke(over, width))
}

fn fill_class(tone: Tone) -> String {
    format!("fill-{}", tone.code())
}

fn stroke_class(tone: Tone) -> String {
    format!("line-{}", tone.code())
}

fn stroke(tone: Tone, width: f64) -> String {
    format!(" stroke=\"{}\" stroke-width=\"{}\"", colour(tone), short(width))
}

fn colour(tone: Tone) -> String {
    let [red, green, blue] = tone.rgb();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn outline(points: &[(f64, f64)]) -> String {
    let step = |(index, (x, y)): (usize, &(f64, f64))| {
        format!("{}{} {}", if index == 0 { "M" } else { "L" }, short(*x), short(*y))
    };
    points.iter().enumerate().map(step).collect()
}

/// A number with at most two decimals.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Letters, digits and hyphens of an id.
fn identifier(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("chart-{}", id.chars().map(plain).collect::<String>())
}

/// Text as it stands in XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            // What XML does not allow at all.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
