//! Erasing a person: everything that is stored of a participant goes at once, and figures go with it.
//!
//! What stays tells nothing of them: keyed hashes of keys under which their responses were sent, so that a retry counts nothing; and that
//! a safeguarding task was, without whom it was about.

use super::change_people::change_people;
use super::read_changes::change;
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target, TargetKind};
use crate::domain::change::ChangeKind;
use crate::storage::audit::Recorded;
use crate::storage::{
    StorageError, asking, audit, changes, drafts, identities, invitations, outbox, participants, responses,
    steady_figures, tallies, tasks, visits, ways_in,
};

/// Erases a participant of a scheme: responses with their history, drafts, invitations with their ways in and what was written to send them, identity,
/// needs, and the participant.
///
/// # Errors
///
/// [`Refusal::Unknown`], if the scheme has nothing of such a person.
pub fn erase_person(app: &App, actor: &Actor, scheme_id: &str, reference: &str) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ErasePerson)?;
    let number = scheme.number;
    let persons = [reference.to_owned()];
    let target = Target::of(TargetKind::Participant, app.secrets.pseudonym(number, reference));
    let done = event(app, number, actor, Act::PersonErased, target);
    let erased = app.store.write(|db| {
        let erased = change_people(app, db, number, &persons, |db| {
            Ok(audit::record_if(db, &done, |db| Ok(erase(app, db, number, reference)?.then_some(())))?
                .is_some())
        })?;
        // That somebody's answers changed still counts towards the next snapshot; who it was does not stay.
        tallies::forget_changed(db, number, reference, &format!("~{}", app.new_id()))?;
        Ok(erased)
    })?;
    if erased { Ok(()) } else { Err(Refusal::Unknown(None)) }
}

/// Erases what there is; says whether there was anything.
pub(super) fn erase(
    app: &App,
    db: &mut Recorded<'_>,
    number: i64,
    reference: &str,
) -> Result<bool, StorageError> {
    let persons = [reference.to_owned()];
    let known = !participants::find(db, number, &persons)?.is_empty();
    let invited = invitations::of_people(db, number, &persons)?;
    let said = responses::ids_of(db, number, reference)?;
    for invitation in &invited {
        ways_in::delete_codes(db, number, &invitation.id)?;
        asking::delete_reminders(db, number, &invitation.id)?;
        outbox::forget_invitation(db, number, &invitation.id)?;
        drafts::delete(db, number, &invitation.id)?; // a draft has its invitation's id; others are anonymous
    }
    for id in &said {
        drafts::forget_response(db, number, id)?;
        tasks::forget_response(db, number, id)?;
        steady_figures::forget_response(db, number, id)?;
        responses::erase(db, number, id)?;
    }
    tasks::forget_person(db, number, reference)?;
    invitations::delete_of(db, number, reference)?;
    asking::forget_person(db, number, reference)?;
    identities::delete(db, number, reference)?;
    visits::delete(db, number, reference)?;
    participants::delete(db, number, reference)?;
    let erased = said.iter().map(|id| change(app, number, ChangeKind::ResponseErased, id));
    let ended = invited.iter().filter(|i| i.answered_at.is_none());
    let ended = ended.map(|i| change(app, number, ChangeKind::InvitationEnded, &i.id));
    let gone = known.then(|| change(app, number, ChangeKind::ParticipantErased, reference));
    changes::note(db, &erased.chain(ended).chain(gone).collect::<Vec<_>>())?;
    Ok(known || !invited.is_empty() || !said.is_empty())
}
