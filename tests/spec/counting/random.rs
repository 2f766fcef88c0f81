//! Counting of random histories: what must hold whatever people answer, in whatever order it arrives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveTime};
use khi::domain::counting::{Codebook, CountedResponse, Counts, Person, TallyKey, Who};
use khi::domain::definition::Definition;
use khi::domain::period::Period;
use khi::domain::question::{Answer, Item, Kind, Missing};
use khi::domain::routing::{Answers, is_asked};
use proptest::prelude::*;

use crate::support::{BRADFORD, LEEDS, registry, tallies, version};

/// Which version, which day, what time, who, where, and a number from which the answers are drawn.
pub(crate) type Drawn = (usize, u64, u32, usize, bool, bool, bool, u64);

/// Garden club 1.0.0 and 1.1.0 (one series), 2.0.0 (the newest, which keeps some of it), and Shared Lives.
fn versions() -> [Arc<Definition>; 4] {
    [("garden-club", "1.0.0"), ("garden-club", "1.1.0"), ("garden-club", "2.0.0"), ("shared-lives", "1.0.0")]
        .map(|(id, v)| version(registry(), id, v))
}

/// Random histories of some people, of these of the versions.
pub(crate) fn drawn(versions: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<Drawn>>> {
    let response = (
        versions,
        0..900_u64,
        0..3_u32,
        0..4_usize,
        any::<bool>(),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.2),
        any::<u64>(),
    );
    prop::collection::vec(prop::collection::vec(response, 0..8), 1..5)
}

pub(crate) fn person(drawn: &[Drawn]) -> Person {
    let responses = drawn.iter().enumerate().map(|(index, of)| response(index, of)).collect();
    Person { responses, ..Person::default() }
}

fn response(
    index: usize,
    &(which, day, hour, who, leeds, open, is_baseline, seed): &Drawn,
) -> CountedResponse {
    let first = NaiveDate::from_ymd_opt(2024, 2, 1).expect("a day");
    let definition = versions()[which].clone();
    let mut draw = seed;
    let plot = ["own", "shared", "none"][usize::try_from(seed % 3).expect("small")];
    let about = BTreeMap::from([("plot".to_owned(), vec![plot.to_owned()])]);
    let mut answers = Answers::new();
    for item in definition.items.iter().filter(|i| i.is_question()) {
        let asked = is_asked(item, &answers, &about) && (who != Who::Proxy as usize || item.proxy_allowed);
        let answer =
            if asked { answer(item, &mut draw) } else { Answer::Missing { missing: Missing::NotAsked } };
        answers.insert(item.id.clone(), answer);
    }
    let completed_on = first + Days::new(day);
    CountedResponse {
        id: format!("r{index}"),
        revision: 1,
        shared: false,
        definition,
        completed_on,
        accepted_at: completed_on.and_time(NaiveTime::from_hms_opt(9 + hour, 0, 0).expect("a time")),
        council: if leeds { LEEDS } else { BRADFORD }.into(),
        groups: vec![("plot".to_owned(), plot.to_owned())],
        unit: None,
        is_baseline,
        who: Who::ALL[who],
        open,
        answers,
    }
}

/// The next number below `limit`.
fn next(draw: &mut u64, limit: usize) -> usize {
    *draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from((*draw >> 33) % u64::try_from(limit).expect("small")).expect("small")
}

fn answer(item: &Item, draw: &mut u64) -> Answer {
    if next(draw, 4) == 0 {
        return Answer::Missing { missing: Missing::ALL[next(draw, 5)] };
    }
    match &item.kind {
        Kind::Single(single) => Answer::Choice(single.options[next(draw, single.options.len())].code.clone()),
        Kind::Multiple(multiple) => {
            Answer::Choices(vec![multiple.options[next(draw, multiple.options.len())].code.clone()])
        }
        Kind::Count(range) | Kind::Scale(range) => {
            let span = usize::try_from(range.max - range.min + 1).expect("a range");
            Answer::Number(range.min + i64::try_from(next(draw, span)).expect("small"))
        }
        Kind::Text | Kind::Note => Answer::Words { words: "words".to_owned() },
    }
}

/// Counts by key, and by name: numbers of counters depend on the order in which they are met.
fn named(people: &[Person]) -> BTreeMap<TallyKey, BTreeMap<(Who, String, String), i64>> {
    let (tallies, codebook) = tallies(registry(), people);
    tallies.into_iter().map(|(key, counts)| (key, by_name(&counts, &codebook))).collect()
}

fn by_name(counts: &Counts, codebook: &Codebook) -> BTreeMap<(Who, String, String), i64> {
    let name = |slot| {
        let (who, indicator, counter) = codebook.name(slot);
        (who, indicator.to_owned(), counter.to_owned())
    };
    counts.entries().map(|(slot, count)| (name(slot), count)).collect()
}

/// The sum of the counters of `indicator` that `wanted` takes.
fn sum(counts: &BTreeMap<(Who, String, String), i64>, indicator: &str, wanted: impl Fn(&str) -> bool) -> i64 {
    counts
        .iter()
        .filter(|((_, of, counter), _)| of == indicator && wanted(counter))
        .map(|(_, count)| count)
        .sum()
}

