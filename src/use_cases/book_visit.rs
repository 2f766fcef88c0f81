//! Visits on which people are asked: booking one, and who is visited when. A worker sees their own people.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::due_list::{Asking, own_record};
use super::manage_people::upon_person;
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::reader::read_whole;
use crate::domain::schedule::{Press, State};
use crate::storage::visits::{self, VisitRow};
use crate::storage::{asking, audit, tallies};

/// Books a visit on the day `on`, in place of one that is booked. It is today or later.
pub fn book_visit(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
    body: &Value,
) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AskPeople)?;
    let today = app.today();
    let on = read_whole(body, |root| {
        let object = root.object()?;
        let on = object.required("on").and_then(|f| {
            let on = f.date()?;
            if on < today {
                f.fault("past-date", "A visit is booked for today or later.");
            }
            Some(on)
        });
        object.close(false);
        on
    })
    .map_err(Refusal::Invalid)?;
    let row = VisitRow {
        scheme_number: scheme.number,
        person: reference.to_owned(),
        visit_on: on,
        booked_at: app.now(),
        booked_by: actor.account.clone(),
    };
    let booked = upon_person(app, scheme, actor, Act::VisitBooked, reference);
    app.store.write(|db| {
        // Under the scheme's lock: nobody is booked who is erased at the same moment.
        tallies::lock(db, scheme.number)?;
        if own_record(db, actor, scheme, reference)?.is_none() {
            return Ok(Err(Refusal::Unknown(None)));
        }
        visits::put(&mut audit::record(db, &booked)?, &row)?;
        Ok(Ok(()))
    })?
}

/// A visit that is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitSeen {
    /// The participant's reference.
    pub participant: String,
    /// Its day.
    pub on: NaiveDate,
    /// What they can be asked on it.
    pub asks: VisitAsks,
}

/// What somebody can be asked on a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitAsks {
    /// They are asked already: the invitation.
    Asked(String),
    /// They can be asked today: the questionnaire.
    Due(String),
    /// Nothing today; why.
    Nothing(String),
}

/// The visits booked for today and later, the earliest first, each with what the person can be asked today.
pub fn list_visits(app: &App, actor: &Actor, scheme_id: &str) -> Result<Vec<VisitSeen>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadDue)?;
    let today = app.today();
    let listed = event(app, scheme.number, actor, Act::PeopleListed, scheme_target(scheme));
    Ok(app.store.write(|db| {
        let rows = visits::list(db, scheme.number, today)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let db = &mut audit::record(db, &listed)?;
        let references: Vec<String> = rows.iter().map(|row| row.person.clone()).collect();
        let asking = Asking::load(app, db, scheme)?;
        let records = asking::records(db, scheme.number, &references)?;
        let seen = rows.into_iter().filter_map(|row| {
            let record = records.get(&row.person).filter(|r| actor.sees(r.enrolment.worker.as_deref()))?;
            let occasions = asking.occasions(record, today, row.visit_on);
            let open = |state: State| matches!(state, State::Asked | State::Reminded);
            let asked = occasions.iter().find(|o| open(o.state)).and_then(|o| o.invitation.clone());
            let can = occasions.iter().find(|o| o.may.contains(&Press::Invite));
            let asks = match (asked, can) {
                (Some(invitation), _) => VisitAsks::Asked(invitation),
                (None, Some(occasion)) => VisitAsks::Due(occasion.questionnaire.clone()),
                (None, None) => VisitAsks::Nothing(
                    occasions
                        .iter()
                        .rev()
                        .find(|o| o.due_on <= row.visit_on)
                        .map_or_else(|| "Nothing is due.".to_owned(), |occasion| occasion.why.clone()),
                ),
            };
            Some(VisitSeen { participant: row.person, on: row.visit_on, asks })
        });
        Ok(seen.collect())
    })?)
}

/// The day of each booked visit, by reference, for pages that show people anyhow.
pub fn visit_days(app: &App, actor: &Actor, scheme_id: &str) -> Result<BTreeMap<String, NaiveDate>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadDue)?;
    let rows = app.store.read(|db| visits::list(db, scheme.number, app.today()))?;
    Ok(rows.into_iter().map(|row| (row.person, row.visit_on)).collect())
}
