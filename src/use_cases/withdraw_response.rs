//! Withdrawing a response (it counts no more, and is kept), and erasing it (it is gone).
//!
//! A safeguarding task that it raised goes on in both cases: somebody may have been made to take back what they said.

use super::change_people::change_people;
use super::correct_response::changeable;
use super::read_changes::change;
use super::sealing::event_body;
use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::audit::{Act, By, Target, TargetKind};
use crate::domain::change::ChangeKind;
use crate::secrets::public_id;
use crate::storage::responses::{self, EventRow, ResponseRow};
use crate::storage::{StorageError, audit, changes, drafts, steady_figures, tasks};

/// Withdraws by staff. Withdrawing again is no fault.
pub fn withdraw_response(app: &App, actor: &Actor, public: &str) -> Result<(), Refusal> {
    let row = changeable(app, actor, public)?;
    Ok(withdraw(app, &row, Some(actor.account.clone()))?)
}

/// Withdraws with the receipt, without an account.
pub fn withdraw_by_receipt(app: &App, receipt: &str) -> Result<(), Refusal> {
    let (number, hash) = app.secrets.read_receipt(receipt).ok_or(Refusal::Unknown(None))?;
    let row =
        app.store.read(|db| responses::find_by_receipt(db, number, &hash))?.ok_or(Refusal::Unknown(None))?;
    Ok(withdraw(app, &row, None)?)
}

fn withdraw(app: &App, row: &ResponseRow, account: Option<String>) -> Result<(), StorageError> {
    let by = account.clone().map_or(By::Respondent, By::Account);
    let withdrawn = event(app, row.scheme_number, by, Act::ResponseWithdrawn, target(row));
    app.store.write(|db| {
        change_people(app, db, row.scheme_number, std::slice::from_ref(&row.person), |db| {
            // Read again under the lock: two withdrawals at once, or a correction in between.
            let Some(now) =
                responses::find(db, row.scheme_number, &row.id)?.filter(|r| r.withdrawn_at.is_none())
            else {
                return Ok(());
            };
            let db = &mut audit::record(db, &withdrawn)?;
            responses::withdraw(db, &now, app.now())?;
            changes::note(db, &[change(app, now.scheme_number, ChangeKind::ResponseWithdrawn, &now.id)])?;
            responses::insert_event(
                db,
                &EventRow {
                    scheme_number: now.scheme_number,
                    response_id: now.id.clone(),
                    revision: now.revision,
                    kind: "withdrawn".into(),
                    at: app.now(),
                    account: account.clone(),
                    old_body: event_body(app, &now)?,
                },
            )
        })
    })
}

/// Erases a response at once. Of its key a keyed hash stays, so that a retry counts nothing.
pub fn erase_response(app: &App, actor: &Actor, public: &str) -> Result<(), Refusal> {
    let row = changeable(app, actor, public)?;
    let erased = event(app, row.scheme_number, actor, Act::ResponseErased, target(&row));
    app.store.write(|db| {
        change_people(app, db, row.scheme_number, std::slice::from_ref(&row.person), |db| {
            audit::record_if(db, &erased, |db| {
                drafts::forget_response(db, row.scheme_number, &row.id)?;
                tasks::forget_response(db, row.scheme_number, &row.id)?;
                steady_figures::forget_response(db, row.scheme_number, &row.id)?;
                changes::note(db, &[change(app, row.scheme_number, ChangeKind::ResponseErased, &row.id)])?;
                Ok(responses::erase(db, row.scheme_number, &row.id)?.then_some(()))
            })
        })
    })?;
    Ok(())
}

fn target(row: &ResponseRow) -> Target {
    Target::of(TargetKind::Response, public_id(row.scheme_number, &row.id))
}
