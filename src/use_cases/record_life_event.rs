//! Life events: recording one stops everything at once, lifting it lets asking go on where it was.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::change_people::change_people;
use super::due_list::{EventSeen, own_record};
use super::find_way_in::end_of;
use super::manage_people::{fault, note_participants, open_ways, upon_person};
use super::{Refusal, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::reader::read_whole;
use crate::domain::schedule::{Asked, LifeEvent, NewEvent, Record};
use crate::domain::scheme::Scheme;
use crate::storage::audit::{self, Recorded};
use crate::storage::life_events::{self, LifeEventRow};
use crate::storage::{drafts, invitations, outbox, ways_in};

/// Records a life event. From then on nobody is invited or reminded; a stop also makes open links and codes lead nowhere.
pub fn record_life_event(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<EventSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    let new = NewEvent::check(body, app.today()).map_err(Refusal::Invalid)?;
    let row = LifeEventRow {
        scheme_number: scheme.number,
        id: app.new_id(),
        person: reference.to_owned(),
        kind: new.kind.code().to_owned(),
        begins_on: new.from,
        recorded_at: app.now(),
        recorded_by: actor.account.clone(),
        lifted_on: None,
        lifted_at: None,
        lifted_by: None,
    };
    let event = row.event()?;
    app.store.write(|db| {
        change_people(app, db, scheme.number, &[reference.to_owned()], |db| {
            let Some(record) = own_record(db, actor, scheme, reference)? else {
                return Ok(Err(Refusal::Unknown(None)));
            };
            if record.events.iter().any(|e| e.kind == new.kind && e.lifted_on.is_none()) {
                let detail = "This is recorded already, and lasts.";
                return Ok(Err(Refusal::Exists(fault("/kind", "exists", detail))));
            }
            let recorded = upon_person(app, scheme, actor, Act::LifeEventRecorded, reference);
            let db = &mut audit::record(db, &recorded.code("event", &row.id).code("kind", new.kind.code()))?;
            life_events::insert(db, &row)?;
            note_participants(app, db, scheme, std::iter::once(&row.person))?;
            if event.is_stop() {
                for asked in open(&record, app.today()) {
                    ways_in::delete_codes(db, scheme.number, &asked.id)?;
                }
            }
            Ok(Ok(()))
        })
    })??;
    Ok(EventSeen::of(&event))
}

/// Invitations that can still be answered, and have not been.
fn open(record: &Record, today: NaiveDate) -> impl Iterator<Item = &Asked> {
    record.asked.iter().filter(move |asked| !asked.answered && asked.ends_on >= today)
}

/// Lifts a life event from the day `on` (today, where nothing is said). Open invitations get the days back that they were held, and what
/// a stop had closed leads to them again.
pub fn lift_life_event(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    event_id: &str,
    body: &Value,
) -> Result<EventSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    let today = app.today();
    let on = read_whole(body, |root| {
        let object = root.object()?;
        let on = object.optional("on").map(|f| {
            let on = f.date()?;
            if on > today {
                f.fault("future-date", "This is today or a day that has been.");
            }
            Some(on)
        });
        object.close(false);
        on.unwrap_or(Some(today))
    })
    .map_err(Refusal::Invalid)?;
    let lifted = app.store.write(|db| {
        change_people(app, db, scheme.number, &[reference.to_owned()], |db| {
            let record = own_record(db, actor, scheme, reference)?;
            let event = record.as_ref().and_then(|r| r.events.iter().find(|e| e.id == event_id)).cloned();
            let (Some(record), Some(event)) = (record, event) else { return Ok(Err(Refusal::Unknown(None))) };
            if on < event.from {
                let detail = "A life event is lifted on its first day or later.";
                return Ok(Err(Refusal::Invalid(vec![fault("/on", "ends-before-it-begins", detail)])));
            }
            if event.lifted_on.is_some() {
                return Ok(Err(Refusal::Exists(fault("", "exists", "This was lifted already."))));
            }
            let lifted = upon_person(app, scheme, actor, Act::LifeEventLifted, reference);
            let db = &mut audit::record(db, &lifted.code("event", event_id).code("kind", event.kind.code()))?;
            life_events::lift(db, scheme.number, event_id, on, &actor.account, app.now())?;
            note_participants(app, db, scheme, std::iter::once(&reference.to_owned()))?;
            match give_back(app, db, scheme, &record, &event, on) {
                Ok(()) => Ok(Ok(LifeEvent { lifted_on: Some(on), ..event })),
                Err(Refusal::Storage(error)) => Err(error),
                Err(other) => Ok(Err(other)),
            }
        })
    })??;
    Ok(EventSeen::of(&lifted))
}

/// Gives open invitations the days back on which only this life event held them.
fn give_back(
    app: &App,
    db: &mut Recorded<'_>,
    scheme: &Scheme,
    record: &Record,
    event: &LifeEvent,
    on: NaiveDate,
) -> Result<(), Refusal> {
    let others: Vec<&LifeEvent> =
        record.events.iter().filter(|e| e.id != event.id && e.lifted_on.is_some()).collect();
    let stopped = record.events.iter().any(|e| e.id != event.id && e.is_stop());
    for asked in record.asked.iter().filter(|a| !a.answered && a.ends_on >= event.from) {
        let from = event.from.max(asked.asked_on);
        let held = from
            .iter_days()
            .take_while(|day| *day < on)
            .filter(|day| others.iter().all(|e| !e.holds_on(*day)));
        let days = u64::try_from(held.count()).unwrap_or(0);
        let ends_on = asked.ends_on.checked_add_days(Days::new(days)).unwrap_or(asked.ends_on);
        invitations::extend(db, scheme.number, &asked.id, ends_on)?;
        drafts::extend(db, scheme.number, &asked.id, end_of(ends_on))?;
        // What was held back only because of this goes out now.
        outbox::resume(db, scheme.number, &asked.id, app.now(), event.kind.reason().code())?;
        // Also after a hold: links of invitations that ended long ago are not kept.
        if !stopped && ends_on >= app.today() {
            open_ways(app, db, scheme.number, std::iter::once(asked.id.as_str()))?;
        }
    }
    Ok(())
}
