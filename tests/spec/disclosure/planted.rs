//! Leaks that were put there: the intruder must find each of them, and so must the attack that a release must survive. Whether it is a leak
//! is told by trying every number that the hidden people could be.

use std::collections::{BTreeMap, BTreeSet};

use khi::domain::disclosure::release::Draft;

use super::draw::Draw;
use super::hierarchies::releases;
use super::intruder;
use super::plain::{Home, country_of, print_again};
use super::reading::{Line, lines, read, whole};
use super::world::World;

/// A council or two with a few small schemes.
fn tiny(draw: &mut Draw) -> World {
    let mut homes = Vec::new();
    for _ in 0..2 + draw.below(3) {
        let size = if draw.one_in(2) { 3 + draw.below(7) } else { 10 + draw.below(9) };
        let positive = size / 2 + draw.below(size / 3 + 1);
        let council = if draw.one_in(3) { "B" } else { "A" };
        homes.push(Home { council, region: None, size, positive });
    }
    country_of(&homes)
}

/// People of one scheme, all in one council.
#[derive(Debug)]
struct Few {
    n: i64,
    positive: i64,
    cells: BTreeSet<usize>,
}

/// Tries everything that prints as `lines` say. Gives whether some hidden figure is narrowed for a reader or for one of the schemes.
fn is_leak(world: &World, lines: &[Line]) -> bool {
    let mut schemes: BTreeMap<usize, Few> = BTreeMap::new();
    for event in &world.events {
        let inside = |line: &&Line| world.is_in(event, line.place.level, &line.place.code);
        let few = schemes.entry(event.scheme).or_insert_with(|| Few {
            n: 0,
            positive: 0,
            cells: (0..lines.len()).filter(|cell| inside(&&lines[*cell])).collect(),
        });
        few.n += 1;
        few.positive += i64::from(event.positive);
    }
    let few: Vec<Few> = schemes.into_values().collect();
    (0..=few.len()).any(|known| is_told(&few, lines, (known < few.len()).then_some(known)))
}

fn is_told(few: &[Few], lines: &[Line], known: Option<usize>) -> bool {
    let mut values: Vec<i64> =
        few.iter().enumerate().map(|(s, of)| if known == Some(s) { of.positive } else { 0 }).collect();
    let first = values.clone();
    let mut ranges: Vec<Option<(i64, i64)>> = vec![None; lines.len()];
    let size = |cell: usize| -> i64 { few.iter().filter(|of| of.cells.contains(&cell)).map(|of| of.n).sum() };
    loop {
        let sum = |cell: usize| -> i64 {
            few.iter().zip(&values).filter(|(of, _)| of.cells.contains(&cell)).map(|(_, value)| value).sum()
        };
        let holds =
            lines.iter().enumerate().all(|(cell, line)| match (line.positive, line.band.as_deref()) {
                (Some(positive), _) if line.status == "shown" => sum(cell) == positive,
                (_, Some("almost-all")) => sum(cell) * 5 >= size(cell) * 4,
                (_, Some("very-few")) => sum(cell) * 5 <= size(cell),
                _ => true,
            });
        if holds {
            for (cell, range) in ranges.iter_mut().enumerate() {
                let value = sum(cell);
                let (least, most) = range.unwrap_or((value, value));
                *range = Some((least.min(value), most.max(value)));
            }
        }
        let end = |s: usize| if known == Some(s) { few[s].positive } else { few[s].n };
        let Some(next) = (0..values.len()).find(|s| values[*s] < end(*s)) else { break };
        values[next] += 1;
        values[..next].copy_from_slice(&first[..next]);
    }
    lines.iter().enumerate().any(|(cell, line)| {
        let own = |s: &usize| few[*s].cells.contains(&cell) && known != Some(*s);
        let unknown: Vec<usize> = (0..few.len()).filter(own).collect();
        let n: i64 = unknown.iter().map(|s| few[*s].n).sum();
        let positive: i64 = unknown.iter().map(|s| few[*s].positive).sum();
        let fits = n >= 10 && positive >= 5 && n - positive >= 5;
        let narrow = ranges[cell].is_none_or(|(least, most)| most - least < n.min(5));
        n > 0 && line.band.is_none() && !fits && narrow
    })
}

#[test]
fn every_planted_leak_is_found() {
    let (mut planted, mut harmless) = (0, 0);
    let mut missed = Vec::new();
    for seed in 0.. {
        if planted == 200 {
            break;
        }
        let mut draw = Draw(seed);
        let world = tiny(&mut draw);
        let mut drafts = releases(&world, 1);
        let before = lines(&world, &drafts[0]);
        assert!(
            !is_leak(&world, &before),
            "{seed}: without any planted, {before:#?}, {:?}",
            drafts[0].ledger.tables[0].units
        );
        let hidden: Vec<&Line> = before.iter().filter(|line| line.status != "shown").collect();
        if hidden.is_empty() {
            continue;
        }
        let place = hidden[draw.below(hidden.len())].place.clone();
        let inside = |e: &&super::world::Event| world.is_in(e, place.level, &place.code);
        let own: Vec<bool> = world.events.iter().filter(inside).map(|event| event.positive).collect();
        let positive = whole(own.iter().filter(|positive| **positive).count());
        print_again(&mut drafts[0], place.level, &place.code, whole(own.len()), positive);
        if is_leak(&world, &lines(&world, &drafts[0])) {
            planted += 1;
            let ours = !intruder::attack(&world, &read(&world, &drafts)).leaks.is_empty();
            let own_attack = !drafts[0].attack(&[], |_, _| ()).passed();
            if !(ours && own_attack) {
                missed.push(format!("{seed}: {place:?}, the intruder {ours}, the attack {own_attack}"));
            }
        } else {
            harmless += 1;
        }
    }
    println!("{planted} planted leaks, {harmless} rows more that are none");
    assert!(missed.is_empty(), "{} of {planted}:\n{}", missed.len(), missed.join("\n"));
}

/// Prints a correction as it was counted, as if nothing had to stay.
fn corrected_as_counted(world: &World, draft: &mut Draft) -> bool {
    let mut changed = false;
    for line in lines(world, draft).into_iter().filter(|line| line.status == "shown") {
        let standing = world.standing(1, world.period(1));
        let own = standing.iter().map(|e| &world.events[*e]);
        let own: Vec<bool> =
            own.filter(|e| world.is_in(e, line.place.level, &line.place.code)).map(|e| e.positive).collect();
        let (n, positive) = (whole(own.len()), whole(own.iter().filter(|positive| **positive).count()));
        changed |= line.n != Some(n);
        print_again(draft, line.place.level, &line.place.code, n, positive);
    }
    changed
}

#[test]
fn a_late_answer_that_is_printed_is_found() {
    for seed in 0..40 {
        let mut draw = Draw(seed);
        let mut world = country_of(&[Home { council: "A", region: None, size: 40, positive: 20 }; 4]);
        let late = 1 + draw.below(9);
        super::plain::add(&mut world, draw.below(4), 0, late, draw.below(late + 1), 13, 1);
        let mut drafts = releases(&world, 2);
        let earlier = [drafts[0].ledger.clone()];
        assert!(drafts[1].attack(&earlier, |_, _| ()).passed());
        assert!(corrected_as_counted(&world, &mut drafts[1]));
        assert!(!drafts[1].attack(&earlier, |_, _| ()).passed(), "{seed}");
        assert!(!intruder::attack(&world, &read(&world, &drafts)).leaks.is_empty(), "{seed}");
    }
}
