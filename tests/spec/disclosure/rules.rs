//! Each rule of disclosure control by its name, on countries small enough to be checked by hand.

use std::collections::BTreeMap;

use khi::domain::disclosure::Policy;
use khi::domain::disclosure::release::{Draft, Material, NotPublished};
use khi::domain::figures::Spread;
use serde_json::{Value, json};

use super::hierarchies::releases;
use super::plain::{Home, add, country_of, home, make, print_again};
use super::reading::{Line, lines, rows_of};
use super::world::{Span, World, year};
use crate::support::registry;

/// Four schemes of forty in one council, so that there is enough to hide behind.
fn large() -> Vec<Home> {
    vec![home("A", 40, 20); 4]
}

fn line(world: &World, draft: &Draft, code: &str) -> Line {
    let found = lines(world, draft).into_iter().find(|line| line.place.code == code && line.group.is_none());
    found.unwrap_or_else(|| panic!("there is no row of {code}"))
}

/// How a place stands in the first release: `20/40`, `pooled 20/40`, `almost-all`, `merged`, `suppressed`.
fn printed(world: &World, draft: &Draft, code: &str) -> String {
    let line = line(world, draft, code);
    let figure = || format!("{}/{}", line.positive.unwrap_or(-1), line.n.unwrap_or(-1));
    match line.status.as_str() {
        "shown" => figure(),
        "pooled" => format!("pooled {}", figure()),
        "banded" => line.band.clone().expect("words"),
        other => other.to_owned(),
    }
}

fn first(homes: &[Home]) -> (World, Draft) {
    let world = country_of(homes);
    let draft = releases(&world, 1).remove(0);
    assert!(draft.attack(&[], |_, _| ()).passed());
    (world, draft)
}

#[test]
fn what_is_large_enough_is_printed_exactly() {
    let (world, draft) = first(&large());
    for (code, figure) in
        [("K02000001", "80/160"), ("E92000001", "80/160"), ("A", "80/160"), ("s000", "20/40")]
    {
        assert_eq!(printed(&world, &draft, code), figure, "{code}");
    }
    let uk = &rows_of(&draft, "uk")[0];
    assert_eq!(uk["percent"], 50.0);
    assert_eq!(uk["interval"], json!({"low": 42.3, "high": 57.7, "level": 0.95, "method": "wilson"}));
}

#[test]
fn fewer_than_ten_or_fewer_than_five_on_a_side_are_never_printed() {
    for (size, positive, shown) in [
        (9, 4, false),
        (10, 5, true),
        (30, 4, false),
        (30, 26, false),
        (30, 25, true),
        (30, 0, false),
        (30, 30, false),
    ] {
        let mut homes = large();
        homes.push(home("A", size, positive));
        let (world, draft) = first(&homes);
        let figure = printed(&world, &draft, "s004");
        assert_eq!(figure == format!("{positive}/{size}"), shown, "{positive} of {size}: {figure}");
    }
}

#[test]
fn a_small_place_is_pooled_else_in_words_else_merged() {
    let mut homes = large();
    homes.extend([home("A", 9, 5), home("A", 12, 12), home("A", 7, 3), home("A", 20, 1)]);
    // Others that are hidden, so that words of some tell little of the rest.
    homes.extend(vec![home("A", 8, 4); 3]);
    let mut world = country_of(&homes);
    // Of the first small one twenty answered in the two years before, half of them better.
    add(&mut world, 4, 0, 20, 10, 6, 0);
    let draft = releases(&world, 1).remove(0);
    assert_eq!(printed(&world, &draft, "s004"), "pooled 15/29");
    assert_eq!(line(&world, &draft, "s004").years.as_deref(), Some("3y-2024-25"));
    assert_eq!(printed(&world, &draft, "s005"), "almost-all");
    assert_eq!(printed(&world, &draft, "s006"), "merged");
    assert_eq!(printed(&world, &draft, "s007"), "very-few");
    assert!(draft.attack(&[], |_, _| ()).passed());
    let merged = rows_of(&draft, "scheme").into_iter().find(|row| row["place"]["code"] == "s006");
    assert_eq!(merged.expect("a row")["merged_into"], "A");
}

