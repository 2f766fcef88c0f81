//! Pictures as lines and areas of a PDF. They keep the drawing rules that `scripts/pictures check` holds them to: groups, paths, circles, ellipses and
//! rectangles, with plain colours and no transformation.

use krilla::geom::{Path, PathBuilder, Transform};
use krilla::paint::{LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use kurbo::{BezPath, Circle, Ellipse, PathEl, Rect, Shape as _};

use super::sheets::{Colour, fill, stroke};

/// How wide and high every picture is in its own measure.
const SIDE: f32 = 96.0;
/// How far a circle that is drawn as curves may be from a circle, in the same measure.
const NEAR: f64 = 0.02;

/// One shape: its outline, and what it is filled and drawn with.
#[derive(Debug, Clone, PartialEq)]
struct Shape {
    outline: BezPath,
    fill: Option<Colour>,
    line: Option<(Colour, f32)>,
}

/// How shapes are painted unless they say otherwise.
#[derive(Debug, Clone, Copy)]
struct Paint {
    fill: Option<Colour>,
    line: Option<Colour>,
    width: f32,
}

/// Draws a picture with its left upper corner at a point; nothing where there is no such picture.
pub(super) fn draw(surface: &mut Surface<'_>, (x, y): (f32, f32), size: f32, symbol: &str) {
    let scale = size / SIDE;
    surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x, y));
    for shape in crate::pictures::inside(symbol).and_then(shapes).unwrap_or_default() {
        let Some(path) = path(&shape.outline) else { continue };
        surface.set_fill(shape.fill.map(fill));
        surface.set_stroke(shape.line.map(|(colour, width)| Stroke {
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..stroke(colour, width, None)
        }));
        surface.draw_path(&path);
    }
    surface.pop();
}

/// The shapes of a picture, the hindmost first; nothing where it holds what cannot be drawn.
fn shapes(inside: &str) -> Option<Vec<Shape>> {
    let mut around = vec![Paint { fill: Some([0, 0, 0]), line: None, width: 1.0 }];
    let mut shapes = Vec::new();
    for element in inside.split('<').skip(1) {
        let (tag, _) = element.split_once('>')?;
        if tag == "/g" {
            around.pop();
            continue;
        }
        let paint = painted(*around.last()?, tag)?;
        let number = |name: &str| value(tag, name).map_or(Some(0.0), |text| text.parse::<f64>().ok());
        let outline = match tag.split([' ', '/']).next()? {
            "g" => {
                around.push(paint);
                continue;
            }
            "path" => BezPath::from_svg(value(tag, "d")?).ok()?,
            "circle" => Circle::new((number("cx")?, number("cy")?), number("r")?).to_path(NEAR),
            "ellipse" => {
                let radii = (number("rx")?, number("ry")?);
                Ellipse::new((number("cx")?, number("cy")?), radii, 0.0).to_path(NEAR)
            }
            "rect" => {
                let (x, y) = (number("x")?, number("y")?);
                let rect = Rect::new(x, y, x + number("width")?, y + number("height")?);
                rect.to_rounded_rect(number("rx")?).to_path(NEAR)
            }
            _ => return None,
        };
        let line = paint.line.map(|colour| (colour, paint.width));
        shapes.push(Shape { outline, fill: paint.fill, line });
    }
    Some(shapes)
}

/// How an element is painted, within what is around it.
fn painted(around: Paint, tag: &str) -> Option<Paint> {
    let paint = |name: &str, otherwise| match value(tag, name) {
        None => Some(otherwise),
        Some("none") => Some(None),
        Some(code) => colour(code).map(Some),
    };
    let width = value(tag, "stroke-width").map_or(Some(around.width), |text| text.parse().ok())?;
    Some(Paint { fill: paint("fill", around.fill)?, line: paint("stroke", around.line)?, width })
}

/// “#6b3a80”.
fn colour(code: &str) -> Option<Colour> {
    let part = |from: usize| u8::from_str_radix(code.get(from..from + 2)?, 16).ok();
    (code.len() == 7 && code.starts_with('#')).then_some(())?;
    Some([part(1)?, part(3)?, part(5)?])
}

/// The value of an attribute.
fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

fn path(outline: &BezPath) -> Option<Path> {
    let mut path = PathBuilder::new();
    for element in outline.elements() {
        match element {
            PathEl::MoveTo(to) => path.move_to(narrow(to.x), narrow(to.y)),
            PathEl::LineTo(to) => path.line_to(narrow(to.x), narrow(to.y)),
            PathEl::QuadTo(by, to) => path.quad_to(narrow(by.x), narrow(by.y), narrow(to.x), narrow(to.y)),
            PathEl::CurveTo(a, b, to) => {
                path.cubic_to(narrow(a.x), narrow(a.y), narrow(b.x), narrow(b.y), narrow(to.x), narrow(to.y));
            }
            PathEl::ClosePath => path.close(),
        }
    }
    path.finish()
}

fn narrow(number: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a length within a picture")]
    let narrow = number as f32;
    narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_can_be_drawn_and_stays_within_its_square() {
        let mut seen = 0;
        for symbol in crate::pictures::symbols() {
            let shapes = crate::pictures::inside(symbol).and_then(shapes).unwrap_or_default();
            assert!(!shapes.is_empty(), "{symbol}");
            for shape in &shapes {
                let edges = shape.outline.bounding_box();
                assert!(
                    edges.x0 > -4.0 && edges.y0 > -4.0 && edges.x1 < 100.0 && edges.y1 < 100.0,
                    "{symbol}"
                );
                assert!(
                    path(&shape.outline).is_some() && (shape.fill.is_some() || shape.line.is_some()),
                    "{symbol}"
                );
            }
            seen += 1;
        }
        assert!(seen > 70);
    }

    #[test]
    fn what_a_picture_may_not_hold_is_not_drawn_by_halves() {
        let group = "<g fill=\"none\" stroke=\"#010203\" stroke-width=\"3\">";
        let drawn = shapes(&format!(
            "{group}<circle cx=\"9\" cy=\"9\" r=\"4\" fill=\"#ff0000\"/><path d=\"M1 1h2\"/></g>"
        ));
        let drawn = drawn.expect("shapes");
        assert_eq!((drawn[0].fill, drawn[0].line), (Some([255, 0, 0]), Some(([1, 2, 3], 3.0))));
        assert_eq!(drawn[1].fill, None);
        for wrong in
            ["<text>a</text>", "<path d=\"M1\"/>", "<circle r=\"x\"/>", "<path d=\"M1 1\" fill=\"url(#a)\"/>"]
        {
            assert_eq!(shapes(wrong), None, "{wrong}");
        }
    }
}
