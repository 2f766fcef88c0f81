//! Definition files: what loads, what is refused and where, and what may change after publication.

mod cases;
mod codes;
mod recordings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use khi::definition_files::{SHIPPED_NAME, read_folder, shipped};
use khi::domain::definition::{FileFault, Lock, Registry, SourceFile};
use proptest::prelude::*;
use serde_json::{Value, json};

use self::cases::Outcome;
use crate::sent;
use crate::support::{garden_files, registry, repository, version};

#[test]
fn a_questionnaire_nobody_has_seen_loads_without_fault() {
    let club = version(registry(), "garden-club", "1.0.0");
    let kinds: BTreeSet<&str> = club.items.iter().map(|i| i.kind.code()).collect();
    let rules: BTreeSet<&str> = club.indicators.iter().map(|e| e.rule.code()).collect();
    assert_eq!(kinds, BTreeSet::from(["single", "multiple", "count", "scale", "text", "note"]));
    assert_eq!(rules, BTreeSet::from(["share", "mean", "sum", "bands", "ratio"]));
    assert_eq!(
        (club.languages.as_slice(), club.renditions.len()),
        (["en".to_owned(), "cy".to_owned()].as_slice(), 2)
    );
    assert!(registry().indicator("garden-spirits").is_some() && registry().indicator("loneliness").is_some());
    assert_eq!(registry().latest("garden-club").map(|d| d.version.to_string()).as_deref(), Some("2.0.0"));
}

#[test]
fn a_minor_version_keeps_every_series_and_a_major_one_keeps_those_it_names() {
    let series = |v: &str| -> BTreeMap<String, String> {
        version(registry(), "garden-club", v)
            .indicators
            .iter()
            .map(|e| (e.indicator.clone(), e.series.clone()))
            .collect()
    };
    let (first, minor, major) = (series("1.0.0"), series("1.1.0"), series("2.0.0"));
    for (indicator, of_first) in &first {
        let expected = match indicator.as_str() {
            "social-connection" => "connections/1",
            "garden-pleasure" | "garden-calm-bands" => "garden-pleasure/1",
            _ => "garden-club/1",
        };
        assert_eq!(of_first, expected, "{indicator}");
        assert_eq!(&minor[indicator], expected, "{indicator}");
        // What is made from the question that now asks about a month begins anew.
        let anew = ["garden-visits", "garden-visits-number", "garden-visits-often", "garden-times"]
            .contains(&indicator.as_str());
        assert_eq!(major[indicator], if anew { "garden-club/2" } else { expected }, "{indicator}");
    }
    assert_eq!(minor["garden-neighbours"], "garden-club/1");
    assert_eq!(major["garden-neighbours"], "garden-club/1");
}

