//! What every text of a file must have: the languages and renditions it claims, words for its placeholders, short easy-read sentences.

use std::collections::{BTreeMap, BTreeSet};

use super::texts::{EASY_READ, ENGLISH, STANDARD, Texts, Title, placeholders, sentence_lengths};
use crate::domain::fault::{At, Faults};
use crate::domain::question::Item;

/// The longest easy-read sentence, in words.
pub const LONGEST_SENTENCE: usize = 15;

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
        faults.add(
            &At::ROOT.key("languages"),
            "missing-language",
            "English (“en”) is always one of the languages.",
        );
    }
    let renditions = At::ROOT.key("renditions");
    if !claims.renditions.iter().any(|r| r == STANDARD) {
        faults.add(&renditions, "missing-rendition", "“standard” is always one of the renditions.");
    }
    for rendition in claims.renditions.iter().filter(|r| ![STANDARD, EASY_READ].contains(&r.as_str())) {
        faults.add(
            &renditions,
            "unknown-code",
            format!("“{rendition}” is not a rendition; there are standard and easy-read."),
        );
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
            faults.add(
                &at.key("renditions"),
                "unclaimed-rendition",
                format!("The file does not claim “{rendition}”."),
            );
        }
        if item.renditions.as_ref().is_some_and(|r| !r.iter().any(|r| r == STANDARD)) {
            faults.add(
                &at.key("renditions"),
                "missing-rendition",
                "“standard” is always one of the renditions.",
            );
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
        faults.add(
            &at.key(language),
            "unclaimed-language",
            format!("“{language}” is not claimed by the file."),
        );
    }
}

/// Checks that a text has each rendition and language, and that easy-read sentences are short.
pub(super) fn check_texts(
    texts: &Texts,
    at: &At<'_>,
    claims: &Claims<'_>,
    renditions: &[String],
    faults: &Faults,
) {
    if texts.0.is_empty() {
        return; // its own reading reported it
    }
    for rendition in renditions {
        let Some(by_language) = texts.0.get(rendition) else {
            faults.add(at, "missing-rendition", format!("The rendition “{rendition}” is missing."));
            continue;
        };
        for language in claims.languages.iter().filter(|l| !by_language.contains_key(*l)) {
            faults.add(
                &at.key(rendition),
                "missing-language",
                format!("The language “{language}” is missing."),
            );
        }
    }
    for (rendition, language, words) in texts.all() {
        let rendition_at = at.key(rendition);
        if !renditions.iter().any(|r| r == rendition) {
            faults.add(&rendition_at, "unclaimed-rendition", format!("“{rendition}” is not claimed here."));
        }
        if !claims.languages.iter().any(|l| l == language) {
            faults.add(
                &rendition_at.key(language),
                "unclaimed-language",
                format!("“{language}” is not claimed by the file."),
            );
        }
        check_words(words, rendition, language, &rendition_at.key(language), claims, faults);
    }
}

fn check_words(
    words: &str,
    rendition: &str,
    language: &str,
    at: &At<'_>,
    claims: &Claims<'_>,
    faults: &Faults,
) {
    let mut said = words.to_owned();
    for name in placeholders(words) {
        match claims.words.map(|w| w.get(name)) {
            None => {}
            Some(None) => {
                faults.add(at, "unknown-placeholder", format!("“words” says nothing for “{{{name}}}”."))
            }
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
