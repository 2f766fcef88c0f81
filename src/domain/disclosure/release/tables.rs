//! Tables of a release's material: who is counted where, and what stays printed of them.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Key, Ledger, LedgerCell, LedgerTable, LedgerUnit, rank};
use super::material::{Material, UnitCount};
use crate::domain::area::Level;
use crate::domain::disclosure::cut::{self, Block};
use crate::domain::disclosure::table::Table;
use crate::domain::disclosure::words::{Pool, PoolPart, Said, Spoken, say, stays_open};
use crate::domain::disclosure::{Count, Policy};
use crate::domain::figures::Row;
use crate::domain::period::Period;

/// Which indicator of which model a row is of.
pub(super) fn key_of(row: &Row) -> Key {
    Key { indicator: row.indicator.clone(), series: row.series.clone(), model: row.model.clone() }
}

fn key_of_unit(unit: &UnitCount) -> Key {
    Key { indicator: unit.indicator.clone(), series: unit.series.clone(), model: unit.model.clone() }
}

/// The rows of everybody that are shares, by table, each table's from the UK down to schemes.
pub(super) fn shares(rows: &[Row]) -> BTreeMap<Key, Vec<&Row>> {
    let mut tables: BTreeMap<Key, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.group.is_none() && row.positive.is_some()) {
        tables.entry(key_of(row)).or_default().push(row);
    }
    for rows in tables.values_mut() {
        rows.sort_by_key(|row| (rank(row.place.level.code()), row.place.code.clone()));
    }
    tables
}

/// The units of everybody, by table.
pub(super) fn units(counts: &[UnitCount]) -> BTreeMap<Key, Vec<&UnitCount>> {
    let mut tables: BTreeMap<Key, Vec<&UnitCount>> = BTreeMap::new();
    for unit in counts.iter().filter(|unit| unit.group.is_none()) {
        tables.entry(key_of_unit(unit)).or_default().push(unit);
    }
    for units in tables.values_mut() {
        units.sort_by_key(|unit| (unit.scheme.clone(), unit.council.clone()));
    }
    tables
}

/// Rows by table.
type RowsByTable<'a> = BTreeMap<Key, Vec<&'a Row>>;
/// Units by table.
type UnitsByTable<'a> = BTreeMap<Key, Vec<&'a UnitCount>>;

/// The rows of groups of the UK, nations and regions, and their units, by table.
pub(super) fn groups(material: &Material) -> (RowsByTable<'_>, UnitsByTable<'_>) {
    let (mut rows, mut units) = (RowsByTable::new(), UnitsByTable::new());
    for row in material.rows.iter().filter(|row| row.group.is_some() && row.positive.is_some()) {
        if rank(row.place.level.code()) <= 2 {
            rows.entry(key_of(row)).or_default().push(row);
        }
    }
    for unit in material.units.iter().filter(|unit| unit.group.is_some()) {
        units.entry(key_of_unit(unit)).or_default().push(unit);
    }
    (rows, units)
}

/// Whether a unit is counted in a place.
fn is_in(unit: &UnitCount, level: Level, code: &str) -> bool {
    match level {
        Level::Uk => true,
        Level::Nation => unit.nation == code,
        Level::Region => unit.region.as_deref() == Some(code),
        Level::LocalAuthority => unit.council == code,
        Level::Scheme => unit.scheme == code,
        Level::Together | Level::Unit => false,
    }
}

/// A table with nothing printed yet. The rows say which figures there are; the error names one whose units do not add up to it.
pub(super) fn empty_table(key: &Key, rows: &[&Row], units: &[&UnitCount]) -> Result<LedgerTable, String> {
    let cells: Vec<LedgerCell> = rows
        .iter()
        .map(|row| {
            let inside = |(_, unit): &(usize, &&UnitCount)| is_in(unit, row.place.level, &row.place.code);
            let own: Vec<usize> = units.iter().enumerate().filter(inside).map(|(index, _)| index).collect();
            let councils: BTreeSet<&str> = own.iter().map(|unit| units[*unit].council.as_str()).collect();
            LedgerCell {
                level: row.place.level.code().to_owned(),
                code: row.place.code.clone(),
                spread: row.place.level == Level::Scheme && councils.len() > 1,
                units: own,
                printed: false,
                said: None,
                years: None,
            }
        })
        .collect();
    for (cell, row) in cells.iter().zip(rows) {
        let count: Count = cell.units.iter().map(|unit| count_of(units[*unit])).sum();
        if Some(count.n) != row.n || Some(count.positive) != row.positive {
            return Err(format!("{} in {}", row.indicator, row.place.name));
        }
    }
    let units = units
        .iter()
        .map(|unit| LedgerUnit {
            scheme: unit.scheme.clone(),
            council: unit.council.clone(),
            count: count_of(unit),
        })
        .collect();
    Ok(LedgerTable { key: key.clone(), units, cells, blocks: Vec::new(), kept: Vec::new() })
}

