//! What an indicator entry must fit: the catalogue, the items it is made from, their options and scores.

use std::collections::BTreeMap;

use super::catalogue::{Indicator, Statistic};
use super::claims::{claimed_change, compares};
use super::entry::{IndicatorEntry, Rule};
use super::questionnaire::Definition;
use crate::domain::fault::{At, Faults};
use crate::domain::question::{Item, Kind};
use crate::domain::scoring::scale;

/// Scaled scores stay below this, so that sums of squares over ten million people fit 64 bits.
const LARGEST_SCALED: i64 = 900_000;

/// Checks one entry.
pub(super) fn check_entry(
    entry: &IndicatorEntry,
    definition: &Definition,
    indicators: &[Indicator],
    at: &At<'_>,
    faults: &Faults,
) {
    let indicator = indicators.iter().find(|i| i.id == entry.indicator);
    match indicator {
        None if entry.indicator.is_empty() => return,
        None => faults.add(
            &at.key("indicator"),
            "unknown-indicator",
            format!("“{}” is not in indicators.json.", entry.indicator),
        ),
        Some(indicator) if !indicator.models.is_empty() && !indicator.models.contains(&definition.model) => {
            faults.add(
                &at.key("indicator"),
                "wrong-model",
                format!("“{}” is not for {}.", entry.indicator, definition.model.code()),
            );
        }
        Some(_) => {}
    }
    let mut items = Vec::new();
    for id in entry.rule.items() {
        match definition.item(id) {
            Some((_, item)) => items.push(item),
            None if id.is_empty() => {}
            None => faults.add(at, "unknown-item", format!("There is no item “{id}”.")),
        }
    }
    let attribution = indicator.is_some_and(|i| i.statistic == Statistic::Attribution);
    match (&entry.rule, items.as_slice()) {
        (Rule::Share { positive, base, .. }, [item]) => {
            check_share(positive, base, item, entry.change, attribution, at, faults)
        }
        (Rule::Bands { .. }, [item]) => {
            if item.codes().is_empty() || matches!(item.kind, Kind::Multiple(_)) {
                faults.add(
                    &at.key("item"),
                    "wrong-kind",
                    format!("“{}” has neither options nor bands to spread over.", item.id),
                );
            }
        }
        (
            Rule::Mean { items: ids, reverse, min_answered }
            | Rule::Sum { items: ids, reverse, min_answered, .. },
            _,
        ) => {
            if let Some(id) = reverse.iter().find(|id| !ids.contains(id)) {
                faults.add(
                    &at.key("reverse"),
                    "unknown-item",
                    format!("“{id}” is not one of the items of this rule."),
                );
            }
            if min_answered.is_some_and(|least| least > ids.len()) {
                faults.add(
                    &at.key("min_answered"),
                    "out-of-range",
                    "“min_answered” is more than there are items.",
                );
            }
            let (mut total, mut greatest) = (0_i64, 0);
            for item in &items {
                match item.number_range() {
                    Some((min, max)) => {
                        let size = min.abs().max(max.abs());
                        (total, greatest) = (total + size, greatest.max(size));
                    }
                    None => faults.add(
                        &at.key("items"),
                        "no-number",
                        format!("“{}” needs a range, or a score on every option.", item.id),
                    ),
                }
            }
            // The largest scaled amount of one person. With `min_answered` the greatest item may stand for all the others.
            let times = if matches!(entry.rule, Rule::Sum { .. }) {
                i64::try_from(ids.len()).unwrap_or(i64::MAX)
            } else {
                1
            };
            let largest = match min_answered {
                None => total,
                Some(_) => scale(&entry.rule).saturating_mul(greatest).saturating_mul(times),
            };
            if largest > LARGEST_SCALED {
                faults.add(
                    &at.key("items"),
                    "too-fine",
                    "Too many items, or too large numbers, to be summed exactly.",
                );
            }
        }
        (Rule::Ratio { .. }, _) => {
            for item in items.iter().filter(|i| !matches!(i.kind, Kind::Count(_))) {
                faults.add(
                    &at.key("items"),
                    "wrong-kind",
                    format!("A ratio is of two counts; “{}” is not one.", item.id),
                );
            }
        }
        _ => {}
    }
    if let Some((language, word)) = indicator.and_then(|i| claimed_change(&i.statement))
        && !compares(&entry.rule, &items)
        && !items.is_empty()
    {
        let id = &entry.indicator;
        faults.add(
            &at.key("indicator"),
            "claims-change",
            format!(
                "The sentence of “{id}” ({language}) says “{word}”, and nobody was asked to compare: that takes one question with answers for \
                 better, the same and worse. Say how things are."
            ),
        );
    }
    if entry.change && matches!(entry.rule, Rule::Ratio { .. }) {
        faults.add(&at.key("change"), "no-change-of-ratio", "The change of a ratio is not counted.");
    }
}

fn check_share(
    positive: &[String],
    base: &[String],
    item: &Item,
    change: bool,
    attribution: bool,
    at: &At<'_>,
    faults: &Faults,
) {
    let codes = item.codes();
    if codes.is_empty() || matches!(item.kind, Kind::Multiple(_)) {
        faults.add(
            &at.key("item"),
            "wrong-kind",
            format!("“{}” has neither options nor bands to share out.", item.id),
        );
        return;
    }
    for code in base.iter().filter(|c| !codes.contains(&c.as_str())) {
        faults.add(&at.key("base"), "unknown-option", format!("“{}” has no answer “{code}”.", item.id));
    }
    for code in positive.iter().filter(|c| !base.contains(c)) {
        faults.add(
            &at.key("positive"),
            "positive-outside-base",
            format!("“{code}” is positive but not in the base."),
        );
    }
    if positive.len() == base.len() && !base.is_empty() {
        faults.add(
            &at.key("positive"),
            "all-positive",
            "Every answer in the base is positive: the share could only be 100%.",
        );
    }
    let scores: BTreeMap<&str, Option<i64>> =
        item.kind.choices().iter().map(|o| (o.code.as_str(), o.score)).collect();
    let scored = |code: &String| scores.get(code.as_str()).is_none_or(|s| s.is_some());
    if change && !base.iter().all(scored) {
        faults.add(
            &at.key("change"),
            "no-number",
            format!("Change needs a score on every option of “{}” in the base.", item.id),
        );
    }
    if attribution {
        if base.len() < codes.len() {
            faults.add(
                &at.key("base"),
                "base-leaves-out-answers",
                "“Worse” and “no difference” always stay in the base.",
            );
        }
        if !(scores.values().any(|s| s.is_some_and(|s| s < 0)) && scores.values().any(|s| *s == Some(0))) {
            faults.add(
                at,
                "worse-not-asked",
                format!("“{}” must offer “worse” (score below 0) and “no difference” (score 0).", item.id),
            );
        }
    }
}
