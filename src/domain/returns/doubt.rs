//! Figures that may well be right, and that a person should look at once more: far from what is likely, or from last time.

use super::amount::Amount;
use super::check::Entry;
use crate::domain::definition::Sent;
use crate::domain::statistics::round_to;

/// Why a figure is looked at once more. None of these refuses it.
#[derive(Debug, Clone, PartialEq)]
pub enum Doubt {
    /// Its value is outside what is likely.
    OutOfRange {
        /// The value.
        value: f64,
        /// Likely at least.
        least: f64,
        /// Likely at most.
        most: f64,
    },
    /// It is many times larger or smaller than last time.
    Jump {
        /// The value.
        value: f64,
        /// That of last time.
        before: f64,
    },
}

impl Doubt {
    /// Its name in the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "out-of-range",
            Self::Jump { .. } => "jump",
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::OutOfRange { value, least, most } => {
                format!("{} is unusual: it is mostly between {least} and {most}.", round_to(*value, 2))
            }
            Self::Jump { value, before } => {
                format!("Last time it was {}, and now it is {}.", round_to(*before, 2), round_to(*value, 2))
            }
        }
    }
}

/// The value that an entry shows: the count, or the quotient.
pub fn value(sent: &Sent, numerator: Amount, denominator: Option<Amount>) -> Option<f64> {
    match denominator {
        Some(denominator) => numerator.over(denominator, sent.per),
        None => Some(numerator.as_f64() * as_f64(sent.per)),
    }
}

/// What should be looked at once more in an entry, with that of the period before.
pub fn doubts(sent: &Sent, entry: &Entry, before: Option<&Entry>) -> Vec<Doubt> {
    let Some(now) = value(sent, entry.numerator, entry.denominator) else { return Vec::new() };
    let (least, most) = sent.range;
    let mut found = Vec::new();
    if now < least || now > most {
        found.push(Doubt::OutOfRange { value: now, least, most });
    }
    if let Some(before) = before.and_then(|b| value(sent, b.numerator, b.denominator)) {
        let (low, high) = if now < before { (now, before) } else { (before, now) };
        if high > low * sent.jump && high > 0.0 {
            found.push(Doubt::Jump { value: now, before });
        }
    }
    found
}

#[expect(clippy::cast_precision_loss, reason = "a factor such as 100 or 365")]
fn as_f64(per: i64) -> f64 {
    per as f64
}
