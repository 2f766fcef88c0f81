//! From tallies to rows: decode, add up by place, read off each indicator.

use std::collections::{BTreeMap, BTreeSet};

use super::query::FigureQuery;
use super::row::{Banded, Change, Interval, Place, Row, SchemesCount, ShareOf, Spread, Status};
use crate::domain::area::Level;
use crate::domain::counting::{Codebook, Corrupt, Counts, Who, decode};
use crate::domain::definition::{Direction, IndicatorEntry, Model, Registry, Rule};
use crate::domain::period::{Period, Quarter};
use crate::domain::question::Missing;
use crate::domain::scheme::Scheme;
use crate::domain::scoring::{LeftOut, scale};
use crate::domain::statement;
use crate::domain::statistics::{Moments, RatioMoments, median, percent, round_to};

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
struct CellKey {
    period: Period,
    place: Place,
    model: Model,
    series: String,
    group: String,
}

/// The counts of one place, period, model, series and group, by questionnaire: an indicator that only some of the
/// questionnaires ask about is counted over the people who answered those.
type Cell = BTreeMap<String, Part>;

#[derive(Default)]
struct Part {
    counts: Counts,
    schemes: BTreeSet<i64>,
}

/// Makes the rows of `query` from `tallies`. `schemes` are all schemes, by number.
pub fn gather(
    query: &FigureQuery,
    tallies: &[StoredTally],
    registry: &Registry,
    schemes: &BTreeMap<i64, &Scheme>,
    as_of: &str,
) -> Result<Vec<Row>, Corrupt> {
    let mut codebook = Codebook::default();
    let mut cells: BTreeMap<CellKey, Cell> = BTreeMap::new();
    let mut supported: BTreeMap<(Place, Model), Counts> = BTreeMap::new();
    let mut invited: BTreeMap<(Period, Place, Model, String), Counts> = BTreeMap::new();
    for tally in tallies {
        let Some(scheme) = schemes.get(&tally.scheme) else { continue };
        let Some(place) = place_of(query, tally, scheme, registry) else { continue };
        let model = scheme.about.model;
        let counts = decode(&tally.value, &mut codebook)?;
        if tally.questionnaire.is_empty() {
            supported.entry((place, model)).or_default().add(&counts, 1);
            continue;
        }
        let Ok(period) = tally.period.parse::<Period>() else { return Err(Corrupt) };
        if tally.series.is_empty() {
            invited.entry((period, place, model, tally.questionnaire.clone())).or_default().add(&counts, 1);
            continue;
        }
        let key = CellKey { period, place, model, series: tally.series.clone(), group: tally.group.clone() };
        let part = cells.entry(key).or_default().entry(tally.questionnaire.clone()).or_default();
        part.counts.add(&counts, 1);
        part.schemes.insert(tally.scheme);
    }
    let everyone = Everyone { supported, invited, registry, schemes, as_of };
    let mut rows = Vec::new();
    let mut all_schemes: BTreeMap<(Period, Place, Model), usize> = BTreeMap::new();
    for (key, cell) in cells {
        let all = *all_schemes
            .entry((key.period, key.place.clone(), key.model))
            .or_insert_with(|| everyone.schemes_at(&key, query));
        for (indicator, asked) in entries_of_series(registry, &key.series, &cell) {
            if query.wants(indicator) {
                let parts: Vec<&Part> = asked.questionnaires.iter().filter_map(|q| cell.get(*q)).collect();
                let named = Named::of(&parts, indicator, &codebook);
                rows.extend(make_row(&key, &parts, &named, &asked, all, &everyone, &codebook));
            }
        }
    }
    rows.sort_by(|a, b| (&a.period, &a.place, &a.model, &a.indicator, &a.series, &a.group).cmp(&(&b.period, &b.place, &b.model, &b.indicator, &b.series, &b.group)));
    Ok(rows)
}

