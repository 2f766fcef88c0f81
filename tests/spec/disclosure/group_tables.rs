//! Breakdowns and details that can be checked by hand, and how much is printed of many made by lot.

use std::collections::BTreeMap;

use khi::domain::disclosure::attack::crossing::{self, Attacked, flow};
use khi::domain::disclosure::attack::puzzle::Range;
use khi::domain::disclosure::details::{Parts, printed};
use khi::domain::disclosure::groups::{GroupPlace, GroupTable, Schemes, is_sound, less, total};
use khi::domain::disclosure::{Attacker, Count, Policy};

use super::draw::Draw;
use super::small::LOW;

fn people(by_scheme: &[(usize, i64, i64)]) -> Schemes {
    by_scheme.iter().map(|(scheme, positive, n)| (*scheme, Count::of(*positive, *n))).collect()
}

#[test]
fn people_of_schemes_are_added_and_taken_away() {
    let all = people(&[(0, 3, 5), (1, 2, 4)]);
    assert_eq!(total(&all), Count::of(5, 9));
    // Whose people are all taken away is not there any more.
    assert_eq!(less(&all, &people(&[(0, 3, 5), (1, 1, 1), (2, 1, 2)])), people(&[(1, 1, 3), (2, -1, -2)]));
}

#[test]
fn a_column_is_large_enough_with_and_without_each_scheme() {
    let policy = Policy::default();
    assert!(is_sound(&people(&[]), &policy));
    assert!(is_sound(&people(&[(0, 5, 10)]), &policy), "one scheme may stand alone");
    assert!(is_sound(&people(&[(0, 5, 10), (1, 5, 10)]), &policy));
    assert!(!is_sound(&people(&[(0, 5, 10), (1, 4, 10)]), &policy));
    assert!(!is_sound(&people(&[(0, 2, 5), (1, 2, 5)]), &policy));
}

/// A place whose people are all in one of these groups, or in the last of them: that is none.
fn place(parent: Option<usize>, groups: &[Schemes]) -> GroupPlace {
    let mut everybody = Schemes::new();
    for (scheme, count) in groups.iter().flatten() {
        *everybody.entry(*scheme).or_default() += *count;
    }
    GroupPlace { parent, printed: true, everybody, groups: groups[..groups.len() - 1].to_vec() }
}

/// Two schemes with as many people each.
fn twice(positive: i64, n: i64) -> Schemes {
    people(&[(0, positive, n), (1, positive, n)])
}

#[test]
fn columns_are_the_groups_and_none_of_them_or_each_and_all_others() {
    let place = place(None, &[twice(1, 2), twice(2, 5), twice(3, 3)]);
    let table = GroupTable { places: vec![place.clone()], several: false };
    assert_eq!(table.columns(0), [twice(1, 2), twice(2, 5), twice(3, 3)]);
    let table = GroupTable { places: vec![place], several: true };
    assert_eq!(table.columns(0), [twice(1, 2), twice(5, 8), twice(2, 5), twice(4, 5)]);
}

#[test]
fn all_columns_of_a_place_are_printed_or_none() {
    for (none, several, is_printed) in [
        (twice(0, 0), false, true),
        (twice(5, 10), false, true),
        (twice(4, 10), false, false),
        (twice(4, 10), true, true),
    ] {
        let mut place = place(None, &[twice(10, 20), twice(10, 20), none]);
        let table = |place: &GroupPlace| GroupTable { places: vec![place.clone()], several };
        assert_eq!(table(&place).print(&Policy::default()), [is_printed]);
        place.printed = false;
        assert_eq!(
            table(&place).print(&Policy::default()),
            [false],
            "a figure that is not printed has no groups"
        );
    }
}

/// The UK with two nations, and what is left of it in none.
fn nations(first: &[Schemes; 2], second: &[Schemes; 2], rest: &[Schemes; 2]) -> GroupTable {
    let all: Vec<Schemes> = (0..2)
        .map(|group| {
            let mut all = Schemes::new();
            for (scheme, count) in [first, second, rest].into_iter().flat_map(|nation| &nation[group]) {
                *all.entry(*scheme).or_default() += *count;
            }
            all
        })
        .collect();
    let none = Schemes::new;
    let places = vec![
        place(None, &[all[0].clone(), all[1].clone(), none()]),
        place(Some(0), &[first[0].clone(), first[1].clone(), none()]),
        place(Some(0), &[second[0].clone(), second[1].clone(), none()]),
    ];
    GroupTable { places, several: false }
}

