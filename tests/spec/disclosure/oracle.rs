//! The attack's own methods against a solver, and both against trying everything.

use std::collections::BTreeSet;

use khi::domain::disclosure::Count;
use khi::domain::disclosure::attack::block::{self, Bounds, Told};
use khi::domain::disclosure::attack::crossing::flow;
use khi::domain::disclosure::attack::puzzle::{Puzzle, Range};

use super::draw::Draw;

/// A block of people: what is known of each member, of all, and of sets of them; and who is asked about.
#[derive(Debug, Clone)]
struct Block {
    members: Vec<Bounds>,
    sum: Option<i64>,
    told: Vec<Told>,
    target: Vec<usize>,
}

impl Block {
    /// Made up around a truth, so that it does not contradict itself.
    fn made(draw: &mut Draw, most_members: usize, most: i64, nested: bool) -> Self {
        let truth: Vec<(i64, i64)> = (0..1 + draw.below(most_members))
            .map(|_| {
                let n = draw.between(0, most);
                (draw.between(0, n), n)
            })
            .collect();
        let members = truth
            .iter()
            .map(|(positive, n)| match draw.below(4) {
                0 => Bounds { least: *positive, most: *positive },
                1 => Bounds { least: (positive - 1).max(0), most: (positive + 1).min(*n) },
                _ => Bounds { least: 0, most: *n },
            })
            .collect();
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for _ in 0..1 + draw.below(4) {
            let set: Vec<usize> = (0..truth.len()).filter(|_| draw.one_in(2)).collect();
            let apart = |other: &Vec<usize>| {
                let shared = set.iter().filter(|m| other.contains(m)).count();
                shared == 0 || shared == set.len() || shared == other.len()
            };
            if !set.is_empty() && (!nested || sets.iter().all(apart)) {
                sets.push(set);
            }
        }
        let target = sets.pop().unwrap_or_else(|| vec![0]);
        let told = sets
            .into_iter()
            .map(|members| {
                let positive: i64 = members.iter().map(|m| truth[*m].0).sum();
                let n: i64 = members.iter().map(|m| truth[*m].1).sum();
                let (least, most) = (draw.between(0, positive), draw.between(positive, n));
                Told { members, least, most }
            })
            .collect();
        let sum = (!draw.one_in(4)).then(|| truth.iter().map(|t| t.0).sum());
        Self { members, sum, told, target }
    }

    fn is_nested(&self) -> bool {
        let sets: Vec<&Vec<usize>> = self.told.iter().map(|t| &t.members).chain([&self.target]).collect();
        sets.iter().enumerate().all(|(i, a)| {
            sets[i + 1..].iter().all(|b| {
                let shared = a.iter().filter(|m| b.contains(m)).count();
                shared == 0 || shared == a.len() || shared == b.len()
            })
        })
    }

    /// By the solver, each member a number.
    fn solved(&self) -> Option<Range> {
        let mut puzzle = Puzzle::default();
        let numbers: Vec<usize> = self.members.iter().map(|m| puzzle.number(m.least, m.most)).collect();
        let sum = |of: &[usize]| of.iter().map(|m| (numbers[*m], 1)).collect::<Vec<_>>();
        if let Some(total) = self.sum {
            puzzle.sum(&numbers, total);
        }
        self.told.iter().for_each(|told| puzzle.told(&sum(&told.members), told.least, told.most));
        puzzle.range(&sum(&self.target))
    }

    /// By trying every number of every member.
    fn tried(&self) -> Option<Range> {
        let mut found: BTreeSet<i64> = BTreeSet::new();
        let mut values: Vec<i64> = self.members.iter().map(|m| m.least).collect();
        loop {
            let sum = |of: &[usize]| of.iter().map(|m| values[*m]).sum::<i64>();
            let all: i64 = values.iter().sum();
            let holds = |told: &Told| (told.least..=told.most).contains(&sum(&told.members));
            if self.sum.is_none_or(|total| total == all) && self.told.iter().all(holds) {
                found.insert(sum(&self.target));
            }
            let Some(next) = (0..values.len()).find(|m| values[*m] < self.members[*m].most) else { break };
            values[next] += 1;
            (0..next).for_each(|m| values[m] = self.members[m].least);
        }
        Some(Range { least: *found.first()?, most: *found.last()? })
    }
}

