//! How each occasion of a person stands today: the dates of the schedule against what happened.

use chrono::NaiveDate;

use super::burden::BURDEN_DAYS;
use super::dates::{Due, due_days, plus};
use super::life_event::LifeEvent;
use super::occasion::{Occasion, OccasionKind, Press, State};
use super::reason::{Note, NoteKind, Reason};
use super::record::{Answered, Asked, Record, Stop};
use super::setting::{Schedule, Wave};
use crate::domain::period::day_in_words;

/// What happened on one occasion.
#[derive(Default)]
struct Happened<'a> {
    asked: Vec<&'a Asked>,
    answered: Vec<&'a Answered>,
    notes: Vec<&'a Note>,
}

/// What was found out about one occasion.
struct Found {
    state: State,
    why: String,
    may: Vec<Press>,
    event: Option<String>,
}

impl Record {
    /// Every occasion due up to `until` (or up to today, if that is later), by day.
    pub fn occasions(
        &self,
        schedules: &[Schedule],
        waves: &[Wave],
        today: NaiveDate,
        until: NaiveDate,
    ) -> Vec<Occasion> {
        let mut all: Vec<Occasion> = schedules
            .iter()
            .filter(|schedule| schedule.is_for(&self.enrolment.about))
            .flat_map(|schedule| self.of_schedule(schedule, waves, today, until.max(today)))
            .collect();
        all.sort_by(|a, b| (a.due_on, &a.questionnaire).cmp(&(b.due_on, &b.questionnaire)));
        all
    }

    fn of_schedule(
        &self,
        schedule: &Schedule,
        waves: &[Wave],
        today: NaiveDate,
        until: NaiveDate,
    ) -> Vec<Occasion> {
        let days = due_days(self, schedule, waves, until);
        let happened = self.by_occasion(&days, &schedule.questionnaire);
        let stop = self.stop();
        let mut occasions = Vec::new();
        for (due, happened) in days.iter().zip(&happened).take_while(|(due, _)| due.on <= until) {
            let idle = happened.asked.is_empty() && happened.answered.is_empty() && happened.notes.is_empty();
            // After a stop nothing is planned any more.
            if idle && stop.as_ref().is_some_and(|stop| due.on > stop.from) {
                continue;
            }
            occasions.push(self.judge(schedule, due, happened, stop.as_ref(), today));
        }
        occasions
    }

