//! Pages of marks, each with the part of the structure tree that it belongs to, drawn into a PDF.

use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::{Destination, XyzDestination};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};

use super::PdfError;
use super::fonts::Weight;
use super::layout::{HEIGHT, WIDTH};
use super::paper::{begin, finish};
use super::picture;
use super::tree::{Place, Tree};

/// Red, green and blue.
pub(crate) type Colour = [u8; 3];

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ink {
    /// Words, with the foot of their letters at a point. `even` gives digits one width.
    Words { at: (f32, f32), text: String, size: f32, weight: Weight, colour: Colour, even: bool },
    /// A filled rectangle: left, top, width, height.
    Fill { area: [f32; 4], colour: Colour },
    /// A line through points, in dashes and gaps so long.
    Line { points: Vec<(f32, f32)>, colour: Colour, width: f32, dash: Option<[f32; 2]> },
    /// Many short lines.
    Strokes { lines: Vec<[(f32, f32); 2]>, colour: Colour, width: f32 },
    /// A round spot.
    Spot { at: (f32, f32), radius: f32, colour: Colour },
    /// A picture by its symbol, as high and wide as `size`, with its left upper corner at a point.
    Picture { at: (f32, f32), size: f32, symbol: String },
    /// Nothing: an empty cell is a cell.
    Nothing,
}

impl Ink {
    /// The same at another place.
    pub(crate) fn moved(mut self, right: f32, down: f32) -> Self {
        let moved = |(x, y): (f32, f32)| (x + right, y + down);
        match &mut self {
            Self::Words { at, .. } | Self::Spot { at, .. } | Self::Picture { at, .. } => *at = moved(*at),
            Self::Fill { area, .. } => {
                area[0] += right;
                area[1] += down;
            }
            Self::Line { points, .. } => points.iter_mut().for_each(|point| *point = moved(*point)),
            Self::Strokes { lines, .. } => {
                lines.iter_mut().flatten().for_each(|point| *point = moved(*point))
            }
            Self::Nothing => {}
        }
        self
    }
}

/// What a mark belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belongs {
    /// A part of the structure tree.
    To(Place),
    /// The head or the foot of the page.
    Head,
    Foot,
    /// What only looks nice.
    Ornament,
    /// What was said before, and is seen again.
    Repeated,
}

/// One thing on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) belongs: Belongs,
    pub(crate) ink: Ink,
}

/// A rectangle that leads to a target.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Jump {
    /// The part of the tree that it belongs to.
    pub(crate) place: Place,
    /// Left, top, width, height.
    pub(crate) area: [f32; 4],
    /// Which target.
    pub(crate) target: usize,
    /// Where it leads, in words.
    pub(crate) words: String,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sheet {
    /// The hindmost first.
    pub(crate) marks: Vec<Mark>,
    pub(crate) jumps: Vec<Jump>,
}

/// An entry among the bookmarks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bookmark {
    /// 1 for the outermost.
    pub(crate) level: u16,
    pub(crate) words: String,
    pub(crate) page: usize,
    pub(crate) y: f32,
}

/// What makes a PDF besides its pages.
pub(crate) struct Whole<'a> {
    pub(crate) title: &'a str,
    pub(crate) language: &'a str,
    /// Page and height of each target.
    pub(crate) targets: &'a [(usize, f32)],
    pub(crate) bookmarks: &'a [Bookmark],
}

/// The pages as a PDF, held to PDF/UA-1.
///
/// # Errors
///
/// [`PdfError::Unsound`] where they break a rule of the standard: a fault of the program.
pub(crate) fn print(sheets: &[Sheet], mut tree: Tree, whole: &Whole<'_>) -> Result<Vec<u8>, PdfError> {
    let mut document = begin(whole.title, whole.language)?;
    for sheet in sheets {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT);
        let settings = settings.ok_or_else(|| PdfError::Unsound("no page of that size".into()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for marks in sheet.marks.chunk_by(|one, next| one.belongs == next.belongs) {
            draw_together(&mut surface, marks, &mut tree);
        }
        surface.finish();
        for jump in &sheet.jumps {
            let [x, y, width, height] = jump.area;
            let (Some(at), Some((to, top))) =
                (Rect::from_xywh(x, y, width, height), whole.targets.get(jump.target))
            else {
                continue;
            };
            let target = Target::Destination(Destination::Xyz(destination(*to, *top)));
            let link = Annotation::new_link(LinkAnnotation::new(at, target), Some(jump.words.clone()));
            tree.drawn(jump.place, page.add_tagged_annotation(link));
        }
        page.finish();
    }
    let tree = tree.finish(whole.language);
    finish(document, outline(whole.bookmarks), tree)
}

fn destination(page: usize, top: f32) -> XyzDestination {
    XyzDestination::new(page, Point::from_xy(0.0, (top - 12.0).max(0.0)))
}

/// Marks that belong to the same part are one piece of it.
fn draw_together(surface: &mut Surface<'_>, marks: &[Mark], tree: &mut Tree) {
    let Some(first) = marks.first() else { return };
    let artifact = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
    let tag = match first.belongs {
        Belongs::To(_) if marks.iter().all(|mark| matches!(mark.ink, Ink::Words { .. })) => {
            ContentTag::Span(SpanTag::empty())
        }
        Belongs::To(_) => ContentTag::Other,
        Belongs::Head => artifact(ArtifactType::Header),
        Belongs::Foot => artifact(ArtifactType::Footer),
        Belongs::Ornament => artifact(ArtifactType::Layout),
        Belongs::Repeated => artifact(ArtifactType::PaginationOther),
    };
    let drawn = surface.start_tagged(tag);
    for mark in marks {
        draw(surface, &mark.ink);
    }
    surface.end_tagged();
    if let Belongs::To(place) = first.belongs {
        tree.drawn(place, drawn);
    }
}

fn draw(surface: &mut Surface<'_>, ink: &Ink) {
    match ink {
        Ink::Words { at, text, size, weight, colour, even } => {
            paint(surface, Some(fill(*colour)), None);
            if *even {
                weight.draw_even(surface, *at, text, *size);
            } else {
                weight.draw(surface, *at, text, *size);
            }
        }
        Ink::Fill { area: [x, y, width, height], colour } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            paint(surface, Some(fill(*colour)), None);
            draw_path(surface, path.finish());
        }
        Ink::Line { points, colour, width, dash } => {
            paint(surface, None, Some(stroke(*colour, *width, *dash)));
            draw_path(surface, through(points.iter().copied()));
        }
        Ink::Strokes { lines, colour, width } => {
            let mut path = PathBuilder::new();
            for [from, to] in lines {
                path.move_to(from.0, from.1);
                path.line_to(to.0, to.1);
            }
            paint(surface, None, Some(stroke(*colour, *width, None)));
            draw_path(surface, path.finish());
        }
        Ink::Spot { at, radius, colour } => {
            paint(surface, Some(fill(*colour)), None);
            draw_path(surface, circle(*at, *radius));
        }
        Ink::Picture { at, size, symbol } => picture::draw(surface, *at, *size, symbol),
        Ink::Nothing => {}
    }
}

