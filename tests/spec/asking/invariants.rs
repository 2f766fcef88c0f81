//! What holds for everybody, whatever happens to them: a year or three in the life of made-up people, day by day, as a scheme that invites
//! whoever may be invited would live it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use khi::domain::participant::Enrolment;
use khi::domain::period::{Period, Quarter};
use khi::domain::schedule::{
    Answered, Asked, EventKind, LifeEvent, OccasionKind, Press, Record, Schedule, State, Wave, standing_in,
};
use proptest::prelude::*;

use super::later;
use crate::support::LEEDS;

/// What happens to somebody, in days from the first day of support.
#[derive(Debug, Clone)]
struct Life {
    entered: i64,
    ends: Option<u64>,
    events: Vec<(usize, u64, Option<u64>)>,
    waves: Vec<(usize, u64)>,
    months: [Option<u32>; 2],
    /// After how many days each invitation is answered; none = not.
    answers: Vec<Option<u64>>,
    /// On which share of days somebody looks at the list, in tenths.
    care: u8,
}

fn lives() -> impl Strategy<Value = Life> {
    let event = (0..EventKind::ALL.len(), 0_u64..700, proptest::option::weighted(0.8, 1_u64..200));
    (
        -400_i64..30,
        proptest::option::of(1_u64..700),
        proptest::collection::vec(event, 0..4),
        proptest::collection::vec((0..2_usize, 0_u64..700), 0..4),
        [proptest::option::weighted(0.9, 1_u32..13), proptest::option::weighted(0.9, 1_u32..13)],
        proptest::collection::vec(proptest::option::weighted(0.6, 0_u64..100), 40),
        1_u8..10,
    )
        .prop_map(|(entered, ends, events, waves, months, answers, care)| Life {
            entered,
            ends,
            events,
            waves,
            months,
            answers,
            care,
        })
}

const BEGIN: &str = "2025-01-10";
const QUESTIONNAIRES: [&str; 2] = ["example", "another"];

/// A life in the making.
struct Living {
    record: Record,
    schedules: Vec<Schedule>,
    waves: Vec<Wave>,
    /// Answers that will come: (day, invitation).
    coming: Vec<(NaiveDate, String)>,
}

impl Living {
    fn new(life: &Life) -> Self {
        let begin: NaiveDate = BEGIN.parse().expect("a day");
        let entered = begin + chrono::TimeDelta::days(life.entered);
        let schedules = QUESTIONNAIRES.iter().zip(life.months);
        let schedules =
            schedules.map(|(id, months)| Schedule { every_months: months, ..Schedule::usual(id) });
        let wave = |(index, (of, day)): (usize, &(usize, u64))| Wave {
            id: format!("w{index}"),
            questionnaire: QUESTIONNAIRES[*of].to_owned(),
            due_on: later(begin, *day),
            kind: OccasionKind::Review,
        };
        Self {
            record: Record::new(Enrolment::new(LEEDS, begin), entered),
            schedules: schedules.collect(),
            waves: life.waves.iter().enumerate().map(wave).collect(),
            coming: Vec::new(),
        }
    }

    /// What happens on `today`, before anybody looks.
    fn happen(&mut self, life: &Life, today: NaiveDate) {
        let begin = self.record.enrolment.supported_from;
        for (index, (kind, from, lasts)) in life.events.iter().enumerate() {
            if later(begin, *from) == today {
                let id = format!("e{index}");
                self.record.events.push(LifeEvent {
                    id,
                    kind: EventKind::ALL[*kind],
                    from: today,
                    lifted_on: None,
                });
            }
            if lasts.is_some_and(|lasts| later(begin, from + lasts) == today) {
                let id = format!("e{index}");
                let event = self.record.events.iter_mut().find(|e| e.id == id).expect("it began");
                event.lifted_on = Some(today);
            }
        }
        // Leaving is said a month before.
        if let Some(ends) = life.ends.map(|ends| later(begin, ends)).filter(|ends| later(today, 30) >= *ends)
        {
            self.record.enrolment.supported_to = Some(ends);
        }
        for (_, id) in self.coming.extract_if(.., |(on, _)| *on <= today) {
            let asked = self.record.asked.iter_mut().find(|a| a.id == id).expect("it was made");
            asked.answered = true;
            self.record.answered.push(Answered {
                questionnaire: asked.questionnaire.clone(),
                completed_on: today,
                invitation: Some(id),
                counts: true,
            });
        }
    }

