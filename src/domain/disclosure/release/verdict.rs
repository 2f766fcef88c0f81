//! What the attack found.

use serde::{Deserialize, Serialize};

use crate::domain::disclosure::Attacker;

/// Something that could be found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The figure: indicator, series, model, place, group, in words.
    pub cell: String,
    /// Who finds it out.
    pub attacker: Attacker,
    /// How many people are in it.
    pub n: i64,
    /// The least number of positive answers that is left possible.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// Out of which equations.
    pub because: Vec<String>,
}

/// What an attack on a draft came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How many figures were attacked.
    pub attacked: usize,
    /// How many questions were asked of them in all.
    pub questions: usize,
    /// How many of those took the solver.
    pub solved: usize,
    /// What could be found out; a draft is published only if nothing could.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// Whether nothing could be found out.
    pub fn passed(&self) -> bool {
        self.findings.is_empty()
    }
}
