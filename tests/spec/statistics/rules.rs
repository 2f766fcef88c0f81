//! What holds of statistics besides numbers: ends, edges, and what is refused.

use khi::domain::statistics::{
    Difference, Dispositions, Moments, Moved, Paired, PairedChange, Pooled, Rate, RatioMoments, Special,
    Standing, Way, XmrRules, Z95, Z998, funnel, limits, margin, mcnemar, means_difference, moved, moved_by,
    newcombe, newcombe_paired, pool, round_to, sample_needed, sample_size, sign_test, wilcoxon, wilson,
    wilson_finite, xmr,
};
use proptest::prelude::*;

/// The very same float.
#[track_caller]
fn same(ours: f64, expected: f64) {
    assert!(ours.to_bits() == expected.to_bits() || (ours - expected).abs() <= 0.0, "{ours}, not {expected}");
}

#[track_caller]
fn near(ours: f64, expected: f64) {
    assert!((ours - expected).abs() < 1e-12, "{ours}, not {expected}");
}

#[test]
fn an_interval_ends_at_0_or_1_only_where_nobody_or_everybody_is_counted() {
    for n in 1..=200 {
        for k in 0..=n {
            for z in [Z95, Z998] {
                let (low, high) = wilson(k, n, z).expect("people");
                assert_eq!((low <= 0.0, high >= 1.0), (k == 0, k == n), "{k}/{n}");
                assert!(low >= 0.0 && high <= 1.0, "{k}/{n}");
            }
        }
    }
}

#[test]
fn rounding_is_half_away_from_zero_and_never_minus_zero() {
    for (value, decimals, expected) in
        [(0.25, 1, 0.3), (-0.25, 1, -0.3), (12.5, 0, 13.0), (-0.04, 1, 0.0), (3.375, 2, 3.38), (1.24, 1, 1.2)]
    {
        same(round_to(value, decimals), expected);
        assert!(round_to(value, decimals).is_sign_positive() || expected < 0.0, "{value}");
    }
}

#[test]
fn a_share_moved_only_where_the_interval_of_the_difference_leaves_0_out() {
    // The intervals of 60% and 75% of 100 overlap (50.2 to 69.1, 65.7 to 82.5), and yet it is clear that the share went up.
    let ((_, old), (new, _)) = (wilson(60, 100, Z95).expect("people"), wilson(75, 100, Z95).expect("people"));
    assert!(new < old);
    assert_eq!(moved((60, 100), (75, 100)), Moved::Up);
    assert_eq!(moved((75, 100), (60, 100)), Moved::Down);
    assert_eq!(moved((60, 100), (65, 100)), Moved::NotClear);
    assert_eq!(moved((60, 100), (60, 100)), Moved::NotClear);
    assert_eq!(moved((0, 0), (60, 100)), Moved::NotClear, "there is nothing to compare with");
    // Clear, but smaller than what was said to matter beforehand.
    assert_eq!(moved_by((60, 100), (75, 100), 0.1), Moved::Up);
    assert_eq!(moved_by((60, 100), (75, 100), 0.2), Moved::NotClear);
    assert_eq!(moved_by((75, 100), (60, 100), 0.1), Moved::Down);
    assert_eq!(moved_by((75, 100), (60, 100), 0.2), Moved::NotClear);
    let verdict = |low, value, high, least| Difference { value, low, high }.moved(least);
    // What touches 0 or the least change is not beyond it.
    assert_eq!(verdict(0.0, 1.0, 2.0, 0.0), Moved::NotClear);
    assert_eq!(verdict(-2.0, -1.0, 0.0, 0.0), Moved::NotClear);
    assert_eq!(verdict(0.5, 1.0, 2.0, 1.0), Moved::NotClear);
    assert_eq!(verdict(-2.0, -1.0, -0.5, 1.0), Moved::NotClear);
    assert_eq!(verdict(0.5, 1.0, 2.0, 0.5), Moved::Up);
    assert_eq!(verdict(-2.0, -1.0, -0.5, 0.5), Moved::Down);
}

