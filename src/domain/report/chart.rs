//! Drawings as data: what is drawn, not how. Each says the same as the table beside it.

use serde::Serialize;

use super::document::Table;

/// A drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// What addresses and files call it: one in each document.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What somebody who cannot see it should know: the message first, then the figures. Every number in it stands in `table` too.
    pub description: String,
    /// What is drawn.
    pub shape: Shape,
    /// The same in figures.
    pub table: Table,
}

/// What is drawn. All numbers are percentages from 0 to 100, unless the shape says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "shape", rename_all = "kebab-case")]
pub enum Shape {
    /// Shares beside each other, each with its interval.
    Bars {
        /// From top to bottom.
        bars: Vec<Bar>,
    },
    /// Whole distributions: each row is everybody who answered, in parts that add up to 100.
    Stacks {
        /// What the parts are called, in order: “Better”, “The same”, “Worse”. Drawn with a pattern each, not colour alone.
        names: Vec<String>,
        /// From top to bottom.
        rows: Vec<Stack>,
    },
    /// Whole distributions over bands of which none is better or worse, or of which the last is the better: “No friends”, “1 to 4”, “5 or more”. Drawn from
    /// pale to dark, with a pattern each.
    Bands {
        /// What the bands are called, from the least to the most.
        names: Vec<String>,
        /// From top to bottom.
        rows: Vec<Stack>,
    },
    /// Changes in percent beside each other, around none: the scale reaches as far as the largest of them.
    Changes {
        /// From top to bottom; `own` is what grows or stays.
        bars: Vec<Bar>,
    },
    /// One figure over time.
    OverTime {
        /// From the oldest to the newest.
        points: Vec<Point>,
    },
}

/// One share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// Of whom.
    pub label: String,
    /// How large; none where nothing may be shown.
    pub value: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// What is written at its end, in the document's language: “90.0%”, or why there is none.
    pub text: String,
    /// Whether it is the one that the report is about.
    pub own: bool,
}

/// One distribution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stack {
    /// Of whom.
    pub label: String,
    /// One for each name, in the same order.
    pub parts: Vec<Part>,
}

/// One part of a distribution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// In percent of the row.
    pub percent: f64,
    /// What is written in it, where there is room: “88.9%”.
    pub text: String,
}

/// One period of a figure over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The period, short.
    pub label: String,
    /// The figure; none where nothing may be shown.
    pub value: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// What is written at it.
    pub text: String,
    /// Whether it cannot be compared with what stands before it: another wording, another series.
    pub breaks: bool,
}
