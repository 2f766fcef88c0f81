//! The intruder: knows every printed number of every release, how many answers of each kind are in which of them, and some answers;
//! and wants to know those that are hidden. That it cannot is shown by another world, which prints the same; where none is found quickly, a
//! solver decides. Nothing in here comes from what it attacks.

use std::collections::{BTreeMap, BTreeSet};

use super::exact;
use super::reading::{Hidden, Readings, whole};
use super::world::World;

/// Answers that nobody can tell apart by what is printed.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) scheme: usize,
    pub(super) n: i64,
    pub(super) positive: i64,
    /// The sums that they are in.
    pub(super) sums: Vec<usize>,
    /// The parts into which sums take people, and what is said of them: their numbers.
    parts: Vec<usize>,
}

/// What somebody knows: of each kind positive answers and others.
#[derive(Debug, Clone, Default)]
pub(super) struct Knows {
    pub(super) who: String,
    pub(super) of: BTreeMap<usize, (i64, i64)>,
    pub(super) one_by_one: i64,
}

/// What was said of a place, as far as it tells of a hidden figure.
struct Words {
    /// Whether it was said of that figure's own place.
    of_place: bool,
    /// The people of the place, then and now.
    meant: Vec<BTreeSet<usize>>,
    /// Those of then.
    of: Vec<usize>,
    least: i64,
    most: i64,
}

/// What came out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    pub(crate) leaks: Vec<String>,
    pub(crate) questions: usize,
    pub(crate) searched: usize,
    pub(crate) solved: usize,
    pub(crate) hidden: usize,
    pub(crate) seconds: f64,
}

pub(super) struct Intruder<'a> {
    pub(super) kinds: Vec<Kind>,
    /// By number of a part: how far from its sum it may go down and up.
    slack: Vec<(i64, i64)>,
    pub(super) readings: &'a Readings,
    kind_of: BTreeMap<usize, usize>,
    of_part: Vec<Vec<usize>>,
    /// Parts that are not printed, only taken to be known.
    assumed: BTreeSet<usize>,
}

/// Attacks every hidden figure.
pub(crate) fn attack(world: &World, readings: &Readings) -> Findings {
    let mut findings = Findings { leaks: readings.wrong.clone(), ..Findings::default() };
    if !readings.wrong.is_empty() {
        return findings;
    }
    for readings in std::iter::once(readings).chain(&readings.grouped) {
        let intruder = Intruder::new(world, readings);
        intruder.small_parts(&mut findings);
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        for hidden in readings.hidden.iter().chain(&readings.moved) {
            if seen.insert(hidden.of.iter().copied().collect()) {
                intruder.attack(hidden, &mut findings);
            }
        }
    }
    findings
}

/// Whether people can be printed by themselves.
fn fits(n: i64, positive: i64) -> bool {
    n >= 10 && positive >= 5 && n - positive >= 5
}

impl<'a> Intruder<'a> {
    fn new(world: &World, readings: &'a Readings) -> Self {
        // Of each answer, the sums that it is in and the figures that are hidden of it.
        let mut marks: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (number, sum) in readings.sums.iter().enumerate() {
            sum.of.iter().for_each(|e| marks.entry(*e).or_default().0.push(number));
        }
        for (number, hidden) in readings.hidden.iter().chain(&readings.moved).enumerate() {
            hidden.of.iter().for_each(|e| marks.entry(*e).or_default().1.push(number));
        }
        let mut parts: BTreeMap<(&str, Vec<usize>), usize> = BTreeMap::new();
        let mut slack = Vec::new();
        let mut numbers: BTreeMap<(usize, usize, Vec<usize>, Vec<usize>), usize> = BTreeMap::new();
        let (mut kinds, mut kind_of) = (Vec::<Kind>::new(), BTreeMap::new());
        for (event, (sums, hidden)) in marks {
            let of = &world.events[event];
            let number = *numbers.entry((of.scheme, of.council, sums.clone(), hidden)).or_insert_with(|| {
                let mut by_family: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                sums.iter().for_each(|s| by_family.entry(&readings.sums[*s].family).or_default().push(*s));
                let own = by_family.into_iter().map(|(family, of)| {
                    let sum = &readings.sums[of[0]];
                    let truth = whole(sum.of.iter().filter(|e| world.events[**e].positive).count());
                    *parts.entry((family, of)).or_insert_with(|| {
                        slack.push((truth - sum.least, sum.most - truth));
                        slack.len() - 1
                    })
                });
                let own = own.collect();
                kinds.push(Kind { scheme: of.scheme, n: 0, positive: 0, sums, parts: own });
                kinds.len() - 1
            });
            kinds[number].n += 1;
            kinds[number].positive += i64::from(of.positive);
            kind_of.insert(event, number);
        }
        let mut of_part = vec![Vec::new(); slack.len()];
        for (number, kind) in kinds.iter().enumerate() {
            kind.parts.iter().for_each(|part| of_part[*part].push(number));
        }
        let assumed = parts.iter().filter(|((family, _), _)| *family == "rows").map(|(_, p)| *p).collect();
        Self { kinds, slack, readings, kind_of, of_part, assumed }
    }

