//! The burden budget: nobody is asked twice within eight weeks, whichever questionnaire it is; and nobody is asked after a stop.

use chrono::NaiveDate;

use super::dates::plus;
use super::occasion::OccasionKind;
use super::record::Record;
use crate::domain::period::day_in_words;

/// Days from one asking to the next, at least. Being asked on leaving is the exception: it cannot wait, and it is the last time.
pub const BURDEN_DAYS: u64 = 56;

/// Why a person is not asked today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable name of the rule.
    pub code: &'static str,
    /// Which rule it is and what would be right.
    pub detail: String,
    /// The first day on which it is possible, if that is known.
    pub first_possible: Option<NaiveDate>,
}

impl Record {
    /// The last day up to `today` on which the person was asked anything: by an invitation, or by answering without one.
    pub(super) fn last_asked(&self, today: NaiveDate) -> Option<NaiveDate> {
        let invited = self.asked.iter().map(|a| a.asked_on);
        let came = self.answered.iter().filter(|a| a.invitation.is_none()).map(|a| a.completed_on);
        invited.chain(came).filter(|day| *day <= today).max()
    }

    /// The first day from `today` on that the burden budget leaves free for an occasion of this kind.
    pub(super) fn free_from(&self, kind: Option<OccasionKind>, today: NaiveDate) -> NaiveDate {
        let asked = self.last_asked(today).filter(|_| kind != Some(OccasionKind::Exit));
        asked.map_or(today, |day| plus(day, BURDEN_DAYS).max(today))
    }

    /// Whether the person may be asked today for an occasion of this kind that is due on `due_on`.
    ///
    /// # Errors
    ///
    /// If not: why, and from when.
    pub fn may_ask(
        &self,
        kind: Option<OccasionKind>,
        due_on: NaiveDate,
        today: NaiveDate,
    ) -> Result<(), Refused> {
        let refused = |code, detail: String, first_possible| Err(Refused { code, detail, first_possible });
        if due_on < self.enrolment.supported_from {
            let detail = "The person is not supported by the scheme on that day.".to_owned();
            return refused("not-supported-yet", detail, Some(self.enrolment.supported_from));
        }
        if let Some(stop) = self.stop().filter(|stop| stop.from <= today) {
            let lift = if stop.event.is_some() {
                "the life event is lifted"
            } else {
                "“not_asked” is taken out"
            };
            let detail = format!("The person {}. They are not asked until {lift}.", stop.reason.words());
            return refused("not-to-be-asked", detail, None);
        }
        if let Some(hold) = self.hold_on(today) {
            let detail = format!("The person {}. Lift the life event first.", hold.kind.reason().words());
            return refused("held", detail, hold.lifted_on);
        }
        let left = self.enrolment.supported_to.filter(|to| kind != Some(OccasionKind::Exit) && due_on > *to);
        if left.is_some() {
            let detail = "The scheme does not support the person on that day. On leaving they are asked once, with “occasion”: “exit”.";
            return refused("not-supported-any-more", detail.to_owned(), None);
        }
        let free = self.free_from(kind, today);
        if free > today {
            let detail = format!(
                "The person was asked less than eight weeks ago. The first day on which they can be asked again is {}.",
                day_in_words(free)
            );
            return refused("asked-too-soon", detail, Some(free));
        }
        Ok(())
    }
}
