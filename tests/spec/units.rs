//! The people behind figures, by scheme and council: whatever people answer, their sums are the rows of every place and group.

use std::collections::BTreeMap;

use khi::domain::area::Level;
use khi::domain::counting::Person;
use khi::domain::disclosure::release::UnitCount;
use khi::domain::figures::{FigureQuery, Row, StoredTally, count_units, gather, gather_all};
use khi::domain::period::Period;
use khi::domain::scheme::Scheme;
use proptest::prelude::*;

use crate::counting::random;
use crate::support::{LEEDS, registry, scheme, stored, tallies};

/// Leeds, Barnsley before it got another code, York and Cardiff.
const COUNCILS: [&str; 4] = [LEEDS, "E08000016", "E06000014", "W06000015"];

/// Three schemes, of which the last is for practice.
fn schemes() -> Vec<Scheme> {
    (1..=3)
        .map(|number| {
            let mut one = scheme(registry(), "shared-lives");
            one.number = number;
            one.about.id = format!("scheme-{number}");
            one.about.practice = number == 3;
            one
        })
        .collect()
}

/// The tallies of people who are shared out among the schemes and the councils.
fn stored_of(people: &[Person]) -> Vec<StoredTally> {
    let mut all = Vec::new();
    for number in 1..=3_i64 {
        let is_own = |index: usize| i64::try_from(index % 3).is_ok_and(|rest| rest + 1 == number);
        let own: Vec<Person> =
            people.iter().enumerate().filter(|(index, _)| is_own(*index)).map(|(_, p)| p.clone()).collect();
        let (counted, codebook) = tallies(registry(), &own);
        all.extend(counted.iter().map(|(key, counts)| stored(number, key, counts, &codebook)));
    }
    all
}

/// Everybody at each level of a release, and the groups of each breakdown kept for such periods at the wider ones.
fn asked(period: Period) -> Vec<FigureQuery> {
    let everybody = [Level::Uk, Level::Nation, Level::Region, Level::LocalAuthority, Level::Scheme];
    let mut queries: Vec<FigureQuery> =
        everybody.into_iter().map(|level| FigureQuery::of(vec![period], level)).collect();
    for by in registry().breakdowns.iter().filter(|b| b.periods.contains(&period.kind())) {
        for level in [Level::Uk, Level::Nation, Level::Region] {
            queries.push(FigureQuery { by: Some(by.id.clone()), ..FigureQuery::of(vec![period], level) });
        }
    }
    queries
}