#[test]
fn a_difference_of_shares_stays_between_minus_1_and_1() {
    let most = newcombe((3, 3), (0, 4), Z95).expect("people");
    assert!(most.high <= 1.0 && most.low > 0.0);
    let least = newcombe((0, 4), (3, 3), Z95).expect("people");
    assert!(least.low >= -1.0 && least.high < 0.0);
    same(most.value, 1.0);
    same(least.value, -1.0);
}

#[test]
fn the_same_people_are_compared_second_time_less_first() {
    let table = Paired { both: 40, first_only: 2, second_only: 12, neither: 6 };
    let ours = newcombe_paired(table, Z95).expect("people");
    near(ours.value, 10.0 / 60.0);
    assert!(ours.low > 0.0, "{ours:?}");
    let turned = Paired { first_only: 12, second_only: 2, ..table };
    let turned = newcombe_paired(turned, Z95).expect("people");
    near(turned.low, -ours.high);
    near(turned.high, -ours.low);
    assert_eq!(newcombe_paired(Paired::default(), Z95), None);
    for cell in 0..4 {
        let mut cells = [5; 4];
        cells[cell] = -1;
        let [both, first_only, second_only, neither] = cells;
        assert_eq!(newcombe_paired(Paired { both, first_only, second_only, neither }, Z95), None);
    }
    assert_eq!(newcombe_paired(Paired { both: i64::MAX, neither: 1, ..Paired::default() }, Z95), None);
}

#[test]
fn answers_that_go_together_make_the_difference_surer() {
    let together = newcombe_paired(Paired { both: 50, first_only: 5, second_only: 5, neither: 40 }, Z95);
    let apart = newcombe_paired(Paired { both: 5, first_only: 50, second_only: 50, neither: 4 }, Z95);
    let width = |d: Option<Difference>| d.map(|d| d.high - d.low).expect("people");
    let independent = newcombe((55, 100), (55, 100), Z95);
    assert!(width(together) < width(independent), "{together:?}");
    assert!(width(apart) > width(newcombe((55, 109), (55, 109), Z95)), "{apart:?}");
    // All the same at one of the times: no correlation can be told.
    let all =
        newcombe_paired(Paired { both: 9, first_only: 0, second_only: 3, neither: 0 }, Z95).expect("people");
    let alone = newcombe((12, 12), (9, 12), Z95).expect("people");
    near(all.low, alone.low);
    near(all.high, alone.high);
}

#[test]
fn means_are_compared_first_less_second() {
    let ours = means_difference((7.0, 5.0, 10.0), (4.0, 3.0, 8.0));
    near(ours.value, 3.0);
    near(ours.low, 3.0 - 20f64.sqrt()); // 2 below the first, 4 above the second
    near(ours.high, 3.0 + 10f64.sqrt()); // 3 above the first, 1 below the second
}

#[test]
fn where_nobody_changed_nothing_is_found() {
    let none = mcnemar(0, 0);
    for p in [none.p, none.p_corrected, none.exact, none.mid_p] {
        same(p, 1.0);
    }
    same(none.chi2 + none.chi2_corrected, 0.0);
    assert_eq!(mcnemar(-3, 0), none);
    assert_eq!(mcnemar(7, -1), mcnemar(7, 0));
    assert_eq!((sign_test(0, 0), sign_test(-1, 3), sign_test(3, -1)), (None, None, None));
    assert_eq!(wilcoxon(&[]), None);
    assert_eq!(wilcoxon(&[0, 0]), None);
    same(sign_test(1, 0).expect("somebody moved"), 1.0);
    same(sign_test(0, 5).expect("somebody moved"), 0.0625);
    same(sign_test(4, 4).expect("somebody moved"), 1.0);
}

#[test]
fn tails_from_whole_numbers_and_from_parts_meet() {
    // 2^-119 and 2^-129: all one way, with 120 throws (whole numbers) and 130 (parts of the middle).
    same(sign_test(120, 0).expect("somebody moved"), 2f64.powi(-119));
    let many = sign_test(0, 130).expect("somebody moved");
    assert!((many / 2f64.powi(-129) - 1.0).abs() < 1e-12, "{many}");
    // P(X ≤ 60) of 121 is one half: twice it is 1.
    near(sign_test(60, 61).expect("somebody moved"), 1.0);
    near(mcnemar(61, 61).mid_p, 1.0 - 0.072_089_200_394_460_03 / 2.0);
    // So far out that the chance is below what a float holds: 0, at once.
    same(sign_test(1_000_000, 10).expect("somebody moved"), 0.0);
}

