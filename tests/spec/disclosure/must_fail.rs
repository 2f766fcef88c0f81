//! Thirteen publications that tell too much, each of which is rejected, and what passes instead.

use khi::domain::disclosure::attack::country::{self, Print};
use khi::domain::disclosure::attack::crossing;
use khi::domain::disclosure::attack::prints::{Candidate, Figure, Prints};
use khi::domain::disclosure::attack::puzzle::{Puzzle, Range};
use khi::domain::disclosure::attack::stray::{Permitted, Stray, stray};
use khi::domain::disclosure::groups::{GroupPlace, GroupTable, Schemes};
use khi::domain::disclosure::table::Table;
use khi::domain::disclosure::{Attacker, Count, Policy};

use super::small::table;

/// A table of numbers with its margins, where `hidden` cells (row, column) are not printed: between what one of them lies.
fn between(table: &[[i64; 4]; 4], hidden: &[(usize, usize)], target: (usize, usize)) -> Option<Range> {
    let mut puzzle = Puzzle::default();
    let all: i64 = table.iter().flatten().sum();
    let numbers: Vec<usize> = hidden.iter().map(|_| puzzle.number(0, all)).collect();
    for line in 0..4 {
        for is_row in [true, false] {
            let inside = |cell: &(usize, usize)| if is_row { cell.0 == line } else { cell.1 == line };
            let (own, sum): (Vec<usize>, i64) = hidden
                .iter()
                .zip(&numbers)
                .filter(|(cell, _)| inside(cell))
                .fold((Vec::new(), 0), |(own, sum), (cell, number)| {
                    ([own, vec![*number]].concat(), sum + table[cell.0][cell.1])
                });
            puzzle.sum(&own, sum);
        }
    }
    let at = hidden.iter().position(|cell| *cell == target).expect("a hidden cell");
    puzzle.range(&[(numbers[at], 1)])
}

/// What is hidden must be able to be six different numbers.
fn is_rejected(range: Option<Range>) -> bool {
    range.is_none_or(|range| range.width() < Policy::default().least_each_side)
}

#[test]
fn a_two_hidden_in_each_row_and_column_still_pin_one() {
    let table = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]];
    let [w, x, y, z] = [0, 1, 2, 3];
    let [a, b, c, d] = [0, 1, 2, 3];
    let mut hidden = vec![(w, a), (w, b), (w, c), (x, a), (x, c), (y, b), (y, d), (z, b), (z, d)];
    let range = between(&table, &hidden, (w, b));
    assert_eq!(range, Some(Range { least: 47, most: 47 }));
    assert!(is_rejected(range));
    hidden.push((x, b));
    let range = between(&table, &hidden, (w, b));
    assert_eq!(range, Some(Range { least: 0, most: 141 }));
    assert!(!is_rejected(range));
}

#[test]
fn b_small_margins_bound_what_is_within() {
    let mut puzzle = Puzzle::default();
    let x: Vec<usize> = (0..4).map(|_| puzzle.number(0, 10)).collect();
    puzzle.sum(&[x[0], x[1]], 7);
    puzzle.sum(&[x[2], x[3]], 3);
    puzzle.sum(&[x[0], x[2]], 6);
    puzzle.sum(&[x[1], x[3]], 4);
    let ranges: Vec<Option<Range>> = x.iter().map(|number| puzzle.range(&[(*number, 1)])).collect();
    let expected = [(3, 6), (1, 4), (0, 3), (0, 3)].map(|(least, most)| Some(Range { least, most }));
    assert_eq!(ranges, expected);
    assert!(ranges.into_iter().all(is_rejected));
}

/// Parts rounded to the nearest five, with their total rounded so too.
fn rounded(parts: &[i64], total: i64, hidden: bool) -> (Puzzle, Vec<usize>) {
    let mut puzzle = Puzzle::default();
    let mut numbers: Vec<usize> = parts.iter().map(|part| puzzle.number(part - 2, part + 2)).collect();
    if hidden {
        numbers.push(puzzle.number(0, 9));
    }
    let sum: Vec<(usize, i64)> = numbers.iter().map(|number| (*number, 1)).collect();
    puzzle.told(&sum, total - 2, total + 2);
    (puzzle, numbers)
}

