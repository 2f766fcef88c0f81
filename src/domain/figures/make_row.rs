//! Reading one row off the counts of its place.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::{Asked, CellKey, Everyone, Part};
use super::row::{Banded, Change, Interval, Row, SchemesCount, ShareOf, Spread, Status};
use crate::domain::counting::{Codebook, Who};
use crate::domain::definition::{Direction, IndicatorEntry, Registry, Rule};
use crate::domain::question::Missing;
use crate::domain::scoring::{LeftOut, scale};
use crate::domain::statement;
use crate::domain::statistics::{Moments, RatioMoments, median, percent, round_to};

/// Counts of one indicator (and those of no indicator) by counter and who.
pub(super) struct Named<'a>(BTreeMap<&'a str, BTreeMap<&'a str, [i64; 4]>>);

impl<'a> Named<'a> {
    pub(super) fn of(parts: &[&Part], wanted: &str, codebook: &'a Codebook) -> Self {
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

/// The row of one indicator; none if nobody stands in it.
pub(super) fn make_row(
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
    let mut left_out: BTreeMap<String, i64> = LeftOut::ALL
        .iter()
        .map(|r| (r.code().to_owned(), named.total(id, &format!("x:{}", r.code()))))
        .collect();
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
    let mut completed_by: BTreeMap<String, i64> =
        Who::ALL.iter().map(|w| (w.code().to_owned(), by_who[*w as usize])).collect();
    if !entry.include_proxy {
        completed_by.insert("proxy".into(), left_out["proxy"]);
    }
    let without =
        |counter: &str| named.total(id, counter) - named.by_who(id, counter)[Who::HelpedBySupporter as usize];
    let whole_place = key.group.is_empty();
    let (supported, eligible) = everyone.supported(key, codebook).filter(|_| whole_place).unzip();
    let invited = everyone.invited(key, &asked.questionnaires, codebook);
    let percent_shown = positive.and_then(|p| percent(p, n));
    let mut row = Row {
        indicator: id.to_owned(),
        series: key.series.clone(),
        model: key.model.code().to_owned(),
        rule: entry.rule.code().to_owned(),
        period: key.period.to_string(),
        place: key.place.clone(),
        group: key
            .group
            .split_once('=')
            .filter(|(by, _)| *by != "unit")
            .map(|(by, value)| BTreeMap::from([(by.to_owned(), value.to_owned())])),
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
        invited: whole_place.then_some(invited.invited),
        responded: whole_place.then_some(invited.responded),
        unfinished: whole_place.then_some(invited.unfinished),
        response_rate: if whole_place { percent(invited.responded, invited.invited) } else { None },
        open: Some(named.total("", "open")),
        schemes: Some(SchemesCount {
            taking_part: parts.iter().flat_map(|p| &p.schemes).collect::<BTreeSet<_>>().len(),
            all: all_schemes,
        }),
        change: entry.change.then(|| change(named, id, indicator.direction)),
        statement: None,
        status: Status::Shown,
        periods: None,
        band: None,
        merged_into: None,
        as_of: everyone.as_of.to_owned(),
        practice: everyone.is_practice(parts),
    };
    row.statement = Some(statement::of_row(&indicator.statement, &row));
    Some(row)
}

/// Mean, standard deviation and interval of a row.
fn centre(
    entry: &IndicatorEntry,
    named: &Named<'_>,
    n: i64,
    positive: Option<i64>,
) -> (Option<f64>, Option<f64>, Option<Interval>) {
    let id = entry.indicator.as_str();
    match (&entry.rule, positive) {
        (_, Some(positive)) => (None, None, Interval::wilson95(positive, n)),
        (Rule::Mean { .. } | Rule::Sum { .. }, None) => {
            let scale = scale(&entry.rule);
            let moments = Moments {
                n,
                sum: named.total(id, &format!("s/{scale}")),
                squares: named.total(id, &format!("q/{scale}")),
                scale,
            };
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
            (
                moments.ratio().map(|r| round_to(r, 2)),
                None,
                Interval::of_mean(moments.interval95(), "ratio-t"),
            )
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
                .filter(|d| {
                    d.indicators.iter().any(|e| e.indicator == entry.indicator && e.series == entry.series)
                })
                .filter_map(|d| d.item(item))
                .flat_map(|(_, item)| item.codes())
                .collect();
            let banded = |code: &str| Banded {
                count: count(code),
                percent: percent(count(code), n),
                interval: Interval::wilson95(count(code), n),
            };
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
        .filter_map(|(counter, counts)| {
            Some((counter.strip_prefix("m:")?.parse().ok()?, counts.iter().sum()))
        })
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