#[test]
fn what_is_left_of_the_groups_beside_those_of_printed_parts_is_large_enough() {
    let of =
        |scheme: usize, positive: i64, n: i64| people(&[(scheme, positive, n), (scheme + 1, positive, n)]);
    let policy = Policy::default();
    let large = [of(0, 20, 40), of(0, 20, 40)];
    let also = [of(2, 10, 20), of(2, 10, 20)];
    let nobody = [Schemes::new(), Schemes::new()];
    assert_eq!(nations(&large, &also, &nobody).print(&policy), [true, true, true]);
    assert_eq!(nations(&large, &also, &[of(4, 5, 10), of(4, 5, 10)]).print(&policy), [true, true, true]);
    // A few elsewhere would be what is left: they are hidden with the smaller of the two.
    assert_eq!(nations(&large, &also, &[of(4, 1, 2), of(4, 1, 2)]).print(&policy), [true, true, false]);
    assert_eq!(nations(&also, &large, &[of(4, 1, 2), of(4, 1, 2)]).print(&policy), [true, false, true]);
    // A part that cannot be printed by itself.
    assert_eq!(nations(&large, &[of(2, 2, 4), of(2, 2, 4)], &nobody).print(&policy), [true, false, false]);
    let hidden = nations(&large, &[of(2, 2, 4), of(2, 2, 4)], &also).print(&policy);
    assert_eq!(hidden, [true, true, false]);
}

#[test]
fn a_hidden_group_stays_open_as_far_as_answers_can_move_round_a_rectangle() {
    let policy = Policy::default();
    // The UK with one hidden nation of a scheme of four in each group, beside two others of two groups.
    let uk = |hidden: [(i64, i64); 2], beside: [[(i64, i64); 2]; 2]| {
        let group = |at: usize| {
            people(&[
                (0, hidden[at].0, hidden[at].1),
                (1, beside[0][at].0, beside[0][at].1),
                (2, beside[1][at].0, beside[1][at].1),
            ])
        };
        let own = |at: usize| people(&[(0, hidden[at].0, hidden[at].1)]);
        let places = vec![
            place(None, &[group(0), group(1), Schemes::new()]),
            place(Some(0), &[own(0), own(1), Schemes::new()]),
        ];
        GroupTable { places, several: false }.print(&policy)
    };
    let beside = [[(20, 40), (20, 40)]; 2];
    // Of the four, with one known in the other group, four numbers must stay possible; with three known, three.
    assert_eq!(uk([(2, 4), (5, 10)], beside), [true, false]);
    assert_eq!(uk([(0, 4), (5, 10)], beside), [true, false]);
    assert_eq!(uk([(2, 4), (2, 4)], beside), [false, false]);
    // The other group could be printed alone by its size; with fewer positive answers it must stay open itself.
    assert_eq!(uk([(2, 4), (4, 10)], beside), [false, false]);
    // Where nobody is in the other group nothing can move.
    assert_eq!(uk([(2, 4), (0, 0)], beside), [false, false]);
}

/// A UK of two nations, the first of two regions and people in none; schemes in one of these each; two or three groups.
fn lot(draw: &mut Draw, most: i64) -> GroupTable {
    let several = draw.one_in(3);
    let groups = 2 + draw.below(2);
    let parents = [None, Some(0), Some(0), Some(1), Some(1)];
    let empty = |parent| GroupPlace {
        parent,
        printed: true,
        everybody: Schemes::new(),
        groups: vec![Schemes::new(); groups],
    };
    let mut places: Vec<GroupPlace> = parents.into_iter().map(empty).collect();
    let mut scheme = 0;
    for home in [1, 2, 3, 4] {
        for _ in 0..1 + draw.below(3) {
            if draw.one_in(4) {
                continue;
            }
            for kind in 0..=groups {
                let most = if draw.one_in(3) { most } else { most / 3 };
                let n = draw.between(0, most);
                if n == 0 {
                    continue;
                }
                let count = Count::of(draw.between(0, n), n);
                let mut at = Some(home);
                while let Some(place) = at {
                    let of: &mut GroupPlace = &mut places[place];
                    *of.everybody.entry(scheme).or_default() += count;
                    for group in 0..groups {
                        // Those of the last kind are in no group; where one can be in several, some are in two.
                        if kind == group
                            || (several && kind < groups && (kind + 1) % groups == group && scheme % 2 == 0)
                        {
                            *of.groups[group].entry(scheme).or_default() += count;
                        }
                    }
                    at = of.parent;
                }
            }
            scheme += 1;
        }
    }
    GroupTable { places, several }
}

