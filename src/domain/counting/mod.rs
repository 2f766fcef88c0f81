//! Counting: what a person adds to which tallies, and how a tally is packed.
//!
//! [`contributions`] is the only place where counting is coded. Everything that changes a figure, of whatever kind,
//! adds `contributions(after) - contributions(before)` of one person.

mod contributions;
mod person;
mod standing;
mod tally;

pub use contributions::{Contribution, contributions};
pub use person::{CountedResponse, Person, UnknownVersion};
pub use standing::{FigureKey, StandingAnswers, add_standing, shown_to_schemes, unit_of};
pub use tally::{Codebook, Corrupt, Counts, Packer, Slot, TallyKey, Who, decode, decode_of};

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::Registry;
use super::period::PeriodKind;

/// What counting depends on besides a person's responses: which groups are kept for which kinds of period.
pub struct CountingRules {
    kept: BTreeMap<String, Vec<PeriodKind>>,
    /// Indicators and which way is better: change is counted as better or worse.
    directions: Vec<String>,
}

impl CountingRules {
    /// The rules of `breakdowns.json`.
    pub fn of(registry: &Registry) -> Self {
        let mut directions: Vec<String> =
            registry.indicators.iter().map(|i| format!("{}:{}", i.id, i.direction.code())).collect();
        directions.sort();
        Self {
            kept: registry.breakdowns.iter().map(|b| (b.id.clone(), b.periods.clone())).collect(),
            directions,
        }
    }

    /// Whether groups of `breakdown` are counted for periods of this kind.
    fn keeps(&self, breakdown: &str, kind: PeriodKind) -> bool {
        self.kept.get(breakdown).is_some_and(|kinds| kinds.contains(&kind))
    }

    /// A text that differs whenever the same responses would be counted otherwise.
    pub fn fingerprint(&self) -> String {
        let kept: Vec<String> = self
            .kept
            .iter()
            .map(|(id, kinds)| {
                format!("{id}:{}", kinds.iter().map(|k| k.code()).collect::<Vec<_>>().join(","))
            })
            .collect();
        format!("2;{};{}", kept.join(";"), self.directions.join(";"))
    }
}

/// A group as it stands in a tally key: `breakdown=value`.
pub fn group(breakdown: &str, value: &str) -> Arc<str> {
    format!("{breakdown}={value}").into()
}
