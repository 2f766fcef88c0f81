//! One participant by the scheme's own reference: read, added or replaced, so that another system can send the same again and again.

use serde_json::{Value, json};

use super::change_people::change_people;
use super::manage_people::check_enrolment;
use super::read_changes::change;
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target, TargetKind};
use crate::domain::change::ChangeKind;
use crate::domain::participant::Enrolment;
use crate::domain::scheme::Scheme;
use crate::domain::submission::sent_about;
use crate::storage::{Db, StorageError, audit, changes, participants};

/// What must be so before a participant is written.
#[derive(Debug, Clone, Default)]
pub struct Precondition {
    /// It bears one of these tags; `*` = it is there.
    pub matches: Option<Vec<String>>,
    /// It is not there yet.
    pub absent: bool,
}

impl Precondition {
    fn holds(&self, tag: Option<&str>) -> bool {
        let matches = self
            .matches
            .as_ref()
            .is_none_or(|wanted| tag.is_some_and(|tag| wanted.iter().any(|w| w == "*" || w == tag)));
        matches && !(self.absent && tag.is_some())
    }
}

/// What became of a participant that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutParticipant {
    /// Whether there was none with this reference.
    pub added: bool,
    /// What it bears now.
    pub tag: String,
}

/// Adds or replaces a participant. Sending what is there already changes nothing.
pub fn put_participant(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
    precondition: &Precondition,
) -> Result<PutParticipant, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    let enrolment = check_enrolment(app, scheme, reference, body)?;
    let tag = tag_of(app, &enrolment);
    let person = reference.to_owned();
    let put = |added| PutParticipant { added, tag: tag.clone() };
    // What need not be written takes no lock.
    let known = app.store.read(|db| find(db, scheme.number, reference))?.map(|e| tag_of(app, &e));
    if known.as_ref() == Some(&tag) && precondition.holds(known.as_deref()) {
        return Ok(put(false));
    }
    let entered = event(app, scheme.number, actor, Act::ParticipantChanged, upon(app, scheme, reference));
    let added = app.store.write(|db| {
        change_people(app, db, scheme.number, std::slice::from_ref(&person), |db| {
            let known = find(db, scheme.number, reference)?.map(|e| tag_of(app, &e));
            if !precondition.holds(known.as_deref()) {
                return Ok(None);
            }
            let db = &mut audit::record(db, &entered)?;
            participants::upsert(db, scheme.number, &[(person.clone(), enrolment.clone())])?;
            changes::note(db, &[change(app, scheme.number, ChangeKind::ParticipantChanged, reference)])?;
            Ok(Some(known.is_none()))
        })
    })?;
    added.map(put).ok_or(Refusal::Changed)
}

/// What was entered of a participant, with its tag.
pub fn read_participant(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
) -> Result<(Value, String), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadPeople)?;
    let read = event(app, scheme.number, actor, Act::ParticipantRead, upon(app, scheme, reference));
    let found = app.store.write(|db| audit::record_if(db, &read, |db| find(db, scheme.number, reference)))?;
    let enrolment = found.ok_or(Refusal::Unknown(None))?;
    Ok((describe(app, &enrolment), tag_of(app, &enrolment)))
}

/// A participant, as the audit log names them.
fn upon(app: &App, scheme: &Scheme, reference: &str) -> Target {
    Target::of(TargetKind::Participant, app.secrets.pseudonym(scheme.number, reference))
}

fn find(db: &mut Db, scheme_number: i64, reference: &str) -> Result<Option<Enrolment>, StorageError> {
    let found = participants::find(db, scheme_number, &[reference.to_owned()])?;
    Ok(found.into_iter().next().map(|(_, enrolment)| enrolment))
}

/// In the shape in which it is sent.
fn describe(app: &App, enrolment: &Enrolment) -> Value {
    json!({
        "council": enrolment.council, "supported_from": enrolment.supported_from, "supported_to": enrolment.supported_to,
        "not_asked": enrolment.not_asked.as_ref().map(|n| json!({"from": n.from, "reason": n.reason})),
        "about": sent_about(&enrolment.about, &app.registry),
    })
}

/// A keyed hash, so that nobody can find out by trying what is entered of a person.
fn tag_of(app: &App, enrolment: &Enrolment) -> String {
    let bytes = app.secrets.hash(&[b"participant", describe(app, enrolment).to_string().as_bytes()]);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
