//! Reading the body of a response, field by field.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answers::read_answers;
use super::{CompletedBy, ConsentGiven, HELP, Helper, MODES, OCCASIONS, ROLES, Setting, Submission};
use crate::domain::definition::{Definition, Registry};
use crate::domain::participant::is_reference;
use crate::domain::reader::{Field, Object, short};
use crate::domain::routing::About;

/// Reads a response.
pub(super) fn read(root: Field<'_>, setting: &Setting<'_>) -> Option<Submission> {
    let body = root.object()?;
    let definition = read_definition(&body, setting);
    body.required("scheme").and_then(|f| f.string());
    let completed_on = body.required("completed_on").and_then(|f| read_completed_on(f, setting));
    let council = read_council(&body, setting, completed_on);
    let unit = body.optional("unit").and_then(|f| {
        let id = f.string()?;
        if let (Some(scheme), Some(date)) = (setting.scheme, completed_on)
            && scheme.unit_on(id, date).is_none()
        {
            f.fault("unknown-unit", "The scheme has no such unit on that day.");
        }
        Some(id.to_owned())
    });
    let participant = body.optional("participant").and_then(|f| {
        let reference = f.string()?;
        if !is_reference(reference) {
            f.fault(
                "bad-reference",
                "A participant's reference has 1 to 64 letters, digits, dots, underscores or hyphens.",
            );
        }
        Some(reference.to_owned())
    });
    let invitation = body.optional("invitation").and_then(|f| f.words().map(str::to_owned));
    let occasion = body.optional("occasion").and_then(|f| code_of(f, &OCCASIONS));
    let due_on = body.optional("due_on").and_then(|f| f.date());
    let mode = body.required("mode").and_then(|f| code_of(f, &MODES));
    let rendition = body.required("rendition").and_then(|f| claimed(f, definition.map(|d| &d.renditions)));
    let language = body.required("language").and_then(|f| claimed(f, definition.map(|d| &d.languages)));
    let completed_by =
        body.required("completed_by").and_then(|f| f.one_of(read_completed_by, "self, helped, proxy"));
    let helper = read_helper(&body, completed_by);
    let consent = body.required("consent").and_then(|f| read_consent(f, definition));
    let facts = body.optional("about");
    let about = facts.map(|f| read_about(f, setting.registry)).unwrap_or_default();
    let possible = facts.and_then(|f| possible_facts(f, &about, setting.registry));
    let sent = body.required("answers").and_then(|f| f.object());
    body.close(false);
    let (definition, sent) = (definition?, sent?);
    let proxy = completed_by == Some(CompletedBy::Proxy);
    let unreadable = mode.as_deref() == Some("paper");
    let answers = read_answers(definition, &sent, &about, possible.as_ref(), proxy, unreadable);
    Some(Submission {
        questionnaire: definition.id.clone(),
        version: definition.version.to_string(),
        scheme: setting.scheme?.about.id.clone(),
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
            if let Some(model) = setting.scheme.map(|s| s.about.model)
                && definition.model != model
            {
                id_field.fault(
                    "wrong-model",
                    format!(
                        "This questionnaire is for {}; the scheme runs {}.",
                        definition.model.code(),
                        model.code()
                    ),
                );
            }
            Some(definition)
        }
        _ => {
            version_field.fault(
                "unknown-version",
                format!("“{}” is not a published version of “{}”.", short(version), short(id)),
            );
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
    let (scheme, date) = (setting.scheme?, completed_on?);
    let councils: Vec<&str> = scheme.councils_on(date).collect();
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
                field.fault(
                    "wrong-council",
                    format!("“{}” is not one of the scheme's councils on {date}.", short(code)),
                );
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
    let share = object
        .optional("share")
        .and_then(|f| code_of(f, &["nobody", "worker"]))
        .unwrap_or_else(|| "nobody".into());
    object.close(false);
    Some(ConsentGiven { version: version?, statistics: statistics?, quotes, ask_again, share })
}

/// Reads facts about a person, whose names and values come from `breakdowns.json`.
pub fn read_about(field: Field<'_>, registry: &Registry) -> About {
    let mut about = BTreeMap::new();
    let Some(object) = field.object() else { return about };
    for (id, value) in object.entries() {
        let Some(breakdown) = registry.breakdown(id) else {
            value.fault("unknown-breakdown", format!("“{}” is not a known fact about a person.", short(id)));
            continue;
        };
        let codes =
            if breakdown.several { value.string_list(0) } else { value.string().map(|t| vec![t.to_owned()]) };
        let codes = codes.unwrap_or_default();
        for code in codes.iter().filter(|c| !breakdown.values.contains(c)) {
            value.fault(
                "unknown-code",
                format!("“{}” is not one of: {}.", short(code), breakdown.values.join(", ")),
            );
        }
        if !codes.is_empty() {
            about.insert(id.to_owned(), codes);
        }
    }
    about
}

/// The facts as read, with every value of those that were sent wrongly; nothing if all are sound.
fn possible_facts(sent: Field<'_>, about: &About, registry: &Registry) -> Option<About> {
    let wrong = |id: &str| !sent.value.is_object() || sent.is_faulty_at(id);
    let mut unclear = registry.breakdowns.iter().filter(|b| wrong(&b.id)).peekable();
    unclear.peek()?;
    let anything = unclear.map(|b| (b.id.clone(), b.values.clone()));
    Some(about.clone().into_iter().chain(anything).collect())
}