#[test]
fn words_begin_at_four_fifths_and_one_fifth_of_at_least_ten() {
    for (size, positive, words) in [
        (20, 15, "15/20"),
        (20, 16, "almost-all"),
        (20, 17, "almost-all"),
        (14, 12, "almost-all"),
        (14, 11, "merged"),
        (14, 2, "very-few"),
        (14, 3, "merged"),
        (10, 10, "almost-all"),
        (9, 9, "merged"),
        (10, 0, "very-few"),
    ] {
        let mut homes = large();
        homes.push(home("A", size, positive));
        // Beside it some that are hidden as well: of one alone the words would tell too much.
        homes.extend(vec![home("A", 8, 4); 4]);
        let (world, draft) = first(&homes);
        assert_eq!(printed(&world, &draft, "s004"), words, "{positive} of {size}");
    }
}

#[test]
fn a_pool_that_would_show_the_people_of_now_is_not_printed() {
    // Nine of now and two earlier ones; or of earlier years only positive answers.
    for (earlier, positive) in [(2, 1), (20, 20), (20, 2), (20, 18)] {
        let mut homes = large();
        homes.push(home("A", 9, 5));
        let mut world = country_of(&homes);
        add(&mut world, 4, 0, earlier, positive, 6, 0);
        let draft = releases(&world, 1).remove(0);
        assert_eq!(printed(&world, &draft, "s004"), "merged", "{positive} of {earlier}");
    }
}

#[test]
fn a_pool_does_not_hold_answers_that_came_after_the_period() {
    let mut homes = large();
    homes.push(home("A", 9, 5));
    let mut world = country_of(&homes);
    world.periods = [Span { first: 12, last: 12 }, year(4)];
    add(&mut world, 4, 0, 20, 10, 6, 0);
    let before = releases(&world, 1).remove(0);
    assert_eq!(printed(&world, &before, "s004"), "pooled 15/29");
    add(&mut world, 4, 0, 1, 1, 14, 0);
    let after = releases(&world, 1).remove(0);
    assert_eq!(printed(&world, &after, "s004"), "merged");
}

#[test]
fn people_of_an_earlier_release_hide_nobody_in_a_pool() {
    let mut homes = large();
    homes.push(home("A", 9, 5));
    let mut world = country_of(&homes);
    add(&mut world, 4, 0, 9, 5, 16, 2);
    (0..4).for_each(|scheme| add(&mut world, scheme, 0, 40, 20, 16, 2));
    let drafts = releases(&world, 3);
    // Eighteen over both years, nine of them hidden in each: the pool would hold nobody else.
    assert_eq!(printed(&world, &drafts[2], "s004"), "merged");
}

#[test]
fn a_pool_needs_as_many_others_as_it_hides_and_no_more() {
    // Of nine people four are not better: they could be any of the five of either answer who stand in no release.
    for (size, positive, expected) in
        [(10, 5, "pooled 10/19"), (9, 5, "merged"), (9, 4, "pooled 9/18"), (8, 3, "merged")]
    {
        let mut homes = large();
        homes.push(home("A", 9, 5));
        homes.extend(vec![home("A", 8, 4); 3]);
        let mut world = country_of(&homes);
        add(&mut world, 4, 0, size, positive, 6, 0);
        let draft = releases(&world, 1).remove(0);
        assert_eq!(printed(&world, &draft, "s004"), expected, "{positive} of {size}");
    }
}

/// Two releases, of 2024-25 and of 2025-26: as many people each year, and of some schemes others in 2023-24, known from a release on.
fn two_years(homes: &[Home], earlier: &[(usize, usize, usize, usize)]) -> (World, Vec<Draft>) {
    let mut world = country_of(homes);
    for (scheme, home) in homes.iter().enumerate() {
        let council = world.events.iter().find(|e| e.scheme == scheme).map_or(0, |e| e.council);
        add(&mut world, scheme, council, home.size, home.positive, 16, 2);
    }
    for (scheme, size, positive, from) in earlier {
        let council = world.events.iter().find(|e| e.scheme == *scheme).map_or(0, |e| e.council);
        add(&mut world, *scheme, council, *size, *positive, 8, *from);
    }
    let drafts = releases(&world, 3);
    (world, drafts)
}

