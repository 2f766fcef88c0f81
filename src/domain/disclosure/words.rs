//! What is said of places whose figures are not printed: pooled over three years, or in words.
//!
//! Either narrows what a hidden figure can be, and with it, since the sum of its block is known, what its neighbours can be. So each is
//! said only if everybody hidden in the block stays as open as before, also to those who know one scheme.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cut::Cut;
use super::table::Table;
use super::{Count, Policy};

/// What is said of a hidden figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// Its figure over three years, the people of now among them.
    Pooled(Count),
    /// Its figure over three years as it was printed in an earlier release: none of the people of now are in it.
    Earlier(Count),
    /// “Almost all”.
    AlmostAll,
    /// “Very few”.
    VeryFew,
}

/// A figure over three years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pool {
    /// Of the same people and earlier ones: all of them, and by scheme.
    Now(Count, Vec<Count>),
    /// As an earlier release printed it.
    Earlier(Count),
}

impl Pool {
    /// What may be said of a figure of these people, besides what it would tell of its neighbours.
    fn said(&self, now: Count, policy: &Policy) -> Option<Said> {
        match self {
            Self::Earlier(count) => Some(Said::Earlier(*count)),
            Self::Now(count, schemes) => {
                let sound = count.fits(policy) && schemes.iter().all(|one| (*count - *one).is_sound(policy));
                // The people of now must not stand out of the pool, whichever of them answered again since the earlier years.
                let earlier = *count - now;
                let enough = policy.least_each_side;
                let hides = now.is_nobody()
                    || earlier.positive >= now.others().min(enough)
                        && earlier.others() >= now.positive.min(enough);
                (sound && earlier.positive >= 0 && earlier.others() >= 0 && hides)
                    .then_some(Said::Pooled(*count))
            }
        }
    }
}

/// The least and the most positive answers that a figure can have, given what is said of it.
pub fn bounds(said: Said, count: Count, policy: &Policy) -> (i64, i64) {
    match said {
        Said::AlmostAll => (-(-count.n * policy.band_percent).div_euclid(100), count.n),
        Said::VeryFew => (0, (count.n * (100 - policy.band_percent)).div_euclid(100)),
        Said::Earlier(_) => (0, count.n),
        Said::Pooled(pooled) => {
            let earlier = pooled.n - count.n;
            ((pooled.positive - earlier).max(0), count.n.min(pooled.positive))
        }
    }
}

/// What can be said of the hidden cells of `table`. `pools` are the three-year figures of those cells that may be pooled.
pub fn say(
    table: &Table,
    cut: &Cut,
    pools: &BTreeMap<usize, Pool>,
    policy: &Policy,
) -> BTreeMap<usize, Said> {
    let cells_of = table.cells_of_units();
    let mut block_of = vec![0; table.units.len()];
    for (index, block) in cut.blocks.iter().enumerate() {
        block.units.iter().for_each(|unit| block_of[*unit] = index);
    }
    let mut said: BTreeMap<usize, Said> = BTreeMap::new();
    let mut in_block: BTreeMap<usize, Vec<(usize, Said)>> = BTreeMap::new();
    // Schemes first, the largest of them first: they are what most readers look for.
    let mut hidden: Vec<usize> =
        (0..table.cells.len()).filter(|c| !cut.printed[*c] && table.cells[*c].rank >= 3).collect();
    hidden.sort_by_key(|c| {
        (std::cmp::Reverse(table.cells[*c].rank), -table.count(&table.cells[*c].units).n, *c)
    });
    for cell in hidden {
        let units: Vec<usize> =
            table.cells[cell].units.iter().copied().filter(|u| !table.units[*u].count.is_nobody()).collect();
        let blocks: BTreeSet<usize> = units.iter().map(|u| block_of[*u]).collect();
        if units.is_empty() {
            // Nobody answered in the period: nothing is linked to the earlier answers.
            if let Some(words) = pools.get(&cell).and_then(|pool| pool.said(Count::default(), policy)) {
                said.insert(cell, words);
            }
            continue;
        }
        let Some(block) = blocks.first().copied().filter(|_| blocks.len() == 1) else { continue };
        let count = table.count(&units);
        // The same people as one of whom something is said already: the same is said of them.
        let others = in_block.entry(block).or_default();
        let same = others.iter().find(|(other, _)| people(table, *other) == units).copied();
        if let Some((_, words)) = same {
            said.insert(cell, words);
            continue;
        }
        let apart = |other: &usize| table.cells[*other].units.iter().all(|u| units.binary_search(u).is_err());
        if !others.iter().all(|(other, _)| apart(other)) {
            continue;
        }
        for words in candidates(count, pools.get(&cell), policy) {
            others.push((cell, words));
            if stays_open(table, &cells_of, &cut.blocks[block].units, others, cut.blocks[block].told, policy)
            {
                said.insert(cell, words);
                break;
            }
            others.pop();
        }
    }
    said
}

fn people(table: &Table, cell: usize) -> Vec<usize> {
    table.cells[cell].units.iter().copied().filter(|u| !table.units[*u].count.is_nobody()).collect()
}

/// What could be said of a figure, the best first.
fn candidates(count: Count, pool: Option<&Pool>, policy: &Policy) -> Vec<Said> {
    let mut all = Vec::new();
    all.extend(pool.and_then(|pool| pool.said(count, policy)));
    if count.n >= policy.least_n && count.positive * 100 >= count.n * policy.band_percent {
        all.push(Said::AlmostAll);
    } else if count.n >= policy.least_n && count.positive * 100 <= count.n * (100 - policy.band_percent) {
        all.push(Said::VeryFew);
    }
    all
}

