//! Made-up countries: who lives where, who supports them, what they answered when, and since when that is known.

use std::collections::{BTreeMap, BTreeSet};

use khi::domain::area::Level;
use khi::domain::disclosure::release::{Material, UnitCount};
use khi::domain::figures::{Place, Row, Status};

use super::draw::Draw;

pub(crate) const INDICATOR: &str = "social-connection";
pub(crate) const SERIES: &str = "connections/1";
pub(crate) const MODEL: &str = "shared-lives";

/// How people are grouped.
#[derive(Debug, Clone)]
pub(crate) struct Breakdown {
    pub(crate) by: &'static str,
    pub(crate) values: &'static [&'static str],
}

/// Everybody is in one of these, or in none.
pub(crate) const AGES: Breakdown =
    Breakdown { by: "age_band", values: &["18-24", "25-34", "35-44", "75-84"] };
/// Somebody can be in several of these.
pub(crate) const NEEDS: Breakdown =
    Breakdown { by: "need", values: &["dementia", "learning-disability", "mental-health"] };

/// An area with the social-care duty.
#[derive(Debug, Clone)]
pub(crate) struct Council {
    pub(crate) code: String,
    pub(crate) region: Option<String>,
    pub(crate) nation: String,
}

/// What somebody answered once, as it is known from one release on (0 to 3), until before another.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) person: usize,
    pub(crate) scheme: usize,
    pub(crate) council: usize,
    /// The quarter, counted from the second of 2021.
    pub(crate) quarter: usize,
    pub(crate) positive: bool,
    /// By bit, in which groups.
    pub(crate) groups: u32,
    pub(crate) from: usize,
    pub(crate) until: usize,
}

/// Quarters from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl Span {
    /// Its name: a financial year, three of them, or a quarter.
    pub(crate) fn name(self) -> String {
        let year = 2021 + self.first / 4;
        match self.last - self.first {
            0 => format!("{}-Q{}", 2021 + (self.first + 1) / 4, (self.first + 1) % 4 + 1),
            3 => format!("{year}-{}", (year + 1) % 100),
            _ => format!("3y-{}-{}", year + 2, (year + 3) % 100),
        }
    }

    /// The three financial years that hold its end.
    pub(crate) fn years(self) -> Self {
        let year = self.last / 4;
        Self { first: (year * 4).saturating_sub(8), last: year * 4 + 3 }
    }
}

/// A country with its releases: 0, a correction 1, another period 2, a correction of that 3.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) councils: Vec<Council>,
    /// Of each scheme since which release it is there.
    pub(crate) schemes: Vec<usize>,
    pub(crate) events: Vec<Event>,
    pub(crate) periods: [Span; 2],
    pub(crate) breakdown: Option<Breakdown>,
    /// Whether units without anybody are counted as well.
    pub(crate) empty_units: bool,
}

/// A place: level, code, the bounds of who is in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Where {
    pub(crate) level: &'static str,
    pub(crate) code: String,
}

impl World {
    /// The period of a release.
    pub(crate) fn period(&self, release: usize) -> Span {
        self.periods[release / 2]
    }