#[test]
fn people_who_were_pooled_are_in_no_other_pool() {
    // Both schemes of B are pooled in the first release; B is not, since the pools would cross.
    let mut homes = large();
    homes.extend([home("B", 8, 4), home("B", 8, 4), home("C", 9, 4)]);
    homes.extend(vec![home("C", 8, 4); 3]);
    let (world, drafts) = two_years(&homes, &[(4, 30, 15, 0), (5, 30, 15, 0)]);
    let told = |draft: &Draft| ["s004", "s005", "B"].map(|code| printed(&world, draft, code));
    assert_eq!(told(&drafts[0]), ["pooled 19/38", "pooled 19/38", "merged"]);
    // A year later they stay as they were printed, and B is not pooled with the same people.
    assert_eq!(told(&drafts[2]), ["pooled 19/38", "pooled 19/38", "merged"]);
    // Others are, for the first time.
    let (world, drafts) = two_years(&homes, &[(4, 30, 15, 0), (6, 40, 20, 2)]);
    let told = |draft: &Draft| ["s004", "s006"].map(|code| printed(&world, draft, code));
    assert_eq!(told(&drafts[0]), ["pooled 19/38", "merged"]);
    assert_eq!(told(&drafts[2]), ["pooled 19/38", "pooled 28/58"]);
}

#[test]
fn people_whom_a_release_counted_hide_nobody_in_the_pool_of_their_council() {
    let mut homes = large();
    homes.extend([home("B", 8, 4), home("B", 8, 4)]);
    homes.extend(vec![home("C", 8, 4); 4]);
    let (world, drafts) = two_years(&homes, &[]);
    assert_eq!([0, 2].map(|release| printed(&world, &drafts[release], "B")), ["merged", "merged"]);
    // Others do.
    let (world, drafts) = two_years(&homes, &[(4, 12, 6, 2), (5, 12, 6, 2)]);
    assert_eq!([0, 2].map(|release| printed(&world, &drafts[release], "s004")), ["merged", "pooled 14/28"]);
}

#[test]
fn words_of_others_ask_nothing_of_a_pool() {
    // Of twenty in A almost all is said. In C five of either answer are in no release: enough to hide nine people of each of two years.
    let mut homes = large();
    homes.extend([home("A", 20, 19), home("C", 9, 5), home("C", 40, 20)]);
    homes.extend(vec![home("C", 8, 4); 3]);
    let (world, drafts) = two_years(&homes, &[(5, 10, 5, 2)]);
    assert_eq!(printed(&world, &drafts[0], "s004"), "almost-all");
    assert_eq!([0, 2].map(|release| printed(&world, &drafts[release], "s005")), ["merged", "pooled 15/28"]);
}

#[test]
fn a_scheme_that_works_in_several_councils_is_known_as_such() {
    let mut world = country_of(&[home("A", 40, 20), home("B", 40, 20), home("B", 40, 20)]);
    add(&mut world, 0, 1, 40, 20, 12, 0);
    let draft = make(world.material(0), &[]);
    let cells = &draft.ledger.tables[0].cells;
    let spread: Vec<&str> = cells.iter().filter(|c| c.spread).map(|c| c.code.as_str()).collect();
    assert_eq!(spread, ["s000"]);
}

#[test]
fn a_place_where_nobody_answered_is_counted_with_the_country() {
    let mut homes = large();
    homes.extend([Home { region: Some("E12000001"), ..home("B", 40, 20) }; 2]);
    let mut world = country_of(&homes);
    let code = "Z".to_owned();
    world.councils.push(super::world::Council { code, region: None, nation: "W92000004".to_owned() });
    let draft = make(world.material(0), &[]);
    for (level, code) in [("local_authority", "Z"), ("nation", "W92000004")] {
        let row = rows_of(&draft, level).into_iter().find(|row| row["place"]["code"] == code).expect("a row");
        assert_eq!((&row["status"], &row["merged_into"]), (&json!("merged"), &json!("K02000001")), "{code}");
    }
}

#[test]
fn what_was_said_in_words_stays_possible_beside_a_pool() {
    // Ten to twelve of twelve were said to be positive. Of the others in a pool two are: whoever knows these knows that it was not twelve.
    for (others, said) in [(2, "merged"), (4, "pooled 15/40")] {
        let mut homes = large();
        homes.push(home("A", 12, 11));
        let mut world = country_of(&homes);
        add(&mut world, 4, 0, 28, others, 9, 2);
        (0..4).for_each(|scheme| add(&mut world, scheme, 0, 40, 20, 16, 2));
        let drafts = releases(&world, 3);
        assert_eq!(printed(&world, &drafts[0], "s004"), "almost-all");
        assert_eq!(printed(&world, &drafts[2], "s004"), said);
    }
}