#[test]
fn c_rounding_each_by_itself_is_undone() {
    let (puzzle, numbers) = rounded(&[10, 5, 5, 15], 45, false);
    let ranges: Vec<Option<Range>> = numbers.iter().map(|number| puzzle.range(&[(*number, 1)])).collect();
    assert_eq!(ranges, [12, 7, 7, 17].map(|exact| Some(Range { least: exact, most: exact })));
    assert!(ranges.into_iter().all(is_rejected));
}

#[test]
fn d_fewer_than_ten_hidden_and_the_rest_rounded() {
    let (puzzle, numbers) = rounded(&[15, 20, 25], 75, true);
    let range = puzzle.range(&[(numbers[3], 1)]);
    assert_eq!(range, Some(Range { least: 7, most: 9 }));
    assert!(is_rejected(range));
}

fn figure(text: &str) -> Figure {
    Figure::parse(text).expect("a number")
}

#[test]
fn e_a_percentage_and_its_interval_are_the_counts() {
    let prints = Prints {
        shares: vec![figure("86.5")],
        complete: false,
        interval: Some((figure("72.0"), figure("94.1"))),
        base: 1..=300,
    };
    assert_eq!(prints.candidates(10), [Candidate { n: 37, counts: vec![32] }]);
    assert_eq!(prints.told(60), Some(Candidate { n: 37, counts: vec![32] }));
    // In whole percent, in a band, there are enough counts that print so.
    let coarse = Prints { shares: vec![figure("86")], complete: false, interval: None, base: 30..=59 };
    assert!(coarse.candidates(100).len() >= 5, "{:?}", coarse.candidates(100));
    assert_eq!(coarse.told(60), None);
}

#[test]
fn f_percentages_of_all_answers_give_the_number_of_people() {
    let shares = vec![figure("86.5"), figure("8.1"), figure("5.4")];
    let prints = Prints { shares: shares.clone(), complete: true, interval: None, base: 1..=60 };
    assert_eq!(prints.told(61), Some(Candidate { n: 37, counts: vec![32, 3, 2] }));
    let more = Prints { shares, complete: true, interval: None, base: 1..=300 };
    assert!(more.candidates(10).len() > 1);
    let whole = vec![figure("86"), figure("8"), figure("5")];
    assert_eq!(Prints { shares: whole, complete: false, interval: None, base: 1..=60 }.told(61), None);
}

fn leaks(table: &Table, printed: &[bool]) -> Vec<(usize, Attacker, Count)> {
    let prints: Vec<Print> = printed.iter().map(|p| if *p { Print::Exact } else { Print::Nothing }).collect();
    let attacked = country::attack(table, &prints, &Policy::default());
    attacked.leaks.into_iter().map(|leak| (leak.cell, leak.attacker, leak.count)).collect()
}

#[test]
fn g_the_year_to_date_once_more_with_two_more_people() {
    // Those until June, and those of July, of many schemes alike.
    let (june, july) = ((0, 6, 12), (1, 1, 2));
    let both = table(&[june, july], &[(0, &[0]), (0, &[0, 1])]);
    let found = leaks(&both, &[true, true]);
    assert!(found.iter().any(|(_, who, count)| *who == Attacker::Reader && count.n == 2), "{found:?}");
}

#[test]
fn h_a_council_with_one_scheme_is_that_scheme() {
    // The scheme of eight is hidden, its council is not.
    let alone = table(&[(0, 6, 8), (1, 30, 60), (2, 30, 60)], &[(0, &[0, 1, 2]), (3, &[0]), (4, &[0])]);
    assert!(leaks(&alone, &[true, true, false]).contains(&(2, Attacker::Reader, Count::of(6, 8))));
    assert_eq!(leaks(&alone, &[true, false, false]), []);
    // A scheme is hidden to protect the small one beside it, and then its council, which has no other, is printed.
    let region = table(
        &[(0, 20, 30), (1, 4, 6), (2, 30, 60), (3, 30, 60)],
        &[(0, &[0, 1, 2, 3]), (2, &[0, 1]), (3, &[0]), (3, &[1]), (4, &[0]), (4, &[1])],
    );
    let found = leaks(&region, &[true, true, true, false, false, false]);
    assert!(found.iter().any(|(_, who, count)| *who == Attacker::Reader && *count == Count::of(4, 6)));
}

#[test]
fn i_a_scheme_that_is_counted_elsewhere_the_next_time() {
    // Two councils before and after: unit 1 is the six people who are counted in the other one now.
    let moved = table(
        &[(0, 30, 44), (1, 3, 6), (2, 20, 30)],
        &[(3, &[0, 1]), (3, &[2]), (3, &[0]), (3, &[1, 2]), (4, &[1])],
    );
    let found = leaks(&moved, &[true, true, true, true, false]);
    assert!(found.iter().any(|(_, _, count)| *count == Count::of(3, 6)), "{found:?}");
}

