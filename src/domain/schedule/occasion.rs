//! One occasion: one time that one person is to be asked one questionnaire.

use chrono::NaiveDate;

use super::reason::Reason;

/// What answers of an occasion are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OccasionKind {
    /// The first.
    Baseline,
    /// A later one.
    Review,
    /// On leaving.
    Exit,
    /// Apart from the calendar.
    OneOff,
}

impl OccasionKind {
    /// Its name in the API and in storage.
    pub fn code(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Review => "review",
            Self::Exit => "exit",
            Self::OneOff => "one-off",
        }
    }

    /// The kind with this name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Baseline, Self::Review, Self::Exit, Self::OneOff].into_iter().find(|k| k.code() == code)
    }
}

/// How an occasion stands. Every occasion is in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not due yet.
    Upcoming,
    /// To be asked now.
    Due,
    /// Not asked, and the days of grace are over.
    Overdue,
    /// Asked; may still answer.
    Asked,
    /// Asked and reminded; may still answer.
    Reminded,
    /// Answered.
    Done,
    /// A life event keeps the person from being asked, or reminded, for now.
    Held,
    /// Was not and will not be asked, and it is known why.
    NotAsked(Reason),
    /// Was asked and could not take part.
    CouldNot(Reason),
    /// Its time is over without an answer: asked in vain, or not asked and nobody said why.
    Missed {
        /// Whether the person was asked.
        asked: bool,
    },
}

impl State {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Asked => "asked",
            Self::Reminded => "reminded",
            Self::Done => "done",
            Self::Held => "held",
            Self::NotAsked(_) => "not-asked",
            Self::CouldNot(_) => "could-not",
            Self::Missed { .. } => "missed",
        }
    }

    /// Why, where that is a coded reason.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::NotAsked(reason) | Self::CouldNot(reason) => Some(reason),
            _ => None,
        }
    }

    /// Whether something is still to happen: it is shown until it does.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Due | Self::Overdue | Self::Asked | Self::Reminded | Self::Held)
    }
}

/// What may be done about an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Press {
    /// Invite: send, print, show on this tablet or book into a visit.
    Invite,
    /// Show the link and the code again.
    ShowAgain,
    /// Take the invitation back.
    Revoke,
    /// Say why the person is not asked.
    NotAsked,
    /// Say why the person could not take part.
    CouldNot,
    /// Lift the life event.
    Lift,
}

impl Press {
    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::ShowAgain => "show-again",
            Self::Revoke => "revoke",
            Self::NotAsked => "not-asked",
            Self::CouldNot => "could-not",
            Self::Lift => "lift",
        }
    }
}

/// One time that one person is to be asked one questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The questionnaire.
    pub questionnaire: String,
    /// What for.
    pub kind: OccasionKind,
    /// The wave, if it is part of one.
    pub wave: Option<String>,
    /// The day it is due.
    pub due_on: NaiveDate,
    /// From when the person may be asked: later than due after a life event, or after another asking less than eight weeks before.
    pub ready_on: NaiveDate,
    /// The last day of grace: overdue after it.
    pub grace_to: NaiveDate,
    /// The first day on which it is over, if that is known.
    pub closes_on: Option<NaiveDate>,
    /// How it stands.
    pub state: State,
    /// Why, in plain words.
    pub why: String,
    /// What may be done about it today.
    pub may: Vec<Press>,
    /// The day on which the person can first be asked, where that is after today.
    pub first_possible: Option<NaiveDate>,
    /// The day on which the person was asked.
    pub asked_on: Option<NaiveDate>,
    /// The last day on which they can answer.
    pub ends_on: Option<NaiveDate>,
    /// The days on which they were reminded.
    pub reminded: Vec<NaiveDate>,
    /// The day on which they answered, if that is known.
    pub answered_on: Option<NaiveDate>,
    /// The invitation.
    pub invitation: Option<String>,
    /// The life event that holds it.
    pub event: Option<String>,
}
