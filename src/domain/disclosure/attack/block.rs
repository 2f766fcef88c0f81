//! What can be found out within one block: people of whom at most their sum is known.
//!
//! Whatever holds of everybody in the block is kept by moving positive answers from some of them to others. Sets of people of whom
//! something is said lie within each other or apart, as places do; then what moves is bounded exactly by what the sets leave. Where sets
//! cross, as those of a scheme in several councils can, the solver is asked.

use std::collections::BTreeSet;

use super::puzzle::{Puzzle, Range};

/// People counted together whose number is known to the attacker, with the bounds of their positive answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least positive answers.
    pub least: i64,
    /// The most.
    pub most: i64,
}

/// A set of the block's people, and between what their positive answers are said to lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its members, ascending.
    pub members: Vec<usize>,
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
}

/// Between what the positive answers of `target` lie, given bounds of each member of the block, the block's sum if it is known, and what
/// is told of sets of members. The flag says whether the solver was asked.
pub fn range(members: &[Bounds], sum: Option<i64>, told: &[Told], target: &[usize]) -> (Option<Range>, bool) {
    let sets: Vec<&[usize]> = told.iter().map(|t| t.members.as_slice()).chain([target]).collect();
    if sets.iter().all(|a| sets.iter().all(|b| is_nested(a, b))) {
        (nested(members, sum, told, target), false)
    } else {
        (solved(members, sum, told, target), true)
    }
}

/// Whether two sets lie within each other or apart.
fn is_nested(a: &[usize], b: &[usize]) -> bool {
    let shared = a.iter().filter(|m| b.binary_search(m).is_ok()).count();
    shared == 0 || shared == a.len() || shared == b.len()
}

/// By exact propagation up and down the tree of sets.
fn nested(members: &[Bounds], sum: Option<i64>, told: &[Told], target: &[usize]) -> Option<Range> {
    let everybody: Vec<usize> = (0..members.len()).collect();
    let mut tree: Vec<Told> = told.to_vec();
    let goal = Told { members: target.to_vec(), least: i64::MIN, most: i64::MAX };
    tree.push(goal);
    let (least, most) = sum.map_or((i64::MIN, i64::MAX), |s| (s, s));
    tree.push(Told { members: everybody, least, most });
    // Larger sets first; of equal ones each lies within the one before.
    let target_at = tree.len() - 2;
    let mut order: Vec<usize> = (0..tree.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse((tree[*i].members.len(), *i)));
    let holds = |outer: usize, inner: usize| {
        tree[inner].members.iter().all(|m| tree[outer].members.binary_search(m).is_ok())
    };
    let mut parent: Vec<Option<usize>> = vec![None; tree.len()];
    for (at, node) in order.iter().enumerate() {
        parent[*node] = order[..at].iter().rev().copied().find(|outer| holds(*outer, *node));
    }
    // Upwards: what each set can come to by itself.
    let (mut low, mut high) = (vec![0; tree.len()], vec![0; tree.len()]);
    let mut owner: Vec<Option<usize>> = vec![None; members.len()];
    for node in &order {
        tree[*node].members.iter().for_each(|m| owner[*m] = Some(*node)); // the smallest set comes last
    }
    for (member, node) in owner.iter().enumerate() {
        if let Some(node) = node {
            low[*node] += members[member].least;
            high[*node] += members[member].most;
        }
    }
    let (mut parts_low, mut parts_high) = (low.clone(), high.clone());
    for node in order.iter().rev() {
        low[*node] = parts_low[*node].max(tree[*node].least);
        high[*node] = parts_high[*node].min(tree[*node].most);
        if low[*node] > high[*node] {
            return None;
        }
        if let Some(outer) = parent[*node] {
            parts_low[outer] += low[*node];
            parts_high[outer] += high[*node];
        }
    }
    // Downwards: what the others leave to it.
    let (mut least, mut most) = (low.clone(), high.clone());
    for node in &order {
        if let Some(outer) = parent[*node] {
            least[*node] = low[*node].max(least[outer] - (parts_high[outer] - high[*node]));
            most[*node] = high[*node].min(most[outer] - (parts_low[outer] - low[*node]));
        }
    }
    Some(Range { least: least[target_at], most: most[target_at] })
}

/// By the solver: members in the same sets are one number.
pub(super) fn solved(members: &[Bounds], sum: Option<i64>, told: &[Told], target: &[usize]) -> Option<Range> {
    let mut puzzle = Puzzle::default();
    let signature = |member: usize| -> Vec<bool> {
        let sets = told.iter().map(|t| t.members.as_slice()).chain([target]);
        sets.map(|set| set.binary_search(&member).is_ok()).collect()
    };
    let signatures: Vec<Vec<bool>> = (0..members.len()).map(signature).collect();
    let kinds: BTreeSet<&Vec<bool>> = signatures.iter().collect();
    let numbers: Vec<(&Vec<bool>, usize)> = kinds
        .into_iter()
        .map(|kind| {
            let of_kind = || signatures.iter().zip(members).filter(|(s, _)| *s == kind).map(|(_, m)| m);
            (kind, puzzle.number(of_kind().map(|m| m.least).sum(), of_kind().map(|m| m.most).sum()))
        })
        .collect();
    if let Some(sum) = sum {
        let all: Vec<usize> = numbers.iter().map(|(_, number)| *number).collect();
        puzzle.sum(&all, sum);
    }
    let of_set = |set: usize| -> Vec<(usize, i64)> {
        numbers.iter().filter(|(kind, _)| kind[set]).map(|(_, number)| (*number, 1)).collect()
    };
    for (index, told) in told.iter().enumerate() {
        puzzle.told(&of_set(index), told.least, told.most);
    }
    puzzle.range(&of_set(told.len()))
}
