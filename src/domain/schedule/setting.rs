//! Schedules and waves, as a scheme sets them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::occasion::OccasionKind;
use crate::domain::definition::{Definition, Registry};
use crate::domain::fault::Fault;
use crate::domain::reader::{Field, read_whole};
use crate::domain::routing::About;
use crate::domain::submission::read_about;

/// The longest time between two reviews, in months.
pub const LONGEST_MONTHS: i64 = 36;
/// How many reminders there are at most for one invitation.
pub const MOST_REMINDERS: usize = 2;

/// How a scheme asks one questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The questionnaire.
    pub questionnaire: String,
    /// Months between two reviews, from each person's own start date; none = no reviews by the calendar.
    pub every_months: Option<u32>,
    /// Days after which somebody who is due and was not asked is overdue.
    pub grace_days: u32,
    /// Days in which an invitation can be answered.
    pub answer_days: u32,
    /// Days after the invitation on which a reminder is sent.
    pub reminder_days: Vec<u32>,
    /// Whether people are asked at the start of support.
    pub baseline: bool,
    /// Whether people are asked on leaving.
    pub exit: bool,
    /// Whom it is for, by facts known about them; empty = everybody.
    pub only: About,
}

impl Schedule {
    /// The schedule of a scheme that has set none: baseline, every six months, exit; 28 days of grace; a quarter to answer; reminders a
    /// week and three weeks after the invitation.
    pub fn usual(questionnaire: &str) -> Self {
        Self {
            questionnaire: questionnaire.to_owned(),
            every_months: Some(6),
            grace_days: 28,
            answer_days: 92,
            reminder_days: vec![7, 21],
            baseline: true,
            exit: true,
            only: About::new(),
        }
    }

    /// Whether a person with these facts is asked by it.
    pub fn is_for(&self, about: &About) -> bool {
        self.only.iter().all(|(breakdown, wanted)| {
            about.get(breakdown).is_some_and(|values| values.iter().any(|v| wanted.contains(v)))
        })
    }

    /// Checks a schedule sent as JSON. What is left out is as usual.
    pub fn check(body: &Value, questionnaire: &str, registry: &Registry) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let usual = Self::usual(questionnaire);
            let object = root.object()?;
            // Null says "no reviews", which is not the same as saying nothing.
            let every_months = if body.get("every_months").is_some_and(Value::is_null) {
                let _ = object.optional("every_months");
                None
            } else {
                object.optional("every_months").map_or(usual.every_months, |f| number(f, 1, LONGEST_MONTHS))
            };
            let grace_days =
                object.optional("grace_days").map_or(Some(usual.grace_days), |f| number(f, 0, 120));
            let answer_days =
                object.optional("answer_days").map_or(Some(usual.answer_days), |f| number(f, 7, 180));
            let reminder_days = object.optional("reminder_days").map_or(Some(usual.reminder_days), reminders);
            let flag = |key| object.optional(key).map_or(Some(true), |f| f.boolean());
            let (baseline, exit) = (flag("baseline"), flag("exit"));
            let only = object.optional("only").map(|f| read_about(f, registry)).unwrap_or_default();
            object.close(false);
            Some(Self {
                questionnaire: usual.questionnaire,
                every_months,
                grace_days: grace_days?,
                answer_days: answer_days?,
                reminder_days: reminder_days?,
                baseline: baseline?,
                exit: exit?,
                only,
            })
        })
    }
}

fn number(field: Field<'_>, least: i64, most: i64) -> Option<u32> {
    let number = field.integer()?;
    if !(least..=most).contains(&number) {
        field.fault("out-of-range", format!("This is a number from {least} to {most}."));
        return None;
    }
    u32::try_from(number).ok()
}

fn reminders(field: Field<'_>) -> Option<Vec<u32>> {
    let list = field.list(0)?;
    if list.len() > MOST_REMINDERS {
        field.fault("too-many", format!("There are at most {MOST_REMINDERS} reminders."));
        return None;
    }
    let mut days: Vec<u32> = Vec::new();
    let mut sound = true;
    list.each(|element| match number(element, 3, 90) {
        Some(day) if days.last().is_some_and(|last| day < last + 7) => {
            element.fault("too-soon", "A reminder comes at least a week after the one before it.");
            sound = false;
        }
        Some(day) => days.push(day),
        None => sound = false,
    });
    sound.then_some(days)
}

/// The schedules of a scheme that has set none. Where the people of a model have one questionnaire, they are asked by it as usual. Where they
/// have several (for the two sides of a match), there is none until the scheme says whom each is for. Nobody else is asked without a schedule.
pub fn default_schedules<'a>(definitions: impl Iterator<Item = &'a Definition>) -> Vec<Schedule> {
    let mut ids: Vec<&str> = definitions
        .filter(|d| d.respondent == "person" && d.can_be_sent_by_name())
        .map(|d| d.id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [only] => vec![Schedule::usual(only)],
        _ => Vec::new(),
    }
}

/// One round in which everybody is due on the same day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// Its id.
    pub id: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The common date.
    pub due_on: NaiveDate,
    /// What the answers are for: `review`, or `one-off`.
    pub kind: OccasionKind,
}

/// A wave as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWave {
    /// The questionnaire.
    pub questionnaire: String,
    /// The common date.
    pub due_on: NaiveDate,
    /// What the answers are for.
    pub kind: OccasionKind,
}

impl NewWave {
    /// Checks a wave sent as JSON. Its date is not in the past: nobody can be asked then any more.
    pub fn check(body: &Value, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        read_whole(body, |root| {
            let object = root.object()?;
            let questionnaire = object.required("questionnaire").and_then(|f| f.string().map(str::to_owned));
            let due_on = object.required("due_on").and_then(|f| {
                let due_on = f.date()?;
                if due_on < today {
                    f.fault("past-date", "A wave begins today or later.");
                }
                Some(due_on)
            });
            let kinds = |code: &str| match code {
                "review" => Some(OccasionKind::Review),
                "one-off" => Some(OccasionKind::OneOff),
                _ => None,
            };
            let kind = object
                .optional("occasion")
                .map_or(Some(OccasionKind::Review), |f| f.one_of(kinds, "review, one-off"));
            object.close(false);
            Some(Self { questionnaire: questionnaire?, due_on: due_on?, kind: kind? })
        })
    }
}
