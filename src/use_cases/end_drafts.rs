//! What becomes of drafts whose time is over: kept ones are sent as they stand, others are deleted and counted as unfinished.

use super::Refusal;
use super::answer_pages::Sitting;
use super::change_people::change_people;
use super::read_changes::change;
use super::sealing::open_draft;
use super::send_answers::to_response;
use crate::app::App;
use crate::clock::day_of;
use crate::domain::answering::Draft;
use crate::domain::change::ChangeKind;
use crate::storage::drafts::{self, DraftRow};
use crate::storage::queue::Committed;
use crate::storage::{StorageError, changes, invitations, ways_in};

/// How many are looked at in one go.
const AT_ONCE: i64 = 200;

/// Ends every draft whose time is over; says how many. Safe to run in several processes at once.
pub fn end_drafts(app: &App) -> Result<usize, StorageError> {
    let mut ended = 0;
    loop {
        let over = app.store.read(|db| drafts::ended(db, app.now(), AT_ONCE))?;
        let Some(last) = over.len().checked_sub(1) else { break };
        let mut moved_on = 0;
        for row in &over {
            moved_on += usize::from(end_draft(app, row)?);
        }
        ended += moved_on;
        // Drafts that could not be ended now (a version that is not loaded here) wait for another process or another day.
        if moved_on == 0 || last + 1 < usize::try_from(AT_ONCE).unwrap_or(0) {
            break;
        }
    }
    let today = app.today();
    app.store.write(|db| ways_in::forget_uses(db, today))?;
    Ok(ended)
}

fn end_draft(app: &App, row: &DraftRow) -> Result<bool, StorageError> {
    app.sittings.forget(row.scheme_number, &row.id);
    let draft: Draft = serde_json::from_str(&row.body)?;
    if row.response_id.is_none() && draft.keep && draft.can_be_sent() && send_kept(app, row)? {
        return Ok(true);
    }
    let scheme_number = row.scheme_number;
    if row.response_id.is_some() {
        return app.store.write(|db| drafts::delete(db, scheme_number, &row.id));
    }
    if draft.keep && draft.can_be_sent() {
        return Ok(false); // kept answers are never deleted here; they are tried again
    }
    // Not if it was sent, or saved once more, since it was read: then it is looked at again.
    let delete = |db: &mut _| drafts::delete_unsent(db, scheme_number, &row.id, row.revision);
    match (&draft.origin.invitation, &draft.origin.participant, &draft.origin.open_link) {
        (Some(invitation), Some(person), _) => app.store.write(|db| {
            change_people(app, db, scheme_number, std::slice::from_ref(person), |db| {
                let gone = delete(db)?;
                if gone {
                    invitations::mark_unfinished(db, scheme_number, invitation)?;
                    changes::note(
                        db,
                        &[change(app, scheme_number, ChangeKind::InvitationEnded, invitation)],
                    )?;
                }
                Ok(gone)
            })
        }),
        (_, _, Some(link)) => app.store.write(|db| {
            let gone = delete(db)?;
            if gone {
                ways_in::count_unfinished(db, scheme_number, link)?;
            }
            Ok(gone)
        }),
        _ => app.store.write(delete),
    }
}

/// Sends a draft that the person said to keep, as it stands, for the day on which it was last saved.
fn send_kept(app: &App, row: &DraftRow) -> Result<bool, StorageError> {
    let draft = open_draft(app, row)?;
    let version = draft.origin.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&draft.origin.questionnaire, v));
    let Some(definition) = definition.cloned() else { return Ok(false) };
    let sitting = Sitting {
        scheme_number: row.scheme_number,
        id: row.id.clone(),
        revision: row.revision,
        number: draft.sittings,
        draft,
        definition,
        ends_at: row.ends_at,
        response_id: None,
    };
    let response = match to_response(app, &sitting, day_of(row.updated_at)) {
        Ok(response) => response,
        Err(Refusal::Storage(error)) => return Err(error),
        Err(_) => return Ok(false), // logged where it was checked
    };
    let outcome = app.queue.submit_blocking(response)?.blocking_recv();
    let outcome = outcome.map_err(|_| StorageError::Unavailable("the commit queue has stopped".into()))??;
    Ok(matches!(outcome, Committed::New(_) | Committed::Replayed(_)))
}
