//! Reading the answers: items in order, each routed by the checked answers before it.

use std::collections::BTreeMap;

use crate::domain::definition::Definition;
use crate::domain::question::{Answer, Missing};
use crate::domain::reader::{Field, Object, short};
use crate::domain::routing::{About, Answers, is_asked};

/// Walks the items in order, so that each is routed by the checked answers before it. `possible` is what the facts `about` the
/// person may be where they were sent wrongly: an answer to what they may have asked is not a second fault.
pub(super) fn read_answers(
    definition: &Definition,
    sent: &Object<'_>,
    about: &About,
    possible: Option<&About>,
    proxy: bool,
    unreadable: bool,
) -> Answers {
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
        let answerable = item.proxy_allowed || !proxy;
        let asked_of = |about: &About| answerable && is_asked(item, &answers, about);
        let asked = asked_of(about);
        let perhaps = asked || possible.is_some_and(asked_of);
        let unasked = Answer::Missing { missing: Missing::NotAsked };
        let answer = match field {
            None if asked => Answer::Missing { missing: Missing::Skipped },
            None => unasked,
            Some(field) => match read_missing(*field, unreadable) {
                Some(Missing::NotAsked) if !asked => unasked,
                // Whoever wants only a few questions is asked the core items.
                Some(Missing::NotAsked) if !item.core => unasked,
                Some(Missing::NotAsked) => {
                    field.fault("was-asked", "This item was asked, so it cannot be “not-asked”.");
                    unasked
                }
                _ if !perhaps => {
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
        let reason = f.one_of(
            Missing::parse,
            "skipped, dont-know, prefer-not-to-say, not-applicable, unreadable, not-asked",
        )?;
        if reason == Missing::Unreadable && !unreadable {
            f.fault("paper-only", "Only an answer on paper can be unreadable.");
        }
        Some(reason)
    });
    object.close(false);
    reason
}
