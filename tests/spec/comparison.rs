//! Comparisons: from public cells only, with intervals and without ranks; what is hidden stays hidden, and no place in a drawing is exact.

use khi::domain::area::Level;
use khi::domain::comparison::{CAUTION, Compared, Verdict, Whose, compare};
use khi::domain::definition::Model;
use khi::domain::disclosure::release::Part;
use khi::domain::statistics::{Z998, limits};
use serde_json::{Value, json};

use crate::support::registry;

fn cell(level: &str, code: &str, positive: i64, n: i64) -> Value {
    json!({
        "indicator": "social-connection", "series": "connections/1", "model": "shared-lives", "rule": "share", "period": "2026-27",
        "place": {"level": level, "code": code, "name": format!("Name of {code}")}, "group": null,
        "n": n, "positive": positive, "status": "shown", "periods": null, "band": null, "merged_into": null,
    })
}

fn hidden(code: &str, status: &str, changes: Value) -> Value {
    let mut cell = cell("scheme", code, 0, 0);
    (cell["n"], cell["positive"], cell["status"]) = (Value::Null, Value::Null, json!(status));
    for (key, value) in changes.as_object().expect("an object") {
        cell[key] = value.clone();
    }
    cell
}

fn part(level: &str, cells: &[Value]) -> Part {
    Part { level: level.into(), model: "shared-lives".into(), cells: json!(cells).to_string() }
}

/// A scheme, its region, its nation and the UK, and other schemes.
fn compared(own: Value, others: &[(i64, i64)]) -> Vec<Compared> {
    let others = others.iter().enumerate().map(|(at, (k, n))| cell("scheme", &format!("other-{at}"), *k, *n));
    let schemes: Vec<Value> = std::iter::once(own).chain(others).collect();
    let parts = [
        part("scheme", &schemes),
        part("region", &[cell("region", "E12000002", 450, 500), cell("region", "E12000001", 1, 500)]),
        part("nation", &[cell("nation", "E92000001", 900, 1000)]),
        part("uk", &[cell("uk", "K02000001", 1000, 1110)]),
    ];
    let around = [
        (Level::Region, "E12000002".to_owned()),
        (Level::Nation, "E92000001".to_owned()),
        (Level::Uk, "K02000001".to_owned()),
    ];
    compare(&parts, &Whose { scheme: "own", model: Model::SharedLives, around: &around }, registry())
}

const OTHERS: [(i64, i64); 6] = [(45, 50), (88, 100), (18, 20), (63, 70), (27, 30), (36, 40)];

#[test]
fn a_scheme_is_compared_with_everybody_else_in_its_region_its_nation_and_the_uk() {
    let found = compared(cell("scheme", "own", 20, 40), &OTHERS);
    let one = &found[0];
    assert_eq!(one.own.words, "50.0%, 20 of 40 people");
    let places: Vec<&str> = one.places.iter().map(|p| p.level.as_str()).collect();
    assert_eq!(places, ["region", "nation", "uk"], "and not with another region");
    let of_region = one.places[0].difference.as_ref().expect("both are shown");
    // 20 of 40 against the other 430 of 460.
    assert_eq!((of_region.points, of_region.of_the_rest, of_region.verdict), (-43.5, true, Verdict::Lower));
    assert!(
        of_region
            .words
            .starts_with("Your figure is lower than that of everybody else there, by 43.5 points (")
    );
    let same = &compared(cell("scheme", "own", 36, 40), &OTHERS)[0].places[0];
    let same = same.difference.as_ref().expect("both are shown");
    assert_eq!(same.verdict, Verdict::NotClear);
    assert!(same.words.contains("no clear difference"), "{}", same.words);
    let high = &compared(cell("scheme", "own", 119, 120), &OTHERS)[0].places[0];
    assert_eq!(high.difference.as_ref().expect("both").verdict, Verdict::Higher);
}

#[test]
fn only_what_is_outside_99_8_percent_is_to_be_looked_into() {
    // 20 of 40 is far below; 31 of 40 is outside the 95% limits and inside the others.
    let said = |positive| {
        let found = compared(cell("scheme", "own", positive, 40), &OTHERS);
        let own = found[0].funnel.as_ref().expect("a funnel").own.clone().expect("shown");
        (own.standing, own.words)
    };
    assert_eq!(said(20), ("below", "Lower than the expected range. Look into it."));
    assert_eq!(said(32), ("within", "Within the expected range."));
    assert_eq!(said(36), ("within", "Within the expected range."));
}