#[test]
fn equal_differences_share_their_ranks() {
    // Sizes 1, 2, 2, 4: ranks 1, 2.5, 2.5, 4. Of 16 ways to give signs, 1 and 0 alone are at or below the smaller sum of 1.
    let ours = wilcoxon(&[2, -1, 0, 2, 4]).expect("somebody moved");
    assert_eq!((ours.n, ours.exact), (4, true));
    same(ours.w_plus, 9.0);
    same(ours.w_minus, 1.0);
    same(ours.p_two, 4.0 / 16.0);
    let turned = wilcoxon(&[-2, 1, 0, -2, -4]).expect("somebody moved");
    same(turned.w_plus, 1.0);
    same(turned.p_two, ours.p_two);
    same(wilcoxon(&[5, -5]).expect("somebody moved").p_two, 1.0);
    assert!(wilcoxon(&[1; 50]).expect("somebody moved").exact && !wilcoxon(&[1; 51]).expect("moved").exact);
    same(wilcoxon(&[1; 50]).expect("somebody moved").p_two, 2f64.powi(-49));
    assert!(wilcoxon(&[i64::MIN, 1]).is_some(), "the size of the smallest number has no place in the type");
}

#[test]
fn lost_people_are_told_and_are_in_no_other_number() {
    let change = PairedChange::of(&[1, 2, 0, -1, 3], 4);
    assert_eq!((change.pairs, change.lost), (5, 4));
    assert_eq!((change.up, change.same, change.down), (3, 1, 1));
    assert_eq!(change.sign, sign_test(3, 1));
    assert_eq!(change.wilcoxon, wilcoxon(&[1, 2, 0, -1, 3]));
    let ordered = PairedChange::counted(3, 1, 2, 4);
    assert_eq!((ordered.pairs, ordered.lost, ordered.wilcoxon), (6, 4, None));
    assert_eq!((ordered.up, ordered.same, ordered.down), (3, 1, 2));
    assert_eq!(ordered.sign, sign_test(3, 2));
}

#[test]
fn when_everybody_answered_the_interval_of_that_group_is_a_point() {
    assert_eq!(wilson_finite(3, 10, 10, Z95), Some((0.3, 0.3)));
    assert_eq!(margin(10, 10, Z95, 0.5), Some(0.0));
    assert_eq!((margin(1, 1, Z95, 0.5), wilson_finite(1, 1, 1, Z95)), (Some(0.0), Some((1.0, 1.0))));
    let (low, high) = wilson_finite(0, 10, 11, Z95).expect("people");
    assert!(low <= 0.0 && high > 0.0);
    for (n, population) in [(0, 5), (-1, 5), (6, 5), (0, 0)] {
        assert_eq!(margin(n, population, Z95, 0.5), None, "{n} of {population}");
        assert_eq!(wilson_finite(0, n, population, Z95), None, "{n} of {population}");
    }
    assert_eq!((margin(5, 9, Z95, -0.1), margin(5, 9, Z95, 1.1)), (None, None));
    assert_eq!((wilson_finite(-1, 5, 5, Z95), wilson_finite(6, 5, 5, Z95)), (None, None));
    assert_eq!((sample_size(0, 5), sample_size(5, 0), sample_needed(0, 5)), (None, None, None));
    assert_eq!(
        (sample_needed(150, 1), sample_needed(1, 900), sample_needed(2, 3)),
        (Some(1), Some(1), Some(2))
    );
    same(sample_size(3, 4).expect("people"), 2.0);
    assert_eq!(sample_needed(3, 4), Some(2), "a whole number is not rounded up");
}

