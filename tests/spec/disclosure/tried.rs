//! The attack on one table by trying everything: every number of positive answers that the people of every part could have given.

use std::collections::{BTreeMap, BTreeSet};

use khi::domain::disclosure::attack::country::{self, Leak, Print};
use khi::domain::disclosure::cut::cut;
use khi::domain::disclosure::table::Table;
use khi::domain::disclosure::words::{Said, bounds};
use khi::domain::disclosure::{Attacker, Count, Policy};

use super::draw::Draw;
use super::small::{LOW, made, table};

/// A figure, who finds something out about it, of whom, and between what they lie then.
type Found = (usize, Attacker, Count, Option<(i64, i64)>);

/// What somebody knows: of each member so many positive answers and so many others; and whether they know people one by one, how many.
struct Knows {
    who: Attacker,
    of: BTreeMap<usize, Count>,
    people: i64,
}

/// Everybody who attacks people of these schemes, who are so many.
fn attackers(members: &[(usize, Count)], policy: &Policy) -> Vec<Knows> {
    let mut all = vec![Knows { who: Attacker::Register, of: BTreeMap::new(), people: 0 }];
    for scheme in members.iter().map(|(scheme, _)| *scheme).collect::<BTreeSet<_>>() {
        let of = members.iter().enumerate().filter(|(_, m)| m.0 == scheme).map(|(at, m)| (at, m.1));
        all.push(Knows { who: Attacker::Scheme, of: of.collect(), people: 0 });
    }
    for (at, (_, count)) in members.iter().enumerate() {
        for (who, most) in [(Attacker::Respondent, 1), (Attacker::Coalition, policy.coalition)] {
            let people = most.min(count.n);
            for positive in (0..=people).filter(|k| *k <= count.positive && people - k <= count.others()) {
                all.push(Knows { who, of: BTreeMap::from([(at, Count::of(positive, people))]), people });
            }
        }
    }
    all
}

/// Whether `known` answers of a member can be among `value` positive answers of all its people.
fn agrees(value: i64, all: Count, known: Count) -> bool {
    known.positive <= value && known.others() <= all.n - value
}

fn tried(table: &Table, prints: &[Print], policy: &Policy) -> Vec<Found> {
    let mut found = Vec::new();
    let exact = |unit: usize| -> Vec<usize> {
        let holds = |cell: &usize| prints[*cell] == Print::Exact && table.cells[*cell].units.contains(&unit);
        (0..prints.len()).filter(holds).collect()
    };
    let somebody = |unit: &usize| table.units[*unit].count.n > 0;
    let mut blocks: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    (0..table.units.len()).filter(somebody).for_each(|u| blocks.entry(exact(u)).or_default().push(u));
    for (around, units) in blocks {
        let members: Vec<(usize, Count)> =
            units.iter().map(|u| (table.units[*u].scheme, table.units[*u].count)).collect();
        let total: Count = members.iter().map(|m| m.1).sum();
        let is_known = !around.is_empty();
        let mut targets: Vec<(usize, Vec<usize>)> = Vec::new();
        for cell in (0..prints.len()).filter(|cell| prints[*cell] != Print::Exact) {
            let inside: Vec<usize> =
                (0..units.len()).filter(|m| table.cells[cell].units.contains(&units[*m])).collect();
            if !inside.is_empty() {
                targets.push((cell, inside));
            }
        }
        // All numbers that agree with what is printed.
        let mut all: Vec<Vec<i64>> = vec![Vec::new()];
        for (_, count) in &members {
            all = all.iter().flat_map(|v| (0..=count.n).map(|k| [v.clone(), vec![k]].concat())).collect();
        }
        all.retain(|values| {
            let told = targets.iter().all(|(cell, inside)| {
                let (Print::Between(least, most) | Print::Within(least, most)) = prints[*cell] else {
                    return true;
                };
                let sum: i64 = inside.iter().map(|m| values[*m]).sum();
                let people = table.cells[*cell].units.iter().copied().filter(somebody).count();
                sum <= most && (sum >= least || inside.len() < people)
            });
            told && (!is_known || values.iter().sum::<i64>() == total.positive)
        });
        let first = targets.first().map_or(around.last().copied().unwrap_or(0), |target| target.0);
        let exactly = |count: Count| Some((count.positive, count.positive));
        if is_known && !total.fits(policy) {
            found.push((first, Attacker::Reader, total, exactly(total)));
        }
        for (cell, inside) in &targets {
            let print = prints[*cell];
            let count: Count = inside.iter().map(|m| members[*m].1).sum();
            if print == Print::Nothing && is_known && count == total {
                continue;
            }
            let leak = attackers(&members, policy).into_iter().find_map(|knows| {
                let known = |m: &usize| knows.of.get(m).copied().unwrap_or_default();
                let own: Count = inside.iter().map(known).sum();
                let left = count - own;
                let alone = if knows.people > 0 { count } else { left };
                if left.n == 0 || (print == Print::Nothing && alone.fits(policy)) {
                    return None;
                }
                let agree =
                    all.iter().filter(|v| (0..units.len()).all(|m| agrees(v[m], members[m].1, known(&m))));
                let sums: BTreeSet<i64> = agree.map(|v| inside.iter().map(|m| v[*m]).sum()).collect();
                let range = Some((*sums.first()?, *sums.last()?));
                let mut needed = left.n.min(policy.least_each_side - knows.people);
                if let Print::Between(least, most) = print {
                    // What is said is meant: no more than it says must stay possible.
                    needed = needed.min(most.min(own.positive + left.n) - least.max(own.positive)).max(0);
                }
                let width = range.map_or(-1, |(least, most)| most - least);
                (width < needed).then_some((*cell, knows.who, left, range))
            });
            found.extend(leak);
        }
        for scheme in members.iter().filter(|_| is_known).map(|m| m.0).collect::<BTreeSet<_>>() {
            let others: Count = members.iter().filter(|m| m.0 != scheme).map(|m| m.1).sum();
            if others.n > 0 && !others.fits(policy) {
                let without =
                    targets.iter().find(|(_, inside)| inside.iter().all(|m| members[*m].0 != scheme));
                let cell = without.map_or(first, |target| target.0);
                found.push((cell, Attacker::Scheme, others, exactly(others)));
            }
        }
    }
    found
}

