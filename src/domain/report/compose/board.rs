//! A place at a glance: each Key Human Indicator as a panel of its own, in words first, with all that belongs to it, and what is counted beside.

use super::answers;
use super::beside;
use super::composer::{Composer, Part, Said};
use super::counted;
use super::over_time;
use super::said::{key, named, not_shown};
use super::summary::{asked_of, notes_of_period};
use super::who::{asked_row, helpers};
use super::written::percent;
use crate::domain::definition::Model;
use crate::domain::figures::Row;
use crate::domain::report::chart::Chart;
use crate::domain::report::document::{Block, KeyFigure};
use crate::domain::statement::thousands;

/// One model of a place at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// “Leeds”.
    pub place: String,
    /// The model and the period, in words.
    pub subtitle: String,
    /// What must be known first: a practice scheme, a period that is not over. The page itself says whether all is made up.
    pub notes: Vec<String>,
    /// The models that there is something to say of: the code, and what it is called.
    pub models: Vec<(&'static str, &'static str)>,
    /// The model that is shown; nothing where there is nothing to say of any.
    pub model: Option<&'static str>,
    /// Who was asked, and who answered.
    pub asked: String,
    /// What stands first.
    pub first: Vec<Panel>,
    /// All others, by who answers.
    pub others: Vec<(String, Vec<Panel>)>,
    /// What is not shown, and why.
    pub not_shown: Vec<String>,
    /// What is counted.
    pub counted: Vec<Counted>,
    /// Figures that should be there and are not, by name.
    pub missing: Vec<String>,
    /// What is shown of none here, so that nobody's answer can be told.
    pub hidden: Vec<String>,
    /// From what the places around are taken, and what a comparison with them does not say; nothing where nothing is compared.
    pub beside: Vec<String>,
}

/// All that belongs to one Key Human Indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What addresses call it: one in each board.
    pub id: String,
    /// “More connected because of support”.
    pub title: String,
    /// It in words, its number, and what that rests upon.
    pub key: KeyFigure,
    /// Response rate, who helped, how the same people's answers changed; or why that is not shown.
    pub facts: Vec<String>,
    /// Every answer, the worse ones too: here, else around.
    pub spread: Option<Chart>,
    /// The figure over time, with breaks where it was worded anew.
    pub over_time: Option<Chart>,
    /// The place beside those that it lies in.
    pub beside: Option<Chart>,
    /// Each of them with the difference in words.
    pub differences: Vec<String>,
}

/// A figure that is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// “People supported in Shared Lives”.
    pub title: String,
    /// “321 people”.
    pub value: String,
    /// “3 of 4 returns”; nothing where all are there.
    pub base: String,
}

/// The board of a model; of the one with most answers if none is asked for, or nothing is said of the one that is.
pub(super) fn board(c: &Composer<'_>, model: Option<Model>) -> Board {
    let (m, w) = (c.m, c.w);
    let asked_for = c.parts.iter().find(|part| model.is_some() && part.model == model);
    let part = asked_for.or_else(|| super::summary::foremost(c)).or_else(|| c.parts.first());
    let title = part.map(|part| c.model_title(part.model)).unwrap_or_default();
    let mut board = Board {
        place: c.here(),
        subtitle: w.with("subtitle", &[("models", title), ("period", &c.period(m.period))]),
        notes: notes_of_period(c),
        models: c.parts.iter().filter_map(|p| Some((p.model?.code(), c.model_title(p.model)))).collect(),
        model: part.and_then(|part| part.model).map(Model::code),
        asked: w.t("asked_none").to_owned(),
        first: Vec::new(),
        others: Vec::new(),
        not_shown: Vec::new(),
        counted: Vec::new(),
        missing: Vec::new(),
        hidden: Vec::new(),
        beside: Vec::new(),
    };
    let Some(part) = part else { return board };
    board.asked = asked_of(c, part);
    let first = c.first(part);
    board.first = first.iter().filter_map(|said| panel(c, part, said)).collect();
    for said in &part.said {
        if first.iter().any(|f| std::ptr::eq(*f, said)) {
            continue;
        }
        let Some(panel) = panel(c, part, said) else { continue };
        let who = named(c, "said", &said.definition.respondent);
        match board.others.iter_mut().find(|(known, _)| *known == who) {
            Some((_, panels)) => panels.push(panel),
            None => board.others.push((who, vec![panel])),
        }
    }
    let note = |block: Block| if let Block::Note { text } = block { Some(text) } else { None };
    board.not_shown = not_shown(c, part).into_iter().filter_map(note).collect();
    board.counted = part.kpis.iter().filter_map(|figure| counted::one(c, figure)).collect();
    let missing = part.kpis.iter().filter(|figure| figure.value.is_none() && figure.status == "missing");
    board.missing = missing.map(|figure| counted::title(c, figure).to_owned()).collect();
    let panels = || board.first.iter().chain(board.others.iter().flat_map(|(_, panels)| panels));
    let compared = panels().any(|panel| panel.beside.is_some());
    board.hidden = hidden(c, part);
    board.beside = if compared { beside::notes(c) } else { Vec::new() };
    board
}

