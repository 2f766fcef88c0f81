//! The standing answers of a financial year, one by one: what a scheme's own figures are made of.

use std::collections::{BTreeMap, BTreeSet};

use super::contributions::order;
use super::person::{CountedResponse, Person};
use crate::domain::definition::{Definition, IndicatorEntry, Rule};
use crate::domain::disclosure::{Counted, Unit};
use crate::domain::period::{Period, PeriodKind};
use crate::domain::question::Item;
use crate::domain::routing::Condition;
use crate::domain::scoring::{Outcome, scale, score};

/// Which figure of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureKey {
    /// The financial year.
    pub period: Period,
    /// The series.
    pub series: String,
    /// The indicator.
    pub indicator: String,
}

/// The answers that stand in each figure, and the greatest value one can have.
#[derive(Debug, Clone, Default)]
pub struct StandingAnswers {
    /// By response and revision.
    pub answers: BTreeMap<String, Counted>,
    /// The greatest value.
    pub greatest: i64,
}

/// Adds the standing answers of `person` to the figures that a scheme may see of itself.
pub fn add_standing(person: &Person, figures: &mut BTreeMap<FigureKey, StandingAnswers>) {
    let mut responses: Vec<&CountedResponse> = person.responses.iter().collect();
    responses.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut standing: BTreeMap<(&str, &str, Period), &CountedResponse> = BTreeMap::new();
    for response in responses {
        let year = Period::holding(response.completed_on).into_iter().find(|p| p.kind() == PeriodKind::Year);
        for entry in &response.definition.indicators {
            if let Some(year) = year {
                standing.insert((&response.definition.id, &entry.series, year), response); // later ones stand
            }
        }
    }
    for ((_, series, period), response) in standing {
        for entry in shown_to_schemes(&response.definition).filter(|e| e.series == series) {
            let outcome =
                score(entry, &response.definition, &response.answers, response.who == super::Who::Proxy);
            let Some((greatest, lowest)) = range(entry, &response.definition) else { continue };
            let value = match outcome {
                Outcome::Share { positive, .. } | Outcome::Amount { positive: Some(positive), .. } => {
                    positive.into()
                }
                Outcome::Amount { scaled, positive: None } => scaled - lowest,
                Outcome::Band { .. } | Outcome::Ratio { .. } | Outcome::LeftOut(_) => continue,
            };
            let key = FigureKey { period, series: series.to_owned(), indicator: entry.indicator.clone() };
            let figure = figures.entry(key).or_default();
            figure.greatest = figure.greatest.max(greatest);
            let private = items(entry, &response.definition).any(|item| item.private);
            let counted = Counted { value, known: response.shared && !private };
            figure.answers.insert(format!("{}.{}", response.id, response.revision), counted);
        }
    }
}

/// How the values of a figure that a scheme may see become what its row says.
pub fn unit_of(entry: &IndicatorEntry, definition: &Definition) -> Option<Unit> {
    let (_, lowest) = range(entry, definition)?;
    Some(if entry.rule.is_share() {
        Unit::People
    } else {
        Unit::Amounts { scale: scale(&entry.rule), lowest }
    })
}

/// The entries whose figures a scheme may see of itself: shares, means and sums; each item in one of them only, since two figures of one
/// item would together say more than each; and none of an item that is asked because of another answer, since being asked would tell it.
pub fn shown_to_schemes(definition: &Definition) -> impl Iterator<Item = &IndicatorEntry> {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut shown = Vec::new();
    for entry in &definition.indicators {
        let ids = entry.rule.items();
        let free = ids.iter().all(|id| !used.contains(id));
        let unconditional =
            items(entry, definition).all(|item| item.ask_if.as_ref().is_none_or(|c| !rests_on_answers(c)));
        if free && unconditional && range(entry, definition).is_some() {
            used.extend(ids);
            shown.push(entry);
        }
    }
    shown.into_iter()
}

fn rests_on_answers(condition: &Condition) -> bool {
    match condition {
        Condition::AnyOf { .. } | Condition::AtLeast { .. } => true,
        Condition::About { .. } => false,
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(rests_on_answers),
    }
}

fn items<'a>(entry: &'a IndicatorEntry, definition: &'a Definition) -> impl Iterator<Item = &'a Item> {
    entry.rule.items().into_iter().filter_map(|id| definition.item(id).map(|(_, item)| item))
}

/// (greatest value, what a value of 0 stands for); none if such a figure is not shown to schemes: values of people must be able to be
/// every whole number between.
fn range(entry: &IndicatorEntry, definition: &Definition) -> Option<(i64, i64)> {
    if entry.rule.is_share() {
        return Some((1, 0));
    }
    let (Rule::Mean { min_answered: None, .. } | Rule::Sum { min_answered: None, .. }) = &entry.rule else {
        return None;
    };
    // The sum over the items; for a mean the scale makes it that.
    let ranges: Option<Vec<(i64, i64)>> = items(entry, definition).map(Item::number_range).collect();
    let (lowest, highest) = ranges?.into_iter().fold((0, 0), |(low, high), (l, h)| (low + l, high + h));
    Some((highest - lowest, lowest))
}
