//! The groups of a release: from rows and units to what is printed of them.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Key, LedgerGroup, LedgerGroups, LedgerTable, rank};
use super::material::UnitCount;
use super::rows::{blank, put_share};
use crate::domain::area::Level;
use crate::domain::definition::Registry;
use crate::domain::disclosure::groups::{GroupPlace, GroupTable, Schemes};
use crate::domain::disclosure::{Count, Policy};
use crate::domain::figures::Row;
use crate::domain::period::Period;

/// The places of a table down to regions, and which lies in which.
pub(super) fn places(table: &LedgerTable) -> Vec<(String, String, Option<usize>)> {
    let mut places: Vec<(String, String, Option<usize>)> = Vec::new();
    let mut sets: Vec<BTreeSet<usize>> = Vec::new();
    for cell in table.cells.iter().filter(|cell| rank(&cell.level) <= 2) {
        let own: BTreeSet<usize> = cell.units.iter().copied().collect();
        let parent = (0..places.len()).rev().find(|p| own.is_subset(&sets[*p]) && places[*p].0 != cell.level);
        places.push((cell.level.clone(), cell.code.clone(), parent));
        sets.push(own);
    }
    places
}

/// As a table of groups; scheme numbers are those of the ledger's own names, in order.
pub(super) fn group_table(table: &LedgerTable, groups: &LedgerGroups) -> (GroupTable, Vec<String>) {
    let names: BTreeSet<&str> = groups.cells.iter().map(|cell| cell.group.as_str()).collect();
    let schemes: BTreeMap<&str, usize> = table
        .units
        .iter()
        .map(|u| u.scheme.as_str())
        .chain(groups.cells.iter().flat_map(|c| c.schemes.keys().map(String::as_str)))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .enumerate()
        .map(|(number, scheme)| (scheme, number))
        .collect();
    let mut by_cell: BTreeMap<(&str, &str, &str), &LedgerGroup> = BTreeMap::new();
    for cell in &groups.cells {
        by_cell.insert((&cell.level, &cell.code, &cell.group), cell);
    }
    let places = places(table)
        .into_iter()
        .map(|(level, code, parent)| {
            let mut everybody = Schemes::new();
            let cell = table.cell(&level, &code);
            for unit in cell.iter().flat_map(|cell| &cell.units) {
                let of = &table.units[*unit];
                *everybody.entry(schemes[of.scheme.as_str()]).or_default() += of.count;
            }
            let groups = names
                .iter()
                .map(|group| {
                    let own = by_cell.get(&(level.as_str(), code.as_str(), *group));
                    let counts = own.iter().flat_map(|cell| &cell.schemes);
                    counts.map(|(scheme, count)| (schemes[scheme.as_str()], *count)).collect()
                })
                .collect();
            GroupPlace { parent, printed: cell.is_some_and(|cell| cell.printed), everybody, groups }
        })
        .collect();
    (GroupTable { places, several: groups.several }, names.into_iter().map(str::to_owned).collect())
}

/// Counts the groups of one table and chooses what is printed of them.
pub(super) fn groups_of(
    table: &LedgerTable,
    rows: &[&Row],
    units: &[&UnitCount],
    by: &str,
    registry: &Registry,
    policy: &Policy,
) -> Result<LedgerGroups, String> {
    let several = registry.breakdown(by).is_none_or(|breakdown| breakdown.several);
    let mut groups = LedgerGroups { key: table.key.clone(), by: by.to_owned(), several, cells: Vec::new() };
    let mut of_group: BTreeMap<&str, Vec<&UnitCount>> = BTreeMap::new();
    for unit in units {
        if let Some((_, value)) = unit.group.as_ref().filter(|(breakdown, _)| breakdown == by) {
            of_group.entry(value).or_default().push(unit);
        }
    }
    for row in rows {
        let Some(group) = row.group.as_ref().and_then(|group| group.get(by)) else { continue };
        let mut schemes: BTreeMap<String, Count> = BTreeMap::new();
        for unit in of_group.get(group.as_str()).into_iter().flatten() {
            let inside = match row.place.level {
                Level::Uk => true,
                Level::Nation => unit.nation == row.place.code,
                _ => unit.region.as_deref() == Some(row.place.code.as_str()),
            };
            if inside {
                *schemes.entry(unit.scheme.clone()).or_default() += Count::of(unit.positive, unit.n);
            }
        }
        let all: Count = schemes.values().copied().sum();
        if Some(all.n) != row.n || Some(all.positive) != row.positive {
            return Err(format!("{} by {by} in {}", row.indicator, row.place.name));
        }
        groups.cells.push(LedgerGroup {
            level: row.place.level.code().to_owned(),
            code: row.place.code.clone(),
            group: group.clone(),
            schemes,
            printed: false,
        });
    }
    let (shape, _) = group_table(table, &groups);
    let printed = shape.print(policy);
    let places = places(table);
    for cell in &mut groups.cells {
        let place = places.iter().position(|(level, code, _)| *level == cell.level && *code == cell.code);
        let count: Count = cell.schemes.values().copied().sum();
        cell.printed = place.is_some_and(|place| printed[place]) && !count.is_nobody();
    }
    Ok(groups)
}

/// The rows of groups, printed or hidden.
pub(super) fn rows_of(groups: &LedgerGroups, rows: &[&Row], period: Period, registry: &Registry) -> Vec<Row> {
    let statement = registry.indicator(&groups.key.indicator).map(|indicator| &indicator.statement);
    rows.iter()
        .filter_map(|row| {
            let group = row.group.as_ref()?.get(&groups.by)?;
            let level = row.place.level.code();
            let cell = groups
                .cells
                .iter()
                .find(|cell| cell.level == level && cell.code == row.place.code && cell.group == *group)?;
            let mut public = blank(row, period);
            if cell.printed {
                put_share(&mut public, cell.schemes.values().copied().sum(), statement);
            }
            Some(public)
        })
        .collect()
}

/// The groups of a key, of those that were printed before.
pub(super) fn before<'a>(groups: &'a [LedgerGroups], key: &Key, by: &str) -> Option<&'a LedgerGroups> {
    groups.iter().find(|groups| groups.key == *key && groups.by == by)
}
