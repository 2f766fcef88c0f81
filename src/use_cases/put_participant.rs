//! One participant by the scheme's own reference: added or replaced, so that another system can send the same again and again.

use serde_json::Value;

use super::change_people::change_people;
use super::manage_people::{check_enrolment, note_participants, upon_person};
use super::{Refusal, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::fault::Fault;
use crate::domain::participant::Enrolment;
use crate::storage::{Db, StorageError, audit, participants};

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

/// What would be wrong with a participant as they are sent. Nothing is written or read of them.
pub fn check_participant(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<Vec<Fault>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManagePeople)?;
    match check_enrolment(app, &directory, scheme, reference, body) {
        Ok(_) => Ok(Vec::new()),
        Err(Refusal::Invalid(faults)) => Ok(faults),
        Err(other) => Err(other),
    }
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
    let enrolment = check_enrolment(app, &directory, scheme, reference, body)?;
    let tag = tag_of(app, &enrolment);
    let person = reference.to_owned();
    let put = |added| PutParticipant { added, tag: tag.clone() };
    // What need not be written takes no lock.
    let known = app.store.read(|db| find(db, scheme.number, reference))?.map(|e| tag_of(app, &e));
    if known.as_ref() == Some(&tag) && precondition.holds(known.as_deref()) {
        return Ok(put(false));
    }
    let entered = upon_person(app, scheme, actor, Act::ParticipantChanged, reference);
    let added = app.store.write(|db| {
        change_people(app, db, scheme.number, std::slice::from_ref(&person), |db| {
            let known = find(db, scheme.number, reference)?.map(|e| tag_of(app, &e));
            if !precondition.holds(known.as_deref()) {
                return Ok(None);
            }
            let db = &mut audit::record(db, &entered)?;
            participants::upsert(db, scheme.number, &[(person.clone(), enrolment.clone())], app.today())?;
            note_participants(app, db, scheme, std::iter::once(&person))?;
            Ok(Some(known.is_none()))
        })
    })?;
    added.map(put).ok_or(Refusal::Changed)
}

fn find(db: &mut Db, scheme_number: i64, reference: &str) -> Result<Option<Enrolment>, StorageError> {
    let found = participants::find(db, scheme_number, &[reference.to_owned()])?;
    Ok(found.into_iter().next().map(|(_, enrolment)| enrolment))
}

/// A keyed hash, so that nobody can find out by trying what is entered of a person.
pub(super) fn tag_of(app: &App, enrolment: &Enrolment) -> String {
    let bytes = app.secrets.hash(&[b"participant", format!("{enrolment:?}").as_bytes()]);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
