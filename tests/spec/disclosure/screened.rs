//! What stays of a row on the screens of schemes and areas.

use std::collections::BTreeMap;

use khi::domain::area::Level;
use khi::domain::definition::Title;
use khi::domain::disclosure::{Shown, Unit, protect, show_own};
use khi::domain::figures::{Change, Interval, Row, ShareOf, Spread, Status};

use super::world::share_row;

const BASE: i64 = 5;

fn counts(of: &[(&str, i64)]) -> BTreeMap<String, i64> {
    of.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
}

fn change(pairs: i64) -> Change {
    Change { pairs, improved: Some(1), same: pairs - 1, worse: Some(0), lost: 0, median_months: Some(6.0) }
}

/// A row with everything in it.
fn full(level: &str, code: &str, group: Option<(&str, &str)>, n: i64) -> Row {
    let mut row = share_row(level, code, "2025-26", group, Some(n), Some(n));
    row.percent = Some(100.0);
    row.mean = Some(1.0);
    row.sd = Some(0.0);
    row.interval = Interval::wilson95(n, n);
    row.distribution = Some(Spread::Counts(counts(&[("better", n)])));
    row.left_out = Some(counts(&[("skipped", 0), ("proxy", BASE)]));
    row.completed_by = Some(counts(&[("self", n.max(BASE)), ("proxy", 0)]));
    row.without_supporter = Some(ShareOf::of(n, n));
    row.open = Some(0);
    row.responded = Some(n);
    row.unfinished = Some(1);
    row.response_rate = Some(50.0);
    row.change = Some(change(BASE));
    row.statement = Some(words("all of {n}"));
    row
}

fn words(of: &str) -> Title {
    Title(BTreeMap::from([("en".to_owned(), of.to_owned())]))
}

/// The same row with nothing in it that comes from answers.
fn bare(row: &Row) -> Row {
    let group = row.group.as_ref().and_then(|group| group.iter().next());
    let group = group.map(|(by, value)| (by.as_str(), value.as_str()));
    let mut bare = share_row(row.place.level.code(), &row.place.code, &row.period, group, None, None);
    bare.indicator.clone_from(&row.indicator);
    bare.series.clone_from(&row.series);
    bare.model.clone_from(&row.model);
    bare.status = Status::Suppressed;
    bare
}

/// Which rows are shown, where each is of so many people.
fn shown(rows: Vec<Row>) -> Vec<bool> {
    let mut rows = rows;
    protect(&mut rows, BASE);
    rows.iter().map(|row| row.status == Status::Shown).collect()
}

#[test]
fn a_row_of_too_few_people_keeps_nothing_that_comes_from_answers() {
    for (n, is_shown) in [(0, false), (1, false), (4, false), (5, true), (6, true)] {
        let before = full("scheme", "leeds", None, n);
        let mut rows = vec![before.clone()];
        protect(&mut rows, BASE);
        assert_eq!(rows[0], if is_shown { before.clone() } else { bare(&before) }, "{n}");
    }
    let nobody = bare(&full("scheme", "leeds", None, 0));
    assert_eq!(shown(vec![nobody]), [false]);
}

#[test]
fn one_hidden_group_takes_the_smallest_of_the_others_with_it() {
    let groups = |sizes: &[i64]| {
        let names = ["a", "b", "c", "d"];
        let row = |(name, n): (&&str, &i64)| full("scheme", "leeds", Some(("need", name)), *n);
        shown(names.iter().zip(sizes).map(row).collect())
    };
    assert_eq!(groups(&[9, 8, 7]), [true, true, true]);
    assert_eq!(groups(&[9, 4, 7]), [true, false, false]);
    assert_eq!(groups(&[4, 9, 7, 30]), [false, true, false, true]);
    // Several that are hidden hide each other where they are enough together.
    assert_eq!(groups(&[9, 2, 3]), [true, false, false]);
    assert_eq!(groups(&[9, 2, 2]), [false, false, false]);
    assert_eq!(groups(&[9, 2, 2, 8]), [true, false, false, false]);
    // A group of nobody is hidden, and with it one that would be what is left.
    assert_eq!(groups(&[9, 0, 7]), [true, false, false]);
    assert_eq!(groups(&[2]), [false]);
}

#[test]
fn groups_of_other_figures_are_not_taken() {
    let small = full("scheme", "leeds", Some(("need", "a")), 2);
    let other = |act: fn(&mut Row)| {
        let mut row = full("scheme", "leeds", Some(("need", "b")), 9);
        act(&mut row);
        shown(vec![small.clone(), row])[1]
    };
    assert!(!other(|_| ()), "the same figure");
    assert!(other(|row| row.period = "2024-25".to_owned()));
    assert!(other(|row| row.place.code = "york".to_owned()));
    assert!(other(|row| row.model = "homeshare".to_owned()));
    assert!(other(|row| row.indicator = "friends".to_owned()));
    assert!(other(|row| row.series = "connections/2".to_owned()));
    assert!(other(|row| row.group = Some(BTreeMap::from([("age_band".to_owned(), "b".to_owned())]))));
    // Everybody of a place is no group, of whatever level.
    for level in ["uk", "nation", "region", "local_authority", "scheme"] {
        let whole = |n| full(level, "leeds", None, n);
        assert_eq!(shown(vec![whole(2), whole(9), small.clone()]), [false, true, false], "{level}");
    }
}

