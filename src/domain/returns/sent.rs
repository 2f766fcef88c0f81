//! A return as it is sent: its figures, or a draft of them.

use serde_json::Value;

use super::check::{Asked, Entry};
use crate::domain::fault::Fault;
use crate::domain::reader::{Object, read_whole};

/// The longest remark on a return, and question about one, in characters.
const LONGEST_REMARK: usize = 500;
/// The largest draft that is kept, in bytes.
const LARGEST_DRAFT: usize = 64 * 1024;

/// A return as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReturn {
    /// The values of a draft as they were written; none = it is sent in for good.
    pub draft: Option<Value>,
    /// The revision that it takes the place of, if the sender says so; 0 = none yet.
    pub revision: Option<i64>,
    /// What is said with it.
    pub note: Option<String>,
    /// The figures, if it is sent in for good.
    pub entries: Vec<Entry>,
}

impl NewReturn {
    /// Checks `{"values": [...], "state": "draft", "revision": 3, "note": "..."}`, collecting every fault. A draft may still have faults in its
    /// figures; what is sent in for good may not.
    pub fn check(body: &Value, asked: &Asked<'_>) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let states = [("draft", true), ("submitted", false)];
            let state = |code: &str| states.iter().find(|(name, _)| *name == code).map(|(_, draft)| *draft);
            let draft = object.optional("state").and_then(|f| f.one_of(state, "draft, submitted"));
            let revision = object.optional("revision").and_then(|f| f.integer());
            let note = remark(&object, "note");
            let mut new = Self { draft: None, revision, note, entries: Vec::new() };
            if draft == Some(true) {
                let field = object.required("values")?;
                field.list(0)?;
                let values = body["values"].clone();
                if values.to_string().len() > LARGEST_DRAFT {
                    field.fault("too-long", "This is more than a return can hold.");
                }
                new.draft = Some(values);
            } else {
                new.entries = asked.read_values(&object);
                if body["values"].as_array().is_some_and(Vec::is_empty) {
                    object.fault("nothing-to-send", "There is no figure in this return.");
                }
            }
            object.close(false);
            Some(new)
        })
    }
}

/// Words of at most [`LONGEST_REMARK`] characters.
pub fn remark(object: &Object<'_>, key: &'static str) -> Option<String> {
    object.optional(key).and_then(|f| {
        let text = f.words()?.trim();
        if text.chars().count() > LONGEST_REMARK {
            f.fault("too-long", format!("This has more than {LONGEST_REMARK} characters."));
            return None;
        }
        Some(text.to_owned())
    })
}
