//! A cell of a release as it is printed, read leniently: releases from before today's form lack some keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::domain::figures::{Change, Interval, SchemesCount, ShareOf, Spread};

/// A place, as a cell names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(default)]
pub(super) struct PlaceNamed {
    pub(super) level: String,
    pub(super) code: String,
    pub(super) name: String,
}

impl PlaceNamed {
    pub(super) fn is_scheme(&self) -> bool {
        self.level == "scheme"
    }
}

/// A cell. Every key that a release prints is here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cell {
    pub(super) indicator: String,
    pub(super) series: String,
    pub(super) model: String,
    pub(super) rule: String,
    pub(super) period: String,
    pub(super) place: PlaceNamed,
    pub(super) group: Option<BTreeMap<String, String>>,
    pub(super) n: Option<i64>,
    pub(super) positive: Option<i64>,
    pub(super) percent: Option<f64>,
    pub(super) mean: Option<f64>,
    pub(super) sd: Option<f64>,
    pub(super) interval: Option<Interval>,
    pub(super) distribution: Option<Spread>,
    pub(super) left_out: Option<BTreeMap<String, i64>>,
    pub(super) completed_by: Option<BTreeMap<String, i64>>,
    pub(super) without_supporter: Option<ShareOf>,
    pub(super) supported: Option<i64>,
    pub(super) eligible: Option<i64>,
    pub(super) invited: Option<i64>,
    pub(super) responded: Option<i64>,
    pub(super) unfinished: Option<i64>,
    pub(super) response_rate: Option<f64>,
    pub(super) open: Option<i64>,
    pub(super) schemes: Option<SchemesCount>,
    pub(super) change: Option<Change>,
    pub(super) statement: Option<BTreeMap<String, String>>,
    status: Option<String>,
    pub(super) periods: Option<Vec<String>>,
    pub(super) band: Option<String>,
    pub(super) merged_into: Option<String>,
}

impl Cell {
    /// Whether it is shown, and if not, why. In a release from before statuses were printed, everything that stands in it is shown.
    pub(super) fn status(&self) -> &str {
        self.status.as_deref().unwrap_or("shown")
    }

    /// The breakdown and the group, each empty for everybody.
    pub(super) fn group(&self) -> (String, String) {
        let group = self.group.iter().flatten();
        let (by, value): (Vec<&str>, Vec<&str>) =
            group.map(|(by, value)| (by.as_str(), value.as_str())).unzip();
        (by.join(" "), value.join(" "))
    }

    /// The figure itself: a percentage, a mean or a ratio.
    pub(super) fn outcome(&self) -> Option<f64> {
        self.percent.or(self.mean)
    }

    /// Words of its statement.
    pub(super) fn says(&self, language: &str) -> &str {
        self.statement.as_ref().and_then(|words| words.get(language)).map_or("", String::as_str)
    }
}

/// What `of` gives of each of them, once each, in order.
pub(super) fn each<'c, T: Ord>(cells: &'c [Cell], of: impl Fn(&'c Cell) -> Option<T>) -> BTreeSet<T> {
    cells.iter().filter_map(of).collect()
}
