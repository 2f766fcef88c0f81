//! The four nations: whom to call in danger, and whom for advice.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Words by language.
type Said = BTreeMap<String, String>;

/// What pages need to know of a nation; the rest of `nations.json` is served as it stands.
#[derive(Debug, Clone, Deserialize)]
pub struct Nation {
    /// Its area code.
    pub code: String,
    /// The number to call in danger.
    pub emergency: Emergency,
    /// Whom to call for advice.
    pub advice: Vec<Advice>,
}

/// The number to call in danger.
#[derive(Debug, Clone, Deserialize)]
pub struct Emergency {
    /// The number.
    pub number: String,
    /// When to call it.
    pub text: Said,
}

/// A helpline.
#[derive(Debug, Clone, Deserialize)]
pub struct Advice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Said,
    /// Its number.
    pub number: String,
    /// When to call it.
    pub text: Said,
}

/// The words in `language`, else in English.
pub fn said<'a>(words: &'a Said, language: &str) -> &'a str {
    words.get(language).or_else(|| words.get(super::ENGLISH)).map_or("", String::as_str)
}

impl super::Registry {
    /// Every nation that `nations.json` describes.
    pub fn nations(&self) -> Vec<Nation> {
        let file = self.catalogues.get("nations.json").and_then(|c| c.get("nations"));
        file.and_then(|n| serde_json::from_value(n.clone()).ok()).unwrap_or_default()
    }
}
