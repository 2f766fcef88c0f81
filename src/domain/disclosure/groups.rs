//! One-way breakdowns: of each place all groups are printed or none.
//!
//! The groups of a place are columns, places are rows. Where the groups of some places are printed and those of the place around them,
//! what is left of each column must be sound as well. Within what is left only the sums of rows and columns are known; a hidden group
//! stays open as long as positive answers can move round a rectangle of two rows and two columns.

use std::collections::{BTreeMap, BTreeSet};

use super::{Count, Policy};

/// People by scheme.
pub type Schemes = BTreeMap<usize, Count>;

/// A place with its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPlace {
    /// The place around it; none for the UK.
    pub parent: Option<usize>,
    /// Whether its figure of everybody is printed.
    pub printed: bool,
    /// Its people by scheme.
    pub everybody: Schemes,
    /// The people of each group by scheme; the same groups in the same order for every place.
    pub groups: Vec<Schemes>,
}

/// A breakdown of one table. The first place is the UK; every place comes after the one around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTable {
    /// The places.
    pub places: Vec<GroupPlace>,
    /// Whether a person can be in several groups.
    pub several: bool,
}

/// Of a place, or of what is left of one: by column, people by scheme.
pub type Columns = Vec<Schemes>;

impl GroupTable {
    /// The columns of a place. Where nobody is in two groups: the groups, and those who are in none. Otherwise each group, and all others.
    pub fn columns(&self, place: usize) -> Columns {
        let of = &self.places[place];
        if self.several {
            return of.groups.iter().flat_map(|group| [group.clone(), less(&of.everybody, group)]).collect();
        }
        let none = of.groups.iter().fold(of.everybody.clone(), |left, group| less(&left, group));
        of.groups.iter().cloned().chain([none]).collect()
    }

    /// The columns that share their people with `column` in a place: where it is more, they are less.
    fn opposite(&self, columns: usize, column: usize) -> Vec<usize> {
        if self.several { vec![column ^ 1] } else { (0..columns).filter(|c| *c != column).collect() }
    }

    /// Of each place, whether its groups are printed.
    pub fn print(&self, policy: &Policy) -> Vec<bool> {
        let columns: Vec<Columns> = (0..self.places.len()).map(|place| self.columns(place)).collect();
        let may = |place: &usize| {
            self.places[*place].printed && columns[*place].iter().all(|column| is_sound(column, policy))
        };
        let mut printed = vec![false; self.places.len()];
        let mut open: Vec<usize> = (0..self.places.len()).filter(may).collect();
        // A place whose parts cannot be kept apart takes its own groups back, and the choice begins anew without it.
        while open.first() == Some(&0) {
            printed.fill(false);
            printed[0] = true;
            let mut failed = None;
            for place in 0..self.places.len() {
                if printed[place] && !self.print_parts(place, &open, &columns, &mut printed, policy) {
                    failed = Some(place);
                    break;
                }
            }
            match failed {
                None => return printed,
                Some(place) => open.retain(|other| *other != place),
            }
        }
        printed.fill(false);
        printed
    }

    /// Chooses which parts of `place` print their groups; false if the groups of the place itself could be taken apart.
    fn print_parts(
        &self,
        place: usize,
        open: &[usize],
        columns: &[Columns],
        printed: &mut [bool],
        policy: &Policy,
    ) -> bool {
        let parts: Vec<usize> =
            (0..self.places.len()).filter(|p| self.places[*p].parent == Some(place)).collect();
        let mut shown: Vec<usize> = parts.iter().copied().filter(|p| open.contains(p)).collect();
        shown.sort_by_key(|p| -total(&self.places[*p].everybody).n);
        loop {
            let rest = shown.iter().fold(columns[place].clone(), |left, part| {
                left.iter().zip(&columns[*part]).map(|(a, b)| less(a, b)).collect()
            });
            let hidden = self.inside(&parts, &shown);
            let sound = rest.iter().all(|column| is_sound(column, policy));
            let is_open = |place: &usize| {
                let others = self.other_rows(*place, &hidden, &rest, columns);
                self.stays_open(&columns[*place], &others, policy)
            };
            if sound && hidden.iter().all(is_open) {
                shown.iter().for_each(|part| printed[*part] = true);
                return true;
            }
            if shown.pop().is_none() {
                return false;
            }
        }
    }

