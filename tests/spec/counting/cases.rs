//! Reads `tests/spec/counting/*.case` and counts them.
//!
//! `# title` begins a case, `person` its next person. `of QUESTIONNAIRE VERSION` says what the lines after it answer and look at.
//! A response is `DAY ITEM=ANSWER ...` with any of `by=`, `at=` (council), `in=BREAKDOWN:VALUES`, `unit=`, `occasion=`, `accepted=`,
//! `id=`, `open`, `not-counted`; beside it stand `invited DAY [at=]` and `supported FROM..TO [not-asked=DAY]`.
//! `then PERIOD INDICATOR[@SERIES] [at:COUNCIL] [by:WHO] [group:BREAKDOWN=VALUE] COUNTER=N ...` are all counters that are not zero
//! (`people` in place of an indicator: those of the tally itself); `row PERIOD INDICATOR KEY=VALUE ...` are some values of the UK's row.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use khi::domain::counting::{CountedResponse, Person};
use khi::domain::definition::Definition;
use khi::domain::figures::Row;
use khi::domain::participant::{Enrolment, Invitation, NotAsked};
use khi::domain::schedule::Reason;
use serde_json::json;

use crate::support::{LEEDS, answers, read, registry, rows, scheme, submission, tallies, version, who};

/// One case.
pub(super) struct Case {
    title: String,
    people: Vec<Person>,
    current: Option<Arc<Definition>>,
    expected: Vec<(Arc<Definition>, String)>,
}

