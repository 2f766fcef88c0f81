//! A scheme's figures beside those of its region, its nation and the UK, and beside other schemes without their names: from the public cells of
//! one release and from nothing else. Nothing is ranked.

mod cell;
mod funnel;

use std::collections::BTreeSet;

use serde::Serialize;

use super::area::Level;
use super::definition::{Model, Registry};
use super::disclosure::release::Part;
use super::figures::Interval;
use super::statement::thousands;
use super::statistics::{Z95, newcombe, percent, round_to};
use cell::Cell;

pub use funnel::{Dot, FunnelSeen, LEAST_SCHEMES, LimitsAt, OwnDot};

/// What is printed by every comparison.
pub const CAUTION: &str = "These figures cannot be used to judge how well a scheme works. Schemes support different people: their age, what they need, \
                           who helps them to answer and how they are asked all differ, and nothing here makes up for that.";

/// Whose figures are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose<'a> {
    /// The scheme's id.
    pub scheme: &'a str,
    /// Its model.
    pub model: Model,
    /// The regions, nations and the UK that it lies in, by level and code.
    pub around: &'a [(Level, String)],
}

/// One share indicator, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// The indicator.
    pub indicator: String,
    /// Its title.
    pub title: String,
    /// The series.
    pub series: String,
    /// The scheme's own figure.
    pub own: Figure,
    /// The same of its regions, its nations and the UK.
    pub places: Vec<Against>,
    /// All schemes that are shown; none where they are too few.
    pub funnel: Option<FunnelSeen>,
}

/// A figure of a release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// `shown`, `pooled`, `banded`, `merged` or `suppressed`.
    pub status: String,
    /// People whose answer is positive.
    pub positive: Option<i64>,
    /// People with a valid answer.
    pub n: Option<i64>,
    /// In percent, to one decimal.
    pub percent: Option<f64>,
    /// Its 95% interval.
    pub interval: Option<Interval>,
    /// `almost-all` or `very-few`, where only words are shown.
    pub band: Option<String>,
    /// The periods that are taken together in it.
    pub pooled: Option<Vec<String>>,
    /// Where it is counted instead.
    pub merged_into: Option<String>,
    /// What is shown, in words.
    pub words: String,
}

/// The figure of a wider place, and the scheme's difference from everybody else there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// The place's level.
    pub level: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its figure.
    pub figure: Figure,
    /// The scheme's share less that of the others; none where one of them is not shown.
    pub difference: Option<Difference>,
}

/// A difference in percentage points, to one decimal, with its 95% interval by Newcombe's method 10.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The difference.
    pub points: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether the scheme itself is taken out of the wider place first. It is not where its figure is of several years.
    pub of_the_rest: bool,
    /// `higher`, `lower` or `not-clear`: whether the interval leaves 0 out.
    pub verdict: Verdict,
    /// The same in words.
    pub words: String,
}

/// What a difference comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Higher than can be chance.
    Higher,
    /// Lower than can be chance.
    Lower,
    /// Chance may be all of it.
    NotClear,
}

impl Verdict {
    /// The same in few words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Higher => "you are higher",
            Self::Lower => "you are lower",
            Self::NotClear => "no clear difference",
        }
    }
}

/// Every share indicator of the scheme's model that the release has anywhere around it.
pub fn compare(parts: &[Part], whose: &Whose<'_>, registry: &Registry) -> Vec<Compared> {
    let cells = Cell::all(parts);
    let model = whose.model.code();
    let of_model = || cells.iter().filter(|c| c.model == model && is_share(c, registry));
    let keys: BTreeSet<(&str, &str)> =
        of_model().map(|c| (c.indicator.as_str(), c.series.as_str())).collect();
    let mut compared: Vec<Compared> = keys
        .into_iter()
        .filter_map(|(indicator, series)| {
            let of_this: Vec<&Cell> = of_model().filter(|c| c.is_of(indicator, series, model)).collect();
            let title = registry.indicator(indicator)?.title.get("en").to_owned();
            Some(one(&of_this, whose, indicator, series, title))
        })
        .collect();
    compared.sort_by(|a, b| (&a.title, &a.series).cmp(&(&b.title, &b.series)));
    compared
}

/// Whether a cell is of a share: one that is hidden says so only through its rule.
fn is_share(cell: &Cell, registry: &Registry) -> bool {
    let of_entry = || {
        let mut entries = registry.definitions().flat_map(|d| &d.indicators);
        entries.any(|e| e.indicator == cell.indicator && e.series == cell.series && e.rule.is_share())
    };
    cell.rule == "share" || cell.rule == "sum" && of_entry()
}

