//! Writing down why a person was not asked on one occasion, or was asked and could not take part.

use serde_json::Value;

use super::change_people::change_people;
use super::due_list::{Asking, own_record};
use super::manage_people::{fault, upon_person};
use super::{Refusal, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::schedule::{NewNote, NoteKind, Press};
use crate::storage::asking::{self, NoteRow};
use crate::storage::audit;

/// Writes down why a person is not asked on one occasion. Not asking an eligible person needs a reason.
pub fn record_not_asked(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<(), Refusal> {
    note(app, actor, scheme_id, reference, body, NoteKind::NotAsked)
}

/// Writes down why a person who was asked could not take part. Reminders stop; the link still leads to the survey, should they want to.
pub fn record_could_not(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<(), Refusal> {
    note(app, actor, scheme_id, reference, body, NoteKind::CouldNot)
}

fn note(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
    kind: NoteKind,
) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    let today = app.today();
    let new = NewNote::check(body, today).map_err(Refusal::Invalid)?;
    let wanted = match kind {
        NoteKind::NotAsked => Press::NotAsked,
        NoteKind::CouldNot => Press::CouldNot,
    };
    app.store.write(|db| {
        change_people(app, db, scheme.number, &[reference.to_owned()], |db| {
            let Some(record) = own_record(db, actor, scheme, reference)? else {
                return Ok(Err(Refusal::Unknown(None)));
            };
            let occasions = Asking::load(app, db, scheme)?.occasions(&record, today, new.due_on);
            let found =
                occasions.iter().find(|o| o.questionnaire == new.questionnaire && o.due_on == new.due_on);
            let refused =
                |code, detail: String| Ok(Err(Refusal::Invalid(vec![fault("/due_on", code, detail)])));
            let Some(occasion) = found else {
                let detail = "The person is not due by this questionnaire on that day.".to_owned();
                return refused("unknown-occasion", detail);
            };
            let again = occasion.state.reason().is_some() && occasion.event.is_none();
            let asked = occasion.invitation.is_some();
            let fits = occasion.may.contains(&wanted) || again && asked == (kind == NoteKind::CouldNot);
            if !fits {
                let code = if asked { "already-asked" } else { "not-asked-yet" };
                return refused(code, format!("This does not fit how it stands. {}", occasion.why));
            }
            let noted = upon_person(app, scheme, actor, Act::AskingNoted, reference);
            let noted = noted.code("kind", kind.code()).code("reason", new.reason.code());
            asking::put_note(
                &mut audit::record(db, &noted)?,
                &NoteRow {
                    scheme_number: scheme.number,
                    person: reference.to_owned(),
                    questionnaire: new.questionnaire.clone(),
                    due_on: new.due_on,
                    kind: kind.code().to_owned(),
                    reason: new.reason.code().to_owned(),
                    noted_on: new.on,
                    recorded_at: app.now(),
                    recorded_by: actor.account.clone(),
                },
            )?;
            Ok(Ok(()))
        })
    })?
}
