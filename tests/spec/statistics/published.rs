//! Published numbers: `tests/spec/fixtures/statistics.json`, and those that are few.

use khi::domain::statistics::{
    Difference, Moments, Paired, Special, Way, Xmr, XmrRules, Z95, Z998, limits, margin, mcnemar, newcombe,
    newcombe_paired, sample_needed, sample_size, sign_test, wilcoxon, wilson, wilson_finite, xmr,
};
use serde_json::Value;

use crate::support::{read, repository};

fn fixtures() -> Value {
    serde_json::from_str(&read(repository("tests/spec/fixtures/statistics.json"))).expect("JSON")
}

/// The cases of a fixture, at least one.
fn cases(key: &str) -> Vec<Value> {
    let cases = fixtures()[key].as_array().unwrap_or_else(|| panic!("{key} is no list")).clone();
    assert!(!cases.is_empty(), "{key} is empty");
    cases
}

fn number(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or_else(|| panic!("{key} of {case}"))
}

fn whole(case: &Value, key: &str) -> i64 {
    case[key].as_i64().unwrap_or_else(|| panic!("{key} of {case}"))
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().expect("a list").iter().map(|value| value.as_f64().expect("a number")).collect()
}

#[track_caller]
fn near(ours: f64, published: f64, within: f64, what: &str) {
    assert!((ours - published).abs() <= within, "{what}: {ours}, published {published}");
}

#[test]
fn wilson_intervals_equal_the_published_ones() {
    for (key, z) in [("wilson95", Z95), ("wilson998", Z998)] {
        for case in cases(key) {
            let (low, high) = wilson(whole(&case, "k"), whole(&case, "n"), z).expect("n > 0");
            near(low, number(&case, "lo"), 1e-10, &case.to_string());
            near(high, number(&case, "hi"), 1e-10, &case.to_string());
        }
    }
}

#[test]
fn there_is_no_interval_of_nobody_nor_of_more_than_everybody() {
    for (k, n) in [(0, 0), (1, 0), (-1, 5), (6, 5), (0, -1)] {
        assert_eq!(wilson(k, n, Z95), None, "{k}/{n}");
        assert_eq!(newcombe((k, n), (1, 2), Z95), None, "{k}/{n}");
        assert_eq!(newcombe((1, 2), (k, n), Z95), None, "{k}/{n}");
        assert_eq!(wilson_finite(k, n, 9, Z95), None, "{k}/{n}");
        assert_eq!(wilson_finite(k, n, n, Z95), None, "{k}/{n}, of which everybody");
    }
}

/// The chance that Wilson's interval holds `p`, by adding up the outcomes whose interval does.
fn coverage(n: i64, p: f64) -> f64 {
    let mut chance = 0.0;
    let mut ways = 1.0f64;
    for k in 0..=n {
        let (low, high) = wilson(k, n, Z95).expect("n > 0");
        if (low..=high).contains(&p) {
            let (yes, no) = (i32::try_from(k).expect("small"), i32::try_from(n - k).expect("small"));
            chance += ways * p.powi(yes) * (1.0 - p).powi(no);
        }
        ways *= (n - k) as f64 / (k + 1) as f64;
    }
    chance
}

#[test]
fn wilson_intervals_hold_the_truth_as_often_as_is_known() {
    for (n, p, known) in [
        (10, 0.5, 0.978_515_625),
        (10, 0.9, 0.929_809_173_600),
        (20, 0.8, 0.956_328_121_873),
        (30, 0.95, 0.939_228_438_691),
        (50, 0.9, 0.970_308_289_088),
    ] {
        near(coverage(n, p), known, 1e-9, &format!("n {n}, p {p}"));
    }
    // Of p = 0.5 all is whole numbers: 2 to 8 of 10.
    near(coverage(10, 0.5), 1002.0 / 1024.0, 1e-12, "2 to 8 of 10");
    for (n, mean, least) in
        [(10, 0.9536, 0.8597), (20, 0.9533, 0.9046), (50, 0.9517, 0.9106), (100, 0.9496, 0.9102)]
    {
        let all: Vec<f64> = (1..200).map(|step| coverage(n, f64::from(step) / 200.0)).collect();
        near(all.iter().sum::<f64>() / all.len() as f64, mean, 5.1e-5, &format!("mean of n {n}"));
        near(all.iter().copied().fold(1.0, f64::min), least, 5.1e-5, &format!("least of n {n}"));
    }
}