    /// The answer that stands for each person within `span`, as known at `release`.
    pub(crate) fn standing(&self, release: usize, span: Span) -> Vec<usize> {
        let mut latest: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, event) in self.events.iter().enumerate() {
            let known = event.from <= release && release < event.until;
            if known && (span.first..=span.last).contains(&event.quarter) {
                let stands = latest.entry(event.person).or_insert(index);
                if self.events[*stands].quarter < event.quarter {
                    *stands = index;
                }
            }
        }
        latest.into_values().collect()
    }

    pub(crate) fn scheme_id(scheme: usize) -> String {
        format!("s{scheme:03}")
    }

    /// Whether an answer is counted in a place.
    pub(crate) fn is_in(&self, event: &Event, level: &str, code: &str) -> bool {
        let council = &self.councils[event.council];
        match level {
            "uk" => true,
            "nation" => council.nation == code,
            "region" => council.region.as_deref() == Some(code),
            "local_authority" => council.code == code,
            _ => Self::scheme_id(event.scheme) == code,
        }
    }

    /// Every place that has a row at `release`.
    pub(crate) fn places(&self, release: usize) -> Vec<Where> {
        let place = |level: &'static str, code: &str| Where { level, code: code.to_owned() };
        let mut places = BTreeSet::new();
        for council in &self.councils {
            places.insert(place("nation", &council.nation));
            places.extend(council.region.iter().map(|region| place("region", region)));
            places.insert(place("local_authority", &council.code));
        }
        places.insert(place("uk", "K02000001"));
        let there = self.schemes.iter().enumerate().filter(|(_, since)| **since <= release);
        places.extend(there.map(|(scheme, _)| place("scheme", &Self::scheme_id(scheme))));
        places.into_iter().collect()
    }

    /// What a release is made from.
    pub(crate) fn material(&self, release: usize) -> Material {
        let span = self.period(release);
        let (name, years) = (span.name(), span.years());
        let standing = self.standing(release, span);
        let mut rows = Vec::new();
        for place in self.places(release) {
            let own: Vec<usize> = standing
                .iter()
                .copied()
                .filter(|e| self.is_in(&self.events[*e], place.level, &place.code))
                .collect();
            rows.push(self.row(&place, &name, None, &own));
            if let Some(breakdown) = &self.breakdown
                && matches!(place.level, "uk" | "nation" | "region")
            {
                for (bit, value) in breakdown.values.iter().enumerate() {
                    let of = |e: &usize| self.events[*e].groups & (1 << bit) != 0;
                    let group: Vec<usize> = own.iter().copied().filter(of).collect();
                    rows.push(self.row(&place, &name, Some((breakdown.by, *value)), &group));
                }
            }
        }
        let pooled = self.standing(release, years);
        let later = pooled.iter().map(|e| &self.events[*e]).filter(|e| e.quarter > span.last);
        Material {
            period: name.parse().expect("a period"),
            rows,
            units: self.units(&standing, true),
            pooled: Some(years.name().parse().expect("three years")),
            pooled_units: self.units(&pooled, false),
            later: later.map(|e| Self::scheme_id(e.scheme)).collect(),
            kpis: Vec::new(),
        }
    }

    fn units(&self, of: &[usize], grouped: bool) -> Vec<UnitCount> {
        type UnitKey = (usize, usize, Option<(String, String)>);
        let mut counts: BTreeMap<UnitKey, (i64, i64)> = BTreeMap::new();
        let mut add = |key: UnitKey, n: i64, positive: i64| {
            let count = counts.entry(key).or_default();
            (count.0, count.1) = (count.0 + n, count.1 + positive);
        };
        if self.empty_units {
            self.events.iter().for_each(|e| add((e.scheme, e.council, None), 0, 0));
        }
        for event in of.iter().map(|e| &self.events[*e]) {
            let positive = i64::from(event.positive);
            add((event.scheme, event.council, None), 1, positive);
            for breakdown in self.breakdown.iter().filter(|_| grouped) {
                for (bit, value) in breakdown.values.iter().enumerate() {
                    if event.groups & (1 << bit) != 0 {
                        let group = Some((breakdown.by.to_owned(), (*value).to_owned()));
                        add((event.scheme, event.council, group), 1, positive);
                    }
                }
            }
        }
        counts
            .into_iter()
            .map(|((scheme, council, group), (n, positive))| UnitCount {
                indicator: INDICATOR.to_owned(),
                series: SERIES.to_owned(),
                model: MODEL.to_owned(),
                scheme: Self::scheme_id(scheme),
                council: self.councils[council].code.clone(),
                region: self.councils[council].region.clone(),
                nation: self.councils[council].nation.clone(),
                group,
                n,
                positive,
            })
            .collect()
    }

    fn row(&self, place: &Where, period: &str, group: Option<(&str, &str)>, own: &[usize]) -> Row {
        let positive = own.iter().filter(|e| self.events[**e].positive).count();
        let whole = |count: usize| i64::try_from(count).ok();
        share_row(place.level, &place.code, period, group, whole(own.len()), whole(positive))
    }
}

/// A counted row of the share indicator.
pub(crate) fn share_row(
    level: &str,
    code: &str,
    period: &str,
    group: Option<(&str, &str)>,
    n: Option<i64>,
    positive: Option<i64>,
) -> Row {
    Row {
        indicator: INDICATOR.to_owned(),
        series: SERIES.to_owned(),
        model: MODEL.to_owned(),
        rule: "share".to_owned(),
        period: period.to_owned(),
        place: Place {
            level: Level::parse(level).expect("a level"),
            code: code.to_owned(),
            name: code.to_owned(),
        },
        group: group.map(|(by, value)| BTreeMap::from([(by.to_owned(), value.to_owned())])),
        n,
        positive,
        percent: None,
        mean: None,
        sd: None,
        interval: None,
        distribution: None,
        left_out: None,
        completed_by: None,
        without_supporter: None,
        supported: None,
        eligible: None,
        invited: None,
        responded: None,
        unfinished: None,
        response_rate: None,
        open: None,
        schemes: None,
        change: None,
        statement: None,
        status: Status::Shown,
        periods: None,
        band: None,
        merged_into: None,
        as_of: "2026-04-01T00:00:00Z".to_owned(),
        practice: false,
    }
}

/// A financial year by its place after 2021-22.
pub(crate) fn year(index: usize) -> Span {
    Span { first: index * 4, last: index * 4 + 3 }
}

/// Two periods that do not touch: years that follow each other, or two quarters, seldom the later one first.
pub(crate) fn periods(draw: &mut Draw) -> [Span; 2] {
    if draw.one_in(2) {
        return [year(3), year(4)];
    }
    let first = 8 + draw.below(8);
    let second = first + 1 + draw.below(19 - first);
    let [a, b] = [first, second].map(|q| Span { first: q, last: q });
    if draw.one_in(6) { [b, a] } else { [a, b] }
}
