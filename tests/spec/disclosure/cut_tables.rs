//! What is printed of tables that can be checked by hand, and how much of many made by lot.

use khi::domain::disclosure::attack::country::{self, Print};
use khi::domain::disclosure::cut::{Block, cut, is_sound};
use khi::domain::disclosure::table::Table;
use khi::domain::disclosure::{Count, Policy};

use super::draw::Draw;
use super::small::{LOW, made, table};

#[test]
fn people_are_counted_added_and_taken_away() {
    let (a, b) = (Count::of(7, 10), Count::of(2, 4));
    assert_eq!((a.n, a.positive, a.others()), (10, 7, 3));
    assert_eq!(a + b, Count::of(9, 14));
    assert_eq!(a - b, Count::of(5, 6));
    assert_eq!([a, b, b].into_iter().sum::<Count>(), Count::of(11, 18));
    let mut all = a;
    all += b;
    assert_eq!(all, Count::of(9, 14));
}

#[test]
fn a_figure_needs_ten_people_and_five_on_each_side() {
    let policy = Policy::default();
    for (positive, n, fits) in
        [(5, 10, true), (4, 10, false), (6, 10, false), (4, 9, false), (5, 9, false), (50, 54, false)]
    {
        assert_eq!(Count::of(positive, n).fits(&policy), fits, "{positive} of {n}");
        assert_eq!(Count::of(positive, n).is_sound(&policy), fits, "{positive} of {n}");
    }
    let nobody = Count::default();
    assert!(nobody.is_nobody() && nobody.is_sound(&policy) && !nobody.fits(&policy));
    assert!(!Count::of(0, 1).is_nobody());
}

#[test]
fn a_table_says_who_is_counted_where() {
    let table = table(&[(0, 3, 4), (1, 5, 6)], &[(0, &[0, 1]), (4, &[1])]);
    assert_eq!(table.count(&[0, 1]), Count::of(8, 10));
    assert_eq!(table.count(&[]), Count::default());
    assert_eq!(table.cells_of_units(), [vec![0], vec![0, 1]]);
}

/// Whether the sum of all units of a table may be known.
fn sound(units: &[(usize, i64, i64)], cells: &[(u8, &[usize])]) -> bool {
    let table = table(units, cells);
    let all: Vec<usize> = (0..units.len()).collect();
    is_sound(&table, &table.cells_of_units(), &all, &Policy::default())
}

#[test]
fn a_block_is_large_enough_with_and_without_each_scheme() {
    assert!(sound(&[], &[]));
    assert!(sound(&[(0, 0, 0)], &[]), "nobody is in it");
    assert!(sound(&[(0, 5, 10)], &[]), "a scheme may stand alone");
    assert!(!sound(&[(0, 4, 10)], &[]));
    assert!(sound(&[(0, 5, 10), (1, 5, 10)], &[]));
    assert!(!sound(&[(0, 50, 100), (1, 4, 10)], &[]), "the first knows the second");
    // Of a scheme in two places both are known to it.
    assert!(!sound(&[(0, 25, 50), (1, 4, 10), (0, 25, 50)], &[]));
    assert!(sound(&[(0, 25, 50), (1, 5, 10), (0, 25, 50)], &[]));
}

#[test]
fn who_is_hidden_in_a_block_stays_open() {
    for (hidden, others, open) in [
        ((0, 4, 4), [(1, 30, 60), (2, 30, 60)], true),
        ((0, 0, 4), [(1, 30, 60), (2, 30, 60)], true),
        // Whoever knows the second knows ten people, six of them hidden: five numbers of positive answers are possible with four others ...
        ((0, 3, 6), [(1, 30, 60), (2, 2, 4)], false),
        // ... and six with five.
        ((0, 3, 6), [(1, 30, 60), (2, 3, 5)], true),
        ((0, 3, 6), [(1, 30, 60), (2, 2, 5)], true),
        ((0, 3, 7), [(1, 30, 60), (2, 2, 4)], false),
        ((0, 1, 6), [(1, 30, 60), (2, 4, 4)], false),
        // Of four people, five.
        ((0, 2, 4), [(1, 30, 60), (2, 3, 6)], true),
        // Who could be printed alone need not be hidden.
        ((0, 5, 10), [(1, 30, 60), (2, 0, 1)], true),
    ] {
        let units = [hidden, others[0], others[1]];
        // Soundness of what is left without each scheme is another rule.
        let total = |without: usize| {
            units.iter().filter(|u| u.0 != without).map(|u| Count::of(u.1, u.2)).sum::<Count>()
        };
        assert!((0..3).all(|without| total(without).fits(&Policy::default())), "{units:?}");
        assert_eq!(sound(&units, &[(4, &[0])]), open, "{units:?}");
        assert!(sound(&units, &[]), "{units:?} without anybody hidden");
    }
}

#[test]
fn seven_people_stay_open_among_six_others_of_as_many_schemes() {
    // Everybody is a scheme of their own: of five others, four are left beside the one that is known, and four answers can change places.
    for (others, open) in [(5, false), (6, true)] {
        let units: Vec<(usize, i64, i64)> =
            (0..7 + others).map(|scheme| (scheme, i64::from(scheme % 2 == 0), 1)).collect();
        assert_eq!(sound(&units, &[(3, &[0, 1, 2, 3, 4, 5, 6])]), open, "{others}");
        assert!(sound(&units, &[]));
    }
}

