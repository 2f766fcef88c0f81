//! One share indicator of one model in one period: who is counted where, and which figures could be printed of them.

use super::Count;

/// The people of one scheme in one council: the smallest part that any figure is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Which scheme supports them.
    pub scheme: usize,
    /// How many there are.
    pub count: Count,
}

/// A figure that is printed or hidden: the people of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// How high its place is: 0 for the UK, 1 for a nation, 2 for a region, 3 for a council, 4 for a scheme.
    pub rank: u8,
    /// Its units, ascending.
    pub units: Vec<usize>,
    /// Where the places of its units differ at its own level or above, as those of a scheme that works in several councils do, it is
    /// printed only if each unit could be.
    pub spread: bool,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The units.
    pub units: Vec<Unit>,
    /// The figures, from the highest place to the lowest.
    pub cells: Vec<Cell>,
}

impl Table {
    /// The people of a set of units.
    pub fn count(&self, units: &[usize]) -> Count {
        units.iter().map(|unit| self.units[*unit].count).sum()
    }

    /// The cells that hold each unit.
    pub fn cells_of_units(&self) -> Vec<Vec<usize>> {
        let mut of_unit = vec![Vec::new(); self.units.len()];
        for (index, cell) in self.cells.iter().enumerate() {
            for unit in &cell.units {
                of_unit[*unit].push(index);
            }
        }
        of_unit
    }
}
