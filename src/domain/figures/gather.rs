//! From tallies to rows: decode, add up by place, read off each indicator.

use std::collections::{BTreeMap, BTreeSet};

use super::make_row::{Named, make_row};
use super::query::FigureQuery;
use super::row::{Place, Row};
use crate::domain::area::Level;
use crate::domain::counting::{Codebook, Corrupt, Counts, decode_of};
use crate::domain::definition::{IndicatorEntry, Model, Registry};
use crate::domain::period::{Period, Quarter};
use crate::domain::scheme::Scheme;

/// A tally as it is stored.
#[derive(Debug, Clone)]
pub struct StoredTally {
    /// The scheme's number.
    pub scheme: i64,
    /// The council.
    pub council: String,
    /// The questionnaire; empty for who is supported.
    pub questionnaire: String,
    /// The series; empty for who is supported and invited.
    pub series: String,
    /// The period; empty for who is supported.
    pub period: String,
    /// The group.
    pub group: String,
    /// The packed counts.
    pub value: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellKey {
    pub(super) period: Period,
    pub(super) place: Place,
    pub(super) model: Model,
    pub(super) series: String,
    pub(super) group: String,
}

/// The counts of one place, period, model, series and group, by questionnaire: an indicator that only some of the
/// questionnaires ask about is counted over the people who answered those.
pub(super) type Cell = BTreeMap<String, Part>;

#[derive(Default)]
pub(super) struct Part {
    pub(super) counts: Counts,
    pub(super) schemes: BTreeSet<i64>,
}

/// Makes the rows of `query` from `tallies`. `schemes` are all schemes, by number.
pub fn gather(
    query: &FigureQuery,
    tallies: &[StoredTally],
    registry: &Registry,
    schemes: &BTreeMap<i64, &Scheme>,
    as_of: &str,
) -> Result<Vec<Row>, Corrupt> {
    gather_all(std::slice::from_ref(query), tallies, registry, schemes, as_of)
}

/// Makes the rows of several questions from the same tallies, each of which is unpacked once. No two of them may ask for the same level, groups
/// and period. What `tallies` holds besides is passed over.
pub fn gather_all(
    queries: &[FigureQuery],
    tallies: &[StoredTally],
    registry: &Registry,
    schemes: &BTreeMap<i64, &Scheme>,
    as_of: &str,
) -> Result<Vec<Row>, Corrupt> {
    let asked: Vec<(String, &FigureQuery)> = queries.iter().map(|q| (q.group_prefix(), q)).collect();
    let mut codebook = Codebook::default();
    let mut cells: BTreeMap<CellKey, Cell> = BTreeMap::new();
    let mut supported: BTreeMap<(Period, Place, Model), Counts> = BTreeMap::new();
    let mut invited: BTreeMap<(Period, Place, Model, String), Counts> = BTreeMap::new();
    for tally in tallies {
        let Some(scheme) = schemes.get(&tally.scheme) else { continue };
        let model = scheme.about.model;
        let wanted = |indicator: &str| queries.iter().any(|query| query.wants(indicator));
        let in_group =
            asked.iter().filter(|(prefix, _)| is_in(prefix, &tally.group)).map(|(_, query)| *query);
        let mut counts = None;
        if tally.questionnaire.is_empty() {
            // Of all time: what the council has become differs from period to period.
            for query in in_group {
                for period in &query.periods {
                    let Some(place) = place_of(query, *period, tally, scheme, registry) else { continue };
                    let counts = match &counts {
                        Some(counts) => counts,
                        None => counts.insert(decode_of(&tally.value, &mut codebook, wanted)?),
                    };
                    supported.entry((*period, place, model)).or_default().add(counts, 1);
                }
            }
            continue;
        }
        let Ok(period) = tally.period.parse::<Period>() else { return Err(Corrupt) };
        for query in in_group.filter(|query| query.periods.contains(&period)) {
            let Some(place) = place_of(query, period, tally, scheme, registry) else { continue };
            let counts = match &counts {
                Some(counts) => counts,
                None => counts.insert(decode_of(&tally.value, &mut codebook, wanted)?),
            };
            if tally.series.is_empty() {
                // Who was asked is told of everybody only.
                if query.by.is_none() {
                    let key = (period, place, model, tally.questionnaire.clone());
                    invited.entry(key).or_default().add(counts, 1);
                }
                continue;
            }
            let key =
                CellKey { period, place, model, series: tally.series.clone(), group: tally.group.clone() };
            let part = cells.entry(key).or_default().entry(tally.questionnaire.clone()).or_default();
            part.counts.add(counts, 1);
            part.schemes.insert(tally.scheme);
        }
    }
    let asker = |key: &CellKey| {
        let of = |(prefix, query): &&(String, &FigureQuery)| {
            query.level == key.place.level && query.periods.contains(&key.period) && is_in(prefix, &key.group)
        };
        asked.iter().find(of).map(|(_, query)| *query)
    };
    let everyone = Everyone { supported, invited, registry, schemes, as_of };
    let mut rows = Vec::new();
    let mut all_schemes: BTreeMap<(Period, Place, Model), usize> = BTreeMap::new();
    for (key, cell) in cells {
        let Some(query) = asker(&key) else { continue };
        let all = *all_schemes
            .entry((key.period, key.place.clone(), key.model))
            .or_insert_with(|| everyone.schemes_at(&key, query));
        for (indicator, asked) in entries_of_series(registry, &key.series, cell.keys()) {
            if query.wants(indicator) {
                let parts: Vec<&Part> = asked.questionnaires.iter().filter_map(|q| cell.get(*q)).collect();
                let named = Named::of(&parts, indicator, &codebook);
                rows.extend(make_row(&key, &parts, &named, &asked, all, &everyone, &codebook));
            }
        }
    }
    rows.sort_by(|a, b| {
        (&a.period, &a.place, &a.model, &a.indicator, &a.series, &a.group).cmp(&(
            &b.period,
            &b.place,
            &b.model,
            &b.indicator,
            &b.series,
            &b.group,
        ))
    });
    Ok(rows)
}

/// How an indicator is made in a series, and which questionnaires of a cell make it.
pub(super) struct Asked<'a> {
    pub(super) entry: &'a IndicatorEntry,
    pub(super) questionnaires: BTreeSet<&'a str>,
}