/// Whatever is printed survives the attack; so many places print their groups, told exactly, so that a change in it is seen.
#[test]
fn so_much_is_printed_of_many_breakdowns() {
    let mut by_place = [[0; 5]; 2];
    let (mut figures, mut questions) = (0, 0);
    for seed in 0..1200 {
        let mut draw = Draw(seed);
        let (at, policy, most) = if seed % 2 == 0 { (0, Policy::default(), 40) } else { (1, LOW, 24) };
        let table = lot(&mut draw, most);
        let printed = table.print(&policy);
        let attacked = crossing::attack(&table, &printed, &policy);
        assert_eq!(attacked.leaks, [], "{seed}: {table:?} {printed:?}");
        (figures, questions) = (figures + attacked.figures, questions + attacked.questions);
        by_place[at].iter_mut().zip(&printed).for_each(|(all, one)| *all += i32::from(*one));
    }
    assert_eq!((by_place, figures, questions), ([[207, 25, 25, 1, 7], [186, 11, 11, 0, 0]], 6097, 11857));
}

/// What is asked of the groups of hidden places where those of some others are printed, whether they may be or not: of each column, everybody
/// and everybody but each scheme, unless nobody is left or so many that they could be printed alone.
fn asked(table: &GroupTable, printed: &[bool], policy: &Policy) -> Attacked {
    let mut found = Attacked::default();
    let children =
        |place: usize| (0..table.places.len()).filter(move |p| table.places[*p].parent == Some(place));
    let columns: Vec<Vec<Schemes>> = (0..table.places.len()).map(|place| table.columns(place)).collect();
    let width = columns[0].len();
    let step = if table.several { 2 } else { width };
    for place in (0..printed.len()).filter(|place| printed[*place]) {
        let mut rest = columns[place].clone();
        for part in children(place).filter(|part| printed[*part]) {
            rest = (0..width).map(|c| less(&rest[c], &columns[part][c])).collect();
        }
        for column in columns[place].iter().chain(&rest).filter(|column| !is_sound(column, policy)) {
            let count = total(column);
            let attacker = if count.is_sound(policy) { Attacker::Scheme } else { Attacker::Reader };
            let range = Some(Range { least: count.positive, most: count.positive });
            found.leaks.push(crossing::Leak { place, attacker, count, range });
        }
        // Hidden places, those below them after all of them.
        let mut hidden: Vec<usize> = children(place).filter(|part| !printed[*part]).collect();
        for at in 0.. {
            let Some(next) = hidden.get(at).copied() else { break };
            hidden.extend(children(next));
        }
        for target in &hidden {
            let is_in = |mut inner: usize, outer: usize| loop {
                if inner == outer {
                    return true;
                }
                let Some(parent) = table.places[inner].parent else { return false };
                inner = parent;
            };
            // Rows beside it: the smallest hidden places, and those who are in none of them.
            let beside: Vec<usize> = hidden
                .iter()
                .copied()
                .filter(|p| {
                    !is_in(*p, *target) && !hidden.iter().any(|inner| inner != p && is_in(*inner, *p))
                })
                .collect();
            let mut rows = vec![columns[*target].clone()];
            rows.extend(beside.iter().map(|row| columns[*row].clone()));
            let left: Vec<Schemes> = (0..width)
                .map(|c| rows.iter().fold(rest[c].clone(), |left, row| less(&left, &row[c])))
                .collect();
            rows.push(left);
            for (column, own) in columns[*target].iter().enumerate() {
                if total(own).n == 0 {
                    continue;
                }
                found.figures += 1;
                let of = column / step * step..column / step * step + step;
                let mut schemes: Vec<usize> = rows.iter().flatten().flat_map(|c| c.keys().copied()).collect();
                schemes.sort_unstable();
                schemes.dedup();
                for known in std::iter::once(None).chain(schemes.into_iter().map(Some)) {
                    let without = |column: &Schemes| -> Count {
                        column.iter().filter(|(scheme, _)| Some(**scheme) != known).map(|(_, c)| *c).sum()
                    };
                    let count = without(own);
                    if count.n == 0 || count.fits(policy) {
                        continue;
                    }
                    found.questions += 1;
                    let counts: Vec<Vec<Count>> =
                        rows.iter().map(|row| of.clone().map(|c| without(&row[c])).collect()).collect();
                    let range = flow(&counts, column - of.start);
                    if range.is_none_or(|range| range.width() < count.n.min(policy.least_each_side)) {
                        let attacker = if known.is_some() { Attacker::Scheme } else { Attacker::Register };
                        found.leaks.push(crossing::Leak { place: *target, attacker, count, range });
                        break;
                    }
                }
            }
        }
    }
    found
}

