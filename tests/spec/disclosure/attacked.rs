//! What the attack on a draft finds in what would be printed, and how it says so.

use khi::domain::disclosure::release::{Draft, Finding, Ledger};
use khi::domain::disclosure::words::Said;
use khi::domain::disclosure::{Attacker, Count, Policy};
use serde_json::{Value, json};

use super::draw::Draw;
use super::group_rules::{aged, twice_and_twice};
use super::hierarchies::releases;
use super::made;
use super::plain::{Home, add, country_of, print_again};
use super::world::{AGES, World, year};
use crate::support::registry;

/// Four schemes of forty in one council.
fn large() -> World {
    country_of(&[Home { council: "A", region: None, size: 40, positive: 20 }; 4])
}

fn first(world: &World) -> Draft {
    releases(world, 1).remove(0)
}

/// A draft as if nothing had been published before.
fn alone(world: &World, release: usize) -> Draft {
    Draft::make(world.material(release), Policy::default(), registry(), &[]).expect("a draft")
}

fn found(draft: &Draft, earlier: &[Ledger]) -> Vec<Finding> {
    let verdict = draft.attack(earlier, |_, _| ());
    assert_eq!(verdict.passed(), verdict.findings.is_empty());
    verdict.findings
}

/// Changes the rows of a level.
fn change(draft: &mut Draft, level: &str, act: impl Fn(&mut Value)) {
    for part in draft.parts.iter_mut().filter(|part| part.level == level) {
        let mut rows: Vec<Value> = serde_json::from_str(&part.cells).expect("rows");
        rows.iter_mut().for_each(&act);
        part.cells = serde_json::to_string(&rows).expect("rows");
    }
}

#[test]
fn a_detail_of_fewer_than_ten_is_found_under_its_name() {
    let draft = first(&large());
    let of = |count: i64| {
        let mut all = vec![
            ("distribution", "distribution", json!({"better": 100, "worse": count})),
            ("distribution", "distribution", json!({"0-4": {"count": count}, "5-9": {"count": 100}})),
            ("left_out", "left_out", json!({"skipped": count})),
            ("completed_by", "completed_by", json!({"self": 100, "proxy": count})),
            ("open", "open", json!(count)),
            ("responded", "responded", json!(count)),
        ];
        for part in ["improved", "same", "worse", "lost"] {
            let mut parts = json!({"improved": 20, "same": 20, "worse": 20, "lost": 20, "pairs": 60});
            parts[part] = json!(count);
            all.push(("change", "change", parts));
        }
        all
    };
    for (count, is_found) in [(0, false), (1, true), (9, true), (10, false)] {
        for (name, field, detail) in of(count) {
            let mut draft = draft.clone();
            change(&mut draft, "uk", |row| row[field] = detail.clone());
            let expected = Finding {
                cell: "social-connection (connections/1) of shared-lives, uk K02000001".to_owned(),
                attacker: Attacker::Reader,
                n: count,
                least: count,
                most: count,
                because: vec![format!("it is printed under “{name}”")],
            };
            assert_eq!(
                found(&draft, &[]),
                if is_found { vec![expected] } else { vec![] },
                "{field} {detail}"
            );
        }
    }
}

#[test]
fn what_is_printed_is_what_was_counted() {
    let draft = first(&large());
    for (n, positive) in [(161, 80), (160, 81)] {
        let mut draft = draft.clone();
        print_again(&mut draft, "uk", "K02000001", n, positive);
        let expected = Finding {
            cell: "social-connection (connections/1) of shared-lives, uk K02000001".to_owned(),
            attacker: Attacker::Reader,
            n: 160,
            least: 80,
            most: 80,
            because: vec!["what is printed is not what was counted".to_owned()],
        };
        assert_eq!(found(&draft, &[]), [expected]);
    }
    // Numbers beside words, and beside nothing.
    let mut world = large();
    add(&mut world, 0, 0, 0, 0, 12, 0);
    world.schemes.push(0);
    add(&mut world, 4, 0, 9, 4, 12, 0);
    let mut hidden = first(&world);
    assert_eq!(found(&hidden, &[]), []);
    change(&mut hidden, "scheme", |row| {
        if row["place"]["code"] == "s004" {
            (row["n"], row["positive"]) = (json!(9), json!(4));
        }
    });
    assert_eq!(found(&hidden, &[]).len(), 1);
}

