//! Whoever works in a scheme, knows who answered when, and looks at its figures after every single answer, cannot tell what anybody said.
//!
//! Made-up schemes of 5 to 60 people live through a year: answers, second answers, corrections, withdrawals, erasures. For each answer in
//! each figure a second course of the same year is looked for, in which that answer was another, and which is shown exactly the same.
//! The search has only to find it; that it is shown the same is proved by living through it. `KHI_ALL=1` makes 1,000 schemes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use khi::domain::disclosure::{Counted, Shown, SteadyFigure};

/// What happens in a scheme, in order. Answers are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// This answer comes, in place of that one.
    Came(usize, Option<usize>),
    /// This answer is taken out; that one, which it had replaced, stands again.
    Left(usize, Option<usize>),
    /// The answer, which had been taken out or not, is erased.
    Erased(usize),
}

/// A year of one figure: events, what each answer says, and its greatest value.
#[derive(Debug, Clone)]
struct Year {
    events: Vec<Event>,
    values: Vec<i64>,
    greatest: i64,
    /// Whether a state is tried after this event, as far as time allows one.
    looked_at: Vec<bool>,
}

/// What was shown at one time, and of which answers.
struct Round {
    least: i64,
    most: i64,
    standing: BTreeSet<usize>,
}

/// How figures are shown: as they are by the program, or as they must not be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Steady,
    ExactAfterFive,
}

/// A seeded sequence.
struct Chance(u64);

impl Chance {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    /// A value.
    fn up_to(&mut self, greatest: i64) -> i64 {
        let all = usize::try_from(greatest).expect("small") + 1;
        i64::try_from(self.below(all)).expect("small")
    }

    /// A scheme of so many people.
    fn people(&mut self, most: usize) -> usize {
        5 + self.below(most - 4)
    }
}

fn id(answer: usize) -> String {
    format!("R{answer}.1")
}

/// Lives through a year; gives what is seen after each event, and the times at which something new was shown.
fn live(year: &Year, way: Way) -> (Vec<Option<Shown>>, Vec<Round>) {
    let mut figure = SteadyFigure::default();
    let mut standing: BTreeSet<usize> = BTreeSet::new();
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    let (mut seen, mut rounds): (Vec<Option<Shown>>, Vec<Round>) = (Vec::new(), Vec::new());
    let mut last: BTreeSet<usize> = BTreeSet::new();
    let mut exact = None;
    for (event, looked_at) in year.events.iter().zip(&year.looked_at) {
        match *event {
            Event::Came(new, old) => {
                standing.insert(new);
                old.map(|old| standing.remove(&old));
            }
            Event::Left(old, again) => {
                standing.remove(&old);
                standing.extend(again);
            }
            Event::Erased(old) => {
                standing.remove(&old);
                figure.forget(|known| known == id(old));
                if last.contains(&old) {
                    gone.insert(old);
                }
            }
        }
        if *looked_at {
            let counted =
                |answer: &usize| (id(*answer), Counted { value: year.values[*answer], known: false });
            let now: BTreeSet<usize> = standing.difference(&gone).copied().collect();
            let shows = match way {
                Way::Steady => {
                    figure.renew(&standing.iter().map(counted).collect(), year.greatest)
                        && figure.shown().is_some()
                }
                Way::ExactAfterFive => now.symmetric_difference(&last).count() >= 5,
            };
            if shows {
                gone.extend(last.difference(&now));
                let sum = now.iter().map(|answer| year.values[*answer]).sum();
                exact = Some(Shown { n: i64::try_from(now.len()).expect("few"), least: sum, most: sum });
                let shown = if way == Way::Steady { figure.shown() } else { exact }.expect("shown");
                assert!(shown.least <= sum && sum <= shown.most, "{shown:?} is not {sum}");
                rounds.push(Round { least: shown.least, most: shown.most, standing: now.clone() });
                last = now;
            }
        }
        seen.push(if way == Way::Steady { figure.shown() } else { exact });
    }
    (seen, rounds)
}