fn count_of(unit: &UnitCount) -> Count {
    Count::of(unit.positive, unit.n)
}

/// Prints what may be printed of a new table, and says what may be said of the rest.
pub(super) fn print(table: &mut LedgerTable, pools: &BTreeMap<usize, (String, Pool)>, policy: &Policy) {
    let cells: Table = table.table();
    let chosen = cut::cut(&cells, policy);
    let only = pools.iter().map(|(cell, (_, pool))| (*cell, pool.clone())).collect();
    let said = say(&cells, &chosen, &only, policy);
    for (index, cell) in table.cells.iter_mut().enumerate() {
        cell.printed = chosen.printed[index];
        cell.said = said.get(&index).copied();
        let is_pooled = matches!(cell.said, Some(Said::Pooled { .. } | Said::Earlier(_)));
        cell.years = pools.get(&index).filter(|_| is_pooled).map(|(years, _)| years.clone());
    }
    table.blocks = chosen.blocks;
}

/// What could be pooled of the councils and schemes of a table: over the three years that hold the period's last day, where no answer
/// came after the period and nothing of the same people was printed or pooled before; or what an earlier release pooled.
pub(super) fn pools(
    table: &LedgerTable,
    material: &Material,
    pooled: &BTreeMap<Key, Vec<&UnitCount>>,
    earlier: &[Ledger],
) -> BTreeMap<usize, (String, Pool)> {
    let Some(years) = material.pooled else { return BTreeMap::new() };
    let none = Vec::new();
    let units = pooled.get(&table.key).unwrap_or(&none);
    let mut found = BTreeMap::new();
    for (index, cell) in table.cells.iter().enumerate().filter(|(_, cell)| rank(&cell.level) >= 3) {
        match told_before(&table.key, cell, years, earlier) {
            Before::Nothing => {}
            Before::Pooled(of, count) => {
                found.insert(index, (of, Pool::Earlier(count)));
                continue;
            }
            Before::Printed => continue,
        }
        let Some(level) = Level::parse(&cell.level) else { continue };
        let own: Vec<&&UnitCount> = units.iter().filter(|unit| is_in(unit, level, &cell.code)).collect();
        let shared = |unit: &&&UnitCount| is_pooled_elsewhere(unit, &table.key, years, earlier);
        if own.is_empty()
            || own.iter().any(|unit| material.later.contains(&unit.scheme))
            || own.iter().any(shared)
        {
            continue;
        }
        let mut parts: BTreeMap<&str, PoolPart> = BTreeMap::new();
        for unit in &own {
            parts.entry(unit.scheme.as_str()).or_default().all += count_of(unit);
        }
        for (scheme, part) in &mut parts {
            let now = cell.units.iter().map(|u| &table.units[*u]).filter(|u| u.scheme == **scheme);
            let now: Count = now.map(|u| u.count).sum();
            let rest = part.all - now - released(&table.key, cell, scheme, years, earlier);
            let positive = rest.positive.max(0);
            part.free = Count::of(positive, positive + rest.others().max(0));
        }
        let worded = own.iter().any(|unit| is_spoken_of(unit, &table.key, years, earlier));
        let units = own.iter().map(|unit| (unit.scheme.clone(), unit.council.clone())).collect();
        let pool = Pool::Now { parts: parts.into_values().collect(), units, worded };
        found.insert(index, (years.to_string(), pool));
    }
    found
}

/// What earlier releases told of answers that a pool would hold.
enum Before {
    Nothing,
    Pooled(String, Count),
    Printed,
}