#[test]
fn a_leak_names_the_figures_that_it_is_found_from() {
    let homes = [(6, 3), (30, 15), (40, 20), (50, 25)];
    let homes = homes.map(|(size, positive)| Home { council: "A", region: None, size, positive });
    let mut draft = first(&country_of(&homes));
    for (code, n, positive) in [("s001", 30, 15), ("s002", 40, 20), ("s003", 50, 25)] {
        print_again(&mut draft, "scheme", code, n, positive);
    }
    let leak =
        found(&draft, &[]).into_iter().find(|finding| finding.cell.ends_with("scheme s000")).expect("a leak");
    let expected = Finding {
        cell: "social-connection (connections/1) of shared-lives, scheme s000".to_owned(),
        attacker: Attacker::Reader,
        n: 6,
        least: 3,
        most: 3,
        because: [
            "local_authority A (63 of 126)",
            "less uk K02000001 (63 of 126)",
            "less nation E92000001 (63 of 126)",
            "less scheme s001 (15 of 30)",
            "less scheme s002 (20 of 40)",
            "less scheme s003 (25 of 50)",
        ]
        .map(str::to_owned)
        .to_vec(),
    };
    assert_eq!(leak, expected);
}

#[test]
fn two_releases_of_days_that_both_hold_are_found() {
    let mut world = large();
    let before = alone(&world, 0);
    world.periods[0] = super::world::Span { first: 12, last: 12 };
    let quarter = alone(&world, 0);
    let findings = found(&quarter, std::slice::from_ref(&before.ledger));
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].cell.as_str(), findings[0].n), ("every figure", 0));
    assert_eq!(findings[0].because, ["the release of 2024-25, which holds answers of the same days"]);
    world.periods[0] = year(4);
    add(&mut world, 0, 0, 40, 20, 16, 0);
    assert_eq!(found(&alone(&world, 0), std::slice::from_ref(&before.ledger)), []);
}

#[test]
fn people_who_came_between_two_releases_are_found_where_they_are_few() {
    // To each of three schemes so many more, of whom so many positive: for everybody, or for who knows one of the schemes.
    for (more, expected) in [
        ([(0, 0), (0, 0), (0, 0)], None),
        ([(1, 1), (0, 0), (0, 0)], Some((Attacker::Reader, 1, 1))),
        ([(3, 1), (3, 1), (3, 2)], Some((Attacker::Reader, 9, 4))),
        ([(10, 5), (10, 5), (0, 0)], None),
        ([(10, 5), (5, 2), (0, 0)], Some((Attacker::Scheme, 5, 2))),
        ([(10, 5), (10, 4), (0, 0)], Some((Attacker::Scheme, 10, 4))),
        ([(20, 10), (0, 0), (0, 0)], None),
    ] {
        let mut world = large();
        let before = alone(&world, 0);
        for (scheme, (n, positive)) in more.into_iter().enumerate() {
            add(&mut world, scheme, 0, n, positive, 13, 0);
        }
        let after = alone(&world, 0);
        // One block: what is printed of schemes would be one of its own each.
        let whole = |draft: &Draft| {
            let mut ledger = draft.ledger.clone();
            for table in &mut ledger.tables {
                let units = (0..table.units.len()).collect();
                table.blocks = vec![khi::domain::disclosure::cut::Block { units, told: true }];
                table.cells.retain(|cell| cell.level == "uk");
            }
            ledger
        };
        for (old, new, sign) in [(&before, &after, 1), (&after, &before, -1)] {
            let mut draft = (*new).clone();
            (draft.ledger, draft.parts) =
                (whole(new), new.parts.iter().filter(|p| p.level == "uk").cloned().collect());
            let findings = found(&draft, &[whole(old)]);
            let told: Vec<(Attacker, i64, i64)> =
                findings.iter().map(|finding| (finding.attacker, finding.n, finding.least * sign)).collect();
            assert_eq!(told, Vec::from_iter(expected), "{more:?} {sign}: {findings:?}");
            if let (Some(finding), 1) = (findings.first(), sign) {
                let cell = "social-connection (connections/1) of shared-lives, the people of 4 councils and schemes who came or went";
                assert_eq!((finding.cell.as_str(), finding.most), (cell, finding.least));
            }
        }
    }
}

#[test]
fn a_figure_that_was_hidden_in_an_earlier_release_of_the_period_is_found() {
    let draft = first(&large());
    let changed = |act: fn(&mut khi::domain::disclosure::release::LedgerCell)| {
        let mut earlier = draft.ledger.clone();
        earlier.tables[0].cells.iter_mut().filter(|cell| cell.code == "s001").for_each(act);
        let findings = found(&draft, &[earlier]);
        findings.into_iter().map(|finding| (finding.cell, finding.attacker)).collect::<Vec<_>>()
    };
    let expected =
        [("social-connection (connections/1) of shared-lives, scheme s001".to_owned(), Attacker::Reader)];
    assert_eq!(changed(|_| ()), []);
    assert_eq!(changed(|cell| cell.printed = false), expected);
    assert_eq!(changed(|cell| cell.units = vec![0]), expected);
    assert_eq!(changed(|cell| cell.code = "elsewhere".to_owned()), expected);
}