    /// What printed figures take apart must be large enough, also for whoever knows one scheme.
    fn small_parts(&self, findings: &mut Findings) {
        for (part, of) in self.of_part.iter().enumerate() {
            if self.assumed.contains(&part) {
                continue;
            }
            let mut schemes: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
            for kind in of.iter().map(|k| &self.kinds[*k]) {
                let count = schemes.entry(kind.scheme).or_default();
                (count.0, count.1) = (count.0 + kind.n, count.1 + kind.positive);
            }
            let (n, positive) = schemes.values().fold((0, 0), |(n, k), s| (n + s.0, k + s.1));
            let sum = self.kinds[of[0]]
                .sums
                .iter()
                .find(|s| self.slack[part] == (0, 0) && of.iter().all(|k| self.kinds[*k].sums.contains(s)));
            let Some(sum) = sum.map(|s| &self.readings.sums[*s]).filter(|sum| sum.least == sum.most) else {
                continue;
            };
            if !fits(n, positive) {
                findings.leaks.push(format!("{}: {positive} of {n} are told", sum.family));
            }
            for (scheme, (of_n, of_k)) in schemes {
                if n > of_n && !fits(n - of_n, positive - of_k) {
                    let (n, positive) = (n - of_n, positive - of_k);
                    findings
                        .leaks
                        .push(format!("{}: {positive} of {n} are told to s{scheme:03}", sum.family));
                }
            }
        }
    }

