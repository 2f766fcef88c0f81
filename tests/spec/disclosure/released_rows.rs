//! What stands in a release besides shares: means, claims, how its rows are laid out.

use std::collections::BTreeMap;

use khi::domain::area::Level;
use khi::domain::disclosure::release::{Draft, Material, Part, UnitCount};
use khi::domain::figures::{Interval, Row, SchemesCount, Status};
use serde_json::{Value, json};

use super::plain::{Home, add, country_of, make};
use super::reading::rows_of;
use super::world::{AGES, World};

const ENGLAND: &str = "E92000001";
const WALES: &str = "W92000004";

/// Three schemes of forty in each of two nations.
fn two_nations() -> World {
    let home = |council| Home { council, region: None, size: 40, positive: 20 };
    let mut world = country_of(&[home("A"), home("A"), home("A"), home("B"), home("B"), home("B")]);
    world.councils[1].nation = WALES.to_owned();
    world
}

/// The rows of everybody once more as a mean of so many people each.
fn with_means(material: &mut Material, indicator: &str, people: &dyn Fn(&Row) -> i64) {
    let rows: Vec<Row> =
        material.rows.iter().filter(|row| row.group.is_none() && row.positive.is_some()).cloned().collect();
    material.rows.extend(rows.into_iter().map(|mut row| {
        row.indicator = indicator.to_owned();
        row.rule = "mean".to_owned();
        row.n = Some(people(&row));
        row.positive = None;
        row.mean = Some(3.5);
        row.sd = Some(1.25);
        row.interval = Interval::of_mean(Some((3.0, 4.0)), "t");
        row
    }));
}

/// How many schemes of forty a place of `two_nations` has.
fn schemes_in(row: &Row) -> i64 {
    match row.place.level {
        Level::Uk => 6,
        Level::Scheme => 1,
        _ => 3,
    }
}

/// What is printed of a mean: of the UK, England and Wales, how many people.
fn means(draft: &Draft, indicator: &str) -> Vec<Option<i64>> {
    let rows = ["uk", "nation"].iter().flat_map(|level| rows_of(draft, level));
    let own = rows.filter(|row| row["indicator"] == indicator);
    own.map(|row| {
        let (status, n) = (row["status"] == "shown", row["n"].as_i64());
        assert_eq!(status, n.is_some());
        let figures = [row["mean"].as_f64(), row["sd"].as_f64(), row["interval"]["low"].as_f64()];
        assert_eq!(figures, if status { [Some(3.5), Some(1.25), Some(3.0)] } else { [None; 3] });
        n
    })
    .collect()
}

#[test]
fn means_are_printed_of_the_country_and_its_nations_where_enough_answered() {
    let world = two_nations();
    let with = |people: &dyn Fn(&Row) -> i64| {
        let mut material = world.material(0);
        with_means(&mut material, "friends-number", people);
        make(material, &[])
    };
    let draft = with(&|row| 40 * schemes_in(row));
    assert_eq!(means(&draft, "friends-number"), [Some(240), Some(120), Some(120)]);
    for level in ["local_authority", "scheme", "region"] {
        assert!(rows_of(&draft, level).iter().all(|row| row["indicator"] != "friends-number"), "{level}");
    }
    // Thirty besides those of the largest scheme, in each of the nations and in the country.
    assert_eq!(means(&with(&|row| 15 * schemes_in(row)), "friends-number"), [Some(90), Some(45), Some(45)]);
    assert_eq!(means(&with(&|row| 14 * schemes_in(row)), "friends-number"), [Some(84), None, None]);
    assert_eq!(means(&with(&|row| 5 * schemes_in(row)), "friends-number"), [None, None, None]);
    // People who do not add up: of the country, of a nation.
    let uk_more = |row: &Row| 40 * schemes_in(row) + i64::from(row.place.level == Level::Uk);
    assert_eq!(means(&with(&uk_more), "friends-number"), [None, None, None]);
    let wales_more = |row: &Row| 40 * schemes_in(row) + i64::from(row.place.code == WALES);
    assert_eq!(means(&with(&wales_more), "friends-number"), [Some(240), None, None]);
    // Nobody in Wales: the others are printed.
    let no_wales = |row: &Row| match row.place.level {
        Level::Uk => 120,
        _ if row.place.code == WALES || row.place.code == "B" || row.place.code.as_str() > "s002" => 0,
        _ => 40 * schemes_in(row),
    };
    assert_eq!(means(&with(&no_wales), "friends-number"), [Some(120), Some(120), None]);
}

#[test]
fn a_scheme_that_works_in_two_nations_hides_their_means() {
    let mut world = two_nations();
    let with_means_of =
        |material: &mut Material| with_means(material, "friends-number", &|row| 40 * schemes_in(row));
    // Units of another model, and of groups, say nothing of where this one's schemes work.
    let elsewhere = |model: &str, group: Option<(String, String)>| UnitCount {
        model: model.to_owned(),
        group,
        nation: WALES.to_owned(),
        council: "B".to_owned(),
        n: 0,
        positive: 0,
        ..world.material(0).units[0].clone()
    };
    let mut material = world.material(0);
    with_means_of(&mut material);
    material.units.push(elsewhere("homeshare", None));
    material.units.push(elsewhere("shared-lives", Some(("age_band".to_owned(), "18-24".to_owned()))));
    assert_eq!(means(&make(material, &[]), "friends-number"), [Some(240), Some(120), Some(120)]);
    // Somebody of it in Wales: then its people cannot be told apart by nation.
    add(&mut world, 0, 1, 1, 1, 12, 0);
    let mut material = world.material(0);
    with_means_of(&mut material);
    assert_eq!(means(&make(material, &[]), "friends-number"), [Some(240), None, None]);
}

