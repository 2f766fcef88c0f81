//! Safeguarding tasks: which answers raise one, who is told, in what order, and by when. A person judges what was said; nothing here does.

use std::collections::BTreeSet;

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::contacts::{Contact, Contacts};
use super::definition::Definition;
use super::question::{Answer, Item};
use super::routing::Answers;

/// How long somebody who was told has to acknowledge before the next one is told. A survey is no emergency line, and says so; but
/// a whole day without anybody looking is as long as an answer such as “I am not safe” may wait, on any day of the week.
pub const ACKNOWLEDGE_WITHIN: TimeDelta = TimeDelta::hours(24);
/// How many leads are told before the contact outside; further ones stand in for those, and come last.
const LEADS_BEFORE_OUTSIDE: usize = 2;

/// Somebody who was told, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Their name, as it was then.
    pub name: String,
    /// Their address.
    pub email: String,
    /// When the mail to them was written.
    pub at: NaiveDateTime,
}

/// What decides who hears of a task, besides the scheme's contacts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// Whether somebody who gives the person support helped them answer, or answered for them.
    pub supporter: bool,
    /// The e-mail address of the account that sent or collected the response.
    pub sender: Option<&'a str>,
}

/// In which capacity somebody is told; their mail says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// They are the first to hear of it.
    First,
    /// Somebody in the scheme was told before them, and has not acknowledged.
    Next,
    /// They are outside the scheme, and nobody inside has acknowledged, or there is nobody inside.
    Outside,
}

/// The items whose answers raise a task, in the order of the questionnaire.
pub fn raised(definition: &Definition, answers: &Answers) -> Vec<String> {
    newly_raised(definition, &Answers::new(), answers)
}

/// The items that raise a task after a correction by something that they did not say before.
pub fn newly_raised(definition: &Definition, before: &Answers, after: &Answers) -> Vec<String> {
    let alerts = |item: &Item, answers: &Answers| -> BTreeSet<String> {
        answers.get(&item.id).map(|answer| alerts_in(item, answer)).unwrap_or_default()
    };
    definition
        .items
        .iter()
        .filter(|item| !alerts(item, after).is_subset(&alerts(item, before)))
        .map(|item| item.id.clone())
        .collect()
}

/// What an answer says that somebody must hear: marked options, or the person's own words.
fn alerts_in(item: &Item, answer: &Answer) -> BTreeSet<String> {
    let marked = |code: &String| item.kind.choices().iter().any(|c| c.alert && c.code == *code);
    match answer {
        Answer::Choice(code) => Some(code).filter(|code| marked(code)).cloned().into_iter().collect(),
        Answer::Choices(codes) => codes.iter().filter(|code| marked(code)).cloned().collect(),
        Answer::Words { words } if item.alert && !words.trim().is_empty() => BTreeSet::from([words.clone()]),
        Answer::Words { .. } | Answer::Sealed { .. } | Answer::Number(_) | Answer::Missing { .. } => {
            BTreeSet::new()
        }
    }
}

/// Whom a task goes to, one after the other. Whoever may be close to what happened is left out: the account that sent the response,
/// and, when a supporter helped, the first lead, with whom supporters work most. Only if that leaves nobody do they hear of it.
pub fn route<'c>(contacts: &'c Contacts, around: &Surroundings<'_>) -> Vec<&'c Contact> {
    let leads: Vec<&Contact> =
        contacts.leads.iter().filter(|lead| !may_be_close(contacts, around, &lead.email)).collect();
    let outside = contacts.outside.iter().filter(|c| !may_be_close(contacts, around, &c.email));
    let before = if around.supporter { LEADS_BEFORE_OUTSIDE - 1 } else { LEADS_BEFORE_OUTSIDE };
    let (first, rest) = leads.split_at(before.min(leads.len()));
    let route: Vec<&Contact> = first.iter().copied().chain(outside).chain(rest.iter().copied()).collect();
    if route.is_empty() { contacts.leads.iter().chain(&contacts.outside).collect() } else { route }
}

/// Whether a task is routed round the owner of this address: they are neither told of it, nor shown it, nor can they acknowledge it.
pub fn is_routed_round(contacts: &Contacts, around: &Surroundings<'_>, email: &str) -> bool {
    may_be_close(contacts, around, email) && !route(contacts, around).iter().any(|c| c.has_address(email))
}

fn may_be_close(contacts: &Contacts, around: &Surroundings<'_>, email: &str) -> bool {
    let first_lead = contacts.leads.first().is_some_and(|lead| lead.has_address(email));
    around.supporter && first_lead || around.sender.is_some_and(|sender| sender.eq_ignore_ascii_case(email))
}

/// Who is told next, and in which capacity; nobody, if everybody on the route has been told.
pub fn next<'c>(
    contacts: &'c Contacts,
    around: &Surroundings<'_>,
    told: &[Told],
) -> Option<(&'c Contact, Turn)> {
    let next = route(contacts, around)
        .into_iter()
        .find(|contact| !told.iter().any(|t| contact.has_address(&t.email)))?;
    let turn = if contacts.outside.as_ref() == Some(next) {
        Turn::Outside
    } else if told.is_empty() {
        Turn::First
    } else {
        Turn::Next
    };
    Some((next, turn))
}