#[test]
fn limits_are_those_of_the_statistics_and_others_are_counted_and_not_named() {
    let found = compared(cell("scheme", "own", 36, 40), &OTHERS);
    let funnel = found[0].funnel.as_ref().expect("a funnel");
    assert_eq!((funnel.schemes, funnel.others.len(), funnel.overdispersed), (7, 6, false));
    assert_eq!(funnel.within_95 + funnel.outside_95 + funnel.outside_998, 7);
    let at_100 = funnel.limits.iter().find(|l| l.n == 100).expect("100 people");
    let (low, high) = limits(313.0 / 350.0, 100, Z998).expect("limits");
    assert!((at_100.low_998 - 100.0 * low).abs() < 0.06 && (at_100.high_998 - 100.0 * high).abs() < 0.06);
    let text = serde_json::to_string(&found).expect("JSON");
    assert!(!text.contains("other-") && !text.contains("rank"), "{text}");
    // 63 of 70 is 90%, of about 70; 88 of 100 is 88%.
    assert!(funnel.others.iter().any(|d| (d.n, d.percent) == (70, 90)));
    assert!(funnel.others.iter().all(|d| d.n % 5 == 0 && d.n >= 10));
}

#[test]
fn with_few_schemes_there_is_no_funnel() {
    assert!(compared(cell("scheme", "own", 36, 40), &OTHERS[..3])[0].funnel.is_none());
    assert!(compared(cell("scheme", "own", 36, 40), &OTHERS[..4])[0].funnel.is_some());
}

#[test]
fn what_is_hidden_of_the_scheme_is_compared_with_nothing_and_says_why() {
    for (own, words) in [
        (hidden("own", "suppressed", json!({})), "Not shown, because few people answered."),
        (
            hidden("own", "banded", json!({"band": "almost-all", "n": 12})),
            "Almost all. The number is not shown, because few people answered.",
        ),
        (
            hidden("own", "merged", json!({"merged_into": "E12000002"})),
            "Counted together with another place, because few people answered.",
        ),
    ] {
        let found = compared(own, &OTHERS);
        assert_eq!(found[0].own.words, words);
        assert!(found[0].own.percent.is_none() && found[0].places.iter().all(|p| p.difference.is_none()));
        assert!(found[0].funnel.as_ref().expect("of the others").own.is_none());
    }
    // A count that stands in a hidden cell by mistake is not used either.
    let mut leaky = cell("scheme", "own", 3, 4);
    leaky["status"] = json!("suppressed");
    assert!(compared(leaky, &OTHERS)[0].own.positive.is_none());
}

#[test]
fn a_pooled_figure_is_marked_and_compared_with_the_whole_place() {
    let mut own = cell("scheme", "own", 20, 40);
    (own["status"], own["periods"]) = (json!("pooled"), json!(["2024-25", "2025-26", "2026-27"]));
    let found = compared(own, &OTHERS);
    assert!(found[0].own.words.ends_with("(years taken together: 2024-25, 2025-26, 2026-27)"));
    let difference = found[0].places[0].difference.as_ref().expect("both are shown");
    assert_eq!((difference.points, difference.of_the_rest), (-40.0, false));
    assert!(difference.words.contains("everybody there"));
    assert!(found[0].funnel.as_ref().expect("a funnel").own.as_ref().expect("shown").dot.pooled);
}

#[test]
fn groups_other_models_and_other_numbers_than_shares_are_not_compared() {
    let mut group = cell("scheme", "own", 1, 2);
    group["group"] = json!({"need": "autism"});
    let mut other = cell("scheme", "own", 36, 40);
    other["model"] = json!("homeshare");
    let mut mean = cell("scheme", "own", 36, 40);
    (mean["rule"], mean["indicator"]) = (json!("mean"), json!("friends-number"));
    let parts = [part("scheme", &[group, other, mean]), Part { cells: "no JSON".into(), ..part("uk", &[]) }];
    let whose = Whose { scheme: "own", model: Model::SharedLives, around: &[] };
    assert!(compare(&parts, &whose, registry()).is_empty());
}

#[test]
fn the_caution_says_that_no_scheme_can_be_judged_by_this() {
    assert!(CAUTION.contains("cannot be used to judge how well a scheme works"));
}
