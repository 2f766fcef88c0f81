//! The demo's people: when each joins and leaves, when each is due, and when each answers.

use chrono::{Months, NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::chance::Chance;
use super::places::{Council, Place};
use super::{FIRST_DAY, day, last_day};

/// One person's story.
pub struct Plan {
    pub(super) scheme: String,
    pub(super) reference: String,
    pub(super) questionnaire: &'static str,
    pub(super) enrolment: Value,
    pub(super) councils: Vec<Council>,
    /// From this day the person lives in the scheme's second council.
    pub(super) moves_on: Option<NaiveDate>,
    pub(super) about: Value,
    /// How well things go for this person, from -1 to 1.
    pub(super) luck: f64,
    /// 0 answers alone, 1 with help, 2 with help from someone who gives the support, 3 somebody for them.
    pub(super) helped: u8,
    pub(super) due: Vec<Due>,
}

/// A day on which a person is to be asked.
pub(super) struct Due {
    pub(super) on: NaiveDate,
    pub(super) occasion: &'static str,
    pub(super) answered: Option<NaiveDate>,
}

impl Plan {
    /// The council responsible on `date`.
    pub(super) fn council(&self, date: NaiveDate) -> &str {
        let moved = self.moves_on.is_some_and(|on| on <= date);
        let council = if moved { &self.councils[1] } else { &self.councils[0] };
        council.on(date)
    }

    /// What is sent to invite the person, once for each due day.
    pub(super) fn invitations(&self) -> Vec<Value> {
        self.due.iter().map(|d| json!({"participant": self.reference, "questionnaire": self.questionnaire, "due_on": d.on})).collect()
    }
}

/// The people of a scheme, over the whole calendar.
pub(super) fn plan(place: &Place, chance: &mut Chance) -> Vec<Plan> {
    let mut plans = Vec::new();
    let (first, last) = (day(FIRST_DAY), last_day());
    for seat in 0..place.size {
        // A place in the scheme is taken by one person after another.
        let mut start = first - TimeDelta::days(chance.between(20, 1200));
        let mut turn = 0;
        while start <= last {
            let stays = TimeDelta::days(chance.between(300, 4200));
            let end = Some(start + stays).filter(|end| *end <= last);
            if end.is_none_or(|end| end >= first) {
                plans.push(person(place, seat, turn, start, end, chance));
            }
            turn += 1;
            match end {
                Some(end) => start = end + TimeDelta::days(chance.between(10, 120)),
                None => break,
            }
        }
    }
    plans
}

fn person(
    place: &Place,
    seat: usize,
    turn: usize,
    start: NaiveDate,
    end: Option<NaiveDate>,
    chance: &mut Chance,
) -> Plan {
    let questionnaire = match (place.model, seat % 2) {
        ("homeshare", 0) => "homeshare-householder",
        ("homeshare", _) => "homeshare-homesharer",
        _ => "shared-lives",
    };
    let councils = place.councils.clone();
    // Someone supported before the scheme's records begin is entered from the first day of the records.
    let records = councils.iter().map(|c| c.begins).max().unwrap_or(start);
    let entered = start.max(records);
    let not_asked = chance
        .hit(0.04)
        .then(|| json!({"from": entered + TimeDelta::days(chance.between(0, 900)), "reason": "declined"}));
    let moves_on = (councils.len() > 1 && chance.hit(0.15))
        .then(|| day(FIRST_DAY) + TimeDelta::days(chance.between(100, 900)));
    let home =
        usize::try_from(chance.between(0, i64::try_from(councils.len()).unwrap_or(1) - 1)).unwrap_or(0);
    let councils = if moves_on.is_some() { councils } else { vec![councils[home].clone()] };
    let asked_until = not_asked.as_ref().and_then(|n| n["from"].as_str()?.parse::<NaiveDate>().ok());
    let keen = 0.45 + 0.4 * chance.unit();
    let mut plan = Plan {
        scheme: place.id.clone(),
        reference: format!(
            "P-{:04}{}",
            seat + 1,
            if turn == 0 { String::new() } else { format!("-{}", turn + 1) }
        ),
        questionnaire,
        enrolment: Value::Null,
        councils,
        moves_on,
        about: about(place.model, chance),
        luck: chance.unit() * 2.0 - 1.0,
        helped: *chance.pick(&[(&0, 0.34), (&1, 0.34), (&2, 0.24), (&3, 0.08)]),
        due: due_days(start, end, asked_until, keen, chance),
    };
    plan.enrolment = json!({
        "about": plan.about,
        "council": plan.council(entered), "supported_from": entered, "supported_to": end, "not_asked": not_asked,
    });
    plan
}

/// Baseline at the start, every six months after, and once on leaving; within the calendar.
fn due_days(
    start: NaiveDate,
    end: Option<NaiveDate>,
    asked_until: Option<NaiveDate>,
    keen: f64,
    chance: &mut Chance,
) -> Vec<Due> {
    let (first, last) = (day(FIRST_DAY), last_day());
    let mut due = Vec::new();
    for step in 0..12 {
        let Some(on) = start.checked_add_months(Months::new(step * 6)) else { break };
        if end.is_some_and(|end| on > end) || on > last {
            break;
        }
        due.push((on, if step == 0 { "baseline" } else { "review" }));
    }
    if let Some(end) = end {
        due.push((end, "exit"));
    }
    due.into_iter()
        .filter(|(on, _)| *on >= first && asked_until.is_none_or(|until| *on < until))
        .map(|(on, occasion)| {
            let chance_of_answer = if occasion == "exit" { keen * 0.6 } else { keen };
            let answered = chance
                .hit(chance_of_answer)
                .then(|| on + TimeDelta::days(chance.between(0, 42)))
                .filter(|d| *d <= last);
            Due { on, occasion, answered }
        })
        .collect()
}

fn about(model: &str, chance: &mut Chance) -> Value {
    let age = *chance.pick(&[
        (&"18-24", 9.0),
        (&"25-34", 17.0),
        (&"35-44", 16.0),
        (&"45-54", 17.0),
        (&"55-64", 19.0),
        (&"65-74", 12.0),
        (&"75-84", 7.0),
        (&"85-plus", 3.0),
    ]);
    let gender = *chance.pick(&[(&"woman", 48.0), (&"man", 51.0), (&"another", 1.0)]);
    if model == "homeshare" {
        return json!({"arrangement": ["match"], "age_band": age, "gender": gender});
    }
    let mut arrangement =
        vec![*chance.pick(&[(&"live-in", 56.0), (&"short-breaks", 27.0), (&"day-support", 17.0)])];
    if arrangement[0] == "live-in" && chance.hit(0.04) {
        arrangement.push("day-support"); // shares of arrangements may pass 100%
    }
    let mut need = vec![*chance.pick(&[
        (&"learning-disability", 66.0),
        (&"mental-health", 10.0),
        (&"autism", 7.0),
        (&"physical-impairment", 6.0),
        (&"dementia", 5.0),
        (&"older-age", 4.0),
        (&"care-leaver", 2.0),
    ])];
    if need[0] == "learning-disability" && chance.hit(0.15) {
        need.push("autism");
    }
    json!({"arrangement": arrangement, "need": need, "age_band": age, "gender": gender})
}
