//! What became of invitations and reminders on their way: waiting, tried again and why, sent, given up, or for somebody to do by hand.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::due_list::Asking;
use super::write_messages::Way;
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::fault::Fault;
use crate::domain::schedule::{Asked, Record, Unwanted};
use crate::storage::outbox::{self, MailRow};
use crate::storage::participants::{self, Listing};
use crate::storage::{asking, audit, schedules};

/// Without a wave, invitations are shown that can still be answered, or were made within so many days.
const SHOWN_DAYS: u64 = 92;
/// The states, each counted.
const STATES: [&str; 5] = ["not-sent", "waiting", "trying", "sent", "failed"];

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageSeen {
    /// `email`, `text` or `by-hand`.
    pub way: &'static str,
    /// `not-sent` (by hand, or held back), `waiting`, `trying` (it was not taken, and is tried again), `sent` or `failed` (given up).
    pub state: &'static str,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next_try_at: Option<String>,
    /// When it was taken.
    pub sent_at: Option<String>,
    /// When it was given up.
    pub failed_at: Option<String>,
    /// Why it stands so, in plain words; nothing where that is plain.
    pub why: Option<String>,
    /// What somebody can do about it.
    pub to_do: Option<&'static str>,
}

/// What became of a reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReminderSeen {
    /// 1 for the first.
    pub number: usize,
    /// The day on which it became due.
    pub due_on: NaiveDate,
    /// The message.
    #[serde(flatten)]
    pub message: MessageSeen,
}

/// An invitation with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its id.
    pub invitation: String,
    /// The participant's reference.
    pub participant: String,
    /// The questionnaire.
    pub questionnaire: String,
    /// The day for which the person is asked.
    pub due_on: NaiveDate,
    /// The day on which they were invited.
    pub asked_on: NaiveDate,
    /// The last day on which they can answer.
    pub ends_on: NaiveDate,
    /// Whether they have.
    pub answered: bool,
    /// The last message that carries the invitation itself.
    #[serde(flatten)]
    pub message: MessageSeen,
    /// The reminders.
    pub reminders: Vec<ReminderSeen>,
}

/// How many messages stand how: by state; every state has its key.
pub type MessageCounts = BTreeMap<&'static str, usize>;

/// Deliveries, the latest invitation first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryList {
    /// The wave, if one was asked for.
    pub wave: Option<String>,
    /// How many invitations stand how.
    pub counts: MessageCounts,
    /// How many reminders do.
    pub reminder_counts: MessageCounts,
    /// Each invitation.
    pub items: Vec<Delivery>,
}

/// What became of the invitations of a wave; without one, of those that can still be answered or were made in the last three months. A worker
/// sees their own people's.
pub fn delivery_of(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    wave: Option<&str>,
) -> Result<DeliveryList, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadDue)?;
    let today = app.today();
    let listed = event(app, scheme.number, actor, Act::PeopleListed, scheme_target(scheme));
    let listed = wave.map_or(listed.clone(), |wave| listed.code("wave", wave));
    let found = app.store.write(|db| {
        audit::record_if(db, &listed, |db| {
            let of_wave = match wave {
                None => None,
                Some(id) => match schedules::waves(db, scheme.number)?.into_iter().find(|w| w.id == id) {
                    Some(row) => Some(row.wave()?),
                    None => return Ok(None),
                },
            };
            let listing =
                Listing { worker: actor.only_own().map(str::to_owned), after: None, limit: i64::MAX };
            let references = participants::list(db, scheme.number, &listing)?;
            let records = asking::records(db, scheme.number, &references)?;
            let schedules = Asking::load(app, db, scheme)?;
            let since = today.checked_sub_days(Days::new(SHOWN_DAYS)).unwrap_or(today);
            let mut shown: Vec<(String, Asked)> = Vec::new();
            for (reference, record) in records {
                let of_this_wave: Option<Vec<String>> = of_wave.as_ref().map(|wave| {
                    let occasions = schedules.occasions(&record, today, wave.due_on.max(today));
                    let own = occasions.into_iter().filter(|o| o.wave.as_ref() == Some(&wave.id));
                    own.filter_map(|o| o.invitation).collect()
                });
                let Record { asked, .. } = record;
                let wanted = asked.into_iter().filter(|asked| match &of_this_wave {
                    Some(ids) => ids.contains(&asked.id),
                    None => asked.ends_on >= today && !asked.answered || asked.asked_on >= since,
                });
                shown.extend(wanted.map(|asked| (reference.clone(), asked)));
            }
            let ids: Vec<String> = shown.iter().map(|(_, asked)| asked.id.clone()).collect();
            let messages = outbox::of_invitations(db, scheme.number, &ids)?;
            Ok(Some((shown, messages)))
        })
    })?;
    let unknown = || Fault {
        pointer: "/wave".into(),
        code: "unknown-wave",
        detail: "The scheme has no such wave.".into(),
    };
    let (shown, messages) = found.ok_or_else(|| Refusal::Unknown(Some(unknown())))?;
    Ok(list(wave, shown, messages))
}

