//! One response: everything that is sent, checked whole against its questionnaire version and its scheme.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::definition::{Definition, Registry};
use super::fault::{Fault, Faults};
use super::participant::is_reference;
use super::question::{Answer, Missing};
use super::reader::{Field, Object, short};
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

const OCCASIONS: [&str; 4] = ["baseline", "review", "exit", "one-off"];
const MODES: [&str; 6] = ["online", "paper", "visit", "phone", "group", "imported"];
const ROLES: [&str; 12] = [
    "family", "friend", "advocate", "shared-lives-carer", "homesharer", "householder", "enterprise-worker", "circle-member",
    "coordinator", "scheme-worker", "other-staff", "other",
];
const HELP: [&str; 5] = ["read", "explained", "wrote", "interpreted", "suggested"];

/// What a response is checked against, besides its own questionnaire.
pub struct Setting<'a> {
    /// Definitions and breakdowns.
    pub registry: &'a Registry,
    /// The scheme it is for.
    pub scheme: &'a Scheme,
    /// Today in Europe/London.
    pub today: NaiveDate,
}

impl Submission {
    /// Checks a response, collecting every fault. The scheme has been found already (an unknown one is a 404, not a fault).
    pub fn check(body: &Value, setting: &Setting<'_>) -> Result<Self, Vec<Fault>> {
        let faults = Faults::new();
        let submission = read(Field::root(body, &faults), setting);
        match submission {
            Some(submission) if faults.is_empty() => Ok(submission),
            _ => Err(faults.into_sorted()),
        }
    }