#[test]
fn what_was_pooled_stays_as_it_was_printed() {
    let mut homes = large();
    homes.push(home("A", 9, 5));
    let mut world = country_of(&homes);
    add(&mut world, 4, 0, 20, 10, 6, 0);
    add(&mut world, 4, 0, 9, 5, 16, 2);
    (0..4).for_each(|scheme| add(&mut world, scheme, 0, 40, 20, 16, 2));
    let drafts = releases(&world, 3);
    for draft in &drafts {
        assert_eq!(printed(&world, draft, "s004"), "pooled 15/29");
        assert_eq!(line(&world, draft, "s004").years.as_deref(), Some("3y-2024-25"));
    }
}

#[test]
fn a_small_scheme_takes_a_second_one_with_it() {
    let (world, draft) = first(&[home("A", 6, 3), home("A", 30, 15), home("A", 40, 20), home("A", 50, 25)]);
    let figures = ["s000", "s001", "s002", "s003"].map(|code| printed(&world, &draft, code));
    assert_eq!(printed(&world, &draft, "A"), "63/126");
    // Two beside it, since each scheme knows its own figure.
    assert_eq!(figures.iter().filter(|figure| *figure == "merged").count(), 3, "{figures:?}");
    assert!(figures.contains(&"25/50".to_owned()) || figures.contains(&"15/30".to_owned()), "{figures:?}");
}

#[test]
fn a_council_with_one_scheme_is_hidden_with_it() {
    let (world, draft) = first(&[home("A", 8, 4), home("B", 40, 20), home("B", 40, 20), home("B", 40, 20)]);
    assert_eq!(printed(&world, &draft, "A"), "merged");
    assert_eq!(printed(&world, &draft, "s000"), "merged");
    // Its neighbour less the country would be it.
    assert_eq!(printed(&world, &draft, "B"), "merged");
    assert_eq!(printed(&world, &draft, "K02000001"), "64/128");
    // A large scheme alone in its council is printed with it.
    let (world, draft) = first(&[home("A", 40, 20), home("B", 40, 20), home("B", 40, 20), home("B", 40, 20)]);
    assert_eq!(printed(&world, &draft, "A"), "20/40");
    assert_eq!(printed(&world, &draft, "s000"), "20/40");
}

#[test]
fn a_small_nation_does_not_hide_the_country() {
    let mut homes = large();
    homes.extend([home("B", 6, 3), home("B", 8, 4)]);
    let mut world = country_of(&homes);
    world.councils[1].nation = "W92000004".to_owned();
    let draft = releases(&world, 1).remove(0);
    assert_eq!(printed(&world, &draft, "K02000001"), "87/174");
    assert_eq!(printed(&world, &draft, "W92000004"), "merged");
    assert_eq!(printed(&world, &draft, "E92000001"), "merged", "the country less it would be the small one");
    assert!(draft.attack(&[], |_, _| ()).passed());
}

#[test]
fn a_country_of_one_scheme_and_little_else_is_not_printed() {
    let (world, draft) = first(&[home("A", 100, 50), home("A", 6, 3)]);
    assert_eq!(printed(&world, &draft, "K02000001"), "suppressed", "the large one knows its own");
    assert_eq!(printed(&world, &draft, "s001"), "suppressed");
    assert_eq!(printed(&world, &draft, "s000"), "50/100");
}

/// Puts how answers spread, and who was left out, into the rows of a country: of each scheme `parts`, above them their sums.
fn with_details(world: &World, worse: &[i64], left_out: &[(&str, &[i64])]) -> Material {
    let mut material = world.material(0);
    for row in &mut material.rows {
        let scheme = row.place.code.strip_prefix('s').and_then(|number| number.parse::<usize>().ok());
        let is_in = |scheme: &usize| {
            let own = world.events.iter().find(|e| e.scheme == *scheme).expect("somebody");
            world.is_in(own, row.place.level.code(), &row.place.code)
        };
        let of = |by: &[i64]| match scheme {
            Some(scheme) => by[scheme],
            None => (0..by.len()).filter(is_in).map(|scheme| by[scheme]).sum(),
        };
        let (n, positive, worse) = (row.n.expect("n"), row.positive.expect("positive"), of(worse));
        let spread = [("better", positive), ("same", n - positive - worse), ("worse", worse)];
        let spread = spread.map(|(code, count)| (code.to_owned(), count));
        row.distribution = Some(Spread::Counts(BTreeMap::from(spread)));
        let left = left_out.iter().map(|(reason, by)| ((*reason).to_owned(), of(by)));
        row.left_out = Some(left.collect());
    }
    material
}

