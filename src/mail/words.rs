//! The words of what is sent to people who are asked, in each language, from `words.json`: easy to read, one idea a sentence.

use crate::domain::period::day_in_words;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};

const FILE: &str = include_str!("words.json");

static TABLE: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    serde_json::from_str(FILE).expect("words.json can be read")
});

/// A language in which people are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Welsh.
    Welsh,
}

impl Language {
    /// Its code: `en` or `cy`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }
}

/// The words in one language, with what stands for their placeholders.
#[derive(Debug, Clone)]
pub struct Words {
    language: Language,
    values: Vec<(&'static str, String)>,
}

impl Words {
    /// The words in this language, without values.
    pub fn of(language: Language) -> Self {
        Self { language, values: Vec::new() }
    }

    /// With this value for `{name}`; one that was given before is replaced.
    #[must_use]
    pub fn fill(mut self, name: &'static str, value: &str) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, value.to_owned()));
        self
    }

    /// The words for `key`. A test holds the file to have each in both languages. A value is never read as a placeholder itself.
    pub fn say(&self, key: &str) -> String {
        let mut rest = TABLE.get(key).and_then(|t| t.get(self.language.code())).map_or("", String::as_str);
        let mut said = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            said.push_str(self.value(name));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// What stands for `{name}`.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
}

/// A day as it is written in a language: “3 March 2027”.
pub fn written_day(day: NaiveDate, language: Language) -> String {
    const WELSH_MONTHS: [&str; 12] = [
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ];
    match language {
        Language::English => day_in_words(day),
        Language::Welsh => format!("{} {} {}", day.day(), WELSH_MONTHS[day.month0() as usize], day.year()),
    }
}
