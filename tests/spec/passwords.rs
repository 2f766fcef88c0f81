//! Which passwords are taken, for the account rosa.lind@rose-care.example of Rosa Lindqvist.

use std::collections::BTreeSet;

use khi::domain::password::{LONGEST, SHORTEST, fault};

/// A password, and the code of what is wrong with it.
const CASES: &[(&str, Option<&str>)] = &[
    ("elevenchars", Some("too-short")),
    ("passwordpassword", Some("too-common")),
    ("Password123456", Some("too-common")),
    ("P4ssw0rd!2026!", Some("too-common")),
    ("aaaaaaaaaaaaaaaa", Some("too-common")),
    ("123456789012", Some("too-common")),
    ("abcdefghijkl", Some("too-common")),
    ("abababababab", Some("too-common")),
    ("qwertyuiopasdf", Some("too-common")),
    ("qwertyuiop123", Some("too-common")),
    ("Rosa.Lind2026", Some("too-common")),
    ("lindqvistrosa1", Some("too-common")),
    ("SharedLives2026!", Some("too-common")),
    ("keyhumanindicators", Some("too-common")),
    ("welcomewelcome1", Some("too-common")),
    ("familiyafamiliya", Some("too-common")),
    ("internazionale", Some("too-common")),
    ("correct horse battery staple", None),
    ("a long enough password", None),
    ("a long password of your own", None),
    ("a-long-password-for-tests", None),
    ("kindness-comes-first", None),
    ("zażółć gęślą jaźń", None),
    ("9f3k-22md-77xq", None),
    ("🦊 in the 🌧 yesterday", None),
];

fn judged(password: &str) -> Option<&'static str> {
    fault(password, "rosa.lind@rose-care.example", "Rosa Lindqvist").map(|f| f.code)
}

/// Every code that is given here.
pub(crate) fn codes() -> BTreeSet<String> {
    let long = judged(&"long words ".repeat(19));
    CASES.iter().map(|(password, _)| judged(password)).chain([long]).flatten().map(str::to_owned).collect()
}

#[test]
fn easy_passwords_are_refused_and_long_ones_of_any_characters_are_taken() {
    let wrong: Vec<_> = CASES.iter().filter(|(p, expected)| judged(p) != *expected).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!((SHORTEST, LONGEST), (12, 200));
    let of_length = |length| judged(&"long words that differ: kite, moss, 7 lamps; ".repeat(9)[..length]);
    assert_eq!((of_length(200), of_length(201)), (None, Some("too-long")));
}

#[test]
fn the_three_thousand_most_used_passwords_of_our_length_are_refused() {
    let common = include_str!("../../src/domain/password/common.txt");
    let passwords: BTreeSet<&str> = common.lines().collect();
    assert!(passwords.len() >= 3000, "only {} passwords", passwords.len());
    let short: Vec<_> = passwords.iter().filter(|p| p.chars().count() < SHORTEST).collect();
    assert!(short.is_empty(), "{short:?} are too short to be taken anyway");
    // As they are, and with a capital as people write them.
    for password in &passwords {
        let (first, rest) = password.split_at(password.chars().next().map_or(0, char::len_utf8));
        for written in [(*password).to_owned(), format!("{}{rest}", first.to_uppercase())] {
            assert_eq!(judged(&written), Some("too-common"), "{written}");
        }
    }
}
