//! When a reminder is sent: on a capped schedule. And when nothing is sent any more, invitation or reminder: never after answering, a stop,
//! a hold, a note or the end.

use chrono::NaiveDate;

use super::dates::plus;
use super::occasion::OccasionKind;
use super::reason::{NoteKind, Reason};
use super::record::{Asked, Record};
use super::setting::{MOST_REMINDERS, Schedule};

/// Days between two reminders, at least: where one was late, the next one is too.
const BETWEEN: u64 = 7;

/// Why a message about an invitation is not to be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwanted {
    /// It was answered.
    Answered,
    /// The person could not take part.
    CouldNot,
    /// Its last day is over.
    Over,
    /// Support has ended.
    Left,
    /// It was taken back.
    Revoked,
    /// The person's contact details were changed after the message was written.
    ContactChanged,
    /// Asking has stopped, or waits, for this reason.
    NotNow(Reason),
}

impl Unwanted {
    /// Its code, as it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::CouldNot => "could-not",
            Self::Over => "over",
            Self::Left => "left",
            Self::Revoked => "revoked",
            Self::ContactChanged => "contact-changed",
            Self::NotNow(reason) => reason.code(),
        }
    }

    /// The one with this code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Answered, Self::CouldNot, Self::Over, Self::Left, Self::Revoked, Self::ContactChanged]
            .into_iter()
            .find(|one| one.code() == code)
            .or_else(|| Reason::parse(code).map(Self::NotNow))
    }

    /// What it means, as a sentence.
    pub fn words(self) -> String {
        match self {
            Self::Answered => "It was answered before it was sent.".into(),
            Self::CouldNot => "The person could not take part.".into(),
            Self::Over => "Its last day is over.".into(),
            Self::Left => "Support has ended.".into(),
            Self::Revoked => "It was taken back.".into(),
            Self::ContactChanged => "The contact details were changed before it was sent.".into(),
            Self::NotNow(reason) => format!("The person {}.", reason.words()),
        }
    }
}

impl Record {
    /// Why nothing about `asked` is to be sent on `today`, if so.
    pub fn unwanted(&self, asked: &Asked, today: NaiveDate) -> Option<Unwanted> {
        if self.has_answered(asked) {
            return Some(Unwanted::Answered);
        }
        if let Some(stop) = self.stop().filter(|stop| stop.from <= today) {
            return Some(Unwanted::NotNow(stop.reason));
        }
        if let Some(hold) = self.hold_on(today) {
            return Some(Unwanted::NotNow(hold.kind.reason()));
        }
        if self.could_not(asked) {
            return Some(Unwanted::CouldNot);
        }
        let gone = self.enrolment.supported_to.is_some_and(|to| to < today);
        if asked.kind != Some(OccasionKind::Exit) && gone {
            return Some(Unwanted::Left);
        }
        (asked.ends_on < today).then_some(Unwanted::Over)
    }

    /// Which reminder of `asked` is to be sent today, if any: 1 for the first.
    pub fn reminder_due(&self, asked: &Asked, schedule: &Schedule, today: NaiveDate) -> Option<usize> {
        let sent = asked.reminded.len();
        let days = schedule.reminder_days.get(sent).filter(|_| sent < MOST_REMINDERS)?;
        let last = asked.reminded.iter().max();
        let in_time = plus(asked.asked_on, u64::from(*days)) <= today
            && last.is_none_or(|last| plus(*last, BETWEEN) <= today);
        (in_time && self.unwanted(asked, today).is_none()).then_some(sent + 1)
    }

    /// Whether the invitation was answered, or the person answered the same questionnaire since without it.
    fn has_answered(&self, asked: &Asked) -> bool {
        asked.answered
            || self.answered.iter().any(|a| {
                a.questionnaire == asked.questionnaire
                    && (a.invitation.as_ref() == Some(&asked.id) || a.completed_on >= asked.asked_on)
            })
    }

    fn could_not(&self, asked: &Asked) -> bool {
        self.notes.iter().any(|n| {
            n.kind == NoteKind::CouldNot && n.questionnaire == asked.questionnaire && n.due_on == asked.due_on
        })
    }
}
