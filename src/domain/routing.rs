//! Which items are asked: conditions over earlier items and over facts known before the first.

use std::collections::BTreeMap;

use crate::domain::question::{Answer, Item};
use crate::domain::reader::Field;

/// When an item is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// An earlier item was answered with one of these options or bands.
    AnyOf {
        /// The earlier item.
        item: String,
        /// Option codes (or numbers, as text, for a count or scale).
        any_of: Vec<String>,
    },
    /// An earlier count or scale was answered with at least this number.
    AtLeast {
        /// The earlier item.
        item: String,
        /// The least number.
        at_least: i64,
    },
    /// A fact known before the first question has one of these values.
    About {
        /// The breakdown's id.
        about: String,
        /// Its values.
        any_of: Vec<String>,
    },
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
}

/// Facts known before the first question: breakdown id → values.
pub type About = BTreeMap<String, Vec<String>>;
/// Answers by item id.
pub type Answers = BTreeMap<String, Answer>;

impl Condition {
    /// Whether it holds. A condition on an item without a real answer is false.
    pub fn holds(&self, answers: &Answers, about: &About) -> bool {
        match self {
            Self::AnyOf { item, any_of } => match answers.get(item) {
                Some(Answer::Choice(code)) => any_of.contains(code),
                Some(Answer::Choices(codes)) => codes.iter().any(|c| any_of.contains(c)),
                Some(Answer::Number(number)) => any_of.iter().any(|v| v.parse() == Ok(*number)),
                Some(Answer::Missing { .. } | Answer::Words { .. } | Answer::Sealed { .. }) | None => false,
            },
            Self::AtLeast { item, at_least } => {
                matches!(answers.get(item), Some(Answer::Number(number)) if number >= at_least)
            }
            Self::About { about: fact, any_of } => {
                about.get(fact).is_some_and(|values| values.iter().any(|v| any_of.contains(v)))
            }
            Self::All(conditions) => conditions.iter().all(|c| c.holds(answers, about)),
            Self::Any(conditions) => conditions.iter().any(|c| c.holds(answers, about)),
        }
    }

    /// Reads a condition.
    pub fn read(field: Field<'_>) -> Option<Self> {
        let object = field.object()?;
        let (all, any) = (object.optional("all"), object.optional("any"));
        if let Some(list) = all.or(any) {
            if all.is_some() && any.is_some() {
                object.fault("bad-condition", "Either “all” or “any”, not both.");
            }
            let mut parts = Vec::new();
            list.list(1)?.each(|part| parts.extend(Self::read(part)));
            object.close(true);
            return Some(if all.is_some() { Self::All(parts) } else { Self::Any(parts) });
        }
        let (item, about) = (object.optional("item"), object.optional("about"));
        let condition = match (item, about) {
            (Some(item), None) => {
                let item = item.string()?.to_owned();
                match (object.optional("any_of"), object.optional("at_least")) {
                    (Some(any_of), None) => Some(Self::AnyOf { item, any_of: codes(any_of)? }),
                    (None, Some(least)) => Some(Self::AtLeast { item, at_least: least.integer()? }),
                    _ => None,
                }
            }
            (None, Some(about)) => {
                let about = about.string()?.to_owned();
                object.optional("any_of").and_then(codes).map(|any_of| Self::About { about, any_of })
            }
            _ => None,
        };
        if condition.is_none() {
            object.fault(
                "bad-condition",
                "A condition is {item, any_of}, {item, at_least}, {about, any_of}, {all: [...]} or {any: [...]}.",
            );
        }
        object.close(true);
        condition
    }

    /// Calls `visit` with each simple condition inside this one.
    pub fn each(&self, visit: &mut impl FnMut(&Condition)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.each(visit)),
            simple => visit(simple),
        }
    }
}

/// A list of codes; whole numbers may stand as numbers.
fn codes(field: Field<'_>) -> Option<Vec<String>> {
    let mut codes = Vec::new();
    field.list(1)?.each(|element| match element.value.as_i64() {
        Some(number) => codes.push(number.to_string()),
        None => codes.extend(element.string().map(str::to_owned)),
    });
    Some(codes)
}

/// Whether `item` is asked, given the answers to the items before it.
pub fn is_asked(item: &Item, answers: &Answers, about: &About) -> bool {
    item.ask_if.as_ref().is_none_or(|condition| condition.holds(answers, about))
}
