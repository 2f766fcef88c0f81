//! Corrections of a release: when the people of a block move, and what becomes of what was said in words.

use khi::domain::disclosure::Count;
use khi::domain::disclosure::cut::Block;
use khi::domain::disclosure::release::{Ledger, LedgerCell};
use khi::domain::disclosure::words::Said;
use khi::domain::figures::SchemesCount;

use super::hierarchies::releases;
use super::plain::{Home, add, country_of, make};
use super::reading::{lines, rows_of};
use super::world::{World, year};

/// Schemes of one council, each with so many positive answers of so many.
fn schemes(of: &[(usize, usize)]) -> World {
    let homes: Vec<Home> = of
        .iter()
        .map(|(positive, size)| Home { council: "A", region: None, size: *size, positive: *positive })
        .collect();
    country_of(&homes)
}

/// So many answers of a scheme come with the correction, or go if the numbers are below zero: all of them, and the positive ones.
fn change(world: &mut World, scheme: usize, n: i64, positive: i64) {
    for (is_positive, by) in [(true, positive), (false, n - positive)] {
        let number = usize::try_from(by.abs()).expect("a number");
        if by > 0 {
            add(world, scheme, 0, number, if is_positive { number } else { 0 }, 12, 1);
        } else {
            let own = world.events.iter_mut().filter(|e| e.scheme == scheme && e.positive == is_positive);
            let gone: Vec<_> = own.filter(|e| e.from == 0).take(number).collect();
            assert_eq!(gone.len(), number, "so many are there");
            gone.into_iter().for_each(|event| event.until = 1);
        }
    }
}

/// A ledger as if only the country had been printed: all units are one block.
fn whole(mut ledger: Ledger) -> Ledger {
    for table in &mut ledger.tables {
        table.blocks = vec![Block { units: (0..table.units.len()).collect(), told: true }];
        table.cells.retain(|cell| cell.level == "uk");
    }
    ledger
}

/// Whether schemes of sixty, half of them positive, move when these answers come or go.
fn moves(changes: &[(i64, i64)]) -> bool {
    let mut world = schemes(&vec![(30, 60); changes.len()]);
    for (scheme, (n, positive)) in changes.iter().enumerate() {
        change(&mut world, scheme, *n, *positive);
    }
    let before = whole(make(world.material(0), &[]).ledger);
    let after = make(world.material(1), &[before]);
    let count: Count = after.ledger.tables[0].units.iter().map(|unit| unit.count).sum();
    let (schemes, by): (i64, i64) =
        (30 * i64::try_from(changes.len()).expect("few"), changes.iter().map(|c| c.0).sum());
    let uk = &rows_of(&after, "uk")[0];
    assert_eq!((uk["n"].as_i64(), uk["positive"].as_i64()), (Some(count.n), Some(count.positive)));
    if count != Count::of(schemes, 2 * schemes) {
        assert_eq!(count.n, 2 * schemes + by, "all of them or none");
        return true;
    }
    false
}

#[test]
fn people_come_where_they_hide_each_other() {
    for (changes, expected) in [
        // Nobody, or as many as went.
        (vec![(0, 0), (0, 0)], false),
        (vec![(20, 10), (-20, -10), (0, 0)], false),
        // Enough of either answer, in one scheme or in several.
        (vec![(20, 10), (0, 0), (0, 0)], true),
        (vec![(10, 5), (10, 5), (10, 5)], true),
        (vec![(-10, -5), (-10, -5), (-10, -5)], true),
        // Few, or few besides those of one scheme.
        (vec![(3, 1), (3, 1), (3, 2)], false),
        (vec![(30, 4), (0, 0), (0, 0)], false),
        (vec![(30, 15), (5, 3), (0, 0)], false),
        (vec![(-30, -15), (-5, -3), (0, 0)], false),
        // Three who hide among each other, whichever of them is known.
        (vec![(6, 3), (6, 3), (6, 3)], true),
    ] {
        assert_eq!(moves(&changes), expected, "{changes:?}");
    }
}

#[test]
fn those_who_came_do_not_hide_those_who_went() {
    for (changes, expected) in [
        // All who came are of one scheme. It knows how many went, of whom two stand beside twenty.
        (vec![(40, 20), (-20, -10), (-2, -1)], false),
        (vec![(-40, -20), (20, 10), (2, 1)], false),
        (vec![(40, 20), (-12, -6), (-12, -6)], true),
        // Those who came hide each other: nobody knows what went.
        (vec![(30, 15), (30, 15), (-2, -1)], true),
        (vec![(-25, -12), (-25, -12), (2, 1)], true),
        // More positive answers than people, or fewer: some changed their minds.
        (vec![(20, -1), (20, -1), (20, 21), (20, 21)], false),
        (vec![(-20, 1), (-20, 1), (-20, -21), (-20, -21)], false),
    ] {
        assert_eq!(moves(&changes), expected, "{changes:?}");
    }
}

/// A hidden figure of which something may have been said.
fn hidden(level: &str, code: &str, units: &[usize], said: Option<Said>) -> LedgerCell {
    LedgerCell {
        level: level.to_owned(),
        code: code.to_owned(),
        units: units.to_vec(),
        spread: false,
        printed: false,
        said,
        years: None,
    }
}

