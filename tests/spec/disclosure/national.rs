//! A national release: drafted and attacked with three earlier ones known, at a quarter, a half and the whole of its size.

use std::time::{Duration, Instant};

use khi::domain::disclosure::Policy;
use khi::domain::disclosure::release::{Draft, Ledger, Material};

use super::draw::Draw;
use super::plain::add;
use super::world::{AGES, Council, World, year};
use crate::support::registry;

/// How large: councils, schemes, indicators.
#[derive(Debug, Clone, Copy)]
struct Size {
    councils: usize,
    schemes: usize,
    indicators: usize,
}

/// The models, and of a hundred schemes how many run each.
const MODELS: [(&str, usize); 8] = [
    ("shared-lives", 30),
    ("homeshare", 6),
    ("community-enterprise", 24),
    ("local-area-coordination", 10),
    ("community-circles", 8),
    ("wellbeing-teams", 8),
    ("community-led-support", 8),
    ("small-supports", 6),
];

/// The schemes of one model: half of them have fewer than forty people, a quarter fewer than twelve.
fn country(draw: &mut Draw, size: Size, schemes: usize) -> World {
    let nations = ["E92000001", "E92000001", "E92000001", "E92000001", "S92000003", "W92000004", "N92000002"];
    let councils = (0..size.councils)
        .map(|index| {
            let nation = nations[index % nations.len()];
            let region = (nation == nations[0]).then(|| format!("E1200000{}", 1 + index % 9));
            Council { code: format!("C{index:03}"), region, nation: nation.to_owned() }
        })
        .collect();
    let mut world = World {
        councils,
        schemes: vec![0; schemes],
        events: Vec::new(),
        periods: [year(3), year(4)],
        breakdown: Some(AGES),
        empty_units: false,
    };
    for scheme in 0..schemes {
        let people = match draw.below(4) {
            0 => draw.between(2, 11),
            1 => draw.between(12, 37),
            2 => draw.between(38, 80),
            _ => draw.between(81, 200),
        };
        let council = draw.below(size.councils);
        let places = if draw.one_in(6) { 2 } else { 1 };
        for place in 0..places {
            let n = usize::try_from(people).unwrap_or(0) / places;
            let rate = 75 + draw.below(20);
            let positive = (0..n).filter(|_| draw.percent(rate)).count();
            let from = world.events.len();
            add(&mut world, scheme, (council + place) % size.councils, n, positive, 12, 0);
            for event in &mut world.events[from..] {
                event.groups = 1 << [0, 0, 1, 1, 2, 2, 3, 3][draw.below(8)];
            }
        }
    }
    world
}

/// Takes indicator after indicator into one material.
fn material(draw: &mut Draw, size: Size, period: &str) -> Material {
    let mut all: Option<Material> = None;
    for (model, share) in MODELS {
        let schemes = (size.schemes * share / 100).max(1);
        for indicator in 0..size.indicators.max(1) {
            let mut made = country(draw, size, schemes).material(0);
            let name = format!("indicator-{indicator:02}");
            for row in &mut made.rows {
                (row.indicator, row.model, row.period) = (name.clone(), model.to_owned(), period.to_owned());
                if row.place.level.code() == "scheme" {
                    row.place.code = format!("{model}-{}", row.place.code);
                }
            }
            for unit in made.units.iter_mut().chain(&mut made.pooled_units) {
                (unit.indicator, unit.model) = (name.clone(), model.to_owned());
                unit.scheme = format!("{model}-{}", unit.scheme);
            }
            match &mut all {
                None => all = Some(made),
                Some(all) => {
                    all.rows.extend(made.rows);
                    all.units.extend(made.units);
                    all.pooled_units.extend(made.pooled_units);
                }
            }
        }
    }
    let mut all = all.expect("a model");
    all.period = period.parse().expect("a period");
    all.pooled = Some(all.period.three_years());
    all
}

/// Drafts and attacks the fourth release of a size; gives how long that took, and how many figures were attacked.
fn measured(size: Size) -> (Duration, Duration, usize) {
    let mut draw = Draw(1);
    let mut known: Vec<Ledger> = Vec::new();
    for period in ["2021-22", "2022-23", "2023-24"] {
        let draft = Draft::make(material(&mut draw, size, period), Policy::default(), registry(), &known);
        known.push(draft.expect("a draft").ledger);
    }
    let material = material(&mut draw, size, "2024-25");
    let started = Instant::now();
    let draft = Draft::make(material, Policy::default(), registry(), &known).expect("a draft");
    let drafted = started.elapsed();
    let verdict = draft.attack(&known, |_, _| ());
    assert!(verdict.passed(), "{:?}", verdict.findings.first());
    (drafted, started.elapsed() - drafted, verdict.attacked)
}

#[test]
fn a_national_release_is_drafted_and_survives() {
    let whole = Size { councils: 150, schemes: 500, indicators: 30 };
    let part = |of: usize| Size {
        councils: whole.councils / of,
        schemes: whole.schemes / of,
        indicators: whole.indicators / of,
    };
    let sizes = if std::env::var("KHI_ALL").is_ok_and(|v| v == "1") { vec![4, 2, 1] } else { vec![15] };
    for of in sizes {
        let size = part(of);
        let (drafted, attacked, figures) = measured(size);
        println!(
            "{size:?}: drafted in {:.1} s, {figures} figures attacked in {:.1} s",
            drafted.as_secs_f64(),
            attacked.as_secs_f64()
        );
    }
}
