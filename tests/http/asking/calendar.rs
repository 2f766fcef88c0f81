//! Two years of a scheme of 38 people, week by week, against a recount that shares nothing with what it checks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months};

use super::*;
use crate::support::Chance;

/// One asking, as the test saw it.
#[derive(Debug, Clone)]
struct Ask {
    person: usize,
    due_on: NaiveDate,
    occasion: String,
    asked_on: NaiveDate,
    id: String,
}

const PEOPLE: usize = 38;
const WEEKS: i64 = 105;
/// (person, the week in which they go to hospital, the week in which they come back)
const HOSPITAL: (usize, i64, i64) = (5, 30, 44);
/// (person, week)
const DEATH: (usize, i64) = (12, 40);
/// (person, the week in which they ask not to be contacted, the week in which they change their mind)
const NO_CONTACT: (usize, i64, i64) = (2, 20, 60);
/// (person, the week in which it is said, days until the last day)
const LEAVERS: [(usize, i64, i64); 4] = [(3, 50, 20), (9, 33, 0), (17, 70, 60), (30, 96, 14)];

fn name(person: usize) -> String {
    format!("P-{person:02}")
}

fn begin() -> NaiveDate {
    "2025-01-06".parse().expect("a day")
}

/// Starts are spread over fourteen months.
fn start_of(person: usize) -> NaiveDate {
    after(begin(), i64::try_from(person).expect("small") * 425 / 37)
}

fn end_of(person: usize) -> Option<NaiveDate> {
    let leaver = LEAVERS.iter().find(|(who, ..)| *who == person);
    let left = leaver.map(|(_, week, days)| after(begin(), week * 7 + days));
    left.or((person == DEATH.0).then(|| after(begin(), DEATH.1 * 7)))
}

/// A quarter as a number that can be compared.
fn quarter(day: NaiveDate) -> i32 {
    day.year() * 4 + i32::try_from(day.month0() / 3).expect("small")
}

/// What the week's visitor sees and does.
struct Run {
    asks: Vec<Ask>,
    answers: Vec<(usize, NaiveDate)>,
    reminded: BTreeMap<String, usize>,
    chance: Chance,
    event: String,
}

#[test]
fn thirty_eight_people_are_asked_at_baseline_every_six_months_and_once_on_leaving() {
    on_both(|world| async move {
        go_to(&world, "2025-01-06");
        let national = world.with_leeds().await;
        for person in 0..PEOPLE {
            enter(&national, &name(person), &start_of(person).to_string()).await;
        }
        let mut run = Run {
            asks: Vec::new(),
            answers: Vec::new(),
            reminded: BTreeMap::new(),
            chance: Chance(11),
            event: String::new(),
        };
        for week in 0..WEEKS {
            go_to(&world, &after(begin(), week * 7).to_string());
            let lead = lead(&world).await;
            happen(&lead, week, &mut run).await;
            look_and_invite(&world, &lead, week, &mut run).await;
            answer(&world, &lead, &mut run).await;
            for reminder in world.act(|app| due_reminders(app).expect("reads")).await {
                let number = run.reminded.entry(reminder.invitation.clone()).or_default();
                *number += 1;
                assert_eq!(*number, reminder.number);
            }
        }
        check_askings(&world, &run);
        check_figures(&world, &run).await;
        let differences =
            world.act(|app| khi::use_cases::verify_tallies(app, |_, _| ()).expect("reads")).await;
        assert!(differences.is_empty(), "{differences:?}");
    });
}

async fn happen(lead: &Client<'_>, week: i64, run: &mut Run) {
    let events = |person: usize| format!("{}/events", by_ref(&name(person)));
    let record = |person: usize, kind: &'static str| async move {
        let event = lead.post(&events(person), &json!({"kind": kind})).await.expect(201).json();
        event["id"].as_str().expect("an id").to_owned()
    };
    let lift = |person: usize, event: String| async move {
        lead.post(&format!("{}/{event}/lift", events(person)), &json!({})).await.expect(200);
    };
    if week == HOSPITAL.1 {
        run.event = record(HOSPITAL.0, "hospital").await;
    }
    if week == HOSPITAL.2 {
        lift(HOSPITAL.0, run.event.clone()).await;
    }
    if week == NO_CONTACT.1 {
        run.event = record(NO_CONTACT.0, "no-contact").await;
    }
    if week == NO_CONTACT.2 {
        let seen = lead.get(&by_ref(&name(NO_CONTACT.0))).await.expect(200).json();
        lift(NO_CONTACT.0, seen["events"][0]["id"].as_str().expect("an id").to_owned()).await;
    }
    if week == DEATH.1 {
        record(DEATH.0, "death").await;
    }
    for (person, _, days) in LEAVERS.iter().filter(|(_, when, _)| *when == week) {
        let on = after(begin(), week * 7 + days).to_string();
        lead.post(&format!("{}/leave", by_ref(&name(*person))), &json!({"on": on})).await.expect(200);
    }
}

