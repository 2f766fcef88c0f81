//! The demo's answers: shares near the sector's published 90%, 83% and 88%, some *worse*, some missing.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::people::Plan;
use crate::app::App;
use crate::domain::definition::Definition;
use crate::domain::question::{Answer, Item, Kind, Missing};
use crate::domain::routing::{About, Answers, is_asked};

/// The body of one response.
pub(super) fn response(app: &App, plan: &Plan, index: usize, on: NaiveDate, chance: &mut Chance) -> Value {
    let due = &plan.due[index];
    let Some(definition) = app.registry.latest(plan.questionnaire) else { return Value::Null };
    let proxy = plan.helped == 3;
    let about: About = plan
        .about
        .as_object()
        .into_iter()
        .flatten()
        .map(|(id, v)| {
            (id.clone(), v.as_array().map_or_else(|| vec![text(v)], |list| list.iter().map(text).collect()))
        })
        .collect();
    let answers = answer_all(definition, plan, &about, on, proxy, chance);
    let easy = definition.renditions.iter().any(|r| r == "easy-read") && chance.hit(0.8);
    let welsh = plan.council(on).starts_with('W') && chance.hit(0.25);
    json!({
        "questionnaire": definition.id, "version": definition.version.to_string(), "scheme": plan.scheme, "council": plan.council(on),
        "unit": plan.unit, "participant": plan.reference, "occasion": due.occasion, "due_on": due.on, "completed_on": on,
        "mode": if plan.reference.is_none() { "online" } else {
            *chance.pick(&[(&"online", 50.0), (&"visit", 30.0), (&"paper", 15.0), (&"phone", 5.0)])
        },
        "rendition": if easy { "easy-read" } else { "standard" }, "language": if welsh { "cy" } else { "en" },
        "completed_by": match plan.helped { 0 => "self", 3 => "proxy", _ => "helped" },
        "helper": helper(plan, chance),
        "consent": {"version": definition.consent.version, "statistics": !chance.hit(0.015), "quotes": chance.hit(0.3), "ask_again": true, "share": "nobody"},
        "about": plan.about, "answers": answers,
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn helper(plan: &Plan, chance: &mut Chance) -> Value {
    let (role, gives_support) = match plan.helped {
        0 => return Value::Null,
        2 => match plan.questionnaire {
            "shared-lives" => ("shared-lives-carer", true),
            "community-circles" => ("circle-member", true),
            "small-supports" | "wellbeing-teams" => ("scheme-worker", true),
            _ => ("coordinator", true),
        },
        _ => (
            *chance.pick(&[(&"family", 5.0), (&"friend", 2.0), (&"advocate", 2.0), (&"other-staff", 1.0)]),
            false,
        ),
    };
    json!({"role": role, "help": if chance.hit(0.5) { vec!["read", "explained"] } else { vec!["read"] }, "gives_support": gives_support})
}

fn answer_all(
    definition: &Definition,
    plan: &Plan,
    about: &About,
    on: NaiveDate,
    proxy: bool,
    chance: &mut Chance,
) -> Value {
    let mut sent = Map::new();
    let mut given = Answers::new();
    // Things get a little better over the three years.
    let years = (on - super::day(super::FIRST_DAY)).num_days() as f64 / 365.0;
    for item in definition.items.iter().filter(|i| i.is_question()) {
        if !is_asked(item, &given, about) || proxy && !item.proxy_allowed {
            continue;
        }
        let answer = if matches!(item.kind, Kind::Text) {
            None
        } else if chance.hit(0.045) {
            let reason = *chance.pick(&[
                (&Missing::DontKnow, 5.0),
                (&Missing::PreferNotToSay, 1.5),
                (&Missing::Skipped, 2.5),
            ]);
            (reason != Missing::Skipped).then_some(Answer::Missing { missing: reason })
        } else {
            Some(answer(item, plan.luck, years, &given, chance))
        };
        if let Some(answer) = answer {
            sent.insert(item.id.clone(), json!(answer));
            given.insert(item.id.clone(), answer);
        }
    }
    Value::Object(sent)
}

/// One answer: the first option is the good one for most items; `luck` and time move its share.
fn answer(item: &Item, luck: f64, years: f64, given: &Answers, chance: &mut Chance) -> Answer {
    let lift = luck * 0.07 + years * 0.008;
    match &item.kind {
        Kind::Single(single) => {
            let weights = weights(&item.id, single.options.len(), lift);
            let choices: Vec<(&str, f64)> =
                single.options.iter().map(|o| o.code.as_str()).zip(weights).collect();
            Answer::Choice(chance.pick(&choices).to_owned())
        }
        Kind::Multiple(multiple) => {
            let open: Vec<&str> =
                multiple.options.iter().filter(|o| !o.exclusive).map(|o| o.code.as_str()).collect();
            let mut codes: Vec<String> =
                open.iter().filter(|_| chance.hit(0.3)).map(|c| (*c).to_owned()).collect();
            if codes.is_empty() {
                codes.extend(open.first().map(|c| (*c).to_owned()));
            }
            Answer::Choices(codes)
        }
        Kind::Count(range) if item.id == "goals-set" => {
            Answer::Number(chance.between(0, 4).clamp(range.min, range.max))
        }
        Kind::Count(range) if item.id == "goals-met" => {
            // No more than were set.
            let set = match given.get("goals-set") {
                Some(Answer::Number(set)) => *set,
                _ => 0,
            };
            let met = (0..set).map(|_| i64::from(chance.hit(0.55 + lift))).sum::<i64>();
            Answer::Number(met.clamp(range.min, range.max))
        }
        Kind::Count(range) => {
            let friends = [
                (&0, 8.0),
                (&1, 17.0),
                (&2, 19.0),
                (&3, 18.0),
                (&4, 12.0),
                (&5, 9.0),
                (&7, 9.0),
                (&12, 6.0),
                (&20, 2.0),
            ];
            let number = *chance.pick(&friends) + i64::from(chance.hit(0.2 + lift));
            Answer::Number(number.clamp(range.min, range.max))
        }
        Kind::Scale(range) => {
            let middle = if item.id == "anxious" { 2.9 - 6.0 * lift } else { 7.5 + 6.0 * lift };
            let drawn = middle + (chance.unit() + chance.unit() + chance.unit() - 1.5) * 3.2;
            #[expect(clippy::cast_possible_truncation, reason = "clamped to the scale")]
            let number = drawn.round() as i64;
            Answer::Number(number.clamp(range.min, range.max))
        }
        Kind::Text | Kind::Note => Answer::Missing { missing: Missing::Skipped },
    }
}

/// How likely each option is, in the order of the file.
fn weights(id: &str, options: usize, lift: f64) -> Vec<f64> {
    let three = |good: f64, bad: f64| {
        let good = (good + lift).clamp(0.02, 0.985);
        vec![good, (1.0 - good - bad).max(0.004), bad]
    };
    match (id, options) {
        ("connected", 3) => three(0.882, 0.021),
        ("healthier", 3) => three(0.812, 0.027),
        ("happier", 3) => three(0.862, 0.024),
        ("friends-make" | "friends-keep", 3) => three(0.74, 0.045),
        ("enough-contact", 3) => three(0.61, 0.13),
        ("lonely", 3) => three(0.52, 0.11),
        ("choose", 3) => three(0.64, 0.07),
        ("kind", 3) => three(0.9, 0.012),
        ("safe" | "known-safe", 3) => three(0.93, 0.008),
        ("closer", 3) => three(0.58, 0.04),
        ("earnings", 3) => three(0.47, 0.18),
        ("worker-rules" | "partner-rules", 3) => three(0.42 + lift, 0.16),
        ("stress", 4) => vec![0.12 - lift * 0.4, 0.24 - lift, 0.42, 0.22 + lift],
        ("right-time", 4) => vec![0.62 + lift * 1.5, 0.15 - lift, 0.16, 0.07],
        // How far an area is: later years are further.
        (
            "assets-map" | "shared-power" | "connection-test" | "social-value" | "enterprise"
            | "lived-experience" | "neighbourhoods",
            4,
        ) => vec![0.3 - lift * 2.0, 0.38, 0.24 + lift, 0.08 + lift],
        (_, 2) => vec![0.62 + lift, 0.38 - lift],
        (_, 3) => three(0.7, 0.06),
        (_, 4) => vec![0.6 + lift, 0.28, 0.09 - lift * 0.5, 0.03],
        ("direct", 5) => vec![0.07 - lift * 0.4, 0.17, 0.2, 0.3, 0.26 + lift],
        (_, 5) => vec![0.55 + lift, 0.3, 0.08, 0.04, 0.03],
        (_, n) => vec![1.0; n],
    }
}
