//! The exact words that were asked, by version of the questionnaire, and which answers count.

use serde::{Deserialize, Serialize};

use crate::domain::definition::{Definition, IndicatorEntry, Registry, Rule, Status};
use crate::domain::question::Item;

/// Words that were asked in one or several versions of a questionnaire.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wording {
    /// The questionnaire.
    pub questionnaire: String,
    /// Its title.
    pub title: String,
    /// The versions that ask in these words, oldest first.
    pub versions: Vec<String>,
    /// SHA-256 of each version's file as it was published, in the same order.
    pub digests: Vec<String>,
    /// The questions, in English: one, unless the figure is made from several.
    pub questions: Vec<AskedAs>,
    /// Whether answers that somebody gave for a person count.
    pub proxies_count: bool,
}

/// A question and its answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AskedAs {
    /// The item's id.
    pub item: String,
    /// Its words in the standard rendition.
    pub words: String,
    /// Its words in easy read, where there are such.
    pub easy_read: Option<String>,
    /// The answers that were offered.
    pub answers: Vec<Offered>,
}

/// An answer that was offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offered {
    /// Its code in figures.
    pub code: String,
    /// Its words.
    pub words: String,
    /// Whether it is what the claim says.
    pub positive: bool,
    /// Whether it is in the base.
    pub in_base: bool,
}

/// Every wording behind an indicator of a model in one series: versions with the same words together.
pub fn wordings(registry: &Registry, model: &str, indicator: &str, series: &str) -> Vec<Wording> {
    let mut found: Vec<Wording> = Vec::new();
    for (definition, entry) in entries(registry, model, indicator, series) {
        let version = definition.version.to_string();
        let digest =
            registry.file(&definition.id, definition.version).map_or_else(String::new, |f| f.digest.clone());
        let this = wording(definition, entry);
        let same = |w: &&mut Wording| {
            (&w.questionnaire, &w.questions, w.proxies_count)
                == (&this.questionnaire, &this.questions, this.proxies_count)
        };
        match found.iter_mut().find(same) {
            Some(known) => {
                known.versions.push(version);
                known.digests.push(digest);
            }
            None => found.push(Wording { versions: vec![version], digests: vec![digest], ..this }),
        }
    }
    found
}

/// The entries behind a figure, in every version that takes or took answers.
pub(super) fn entries<'r>(
    registry: &'r Registry,
    model: &str,
    indicator: &str,
    series: &str,
) -> impl Iterator<Item = (&'r Definition, &'r IndicatorEntry)> {
    registry
        .definitions()
        .filter(move |d| d.model.code() == model && d.status != Status::Draft)
        .flat_map(|d| d.indicators.iter().map(move |entry| (&**d, entry)))
        .filter(move |(_, entry)| entry.indicator == indicator && entry.series == series)
}

fn wording(definition: &Definition, entry: &IndicatorEntry) -> Wording {
    let items = entry.rule.items().into_iter().filter_map(|id| definition.item(id));
    Wording {
        questionnaire: definition.id.clone(),
        title: definition.title.get("en").to_owned(),
        questions: items.map(|(_, item)| asked_as(definition, item, &entry.rule)).collect(),
        proxies_count: entry.include_proxy,
        ..Wording::default()
    }
}

fn asked_as(definition: &Definition, item: &Item, rule: &Rule) -> AskedAs {
    let (positive, base): (&[String], &[String]) = match rule {
        Rule::Share { positive, base, .. } => (positive, base),
        _ => (&[], &[]),
    };
    // Of a figure made from several questions every answer counts, and none is what the claim says.
    let everything = base.is_empty();
    let offered = |code: &str| Offered {
        code: code.to_owned(),
        words: answer_words(definition, item, code),
        positive: positive.iter().any(|c| c == code),
        in_base: everything || base.iter().any(|c| c == code),
    };
    let words = definition.say(&item.text, "standard", "en");
    let easy = item.text.0.contains_key("easy-read").then(|| definition.say(&item.text, "easy-read", "en"));
    AskedAs {
        item: item.id.clone(),
        easy_read: easy.filter(|easy| *easy != words),
        words,
        answers: item.codes().into_iter().map(offered).collect(),
    }
}

/// What an answer (an option or a band) is called.
fn answer_words(definition: &Definition, item: &Item, code: &str) -> String {
    let option = item.kind.choices().iter().find(|o| o.code == code).map(|o| &o.text);
    let band = || item.kind.number()?.bands.iter().find(|b| b.code == code).map(|b| &b.text);
    option.or_else(band).map_or_else(|| code.to_owned(), |text| definition.say(text, "standard", "en"))
}
