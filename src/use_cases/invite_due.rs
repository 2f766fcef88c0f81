//! Inviting people who are due, many at once; and leaving, which makes the last occasion.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::change_people::change_people;
use super::due_list::{Asking, PersonSeen, own_record, seen_person};
use super::manage_people::{
    Invited, Inviting, fault, note_participants, scheme_that_may_ask, upon_person, ways_of,
};
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::participant::NewInvitation;
use crate::domain::reader::read_whole;
use crate::domain::schedule::{LifeEvent, Occasion, Press, Record};
use crate::domain::scheme::Scheme;
use crate::storage::{Db, StorageError, asking, audit, invitations, participants};

/// The most people who are invited at once.
const MOST_AT_ONCE: usize = 500;

/// Somebody who is to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The participant's reference.
    pub participant: String,
    /// The questionnaire; none = whichever the person is due by.
    pub questionnaire: Option<String>,
}

impl Choice {
    /// Reads `{"people": [{"participant", "questionnaire"}]}`.
    pub fn check(body: &Value) -> Result<Vec<Self>, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let mut choices = Vec::new();
            if let Some(list) = object.required("people").and_then(|f| {
                let list = f.list(1)?;
                if list.len() > MOST_AT_ONCE {
                    f.fault("too-many", format!("At most {MOST_AT_ONCE} people at once."));
                }
                Some(list)
            }) {
                list.each(|element| {
                    let Some(object) = element.object() else { return };
                    let participant =
                        object.required("participant").and_then(|f| f.string().map(str::to_owned));
                    let questionnaire =
                        object.optional("questionnaire").and_then(|f| f.string().map(str::to_owned));
                    object.close(false);
                    choices.extend(participant.map(|participant| Self { participant, questionnaire }));
                });
            }
            object.close(false);
            Some(choices)
        })
    }
}

/// Invites the chosen people for what they are due, all or none. Whoever cannot be asked today is named with the reason, and with the first
/// day on which they can.
pub fn invite_due(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    choices: &[Choice],
) -> Result<Vec<Invited>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_that_may_ask(app, &directory, actor, scheme_id)?;
    let references: Vec<String> = choices.iter().map(|c| c.participant.clone()).collect();
    app.store.write(|db| {
        change_people(app, db, scheme.number, &references, |db| {
            choose(app, db, actor, scheme, choices)?.store(db, actor)
        })
    })?
}

/// The invitations of the chosen people, or every fault, in an open transaction and under the scheme's lock; not stored yet.
pub(super) fn choose<'a>(
    app: &'a App,
    db: &mut Db,
    actor: &Actor,
    scheme: &'a Scheme,
    choices: &[Choice],
) -> Result<Inviting<'a>, StorageError> {
    let references: Vec<String> = choices.iter().map(|c| c.participant.clone()).collect();
    let today = app.today();
    let asking = Asking::load(app, db, scheme)?;
    let records = asking::records(db, scheme.number, &references)?;
    let seen = records.into_iter().filter(|(_, record)| actor.sees(record.enrolment.worker.as_deref()));
    let mut inviting =
        Inviting { app, scheme, records: seen.collect(), rows: Vec::new(), faults: Vec::new() };
    for (index, choice) in choices.iter().enumerate() {
        let place = format!("/people/{index}");
        let Some(record) = inviting.records.get(&choice.participant) else {
            let detail = "The scheme has no such participant.";
            inviting.faults.push(fault(&format!("{place}/participant"), "unknown-participant", detail));
            continue;
        };
        match to_invite(&asking, record, choice, today) {
            Ok(occasion) => {
                let days = u64::from(asking.schedule(&occasion.questionnaire).answer_days);
                let new = NewInvitation {
                    participant: choice.participant.clone(),
                    questionnaire: occasion.questionnaire,
                    due_on: occasion.due_on,
                    occasion: Some(occasion.kind.code().to_owned()),
                    ends_on: today.checked_add_days(Days::new(days)).unwrap_or(today),
                };
                inviting.invite(&new, &place);
            }
            Err((code, detail)) => {
                inviting.faults.push(fault(&format!("{place}/participant"), code, detail));
            }
        }
    }
    Ok(inviting)
}

