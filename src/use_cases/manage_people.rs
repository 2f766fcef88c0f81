//! Participants and invitations, as figures need them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::change_people::change_people;
use super::read_changes::change;
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::directory::Directory;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event, Target as Upon, TargetKind};
use crate::domain::change::ChangeKind;
use crate::domain::contacts::LEADS_TO_INVITE;
use crate::domain::fault::Fault;
use crate::domain::participant::{Enrolment, NewInvitation, is_reference};
use crate::domain::schedule::{Asked, OccasionKind, Record};
use crate::domain::scheme::Scheme;
use crate::storage::accounts::AccountRow;
use crate::storage::invitations::{self, InvitationRow};
use crate::storage::ways_in::{self, EntryCodeRow};
use crate::storage::{Db, StorageError, asking, audit, changes, drafts, outbox, participants};

/// Adds or replaces participants: (reference, body). The key worker is an account of the scheme.
pub fn put_participants(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    people: &[(String, Value)],
) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    let mut enrolments = Vec::with_capacity(people.len());
    for (reference, body) in people {
        enrolments.push((reference.clone(), check_enrolment(app, &directory, scheme, reference, body)?));
    }
    write_participants(app, scheme, actor, &enrolments)?;
    Ok(())
}

/// Checks what is entered of a participant.
pub(super) fn check_enrolment(
    app: &App,
    directory: &Directory,
    scheme: &Scheme,
    reference: &str,
    body: &Value,
) -> Result<Enrolment, Refusal> {
    if !is_reference(reference) {
        return Err(Refusal::Invalid(vec![fault(
            "",
            "bad-reference",
            "A participant's reference has 1 to 64 letters, digits, dots, underscores or hyphens.",
        )]));
    }
    let enrolment =
        Enrolment::check(body, &app.registry, |code, date| scheme.councils_on(date).any(|c| c == code))
            .map_err(Refusal::Invalid)?;
    if enrolment.worker.as_ref().is_some_and(|id| !is_worker(directory, scheme, id)) {
        let detail = "The scheme has no lead or worker with this account.";
        return Err(Refusal::Invalid(vec![fault("/worker", "unknown-worker", detail)]));
    }
    Ok(enrolment)
}

/// Whether the account with this id can be a key worker of the scheme.
pub(super) fn is_worker(directory: &Directory, scheme: &Scheme, account: &str) -> bool {
    let role = directory.account(account).and_then(AccountRow::role);
    role.is_some_and(|role| role.works_in(scheme.number))
}

/// Writes participants, and moves the figures with them.
fn write_participants(
    app: &App,
    scheme: &Scheme,
    actor: &Actor,
    people: &[(String, Enrolment)],
) -> Result<(), StorageError> {
    if people.is_empty() {
        return Ok(());
    }
    let references: Vec<String> = people.iter().map(|(r, _)| r.clone()).collect();
    let changed: Vec<Event> = references
        .iter()
        .map(|reference| upon_person(app, scheme, actor, Act::ParticipantChanged, reference))
        .collect();
    let today = app.today();
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            participants::upsert(&mut audit::record_all(db, &changed)?, scheme.number, people, today)?;
            note_participants(app, db, scheme, references.iter())
        })
    })
}

/// Notes for other systems that participants were changed.
pub(super) fn note_participants<'r>(
    app: &App,
    db: &mut Db,
    scheme: &Scheme,
    references: impl Iterator<Item = &'r String>,
) -> Result<(), StorageError> {
    let noted = references.map(|r| change(app, scheme.number, ChangeKind::ParticipantChanged, r));
    changes::note(db, &noted.collect::<Vec<_>>())
}

/// What is written down of an act upon a participant.
pub(super) fn upon_person(app: &App, scheme: &Scheme, actor: &Actor, act: Act, reference: &str) -> Event {
    let pseudonym = app.secrets.pseudonym(scheme.number, reference);
    event(app, scheme.number, actor, act, Upon::of(TargetKind::Participant, pseudonym))
}

