//! Which figures are printed: so many that the parts into which they cut the country are all large enough.
//!
//! Printed figures can be added and taken from each other. What comes out in the end are *blocks*: people who are in exactly the same
//! printed figures. Whoever knows every printed figure knows the sum of a block at best, and nothing of how it spreads within. So it is
//! enough that each block is sound, and stays so for somebody who knows one scheme of it; and that those who are hidden in it could be
//! almost anything for such a reader. [ADR 23](../../../docs/adr/0023-blocks.md) has the argument.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::Table;
use super::{Count, Policy};

/// Units that are in exactly the same printed figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its units, ascending.
    pub units: Vec<usize>,
    /// Whether any printed figure holds it: if none does, nothing is known of it.
    pub told: bool,
}

/// What is printed, and the blocks that follow from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Of each cell, whether it is printed.
    pub printed: Vec<bool>,
    /// The blocks; they hold every unit once.
    pub blocks: Vec<Block>,
}

/// In which order figures of one level are tried.
#[derive(Debug, Clone, Copy)]
enum Order {
    Largest,
    Smallest,
    MostEven,
}

/// Chooses what is printed of `table`: higher places before lower ones, and of several ways the one that prints most.
pub fn cut(table: &Table, policy: &Policy) -> Cut {
    let cells_of = table.cells_of_units();
    let ways = [Order::Largest, Order::MostEven, Order::Smallest].map(|order| {
        let mut cutter = Cutter::new(table, &cells_of, policy);
        cutter.print_all(order);
        cutter.cut
    });
    let worth = |cut: &Cut| -> u64 {
        let weights = [1_000_000, 100_000, 10_000, 10, 10];
        let printed = table.cells.iter().zip(&cut.printed).filter(|(_, printed)| **printed);
        printed.map(|(cell, _)| weights[usize::from(cell.rank).min(4)]).sum()
    };
    let [first, second, third] = ways;
    let mut best = first;
    for way in [second, third] {
        if worth(&way) > worth(&best) {
            best = way;
        }
    }
    best
}

struct Cutter<'a> {
    table: &'a Table,
    cells_of: &'a [Vec<usize>],
    policy: &'a Policy,
    cut: Cut,
    block_of: Vec<usize>,
}

impl<'a> Cutter<'a> {
    fn new(table: &'a Table, cells_of: &'a [Vec<usize>], policy: &'a Policy) -> Self {
        let units: Vec<usize> = (0..table.units.len()).collect();
        let cut = Cut { printed: vec![false; table.cells.len()], blocks: vec![Block { units, told: false }] };
        Self { table, cells_of, policy, cut, block_of: vec![0; table.units.len()] }
    }

    fn print_all(&mut self, order: Order) {
        let mut cells: Vec<(usize, Count)> = (0..self.table.cells.len())
            .map(|cell| (cell, self.table.count(&self.table.cells[cell].units)))
            .filter(|(_, count)| count.fits(self.policy))
            .collect();
        cells.sort_by_key(|(cell, count)| {
            let size = match order {
                Order::Largest => -count.n,
                Order::Smallest => count.n,
                Order::MostEven => -count.positive.min(count.others()),
            };
            (self.table.cells[*cell].rank, size, *cell)
        });
        for (cell, _) in cells {
            self.print(cell);
        }
    }

