//! What printed numbers give away, number by number: percentages with their intervals, and numbers that stand where none may.

use khi::domain::disclosure::attack::prints::{Candidate, Figure, Prints};
use khi::domain::disclosure::attack::puzzle::{Puzzle, Range};
use khi::domain::disclosure::attack::stray::{Permitted, stray};
use khi::domain::statistics::{Z95, wilson};

/// `k` of `n` in percent with so many decimals, rounded half up.
fn percent(k: i64, n: i64, decimals: u32) -> String {
    let digits = (2 * k * 100 * 10_i64.pow(decimals) + n) / (2 * n);
    with_point(digits, decimals)
}

fn with_point(digits: i64, decimals: u32) -> String {
    let tens = 10_i64.pow(decimals);
    match usize::try_from(decimals).expect("small") {
        0 => digits.to_string(),
        width => format!("{}.{:0width$}", digits / tens, digits % tens),
    }
}

/// The ends of the interval in percent with one decimal.
fn interval(k: i64, n: i64) -> (String, String) {
    let (low, high) = wilson(k, n, Z95).expect("an interval");
    #[expect(clippy::cast_possible_truncation, reason = "at most a thousand")]
    let end = |fraction: f64| with_point((fraction * 1000.0).round() as i64, 1);
    (end(low), end(high))
}

fn figure(text: &str) -> Figure {
    Figure::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
}

#[test]
fn a_percentage_can_be_those_counts_that_print_so_and_no_others() {
    for (decimals, with_interval) in [(0, false), (1, false), (1, true), (2, false)] {
        let print = |k: i64, n: i64| (percent(k, n, decimals), with_interval.then(|| interval(k, n)));
        let all = || (1..=24).flat_map(|n| (0..=n).map(move |k| (k, n)));
        for (k, n) in all() {
            let (share, interval) = print(k, n);
            let prints = Prints {
                shares: vec![figure(&share)],
                complete: false,
                interval: interval.as_ref().map(|(low, high)| (figure(low), figure(high))),
                base: -3..=24,
            };
            let alike = |of: &(i64, i64)| print(of.0, of.1) == (share.clone(), interval.clone());
            let expected: Vec<Candidate> =
                all().filter(alike).map(|(k, n)| Candidate { n, counts: vec![k] }).collect();
            assert_eq!(prints.candidates(1000), expected, "{share} {interval:?}");
            let few = expected.len().min(2);
            assert_eq!(prints.candidates(few), expected[..few]);
            let only =
                |class: i64| (expected.len() == 1 && expected[0].n < class).then(|| expected[0].clone());
            assert_eq!((prints.told(n), prints.told(n + 1)), (only(n), only(n + 1)));
        }
    }
}

#[test]
fn shares_of_all_answers_come_to_everybody() {
    for n in 3..=12 {
        for (a, b) in (0..=n).flat_map(|a| (0..=n - a).map(move |b| (a, b))) {
            let shares = [a, b, n - a - b].map(|k| percent(k, n, 1));
            let alike = |of: [i64; 3], people: i64| of.map(|k| percent(k, people, 1)) == shares;
            let found = |complete: bool| {
                let shares = shares.iter().map(|share| figure(share)).collect();
                Prints { shares, complete, interval: None, base: n..=n }.candidates(1000)
            };
            let all = |complete: bool| {
                let one = move |a: i64| (0..=n).flat_map(move |b| (0..=n).map(move |c| [a, b, c]));
                let fits = move |of: &[i64; 3]| alike(*of, n) && (!complete || of.iter().sum::<i64>() == n);
                (0..=n)
                    .flat_map(one)
                    .filter(fits)
                    .map(|of| Candidate { n, counts: of.to_vec() })
                    .collect::<Vec<_>>()
            };
            assert_eq!(found(true), all(true), "{a} {b} of {n}");
            assert_eq!(found(false), all(false), "{a} {b} of {n}");
        }
    }
}

#[test]
fn a_number_of_at_most_nine_digits_is_read() {
    for text in ["0", "86", "86.5", "123456789", "1234567.89", "5."] {
        assert!(Figure::parse(text).is_some(), "{text}");
    }
    for text in ["", ".", ".5", "-1", "+1", "1,2", "1234567890", "123456789.0", "1.2.3", "a", "1e3"] {
        assert_eq!(Figure::parse(text), None, "{text}");
    }
    assert_ne!(Figure::parse("8.65"), Figure::parse("86.5"));
}

/// Every number and word with digits of a text, with its line and column, where none is permitted.
fn numbers(text: &str) -> Vec<(String, usize, usize)> {
    stray(text, &Permitted::default())
        .into_iter()
        .map(|found| (found.number, found.line, found.column))
        .collect()
}