/// The slow way to say who stands where: every person, period and series by itself.
fn standing<'p>(people: &'p [Person], key: &TallyKey) -> Vec<&'p CountedResponse> {
    let period: Period = key.period.expect("a period");
    let makes = |r: &&CountedResponse| {
        *r.definition.id == *key.questionnaire
            && r.definition.indicators.iter().any(|e| e.series == *key.series)
    };
    let days = period.first_day()..=period.last_day();
    let last = people.iter().filter_map(|person| {
        let inside = person.responses.iter().filter(makes).filter(|r| days.contains(&r.completed_on));
        inside.max_by_key(|r| (r.completed_on, r.accepted_at, r.id.clone()))
    });
    let grouped = |r: &CountedResponse| {
        key.group.is_empty() || r.groups.iter().any(|(b, v)| format!("{b}={v}") == *key.group)
    };
    last.filter(|r| r.council == key.council && grouped(r)).collect()
}

/// Every tally that could be there: both councils, every period that holds an answer, every series.
fn possible(people: &[Person]) -> BTreeSet<TallyKey> {
    let mut keys = BTreeSet::new();
    for response in people.iter().flat_map(|p| &p.responses) {
        for (series, period) in response
            .definition
            .indicators
            .iter()
            .flat_map(|e| Period::holding(response.completed_on).map(|p| (&e.series, p)))
        {
            keys.extend([LEEDS, BRADFORD].map(|council| TallyKey {
                council: council.into(),
                questionnaire: response.definition.id.as_str().into(),
                series: series.as_str().into(),
                period: Some(period),
                group: "".into(),
            }));
        }
    }
    keys
}

fn check(people: &[Person]) -> Result<(), TestCaseError> {
    let all = named(people);
    for key in possible(people) {
        prop_assert_eq!(all.contains_key(&key), !standing(people, &key).is_empty(), "{:?}", key);
    }
    for (key, counts) in all {
        let standing = standing(people, &key);
        let of_all = sum(&counts, "", |c| c == "standing");
        prop_assert_eq!(of_all, i64::try_from(standing.len()).expect("few"), "{:?}", key);
        let open = i64::try_from(standing.iter().filter(|r| r.open).count()).expect("few");
        prop_assert_eq!(sum(&counts, "", |c| c == "open"), open, "{:?}", key);
        for indicator in
            standing.iter().flat_map(|r| &r.definition.indicators).filter(|e| *e.series == *key.series)
        {
            let id = indicator.indicator.as_str();
            // People whose standing response is of a version that makes the indicator: all, where all versions do.
            let makes = |r: &&&CountedResponse| {
                r.definition.indicators.iter().any(|e| e.indicator == id && *e.series == *key.series)
            };
            let asked = i64::try_from(standing.iter().filter(makes).count()).expect("few");
            let n = sum(&counts, id, |c| c == "n");
            prop_assert_eq!(n + sum(&counts, id, |c| c.starts_with("x:")), asked, "{} in {:?}", id, key);
            let spread = sum(&counts, id, |c| c.starts_with("d:"));
            prop_assert!(spread == n || spread == 0, "{id} in {key:?}");
            prop_assert!(sum(&counts, id, |c| c == "p") <= n, "{id} in {key:?}");
            let moved = sum(&counts, id, |c| ["c+", "c=", "c-", "cc"].contains(&c));
            prop_assert!(moved == sum(&counts, id, |c| c.starts_with("m:")) && moved <= n, "{id} in {key:?}");
            prop_assert!(
                sum(&counts, id, |c| c == "cl") <= asked - n,
                "lost are among those left out: {id} in {key:?}"
            );
            prop_assert!(
                counts.iter().all(|((_, _, counter), count)| *count > 0 || counter.starts_with("s/")),
                "{key:?}"
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_and_left_out_come_to_everybody_with_a_standing_response(histories in drawn(0..4)) {
        check(&histories.iter().map(|h| person(h)).collect::<Vec<_>>())?;
    }

    #[test]
    fn of_the_newest_version_alone_everybody_is_valid_or_left_out(histories in drawn(2..3)) {
        let people: Vec<Person> = histories.iter().map(|h| person(h)).collect();
        check(&people)?;
        for (key, counts) in named(&people) {
            for entry in versions()[2].indicators.iter().filter(|e| *e.series == *key.series) {
                let all = sum(&counts, &entry.indicator, |c| c == "n" || c.starts_with("x:"));
                prop_assert_eq!(all, sum(&counts, "", |c| c == "standing"), "{} in {:?}", entry.indicator, key);
            }
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(histories in drawn(0..4), turn in 0..8_usize) {
        let people: Vec<Person> = histories.iter().map(|h| person(h)).collect();
        let mut turned = people.clone();
        for person in &mut turned {
            person.responses.reverse();
            let by = turn % person.responses.len().max(1);
            person.responses.rotate_left(by);
        }
        turned.reverse();
        prop_assert_eq!(named(&people), named(&turned));
    }

    #[test]
    fn people_add_up(histories in drawn(0..4)) {
        let people: Vec<Person> = histories.iter().map(|h| person(h)).collect();
        let mut added: BTreeMap<TallyKey, BTreeMap<(Who, String, String), i64>> = BTreeMap::new();
        for one in &people {
            for (key, counts) in named(std::slice::from_ref(one)) {
                for (name, count) in counts {
                    *added.entry(key.clone()).or_default().entry(name).or_default() += count;
                }
            }
        }
        added.values_mut().for_each(|counts| counts.retain(|_, count| *count != 0));
        prop_assert_eq!(added, named(&people));
    }
}
