//! Inviting people who are due and sending it: the invitation and what carries its link are written in one transaction.

use std::collections::BTreeMap;

use super::Refusal;
use super::change_people::change_people;
use super::due_list::own_record;
use super::invite_due::{Choice, choose};
use super::manage_people::{Invited, fault, scheme_that_may_ask, upon_person};
use super::sealing::identity_of;
use super::write_messages::{Way, lacking, message, put, recipient, written};
use crate::app::App;
use crate::clock::written as written_time;
use crate::domain::access::Actor;
use crate::domain::audit::{Act, Event};
use crate::domain::fault::Fault;
use crate::domain::identity::Identity;
use crate::domain::schedule::Record;
use crate::storage::{audit, invitations, outbox, tallies};

/// An invitation, and how it gets to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentInvitation {
    /// The invitation with its ways in.
    pub invited: Invited,
    /// How it goes. By hand: it is to be printed, opened or copied.
    pub way: Way,
}

/// Invites the chosen people for what they are due and writes to each in the way in which they are asked: all, or none.
///
/// Whoever is asked by letter, on a visit or in no way that is known is invited and nothing is sent; the same for text messages where there
/// is no gateway.
///
/// # Errors
///
/// As `invite_due`; besides, whoever lacks what their way needs is named, with what it is.
pub fn send_invitations(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    choices: &[Choice],
) -> Result<Vec<SentInvitation>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_that_may_ask(app, &directory, actor, scheme_id)?;
    let references: Vec<String> = choices.iter().map(|c| c.participant.clone()).collect();
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            let mut inviting = choose(app, db, actor, scheme, choices)?;
            let rows = inviting.rows.clone();
            let languages: BTreeMap<String, Option<String>> = inviting
                .records
                .iter()
                .map(|(reference, record)| (reference.clone(), record.enrolment.language.clone()))
                .collect();
            let mut identities: BTreeMap<String, Identity> = BTreeMap::new();
            if !rows.is_empty() {
                let read = rows.iter().map(|r| upon_person(app, scheme, actor, Act::IdentityRead, &r.person));
                let db = &mut audit::record_all(db, &read.collect::<Vec<Event>>())?;
                for row in &rows {
                    let identity = identity_of(app, db, scheme.number, &row.person)?;
                    // Of whom nothing is known is asked by hand: the link is there to be printed or opened.
                    let known = identity.as_ref().and_then(|identity| lacking(Some(identity)));
                    if let Some((code, detail)) = known {
                        let at = choices.iter().position(|c| c.participant == row.person).unwrap_or(0);
                        let detail = format!("{}: {detail}", row.person);
                        inviting.faults.push(fault(&format!("/people/{at}/participant"), code, detail));
                    }
                    identities.extend(identity.map(|identity| (row.person.clone(), identity)));
                }
            }
            inviting.faults.sort_by_key(place);
            let invited = match inviting.store(db, actor)? {
                Ok(invited) => invited,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let mut messages = Vec::new();
            let mut sent = Vec::new();
            for (row, invited) in rows.iter().zip(invited) {
                let identity = identities.get(&row.person);
                let language = languages.get(&row.person).and_then(Option::as_deref);
                let to = identity.map(|identity| recipient(scheme, row, identity, language, None));
                let message = to.map_or(Ok(None), |to| message(app, row, &to))?;
                sent.push(SentInvitation { invited, way: message.as_ref().map_or(Way::ByHand, Way::of) });
                messages.extend(message.map(|m| (written(app, actor, row, &m), m)));
            }
            put(db, &messages)?;
            Ok(Ok(sent))
        })
    })?
}

/// The how-manieth person a fault is about.
fn place(fault: &Fault) -> usize {
    fault.pointer.split('/').nth(2).and_then(|n| n.parse().ok()).unwrap_or(usize::MAX)
}

/// How long after a message was sent it is not sent again.
const NOT_AGAIN_WITHIN: chrono::TimeDelta = chrono::TimeDelta::hours(24);

/// Sends the last message of an invitation again, as things are now: after it was given up or held back, or when it never arrived. One that
/// still waits is tried at once instead.
///
/// # Errors
///
/// [`Refusal::Invalid`] with the reason if nothing is to be sent to the person now, if it was sent within the last 24 hours, if what their
/// way needs is lacking, or if it is to be done by hand.
pub fn send_again(app: &App, actor: &Actor, scheme_id: &str, id: &str) -> Result<Way, Refusal> {
    let directory = app.directory();
    let scheme = scheme_that_may_ask(app, &directory, actor, scheme_id)?;
    let refused = |code, detail: String| Ok(Err(Refusal::Invalid(vec![fault("", code, detail)])));
    app.store.write(|db| {
        tallies::lock(db, scheme.number)?;
        let Some(row) = invitations::find(db, scheme.number, id)? else { return Ok(Err(Refusal::Unknown(None))) };
        let Some(record) = own_record(db, actor, scheme, &row.person)? else {
            return Ok(Err(Refusal::Unknown(None)));
        };
        if let Some((code, detail)) = not_now(app, &record, id) {
            return refused(code, detail);
        }
        let earlier = outbox::of_invitations(db, scheme.number, std::slice::from_ref(&row.id))?;
        let last = earlier.last();
        if let Some(waits) = last.filter(|last| last.next_try_at.is_some()) {
            outbox::hurry(db, scheme.number, id, app.now())?;
            return Ok(Ok(Way::of(waits)));
        }
        let sent = last.and_then(|last| last.sent_at).filter(|at| app.now() - *at < NOT_AGAIN_WITHIN);
        if let Some(at) = sent {
            return refused("sent-already", format!("It was sent at {}. Wait a day.", written_time(at)));
        }
        let read = upon_person(app, scheme, actor, Act::IdentityRead, &row.person);
        let identity = identity_of(app, &mut audit::record(db, &read)?, scheme.number, &row.person)?;
        if let Some((code, detail)) = lacking(identity.as_ref()) {
            return refused(code, detail.to_owned());
        }
        let asked = record.asked.iter().find(|asked| asked.id == id);
        let reminder = asked.map(|asked| asked.reminded.len()).filter(|reminded| *reminded > 0);
        let message = match &identity {
            Some(identity) => {
                let language = record.enrolment.language.as_deref();
                message(app, &row, &recipient(scheme, &row, identity, language, reminder))?
            }
            None => None,
        };
        let Some(message) = message else {
            return refused(
                "by-hand",
                "Nothing is sent to this person by itself. Print the letter, copy the text, or show the code on a visit."
                    .into(),
            );
        };
        let way = Way::of(&message);
        put(db, &[(written(app, actor, &row, &message), message)])?;
        Ok(Ok(way))
    })?
}

/// Why nothing about the invitation can be sent, printed or copied now: code and words.
pub(super) fn not_now(app: &App, record: &Record, id: &str) -> Option<(&'static str, String)> {
    let asked = record.asked.iter().find(|asked| asked.id == id)?;
    record.unwanted(asked, app.today()).map(|unwanted| (unwanted.code(), unwanted.words()))
}
