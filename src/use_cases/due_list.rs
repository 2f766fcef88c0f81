//! Who is to be asked: the due list of a month, and one person with all their occasions. A worker sees their own people only.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::manage_people::upon_person;
use super::put_participant::tag_of;
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::participant::{Arrangement, EarlierCouncil};
use crate::domain::period::{Period, Quarter};
use crate::domain::routing::About;
use crate::domain::schedule::{
    EventKind, LifeEvent, Occasion, Record, Schedule, State, Wave, default_schedules, standing_in,
};
use crate::domain::scheme::Scheme;
use crate::storage::participants::{self, Listing};
use crate::storage::{Db, StorageError, asking, audit, schedules};

/// How far ahead the occasions of one person are shown, in months.
const AHEAD: u32 = 12;

/// An occasion as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OccasionSeen {
    /// The questionnaire.
    pub questionnaire: String,
    /// `baseline`, `review`, `exit` or `one-off`.
    pub occasion: &'static str,
    /// The wave it is part of.
    pub wave: Option<String>,
    /// The day it is due.
    pub due_on: NaiveDate,
    /// How it stands: `upcoming`, `due`, `overdue`, `asked`, `reminded`, `done`, `held`, `not-asked`, `could-not` or `missed`.
    pub state: &'static str,
    /// The coded reason, where there is one.
    pub reason: Option<&'static str>,
    /// Why it stands so, in plain words.
    pub why: String,
    /// What may be done about it now: `invite`, `show-again`, `revoke`, `not-asked`, `could-not` or `lift`.
    pub may: Vec<&'static str>,
    /// The day on which the person can first be asked, where that is after today.
    pub first_possible: Option<NaiveDate>,
    /// The last day of grace: overdue after it.
    pub grace_to: NaiveDate,
    /// The day on which the person was asked.
    pub asked_on: Option<NaiveDate>,
    /// The last day on which they can answer.
    pub ends_on: Option<NaiveDate>,
    /// The days on which they were reminded.
    pub reminded_on: Vec<NaiveDate>,
    /// The day on which they answered.
    pub answered_on: Option<NaiveDate>,
    /// The invitation.
    pub invitation: Option<String>,
    /// The life event that holds it.
    pub event: Option<String>,
}

impl OccasionSeen {
    fn of(occasion: Occasion) -> Self {
        Self {
            questionnaire: occasion.questionnaire,
            occasion: occasion.kind.code(),
            wave: occasion.wave,
            due_on: occasion.due_on,
            state: occasion.state.code(),
            reason: occasion.state.reason().map(|r| r.code()),
            why: occasion.why,
            may: occasion.may.iter().map(|press| press.code()).collect(),
            first_possible: occasion.first_possible,
            grace_to: occasion.grace_to,
            asked_on: occasion.asked_on,
            ends_on: occasion.ends_on,
            reminded_on: occasion.reminded,
            answered_on: occasion.answered_on,
            invitation: occasion.invitation,
            event: occasion.event,
        }
    }
}

/// One person on the due list, with one occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuePerson {
    /// The participant's reference.
    pub participant: String,
    /// The account of the key worker.
    pub worker: Option<String>,
    /// The language in which the person likes to be asked.
    pub language: Option<String>,
    /// How the person stands: `coming`, `supported`, `held`, `not-asked` or `left`.
    pub status: &'static str,
    /// The occasion.
    #[serde(flatten)]
    pub occasion: OccasionSeen,
}

/// How many occasions of a month stand how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DueCounts {
    /// By state; every state has its key.
    #[serde(flatten)]
    pub by_state: BTreeMap<&'static str, usize>,
    /// Of those not asked or that could not: by reason.
    pub reasons: BTreeMap<&'static str, usize>,
    /// Not asked, and nobody said why.
    pub without_reason: usize,
}