#[test]
fn a_block_is_bounded_as_the_solver_bounds_it() {
    let (mut nested, mut crossing) = (0, 0);
    for seed in 0..3000 {
        let block = Block::made(&mut Draw(seed), 8, 20, seed % 3 != 0);
        let (range, by_solver) = block::range(&block.members, block.sum, &block.told, &block.target);
        assert_eq!(range, block.solved(), "{seed}: {block:?}");
        assert_eq!(by_solver, !block.is_nested(), "{seed}: {block:?}");
        *(if by_solver { &mut crossing } else { &mut nested }) += 1;
    }
    assert!(nested >= 1500 && crossing >= 300, "{nested} nested, {crossing} crossing");
}

#[test]
fn a_tiny_block_is_bounded_as_trying_everything_bounds_it() {
    for seed in 0..1500 {
        let block = Block::made(&mut Draw(seed), 5, 4, seed % 2 == 0);
        let (range, _) = block::range(&block.members, block.sum, &block.told, &block.target);
        assert_eq!(range, block.tried(), "{seed}: {block:?}");
    }
}

#[test]
fn a_block_that_contradicts_itself_has_no_range() {
    let members = vec![Bounds { least: 0, most: 3 }; 3];
    let told = |least| vec![Told { members: vec![0, 1], least, most: 6 }];
    assert_eq!(block::range(&members, Some(4), &told(5), &[0]).0, None);
    assert_eq!(block::range(&members, Some(5), &told(5), &[2]).0, Some(Range { least: 0, most: 0 }));
}

/// Between what the positive answers of one cell of the first row lie, by trying every table with the same sums.
fn tables(rows: &[Vec<Count>], column: usize) -> Option<Range> {
    let width = rows[0].len();
    let cells: Vec<&Count> = rows.iter().flatten().collect();
    let row_sums: Vec<i64> = rows.iter().map(|row| row.iter().map(|c| c.positive).sum()).collect();
    let sums: Vec<i64> = (0..width).map(|c| rows.iter().map(|row| row[c].positive).sum()).collect();
    let mut values = vec![0; cells.len()];
    let mut found: BTreeSet<i64> = BTreeSet::new();
    loop {
        let rows_hold = row_sums
            .iter()
            .enumerate()
            .all(|(r, sum)| values[r * width..(r + 1) * width].iter().sum::<i64>() == *sum);
        let columns_hold = || {
            sums.iter().enumerate().all(|(c, sum)| values.iter().skip(c).step_by(width).sum::<i64>() == *sum)
        };
        if rows_hold && columns_hold() {
            found.insert(values[column]);
        }
        let Some(next) = (0..values.len()).find(|c| values[*c] < cells[*c].n) else { break };
        values[next] += 1;
        values[..next].fill(0);
    }
    Some(Range { least: *found.first()?, most: *found.last()? })
}

#[test]
fn what_flows_through_a_tiny_table_is_what_trying_everything_finds() {
    for seed in 0..400 {
        let mut draw = Draw(seed);
        let (height, width) = [(2, 2), (2, 3), (3, 2)][draw.below(3)];
        let most = if height * width > 4 { 3 } else { 6 };
        let rows: Vec<Vec<Count>> = (0..height)
            .map(|_| {
                (0..width)
                    .map(|_| {
                        let n = draw.between(0, most);
                        Count::of(draw.between(0, n), n)
                    })
                    .collect()
            })
            .collect();
        for column in 0..width {
            assert_eq!(flow(&rows, column), tables(&rows, column), "{seed}: {rows:?}");
        }
    }
}

#[test]
fn a_puzzle_is_solved_in_whole_numbers() {
    // Halves would do: 2a + 2b = 5 has no whole solution, and 2a = c with c up to 5 stops at a = 2.
    let mut puzzle = Puzzle::default();
    let (a, b) = (puzzle.number(0, 9), puzzle.number(0, 9));
    puzzle.told(&[(a, 2), (b, 2)], 5, 5);
    assert_eq!(puzzle.range(&[(a, 1)]), None);
    let mut puzzle = Puzzle::default();
    let (a, c) = (puzzle.number(0, 9), puzzle.number(0, 5));
    puzzle.told(&[(a, 2), (c, -1)], 0, 0);
    assert_eq!(puzzle.range(&[(a, 1)]), Some(Range { least: 0, most: 2 }));
    assert_eq!(puzzle.range(&[(a, 3), (c, -1)]), Some(Range { least: 0, most: 2 }));
}