fn paint(surface: &mut Surface<'_>, fill: Option<Fill>, stroke: Option<Stroke>) {
    surface.set_fill(fill);
    surface.set_stroke(stroke);
}

fn draw_path(surface: &mut Surface<'_>, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn colour([red, green, blue]: Colour) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

pub(super) fn fill(of: Colour) -> Fill {
    Fill { paint: colour(of).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

pub(super) fn stroke(of: Colour, width: f32, dash: Option<[f32; 2]>) -> Stroke {
    let dash = dash.map(|dash| StrokeDash { array: dash.to_vec(), offset: 0.0 });
    Stroke { paint: colour(of).into(), width, line_cap: LineCap::Butt, dash, ..Stroke::default() }
}

fn through(points: impl Iterator<Item = (f32, f32)>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.enumerate() {
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.finish()
}

/// A circle of four curves; the number is how far their handles reach for the least error.
fn circle((x, y): (f32, f32), radius: f32) -> Option<Path> {
    let handle = radius * 0.552_284_8;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + handle, x + handle, y + radius, x, y + radius);
    path.cubic_to(x - handle, y + radius, x - radius, y + handle, x - radius, y);
    path.cubic_to(x - radius, y - handle, x - handle, y - radius, x, y - radius);
    path.cubic_to(x + handle, y - radius, x + radius, y - handle, x + radius, y);
    path.close();
    path.finish()
}

/// Bookmarks below each other by their levels.
fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let mut rest = bookmarks;
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().take_while(|b| b.level > first.level).count();
        outline.push_child(node(first, &after[..below]));
        rest = &after[below..];
    }
    outline
}

fn node(bookmark: &Bookmark, below: &[Bookmark]) -> OutlineNode {
    let mut node = OutlineNode::new(bookmark.words.clone(), destination(bookmark.page, bookmark.y));
    let mut rest = below;
    while let Some((first, after)) = rest.split_first() {
        let count = after.iter().take_while(|b| b.level > first.level).count();
        node.push_child(self::node(first, &after[..count]));
        rest = &after[count..];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::tree::Meaning;

    #[test]
    fn a_page_without_a_heading_or_with_marks_of_no_part_is_still_sound() {
        let mut tree = Tree::default();
        let place = tree.add(None, Meaning::Paragraph);
        tree.add(None, Meaning::Section);
        let words = Ink::Words {
            at: (50.0, 50.0),
            text: "A word".into(),
            size: 12.0,
            weight: Weight::Regular,
            colour: [0, 0, 0],
            even: true,
        };
        let line = Ink::Line {
            points: vec![(0.0, 0.0), (9.0, 9.0)],
            colour: [0, 0, 0],
            width: 1.0,
            dash: Some([2.0, 2.0]),
        };
        let marks = vec![
            Mark { belongs: Belongs::To(place), ink: words },
            Mark { belongs: Belongs::Ornament, ink: line },
            Mark {
                belongs: Belongs::Foot,
                ink: Ink::Spot { at: (9.0, 9.0), radius: 4.0, colour: [9, 9, 9] },
            },
        ];
        let sheets = [Sheet { marks, jumps: Vec::new() }];
        let bookmarks = [Bookmark { level: 1, words: "One".into(), page: 0, y: 0.0 }];
        let whole = Whole { title: "Title", language: "en", targets: &[], bookmarks: &bookmarks };
        let pdf = print(&sheets, tree, &whole).expect("sound");
        assert!(String::from_utf8_lossy(&pdf).contains("/MarkInfo"));
    }
}
