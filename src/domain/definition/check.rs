//! What has to fit together inside one questionnaire: consent, routing, indicators.

use std::collections::BTreeSet;

use super::catalogue::{Breakdown, Indicator};
use super::check_entry::check_entry;
use super::check_texts::{Claims, check_texts, check_title};
use super::questionnaire::Definition;
use crate::domain::fault::{At, Faults};
use crate::domain::question::{Item, Kind};
use crate::domain::routing::Condition;

/// Checks what belongs to questionnaires only: consent, routing, indicators.
pub(super) fn check_questionnaire(
    definition: &Definition,
    indicators: &[Indicator],
    breakdowns: &[Breakdown],
    faults: &Faults,
) {
    let claims = Claims {
        languages: &definition.languages,
        renditions: &definition.renditions,
        words: Some(&definition.words),
    };
    let consent = At::ROOT.key("consent");
    check_texts(&definition.consent.text, &consent.key("text"), &claims, &definition.renditions, faults);
    check_title(&definition.title, &At::ROOT.key("title"), &definition.languages, faults);
    let list = At::ROOT.key("items");
    for (index, item) in definition.items.iter().enumerate() {
        if let Some(condition) = &item.ask_if {
            let item_at = list.index(index);
            check_condition(condition, index, definition, breakdowns, &item_at.key("ask_if"), faults);
        }
    }
    if !definition.items.iter().any(Item::is_question) {
        faults.add(&list, "no-questions", "At least one item takes an answer.");
    }
    let list = At::ROOT.key("indicators");
    let mut seen = BTreeSet::new();
    for (index, entry) in definition.indicators.iter().enumerate() {
        let at = list.index(index);
        if !seen.insert((entry.indicator.as_str(), entry.series.as_str())) {
            faults.add(
                &at.key("indicator"),
                "repeated",
                format!("“{}” is made twice in the series {}.", entry.indicator, entry.series),
            );
        }
        check_entry(entry, definition, indicators, &at, faults);
    }
}

fn check_condition(
    condition: &Condition,
    index: usize,
    definition: &Definition,
    breakdowns: &[Breakdown],
    at: &At<'_>,
    faults: &Faults,
) {
    let earlier = |id: &str| match definition.item(id) {
        Some((position, item)) if position < index => Some(item),
        Some(_) => {
            faults.add(
                at,
                "routing-not-earlier",
                format!("“{id}” comes later; a condition looks at earlier items only."),
            );
            None
        }
        None => {
            faults.add(at, "unknown-item", format!("There is no item “{id}”."));
            None
        }
    };
    condition.each(&mut |simple| match simple {
        Condition::AnyOf { item, any_of } => {
            let Some(found) = earlier(item) else { return };
            for code in any_of {
                let fits = match &found.kind {
                    Kind::Count(range) | Kind::Scale(range) => {
                        code.parse().is_ok_and(|n: i64| range.min <= n && n <= range.max)
                    }
                    _ => found.codes().contains(&code.as_str()),
                };
                if !fits {
                    faults.add(at, "unknown-option", format!("“{item}” has no answer “{code}”."));
                }
            }
        }
        Condition::AtLeast { item, .. } => {
            if earlier(item).is_some_and(|found| found.kind.number().is_none()) {
                faults.add(
                    at,
                    "wrong-kind",
                    format!("“{item}” takes no number, so “at_least” cannot look at it."),
                );
            }
        }
        Condition::About { about, any_of } => match breakdowns.iter().find(|b| &b.id == about) {
            None => faults.add(at, "unknown-breakdown", format!("There is no breakdown “{about}”.")),
            Some(breakdown) => {
                for code in any_of.iter().filter(|c| !breakdown.values.contains(c)) {
                    faults.add(
                        at,
                        "unknown-option",
                        format!("The breakdown “{about}” has no value “{code}”."),
                    );
                }
            }
        },
        Condition::All(_) | Condition::Any(_) => {}
    });
}
