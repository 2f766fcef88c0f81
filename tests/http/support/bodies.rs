//! Bodies that are right, to be sent as they are or spoilt in one place.

use serde_json::{Value, json};

/// A Shared Lives scheme of one council.
pub(crate) fn scheme(id: &str, council: &str) -> Value {
    json!({"id": id, "name": format!("Example {id}"), "model": "shared-lives", "cqc_location_id": null,
           "areas": [{"code": council, "from": "2020-04-01", "to": null}]})
}

/// Contacts of a scheme: two leads and somebody outside.
pub(crate) fn contacts(place: &str) -> Value {
    let at = |who: &str| format!("{who}@{place}.example");
    json!({"help": {"name": "Sam Example", "phone": "01632 960 123", "email": null},
           "leads": [{"name": "Ann Example", "email": at("ann")}, {"name": "Bola Example", "email": at("bola")}],
           "outside": {"name": "Safeguarding adults team", "email": at("outside")}})
}

/// Answers to every item of `shared-lives` that is asked of everybody.
pub(crate) fn answers(connected: &str) -> Value {
    json!({"friends": 4, "enough-contact": "yes", "friends-make": "helps", "friends-keep": "same", "connected": connected,
           "going-out": "yes", "healthier": "better", "happier": "same", "belong": "always", "lonely": "no", "choose": "yes",
           "choose-what": ["learning"], "kind": "yes", "listened-to": "yes", "safe": "yes", "someone-to-tell": "yes", "helped-someone": "yes"})
}

/// A response of one participant to `shared-lives`.
pub(crate) fn response(scheme: &str, participant: &str, completed_on: &str, connected: &str) -> Value {
    json!({"questionnaire": "shared-lives", "version": "1.0.0", "scheme": scheme, "participant": participant, "occasion": "review",
           "completed_on": completed_on, "mode": "online", "rendition": "easy-read", "language": "en", "completed_by": "self",
           "consent": {"version": "1", "statistics": true}, "about": {"arrangement": ["live-in"], "age_band": "25-34"},
           "answers": answers(connected)})
}
