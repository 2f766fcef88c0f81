//! Releases of made-up countries: nothing that is hidden in them can be found out, by an intruder who shares no code with them.

use std::time::Instant;

use khi::domain::disclosure::Policy;
use khi::domain::disclosure::release::{Draft, Ledger, NotPublished};

use super::draw::Draw;
use super::intruder::{self, Findings};
use super::made::{SMALL, Size, world};
use super::reading::read;
use super::world::World;
use crate::support::registry;

fn is_all() -> bool {
    std::env::var("KHI_ALL").is_ok_and(|v| v == "1")
}

/// All four releases, each made with all that was published before.
pub(crate) fn releases(world: &World, number: usize) -> Vec<Draft> {
    let (mut drafts, mut known) = (Vec::<Draft>::new(), Vec::<Ledger>::new());
    for release in 0..number {
        let made = Draft::make(world.material(release), Policy::default(), registry(), &known);
        if matches!(made, Err(NotPublished::Overlaps(_))) && world.periods[1] < world.periods[0] {
            // Days before those of a release that pooled them.
            break;
        }
        let draft = made.unwrap_or_else(|why| panic!("release {release}: {why:?}"));
        known.push(draft.ledger.clone());
        drafts.push(draft);
    }
    drafts
}

/// What is found in one country, by us and by the attack that a release must survive.
fn attacked(world: &World) -> Findings {
    let drafts = releases(world, 4);
    let started = Instant::now();
    let mut findings = intruder::attack(world, &read(world, &drafts));
    findings.seconds = started.elapsed().as_secs_f64();
    let ledgers: Vec<Ledger> = drafts.iter().map(|draft| draft.ledger.clone()).collect();
    for (release, draft) in drafts.iter().enumerate() {
        let verdict = draft.attack(&ledgers[..release], |_, _| ());
        findings
            .leaks
            .extend(verdict.findings.iter().map(|f| format!("{release}, by its own attack: {f:?}")));
    }
    findings
}

/// `KHI_SEED=7` tells everything about one of them.
#[test]
fn one_country() {
    let Some(seed) = std::env::var("KHI_SEED").ok().and_then(|seed| seed.parse().ok()) else { return };
    let made = world(&mut Draw(seed), SMALL);
    println!("{:?} {:?} {:?}", made.periods.map(|span| span.name()), made.schemes, made.councils);
    let drafts = releases(&made, 4);
    for draft in &drafts {
        for line in super::reading::lines(&made, draft) {
            println!(
                "{} {} {:?} {} {:?} of {:?} {:?} {:?}",
                line.place.level,
                line.place.code,
                line.group,
                line.status,
                line.positive,
                line.n,
                line.band,
                line.years
            );
        }
        for unit in draft.ledger.tables.iter().flat_map(|table| &table.units) {
            println!("{} {} {} of {}", unit.scheme, unit.council, unit.count.positive, unit.count.n);
        }
    }
    println!("{}", attacked(&made).leaks.join("\n"));
    for number in 1..=drafts.len() {
        let found = intruder::attack(&made, &read(&made, &drafts[..number]));
        println!("{number} releases: {} leaks", found.leaks.len());
    }
}

fn run(seeds: std::ops::Range<u64>, size: Size) {
    let started = Instant::now();
    let (mut all, mut wrong) = (Findings::default(), Vec::new());
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let made = world(&mut Draw(seed), size);
        let found = attacked(&made);
        all.hidden += found.hidden;
        all.seconds += found.seconds;
        all.questions += found.questions;
        all.searched += found.searched;
        all.solved += found.solved;
        if let Some(first) = found.leaks.first() {
            wrong.push(format!("{seed}: {} leaks, {first}", found.leaks.len()));
        }
    }
    eprintln!(
        "{count} countries: {} hidden figures, {} questions, {} searched, {} solved; {:.1} s, of which the intruder {:.1} s",
        all.hidden,
        all.questions,
        all.searched,
        all.solved,
        started.elapsed().as_secs_f64(),
        all.seconds
    );
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

fn set(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

/// `KHI_FIRST=5000000 KHI_COUNTRIES=20` tries other countries than these, and another number.
fn seeds(first: u64, number: u64) -> std::ops::Range<u64> {
    let first = first + set("KHI_FIRST").unwrap_or(0);
    first..first + set("KHI_COUNTRIES").unwrap_or(number)
}

#[test]
fn nothing_hidden_is_found_in_small_countries() {
    run(seeds(0, if is_all() { 9_900 } else { 300 }), SMALL);
}

/// In these the correction had fewer people in no printed figure, next to some of whom the first release had said “almost all”. Saying it
/// again would leave fewer than six numbers for all of them together.
#[test]
fn words_are_not_said_again_where_too_few_neighbours_are_left() {
    for seed in [5_000_916, 5_005_814] {
        run(seed..seed + 1, SMALL);
    }
}

/// In this one a pool of a later year narrowed what had been said in words, for whoever knew three people in it.
#[test]
fn a_pool_leaves_open_what_was_said_in_words() {
    run(20_001_497..20_001_498, SMALL);
}

/// Countries of at most thirty councils, where all are tried.
#[test]
fn nothing_hidden_is_found_in_larger_countries() {
    let number = if is_all() { 95 } else { 3 };
    run(seeds(100_000, number), Size { councils: 30, ..SMALL });
}

/// Countries with as many councils as there are, one to twelve schemes in each.
#[test]
fn nothing_hidden_is_found_in_whole_countries() {
    if is_all() {
        run(seeds(200_000, 5), Size { councils: 150, schemes: 12, full: true, people: 200 });
    }
}
