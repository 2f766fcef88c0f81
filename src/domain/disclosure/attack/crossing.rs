//! The attack on breakdowns: rows are places, columns groups, and the sums of both are known. What can flow through a table with such sums is
//! found exactly.

use std::collections::BTreeSet;

use super::puzzle::Range;
use crate::domain::disclosure::groups::{Columns, GroupTable, Schemes, is_sound, less, total};
use crate::domain::disclosure::network::Network;
use crate::domain::disclosure::{Attacker, Count, Policy};

/// Something found out about a group of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The place.
    pub place: usize,
    /// By whom.
    pub attacker: Attacker,
    /// The people that it is found out about.
    pub count: Count,
    /// What is left possible.
    pub range: Option<Range>,
}

/// What the attack came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attacked {
    /// Hidden groups.
    pub figures: usize,
    /// Questions.
    pub questions: usize,
    /// What was found.
    pub leaks: Vec<Leak>,
}

/// Attacks the groups of `table`, where those of the places in `printed` are.
pub fn attack(table: &GroupTable, printed: &[bool], policy: &Policy) -> Attacked {
    let mut result = Attacked::default();
    let columns: Vec<Columns> = (0..table.places.len()).map(|place| table.columns(place)).collect();
    for place in 0..table.places.len() {
        if !printed[place] {
            continue;
        }
        let parts: Vec<usize> =
            (0..table.places.len()).filter(|p| table.places[*p].parent == Some(place)).collect();
        // Printed columns, and what is left of them beside the printed parts.
        let rest: Columns = (0..columns[place].len())
            .map(|column| {
                let printed = parts.iter().filter(|part| printed[**part]);
                printed
                    .fold(columns[place][column].clone(), |left, part| less(&left, &columns[*part][column]))
            })
            .collect();
        for column in columns[place].iter().chain(&rest) {
            if !is_sound(column, policy) {
                let count = total(column);
                let exactly = Range { least: count.positive, most: count.positive };
                let attacker = if count.is_sound(policy) { Attacker::Scheme } else { Attacker::Reader };
                result.leaks.push(Leak { place, attacker, count, range: Some(exactly) });
            }
        }
        let shown: Vec<usize> = parts.iter().copied().filter(|p| printed[*p]).collect();
        let hidden = table.inside(&parts, &shown);
        for target in &hidden {
            let others = table.other_rows(*target, &hidden, &rest, &columns);
            attack_row(table, &others, &columns[*target], *target, policy, &mut result);
        }
    }
    result
}

/// Attacks the groups of one hidden row, beside the other rows of what is left.
fn attack_row(
    table: &GroupTable,
    others: &[Columns],
    own: &Columns,
    place: usize,
    policy: &Policy,
    result: &mut Attacked,
) {
    let schemes: BTreeSet<usize> =
        others.iter().flatten().chain(own).flat_map(|column| column.keys().copied()).collect();
    // Where a person can be in several groups, each group stands against all others alone.
    let step = if table.several { 2 } else { own.len() };
    for (column, group) in own.iter().enumerate() {
        let here = total(group);
        if here.is_nobody() {
            continue;
        }
        result.figures += 1;
        let first = column / step * step;
        let columns = first..(first + step).min(own.len());
        for scheme in std::iter::once(None).chain(schemes.iter().copied().map(Some)) {
            let without = |column: &Schemes| {
                total(column) - scheme.and_then(|s| column.get(&s)).copied().unwrap_or_default()
            };
            let unknown = without(group);
            if unknown.is_nobody() || unknown.fits(policy) {
                continue;
            }
            result.questions += 1;
            let rows: Vec<Vec<Count>> = std::iter::once(own)
                .chain(others)
                .map(|row| columns.clone().map(|c| without(&row[c])).collect())
                .collect();
            let range = flow(&rows, column - first);
            if range.is_none_or(|range| range.width() < unknown.n.min(policy.least_each_side)) {
                let attacker = if scheme.is_some() { Attacker::Scheme } else { Attacker::Register };
                result.leaks.push(Leak { place, attacker, count: unknown, range });
                break;
            }
        }
    }
}

/// Between what the positive answers of a column in the first row lie, when each row's sum and each column's is known.
pub fn flow(rows: &[Vec<Count>], column: usize) -> Option<Range> {
    let width = rows.first().map_or(0, Vec::len);
    // Rows, columns, and an end from which everything goes back.
    let end = rows.len() + width;
    let mut network = Network::of(end + 1);
    let mut target = None;
    for (at, row) in rows.iter().enumerate() {
        for (c, count) in row.iter().enumerate() {
            let edge = network.add(at, rows.len() + c, 0, count.n);
            if at == 0 && c == column {
                target = Some(edge);
            }
        }
        let sum = row.iter().map(|count| count.positive).sum();
        network.add(end, at, sum, sum);
    }
    for c in 0..width {
        let sum = rows.iter().map(|row| row[c].positive).sum();
        network.add(rows.len() + c, end, sum, sum);
    }
    if !network.settle() {
        return None;
    }
    let (least, most) = network.range(target?);
    Some(Range { least, most })
}