#[test]
fn j_all_but_the_men_and_all() {
    let groups = table(&[(0, 30, 60), (1, 2, 3)], &[(0, &[0, 1]), (0, &[0]), (0, &[1])]);
    assert!(leaks(&groups, &[true, true, false]).contains(&(2, Attacker::Reader, Count::of(2, 3))));

    // As a breakdown: the women are printed, so the men are.
    let by_scheme = |counts: &[(i64, i64)]| -> Schemes {
        counts.iter().enumerate().map(|(scheme, (k, n))| (scheme, Count::of(*k, *n))).collect()
    };
    let (women, men) = (by_scheme(&[(15, 30), (15, 30), (15, 30)]), by_scheme(&[(1, 1), (0, 1), (1, 1)]));
    let everybody = by_scheme(&[(16, 31), (15, 31), (16, 31)]);
    let place = GroupPlace { parent: None, printed: true, everybody, groups: vec![women, men] };
    let table = GroupTable { places: vec![place], several: false };
    let policy = Policy::default();
    let found = crossing::attack(&table, &[true], &policy).leaks;
    assert!(found.iter().any(|leak| leak.attacker == Attacker::Reader && leak.count == Count::of(2, 3)));
    assert_eq!(table.print(&policy), [false]);
    assert_eq!(crossing::attack(&table, &[false], &policy).leaks, []);
}

#[test]
fn k_a_dot_at_its_exact_place() {
    let frame =
        r#"<svg viewBox="0 0 640 400"><path d="M40,360H600"/><text x="12" y="20">percent</text></svg>"#;
    let permitted = Permitted::default().also(frame).also("86% of 40 to 49 people");
    let rounded = r#"<svg viewBox="0 0 640 400"><path d="M40,360H600"/><text x="12" y="20">86%</text></svg>"#;
    assert_eq!(stray(rounded, &permitted), []);
    // 32 of 37 at 40 + 560 * 32 / 37.
    let exact = "<svg viewBox=\"0 0 640 400\">\n<circle cx=\"524.32\" cy=\"20\" r=\"12\"/></svg>";
    let found = stray(exact, &permitted);
    assert_eq!(found, [Stray { number: "524.32".into(), line: 2, column: 13 }]);
    let path = r#"<path d="M40,360L524.32,12"/>"#;
    assert_eq!(stray(path, &permitted).len(), 1);
}

#[test]
fn l_a_column_that_nobody_sees() {
    let permitted = Permitted::default()
        .also("period,place,n,positive,percent\n2024-25,E92000001,1234,1100,89.1")
        .number(62);
    let good = "period,place,n,positive,percent\n2024-25,E92000001,\"1,234\",1100,89.10%\n";
    assert_eq!(stray(good, &permitted), []);
    let hidden = "period,place,n,positive,percent,raw\n2024-25,E92000001,1234,1100,89.1,37\n";
    assert_eq!(stray(hidden, &permitted), [Stray { number: "37".into(), line: 2, column: 34 }]);
    for (text, number) in [
        ("{\"n\": 1234, \"raw\": 0.8648}", "0.8648"),
        ("<td data-n=\"37\">89.1%</td>", "37"),
        ("<td id=\"n37\">89.1%</td>", "n37"),
        ("<td title='1,235 people'>89.1%</td>", "1,235"),
        ("<td>&#51;</td>", "&#51;"),
        ("<td>62 of 7e1</td>", "7e1"),
    ] {
        let found: Vec<String> = stray(text, &permitted).into_iter().map(|s| s.number).collect();
        assert_eq!(found, [number], "{text}");
    }
}

#[test]
fn m_twenty_hours_and_twenty_five_hours() {
    // Everybody who works at least 20 hours a week, and everybody who works at least 25: one man lies between.
    let hours = table(&[(0, 40, 70), (1, 1, 1), (2, 40, 70)], &[(0, &[0, 1, 2]), (0, &[0, 2]), (4, &[1])]);
    assert!(leaks(&hours, &[true, true, false]).contains(&(2, Attacker::Reader, Count::of(1, 1))));
    assert_eq!(leaks(&hours, &[true, false, false]), []);
}
