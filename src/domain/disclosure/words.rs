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
    Pooled {
        /// The figure.
        count: Count,
        /// At least so many positive answers and others in it stand in no release, also besides those of any one scheme.
        free: Count,
    },
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
    /// Of the people of now and earlier ones.
    Now {
        /// By scheme.
        parts: Vec<PoolPart>,
        /// The schemes and councils whose people are in it: pools of different people share none.
        units: BTreeSet<(String, String)>,
        /// Whether an earlier release said something in words of people in it. All that was said must stay possible, also to those who know
        /// some of the others one by one.
        worded: bool,
    },
    /// As an earlier release printed it.
    Earlier(Count),
}

/// The people of one scheme in a figure over three years.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PoolPart {
    /// All of them.
    pub all: Count,
    /// At least so many positive answers and others of earlier days that stand in no release: nothing else is known of those.
    pub free: Count,
}

impl Pool {
    /// What may be said of a figure, besides what it would tell of its neighbours.
    fn said(&self, policy: &Policy) -> Option<Said> {
        let (parts, worded) = match self {
            Self::Earlier(count) => return Some(Said::Earlier(*count)),
            Self::Now { parts, worded, .. } => (parts, *worded),
        };
        let sum = |of: fn(&PoolPart) -> Count| parts.iter().map(of).sum::<Count>();
        let (count, free) = (sum(|p| p.all), sum(|p| p.free));
        // Neither the people of now nor those of earlier releases must stand out of the pool: others in it can be what they are not.
        let enough = policy.least_each_side;
        let known = if worded { policy.coalition } else { 0 };
        let hides = |all: Count, free: Count| {
            let told = all - free;
            let of = |hidden: i64, free: i64| hidden == 0 || free >= hidden.min(enough) + known;
            of(told.others(), free.positive) && of(told.positive, free.others())
        };
        let mut sound = count.fits(policy) && hides(count, free);
        let (mut positive, mut others) = (free.positive, free.others());
        for part in parts {
            let (all, free) = (count - part.all, free - part.free);
            sound &= all.is_sound(policy) && hides(all, free);
            if !all.is_nobody() {
                (positive, others) = (positive.min(free.positive), others.min(free.others()));
            }
        }
        sound.then_some(Said::Pooled { count, free: Count::of(positive, positive + others) })
    }

    /// Whether two pools hold some of the same people, but not all.
    fn crosses(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Now { units, .. }, Self::Now { units: theirs, .. }) => {
                units != theirs && !units.is_disjoint(theirs)
            }
            _ => false,
        }
    }
}

