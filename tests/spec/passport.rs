//! Passports: everything a claim is asked for comes from its public row, and what the row hides is said to be hidden.

use std::collections::BTreeMap;

use khi::domain::area::Level;
use khi::domain::definition::Title;
use khi::domain::figures::{Change, Interval, Place, Row, SchemesCount, ShareOf, Spread, Status};
use khi::domain::passport::{NOT_SHOWN, Passport, passports};
use khi::domain::period::Period;

use crate::support::registry;

const PERIOD: Period = Period::Year(2026);

fn counts<const N: usize>(of: [(&str, i64); N]) -> BTreeMap<String, i64> {
    of.into_iter().map(|(code, people)| (code.to_owned(), people)).collect()
}

fn row(level: Level, code: &str, name: &str, positive: i64, n: i64) -> Row {
    let statement =
        format!("{positive} of {n} people said they see other people more because of their support.");
    Row {
        indicator: "social-connection".into(),
        series: "connections/1".into(),
        model: "shared-lives".into(),
        rule: "share".into(),
        period: PERIOD.to_string(),
        place: Place { level, code: code.into(), name: name.into() },
        group: None,
        n: Some(n),
        positive: Some(positive),
        percent: Some(89.9),
        mean: None,
        sd: None,
        interval: Interval::wilson95(positive, n),
        distribution: Some(Spread::Counts(counts([
            ("worse", 120),
            ("same", n - positive - 120),
            ("better", positive),
        ]))),
        left_out: Some(counts([("skipped", 11), ("dont-know", 140), ("proxy", 90), ("incomplete", 0)])),
        completed_by: Some(counts([
            ("self", 2100),
            ("helped", 1500),
            ("helped_by_supporter", 1420),
            ("proxy", 90),
        ])),
        without_supporter: Some(ShareOf::of(3200, 3600)),
        supported: Some(12_000),
        eligible: Some(11_000),
        invited: Some(8_000),
        responded: Some(6_500),
        unfinished: Some(40),
        response_rate: Some(81.3),
        open: Some(25),
        schemes: Some(SchemesCount { taking_part: 131, all: 150 }),
        change: Some(Change {
            pairs: 900,
            improved: Some(300),
            same: 500,
            worse: Some(100),
            lost: 31,
            median_months: Some(12.0),
        }),
        statement: Some(Title([("en".to_owned(), statement)].into())),
        status: Status::Shown,
        periods: None,
        band: None,
        merged_into: None,
        as_of: "2027-05-01T09:00:00.000000Z".into(),
        practice: false,
    }
}

/// A row of the UK with nothing but its share.
pub(crate) fn bare_row(positive: i64, n: i64) -> Row {
    Row {
        distribution: None,
        left_out: None,
        completed_by: None,
        without_supporter: None,
        change: None,
        percent: khi::domain::statistics::percent(positive, n),
        ..row(Level::Uk, "K02000001", "United Kingdom", positive, n)
    }
}

fn uk() -> Row {
    row(Level::Uk, "K02000001", "United Kingdom", 4_513, 5_020)
}

fn answer<'p>(passport: &'p Passport, question: &str) -> &'p str {
    let found = passport.questions.iter().find(|q| q.question.contains(question));
    &found.unwrap_or_else(|| panic!("{question} is not asked")).answer
}

#[test]
fn a_passport_says_what_its_row_says_in_words_that_do_not_say_more() {
    let wales = row(Level::Nation, "W92000004", "Wales", 420, 560);
    let ireland = row(Level::Nation, "N92000002", "Northern Ireland", 130, 200);
    let found = passports(&[ireland, uk(), wales], registry(), PERIOD);
    let ids: Vec<&str> = found.iter().map(|p| p.id.as_str()).collect();
    let id = |place: &str| format!("social-connection.connections-1.shared-lives.{place}");
    assert_eq!(ids, [id("northern-ireland"), id("uk"), id("wales")]);
    let uk = &found[1];
    assert_eq!(
        uk.headline,
        "Nearly 9 in 10 people said they see other people more because of their support."
    );
    assert_eq!((uk.positive, uk.n, uk.percent), (4_513, 5_020, 89.9));
    assert_eq!(uk.period.in_words, "1 April 2026 to 31 March 2027");
    assert_eq!(
        uk.quote,
        "Nearly 9 in 10 people said they see other people more because of their support (89.9%, 4,513 of 5,020 people who answered, 95% \
         interval 89.0% to 90.7%; United Kingdom, Shared Lives, 1 April 2026 to 31 March 2027). Source: Key Human Indicators, \
         social-connection.connections-1.shared-lives.uk."
    );
    let nations: Vec<(&str, f64)> = uk.nations.iter().map(|n| (n.name.as_str(), n.share.percent)).collect();
    assert_eq!(nations, [("Northern Ireland", 65.0), ("Wales", 75.0)]);
    assert!(found[2].nations.is_empty());
    assert!(uk.not_shown.is_empty(), "{:?}", uk.not_shown);
    let people: Vec<(&str, i64)> =
        uk.answers.as_ref().expect("shown").iter().map(|a| (a.code.as_str(), a.people)).collect();
    assert_eq!(people, [("better", 4_513), ("same", 387), ("worse", 120)], "in the order of the question");
}