    fn attack(&self, hidden: &Hidden, findings: &mut Findings) {
        let all: BTreeSet<usize> = hidden.of.iter().map(|e| self.kind_of[e]).collect();
        // Printed parts of it are no secret; what is left of it is.
        let is_told = |kind: &usize| {
            self.kinds[*kind].parts.iter().any(|part| {
                self.slack[*part] == (0, 0) && self.of_part[*part].iter().all(|other| all.contains(other))
            })
        };
        let inside: BTreeSet<usize> = all.iter().copied().filter(|kind| !is_told(kind)).collect();
        // What was said in words, in whichever release, is meant to be known: of the place itself, also where others have come or gone since,
        // or of the very people whom somebody does not know.
        let kinds_of = |of: &BTreeSet<usize>| of.iter().map(|e| self.kind_of[e]).collect::<BTreeSet<usize>>();
        let words: Vec<Words> = self
            .readings
            .words
            .iter()
            .map(|(place, of, least, most)| {
                let is_now = |other: &&Hidden| other.release == hidden.release && other.place == *place;
                let now = self.readings.hidden.iter().filter(is_now).map(|other| &other.of);
                Words {
                    of_place: *place == hidden.place,
                    meant: now.chain([of]).map(kinds_of).collect(),
                    of: kinds_of(of).into_iter().collect(),
                    least: *least,
                    most: *most,
                }
            })
            .filter(|words| words.of.iter().any(|kind| inside.contains(kind)))
            .collect();
        let count = |of: &mut dyn Iterator<Item = &usize>, knows: &Knows| {
            of.fold((0, 0), |(n, k), kind| {
                let (known, others) = knows.of.get(kind).copied().unwrap_or_default();
                (n + self.kinds[*kind].n - known - others, k + known)
            })
        };
        let n = count(&mut inside.iter(), &Knows::default()).0;
        let positive: i64 = inside.iter().map(|kind| self.kinds[*kind].positive).sum();
        if n == 0 {
            return;
        }
        // Who could be printed by themselves need not be hidden, of those whom somebody does not know. Few people known one by one
        // change nothing of that.
        let may_be_told = |knows: &Knows| {
            let known = count(&mut inside.iter(), knows);
            let (n, positive) =
                if knows.one_by_one > 0 { (n, positive) } else { (known.0, positive - known.1) };
            fits(n, positive)
        };
        findings.hidden += 1;
        let needed = |inside: &BTreeSet<usize>, knows: &Knows| {
            let n = count(&mut inside.iter(), knows).0;
            let mut least = n.min(5 - knows.one_by_one);
            let unknown = |of: &mut dyn Iterator<Item = &usize>| -> BTreeSet<usize> {
                of.filter(|kind| count(&mut std::iter::once(*kind), knows).0 > 0).copied().collect()
            };
            for Words { of_place, meant, of, least: from, most: to } in &words {
                let these = unknown(&mut inside.iter());
                if !of_place && meant.iter().all(|of| unknown(&mut of.iter()) != these) {
                    continue;
                }
                let known = count(&mut of.iter(), knows).1;
                let within = count(&mut of.iter().filter(|k| inside.contains(k)), knows).0;
                let outside = count(&mut of.iter().filter(|k| !inside.contains(k)), knows).0;
                let (from, to) = ((from - known - outside).max(0), (to - known).min(within));
                least = least.min((to - from).max(0) + n - within);
            }
            least
        };
        let mut question = |knows: &Knows| {
            if may_be_told(knows) {
                return None;
            }
            let wanted = needed(&inside, knows);
            if let Some(touched) = self.ask(&inside, knows, wanted, findings) {
                return Some(touched);
            }
            // So many may have come in a correction that they could be printed themselves: what is left must be open.
            let left: BTreeSet<usize> =
                inside.difference(&self.told_of_moved(&inside, knows)).copied().collect();
            if left.len() < inside.len() && self.ask(&left, knows, needed(&left, knows), findings).is_some() {
                return None;
            }
            let range = exact::range(self, &inside, knows);
            let width = range.map(|(least, most)| most - least);
            // Or so many more or fewer than in the release before, of whom no more is told than is meant by the words of then.
            let is_before = |other: &&Hidden| {
                other.place == hidden.place && other.of != hidden.of && !other.of.is_disjoint(&hidden.of)
            };
            // Or it was told as much by one of the two releases alone: a correction tells no more.
            let of_one = hidden.only.is_some_and(|release| {
                let own = exact::range_of(self, &inside, knows, |family| family_is_of(family, release));
                own.map(|(least, most)| most - least) == width && width.is_some()
            });
            let alike = of_one
                || self.readings.hidden.iter().filter(is_before).any(|other| {
                    let before: BTreeSet<usize> = other.of.iter().map(|e| self.kind_of[e]).collect();
                    let sum = |of: &BTreeSet<usize>, side: fn(&Kind) -> i64| -> i64 {
                        of.iter().map(|k| side(&self.kinds[*k])).sum()
                    };
                    let more = sum(&inside, |k| k.n) - sum(&before, |k| k.n);
                    let positive = sum(&inside, |k| k.positive) - sum(&before, |k| k.positive);
                    let then = exact::range(self, &before, knows).map(|(least, most)| most - least);
                    (fits(more, positive) || fits(-more, -positive))
                        && then == width
                        && then.is_some_and(|then| then >= needed(&before, knows))
                });
            if alike {
                return None;
            }
            let range = range.map_or("nothing".to_owned(), |(a, b)| format!("{a} to {b}"));
            findings.leaks.push(format!("{} to {}: {range}, not {wanted} wide", hidden.name, knows.who));
            None
        };
        let linked = || (0..self.kinds.len()).filter(|k| !self.kinds[*k].parts.is_empty()).collect();
        let reader = Knows { who: "whoever reads".to_owned(), ..Knows::default() };
        let touched: BTreeSet<usize> = question(&reader).unwrap_or_else(linked);
        let schemes: BTreeSet<usize> = touched.iter().map(|k| self.kinds[*k].scheme).collect();
        for scheme in schemes {
            let own = self.kinds.iter().enumerate().filter(|(_, kind)| kind.scheme == scheme);
            let of = own.map(|(k, kind)| (k, (kind.positive, kind.n - kind.positive))).collect();
            question(&Knows { who: format!("s{scheme:03}"), of, one_by_one: 0 });
        }
        for kind in touched {
            for people in [1, 3] {
                let (n, positive) = (self.kinds[kind].n, self.kinds[kind].positive);
                let people = people.min(n);
                for known in 0..=people {
                    if known <= positive && people - known <= n - positive {
                        question(&Knows {
                            who: format!("{people} of s{:03}, {known} positive", self.kinds[kind].scheme),
                            of: BTreeMap::from([(kind, (known, people - known))]),
                            one_by_one: people,
                        });
                    }
                }
            }
        }
    }

