//! What one response says for one indicator entry: a counted value, or why it is left out.

use super::definition::{Definition, IndicatorEntry, Rule};
use super::question::{Answer, Item, Kind, Missing};
use super::routing::Answers;

/// Why a standing response is left out of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// One of the six missing reasons.
    Missing(Missing),
    /// Someone answered for the person, and the entry excludes that.
    Proxy,
    /// A rule over several items has too few answers.
    Incomplete,
    /// The answer is not in the base.
    OutsideBase,
}

impl LeftOut {
    /// All reasons, in the order of the API.
    pub const ALL: [LeftOut; 9] = [
        Self::Missing(Missing::Skipped),
        Self::Missing(Missing::DontKnow),
        Self::Missing(Missing::PreferNotToSay),
        Self::Missing(Missing::NotApplicable),
        Self::Missing(Missing::Unreadable),
        Self::Missing(Missing::NotAsked),
        Self::Proxy,
        Self::Incomplete,
        Self::OutsideBase,
    ];

    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing(missing) => missing.code(),
            Self::Proxy => "proxy",
            Self::Incomplete => "incomplete",
            Self::OutsideBase => "outside-base",
        }
    }
}

/// What a response says for an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// An answer in the base of a share; `score` is for change (absent for a missing reason in the base).
    Share {
        /// The option, band or missing reason.
        code: &'a str,
        /// Whether it is positive.
        positive: bool,
        /// The option's score, or the band's position.
        score: Option<i64>,
    },
    /// A person's mean or sum, times [`scale`] of the rule: whole, so that sums over people are exact.
    Amount {
        /// The value times the scale.
        scaled: i64,
        /// Which side of the cut, if there is one.
        positive: Option<bool>,
    },
    /// A band or option, and its position.
    Band {
        /// Its code.
        code: &'a str,
        /// Its position, from 0.
        order: i64,
    },
    /// Two counts.
    Ratio {
        /// What is counted.
        numerator: i64,
        /// Out of what.
        denominator: i64,
    },
    /// Nothing.
    LeftOut(LeftOut),
}

impl Outcome<'_> {
    /// Whether it is valid, that is in `n`.
    pub fn is_valid(&self) -> bool {
        !matches!(self, Self::LeftOut(_))
    }

    /// The number that change is judged by, if the outcome has one.
    pub fn level(&self) -> Option<i64> {
        match self {
            Self::Share { score, .. } => *score,
            Self::Amount { scaled, .. } => Some(*scaled),
            Self::Band { order, .. } => Some(*order),
            Self::Ratio { .. } | Self::LeftOut(_) => None,
        }
    }
}

/// The factor that makes every person's mean or sum under `rule` a whole number:
/// the number of items for a plain mean, the least common multiple of the possible numbers of answers with `min_answered`
/// (`i64::MAX` when that is larger; such a rule is refused as too fine).
pub fn scale(rule: &Rule) -> i64 {
    match rule {
        Rule::Mean { items, min_answered: None, .. } => whole(items.len()),
        Rule::Mean { items, min_answered: Some(least), .. }
        | Rule::Sum { items, min_answered: Some(least), .. } => (*least.max(&1)..=items.len())
            .map(whole)
            .fold(1, |lcm: i64, n| (lcm / gcd(lcm, n)).saturating_mul(n)),
        Rule::Sum { .. } | Rule::Share { .. } | Rule::Bands { .. } | Rule::Ratio { .. } => 1,
    }
}

