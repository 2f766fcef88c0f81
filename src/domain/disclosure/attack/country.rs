//! The attack on one table: each hidden figure of places, by each attacker.

use std::collections::{BTreeMap, BTreeSet};

use super::block::{self, Bounds, Told};
use super::puzzle::Range;
use crate::domain::disclosure::table::{Table, Unit};
use crate::domain::disclosure::{Attacker, Count, Policy};

/// What is printed of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// The figure.
    Exact,
    /// In words: that its positive answers lie between two numbers. That much is meant to be known.
    Between(i64, i64),
    /// Nothing that is meant to tell of it, but its positive answers must lie between two numbers.
    Within(i64, i64),
    /// Nothing.
    Nothing,
}

/// Something found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The cell.
    pub cell: usize,
    /// By whom.
    pub attacker: Attacker,
    /// The people that it is found out about.
    pub count: Count,
    /// What is left possible.
    pub range: Option<Range>,
    /// Printed cells whose sum, less that of the others, tells it.
    pub from: Vec<usize>,
    /// Those that are taken from it.
    pub less: Vec<usize>,
}

/// How many figures were attacked, how many questions that took, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attacked {
    /// Hidden figures.
    pub figures: usize,
    /// Questions.
    pub questions: usize,
    /// Those that took the solver.
    pub solved: usize,
    /// What was found.
    pub leaks: Vec<Leak>,
}

/// What somebody knows of the people of one scheme.
struct Knowledge {
    attacker: Attacker,
    /// By member of the block: positive answers and others that are known.
    known: BTreeMap<usize, Count>,
    /// How many people are known one by one.
    one_by_one: i64,
}

/// Attacks every hidden figure of `table`, of whose cells `prints` is printed.
pub fn attack(table: &Table, prints: &[Print], policy: &Policy) -> Attacked {
    let mut result = Attacked::default();
    let mut blocks: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (unit, cells) in table.cells_of_units().into_iter().enumerate() {
        if !table.units[unit].count.is_nobody() {
            let exact = cells.into_iter().filter(|c| prints[*c] == Print::Exact).collect();
            blocks.entry(exact).or_default().push(unit);
        }
    }
    for (around, units) in &blocks {
        attack_block(table, prints, policy, around, units, &mut result);
    }
    result
}

fn attack_block(
    table: &Table,
    prints: &[Print],
    policy: &Policy,
    around: &[usize],
    units: &[usize],
    result: &mut Attacked,
) {
    let members: Vec<&Unit> = units.iter().map(|u| &table.units[*u]).collect();
    let total: Count = members.iter().map(|m| m.count).sum();
    let sum = (!around.is_empty()).then_some(total.positive);
    let inside = |cell: usize| -> Vec<usize> {
        let of = &table.cells[cell].units;
        (0..units.len()).filter(|m| of.binary_search(&units[*m]).is_ok()).collect()
    };
    let mut told = Vec::new();
    let mut targets = Vec::new();
    for (cell, print) in prints.iter().enumerate().filter(|(_, print)| **print != Print::Exact) {
        let members_in = inside(cell);
        if members_in.is_empty() {
            continue;
        }
        if let Print::Between(least, most) | Print::Within(least, most) = print {
            let whole =
                table.cells[cell].units.iter().filter(|u| !table.units[**u].count.is_nobody()).count();
            if whole == members_in.len() {
                told.push(Told { members: members_in.clone(), least: *least, most: *most });
            } else {
                // What is said of people in several blocks bounds each part of them less than this.
                told.push(Told { members: members_in.clone(), least: 0, most: *most });
            }
        }
        targets.push((cell, members_in, *print));
    }
    let leak = |cell: usize, attacker: Attacker, count: Count, range: Option<Range>| {
        let last = around.last().copied();
        let within = |c: usize| {
            last.is_some_and(|l| {
                table.cells[c].units.iter().all(|u| table.cells[l].units.binary_search(u).is_ok())
            })
        };
        let less = (0..prints.len()).filter(|c| prints[*c] == Print::Exact && Some(*c) != last && within(*c));
        Leak { cell, attacker, count, range, from: last.into_iter().collect(), less: less.collect() }
    };
    let knowledge = knowledge_of(&members, policy);
    let free = Slack::of(&members, &told);
    if sum.is_some() && !total.fits(policy) {
        let cell = targets.first().map_or(around[around.len() - 1], |t| t.0);
        let exactly = Range { least: total.positive, most: total.positive };
        result.leaks.push(leak(cell, Attacker::Reader, total, Some(exactly)));
    }
    for (cell, target, print) in &targets {
        result.figures += 1;
        let count: Count = target.iter().map(|m| members[*m].count).sum();
        if *print == Print::Nothing && count == total && sum.is_some() {
            continue;
        }
        for (index, knows) in knowledge.iter().enumerate() {
            let known: Count = target.iter().filter_map(|m| knows.known.get(m)).copied().sum();
            let unknown = count - known;
            // Who could be printed by themselves need not be hidden; a few people known one by one change nothing of that.
            let left = if knows.one_by_one > 0 { count } else { unknown };
            if unknown.is_nobody() || (*print == Print::Nothing && left.fits(policy)) {
                continue;
            }
            let mut needed = unknown.n.min(policy.least_each_side - knows.one_by_one);
            if let Print::Between(least, most) = print {
                let possible = (*most).min(known.positive + unknown.n) - (*least).max(known.positive);
                needed = needed.min(possible.max(0));
            }
            let overlaps = !known.is_nobody();
            if *print == Print::Nothing && !overlaps && index > 0 && free.is_enough(target, count, needed) {
                continue;
            }
            result.questions += 1;
            let bounds: Vec<Bounds> = members
                .iter()
                .enumerate()
                .map(|(m, member)| {
                    let known = knows.known.get(&m).copied().unwrap_or_default();
                    Bounds { least: known.positive, most: member.count.n - known.others() }
                })
                .collect();
            let (range, by_solver) = block::range(&bounds, sum, &told, target);
            result.solved += usize::from(by_solver);
            if range.is_none_or(|range| range.width() < needed) {
                result.leaks.push(leak(*cell, knows.attacker, unknown, range));
                break;
            }
        }
    }
    // Whoever knows one scheme's figure knows that of all others together.
    if sum.is_some() {
        let schemes: BTreeSet<usize> = members.iter().map(|m| m.scheme).collect();
        for scheme in schemes {
            let others: Count = members.iter().filter(|m| m.scheme != scheme).map(|m| m.count).sum();
            if !others.is_sound(policy) {
                let exactly = Range { least: others.positive, most: others.positive };
                let cell = targets.iter().find(|t| t.1.iter().all(|m| members[*m].scheme != scheme));
                let cell = cell.or(targets.first()).map_or(around[around.len() - 1], |t| t.0);
                result.leaks.push(leak(cell, Attacker::Scheme, others, Some(exactly)));
            }
        }
    }
}

