//! On which days a person is due by one schedule, before anything of what happened is looked at.

use chrono::{Days, Months, NaiveDate};

use super::burden::BURDEN_DAYS;
use super::occasion::OccasionKind;
use super::record::Record;
use super::setting::{Schedule, Wave};

/// How many days before it is due somebody may be asked.
pub(super) const EARLY_DAYS: u64 = 14;

/// A day on which a person is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) on: NaiveDate,
    pub(super) kind: OccasionKind,
    pub(super) wave: Option<String>,
    /// The first day that belongs to it.
    pub(super) opens: NaiveDate,
    /// The first day that does not any more; none = nothing follows.
    pub(super) closes: Option<NaiveDate>,
}

pub(super) fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

pub(super) fn minus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

/// The days on which the person is due, up to `until` and one more, which says when the last of them is over.
///
/// - The baseline is due when support begins; for somebody who was supported before anything was known of them here, when they were
///   entered. A review is left out until half of the time between two reviews has passed since then.
/// - Where two days are less than eight weeks apart, one gives way: whoever leaves is asked on leaving and not shortly before, and a wave
///   takes the place of a review. What has been asked, answered or written down already stays.
pub(super) fn due_days(record: &Record, schedule: &Schedule, waves: &[Wave], until: NaiveDate) -> Vec<Due> {
    let enrolment = &record.enrolment;
    let (start, end) = (enrolment.supported_from, enrolment.supported_to);
    let known = known_from(record, &schedule.questionnaire);
    let first = start.max(known);
    let within = |day: NaiveDate| end.is_none_or(|end| day <= end);
    let mut days: Vec<(NaiveDate, OccasionKind, Option<String>)> = Vec::new();
    if schedule.baseline && within(first) {
        days.push((first, OccasionKind::Baseline, None));
    }
    if let Some(months) = schedule.every_months.filter(|m| *m > 0) {
        let not_before = first.checked_add_months(Months::new(months.div_ceil(2))).unwrap_or(NaiveDate::MAX);
        let reviews = (1..)
            .map_while(|step: u32| start.checked_add_months(Months::new(step.checked_mul(months)?)))
            .take_while(|day| within(*day));
        for day in reviews.skip_while(|day| *day < if schedule.baseline { not_before } else { first }) {
            days.push((day, OccasionKind::Review, None));
            if day > until {
                break;
            }
        }
    }
    if let Some(end) = end.filter(|end| schedule.exit && *end >= known) {
        days.push((end, OccasionKind::Exit, None));
    }
    let own = waves.iter().filter(|w| w.questionnaire == schedule.questionnaire);
    days.extend(
        own.filter(|w| first <= w.due_on && within(w.due_on)).map(|w| (w.due_on, w.kind, Some(w.id.clone()))),
    );
    let days = thinned(record, &schedule.questionnaire, days);
    let mut due: Vec<Due> = Vec::with_capacity(days.len());
    for (on, kind, wave) in days {
        let after_last = due.last().map_or(NaiveDate::MIN, |last| plus(last.on, 1));
        let opens = minus(on, EARLY_DAYS).max(after_last).max(start.min(on));
        if let Some(last) = due.last_mut() {
            last.closes = Some(opens);
        }
        due.push(Due { on, kind, wave, opens, closes: None });
    }
    if let (Some(end), Some(last)) = (end, due.last_mut()) {
        // Nobody is asked for long after they left.
        let days = if last.kind == OccasionKind::Exit { u64::from(schedule.answer_days) } else { 1 };
        last.closes = Some(plus(end, days));
    }
    if let Some(last) = due.last_mut().filter(|last| last.closes.is_none() && schedule.every_months.is_none())
    {
        last.closes = Some(plus(last.on, u64::from(schedule.answer_days)));
    }
    due
}

/// From when anything is known of the person here.
fn known_from(record: &Record, questionnaire: &str) -> NaiveDate {
    let asked = record.asked.iter().filter(|a| a.questionnaire == questionnaire).map(|a| a.due_on);
    let answered =
        record.answered.iter().filter(|a| a.questionnaire == questionnaire).map(|a| a.completed_on);
    asked.chain(answered).fold(record.entered_on, NaiveDate::min)
}

/// Leaves out what stands less than eight weeks from something stronger.
fn thinned(
    record: &Record,
    questionnaire: &str,
    mut days: Vec<(NaiveDate, OccasionKind, Option<String>)>,
) -> Vec<(NaiveDate, OccasionKind, Option<String>)> {
    let touched = |day: NaiveDate| {
        record.asked.iter().any(|a| a.due_on == day && a.questionnaire == questionnaire)
            || record.notes.iter().any(|n| n.due_on == day && n.questionnaire == questionnaire)
    };
    let strength = |(day, kind, wave): &(NaiveDate, OccasionKind, Option<String>)| match kind {
        _ if touched(*day) => 4,
        OccasionKind::Exit => 3,
        OccasionKind::Baseline => 2,
        _ => u8::from(wave.is_some()),
    };
    // The strongest first; of two alike, the earlier.
    days.sort_by_key(|d| (std::cmp::Reverse(strength(d)), d.0, d.1));
    let mut kept: Vec<(NaiveDate, OccasionKind, Option<String>)> = Vec::new();
    for day in days {
        let clashes = |other: &(NaiveDate, OccasionKind, Option<String>)| {
            let apart = (day.0 - other.0).num_days().unsigned_abs();
            let has = |kind| day.1 == kind || other.1 == kind;
            let (first, second) = (touched(day.0), touched(other.0));
            // Leaving is asked about whatever came before, if that has been asked.
            let both_stay = has(OccasionKind::Exit) && (has(OccasionKind::Baseline) || first || second);
            apart == 0 || apart < BURDEN_DAYS && !both_stay && !(first && second)
        };
        if !kept.iter().any(clashes) {
            kept.push(day);
        }
    }
    kept.sort_by_key(|d| d.0);
    kept
}