#[test]
fn details_stand_with_the_country_where_each_part_is_large_enough() {
    let world = country_of(&large());
    let detail = |worse: &[i64], left_out: &[(&str, &[i64])]| {
        let draft = make(with_details(&world, worse, left_out), &[]);
        assert!(draft.attack(&[], |_, _| ()).passed());
        assert!(rows_of(&draft, "scheme").iter().all(|row| row["distribution"].is_null()));
        let uk = rows_of(&draft, "uk").remove(0);
        (uk["distribution"].clone(), uk["left_out"].clone())
    };
    let (spread, left) = detail(&[4; 4], &[("skipped", &[5; 4]), ("proxy", &[4; 4])]);
    assert_eq!(spread, json!({"better": 80, "same": 64, "worse": 16}));
    assert_eq!(left, json!({"skipped": 20, "proxy": 16}));
    // Without the largest scheme there are nine.
    assert_eq!(detail(&[3, 3, 3, 9], &[]).0, Value::Null);
    assert_eq!(detail(&[4, 3, 3, 9], &[]).0["worse"], 19);
    // Reasons that are too few are taken together with as few others as it takes.
    let left = detail(&[4; 4], &[("skipped", &[9; 4]), ("proxy", &[4; 4]), ("dont-know", &[1, 0, 0, 0])]).1;
    assert_eq!(left, json!({"skipped": 36, "several-reasons": 17}));
    assert_eq!(detail(&[4; 4], &[("skipped", &[1; 4]), ("proxy", &[1; 4])]).1, Value::Null);
}

#[test]
fn details_of_nations_are_printed_of_all_or_none() {
    let mut homes = large();
    homes.extend(vec![home("B", 40, 20); 4]);
    let mut world = country_of(&homes);
    world.councils[1].nation = "W92000004".to_owned();
    let spreads = |worse: &[i64]| {
        let draft = make(with_details(&world, worse, &[]), &[]);
        assert!(draft.attack(&[], |_, _| ()).passed());
        let worse = |row: &Value| row["distribution"]["worse"].as_i64();
        (worse(&rows_of(&draft, "uk")[0]), rows_of(&draft, "nation").iter().map(worse).collect::<Vec<_>>())
    };
    assert_eq!(spreads(&[4; 8]), (Some(32), vec![Some(16), Some(16)]));
    assert_eq!(spreads(&[4, 4, 4, 4, 3, 3, 3, 3]), (Some(28), vec![None, None]));
}

#[test]
fn nations_that_are_hidden_do_not_decide_what_is_printed_of_the_others() {
    // Wales and Northern Ireland hide each other: together they are enough, and they are not printed.
    let homes = ["E", "E", "E", "S", "S", "S"].map(|council| home(council, 40, 20));
    let small = ["W", "W", "N", "N"].map(|council| home(council, 9, 4));
    let mut world = country_of(&[&homes[..], &small[..]].concat());
    for (council, nation) in
        world.councils.iter_mut().zip(["E92000001", "S92000003", "W92000004", "N92000002"])
    {
        council.nation = nation.to_owned();
    }
    let mut material = world.material(0);
    for row in &mut material.rows {
        row.completed_by = row.n.map(|n| BTreeMap::from([("self".to_owned(), n)]));
    }
    let draft = make(material, &[]);
    let by: Vec<Value> =
        rows_of(&draft, "nation").iter().map(|row| row["completed_by"]["self"].clone()).collect();
    assert_eq!(by, [json!(120), Value::Null, json!(120), Value::Null]);
}

