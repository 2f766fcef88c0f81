//! One response: everything that is sent, checked whole against its questionnaire version and its scheme.

mod answers;
mod read;

pub use read::read_about;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::definition::Registry;
use super::fault::Fault;
use super::question::Missing;
use super::reader::read_whole;
use super::routing::{About, Answers, is_asked};
use super::scheme::Scheme;

/// A response that has passed every check: exactly what is stored. Made only by [`Submission::check`] and by reading storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The questionnaire.
    pub questionnaire: String,
    /// Its version.
    pub version: String,
    /// The scheme's id.
    pub scheme: String,
    /// The council responsible, stored and never rewritten.
    pub council: String,
    /// The unit, if any.
    pub unit: Option<String>,
    /// The participant's reference; absent = anonymous, a person of its own.
    pub participant: Option<String>,
    /// The invitation that was answered.
    pub invitation: Option<String>,
    /// `baseline`, `review`, `exit` or `one-off`.
    pub occasion: Option<String>,
    /// When the person was due.
    pub due_on: Option<NaiveDate>,
    /// The day it was answered.
    pub completed_on: NaiveDate,
    /// `online`, `paper`, `visit`, `phone`, `group` or `imported`.
    pub mode: String,
    /// The rendition that was seen.
    pub rendition: String,
    /// The language that was seen.
    pub language: String,
    /// Who gave the answers.
    pub completed_by: CompletedBy,
    /// Who helped.
    pub helper: Option<Helper>,
    /// What was agreed to.
    pub consent: ConsentGiven,
    /// Facts known before the first question.
    pub about: About,
    /// Every item of the version: an answer, or why there is none.
    pub answers: Answers,
    /// `open` for an open link; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

/// Who gave the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompletedBy {
    /// The person, alone.
    #[serde(rename = "self")]
    Myself,
    /// The person, with help.
    Helped,
    /// Someone for the person.
    Proxy,
}

/// Who helped, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helper {
    /// Their role.
    pub role: String,
    /// What they did.
    pub help: Vec<String>,
    /// Whether they give the person support.
    pub gives_support: bool,
}

/// What the person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentGiven {
    /// The version of the consent text.
    pub version: String,
    /// Count my answers.
    pub statistics: bool,
    /// Use my words.
    pub quotes: bool,
    /// Ask me again.
    pub ask_again: bool,
    /// `nobody` or `worker`.
    pub share: String,
}

/// On what occasion a person is asked.
pub const OCCASIONS: [&str; 4] = ["baseline", "review", "exit", "one-off"];
const MODES: [&str; 6] = ["online", "paper", "visit", "phone", "group", "imported"];
/// Who may have helped.
pub const ROLES: [&str; 12] = [
    "family",
    "friend",
    "advocate",
    "shared-lives-carer",
    "homesharer",
    "householder",
    "enterprise-worker",
    "circle-member",
    "coordinator",
    "scheme-worker",
    "other-staff",
    "other",
];
/// How they may have helped.
pub const HELP: [&str; 5] = ["read", "explained", "wrote", "interpreted", "suggested"];

/// What a response is checked against, besides its own questionnaire.
pub struct Setting<'a> {
    /// Definitions and breakdowns.
    pub registry: &'a Registry,
    /// The scheme it is for; none if it names none, which is a fault.
    pub scheme: Option<&'a Scheme>,
    /// Today in Europe/London.
    pub today: NaiveDate,
}

impl Submission {
    /// Checks a response, collecting every fault. The scheme has been found already (an unknown one is a 404, not a fault).
    pub fn check(body: &Value, setting: &Setting<'_>) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| read::read(root, setting))
    }

    /// As stored, in the shape that [`Submission::check`] reads: what a correction is merged into.
    pub fn to_sent(&self, registry: &Registry) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        value["about"] = sent_about(&self.about, registry);
        if let Some(answers) = value.get_mut("answers").and_then(Value::as_object_mut) {
            // What routing did not ask is left out, so that a correction may ask it; what a person who wanted only a few
            // questions was not asked stays.
            let left_out = |id: &str| {
                let version = self.version.parse().ok();
                let definition = version.and_then(|v| registry.version(&self.questionnaire, v));
                definition.and_then(|d| d.item(id).map(|(_, item)| item)).is_some_and(|item| {
                    !item.core
                        && (item.proxy_allowed || self.completed_by != CompletedBy::Proxy)
                        && is_asked(item, &self.answers, &self.about)
                })
            };
            let not_asked =
                |a: &Value| a.get("missing").and_then(Value::as_str) == Some(Missing::NotAsked.code());
            answers.retain(|id, a| !not_asked(a) || left_out(id));
            for answer in answers.values_mut() {
                if let Some(words) = answer.get("words").cloned() {
                    *answer = words;
                }
            }
        }
        if let Some(object) = value.as_object_mut() {
            object.remove("via");
        }
        value
    }
}

/// Facts about a person in the shape that is sent: a list where there can be several, else the one value.
pub fn sent_about(about: &About, registry: &Registry) -> Value {
    let several = |id: &str| registry.breakdown(id).is_none_or(|b| b.several);
    about
        .iter()
        .map(|(id, values)| {
            let value =
                if several(id) { Value::from(values.clone()) } else { Value::from(values.first().cloned()) };
            (id.clone(), value)
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
