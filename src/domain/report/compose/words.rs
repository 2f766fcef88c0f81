//! The words of reports, in English and Welsh, from `words.json`: a key's words by language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};

use crate::domain::definition::Title;

/// The file.
const FILE: &str = include_str!("words.json");

static TABLE: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    serde_json::from_str(FILE).expect("words.json can be read")
});

/// A language in which reports are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Welsh.
    Welsh,
}

impl Language {
    /// Both.
    pub const ALL: [Language; 2] = [Self::English, Self::Welsh];

    /// As addresses and files name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }

    /// The language with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// The words in one language.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The language.
    pub language: Language,
}

impl Words {
    /// Those of a language.
    pub fn of(language: Language) -> Self {
        Self { language }
    }

    /// The words for a key; nothing if there is no such key, which a test looks for.
    pub fn t(self, key: &str) -> &'static str {
        let words = TABLE.get(key).and_then(|words| words.get(self.language.code()));
        words.map_or("", String::as_str)
    }

    /// Whether there are words for a key.
    pub fn has(self, key: &str) -> bool {
        TABLE.contains_key(key)
    }

    /// The words for a key, with what stands for its placeholders.
    pub fn with(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut words = self.t(key).to_owned();
        for (name, value) in values {
            words = words.replace(&format!("{{{name}}}"), value);
        }
        words
    }

    /// As [`Words::with`], for values that were made for it.
    pub fn made(self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.with(key, &values)
    }

    /// What the catalogue calls something.
    pub fn title(self, title: &Title) -> &str {
        title.get(self.language.code())
    }

    /// A day: “3 March 2027”.
    pub fn day(self, day: NaiveDate) -> String {
        format!("{} {} {}", day.day(), self.month(day.month()), day.year())
    }

    /// The name of a month, from 1 to 12.
    pub fn month(self, month: u32) -> &'static str {
        self.t(&format!("month_{month}"))
    }
}