fn told_before(key: &Key, cell: &LedgerCell, years: Period, earlier: &[Ledger]) -> Before {
    let mut before = Before::Nothing;
    for ledger in earlier {
        let Some(told) = ledger.table(key).and_then(|table| table.cell(&cell.level, &cell.code)) else {
            continue;
        };
        let shares_days = |period: &str| period.parse::<Period>().is_ok_and(|p| p.overlaps(years));
        if told.printed && shares_days(&ledger.period) {
            return Before::Printed;
        }
        if let Some(Said::Pooled { count, .. } | Said::Earlier(count)) = told.said
            && let Some(of) = told.years.as_ref().filter(|of| shares_days(of))
        {
            before = Before::Pooled(of.clone(), count);
        }
    }
    before
}

/// Whether an earlier release pooled people of this scheme and council, over years that share days with these.
fn is_pooled_elsewhere(unit: &UnitCount, key: &Key, years: Period, earlier: &[Ledger]) -> bool {
    let cells = earlier.iter().filter_map(|ledger| ledger.table(key)).flat_map(|table| &table.cells);
    cells.filter(|cell| matches!(cell.said, Some(Said::Pooled { .. } | Said::Earlier(_)))).any(|cell| {
        let of = cell.years.as_ref().and_then(|of| of.parse::<Period>().ok());
        let holds = Level::parse(&cell.level).is_some_and(|level| is_in(unit, level, &cell.code));
        holds && of.is_some_and(|of| of.overlaps(years))
    })
}

/// Whether an earlier release of days within `years` said something in words of people of this scheme and council.
fn is_spoken_of(unit: &UnitCount, key: &Key, years: Period, earlier: &[Ledger]) -> bool {
    let within = |ledger: &&Ledger| ledger.period().is_none_or(|period| period.overlaps(years));
    let tables = earlier.iter().filter(within).filter_map(|ledger| ledger.table(key));
    tables.flat_map(|table| &table.cells).any(|cell| {
        matches!(cell.said, Some(Said::AlmostAll | Said::VeryFew))
            && Level::parse(&cell.level).is_some_and(|level| is_in(unit, level, &cell.code))
    })
}

/// The most answers of a scheme in a place that releases of days within `years` could hold.
fn released(key: &Key, cell: &LedgerCell, scheme: &str, years: Period, earlier: &[Ledger]) -> Count {
    let mut told = Count::default();
    let mut last: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    let within = |ledger: &&Ledger| ledger.period().is_none_or(|period| period.overlaps(years));
    for ledger in earlier.iter().filter(within) {
        for unit in ledger.table(key).iter().flat_map(|table| &table.units) {
            if unit.scheme != scheme || (cell.level == "local_authority" && unit.council != cell.code) {
                continue;
            }
            // A correction that left them as they were tells nothing new of them.
            if last.insert((&ledger.period, &unit.council), unit.count) != Some(unit.count) {
                told += unit.count;
            }
        }
    }
    told
}

/// A table of a period that was printed before: the same figures in the same blocks. The people of a block move only where as many came or
/// went, all in all, as could be printed by themselves; otherwise they stay as they were. Says whether any block moved.
///
/// `first` is the table of the first release of the period, which alone says anything of hidden figures.
pub(super) fn again(
    table: &mut LedgerTable,
    before: &LedgerTable,
    first: &LedgerTable,
    policy: &Policy,
) -> bool {
    let spoken_first = spoken(first);
    let now: BTreeMap<(String, String), Count> =
        table.units.iter().map(|u| ((u.scheme.clone(), u.council.clone()), u.count)).collect();
    let mut next = before.clone();
    let mut moved = false;
    for block in &before.blocks {
        let counts: Vec<Count> = block
            .units
            .iter()
            .map(|u| {
                let of = &before.units[*u];
                now.get(&(of.scheme.clone(), of.council.clone())).copied().unwrap_or_default()
            })
            .collect();
        if !block.told || may_move(before, &spoken_first, block, &counts, policy) {
            for (unit, count) in block.units.iter().zip(counts) {
                moved |= block.told && next.units[*unit].count != count;
                next.units[*unit].count = count;
            }
        }
    }
    // What was said of hidden figures was said of the people of then.
    for cell in &mut next.cells {
        let is_earlier = |said| matches!(said, Said::Earlier(_));
        let stays = cell.units.iter().all(|u| next.units[*u].count == before.units[*u].count);
        cell.said = cell.said.filter(|said| stays || is_earlier(*said));
    }
    // Nor is it said again where it would tell of those who came.
    let cells = next.table();
    let cells_of = cells.cells_of_units();
    for block in before.blocks.iter().filter(|block| !block.told) {
        let said = spoken(&next);
        if !stays_open(&cells, &cells_of, &block.units, &of_block(&next, &said, block), false, policy) {
            let here = said.iter().map(|one| one.cell).filter(|cell| is_in_block(&next, *cell, block));
            here.collect::<Vec<_>>().into_iter().for_each(|cell| next.cells[cell].said = None);
        }
    }
    *table = next;
    moved
}

