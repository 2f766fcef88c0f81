//! What people were asked, and how a report is to be read.

use std::collections::BTreeSet;

use super::composer::{Composer, Part};
use super::said::named;
use crate::domain::definition::STANDARD;
use crate::domain::report::document::Block;

/// The questions behind the figures, word for word.
pub(super) fn asked(c: &Composer<'_>, part: &Part<'_>) -> Vec<Block> {
    let w = c.w;
    if part.said.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        Block::Paragraph { text: w.t("asked_lead").to_owned() },
        Block::Paragraph { text: w.t("asked_ways").to_owned() },
    ];
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for said in &part.said {
        let heading = named(c, "respondent", &said.definition.respondent);
        for id in said.entry.rule.items() {
            if !seen.insert((&said.definition.id, id)) {
                continue;
            }
            let Some((_, item)) = said.definition.item(id) else { continue };
            let question = said.definition.say(&item.text, STANDARD, w.language.code());
            let answers: Vec<String> = item
                .kind
                .choices()
                .iter()
                .map(|o| said.definition.say(&o.text, STANDARD, w.language.code()))
                .collect();
            let line = if answers.is_empty() {
                w.with("asked_question_only", &[("question", &question)])
            } else {
                let answers = answers.iter().map(|a| a.trim_end_matches('.')).collect::<Vec<_>>();
                let answers = answers.join(w.t("list_separator"));
                w.with("asked_question", &[("question", &question), ("answers", &answers)])
            };
            match lists.last_mut() {
                Some((known, lines)) if *known == heading => lines.push(line),
                _ => lists.push((heading.clone(), vec![line])),
            }
        }
    }
    let several = lists.len() > 1;
    for (heading, items) in lists {
        if several {
            blocks.push(Block::Heading { text: heading });
        }
        blocks.push(Block::List { items });
    }
    blocks
}

/// What the figures say and what they do not.
pub(super) fn reading(c: &Composer<'_>) -> Vec<Block> {
    let w = c.w;
    let said = || c.parts.iter().flat_map(|part| &part.said);
    let mut keys = Vec::new();
    if said().any(|said| said.is_attribution()) {
        keys.push("reading_attribution");
    }
    keys.extend([
        "reading_level",
        "reading_cause",
        "reading_silent",
        "reading_once",
        "reading_interval",
        "reading_words",
        "reading_hidden",
    ]);
    let mut items: Vec<String> = keys.into_iter().map(|key| w.t(key).to_owned()).collect();
    let series: BTreeSet<&str> = said().map(|said| said.entry.series.as_str()).collect();
    if !series.is_empty() {
        let series = series.into_iter().collect::<Vec<_>>().join(", ");
        items.push(w.with("reading_series", &[("series", &series)]));
    }
    items.push(w.t("reading_translation").to_owned());
    vec![Block::List { items }]
}