/// Whether the people of a unit are counted in a row.
fn is_in(unit: &UnitCount, row: &Row) -> bool {
    let code = row.place.code.as_str();
    let there = match row.place.level {
        Level::Uk => true,
        Level::Nation => unit.nation == code,
        Level::Region => unit.region.as_deref() == Some(code),
        Level::LocalAuthority => unit.council == code,
        _ => unit.scheme == code,
    };
    let group = row.group.as_ref().and_then(|group| group.iter().next());
    there
        && (&unit.indicator, &unit.series, &unit.model) == (&row.indicator, &row.series, &row.model)
        && unit.group.as_ref().map(|(by, value)| (by, value)) == group
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let histories = prop::collection::vec(random::drawn(0..4), 1..4);
    (histories, prop::collection::vec(0..COUNCILS.len(), 1..9)).prop_map(|(histories, councils)| {
        let mut people: Vec<Person> = histories.iter().flatten().map(|drawn| random::person(drawn)).collect();
        let mut councils = councils.iter().cycle();
        for response in people.iter_mut().flat_map(|person| &mut person.responses) {
            if let Some(council) = councils.next() {
                response.council = COUNCILS[*council].into();
            }
        }
        people
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn units_add_up_to_the_rows_of_every_place_and_group(people in people()) {
        let stored = stored_of(&people);
        let all = schemes();
        let schemes: BTreeMap<i64, &Scheme> =
            all.iter().filter(|s| !s.about.practice).map(|s| (s.number, s)).collect();
        for name in ["2024-25", "2025-26", "12m-2025-Q1", "2025-Q1", "3y-2025-26"] {
            let period: Period = name.parse().expect("a period");
            let rows = gather_all(&asked(period), &stored, registry(), &schemes, "").expect("readable");
            let units = count_units(period, &stored, registry(), &schemes).expect("readable");
            for row in rows.iter().filter(|row| row.positive.is_some()) {
                let own = units.iter().filter(|unit| is_in(unit, row));
                let sums = own.fold((0, 0), |sum, unit| (sum.0 + unit.n, sum.1 + unit.positive));
                prop_assert_eq!((row.n, row.positive), (Some(sums.0), Some(sums.1)), "{:?}", row);
            }
            // And nobody stands in a unit who stands in no row.
            for unit in &units {
                prop_assert!(rows.iter().any(|row| is_in(unit, row)), "{:?}", unit);
            }
        }
    }

    #[test]
    fn several_questions_at_once_have_the_answers_of_each(people in people()) {
        let stored = stored_of(&people);
        let all = schemes();
        let schemes: BTreeMap<i64, &Scheme> = all.iter().map(|s| (s.number, s)).collect();
        for name in ["2024-25", "2025-Q1"] {
            let queries = asked(name.parse().expect("a period"));
            let at_once = gather_all(&queries, &stored, registry(), &schemes, "").expect("readable");
            let mut singly = Vec::new();
            for query in &queries {
                singly.extend(gather(query, &stored, registry(), &schemes, "").expect("readable"));
            }
            let sorted = |mut rows: Vec<Row>| {
                rows.sort_by_key(|row| format!("{row:?}"));
                rows
            };
            prop_assert_eq!(sorted(at_once), sorted(singly));
        }
    }
}

#[test]
fn a_council_that_got_another_code_is_one_place_and_practice_is_in_none() {
    use khi::domain::counting::{CountedResponse, Who};
    use khi::domain::question::Answer;
    let definition = crate::support::version(registry(), "shared-lives", "1.0.0");
    let response = |council: &str, day: &str, said: &str, who: Who| CountedResponse {
        id: "r1".into(),
        revision: 1,
        shared: false,
        definition: definition.clone(),
        completed_on: day.parse().expect("a day"),
        accepted_at: format!("{day}T09:00:00").parse().expect("a time"),
        council: council.into(),
        groups: Vec::new(),
        unit: None,
        is_baseline: false,
        who,
        open: false,
        answers: [("connected".to_owned(), Answer::Choice(said.to_owned()))].into(),
    };
    let one = |response| Person { responses: vec![response], ..Person::default() };
    // The second and the third person are of scheme 2 and of the practice scheme.
    let people = [
        one(response("E08000016", "2025-02-01", "better", Who::Myself)),
        one(response("E08000038", "2025-05-01", "better", Who::Helped)),
        one(response("E08000038", "2025-05-01", "better", Who::Myself)),
        one(response("E08000038", "2025-06-01", "same", Who::HelpedBySupporter)),
        one(response("E08000038", "2025-06-01", "better", Who::Proxy)),
    ];
    let all = schemes();
    let schemes: BTreeMap<i64, &Scheme> = all.iter().map(|s| (s.number, s)).collect();
    let counted = |name: &str| -> Vec<(String, String, i64, i64)> {
        let period = name.parse().expect("a period");
        let units = count_units(period, &stored_of(&people), registry(), &schemes).expect("readable");
        let of = units.into_iter().filter(|unit| unit.indicator == "social-connection");
        of.map(|unit| (unit.scheme, unit.council, unit.n, unit.positive)).collect()
    };
    let unit = |scheme: &str, n, positive| (scheme.to_owned(), "E08000038".to_owned(), n, positive);
    // Somebody else's word is not counted among valid answers.
    assert_eq!(counted("12m-2025-Q2"), [unit("scheme-1", 2, 1), unit("scheme-2", 1, 1)]);
    // At the end of that year Barnsley still had its old code.
    assert_eq!(counted("2024-25"), [("scheme-1".to_owned(), "E08000016".to_owned(), 1, 1)]);
}
