//! Participants and invitations, as figures need them.

use chrono::NaiveDate;
use serde_json::Value;

use super::change_people::change_people;
use super::read_changes::change;
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event, Target as Upon, TargetKind};
use crate::domain::change::ChangeKind;
use crate::domain::contacts::LEADS_TO_INVITE;
use crate::domain::fault::Fault;
use crate::domain::participant::{Enrolment, NewInvitation, is_reference};
use crate::domain::scheme::Scheme;
use crate::storage::invitations::{self, InvitationRow};
use crate::storage::participants;
use crate::storage::ways_in::{self, EntryCodeRow};
use crate::storage::{StorageError, audit, changes, drafts};

/// Adds or replaces participants: (reference, body).
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
        enrolments.push((reference.clone(), check_enrolment(app, scheme, reference, body)?));
    }
    let references: Vec<String> = people.iter().map(|(r, _)| r.clone()).collect();
    if references.is_empty() {
        return Ok(());
    }
    let changed: Vec<Event> = references
        .iter()
        .map(|reference| {
            let pseudonym = app.secrets.pseudonym(scheme.number, reference);
            let target = Upon::of(TargetKind::Participant, pseudonym);
            event(app, scheme.number, actor, Act::ParticipantChanged, target)
        })
        .collect();
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            participants::upsert(&mut audit::record_all(db, &changed)?, scheme.number, &enrolments)?;
            let noted =
                references.iter().map(|r| change(app, scheme.number, ChangeKind::ParticipantChanged, r));
            changes::note(db, &noted.collect::<Vec<_>>())
        })
    })?;
    Ok(())
}

/// Checks what is entered of a participant.
pub(super) fn check_enrolment(
    app: &App,
    scheme: &Scheme,
    reference: &str,
    body: &Value,
) -> Result<Enrolment, Refusal> {
    if !is_reference(reference) {
        return Err(Refusal::Invalid(vec![Fault {
            pointer: String::new(),
            code: "bad-reference",
            detail: "A participant's reference has 1 to 64 letters, digits, dots, underscores or hyphens."
                .into(),
        }]));
    }
    Enrolment::check(body, &app.registry, |code, date| scheme.councils_on(date).any(|c| c == code))
        .map_err(Refusal::Invalid)
}

/// An invitation with the ways in that it gives.
pub struct Invited {
    /// Its id.
    pub id: String,
    /// The link; whoever has it can answer.
    pub link: String,
    /// The code to be typed, for paper and phones.
    pub code: String,
    /// The last day on which it can be answered.
    pub ends_on: NaiveDate,
}

/// Adds invitations. The participant must be known, and supported on the day; and the scheme must have named its safeguarding
/// leads, so that whoever is asked is also heard.
pub fn add_invitations(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    bodies: &[Value],
) -> Result<Vec<Invited>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::Invite)?;
    if !scheme.contacts.are_enough_to_invite() {
        return Err(Refusal::LeadsMissing(leads_missing(scheme)));
    }
    let wanted: Vec<NewInvitation> =
        bodies.iter().map(NewInvitation::check).collect::<Result<_, _>>().map_err(Refusal::Invalid)?;
    let references: Vec<String> = wanted.iter().map(|w| w.participant.clone()).collect();
    let known: std::collections::BTreeMap<String, Enrolment> =
        app.store.read(|db| participants::find(db, scheme.number, &references))?.into_iter().collect();
    let now = app.now();
    let mut rows = Vec::with_capacity(wanted.len());
    for new in wanted {
        let refuse = |pointer: &str, code, detail: &str| {
            Refusal::Invalid(vec![Fault { pointer: pointer.into(), code, detail: detail.into() }])
        };
        if app.registry.latest(&new.questionnaire).is_none_or(|d| d.model != scheme.about.model) {
            return Err(refuse(
                "/questionnaire",
                "unknown-questionnaire",
                "There is no such published questionnaire for the scheme's model.",
            ));
        }
        let Some(enrolment) = known.get(&new.participant) else {
            return Err(refuse("/participant", "unknown-participant", "The scheme has no such participant."));
        };
        if new.due_on < enrolment.supported_from {
            return Err(refuse(
                "/due_on",
                "not-supported-yet",
                "The person is not supported by the scheme on that day.",
            ));
        }
        rows.push(InvitationRow {
            scheme_number: scheme.number,
            id: app.new_id(),
            person: new.participant,
            questionnaire: new.questionnaire,
            due_on: new.due_on,
            council: enrolment.council.clone(),
            created_at: now,
            occasion: new.occasion,
            ends_on: new.ends_on,
            answered_at: None,
            unfinished: false,
        });
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut codes = Vec::with_capacity(rows.len() * 2);
    let mut invited = Vec::with_capacity(rows.len());
    for row in &rows {
        let (link, code) = (
            app.secrets.link_code(row.scheme_number, &row.id),
            app.secrets.typed_code(row.scheme_number, &row.id),
        );
        for way in [&link, &code] {
            codes.push(entry_code(app, way, Target::Invitation(row.id.clone()))?);
        }
        let link = app.link(&format!("/s/{link}"));
        invited.push(Invited { id: row.id.clone(), link, code, ends_on: row.ends_on });
    }
    let made: Vec<Event> = rows
        .iter()
        .map(|row| {
            let target = Upon::of(TargetKind::Invitation, &row.id);
            let made = event(app, scheme.number, actor, Act::InvitationMade, target);
            made.code("participant", &app.secrets.pseudonym(scheme.number, &row.person))
        })
        .collect();
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            let db = &mut audit::record_all(db, &made)?;
            invitations::insert(db, &rows)?;
            ways_in::insert_codes(db, &codes)
        })
    })?;
    Ok(invited)
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
    let found = app.store.read(|db| invitations::find(db, scheme.number, id))?;
    let invitation = found.ok_or(Refusal::Unknown(None))?;
    let revoked =
        event(app, scheme.number, actor, Act::InvitationRevoked, Upon::of(TargetKind::Invitation, id));
    let revoked = revoked.code("participant", &app.secrets.pseudonym(scheme.number, &invitation.person));
    app.store.write(|db| {
        change_people(app, db, scheme.number, std::slice::from_ref(&invitation.person), |db| {
            let db = &mut audit::record(db, &revoked)?;
            ways_in::delete_codes(db, scheme.number, id)?;
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