#[test]
fn differences_of_two_groups_equal_the_published_ones() {
    for case in cases("newcombe_diff") {
        let (first, second) =
            ((whole(&case, "a"), whole(&case, "m")), (whole(&case, "b"), whole(&case, "n")));
        let ours = newcombe(first, second, Z95).expect("people");
        near(ours.value, number(&case, "diff"), 1e-12, &case.to_string());
        near(ours.low, number(&case, "lo"), 1e-10, &case.to_string());
        near(ours.high, number(&case, "hi"), 1e-10, &case.to_string());
    }
}

#[test]
fn differences_of_the_same_people_equal_the_published_ones() {
    // Airway hyper-responsiveness of 21 children before and after (Bentur 2009, in Fagerland and others 2014), first less second there.
    let table = Paired { both: 1, first_only: 1, second_only: 7, neither: 12 };
    let Difference { value, low, high } = newcombe_paired(table, Z95).expect("people");
    near(value, 0.286, 5e-4, "difference");
    near(low, 0.026, 5e-4, "low");
    near(high, 0.507, 5e-4, "high");
}

#[test]
fn mcnemar_tests_equal_the_published_ones() {
    for case in cases("mcnemar") {
        let ours = mcnemar(whole(&case, "b"), whole(&case, "c"));
        for (value, key) in [
            (ours.chi2, "chi2"),
            (ours.p, "p"),
            (ours.chi2_corrected, "chi2_cc"),
            (ours.p_corrected, "p_cc"),
            (ours.exact, "p_exact"),
            (ours.mid_p, "p_mid"),
        ] {
            near(value, number(&case, key), 1e-10, &format!("{key} of {case}"));
        }
    }
}

#[test]
fn ranks_and_signs_equal_those_of_r() {
    let case = &fixtures()["wilcoxon"];
    let thousandths = |value: f64| (value * 1000.0).round();
    let differences: Vec<i64> = numbers(&case["x"])
        .iter()
        .zip(numbers(&case["y"]))
        .map(|(x, y)| format!("{:.0}", thousandths(*x) - thousandths(y)).parse().expect("a number"))
        .collect();
    let ours = wilcoxon(&differences).expect("somebody moved");
    assert!(ours.exact && ours.n == 9);
    near(ours.w_plus, number(case, "V"), 0.0, "V");
    near(ours.w_plus + ours.w_minus, 45.0, 0.0, "all ranks");
    near(ours.p_two, number(case, "p_two"), 0.0, "two-sided");
    near(ours.p_two / 2.0, number(case, "p_greater"), 0.0, "one-sided");
    near(sign_test(7, 2).expect("somebody moved"), number(case, "sign_two"), 0.0, "sign test");
}

fn chart(values: &[f64], screen: bool) -> Xmr {
    xmr(values, XmrRules { trend: 7, screen }).expect("a chart")
}