    /// The parts that are not shown, and everything within them.
    pub fn inside(&self, parts: &[usize], shown: &[usize]) -> Vec<usize> {
        let mut inside: Vec<usize> = parts.iter().copied().filter(|p| !shown.contains(p)).collect();
        let mut next = 0;
        while let Some(place) = inside.get(next).copied() {
            inside.extend((0..self.places.len()).filter(|p| self.places[*p].parent == Some(place)));
            next += 1;
        }
        inside
    }

    /// The smallest of the `hidden` places outside `place`, and what is left of `rest` besides all of them.
    pub fn other_rows(
        &self,
        place: usize,
        hidden: &[usize],
        rest: &Columns,
        columns: &[Columns],
    ) -> Vec<Columns> {
        let within = |mut inner: usize| {
            while inner != place {
                match self.places[inner].parent {
                    Some(parent) => inner = parent,
                    None => return false,
                }
            }
            true
        };
        let is_smallest = |p: &usize| !hidden.iter().any(|other| self.places[*other].parent == Some(*p));
        let others: Vec<usize> = hidden.iter().copied().filter(|p| is_smallest(p) && !within(*p)).collect();
        let left = others.iter().chain([&place]).fold(rest.clone(), |left, row| {
            left.iter().zip(&columns[*row]).map(|(a, b)| less(a, b)).collect()
        });
        let mut rows: Vec<Columns> = others.into_iter().map(|row| columns[row].clone()).collect();
        if left.iter().any(|column| !column.is_empty()) {
            rows.push(left);
        }
        rows
    }

    /// Whether each hidden group of a row could be almost anything, for whoever knows the sums of rows and columns, and for those who know
    /// one scheme of it or a few people.
    fn stays_open(&self, own: &Columns, others: &[Columns], policy: &Policy) -> bool {
        let all = || others.iter().flatten().chain(own).flat_map(|column| column.keys().copied());
        let schemes: BTreeSet<usize> = all().collect();
        (0..own.len()).all(|column| {
            let here = total(&own[column]);
            if here.is_nobody() {
                return true;
            }
            std::iter::once(None).chain(schemes.iter().copied().map(Some)).all(|scheme| {
                let without = |column: &Schemes| {
                    total(column) - scheme.and_then(|s| column.get(&s)).copied().unwrap_or_default()
                };
                let target = without(&own[column]);
                // Who could be printed by themselves need not be hidden, of those who are not known.
                if target.fits(policy) {
                    return true;
                }
                // Round one rectangle: with the row that leaves most room.
                let (mut up, mut down) = (0, 0);
                for row in others {
                    let above = without(&row[column]);
                    let (mut more, mut fewer) = (0, 0);
                    for other in self.opposite(own.len(), column) {
                        let (beside, across) = (without(&own[other]), without(&row[other]));
                        more += beside.positive.min(across.others());
                        fewer += beside.others().min(across.positive);
                    }
                    up = up.max(more.min(above.positive));
                    down = down.max(fewer.min(above.others()));
                }
                let known = if scheme.is_none() { vec![0, 1, policy.coalition] } else { vec![0] };
                known.into_iter().all(|known| {
                    let up = target.others().min(up - known).max(0);
                    let down = target.positive.min(down - known).max(0);
                    up + down >= target.n.min(policy.least_each_side - known)
                })
            })
        })
    }
}

/// All people of a column.
pub fn total(schemes: &Schemes) -> Count {
    schemes.values().copied().sum()
}

/// One column less another.
pub fn less(all: &Schemes, part: &Schemes) -> Schemes {
    let mut left = all.clone();
    for (scheme, count) in part {
        let of = left.entry(*scheme).or_default();
        *of = *of - *count;
    }
    left.retain(|_, count| *count != Count::default());
    left
}

/// Whether a column may be known, also to somebody who knows one scheme of it.
pub fn is_sound(column: &Schemes, policy: &Policy) -> bool {
    let all = total(column);
    all.is_sound(policy) && column.values().all(|scheme| (all - *scheme).is_sound(policy))
}
