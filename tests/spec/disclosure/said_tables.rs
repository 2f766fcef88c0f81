//! What is said of figures that are not printed, of tables that can be checked by hand, and how much of many made by lot.

use std::collections::{BTreeMap, BTreeSet};

use khi::domain::disclosure::attack::country::{self, Print};
use khi::domain::disclosure::cut::cut;
use khi::domain::disclosure::table::Table;
use khi::domain::disclosure::words::{Pool, PoolPart, Said, bounds, say};
use khi::domain::disclosure::{Count, Policy};

use super::draw::Draw;
use super::small::{LOW, made, table};

const POLICY: fn() -> Policy = Policy::default;

#[test]
fn words_say_between_which_numbers_positive_answers_lie() {
    let of = |said, positive, n| bounds(said, Count::of(positive, n), &POLICY());
    assert_eq!(of(Said::AlmostAll, 9, 10), (8, 10));
    assert_eq!(of(Said::AlmostAll, 14, 14), (12, 14), "four fifths are 11.2");
    assert_eq!(of(Said::VeryFew, 1, 10), (0, 2));
    assert_eq!(of(Said::VeryFew, 1, 14), (0, 2), "a fifth is 2.8");
    assert_eq!(of(Said::Earlier(Count::of(5, 10)), 1, 14), (0, 14));
    // Of a pool in which at least three positive answers and four others are of nobody now: so many fewer, so many more.
    let pooled =
        |positive, n| of(Said::Pooled { count: Count::of(20, 40), free: Count::of(3, 7) }, positive, n);
    assert_eq!(pooled(6, 20), (2, 9));
    assert_eq!(pooled(1, 3), (0, 3));
}

/// Schemes of `hidden` beside four of forty people and four of eight; each a figure, and all of them.
fn beside_others(hidden: &[(i64, i64)]) -> Table {
    let mut units = vec![(20, 40); 4];
    units.extend(vec![(4, 8); 4]);
    units.extend(hidden);
    let units: Vec<(usize, i64, i64)> = units.into_iter().enumerate().map(|(s, (k, n))| (s, k, n)).collect();
    let all: Vec<usize> = (0..units.len()).collect();
    let each: Vec<[usize; 1]> = all.iter().map(|unit| [*unit]).collect();
    let mut cells: Vec<(u8, &[usize])> = vec![(0, &all)];
    cells.extend(each.iter().map(|unit| (4, unit.as_slice())));
    table(&units, &cells)
}

fn said(table: &Table, pools: &BTreeMap<usize, Pool>) -> BTreeMap<usize, Said> {
    say(table, &cut(table, &POLICY()), pools, &POLICY())
}

#[test]
fn of_ten_people_four_fifths_are_almost_all_and_a_fifth_very_few() {
    for (positive, n, words) in [
        (8, 10, Some(Said::AlmostAll)),
        (10, 10, Some(Said::AlmostAll)),
        (7, 10, None),
        (9, 9, None),
        (12, 14, Some(Said::AlmostAll)),
        (11, 14, None),
        (2, 10, Some(Said::VeryFew)),
        (0, 10, Some(Said::VeryFew)),
        (3, 10, None),
        (0, 9, None),
        (2, 14, Some(Said::VeryFew)),
        (3, 14, None),
        (4, 20, Some(Said::VeryFew)),
    ] {
        let table = beside_others(&[(positive, n)]);
        assert_eq!(said(&table, &BTreeMap::new()).get(&9).copied(), words, "{positive} of {n}");
    }
}

/// A scheme of `now` people that can be pooled from these parts: in each so many now, and so many earlier ones of whom nothing is known.
fn pooled(now: (i64, i64), parts: &[((i64, i64), (i64, i64))]) -> Option<Said> {
    let part = |(now, free): &((i64, i64), (i64, i64))| PoolPart {
        all: Count::of(now.0 + free.0, now.1 + free.1),
        free: Count::of(free.0, free.1),
    };
    let pool = Pool::Now { parts: parts.iter().map(part).collect(), units: BTreeSet::new(), worded: false };
    said(&beside_others(&[now]), &BTreeMap::from([(9, pool)])).get(&9).copied()
}