fn one(cells: &[&Cell], whose: &Whose<'_>, indicator: &str, series: &str, title: String) -> Compared {
    let schemes: Vec<&Cell> =
        cells.iter().copied().filter(|c| c.place.level == Level::Scheme.code()).collect();
    let own = schemes.iter().copied().find(|c| c.place.code == whose.scheme);
    let places = whose.around.iter().filter_map(|(level, code)| {
        let cell = cells.iter().find(|c| c.place.level == level.code() && c.place.code == *code)?;
        Some(against(own, cell))
    });
    Compared {
        indicator: indicator.to_owned(),
        title,
        series: series.to_owned(),
        own: figure(own),
        places: places.collect(),
        funnel: funnel::seen(&schemes, whose.scheme),
    }
}

fn figure(cell: Option<&Cell>) -> Figure {
    let share = cell.and_then(Cell::share);
    let pooled = cell.and_then(Cell::pooled).map(<[String]>::to_vec);
    Figure {
        status: cell.map_or("none", |c| c.status.as_str()).to_owned(),
        positive: share.map(|(positive, _)| positive),
        n: cell.and_then(|c| c.n),
        percent: share.and_then(|(positive, n)| percent(positive, n)),
        interval: share.and_then(|(positive, n)| Interval::wilson95(positive, n)),
        band: cell.and_then(|c| c.band.clone()),
        merged_into: cell.and_then(|c| c.merged_into.clone()),
        words: words(cell, pooled.as_deref()),
        pooled,
    }
}

fn words(cell: Option<&Cell>, pooled: Option<&[String]>) -> String {
    let Some(cell) = cell else { return "Nothing was counted.".into() };
    if let Some((positive, n)) = cell.share() {
        let share = percent(positive, n).unwrap_or_default();
        let years = pooled
            .map_or_else(String::new, |periods| format!(" (years taken together: {})", periods.join(", ")));
        return format!("{share:.1}%, {} of {} people{years}", thousands(positive), thousands(n));
    }
    match (cell.band.as_deref(), &cell.merged_into) {
        (Some("almost-all"), _) => "Almost all. The number is not shown, because few people answered.".into(),
        (Some("very-few"), _) => "Very few. The number is not shown, because few people answered.".into(),
        (_, Some(_)) => "Counted together with another place, because few people answered.".into(),
        _ => "Not shown, because few people answered.".into(),
    }
}

fn against(own: Option<&Cell>, wider: &Cell) -> Against {
    let difference = own.and_then(|own| difference(own, wider));
    Against {
        level: wider.place.level.clone(),
        code: wider.place.code.clone(),
        name: wider.place.name.clone(),
        figure: figure(Some(wider)),
        difference,
    }
}

/// The scheme's share less that of the others. It is part of the wider place, and two groups are compared only if nobody is in both: so it is
/// taken out of it first, where both are of the same period.
fn difference(own: &Cell, wider: &Cell) -> Option<Difference> {
    difference_of(own.share()?, wider.share()?, own.pooled() == wider.pooled())
}

/// The share of a place (positive answers, people) less that of a wider one that it lies in; `of_the_rest`: its people are taken out of the
/// wider place first.
pub fn difference_of(
    (positive, n): (i64, i64),
    (wide_positive, wide_n): (i64, i64),
    of_the_rest: bool,
) -> Option<Difference> {
    let others = if of_the_rest { (wide_positive - positive, wide_n - n) } else { (wide_positive, wide_n) };
    if others.0 < 0 || others.1 <= 0 || others.0 > others.1 {
        return None;
    }
    let found = newcombe((positive, n), others, Z95)?;
    let verdict = if found.low > 0.0 {
        Verdict::Higher
    } else if found.high < 0.0 {
        Verdict::Lower
    } else {
        Verdict::NotClear
    };
    let points = |fraction: f64| round_to(100.0 * fraction, 1);
    let (value, low, high) = (points(found.value), points(found.low), points(found.high));
    let rest = if of_the_rest { "everybody else there" } else { "everybody there" };
    let signed = |points: f64| format!("{points:+.1}").replace('-', "−");
    let words = match verdict {
        Verdict::Higher => format!(
            "Your figure is higher than that of {rest}, by {value:.1} points ({low:.1} to {high:.1})."
        ),
        Verdict::Lower => format!(
            "Your figure is lower than that of {rest}, by {:.1} points ({:.1} to {:.1}).",
            -value, -high, -low
        ),
        Verdict::NotClear => format!(
            "There is no clear difference from {rest}: {} points, and by chance it may be anything from {} to {}.",
            signed(value),
            signed(low),
            signed(high)
        ),
    };
    Some(Difference { points: value, low, high, of_the_rest, verdict, words })
}
