//! The draft of a release: what would be printed, and what it was made from.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::breakdown;
use super::ledger::{Key, Ledger, LedgerTable, rank};
use super::material::{Material, UnitCount};
use super::publication::{Claimed, NotPublished, Part, Publication};
use super::verdict::Verdict;
use super::{rows, tables};
use crate::domain::area::Level;
use crate::domain::definition::Registry;
use crate::domain::disclosure::{Policy, Released, release_kpis};
use crate::domain::figures::Row;
use crate::domain::passport::{Passport, passports};
use crate::domain::period::Period;

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

/// A row as it is printed: where it stands, and its text.
type Line = ((u8, String, String, String, String, String), String);

impl Draft {
    /// Drafts a release of `material`, knowing the `earlier` ones, oldest first, withdrawn ones too. The same input gives the same bytes.
    pub fn make(
        material: Material,
        policy: Policy,
        registry: &Registry,
        earlier: &[Ledger],
    ) -> Result<Self, NotPublished> {
        let period = material.period;
        let of_period = |ledger: &&Ledger| ledger.period == period.to_string();
        if let Some(other) =
            earlier.iter().filter(|ledger| !of_period(ledger)).find(|ledger| ledger.holds_answers_of(period))
        {
            return Err(NotPublished::Overlaps(other.period.clone()));
        }
        let before = earlier.iter().rev().find(of_period);
        let mut making = Making {
            material: &material,
            policy,
            registry,
            earlier,
            before,
            ledger: Ledger {
                period: period.to_string(),
                pooled: material.pooled.map(|years| years.to_string()).unwrap_or_default(),
                ..Ledger::default()
            },
            lines: Vec::new(),
        };
        making.shares().map_err(NotPublished::Unequal)?;
        making.others();
        let Making { ledger, lines, .. } = making;
        let kpis = release_kpis(material.kpis.clone(), policy);
        let ids: BTreeSet<&str> = kpis.get().iter().map(|row| row.kpi.as_str()).collect();
        let parts = parts(lines);
        Ok(Self {
            period: period.to_string(),
            policy,
            claims: claims(&parts, registry, period),
            parts,
            kpis: ids.into_iter().map(str::to_owned).collect(),
            kpi_cells: serde_json::to_string(kpis.get()).unwrap_or_default(),
            ledger,
        })
    }

    /// Attacks the draft once more, and releases it if nothing can be found out.
    pub fn release(
        self,
        earlier: &[Ledger],
        progress: impl FnMut(usize, usize),
    ) -> Result<Released<Publication>, NotPublished> {
        let verdict: Verdict = self.attack(earlier, progress);
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

struct Making<'a> {
    material: &'a Material,
    policy: Policy,
    registry: &'a Registry,
    earlier: &'a [Ledger],
    /// The latest release of the same period.
    before: Option<&'a Ledger>,
    ledger: Ledger,
    lines: Vec<Line>,
}

impl Making<'_> {
    fn shares(&mut self) -> Result<(), String> {
        let units = tables::units(&self.material.units);
        let (group_rows, group_units) = tables::groups(self.material);
        let pooled = tables::units(&self.material.pooled_units);
        for (key, of_key) in tables::shares(&self.material.rows) {
            let own: &[&UnitCount] = units.get(&key).map_or(&[], Vec::as_slice);
            let mut table = tables::empty_table(&key, &of_key, own)?;
            let before = self.before.and_then(|ledger| ledger.table(&key));
            let of_period = self.earlier.iter().filter(|ledger| ledger.period == self.ledger.period);
            let first = of_period.filter_map(|ledger| ledger.table(&key)).next();
            let moved = match before {
                Some(before) => tables::again(&mut table, before, first.unwrap_or(before), &self.policy),
                None => {
                    let pools = tables::pools(&table, self.material, &pooled, self.earlier);
                    tables::print(&mut table, &pools, &self.policy);
                    true
                }
            };
            self.everybody(&mut table, &of_key, before.is_none(), moved);
            let none = (Vec::new(), Vec::new());
            let of_groups =
                (group_rows.get(&key).unwrap_or(&none.0), group_units.get(&key).unwrap_or(&none.1));
            self.groups(&table, of_groups, moved)?;
            self.ledger.tables.push(table);
        }
        Ok(())
    }

    /// The rows of everybody of one table, with what is printed besides where this is the first release of the period.
    fn everybody(&mut self, table: &mut LedgerTable, of_key: &[&Row], is_first: bool, moved: bool) {
        let period = self.material.period;
        let statement = self.registry.indicator(&table.key.indicator).map(|indicator| &indicator.statement);
        let mut public: Vec<Row> = of_key
            .iter()
            .map(|row| match table.cell(row.place.level.code(), &row.place.code) {
                Some(cell) => rows::of_cell(row, cell, table, period, statement),
                None => rows::blank(row, period),
            })
            .collect();
        if is_first {
            rows::add_details(&mut public, of_key, &nations(&table.key, &self.material.units), &self.policy);
        }
        let kept = std::mem::take(&mut table.kept);
        for row in &public {
            let text = serde_json::to_string(row).unwrap_or_default();
            let is_high = rank(row.place.level.code()) <= 1;
            if is_high && (is_first || moved) {
                table.kept.push(text.clone());
            }
            if !is_high || is_first || moved {
                self.line(row, text);
            }
        }
        if !is_first && !moved {
            // As it was printed, with its details: nothing of it has moved.
            for text in &kept {
                let same = public.iter().find(|row| is_of(text, row));
                if let Some(row) = same {
                    self.line(row, text.clone());
                }
            }
            table.kept = kept;
        }
    }

