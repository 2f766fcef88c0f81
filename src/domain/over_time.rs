//! A figure quarter by quarter: what is only the usual up and down, and what is more than that.
//!
//! The charts are XmR charts with the rules of the NHS “Making Data Count” ([`crate::domain::statistics::xmr`]). They compare a figure with
//! itself, so they say that something is different and never why.

use std::collections::BTreeMap;

use super::definition::{Direction, Registry};
use super::figures::{Interval, Row, Status};
use super::period::Period;
use super::statistics::{Special, Way, Xmr, XmrRules, xmr};

/// Fewer points than this have no limits: they would say nothing.
pub const LEAST: usize = 6;
/// Fewer points than this have trial limits only.
pub const ENOUGH: usize = 12;
/// Quarters in a row that make a rise or a fall: said beside every chart, because handbooks differ.
pub const TREND: usize = 7;
/// As the R package of the NHS has them.
const RULES: XmrRules = XmrRules { trend: TREND, screen: true };

/// One indicator of one place and model over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The indicator.
    pub indicator: String,
    /// The series: another wording is another chart.
    pub series: String,
    /// The indicator's title.
    pub title: String,
    /// Whether values are percentages of people; else they are means.
    pub is_share: bool,
    /// Which way is better.
    pub direction: Direction,
    /// The quarters that have a figure, oldest first.
    pub points: Vec<Point>,
    /// Quarters between the first and the last that have none.
    pub gaps: Vec<String>,
    /// Limits; none where there are too few points.
    pub limits: Option<Limits>,
}

/// One quarter's figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The quarter.
    pub period: String,
    /// The percentage, or the mean.
    pub value: f64,
    /// People with a valid answer.
    pub n: i64,
    /// Its 95% interval.
    pub interval: Option<Interval>,
    /// What is to be said of it.
    pub special: Special,
}

/// What lies between these ends is the usual up and down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The mean of all points.
    pub mean: f64,
    /// Lower end; of a share, not below 0.
    pub lower: f64,
    /// Upper end; of a share, not above 100.
    pub upper: f64,
    /// Whether they are trial limits, of fewer than [`ENOUGH`] points.
    pub trial: bool,
}

impl Chart {
    /// What is to be said of the newest quarter.
    pub fn newest(&self) -> Option<&Point> {
        self.points.last()
    }
}

/// The charts of `rows`, which are of one place and model, over `quarters` in the order of time. Every figure that has one value a quarter has
/// one: shares and means, of everybody.
pub fn charts(rows: &[Row], quarters: &[Period], registry: &Registry) -> Vec<Chart> {
    let order: BTreeMap<String, usize> =
        quarters.iter().enumerate().map(|(index, period)| (period.to_string(), index)).collect();
    let mut found: BTreeMap<(&str, &str), BTreeMap<usize, &Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.group.is_none() && row.status == Status::Shown) {
        if let (Some(at), Some(_)) = (order.get(&row.period), value_of(row)) {
            found.entry((&row.indicator, &row.series)).or_default().insert(*at, row);
        }
    }
    let mut charts: Vec<Chart> =
        found.into_iter().filter_map(|(key, rows)| chart(key, &rows, quarters, registry)).collect();
    charts.sort_by(|a, b| (&a.title, &a.series).cmp(&(&b.title, &b.series)));
    charts
}

fn chart(
    (indicator, series): (&str, &str),
    rows: &BTreeMap<usize, &Row>,
    quarters: &[Period],
    registry: &Registry,
) -> Option<Chart> {
    let known = registry.indicator(indicator)?;
    let is_share = rows.values().all(|row| row.percent.is_some());
    let values: Vec<f64> = rows.values().filter_map(|row| value_of(row)).collect();
    let judged = if values.len() < LEAST { None } else { xmr(&values, RULES) };
    let special = |at: usize| judged.as_ref().map_or(Special::Common, |chart| chart.points[at]);
    let points = rows.values().zip(&values).enumerate().map(|(at, (row, value))| Point {
        period: row.period.clone(),
        value: *value,
        n: row.n.unwrap_or_default(),
        interval: row.interval.clone(),
        special: special(at),
    });
    let (first, last) = (*rows.keys().next()?, *rows.keys().next_back()?);
    let gaps = (first..last).filter(|at| !rows.contains_key(at)).filter_map(|at| quarters.get(at));
    Some(Chart {
        indicator: indicator.to_owned(),
        series: series.to_owned(),
        title: known.title.get("en").to_owned(),
        is_share,
        direction: known.direction,
        points: points.collect(),
        gaps: gaps.map(ToString::to_string).collect(),
        limits: judged.as_ref().map(|chart| limits(chart, is_share)),
    })
}

/// A percentage from the people themselves, so that nothing is rounded before it is charted; else the mean.
fn value_of(row: &Row) -> Option<f64> {
    match (row.positive, row.n) {
        (Some(positive), Some(n)) if n > 0 => Some(100.0 * positive as f64 / n as f64),
        _ => row.mean,
    }
}

fn limits(chart: &Xmr, is_share: bool) -> Limits {
    let within = |value: f64| if is_share { value.clamp(0.0, 100.0) } else { value };
    Limits { mean: chart.mean, lower: within(chart.lower), upper: within(chart.upper), trial: chart.trial }
}

/// What is to be said of a point, in plain words.
pub fn in_words(special: Special) -> &'static str {
    match special {
        Special::Common => "usual up and down",
        Special::Outside(Way::Up) => "above the upper limit",
        Special::Outside(Way::Down) => "below the lower limit",
        Special::Trend(Way::Up) => "part of a rise of 7 quarters or more in a row",
        Special::Trend(Way::Down) => "part of a fall of 7 quarters or more in a row",
        Special::TwoOfThree(Way::Up) => "one of 2 in 3 quarters near the upper limit",
        Special::TwoOfThree(Way::Down) => "one of 2 in 3 quarters near the lower limit",
        Special::Shift(Way::Up) => "part of 7 quarters or more in a row above the average",
        Special::Shift(Way::Down) => "part of 7 quarters or more in a row below the average",
    }
}

/// Whether a chart's point stands out the better or the worse way: none where it does not, and where neither way is better.
pub fn is_better(special: Special, direction: Direction) -> Option<bool> {
    let up = match special {
        Special::Common => return None,
        Special::Outside(way) | Special::Trend(way) | Special::TwoOfThree(way) | Special::Shift(way) => {
            way == Way::Up
        }
    };
    match direction {
        Direction::High => Some(up),
        Direction::Low => Some(!up),
        Direction::Context => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_and_a_way_that_depends_on_what_is_better() {
        let all = [
            (Special::Outside(Way::Up), "upper"),
            (Special::Outside(Way::Down), "lower"),
            (Special::Trend(Way::Up), "rise"),
            (Special::Trend(Way::Down), "fall"),
            (Special::TwoOfThree(Way::Up), "upper"),
            (Special::TwoOfThree(Way::Down), "lower"),
            (Special::Shift(Way::Up), "above"),
            (Special::Shift(Way::Down), "below"),
        ];
        for (special, word) in all {
            assert!(in_words(special).contains(word), "{special:?}");
            let up = matches!(word, "upper" | "rise" | "above");
            assert_eq!(is_better(special, Direction::High), Some(up));
            assert_eq!(is_better(special, Direction::Low), Some(!up));
            assert_eq!(is_better(special, Direction::Context), None);
        }
        assert_eq!(is_better(Special::Common, Direction::High), None);
        assert_eq!(in_words(Special::Common), "usual up and down");
    }
}