#[test]
fn response_rates_count_whoever_may_have_been_to_be_asked() {
    let all = Dispositions {
        complete: 40,
        partial: 5,
        refused: 10,
        not_reached: 20,
        other: 4,
        unknown_whether_anybody: 15,
        unknown_other: 6,
    };
    assert_eq!(all.rr1(), Some(Rate { answered: 40, of: 100 }));
    assert_eq!(all.rr2(), Some(Rate { answered: 45, of: 100 }));
    assert_eq!(all.rr2().and_then(Rate::percent), Some(45.0));
    same(all.rr1().expect("people").fraction(), 0.4);
    assert_eq!(
        Dispositions { complete: 1, refused: 15, ..Dispositions::default() }.rr1().and_then(Rate::percent),
        Some(6.3)
    );
    assert_eq!(Dispositions::default().rr1(), None);
    assert_eq!(Dispositions { refused: -1, ..all }.rr1(), None);
    assert_eq!(Dispositions { other: i64::MAX, ..all }.rr1(), None);
    assert_eq!(Dispositions { partial: i64::MAX, ..all }.rr2(), None);
}

#[test]
fn only_what_is_outside_99_8_percent_stands_out() {
    // Ten alike and one far off, which the winsorised φ does not see.
    let mut schemes = vec![(50, 100); 10];
    schemes.push((90, 100));
    let far = funnel(&schemes).expect("schemes");
    assert_eq!((far.target_k, far.target_n), (590, 1100));
    assert!(!far.overdispersed && far.phi < 1.0, "{far:?}");
    assert_eq!(far.points[10].standing, Standing::Above);
    assert!(far.points[..10].iter().all(|point| point.standing == Standing::Within));
    near(far.points[10].share, 0.9);
    let (low, high) = limits(590.0 / 1100.0, 100, Z95).expect("people");
    near(far.points[3].low95, low);
    near(far.points[3].high95, high);
    // Outside 95% alone is expected of one in twenty.
    schemes[10] = (62, 100);
    let outside = &funnel(&schemes).expect("schemes").points[10];
    assert!(outside.share > outside.high95 && outside.standing == Standing::Within, "{outside:?}");
    schemes[10] = (5, 100);
    assert_eq!(funnel(&schemes).expect("schemes").points[10].standing, Standing::Below);
}

#[test]
fn schemes_that_differ_among_themselves_get_wider_limits() {
    let spread: Vec<(i64, i64)> = (0..20).map(|at| (300 + 20 * at, 1000)).collect();
    let wide = funnel(&spread).expect("schemes");
    assert!(wide.overdispersed && wide.phi > 10.0 && wide.tau2 > 0.005, "{wide:?}");
    assert!(wide.points.iter().all(|point| point.standing == Standing::Within));
    let (low, _) = limits(0.49, 1000, Z998).expect("people");
    assert!(wide.points[0].low998 < low && wide.points[0].share < low);
}

#[test]
fn a_funnel_is_drawn_by_the_limits_that_its_schemes_are_judged_by() {
    let schemes = [(12, 30), (70, 100), (450, 900), (1, 40)];
    let made = funnel(&schemes).expect("schemes");
    assert!(made.overdispersed, "{made:?}");
    near(made.target(), 533.0 / 1070.0);
    for ((_, n), point) in schemes.into_iter().zip(&made.points) {
        assert_eq!(made.limits(n, Z95), (point.low95, point.high95));
        assert_eq!(made.limits(n, Z998), (point.low998, point.high998));
    }
    // Of any other size too, and narrower the more people there are.
    let ((low_few, high_few), (low_many, high_many)) = (made.limits(60, Z95), made.limits(600, Z95));
    assert!(low_few < low_many && low_many < made.target(), "{low_few} {low_many}");
    assert!(made.target() < high_many && high_many < high_few, "{high_many} {high_few}");
}

#[test]
fn there_is_no_funnel_of_nothing_and_none_can_be_wrong_where_all_are_alike() {
    for schemes in [&[][..], &[(1, 2), (0, 0)], &[(-1, 2)], &[(3, 2)], &[(1, i64::MAX), (1, i64::MAX)]] {
        assert_eq!(funnel(schemes), None, "{schemes:?}");
    }
    for schemes in [&[(0, 5), (0, 9)][..], &[(5, 5), (9, 9)]] {
        let flat = funnel(schemes).expect("schemes");
        assert!(!flat.overdispersed && flat.points.iter().all(|point| point.standing == Standing::Within));
        same(flat.phi + flat.tau2, 0.0);
        same(flat.points[0].low998, flat.points[0].high998);
    }
    let one = funnel(&[(3, 4)]).expect("schemes");
    assert!(!one.overdispersed && one.points[0].standing == Standing::Within);
    assert_eq!((limits(0.5, 0, Z95), limits(1.1, 5, Z95), limits(-0.1, 5, Z95)), (None, None, None));
    assert_eq!(limits(1.0, 5, Z95), Some((1.0, 1.0)));
}

