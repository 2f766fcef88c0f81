//! What a release is made from.

use std::collections::BTreeSet;

use crate::domain::figures::Row;
use crate::domain::performance::KpiRow;
use crate::domain::period::Period;

/// Everything a release is made from: nothing in here is public.
#[derive(Debug, Clone)]
pub struct Material {
    /// The period.
    pub period: Period,
    /// The rows of everybody at the levels uk, nation, region, local authority and scheme in `period`, without practice schemes, and those
    /// of the groups of each breakdown at the first three.
    pub rows: Vec<Row>,
    /// Where the people counted in those rows live and who supports them: of everybody, and of each group.
    pub units: Vec<UnitCount>,
    /// The three financial years that hold the last day of `period`, over which small places are pooled; none where they are not.
    pub pooled: Option<Period>,
    /// The people counted in those years, of everybody.
    pub pooled_units: Vec<UnitCount>,
    /// Schemes with an answer in those years after the last day of `period`: it would be in the next release too, so they are not pooled.
    pub later: BTreeSet<String>,
    /// KPIs of the UK and the nations in `period`.
    pub kpis: Vec<KpiRow>,
}

/// The people of one scheme who live in one council, as one share indicator counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCount {
    /// The indicator.
    pub indicator: String,
    /// The series.
    pub series: String,
    /// The model.
    pub model: String,
    /// The scheme's id.
    pub scheme: String,
    /// The council, as it is at the end of the period.
    pub council: String,
    /// The council's region; none outside England.
    pub region: Option<String>,
    /// The council's nation.
    pub nation: String,
    /// `(breakdown, value)`; none for everybody.
    pub group: Option<(String, String)>,
    /// People with a valid answer.
    pub n: i64,
    /// Those of them whose answer is positive.
    pub positive: i64,
}
