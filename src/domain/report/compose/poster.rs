//! A poster for those who answered: you said, we did. One idea a sentence, no figure that has to be explained.

use super::composer::{Composer, Said, Whose, is_shown};
use super::summary::{done, foremost};
use crate::domain::figures::Row;
use crate::domain::report::document::{Block, Document, KeyFigure};

/// How many things that people said stand on it.
const SAID: usize = 3;

/// The poster.
pub(super) fn poster(c: &Composer<'_>) -> Document {
    let w = c.w;
    let mut blocks = Vec::new();
    if c.m.demo {
        blocks.push(Block::Note { text: w.t("demo").to_owned() });
    }
    blocks.push(Block::Lead { text: w.t("poster_asked").to_owned() });
    let said = foremost(c).map(|part| c.first(part)).unwrap_or_default();
    let said: Vec<(&Said<'_>, &Row, Whose)> =
        said.into_iter().filter_map(|said| said.best().map(|(row, whose)| (said, row, whose))).collect();
    let own = said.iter().any(|(.., whose)| *whose != Whose::Wider);
    // What people said here, or around here: never both beside each other.
    let keys: Vec<Block> = said
        .iter()
        .filter(|(.., whose)| (*whose != Whose::Wider) == own)
        .filter_map(|(said, row, _)| key(c, said, row))
        .take(SAID)
        .map(Block::Key)
        .collect();
    let wider = said.iter().find(|(.., whose)| *whose == Whose::Wider).filter(|_| !own);
    let heading = match wider {
        Some((_, row, _)) => w.with("poster_said_wider", &[("place", &c.within(row))]),
        None => w.t("poster_said").to_owned(),
    };
    if keys.is_empty() {
        blocks.push(Block::Paragraph { text: w.t("poster_nothing").to_owned() });
    } else {
        blocks.push(Block::Heading { text: heading });
        if wider.is_some() {
            blocks.push(Block::Paragraph { text: w.t("poster_few").to_owned() });
        }
        blocks.extend(keys);
    }
    blocks.push(Block::Heading { text: w.t("poster_did").to_owned() });
    let done = done(c);
    blocks.push(if done.is_empty() {
        Block::Paragraph { text: w.t("poster_not_yet").to_owned() }
    } else {
        Block::List { items: done }
    });
    blocks.push(Block::Lead { text: w.t("poster_thanks").to_owned() });
    Document {
        title: w.t("poster_title").to_owned(),
        subtitle: format!("{}. {}", c.here(), c.period(c.m.period)),
        language: w.language.code().to_owned(),
        facts: Vec::new(),
        summary: blocks,
        sections: Vec::new(),
    }
}

/// “More than 9 in 10” large, and below it “people said they see other people more because of their support.”
fn key(c: &Composer<'_>, said: &Said<'_>, row: &Row) -> Option<KeyFigure> {
    if !said.definition.asks_a_person() || !(is_shown(row) || row.band.is_some()) {
        return None;
    }
    let (number, words) = c.headline_apart(said, row)?;
    Some(KeyFigure { words, number, base: String::new() })
}