/// The least and the most positive answers that a figure can have, given what is said of it.
pub fn bounds(said: Said, count: Count, policy: &Policy) -> (i64, i64) {
    match said {
        Said::AlmostAll => (-(-count.n * policy.band_percent).div_euclid(100), count.n),
        Said::VeryFew => (0, (count.n * (100 - policy.band_percent)).div_euclid(100)),
        Said::Earlier(_) => (0, count.n),
        Said::Pooled { free, .. } => {
            ((count.positive - free.others()).max(0), (count.positive + free.positive).min(count.n))
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
    let mut in_block: BTreeMap<usize, Vec<Spoken>> = BTreeMap::new();
    // Schemes first, the largest of them first: they are what most readers look for.
    let mut hidden: Vec<usize> =
        (0..table.cells.len()).filter(|c| !cut.printed[*c] && table.cells[*c].rank >= 3).collect();
    hidden.sort_by_key(|c| {
        (std::cmp::Reverse(table.cells[*c].rank), -table.count(&table.cells[*c].units).n, *c)
    });
    let mut pooled: Vec<&Pool> = Vec::new();
    for cell in hidden {
        // What was pooled before tells nothing of the people of now.
        if let Some(Pool::Earlier(count)) = pools.get(&cell) {
            said.insert(cell, Said::Earlier(*count));
            continue;
        }
        let pool = pools.get(&cell).filter(|pool| !pooled.iter().any(|other| pool.crosses(other)));
        let pool = pool.and_then(|pool| Some((pool, pool.said(policy)?)));
        let units = people(table, cell);
        let blocks: BTreeSet<usize> = units.iter().map(|u| block_of[*u]).collect();
        if units.is_empty() {
            // Nobody answered in the period: there is no block that the pool could open.
            if let Some((pool, words)) = pool {
                pooled.push(pool);
                said.insert(cell, words);
            }
            continue;
        }
        let Some(block) = blocks.first().copied().filter(|_| blocks.len() == 1) else { continue };
        let count = table.count(&units);
        let others = in_block.entry(block).or_default();
        // The same people as one of whom something is said already: the same is said of them, if it is true of both.
        let same = others.iter().find(|other| people(table, other.cell) == units).copied();
        if let Some(Spoken { cell: other, words, .. }) = same {
            if !matches!(words, Said::Pooled { .. }) || pools.get(&other) == pools.get(&cell) {
                said.insert(cell, words);
            }
            continue;
        }
        let apart = |other: &usize| table.cells[*other].units.iter().all(|u| units.binary_search(u).is_err());
        if !others.iter().all(|other| apart(&other.cell)) {
            continue;
        }
        for words in candidates(count, pool.map(|(_, words)| words), policy) {
            others.push(Spoken { cell, words, of: count });
            if stays_open(table, &cells_of, &cut.blocks[block].units, others, cut.blocks[block].told, policy)
            {
                if let (Said::Pooled { .. }, Some((pool, _))) = (words, pool) {
                    pooled.push(pool);
                }
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

/// What is known of a hidden figure.
#[derive(Debug, Clone, Copy)]
pub struct Spoken {
    /// The figure.
    pub cell: usize,
    /// What was said of it.
    pub words: Said,
    /// The people whom it was said of. Since a correction there can be others.
    pub of: Count,
}

/// What could be said of a figure, the best first.
fn candidates(count: Count, pooled: Option<Said>, policy: &Policy) -> Vec<Said> {
    let mut all: Vec<Said> = pooled.into_iter().collect();
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
pub(super) fn stays_open(
    table: &Table,
    cells_of: &[Vec<usize>],
    units: &[usize],
    said: &[Spoken],
    told: bool,
    policy: &Policy,
) -> bool {
    let present: Vec<usize> = units.iter().copied().filter(|u| !table.units[*u].count.is_nobody()).collect();
    let element_of: BTreeMap<usize, usize> = said
        .iter()
        .enumerate()
        .flat_map(|(e, spoken)| table.cells[spoken.cell].units.iter().map(move |u| (*u, e)))
        .collect();
    let targets: BTreeSet<usize> = present.iter().flat_map(|u| cells_of[*u].iter().copied()).collect();
    let schemes: BTreeSet<usize> = present.iter().map(|u| table.units[*u].scheme).collect();
    let known: Vec<Option<usize>> = std::iter::once(None).chain(schemes.into_iter().map(Some)).collect();
    targets.into_iter().all(|target| {
        let inside = inside_of(table, target, &present);
        // Words are meant to tell of the people of then.
        let of_then = |spoken: &&Spoken| {
            spoken.cell == target && spoken.of == table.count(&table.cells[spoken.cell].units)
        };
        let of_target = said.iter().find(of_then).map(|spoken| spoken.words);
        known.iter().all(|scheme| {
            let unknown: Vec<usize> =
                present.iter().copied().filter(|u| Some(table.units[*u].scheme) != *scheme).collect();
            // Who could be printed by themselves need not be hidden, of those who are not known.
            let left: Count = unknown
                .iter()
                .filter(|u| inside.binary_search(u).is_ok())
                .map(|u| table.units[*u].count)
                .sum();
            (of_target.is_none() && left.fits(policy))
                || is_open(table, &unknown, &inside, of_target, said, &element_of, told, policy)
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
    said: &[Spoken],
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
        let units = &table.cells[said[element].cell].units;
        units.iter().any(is_inside)
            && units.iter().any(|u| !is_inside(u) && !table.units[*u].count.is_nobody())
    };
    let slack_of = |element: usize| {
        let Spoken { words, of: count, .. } = said[element];
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
    // Sets that cross each other cannot be followed one by one: nothing is taken to move within them.
    let crossing: BTreeSet<usize> = (0..said.len()).filter(|element| holds_more(*element)).collect();
    let (mut own, mut rest, mut within) = (Slack::default(), Slack::default(), Count::default());
    let mut around: Option<usize> = None;
    let mut seen = BTreeSet::new();
    for unit in unknown {
        let count = table.units[*unit].count;
        let free = Slack { down: count.positive, up: count.others() };
        let side = if is_inside(unit) { &mut own } else { &mut rest };
        match element_of.get(unit).copied() {
            None => side.add(free),
            Some(element) if crossing.len() > 1 && crossing.contains(&element) => {}
            Some(element) if crossing.contains(&element) => {
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
        Some(Said::Pooled { .. } | Said::Earlier(_)) | None => target.n,
    };
    // Somebody may know a few of the others one by one; of them as much less is asked.
    [0, 1, policy.coalition].into_iter().all(|known| {
        let leeway = own.up.min((rest.down - known).max(0)) + own.down.min((rest.up - known).max(0));
        leeway >= needed.min(policy.least_each_side - known)
    })
}
