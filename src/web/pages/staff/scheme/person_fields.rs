//! Between the form of a person and what the acts take: who they are, their support, and where each fault stands.

use serde_json::{Value, json};

use super::{fields, given};
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::identity::{Identity, Whose};
use crate::use_cases::PersonSeen;

/// The breakdown that is entered as arrangements, not as a fact.
pub(super) const ARRANGEMENT: &str = "arrangement";

pub(super) fn taken() -> Fault {
    let detail =
        "Somebody is here with this reference already. Choose another, or look for them among your people.";
    Fault { pointer: "/reference".into(), code: "exists", detail: detail.into() }
}

pub(super) fn changed_meanwhile() -> Fault {
    let detail =
        "Somebody else changed this person while you were writing. Go back, look at it, and change it again.";
    Fault { pointer: "/supported_from".into(), code: "changed", detail: detail.into() }
}

/// A fault of what an act takes, as a fault of the form's field.
pub(super) fn to_field(fault: Fault) -> Fault {
    const FIELDS: [(&str, &str); 8] = [
        ("/address/postcode", "postcode"),
        ("/address", "address"),
        ("/contact/name", "supporter"),
        ("/contact", "whose"),
        ("/communication/note", "note"),
        ("/communication", "format"),
        ("/arrangements", "arrangement"),
        ("/earlier_councils", "council_until"),
    ];
    let field = FIELDS.iter().find(|(place, _)| fault.pointer.starts_with(place)).map(|(_, field)| *field);
    let pointer = match field {
        Some(field) => format!("/{field}"),
        None if fault.code == "bad-reference" => "/reference".into(),
        None => fault.pointer,
    };
    Fault { pointer, ..fault }
}

/// Who they are, as the act takes it; none if nothing was written.
pub(super) fn identity(sent: &Form) -> Option<Value> {
    let written = ["name", "called", "email", "mobile", "address", "postcode", "supporter", "note"];
    let any = written.iter().any(|name| given(sent, name).is_some()) || sent.get("format").is_some();
    if !any && matches!(sent.get("channel"), None | Some("none")) {
        return None;
    }
    let mut body = fields(sent, &["name", "called", "email", "mobile"]);
    body["channel"] = json!(given(sent, "channel").unwrap_or("none"));
    let lines: Vec<&str> =
        sent.get("address").unwrap_or_default().lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    if !lines.is_empty() || given(sent, "postcode").is_some() {
        body["address"] = json!({"lines": lines});
        if let Some(postcode) = given(sent, "postcode") {
            body["address"]["postcode"] = json!(postcode);
        }
    }
    body["contact"] = match given(sent, "whose") {
        Some("supporter") => match given(sent, "supporter") {
            Some(name) => json!({"whose": "supporter", "name": name}),
            None => json!({"whose": "supporter"}),
        },
        other => json!({"whose": other.unwrap_or("own")}),
    };
    let formats: Vec<&str> = sent.all("format").collect();
    body["communication"] = json!({"formats": formats});
    if let Some(note) = given(sent, "note") {
        body["communication"]["note"] = json!(note);
    }
    Some(body)
}

/// Their support, as the act takes it: what the form does not hold stays as it is.
pub(super) fn enrolment(sent: &Form, before: Option<&PersonSeen>) -> Value {
    let mut body = fields(sent, &["supported_from", "council", "worker", "language"]);
    let mut arrangements: Vec<Value> = Vec::new();
    let mut earlier: Vec<Value> = Vec::new();
    if let Some(before) = before {
        if let Some(to) = before.supported_to {
            body["supported_to"] = json!(to);
        }
        if let Some(not_asked) = &before.not_asked {
            body["not_asked"] = json!({"from": not_asked.from, "reason": not_asked.reason});
        }
        arrangements = before.arrangements.iter().map(|a| json!(a)).collect();
        earlier = before.earlier_councils.iter().map(|c| json!(c)).collect();
        let moved = given(sent, "council").is_some_and(|council| council != before.council);
        if let (true, Some(until)) = (moved, given(sent, "council_until")) {
            earlier.push(json!({"code": before.council, "to": until}));
        }
    }
    add_arrangement(sent, before, &mut arrangements);
    for arrangement in &mut arrangements {
        if arrangement["to"].is_null()
            && let Some(object) = arrangement.as_object_mut()
        {
            object.remove("to");
        }
    }
    if !arrangements.is_empty() {
        body["arrangements"] = json!(arrangements);
    }
    if !earlier.is_empty() {
        body["earlier_councils"] = json!(earlier);
    }
    let mut about = json!({});
    for (name, value) in &sent.0 {
        let Some(id) = name.strip_prefix("about.").filter(|_| !value.is_empty()) else { continue };
        match id.split_once('.') {
            // Facts with several values are sent as about.several.<id>.
            Some((_, id)) => match about[id].as_array_mut() {
                Some(list) => list.push(json!(value)),
                None => about[id] = json!([value]),
            },
            None => about[id] = json!(value),
        }
    }
    if about.as_object().is_some_and(|a| !a.is_empty()) {
        body["about"] = about;
    }
    body
}

/// Another arrangement than the present one begins on the day that was given, and the present one ends the day before.
fn add_arrangement(sent: &Form, before: Option<&PersonSeen>, arrangements: &mut Vec<Value>) {
    let Some(kind) = given(sent, ARRANGEMENT) else { return };
    let present = before.and_then(|p| p.arrangements.iter().rposition(|a| a.to.is_none()));
    if present.is_some_and(|at| arrangements[at]["kind"] == json!(kind)) {
        return;
    }
    let from = given(sent, "arrangement_from").or(given(sent, "supported_from")).unwrap_or_default();
    if let (Some(at), Ok(day)) = (present, from.parse::<chrono::NaiveDate>()) {
        arrangements[at]["to"] = json!(day.pred_opt().unwrap_or(day));
    }
    arrangements.push(json!({"kind": kind, "from": from}));
}

/// The fields as they are stored.
pub(super) fn of_stored(person: &PersonSeen, tag: &str, identity: Option<&Identity>) -> Form {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    add("tag", tag);
    add("supported_from", &person.supported_from.to_string());
    add("council", &person.council);
    add("worker", person.worker.as_deref().unwrap_or_default());
    add("language", person.language.as_deref().unwrap_or_default());
    if let Some(present) = person.arrangements.iter().rev().find(|a| a.to.is_none()) {
        add(ARRANGEMENT, &present.kind);
        add("arrangement_from", &present.from.to_string());
    }
    for (id, values) in &person.about {
        for value in values {
            add(&format!("about.{id}"), value);
        }
    }
    let Some(identity) = identity else {
        add("channel", "none");
        add("whose", "own");
        return Form(fields);
    };
    add("name", &identity.name);
    add("called", identity.called.as_deref().unwrap_or_default());
    add("email", identity.email.as_deref().unwrap_or_default());
    add("mobile", identity.mobile.as_deref().unwrap_or_default());
    if let Some(address) = &identity.address {
        add("address", &address.lines.join("\n"));
        add("postcode", address.postcode.as_deref().unwrap_or_default());
    }
    add("channel", identity.channel.code());
    match &identity.contact {
        Whose::Own => add("whose", "own"),
        Whose::Shared => add("whose", "shared"),
        Whose::Supporter { name } => {
            add("whose", "supporter");
            add("supporter", name);
        }
    }
    for format in &identity.communication.formats {
        add("format", format);
    }
    add("note", identity.communication.note.as_deref().unwrap_or_default());
    Form(fields)
}
