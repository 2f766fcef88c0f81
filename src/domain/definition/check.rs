//! What has to fit together inside one file: ids, languages and renditions, placeholders, reading limits, routing, indicators.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Breakdown, Indicator, Statistic};
use super::entry::{IndicatorEntry, Rule};
use super::questionnaire::Definition;
use super::texts::{EASY_READ, ENGLISH, STANDARD, Texts, Title, placeholders, sentence_lengths};
use crate::domain::fault::{At, Faults};
use crate::domain::question::{Item, Kind};
use crate::domain::routing::Condition;
use crate::domain::scoring::scale;

/// The longest easy-read sentence, in words.
pub(super) const LONGEST_SENTENCE: usize = 15;
/// Scaled scores stay below this, so that sums of squares over ten million people fit 64 bits.
const LARGEST_SCALED: i64 = 900_000;

/// What a file claims about its texts.
pub(super) struct Claims<'a> {
    pub(super) languages: &'a [String],
    pub(super) renditions: &'a [String],
    /// Words for placeholders; `None` where placeholders are left open (instruments).
    pub(super) words: Option<&'a BTreeMap<String, Texts>>,
}

/// Checks the claims themselves.
pub(super) fn check_claims(claims: &Claims<'_>, faults: &Faults) {
    if !claims.languages.iter().any(|l| l == ENGLISH) {
        faults.add(&At::ROOT.key("languages"), "missing-language", "English (“en”) is always one of the languages.");
    }
    let renditions = At::ROOT.key("renditions");
    if !claims.renditions.iter().any(|r| r == STANDARD) {
        faults.add(&renditions, "missing-rendition", "“standard” is always one of the renditions.");
    }
    for rendition in claims.renditions.iter().filter(|r| ![STANDARD, EASY_READ].contains(&r.as_str())) {
        faults.add(&renditions, "unknown-code", format!("“{rendition}” is not a rendition; there are standard and easy-read."));
    }
    if let Some(words) = claims.words {
        for (name, texts) in words {
            let at = At::ROOT.key("words");
            check_texts(texts, &at.key(name), claims, claims.renditions, faults);
        }
    }
}

/// Checks the items of a questionnaire or an instrument: ids, texts and reading limits.
pub(super) fn check_items(items: &[Item], claims: &Claims<'_>, faults: &Faults) {
    let list = At::ROOT.key("items");
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let at = list.index(index);
        if !item.id.is_empty() && !seen.insert(item.id.as_str()) {
            faults.add(&at.key("id"), "repeated", format!("The item “{}” stands here twice.", item.id));
        }
        let renditions = item.renditions.as_deref().unwrap_or(claims.renditions);
        for rendition in renditions.iter().filter(|r| !claims.renditions.contains(r)) {
            faults.add(&at.key("renditions"), "unclaimed-rendition", format!("The file does not claim “{rendition}”."));
        }
        if item.renditions.as_ref().is_some_and(|r| !r.iter().any(|r| r == STANDARD)) {
            faults.add(&at.key("renditions"), "missing-rendition", "“standard” is always one of the renditions.");
        }
        item.each_text(&at, |texts, text_at| check_texts(texts, text_at, claims, renditions, faults));
        item.each_alt(&at, |alt, alt_at| check_title(alt, alt_at, claims.languages, faults));
    }
}

/// Checks that a title has each language and no other. That English or everything is missing was reported by its own reading.
pub(super) fn check_title(title: &Title, at: &At<'_>, languages: &[String], faults: &Faults) {
    if title.0.is_empty() {
        return;
    }
    for language in languages.iter().filter(|l| *l != ENGLISH && !title.0.contains_key(*l)) {
        faults.add(at, "missing-language", format!("The language “{language}” is missing."));
    }
    for language in title.0.keys().filter(|l| !languages.contains(l)) {
        faults.add(&at.key(language), "unclaimed-language", format!("“{language}” is not claimed by the file."));
    }
}

/// Checks that a text has each rendition and language, and that easy-read sentences are short.
pub(super) fn check_texts(texts: &Texts, at: &At<'_>, claims: &Claims<'_>, renditions: &[String], faults: &Faults) {
    if texts.0.is_empty() {
        return; // its own reading reported it
    }
    for rendition in renditions {
        let Some(by_language) = texts.0.get(rendition) else {
            faults.add(at, "missing-rendition", format!("The rendition “{rendition}” is missing."));
            continue;
        };
        for language in claims.languages.iter().filter(|l| !by_language.contains_key(*l)) {
            faults.add(&at.key(rendition), "missing-language", format!("The language “{language}” is missing."));
        }
    }
    for (rendition, language, words) in texts.all() {
        let rendition_at = at.key(rendition);
        if !renditions.iter().any(|r| r == rendition) {
            faults.add(&rendition_at, "unclaimed-rendition", format!("“{rendition}” is not claimed here."));
        }
        if !claims.languages.iter().any(|l| l == language) {
            faults.add(&rendition_at.key(language), "unclaimed-language", format!("“{language}” is not claimed by the file."));
        }
        check_words(words, rendition, language, &rendition_at.key(language), claims, faults);
    }
}