#[test]
fn who_is_hidden_beside_people_of_their_own_scheme_stays_open_to_who_knows_three_of_those() {
    // Six people of the scheme are hidden in the place. Of three known ones elsewhere two numbers less are asked.
    for (elsewhere, open) in
        [((0, 4, 8), true), ((0, 4, 7), false), ((0, 3, 7), false), ((0, 3, 6), false), ((0, 2, 4), false)]
    {
        assert_eq!(sound(&[(0, 3, 6), elsewhere], &[(3, &[0])]), open, "{elsewhere:?}");
        assert!(sound(&[(0, 3, 6), elsewhere], &[]), "{elsewhere:?} without anybody hidden");
    }
    // With people of others there: of these nothing is known.
    assert!(sound(&[(0, 3, 6), (0, 3, 6), (1, 5, 10)], &[(3, &[0])]));
    assert!(sound(&[(0, 5, 10), (0, 1, 2)], &[(3, &[0])]), "who could be printed alone need not be hidden");
}

fn printed(units: &[(usize, i64, i64)], cells: &[(u8, &[usize])]) -> Vec<usize> {
    let cut = cut(&table(units, cells), &Policy::default());
    (0..cells.len()).filter(|cell| cut.printed[*cell]).collect()
}

#[test]
fn higher_places_are_printed_before_lower_ones_and_most_of_those() {
    // A region is worth more than any number of councils.
    let units = [(0, 20, 40), (1, 20, 40), (2, 20, 40), (3, 3, 6)];
    let all: &[usize] = &[0, 1, 2, 3];
    // One of three: of two left beside the small one either would know it.
    assert_eq!(printed(&units, &[(0, all), (3, &[0]), (3, &[1]), (3, &[2])]), [0, 1]);
    // Where the small ones first print no more, it is the largest.
    let units = [(0, 20, 40), (1, 25, 50), (2, 30, 60), (3, 3, 6)];
    assert_eq!(printed(&units, &[(0, all), (3, &[0]), (3, &[1]), (3, &[2])]), [0, 3]);
    // Two small ones rather than one large one.
    let units = [(0, 10, 20), (1, 10, 20), (2, 50, 100), (3, 3, 6), (4, 20, 40)];
    let all: &[usize] = &[0, 1, 2, 3, 4];
    assert_eq!(printed(&units, &[(0, all), (4, &[0, 1, 2, 4]), (4, &[0]), (4, &[1])]), [0, 2, 3]);
}

#[test]
fn a_figure_of_several_places_is_printed_only_where_each_part_could_be() {
    let whole: &[usize] = &[0, 1, 2, 3];
    for (second, is_printed) in [((0, 5, 10), true), ((0, 4, 10), false)] {
        let mut table = table(&[(0, 20, 40), second, (1, 40, 80), (2, 40, 80)], &[(0, whole), (4, &[0, 1])]);
        table.cells[1].spread = true;
        let cut = cut(&table, &Policy::default());
        assert_eq!(cut.printed, [true, is_printed], "{second:?}");
        let blocks: Vec<Vec<usize>> = cut.blocks.iter().map(|block| block.units.clone()).collect();
        let apart = vec![vec![2, 3], vec![0], vec![1]];
        assert_eq!(blocks, if is_printed { apart } else { vec![whole.to_vec()] });
        assert!(cut.blocks.iter().all(|block| block.told));
    }
}

#[test]
fn blocks_hold_who_is_in_the_same_printed_figures() {
    let table =
        table(&[(0, 20, 40), (1, 20, 40), (2, 20, 40), (3, 20, 40)], &[(2, &[0, 1]), (3, &[0]), (3, &[1])]);
    let cut = cut(&table, &Policy::default());
    assert_eq!(cut.printed, [true, true, true]);
    let block = |units: &[usize], told: bool| Block { units: units.to_vec(), told };
    // Those in no figure are not told.
    assert_eq!(cut.blocks, [block(&[2, 3], false), block(&[1], true), block(&[0], true)]);
}

fn survives(table: &Table, printed: &[bool], policy: &Policy) -> bool {
    let prints: Vec<Print> = printed.iter().map(|p| if *p { Print::Exact } else { Print::Nothing }).collect();
    country::attack(table, &prints, policy).leaks.is_empty()
}

/// What is printed survives the attack; and one more hidden figure that could be printed alone does so seldom. How many of each rank are
/// printed is told exactly, so that a change in what is chosen is seen.
#[test]
fn so_much_is_printed_of_many_tables() {
    let mut by_rank = [[0; 5]; 2];
    let mut more = 0;
    for seed in 0..400 {
        let mut draw = Draw(seed);
        let (at, policy, most) = if seed % 2 == 0 { (0, Policy::default(), 40) } else { (1, LOW, 20) };
        let table = made(&mut draw, 3, most);
        let printed = cut(&table, &policy).printed;
        assert!(survives(&table, &printed, &policy), "{seed}: {table:?} {printed:?}");
        for (cell, is_printed) in table.cells.iter().zip(&printed) {
            by_rank[at][usize::from(cell.rank)] += i32::from(*is_printed);
        }
        more += (0..printed.len())
            .filter(|cell| !printed[*cell] && table.count(&table.cells[*cell].units).fits(&policy))
            .filter(|cell| {
                let mut one_more = printed.clone();
                one_more[*cell] = true;
                !table.cells[*cell].spread && survives(&table, &one_more, &policy)
            })
            .count();
    }
    assert_eq!((by_rank, more), ([[130, 0, 87, 58, 120], [136, 0, 102, 87, 138]], 0));
}
