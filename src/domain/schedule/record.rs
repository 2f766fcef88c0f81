//! What is known of one person, as far as asking needs it.

use chrono::NaiveDate;

use super::life_event::{Effect, LifeEvent};
use super::occasion::OccasionKind;
use super::reason::{Note, Reason};
use crate::domain::participant::Enrolment;

/// What is known of one person of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When the scheme supports the person.
    pub enrolment: Enrolment,
    /// The day on which the person was entered here.
    pub entered_on: NaiveDate,
    /// Life events, in any order.
    pub events: Vec<LifeEvent>,
    /// Why the person was not asked, or could not take part.
    pub notes: Vec<Note>,
    /// Invitations, of every questionnaire.
    pub asked: Vec<Asked>,
    /// Answers, of every questionnaire.
    pub answered: Vec<Answered>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The day for which the person is asked.
    pub due_on: NaiveDate,
    /// What for, if that is known.
    pub kind: Option<OccasionKind>,
    /// The day on which they were asked.
    pub asked_on: NaiveDate,
    /// The last day on which they can answer.
    pub ends_on: NaiveDate,
    /// Whether they have.
    pub answered: bool,
    /// The days on which they were reminded.
    pub reminded: Vec<NaiveDate>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The questionnaire.
    pub questionnaire: String,
    /// The day it was answered.
    pub completed_on: NaiveDate,
    /// The invitation it answers, if any.
    pub invitation: Option<String>,
    /// Whether it counts in figures: not withdrawn, and the person agreed.
    pub counts: bool,
}

/// How a person stands with the scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Support has not begun.
    Coming,
    /// Supported, and may be asked.
    Supported,
    /// Supported; asking waits until a life event is lifted.
    Held,
    /// Supported; not asked any more.
    NotAsked,
    /// Support has ended.
    Left,
}

impl Status {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Supported => "supported",
            Self::Held => "held",
            Self::NotAsked => "not-asked",
            Self::Left => "left",
        }
    }
}

/// What ends asking for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) from: NaiveDate,
    pub(super) reason: Reason,
    /// The life event, if it is one.
    pub(super) event: Option<String>,
}

impl Record {
    /// A person of whom only the enrolment is known.
    pub fn new(enrolment: Enrolment, entered_on: NaiveDate) -> Self {
        Self {
            enrolment,
            entered_on,
            events: Vec::new(),
            notes: Vec::new(),
            asked: Vec::new(),
            answered: Vec::new(),
        }
    }

    /// How the person stands on `today`.
    pub fn status(&self, today: NaiveDate) -> Status {
        let counted = self.enrolment.clone().under(&self.events);
        let ended =
            self.events.iter().any(|e| e.is_stop() && e.kind.effect() == Effect::End && e.from <= today);
        if ended || counted.supported_to.is_some_and(|to| to < today) {
            Status::Left
        } else if counted.not_asked.is_some_and(|n| n.from <= today) {
            Status::NotAsked
        } else if self.hold_on(today).is_some() {
            Status::Held
        } else if counted.supported_from > today {
            Status::Coming
        } else {
            Status::Supported
        }
    }

    /// What ends asking for good: the earliest life event that stops and was not lifted, or that the scheme said so.
    pub(super) fn stop(&self) -> Option<Stop> {
        let events = self.events.iter().filter(|e| e.is_stop()).map(|e| Stop {
            from: e.from,
            reason: e.kind.reason(),
            event: Some(e.id.clone()),
        });
        let said = self.enrolment.not_asked.as_ref();
        let said = said.map(|n| Stop { from: n.from, reason: n.reason, event: None });
        events.chain(said).min_by_key(|stop| stop.from)
    }

    /// The life event that holds the person on `day`, without ending asking for good.
    pub(super) fn hold_on(&self, day: NaiveDate) -> Option<&LifeEvent> {
        self.holds().filter(|e| e.holds_on(day)).max_by_key(|e| (e.lifted_on.is_none(), e.lifted_on))
    }

    /// Life events that hold, or held until they were lifted, the earliest first.
    pub(super) fn holds(&self) -> impl Iterator<Item = &LifeEvent> {
        let mut holds: Vec<&LifeEvent> = self.events.iter().filter(|e| !e.is_stop()).collect();
        holds.sort_by_key(|e| e.from);
        holds.into_iter()
    }
}