#[test]
fn people_of_now_are_hidden_among_as_many_in_a_pool_who_stand_in_no_release() {
    let now = (5, 9);
    for (now, free, is_said) in [
        ((5, 9), (10, 20), true),
        // As many positive answers as there are others to be hidden, at most five; as many others as positive ones, at most five.
        ((5, 9), (4, 9), true),
        ((5, 9), (3, 8), false),
        ((5, 9), (4, 8), false),
        ((7, 14), (5, 10), true),
        ((7, 14), (4, 9), false),
        ((7, 14), (5, 9), false),
        ((5, 9), (0, 0), false),
        // Ten people, five on each side.
        ((0, 4), (5, 9), true),
        ((0, 4), (4, 9), false),
        ((4, 4), (1, 6), true),
        ((4, 4), (1, 5), false),
    ] {
        let count = Count::of(now.0 + free.0, now.1 + free.1);
        let expected = Said::Pooled { count, free: Count::of(free.0, free.1) };
        assert_eq!(pooled((5, 9), &[(now, free)]), is_said.then_some(expected), "{now:?} and {free:?}");
    }
    // Without any one scheme as well; what hides is the least of these.
    let second = |free| pooled(now, &[(now, (10, 20)), (now, free)]);
    let free = Count::of(4, 9);
    assert_eq!(second((4, 9)), Some(Said::Pooled { count: Count::of(24, 47), free }));
    assert_eq!(second((3, 8)), None);
    let first = pooled(now, &[(now, (4, 9)), (now, (10, 20))]);
    assert_eq!(first, Some(Said::Pooled { count: Count::of(24, 47), free }));
    // A scheme of nobody hides nobody and stands in nobody's way.
    let expected = Said::Pooled { count: Count::of(15, 29), free: Count::of(10, 20) };
    assert_eq!(pooled(now, &[(now, (10, 20)), ((0, 0), (0, 0))]), Some(expected));
    // What is left without one scheme must be large enough itself.
    assert_eq!(pooled(now, &[(now, (10, 20)), ((0, 0), (3, 6))]), None);
}

/// A pool of people of these schemes in one council.
fn pool(count: (i64, i64), schemes: &[&str]) -> Pool {
    let all = Count::of(count.0, count.1);
    let units = schemes.iter().map(|scheme| ((*scheme).to_owned(), "A".to_owned())).collect();
    Pool::Now {
        parts: vec![PoolPart { all, free: Count::of(count.0 - 5, count.1 - 9) }],
        units,
        worded: false,
    }
}

#[test]
fn pools_share_all_their_people_or_none() {
    let words = |pools: [Pool; 2]| {
        let pools = BTreeMap::from_iter([9, 10].into_iter().zip(pools));
        let said = said(&beside_others(&[(5, 9), (5, 9)]), &pools);
        [9, 10].map(|cell| matches!(said.get(&cell), Some(Said::Pooled { .. })))
    };
    assert_eq!(words([pool((15, 29), &["a"]), pool((16, 31), &["b"])]), [true, true]);
    assert_eq!(words([pool((15, 29), &["a", "b"]), pool((16, 31), &["b"])]), [true, false]);
    assert_eq!(words([pool((15, 29), &["a", "b"]), pool((16, 31), &["a", "b"])]), [true, true]);
    // What an earlier release printed is printed again.
    let earlier = Pool::Earlier(Count::of(15, 29));
    let pools = BTreeMap::from([(9, earlier), (10, pool((16, 31), &["a"]))]);
    let said = said(&beside_others(&[(5, 9), (5, 9)]), &pools);
    assert_eq!(said.get(&9), Some(&Said::Earlier(Count::of(15, 29))));
    assert!(matches!(said.get(&10), Some(Said::Pooled { .. })));
}

#[test]
fn the_pool_of_a_place_where_nobody_answered_now_opens_no_block() {
    let first = pool((15, 29), &["a"]);
    let table = beside_others(&[(0, 0), (5, 9)]);
    let found = said(&table, &BTreeMap::from([(9, first.clone()), (10, pool((16, 31), &["b"]))]));
    assert_eq!(found.len(), 2);
    // It is a pool as any other: the people of another one are not in it.
    let found = said(&table, &BTreeMap::from([(9, first), (10, pool((16, 31), &["a", "b"]))]));
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [10], "the larger first");
}

/// A council of these schemes, all hidden, beside much else.
fn council(schemes: &[(i64, i64)], rank: u8) -> Table {
    let mut table = beside_others(schemes);
    let units: Vec<usize> = (8..8 + schemes.len()).collect();
    let all = &mut table.cells;
    all.push(khi::domain::disclosure::table::Cell { rank, units, spread: false });
    table
}