/// Everything that one of the attackers can know of this block beforehand.
fn knowledge_of(members: &[&Unit], policy: &Policy) -> Vec<Knowledge> {
    let mut all = vec![Knowledge { attacker: Attacker::Register, known: BTreeMap::new(), one_by_one: 0 }];
    let schemes: BTreeSet<usize> = members.iter().map(|m| m.scheme).collect();
    for scheme in schemes {
        let own = members.iter().enumerate().filter(|(_, m)| m.scheme == scheme);
        let known = own.map(|(index, m)| (index, m.count)).collect();
        all.push(Knowledge { attacker: Attacker::Scheme, known, one_by_one: 0 });
    }
    for (index, member) in members.iter().enumerate() {
        for (attacker, people) in [(Attacker::Respondent, 1), (Attacker::Coalition, policy.coalition)] {
            let people = people.min(member.count.n);
            for positive in 0..=people {
                let known = Count::of(positive, people);
                if positive <= member.count.positive && known.others() <= member.count.others() {
                    all.push(Knowledge {
                        attacker,
                        known: BTreeMap::from([(index, known)]),
                        one_by_one: people,
                    });
                }
            }
        }
    }
    all
}

/// How many answers those can give or take of whom nothing is said, and how many of them one scheme has at most.
struct Slack {
    free: Vec<bool>,
    counts: Vec<Count>,
    most_positive: i64,
    most_others: i64,
    total: Count,
    told: BTreeSet<usize>,
}

impl Slack {
    fn of(members: &[&Unit], told: &[Told]) -> Self {
        let told: BTreeSet<usize> = told.iter().flat_map(|t| t.members.iter().copied()).collect();
        let free: Vec<bool> = (0..members.len()).map(|m| !told.contains(&m)).collect();
        let mut schemes: BTreeMap<usize, Count> = BTreeMap::new();
        for (member, _) in members.iter().zip(&free).filter(|(_, free)| **free) {
            *schemes.entry(member.scheme).or_default() += member.count;
        }
        Self {
            counts: members.iter().map(|m| m.count).collect(),
            most_positive: schemes.values().map(|c| c.positive).max().unwrap_or_default(),
            most_others: schemes.values().map(|c| c.others()).max().unwrap_or_default(),
            total: schemes.into_values().sum(),
            free,
            told,
        }
    }

    /// Whether positive answers can surely move between the target and free people outside it, whichever scheme is known.
    fn is_enough(&self, target: &[usize], count: Count, needed: i64) -> bool {
        if target.iter().any(|m| self.told.contains(m)) {
            return false;
        }
        let inside: Count = target.iter().filter(|m| self.free[**m]).map(|m| self.counts[*m]).sum();
        let rest = self.total - inside;
        let up = count.others().min((rest.positive - self.most_positive).max(0));
        let down = count.positive.min((rest.others() - self.most_others).max(0));
        up + down >= needed
    }
}