    /// Somebody looks and invites whoever may be invited.
    fn invite(&mut self, life: &Life, today: NaiveDate) {
        loop {
            let occasions = self.record.occasions(&self.schedules, &self.waves, today, later(today, 31));
            let Some(occasion) = occasions.into_iter().find(|o| o.may.contains(&Press::Invite)) else {
                return;
            };
            let held = self.record.events.iter().any(|e| e.holds_on(today));
            assert!(!held, "nobody is asked during a hold or after a stop: {today} {occasion:?}");
            let id = format!("i{}", self.record.asked.len());
            if let Some(days) = life.answers.get(self.record.asked.len()).copied().flatten() {
                self.coming.push((later(today, days), id.clone()));
            }
            self.record.asked.push(Asked {
                id,
                questionnaire: occasion.questionnaire,
                due_on: occasion.due_on,
                kind: Some(occasion.kind),
                asked_on: today,
                ends_on: later(today, 92),
                answered: false,
                reminded: Vec::new(),
            });
        }
    }

    fn remind(&mut self, today: NaiveDate) {
        for index in 0..self.record.asked.len() {
            let asked = self.record.asked[index].clone();
            let schedule =
                self.schedules.iter().find(|s| s.questionnaire == asked.questionnaire).expect("one");
            if let Some(number) = self.record.reminder_due(&asked, schedule, today) {
                assert_eq!(number, asked.reminded.len() + 1);
                assert!(!asked.answered && today <= asked.ends_on, "{asked:?}");
                assert!(
                    self.record.events.iter().all(|e| !e.holds_on(today)),
                    "reminded during a hold: {today}"
                );
                self.record.asked[index].reminded.push(today);
            }
        }
    }

    /// What holds on every day.
    fn check(&self, today: NaiveDate) {
        let occasions = self.record.occasions(&self.schedules, &self.waves, today, later(today, 60));
        let mut days: BTreeMap<(&str, NaiveDate), usize> = BTreeMap::new();
        for occasion in &occasions {
            *days.entry((&occasion.questionnaire, occasion.due_on)).or_default() += 1;
            if self.record.events.iter().any(|e| e.holds_on(today)) {
                assert_ne!(occasion.state, State::Overdue, "{today} {occasion:?}");
                assert_ne!(occasion.state, State::Asked, "{today} {occasion:?}");
            }
            let past = occasion.closes_on.is_some_and(|closes| closes <= today);
            assert!(
                !(past && matches!(occasion.state, State::Due | State::Overdue | State::Upcoming)),
                "{today} {occasion:?}"
            );
            assert_eq!(
                occasion.state == State::Upcoming,
                today < occasion.due_on
                    && !occasion.state.is_open()
                    && occasion.state != State::Done
                    && occasion.state.reason().is_none()
                    && !past,
                "{today} {occasion:?}"
            );
        }
        assert!(days.values().all(|n| *n == 1), "each occasion once: {today} {days:?}");
        // Every invitation and every answer belongs to one occasion.
        for asked in &self.record.asked {
            let shown = occasions.iter().filter(|o| o.invitation.as_ref() == Some(&asked.id)).count();
            assert!(shown <= 1, "{asked:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_asked_twice_in_eight_weeks_nor_after_a_stop_and_each_occasion_is_in_one_state(life in lives()) {
        let mut living = Living::new(&life);
        let begin = living.record.enrolment.supported_from;
        for index in 0..800_u64 {
            let today = later(begin, index);
            living.happen(&life, today);
            if (index * 7919) % 10 < u64::from(life.care) {
                living.invite(&life, today);
            }
            living.remind(today);
            if index % 5 == 0 {
                living.check(today);
            }
        }
        let mut asked: Vec<&Asked> = living.record.asked.iter().collect();
        asked.sort_by_key(|a| a.asked_on);
        for pair in asked.windows(2) {
            let apart = (pair[1].asked_on - pair[0].asked_on).num_days();
            prop_assert!(apart >= 56 || pair[1].kind == Some(OccasionKind::Exit), "{pair:?}");
        }
        for id in QUESTIONNAIRES {
            let exits = asked.iter().filter(|a| a.questionnaire == id && a.kind == Some(OccasionKind::Exit));
            prop_assert!(exits.count() <= 1, "leavers are asked once");
            let baselines = asked.iter().filter(|a| a.questionnaire == id && a.kind == Some(OccasionKind::Baseline));
            prop_assert!(baselines.count() <= 1);
        }
        prop_assert!(asked.iter().all(|a| a.reminded.len() <= 2));
        // Of a quarter, whoever answered was asked, and whoever is eligible is supported.
        let quarter = Period::Quarter(Quarter::of(later(begin, 300)));
        let counts = standing_in(quarter, QUESTIONNAIRES[0], std::iter::once(&living.record));
        prop_assert!(counts.answered <= counts.asked && counts.eligible <= counts.supported);
    }
}
