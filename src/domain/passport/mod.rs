//! The passport of a claim: everything that somebody who reads “nearly 9 in 10” may ask of it, made from the public rows of a release and
//! from nothing else. What a row hides, its passport says is not shown.

mod document;
mod questions;
mod wording;
mod words;

use std::collections::BTreeMap;

use super::area::Level;
use super::definition::{Registry, digest};
use super::figures::{Interval, Row, Spread, Status};
use super::period::Period;
use super::statistics::percent;
use wording::entries;

pub use document::{
    Asked, Counted, Hidden, NOT_SHOWN, OfPlace, Passport, Question, Share, Span, Taking, Where,
};
pub use wording::{AskedAs, Offered, Wording, wordings};
pub use words::{Tenths, capital, headline, in_words};

/// The passports of every share of everybody in the UK and its nations that `cells`, the public rows of a release, show. By id.
pub fn passports(cells: &[Row], registry: &Registry, period: Period) -> Vec<Passport> {
    let claims: Vec<&Row> = cells.iter().filter(|row| is_claim(row)).collect();
    let mut all: Vec<Passport> =
        claims.iter().filter_map(|row| passport(row, &claims, registry, period)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn is_claim(row: &Row) -> bool {
    matches!(row.place.level, Level::Uk | Level::Nation)
        && row.group.is_none()
        && !row.practice
        && matches!(row.status, Status::Shown | Status::Pooled)
        && row.positive.is_some()
        && row.n.is_some_and(|n| n > 0)
}

/// The id of the claim of a figure: `social-connection.connections-1.shared-lives.uk`. A nation is named.
pub fn claim_id(indicator: &str, series: &str, model: &str, level: Level, place: &str) -> String {
    let place = match level {
        Level::Uk => "uk".to_owned(),
        _ => place.replace(' ', "-"),
    };
    format!("{indicator}.{}.{model}.{place}", series.replace('/', "-")).to_lowercase()
}

fn id_of(row: &Row) -> String {
    claim_id(&row.indicator, &row.series, &row.model, row.place.level, &row.place.name)
}

fn passport(row: &Row, claims: &[&Row], registry: &Registry, period: Period) -> Option<Passport> {
    let indicator = registry.indicator(&row.indicator)?;
    let (n, positive) = (row.n?, row.positive?);
    let words = in_words(positive, n);
    let statement = row.statement.as_ref().map(|title| title.0.clone()).unwrap_or_default();
    let said = statement.get("en").map_or("", String::as_str);
    let tracks_change =
        entries(registry, &row.model, &row.indicator, &row.series).any(|(_, entry)| entry.change);
    let mut passport = Passport {
        id: id_of(row),
        indicator: row.indicator.clone(),
        title: indicator.title.get("en").to_owned(),
        series: row.series.clone(),
        model: row.model.clone(),
        statistic: indicator.statistic.code().to_owned(),
        headline: headline(indicator.statement.get("en"), said, &words),
        in_words: words,
        period: Span::of(period),
        pooled: row.periods.clone().unwrap_or_default(),
        place: Where {
            level: row.place.level.code().to_owned(),
            code: row.place.code.clone(),
            name: row.place.name.clone(),
        },
        schemes: row.schemes.map(|s| Taking { part: s.taking_part, all: s.all }),
        positive,
        n,
        percent: percent(positive, n)?,
        interval: Interval::wilson95(positive, n),
        wording: wordings(registry, &row.model, &row.indicator, &row.series),
        asked: Asked {
            supported: row.supported,
            eligible: row.eligible,
            invited: row.invited,
            responded: row.responded,
            unfinished: row.unfinished,
            response_rate: row.response_rate,
            open: row.open,
        },
        completed_by: row.completed_by.as_ref().map(|by| counted(by, &WHO)),
        left_out: row.left_out.as_ref().map(|by| counted(by, &REASONS)),
        without_supporter: row.without_supporter.as_ref().and_then(|s| Share::of(s.positive, s.n)),
        change: row.change.clone(),
        nations: nations(row, claims),
        as_of: row.as_of.clone(),
        made_with: format!("khi {}", env!("CARGO_PKG_VERSION")),
        digest: digest(&serde_json::to_vec(row).unwrap_or_default()),
        statement,
        ..Passport::default()
    };
    passport.answers = answers(row, &passport.wording);
    passport.not_shown = hidden(&passport, tracks_change);
    passport.cautions = questions::cautions(indicator.statistic);
    passport.questions = questions::questions(&passport);
    passport.quote = questions::quote(&passport);
    Some(passport)
}

/// The rows of the same claim in the nations, for the UK's own.
fn nations(row: &Row, claims: &[&Row]) -> Vec<OfPlace> {
    let same = |other: &&&Row| {
        row.place.level == Level::Uk
            && other.place.level == Level::Nation
            && (&other.indicator, &other.series, &other.model) == (&row.indicator, &row.series, &row.model)
    };
    let of = |other: &&Row| {
        let share = Share::of(other.positive?, other.n?)?;
        Some(OfPlace { id: id_of(other), name: other.place.name.clone(), share })
    };
    let mut found: Vec<OfPlace> = claims.iter().filter(same).filter_map(of).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// People by answer, in the order in which the question offers them.
fn answers(row: &Row, wording: &[Wording]) -> Option<Vec<Counted>> {
    let Spread::Counts(counts) = row.distribution.as_ref()? else { return None };
    let offered = wording.last().and_then(|w| w.questions.first()).map_or(&[][..], |q| q.answers.as_slice());
    let place = |code: &str| offered.iter().position(|o| o.code == code).unwrap_or(offered.len());
    let name = |code: &str| match offered.iter().find(|o| o.code == code) {
        Some(answer) => answer.words.trim_end_matches('.').to_owned(),
        None => named(code, &REASONS),
    };
    let mut all: Vec<Counted> = counts
        .iter()
        .map(|(code, people)| Counted { code: code.clone(), words: name(code), people: *people })
        .collect();
    all.sort_by_key(|c| (place(&c.code), c.code.clone()));
    Some(all)
}

/// Who gave an answer, in this order.
const WHO: [(&str, &str); 4] = [
    ("self", "The person, alone"),
    ("helped", "The person, with help from somebody who does not give their support"),
    ("helped_by_supporter", "The person, with help from somebody who gives their support"),
    ("proxy", "Somebody else, for the person"),
];

/// Why an answer is not in the base, in this order.
const REASONS: [(&str, &str); 10] = [
    ("dont-know", "Did not know"),
    ("prefer-not-to-say", "Did not want to say"),
    ("skipped", "Left the question out"),
    ("not-applicable", "It did not apply to them"),
    ("not-asked", "Were not asked this question"),
    ("unreadable", "Could not be read on paper"),
    ("proxy", "Somebody else answered for them"),
    ("incomplete", "Answered too few of several questions"),
    ("several-reasons", "One of several reasons"),
    ("outside-base", "Gave an answer that does not count here"),
];

fn named(code: &str, names: &[(&str, &str)]) -> String {
    names.iter().find(|(known, _)| *known == code).map_or(code, |(_, words)| words).to_owned()
}

/// Counts with their words, in the order of `names`; what has no name there comes last.
fn counted(counts: &BTreeMap<String, i64>, names: &[(&str, &str)]) -> Vec<Counted> {
    let place = |code: &str| names.iter().position(|(known, _)| *known == code).unwrap_or(names.len());
    let mut all: Vec<Counted> = counts
        .iter()
        .map(|(code, people)| Counted { code: code.clone(), words: named(code, names), people: *people })
        .collect();
    all.sort_by_key(|c| (place(&c.code), c.code.clone()));
    all
}

/// The parts that the row hides. What does not apply (a rate where nobody was invited) is not among them.
fn hidden(passport: &Passport, tracks_change: bool) -> Vec<Hidden> {
    let asked = &passport.asked;
    let from_one_question = passport.wording.iter().any(|w| w.questions.len() == 1);
    let parts = [
        ("answers", "How many gave each answer", passport.answers.is_none() && from_one_question),
        ("supported", "How many people were supported", asked.supported.is_none()),
        ("eligible", "How many could be asked", asked.eligible.is_none()),
        ("invited", "How many were asked", asked.invited.is_none()),
        ("responded", "How many of those answered", asked.responded.is_none()),
        ("open", "How many answered without being invited", asked.open.is_none()),
        ("completed_by", "Who gave the answers", passport.completed_by.is_none()),
        ("left_out", "How many answers were left out, and why", passport.left_out.is_none()),
        (
            "without_supporter",
            "The figure without answers that a supporter helped with",
            passport.without_supporter.is_none(),
        ),
        ("change", "How people's own answers changed", passport.change.is_none() && tracks_change),
        ("schemes", "How many schemes take part", passport.schemes.is_none()),
    ];
    let hidden = |(part, what, _): &(&str, &str, bool)| Hidden {
        part: (*part).to_owned(),
        words: format!("{what}: {NOT_SHOWN}."),
    };
    parts.iter().filter(|(_, _, is_hidden)| *is_hidden).map(hidden).collect()
}
