//! What is printed of the UK and the nations besides a figure: how answers spread, who gave them, who was left out, change.
//!
//! Each kind of detail takes people apart into parts. It is printed of the UK where every part is large enough, also for somebody who knows
//! one scheme; and of nations where that holds of every nation and of what is left of the UK, so that all of them show it or none.

use std::collections::BTreeMap;

use super::Policy;

/// The parts of some people, by name, with how many are in each: of all schemes, and of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// By part, by scheme.
    pub counts: BTreeMap<String, BTreeMap<String, i64>>,
}

impl Parts {
    /// Adds people of one scheme to a part.
    pub fn enlarge(&mut self, part: &str, scheme: &str, count: i64) {
        *self.counts.entry(part.to_owned()).or_default().entry(scheme.to_owned()).or_default() += count;
    }

    /// Takes parts of others away.
    pub fn less(&mut self, other: &Self) {
        for (part, schemes) in &other.counts {
            for (scheme, count) in schemes {
                self.enlarge(part, scheme, -count);
            }
        }
    }

    /// How many are in a part.
    pub fn total(&self, part: &str) -> i64 {
        self.counts.get(part).map_or(0, |schemes| schemes.values().sum())
    }

    /// How many are in a part besides those of its largest scheme.
    fn besides_largest(&self, part: &str) -> i64 {
        let largest = self.counts.get(part).and_then(|schemes| schemes.values().max().copied());
        self.total(part) - largest.unwrap_or_default().max(0)
    }

    /// Whether every part is empty, or so large that one scheme's less is large enough.
    pub fn is_sound(&self, policy: &Policy) -> bool {
        self.counts
            .keys()
            .all(|part| self.total(part) == 0 || self.besides_largest(part) >= policy.least_part)
    }

    /// The parts with those that are too small taken together under `name`, as few of the others with them as it takes; none if even all
    /// together are too few.
    pub fn merged(&self, name: &str, policy: &Policy) -> Option<BTreeMap<String, i64>> {
        let mut parts: Vec<&String> = self.counts.keys().filter(|part| self.total(part) > 0).collect();
        parts.sort_by_key(|part| (self.besides_largest(part), (*part).clone()));
        let enough = |together: &[&String]| {
            let mut all = Self::default();
            for part in together {
                for (scheme, count) in &self.counts[*part] {
                    all.enlarge(name, scheme, *count);
                }
            }
            (all.besides_largest(name) >= policy.least_part).then(|| all.total(name))
        };
        let small = parts.iter().filter(|part| self.besides_largest(part) < policy.least_part).count();
        if small == 0 {
            return Some(self.counts.keys().map(|part| (part.clone(), self.total(part))).collect());
        }
        let (taken, sum) =
            (small.max(2)..=parts.len()).find_map(|taken| Some((taken, enough(&parts[..taken])?)))?;
        let mut printed: BTreeMap<String, i64> =
            parts[taken..].iter().map(|part| ((*part).clone(), self.total(part))).collect();
        printed.insert(name.to_owned(), sum);
        Some(printed)
    }
}

/// Whether a detail is printed of the UK, and whether of the nations.
pub fn printed(uk: &Parts, nations: &[Parts], policy: &Policy) -> (bool, bool) {
    if !uk.is_sound(policy) {
        return (false, false);
    }
    let mut rest = uk.clone();
    nations.iter().for_each(|nation| rest.less(nation));
    (true, rest.is_sound(policy) && nations.iter().all(|nation| nation.is_sound(policy)))
}
