//! A poster for those who answered: you said, we did. One idea a sentence with a picture beside it, no figure that has to be explained.

use super::composer::{Composer, Said, Whose, is_shown};
use super::summary::{done, foremost};
use crate::domain::figures::Row;
use crate::domain::report::document::{Block, Document, Pictured};

/// How many things that people said stand on it.
const SAID: usize = 3;

/// The poster.
pub(super) fn poster(c: &Composer<'_>) -> Document {
    let w = c.w;
    let mut blocks = Vec::new();
    if c.m.demo {
        blocks.push(Block::Note { text: w.t("demo").to_owned() });
    }
    blocks.push(told("talking", w.t("poster_asked")));
    let said = foremost(c).map(|part| c.first(part)).unwrap_or_default();
    let said: Vec<(&Said<'_>, &Row, Whose)> =
        said.into_iter().filter_map(|said| said.best().map(|(row, whose)| (said, row, whose))).collect();
    let own = said.iter().any(|(.., whose)| *whose != Whose::Wider);
    // What people said here, or around here: never both beside each other.
    let shares: Vec<Block> = said
        .iter()
        .filter(|(.., whose)| (*whose != Whose::Wider) == own)
        .filter_map(|(said, row, _)| share(c, said, row))
        .take(SAID)
        .map(Block::Pictured)
        .collect();
    let wider = said.iter().find(|(.., whose)| *whose == Whose::Wider).filter(|_| !own);
    if shares.is_empty() {
        blocks.push(told("count-me", w.t("poster_nothing")));
    } else {
        if wider.is_some() {
            blocks.push(told("count-me", w.t("poster_few")));
        }
        let heading = match wider {
            Some((_, row, _)) => w.with("poster_said_wider", &[("place", &c.within(row))]),
            None => w.t("poster_said").to_owned(),
        };
        blocks.push(Block::Heading { text: heading });
        blocks.extend(shares);
    }
    blocks.push(Block::Heading { text: w.t("poster_did").to_owned() });
    let done = done(c);
    if done.is_empty() {
        blocks.push(told("light-bulb", w.t("poster_not_yet")));
    }
    blocks.extend(done.iter().map(|deed| told("tick", deed)));
    blocks.push(told("star", w.t("poster_thanks")));
    Document {
        title: w.t("poster_title").to_owned(),
        subtitle: format!("{}. {}", c.here(), c.period(c.m.period)),
        language: w.language.code().to_owned(),
        facts: Vec::new(),
        summary: blocks,
        sections: Vec::new(),
    }
}

/// Words with a picture beside them.
fn told(picture: &str, words: &str) -> Block {
    Block::Pictured(Pictured { picture: picture.to_owned(), large: String::new(), words: words.to_owned() })
}

/// “More than 9 in 10” large, and below it “people said they see other people more because of their support.”, with the picture of the question.
fn share(c: &Composer<'_>, said: &Said<'_>, row: &Row) -> Option<Pictured> {
    if !said.definition.asks_a_person() || !(is_shown(row) || row.band.is_some()) {
        return None;
    }
    let (large, words) = c.headline_apart(said, row)?;
    let picture = said.item().and_then(|item| item.picture.as_ref()).map(|picture| picture.symbol.clone());
    Some(Pictured { picture: picture.unwrap_or_else(|| "speech-bubble".to_owned()), large, words })
}