/// How many people of the quarter were eligible, asked and answered, for one questionnaire, as the figures have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuarterSeen {
    /// The quarter.
    pub period: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// Supported at some time in it.
    pub supported: usize,
    /// Those of them who could be asked.
    pub eligible: usize,
    /// Invited for a day in it.
    pub asked: usize,
    /// Those of them who answered in it.
    pub answered: usize,
}

/// Who is due in a month; in the present month also whoever is still open from before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueList {
    /// The month, as `2026-11`.
    pub month: String,
    /// Each person with an occasion, the earliest due first.
    pub items: Vec<DuePerson>,
    /// How many stand how.
    pub counts: DueCounts,
    /// The quarter that holds the month, by questionnaire.
    pub quarters: Vec<QuarterSeen>,
}

const STATES: [&str; 10] =
    ["upcoming", "due", "overdue", "asked", "reminded", "done", "held", "not-asked", "could-not", "missed"];

/// The due list of `month` (a day in it; none = the present month).
pub fn due_list(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    month: Option<NaiveDate>,
) -> Result<DueList, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadDue)?;
    let today = app.today();
    let first = first_of_month(month.unwrap_or(today));
    let last = first.checked_add_months(Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(first);
    let listed = event(app, scheme.number, actor, Act::PeopleListed, scheme_target(scheme));
    let listed = listed.code("month", &first.format("%Y-%m").to_string());
    let (asking, records) = app.store.write(|db| {
        let db = &mut audit::record(db, &listed)?;
        let listing = Listing { worker: own(actor), after: None, limit: i64::MAX };
        let references = participants::list(db, scheme.number, &listing)?;
        Ok((Asking::load(app, db, scheme)?, asking::records(db, scheme.number, &references)?))
    })?;
    let present = (first..=last).contains(&today);
    let mut items = Vec::new();
    let mut counts = DueCounts { by_state: STATES.iter().map(|s| (*s, 0)).collect(), ..DueCounts::default() };
    for (reference, record) in &records {
        let occasions = asking.occasions(record, today, last);
        let listed = occasions.into_iter().filter(|o| {
            (first..=last).contains(&o.due_on) || present && o.due_on < first && o.state.is_open()
        });
        for occasion in listed {
            *counts.by_state.entry(occasion.state.code()).or_default() += 1;
            if let Some(reason) = occasion.state.reason() {
                *counts.reasons.entry(reason.code()).or_default() += 1;
            }
            counts.without_reason += usize::from(occasion.state == State::Missed { asked: false });
            items.push(due_person(reference, record, occasion, today));
        }
    }
    items.sort_by(|a, b| {
        (a.occasion.due_on, &a.participant, &a.occasion.questionnaire).cmp(&(
            b.occasion.due_on,
            &b.participant,
            &b.occasion.questionnaire,
        ))
    });
    let quarters = asking.quarters(first, &records);
    Ok(DueList { month: first.format("%Y-%m").to_string(), items, counts, quarters })
}