/// How an indicator is made in a series, and which questionnaires of a cell make it.
struct Asked<'a> {
    entry: &'a IndicatorEntry,
    questionnaires: BTreeSet<&'a str>,
}

/// The newest entry of each indicator in `series`; entries of one series are alike in all that counts.
fn entries_of_series<'a>(registry: &'a Registry, series: &str, cell: &Cell) -> BTreeMap<&'a str, Asked<'a>> {
    let mut asked: BTreeMap<&str, Asked<'_>> = BTreeMap::new();
    for definition in cell.keys().flat_map(|q| registry.versions(q)).filter(|d| d.takes_responses()) {
        for entry in definition.indicators.iter().filter(|e| e.series == series) {
            let known = asked.entry(entry.indicator.as_str()).or_insert_with(|| Asked { entry, questionnaires: BTreeSet::new() });
            known.entry = entry;
            known.questionnaires.insert(definition.id.as_str());
        }
    }
    asked
}

fn place_of(query: &FigureQuery, tally: &StoredTally, scheme: &Scheme, registry: &Registry) -> Option<Place> {
    if query.model.is_some_and(|m| m != scheme.about.model) || query.scheme.as_ref().is_some_and(|s| *s != scheme.about.id) {
        return None;
    }
    if query.within.as_ref().is_some_and(|outer| !registry.areas.lies_within(&tally.council, outer)) {
        return None;
    }
    match query.level {
        Level::Scheme => Some(Place { level: Level::Scheme, code: scheme.about.id.clone(), name: scheme.about.name.clone() }),
        Level::Unit => {
            let id = tally.group.strip_prefix("unit=")?;
            let name = scheme.about.units.iter().find(|u| u.id == id).map_or(id, |u| u.name.as_str());
            Some(Place { level: Level::Unit, code: format!("{}/{id}", scheme.about.id), name: name.to_owned() })
        }
        level => {
            let area = registry.areas.at_level(&tally.council, level)?;
            Some(Place { level, code: area.code.clone(), name: area.name.clone() })
        }
    }
}

/// What rows say about people besides those who answered.
struct Everyone<'a> {
    supported: BTreeMap<(Place, Model), Counts>,
    invited: BTreeMap<(Period, Place, Model, String), Counts>,
    registry: &'a Registry,
    schemes: &'a BTreeMap<i64, &'a Scheme>,
    as_of: &'a str,
}

impl Everyone<'_> {
    /// Schemes of the model that worked in the place in the period.
    fn schemes_at(&self, key: &CellKey, query: &FigureQuery) -> usize {
        let (first, last) = (key.period.first_day(), key.period.last_day());
        self.schemes
            .values()
            .filter(|s| s.about.model == key.model)
            .filter(|s| match key.place.level {
                Level::Scheme => s.about.id == key.place.code,
                Level::Unit => key.place.code.split_once('/').is_some_and(|(id, _)| id == s.about.id),
                _ => s.works_within(&self.registry.areas, &key.place.code, first, last),
            })
            .filter(|s| query.within.as_ref().is_none_or(|outer| s.works_within(&self.registry.areas, outer, first, last)))
            .count()
    }

    /// People (supported, eligible) in the period of `key`.
    fn supported(&self, key: &CellKey, codebook: &Codebook) -> Option<(i64, i64)> {
        let counts = self.supported.get(&(key.place.clone(), key.model))?;
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

    /// People (invited, responded) for the questionnaires of a cell.
    fn invited(&self, key: &CellKey, questionnaires: &BTreeSet<&str>, codebook: &Codebook) -> (i64, i64) {
        let (mut invited, mut responded) = (0, 0);
        for questionnaire in questionnaires {
            let Some(counts) = self.invited.get(&(key.period, key.place.clone(), key.model, (*questionnaire).to_owned())) else { continue };
            for (slot, count) in counts.entries() {
                match codebook.name(slot).2 {
                    "invited" => invited += count,
                    "responded" => responded += count,
                    _ => {}
                }
            }
        }
        (invited, responded)
    }
}