#[test]
fn groups_that_may_not_be_printed_are_found() {
    let mut world = large();
    world.breakdown = Some(AGES);
    for (at, event) in world.events.iter_mut().enumerate() {
        // One in forty is in the last group: four in all.
        event.groups = if at % 40 == 0 { 8 } else { 1 << (at % 3) };
    }
    let mut draft = first(&world);
    assert_eq!(found(&draft, &[]), []);
    change(&mut draft, "uk", |row| {
        if !row["group"].is_null() {
            row["status"] = json!("shown");
        }
    });
    let findings = found(&draft, &[]);
    let told: Vec<(&str, i64, i64)> = findings.iter().map(|f| (f.cell.as_str(), f.n, f.least)).collect();
    let cell = "social-connection (connections/1) of shared-lives, by age_band, uk K02000001";
    // As they are printed, and as what is left of them beside nothing; and of the nation, which is the same people.
    let nation = "social-connection (connections/1) of shared-lives, by age_band, nation E92000001";
    assert_eq!(told, [(cell, 4, 4), (cell, 4, 4), (nation, 4, 4)]);
    assert_eq!(findings[0].because.len(), 2);
}

#[test]
fn the_attack_says_how_far_it_is_and_how_much_it_asked() {
    let mut world = large();
    world.breakdown = Some(AGES);
    world.schemes.push(0);
    add(&mut world, 4, 0, 9, 4, 12, 0);
    let draft = first(&world);
    let mut heard = Vec::new();
    let verdict = draft.attack(&[], |done, all| heard.push((done, all)));
    assert_eq!(heard, [(0, 2), (1, 2)]);
    assert!(verdict.passed());
    assert_eq!((verdict.attacked, verdict.questions, verdict.solved), (3, 7, 0));
    // Tables first, then the groups of each.
    let scheme: &[(usize, usize)] = &[(12, 20), (11, 20), (10, 20), (9, 20)];
    let material = twice_and_twice(&aged(&[scheme, scheme, scheme]));
    let draft = Draft::make(material, Policy::default(), registry(), &[]).expect("a draft");
    heard.clear();
    assert!(draft.attack(&[], |done, all| heard.push((done, all))).passed());
    assert_eq!(heard, (0..6).map(|done| (done, 6)).collect::<Vec<_>>());
}

#[test]
fn questions_that_took_the_solver_are_counted() {
    let solved =
        (0..40).map(|seed| first(&made::world(&mut Draw(seed), made::SMALL)).attack(&[], |_, _| ()).solved);
    assert!(solved.sum::<usize>() > 0);
}

/// The cells of a table of which something is said, as changed by `act`.
fn say(draft: &mut Draft, act: impl Fn(Said) -> Said) {
    for cell in draft.ledger.tables.iter_mut().flat_map(|table| &mut table.cells) {
        cell.said = cell.said.map(&act);
    }
}

#[test]
fn a_pool_that_hides_nobody_is_found() {
    let mut world = large();
    world.schemes.push(0);
    add(&mut world, 4, 0, 9, 5, 12, 0);
    add(&mut world, 4, 0, 20, 10, 6, 0);
    let mut draft = first(&world);
    assert!(draft.ledger.tables[0].cells.iter().any(|cell| matches!(cell.said, Some(Said::Pooled { .. }))));
    assert_eq!(found(&draft, &[]), []);
    // As if all others in it had been told before.
    say(&mut draft, |said| match said {
        Said::Pooled { count, .. } => Said::Pooled { count, free: Count::default() },
        other => other,
    });
    let findings = found(&draft, &[]);
    assert!(
        findings.iter().any(|f| f.cell.ends_with("scheme s004") && (f.n, f.least) == (9, 5)),
        "{findings:?}"
    );
}

#[test]
fn words_that_tell_of_the_neighbours_are_found() {
    for (few, positive, band, least, most) in [(3, 20, "almost-all", 3, 7), (5, 0, "very-few", 1, 5)] {
        let homes = [(8, few), (20, positive), (8, few)];
        let homes = homes.map(|(size, positive)| Home { council: "A", region: None, size, positive });
        let mut draft = first(&country_of(&homes));
        assert_eq!(found(&draft, &[]), []);
        change(&mut draft, "scheme", |row| {
            if row["place"]["code"] == "s001" {
                (row["status"], row["band"]) = (json!("banded"), json!(band));
            }
        });
        let findings = found(&draft, &[]);
        // Whoever works in one of the small schemes knows what is left for the other.
        let of = |f: &&Finding| f.cell.ends_with("scheme s002") && f.attacker == Attacker::Scheme;
        let finding = findings.iter().find(of).unwrap_or_else(|| panic!("{band}: {findings:?}"));
        assert_eq!((finding.n, finding.least, finding.most), (8, least, most), "{band}");
    }
}
