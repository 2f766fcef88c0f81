//! The survey pages' own words, in each rendition and language, from `words/survey.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::domain::definition::{EASY_READ, ENGLISH, STANDARD};
use crate::mail::words::{self, Language};

/// The file: a key's words by language, or by rendition and language.
const FILE: &str = include_str!("words/survey.json");

type ByLanguage = BTreeMap<String, String>;

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Entry {
    ByRendition(BTreeMap<String, ByLanguage>),
    ForAll(ByLanguage),
}

/// Every word in one rendition and language.
type Table = BTreeMap<String, String>;

static TABLES: LazyLock<BTreeMap<(&str, &str), Table>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    let file: BTreeMap<String, Entry> = serde_json::from_str(FILE).expect("survey.json can be read");
    let mut tables = BTreeMap::new();
    for rendition in [EASY_READ, STANDARD] {
        for language in [ENGLISH, WELSH] {
            let words = |entry: &Entry| {
                let by_language = match entry {
                    Entry::ForAll(by_language) => by_language,
                    Entry::ByRendition(by_rendition) => by_rendition.get(rendition)?,
                };
                by_language
                    .get(language)
                    .filter(|w| !w.is_empty())
                    .or_else(|| by_language.get(ENGLISH))
                    .cloned()
            };
            let table: Table = file.iter().filter_map(|(key, e)| Some((key.clone(), words(e)?))).collect();
            tables.insert((rendition, language), table);
        }
    }
    tables
});

/// Welsh.
pub(super) const WELSH: &str = "cy";

/// The words in one rendition and language. A questionnaire in a language that the pages do not have gets English around it.
#[derive(Clone, Copy)]
pub(super) struct Words {
    table: &'static Table,
    /// The language the words are in.
    pub(super) language: &'static str,
}

impl Words {
    /// The words for a rendition and language.
    pub(super) fn of(rendition: &str, language: &str) -> Self {
        let rendition = if rendition == EASY_READ { EASY_READ } else { STANDARD };
        let language = if language == WELSH { WELSH } else { ENGLISH };
        Self { table: &TABLES[&(rendition, language)], language }
    }

    /// The words for `key`. A test holds every key in use to the file.
    pub(super) fn t(&self, key: &str) -> &'static str {
        self.table.get(key).map_or("", String::as_str)
    }

    /// The words for `key`, with what stands for its placeholders.
    pub(super) fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut words = self.t(key).to_owned();
        for (name, value) in values {
            words = words.replace(&format!("{{{name}}}"), value);
        }
        words
    }
}

/// A day as it is written in a language: “3 March 2027”.
pub(super) fn written_day(day: chrono::NaiveDate, language: &str) -> String {
    words::written_day(day, if language == WELSH { Language::Welsh } else { Language::English })
}