fn list(wave: Option<&str>, shown: Vec<(String, Asked)>, messages: Vec<MailRow>) -> DeliveryList {
    // Of several messages about the same, the last one says how it stands: rows come the earliest first.
    let mut latest: BTreeMap<(String, i64), MailRow> = BTreeMap::new();
    for row in messages {
        if let Some(id) = row.invitation_id.clone() {
            latest.insert((id, row.reminder.unwrap_or(0)), row);
        }
    }
    let counts = || STATES.iter().map(|state| (*state, 0)).collect::<MessageCounts>();
    let mut seen = DeliveryList {
        wave: wave.map(str::to_owned),
        counts: counts(),
        reminder_counts: counts(),
        items: Vec::new(),
    };
    for (participant, asked) in shown {
        let message = MessageSeen::of(latest.get(&(asked.id.clone(), 0)), asked.answered);
        *seen.counts.entry(message.state).or_default() += 1;
        let mut reminders = Vec::new();
        for (number, due_on) in (1..).zip(asked.reminded) {
            let key = (asked.id.clone(), i64::try_from(number).unwrap_or(i64::MAX));
            let message = MessageSeen::of(latest.get(&key), asked.answered);
            *seen.reminder_counts.entry(message.state).or_default() += 1;
            reminders.push(ReminderSeen { number, due_on, message });
        }
        seen.items.push(Delivery {
            invitation: asked.id,
            participant,
            questionnaire: asked.questionnaire,
            due_on: asked.due_on,
            asked_on: asked.asked_on,
            ends_on: asked.ends_on,
            answered: asked.answered,
            message,
            reminders,
        });
    }
    seen.items.sort_by(|a, b| (b.asked_on, &a.participant).cmp(&(a.asked_on, &b.participant)));
    seen
}

impl MessageSeen {
    /// How a message stands; without one, somebody does it by hand.
    fn of(row: Option<&MailRow>, answered: bool) -> Self {
        let Some(row) = row else {
            return Self {
                way: Way::ByHand.code(),
                state: "not-sent",
                attempts: 0,
                next_try_at: None,
                sent_at: None,
                failed_at: None,
                why: None,
                to_do: (!answered)
                    .then_some("Print the letter, copy the text message, or show the code on a visit."),
            };
        };
        let (state, why, to_do) = match row {
            MailRow { sent_at: Some(_), .. } => ("sent", None, None),
            MailRow { stopped_at: Some(_), .. } => held_back(row),
            MailRow { failed_at: Some(_), .. } => ("failed", Some(given_up(row)), Some(after_failing(row))),
            MailRow { last_error: Some(why), .. } => {
                ("trying", Some(sentence(why)), Some("Nothing. It is tried again by itself for three days."))
            }
            _ => ("waiting", None, None),
        };
        let time = |at: Option<NaiveDateTime>| at.map(written);
        Self {
            way: Way::of(row).code(),
            state,
            attempts: row.attempts,
            next_try_at: time(row.next_try_at),
            sent_at: time(row.sent_at),
            failed_at: time(row.failed_at),
            why,
            to_do: to_do.filter(|_| !answered),
        }
    }
}

fn held_back(row: &MailRow) -> (&'static str, Option<String>, Option<&'static str>) {
    let why = row.last_error.as_deref().and_then(Unwanted::parse);
    let to_do = match why {
        Some(Unwanted::ContactChanged) => Some("Send it again: it goes to the new address."),
        Some(Unwanted::NotNow(_)) => Some("Nothing. When that is over, lift it; then it is sent by itself."),
        _ => None,
    };
    ("not-sent", why.map(Unwanted::words), to_do)
}

fn given_up(row: &MailRow) -> String {
    row.last_error.as_deref().map_or_else(|| "It could not be delivered.".into(), sentence)
}

fn after_failing(row: &MailRow) -> &'static str {
    if row.way == outbox::TEXT {
        "Look at the mobile number, then send it again. Or print the letter, or show the code on a visit."
    } else {
        "Look at the e-mail address, then send it again. Or print the letter, or show the code on a visit."
    }
}

/// What is kept of why, as a sentence.
fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
