//! What is sent to a running server: responses, schemes, enrolments, invitations, how people are asked, tables of people and queries, and the
//! exact faults of broken ones.
//!
//! A case in `tests/spec/sent/<kind>.case` is a title, a merge patch (RFC 7396) on what would be in order, and the faults;
//! `@long@` stands for 4,001 letters. What each says as HTTP is tested there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use khi::domain::comparators::{AscofColumn, read_ascof};
use khi::domain::contacts::Contacts;
use khi::domain::definition::{Model, Sender};
use khi::domain::fault::Fault;
use khi::domain::figures::{Asks, FigureQuery};
use khi::domain::identity::Identity;
use khi::domain::import::{Column, Setting as ImportSetting, read_people};
use khi::domain::participant::{Enrolment, NewInvitation};
use khi::domain::performance::NewTarget;
use khi::domain::retention::check_settings;
use khi::domain::returns::{
    Amount, Asked, Entry, FigureSheet, KnownReturn, NewReturn, TableSenders, Whose, read_returns, returns_in,
};
use khi::domain::schedule::{NewEvent, NewNote, NewWave, Schedule};
use khi::domain::scheme::{NewScheme, Scheme};
use khi::domain::service_account::{NewServiceAccount, read_keep_days};
use khi::domain::submission::{Setting, Submission};
use khi::domain::webhook::NewWebhook;
use khi::table_files::{TableFormat, read_table};
use serde_json::{Value, json};

use crate::support::{BRADFORD, LEEDS, read, registry, repository};

/// Pointer and code.
type Found = BTreeSet<(String, String)>;

struct Case {
    title: String,
    patch: Value,
    expected: Found,
}

/// What is sent, a sound example of it, and how it is checked.
struct Kind {
    name: &'static str,
    sound: Value,
    check: fn(&Value) -> Result<(), Vec<Fault>>,
}

fn kinds() -> [Kind; 20] {
    let response = json!({"questionnaire": "garden-club", "version": "1.0.0", "scheme": "rose-lane", "council": LEEDS, "participant": "P-0042",
        "occasion": "review", "completed_on": "2026-07-14", "mode": "online", "rendition": "easy-read", "language": "cy", "completed_by": "self",
        "consent": {"version": "1", "statistics": true}, "about": {"plot": "own", "arrangement": ["other"]},
        "answers": {"visits": 5, "planted": 4, "return": "yes", "pleasure": "better"}});
    let enrolment = json!({"council": LEEDS, "supported_from": "2025-01-01", "supported_to": null});
    let contacts = json!({"help": {"name": "Sam", "phone": "01632 960 123", "email": "sam@rose-lane.example"},
        "leads": [{"name": "Ann", "email": "ann@rose-lane.example"}, {"name": "Bola", "email": "bola@rose-lane.example"}],
        "outside": {"name": "The council", "email": "adults@council.example"}});
    let identity = json!({"name": "Mair Example", "called": "Mair", "email": "mair@home.example", "mobile": "07700 900123",
        "address": {"lines": ["1 Example Street", "Leeds"], "postcode": "LS1 4AP"}, "channel": "letter",
        "contact": {"whose": "supporter", "name": "Gwen Example"},
        "communication": {"formats": ["easy-read", "bsl"], "note": "Speak slowly."}});
    let invitation = json!({"participant": "P-0042", "questionnaire": "garden-club", "due_on": "2026-07-01"});
    [
        Kind { name: "response", sound: response, check: check_response },
        Kind {
            name: "scheme",
            sound: scheme_sent(),
            check: |body| NewScheme::check(body, &registry().areas).map(drop),
        },
        Kind {
            name: "service-account",
            sound: json!({"name": "Case system", "scopes": ["people:write", "due:read"], "ends_on": "2026-12-31"}),
            check: |body| NewServiceAccount::check(body, "2026-07-20".parse().expect("a day")).map(drop),
        },
        Kind {
            name: "rotation",
            sound: json!({"keep_days": 30}),
            check: |body| read_keep_days(body).map(drop),
        },
        Kind {
            name: "retention",
            sound: json!({"from": "2026-09-01", "classes": {"identity": {"keep": 12, "reason": "Our board decided so."}}}),
            check: |body| {
                let today = "2026-07-20".parse().expect("a day");
                check_settings(body, today, true, |class, _| class.rule().usual).map(drop)
            },
        },
        Kind {
            name: "webhook",
            sound: json!({"url": "https://host.example:8443/khi?x=1", "events": ["response-recorded", "task-opened"]}),
            check: |body| NewWebhook::check(body).map(drop),
        },
        Kind { name: "identity", sound: identity, check: |body| Identity::check(body).map(drop) },
        Kind { name: "contacts", sound: contacts, check: |body| Contacts::check(body).map(drop) },
        Kind {
            name: "enrolment",
            sound: enrolment,
            check: |body| {
                Enrolment::check(body, registry(), |council, day| {
                    scheme().councils_on(day).any(|c| c == council)
                })
                .map(drop)
            },
        },
        Kind { name: "invitation", sound: invitation, check: |body| NewInvitation::check(body).map(drop) },
        Kind {
            name: "schedule",
            sound: json!({"every_months": 6}),
            check: |body| Schedule::check(body, "garden-club", registry()).map(drop),
        },
        Kind {
            name: "wave",
            sound: json!({"questionnaire": "garden-club", "due_on": "2030-02-01"}),
            check: |body| NewWave::check(body, today()).map(drop),
        },
        Kind {
            name: "life-event",
            sound: json!({"kind": "hospital", "from": "2029-12-20"}),
            check: |body| NewEvent::check(body, today()).map(drop),
        },
        Kind {
            name: "note",
            sound: json!({"questionnaire": "garden-club", "due_on": "2029-12-20", "reason": "unwell"}),
            check: |body| NewNote::check(body, today()).map(drop),
        },
        Kind {
            name: "return",
            sound: json!({"values": [{"kpi": "ae-visits", "council": LEEDS, "numerator": "1,203.50", "denominator": 4000}], "revision": 0,
                "period": "2026-Q2"}),
            check: check_return,
        },
        Kind {
            name: "target",
            sound: json!({"kpi": "shared-lives-good", "period": "2026-Q2", "value": 95}),
            check: |body| NewTarget::check(body, registry()).map(drop),
        },
        Kind {
            name: "people",
            sound: json!({"text": "Ref,Start,Council\nP-1,03/04/2026,Leeds\n"}),
            check: check_people,
        },
        Kind {
            name: "returns-table",
            sound: json!({"text": "Period,Council,Figure,Numerator\n2026-Q2,Leeds,shared-lives-people,3\n"}),
            check: check_returns_table,
        },
        Kind {
            name: "ascof",
            sound: json!({"rows": "Council,E08000035,1A,Total,Outcome,19.1\nCouncil,E08000035,1A,Total,Numerator,19100\n\
                Council,E08000035,1A,Total,Denominator,1000\nRegion,E12000003,2A,65 and over,Outcome,[c]\n\
                England,E92000001,2A,Total,Outcome,0\n"}),
            check: check_ascof,
        },
        Kind { name: "query", sound: json!({"period": "2026-27", "level": "uk"}), check: check_query },
    ]
}

