//! Random cases against scipy and statsmodels, and against what is written anew in `tests/statistics/oracle.py`.
//!
//! The files of 200 cases each in `tests/spec/fixtures/oracle`; with `KHI_ORACLE` those of 10,000 in that folder, which `tests/statistics/run` makes.

use std::path::PathBuf;

use khi::domain::statistics::{
    Assurance, Dispositions, FunnelPoint, Moments, Paired, Pooled, RatioMoments, Special, Standing, Way,
    XmrRules, Z95, Z998, funnel, limits, margin, mcnemar, means_difference, median, newcombe,
    newcombe_paired, percent, pool, round_to, sample_needed, sample_size, sign_test, wilcoxon, wilson,
    wilson_finite, xmr,
};

use crate::support::{read, repository};

/// What the program may be off, of values up to 1; of larger ones as a part of them.
const WITHIN: f64 = 1e-10;

/// Where the files are, and how many cases each must have.
fn asked() -> (PathBuf, usize) {
    match std::env::var_os("KHI_ORACLE") {
        Some(folder) => (PathBuf::from(folder), 10_000),
        None => (repository("tests/spec/fixtures/oracle"), 200),
    }
}

/// One line of a file, read cell by cell.
struct Case<'a> {
    line: &'a str,
    cells: std::str::Split<'a, char>,
}

impl<'a> Case<'a> {
    fn text(&mut self) -> &'a str {
        self.cells.next().unwrap_or_else(|| panic!("a cell is missing: {}", self.line))
    }

    fn whole(&mut self) -> i64 {
        let cell = self.text();
        cell.parse().unwrap_or_else(|_| panic!("{cell} is no whole number: {}", self.line))
    }

    fn wholes(&mut self) -> Vec<i64> {
        self.text().split_whitespace().map(|cell| cell.parse().expect("a whole number")).collect()
    }

    fn number(&mut self) -> f64 {
        let cell = self.text();
        cell.parse().unwrap_or_else(|_| panic!("{cell} is no number: {}", self.line))
    }

    fn numbers(&mut self) -> Vec<f64> {
        self.text().split_whitespace().map(|cell| cell.parse().expect("a number")).collect()
    }

    /// The next cell is what `ours` must be.
    #[track_caller]
    fn is(&mut self, ours: f64) {
        let theirs = self.number();
        self.equal(ours, theirs, WITHIN);
    }

    #[track_caller]
    fn equal(&self, ours: f64, theirs: f64, within: f64) {
        let off = (ours - theirs).abs();
        assert!(off <= within * theirs.abs().max(1.0), "{ours}, the oracle says {theirs}: {}", self.line);
    }

    #[track_caller]
    fn same<T: PartialEq + std::fmt::Debug>(&self, ours: T, theirs: T) {
        assert_eq!(ours, theirs, "{}", self.line);
    }
}

