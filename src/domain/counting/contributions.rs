//! The one pure function that counts: everything one person adds to every tally.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::person::{CountedResponse, Person};
use super::tally::{Codebook, Slot, TallyKey, Who};
use super::{CountingRules, group};
use crate::domain::definition::{Direction, IndicatorEntry, Registry, Rule};
use crate::domain::participant::{Enrolment, Invitation};
use crate::domain::period::{Period, Quarter};
use crate::domain::scoring::{LeftOut, Outcome, scale, score};

/// What a person adds to one tally. The counts are shared: a standing response adds the same to each of its tallies.
pub type Contribution = (TallyKey, Rc<[(Slot, i64)]>);

/// Everything `person` adds to every tally of the scheme.
pub fn contributions(
    person: &Person,
    registry: &Registry,
    rules: &CountingRules,
    codebook: &mut Codebook,
) -> Vec<Contribution> {
    let mut found = Vec::new();
    if let Some(enrolment) = &person.enrolment {
        found.push(count_enrolment(enrolment, codebook));
    }
    let mut responses: Vec<&CountedResponse> = person.responses.iter().collect();
    responses.sort_by(|a, b| order(a).cmp(&order(b)));
    count_invitations(&person.invitations, &responses, codebook, &mut found);

    let mut by_series: BTreeMap<(&str, &str), Vec<&CountedResponse>> = BTreeMap::new();
    for response in responses {
        let mut series: Vec<&str> =
            response.definition.indicators.iter().map(|e| e.series.as_str()).collect();
        series.sort_unstable();
        series.dedup();
        for series in series {
            by_series.entry((&response.definition.id, series)).or_default().push(response);
        }
    }
    for ((questionnaire, series), responses) in by_series {
        let keys = Keys { questionnaire: questionnaire.into(), series: series.into() };
        count_series(&keys, &responses, registry, rules, codebook, &mut found);
    }
    found
}

/// What stands last counts: by day, then by when it was accepted, then by id.
pub(super) fn order(response: &CountedResponse) -> (NaiveDate, chrono::NaiveDateTime, &str) {
    (response.completed_on, response.accepted_at, &response.id)
}

struct Keys {
    questionnaire: Arc<str>,
    series: Arc<str>,
}

impl Keys {
    fn key(&self, council: &Arc<str>, period: Period, group: Arc<str>) -> TallyKey {
        TallyKey {
            council: council.clone(),
            questionnaire: self.questionnaire.clone(),
            series: self.series.clone(),
            period: Some(period),
            group,
        }
    }
}

/// Counts one series: `responses` in standing order.
fn count_series(
    keys: &Keys,
    responses: &[&CountedResponse],
    registry: &Registry,
    rules: &CountingRules,
    codebook: &mut Codebook,
    found: &mut Vec<Contribution>,
) {
    let mut standing: BTreeMap<Period, usize> = BTreeMap::new();
    for (index, response) in responses.iter().enumerate() {
        for period in Period::holding(response.completed_on) {
            standing.insert(period, index); // later ones stand
        }
    }
    let everybody: Arc<str> = "".into();
    let mut counted: BTreeMap<usize, Rc<[(Slot, i64)]>> = BTreeMap::new();
    for (period, index) in standing {
        let response = responses[index];
        let counts = counted
            .entry(index)
            .or_insert_with(|| count_response(keys, index, responses, registry, codebook).into());
        found.push((keys.key(&response.council, period, everybody.clone()), counts.clone()));
        if let Some(unit) = &response.unit {
            found.push((keys.key(&response.council, period, group("unit", unit)), counts.clone()));
        }
        for (breakdown, value) in response.groups.iter().filter(|(b, _)| rules.keeps(b, period.kind())) {
            found.push((keys.key(&response.council, period, group(breakdown, value)), counts.clone()));
        }
    }
}

/// What the standing response `index` of one series adds to each tally it is counted in.
fn count_response(
    keys: &Keys,
    index: usize,
    responses: &[&CountedResponse],
    registry: &Registry,
    codebook: &mut Codebook,
) -> Vec<(Slot, i64)> {
    let response = responses[index];
    let who = response.who;
    let mut counts = vec![(codebook.slot(who, "", "standing"), 1)];
    if response.open {
        counts.push((codebook.slot(who, "", "open"), 1));
    }
    for entry in response.definition.indicators.iter().filter(|e| *e.series == *keys.series) {
        let outcome = outcome(entry, response);
        let mut add = |counter: &str, count: i64| {
            if count != 0 {
                counts.push((codebook.slot(who, &entry.indicator, counter), count));
            }
        };
        add_outcome(&outcome, scale(&entry.rule), &mut add);
        if entry.change {
            add_change(entry, index, responses, registry, &mut add);
        }
    }
    counts
}

fn outcome<'a>(entry: &'a IndicatorEntry, response: &'a CountedResponse) -> Outcome<'a> {
    score(entry, &response.definition, &response.answers, response.who == Who::Proxy)
}

fn add_outcome(outcome: &Outcome<'_>, scale: i64, add: &mut impl FnMut(&str, i64)) {
    match *outcome {
        Outcome::LeftOut(reason) => return add(&left_out(reason), 1),
        Outcome::Share { code, positive, .. } => {
            add(&format!("d:{code}"), 1);
            add("p", positive.into());
        }
        Outcome::Band { code, .. } => add(&format!("d:{code}"), 1),
        Outcome::Amount { scaled, positive } => {
            add(&format!("s/{scale}"), scaled);
            add(&format!("q/{scale}"), scaled * scaled);
            add("p", positive.is_some_and(|p| p).into());
        }
        Outcome::Ratio { numerator, denominator } => {
            add("num", numerator);
            add("den", denominator);
            add("num2", numerator * numerator);
            add("den2", denominator * denominator);
            add("cross", numerator * denominator);
        }
    }
    add("n", 1);
}