/// Every case of a file.
pub(super) fn read_file(path: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in read(path).lines().filter(|l| !l.trim().is_empty()) {
        match line.strip_prefix("# ") {
            Some(title) => cases.push(Case {
                title: title.to_owned(),
                people: vec![Person::default()],
                current: None,
                expected: Vec::new(),
            }),
            None => cases.last_mut().expect("a title comes first").read_line(line),
        }
    }
    cases
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

impl Case {
    fn read_line(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["person"] => self.people.push(Person::default()),
            ["of", id, number] => self.current = Some(version(registry(), id, number)),
            ["then" | "row", ..] => self.expected.push((self.definition(), line.to_owned())),
            ["invited", due_on, rest @ ..] => {
                let council = rest.first().and_then(|w| w.strip_prefix("at=")).unwrap_or(LEEDS).to_owned();
                let questionnaire = self.definition().id.clone();
                self.person().invitations.push(Invitation {
                    questionnaire,
                    due_on: day(due_on),
                    council,
                    unfinished: false,
                });
            }
            ["supported", span, rest @ ..] => {
                let (from, to) = span.split_once("..").unwrap_or_else(|| panic!("{line}"));
                let not_asked = rest.first().and_then(|w| w.strip_prefix("not-asked="));
                self.person().enrolment = Some(Enrolment {
                    supported_to: (!to.is_empty()).then(|| day(to)),
                    not_asked: not_asked.map(|from| NotAsked { from: day(from), reason: Reason::Other }),
                    ..Enrolment::new(LEEDS, day(from))
                });
            }
            [completed_on, rest @ ..] => {
                let response = self.response(completed_on, rest);
                self.person().responses.extend(response);
            }
            [] => {}
        }
    }

    fn person(&mut self) -> &mut Person {
        self.people.last_mut().expect("a case begins with a person")
    }

    fn definition(&self) -> Arc<Definition> {
        self.current.clone().unwrap_or_else(|| panic!("{}: of what?", self.title))
    }

    /// The response as it is checked, stored and counted; none if the person did not agree to be counted.
    fn response(&self, completed_on: &str, words: &[&str]) -> Option<CountedResponse> {
        let definition = self.definition();
        let mut body = json!({"completed_on": completed_on, "participant": "P-1"});
        let mut accepted = format!("{completed_on}T09:00:00");
        let mut id = format!("r{}", self.people.last().map_or(0, |p| p.responses.len()));
        let (mut by, mut open, mut given) = ("self", false, Vec::new());
        for word in words {
            match word.split_once('=') {
                None if *word == "open" => open = true,
                None if *word == "not-counted" => {
                    body["consent"] = json!({"version": definition.consent.version, "statistics": false})
                }
                Some(("by", who)) => by = who,
                Some(("at", council)) => body["council"] = json!(council),
                Some(("unit", unit)) => body["unit"] = json!(unit),
                Some(("occasion", occasion)) => body["occasion"] = json!(occasion),
                Some(("accepted", at)) => accepted = at.to_owned(),
                Some(("id", own)) => id = own.to_owned(),
                Some(("in", group)) => {
                    let (breakdown, values) = group.split_once(':').unwrap_or_else(|| panic!("{word}"));
                    let several = registry().breakdown(breakdown).is_some_and(|b| b.several);
                    body["about"][breakdown] =
                        if several { json!(values.split('+').collect::<Vec<_>>()) } else { json!(values) };
                }
                _ => given.push(*word),
            }
        }
        body.as_object_mut().expect("an object").extend(who(by).as_object().expect("an object").clone());
        body["answers"] = answers(&definition, given.into_iter());
        let scheme = scheme(registry(), definition.model.code());
        let mut submission = submission(registry(), &scheme, &definition, &body);
        submission.via = open.then(|| "open".to_owned());
        CountedResponse::of(
            (&id, 1),
            accepted.parse().unwrap_or_else(|_| panic!("{accepted} is no time")),
            submission,
            registry(),
        )
        .expect("a known version")
    }

    /// How many things the case says.
    pub(super) fn expectations(&self) -> usize {
        self.expected.len()
    }

    /// What is not as the case says.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (definition, line) in &self.expected {
            let words: Vec<&str> = line.split(' ').collect();
            let found = match words.as_slice() {
                ["then", period, target, rest @ ..] => self.counters(definition, period, target, rest),
                ["row", period, indicator, rest @ ..] => self.row(definition, period, indicator, rest),
                _ => panic!("{}: {line}", self.title),
            };
            let pairs = words[3..]
                .iter()
                .filter(|w| !["at:", "by:", "group:"].iter().any(|filter| w.starts_with(filter)));
            let expected: BTreeMap<String, String> = pairs
                .filter_map(|w| w.rsplit_once('='))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
            if found != expected || expected.is_empty() != line.ends_with(" nothing") {
                wrong.push(format!("{}\n  {line}\n  found {found:?}", self.title));
            }
        }
        wrong
    }

    /// The counters of a `then` line.
    fn counters(
        &self,
        definition: &Definition,
        period: &str,
        target: &str,
        words: &[&str],
    ) -> BTreeMap<String, String> {
        let filter = |name: &str| words.iter().find_map(|w| w.strip_prefix(name));
        let (indicator, series) = match target.split_once('@') {
            Some((indicator, series)) => (indicator, series.to_owned()),
            None => {
                let entry = definition.indicators.iter().find(|e| e.indicator == target);
                (target, entry.unwrap_or_else(|| panic!("{}: no {target}", self.title)).series.clone())
            }
        };
        let indicator = if indicator == "people" { "" } else { indicator };
        let (period, questionnaire) = if period == "-" { ("", "") } else { (period, definition.id.as_str()) };
        let (tallies, codebook) = tallies(registry(), &self.people);
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        for (key, counts) in &tallies {
            let council = filter("at:").is_none_or(|council| council == &*key.council);
            let group = filter("group:").unwrap_or_default() == &*key.group;
            if council
                && group
                && key.period_text() == period
                && &*key.questionnaire == questionnaire
                && *key.series == *series
            {
                for (slot, count) in counts.entries() {
                    let (who, of, counter) = codebook.name(slot);
                    if of == indicator && filter("by:").is_none_or(|by| by == who.code()) {
                        *found.entry(counter.to_owned()).or_default() += count;
                    }
                }
            }
        }
        found
            .into_iter()
            .filter(|(_, count)| *count != 0)
            .map(|(counter, count)| (counter, count.to_string()))
            .collect()
    }

    /// Those values of the UK's row that a `row` line names.
    fn row(
        &self,
        definition: &Definition,
        period: &str,
        indicator: &str,
        words: &[&str],
    ) -> BTreeMap<String, String> {
        let query = format!("period={period}&level=uk&indicator={indicator}");
        let rows = rows(registry(), &scheme(registry(), definition.model.code()), &self.people, &query);
        let row = rows.first().unwrap_or_else(|| panic!("{}: no row {period} {indicator}", self.title));
        let keys = words.iter().filter_map(|w| w.split_once('='));
        keys.filter_map(|(key, _)| Some((key.to_owned(), value_of(row, key)?))).collect()
    }
}

/// What a row says under the name `key`.
fn value_of(row: &Row, key: &str) -> Option<String> {
    let (change, without) = (row.change.as_ref(), row.without_supporter.as_ref());
    let text = |number: Option<i64>| number.map(|n| n.to_string());
    match key {
        "n" => text(row.n),
        "positive" => text(row.positive),
        "mean" => row.mean.map(|m| m.to_string()),
        "supported" => text(row.supported),
        "eligible" => text(row.eligible),
        "invited" => text(row.invited),
        "responded" => text(row.responded),
        "rate" => row.response_rate.map(|r| format!("{r:.1}")),
        "open" => text(row.open),
        "pairs" => text(change.map(|c| c.pairs)),
        "improved" => text(change.and_then(|c| c.improved)),
        "same" => text(change.map(|c| c.same)),
        "worse" => text(change.and_then(|c| c.worse)),
        "lost" => text(change.map(|c| c.lost)),
        "median" => change.and_then(|c| c.median_months).map(|m| m.to_string()),
        "without-n" => text(without.map(|w| w.n)),
        "without-positive" => text(without.map(|w| w.positive)),
        who => text(row.completed_by.as_ref().and_then(|c| c.get(who)).copied()),
    }
}
