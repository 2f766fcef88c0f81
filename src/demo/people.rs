//! The demo's people: when each joins and leaves, when each is due, and when each answers.

use chrono::{Months, NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::chance::Chance;
use super::places::{Council, Place};
use super::sides::{self, Seats, Side, Way};
use super::{FIRST_DAY, day, last_day};

/// The story of one person; or of an open link, through which many answer once.
pub struct Plan {
    pub(super) scheme: String,
    /// None = answers through an open link.
    pub(super) reference: Option<String>,
    pub(super) questionnaire: &'static str,
    /// What is entered of a person who is supported; none of the people around them.
    pub(super) enrolment: Option<Value>,
    pub(super) unit: Option<String>,
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

    /// What is sent to enter the person; none if they are not entered.
    pub(super) fn participant(&self) -> Option<(String, Value)> {
        Some((self.reference.clone()?, self.enrolment.clone()?))
    }

    /// What is sent to invite the person, once for each due day.
    pub(super) fn invitations(&self) -> Vec<Value> {
        let invited = self.due.iter().filter(|_| self.enrolment.is_some());
        invited.map(|d| json!({"participant": self.reference, "questionnaire": self.questionnaire, "due_on": d.on})).collect()
    }
}

/// The people of a scheme, over the whole calendar.
pub(super) fn plan(place: &Place, chance: &mut Chance) -> Vec<Plan> {
    let mut plans = Vec::new();
    for side in sides::of(place.model) {
        if let Way::Open(answers) = side.way {
            for index in 0..place.units.len().max(1) {
                plans.push(open_link(place, side, index, answers, chance));
            }
            continue;
        }
        let seats = match side.seats {
            Seats::Percent(percent) => (place.size * percent).div_ceil(100),
            Seats::EachUnit(each) => each * place.units.len(),
            Seats::Scheme(all) => all,
            Seats::EachCouncil => place.councils.len(),
        };
        for seat in 0..seats {
            fill_seat(place, side, seat, chance, &mut plans);
        }
    }
    plans
}

/// A place in the scheme is taken by one person after another.
fn fill_seat(place: &Place, side: &Side, seat: usize, chance: &mut Chance, plans: &mut Vec<Plan>) {
    let (first, last) = (day(FIRST_DAY), last_day());
    if let Seats::EachCouncil = side.seats {
        let start = first + TimeDelta::days(chance.between(20, 160));
        plans.push(person(place, side, (seat, 0), (start, None), chance));
        return;
    }
    let mut start = first - TimeDelta::days(chance.between(20, 1200));
    let mut turn = 0;
    while start <= last {
        let stays = TimeDelta::days(chance.between(300, 4200));
        let end = Some(start + stays).filter(|end| *end <= last);
        if end.is_none_or(|end| end >= first) {
            plans.push(person(place, side, (seat, turn), (start, end), chance));
        }
        turn += 1;
        match end {
            Some(end) => start = end + TimeDelta::days(chance.between(10, 120)),
            None => break,
        }
    }
}

fn person(
    place: &Place,
    side: &Side,
    (seat, turn): (usize, usize),
    (start, end): (NaiveDate, Option<NaiveDate>),
    chance: &mut Chance,
) -> Plan {
    let councils = place.councils.clone();
    // Someone supported before the scheme's records begin is entered from the first day of the records.
    let entered = start.max(place.begins());
    let supported = side.way == Way::Entered;
    let not_asked = (supported && chance.hit(0.04))
        .then(|| json!({"from": entered + TimeDelta::days(chance.between(0, 900)), "reason": "declined"}));
    let moves_on = (supported && councils.len() > 1 && chance.hit(0.15))
        .then(|| day(FIRST_DAY) + TimeDelta::days(chance.between(100, 900)));
    let home = if let Seats::EachCouncil = side.seats {
        seat
    } else {
        usize::try_from(chance.between(0, i64::try_from(councils.len()).unwrap_or(1) - 1)).unwrap_or(0)
    };
    let councils = if moves_on.is_some() { councils } else { vec![councils[home].clone()] };
    let asked_until = not_asked.as_ref().and_then(|n| n["from"].as_str()?.parse::<NaiveDate>().ok());
    // An area answers nearly every year.
    let keen = if let Seats::EachCouncil = side.seats { 0.95 } else { 0.45 + 0.4 * chance.unit() };
    let again = if turn == 0 { String::new() } else { format!("-{}", turn + 1) };
    let mut plan = Plan {
        scheme: place.id.clone(),
        reference: Some(format!("{}-{:04}{again}", side.prefix, seat + 1)),
        questionnaire: side.questionnaire,
        enrolment: None,
        unit: place.unit_of(seat, start).map(str::to_owned),
        councils,
        moves_on,
        about: if supported { about(place.model, chance) } else { json!({}) },
        luck: chance.unit() * 2.0 - 1.0,
        helped: if supported { helped(place.model, chance) } else { 0 },
        due: due_days(side, (start, end), asked_until, keen, chance),
    };
    if supported {
        plan.enrolment = Some(json!({
            "about": plan.about,
            "council": plan.council(entered), "supported_from": entered, "supported_to": end, "not_asked": not_asked,
        }));
    }
    plan
}

/// Who helps: people who use few words are helped more.
fn helped(model: &str, chance: &mut Chance) -> u8 {
    if model == "small-supports" {
        return *chance.pick(&[(&0, 0.12), (&1, 0.42), (&2, 0.31), (&3, 0.15)]);
    }
    *chance.pick(&[(&0, 0.34), (&1, 0.34), (&2, 0.24), (&3, 0.08)])
}

/// Answers through the open link of a scheme, or of one of its units.
fn open_link(place: &Place, side: &Side, index: usize, answers: i64, chance: &mut Chance) -> Plan {
    let mut due = Vec::new();
    let mut on = day(FIRST_DAY) + TimeDelta::days(14);
    while on <= last_day() {
        let here =
            if on >= place.unit_begins(index) { chance.between(answers / 2, answers * 3 / 2) } else { 0 };
        for _ in 0..here {
            let answered = Some(on + TimeDelta::days(chance.between(0, 60))).filter(|d| *d <= last_day());
            due.push(Due { on, occasion: "one-off", answered });
        }
        let Some(next) = on.checked_add_months(Months::new(side.every)) else { break };
        on = next;
    }
    Plan {
        scheme: place.id.clone(),
        reference: None,
        questionnaire: side.questionnaire,
        enrolment: None,
        unit: place.units.get(index).cloned(),
        councils: vec![place.councils[0].clone()],
        moves_on: None,
        about: json!({}),
        luck: chance.unit() * 2.0 - 1.0,
        helped: 0,
        due,
    }
}

/// Baseline at the beginning, then in the rhythm of the side, and once on leaving; within the calendar.
fn due_days(
    side: &Side,
    (start, end): (NaiveDate, Option<NaiveDate>),
    asked_until: Option<NaiveDate>,
    keen: f64,
    chance: &mut Chance,
) -> Vec<Due> {
    let (first, last) = (day(FIRST_DAY), last_day());
    let mut due = Vec::new();
    for step in 0..28 {
        let Some(on) = start.checked_add_months(Months::new(side.first + step * side.every)) else { break };
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
    let arrangement = match model {
        "homeshare" => Some("match"),
        "wellbeing-teams" => Some("visiting"),
        _ => None,
    };
    if let Some(arrangement) = arrangement {
        return json!({"arrangement": [arrangement], "age_band": age, "gender": gender});
    }
    if matches!(model, "local-area-coordination" | "community-circles") {
        return json!({"age_band": age, "gender": gender});
    }
    if model == "small-supports" {
        return json!({"need": ["learning-disability", "autism"], "age_band": age, "gender": gender});
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
