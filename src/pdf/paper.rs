//! Drawing pages, with what they mean: every piece belongs to a title, a paragraph, a link or a figure.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::luma;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagTree,
};
use qrcode::{Color, EcLevel, QrCode};

use super::PdfError;
use super::fonts::Weight;
use super::layout::{HEIGHT, MARGIN, Pages, Piece, Role, WIDTH};
use super::mm;

/// What a letter is besides its pieces.
pub(super) struct Meaning<'a> {
    /// Whose letter it is: stands at the head of its further pages, so that sheets find together again.
    pub(super) over: &'a str,
    /// Its title.
    pub(super) title: &'a str,
    /// What it is called in the list of letters.
    pub(super) entry: String,
    /// Its language.
    pub(super) language: &'a str,
    /// Where its link and its square lead.
    pub(super) link: &'a str,
    /// What the square is, for those who cannot see it.
    pub(super) square: &'a str,
}

/// An empty PDF that will be held to PDF/UA-1. It holds no time, so that the same letters or report give the same file.
pub(super) fn begin(title: &str, language: &str) -> Result<Document, PdfError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| PdfError::Unsound(format!("{e:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()));
    Ok(document)
}

/// The finished PDF, held to PDF/UA-1.
pub(super) fn finish(mut document: Document, outline: Outline, tree: TagTree) -> Result<Vec<u8>, PdfError> {
    document.set_outline(outline);
    document.set_tag_tree(tree);
    document.finish().map_err(|e| PdfError::Unsound(format!("{e:?}")))
}

/// A PDF that is being made.
pub(super) struct Paper {
    document: Document,
    tree: TagTree,
    outline: Outline,
    pages: usize,
}

impl Paper {
    /// An empty one.
    pub(super) fn new(title: &str, language: &str) -> Result<Self, PdfError> {
        let document = begin(title, language)?;
        Ok(Self {
            document,
            tree: TagTree::new().with_lang(Some(language.to_owned())),
            outline: Outline::new(),
            pages: 0,
        })
    }

    /// Draws a letter; it begins on a page of its own.
    pub(super) fn draw(&mut self, pages: &Pages, meaning: &Meaning<'_>) -> Result<(), PdfError> {
        let first = XyzDestination::new(self.pages, Point::from_xy(0.0, 0.0));
        self.outline.push_child(OutlineNode::new(meaning.entry.clone(), first));
        let mut parts: Vec<Vec<Node>> = pages.blocks.iter().map(|_| Vec::new()).collect();
        for (index, pieces) in pages.pages.iter().enumerate() {
            self.draw_page(pieces, index, meaning, &mut parts)?;
        }
        let mut section = TagGroup::new(Tag::Section.with_lang(Some(meaning.language.to_owned())));
        for (role, children) in pages.blocks.iter().zip(parts) {
            section.push(match role {
                Role::Title => TagGroup::with_children(
                    Tag::Hn(NonZeroU16::MIN, Some(meaning.title.to_owned())),
                    children,
                ),
                Role::Paragraph => TagGroup::with_children(Tag::P, children),
                Role::Link => {
                    let link = TagGroup::with_children(Tag::Link, children);
                    TagGroup::with_children(Tag::P, vec![link.into()])
                }
                Role::Square => {
                    TagGroup::with_children(Tag::Figure(Some(meaning.square.to_owned())), children)
                }
            });
        }
        self.tree.push(section);
        Ok(())
    }

    fn draw_page(
        &mut self,
        pieces: &[Piece],
        index: usize,
        meaning: &Meaning<'_>,
        parts: &mut [Vec<Node>],
    ) -> Result<(), PdfError> {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT);
        let settings = settings.ok_or_else(|| PdfError::Unsound("no page of that size".into()))?;
        let mut page = self.document.start_page_with(settings);
        self.pages += 1;
        let mut links = Vec::new();
        let mut surface = page.surface();
        surface.set_fill(Some(black()));
        if index == 0 {
            if let Some(marks) = fold_marks() {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
                surface.draw_path(&marks);
                surface.end_tagged();
            }
        } else {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)));
            let over = format!("{} – {}", meaning.over, index + 1);
            Weight::Regular.draw(&mut surface, (MARGIN, mm(12.0)), &over, 10.0);
            surface.end_tagged();
        }
        for piece in pieces {
            let drawn: Identifier = if piece.role == Role::Square {
                let square = square(meaning.link, piece)?;
                let drawn = surface.start_tagged(ContentTag::Other);
                surface.draw_path(&square);
                drawn
            } else {
                let drawn = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                piece.weight.draw(&mut surface, (piece.x, piece.y), &piece.text, piece.size);
                drawn
            };
            surface.end_tagged();
            if let Some(part) = parts.get_mut(piece.block) {
                part.push(drawn.into());
            }
            if piece.role == Role::Link {
                links.push(piece);
            }
        }
        surface.finish();
        for piece in links {
            let width = piece.weight.width(&piece.text, piece.size);
            let at = Rect::from_xywh(piece.x, piece.y - piece.size, width, piece.size * 1.3);
            let Some(at) = at else { continue };
            let target = Target::Action(Action::Link(LinkAction::new(meaning.link.to_owned())));
            let spoken = Some(piece.text.trim().to_owned());
            let link =
                page.add_tagged_annotation(Annotation::new_link(LinkAnnotation::new(at, target), spoken));
            if let Some(part) = parts.get_mut(piece.block) {
                part.push(link.into());
            }
        }
        page.finish();
        Ok(())
    }

    /// The finished PDF.
    pub(super) fn finish(self) -> Result<Vec<u8>, PdfError> {
        finish(self.document, self.outline, self.tree)
    }
}

fn black() -> Fill {
    Fill { paint: luma::Color::black().into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// Where a sheet is folded in three: short lines at its left edge.
fn fold_marks() -> Option<Path> {
    let mut marks = PathBuilder::new();
    for y in [99.0, 198.0] {
        marks.push_rect(Rect::from_xywh(mm(4.0), mm(y), mm(4.0), 0.4)?);
    }
    marks.finish()
}

/// The QR code of a link, in the square of a piece, with the quiet zone that the standard asks for.
fn square(link: &str, piece: &Piece) -> Result<Path, PdfError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)
        .map_err(|e| PdfError::Unsound(format!("a link that is no QR code: {e}")))?;
    let width = code.width();
    const QUIET: f32 = 4.0;
    let cells = f32::from(u16::try_from(width).unwrap_or(u16::MAX)) + 2.0 * QUIET;
    let cell = piece.size / cells;
    let mut path = PathBuilder::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        let (row, column) = (index / width, index % width);
        let at = |n: usize| cell * (QUIET + f32::from(u16::try_from(n).unwrap_or(u16::MAX)));
        if color == Color::Dark
            && let Some(rect) = Rect::from_xywh(piece.x + at(column), piece.y + at(row), cell, cell)
        {
            path.push_rect(rect);
        }
    }
    path.finish().ok_or_else(|| PdfError::Unsound("an empty QR code".into()))
}
