//! Figures quarter by quarter: how many points have limits, what stands out, and what is left out.

use khi::domain::area::Level;
use khi::domain::figures::{Interval, Place, Row, Status};
use khi::domain::over_time::{Chart, charts, in_words};
use khi::domain::period::Period;

use crate::passport::bare_row;
use crate::support::registry;

fn quarters(count: usize) -> Vec<Period> {
    let first: Period = "2022-Q1".parse().expect("a quarter");
    std::iter::successors(Some(first), |q| Some(q.next())).take(count).collect()
}

fn row(period: Period, positive: i64, n: i64) -> Row {
    let place = Place { level: Level::Region, code: "E12000002".into(), name: "North West".into() };
    let interval = Interval::wilson95(positive, n);
    Row { period: period.to_string(), place, interval, ..bare_row(positive, n) }
}

fn of(shares: &[i64]) -> Vec<Chart> {
    let quarters = quarters(shares.len());
    let rows: Vec<Row> = quarters.iter().zip(shares).map(|(q, share)| row(*q, *share, 100)).collect();
    charts(&rows, &quarters, registry())
}

#[test]
fn a_chart_has_limits_from_six_points_and_calls_them_trial_limits_before_twelve() {
    let shares = [80, 82, 79, 81, 80, 83, 80, 82, 79, 81, 80, 83];
    for (count, trial) in [(5, None), (6, Some(true)), (11, Some(true)), (12, Some(false))] {
        let found = of(&shares[..count]);
        assert_eq!(found[0].limits.map(|l| l.trial), trial, "{count} points");
        assert_eq!(found[0].points.len(), count);
    }
    let limits = of(&shares)[0].limits.expect("twelve points");
    assert!(limits.lower < 79.0 && limits.upper > 83.0 && (limits.mean - 80.833).abs() < 0.001, "{limits:?}");
}

#[test]
fn what_is_more_than_the_usual_up_and_down_is_said_in_words() {
    let found = of(&[80, 82, 79, 81, 80, 83, 80, 82, 79, 81, 80, 95]);
    assert_eq!(in_words(found[0].newest().expect("a point").special), "above the upper limit");
    let falling = of(&[90, 89, 91, 90, 89, 91, 90, 88, 86, 84, 82, 80, 78]);
    let words = in_words(falling[0].newest().expect("a point").special);
    assert!(words.contains("below") || words.contains("fall"), "{words}");
    // Limits of a share are within 0 and 100.
    let limits = of(&[97, 99, 95, 99, 96, 100, 94, 99, 97, 99, 95, 100])[0].limits.expect("twelve");
    assert!((limits.upper - 100.0).abs() < 1e-9, "{limits:?}");
}

#[test]
fn a_quarter_without_a_figure_is_a_gap_and_hidden_ones_and_groups_are_no_points() {
    let all = quarters(4);
    let mut rows = vec![row(all[0], 80, 100), row(all[2], 82, 100)];
    rows.push(Row {
        status: Status::Suppressed,
        n: None,
        positive: None,
        percent: None,
        ..row(all[3], 1, 2)
    });
    rows.push(Row { group: Some([("need".to_owned(), "autism".to_owned())].into()), ..row(all[1], 3, 4) });
    let found = charts(&rows, &all, registry());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].gaps, ["2022-Q2"]);
    assert_eq!(found[0].points.iter().map(|p| p.value).collect::<Vec<_>>(), [80.0, 82.0]);
}

#[test]
fn another_wording_is_another_chart() {
    let all = quarters(2);
    let other = Row { series: "connections/2".into(), ..row(all[1], 70, 100) };
    let found = charts(&[row(all[0], 80, 100), other], &all, registry());
    assert_eq!(
        found.iter().map(|c| c.series.as_str()).collect::<Vec<_>>(),
        ["connections/1", "connections/2"]
    );
}