async fn look_and_invite(world: &World, lead: &Client<'_>, week: i64, run: &mut Run) {
    let list = lead.get(&path("due")).await.expect(200).json();
    let items = list["items"].as_array().expect("items");
    let text = |item: &Value, key: &str| item[key].as_str().expect(key).to_owned();
    let may = |item: &Value| item["may"].as_array().expect("may").contains(&json!("invite"));
    let total: i64 = list["counts"]
        .as_object()
        .expect("counts")
        .iter()
        .filter(|(k, _)| *k != "reasons" && *k != "without_reason")
        .filter_map(|(_, n)| n.as_i64())
        .sum();
    assert_eq!(usize::try_from(total).expect("small"), items.len(), "each occasion is in exactly one state");
    for item in items {
        // Somebody comes by every week, so nobody is ever overdue; and whoever is held is held.
        assert_ne!(item["state"], "overdue", "{item}");
        let held = item["participant"] == name(HOSPITAL.0) && (HOSPITAL.1..HOSPITAL.2).contains(&week);
        if held {
            assert!(
                !may(item) && ["held", "done", "upcoming", "missed"].contains(&text(item, "state").as_str()),
                "{item}"
            );
        }
    }
    // The list of the month shows what may be asked from it; what is due in two weeks of the next month waits for that month.
    let chosen: Vec<&Value> = items.iter().filter(|item| may(item)).collect();
    if chosen.is_empty() {
        return;
    }
    let people: Vec<Value> = chosen.iter().map(|item| json!({"participant": item["participant"]})).collect();
    let invited = lead.post(&path("invitations/due"), &json!({"people": people})).await.expect(201).items();
    for (item, invited) in chosen.iter().zip(&invited) {
        assert_eq!(item["due_on"], invited["due_on"], "{item}");
        run.asks.push(Ask {
            person: text(item, "participant")[2..].parse().expect("a number"),
            due_on: text(item, "due_on").parse().expect("a day"),
            occasion: text(item, "occasion"),
            asked_on: today(world),
            id: text(invited, "id"),
        });
    }
}

/// Seven of ten answer, between a day and ten weeks later.
async fn answer(world: &World, lead: &Client<'_>, run: &mut Run) {
    let now = today(world);
    for ask in run.asks.clone() {
        let open = after(ask.asked_on, 70) > now
            && now > ask.asked_on
            && !run.answers.iter().any(|(who, on)| *who == ask.person && *on > ask.asked_on);
        let held = ask.person == HOSPITAL.0 || ask.person == DEATH.0 || ask.person == NO_CONTACT.0;
        if !open || held || !run.chance.in_hundred(20) {
            continue;
        }
        let mut body = response(SCHEME, &name(ask.person), &now.to_string(), "better");
        body["invitation"] = json!(ask.id);
        body["occasion"] = json!(ask.occasion);
        lead.submit(&format!("key-0123456789-{}", ask.id), &body).await.expect(201);
        run.answers.push((ask.person, now));
    }
}

/// The days on which a person is due, by the rules as people say them: at the start, every six months, once on leaving.
fn expected(person: usize, last: NaiveDate) -> BTreeSet<(NaiveDate, String)> {
    let start = start_of(person);
    let mut days = BTreeSet::new();
    let leaves = end_of(person).filter(|_| person != DEATH.0);
    for step in 0..6 {
        let day = start.checked_add_months(Months::new(step * 6)).expect("a day");
        let before_leaving = leaves.is_none_or(|end| (end - day).num_days() >= 56);
        if day <= last && (before_leaving || step == 0) && end_of(person).is_none_or(|end| day <= end) {
            days.insert((day, if step == 0 { "baseline" } else { "review" }.to_owned()));
        }
    }
    days.extend(leaves.filter(|end| *end <= last).map(|end| (end, "exit".to_owned())));
    days
}