/// Whether a tally of `group` is among those whose groups begin with `prefix`; where that is empty, the tally of everybody.
fn is_in(prefix: &str, group: &str) -> bool {
    if prefix.is_empty() { group.is_empty() } else { group.starts_with(prefix) }
}

/// The newest entry of each indicator in `series` that one of `questionnaires` makes; entries of one series are alike in all that counts.
pub(super) fn entries_of_series<'a, 'q>(
    registry: &'a Registry,
    series: &str,
    questionnaires: impl Iterator<Item = &'q String>,
) -> BTreeMap<&'a str, Asked<'a>> {
    let mut asked: BTreeMap<&str, Asked<'_>> = BTreeMap::new();
    for definition in questionnaires.flat_map(|q| registry.versions(q)).filter(|d| d.takes_responses()) {
        for entry in definition.indicators.iter().filter(|e| e.series == series) {
            let known = asked
                .entry(entry.indicator.as_str())
                .or_insert_with(|| Asked { entry, questionnaires: BTreeSet::new() });
            known.entry = entry;
            known.questionnaires.insert(definition.id.as_str());
        }
    }
    asked
}

/// The place at which a tally counts in a period: a council counts as what it is then.
fn place_of(
    query: &FigureQuery,
    period: Period,
    tally: &StoredTally,
    scheme: &Scheme,
    registry: &Registry,
) -> Option<Place> {
    if !scheme.counts_at(query.level)
        || query.model.is_some_and(|m| m != scheme.about.model)
        || query.scheme.as_ref().is_some_and(|s| *s != scheme.about.id)
    {
        return None;
    }
    let council = registry.areas.become_by(&tally.council, query.areas_on(period))?;
    if query.within.as_ref().is_some_and(|outer| !registry.areas.lies_within(&council.code, outer)) {
        return None;
    }
    match query.level {
        Level::Scheme => Some(Place {
            level: Level::Scheme,
            code: scheme.about.id.clone(),
            name: scheme.about.name.clone(),
        }),
        Level::Unit => {
            let id = tally.group.strip_prefix("unit=")?;
            let name = scheme.about.units.iter().find(|u| u.id == id).map_or(id, |u| u.name.as_str());
            Some(Place {
                level: Level::Unit,
                code: format!("{}/{id}", scheme.about.id),
                name: name.to_owned(),
            })
        }
        _ => query.place_of(council, &registry.areas),
    }
}

