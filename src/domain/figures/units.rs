//! Where the people behind figures live, and who supports them: one count for each scheme and council, out of which every sum is made.

use std::collections::BTreeMap;

use super::gather::{StoredTally, entries_of_series};
use crate::domain::area::Level;
use crate::domain::counting::{Codebook, Corrupt, decode};
use crate::domain::definition::Registry;
use crate::domain::disclosure::release::UnitCount;
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;

/// People with a valid answer, and those whose answer is positive, of each indicator.
type Valid = BTreeMap<String, (i64, i64)>;

/// The tallies of one scheme, council, series and group, by questionnaire.
type Cell = BTreeMap<String, Valid>;

/// Counts, for each share indicator, the people of each scheme in each council (as it is at the end of `period`): everybody, and those of
/// each group of a breakdown that is kept for such a period. Of the same tallies, the sums are what [`gather`](super::gather) puts into the
/// rows of any place, since both are made of the same counters. Practice schemes are in no wider place, so not in here.
pub fn count_units(
    period: Period,
    tallies: &[StoredTally],
    registry: &Registry,
    schemes: &BTreeMap<i64, &Scheme>,
) -> Result<Vec<UnitCount>, Corrupt> {
    let name = period.to_string();
    let mut codebook = Codebook::default();
    let mut cells: BTreeMap<(&str, &str, &str, i64), Cell> = BTreeMap::new();
    for tally in tallies.iter().filter(|t| t.period == name && !t.series.is_empty()) {
        let counts_there = schemes.get(&tally.scheme).is_some_and(|s| s.counts_at(Level::Uk));
        if !counts_there || !is_kept(&tally.group, period, registry) {
            continue;
        }
        let Some(council) = registry.areas.become_by(&tally.council, period.last_day()) else { continue };
        let counts = decode(&tally.value, &mut codebook)?;
        let key = (tally.series.as_str(), tally.group.as_str(), council.code.as_str(), tally.scheme);
        let part = cells.entry(key).or_default().entry(tally.questionnaire.clone()).or_default();
        for (slot, count) in counts {
            let (_, indicator, counter) = codebook.name(slot);
            if indicator.is_empty() || !matches!(counter, "n" | "p") {
                continue;
            }
            if !part.contains_key(indicator) {
                part.insert(indicator.to_owned(), (0, 0));
            }
            if let Some((n, positive)) = part.get_mut(indicator) {
                *(if counter == "n" { n } else { positive }) += count;
            }
        }
    }
    let mut units = Vec::new();
    for ((series, group, council, number), cell) in cells {
        let Some(scheme) = schemes.get(&number) else { continue };
        let area_at = |level| registry.areas.at_level(council, level).map(|area| area.code.clone());
        for (indicator, asked) in entries_of_series(registry, series, cell.keys()) {
            let parts = asked.questionnaires.iter().filter_map(|q| cell.get(*q)?.get(indicator));
            let (n, positive) = parts.fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            if !asked.entry.rule.is_share() || n == 0 {
                continue;
            }
            units.push(UnitCount {
                indicator: indicator.to_owned(),
                series: series.to_owned(),
                model: scheme.about.model.code().to_owned(),
                scheme: scheme.about.id.clone(),
                council: council.to_owned(),
                region: area_at(Level::Region),
                nation: area_at(Level::Nation).unwrap_or_default(),
                group: group.split_once('=').map(|(by, value)| (by.to_owned(), value.to_owned())),
                n,
                positive,
            });
        }
    }
    units.sort_by(|a, b| key_of(a).cmp(&key_of(b)));
    Ok(units)
}

/// Whether tallies of `group` are those of everybody, or of a breakdown that is kept for periods like this one.
fn is_kept(group: &str, period: Period, registry: &Registry) -> bool {
    let breakdown = |by: &str| registry.breakdown(by).is_some_and(|b| b.periods.contains(&period.kind()));
    group.is_empty() || group.split_once('=').is_some_and(|(by, _)| breakdown(by))
}

fn key_of(unit: &UnitCount) -> (&str, &str, &str, &Option<(String, String)>, &str, &str) {
    (&unit.indicator, &unit.series, &unit.model, &unit.group, &unit.council, &unit.scheme)
}
