//! What a report says: from rows that may be shown to whoever reads it, and from nothing else, in English or Welsh.
//!
//! Every number is one of a row, follows from one (a percentage of a distribution, a difference with its interval), or is a rule that is
//! named (how many people a figure needs). Who may read which rows is decided before: here nothing is hidden and nothing found.

mod answers;
mod beside;
mod board;
mod change;
mod composer;
mod counted;
mod evidence;
mod material;
mod over_time;
mod poster;
mod reading;
mod said;
mod sector;
mod small;
mod summary;
mod who;
mod words;
mod written;

use crate::domain::definition::Model;
use crate::domain::disclosure::Policy;

use super::document::{Block, Document, Fact, Section};
use composer::{Composer, Part};

pub use board::{Board, Counted, Panel};
pub use material::{Beside, KpiFigure, MadeFrom, Material, Published};
pub use sector::{ARRANGEMENTS, PEOPLE, Restated, Sector, growing, spoken_of};
pub use words::{Language, Words};

/// The whole report.
pub fn compose(material: &Material<'_>, language: Language) -> Document {
    let composer = Composer::of(material, language);
    let mut document = first_page(&composer);
    document.sections = sections(&composer);
    document
}

/// Its first page alone, which says all that a commissioner needs.
pub fn compose_summary(material: &Material<'_>, language: Language) -> Document {
    first_page(&Composer::of(material, language))
}

/// The same figures under the headings of whoever inspects the place.
pub fn compose_evidence(material: &Material<'_>, language: Language) -> Document {
    evidence::evidence(&Composer::of(material, language))
}

/// A poster for those who answered: you said, we did.
pub fn compose_poster(material: &Material<'_>, language: Language) -> Document {
    poster::poster(&Composer::of(material, language))
}

/// One model of the place at a glance; of the one with most answers if none is asked for.
pub fn compose_board(material: &Material<'_>, language: Language, model: Option<Model>) -> Board {
    board::board(&Composer::of(material, language), model)
}

/// The state of the sector: how it grows, nation by nation.
pub fn compose_sector(material: &Material<'_>, language: Language) -> Document {
    sector::state(&Composer::of(material, language))
}

/// The models that a report speaks of.
fn model_titles(composer: &Composer<'_>) -> String {
    let titles: Vec<&str> = composer.parts.iter().map(|part| composer.model_title(part.model)).collect();
    titles.join(", ")
}

fn first_page(composer: &Composer<'_>) -> Document {
    let (m, w) = (composer.m, composer.w);
    let models = model_titles(composer);
    let period = composer.period(m.period);
    Document {
        title: w.with("title", &[("place", &composer.here())]),
        subtitle: w.with("subtitle", &[("models", &models), ("period", &period)]),
        language: w.language.code().to_owned(),
        facts: facts(composer, &models, period.clone()),
        summary: summary::summary(composer),
        sections: Vec::new(),
    }
}

fn facts(composer: &Composer<'_>, models: &str, period: String) -> Vec<Fact> {
    let (m, w) = (composer.m, composer.w);
    let fact = |name: &'static str, text: String| Fact { name: w.t(name).to_owned(), text };
    let (made_from, base) = match &m.made_from {
        MadeFrom::Shown { on } => (
            w.with("from_shown", &[("day", &w.day(*on))]),
            w.with("base_ten", &[("base", &m.base.to_string())]),
        ),
        MadeFrom::Release(release) => (
            w.with(
                "from_release",
                &[("number", &release.number.to_string()), ("day", &w.day(release.published_on))],
            ),
            w.with(
                "base_release",
                &[("base", &m.base.to_string()), ("side", &Policy::default().least_each_side.to_string())],
            ),
        ),
    };
    let mut facts = vec![
        fact("fact_place", composer.here()),
        fact("fact_level", w.t(&format!("level_{}", m.place.level.code())).to_owned()),
        fact("fact_models", models.to_owned()),
        fact("fact_period", period),
        fact("fact_made_from", made_from),
    ];
    if let Some(beside) = &m.beside
        && let MadeFrom::Shown { .. } = m.made_from
    {
        let release = &beside.release;
        let text = w.with(
            "beside_release",
            &[
                ("number", &release.number.to_string()),
                ("period", &composer.period_named(&release.period)),
                ("day", &w.day(release.published_on)),
            ],
        );
        facts.push(fact("fact_beside", text));
    }
    facts.push(fact("fact_base", base));
    facts.push(fact("fact_program", format!("khi {}", env!("CARGO_PKG_VERSION"))));
    facts.push(fact("fact_language", w.t("language").to_owned()));
    facts
}

/// A part of what is said of a model: what addresses call it, its heading, and what stands in it.
struct Piece {
    id: &'static str,
    title: &'static str,
    blocks: Vec<Block>,
}

/// The sections: of one model each part is one; of several models each model is one, with its parts under headings.
fn sections(composer: &Composer<'_>) -> Vec<Section> {
    let w = composer.w;
    let mut sections = Vec::new();
    let alone = composer.parts.len() == 1;
    for part in &composer.parts {
        let pieces = pieces(composer, part);
        if alone {
            sections.extend(pieces.into_iter().map(|piece| Section {
                id: piece.id.to_owned(),
                title: w.t(piece.title).to_owned(),
                blocks: piece.blocks,
            }));
            continue;
        }
        let mut blocks = Vec::new();
        for piece in pieces {
            blocks.push(Block::Heading { text: w.t(piece.title).to_owned() });
            blocks.extend(piece.blocks);
        }
        if !blocks.is_empty() {
            let (id, title) = match part.model {
                Some(model) => (model.code(), composer.model_title(Some(model))),
                None => ("areas", composer.model_title(None)),
            };
            sections.push(Section { id: id.to_owned(), title: title.to_owned(), blocks });
        }
    }
    sections.push(Section {
        id: "reading".to_owned(),
        title: w.t("section_reading").to_owned(),
        blocks: reading::reading(composer),
    });
    sections
}

fn pieces(composer: &Composer<'_>, part: &Part<'_>) -> Vec<Piece> {
    let piece = |id, title, blocks| Piece { id, title, blocks };
    let all = vec![
        piece("said", "section_said", said::said(composer, part)),
        piece("answers", "section_answers", answers::answers(composer, part)),
        piece("who", "section_who", who::who(composer, part)),
        piece("change", "section_change", change::change(composer, part)),
        piece("over-time", "section_over_time", over_time::over_time(composer, part)),
        piece("beside", "section_beside", beside::beside(composer, part)),
        piece("counted", "section_counted", counted::counted(composer, part)),
        piece("asked", "section_asked", reading::asked(composer, part)),
    ];
    all.into_iter().filter(|piece| !piece.blocks.is_empty()).collect()
}
