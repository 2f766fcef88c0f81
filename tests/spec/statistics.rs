//! Statistics against published numbers and against other people's programs.

use khi::domain::statistics::{Moments, Z95, wilson};
use serde_json::Value;

use crate::support::{read, repository};

fn fixture(name: &str) -> String {
    read(repository("tests/spec/fixtures").join(name))
}

/// The rows of a CSV file of numbers.
fn rows<const N: usize>(name: &str) -> Vec<[f64; N]> {
    let text = fixture(name);
    text.lines()
        .skip(1)
        .map(|line| {
            let numbers: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            numbers.try_into().unwrap_or_else(|_| panic!("{name}: {line}"))
        })
        .collect()
}

/// A whole number that a float holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "the files hold whole numbers below 2^53 here")]
fn whole(number: f64) -> i64 {
    assert!(number.fract().abs() < f64::EPSILON && number.abs() < 9e15, "{number}");
    number as i64
}

#[test]
fn wilson_intervals_equal_the_published_ones() {
    let fixtures: Value = serde_json::from_str(&fixture("wilson.json")).expect("JSON");
    for (key, z) in [("wilson95", Z95), ("wilson998", 3.090_232_306_167_813)] {
        let cases = fixtures[key].as_array().expect("a list");
        assert!(!cases.is_empty());
        for case in cases {
            let (k, n) = (case["k"].as_i64().expect("k"), case["n"].as_i64().expect("n"));
            let (low, high) = wilson(k, n, z).expect("n > 0");
            let off = (low - case["lo"].as_f64().expect("lo")).abs().max((high - case["hi"].as_f64().expect("hi")).abs());
            assert!(off < 1e-9, "{k}/{n}: {low} {high}, published {case}");
        }
    }
}

#[test]
fn wilson_intervals_equal_those_of_statsmodels() {
    let cases = rows::<4>("wilson_oracle.csv");
    assert_eq!(cases.len(), 10_000);
    for [k, n, low, high] in cases {
        let (ours_low, ours_high) = wilson(whole(k), whole(n), Z95).expect("n > 0");
        assert!((ours_low - low).abs() < 1e-10 && (ours_high - high).abs() < 1e-10, "{k}/{n}: {ours_low} {ours_high}, statsmodels {low} {high}");
    }
}

#[test]
fn there_is_no_interval_of_nobody_nor_of_more_than_everybody() {
    for (k, n) in [(0, 0), (1, 0), (-1, 5), (6, 5), (0, -1)] {
        assert_eq!(wilson(k, n, Z95), None, "{k}/{n}");
    }
}

#[test]
fn means_deviations_and_t_intervals_equal_those_of_scipy() {
    let cases = rows::<8>("means_oracle.csv");
    assert_eq!(cases.len(), 500);
    let near = |a: f64, b: f64, relative: f64| (a - b).abs() <= relative * b.abs();
    for [n, sum, squares, scale, mean, sd, low, high] in cases {
        let moments = Moments { n: whole(n), sum: whole(sum), squares: whole(squares), scale: whole(scale) };
        let (ours_low, ours_high) = moments.interval95().expect("n > 1");
        assert!(near(moments.mean().expect("mean"), mean, 1e-12), "{moments:?}: mean {mean}");
        assert!(near(moments.sd().expect("sd"), sd, 1e-10), "{moments:?}: sd {sd}, ours {:?}", moments.sd());
        // The half width alone: an end near zero has no relative error worth the name.
        assert!(near(ours_high - ours_low, high - low, 1e-7), "{moments:?}: {ours_low} {ours_high}, scipy {low} {high}");
        assert!(near(ours_high + ours_low, high + low, 1e-7), "{moments:?}: {ours_low} {ours_high}, scipy {low} {high}");
    }
}

#[test]
fn t_quantiles_equal_the_tables() {
    // t(0.975) by degrees of freedom; the least and the most that there can be.
    for (degrees, quantile) in [
        (1, 12.706_204_736_174_7),
        (2, 4.302_652_729_749_46),
        (5, 2.570_581_835_636_31),
        (10, 2.228_138_851_986_27),
        (30, 2.042_272_456_301_24),
        (120, 1.979_930_405_082_42),
        (1_000, 1.962_339_080_826_41),
        (1_001, 1.962_336_705_280_88),
        (35_000, 1.960_031_766_022_20),
        (1_000_000, 1.959_966_356_814_11),
        (10_000_000, 1.959_964_221_767_21),
    ] {
        let n = degrees + 1;
        // Half of the people (or all but one of an odd number) at plus one, the others at minus one.
        let even = n - n % 2;
        let moments = Moments { n, sum: 0, squares: even, scale: 1 };
        let (low, high) = moments.interval95().expect("n > 1");
        let error = moments.sd().expect("sd") / f64::from(i32::try_from(n).expect("small")).sqrt();
        let ours = (high - low) / 2.0 / error;
        assert!((ours - quantile).abs() <= 1e-9 * quantile, "t({degrees}) = {ours}, the table says {quantile}");
    }
}