fn check_words(words: &str, rendition: &str, language: &str, at: &At<'_>, claims: &Claims<'_>, faults: &Faults) {
    let mut said = words.to_owned();
    for name in placeholders(words) {
        match claims.words.map(|w| w.get(name)) {
            None => {}
            Some(None) => faults.add(at, "unknown-placeholder", format!("“words” says nothing for “{{{name}}}”.")),
            Some(Some(texts)) => said = said.replace(&format!("{{{name}}}"), texts.get(rendition, language)),
        }
    }
    if rendition == EASY_READ {
        for (sentence, length) in sentence_lengths(&said) {
            if length > LONGEST_SENTENCE {
                faults.add(at, "long-sentence", format!("{length} words in “{sentence}”; an easy-read sentence has at most {LONGEST_SENTENCE}."));
            }
        }
    }
}

/// Checks what belongs to questionnaires only: consent, routing, indicators.
pub(super) fn check_questionnaire(definition: &Definition, indicators: &[Indicator], breakdowns: &[Breakdown], faults: &Faults) {
    let claims = Claims { languages: &definition.languages, renditions: &definition.renditions, words: Some(&definition.words) };
    let consent = At::ROOT.key("consent");
    check_texts(&definition.consent.text, &consent.key("text"), &claims, &definition.renditions, faults);
    check_title(&definition.title, &At::ROOT.key("title"), &definition.languages, faults);
    let list = At::ROOT.key("items");
    for (index, item) in definition.items.iter().enumerate() {
        if let Some(condition) = &item.ask_if {
            let item_at = list.index(index);
            check_condition(condition, index, definition, breakdowns, &item_at.key("ask_if"), faults);
        }
    }
    if !definition.items.iter().any(Item::is_question) {
        faults.add(&list, "no-questions", "At least one item takes an answer.");
    }
    let list = At::ROOT.key("indicators");
    let mut seen = BTreeSet::new();
    for (index, entry) in definition.indicators.iter().enumerate() {
        let at = list.index(index);
        if !seen.insert((entry.indicator.as_str(), entry.series.as_str())) {
            faults.add(&at.key("indicator"), "repeated", format!("“{}” is made twice in the series {}.", entry.indicator, entry.series));
        }
        check_entry(entry, definition, indicators, &at, faults);
    }
}

fn check_condition(condition: &Condition, index: usize, definition: &Definition, breakdowns: &[Breakdown], at: &At<'_>, faults: &Faults) {
    let earlier = |id: &str| match definition.item(id) {
        Some((position, item)) if position < index => Some(item),
        Some(_) => {
            faults.add(at, "routing-not-earlier", format!("“{id}” comes later; a condition looks at earlier items only."));
            None
        }
        None => {
            faults.add(at, "unknown-item", format!("There is no item “{id}”."));
            None
        }
    };
    condition.each(&mut |simple| match simple {
        Condition::AnyOf { item, any_of } => {
            let Some(found) = earlier(item) else { return };
            for code in any_of {
                let fits = match &found.kind {
                    Kind::Count(range) | Kind::Scale(range) => code.parse().is_ok_and(|n: i64| range.min <= n && n <= range.max),
                    _ => found.codes().contains(&code.as_str()),
                };
                if !fits {
                    faults.add(at, "unknown-option", format!("“{item}” has no answer “{code}”."));
                }
            }
        }
        Condition::AtLeast { item, .. } => {
            if earlier(item).is_some_and(|found| found.kind.number().is_none()) {
                faults.add(at, "wrong-kind", format!("“{item}” takes no number, so “at_least” cannot look at it."));
            }
        }
        Condition::About { about, any_of } => match breakdowns.iter().find(|b| &b.id == about) {
            None => faults.add(at, "unknown-breakdown", format!("There is no breakdown “{about}”.")),
            Some(breakdown) => {
                for code in any_of.iter().filter(|c| !breakdown.values.contains(c)) {
                    faults.add(at, "unknown-option", format!("The breakdown “{about}” has no value “{code}”."));
                }
            }
        },
        Condition::All(_) | Condition::Any(_) => {}
    });
}