fn scheme_sent() -> Value {
    json!({"id": "rose-lane", "name": "Rose Lane", "model": "community-enterprise", "cqc_location_id": "1-348374832",
        "areas": [{"code": LEEDS, "from": "2020-01-01"}, {"code": BRADFORD, "from": "2024-01-01", "to": null}],
        "units": [{"id": "north", "name": "North", "from": "2020-01-01"}]})
}

fn scheme() -> Scheme {
    let about = NewScheme::check(&scheme_sent(), &registry().areas).expect("a sound scheme");
    Scheme { number: 1, about, contacts: Contacts::default() }
}

fn check_response(body: &Value) -> Result<(), Vec<Fault>> {
    let (scheme, today) = (scheme(), today());
    let named = body["scheme"].is_string().then_some(&scheme);
    Submission::check(body, &Setting { registry: registry(), scheme: named, today }).map(drop)
}

/// A scheme of two councils, or its units, as whoever sends a return.
fn whose(sender: Sender) -> Whose {
    let councils = vec![LEEDS.to_owned(), BRADFORD.to_owned()];
    Whose { sender, model: Some(Model::SharedLives), councils, nations: vec!["E92000001".to_owned()] }
}

/// A return of a scheme of two councils; its period stands in the address.
fn check_return(body: &Value) -> Result<(), Vec<Fault>> {
    let mut body = body.clone();
    let period = body.as_object_mut().and_then(|sent| sent.remove("period")).expect("a period");
    let period = period.as_str().and_then(|text| text.parse().ok()).expect("a period");
    NewReturn::check(&body, &Asked::of(&registry().kpis, whose(Sender::Scheme), period)).map(drop)
}

/// A table of returns of a scheme of two councils with one unit, which has sent in nothing but one figure for the first quarter of 2026.
fn check_returns_table(body: &Value) -> Result<(), Vec<Fault>> {
    let table = read_table(body["text"].as_str().expect("a text").as_bytes(), TableFormat::Text)?;
    let sheet = FigureSheet::of(&table)?;
    let senders = TableSenders {
        own: vec!["scheme".into(), "Rose Lane".into()],
        units: vec![("north".into(), "North".into())],
    };
    let known = returns_in(&sheet, &senders).into_iter().map(|key| {
        let sender = if key.0.is_some() { Sender::Unit } else { Sender::Scheme };
        let Ok(period) = key.1.parse() else {
            let fault = Fault { pointer: String::new(), code: "bad-period", detail: "No period.".into() };
            return (key, Err(fault));
        };
        let sent = Entry {
            kpi: "shared-lives-people".into(),
            council: LEEDS.into(),
            numerator: Amount::whole(12),
            denominator: None,
        };
        let entries = if key.1 == "2026-Q1" { vec![sent] } else { Vec::new() };
        let asked = Asked::of(&registry().kpis, whose(sender), period);
        (key, Ok(KnownReturn { asked, entries, before: Vec::new() }))
    });
    let reading = read_returns(&sheet, &senders, &known.collect(), registry());
    if reading.faults.is_empty() { Ok(()) } else { Err(reading.faults) }
}

