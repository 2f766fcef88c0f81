//! When a reminder is sent: on a capped schedule, and never after answering, a stop, a hold, a note or the end.

use chrono::NaiveDate;

use super::dates::plus;
use super::occasion::OccasionKind;
use super::reason::NoteKind;
use super::record::{Asked, Record};
use super::setting::{MOST_REMINDERS, Schedule};

/// Days between two reminders, at least: where one was late, the next one is too.
const BETWEEN: u64 = 7;

impl Record {
    /// Which reminder of `asked` is to be sent today, if any: 1 for the first.
    pub fn reminder_due(&self, asked: &Asked, schedule: &Schedule, today: NaiveDate) -> Option<usize> {
        let sent = asked.reminded.len();
        let days = schedule.reminder_days.get(sent).filter(|_| sent < MOST_REMINDERS)?;
        let last = asked.reminded.iter().max();
        let in_time = plus(asked.asked_on, u64::from(*days)) <= today
            && today <= asked.ends_on
            && last.is_none_or(|last| plus(*last, BETWEEN) <= today);
        let stopped = self.stop().is_some_and(|stop| stop.from <= today) || self.hold_on(today).is_some();
        let left = asked.kind != Some(OccasionKind::Exit)
            && self.enrolment.supported_to.is_some_and(|to| to < today);
        (in_time && !stopped && !left && !self.has_answered(asked) && !self.could_not(asked))
            .then_some(sent + 1)
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