/// An invitation with the ways in that it gives. By which channel they reach the person is up to whoever calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Its id.
    pub id: String,
    /// The participant's reference.
    pub participant: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The day for which the person is asked.
    pub due_on: NaiveDate,
    /// The link; whoever has it can answer.
    pub link: String,
    /// The code to be typed, for paper and phones.
    pub code: String,
    /// The last day on which it can be answered.
    pub ends_on: NaiveDate,
}

/// Adds invitations, all or none. The participant must be known (to a worker: their own), supported on the day, and not held, stopped or
/// asked within eight weeks; and the scheme must have named its safeguarding leads, so that whoever is asked is also heard.
pub fn add_invitations(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    bodies: &[Value],
) -> Result<Vec<Invited>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_that_may_ask(app, &directory, actor, scheme_id)?;
    let wanted: Vec<NewInvitation> =
        bodies.iter().map(NewInvitation::check).collect::<Result<_, _>>().map_err(Refusal::Invalid)?;
    let references: Vec<String> = wanted.iter().map(|w| w.participant.clone()).collect();
    let several = wanted.len() > 1;
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            let records = asking::records(db, scheme.number, &references)?;
            let seen =
                records.into_iter().filter(|(_, record)| actor.sees(record.enrolment.worker.as_deref()));
            let mut inviting =
                Inviting { app, scheme, records: seen.collect(), rows: Vec::new(), faults: Vec::new() };
            for (index, new) in wanted.iter().enumerate() {
                let place = if several { format!("/{index}") } else { String::new() };
                inviting.invite(new, &place);
            }
            inviting.store(db, actor)
        })
    })?
}

/// Enters invitations that were made elsewhere, each asked on the day it was due; the rules of when somebody may be asked do not apply to
/// what has been. For made-up data and for history.
pub fn enter_invitations(app: &App, actor: &Actor, scheme_id: &str, bodies: &[Value]) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    let wanted: Vec<NewInvitation> =
        bodies.iter().map(NewInvitation::check).collect::<Result<_, _>>().map_err(Refusal::Invalid)?;
    let references: Vec<String> = wanted.iter().map(|w| w.participant.clone()).collect();
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            let records = asking::records(db, scheme.number, &references)?;
            let mut inviting = Inviting { app, scheme, records, rows: Vec::new(), faults: Vec::new() };
            for new in &wanted {
                if let Some(council) = inviting.council(new, "") {
                    inviting
                        .rows
                        .push(InvitationRow { asked_on: new.due_on, ..row(app, scheme, new, council) });
                }
            }
            inviting.store(db, actor)
        })
    })??;
    Ok(())
}

/// The scheme, if the actor may ask its people, and it has named its leads.
pub(super) fn scheme_that_may_ask<'d>(
    app: &App,
    directory: &'d Directory,
    actor: &Actor,
    scheme_id: &str,
) -> Result<&'d Scheme, Refusal> {
    let scheme = scheme_for(app, directory, actor, scheme_id, "", Action::Invite)?;
    if !scheme.contacts.are_enough_to_invite() {
        return Err(Refusal::LeadsMissing(leads_missing(scheme)));
    }
    Ok(scheme)
}

/// Invitations that are being made in an open transaction, under the scheme's lock: all of them, or every fault.
pub(super) struct Inviting<'a> {
    pub(super) app: &'a App,
    pub(super) scheme: &'a Scheme,
    /// The people whom the actor may ask.
    pub(super) records: BTreeMap<String, Record>,
    pub(super) rows: Vec<InvitationRow>,
    pub(super) faults: Vec<Fault>,
}

