//! Who is asked when, by tables: what is known of a person, and how each of their occasions stands on which day. The tables are the
//! documentation: `docs/asking.md`.
//!
//! In `tests/spec/asking/*.case`, `# title` begins a case and `> ` says what it shows. `supported FROM..TO [entered=] [not-asked=DAY:REASON]
//! [about=BREAKDOWN:VALUE]`, `schedule [months=] [grace=] [reminders=] [baseline=no] [exit=no] [only=]`, `asked DUE on= ends= [reminded=]
//! [answered=]`, `answered DAY`, `other DAY` (asked by another questionnaire), `event KIND FROM..LIFTED`, `note KIND DUE REASON` and
//! `wave DAY` are what is known. `on DAY: ...` are all occasions up to a month later, `may DAY DUE: ...` what may be done about one, and
//! `remind DAY: ...` which reminder is due.

mod invariants;

use std::collections::BTreeSet;
use std::fmt::Write;

use chrono::{Days, NaiveDate};
use khi::domain::participant::{Enrolment, NotAsked};
use khi::domain::routing::About;
use khi::domain::schedule::{
    Answered, Asked, EventKind, LifeEvent, Note, NoteKind, Occasion, OccasionKind, Press, Reason, Record,
    Schedule, State, Wave,
};

use crate::support::{LEEDS, files, read, repository};

const HEAD: &str = "# Who is asked when

The rules by example. Every table here is a test: `cargo test --test spec asking` checks that what is *given* makes what stands there on each
day, and that this page is what the tables print. They stand in `tests/spec/asking/`; `UPDATE_DOCS=1` writes the page anew.

Each occasion is named by what it is for and the day it is due, and is in exactly one state: upcoming, due, overdue, asked, reminded, done, held,
not-asked (with its reason), could-not (with its reason) or missed. *From* says when a person who is due can first be asked. Each table shows all
occasions up to a month later. Where nothing else is said, the schedule is the usual one: baseline, every six months, exit; 28 days of grace;
reminders 7 and 21 days after the invitation.
";

const QUESTIONNAIRE: &str = "example";

struct Case {
    title: String,
    prose: Vec<String>,
    given: Vec<String>,
    expected: Vec<(String, String)>,
    record: Record,
    schedule: Schedule,
    waves: Vec<Wave>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).expect("a day")
}

fn about(text: &str) -> About {
    let (breakdown, value) = text.split_once(':').unwrap_or_else(|| panic!("{text}"));
    [(breakdown.to_owned(), vec![value.to_owned()])].into()
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for path in files(&repository("tests/spec/asking"), ".case") {
        for line in read(path).lines().filter(|l| !l.trim().is_empty()) {
            match line.strip_prefix("# ") {
                Some(title) => cases.push(Case {
                    title: title.to_owned(),
                    prose: Vec::new(),
                    given: Vec::new(),
                    expected: Vec::new(),
                    record: Record::new(Enrolment::new(LEEDS, NaiveDate::MIN), NaiveDate::MIN),
                    schedule: Schedule::usual(QUESTIONNAIRE),
                    waves: Vec::new(),
                }),
                None => cases.last_mut().expect("a title comes first").read_line(line),
            }
        }
    }
    cases
}

impl Case {
    fn read_line(&mut self, line: &str) {
        if let Some(prose) = line.strip_prefix("> ") {
            return self.prose.push(prose.to_owned());
        }
        let is_expected = ["on ", "may ", "remind "].iter().any(|word| line.starts_with(word));
        if is_expected {
            let (when, then) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            return self.expected.push((when.to_owned(), then.to_owned()));
        }
        self.given.push(line.to_owned());
        let words: Vec<&str> = line.split(' ').collect();
        let value = |key: &str| words.iter().find_map(|w| w.strip_prefix(key)?.strip_prefix('='));
        let days = |key: &str| value(key).map(|v| v.split(',').map(day).collect()).unwrap_or_default();
        let record = &mut self.record;
        match words[0] {
            "supported" => {
                let (from, to) = words[1].split_once("..").unwrap_or_else(|| panic!("{line}"));
                record.enrolment.supported_from = day(from);
                record.enrolment.supported_to = (!to.is_empty()).then(|| day(to));
                record.entered_on = day(value("entered").unwrap_or(from));
                record.enrolment.not_asked = value("not-asked").map(|said| {
                    let (from, reason) = said.split_once(':').unwrap_or_else(|| panic!("{line}"));
                    NotAsked { from: day(from), reason: Reason::parse_given(reason).expect("a reason") }
                });
                record.enrolment.about = value("about").map(about).unwrap_or_default();
            }
            "schedule" => {
                let schedule = &mut self.schedule;
                if let Some(months) = value("months") {
                    schedule.every_months = (months != "none").then(|| months.parse().expect("a number"));
                }
                if let Some(grace) = value("grace") {
                    schedule.grace_days = grace.parse().expect("a number");
                }
                if let Some(reminders) = value("reminders") {
                    schedule.reminder_days =
                        reminders.split(',').map(|d| d.parse().expect("a number")).collect();
                }
                schedule.baseline = value("baseline") != Some("no");
                schedule.exit = value("exit") != Some("no");
                schedule.only = value("only").map(about).unwrap_or_default();
            }
            "asked" => {
                let id = format!("i{}", record.asked.len());
                if let Some(on) = value("answered") {
                    let invitation = Some(id.clone());
                    let questionnaire = QUESTIONNAIRE.to_owned();
                    record.answered.push(Answered {
                        questionnaire,
                        completed_on: day(on),
                        invitation,
                        counts: true,
                    });
                }
                record.asked.push(Asked {
                    id,
                    questionnaire: QUESTIONNAIRE.to_owned(),
                    due_on: day(words[1]),
                    kind: None,
                    asked_on: day(value("on").expect("on")),
                    ends_on: day(value("ends").expect("ends")),
                    answered: false,
                    reminded: days("reminded"),
                });
            }
            "answered" | "other" => {
                let questionnaire = if words[0] == "other" { "another" } else { QUESTIONNAIRE };
                record.answered.push(Answered {
                    questionnaire: questionnaire.to_owned(),
                    completed_on: day(words[1]),
                    invitation: None,
                    counts: true,
                });
            }
            "event" => {
                let (from, lifted) = words[2].split_once("..").unwrap_or_else(|| panic!("{line}"));
                record.events.push(LifeEvent {
                    id: format!("e{}", record.events.len()),
                    kind: EventKind::parse(words[1]).unwrap_or_else(|| panic!("{line}")),
                    from: day(from),
                    lifted_on: (!lifted.is_empty()).then(|| day(lifted)),
                });
            }
            "note" => record.notes.push(Note {
                kind: NoteKind::parse(words[1]).unwrap_or_else(|| panic!("{line}")),
                questionnaire: QUESTIONNAIRE.to_owned(),
                due_on: day(words[2]),
                reason: Reason::parse_given(words[3]).unwrap_or_else(|| panic!("{line}")),
                on: day(words[2]),
            }),
            "wave" => self.waves.push(Wave {
                id: format!("w{}", self.waves.len()),
                questionnaire: QUESTIONNAIRE.to_owned(),
                due_on: day(words[1]),
                kind: OccasionKind::Review,
            }),
            other => panic!("{other}: {line}"),
        }
    }