/// What is still said of s000 and s001, both said to be almost all, when everybody of the schemes that `goes` names has gone.
fn still_said(blocks: [&[usize]; 2], sizes: &[(usize, usize)], goes: &[usize]) -> [bool; 2] {
    let mut world = schemes(sizes);
    for scheme in goes {
        let (positive, n) = sizes[*scheme];
        change(&mut world, *scheme, -i64::try_from(n).expect("few"), -i64::try_from(positive).expect("few"));
    }
    let mut before = make(world.material(0), &[]).ledger;
    let table = &mut before.tables[0];
    let of = |units: &[usize]| Block { units: units.to_vec(), told: false };
    table.blocks = blocks.iter().filter(|units| !units.is_empty()).map(|units| of(units)).collect();
    table.cells = vec![
        hidden("local_authority", "A", blocks[0], None),
        hidden("scheme", "s000", &[0], Some(Said::AlmostAll)),
        hidden("scheme", "s001", &[1], Some(Said::AlmostAll)),
    ];
    if !blocks[1].is_empty() {
        table.cells.insert(1, hidden("local_authority", "B", blocks[1], None));
    }
    let after = make(world.material(1), &[before]);
    let said =
        |code: &str| after.ledger.tables[0].cell("scheme", code).is_some_and(|cell| cell.said.is_some());
    [said("s000"), said("s001")]
}

#[test]
fn words_end_in_the_block_where_too_few_neighbours_are_left() {
    // Two councils: to whoever knows the last of the others in the first, what is left is those of whom something was said.
    let sizes = [(10, 10), (10, 10), (4, 8), (4, 8), (4, 8), (4, 8)];
    assert_eq!(still_said([&[0, 2, 4], &[1, 3, 5]], &sizes, &[]), [true, true]);
    assert_eq!(still_said([&[0, 2, 4], &[1, 3, 5]], &sizes, &[2]), [false, true]);
    // Both in one council, where only four of the twenty could be anything else.
    let sizes = [(10, 10), (10, 10), (1, 3), (4, 8)];
    assert_eq!(still_said([&[0, 1, 2, 3], &[]], &sizes, &[]), [true, true]);
    assert_eq!(still_said([&[0, 1, 2, 3], &[]], &sizes, &[3]), [false, false]);
}

#[test]
fn what_the_first_release_said_in_words_is_kept_in_mind() {
    // Of twenty almost all was said, which holds back a large scheme that ends: the two small ones would be left with those twenty. The second
    // release says it no more; that changes nothing.
    let mut world = schemes(&[(20, 20), (3, 8), (3, 8), (30, 60)]);
    change(&mut world, 3, -60, -30);
    let said = |words: Option<Said>| {
        let mut ledger = whole(make(world.material(0), &[]).ledger);
        for (unit, code) in ["s000", "s001", "s002", "s003"].into_iter().enumerate() {
            ledger.tables[0].cells.push(hidden("scheme", code, &[unit], words.filter(|_| unit == 0)));
        }
        ledger
    };
    let n_after = |earlier: &[Ledger]| rows_of(&make(world.material(1), earlier), "uk")[0]["n"].clone();
    assert_eq!(n_after(&[said(None), said(None)]), 36);
    assert_eq!(n_after(&[said(Some(Said::AlmostAll))]), 96);
    assert_eq!(n_after(&[said(Some(Said::AlmostAll)), said(None)]), 96);
}

#[test]
fn what_moved_stays_as_it_was_printed_when_nothing_more_moves() {
    // Three releases of one year: the second brings thirty people, the third nobody.
    let mut world = schemes(&[(20, 40); 4]);
    world.periods = [year(3), year(3)];
    for scheme in 0..3 {
        add(&mut world, scheme, 0, 10, 5, 13, 1);
    }
    let drafts = releases(&world, 3);
    assert_ne!(drafts[0].parts, drafts[1].parts);
    assert_eq!(drafts[1].parts, drafts[2].parts);
    assert_eq!(drafts[1].ledger, drafts[2].ledger);
    assert_eq!(rows_of(&drafts[2], "uk")[0]["n"], 190);
}

#[test]
fn a_block_of_which_nothing_is_printed_moves_nothing_that_is() {
    // The large scheme hides the country: one more of the small one, which is in nothing that is printed.
    let mut world = schemes(&[(50, 100), (3, 6)]);
    add(&mut world, 1, 0, 1, 0, 13, 1);
    let taking_part = |release: usize, taking_part: usize| {
        let mut material = world.material(release);
        material.rows.iter_mut().for_each(|row| row.schemes = Some(SchemesCount { taking_part, all: 9 }));
        material
    };
    let before = make(taking_part(0, 2), &[]);
    let after = make(taking_part(1, 3), std::slice::from_ref(&before.ledger));
    assert_eq!(rows_of(&before, "uk")[0]["status"], "suppressed");
    assert_eq!(rows_of(&after, "uk"), rows_of(&before, "uk"));
    assert_eq!(lines(&world, &after).len(), lines(&world, &before).len());
    let counts: Vec<i64> = after.ledger.tables[0].units.iter().map(|unit| unit.count.n).collect();
    assert_eq!(counts, [100, 7]);
}