impl Inviting<'_> {
    /// Invites somebody if they may be asked today; else notes why not, at `place`.
    pub(super) fn invite(&mut self, new: &NewInvitation, place: &str) {
        let Some(council) = self.council(new, place) else { return };
        let kind = new.occasion.as_deref().and_then(OccasionKind::parse);
        let today = self.app.today();
        let Some(record) = self.records.get_mut(&new.participant) else { return };
        if let Err(refused) = record.may_ask(kind, new.due_on, today) {
            let key = if refused.code.starts_with("not-supported") { "due_on" } else { "participant" };
            self.faults.push(fault(&format!("{place}/{key}"), refused.code, refused.detail));
            return;
        }
        let row = row(self.app, self.scheme, new, council);
        // Whoever stands twice in one request is asked too soon the second time.
        record.asked.push(Asked {
            id: row.id.clone(),
            questionnaire: row.questionnaire.clone(),
            due_on: row.due_on,
            kind,
            asked_on: today,
            ends_on: row.ends_on,
            answered: false,
            reminded: Vec::new(),
        });
        self.rows.push(row);
    }

    /// The council for which the answers will count, if questionnaire and participant are known.
    fn council(&mut self, new: &NewInvitation, place: &str) -> Option<String> {
        if self.app.registry.latest(&new.questionnaire).is_none_or(|d| d.model != self.scheme.about.model) {
            let detail = "There is no such published questionnaire for the scheme's model.";
            self.faults.push(fault(&format!("{place}/questionnaire"), "unknown-questionnaire", detail));
            return None;
        }
        if let Some(fault) = asked_openly(self.app, &new.questionnaire, &format!("{place}/questionnaire")) {
            self.faults.push(fault);
            return None;
        }
        let record = self.records.get(&new.participant);
        if record.is_none() {
            let detail = "The scheme has no such participant.";
            self.faults.push(fault(&format!("{place}/participant"), "unknown-participant", detail));
        }
        record.map(|record| record.enrolment.council_on(new.due_on).to_owned())
    }

    /// Stores them with their ways in, unless there is a fault.
    pub(super) fn store(
        self,
        db: &mut Db,
        actor: &Actor,
    ) -> Result<Result<Vec<Invited>, Refusal>, StorageError> {
        if !self.faults.is_empty() {
            return Ok(Err(Refusal::Invalid(self.faults)));
        }
        if self.rows.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let (app, scheme) = (self.app, self.scheme);
        let made = self.rows.iter().map(|row| {
            let target = Upon::of(TargetKind::Invitation, &row.id);
            let made = event(app, scheme.number, actor, Act::InvitationMade, target);
            made.code("participant", &app.secrets.pseudonym(scheme.number, &row.person))
        });
        let db = &mut audit::record_all(db, &made.collect::<Vec<Event>>())?;
        invitations::insert(db, &self.rows)?;
        let invited = self.rows.iter().map(|row| ways_of(app, row)).collect();
        match open_ways(app, db, scheme.number, self.rows.iter().map(|row| row.id.as_str())) {
            Ok(()) => Ok(Ok(invited)),
            Err(Refusal::Storage(error)) => Err(error),
            Err(other) => Ok(Err(other)),
        }
    }
}

fn row(app: &App, scheme: &Scheme, new: &NewInvitation, council: String) -> InvitationRow {
    InvitationRow {
        scheme_number: scheme.number,
        id: app.new_id(),
        person: new.participant.clone(),
        questionnaire: new.questionnaire.clone(),
        due_on: new.due_on,
        council,
        created_at: app.now(),
        occasion: new.occasion.clone(),
        ends_on: new.ends_on,
        answered_at: None,
        unfinished: false,
        asked_on: app.today(),
    }
}

/// An invitation with its ways in; they are derived, so they can be shown again.
pub(super) fn ways_of(app: &App, row: &InvitationRow) -> Invited {
    let link = app.link(&format!("/s/{}", app.secrets.link_code(row.scheme_number, &row.id)));
    Invited {
        id: row.id.clone(),
        participant: row.person.clone(),
        questionnaire: row.questionnaire.clone(),
        due_on: row.due_on,
        link,
        code: app.secrets.typed_code(row.scheme_number, &row.id),
        ends_on: row.ends_on,
    }
}

/// Makes links and codes of these invitations lead to them.
pub(super) fn open_ways<'i>(
    app: &App,
    db: &mut Db,
    scheme_number: i64,
    ids: impl Iterator<Item = &'i str>,
) -> Result<(), Refusal> {
    let mut codes = Vec::new();
    for id in ids {
        for way in [app.secrets.link_code(scheme_number, id), app.secrets.typed_code(scheme_number, id)] {
            codes.push(entry_code(app, &way, Target::Invitation(id.to_owned()))?);
        }
    }
    Ok(ways_in::insert_codes(db, &codes)?)
}