    /// As stored, in the shape that [`Submission::check`] reads: what a correction is merged into.
    pub fn to_sent(&self, registry: &Registry) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(about) = value.get_mut("about").and_then(Value::as_object_mut) {
            for (id, values) in about.iter_mut() {
                if registry.breakdown(id).is_some_and(|b| !b.several) {
                    *values = values.get(0).cloned().unwrap_or_default();
                }
            }
        }
        if let Some(answers) = value.get_mut("answers").and_then(Value::as_object_mut) {
            answers.retain(|_, a| a.get("missing").and_then(Value::as_str) != Some(Missing::NotAsked.code()));
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

fn read(root: Field<'_>, setting: &Setting<'_>) -> Option<Submission> {
    let body = root.object()?;
    let definition = read_definition(&body, setting);
    body.required("scheme");
    let completed_on = body.required("completed_on").and_then(|f| read_completed_on(f, setting));
    let council = read_council(&body, setting, completed_on);
    let unit = body.optional("unit").and_then(|f| {
        let id = f.string()?;
        if completed_on.is_some_and(|date| setting.scheme.unit_on(id, date).is_none()) {
            f.fault("unknown-unit", "The scheme has no such unit on that day.");
        }
        Some(id.to_owned())
    });
    let participant = body.optional("participant").and_then(|f| {
        let reference = f.string()?;
        if !is_reference(reference) {
            f.fault("bad-reference", "A participant's reference has 1 to 64 letters, digits, dots, underscores or hyphens.");
        }
        Some(reference.to_owned())
    });
    let invitation = body.optional("invitation").and_then(|f| f.words().map(str::to_owned));
    let occasion = body.optional("occasion").and_then(|f| code_of(f, &OCCASIONS));
    let due_on = body.optional("due_on").and_then(|f| f.date());
    let mode = body.required("mode").and_then(|f| code_of(f, &MODES));
    let rendition = body.required("rendition").and_then(|f| claimed(f, definition.map(|d| &d.renditions)));
    let language = body.required("language").and_then(|f| claimed(f, definition.map(|d| &d.languages)));
    let completed_by = body.required("completed_by").and_then(|f| f.one_of(read_completed_by, "self, helped, proxy"));
    let helper = read_helper(&body, completed_by);
    let consent = body.required("consent").and_then(|f| read_consent(f, definition));
    let about = body.optional("about").map(|f| read_about(f, setting.registry)).unwrap_or_default();
    let sent = body.required("answers").and_then(|f| f.object());
    body.close(false);
    let (definition, sent) = (definition?, sent?);
    let proxy = completed_by == Some(CompletedBy::Proxy);
    let unreadable = mode.as_deref() == Some("paper");
    let answers = read_answers(definition, &sent, &about, proxy, unreadable);
    Some(Submission {
        questionnaire: definition.id.clone(),
        version: definition.version.to_string(),
        scheme: setting.scheme.about.id.clone(),
        council: council?,
        unit,
        participant,
        invitation,
        occasion,
        due_on,
        completed_on: completed_on?,
        mode: mode?,
        rendition: rendition?,
        language: language?,
        completed_by: completed_by?,
        helper,
        consent: consent?,
        about,
        answers,
        via: None,
    })
}

fn read_definition<'a>(body: &Object<'_>, setting: &Setting<'a>) -> Option<&'a Definition> {
    let id = body.required("questionnaire").and_then(|f| f.string().map(|t| (f, t)));
    let version = body.required("version").and_then(|f| f.string().map(|t| (f, t)));
    let ((id_field, id), (version_field, version)) = (id?, version?);
    if setting.registry.versions(id).next().is_none() {
        id_field.fault("unknown-questionnaire", format!("There is no questionnaire “{}”.", short(id)));
        return None;
    }
    let found = version.parse().ok().and_then(|version| setting.registry.version(id, version));
    match found {
        Some(definition) if definition.takes_responses() => {
            if definition.model != setting.scheme.about.model {
                id_field.fault("wrong-model", format!("This questionnaire is for {}; the scheme runs {}.", definition.model.code(), setting.scheme.about.model.code()));
            }
            Some(definition)
        }
        _ => {
            version_field.fault("unknown-version", format!("“{}” is not a published version of “{}”.", short(version), short(id)));
            None
        }
    }
}

fn read_completed_on(field: Field<'_>, setting: &Setting<'_>) -> Option<NaiveDate> {
    let date = field.date()?;
    if date > setting.today {
        field.fault("future-date", format!("This day has not come yet; today is {}.", setting.today));
        return None;
    }
    if chrono::Datelike::year(&date) < 2000 {
        field.fault("too-early", "Responses before 2000 are not accepted.");
        return None;
    }
    Some(date)
}

fn read_council(body: &Object<'_>, setting: &Setting<'_>, completed_on: Option<NaiveDate>) -> Option<String> {
    let field = body.optional("council");
    let date = completed_on?;
    let councils: Vec<&str> = setting.scheme.councils_on(date).collect();
    match field {
        None => match councils.as_slice() {
            [only] => Some((*only).to_owned()),
            [] => {
                body.fault("no-council-in-force", format!("The scheme had no council on {date}."));
                None
            }
            _ => {
                body.required("council");
                None
            }
        },
        Some(field) => {
            let code = field.string()?;
            if !councils.contains(&code) {
                field.fault("wrong-council", format!("“{}” is not one of the scheme's councils on {date}.", short(code)));
                return None;
            }
            Some(code.to_owned())
        }
    }
}

fn code_of(field: Field<'_>, allowed: &[&str]) -> Option<String> {
    field.one_of(|t| allowed.contains(&t).then(|| t.to_owned()), &allowed.join(", "))
}

fn claimed(field: Field<'_>, allowed: Option<&Vec<String>>) -> Option<String> {
    let text = field.string()?;
    if let Some(allowed) = allowed.filter(|a| !a.iter().any(|x| x == text)) {
        field.fault("unknown-code", format!("“{}” is not one of: {}.", short(text), allowed.join(", ")));
    }
    Some(text.to_owned())
}

fn read_completed_by(code: &str) -> Option<CompletedBy> {
    match code {
        "self" => Some(CompletedBy::Myself),
        "helped" => Some(CompletedBy::Helped),
        "proxy" => Some(CompletedBy::Proxy),
        _ => None,
    }
}

fn read_helper(body: &Object<'_>, completed_by: Option<CompletedBy>) -> Option<Helper> {
    if completed_by == Some(CompletedBy::Myself) {
        body.refused("helper", "Nobody helped, says “completed_by”.");
        return None;
    }
    let field = if completed_by.is_some() { body.required("helper") } else { body.optional("helper") };
    let object = field?.object()?;
    let role = object.required("role").and_then(|f| code_of(f, &ROLES));
    let mut help = Vec::new();
    if let Some(list) = object.optional("help").and_then(|f| f.string_list(0).and(f.list(0))) {
        list.each(|f| help.extend(code_of(f, &HELP)));
    }
    let gives_support = object.required("gives_support").and_then(|f| f.boolean());
    object.close(false);
    Some(Helper { role: role?, help, gives_support: gives_support? })
}

fn read_consent(field: Field<'_>, definition: Option<&Definition>) -> Option<ConsentGiven> {
    let object = field.object()?;
    let version = object.required("version").and_then(|f| {
        let version = f.string()?;
        if definition.is_some_and(|d| d.consent.version != version) {
            f.fault("unknown-consent", "This version of the questionnaire has another consent text.");
        }
        Some(version.to_owned())
    });
    let statistics = object.required("statistics").and_then(|f| f.boolean());
    let flag = |key| object.optional(key).and_then(|f| f.boolean()).unwrap_or(false);
    let (quotes, ask_again) = (flag("quotes"), flag("ask_again"));
    let share = object.optional("share").and_then(|f| code_of(f, &["nobody", "worker"])).unwrap_or_else(|| "nobody".into());
    object.close(false);
    Some(ConsentGiven { version: version?, statistics: statistics?, quotes, ask_again, share })
}

fn read_about(field: Field<'_>, registry: &Registry) -> About {
    let mut about = BTreeMap::new();
    let Some(object) = field.object() else { return about };
    for (id, value) in object.entries() {
        let Some(breakdown) = registry.breakdown(id) else {
            value.fault("unknown-breakdown", format!("“{}” is not a known fact about a person.", short(id)));
            continue;
        };
        let codes = if breakdown.several { value.string_list(0) } else { value.string().map(|t| vec![t.to_owned()]) };
        let codes = codes.unwrap_or_default();
        for code in codes.iter().filter(|c| !breakdown.values.contains(c)) {
            value.fault("unknown-code", format!("“{}” is not one of: {}.", short(code), breakdown.values.join(", ")));
        }
        if !codes.is_empty() {
            about.insert(id.to_owned(), codes);
        }
    }
    about
}

/// Walks the items in order, so that each is routed by the checked answers before it.
fn read_answers(definition: &Definition, sent: &Object<'_>, about: &About, proxy: bool, unreadable: bool) -> Answers {
    let given: BTreeMap<&str, Field<'_>> = sent.entries().collect();
    for (id, field) in &given {
        if definition.item(id).is_none() {
            field.fault("unknown-item", format!("“{}” is not an item of this version.", short(id)));
        }
    }
    let mut answers = Answers::new();
    for item in &definition.items {
        let field = given.get(item.id.as_str());
        if !item.is_question() {
            if let Some(field) = field {
                item.kind.check(*field);
            }
            continue;
        }
        let asked = (item.proxy_allowed || !proxy) && is_asked(item, &answers, about);
        let unasked = Answer::Missing { missing: Missing::NotAsked };
        let answer = match field {
            None if asked => Answer::Missing { missing: Missing::Skipped },
            None => unasked,
            Some(field) => match read_missing(*field, unreadable) {
                Some(Missing::NotAsked) if !asked => unasked,
                Some(Missing::NotAsked) => {
                    field.fault("was-asked", "This item was asked, so it cannot be “not-asked”.");
                    unasked
                }
                _ if !asked => {
                    if proxy && !item.proxy_allowed {
                        field.fault("proxy-not-allowed", "Nobody can answer this for the person.");
                    } else {
                        field.fault("not-asked", "This item is not asked, given the answers before it.");
                    }
                    unasked
                }
                Some(missing) => Answer::Missing { missing },
                None if field.value.is_object() => unasked,
                None => item.kind.check(*field).unwrap_or(unasked),
            },
        };
        answers.insert(item.id.clone(), answer);
    }
    answers
}

/// The missing reason, if the value is `{"missing": reason}` (null counts as skipped).
fn read_missing(field: Field<'_>, unreadable: bool) -> Option<Missing> {
    if field.value.is_null() {
        return Some(Missing::Skipped);
    }
    if !field.value.is_object() {
        return None;
    }
    let object = field.object()?;
    let reason = object.required("missing").and_then(|f| {
        let reason = f.one_of(Missing::parse, "skipped, dont-know, prefer-not-to-say, not-applicable, unreadable, not-asked")?;
        if reason == Missing::Unreadable && !unreadable {
            f.fault("paper-only", "Only an answer on paper can be unreadable.");
        }
        Some(reason)
    });
    object.close(false);
    reason
}