#[test]
fn means_stay_as_they_were_printed_by_the_first_release_of_the_period() {
    let world = two_nations();
    let with = |first: i64, second: i64| {
        let mut material = world.material(0);
        with_means(&mut material, "friends-number", &|row| first * schemes_in(row));
        with_means(&mut material, "loneliness-ucla", &|row| second * schemes_in(row));
        material
    };
    let before = make(with(40, 30), &[]);
    let after = make(with(41, 31), std::slice::from_ref(&before.ledger));
    assert_eq!(means(&after, "friends-number"), [Some(240), Some(120), Some(120)]);
    assert_eq!(means(&after, "loneliness-ucla"), [Some(180), Some(90), Some(90)]);
    assert_eq!(after.parts, before.parts);
    assert_eq!(after.ledger, before.ledger);
}

#[test]
fn rows_stand_by_level_and_model() {
    let world = two_nations();
    let mut material = world.material(0);
    let (rows, units) = (material.rows.clone(), material.units.clone());
    let of_other = |mut row: Row| {
        row.model = "homeshare".to_owned();
        row
    };
    material.rows.extend(rows.into_iter().map(of_other));
    material.units.extend(units.into_iter().map(|unit| UnitCount { model: "homeshare".to_owned(), ..unit }));
    let draft = make(material, &[]);
    let order: Vec<(&str, &str)> =
        draft.parts.iter().map(|part| (part.level.as_str(), part.model.as_str())).collect();
    let levels = ["uk", "nation", "local_authority", "scheme"];
    let expected: Vec<(&str, &str)> =
        levels.into_iter().flat_map(|level| [(level, "homeshare"), (level, "shared-lives")]).collect();
    assert_eq!(order, expected);
    for part in &draft.parts {
        let rows: Vec<Value> = serde_json::from_str(&part.cells).expect("rows");
        assert_eq!(
            rows.len(),
            match part.level.as_str() {
                "uk" => 1,
                "scheme" => 6,
                _ => 2,
            }
        );
        assert!(
            rows.iter().all(
                |row| row["place"]["level"] == part.level.as_str() && row["model"] == part.model.as_str()
            )
        );
    }
    let part = |level: &str| Part { level: level.to_owned(), model: String::new(), cells: String::new() };
    assert!(part("uk").is_at(Level::Uk) && part("scheme").is_at(Level::Scheme));
    assert!(!part("uk").is_at(Level::Nation) && !part("nation").is_at(Level::Uk));
}

#[test]
fn the_country_and_its_nations_have_claims() {
    let draft = make(two_nations().material(0), &[]);
    let ids: Vec<&str> = draft.claims.iter().map(|claim| claim.id.as_str()).collect();
    let id = |place: &str| format!("social-connection.connections-1.shared-lives.{place}");
    assert_eq!(ids, [id("e92000001"), id("uk"), id("w92000004")]);
    for (claim, n) in draft.claims.iter().zip([120, 240, 120]) {
        let passport: Value = serde_json::from_str(&claim.passport).expect("a passport");
        assert_eq!((&passport["n"], &passport["positive"]), (&json!(n), &json!(n / 2)));
    }
}

#[test]
fn schemes_taking_part_are_named_for_regions_and_above_and_for_everybody_only() {
    let mut world = two_nations();
    world.breakdown = Some(AGES);
    world.councils[0].region = Some("E12000001".to_owned());
    let mut material = world.material(0);
    material.rows.iter_mut().for_each(|row| row.schemes = Some(SchemesCount { taking_part: 3, all: 4 }));
    let draft = make(material, &[]);
    let mut seen = BTreeMap::new();
    for level in ["uk", "nation", "region", "local_authority", "scheme"] {
        for row in rows_of(&draft, level) {
            seen.insert((level, row["group"].is_null()), !row["schemes"].is_null());
        }
    }
    let expected = BTreeMap::from([
        (("uk", true), true),
        (("uk", false), false),
        (("nation", true), true),
        (("nation", false), false),
        (("region", true), true),
        (("region", false), false),
        (("local_authority", true), false),
        (("scheme", true), false),
    ]);
    assert_eq!(seen, expected);
}

#[test]
fn groups_of_means_and_groups_of_councils_are_not_in_a_release() {
    let mut world = two_nations();
    world.breakdown = Some(AGES);
    let plain = make(world.material(0), &[]);
    let mut material = world.material(0);
    let grouped: Vec<Row> = material.rows.iter().filter(|row| row.group.is_some()).cloned().collect();
    for row in grouped {
        // A mean of a group, and the same group of a council.
        let mean =
            Row { positive: None, mean: Some(2.0), indicator: "friends-number".to_owned(), ..row.clone() };
        let of_share = Row { positive: None, mean: Some(2.0), ..row.clone() };
        let mut of_council = row;
        of_council.place.level = Level::LocalAuthority;
        of_council.place.code = "A".to_owned();
        material.rows.extend([mean, of_share, of_council]);
    }
    assert_eq!(make(material, &[]).parts, plain.parts);
    assert_eq!(
        plain.parts.iter().filter(|part| part.cells.contains(&format!("{:?}", "age_band"))).count(),
        2
    );
    assert_eq!(Status::Shown, world.material(0).rows[0].status);
    assert_eq!(rows_of(&plain, "nation")[0]["place"]["code"], ENGLAND);
}