/// What is said of the hidden figures of a table, of the people of now.
fn spoken(table: &LedgerTable) -> Vec<Spoken> {
    (0..table.cells.len())
        .filter_map(|cell| {
            let words = table.cells[cell].said.filter(|said| !matches!(said, Said::Earlier(_)))?;
            let of = table.cells[cell].units.iter().map(|u| table.units[*u].count).sum();
            Some(Spoken { cell, words, of })
        })
        .collect()
}

/// Whether what came to a block, or went, is so many of either kind that it could be printed by itself, also for somebody who knows what
/// came to one scheme; and whether the block is sound afterwards, with what was said of hidden figures in it.
fn may_move(
    before: &LedgerTable,
    spoken: &[Spoken],
    block: &Block,
    counts: &[Count],
    policy: &Policy,
) -> bool {
    let mut schemes: BTreeMap<&str, Count> = BTreeMap::new();
    let mut units_now = before.table();
    for (unit, count) in block.units.iter().zip(counts) {
        let of = &before.units[*unit];
        *schemes.entry(of.scheme.as_str()).or_default() += *count - of.count;
        units_now.units[*unit].count = *count;
    }
    let total: Count = schemes.values().copied().sum();
    let is_sound = |change: Count| {
        change == Count::default() || change.fits(policy) || (Count::default() - change).fits(policy)
    };
    let cells_of = units_now.cells_of_units();
    // Those who came hide each other, or those who went do: whose answers are in the change must stay open as well.
    let among = |of: &dyn Fn(Count, Count) -> Count| {
        let mut changed = before.table();
        for (unit, count) in block.units.iter().zip(counts) {
            let by = of(*count, before.units[*unit].count);
            let alike = by.n >= 0 && (0..=by.n).contains(&by.positive);
            changed.units[*unit].count = if alike { by } else { Count::default() };
        }
        let own = block.units.iter().map(|u| &changed.units[*u]).filter(|u| !u.count.is_nobody());
        let schemes: BTreeSet<usize> = own.map(|u| u.scheme).collect();
        (schemes.len(), cut::is_sound(&changed, &cells_of, &block.units, policy))
    };
    let (came, went) = (among(&|now, then| now - then), among(&|now, then| then - now));
    // Where all who came are of one scheme, it knows what the others did.
    let hides = |(schemes, sound): (usize, bool)| schemes > 1 && sound;
    let hidden = hides(came) || hides(went) || (came.0 + went.0 > 0 && came.1 && went.1);
    total != Count::default()
        && is_sound(total)
        && schemes.values().all(|scheme| is_sound(total - *scheme))
        && hidden
        && cut::is_sound(&units_now, &cells_of, &block.units, policy)
        && stays_open(&units_now, &cells_of, &block.units, &of_block(before, spoken, block), true, policy)
}

/// Whether any people of a figure are in a block.
fn is_in_block(table: &LedgerTable, cell: usize, block: &Block) -> bool {
    table.cells[cell].units.iter().any(|u| block.units.binary_search(u).is_ok())
}

/// What was said of figures whose people are in a block; of the same people once.
fn of_block(before: &LedgerTable, spoken: &[Spoken], block: &Block) -> Vec<Spoken> {
    let mut own: Vec<Spoken> = Vec::new();
    for one in spoken {
        let units = &before.cells[one.cell].units;
        let is_here = is_in_block(before, one.cell, block);
        let is_new = |other: &Spoken| before.cells[other.cell].units.iter().all(|u| !units.contains(u));
        if is_here && own.iter().all(is_new) {
            own.push(*one);
        }
    }
    own
}