fn check_entry(entry: &IndicatorEntry, definition: &Definition, indicators: &[Indicator], at: &At<'_>, faults: &Faults) {
    let indicator = indicators.iter().find(|i| i.id == entry.indicator);
    match indicator {
        None if entry.indicator.is_empty() => return,
        None => faults.add(&at.key("indicator"), "unknown-indicator", format!("“{}” is not in indicators.json.", entry.indicator)),
        Some(indicator) if !indicator.models.is_empty() && !indicator.models.contains(&definition.model) => {
            faults.add(&at.key("indicator"), "wrong-model", format!("“{}” is not for {}.", entry.indicator, definition.model.code()));
        }
        Some(_) => {}
    }
    let mut items = Vec::new();
    for id in entry.rule.items() {
        match definition.item(id) {
            Some((_, item)) => items.push(item),
            None if id.is_empty() => {}
            None => faults.add(at, "unknown-item", format!("There is no item “{id}”.")),
        }
    }
    let attribution = indicator.is_some_and(|i| i.statistic == Statistic::Attribution);
    match (&entry.rule, items.as_slice()) {
        (Rule::Share { positive, base, .. }, [item]) => check_share(positive, base, item, entry.change, attribution, at, faults),
        (Rule::Bands { .. }, [item]) => {
            if item.codes().is_empty() || matches!(item.kind, Kind::Multiple(_)) {
                faults.add(&at.key("item"), "wrong-kind", format!("“{}” has neither options nor bands to spread over.", item.id));
            }
        }
        (Rule::Mean { items: ids, reverse, min_answered } | Rule::Sum { items: ids, reverse, min_answered, .. }, _) => {
            if let Some(id) = reverse.iter().find(|id| !ids.contains(id)) {
                faults.add(&at.key("reverse"), "unknown-item", format!("“{id}” is not one of the items of this rule."));
            }
            if min_answered.is_some_and(|least| least > ids.len()) {
                faults.add(&at.key("min_answered"), "out-of-range", "“min_answered” is more than there are items.");
            }
            let (mut total, mut greatest) = (0_i64, 0);
            for item in &items {
                match item.number_range() {
                    Some((min, max)) => {
                        let size = min.abs().max(max.abs());
                        (total, greatest) = (total + size, greatest.max(size));
                    }
                    None => faults.add(&at.key("items"), "no-number", format!("“{}” needs a range, or a score on every option.", item.id)),
                }
            }
            // The largest scaled amount of one person. With `min_answered` the greatest item may stand for all the others.
            let times = if matches!(entry.rule, Rule::Sum { .. }) { i64::try_from(ids.len()).unwrap_or(i64::MAX) } else { 1 };
            let largest = match min_answered {
                None => total,
                Some(_) => scale(&entry.rule).saturating_mul(greatest).saturating_mul(times),
            };
            if largest > LARGEST_SCALED {
                faults.add(&at.key("items"), "too-fine", "Too many items, or too large numbers, to be summed exactly.");
            }
        }
        (Rule::Ratio { .. }, _) => {
            for item in items.iter().filter(|i| !matches!(i.kind, Kind::Count(_))) {
                faults.add(&at.key("items"), "wrong-kind", format!("A ratio is of two counts; “{}” is not one.", item.id));
            }
        }
        _ => {}
    }
    if entry.change && matches!(entry.rule, Rule::Ratio { .. }) {
        faults.add(&at.key("change"), "no-change-of-ratio", "The change of a ratio is not counted.");
    }
}

fn check_share(positive: &[String], base: &[String], item: &Item, change: bool, attribution: bool, at: &At<'_>, faults: &Faults) {
    let codes = item.codes();
    if codes.is_empty() || matches!(item.kind, Kind::Multiple(_)) {
        faults.add(&at.key("item"), "wrong-kind", format!("“{}” has neither options nor bands to share out.", item.id));
        return;
    }
    for code in base.iter().filter(|c| !codes.contains(&c.as_str())) {
        faults.add(&at.key("base"), "unknown-option", format!("“{}” has no answer “{code}”.", item.id));
    }
    for code in positive.iter().filter(|c| !base.contains(c)) {
        faults.add(&at.key("positive"), "positive-outside-base", format!("“{code}” is positive but not in the base."));
    }
    if positive.len() == base.len() && !base.is_empty() {
        faults.add(&at.key("positive"), "all-positive", "Every answer in the base is positive: the share could only be 100%.");
    }
    let scores: BTreeMap<&str, Option<i64>> = item.kind.choices().iter().map(|o| (o.code.as_str(), o.score)).collect();
    let scored = |code: &String| scores.get(code.as_str()).is_none_or(|s| s.is_some());
    if change && !base.iter().all(scored) {
        faults.add(&at.key("change"), "no-number", format!("Change needs a score on every option of “{}” in the base.", item.id));
    }
    if attribution {
        if base.len() < codes.len() {
            faults.add(&at.key("base"), "base-leaves-out-answers", "“Worse” and “no difference” always stay in the base.");
        }
        if !(scores.values().any(|s| s.is_some_and(|s| s < 0)) && scores.values().any(|s| *s == Some(0))) {
            faults.add(at, "worse-not-asked", format!("“{}” must offer “worse” (score below 0) and “no difference” (score 0).", item.id));
        }
    }
}