#[test]
fn charts_equal_those_of_nist_and_of_the_nhs() {
    let all = &fixtures()["xmr"];
    for (values, screen, published) in [
        (&all["nist"]["data"], false, &all["nist"]["k266"]),
        (&all["nhsr"]["data"], true, &all["nhsr"]["screened"]),
        (&all["nhsr"]["data"], false, &all["nhsr"]["unscreened"]),
    ] {
        let ours = chart(&numbers(values), screen);
        for (value, key) in
            [(ours.mean, "mean"), (ours.moving_range, "amr"), (ours.lower, "lpl"), (ours.upper, "upl")]
        {
            near(value, number(published, key), 5.1e-7, key);
        }
        near(3.267 * ours.moving_range, number(published, "url"), 5.1e-5, "range limit");
        near(ours.near_upper - ours.mean, 1.7733 * ours.moving_range, 1e-4 * ours.moving_range, "near");
    }
    let nist = chart(&numbers(&all["nist"]["data"]), false);
    near(
        nist.mean + 3.0 / 1.128 * nist.moving_range,
        number(&all["nist"]["k3_over_1128"], "upl"),
        5.1e-6,
        "3/1.128",
    );
}

#[test]
fn charts_mark_what_the_nhs_package_marks() {
    use Special::{Common, Outside, Shift, Trend};
    use Way::{Down, Up};
    let points = |values: &[f64]| chart(values, false).points;
    // 1 to 7: the package calls the seventh a trend, and all seven part of one.
    assert_eq!(points(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])[1..6], [Trend(Up); 5]);
    let falling: Vec<f64> = (0..7).map(|at| f64::from(-at * at)).collect();
    assert!(points(&falling).iter().all(|point| matches!(point, Trend(Down) | Outside(_))));
    // A tie ends a trend.
    let tied = points(&[1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0]);
    assert!(!tied.iter().any(|point| matches!(point, Trend(_))), "{tied:?}");
    // Eight above the mean and one below: all eight are one shift.
    let shifted = points(&[5.0, 5.2, 5.0, 5.2, 5.0, 5.2, 5.0, 5.2, 4.0]);
    assert_eq!((&shifted[..8], shifted[8]), (&[Shift(Up); 8][..], Outside(Down)));
    // Fourteen about zero, then one near the upper and one near the lower limit: two of three must be on one side.
    let mut about_zero: Vec<f64> = (0..14).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
    about_zero.extend([5.5, -5.5]);
    let drawn = chart(&about_zero, false);
    assert!(drawn.near_upper < 5.5 && 5.5 < drawn.upper, "{drawn:?}");
    assert_eq!(drawn.points[14..], [Common; 2]);
}

#[test]
fn funnel_limits_equal_those_of_ukhsa() {
    for case in cases("funnel_prop") {
        for (z, low, high) in [(Z95, "lo95", "hi95"), (Z998, "lo998", "hi998")] {
            let ours = limits(number(&case, "p0"), whole(&case, "n"), z).expect("people");
            near(ours.0, number(&case, low), 1e-12, &case.to_string());
            near(ours.1, number(&case, high), 1e-12, &case.to_string());
        }
    }
}

#[test]
fn margins_of_small_groups_equal_those_of_the_nhs() {
    for case in cases("fpc") {
        let points = 100.0 * margin(whole(&case, "n"), whole(&case, "N"), 1.96, 0.5).expect("people");
        near(points, number(&case, "moe_pp"), 5.1e-4, &case.to_string());
    }
    let (low, high) = wilson_finite(32, 36, 40, Z95).expect("people");
    near(low, 0.8517, 5e-5, "32 of 36 of 40");
    near(high, 0.9176, 5e-5, "32 of 36 of 40");
    let (low, high) = wilson(32, 36, Z95).expect("people");
    near(low, 0.7469, 5e-5, "32 of 36");
    near(high, 0.9559, 5e-5, "32 of 36");
    near(sample_size(150, 500).expect("people"), 115.56, 5e-3, "150 of 500");
    assert_eq!(sample_needed(150, 500), Some(116));
    // ±8 points of people without number take 150.
    near(margin(150, 1_000_000_000, Z95, 0.5).expect("people"), 0.08, 5e-5, "±8 points");
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
        (500, 1.964_719_837_467_37),
        (918, 1.962_551_510_555_77),
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
        near(ours, quantile, 2e-12 * quantile, &format!("t({degrees})"));
    }
}