fn check_askings(world: &World, run: &Run) {
    let last = today(world);
    for person in 0..PEOPLE {
        let asks: Vec<&Ask> = run.asks.iter().filter(|a| a.person == person).collect();
        let asked: BTreeSet<(NaiveDate, String)> =
            asks.iter().map(|a| (a.due_on, a.occasion.clone())).collect();
        assert_eq!(asked.len(), asks.len(), "nobody is asked twice for one occasion");
        for pair in asks.windows(2) {
            let apart = (pair[1].asked_on - pair[0].asked_on).num_days();
            assert!(apart >= 56 || pair[1].occasion == "exit", "{pair:?}");
        }
        for ask in &asks {
            let late = (ask.asked_on - ask.due_on).num_days();
            let held = person == HOSPITAL.0 || person == NO_CONTACT.0;
            assert!((-14..7).contains(&late) || held, "asked when due: {ask:?}");
        }
        if person == NO_CONTACT.0 {
            // Baseline before, nothing in between, and every six months again since.
            let between = after(begin(), NO_CONTACT.1 * 7)..after(begin(), NO_CONTACT.2 * 7);
            assert!(asks.iter().all(|a| !between.contains(&a.asked_on)), "{asks:?}");
            continue;
        }
        // A little may be asked before it is due: that is not expected yet, and not wrong.
        let wanted = expected(person, last);
        let soon = expected(person, after(last, 14));
        assert!(wanted.is_subset(&asked), "{person}: {wanted:?} {asked:?}");
        // Who said in time that they leave is not asked shortly before; who said so later may have been.
        let surplus: Vec<_> = asked.difference(&soon).collect();
        assert!(
            surplus.iter().all(|(day, kind)| kind == "review"
                && end_of(person).is_some_and(|end| (end - *day).num_days() < 56)),
            "{person}: {surplus:?}"
        );
    }
    assert!(
        run.asks.len() > 100 && run.answers.len() > 50,
        "{} asked, {} answered",
        run.asks.len(),
        run.answers.len()
    );
    assert!(run.reminded.values().all(|n| *n <= 2) && run.reminded.len() > 20);
}

/// Supported, eligible, asked and answered of each quarter, counted from what the test did.
async fn check_figures(world: &World, run: &Run) {
    let national = world.national().await;
    let url = "/api/v1/khi?period=2025-Q1..2026-Q4&level=uk&indicator=social-connection";
    let rows = national.get(url).await.expect(200).items();
    assert!(rows.len() >= 6, "{rows:?}");
    for year in [2025, 2026] {
        for index in 0..4 {
            let this = year * 4 + index;
            let touches = |person: &usize| {
                quarter(start_of(*person)) <= this && end_of(*person).is_none_or(|end| quarter(end) >= this)
            };
            let supported = (0..PEOPLE).filter(touches).count();
            let asked: BTreeSet<usize> =
                run.asks.iter().filter(|a| quarter(a.due_on) == this).map(|a| a.person).collect();
            let came =
                |person: &&usize| run.answers.iter().any(|(who, on)| who == *person && quarter(*on) == this);
            let answered = asked.iter().filter(came).count();
            let period = format!("{year}-Q{}", index + 1);
            let month = format!("{year}-{:02}", index * 3 + 2);
            let list = national.get(&path(&format!("due?month={month}"))).await.expect(200).json();
            let counted = &list["quarters"][0];
            // Nobody here was stopped for good while supported: whoever is supported is eligible.
            let expected = json!({"period": period, "questionnaire": "shared-lives", "supported": supported, "eligible": supported,
                "asked": asked.len(), "answered": answered});
            assert_eq!(*counted, expected);
            if let Some(row) = rows.iter().find(|row| row["period"] == json!(period)) {
                let found = [&row["supported"], &row["eligible"], &row["invited"], &row["responded"]];
                assert_eq!(
                    found.map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok())),
                    [supported, supported, asked.len(), answered].map(Some),
                    "{period}"
                );
            }
        }
    }
}
