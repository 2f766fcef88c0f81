//! The workspace of a scheme: whom to ask, its people, waves, safeguarding tasks, and how it is set up. What people answer is never
//! among it.

pub(in crate::web) mod asked;
pub(in crate::web) mod compare;
pub(in crate::web) mod contacts;
pub(in crate::web) mod done;
pub(in crate::web) mod due;
pub(in crate::web) mod happened;
pub(in crate::web) mod import;
pub(in crate::web) mod links;
pub(in crate::web) mod people;
pub(in crate::web) mod person;
pub(in crate::web) mod person_form;
pub(in crate::web) mod return_links;
pub(in crate::web) mod returns;
pub(in crate::web) mod returns_file;
pub(in crate::web) mod schedule;
pub(in crate::web) mod settings;
pub(in crate::web) mod tasks;
pub(in crate::web) mod waves;
pub(in crate::web::pages) mod wording;

mod person_fields;
mod steps;

use std::collections::BTreeMap;

use actix_web::web;
use serde_json::{Value, json};

use super::{Instead, Staff};
use crate::app::App;
use crate::domain::access::{Actor, Role};
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::identity::Identity;
pub(in crate::web::pages) use crate::domain::period::day_in_words as day;
use crate::use_cases::{DeliveryList, MessageSeen, OccasionSeen, Refusal, list_identities};
use crate::web::request;

/// The scheme of somebody who works in it.
#[derive(Debug, Clone)]
pub(in crate::web::pages) struct Own {
    pub(in crate::web::pages) id: String,
    pub(super) number: i64,
    pub(super) name: String,
    /// Whether they lead it; a worker sees their own people, and sets nothing up.
    pub(super) leads: bool,
}

/// The scheme in which somebody works; nobody else has this workspace.
pub(super) fn own_scheme(app: &App, staff: &Staff) -> Result<Own, Instead> {
    let (number, leads) = match staff.actor.role {
        Role::SchemeLead(number) => (number, true),
        Role::SchemeWorker(number) => (number, false),
        _ => return Err(Refusal::Forbidden.into()),
    };
    let directory = app.directory();
    let scheme = directory.scheme_by_number(number).ok_or(Refusal::Unknown(None))?;
    Ok(Own { id: scheme.about.id.clone(), number, name: scheme.shown_name(), leads })
}

/// The scheme of somebody who leads it.
pub(in crate::web::pages) fn led_scheme(app: &App, staff: &Staff) -> Result<Own, Instead> {
    own_scheme(app, staff).and_then(|own| if own.leads { Ok(own) } else { Err(Refusal::Forbidden.into()) })
}

/// What an act gave, or what is wrong with what was sent: the form is shown again with it.
pub(in crate::web::pages) async fn tried<T: Send + 'static>(
    app: &web::Data<App>,
    act: impl FnOnce(&App) -> Result<T, Refusal> + Send + 'static,
) -> Result<Result<T, Vec<Fault>>, Instead> {
    let done = request::blocking(app, move |app| match act(app) {
        Ok(done) => Ok::<_, Refusal>(Ok(done)),
        Err(Refusal::Invalid(faults) | Refusal::Malformed(faults)) => Ok(Err(faults)),
        Err(Refusal::Exists(fault) | Refusal::Unknown(Some(fault)) | Refusal::LeadsMissing(fault)) => {
            Ok(Err(vec![fault]))
        }
        Err(other) => Err(other),
    });
    Ok(done.await?)
}

/// Those of the fields that are not empty, as an act takes them.
pub(super) fn fields(sent: &Form, names: &[&str]) -> Value {
    let filled = names.iter().filter_map(|name| Some(((*name).to_owned(), json!(given(sent, name)?))));
    Value::Object(filled.collect())
}

/// What can be written down of an occasion on which somebody does not answer, and the page for it.
pub(super) fn note_of(reference: &str, occasion: &OccasionSeen) -> Option<(&'static str, String)> {
    let words = match (occasion.may.contains(&"not-asked"), occasion.may.contains(&"could-not")) {
        (_, true) => "They could not take part",
        (true, false) => "They are not asked this time",
        (false, false) => return None,
    };
    let OccasionSeen { questionnaire, due_on, .. } = occasion;
    Some((words, format!("/scheme/people/{reference}/why?questionnaire={questionnaire}&due_on={due_on}")))
}

/// What became of each invitation's message, by invitation.
pub(super) fn messages(list: &DeliveryList) -> BTreeMap<String, MessageSeen> {
    list.items.iter().map(|one| (one.invitation.clone(), one.message.clone())).collect()
}

/// Names of people, by reference. Reading them is written down.
pub(in crate::web::pages) struct Names(BTreeMap<String, Identity>);

impl Names {
    pub(in crate::web::pages) fn read(
        app: &App,
        actor: &Actor,
        scheme: &str,
        references: impl Iterator<Item = String>,
    ) -> Result<Self, Refusal> {
        let mut references: Vec<String> = references.collect();
        references.sort_unstable();
        references.dedup();
        list_identities(app, actor, scheme, &references).map(Self)
    }

    /// How staff call a person: the name if it is known, else the reference.
    pub(in crate::web::pages) fn of(&self, reference: &str) -> String {
        self.0.get(reference).map_or_else(|| reference.to_owned(), |identity| identity.name.clone())
    }

    pub(super) fn identity(&self, reference: &str) -> Option<&Identity> {
        self.0.get(reference)
    }
}

/// A field that is not empty.
pub(in crate::web::pages) fn given<'a>(sent: &'a Form, name: &'a str) -> Option<&'a str> {
    sent.get(name).filter(|value| !value.is_empty())
}

/// A choice of a list: value, words, whether it is chosen.
pub(super) type Chosen = (String, String, bool);

/// A list to choose from.
pub(super) fn choices<'a>(all: impl Iterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Chosen> {
    all.map(|(value, words)| (value.to_owned(), words.to_owned(), value == chosen)).collect()
}