#[test]
fn each_question_is_answered_from_the_numbers() {
    let found = passports(&[uk()], registry(), PERIOD);
    let uk = &found[0];
    assert!(answer(uk, "How sure").contains("between 89.0% and 90.7%"));
    assert!(answer(uk, "others say").starts_with("507 people gave another answer, and all of them count."));
    assert!(answer(uk, "others say").contains(": 120"));
    assert!(answer(uk, "who answered").contains(
        "12,000 were supported, 11,000 could be asked, 8,000 were asked, 6,500 of those answered. That is a response rate of 81.3%."
    ));
    assert!(answer(uk, "left out").starts_with("241 people who answered the survey are not in the figure."));
    assert!(
        answer(uk, "supporter helped").contains("89.9%")
            && answer(uk, "supporter helped").contains("3,200 of 3,600")
    );
    assert!(answer(uk, "Which schemes").starts_with("131 of 150 schemes of Shared Lives"));
    assert!(answer(uk, "got better").contains("of 300 the answer got better"));
    assert!(answer(uk, "cause").starts_with("No. This is what people say"));
    assert!(answer(uk, "themselves").contains("Somebody else, for the person: 90 (not counted)"));
}

#[test]
fn the_words_that_were_asked_stand_in_it_by_version() {
    let found = passports(&[uk()], registry(), PERIOD);
    let wording = found[0].wording.iter().find(|w| w.questionnaire == "shared-lives").expect("a wording");
    assert!(wording.versions.contains(&"1.0.0".to_owned()) && wording.digests.iter().all(|d| d.len() == 64));
    let asked = &wording.questions[0];
    assert!(asked.words.contains("Shared Lives") && !asked.words.contains('{'), "{}", asked.words);
    let positive: Vec<&str> = asked.answers.iter().filter(|a| a.positive).map(|a| a.code.as_str()).collect();
    assert_eq!(positive, ["better"]);
    assert!(asked.answers.iter().all(|a| a.in_base));
}

#[test]
fn what_a_row_hides_its_passport_says_is_not_shown() {
    let bare = Row {
        distribution: None,
        left_out: None,
        completed_by: None,
        without_supporter: None,
        supported: None,
        eligible: None,
        invited: None,
        responded: None,
        response_rate: None,
        open: None,
        change: None,
        ..uk()
    };
    let found = passports(&[bare], registry(), PERIOD);
    let uk = &found[0];
    let hidden: Vec<&str> = uk.not_shown.iter().map(|h| h.part.as_str()).collect();
    for part in [
        "answers",
        "supported",
        "eligible",
        "invited",
        "responded",
        "completed_by",
        "left_out",
        "without_supporter",
    ] {
        assert!(hidden.contains(&part), "{part} is not among {hidden:?}");
    }
    assert!(uk.not_shown.iter().all(|h| h.words.contains(NOT_SHOWN)));
    for question in ["others say", "who answered", "left out", "themselves", "supporter helped"] {
        assert!(answer(uk, question).contains(NOT_SHOWN), "{question}: {}", answer(uk, question));
    }
}

#[test]
fn only_shown_shares_of_everybody_in_the_uk_and_its_nations_are_claims() {
    let group = Some([("arrangement".to_owned(), "live-in".to_owned())].into());
    let none = [
        row(Level::Region, "E12000002", "North West", 90, 120),
        Row { group, ..uk() },
        Row { status: Status::Suppressed, n: None, positive: None, ..uk() },
        Row { status: Status::Banded, positive: None, ..uk() },
        Row { positive: None, rule: "mean".into(), ..uk() },
        Row { practice: true, ..uk() },
        Row { indicator: "nobody-knows-this".into(), ..uk() },
    ];
    assert!(passports(&none, registry(), PERIOD).is_empty());
}

#[test]
fn the_same_rows_give_the_same_bytes_in_any_order_and_can_be_read_again() {
    let wales = row(Level::Nation, "W92000004", "Wales", 420, 560);
    let one: Vec<_> =
        passports(&[uk(), wales.clone()], registry(), PERIOD).iter().map(Passport::claimed).collect();
    let other: Vec<_> = passports(&[wales, uk()], registry(), PERIOD).iter().map(Passport::claimed).collect();
    assert_eq!(one, other);
    let read: Passport = serde_json::from_str(&one[0].passport).expect("JSON");
    assert_eq!(
        read,
        passports(&[uk()], registry(), PERIOD)
            .into_iter()
            .map(|p| Passport { nations: read.nations.clone(), ..p })
            .next()
            .expect("one")
    );
}