    /// Kinds inside that came in a correction, or went, and are told exactly, but are so many that they may be.
    fn told_of_moved(&self, inside: &BTreeSet<usize>, knows: &Knows) -> BTreeSet<usize> {
        let mut told = BTreeSet::new();
        for moved in &self.readings.moved {
            let of: BTreeSet<usize> = moved.of.iter().map(|e| self.kind_of[e]).collect();
            let sum = |side: fn(&Kind) -> i64| of.iter().map(|k| side(&self.kinds[*k])).sum::<i64>();
            let is_large = fits(sum(|kind| kind.n), sum(|kind| kind.positive));
            if is_large && of.is_subset(inside) {
                let range = exact::range(self, &of, knows);
                if range.is_some_and(|(least, most)| least == most) {
                    told.extend(of);
                }
            }
        }
        told
    }

    /// Whether the positive answers inside can be as many different numbers as they need to be; gives the kinds whose answers change.
    fn ask(
        &self,
        inside: &BTreeSet<usize>,
        knows: &Knows,
        needed: i64,
        findings: &mut Findings,
    ) -> Option<BTreeSet<usize>> {
        findings.questions += 1;
        if needed <= 0 {
            return Some(BTreeSet::new());
        }
        if let Some(touched) = self.exchange(inside, knows, needed) {
            return Some(touched);
        }
        findings.searched += 1;
        if let Some(touched) = self.search(inside, knows, needed) {
            return Some(touched);
        }
        findings.solved += 1;
        let range = exact::range(self, inside, knows);
        let is_open = range.is_some_and(|(least, most)| most - least >= needed);
        is_open.then(|| (0..self.kinds.len()).filter(|k| !self.kinds[*k].parts.is_empty()).collect())
    }

    fn room(&self, kind: usize, knows: &Knows) -> (i64, i64) {
        let (known, others) = knows.of.get(&kind).copied().unwrap_or_default();
        let of = &self.kinds[kind];
        (of.n - of.positive - others, of.positive - known)
    }