#[test]
fn every_broken_file_is_refused_with_exactly_these_places_and_rules() {
    let outcomes = outcomes();
    assert!(outcomes.len() >= 40, "only {} cases", outcomes.len());
    let wrong: Vec<String> = outcomes
        .iter()
        .filter(|o| o.expected != o.found || o.expected.is_empty())
        .map(|o| {
            format!(
                "{}\n  expected {:?}\n  found    {}",
                o.name,
                o.expected,
                o.messages.join("\n           ")
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_fault_code_of_the_domain_has_a_case() {
    // Remarks, and what is said of locked files, have tests of their own below.
    let of_locks = ["not-in-lock", "not-reviewed", "not-tested", "published-changed", "published-missing"];
    let mut produced: BTreeSet<String> = of_locks.into_iter().map(str::to_owned).collect();
    produced.extend(outcomes().iter().flat_map(|o| &o.found).map(|(_, _, code)| code.clone()));
    produced.extend(sent::codes());
    produced.extend(crate::passwords::codes());
    let in_source = codes::in_source();
    let without: Vec<_> = in_source.iter().filter(|(code, _)| !produced.contains(*code)).collect();
    assert!(without.is_empty(), "no case for: {without:?}");
    let unread: Vec<&String> = produced.iter().filter(|code| !in_source.contains_key(*code)).collect();
    assert!(unread.is_empty(), "given, and not found by reading the source: {unread:?}");
}

#[test]
fn a_file_that_is_not_utf_8_is_refused() {
    let mut sources = [shipped(), garden_files()].concat();
    let file = find(&mut sources, "questionnaires/garden-club/2.0.0.json");
    file.bytes[40] = 0xff;
    let faults = Registry::load(&sources).faults;
    // The lock misses it too, since it can no longer be read.
    assert_eq!(codes_in(&faults, "garden-club/2.0.0.json"), ["published-missing", "syntax"]);
    assert!(faults.iter().any(|f| f.fault.detail.contains("Not UTF-8 text, from byte 40")), "{faults:?}");
}

#[test]
fn whatever_bytes_a_file_holds_loading_ends_with_a_fault() {
    let nested = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for text in ["null", "7", "\"text\"", "[[]]", "{}", "\u{feff}{}", "{\"items\": 1e400}", nested.as_str()] {
        for path in [
            "questionnaires/garden-club/1.0.0.json",
            "instruments/garden-pleasure/1.0.0.json",
            "indicators.json",
            "breakdowns.json",
        ] {
            let mut sources = [shipped(), garden_files()].concat();
            find_last(&mut sources, path).bytes = text.as_bytes().to_vec();
            let loaded = Registry::load(&sources);
            assert!(
                loaded.faults.iter().any(|f| f.file.ends_with(path)),
                "{path}: {}",
                &text[..text.len().min(20)]
            );
        }
    }
}

#[test]
fn a_rule_over_very_many_items_is_refused_and_does_not_overflow() {
    let mut sources = [shipped(), garden_files()].concat();
    sources.retain(|s| {
        !s.path.starts_with("questionnaires/garden-club/") && s.path != "published.lock" || s.shipped
    });
    let mut file: Value =
        serde_json::from_slice(&find(&mut garden_files(), "questionnaires/garden-club/1.0.0.json").bytes)
            .expect("JSON");
    let steady = file["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|i| i["id"] == "steady")
        .expect("steady")
        .clone();
    let ids: Vec<String> = (0..70).map(|n| format!("many-{n}")).collect();
    for id in &ids {
        let mut item = steady.clone();
        item["id"] = id.as_str().into();
        file["items"].as_array_mut().expect("items").push(item);
    }
    file["indicators"] = json!([{"indicator": "garden-spirits", "rule": "sum", "items": ids, "min_answered": 1, "proxy": "exclude"}]);
    let bytes = serde_json::to_vec(&file).expect("JSON");
    let folder = find(&mut sources, "audio/manifest.json").folder.clone();
    sources.push(SourceFile {
        folder,
        path: "questionnaires/garden-club/1.0.0.json".into(),
        bytes,
        shipped: false,
    });
    let faults = Registry::load(&sources).faults;
    assert_eq!(codes_in(&faults, "garden-club/1.0.0.json"), ["too-fine"], "{faults:?}");
}

#[test]
fn the_lock_of_the_garden_club_matches_and_nothing_is_left_to_remark() {
    let loaded = Registry::load(&[shipped(), garden_files()].concat());
    assert_eq!(loaded.faults, []);
    let remarks: Vec<&FileFault> = loaded.remarks.iter().filter(|r| r.file.contains("garden")).collect();
    assert!(remarks.is_empty(), "{remarks:?}");
}

#[test]
fn editing_a_published_file_is_named() {
    for (path, old, new) in [
        ("questionnaires/garden-club/1.0.0.json", "A garden gate", "The garden gate"),
        ("questionnaires/garden-club/1.0.0.json", "\"version\": \"1.0.0\",\n", "\"version\": \"1.0.0\", \n"),
        ("instruments/garden-pleasure/1.0.0.json", "\"topic\": \"calm\"", "\"topic\": \"peace\""),
    ] {
        let mut sources = [shipped(), garden_files()].concat();
        replace(find(&mut sources, path), old, new);
        let faults = Registry::load(&sources).faults;
        assert_eq!(codes_in(&faults, path), ["published-changed"], "{path}");
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
}

#[test]
fn a_published_file_that_is_gone_or_a_draft_again_is_named() {
    let path = "questionnaires/garden-club/2.0.0.json";
    let mut sources = [shipped(), garden_files()].concat();
    sources.retain(|s| s.path != path);
    let faults = Registry::load(&sources).faults;
    assert_eq!((codes_in(&faults, path), faults.len()), (vec!["published-missing"], 1), "{faults:?}");

    let mut sources = [shipped(), garden_files()].concat();
    replace(find(&mut sources, path), "\"status\": \"published\"", "\"status\": \"draft\"");
    assert_eq!(codes_in(&Registry::load(&sources).faults, path), ["published-missing"]);
}

#[test]
fn retiring_a_version_is_no_change_of_it_however_the_file_is_spaced() {
    for (published, retired) in [
        ("\"status\": \"published\"", "\"status\": \"retired\""),
        ("\"status\":\"published\"", "\"status\":\"retired\""),
        ("\"status\" :\n \"published\"", "\"status\" :\n \"retired\""),
    ] {
        let path = "questionnaires/garden-club/1.0.0.json";
        let mut sources = [shipped(), garden_files()].concat();
        replace(find(&mut sources, path), "\"status\": \"published\"", published);
        let folder = find(&mut sources, path).folder.clone();
        find_last(&mut sources, "published.lock").bytes = Vec::new();
        let lock = Registry::load(&sources).locks[&folder].to_text();
        find_last(&mut sources, "published.lock").bytes = lock.into_bytes();
        replace(find(&mut sources, path), published, retired);
        let loaded = Registry::load(&sources);
        assert_eq!(loaded.faults, [], "{retired}");
        let latest = loaded.registry.versions("garden-club").next().map(|d| d.takes_responses());
        assert_eq!(latest, Some(true), "late responses to a retired version are still accepted");
    }
}

#[test]
fn a_newly_published_version_is_a_remark_until_it_is_locked() {
    let path = "questionnaires/garden-club/2.0.0.json";
    let mut sources = [shipped(), garden_files()].concat();
    let lock = find_last(&mut sources, "published.lock");
    let all = String::from_utf8(lock.bytes.clone()).expect("UTF-8");
    lock.bytes =
        all.lines().filter(|l| !l.ends_with(path)).map(|l| format!("{l}\n")).collect::<String>().into_bytes();
    let folder = lock.folder.clone();
    let loaded = Registry::load(&sources);
    assert_eq!(loaded.faults, []);
    assert_eq!(codes_in(&loaded.remarks, path), ["not-in-lock"]);
    assert_eq!(loaded.locks[&folder].to_text(), all, "`khi check --lock` would write the whole lock");
}

#[test]
fn unreviewed_translations_and_untested_renditions_are_remarked() {
    let mut sources = [shipped(), garden_files()].concat();
    let path = "questionnaires/garden-club/1.0.0.json";
    replace(find(&mut sources, path), "\"reviewed\": true", "\"reviewed\": false");
    replace(find(&mut sources, path), "\"tested_with\":", "\"x-tested_with\":");
    assert_eq!(codes_in(&Registry::load(&sources).remarks, path), ["not-reviewed", "not-tested"]);
}

#[test]
fn the_shipped_definitions_have_no_fault_and_are_all_locked() {
    let loaded = Registry::load(&shipped());
    assert_eq!(loaded.faults, []);
    let unlocked: Vec<&FileFault> = loaded.remarks.iter().filter(|r| r.fault.code == "not-in-lock").collect();
    assert!(unlocked.is_empty(), "run `cargo run -- check --lock`: {unlocked:?}");
    let on_disk = read_folder(&repository(SHIPPED_NAME), true).expect("survey-definitions");
    let lock = on_disk.iter().find(|s| s.path == "published.lock").expect("published.lock");
    assert_eq!(Lock::parse(&String::from_utf8_lossy(&lock.bytes)).0, loaded.locks[SHIPPED_NAME]);
    assert!(loaded.registry.published().count() >= 7);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_anywhere_in_a_file_loading_does_not_panic(file in 0..4_usize, place in any::<prop::sample::Index>(), junk in 0..12_usize) {
        let path = ["questionnaires/garden-club/1.0.0.json", "instruments/garden-pleasure/1.0.0.json", "indicators.json", "breakdowns.json"][file];
        let junk = [
            json!(null), json!(true), json!(i64::MIN), json!(i64::MAX), json!(u64::MAX), json!(-0.5), json!(""), json!("{"), json!([]), json!({}),
            json!([null, [], {}]), json!({"standard": {"en": "{"}}),
        ][junk].clone();
        let mut sources = garden_files();
        let source = find(&mut sources, path);
        let mut value: Value = serde_json::from_slice(&source.bytes).expect("JSON");
        let mut pointers = Vec::new();
        pointers_of(&value, String::new(), &mut pointers);
        let pointer = place.get(&pointers);
        *value.pointer_mut(pointer).expect("a place") = junk;
        source.bytes = serde_json::to_vec(&value).expect("JSON");
        let loaded = Registry::load(&[shipped(), sources].concat());
        let locked = path.contains('/');
        prop_assert!(!locked || loaded.faults.iter().any(|f| f.file.ends_with(path)), "{pointer}: the lock sees it");
    }
}

/// The pointer of every value inside `value`.
fn pointers_of(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, inner)| pointers_of(inner, format!("{at}/{index}"), found)),
        Value::Object(map) => {
            map.iter().for_each(|(key, inner)| pointers_of(inner, format!("{at}/{key}"), found))
        }
        _ => {}
    }
    found.push(at);
}

/// Every broken file, loaded once for all tests.
fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| cases::all().iter().map(cases::Case::run).collect())
}

fn codes_in<'f>(faults: &'f [FileFault], path: &str) -> Vec<&'f str> {
    faults.iter().filter(|f| f.file.ends_with(path)).map(|f| f.fault.code).collect()
}

fn find<'s>(sources: &'s mut [SourceFile], path: &str) -> &'s mut SourceFile {
    sources.iter_mut().find(|s| s.path == path).unwrap_or_else(|| panic!("no file {path}"))
}

/// The last file of this path: the garden club's, where it is shipped as well.
fn find_last<'s>(sources: &'s mut [SourceFile], path: &str) -> &'s mut SourceFile {
    sources.iter_mut().rev().find(|s| s.path == path).unwrap_or_else(|| panic!("no file {path}"))
}

fn replace(file: &mut SourceFile, old: &str, new: &str) {
    let text = String::from_utf8(file.bytes.clone()).expect("UTF-8");
    assert_eq!(text.matches(old).count(), 1, "{}: {old}", file.path);
    file.bytes = text.replacen(old, new, 1).into_bytes();
}