#[test]
fn numbers_are_found_where_they_begin() {
    for (text, expected) in [
        ("", vec![]),
        ("none, at all.", vec![]),
        ("7", vec![("7", 1, 1)]),
        ("a 7\nb\n 8 9", vec![("7", 1, 3), ("8", 3, 2), ("9", 3, 4)]),
        ("ä 7", vec![("7", 1, 3)]),
        // A full stop belongs to a number only if a digit follows.
        ("3.14 3. 3.x", vec![("3.14", 1, 1), ("3", 1, 6), ("3", 1, 9)]),
        ("1.2.3", vec![("1.2.3", 1, 1)]),
        (".5", vec![(".5", 1, 1)]),
        // Three digits behind a comma or a small space are thousands.
        ("1,234", vec![("1,234", 1, 1)]),
        (
            "1\u{a0}234 1\u{202f}234 1\u{2009}234",
            vec![("1\u{a0}234", 1, 1), ("1\u{202f}234", 1, 7), ("1\u{2009}234", 1, 13)],
        ),
        ("12,345,678", vec![("12,345,678", 1, 1)]),
        ("1,23", vec![("1", 1, 1), ("23", 1, 3)]),
        ("1,2345", vec![("1", 1, 1), ("2345", 1, 3)]),
        ("1,23a", vec![("1", 1, 1), ("23a", 1, 3)]),
        ("a,234", vec![("234", 1, 3)]),
        (",234", vec![("234", 1, 2)]),
        ("n37 7e1 x", vec![("n37", 1, 1), ("7e1", 1, 5)]),
        // Digits as entities.
        ("&#51; &#x33; &#X33;", vec![("&#51;", 1, 1), ("&#x33;", 1, 7), ("&#X33;", 1, 14)]),
        ("&#65;7 &#x41;8", vec![("7", 1, 6), ("8", 1, 14)]),
        ("&#00000051;", vec![("&#00000051;", 1, 1)]),
        ("&#000000051;", vec![("000000051", 1, 3)]),
        ("&#;7 &#x;8 &51;", vec![("7", 1, 4), ("8", 1, 10), ("51", 1, 13)]),
        ("&#1114112;", vec![("1114112", 1, 3)]),
        // In a path letters are commands, and a second point begins a number.
        (
            r#"<path d="M1,234L5.6.7z8"/> 1,234"#,
            vec![("1", 1, 11), ("234", 1, 13), ("5.6", 1, 17), (".7", 1, 20), ("8", 1, 23), ("1,234", 1, 28)],
        ),
        ("<path d='M1,234'/>1,234", vec![("1", 1, 11), ("234", 1, 13), ("1,234", 1, 19)]),
        ("<path\nd=\"M1,234", vec![("1", 2, 5), ("234", 2, 7)]),
        (
            r#"<path id="M1,234" xd="M1,234" d=M1,234/>"#,
            vec![("M1,234", 1, 11), ("M1,234", 1, 23), ("M1,234", 1, 33)],
        ),
        (" d=\"7", vec![("7", 1, 5)]),
    ] {
        let expected: Vec<(String, usize, usize)> =
            expected.into_iter().map(|(number, line, column)| (number.to_owned(), line, column)).collect();
        assert_eq!(numbers(text), expected, "{text}");
    }
}

#[test]
fn a_number_is_permitted_however_it_is_written() {
    let permitted = Permitted::default().also("1,234 of 2.50 and n37; 0.7").number(-62);
    for (text, is_permitted) in [
        ("1234", true),
        ("1,234", true),
        ("1\u{a0}234", true),
        // Its two parts are as well.
        ("1 234", true),
        ("234", true),
        ("01234", true),
        ("1234.0", true),
        ("1235", false),
        ("2.5", true),
        ("2.50", true),
        ("2.05", false),
        ("25", false),
        ("62", true),
        ("62.00", true),
        ("-62", true),
        ("n37", true),
        ("37", false),
        ("n370", false),
        // Zeros are nothing in numbers only.
        ("0n37", false),
        ("n37.0", false),
        (".7", true),
        ("00.70", true),
        ("1.2.3", false),
        ("&#49;", true),
        ("&#50;", false),
        // Two numbers that a comma parts are permitted if each is, or if one number of both is.
        ("234,1", true),
        ("1,235", false),
    ] {
        assert_eq!(stray(text, &permitted).is_empty(), is_permitted, "{text}");
    }
    assert!(stray("234,234", &permitted).is_empty());
    assert!(!stray("0", &Permitted::default()).is_empty());
    assert!(stray("0.0 000", &Permitted::default().number(0)).is_empty());
}

#[test]
fn numbers_of_a_puzzle_may_be_as_large_as_they_like() {
    let mut puzzle = Puzzle::default();
    let (a, b) = (puzzle.number(i64::MIN / 4, i64::MAX / 4), puzzle.number(0, 5));
    assert_eq!((a, b), (0, 1));
    puzzle.told(&[(a, 1), (b, 1)], -7, 3);
    assert_eq!(puzzle.range(&[(a, 1)]), Some(Range { least: -12, most: 3 }));
    assert_eq!(puzzle.range(&[(a, 1)]).map(Range::width), Some(15));
}