    fn occasions(&self, today: NaiveDate) -> Vec<Occasion> {
        self.record.occasions(std::slice::from_ref(&self.schedule), &self.waves, today, later(today, 31))
    }

    fn found(&self, when: &str) -> String {
        let words: Vec<&str> = when.split(' ').collect();
        let today = day(words[1]);
        let occasions = self.occasions(today);
        match words[0] {
            "on" => {
                let all: Vec<String> = occasions.iter().map(written).collect();
                if all.is_empty() { "nothing".to_owned() } else { all.join("; ") }
            }
            "may" => {
                let found = occasions.iter().find(|o| o.due_on == day(words[2]));
                let codes: Vec<&str> =
                    found.into_iter().flat_map(|o| &o.may).map(|press| press.code()).collect();
                codes.join(", ")
            }
            _ => {
                let due = self
                    .record
                    .asked
                    .iter()
                    .filter_map(|a| self.record.reminder_due(a, &self.schedule, today));
                due.map(|n| n.to_string()).next().unwrap_or_else(|| "none".to_owned())
            }
        }
    }
}

fn written(occasion: &Occasion) -> String {
    let mut text = format!("{} {} {}", occasion.kind.code(), occasion.due_on, occasion.state.code());
    if let Some(reason) = occasion.state.reason() {
        write!(text, ": {}", reason.code()).expect("writes");
    }
    if occasion.state == (State::Missed { asked: true }) {
        text.push_str(" after asking");
    }
    if let Some(from) = occasion.first_possible.filter(|_| occasion.state != State::Upcoming) {
        write!(text, " from {from}").expect("writes");
    }
    text
}

#[test]
fn what_is_known_makes_the_occasions_that_the_tables_say() {
    let mut wrong = Vec::new();
    for case in cases() {
        for (when, then) in &case.expected {
            let found = case.found(when);
            if found != *then {
                wrong.push(format!("{}: {when}\n  then  {then}\n  found {found}", case.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_tables_meet_every_state_and_every_press() {
    let cases = cases();
    let mut states = BTreeSet::new();
    let mut presses = BTreeSet::new();
    for case in &cases {
        for (when, _) in case.expected.iter().filter(|(when, _)| !when.starts_with("remind")) {
            for occasion in case.occasions(day(when.split(' ').nth(1).expect("a day"))) {
                states.insert(occasion.state.code());
                presses.extend(occasion.may);
                assert!(!occasion.why.is_empty());
            }
        }
    }
    let all = [
        "asked",
        "could-not",
        "done",
        "due",
        "held",
        "missed",
        "not-asked",
        "overdue",
        "reminded",
        "upcoming",
    ];
    assert_eq!(states, BTreeSet::from(all));
    let all = [Press::Invite, Press::ShowAgain, Press::Revoke, Press::NotAsked, Press::CouldNot, Press::Lift];
    assert_eq!(presses, BTreeSet::from(all));
}

#[test]
fn docs_asking_md_is_what_the_tables_print() {
    let mut page = HEAD.to_owned();
    for case in cases() {
        print(&case, &mut page);
    }
    let path = repository("docs/asking.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).expect("docs/asking.md");
    }
    assert!(
        path.is_file() && read(&path) == page,
        "docs/asking.md is stale: UPDATE_DOCS=1 cargo test --test spec asking"
    );
}

fn print(case: &Case, page: &mut String) {
    let mut line = |text: &str| {
        page.push_str(text);
        page.push('\n');
    };
    line(&format!("\n## {}\n", case.title));
    for prose in &case.prose {
        line(&format!("{prose}\n"));
    }
    line("Given:\n");
    for given in &case.given {
        line(&format!("- {given}"));
    }
    line("\n| on | then |\n|---|---|");
    for (when, then) in &case.expected {
        let words: Vec<&str> = when.split(' ').collect();
        match words[0] {
            "on" => line(&format!("| {} | {then} |", words[1])),
            "may" => {
                line(&format!("| {} | of the occasion of {} may be pressed: {then} |", words[1], words[2]))
            }
            _ => line(&format!("| {} | reminder due: {then} |", words[1])),
        }
    }
}