/// Why nobody is invited to a questionnaire by name, if that is so.
pub(super) fn asked_openly(app: &App, questionnaire: &str, pointer: &str) -> Option<Fault> {
    let definition = app.registry.latest(questionnaire).filter(|d| !d.can_be_sent_by_name())?;
    let who = if definition.asks_at_work() {
        "The people who answer this are not in the scheme's list of people."
    } else {
        "People answer this without giving a name."
    };
    let detail = format!("{who} Give them the open link.");
    Some(fault(pointer, "asked-openly", detail))
}

/// A fault at `pointer`.
pub(super) fn fault(pointer: &str, code: &'static str, detail: impl Into<String>) -> Fault {
    Fault { pointer: pointer.into(), code, detail: detail.into() }
}

/// The stored form of a way in that was made here.
pub(super) fn entry_code(app: &App, way: &str, target: Target) -> Result<EntryCodeRow, Refusal> {
    let (scheme_number, code_hash) = app
        .secrets
        .read_way_in(way)
        .ok_or_else(|| StorageError::Corrupt("a way in that was made here cannot be read".into()))?;
    let (mut invitation_id, mut open_link_id, mut draft_id) = (None, None, None);
    match target {
        Target::Invitation(id) => invitation_id = Some(id),
        Target::OpenLink(id) => open_link_id = Some(id),
        Target::Draft(id) => draft_id = Some(id),
    }
    Ok(EntryCodeRow { scheme_number, code_hash, invitation_id, open_link_id, draft_id })
}

/// What a way in leads to.
pub(super) enum Target {
    Invitation(String),
    OpenLink(String),
    Draft(String),
}

/// Takes an invitation back: its link and its code lead nowhere, and what was begun is deleted. One that has been answered stays,
/// and only its ways in go.
pub fn revoke_invitation(app: &App, actor: &Actor, scheme_id: &str, id: &str) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::Invite)?;
    let found = app.store.read(|db| {
        let Some(invitation) = invitations::find(db, scheme.number, id)? else { return Ok(None) };
        let person = participants::find(db, scheme.number, std::slice::from_ref(&invitation.person))?.pop();
        let worker = person.and_then(|(_, enrolment)| enrolment.worker);
        Ok(Some(invitation).filter(|_| actor.sees(worker.as_deref())))
    })?;
    let invitation = found.ok_or(Refusal::Unknown(None))?;
    let revoked =
        event(app, scheme.number, actor, Act::InvitationRevoked, Upon::of(TargetKind::Invitation, id));
    let revoked = revoked.code("participant", &app.secrets.pseudonym(scheme.number, &invitation.person));
    app.store.write(|db| {
        change_people(app, db, scheme.number, std::slice::from_ref(&invitation.person), |db| {
            let db = &mut audit::record(db, &revoked)?;
            ways_in::delete_codes(db, scheme.number, id)?;
            outbox::forget_invitation(db, scheme.number, id)?;
            if invitation.answered_at.is_none() {
                asking::delete_reminders(db, scheme.number, id)?;
            }
            drafts::delete(db, scheme.number, id)?;
            if invitations::delete_unanswered(db, scheme.number, id)? {
                changes::note(db, &[change(app, scheme.number, ChangeKind::InvitationEnded, id)])?;
            }
            Ok(())
        })
    })?;
    app.sittings.forget(scheme.number, id);
    Ok(())
}

fn leads_missing(scheme: &Scheme) -> Fault {
    let named = match scheme.contacts.leads.len() {
        0 => "no safeguarding lead".to_owned(),
        1 => "one safeguarding lead".to_owned(),
        more => format!("{more} safeguarding leads"),
    };
    Fault {
        pointer: String::new(),
        code: "leads-missing",
        detail: format!(
            "The scheme has named {named}; it needs {LEADS_TO_INVITE}, with different e-mail addresses. \
             Name them with PUT /api/v1/schemes/{}/contacts.",
            scheme.about.id
        ),
    }
}
