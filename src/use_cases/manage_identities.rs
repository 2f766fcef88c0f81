//! Who a participant is and how to reach them: for the scheme that supports them, and nobody else; for a worker, their own people's.

use std::collections::BTreeMap;

use serde_json::Value;

use super::sealing::{identities_of, identity_of, place, seal_json};
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event, Target, TargetKind};
use crate::domain::identity::Identity;
use crate::domain::schedule::Unwanted;
use crate::domain::scheme::Scheme;
use crate::storage::sealed_columns::IDENTITY;
use crate::storage::{Db, StorageError, audit, identities, invitations, outbox, participants, tallies};

/// The identity of a participant.
///
/// # Errors
///
/// [`Refusal::Unknown`] if there is none; storage's `Sealed` if it cannot be opened.
pub fn read_identity(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
) -> Result<Identity, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadIdentity)?;
    let read = about(app, actor, scheme, reference, Act::IdentityRead);
    // Recorded only if there is one to be read.
    let sealed = app.store.write(|db| {
        audit::record_if(db, &read, |db| {
            if !is_seen(db, actor, scheme, reference)? {
                return Ok(None);
            }
            identities::find(db, scheme.number, reference)
        })
    })?;
    let sealed = sealed.ok_or(Refusal::Unknown(None))?;
    let text = app.vault.open(&place(&IDENTITY, scheme.number, reference), &sealed)?;
    Ok(serde_json::from_str(&text).map_err(StorageError::from)?)
}

/// The identities of those of these participants whom the actor sees and of whom one is known, by reference. One entry in the audit log
/// says that they were listed, and how many.
pub fn list_identities(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    references: &[String],
) -> Result<BTreeMap<String, Identity>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadIdentity)?;
    if references.is_empty() {
        return Ok(BTreeMap::new());
    }
    let count = i64::try_from(references.len()).unwrap_or(i64::MAX);
    let listed = event(app, scheme.number, actor, Act::IdentitiesListed, scheme_target(scheme));
    let listed = listed.number("people", count);
    Ok(app.store.write(|db| {
        let db = &mut audit::record(db, &listed)?;
        let people = participants::find(db, scheme.number, references)?;
        let seen: Vec<String> = people
            .into_iter()
            .filter(|(_, enrolment)| actor.sees(enrolment.worker.as_deref()))
            .map(|(reference, _)| reference)
            .collect();
        identities_of(app, db, scheme.number, &seen)
    })?)
}

/// Something done with who a participant is, to be recorded.
fn about(app: &App, actor: &Actor, scheme: &Scheme, reference: &str, act: Act) -> Event {
    let pseudonym = app.secrets.pseudonym(scheme.number, reference);
    event(app, scheme.number, actor, act, Target::of(TargetKind::Participant, pseudonym))
}

/// Whether the scheme has the participant, and the actor sees them.
fn is_seen(db: &mut Db, actor: &Actor, scheme: &Scheme, reference: &str) -> Result<bool, StorageError> {
    let found = participants::find(db, scheme.number, &[reference.to_owned()])?;
    Ok(found.iter().any(|(_, enrolment)| actor.sees(enrolment.worker.as_deref())))
}

/// Adds or replaces the identity of a participant whom the scheme has.
pub fn put_identity(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<Identity, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::PutIdentity)?;
    let identity = Identity::check(body).map_err(Refusal::Invalid)?;
    let sealed = seal_json(&app.vault, &place(&IDENTITY, scheme.number, reference), &identity)?;
    let wanted = [reference.to_owned()];
    let changed = about(app, actor, scheme, reference, Act::IdentityChanged);
    let known = app.store.write(|db| {
        // Under the scheme's lock: nobody's name is written who is erased at the same moment.
        tallies::lock(db, scheme.number)?;
        let known = is_seen(db, actor, scheme, reference)?;
        if known {
            let db = &mut audit::record(db, &changed)?;
            // What cannot be read any more is mended by what is entered now.
            let before = identity_of(app, db, scheme.number, reference).ok();
            identities::put(db, scheme.number, reference, &sealed, app.now())?;
            // What is on its way to an address that was wrong must not get there.
            let same = before.is_some_and(|b| b.is_none_or(|before| before.is_reached_like(&identity)));
            if !same {
                for row in invitations::of_people(db, scheme.number, &wanted)? {
                    let code = Unwanted::ContactChanged.code();
                    outbox::stop_waiting(db, scheme.number, &row.id, app.now(), code)?;
                }
            }
        }
        Ok(known)
    })?;
    if known { Ok(identity) } else { Err(Refusal::Unknown(None)) }
}