/// The same year with another answer from `answer`, in which every sum stays within what was shown; other answers move with it, but for
/// those `fixed`.
fn otherwise(year: &Year, rounds: &[Round], answer: usize, fixed: &BTreeSet<usize>) -> Option<Vec<i64>> {
    let life = |answer: usize| {
        let since = rounds.iter().position(|r| r.standing.contains(&answer))?;
        Some((since, since + rounds[since..].iter().take_while(|r| r.standing.contains(&answer)).count()))
    };
    let lives: Vec<Option<(usize, usize)>> = (0..year.values.len()).map(life).collect();
    for up in [true, false] {
        let may = |value: i64, up: bool| if up { value < year.greatest } else { value > 0 };
        let mut values = year.values.clone();
        if !may(values[answer], up) {
            continue;
        }
        values[answer] += if up { 1 } else { -1 };
        let Some((since, before)) = lives[answer] else { return Some(values) };
        let (start, end) = if up { (before, since) } else { (since, before) };
        let sums: Vec<i64> =
            rounds.iter().map(|r| r.standing.iter().map(|a| year.values[*a]).sum()).collect();
        // From point of time to point of time: over answers that go up or down, or over what was shown not exactly.
        let mut came: BTreeMap<usize, (usize, Option<(usize, i64)>)> = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            let mut steps: Vec<(usize, Option<(usize, i64)>)> = Vec::new();
            if at > 0 && sums[at - 1] < rounds[at - 1].most {
                steps.push((at - 1, None));
            }
            if at < rounds.len() && sums[at] > rounds[at].least {
                steps.push((at + 1, None));
            }
            for (other, life) in lives.iter().enumerate() {
                let Some((since, before)) = life.filter(|_| other != answer && !fixed.contains(&other))
                else {
                    continue;
                };
                if since == at && may(year.values[other], true) {
                    steps.push((before, Some((other, 1))));
                }
                if before == at && may(year.values[other], false) {
                    steps.push((since, Some((other, -1))));
                }
            }
            for (to, by) in steps {
                if to != start && !came.contains_key(&to) {
                    came.insert(to, (at, by));
                    queue.push_back(to);
                }
            }
        }
        let mut at = end;
        while at != start {
            let Some((from, by)) = came.get(&at) else { break };
            if let Some((other, by)) = by {
                values[*other] += by;
            }
            at = *from;
        }
        if at == start {
            return Some(values);
        }
    }
    None
}

/// A scheme of `people`: some years everybody says the same, in others hardly anybody.
fn year(chance: &mut Chance, people: usize, greatest: i64, only_first: bool) -> Year {
    let leaning = [0, 3, 20, 50, 80, 97, 100][chance.below(7)];
    let mut year = Year { events: Vec::new(), values: Vec::new(), greatest, looked_at: Vec::new() };
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); people];
    let often = 1 + chance.below(4);
    for _ in 0..people + chance.below(people * 2) {
        let person = &mut of[chance.below(people)];
        let event = match (person.last().copied(), chance.below(20)) {
            (Some(_), _) if only_first => continue,
            (Some(now), 0) => {
                person.pop();
                Event::Left(now, person.last().copied())
            }
            (Some(now), 1) => {
                person.pop();
                Event::Erased(now)
            }
            (old, _) => {
                let value = if chance.below(100) < leaning {
                    greatest
                } else if chance.below(3) == 0 {
                    chance.up_to(greatest)
                } else {
                    0
                };
                year.values.push(value);
                person.push(year.values.len() - 1);
                Event::Came(year.values.len() - 1, old)
            }
        };
        year.events.push(event);
        year.looked_at.push(chance.below(often) == 0);
    }
    year
}

fn schemes() -> u64 {
    let all = if std::env::var("KHI_ALL").is_ok_and(|v| v == "1") { 1000 } else { 50 };
    std::env::var("KHI_SCHEMES").ok().and_then(|schemes| schemes.parse().ok()).unwrap_or(all)
}

/// The sums of what `look` says of every seed below `schemes`, which are shared out among the cores.
fn over_all<const N: usize>(schemes: u64, look: impl Fn(u64) -> [usize; N] + Sync) -> [usize; N] {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    std::thread::scope(|scope| {
        let look = &look;
        let start = |core| scope.spawn(move || (core..schemes).step_by(cores).map(look).fold([0; N], sum));
        let running: Vec<_> = (0..schemes).take(cores).map(start).collect();
        let found = |of: std::thread::ScopedJoinHandle<'_, _>| {
            of.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault))
        };
        running.into_iter().map(found).fold([0; N], sum)
    })
}

fn sum<const N: usize>(a: [usize; N], b: [usize; N]) -> [usize; N] {
    std::array::from_fn(|at| a[at] + b[at])
}

#[test]
fn nobodys_answer_can_be_told_from_figures_however_often_somebody_looks() {
    let [answers, exact, shown] = over_all(schemes(), |seed| {
        let mut chance = Chance(seed);
        let people = chance.people(60);
        let greatest = [1, 1, 10][usize::try_from(seed % 3).expect("small")];
        let year = year(&mut chance, people, greatest, false);
        let (seen, rounds) = live(&year, Way::Steady);
        // Answers that were in the figure at the same times and said the same are alike in all that counts: one stands for them.
        let mut alike: BTreeSet<(Vec<bool>, i64)> = BTreeSet::new();
        for answer in 0..year.values.len() {
            let times = rounds.iter().map(|r| r.standing.contains(&answer)).collect();
            if !alike.insert((times, year.values[answer])) {
                continue;
            }
            let other = otherwise(&year, &rounds, answer, &BTreeSet::new())
                .unwrap_or_else(|| panic!("scheme {seed}: answer {answer} of {year:?} can be told"));
            assert_ne!(other[answer], year.values[answer]);
            let (also_seen, _) = live(&Year { values: other, ..year.clone() }, Way::Steady);
            assert_eq!(also_seen, seen, "scheme {seed}: answer {answer} of {year:?} shows");
        }
        [year.values.len(), rounds.iter().filter(|r| r.least == r.most).count(), rounds.len()]
    });
    println!(
        "{} schemes, {answers} answers: none can be told; {exact} of {shown} states are shown exactly",
        schemes()
    );
    assert!(exact * 3 > shown, "hardly anything is shown: {exact} of {shown}");
}