fn left_out(reason: LeftOut) -> String {
    format!("x:{}", reason.code())
}

/// Change of the standing response against the person's baseline: the `baseline` response if valid, else the earliest valid one.
/// Answers through open links are never part of change.
fn add_change(
    entry: &IndicatorEntry,
    index: usize,
    responses: &[&CountedResponse],
    registry: &Registry,
    add: &mut impl FnMut(&str, i64),
) {
    let level = |at: usize| {
        let response = responses[at];
        let entry = response
            .definition
            .indicators
            .iter()
            .find(|e| e.indicator == entry.indicator && e.series == entry.series)?;
        let outcome = outcome(entry, response);
        if response.open || !outcome.is_valid() { None } else { outcome.level() }
    };
    let baseline = (0..responses.len())
        .find(|&at| responses[at].is_baseline && level(at).is_some())
        .or_else(|| (0..responses.len()).find(|&at| level(at).is_some()));
    let Some((baseline, from)) = baseline.filter(|&at| at < index).and_then(|at| Some((at, level(at)?)))
    else {
        return;
    };
    if responses[index].open {
        return;
    }
    let Some(to) = level(index) else {
        // A missing reason that stays in the base is valid, with nothing to compare: neither a pair nor lost.
        if !outcome(entry, responses[index]).is_valid() {
            add("cl", 1);
        }
        return;
    };
    let direction = registry.indicator(&entry.indicator).map_or(Direction::Context, |i| i.direction);
    // Bands run upwards; a share's `score` and a mean's amount do too, so one comparison serves all rules.
    add(
        match (to.cmp(&from), direction) {
            (std::cmp::Ordering::Equal, _) => "c=",
            (_, Direction::Context) => "cc",
            (std::cmp::Ordering::Greater, Direction::High) | (std::cmp::Ordering::Less, Direction::Low) => {
                "c+"
            }
            (std::cmp::Ordering::Less, Direction::High) | (std::cmp::Ordering::Greater, Direction::Low) => {
                "c-"
            }
        },
        1,
    );
    debug_assert!(!matches!(entry.rule, Rule::Ratio { .. }));
    add(&format!("m:{}", whole_months(responses[baseline].completed_on, responses[index].completed_on)), 1);
}

/// Whole calendar months from `from` to `to`.
fn whole_months(from: NaiveDate, to: NaiveDate) -> i64 {
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    if to.day() < from.day() { months - 1 } else { months }
}

/// Beginnings and ends of support and of eligibility, by quarter: a period's people are those who began by its end,
/// less those who ended before it began, whatever day it is when the figure is read.
fn count_enrolment(enrolment: &Enrolment, codebook: &mut Codebook) -> Contribution {
    let mut counts = Vec::new();
    let mut span = |prefix: &str, from: NaiveDate, to: Option<NaiveDate>| {
        counts.push((codebook.slot(Who::Myself, "", &format!("{prefix}in:{}", Quarter::of(from))), 1));
        if let Some(to) = to {
            let gone = Quarter::of(to).plus(1);
            counts.push((codebook.slot(Who::Myself, "", &format!("{prefix}out:{gone}")), 1));
        }
    };
    span("", enrolment.supported_from, enrolment.supported_to);
    if let Some((from, to)) = enrolment.eligible() {
        span("e", from, to);
    }
    let key = TallyKey {
        council: enrolment.council.as_str().into(),
        questionnaire: "".into(),
        series: "".into(),
        period: None,
        group: "".into(),
    };
    (key, counts.into())
}

/// In each period in which an invitation falls: invited once; responded if there is a standing response that is not open;
/// unfinished if not, and an answer was begun.
fn count_invitations(
    invitations: &[Invitation],
    responses: &[&CountedResponse],
    codebook: &mut Codebook,
    found: &mut Vec<Contribution>,
) {
    let mut asked: BTreeMap<(&str, Period), &Invitation> = BTreeMap::new();
    for invitation in invitations {
        for period in Period::holding(invitation.due_on) {
            let latest = asked.entry((&invitation.questionnaire, period)).or_insert(invitation);
            if (invitation.due_on, &invitation.council) > (latest.due_on, &latest.council) {
                *latest = invitation;
            }
        }
    }
    if asked.is_empty() {
        return;
    }
    let invited = codebook.slot(Who::Myself, "", "invited");
    let responded = codebook.slot(Who::Myself, "", "responded");
    let only_invited: Rc<[(Slot, i64)]> = [(invited, 1)].into();
    let both: Rc<[(Slot, i64)]> = [(invited, 1), (responded, 1)].into();
    let unfinished = codebook.slot(Who::Myself, "", "unfinished");
    let only_begun: Rc<[(Slot, i64)]> = [(invited, 1), (unfinished, 1)].into();
    for ((questionnaire, period), invitation) in asked {
        let days = period.first_day()..=period.last_day();
        // The last response in the period stands; if that is an open one, the invitation was not answered by it.
        let standing =
            responses.iter().rfind(|r| r.definition.id == questionnaire && days.contains(&r.completed_on));
        let answered = standing.is_some_and(|r| !r.open);
        let key = TallyKey {
            council: invitation.council.as_str().into(),
            questionnaire: questionnaire.into(),
            series: "".into(),
            period: Some(period),
            group: "".into(),
        };
        let counts = match (answered, invitation.unfinished) {
            (true, _) => &both,
            (false, true) => &only_begun,
            (false, false) => &only_invited,
        };
        found.push((key, counts.clone()));
    }
}
