//! Who was eligible, asked and answered in a period: the same rule as the figures have (`counting::contributions`), person by person.

use chrono::NaiveDate;

use super::record::Record;
use crate::domain::period::{Period, Quarter};

/// People of a period, for one questionnaire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StandingCounts {
    /// Supported at some time in it, by quarters.
    pub supported: usize,
    /// Those of them who could be asked at some time in it.
    pub eligible: usize,
    /// Invited for a day in it.
    pub asked: usize,
    /// Those of them who answered in it, and whose answers count.
    pub answered: usize,
}

/// Counts `people` in `period` for `questionnaire`.
pub fn standing_in<'a>(
    period: Period,
    questionnaire: &str,
    people: impl Iterator<Item = &'a Record>,
) -> StandingCounts {
    let (first, last) = period.quarters();
    // Somebody whose last day is in a quarter is counted in that quarter, and not in the next.
    let touches = |from: NaiveDate, to: Option<NaiveDate>| {
        Quarter::of(from) <= last && to.is_none_or(|to| Quarter::of(to) >= first)
    };
    let days = period.first_day()..=period.last_day();
    let mut counts = StandingCounts::default();
    for person in people {
        let enrolment = person.enrolment.clone().under(&person.events);
        counts.supported += usize::from(touches(enrolment.supported_from, enrolment.supported_to));
        let span = enrolment.eligible();
        counts.eligible += usize::from(span.is_some_and(|(from, to)| touches(from, to)));
        let asked = person.asked.iter().any(|a| a.questionnaire == questionnaire && days.contains(&a.due_on));
        let came = person.answered.iter();
        let mut came =
            came.filter(|a| a.questionnaire == questionnaire && a.counts && days.contains(&a.completed_on));
        counts.asked += usize::from(asked);
        counts.answered += usize::from(asked && came.next().is_some());
    }
    counts
}