/// How far the positive answers of some people can go down and up.
#[derive(Debug, Clone, Copy, Default)]
struct Slack {
    down: i64,
    up: i64,
}

impl Slack {
    fn add(&mut self, other: Self) {
        self.down += other.down;
        self.up += other.up;
    }
}

/// Whether everybody hidden in a block stays open, whatever one scheme of it is known.
fn stays_open(
    table: &Table,
    cells_of: &[Vec<usize>],
    units: &[usize],
    said: &[(usize, Said)],
    told: bool,
    policy: &Policy,
) -> bool {
    let present: Vec<usize> = units.iter().copied().filter(|u| !table.units[*u].count.is_nobody()).collect();
    let element_of: BTreeMap<usize, usize> = said
        .iter()
        .enumerate()
        .flat_map(|(e, (cell, _))| table.cells[*cell].units.iter().map(move |u| (*u, e)))
        .collect();
    let mut targets: BTreeSet<usize> = present.iter().flat_map(|u| cells_of[*u].iter().copied()).collect();
    targets.retain(|cell| {
        let inside = inside_of(table, *cell, &present);
        inside.len() < present.len() || said.iter().any(|(c, _)| c == cell)
    });
    let schemes: BTreeSet<usize> = present.iter().map(|u| table.units[*u].scheme).collect();
    let known: Vec<Option<usize>> = std::iter::once(None).chain(schemes.into_iter().map(Some)).collect();
    targets.into_iter().all(|target| {
        let inside = inside_of(table, target, &present);
        let of_target = said.iter().find(|(c, _)| *c == target).map(|(_, words)| *words);
        if of_target.is_none() && table.count(&inside).fits(policy) {
            return true;
        }
        known.iter().all(|scheme| {
            let unknown: Vec<usize> =
                present.iter().copied().filter(|u| Some(table.units[*u].scheme) != *scheme).collect();
            is_open(table, &unknown, &inside, of_target, said, &element_of, told, policy)
        })
    })
}

fn inside_of(table: &Table, cell: usize, present: &[usize]) -> Vec<usize> {
    present.iter().copied().filter(|u| table.cells[cell].units.binary_search(u).is_ok()).collect()
}

#[expect(clippy::too_many_arguments, reason = "one question, asked of one block")]
fn is_open(
    table: &Table,
    unknown: &[usize],
    inside: &[usize],
    of_target: Option<Said>,
    said: &[(usize, Said)],
    element_of: &BTreeMap<usize, usize>,
    told: bool,
    policy: &Policy,
) -> bool {
    let is_inside = |u: &usize| inside.binary_search(u).is_ok();
    let target: Count = unknown.iter().filter(|u| is_inside(u)).map(|u| table.units[*u].count).sum();
    if target.is_nobody() {
        return true;
    }
    // What is known of one scheme is known of all its part in an element: what is left of the element's bounds is the others'.
    let holds_more = |element: usize| {
        let units = &table.cells[said[element].0].units;
        units.iter().any(|u| is_inside(u))
            && units.iter().any(|u| !is_inside(u) && !table.units[*u].count.is_nobody())
    };
    let slack_of = |element: usize| {
        let (cell, words) = said[element];
        let count = table.count(&table.cells[cell].units);
        let (least, most) = bounds(words, count, policy);
        let left: Count = unknown
            .iter()
            .filter(|u| element_of.get(u) == Some(&element))
            .map(|u| table.units[*u].count)
            .sum();
        Slack {
            down: (count.positive - least).min(left.positive),
            up: (most - count.positive).min(left.others()),
        }
    };
    let (mut own, mut rest, mut within) = (Slack::default(), Slack::default(), Count::default());
    let mut around: Option<usize> = None;
    let mut seen = BTreeSet::new();
    for unit in unknown {
        let count = table.units[*unit].count;
        let free = Slack { down: count.positive, up: count.others() };
        let side = if is_inside(unit) { &mut own } else { &mut rest };
        match element_of.get(unit).copied() {
            None => side.add(free),
            Some(element) if holds_more(element) => {
                around = Some(element);
                if is_inside(unit) {
                    own.add(free);
                } else {
                    within += count;
                }
            }
            Some(element) => {
                if seen.insert(element) {
                    side.add(slack_of(element));
                }
            }
        }
    }
    if !told {
        rest = Slack { down: target.others(), up: target.positive };
    }
    if let Some(element) = around {
        // More inside the element must be less elsewhere in it, or go beyond its bounds.
        let slack = slack_of(element);
        rest = Slack {
            down: within.positive + rest.down.min(slack.up),
            up: within.others() + rest.up.min(slack.down),
        };
    }
    let needed = match of_target {
        // What is said is meant: all of it must stay possible.
        Some(words @ (Said::AlmostAll | Said::VeryFew)) => {
            let (least, most) = bounds(words, target, policy);
            most - least
        }
        Some(Said::Pooled(_) | Said::Earlier(_)) | None => target.n,
    };
    // Somebody may know a few of the others one by one; of them as much less is asked.
    [0, 1, policy.coalition].into_iter().all(|known| {
        let leeway = own.up.min((rest.down - known).max(0)) + own.down.min((rest.up - known).max(0));
        leeway >= needed.min(policy.least_each_side - known)
    })
}