#[test]
fn everybody_who_attacks_is_asked_about_every_hidden_group() {
    let mut leaks = BTreeMap::new();
    for seed in 0..600 {
        let mut draw = Draw(seed);
        let (policy, most) = if seed % 2 == 0 { (Policy::default(), 40) } else { (LOW, 24) };
        let table = lot(&mut draw, most);
        let printed: Vec<bool> = (0..5).map(|place| place == 0 || draw.one_in(2)).collect();
        let found = crossing::attack(&table, &printed, &policy);
        found.leaks.iter().for_each(|leak| *leaks.entry(leak.attacker).or_insert(0) += 1);
        assert_eq!(found, asked(&table, &printed, &policy), "{seed}: {table:?} {printed:?}");
    }
    assert!(leaks.len() == 3 && leaks.values().all(|number| *number > 50), "{leaks:?}");
}

fn parts(counts: &[(&str, &[i64])]) -> Parts {
    let mut parts = Parts::default();
    for (part, by_scheme) in counts {
        for (scheme, count) in by_scheme.iter().enumerate() {
            parts.enlarge(part, &scheme.to_string(), *count);
        }
    }
    parts
}

#[test]
fn parts_are_large_enough_without_their_largest_scheme_or_empty() {
    let policy = Policy::default();
    let mut all = parts(&[("a", &[12, 5, 6]), ("b", &[0, 0, 0])]);
    assert_eq!((all.total("a"), all.total("b"), all.total("c")), (23, 0, 0));
    assert!(all.is_sound(&policy), "eleven besides the largest");
    assert!(parts(&[("a", &[12, 5, 5])]).is_sound(&policy));
    assert!(!parts(&[("a", &[12, 5, 4])]).is_sound(&policy));
    assert!(!parts(&[("a", &[12, 5, 5]), ("b", &[1])]).is_sound(&policy));
    assert!(!parts(&[("a", &[-3, 9])]).is_sound(&policy));
    all.enlarge("a", "0", 3);
    all.less(&parts(&[("a", &[1, 2])]));
    assert_eq!(all.total("a"), 23);
}

#[test]
fn parts_that_are_too_few_are_taken_together_with_as_few_others_as_it_takes() {
    let policy = Policy::default();
    let merged = |counts: &[(&str, &[i64])]| {
        let printed = parts(counts).merged("several", &policy)?;
        Some(
            printed.into_iter().map(|(part, count)| format!("{part} {count}")).collect::<Vec<_>>().join(", "),
        )
    };
    let large: &[i64] = &[20, 20, 20];
    assert_eq!(merged(&[("a", large), ("b", &[0, 0])]).as_deref(), Some("a 60, b 0"));
    assert_eq!(merged(&[("a", &[5, 5, 5]), ("b", large)]).as_deref(), Some("a 15, b 60"));
    // One that is too small, with the smallest of the others.
    assert_eq!(
        merged(&[("a", &[1, 1]), ("b", large), ("c", &[10, 10])]).as_deref(),
        Some("b 60, several 22")
    );
    // Two that are large enough together, and two that are not.
    assert_eq!(merged(&[("a", &[5, 4]), ("b", &[5, 6]), ("c", large)]).as_deref(), Some("c 60, several 20"));
    assert_eq!(merged(&[("a", &[5, 4]), ("b", &[4, 5]), ("c", large)]).as_deref(), Some("several 78"));
    assert_eq!(merged(&[("a", &[1, 1]), ("b", &[1, 1])]), None);
    assert_eq!(merged(&[("a", &[9])]), None);
}

#[test]
fn details_stand_with_the_uk_and_with_all_nations_or_none() {
    let policy = Policy::default();
    let uk = parts(&[("a", &[10, 10, 10, 10, 10, 10])]);
    let nation = |counts: &[i64]| parts(&[("a", counts)]);
    assert_eq!(printed(&uk, &[nation(&[10, 10]), nation(&[0, 0, 10, 10])], &policy), (true, true));
    assert_eq!(
        printed(&uk, &[nation(&[10, 10]), nation(&[0, 0, 10, 9])], &policy),
        (true, false),
        "a nation"
    );
    assert_eq!(
        printed(&uk, &[nation(&[10, 10]), nation(&[0, 0, 10, 10, 10])], &policy),
        (true, false),
        "the rest"
    );
    assert_eq!(printed(&uk, &[nation(&[10, 10, 10]), nation(&[0, 0, 0, 10, 10, 10])], &policy), (true, true));
    assert_eq!(printed(&nation(&[10, 9]), &[nation(&[10, 10])], &policy), (false, false));
}
