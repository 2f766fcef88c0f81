//! How a mail is laid out: its language, and what its reader needs. It is sealed with the words, since it says something of the person.

use serde::{Deserialize, Serialize};

use super::Addressed;

/// How a mail is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dress {
    /// The language of its words: `en` or `cy`.
    pub language: String,
    /// Whether its letters are large.
    pub large: bool,
    /// Whether it is plain text alone.
    pub text_only: bool,
}

impl Default for Dress {
    fn default() -> Self {
        Self { language: "en".into(), large: false, text_only: false }
    }
}

/// The words of a mail with how it is laid out, as they are sealed.
#[derive(Serialize, Deserialize)]
struct Stored {
    words: String,
    dress: Dress,
}

impl Addressed {
    /// What is sealed of its body: the words, and how they are laid out unless that is as usual.
    pub fn stored_body(&self, dressed: bool) -> Result<String, serde_json::Error> {
        if !dressed {
            return Ok(self.body.clone());
        }
        serde_json::to_string(&Stored { words: self.body.clone(), dress: self.dress.clone() })
    }

    /// The words of a stored body, and how they are laid out.
    pub fn read_stored(text: String, dressed: bool) -> Result<(String, Dress), serde_json::Error> {
        if !dressed {
            return Ok((text, Dress::default()));
        }
        let stored: Stored = serde_json::from_str(&text)?;
        Ok((stored.words, stored.dress))
    }
}
