//! What a scheme did with what people said: up to three things, in words that those who answered can read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::definition::{ENGLISH, LONGEST_SENTENCE, sentence_lengths};
use crate::domain::fault::Fault;
use crate::domain::reader::{Field, read_whole};

/// At most so many things stand on a poster.
pub const MOST_DONE: usize = 3;
/// At most so many letters has each.
const LONGEST: usize = 200;

/// One thing that was done, by language: `{"en": "We started a Friday club.", "cy": "..."}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// In English.
    pub en: String,
    /// In Welsh; none where nobody has said it in Welsh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cy: Option<String>,
}

impl Deed {
    /// Its words in a language, else in English.
    pub fn say(&self, language: &str) -> &str {
        match &self.cy {
            Some(welsh) if language != ENGLISH => welsh,
            _ => &self.en,
        }
    }

    fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let en = object.required("en").and_then(words);
        let cy = object.optional("cy").map(words);
        object.close(false);
        let cy = match cy {
            Some(read) => Some(read?),
            None => None,
        };
        Some(Self { en: en?, cy })
    }
}

/// Checks `{"items": [...]}`, collecting every fault: at most three things, each short, in sentences of at most fifteen words.
pub fn check_done(body: &Value) -> Result<Vec<Deed>, Vec<Fault>> {
    read_whole(body, |root| {
        let object = root.object()?;
        let mut deeds = Vec::new();
        let list = object.required("items").and_then(|field| {
            let list = field.list(0)?;
            if list.len() > MOST_DONE {
                field.fault("too-many", format!("At most {MOST_DONE} things stand here."));
            }
            Some(list)
        });
        if let Some(list) = list {
            list.each(|item| deeds.extend(Deed::read(item)));
        }
        object.close(false);
        Some(deeds)
    })
}

/// Words that somebody can read who reads little.
fn words(field: Field<'_>) -> Option<String> {
    let text = field.words()?.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > LONGEST {
        field.fault("too-long", format!("At most {LONGEST} letters stand here."));
        return None;
    }
    if let Some((sentence, count)) = sentence_lengths(&text).into_iter().find(|(_, n)| *n > LONGEST_SENTENCE)
    {
        let start: String = sentence.chars().take(40).collect();
        field.fault(
            "long-sentence",
            format!("A sentence has at most {LONGEST_SENTENCE} words, so that everybody can read it. “{start}…” has {count}."),
        );
        return None;
    }
    Some(text)
}