#[test]
fn charts_of_too_little_are_refused_and_short_ones_are_on_trial() {
    let rules = XmrRules { trend: 7, screen: false };
    assert_eq!(xmr(&[], rules), None);
    assert_eq!(xmr(&[1.0], rules), None);
    assert_eq!(xmr(&[1.0, f64::NAN], rules), None);
    assert_eq!(xmr(&[1.0, 2.0, 3.0], XmrRules { trend: 1, screen: false }), None);
    assert!(xmr(&[1.0, 2.0], XmrRules { trend: 2, screen: false }).is_some());
    let trial = |points: usize| xmr(&vec![1.0; points], rules).expect("a chart").trial;
    assert!(trial(2) && trial(11) && !trial(12));
}

#[test]
fn where_nothing_moves_there_is_nothing_to_tell() {
    for screen in [false, true] {
        let still = xmr(&[0.1; 14], XmrRules { trend: 7, screen }).expect("a chart");
        for line in [still.mean, still.upper, still.lower, still.near_upper, still.near_lower] {
            same(line, 0.1);
        }
        assert!(still.points.iter().all(|point| *point == Special::Common));
    }
}

#[test]
fn the_strongest_rule_names_a_point() {
    use Special::{Common, Outside, Shift, Trend, TwoOfThree};
    use Way::{Down, Up};
    // Ten below the mean, then seven rising, the last of them outside: outside comes before trend, trend before shift.
    let mut values = vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0];
    values.extend([1.0, 2.0, 3.0, 4.0, 5.0, 12.0]);
    let chart = xmr(&values, XmrRules { trend: 7, screen: false }).expect("a chart");
    assert_eq!(
        chart.points[9..],
        [Shift(Down), Trend(Up), Trend(Up), Trend(Up), Trend(Up), Trend(Up), Trend(Up), Outside(Up)]
    );
    // Falling, for a shorter trend.
    let falling =
        xmr(&[5.0, 4.0, 3.0, 2.0, 1.0, 5.0], XmrRules { trend: 5, screen: false }).expect("a chart");
    assert_eq!(falling.points, [[Trend(Down); 5].as_slice(), &[Common]].concat());
    let steeper =
        xmr(&[5.0, 4.0, 3.0, 2.0, 1.0, 5.0], XmrRules { trend: 6, screen: false }).expect("a chart");
    assert_eq!(steeper.points, [Common; 6]);
    // Two near the lower limit with one between that is only on the same side: the two are marked.
    let mut near = [0.0, 1.0].repeat(10);
    near.extend([-2.3, -0.5, -2.3, 0.5]);
    let chart = xmr(&near, XmrRules { trend: 7, screen: false }).expect("a chart");
    assert_eq!(chart.points[20..], [TwoOfThree(Down), Common, TwoOfThree(Down), Common], "{chart:?}");
}

#[test]
fn what_lies_on_a_line_is_not_beyond_it() {
    use Special::{Common, TwoOfThree};
    let rules = XmrRules { trend: 7, screen: false };
    // Up and down the same way about a mean of 0, then to and fro, so that the mean range is just 1.
    let about_zero = |up: [f64; 3], to_and_fro: f64, times: usize| {
        let mut values = vec![0.0];
        values.extend(up);
        values.push(0.0);
        values.extend(up.map(|value| -value));
        values.push(0.0);
        values.extend([to_and_fro, 0.0, -to_and_fro, 0.0].repeat(times));
        let chart = xmr(&values, rules).expect("a chart");
        same(chart.mean, 0.0);
        same(chart.moving_range, 1.0);
        chart
    };
    let limit = about_zero([2.66, 2.5, 1.0], 0.78, 3);
    same(limit.upper, 2.66);
    same(limit.lower, -2.66);
    let (up, down) = (TwoOfThree(Way::Up), TwoOfThree(Way::Down));
    assert_eq!(limit.points[..9], [Common, up, up, Common, Common, down, down, Common, Common]);
    let near = about_zero([2.0 * (2.66 / 3.0), 2.5, 1.0], 0.875, 4);
    same(near.near_upper, 2.0 * (2.66 / 3.0));
    assert!(near.points.iter().all(|point| *point == Common), "{near:?}");
    // A range of just 3.267 times the mean is screened.
    let jump = [3.267, 0.0, 0.43325, 0.0, 0.43325, 0.0];
    same(xmr(&jump, rules).expect("a chart").moving_range, 1.0);
    same(xmr(&jump, XmrRules { trend: 7, screen: true }).expect("a chart").moving_range, 0.43325);
}

