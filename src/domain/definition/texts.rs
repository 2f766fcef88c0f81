//! Words in several renditions and languages.

use std::collections::BTreeMap;

use crate::domain::reader::Field;

/// The rendition every text has.
pub const STANDARD: &str = "standard";
/// The rendition in short plain sentences with pictures.
pub const EASY_READ: &str = "easy-read";
/// The language every text has.
pub const ENGLISH: &str = "en";

/// `{rendition: {language: words}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(pub BTreeMap<String, BTreeMap<String, String>>);

/// `{language: words}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Title(pub BTreeMap<String, String>);

impl Title {
    /// The words in `language`, else in English, else nothing.
    pub fn get(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get(ENGLISH)).map_or("", String::as_str)
    }

    /// Reads a title.
    pub fn read(field: Field<'_>) -> Self {
        let mut words = BTreeMap::new();
        if let Some(object) = field.object() {
            for (language, text) in object.entries() {
                if let Some(text) = text.words() {
                    words.insert(language.to_owned(), text.to_owned());
                }
            }
            if !words.contains_key(ENGLISH) {
                object.fault("missing-language", "English (“en”) is missing.");
            }
        }
        Self(words)
    }
}

impl Texts {
    /// The words in `rendition` and `language`, falling back to the standard rendition and to English.
    pub fn get(&self, rendition: &str, language: &str) -> &str {
        let by_language = self.0.get(rendition).or_else(|| self.0.get(STANDARD));
        by_language.and_then(|l| l.get(language).or_else(|| l.get(ENGLISH))).map_or("", String::as_str)
    }

    /// Reads a text; which renditions and languages it needs is checked where the file says what it claims.
    pub fn read(field: Field<'_>) -> Self {
        let mut texts = BTreeMap::new();
        if let Some(object) = field.object() {
            for (rendition, by_language) in object.entries() {
                let mut words = BTreeMap::new();
                if let Some(by_language) = by_language.object() {
                    for (language, text) in by_language.entries() {
                        if let Some(text) = text.words() {
                            words.insert(language.to_owned(), text.to_owned());
                        }
                    }
                }
                texts.insert(rendition.to_owned(), words);
            }
            if texts.is_empty() {
                object.fault("missing-rendition", "The rendition “standard” is missing.");
            }
        }
        Self(texts)
    }

    /// Every text with its rendition and language.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.0.iter().flat_map(|(rendition, by_language)| {
            by_language
                .iter()
                .map(move |(language, words)| (rendition.as_str(), language.as_str(), words.as_str()))
        })
    }
}

/// `said` with the `words` for its placeholders, in a rendition and language.
pub(super) fn fill(said: &str, words: &BTreeMap<String, Texts>, rendition: &str, language: &str) -> String {
    let mut filled = said.to_owned();
    for (name, texts) in words {
        if filled.contains('{') {
            filled = filled.replace(&format!("{{{name}}}"), texts.get(rendition, language));
        }
    }
    filled
}

/// The names between braces in `words`: `{support}` gives `support`.
pub(super) fn placeholders(words: &str) -> Vec<&str> {
    words.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

/// The sentences of `words`, each with its number of words.
pub fn sentence_lengths(words: &str) -> Vec<(&str, usize)> {
    words
        .split(['.', '!', '?', '\n', ':'])
        .map(|sentence| {
            (
                sentence.trim(),
                sentence.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count(),
            )
        })
        .filter(|(_, length)| *length > 0)
        .collect()
}