/// The occasion for which the person can be invited today; else why not.
fn to_invite(
    asking: &Asking,
    record: &Record,
    choice: &Choice,
    today: NaiveDate,
) -> Result<Occasion, (&'static str, String)> {
    let soon = today.checked_add_days(Days::new(31)).unwrap_or(today);
    let wanted = |o: &Occasion| choice.questionnaire.as_ref().is_none_or(|q| *q == o.questionnaire);
    let mut occasions: Vec<Occasion> =
        asking.occasions(record, today, soon).into_iter().filter(wanted).collect();
    if let Some(at) = occasions.iter().position(|o| o.may.contains(&Press::Invite)) {
        return Ok(occasions.swap_remove(at));
    }
    // What stands open, or else what is to come, says best why not.
    let Some(last) = occasions.iter().find(|o| o.state.is_open()).or(occasions.last()) else {
        return Err(("not-due", "The person is not due by any questionnaire.".to_owned()));
    };
    if let Err(refused) = record.may_ask(Some(last.kind), last.due_on, today)
        && last.invitation.is_none()
    {
        return Err((refused.code, refused.detail));
    }
    Err(("not-due", format!("The person cannot be invited now. {}", last.why)))
}

/// An invitation that can still be answered, with its ways in, to be shown, printed or opened once more.
pub fn show_invitation(app: &App, actor: &Actor, scheme_id: &str, id: &str) -> Result<Invited, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::Invite)?;
    let shown =
        event(app, scheme.number, actor, Act::InvitationShown, Target::of(TargetKind::Invitation, id));
    let today = app.today();
    let found = app.store.write(|db| {
        audit::record_if(db, &shown, |db| {
            let Some(row) = invitations::find(db, scheme.number, id)? else { return Ok(None) };
            let Some(record) = own_record(db, actor, scheme, &row.person)? else { return Ok(None) };
            let open = row.answered_at.is_none()
                && row.ends_on >= today
                && !record.events.iter().any(LifeEvent::is_stop);
            Ok(open.then_some(row))
        })
    })?;
    Ok(ways_of(app, &found.ok_or(Refusal::Unknown(None))?))
}

/// Ends a person's support on the day `on`: their arrangements end with it, and they are asked once more, on leaving.
pub fn leave(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<PersonSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    let on = read_whole(body, |root| {
        let object = root.object()?;
        let on = object.required("on").and_then(|f| f.date());
        object.close(false);
        on
    })
    .map_err(Refusal::Invalid)?;
    app.store.write(|db| {
        change_people(app, db, scheme.number, &[reference.to_owned()], |db| {
            let Some(mut record) = own_record(db, actor, scheme, reference)? else {
                return Ok(Err(Refusal::Unknown(None)));
            };
            let enrolment = &mut record.enrolment;
            if on < enrolment.supported_from {
                let detail =
                    format!("Support began on {}; it ends on that day or later.", enrolment.supported_from);
                return Ok(Err(Refusal::Invalid(vec![fault("/on", "ends-before-it-begins", detail)])));
            }
            enrolment.supported_to = Some(on);
            // What would begin after the end never does.
            enrolment.arrangements.retain(|a| a.from <= on);
            for arrangement in &mut enrolment.arrangements {
                arrangement.to = Some(arrangement.to.map_or(on, |to| to.min(on)));
            }
            let ended = upon_person(app, scheme, actor, Act::SupportEnded, reference);
            participants::upsert(
                &mut audit::record(db, &ended)?,
                scheme.number,
                &[(reference.to_owned(), record.enrolment)],
                app.today(),
            )?;
            note_participants(app, db, scheme, std::iter::once(&reference.to_owned()))?;
            Ok(Ok(()))
        })
    })??;
    Ok(seen_person(app, actor, scheme, reference)?.0)
}
