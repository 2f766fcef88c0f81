//! Files for people and programs outside, made from released or permitted figures only.

pub mod package;