#[test]
fn units_are_parts_of_their_scheme() {
    let unit = |code, n| full("unit", code, None, n);
    assert_eq!(shown(vec![unit("leeds/a", 4), unit("leeds/b", 9), unit("leeds/c", 8)]), [false, true, false]);
    assert_eq!(shown(vec![unit("leeds/a", 4), unit("york/b", 9)]), [false, true]);
    assert_eq!(shown(vec![unit("leeds/a", 4), full("scheme", "leeds", None, 9)]), [false, true]);
}

#[test]
fn parts_of_a_row_that_speak_of_too_few_go() {
    let kept = |act: &dyn Fn(&mut Row), of: fn(&Row) -> bool| {
        let mut rows = vec![full("scheme", "leeds", None, 30)];
        act(&mut rows[0]);
        let before = rows[0].clone();
        protect(&mut rows, BASE);
        let stays = of(&rows[0]);
        if stays {
            assert_eq!(rows[0], before);
        }
        assert_eq!((rows[0].n, rows[0].status), (Some(30), Status::Shown));
        stays
    };
    for (n, stays) in
        [(0, true), (1, false), (4, false), (5, true), (25, true), (26, false), (29, false), (30, true)]
    {
        let act = |row: &mut Row| row.without_supporter = Some(ShareOf::of(0, n));
        assert_eq!(kept(&act, |row| row.without_supporter.is_some()), stays, "{n} without a supporter");
    }
    for (count, stays) in [(0, true), (1, false), (4, false), (5, true)] {
        let by = |row: &mut Row| row.completed_by = Some(counts(&[("self", 25), ("helped", count)]));
        assert_eq!(kept(&by, |row| row.completed_by.is_some()), stays, "{count} helped");
        let left = |row: &mut Row| row.left_out = Some(counts(&[("skipped", count), ("proxy", 9)]));
        assert_eq!(kept(&left, |row| row.left_out.is_some()), stays, "{count} left out");
    }
    for (pairs, stays) in [(0, false), (4, false), (5, true), (6, true)] {
        assert_eq!(
            kept(&|row| row.change = Some(change(pairs)), |row| row.change.is_some()),
            stays,
            "{pairs} pairs"
        );
    }
}

/// What a scheme's own row says, where so much is shown of its figure.
fn own(shown: Option<(Shown, Unit)>, words: Option<&Title>) -> Row {
    let mut row = full("scheme", "leeds", None, 30);
    show_own(&mut row, shown, BASE, words, "2026-11-27T00:00:00Z");
    assert_eq!((row.responded, row.unfinished, row.response_rate), (Some(30), Some(1), Some(50.0)));
    let details = (&row.distribution, &row.left_out, &row.completed_by, &row.without_supporter, &row.change);
    assert_eq!(details, (&None, &None, &None, &None, &None));
    assert_eq!((row.open, row.sd), (None, None));
    row
}

fn people(n: i64, least: i64, most: i64) -> Option<(Shown, Unit)> {
    Some((Shown { n, least, most }, Unit::People))
}

#[test]
fn a_share_is_shown_where_it_is_exact() {
    let row = own(people(20, 15, 15), Some(&words("{positive} of {n}")));
    assert_eq!(
        (row.status, row.n, row.positive, row.percent),
        (Status::Shown, Some(20), Some(15), Some(75.0))
    );
    assert_eq!((row.interval, row.mean, row.band), (Interval::wilson95(15, 20), None, None));
    assert_eq!(row.statement, Some(words("15 of 20")));
    assert_eq!(row.as_of, "2026-11-27T00:00:00Z");
    assert_eq!(own(people(20, 15, 15), None).statement, None);
    // Nothing of it, or too few.
    for hidden in [None, people(4, 2, 2)] {
        let row = own(hidden, Some(&words("{positive} of {n}")));
        assert_eq!((row.status, row.n, row.positive), (Status::Suppressed, None, None));
        assert_eq!((row.percent, row.statement, row.as_of.as_str()), (None, None, "2026-04-01T00:00:00Z"));
    }
    assert_eq!(own(people(5, 2, 2), None).n, Some(5));
}

#[test]
fn a_share_that_is_not_exact_is_in_words_from_four_fifths_and_to_one_fifth() {
    for (least, most, band) in [
        (15, 20, None),
        (16, 20, Some("almost-all")),
        (16, 17, Some("almost-all")),
        (0, 4, Some("very-few")),
        (0, 5, None),
        (5, 15, None),
    ] {
        let row = own(people(20, least, most), Some(&words("{positive} of {n}")));
        let status = if band.is_some() { Status::Banded } else { Status::Suppressed };
        assert_eq!((row.status, row.band.as_deref(), row.n), (status, band, Some(20)), "{least} to {most}");
        assert_eq!((row.positive, row.percent, row.interval, row.statement), (None, None, None, None));
    }
}

#[test]
fn a_mean_is_shown_where_its_sum_is_exact() {
    let amounts = |least, most| Some((Shown { n: 8, least, most }, Unit::Amounts { scale: 10, lowest: 3 }));
    // Eight values counted from three, in tenths: (50 + 24) / 80.
    let row = own(amounts(50, 50), Some(&words("{mean} of {n}")));
    assert_eq!((row.status, row.n, row.mean, row.percent), (Status::Shown, Some(8), Some(0.93), None));
    assert_eq!((row.positive, row.interval), (None, None));
    assert_eq!(row.statement, Some(words("0.93 of 8")));
    let hidden = own(amounts(79, 80), Some(&words("{mean} of {n}")));
    assert_eq!((hidden.status, hidden.mean, hidden.band), (Status::Suppressed, None, None));
    assert_eq!(Level::Scheme, hidden.place.level);
}
