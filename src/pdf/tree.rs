//! What the parts of a PDF are, for those who have it read aloud: the structure tree, built while pages are laid out and filled while they are drawn.

use std::num::NonZeroU16;

use krilla::geom::Rect;
use krilla::tagging::{
    BBox, Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagId, TagTree,
};

/// A part of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(usize);

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Section,
    /// What belongs together without a heading.
    Division,
    /// A heading: its level from 1, and its words.
    Heading(u16, String),
    Paragraph,
    Caption,
    List,
    Item,
    Label,
    Body,
    Table,
    /// The rows with headings of columns.
    Head,
    /// The other rows.
    Rows,
    Row,
    /// A heading of a column, by its name in the file.
    ColumnHeading(String),
    /// A heading of a row, by its name, and that of the heading of its column.
    RowHeading(String, String),
    /// A cell, by the names of its headings.
    Cell(Vec<String>),
    /// A drawing: what it shows.
    Figure(String),
    /// A list of contents, one of its entries, and what leads from there.
    Contents,
    Entry,
    Reference,
    Link,
}

struct Part {
    meaning: Meaning,
    children: Vec<Child>,
    /// Of a figure: page, and left, upper, right and lower edge.
    bounds: Option<(usize, [f32; 4])>,
}

enum Child {
    Part(usize),
    Drawn(Identifier),
}

/// The tree.
#[derive(Default)]
pub(crate) struct Tree {
    parts: Vec<Part>,
    roots: Vec<usize>,
}

impl Tree {
    /// Adds a part at the end of another, or of the document.
    pub(crate) fn add(&mut self, below: Option<Place>, meaning: Meaning) -> Place {
        let place = self.parts.len();
        self.parts.push(Part { meaning, children: Vec::new(), bounds: None });
        match below.and_then(|Place(parent)| self.parts.get_mut(parent)) {
            Some(parent) => parent.children.push(Child::Part(place)),
            None => self.roots.push(place),
        }
        Place(place)
    }

    /// Says where a figure stands.
    pub(crate) fn bound(&mut self, Place(place): Place, page: usize, bounds: [f32; 4]) {
        if let Some(part) = self.parts.get_mut(place) {
            part.bounds = Some((page, bounds));
        }
    }

    /// Adds what was drawn to a part.
    pub(super) fn drawn(&mut self, Place(place): Place, what: Identifier) {
        if let Some(part) = self.parts.get_mut(place) {
            part.children.push(Child::Drawn(what));
        }
    }

    /// The tree as it is written into the file. Parts with nothing in them are left out.
    pub(super) fn finish(self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for root in &self.roots {
            if let Some(group) = self.group(*root) {
                tree.push(group);
            }
        }
        tree
    }

    fn group(&self, place: usize) -> Option<TagGroup> {
        let part = self.parts.get(place)?;
        let child = |child: &Child| match child {
            Child::Part(place) => self.group(*place).map(Node::Group),
            Child::Drawn(identifier) => Some(Node::Leaf(*identifier)),
        };
        let children: Vec<Node> = part.children.iter().filter_map(child).collect();
        (!children.is_empty()).then(|| self.tagged(part, children))
    }

    fn tagged(&self, part: &Part, children: Vec<Node>) -> TagGroup {
        let id = |name: &String| TagId::from(name.bytes());
        match &part.meaning {
            Meaning::Section => TagGroup::with_children(Tag::Section, children),
            Meaning::Division => TagGroup::with_children(Tag::Div, children),
            Meaning::Heading(level, words) => {
                let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                TagGroup::with_children(Tag::Hn(level, Some(words.clone())), children)
            }
            Meaning::Paragraph => TagGroup::with_children(Tag::P, children),
            Meaning::Caption => TagGroup::with_children(Tag::Caption, children),
            Meaning::List => TagGroup::with_children(Tag::L(ListNumbering::Disc), children),
            Meaning::Item => TagGroup::with_children(Tag::LI, children),
            Meaning::Label => TagGroup::with_children(Tag::Lbl, children),
            Meaning::Body => TagGroup::with_children(Tag::LBody, children),
            Meaning::Table => TagGroup::with_children(Tag::Table, children),
            Meaning::Head => TagGroup::with_children(Tag::THead, children),
            Meaning::Rows => TagGroup::with_children(Tag::TBody, children),
            Meaning::Row => TagGroup::with_children(Tag::TR, children),
            Meaning::ColumnHeading(name) => {
                TagGroup::with_children(Tag::TH(TableHeaderScope::Column).with_id(Some(id(name))), children)
            }
            Meaning::RowHeading(name, column) => {
                let tag = Tag::TH(TableHeaderScope::Row).with_id(Some(id(name)));
                TagGroup::with_children(tag.with_headers(Some([id(column)])), children)
            }
            Meaning::Cell(headings) => {
                let headings = headings.iter().map(id).collect::<Vec<_>>();
                TagGroup::with_children(Tag::TD.with_headers(Some(headings)), children)
            }
            Meaning::Figure(words) => {
                let bounds = part.bounds.and_then(|(page, [left, top, right, bottom])| {
                    Some(BBox::new(page, Rect::from_ltrb(left, top, right, bottom)?))
                });
                TagGroup::with_children(Tag::Figure(Some(words.clone())).with_bbox(bounds), children)
            }
            Meaning::Contents => TagGroup::with_children(Tag::TOC, children),
            Meaning::Entry => TagGroup::with_children(Tag::TOCI, children),
            Meaning::Reference => TagGroup::with_children(Tag::Reference, children),
            Meaning::Link => TagGroup::with_children(Tag::Link, children),
        }
    }
}
