//! Life events: what happens to a person that stops asking at once. Each can be lifted.

use chrono::NaiveDate;
use serde_json::Value;

use super::reason::Reason;
use crate::domain::fault::Fault;
use crate::domain::participant::{Enrolment, NotAsked};
use crate::domain::reader::read_whole;

/// What a life event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// In hospital.
    Hospital,
    /// Unwell at home.
    Unwell,
    /// Somebody close has died.
    Bereavement,
    /// A safeguarding concern is being looked into.
    Safeguarding,
    /// At the end of their life.
    EndOfLife,
    /// Asked not to be contacted.
    NoContact,
    /// Moved away; the scheme supports them no more.
    MovedAway,
    /// Died.
    Death,
}

/// What a life event does to asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Everything waits until it is lifted. The person stays eligible, and is not overdue.
    Hold,
    /// The person is not asked from then on, and not eligible.
    Stop,
    /// The person is neither asked nor supported from then on.
    End,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Hospital,
        Self::Unwell,
        Self::Bereavement,
        Self::Safeguarding,
        Self::EndOfLife,
        Self::NoContact,
        Self::MovedAway,
        Self::Death,
    ];

    /// Its name in the API and in storage.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::Unwell => "unwell",
            Self::Bereavement => "bereavement",
            Self::Safeguarding => "safeguarding",
            Self::EndOfLife => "end-of-life",
            Self::NoContact => "no-contact",
            Self::MovedAway => "moved-away",
            Self::Death => "death",
        }
    }

    /// The kind with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// What it does.
    pub fn effect(self) -> Effect {
        match self {
            Self::Hospital | Self::Unwell | Self::Bereavement | Self::Safeguarding => Effect::Hold,
            Self::EndOfLife | Self::NoContact => Effect::Stop,
            Self::MovedAway | Self::Death => Effect::End,
        }
    }

    /// Why the person is not asked while it lasts.
    pub fn reason(self) -> Reason {
        match self {
            Self::Hospital => Reason::Hospital,
            Self::Unwell => Reason::Unwell,
            Self::Bereavement => Reason::Bereaved,
            Self::Safeguarding => Reason::Safeguarding,
            Self::EndOfLife => Reason::EndOfLife,
            Self::NoContact => Reason::NoContact,
            Self::MovedAway => Reason::MovedAway,
            Self::Death => Reason::Died,
        }
    }
}

/// A life event of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: EventKind,
    /// First day.
    pub from: NaiveDate,
    /// The first day on which it is over; none = it lasts.
    pub lifted_on: Option<NaiveDate>,
}

impl LifeEvent {
    /// Whether it keeps the person from being asked on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.lifted_on.is_none_or(|lifted| day < lifted)
    }

    /// Whether it ends asking for good: it does more than hold, and nobody lifted it.
    pub fn is_stop(&self) -> bool {
        self.lifted_on.is_none() && self.kind.effect() != Effect::Hold
    }
}

/// A life event as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What it is.
    pub kind: EventKind,
    /// First day; today, where nothing is said.
    pub from: NaiveDate,
}

impl NewEvent {
    /// Checks a life event sent as JSON. It is not in the future: what is to come stops nothing at once.
    pub fn check(body: &Value, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let codes: Vec<&str> = EventKind::ALL.into_iter().map(EventKind::code).collect();
            let kind = object.required("kind").and_then(|f| f.one_of(EventKind::parse, &codes.join(", ")));
            let from = object.optional("from").map(|f| {
                let from = f.date()?;
                if from > today {
                    f.fault("future-date", "A life event is recorded once it has begun.");
                }
                Some(from)
            });
            object.close(false);
            Some(Self { kind: kind?, from: from.unwrap_or(Some(today))? })
        })
    }
}

impl Enrolment {
    /// The enrolment as it counts: ended, or not asked any more, from the first life event that stops and is not lifted.
    /// Holds change neither who is supported nor who is eligible, so whoever is in hospital stays in the base of the response rate.
    pub fn under(mut self, events: &[LifeEvent]) -> Self {
        for event in events.iter().filter(|e| e.is_stop()) {
            match event.kind.effect() {
                Effect::Hold => {}
                Effect::Stop => {
                    if self.not_asked.as_ref().is_none_or(|n| event.from < n.from) {
                        self.not_asked = Some(NotAsked { from: event.from, reason: event.kind.reason() });
                    }
                }
                Effect::End => {
                    let last = event.from.max(self.supported_from);
                    self.supported_to = Some(self.supported_to.map_or(last, |to| to.min(last)));
                }
            }
        }
        self
    }
}