    /// Two people in the very same sums change places, one of them inside.
    fn exchange(&self, inside: &BTreeSet<usize>, knows: &Knows, needed: i64) -> Option<BTreeSet<usize>> {
        let mut touched = BTreeSet::new();
        let (mut up, mut down) = (0, 0);
        let mut alike: BTreeMap<&[usize], (i64, i64)> = BTreeMap::new();
        for kind in inside {
            let (more, fewer) = self.room(*kind, knows);
            let of = alike.entry(&self.kinds[*kind].parts).or_default();
            (of.0, of.1) = (of.0 + more, of.1 + fewer);
        }
        for (parts, (more, fewer)) in alike {
            let Some(first) = parts.first() else {
                (up, down) = (up + more, down + fewer);
                continue;
            };
            let others = self.of_part[*first].iter().filter(|k| self.kinds[**k].parts == parts);
            let (mut above, mut below) = (0, 0);
            for kind in others {
                touched.insert(*kind);
                if !inside.contains(kind) {
                    let (more, fewer) = self.room(*kind, knows);
                    (above, below) = (above + more, below + fewer);
                }
            }
            (up, down) = (up + more.min(below), down + fewer.min(above));
        }
        (up + down >= needed).then_some(touched)
    }

    /// Chains of answers that change together.
    fn search(&self, inside: &BTreeSet<usize>, knows: &Knows, needed: i64) -> Option<BTreeSet<usize>> {
        let mut width = 0;
        let mut touched = BTreeSet::new();
        for direction in [1, -1] {
            let mut state = State {
                change: vec![0; self.kinds.len()],
                off: vec![0; self.slack.len()],
                inside: 0,
                steps: 0,
            };
            while width < needed {
                state.steps = 0;
                let found = (1..=6).any(|depth| self.step(&mut state, inside, knows, direction, depth));
                if !found {
                    break;
                }
                width += 1;
            }
            touched.extend((0..self.kinds.len()).filter(|k| state.change[*k] != 0));
            self.check(&state.change, knows);
        }
        (width >= needed).then_some(touched)
    }

    /// Changes up to `depth` more answers, so that one more inside is changed in `direction` and all parts are as they were printed.
    fn step(
        &self,
        state: &mut State,
        inside: &BTreeSet<usize>,
        knows: &Knows,
        direction: i64,
        depth: usize,
    ) -> bool {
        let wrong = state.off.iter().enumerate().find(|(part, off)| {
            let (down, up) = self.slack[*part];
            **off < -down || **off > up
        });
        let (candidates, sign): (Vec<usize>, i64) = match wrong {
            None if state.inside == direction => {
                state.inside = 0;
                return true;
            }
            None => (inside.iter().copied().collect(), direction),
            Some((part, off)) => (self.of_part[part].clone(), -off.signum()),
        };
        if depth == 0 || state.steps > 4000 {
            return false;
        }
        for kind in candidates {
            state.steps += 1;
            let (more, fewer) = self.room(kind, knows);
            let next = state.change[kind] + sign;
            if next > more || next < -fewer || (inside.contains(&kind) && wrong_way(state, direction, sign)) {
                continue;
            }
            let apply = |by: i64, state: &mut State| {
                state.change[kind] += by;
                state.inside += if inside.contains(&kind) { by } else { 0 };
                self.kinds[kind].parts.iter().for_each(|part| state.off[*part] += by);
            };
            apply(sign, state);
            if self.step(state, inside, knows, direction, depth - 1) {
                return true;
            }
            apply(-sign, state);
        }
        false
    }

    /// Another world must print the same.
    fn check(&self, change: &[i64], knows: &Knows) {
        for (number, sum) in self.readings.sums.iter().enumerate() {
            let own = |k: &usize| self.kinds[*k].sums.contains(&number);
            let of = (0..self.kinds.len()).filter(own);
            let value: i64 = of.map(|k| self.kinds[k].positive + change[k]).sum();
            assert!((sum.least..=sum.most).contains(&value), "{}: {value}", sum.family);
        }
        for (kind, (known, others)) in &knows.of {
            let value = self.kinds[*kind].positive + change[*kind];
            assert!(value >= *known && value <= self.kinds[*kind].n - others, "what is known");
        }
    }
}

/// Whether a sum is printed in a release.
fn family_is_of(family: &str, release: usize) -> bool {
    family.split(':').next() == Some(release.to_string().as_str())
}

fn wrong_way(state: &State, direction: i64, sign: i64) -> bool {
    (state.inside + sign) * direction > 1
}

struct State {
    change: Vec<i64>,
    off: Vec<i64>,
    inside: i64,
    steps: usize,
}
