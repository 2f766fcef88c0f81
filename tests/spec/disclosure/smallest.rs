//! How much is hidden, against the least that would have to be: of every set of figures that survives the attack, the one that
//! prints most.

use khi::domain::disclosure::attack::country::{self, Print};
use khi::domain::disclosure::cut::cut;
use khi::domain::disclosure::table::{Cell, Table, Unit};
use khi::domain::disclosure::{Count, Policy};

use super::draw::Draw;

/// A council or region with a few places in it, two levels deep.
fn made(draw: &mut Draw) -> Table {
    let mut units = Vec::new();
    let mut cells = Vec::new();
    let mut councils: Vec<Vec<usize>> = Vec::new();
    for _ in 0..1 + draw.below(3) {
        let first = units.len();
        for _ in 0..1 + draw.below(3) {
            let n = if draw.one_in(2) { draw.between(1, 14) } else { draw.between(12, 60) };
            let rate = draw.one_of(&[20, 50, 50, 80, 90]);
            let positive = (0..n).filter(|_| draw.percent(rate)).count();
            let count = Count::of(i64::try_from(positive).unwrap_or(0), n);
            units.push(Unit { scheme: units.len(), count });
        }
        councils.push((first..units.len()).collect());
    }
    cells.push(Cell { rank: 0, units: (0..units.len()).collect(), spread: false });
    cells.extend(councils.into_iter().map(|units| Cell { rank: 3, units, spread: false }));
    cells.extend((0..units.len()).map(|unit| Cell { rank: 4, units: vec![unit], spread: false }));
    Table { units, cells }
}

fn survives(table: &Table, printed: &[bool], policy: &Policy) -> bool {
    let prints: Vec<Print> = printed.iter().map(|p| if *p { Print::Exact } else { Print::Nothing }).collect();
    country::attack(table, &prints, policy).leaks.is_empty()
}

#[test]
fn no_more_is_hidden_than_the_least_and_a_tenth() {
    let policy = Policy::default();
    let (mut hidden, mut least, mut figures, mut more) = (0, 0, 0, 0);
    for seed in 0..400 {
        let table = made(&mut Draw(seed));
        // A figure that could not be printed alone is hidden either way.
        let may: Vec<usize> = (0..table.cells.len())
            .filter(|cell| table.count(&table.cells[*cell].units).fits(&policy))
            .collect();
        let ours = cut(&table, &policy).printed;
        assert!(survives(&table, &ours, &policy), "{seed}");
        let mut best = 0;
        for set in 0..1_u32 << may.len() {
            let size = set.count_ones();
            if size > best {
                let mut printed = vec![false; table.cells.len()];
                let chosen = may.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0);
                chosen.for_each(|(_, cell)| printed[*cell] = true);
                if survives(&table, &printed, &policy) {
                    best = size;
                }
            }
        }
        let all = u32::try_from(table.cells.len()).unwrap_or(0);
        let own = u32::try_from(ours.iter().filter(|printed| **printed).count()).unwrap_or(0);
        figures += all;
        hidden += all - own;
        least += all - best;
        more += u32::from(own < best);
    }
    let ratio = f64::from(hidden) / f64::from(least);
    println!(
        "of {figures} figures {hidden} hidden, at least {least}: {ratio:.3} times; more in {more} of 400 tables"
    );
    assert!(ratio <= 1.10, "{ratio}");
}
