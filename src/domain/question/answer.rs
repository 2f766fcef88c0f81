//! What is stored for an item: an answer, or one of six reasons why there is none.

use serde::{Deserialize, Serialize};

/// Why an item has no answer. Six different stored values, never folded into one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Asked, and left without an answer.
    Skipped,
    /// “I don't know.”
    DontKnow,
    /// “I don't want to say.”
    PreferNotToSay,
    /// “This is not about me.”
    NotApplicable,
    /// On paper, and could not be read.
    Unreadable,
    /// Routing did not ask it.
    NotAsked,
}

impl Missing {
    /// All six, in the order of the API.
    pub const ALL: [Missing; 6] = [
        Self::Skipped,
        Self::DontKnow,
        Self::PreferNotToSay,
        Self::NotApplicable,
        Self::Unreadable,
        Self::NotAsked,
    ];

    /// Its name in files and in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::DontKnow => "dont-know",
            Self::PreferNotToSay => "prefer-not-to-say",
            Self::NotApplicable => "not-applicable",
            Self::Unreadable => "unreadable",
            Self::NotAsked => "not-asked",
        }
    }

    /// The reason with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }
}

/// A checked, stored answer. As JSON: `"better"`, `["a", "b"]`, `4`, or `{"missing": "skipped"}`;
/// a text answer is `{"words": "..."}` so that it can never be mistaken for an option's code, and `{"sealed": "..."}` where it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// The option chosen.
    Choice(String),
    /// The options chosen.
    Choices(Vec<String>),
    /// The number given.
    Number(i64),
    /// No answer, and why.
    Missing {
        /// The reason.
        missing: Missing,
    },
    /// The person's own words.
    Words {
        /// The words.
        words: String,
    },
    /// The person's own words, as they are stored: nobody can read them without the scheme's key.
    Sealed {
        /// What was made of the words.
        sealed: String,
    },
}

impl Answer {
    /// The reason, if there is no answer.
    pub fn missing(&self) -> Option<Missing> {
        match self {
            Self::Missing { missing } => Some(*missing),
            _ => None,
        }
    }
}
