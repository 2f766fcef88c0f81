//! The cells of a release, read again from the text in which it is kept: what is public of them, and nothing else.

use serde::Deserialize;

use crate::domain::disclosure::release::Part;

/// A cell of a release.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Cell {
    pub(super) indicator: String,
    pub(super) series: String,
    pub(super) model: String,
    pub(super) rule: String,
    pub(super) place: CellPlace,
    pub(super) group: Option<serde_json::Value>,
    pub(super) n: Option<i64>,
    pub(super) positive: Option<i64>,
    pub(super) status: String,
    pub(super) periods: Option<Vec<String>>,
    pub(super) band: Option<String>,
    pub(super) merged_into: Option<String>,
}

/// Its place.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct CellPlace {
    pub(super) level: String,
    pub(super) code: String,
    pub(super) name: String,
}

impl Cell {
    /// The cells of everybody in these parts; what cannot be read is left out.
    pub(super) fn all(parts: &[Part]) -> Vec<Self> {
        let read = |part: &Part| serde_json::from_str::<Vec<Self>>(&part.cells).unwrap_or_default();
        parts.iter().flat_map(read).filter(|cell| cell.group.is_none()).collect()
    }

    /// Positive answers of how many, where both are shown.
    pub(super) fn share(&self) -> Option<(i64, i64)> {
        let (positive, n) = (self.positive?, self.n?);
        (matches!(self.status.as_str(), "shown" | "pooled") && n > 0).then_some((positive, n))
    }

    /// The periods that are taken together in it.
    pub(super) fn pooled(&self) -> Option<&[String]> {
        self.periods.as_deref().filter(|periods| self.status == "pooled" || periods.len() > 1)
    }

    pub(super) fn is_of(&self, indicator: &str, series: &str, model: &str) -> bool {
        self.indicator == indicator && self.series == series && self.model == model
    }
}