/// What rows say about people besides those who answered.
pub(super) struct Everyone<'a> {
    pub(super) supported: BTreeMap<(Period, Place, Model), Counts>,
    pub(super) invited: BTreeMap<(Period, Place, Model, String), Counts>,
    pub(super) registry: &'a Registry,
    pub(super) schemes: &'a BTreeMap<i64, &'a Scheme>,
    pub(super) as_of: &'a str,
}

impl Everyone<'_> {
    /// Schemes of the model that worked in the place in the period.
    fn schemes_at(&self, key: &CellKey, query: &FigureQuery) -> usize {
        let (first, last) = (key.period.first_day(), key.period.last_day());
        let areas = &self.registry.areas;
        let works_within = |scheme: &Scheme, outer: &str| {
            let councils = scheme.councils_in(areas, first, last, query.areas_on(key.period));
            councils.iter().any(|council| areas.lies_within(&council.code, outer))
        };
        self.schemes
            .values()
            .filter(|s| s.about.model == key.model && s.counts_at(key.place.level))
            .filter(|s| match key.place.level {
                Level::Scheme => s.about.id == key.place.code,
                Level::Unit => key.place.code.split_once('/').is_some_and(|(id, _)| id == s.about.id),
                _ => {
                    let councils = s.councils_in(areas, first, last, query.areas_on(key.period));
                    councils.iter().any(|c| query.place_of(c, areas).is_some_and(|p| p == key.place))
                }
            })
            .filter(|s| query.within.as_ref().is_none_or(|outer| works_within(s, outer)))
            .count()
    }

    /// Whether the place is, or is part of, a practice scheme.
    pub(super) fn is_practice(&self, parts: &[&Part]) -> bool {
        parts.iter().flat_map(|p| &p.schemes).any(|n| self.schemes.get(n).is_some_and(|s| s.about.practice))
    }

    /// People (supported, eligible) in the period of `key`.
    pub(super) fn supported(&self, key: &CellKey, codebook: &Codebook) -> Option<(i64, i64)> {
        let counts = self.supported.get(&(key.period, key.place.clone(), key.model))?;
        let (first, last) = key.period.quarters();
        let (mut supported, mut eligible) = (0, 0);
        for (slot, count) in counts.entries() {
            let (_, _, counter) = codebook.name(slot);
            let Some((kind, quarter)) = counter.split_once(':') else { continue };
            let Ok(quarter) = quarter.parse::<Quarter>() else { continue };
            match kind {
                "in" if quarter <= last => supported += count,
                "out" if quarter <= first => supported -= count,
                "ein" if quarter <= last => eligible += count,
                "eout" if quarter <= first => eligible -= count,
                _ => {}
            }
        }
        Some((supported, eligible))
    }

    /// People asked for the questionnaires of a cell.
    pub(super) fn invited(
        &self,
        key: &CellKey,
        questionnaires: &BTreeSet<&str>,
        codebook: &Codebook,
    ) -> Invited {
        let mut asked = Invited::default();
        for questionnaire in questionnaires {
            let Some(counts) =
                self.invited.get(&(key.period, key.place.clone(), key.model, (*questionnaire).to_owned()))
            else {
                continue;
            };
            for (slot, count) in counts.entries() {
                match codebook.name(slot).2 {
                    "invited" => asked.invited += count,
                    "responded" => asked.responded += count,
                    "unfinished" => asked.unfinished += count,
                    _ => {}
                }
            }
        }
        asked
    }
}

/// How many people were asked, and what came of it.
#[derive(Default)]
pub(super) struct Invited {
    pub(super) invited: i64,
    pub(super) responded: i64,
    pub(super) unfinished: i64,
}