/// Reads `name`.csv and tries each case of it.
fn each(name: &str, mut check: impl FnMut(&mut Case<'_>)) {
    let (folder, cases) = asked();
    let text = read(folder.join(format!("{name}.csv")));
    assert_eq!(text.lines().count(), cases, "cases of {name} in {}", folder.display());
    all_of(&text, &mut check);
}

fn all_of(text: &str, check: &mut impl FnMut(&mut Case<'_>)) {
    for line in text.lines() {
        let mut case = Case { line, cells: line.split(',') };
        check(&mut case);
        assert_eq!(case.cells.next(), None, "a cell was not read: {line}");
    }
}

/// Both intervals of a share, and that they are shown alike.
fn wilson_case(case: &mut Case<'_>) {
    let (k, n) = (case.whole(), case.whole());
    for z in [Z95, Z998] {
        let (low, high) = wilson(k, n, z).expect("people");
        for ours in [low, high] {
            let theirs = case.number();
            case.equal(ours, theirs, WITHIN);
            case.equal(round_to(100.0 * ours, 1), round_to(100.0 * theirs, 1), 0.0);
        }
    }
}

#[test]
fn intervals_of_shares() {
    each("wilson", wilson_case);
}

#[test]
fn intervals_of_every_share_of_up_to_200_people() {
    let (folder, _) = asked();
    if std::env::var_os("KHI_ORACLE").is_some() {
        let text = read(folder.join("wilson_all.csv"));
        assert_eq!(text.lines().count(), 20_300);
        all_of(&text, &mut wilson_case);
    } else {
        // Without the file: by the equation whose roots Wilson's limits are, (p − l)² = z² l(1 − l)/n.
        for n in 1..=200 {
            for k in 0..=n {
                let (low, high) = wilson(k, n, Z95).expect("people");
                let p = k as f64 / n as f64;
                for end in [low, high] {
                    let off = (p - end).powi(2) - Z95 * Z95 * end * (1.0 - end) / n as f64;
                    assert!(off.abs() < 1e-13, "{k}/{n}: {low} {high}");
                }
            }
        }
    }
}

#[test]
fn percentages() {
    each("percent", |case| {
        let (k, n) = (case.whole(), case.whole());
        let theirs = case.number();
        case.equal(percent(k, n).expect("people"), theirs, 0.0);
    });
}

#[test]
fn differences_of_two_groups() {
    each("newcombe", |case| {
        let (first, second) = ((case.whole(), case.whole()), (case.whole(), case.whole()));
        let ours = newcombe(first, second, Z95).expect("people");
        case.is(ours.value);
        case.is(ours.low);
        case.is(ours.high);
        let wider = newcombe(first, second, Z998).expect("people");
        case.is(wider.low);
        case.is(wider.high);
    });
}

#[test]
fn differences_of_the_same_people() {
    each("newcombe_paired", |case| {
        let [both, first_only, second_only, neither] = [(); 4].map(|()| case.whole());
        let ours = newcombe_paired(Paired { both, first_only, second_only, neither }, Z95).expect("people");
        case.is(ours.value);
        case.is(ours.low);
        case.is(ours.high);
    });
}

#[test]
fn differences_of_means() {
    each("means_difference", |case| {
        let mut mean = || (case.number(), case.number(), case.number());
        let ours = means_difference(mean(), mean());
        case.is(ours.value);
        case.is(ours.low);
        case.is(ours.high);
    });
}

#[test]
fn mcnemar_tests() {
    each("mcnemar", |case| {
        let ours = mcnemar(case.whole(), case.whole());
        case.is(ours.chi2);
        case.is(ours.p);
        case.is(ours.chi2_corrected);
        case.is(ours.p_corrected);
        case.is(ours.exact);
        case.is(ours.mid_p);
    });
}

#[test]
fn sign_tests() {
    each("sign", |case| {
        let ours = sign_test(case.whole(), case.whole()).expect("somebody moved");
        case.is(ours);
    });
}

#[test]
fn signed_rank_tests() {
    each("wilcoxon", |case| {
        let ours = wilcoxon(&case.wholes()).expect("somebody moved");
        let n = case.whole();
        case.same(ours.n, n);
        case.is(ours.w_plus);
        case.is(ours.w_minus);
        case.is(ours.p_two);
        let exact = case.whole() == 1;
        case.same(ours.exact, exact);
    });
}

#[test]
fn margins_and_intervals_of_small_groups() {
    each("finite", |case| {
        let (k, n, population, p) = (case.whole(), case.whole(), case.whole(), case.number());
        case.is(margin(n, population, Z95, p).expect("people"));
        let (low, high) = wilson_finite(k, n, population, Z95).expect("people");
        case.is(low);
        case.is(high);
    });
}

#[test]
fn sample_sizes() {
    each("sample_size", |case| {
        let (base, population) = (case.whole(), case.whole());
        case.is(sample_size(base, population).expect("people"));
        let needed = case.whole();
        case.same(sample_needed(base, population), Some(needed));
    });
}

#[test]
fn response_rates() {
    each("response_rate", |case| {
        let [complete, partial, refused, not_reached, other, unknown_whether_anybody, unknown_other] =
            [(); 7].map(|()| case.whole());
        let all = Dispositions {
            complete,
            partial,
            refused,
            not_reached,
            other,
            unknown_whether_anybody,
            unknown_other,
        };
        case.is(all.rr1().expect("people").fraction());
        case.is(all.rr2().expect("people").fraction());
    });
}

#[test]
fn limits_of_funnels() {
    each("limits", |case| {
        let (p0, n) = (case.number(), case.whole());
        for z in [Z95, Z998] {
            let (low, high) = limits(p0, n, z).expect("people");
            case.is(low);
            case.is(high);
        }
    });
}

#[test]
fn funnels() {
    each("funnel", |case| {
        let schemes: Vec<(i64, i64)> = case.wholes().into_iter().zip(case.wholes()).collect();
        let ours = funnel(&schemes).expect("schemes");
        case.same(ours.target_k, schemes.iter().map(|(k, _)| k).sum());
        case.same(ours.target_n, schemes.iter().map(|(_, n)| n).sum());
        case.is(ours.phi);
        case.same(ours.overdispersed, ours.tau2 > 0.0);
        case.is(ours.tau2);
        let ends: [fn(&FunnelPoint) -> f64; 4] = [|p| p.low95, |p| p.high95, |p| p.low998, |p| p.high998];
        for end in ends {
            for (theirs, point) in case.numbers().into_iter().zip(&ours.points) {
                case.equal(end(point), theirs, WITHIN);
            }
        }
        let standing = case.wholes();
        case.same(ours.points.len(), standing.len());
        for (point, theirs) in ours.points.iter().zip(standing) {
            let sign = match point.standing {
                Standing::Within => 0,
                Standing::Above => 1,
                Standing::Below => -1,
            };
            case.same(sign, theirs);
        }
    });
}

/// A point as the oracle writes it: a capital for up.
fn letter(point: &Special) -> char {
    let (letter, way) = match point {
        Special::Common => return 'c',
        Special::Outside(way) => ('o', way),
        Special::Trend(way) => ('t', way),
        Special::TwoOfThree(way) => ('n', way),
        Special::Shift(way) => ('s', way),
    };
    if *way == Way::Up { letter.to_ascii_uppercase() } else { letter }
}

#[test]
fn charts() {
    let mut seen = std::collections::BTreeSet::new();
    each("xmr", |case| {
        let values = case.numbers();
        let trend = usize::try_from(case.whole()).expect("a length");
        let ours = xmr(&values, XmrRules { trend, screen: case.whole() == 1 }).expect("a chart");
        case.is(ours.mean);
        case.is(ours.upper);
        case.is(ours.lower);
        case.is(ours.near_upper);
        case.is(ours.near_lower);
        case.is(ours.moving_range);
        let trial = case.whole() == 1;
        case.same(ours.trial, trial);
        let labels: String = ours.points.iter().map(letter).collect();
        let theirs = case.text();
        case.same(labels.as_str(), theirs);
        seen.extend(labels.chars());
        let target = case.number();
        let (more, less) = match case.whole() {
            1 => (Assurance::Fails, Assurance::Passes),
            -1 => (Assurance::Passes, Assurance::Fails),
            _ => (Assurance::Inconsistent, Assurance::Inconsistent),
        };
        case.same(ours.assurance(target, true), more);
        case.same(ours.assurance(target, false), less);
    });
    assert_eq!(seen, "cOoTtNnSs".chars().collect(), "each kind of point must occur");
}

#[test]
fn pooled_periods() {
    each("pool", |case| {
        let periods: Vec<(i64, i64)> = case.wholes().into_iter().zip(case.wholes()).collect();
        let minimum = case.whole();
        let theirs = Pooled {
            periods: usize::try_from(case.whole()).expect("a number of periods"),
            k: case.whole(),
            n: case.whole(),
        };
        case.same(pool(&periods, minimum), (theirs.periods > 0).then_some(theirs));
    });
}

#[test]
fn means_deviations_and_their_intervals() {
    each("means", |case| {
        let moments =
            Moments { n: case.whole(), sum: case.whole(), squares: case.whole(), scale: case.whole() };
        case.is(moments.mean().expect("a mean"));
        case.is(moments.sd().expect("a deviation"));
        let (low, high) = moments.interval95().expect("n > 1");
        case.is(low);
        case.is(high);
    });
}

#[test]
fn ratios_and_their_intervals() {
    each("ratio", |case| {
        let pairs: Vec<(i64, i64)> = case.wholes().into_iter().zip(case.wholes()).collect();
        let sum = |of: fn(&(i64, i64)) -> i64| pairs.iter().map(of).sum();
        let moments = RatioMoments {
            n: i64::try_from(pairs.len()).expect("few"),
            numerator: sum(|(a, _)| *a),
            denominator: sum(|(_, b)| *b),
            numerator2: sum(|(a, _)| a * a),
            denominator2: sum(|(_, b)| b * b),
            cross: sum(|(a, b)| a * b),
        };
        case.is(moments.ratio().expect("a ratio"));
        let (low, high) = moments.interval95().expect("n > 1");
        case.is(low);
        case.is(high);
    });
}

#[test]
fn medians() {
    each("median", |case| {
        let mut counted = std::collections::BTreeMap::new();
        for value in case.wholes() {
            *counted.entry(value).or_insert(0) += 1;
        }
        case.is(median(&counted.into_iter().collect::<Vec<_>>()).expect("values"));
    });
}
