//! What a scheme is shown of its own figures, and when: so that nobody's answer can be told, however often somebody looks.
//!
//! Whoever works in a scheme knows who answered on which day, and sees every state of a figure. The difference of two states is then
//! the answer of a few people: where all of those said the same, what each of them said. So a figure moves only when enough answers have
//! come or gone, and what is shown of it is exact only in the window in which no answer can be told from everything shown before. Beyond
//! the window's ends it says no more than “this or more”, “this or fewer”.
//!
//! The window depends on who answered and on what was shown, never on what anybody said. So neither does the choice between showing
//! and hiding say more than what is shown. [ADR 22](../../../docs/adr/0022-steady-figures.md) has the argument.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::network::Network;

/// How many answers must have come or gone before a figure moves.
const LEAST_MOVED: usize = 5;
/// People known to somebody who looks, beside those who chose to share: the figure tells nobody's answer to one who knows one other.
const INSIDERS: i64 = 1;

/// An answer as a figure counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// From 0 to the figure's greatest value; of a share 0 or 1.
    pub value: i64,
    /// Whether the scheme may read it anyway, since the person chose so.
    pub known: bool,
}

/// What is shown of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// How many answers are in it.
    pub n: i64,
    /// Their sum is at least this ...
    pub least: i64,
    /// ... and at most this. Where both are the same, it is exact.
    pub most: i64,
}

/// One figure of one scheme with everything that was ever shown of it. No answer is in here, only whose are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SteadyFigure {
    /// What was shown each time of the sum of those answers that nobody in the scheme knows: its least and its most.
    rounds: Vec<(i64, i64)>,
    /// The answers that are in it, and since which time.
    standing: BTreeMap<String, usize>,
    /// The answers that were in it: since which time, and before which they were out. They do not come back.
    gone: BTreeMap<String, (usize, usize)>,
    /// Those of them that were erased: since, before, how many.
    erased: Vec<(usize, usize, i64)>,
    /// The greatest value that an answer in it can have.
    greatest: i64,
    /// What is shown now.
    shown: Option<Shown>,
}

impl SteadyFigure {
    /// What is shown now; nothing before there is enough.
    pub fn shown(&self) -> Option<Shown> {
        self.shown
    }

    /// Shows the state with these answers, if that tells nobody's; says whether anything changed. Values go up to `greatest`.
    /// Where answers were taken out and the new state cannot be shown, nothing is shown any more.
    pub fn renew(&mut self, answers: &BTreeMap<String, Counted>, greatest: i64) -> bool {
        let kept = |id: &String| !self.gone.contains_key(id);
        let hidden: BTreeMap<&String, i64> =
            answers.iter().filter(|(id, a)| !a.known && kept(id)).map(|(id, a)| (id, a.value)).collect();
        let came = hidden.keys().filter(|id| !self.standing.contains_key(**id)).count();
        let left: Vec<String> =
            self.standing.keys().filter(|id| !hidden.contains_key(*id)).cloned().collect();
        if came.max(left.len()) < LEAST_MOVED {
            return false;
        }
        let taken_out = !left.is_empty();
        let mut next = self.clone();
        next.greatest = next.greatest.max(greatest);
        let now = next.rounds.len();
        for id in left {
            if let Some(since) = next.standing.remove(&id) {
                next.gone.insert(id, (since, now));
            }
        }
        for id in hidden.keys() {
            next.standing.entry((*id).clone()).or_insert(now);
        }
        let Some((low, high)) = next.window() else {
            let hides = taken_out && self.shown.is_some();
            self.shown = self.shown.filter(|_| !hides);
            return hides;
        };
        let sum: i64 = hidden.values().sum();
        let most = whole(hidden.len()).saturating_mul(next.greatest);
        let round = if sum >= high {
            (high, most)
        } else if sum <= low {
            (0, low)
        } else {
            (sum, sum)
        };
        next.rounds.push(round);
        let known: Vec<i64> = answers.values().filter(|a| a.known).map(|a| a.value).collect();
        let known_sum: i64 = known.iter().sum();
        next.shown = Some(Shown {
            n: whole(hidden.len() + known.len()),
            least: round.0 + known_sum,
            most: round.1 + known_sum,
        });
        *self = next;
        true
    }

    /// Forgets which answers were those of erased responses; that they were counted was shown, and stays.
    pub fn forget(&mut self, is_erased: impl Fn(&str) -> bool) {
        let now = self.rounds.len();
        let standing: Vec<String> = self.standing.keys().filter(|id| is_erased(id)).cloned().collect();
        for id in standing {
            let since = self.standing.remove(&id).unwrap_or(now);
            self.erased.push((since, now, 1));
        }
        let gone: Vec<String> = self.gone.keys().filter(|id| is_erased(id)).cloned().collect();
        for id in gone {
            if let Some((since, before)) = self.gone.remove(&id) {
                self.erased.push((since, before, 1));
            }
        }
    }

    /// Answers that were in the figure at the same times, as those who look know them: since, before, how many. The time that is
    /// about to be shown is the last.
    fn classes(&self) -> BTreeMap<(usize, usize), i64> {
        let end = self.rounds.len() + 1;
        let mut classes: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        let standing = self.standing.values().map(|since| (*since, end, 1));
        let gone = self.gone.values().map(|(since, before)| (*since, *before, 1));
        for (since, before, count) in standing.chain(gone).chain(self.erased.iter().copied()) {
            *classes.entry((since, before)).or_default() += count;
        }
        classes
    }

    /// Within which sums the exact one may be shown, ends not included: from each class of answers there stay, at each of them and
    /// at both ends, answers of either kind. None if there is no such window.
    fn window(&self) -> Option<(i64, i64)> {
        let greatest = self.greatest;
        let end = self.rounds.len() + 1;
        let mut network = Network::of(end + 1);
        let classes: Vec<(usize, i64)> = self
            .classes()
            .into_iter()
            .map(|((since, before), count)| {
                (network.add(since, before, 0, count.saturating_mul(greatest)), count)
            })
            .collect();
        for (round, (least, most)) in self.rounds.iter().enumerate() {
            network.add(round + 1, round, *least, *most);
        }
        let most = whole(self.standing.len()).saturating_mul(greatest);
        let now = network.add(end, end - 1, 0, most);
        if !network.settle() {
            return None;
        }
        let (mut low, mut high) = (0, most);
        for (class, count) in classes {
            let all = count.saturating_mul(greatest);
            let margin = margin(count, greatest);
            for (least, most) in [(margin, all), (0, all - margin)] {
                let (from, to) =
                    network.attempt(|other| other.bound(class, least, most).then(|| other.range(now)))?;
                (low, high) = (low.max(from), high.min(to));
            }
        }
        (low < high).then_some((low, high))
    }
}

/// How far the sum of `count` answers must be able to be from all being the least, and from all being the greatest.
fn margin(count: i64, greatest: i64) -> i64 {
    // More than half of one answer's range, so that somebody alone in a class could have said one thing or quite another.
    let one = greatest / 2 + 1;
    if count < whole(LEAST_MOVED) { one } else { one.max(1 + INSIDERS) }
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