#[test]
fn one_more_answer_that_somebody_knows_tells_no_other() {
    over_all(schemes().div_ceil(5), |seed| {
        let mut chance = Chance(1_000_000 + seed);
        let people = chance.people(40);
        let year = year(&mut chance, people, 1, true);
        let (seen, rounds) = live(&year, Way::Steady);
        for answer in 0..year.values.len() {
            for known in (0..year.values.len()).filter(|known| *known != answer) {
                let other = otherwise(&year, &rounds, answer, &BTreeSet::from([known]))
                    .unwrap_or_else(|| panic!("scheme {seed}: {known} tells {answer} of {year:?}"));
                assert_eq!(other[known], year.values[known]);
                let (also_seen, _) = live(&Year { values: other, ..year.clone() }, Way::Steady);
                assert_eq!(also_seen, seen);
            }
        }
        []
    });
}

/// The search finds what can be told: exact figures after every five answers, as they were shown once, tell many.
#[test]
fn exact_figures_after_every_five_answers_tell_answers() {
    let mut told = 0;
    for seed in 0..50 {
        let mut chance = Chance(seed);
        let people = chance.people(60);
        let year = year(&mut chance, people, 1, false);
        let (_, rounds) = live(&year, Way::ExactAfterFive);
        told += (0..year.values.len())
            .filter(|answer| otherwise(&year, &rounds, *answer, &BTreeSet::new()).is_none())
            .count();
    }
    assert!(told > 50, "only {told} answers can be told");
}

/// How much is shown of many schemes, exactly and from above or below: told to the last answer, so that a change in it is seen.
#[test]
fn so_much_is_shown_of_many_schemes() {
    let (mut exact, mut open, mut hidden, mut sums) = (0, 0, 0, [0; 3]);
    for seed in 0..120 {
        let mut chance = Chance(seed);
        let people = chance.people(60);
        let year = year(&mut chance, people, [1, 1, 10][usize::try_from(seed % 3).expect("small")], false);
        for shown in live(&year, Way::Steady).0 {
            match shown {
                None => hidden += 1,
                Some(shown) => {
                    *(if shown.least == shown.most { &mut exact } else { &mut open }) += 1;
                    sums = [sums[0] + shown.n, sums[1] + shown.least, sums[2] + shown.most];
                }
            }
        }
    }
    assert_eq!((exact, open, hidden, sums), (3593, 3405, 784, [166_722, 442_615, 456_507]));
}

#[test]
fn what_the_scheme_may_read_anyway_protects_nobody() {
    let answers = |known: usize| -> BTreeMap<String, Counted> {
        (0..6).map(|at| (id(at), Counted { value: i64::from(at % 2 == 0), known: at < known })).collect()
    };
    let mut figure = SteadyFigure::default();
    assert!(!figure.renew(&answers(2), 1), "four answers that are not known are too few");
    assert_eq!(figure.shown(), None);
    assert!(figure.renew(&answers(0), 1));
    assert_eq!(figure.shown(), Some(Shown { n: 6, least: 3, most: 3 }));
    // They are counted in what is shown: one positive answer of the two that may be read, and three of six others.
    let mut figure = SteadyFigure::default();
    let answers: BTreeMap<String, Counted> =
        (0..8).map(|at| (id(at), Counted { value: i64::from(at % 2 == 0), known: at < 2 })).collect();
    assert!(figure.renew(&answers, 1));
    assert_eq!(figure.shown(), Some(Shown { n: 8, least: 4, most: 4 }));
}

#[test]
fn figures_of_which_answers_were_taken_out_are_hidden_rather_than_stale() {
    let answers = |people: std::ops::Range<usize>| -> BTreeMap<String, Counted> {
        people.map(|at| (id(at), Counted { value: i64::from(at % 2 == 0), known: false })).collect()
    };
    let mut figure = SteadyFigure::default();
    assert!(figure.renew(&answers(0..10), 1));
    assert!(figure.shown().is_some());
    assert!(figure.renew(&BTreeMap::new(), 1), "all are taken out");
    assert_eq!(figure.shown(), None);
    assert!(!figure.renew(&BTreeMap::new(), 1), "nothing more is hidden the second time");
}