/// The panel of one thing; nothing where nothing can be said of it, here or around.
fn panel(c: &Composer<'_>, part: &Part<'_>, said: &Said<'_>) -> Option<Panel> {
    let around = || {
        let row = said.wider.iter().copied().find(|row| row.distribution.is_some())?;
        answers::of_one(c, part, said, row, Some(&c.place_of(row)))
    };
    let spread = said.own.and_then(|row| answers::of_one(c, part, said, row, None)).or_else(around);
    Some(Panel {
        id: format!("{}-{}", said.definition.id, said.entry.indicator),
        title: c.title(said),
        key: key(c, said)?,
        facts: facts(c, part, said),
        spread,
        over_time: over_time::chart(c, part, said),
        beside: beside::chart(c, part, said),
        differences: beside::in_words(c, said),
    })
}

/// What is shown of nothing here although it is asked: every answer, and who helped.
fn hidden(c: &Composer<'_>, part: &Part<'_>) -> Vec<String> {
    let own: Vec<&Row> = part.said.iter().filter_map(|said| said.own).collect();
    let mut hidden = Vec::new();
    if own.is_empty() {
        return hidden;
    }
    if own.iter().all(|row| row.distribution.is_none()) {
        hidden.push(c.w.t("answers_hidden").to_owned());
    }
    if own.iter().all(|row| row.completed_by.is_none()) {
        hidden.push(c.w.t("who_hidden").to_owned());
    }
    hidden
}

/// What the place's own figure rests upon, beyond its base.
fn facts(c: &Composer<'_>, part: &Part<'_>, said: &Said<'_>) -> Vec<String> {
    let w = c.w;
    let Some(row) = said.own else { return Vec::new() };
    let mut facts = Vec::new();
    let rate = row
        .response_rate
        .or_else(|| asked_row(part, &said.definition.respondent).and_then(|row| row.response_rate));
    facts.extend(rate.map(|rate| w.with("board_rate", &[("rate", &percent(rate))])));
    if !said.definition.asks_at_work() {
        facts.extend(helpers(c, row));
    }
    facts.extend(said.entry.change.then(|| changed(c, row)).flatten());
    facts
}

/// How the same people's answers changed, in a sentence; nothing where none was asked before.
fn changed(c: &Composer<'_>, row: &Row) -> Option<String> {
    let change = row.change.as_ref().filter(|change| change.pairs > 0)?;
    let (Some(improved), Some(worse)) = (change.improved, change.worse) else {
        let (pairs, same) = (thousands(change.pairs), thousands(change.same));
        return Some(c.w.with("board_change_plain", &[("pairs", &pairs), ("same", &same)]));
    };
    let values = [
        ("pairs", thousands(change.pairs)),
        ("improved", thousands(improved)),
        ("same", thousands(change.same)),
        ("worse", thousands(worse)),
        ("lost", thousands(change.lost)),
    ];
    Some(c.w.made("board_change", &values))
}
