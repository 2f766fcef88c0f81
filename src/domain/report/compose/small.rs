//! What is said where few people answered: what was asked, what can be said, and how more will be.

use super::composer::{Composer, Part, Whose};
use crate::domain::report::document::Block;

/// For a place of which no figure can be shown: its people's answers count, and where.
pub(super) fn nothing_own(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let w = c.w;
    let mut blocks = vec![Block::Lead { text: lead(c, part) }];
    if part.said.iter().all(|said| said.own.is_none() && said.released.is_none()) {
        blocks.extend(why(c));
        return blocks;
    }
    let around = c.first(part).into_iter().find_map(|said| match said.best() {
        Some((row, Whose::Wider)) => Some(c.within(row)),
        _ => None,
    });
    let merged = part.said.iter().find_map(|said| {
        let row = said.own.or(said.released)?;
        c.merged_place(row.merged_into.as_deref()?)
    });
    let text = match (around, merged) {
        (Some(place), _) => w.with("small_within", &[("place", &place)]),
        (None, Some(place)) => w.with("small_merged", &[("place", &place)]),
        (None, None) => w.t("small_within_none").to_owned(),
    };
    blocks.push(Block::Paragraph { text });
    blocks.extend(why(c));
    blocks.push(Block::Paragraph { text: w.t("small_meanwhile").to_owned() });
    blocks
}

/// What is said first: that few have answered; or, below “nobody has answered in this period yet”, what is shown instead.
pub(super) fn lead(c: &Composer<'_>, part: &Part<'_>) -> String {
    let around = part.said.iter().any(|said| matches!(said.best(), Some((_, Whose::Wider))));
    let nobody = part.said.iter().all(|said| said.own.is_none());
    c.w.t(if nobody && around { "small_nobody" } else { "small_lead" }).to_owned()
}

/// Why numbers from few people are not shown, and when more will be.
pub(super) fn why(c: &Composer<'_>) -> Vec<Block> {
    let base = c.m.base.to_string();
    ["small_why", "small_then"]
        .into_iter()
        .map(|key| Block::Paragraph { text: c.w.with(key, &[("base", &base)]) })
        .collect()
}