#[test]
fn periods_are_pooled_from_the_newest_until_there_are_enough() {
    let periods = [(3, 4), (2, 5), (1, 6)];
    assert_eq!(pool(&periods, 4), Some(Pooled { periods: 1, k: 3, n: 4 }));
    assert_eq!(pool(&periods, 5), Some(Pooled { periods: 2, k: 5, n: 9 }));
    assert_eq!(pool(&periods, 15), Some(Pooled { periods: 3, k: 6, n: 15 }));
    assert_eq!(pool(&periods, 16), None);
    assert_eq!((pool(&[], 0), pool(&[(-1, 3)], 1), pool(&[(4, 3)], 1)), (None, None, None));
    assert_eq!(pool(&[(0, 0), (0, 9)], 5), Some(Pooled { periods: 2, k: 0, n: 9 }));
    assert_eq!(pool(&[(0, i64::MAX - 1), (0, 9)], i64::MAX), None, "no more than can be counted");
}

#[test]
fn means_and_ratios_of_too_few_have_no_interval() {
    let one = Moments { n: 1, sum: 5, squares: 25, scale: 1 };
    assert_eq!((one.mean(), one.sd(), one.interval95()), (Some(5.0), None, None));
    assert_eq!(Moments { n: 0, ..one }.mean(), None);
    assert_eq!(Moments { scale: 0, ..one }.mean(), None);
    assert_eq!(
        (Moments { n: 2, scale: 0, ..one }.sd(), Moments { n: 2, scale: -1, ..one }.mean()),
        (None, None)
    );
    let ratio =
        RatioMoments { n: 1, numerator: 1, denominator: 4, numerator2: 1, denominator2: 16, cross: 4 };
    assert_eq!((ratio.ratio(), ratio.interval95()), (Some(0.25), None));
    assert_eq!(RatioMoments { n: 2, denominator: 0, ..ratio }.ratio(), None);
}

proptest! {
    #[test]
    fn a_difference_lies_in_its_interval_and_turns_with_its_groups(
        (k1, n1) in (1i64..2000).prop_flat_map(|n| (0..=n, Just(n))),
        (k2, n2) in (1i64..2000).prop_flat_map(|n| (0..=n, Just(n))),
    ) {
        let there = newcombe((k1, n1), (k2, n2), Z95).expect("people");
        let back = newcombe((k2, n2), (k1, n1), Z95).expect("people");
        prop_assert!(there.low <= there.value && there.value <= there.high);
        prop_assert!((there.low + back.high).abs() < 1e-15 && (there.value + back.value).abs() < 1e-15);
        prop_assert!(there.low >= -1.0 && there.high <= 1.0);
    }

    #[test]
    fn a_p_value_is_above_0_and_at_most_1(b in 0i64..400, c in 0i64..400) {
        let ours = mcnemar(b, c);
        for p in [ours.p, ours.p_corrected, ours.exact, ours.mid_p] {
            prop_assert!(p > 0.0 && p <= 1.0, "{:?}", ours);
        }
        prop_assert!(ours.mid_p <= ours.exact);
        prop_assert_eq!(ours, mcnemar(c, b));
    }

    #[test]
    fn knowing_how_many_there_are_never_makes_an_interval_wider((k, n) in (1i64..500).prop_flat_map(|n| (0..=n, Just(n))), more in 0i64..500) {
        let (low, high) = wilson_finite(k, n, n + more, Z95).expect("people");
        let (plain_low, plain_high) = wilson(k, n, Z95).expect("people");
        prop_assert!(plain_low <= low + 1e-12 && high <= plain_high + 1e-12);
        let p = k as f64 / n as f64;
        prop_assert!((low..=high).contains(&p));
    }
}
