//! What may be public, once it has survived the attack.

use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::verdict::Verdict;
use crate::domain::area::Level;

/// The rows of one level and model, as they are printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The level of their places.
    pub level: String,
    /// The model.
    pub model: String,
    /// A JSON array of rows.
    pub cells: String,
}

impl Part {
    /// Whether its places are at `level`.
    pub fn is_at(&self, level: Level) -> bool {
        self.level == level.code()
    }
}

/// A claim's passport, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// Its id within the release: `social-connection.connections-1.shared-lives.uk`.
    pub id: String,
    /// A JSON object.
    pub passport: String,
}

/// A release without its id and its day: the same material gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The period.
    pub period: String,
    /// The policy, as JSON.
    pub policy: String,
    /// Its cells, by level and model.
    pub parts: Vec<Part>,
    /// KPIs: a JSON array of rows.
    pub kpi_cells: String,
    /// The KPIs in it, by id.
    pub kpis: Vec<String>,
    /// The passports of its claims.
    pub claims: Vec<Claimed>,
    /// What the next attack must know of it. Kept, never public.
    pub ledger: Ledger,
    /// What the attack came to.
    pub verdict: Verdict,
}

/// Why a draft is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPublished {
    /// Its period overlaps with that of an earlier release, whose period this is: the same answers would be in both.
    Overlaps(String),
    /// The people counted by scheme and council do not add up to this figure.
    Unequal(String),
    /// The attack found something out.
    Found(Verdict),
}