/// Counts of one indicator (and those of no indicator) by counter and who.
struct Named<'a>(BTreeMap<&'a str, BTreeMap<&'a str, [i64; 4]>>);

impl<'a> Named<'a> {
    fn of(parts: &[&Part], wanted: &str, codebook: &'a Codebook) -> Self {
        let mut named: BTreeMap<&str, BTreeMap<&str, [i64; 4]>> = BTreeMap::new();
        for (slot, count) in parts.iter().flat_map(|p| p.counts.entries()) {
            let (who, indicator, counter) = codebook.name(slot);
            if indicator == wanted || indicator.is_empty() {
                named.entry(indicator).or_default().entry(counter).or_default()[who as usize] += count;
            }
        }
        Self(named)
    }

    fn by_who(&self, indicator: &str, counter: &str) -> [i64; 4] {
        self.0.get(indicator).and_then(|c| c.get(counter)).copied().unwrap_or_default()
    }

    fn total(&self, indicator: &str, counter: &str) -> i64 {
        self.by_who(indicator, counter).iter().sum()
    }
}

fn make_row(
    key: &CellKey,
    parts: &[&Part],
    named: &Named<'_>,
    asked: &Asked<'_>,
    all_schemes: usize,
    everyone: &Everyone<'_>,
    codebook: &Codebook,
) -> Option<Row> {
    let entry = asked.entry;
    let id = entry.indicator.as_str();
    let n = named.total(id, "n");
    let mut left_out: BTreeMap<String, i64> =
        LeftOut::ALL.iter().map(|r| (r.code().to_owned(), named.total(id, &format!("x:{}", r.code())))).collect();
    // A version from before the indicator was added did not ask: its people are in neither count yet.
    let unasked = named.total("", "standing") - n - left_out.values().sum::<i64>();
    *left_out.entry(Missing::NotAsked.code().to_owned()).or_default() += unasked;
    if n == 0 && left_out.values().all(|c| *c == 0) {
        return None;
    }
    let indicator = everyone.registry.indicator(id)?;
    let share = entry.rule.is_share();
    let positive = share.then(|| named.total(id, "p"));
    let (mean, sd, interval) = centre(entry, named, n, positive);
    let by_who = named.by_who(id, "n");
    let mut completed_by: BTreeMap<String, i64> = Who::ALL.iter().map(|w| (w.code().to_owned(), by_who[*w as usize])).collect();
    if !entry.include_proxy {
        completed_by.insert("proxy".into(), left_out["proxy"]);
    }
    let without = |counter: &str| named.total(id, counter) - named.by_who(id, counter)[Who::HelpedBySupporter as usize];
    let whole_place = key.group.is_empty();
    let (supported, eligible) = everyone.supported(key, codebook).filter(|_| whole_place).unzip();
    let (invited, responded) = everyone.invited(key, &asked.questionnaires, codebook);
    let percent_shown = positive.and_then(|p| percent(p, n));
    let mut row = Row {
        indicator: id.to_owned(),
        series: key.series.clone(),
        model: key.model.code().to_owned(),
        rule: entry.rule.code().to_owned(),
        period: key.period.to_string(),
        place: key.place.clone(),
        group: key.group.split_once('=').filter(|(by, _)| *by != "unit").map(|(by, value)| BTreeMap::from([(by.to_owned(), value.to_owned())])),
        n: Some(n),
        positive,
        percent: percent_shown,
        mean,
        sd,
        interval,
        distribution: spread(asked, everyone.registry, named, n),
        left_out: Some(left_out),
        completed_by: Some(completed_by),
        without_supporter: share.then(|| ShareOf::of(without("p"), without("n"))),
        supported,
        eligible,
        invited: whole_place.then_some(invited),
        responded: whole_place.then_some(responded),
        response_rate: if whole_place { percent(responded, invited) } else { None },
        open: Some(named.total("", "open")),
        schemes: Some(SchemesCount { taking_part: parts.iter().flat_map(|p| &p.schemes).collect::<BTreeSet<_>>().len(), all: all_schemes }),
        change: entry.change.then(|| change(named, id, indicator.direction)),
        statement: None,
        status: Status::Shown,
        periods: None,
        band: None,
        merged_into: None,
        as_of: everyone.as_of.to_owned(),
    };
    row.statement = Some(statement::of_row(&indicator.statement, &row));
    Some(row)
}