fn due_person(reference: &str, record: &Record, occasion: Occasion, today: NaiveDate) -> DuePerson {
    DuePerson {
        participant: reference.to_owned(),
        worker: record.enrolment.worker.clone(),
        language: record.enrolment.language.clone(),
        status: record.status(today).code(),
        occasion: OccasionSeen::of(occasion),
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The key worker to whose people the actor is kept.
fn own(actor: &Actor) -> Option<String> {
    actor.only_own().map(str::to_owned)
}

/// How a scheme asks.
pub(super) struct Asking {
    pub(super) schedules: Vec<Schedule>,
    pub(super) waves: Vec<Wave>,
}

impl Asking {
    pub(super) fn load(app: &App, db: &mut Db, scheme: &Scheme) -> Result<Self, StorageError> {
        let set = schedules::of_scheme(db, scheme.number)?;
        let waves: Vec<Wave> = schedules::waves(db, scheme.number)?
            .iter()
            .map(schedules::WaveRow::wave)
            .collect::<Result<_, _>>()?;
        let definitions = app.registry.ids().filter_map(|id| app.registry.latest(id));
        let own = definitions.filter(|d| d.model == scheme.about.model).map(|d| &**d);
        let mut schedules = default_schedules(own);
        schedules.retain(|usual| set.iter().all(|s| s.questionnaire != usual.questionnaire));
        schedules.extend(set);
        // A questionnaire that is asked in waves only needs no schedule.
        for wave in &waves {
            if schedules.iter().all(|s| s.questionnaire != wave.questionnaire) {
                let usual = Schedule::usual(&wave.questionnaire);
                schedules.push(Schedule { every_months: None, baseline: false, exit: false, ..usual });
            }
        }
        schedules.sort_by(|a, b| a.questionnaire.cmp(&b.questionnaire));
        Ok(Self { schedules, waves })
    }

    pub(super) fn occasions(&self, record: &Record, today: NaiveDate, until: NaiveDate) -> Vec<Occasion> {
        record.occasions(&self.schedules, &self.waves, today, until)
    }

    pub(super) fn schedule(&self, questionnaire: &str) -> Schedule {
        let found = self.schedules.iter().find(|s| s.questionnaire == questionnaire);
        found.cloned().unwrap_or_else(|| Schedule::usual(questionnaire))
    }

    fn quarters(&self, day: NaiveDate, records: &BTreeMap<String, Record>) -> Vec<QuarterSeen> {
        let period = Period::Quarter(Quarter::of(day));
        let of = |schedule: &Schedule| {
            let counts = standing_in(period, &schedule.questionnaire, records.values());
            QuarterSeen {
                period: period.to_string(),
                questionnaire: schedule.questionnaire.clone(),
                supported: counts.supported,
                eligible: counts.eligible,
                asked: counts.asked,
                answered: counts.answered,
            }
        };
        self.schedules.iter().map(of).collect()
    }
}

/// A life event as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventSeen {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: &'static str,
    /// First day.
    pub from: NaiveDate,
    /// The first day on which it is over; none = it lasts.
    pub lifted_on: Option<NaiveDate>,
    /// What it does: `hold`, `stop` or `end`.
    pub effect: &'static str,
}

impl EventSeen {
    pub(super) fn of(event: &LifeEvent) -> Self {
        use crate::domain::schedule::Effect;
        let effect = match EventKind::effect(event.kind) {
            Effect::Hold => "hold",
            Effect::Stop => "stop",
            Effect::End => "end",
        };
        Self {
            id: event.id.clone(),
            kind: event.kind.code(),
            from: event.from,
            lifted_on: event.lifted_on,
            effect,
        }
    }
}

/// From when somebody is not asked any more, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAskedSeen {
    /// From this day.
    pub from: NaiveDate,
    /// The coded reason.
    pub reason: &'static str,
}

/// One person, as far as asking needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonSeen {
    /// The participant's reference.
    pub participant: String,
    /// `coming`, `supported`, `held`, `not-asked` or `left`.
    pub status: &'static str,
    /// The council responsible now.
    pub council: String,
    /// Councils that were responsible before.
    pub earlier_councils: Vec<EarlierCouncil>,
    /// First day of support.
    pub supported_from: NaiveDate,
    /// Last day of support.
    pub supported_to: Option<NaiveDate>,
    /// From when the person is not asked, as the scheme said.
    pub not_asked: Option<NotAskedSeen>,
    /// Arrangements, the earliest first.
    pub arrangements: Vec<Arrangement>,
    /// The account of the key worker.
    pub worker: Option<String>,
    /// The language in which the person likes to be asked.
    pub language: Option<String>,
    /// Facts known before the first question.
    pub about: About,
    /// The day on which the person was entered here.
    pub entered_on: NaiveDate,
    /// Life events, the earliest recorded first.
    pub events: Vec<EventSeen>,
    /// The first occasion that is open or to come.
    pub next: Option<OccasionSeen>,
    /// Every occasion so far and those of the next twelve months; only where one person is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasions: Option<Vec<OccasionSeen>>,
}