#[test]
fn a_country_that_is_hidden_does_not_say_who_was_left_out() {
    let world = country_of(&[home("A", 100, 50), home("A", 6, 3)]);
    let draft = make(with_details(&world, &[0, 0], &[("skipped", &[5, 5]), ("dont-know", &[5, 6])]), &[]);
    let uk = &rows_of(&draft, "uk")[0];
    assert_eq!((&uk["n"], &uk["left_out"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_detail_of_too_few_is_found_by_the_attack() {
    let (_, mut draft) = first(&large());
    let part = draft.parts.iter_mut().find(|part| part.level == "uk").expect("the country");
    part.cells = part.cells.replace("\"completed_by\":null", "\"completed_by\":{\"self\":157,\"proxy\":3}");
    let verdict = draft.attack(&[], |_, _| ());
    assert_eq!(verdict.findings.len(), 1);
    assert_eq!((verdict.findings[0].n, verdict.passed()), (3, false));
}

#[test]
fn a_correction_of_one_person_moves_nothing_and_of_thirty_does() {
    for (late, positive, moves) in [
        (1, 1, false),
        (9, 5, false),
        (10, 4, false),
        (30, 30, false),
        (30, 15, true),
        (30, 20, false),
        (36, 20, true),
    ] {
        let mut world = country_of(&large());
        for scheme in 0..3 {
            let share = |all: usize| all / 3 + usize::from(scheme < all % 3);
            add(&mut world, scheme, 0, share(late), share(positive), 13, 1);
        }
        let drafts = releases(&world, 2);
        let figure = printed(&world, &drafts[1], "K02000001");
        let moved = format!("{}/{}", 80 + positive, 160 + late);
        assert_eq!(figure, if moves { &moved } else { "80/160" }, "{positive} of {late}");
        if !moves {
            assert_eq!(drafts[0].parts, drafts[1].parts, "{positive} of {late}");
        }
        assert!(drafts[1].attack(std::slice::from_ref(&drafts[0].ledger), |_, _| ()).passed());
    }
}

#[test]
fn a_correction_that_one_scheme_could_tell_apart_does_not_move() {
    // Thirty of one scheme and five of another: whoever knows the thirty would know the five.
    let mut world = country_of(&[
        home("A", 6, 3),
        home("A", 6, 3),
        home("A", 60, 30),
        home("A", 60, 30),
        home("A", 60, 30),
    ]);
    add(&mut world, 0, 0, 30, 15, 13, 1);
    add(&mut world, 1, 0, 5, 3, 13, 1);
    let drafts = releases(&world, 2);
    assert_eq!(printed(&world, &drafts[0], "K02000001"), printed(&world, &drafts[1], "K02000001"));
}

#[test]
fn periods_that_share_days_are_refused() {
    let world = country_of(&large());
    let draft = releases(&world, 1).remove(0);
    for (period, other) in [
        ("2024-Q3", true),
        ("12m-2024-Q3", true),
        ("3y-2024-25", true),
        ("2025-Q2", false),
        ("2023-24", false),
    ] {
        let mut material = world.material(0);
        material.period = period.parse().expect("a period");
        let made = Draft::make(material, Policy::default(), registry(), std::slice::from_ref(&draft.ledger));
        let refused = matches!(&made, Err(NotPublished::Overlaps(first)) if first == "2024-25");
        assert_eq!(refused, other, "{period}");
    }
}

#[test]
fn days_that_were_pooled_are_not_released_afterwards() {
    let mut homes = large();
    homes.push(home("A", 9, 5));
    let mut world = country_of(&homes);
    add(&mut world, 4, 0, 20, 10, 6, 0);
    let draft = releases(&world, 1).remove(0);
    for (period, is_refused) in [("2023-24", true), ("2022-23", true), ("2021-22", false), ("2025-26", false)]
    {
        let mut material = world.material(0);
        material.period = period.parse().expect("a period");
        let made = Draft::make(material, Policy::default(), registry(), std::slice::from_ref(&draft.ledger));
        // From 2022-23 on people are pooled with those of 2024-25.
        assert_eq!(matches!(made, Err(NotPublished::Overlaps(_))), is_refused, "{period}");
    }
}

#[test]
fn the_same_material_gives_the_same_bytes() {
    let world = super::made::world(&mut super::draw::Draw(7), super::made::SMALL);
    let text = |draft: &Draft| serde_json::to_string(draft).expect("a draft");
    let first = make(world.material(0), &[]);
    let mut turned = world.material(0);
    turned.rows.reverse();
    turned.units.reverse();
    turned.pooled_units.reverse();
    assert_eq!(text(&first), text(&make(world.material(0), &[])));
    assert_eq!(first.parts, make(turned, &[]).parts);
}

#[test]
fn figures_that_do_not_add_up_are_refused() {
    let world = country_of(&large());
    let mut material = world.material(0);
    material.units[0].positive += 1;
    let made = Draft::make(material, Policy::default(), registry(), &[]);
    assert!(matches!(made, Err(NotPublished::Unequal(_))), "{made:?}");
}

#[test]
fn a_draft_that_fails_is_not_released() {
    let (_, mut draft) = first(&[home("A", 6, 3), home("A", 30, 15), home("A", 40, 20), home("A", 50, 25)]);
    assert!(draft.clone().release(&[], |_, _| ()).is_ok());
    print_again(&mut draft, "scheme", "s000", 6, 3);
    let refused = draft.release(&[], |_, _| ());
    let Err(NotPublished::Found(verdict)) = refused else { panic!("{refused:?}") };
    assert!(verdict.findings.iter().any(|finding| !finding.because.is_empty()));
}
