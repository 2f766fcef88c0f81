//! What a later attack must know of a release: kept with it, never public.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::disclosure::Count;
use crate::domain::disclosure::cut::Block;
use crate::domain::disclosure::table::{Cell, Table, Unit};
use crate::domain::disclosure::words::Said;
use crate::domain::period::Period;

/// What a later attack must know of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The period.
    pub period: String,
    /// The three years over which small places were pooled; empty if none could be.
    pub pooled: String,
    /// One for each share indicator, series and model: everybody.
    pub tables: Vec<LedgerTable>,
    /// One for each of those and each breakdown.
    pub groups: Vec<LedgerGroups>,
    /// The rows of indicators that are no shares, as they were printed, each a JSON object.
    pub others: Vec<String>,
}

/// Which indicator of which model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The indicator.
    pub indicator: String,
    /// The series.
    pub series: String,
    /// The model.
    pub model: String,
}

/// The people of one scheme in one council, as they were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerUnit {
    /// The scheme.
    pub scheme: String,
    /// The council.
    pub council: String,
    /// The people.
    pub count: Count,
}

/// A figure and what was printed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerCell {
    /// The level of its place.
    pub level: String,
    /// The place.
    pub code: String,
    /// Its units.
    pub units: Vec<usize>,
    /// Whether its units lie in several places of a level.
    pub spread: bool,
    /// Whether it was printed.
    pub printed: bool,
    /// What was said of it instead.
    pub said: Option<Said>,
    /// The years over which it was pooled, if it was.
    pub years: Option<String>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerTable {
    /// Of what.
    pub key: Key,
    /// Its units.
    pub units: Vec<LedgerUnit>,
    /// Its figures.
    pub cells: Vec<LedgerCell>,
    /// The blocks that follow from what was printed.
    pub blocks: Vec<Block>,
    /// The rows of the UK and the nations as they were printed, each a JSON object: they stay where nothing moves.
    pub kept: Vec<String>,
}

/// A breakdown of a table: what was printed by group, and of how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerGroups {
    /// Of what.
    pub key: Key,
    /// The breakdown.
    pub by: String,
    /// Whether a person can be in several of its groups.
    pub several: bool,
    /// Each group of each place: level, place, group, people by scheme, whether it was printed.
    pub cells: Vec<LedgerGroup>,
}

/// One group of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerGroup {
    /// The level of the place.
    pub level: String,
    /// The place.
    pub code: String,
    /// The group.
    pub group: String,
    /// Its people by scheme.
    pub schemes: BTreeMap<String, Count>,
    /// Whether it was printed.
    pub printed: bool,
}

impl Ledger {
    /// Its period.
    pub fn period(&self) -> Option<Period> {
        self.period.parse().ok()
    }

    /// Whether a release of another period would hold answers that are in this one: in its period, or in what it pooled until then.
    pub(super) fn holds_answers_of(&self, period: Period) -> bool {
        let Some(own) = self.period() else { return true };
        let is_pooled = |cell: &LedgerCell| matches!(cell.said, Some(Said::Pooled { .. }));
        let pools = || self.tables.iter().flat_map(|table| &table.cells).any(is_pooled);
        let within =
            |years: Period| years.first_day() <= period.last_day() && period.first_day() <= own.last_day();
        own.overlaps(period) || (self.pooled.parse().is_ok_and(within) && pools())
    }

    /// The table of `key`.
    pub fn table(&self, key: &Key) -> Option<&LedgerTable> {
        self.tables.iter().find(|table| table.key == *key)
    }
}

impl LedgerTable {
    /// As a table to be cut or attacked.
    pub fn table(&self) -> Table {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let units = self
            .units
            .iter()
            .map(|unit| {
                let next = numbers.len();
                Unit { scheme: *numbers.entry(unit.scheme.as_str()).or_insert(next), count: unit.count }
            })
            .collect();
        let cells = self
            .cells
            .iter()
            .map(|cell| Cell { rank: rank(&cell.level), units: cell.units.clone(), spread: cell.spread })
            .collect();
        Table { units, cells }
    }

    /// The figure of a place.
    pub fn cell(&self, level: &str, code: &str) -> Option<&LedgerCell> {
        self.cells.iter().find(|cell| cell.level == level && cell.code == code)
    }
}

/// How high a level is: 0 for the UK.
pub(super) fn rank(level: &str) -> u8 {
    match level {
        "uk" => 0,
        "nation" => 1,
        "region" => 2,
        "local_authority" => 3,
        _ => 4,
    }
}