    /// What happened, by the occasion it belongs to: the one with the same day, else the one in whose time it falls.
    fn by_occasion<'a>(&'a self, days: &[Due], questionnaire: &str) -> Vec<Happened<'a>> {
        let mut happened: Vec<Happened<'a>> = days.iter().map(|_| Happened::default()).collect();
        if days.is_empty() {
            return happened;
        }
        let at = |day: NaiveDate| {
            let same = days.iter().position(|d| d.on == day);
            same.or_else(|| days.iter().rposition(|d| d.opens <= day)).unwrap_or(0)
        };
        for asked in self.asked.iter().filter(|a| a.questionnaire == questionnaire) {
            happened[at(asked.due_on)].asked.push(asked);
        }
        for answered in self.answered.iter().filter(|a| a.questionnaire == questionnaire) {
            let named = answered.invitation.as_ref().and_then(|id| self.asked.iter().find(|a| a.id == *id));
            let index = match named {
                Some(asked) => at(asked.due_on),
                None => days.iter().rposition(|d| d.opens <= answered.completed_on).unwrap_or(0),
            };
            happened[index].answered.push(answered);
        }
        for note in self.notes.iter().filter(|n| n.questionnaire == questionnaire) {
            happened[at(note.due_on)].notes.push(note);
        }
        happened
    }

    fn judge(
        &self,
        schedule: &Schedule,
        due: &Due,
        happened: &Happened<'_>,
        stop: Option<&Stop>,
        today: NaiveDate,
    ) -> Occasion {
        let closed = due.closes.is_some_and(|closes| closes <= today);
        // An occasion that is over is judged as it stood on its last day.
        let day = due.closes.filter(|_| closed).and_then(|closes| closes.pred_opt()).unwrap_or(today);
        let ready_on = self.ready_on(schedule, due, day);
        let grace_to = plus(ready_on, u64::from(schedule.grace_days));
        let latest = happened.asked.iter().max_by_key(|a| (a.answered, a.asked_on)).copied();
        let answered_on = happened.answered.iter().map(|a| a.completed_on).max();
        let found = if answered_on.is_some() || latest.is_some_and(|a| a.answered) {
            let why =
                answered_on.map_or("Answered.".to_owned(), |on| format!("Answered on {}.", day_in_words(on)));
            Found { state: State::Done, why, may: Vec::new(), event: None }
        } else if let Some(note) =
            happened.notes.iter().filter(|n| n.kind == NoteKind::CouldNot).max_by_key(|n| n.on)
        {
            let why = format!(
                "Could not take part ({}): the person {}.",
                day_in_words(note.on),
                note.reason.words()
            );
            Found { state: State::CouldNot(note.reason), why, may: Vec::new(), event: None }
        } else if let Some(asked) = latest {
            self.judge_asked(asked, stop, today)
        } else {
            self.judge_not_asked(due, happened, stop, &Times { today, day, closed, ready_on, grace_to })
        };
        let waits = matches!(found.state, State::Upcoming | State::Due | State::Overdue);
        let first_possible = (waits && self.hold_on(today).is_none() && !found.may.contains(&Press::Invite))
            .then(|| self.free_from(Some(due.kind), today).max(due.opens))
            .filter(|day| *day > today);
        Occasion {
            questionnaire: schedule.questionnaire.clone(),
            kind: due.kind,
            wave: due.wave.clone(),
            due_on: due.on,
            ready_on,
            grace_to,
            closes_on: due.closes,
            state: found.state,
            why: found.why,
            may: found.may,
            first_possible,
            asked_on: latest.map(|a| a.asked_on),
            ends_on: latest.map(|a| a.ends_on),
            reminded: latest.map(|a| a.reminded.clone()).unwrap_or_default(),
            answered_on,
            invitation: latest.map(|a| a.id.clone()),
            event: found.event,
        }
    }

    /// From when the person may be asked: not while a life event holds that began before the days of grace were over, and not within
    /// eight weeks of another asking. `day` is the last day that is looked at.
    fn ready_on(&self, schedule: &Schedule, due: &Due, day: NaiveDate) -> NaiveDate {
        let mut ready = due.on;
        for hold in self.holds().filter(|hold| hold.from <= day) {
            let begins_in_time = hold.from <= plus(ready, u64::from(schedule.grace_days));
            if let Some(lifted) =
                hold.lifted_on.filter(|lifted| begins_in_time && *lifted > ready && *lifted <= day)
            {
                ready = lifted;
            }
        }
        let exempt = due.kind == OccasionKind::Exit;
        match self.last_asked(day).filter(|_| !exempt).map(|asked| plus(asked, BURDEN_DAYS)) {
            Some(free) if free > ready => free,
            _ => ready,
        }
    }

    fn judge_asked(&self, asked: &Asked, stop: Option<&Stop>, today: NaiveDate) -> Found {
        let until = asked.ends_on;
        let (asked_on, last) = (day_in_words(asked.asked_on), day_in_words(until));
        if let Some(stop) = stop.filter(|stop| stop.from <= today && stop.from <= until) {
            let why = format!("Asked on {}; since then the person {}.", asked_on, stop.reason.words());
            return Found {
                state: State::CouldNot(stop.reason),
                why,
                may: lift(stop.event.as_ref()),
                event: stop.event.clone(),
            };
        }
        // Whoever is in hospital when the time ends is held all the same: it goes on when the life event is lifted.
        let hold = self.hold_on(today).filter(|hold| hold.from <= until);
        if let Some(hold) = hold {
            let mut found = held(hold, format!("Asked on {asked_on}."));
            found.may.push(Press::CouldNot);
            return found;
        }
        if today > until {
            let why = format!("Asked on {asked_on}; no answer by {last}.");
            return Found {
                state: State::Missed { asked: true },
                why,
                may: vec![Press::CouldNot],
                event: None,
            };
        }
        let may = vec![Press::ShowAgain, Press::CouldNot, Press::Revoke];
        match asked.reminded.iter().max() {
            Some(reminded) => {
                let why = format!(
                    "Asked on {asked_on}, reminded on {}; can be answered until {last}.",
                    day_in_words(*reminded)
                );
                Found { state: State::Reminded, why, may, event: None }
            }
            None => {
                let why = format!("Asked on {asked_on}; can be answered until {last}.");
                Found { state: State::Asked, why, may, event: None }
            }
        }
    }

    fn judge_not_asked(
        &self,
        due: &Due,
        happened: &Happened<'_>,
        stop: Option<&Stop>,
        times: &Times,
    ) -> Found {
        let Times { today, day, closed, ready_on, grace_to } = *times;
        let due_on = day_in_words(due.on);
        let may_invite = !closed && due.opens <= today && self.may_ask(Some(due.kind), due.on, today).is_ok();
        let invite = may_invite.then_some(Press::Invite);
        if let Some(note) = happened.notes.iter().max_by_key(|n| n.on) {
            let why = format!("Not asked ({}): the person {}.", day_in_words(note.on), note.reason.words());
            return Found {
                state: State::NotAsked(note.reason),
                why,
                may: invite.into_iter().collect(),
                event: None,
            };
        }
        if let Some(stop) = stop.filter(|stop| stop.from <= day) {
            let why =
                format!("Not asked from {} on: the person {}.", day_in_words(stop.from), stop.reason.words());
            let may = lift(stop.event.as_ref());
            return Found { state: State::NotAsked(stop.reason), why, may, event: stop.event.clone() };
        }
        let give_reason = |mut may: Vec<Press>| {
            may.push(Press::NotAsked);
            may
        };
        if !closed && today < due.on {
            let why = format!("Due on {due_on}.");
            return Found {
                state: State::Upcoming,
                why,
                may: give_reason(invite.into_iter().collect()),
                event: None,
            };
        }
        if let Some(hold) = self.hold_on(day) {
            let reason = hold.kind.reason();
            if closed {
                let why = format!("Not asked while it was due: the person {}.", reason.words());
                return Found { state: State::NotAsked(reason), why, may: Vec::new(), event: None };
            }
            return held(hold, format!("Due on {due_on}."));
        }
        if closed && due.closes.is_some_and(|closes| ready_on >= closes) {
            let why = "Not asked while it was due: the person was asked something else less than eight weeks before.";
            let state = State::NotAsked(Reason::AskedRecently);
            return Found { state, why: why.to_owned(), may: Vec::new(), event: None };
        }
        if closed {
            let why = "Was not asked while it was due, and nobody said why.".to_owned();
            return Found {
                state: State::Missed { asked: false },
                why,
                may: vec![Press::NotAsked],
                event: None,
            };
        }
        let may = give_reason(invite.into_iter().collect());
        if ready_on > today {
            let why = format!(
                "Due on {due_on}; was asked less than eight weeks ago, and can be asked from {}.",
                day_in_words(ready_on)
            );
            return Found { state: State::Due, why, may, event: None };
        }
        if today > grace_to {
            let why = format!("Due on {due_on}; the days of grace ended on {}.", day_in_words(grace_to));
            return Found { state: State::Overdue, why, may, event: None };
        }
        let why = match ready_on > due.on {
            true => {
                format!(
                    "Due on {due_on}, and can be asked since {}; overdue after {}.",
                    day_in_words(ready_on),
                    day_in_words(grace_to)
                )
            }
            false => format!("Due on {due_on}; overdue after {}.", day_in_words(grace_to)),
        };
        Found { state: State::Due, why, may, event: None }
    }
}

/// The days by which an occasion without an invitation is judged.
struct Times {
    today: NaiveDate,
    day: NaiveDate,
    closed: bool,
    ready_on: NaiveDate,
    grace_to: NaiveDate,
}

fn lift(event: Option<&String>) -> Vec<Press> {
    event.map(|_| Press::Lift).into_iter().collect()
}

fn held(hold: &LifeEvent, so_far: String) -> Found {
    let why = format!(
        "{so_far} Held since {}: the person {}.",
        day_in_words(hold.from),
        hold.kind.reason().words()
    );
    Found { state: State::Held, why, may: vec![Press::Lift], event: Some(hold.id.clone()) }
}