/// Mean, standard deviation and interval of a row.
fn centre(entry: &IndicatorEntry, named: &Named<'_>, n: i64, positive: Option<i64>) -> (Option<f64>, Option<f64>, Option<Interval>) {
    let id = entry.indicator.as_str();
    match (&entry.rule, positive) {
        (_, Some(positive)) => (None, None, Interval::wilson95(positive, n)),
        (Rule::Mean { .. } | Rule::Sum { .. }, None) => {
            let scale = scale(&entry.rule);
            let moments = Moments { n, sum: named.total(id, &format!("s/{scale}")), squares: named.total(id, &format!("q/{scale}")), scale };
            (
                moments.mean().map(|m| round_to(m, 2)),
                moments.sd().map(|s| round_to(s, 2)),
                Interval::of_mean(moments.interval95(), "t"),
            )
        }
        (Rule::Ratio { .. }, None) => {
            let total = |counter| named.total(id, counter);
            let moments = RatioMoments {
                n,
                numerator: total("num"),
                denominator: total("den"),
                numerator2: total("num2"),
                denominator2: total("den2"),
                cross: total("cross"),
            };
            (moments.ratio().map(|r| round_to(r, 2)), None, Interval::of_mean(moments.interval95(), "ratio-t"))
        }
        (Rule::Bands { .. } | Rule::Share { .. }, None) => (None, None, None),
    }
}

fn spread(asked: &Asked<'_>, registry: &Registry, named: &Named<'_>, n: i64) -> Option<Spread> {
    let entry = asked.entry;
    let count = |code: &str| named.total(&entry.indicator, &format!("d:{code}"));
    match &entry.rule {
        Rule::Share { base, base_missing, .. } => {
            let codes = base.iter().map(String::as_str).chain(base_missing.iter().map(|m| m.code()));
            Some(Spread::Counts(codes.map(|c| (c.to_owned(), count(c))).collect()))
        }
        Rule::Bands { item } => {
            let definitions = asked.questionnaires.iter().flat_map(|q| registry.versions(q));
            let codes: BTreeSet<&str> = definitions
                .filter(|d| d.indicators.iter().any(|e| e.indicator == entry.indicator && e.series == entry.series))
                .filter_map(|d| d.item(item))
                .flat_map(|(_, item)| item.codes())
                .collect();
            let banded = |code: &str| Banded { count: count(code), percent: percent(count(code), n), interval: Interval::wilson95(count(code), n) };
            Some(Spread::Bands(codes.into_iter().map(|c| (c.to_owned(), banded(c))).collect()))
        }
        Rule::Mean { .. } | Rule::Sum { .. } | Rule::Ratio { .. } => None,
    }
}

fn change(named: &Named<'_>, id: &str, direction: Direction) -> Change {
    let total = |counter| named.total(id, counter);
    let mut months: Vec<(i64, i64)> = named
        .0
        .get(id)
        .into_iter()
        .flatten()
        .filter_map(|(counter, counts)| Some((counter.strip_prefix("m:")?.parse().ok()?, counts.iter().sum())))
        .collect();
    months.sort_unstable();
    let judged = direction != Direction::Context;
    Change {
        pairs: total("c+") + total("c=") + total("c-") + total("cc"),
        improved: judged.then(|| total("c+")),
        same: total("c="),
        worse: judged.then(|| total("c-")),
        lost: total("cl"),
        median_months: median(&months),
    }
}
