//! The groups of a release: printed all or none, counted from units that add up, kept by corrections.

use khi::domain::disclosure::Policy;
use khi::domain::disclosure::release::{Draft, Material, NotPublished};
use khi::domain::figures::Row;

use super::hierarchies::releases;
use super::plain::{Home, add, country_of, home, make};
use super::reading::{lines, rows_of};
use super::world::{AGES, World};
use crate::support::registry;

/// A country with ages: of each scheme so many positive answers of so many, by group, and the rest in none.
pub(crate) fn aged(by_scheme: &[&[(usize, usize)]]) -> World {
    let sizes = by_scheme.iter().map(|groups| groups.iter().fold((0, 0), |(k, n), g| (k + g.0, n + g.1)));
    let homes: Vec<Home> = sizes.map(|(positive, size)| home("A", size, positive)).collect();
    let mut world = country_of(&homes);
    world.breakdown = Some(AGES);
    world.events.clear();
    for (scheme, groups) in by_scheme.iter().enumerate() {
        for (bit, (positive, size)) in groups.iter().enumerate() {
            let from = world.events.len();
            add(&mut world, scheme, 0, *size, *positive, 12, 0);
            world.events[from..].iter_mut().for_each(|event| event.groups = (1 << bit) & 0b1111);
        }
    }
    world
}

#[test]
fn all_groups_of_a_place_are_printed_or_none() {
    let groups = |world: &World| {
        let draft = releases(world, 1).remove(0);
        assert!(draft.attack(&[], |_, _| ()).passed());
        let lines = lines(world, &draft).into_iter().filter(|l| l.group.is_some() && l.place.level == "uk");
        lines.map(|l| l.n.unwrap_or(0)).collect::<Vec<_>>()
    };
    let large: &[(usize, usize)] = &[(10, 20), (10, 20), (10, 20), (10, 20)];
    assert_eq!(groups(&aged(&[large, large, large])), [60, 60, 60, 60]);
    // One small group, or few in none of them, takes all others with it.
    let small: &[(usize, usize)] = &[(10, 20), (10, 20), (10, 20), (1, 2)];
    assert_eq!(groups(&aged(&[small, small, small])), [0, 0, 0, 0]);
    let none: &[(usize, usize)] = &[(10, 20), (10, 20), (10, 20), (10, 20), (1, 2)];
    assert_eq!(groups(&aged(&[none, none, none])), [0, 0, 0, 0]);
    // One scheme's own group is known to it.
    let alone: &[(usize, usize)] = &[(10, 20), (10, 20), (10, 20), (0, 0)];
    assert_eq!(groups(&aged(&[large, alone, alone])), [60, 60, 60, 20]);
    let mostly: &[(usize, usize)] = &[(10, 20), (10, 20), (10, 20), (1, 1)];
    assert_eq!(groups(&aged(&[large, mostly, mostly])), [0, 0, 0, 0]);
}

#[test]
fn groups_that_do_not_add_up_are_refused() {
    let large: &[(usize, usize)] = &[(10, 20), (10, 20), (10, 20), (10, 20)];
    let world = aged(&[large, large, large]);
    // One person more, or one more who is better, in a group of the country, of a nation or of a unit.
    for (n, positive) in [(1, 0), (0, 1)] {
        for code in ["K02000001", "E92000001"] {
            let mut material = world.material(0);
            let own = |row: &&mut Row| row.place.code == code && row.group.is_some();
            let row = material.rows.iter_mut().find(own).expect("a row");
            (row.n, row.positive) = (row.n.map(|old| old + n), row.positive.map(|old| old + positive));
            let made = Draft::make(material, Policy::default(), registry(), &[]);
            let which = format!("social-connection by age_band in {code}");
            assert_eq!(made.err(), Some(NotPublished::Unequal(which)), "{n} {positive}");
        }
        let mut material = world.material(0);
        let unit = material.units.iter_mut().find(|unit| unit.group.is_some()).expect("a unit");
        (unit.n, unit.positive) = (unit.n + n, unit.positive + positive);
        let made = Draft::make(material, Policy::default(), registry(), &[]);
        assert!(matches!(made, Err(NotPublished::Unequal(_))), "{made:?}");
    }
}

/// The same material once more under another breakdown, and all of it once more as another indicator, with other counts.
pub(crate) fn twice_and_twice(world: &World) -> Material {
    let mut material = world.material(0);
    let (rows, units) = (material.rows.clone(), material.units.clone());
    let needs = |value: &str| format!("of-{value}");
    for mut row in rows.into_iter().filter(|row| row.group.is_some()) {
        let group = row.group.take().into_iter().flatten();
        row.group = Some(group.map(|(_, value)| ("need".to_owned(), needs(&value))).collect());
        material.rows.push(row);
    }
    for mut unit in units.into_iter().filter(|unit| unit.group.is_some()) {
        unit.group = unit.group.map(|(_, value)| ("need".to_owned(), needs(&value)));
        material.units.push(unit);
    }
    let (rows, units) = (material.rows.clone(), material.units.clone());
    material.rows.extend(rows.into_iter().map(|mut row| {
        row.indicator = "friends".to_owned();
        row.positive = row.n.zip(row.positive).map(|(n, positive)| n - positive);
        row
    }));
    material.units.extend(units.into_iter().map(|mut unit| {
        unit.indicator = "friends".to_owned();
        unit.positive = unit.n - unit.positive;
        unit
    }));
    material
}

#[test]
fn a_correction_that_moves_nothing_prints_the_same_groups_of_each_breakdown_and_indicator() {
    let scheme: &[(usize, usize)] = &[(12, 20), (11, 20), (10, 20), (9, 20)];
    let world = aged(&[scheme, scheme, scheme]);
    let first = make(twice_and_twice(&world), &[]);
    let groups = |draft: &Draft| rows_of(draft, "uk").iter().filter(|row| !row["group"].is_null()).count();
    assert_eq!(groups(&first), 16, "four groups, two breakdowns, two indicators");
    assert_eq!(first.ledger.groups.len(), 4);
    let again = make(twice_and_twice(&world), std::slice::from_ref(&first.ledger));
    assert_eq!(again.parts, first.parts);
    assert_eq!(again.ledger.groups, first.ledger.groups);
    // What was not printed of them before is not printed now.
    let mut earlier = first.ledger.clone();
    earlier.groups.retain(|groups| groups.key.indicator != "friends" || groups.by != "need");
    assert_eq!(groups(&make(twice_and_twice(&world), &[earlier])), 12);
}