/// Scores `answers` for `entry`. Proxy comes before missing.
pub fn score<'a>(
    entry: &'a IndicatorEntry,
    definition: &'a Definition,
    answers: &'a Answers,
    proxy: bool,
) -> Outcome<'a> {
    if proxy && !entry.include_proxy {
        return Outcome::LeftOut(LeftOut::Proxy);
    }
    match &entry.rule {
        Rule::Share { item, positive, base, base_missing } => match answer(definition, answers, item) {
            (_, Err(missing)) => match base_missing.iter().find(|m| **m == missing) {
                Some(_) => Outcome::Share { code: missing.code(), positive: false, score: None },
                None => Outcome::LeftOut(LeftOut::Missing(missing)),
            },
            (item, Ok(given)) => {
                match place(item, given).filter(|(code, _)| base.iter().any(|b| b == code)) {
                    Some((code, score)) => {
                        Outcome::Share { code, positive: positive.iter().any(|p| p == code), score }
                    }
                    None => Outcome::LeftOut(LeftOut::OutsideBase),
                }
            }
        },
        Rule::Bands { item } => match answer(definition, answers, item) {
            (_, Err(missing)) => Outcome::LeftOut(LeftOut::Missing(missing)),
            (item, Ok(given)) => match band(item, given) {
                Some((code, order)) => Outcome::Band { code, order },
                None => Outcome::LeftOut(LeftOut::OutsideBase),
            },
        },
        Rule::Mean { items, reverse, min_answered } => {
            match total(definition, answers, items, reverse, *min_answered) {
                Err(reason) => Outcome::LeftOut(reason),
                Ok((sum, answered)) => {
                    Outcome::Amount { scaled: sum * (scale(&entry.rule) / answered), positive: None }
                }
            }
        }
        Rule::Sum { items, reverse, min_answered, cut } => {
            match total(definition, answers, items, reverse, *min_answered) {
                Err(reason) => Outcome::LeftOut(reason),
                Ok((sum, answered)) => {
                    let scale = scale(&entry.rule);
                    let scaled = if min_answered.is_some() {
                        sum * whole(items.len()) * (scale / answered)
                    } else {
                        sum
                    };
                    Outcome::Amount { scaled, positive: cut.map(|cut| cut.holds(scaled, scale)) }
                }
            }
        }
        Rule::Ratio { numerator, denominator } => {
            let number = |id: &str| match answer(definition, answers, id) {
                (_, Ok(Answer::Number(n))) => Some(*n),
                _ => None,
            };
            match (number(numerator), number(denominator)) {
                (Some(numerator), Some(denominator)) => Outcome::Ratio { numerator, denominator },
                _ => Outcome::LeftOut(LeftOut::Incomplete),
            }
        }
    }
}

fn answer<'a>(
    definition: &'a Definition,
    answers: &'a Answers,
    id: &str,
) -> (Option<&'a Item>, Result<&'a Answer, Missing>) {
    let item = definition.item(id).map(|(_, item)| item);
    match answers.get(id) {
        Some(Answer::Missing { missing }) => (item, Err(*missing)),
        Some(given) => (item, Ok(given)),
        None => (item, Err(Missing::NotAsked)),
    }
}

/// The code an answer falls into, and the number change is judged by.
fn place<'a>(item: Option<&'a Item>, given: &Answer) -> Option<(&'a str, Option<i64>)> {
    match (&item?.kind, given) {
        (Kind::Single(single), Answer::Choice(code)) => {
            single.options.iter().find(|o| &o.code == code).map(|o| (o.code.as_str(), o.score))
        }
        _ => band(item, given).map(|(code, order)| (code, Some(order))),
    }
}

/// The band or option an answer falls into, and its position.
fn band<'a>(item: Option<&'a Item>, given: &Answer) -> Option<(&'a str, i64)> {
    let position = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    match (&item?.kind, given) {
        (Kind::Single(single), Answer::Choice(code)) => single
            .options
            .iter()
            .position(|o| &o.code == code)
            .map(|i| (single.options[i].code.as_str(), position(i))),
        (Kind::Count(range) | Kind::Scale(range), Answer::Number(number)) => range
            .bands
            .iter()
            .position(|b| b.min <= *number && *number <= b.max)
            .map(|i| (range.bands[i].code.as_str(), position(i))),
        _ => None,
    }
}

/// The sum over the items answered and how many were.
fn total(
    definition: &Definition,
    answers: &Answers,
    ids: &[String],
    reverse: &[String],
    least: Option<usize>,
) -> Result<(i64, i64), LeftOut> {
    let (mut sum, mut answered) = (0, 0);
    let mut reason = LeftOut::Incomplete;
    for id in ids {
        match answer(definition, answers, id) {
            (_, Err(missing)) if ids.len() == 1 => reason = LeftOut::Missing(missing),
            (_, Err(_)) => {}
            (item, Ok(given)) => {
                let Some(value) = value_of(item, given) else { continue };
                let turned = match item.and_then(Item::number_range) {
                    Some((min, max)) if reverse.contains(id) => min + max - value,
                    _ => value,
                };
                sum += turned;
                answered += 1;
            }
        }
    }
    if answered >= least.unwrap_or(ids.len()).max(1) { Ok((sum, whole(answered))) } else { Err(reason) }
}

fn value_of(item: Option<&Item>, given: &Answer) -> Option<i64> {
    match given {
        Answer::Number(number) => Some(*number),
        Answer::Choice(code) => item?.kind.choices().iter().find(|o| &o.code == code)?.score,
        Answer::Choices(_) | Answer::Words { .. } | Answer::Sealed { .. } | Answer::Missing { .. } => None,
    }
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