    /// Prints a figure if all parts that it makes are sound.
    fn print(&mut self, cell: usize) {
        let of = &self.table.cells[cell];
        let mut touched: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for unit in &of.units {
            touched.entry(self.block_of[*unit]).or_default().push(*unit);
        }
        let mut pieces = Vec::new();
        for (block, inside) in &touched {
            let whole = &self.cut.blocks[*block];
            let outside: Vec<usize> =
                whole.units.iter().copied().filter(|u| inside.binary_search(u).is_err()).collect();
            let parts: Vec<Vec<usize>> =
                if of.spread { inside.iter().map(|u| vec![*u]).collect() } else { vec![inside.clone()] };
            let unchanged = whole.told && outside.is_empty() && parts.len() == 1;
            if !unchanged && !parts.iter().all(|part| self.is_sound(part)) {
                return;
            }
            // What is left of a block of which nothing is known stays unknown.
            if whole.told && !self.is_sound(&outside) {
                return;
            }
            pieces.push((*block, parts, outside));
        }
        for (block, parts, outside) in pieces {
            let told = self.cut.blocks[block].told;
            let mut parts = parts.into_iter().map(|units| Block { units, told: true });
            let put = |place: Option<usize>, new: Block, this: &mut Self| {
                let at = place.unwrap_or(this.cut.blocks.len());
                for unit in &new.units {
                    this.block_of[*unit] = at;
                }
                match place {
                    Some(at) => this.cut.blocks[at] = new,
                    None => this.cut.blocks.push(new),
                }
            };
            if outside.is_empty() {
                if let Some(first) = parts.next() {
                    put(Some(block), first, self);
                }
            } else {
                put(Some(block), Block { units: outside, told }, self);
            }
            for part in parts {
                put(None, part, self);
            }
        }
        self.cut.printed[cell] = true;
    }

    fn is_sound(&self, units: &[usize]) -> bool {
        is_sound(self.table, self.cells_of, units, self.policy)
    }
}

/// Whether the sum of these units may be known, also to somebody who knows one scheme of them, without telling of those who are hidden
/// in it.
pub fn is_sound(table: &Table, cells_of: &[Vec<usize>], units: &[usize], policy: &Policy) -> bool {
    let total = table.count(units);
    if total.is_nobody() {
        return true;
    }
    let mut schemes: BTreeMap<usize, Count> = BTreeMap::new();
    let mut cells: BTreeMap<usize, Count> = BTreeMap::new();
    for unit in units {
        let Some(of) = table.units.get(*unit).filter(|of| !of.count.is_nobody()) else { continue };
        *schemes.entry(of.scheme).or_default() += of.count;
        for cell in &cells_of[*unit] {
            *cells.entry(*cell).or_default() += of.count;
        }
    }
    if !total.fits(policy) || !schemes.values().all(|scheme| (total - *scheme).is_sound(policy)) {
        return false;
    }
    let most = schemes.values().map(|scheme| scheme.n).max().unwrap_or_default();
    cells.into_iter().filter(|(_, inside)| *inside != total).all(|(cell, inside)| {
        let rest = total - inside;
        is_surely_open(rest.n - most, policy) || is_open(table, units, cell, inside, rest, policy)
    })
}

/// Whether at least so many people are left outside a figure, whichever scheme is known, that what is inside is open: with five of them, and
/// five of either answer inside and outside together, five answers can change places.
fn is_surely_open(left_outside: i64, policy: &Policy) -> bool {
    left_outside >= policy.least_each_side
}

/// Whether what is hidden in `cell` stays open to whoever knows nothing more, and to those who know one scheme.
fn is_open(table: &Table, units: &[usize], cell: usize, inside: Count, rest: Count, policy: &Policy) -> bool {
    let mut parts: BTreeMap<usize, (Count, Count)> = BTreeMap::new();
    for unit in units {
        let of = &table.units[*unit];
        let part = parts.entry(of.scheme).or_default();
        let within = table.cells[cell].units.binary_search(unit).is_ok();
        *(if within { &mut part.0 } else { &mut part.1 }) += of.count;
    }
    // Of somebody who knows a few people outside the cell one by one, as much less is asked.
    let open = |inside: Count, rest: Count, outside: Count, known: i64| {
        let up = inside.others().min(rest.positive - outside.positive.min(known));
        let down = inside.positive.min(rest.others() - outside.others().min(known));
        up + down >= inside.n.min(policy.least_each_side - known)
    };
    // Who could be printed by themselves need not be hidden; of those whom one scheme does not know, that is another question.
    let may_be_told = inside.fits(policy);
    parts.values().all(|(within, without)| {
        let left = inside - *within;
        (left.fits(policy) || open(left, rest - *without, Count::default(), 0))
            && (may_be_told
                || [0, 1, policy.coalition].into_iter().all(|known| open(inside, rest, *without, known)))
    })
}