fn today() -> NaiveDate {
    "2030-01-01".parse().expect("a day")
}

/// A table of people, in a scheme that knows nobody and has one worker.
fn check_people(body: &Value) -> Result<(), Vec<Fault>> {
    let text = body["text"].as_str().expect("a text");
    let choice = |c: &Value| {
        let (heading, column) = c.as_str().and_then(|c| c.split_once('=')).expect("a choice");
        (heading.to_owned(), Column::parse(column, registry()).expect("a column"))
    };
    let choices: Vec<(String, Column)> =
        body["choices"].as_array().into_iter().flatten().map(choice).collect();
    let (scheme, known) = (scheme(), BTreeMap::new());
    let workers = [("ann@rose-lane.example".to_owned(), "A-1".to_owned())].into();
    let table = read_table(text.as_bytes(), TableFormat::Text)?;
    let setting = ImportSetting {
        registry: registry(),
        scheme: &scheme,
        workers: &workers,
        known: &known,
        choices: &choices,
        identities: None,
    };
    let reading = read_people(&table, &setting);
    if reading.faults.is_empty() { Ok(()) } else { Err(reading.faults) }
}

/// An ASCOF file: whole, or the rows below the usual headings.
fn check_ascof(body: &Value) -> Result<(), Vec<Fault>> {
    let headings = AscofColumn::ALL.map(AscofColumn::heading).join(",");
    let rows = body["rows"].as_str().unwrap_or_default();
    let text = body["text"].as_str().map_or_else(|| format!("{headings}\n{rows}"), str::to_owned);
    let bytes = match body["latin1"].as_bool() {
        Some(true) => {
            text.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect()
        }
        _ => text.into_bytes(),
    };
    let year = "2024-25".parse().expect("a year");
    let mut faults = read_ascof(&bytes, year, &registry().areas, &|_| ()).faults;
    // A case parts its words with spaces.
    faults.iter_mut().for_each(|fault| fault.pointer = fault.pointer.replace(' ', "_"));
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn check_query(body: &Value) -> Result<(), Vec<Fault>> {
    let parameters = body
        .as_object()
        .expect("an object")
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let asks = if body.get("by").is_some() { Asks::Khi } else { Asks::Outcomes };
    FigureQuery::parse(&parameters.collect::<Vec<_>>(), asks, registry(), today()).map(drop)
}

/// Merges `patch` into `value`: null removes.
fn merge(value: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *value = patch.clone();
        return;
    };
    if !value.is_object() {
        *value = json!({});
    }
    let object = value.as_object_mut().expect("an object");
    for (key, new) in patch {
        if new.is_null() {
            object.remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), new);
        }
    }
}

fn cases(kind: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let text = read(repository("tests/spec/sent").join(format!("{kind}.case")));
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        match (line.strip_prefix("    "), cases.last_mut()) {
            (None, _) => cases.push(Case {
                title: format!("{kind}: {line}"),
                patch: json!({}),
                expected: Found::new(),
            }),
            (Some(rest), Some(case)) => match rest.split(' ').collect::<Vec<_>>().as_slice() {
                ["fault", pointer, code] => {
                    let pointer = if *pointer == "-" { "" } else { pointer };
                    case.expected.insert((pointer.to_owned(), (*code).to_owned()));
                }
                _ => {
                    case.patch = serde_json::from_str(&rest.replace("@long@", &"a".repeat(4001)))
                        .unwrap_or_else(|e| panic!("{rest}: {e}"))
                }
            },
            (Some(_), None) => panic!("a title comes first"),
        }
    }
    cases
}

/// Every case with what it gives, checked once for all tests.
fn outcomes() -> &'static [(Case, Found)] {
    static OUTCOMES: OnceLock<Vec<(Case, Found)>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let each = |kind: Kind| {
            cases(kind.name).into_iter().map(move |case| {
                let mut body = kind.sound.clone();
                merge(&mut body, &case.patch);
                let faults = (kind.check)(&body).err().unwrap_or_default();
                let found = faults.into_iter().map(|f| (f.pointer, f.code.to_owned())).collect();
                (case, found)
            })
        };
        kinds().into_iter().flat_map(each).collect()
    })
}

/// The codes that the cases meet.
pub(crate) fn codes() -> BTreeSet<String> {
    outcomes().iter().flat_map(|(_, found)| found).map(|(_, code)| code.clone()).collect()
}

#[test]
fn what_is_sound_is_accepted() {
    for kind in kinds() {
        assert_eq!((kind.check)(&kind.sound), Ok(()), "{}", kind.name);
    }
}

#[test]
fn whatever_is_broken_is_refused_with_exactly_these_places_and_rules() {
    let wrong: Vec<String> = outcomes()
        .iter()
        .filter(|(case, found)| case.expected != *found || found.is_empty())
        .map(|(case, found)| format!("{}\n  expected {:?}\n  found    {found:?}", case.title, case.expected))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