impl PersonSeen {
    fn of(asking: &Asking, reference: &str, record: &Record, today: NaiveDate, whole: bool) -> Self {
        let until = today.checked_add_months(Months::new(AHEAD)).unwrap_or(today);
        let occasions = asking.occasions(record, today, until);
        let next = occasions.iter().find(|o| o.state.is_open() || o.state == State::Upcoming).cloned();
        let enrolment = record.enrolment.clone();
        Self {
            participant: reference.to_owned(),
            status: record.status(today).code(),
            council: enrolment.council,
            earlier_councils: enrolment.earlier_councils,
            supported_from: enrolment.supported_from,
            supported_to: enrolment.supported_to,
            not_asked: enrolment.not_asked.map(|n| NotAskedSeen { from: n.from, reason: n.reason.code() }),
            arrangements: enrolment.arrangements,
            worker: enrolment.worker,
            language: enrolment.language,
            about: enrolment.about,
            entered_on: record.entered_on,
            events: record.events.iter().map(EventSeen::of).collect(),
            next: next.map(OccasionSeen::of),
            occasions: whole.then(|| occasions.into_iter().map(OccasionSeen::of).collect()),
        }
    }
}

/// One person with every occasion, and the tag of what was entered of them.
pub fn show_person(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    reference: &str,
) -> Result<(PersonSeen, String), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadPeople)?;
    seen_person(app, actor, scheme, reference)
}

/// One person as the actor sees them, who may ask or read them.
pub(super) fn seen_person(
    app: &App,
    actor: &Actor,
    scheme: &Scheme,
    reference: &str,
) -> Result<(PersonSeen, String), Refusal> {
    let read = upon_person(app, scheme, actor, Act::ParticipantRead, reference);
    let found = app.store.write(|db| {
        audit::record_if(db, &read, |db| {
            let Some(record) = own_record(db, actor, scheme, reference)? else { return Ok(None) };
            Ok(Some((Asking::load(app, db, scheme)?, record)))
        })
    })?;
    let (asking, record) = found.ok_or(Refusal::Unknown(None))?;
    let tag = tag_of(app, &record.enrolment);
    Ok((PersonSeen::of(&asking, reference, &record, app.today(), true), tag))
}

/// What is known of a person, if they exist for the actor.
pub(super) fn own_record(
    db: &mut Db,
    actor: &Actor,
    scheme: &Scheme,
    reference: &str,
) -> Result<Option<Record>, StorageError> {
    let record = asking::records(db, scheme.number, &[reference.to_owned()])?.remove(reference);
    Ok(record.filter(|record| actor.sees(record.enrolment.worker.as_deref())))
}

/// A page of a scheme's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeoplePage {
    /// The people, by reference.
    pub items: Vec<PersonSeen>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// The people of a scheme after the reference `after`, by reference.
pub fn list_people(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    after: Option<String>,
    limit: i64,
) -> Result<PeoplePage, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadPeople)?;
    let listing = Listing { worker: own(actor), after, limit: limit.saturating_add(1) };
    let listed = event(app, scheme.number, actor, Act::PeopleListed, scheme_target(scheme));
    let listed = listed.number("limit", limit);
    let (mut references, records, asking) = app.store.write(|db| {
        let db = &mut audit::record(db, &listed)?;
        let references = participants::list(db, scheme.number, &listing)?;
        let records = asking::records(db, scheme.number, &references)?;
        Ok((references, records, Asking::load(app, db, scheme)?))
    })?;
    let more = i64::try_from(references.len()).is_ok_and(|n| n > limit);
    if more {
        references.pop();
    }
    let today = app.today();
    let person = |r: &String| Some(PersonSeen::of(&asking, r, records.get(r)?, today, false));
    let items: Vec<PersonSeen> = references.iter().filter_map(person).collect();
    Ok(PeoplePage { items, next: references.pop().filter(|_| more) })
}