#[test]
fn something_is_said_of_schemes_and_councils_and_once_of_the_same_people() {
    let words = |schemes: &[(i64, i64)], rank| said(&council(schemes, rank), &BTreeMap::new());
    // A council with one scheme is that scheme: the same is said of both, where they are so many that it leaves six numbers possible.
    assert_eq!(words(&[(24, 24)], 3), BTreeMap::new());
    let found = words(&[(25, 25)], 3);
    assert_eq!(found, BTreeMap::from([(9, Said::AlmostAll), (10, Said::AlmostAll)]));
    // A region is not spoken of.
    assert_eq!(words(&[(25, 25)], 2), BTreeMap::from([(9, Said::AlmostAll)]));
    // Schemes come first; a council of which a scheme is spoken of is not.
    assert_eq!(words(&[(25, 25), (4, 4)], 3), BTreeMap::from([(9, Said::AlmostAll)]));
    // Where nothing is said of the schemes, the council is spoken of.
    assert_eq!(words(&[(9, 9); 3], 3), BTreeMap::from([(12, Said::AlmostAll)]));
    // A council and its scheme with the same pool, and with another: then only the scheme is pooled.
    let both = |council_pool: Pool| {
        let pools = BTreeMap::from([(9, pool((15, 29), &["a"])), (10, council_pool)]);
        said(&council(&[(5, 9)], 3), &pools).len()
    };
    assert_eq!(both(pool((15, 29), &["a"])), 2);
    assert_eq!(both(pool((16, 31), &["a"])), 1);
}

#[test]
fn nothing_is_said_of_people_in_several_blocks() {
    let mut table = beside_others(&[(12, 12), (20, 40)]);
    // A council of a hidden scheme and a printed one.
    let units = vec![8, 9];
    table.cells.push(khi::domain::disclosure::table::Cell { rank: 3, units, spread: false });
    table.units[8].count = Count::of(7, 7);
    table.units[9].count = Count::of(45, 50);
    let chosen = cut(&table, &POLICY());
    assert!(chosen.printed[10] && !chosen.printed[11]);
    assert_eq!(say(&table, &chosen, &BTreeMap::new(), &POLICY()), BTreeMap::new());
}

/// A pool of a hidden figure, made up.
fn lot(draw: &mut Draw, table: &Table, cell: usize, most: i64) -> Pool {
    let of = &table.cells[cell];
    if draw.one_in(8) {
        return Pool::Earlier(Count::of(5, 10));
    }
    let mut parts: BTreeMap<usize, PoolPart> = BTreeMap::new();
    for unit in &of.units {
        let part = parts.entry(table.units[*unit].scheme).or_default();
        let free = draw.between(0, most);
        let free = Count::of(draw.between(0, free), free);
        part.free += free;
        part.all += table.units[*unit].count + free;
    }
    let name = |unit: &usize| (table.units[*unit].scheme.to_string(), unit.to_string());
    Pool::Now {
        parts: parts.into_values().collect(),
        units: of.units.iter().map(name).collect(),
        worded: false,
    }
}

/// What is said tells nothing of anybody, and so much is said of how many tables: told exactly, so that a change in it is seen.
#[test]
fn so_much_is_said_of_many_tables() {
    let mut kinds = [[0; 5]; 2];
    for seed in 0..1500 {
        let mut draw = Draw(seed);
        let (at, policy, most) = if seed % 2 == 0 { (0, POLICY(), 40) } else { (1, LOW, 20) };
        let table = made(&mut draw, 4, most);
        let chosen = cut(&table, &policy);
        let mut pools = BTreeMap::new();
        for cell in (0..table.cells.len()).filter(|cell| table.cells[*cell].rank >= 3) {
            if draw.one_in(4) {
                pools.insert(cell, lot(&mut draw, &table, cell, most));
            }
        }
        let said = say(&table, &chosen, &pools, &policy);
        let print = |cell: usize| match said.get(&cell) {
            _ if chosen.printed[cell] => Print::Exact,
            None | Some(Said::Earlier(_)) => Print::Nothing,
            Some(words) => {
                let (least, most) = bounds(*words, table.count(&table.cells[cell].units), &policy);
                if matches!(words, Said::Pooled { .. }) {
                    Print::Within(least, most)
                } else {
                    Print::Between(least, most)
                }
            }
        };
        let prints: Vec<Print> = (0..table.cells.len()).map(print).collect();
        let attacked = country::attack(&table, &prints, &policy);
        assert_eq!(attacked.leaks, [], "{seed}: {table:?} {said:?}");
        for cell in 0..table.cells.len() {
            let kind = match said.get(&cell) {
                None => 0,
                Some(Said::AlmostAll) => 1,
                Some(Said::VeryFew) => 2,
                Some(Said::Pooled { .. }) => 3,
                Some(Said::Earlier(_)) => 4,
            };
            kinds[at][kind] += i32::from(!chosen.printed[cell]);
        }
    }
    assert_eq!(kinds, [[4148, 414, 287, 361, 145], [4323, 387, 220, 323, 140]]);
}