fn of_attack(leaks: &[Leak]) -> Vec<Found> {
    let found = |leak: &Leak| {
        (leak.cell, leak.attacker, leak.count, leak.range.map(|range| (range.least, range.most)))
    };
    leaks.iter().map(found).collect()
}

#[test]
fn the_attack_finds_what_trying_everything_finds() {
    let (mut leaks, mut none, mut all) = (0, 0, [0; 3]);
    for seed in 0..700 {
        let mut draw = Draw(seed);
        let (policy, most) = if seed % 4 == 0 { (Policy::default(), 13) } else { (LOW, 7) };
        let most = if seed % 4 == 0 { most } else { draw.between(3, most) };
        let table = made(&mut draw, 2, most);
        if table.units.iter().map(|unit| unit.count.n + 1).product::<i64>() > 8_000 {
            continue;
        }
        let chosen = draw.one_in(2).then(|| cut(&table, &policy).printed);
        let prints: Vec<Print> = table
            .cells
            .iter()
            .enumerate()
            .map(|(index, cell)| {
                let count = table.count(&cell.units);
                match chosen
                    .as_ref()
                    .map_or(draw.below(6), |printed| if printed[index] { 0 } else { 2 + draw.below(7) })
                {
                    0..=1 => Print::Exact,
                    2 if cell.rank >= 3 => {
                        Print::Between(draw.between(0, count.positive), draw.between(count.positive, count.n))
                    }
                    4 if cell.rank >= 3 && draw.one_in(2) => {
                        Print::Within(draw.between(0, count.positive), draw.between(count.positive, count.n))
                    }
                    3 if cell.rank >= 3 && count.positive * 5 >= count.n * 4 => {
                        let (least, most) = bounds(Said::AlmostAll, count, &policy);
                        Print::Between(least, most)
                    }
                    _ => Print::Nothing,
                }
            })
            .collect();
        let attacked = country::attack(&table, &prints, &policy);
        let found = of_attack(&attacked.leaks);
        assert_eq!(found, tried(&table, &prints, &policy), "{seed}: {table:?} {prints:?}");
        *(if found.is_empty() { &mut none } else { &mut leaks }) += 1;
        let asked = [attacked.figures, attacked.questions, attacked.solved];
        all = std::array::from_fn(|at| all[at] + asked[at]);
    }
    assert!(leaks > 300 && none > 100, "{leaks} with leaks, {none} without");
    // So many figures, questions and solved ones: a question that nobody has to ask is not asked.
    assert_eq!(all, [4395, 18544, 690]);
}

#[test]
fn a_leak_says_from_which_figures_it_is_found() {
    // Everybody, less one council and one scheme: six people are left.
    let table = table(
        &[(0, 20, 40), (1, 3, 6), (2, 20, 40)],
        &[(0, &[0, 1, 2]), (3, &[0, 1]), (3, &[2]), (4, &[0]), (4, &[1]), (4, &[2])],
    );
    let mut prints = vec![Print::Exact; 6];
    prints[4] = Print::Nothing;
    let attacked = country::attack(&table, &prints, &Policy::default());
    let found: Vec<(usize, Attacker, Vec<usize>, Vec<usize>)> =
        attacked.leaks.into_iter().map(|leak| (leak.cell, leak.attacker, leak.from, leak.less)).collect();
    assert_eq!(found, [(4, Attacker::Reader, vec![1], vec![3])]);
    // Of all schemes in one block nothing is asked but of the hidden figures: each by everybody who attacks.
    let prints =
        [Print::Exact, Print::Nothing, Print::Nothing, Print::Nothing, Print::Nothing, Print::Nothing];
    let attacked = country::attack(&table, &prints, &Policy::default());
    assert_eq!((attacked.figures, attacked.questions, attacked.solved, attacked.leaks.len()), (5, 8, 0, 0));
}