    fn groups(
        &mut self,
        table: &LedgerTable,
        (rows, units): (&Vec<&Row>, &Vec<&UnitCount>),
        moved: bool,
    ) -> Result<(), String> {
        let breakdowns: BTreeSet<&String> =
            rows.iter().flat_map(|row| row.group.iter().flat_map(BTreeMap::keys)).collect();
        for by in breakdowns {
            let of_breakdown: Vec<&Row> = rows
                .iter()
                .copied()
                .filter(|row| row.group.as_ref().is_some_and(|g| g.contains_key(by)))
                .collect();
            let groups = match (self.before, moved) {
                (Some(ledger), false) => match breakdown::before(&ledger.groups, &table.key, by) {
                    Some(before) => before.clone(),
                    None => continue,
                },
                (before, _) => {
                    let mut groups =
                        breakdown::groups_of(table, &of_breakdown, units, by, self.registry, &self.policy)?;
                    if before.is_some() {
                        groups.cells.iter_mut().for_each(|cell| cell.printed = false);
                    }
                    groups
                }
            };
            for row in breakdown::rows_of(&groups, &of_breakdown, self.material.period, self.registry) {
                let text = serde_json::to_string(&row).unwrap_or_default();
                self.line(&row, text);
            }
            self.ledger.groups.push(groups);
        }
        Ok(())
    }

    /// Indicators that are no shares. Of a period that was printed before they stay as they were.
    fn others(&mut self) {
        let mut of_keys: BTreeMap<Key, Vec<&Row>> = BTreeMap::new();
        for row in self.material.rows.iter().filter(|row| row.group.is_none() && row.positive.is_none()) {
            of_keys.entry(tables::key_of(row)).or_default().push(row);
        }
        for (key, of_key) in of_keys {
            let nations = nations(&key, &self.material.units);
            for row in rows::others(&of_key, &nations, self.material.period, &self.policy) {
                let text = match self.before {
                    None => Some(serde_json::to_string(&row).unwrap_or_default()),
                    Some(before) => before.others.iter().find(|text| is_of(text, &row)).cloned(),
                };
                if let Some(text) = text {
                    self.ledger.others.push(text.clone());
                    self.line(&row, text);
                }
            }
        }
    }

    fn line(&mut self, row: &Row, text: String) {
        let level = row.place.level.code();
        let group = row.group.iter().flatten().map(|(by, value)| format!("{by}={value}")).collect();
        let place = format!("{}{}", rank(level), row.place.code);
        let at = (rank(level), row.model.clone(), row.indicator.clone(), row.series.clone(), group, place);
        self.lines.push((at, text));
    }
}

/// The passports of what the parts print of the UK and its nations: from their own text, so that nothing else can be in them.
fn claims(parts: &[Part], registry: &Registry, period: Period) -> Vec<Claimed> {
    let of_claims = |part: &&Part| part.is_at(Level::Uk) || part.is_at(Level::Nation);
    let read = |part: &Part| serde_json::from_str::<Vec<Row>>(&part.cells).unwrap_or_default();
    let rows: Vec<Row> = parts.iter().filter(of_claims).flat_map(read).collect();
    passports(&rows, registry, period).iter().map(Passport::claimed).collect()
}

/// Whether a printed row is that of the same figure.
fn is_of(text: &str, row: &Row) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok_and(|printed| {
        printed["indicator"] == row.indicator.as_str()
            && printed["series"] == row.series.as_str()
            && printed["model"] == row.model.as_str()
            && printed["place"]["level"] == row.place.level.code()
            && printed["place"]["code"] == row.place.code.as_str()
            && printed["group"].is_null() == row.group.is_none()
    })
}

/// The schemes that work in one nation only, by nation. Where there are no units, none are known.
fn nations(key: &Key, units: &[UnitCount]) -> BTreeMap<String, BTreeSet<String>> {
    let mut of_scheme: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for unit in units.iter().filter(|unit| unit.model == key.model && unit.group.is_none()) {
        of_scheme.entry(&unit.scheme).or_default().insert(&unit.nation);
    }
    let mut nations: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (scheme, of) in of_scheme {
        if let (Some(nation), 1) = (of.first(), of.len()) {
            nations.entry((*nation).to_owned()).or_default().insert(scheme.to_owned());
        }
    }
    nations
}

/// The rows by level and model, each part a JSON array.
fn parts(mut lines: Vec<Line>) -> Vec<Part> {
    lines.sort();
    let mut parts: Vec<(u8, String, Vec<String>)> = Vec::new();
    for ((rank, model, ..), text) in lines {
        match parts.last_mut() {
            Some((r, m, texts)) if *r == rank && *m == model => texts.push(text),
            _ => parts.push((rank, model, vec![text])),
        }
    }
    let level = |rank: u8| ["uk", "nation", "region", "local_authority", "scheme"][usize::from(rank).min(4)];
    parts
        .into_iter()
        .map(|(rank, model, texts)| Part {
            level: level(rank).to_owned(),
            model,
            cells: format!("[{}]", texts.join(",")),
        })
        .collect()
}
