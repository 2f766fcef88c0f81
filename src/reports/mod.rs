//! Files for people and programs outside, and what draws a report: from released or permitted figures only. None of them adds a number.

pub mod package;
pub mod svg;
