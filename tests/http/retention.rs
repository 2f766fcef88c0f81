//! How long data are kept: each class is there the day before and gone the day after, figures stay, and a dry run says just what goes.

use chrono::NaiveDate;
use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::domain::audit::By;
use khi::storage::person_tables::{self, PERSON_TABLES};
use khi::use_cases::{
    Aged, apply_retention, report_retention, retention_is_due, verify_audit, verify_tallies,
};

use super::support::{Client, World, on_both, response, scheme};

const SCHEME: &str = "/api/v1/schemes/leeds-shared-lives";

/// What a dry run says, (class, rows, people); then the same deleted, and both the same.
async fn run(world: &World) -> Vec<(&'static str, i64, usize)> {
    let (said, done) = world
        .act(|app| {
            let said = report_retention(app).expect("reported");
            let again = report_retention(app).expect("reported");
            assert_eq!(said, again, "a dry run changes nothing");
            (said, apply_retention(app, &By::System).expect("applied"))
        })
        .await;
    assert_eq!(said, done, "a dry run says just what goes");
    let left = world.act(|app| report_retention(app).expect("reported")).await;
    assert!(left.iter().all(|aged| aged.rows == 0), "{left:?}");
    let some = done.iter().filter(|aged| aged.rows > 0);
    some.map(|aged: &Aged| (aged.class.code(), aged.rows, aged.people)).collect()
}

async fn sound(world: &World) {
    let differences = world.act(|app| verify_tallies(app, |_, _| {}).expect("verifies")).await;
    assert!(differences.is_empty(), "{differences:?}");
    let verified = world.act(|app| verify_audit(app, &[], |_, _| ()).expect("verified")).await;
    assert_eq!(verified.found, vec![]);
}

/// Every figure of the years in question, without the time at which it was read.
async fn figures(national: &Client<'_>) -> Vec<Value> {
    let mut rows = Vec::new();
    for by in ["", "&by=arrangement"] {
        let path = format!("/api/v1/khi?period=2024-25..2027-28&level=scheme{by}");
        rows.extend(national.get(&path).await.expect(200).items());
    }
    for row in &mut rows {
        row["as_of"] = Value::Null;
    }
    rows
}

/// Somebody who answered three times and left on 30 June 2026, somebody who stays, and an open link's answer.
async fn with_people<'w>(world: &'w World, national: &Client<'w>) -> Client<'w> {
    let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
    for (reference, to) in [("P-CANARY", Some("2026-06-30")), ("P-2", None)] {
        let enrolment = json!({"council": "E08000035", "supported_from": "2024-05-01", "supported_to": to});
        national.put(&format!("{SCHEME}/participants/by-ref/{reference}"), &enrolment).await.expect(201);
        let identity = json!({"name": "Mair Example", "email": "mair@home.example", "channel": "email"});
        lead.put(&format!("{SCHEME}/participants/by-ref/{reference}/identity"), &identity).await.expect(200);
        for (index, (day, said)) in
            [("2024-06-10", "worse"), ("2025-06-10", "same"), ("2026-06-10", "better")]
                .into_iter()
                .enumerate()
        {
            let mut body = response("leeds-shared-lives", reference, day, said);
            body["answers"]["one-thing"] = json!("my own words");
            national.submit(&format!("key-0123456789-{reference}-{index}"), &body).await.expect(201);
        }
    }
    let mut open = response("leeds-shared-lives", "x", "2026-06-20", "better");
    open.as_object_mut().expect("an object").remove("participant");
    national.submit("key-0123456789-open", &open).await.expect(201);
    lead
}

#[test]
fn words_names_and_answers_go_with_their_age_and_figures_stay() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = with_people(&world, &national).await;
        let number = world.number("leeds-shared-lives");
        let before = figures(&national).await;
        let leads = |path: &str| format!("{SCHEME}/participants/by-ref/P-CANARY{path}");
        lead.get(&leads("/identity")).await.expect(200);

        // Words of June 2024 are older than two years already.
        assert_eq!(run(&world).await, [("free-text", 2, 2)]);
        sound(&world).await;
        world.set_time("2028-06-10T12:00:00Z");
        let gone = run(&world).await;
        assert!(gone.contains(&("free-text", 4, 2)), "{gone:?}");

        world.set_time("2028-06-29T12:00:00Z");
        assert!(run(&world).await.iter().all(|(class, ..)| *class != "identity"), "kept the day before");
        lead_again(&world).await.get(&leads("/identity")).await.expect(200);
        world.set_time("2028-06-30T12:00:00Z");
        assert_eq!(run(&world).await, [("identity", 1, 1)], "gone the day after");
        let lead = lead_again(&world).await;
        lead.get(&leads("/identity")).await.expect(404);
        lead.get(&leads("")).await.expect(404);
        let references: Vec<String> = lead
            .get(&format!("{SCHEME}/participants"))
            .await
            .items()
            .iter()
            .map(|p| p["participant"].as_str().expect("a reference").to_owned())
            .collect();
        assert_eq!(references.len(), 2, "that somebody was there stays: {references:?}");
        assert!(references.iter().any(|r| r.starts_with("left-")), "{references:?}");
        let left = world
            .act(move |app| {
                let count = |place| app.store.read(|db| person_tables::count(db, place, number, "P-CANARY"));
                PERSON_TABLES.iter().filter(|p| !p.stays).map(|p| count(p).expect("counts")).sum::<i64>()
            })
            .await;
        assert_eq!(left, 0, "nothing leads to them any more");
        sound(&world).await;
        let national = world.national().await;
        assert_eq!(figures(&national).await, before, "figures need no names");

        // What other systems were told has the reference until its own time is over.
        world.set_time("2028-09-29T12:00:00Z");
        run(&world).await;
        if let Some(file) = world.app.store.file() {
            let mut bytes = std::fs::read(file).expect("the database");
            bytes.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
            let found = bytes.windows(8).any(|window| window == b"P-CANARY");
            assert!(!found, "the reference is in no unused part of the file either");
        }

        world.set_time("2032-06-19T12:00:00Z");
        run(&world).await;
        assert_eq!(world.stored_responses().await, 7, "kept the day before");
        world.set_time("2032-06-20T12:00:00Z");
        assert_eq!(run(&world).await, [("answers", 1, 1)], "the open link's");
        world.set_time("2032-06-30T12:00:00Z");
        let gone = run(&world).await;
        assert_eq!(gone, [("answers", 4, 1)], "three answers and the participant");
        assert_eq!(world.stored_responses().await, 3);
        sound(&world).await;
        let national = world.national().await;
        assert_eq!(figures(&national).await, before, "figures stay as they were published");

        // And they go on: whoever answers now is added to what is settled.
        let more = response("leeds-shared-lives", "P-2", "2026-06-12", "worse");
        national.submit("key-0123456789-more", &more).await.expect(201);
        sound(&world).await;
        world.act(|app| khi::use_cases::rebuild_tallies(app, |_, _| {}).expect("rebuilt")).await;
        sound(&world).await;

        let log =
            lead_again(&world).await.get(&format!("{SCHEME}/audit?limit=5000")).await.expect(200).items();
        let applied: Vec<&Value> = log.iter().filter(|entry| entry["act"] == "retention-applied").collect();
        assert!(applied.iter().any(|entry| entry["details"]["class"] == "identity"
            && entry["details"]["people"] == 1
            && entry["by"] == "system"));
        assert!(!applied.iter().any(|entry| entry.to_string().contains("CANARY")));
    });
}

/// A session ends long before the clock of these tests.
async fn lead_again(world: &World) -> Client<'_> {
    world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await
}

#[test]
fn withdrawn_answers_history_links_tasks_and_what_was_told_go_with_their_age() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.invite("P-1").await;
        let mut said = response("leeds-shared-lives", "P-3", "2026-07-14", "better");
        said["answers"]["safe"] = json!("no");
        let enrolment = json!({"council": "E08000035", "supported_from": "2024-05-01"});
        national.put(&format!("{SCHEME}/participants/by-ref/P-3"), &enrolment).await.expect(201);
        let sent = national.submit("key-0123456789-a", &said).await.expect(201).json();
        let path = format!("/api/v1/responses/{}", sent["id"].as_str().expect("id"));
        national.patch(&path, 1, &json!({"answers": {"friends": 5}})).await.expect(200);
        national.delete(&path).await.expect(204);
        let lead = lead_again(&world).await;
        let task =
            lead.get(&format!("{SCHEME}/tasks")).await.items()[0]["id"].as_str().expect("id").to_owned();
        lead.post(&format!("{SCHEME}/tasks/{task}/acknowledgement"), &json!({})).await.expect(200);
        let cursor = national.get("/api/v1/changes").await.expect(200).json()["next"].clone();
        let old = national.get("/api/v1/changes?limit=1").await.expect(200).json()["next"].clone();
        let read = |after: &Value| format!("/api/v1/changes?after={}", after.as_str().expect("a cursor"));
        assert_eq!(run(&world).await, [], "nothing is old");

        world.set_time("2026-10-17T12:00:00Z");
        assert!(run(&world).await.iter().all(|(class, ..)| *class != "changes"));
        world.set_time("2026-10-18T12:00:00Z");
        let gone = run(&world).await;
        assert!(gone.iter().any(|(class, ..)| *class == "changes"), "{gone:?}");
        let national = world.national().await;
        let refused = national.get(&read(&old)).await.expect(410);
        assert_eq!(refused.json()["code"], "start-anew");
        national.get(&read(&cursor)).await.expect(200);
        assert_eq!(national.get("/api/v1/changes").await.expect(200).items(), Vec::<Value>::new());
        // Numbers are never given again.
        let more = response("leeds-shared-lives", "P-3", "2026-07-14", "better");
        national.submit("key-0123456789-b", &more).await.expect(201);
        assert_eq!(national.get(&read(&cursor)).await.expect(200).items().len(), 1);
        let scheme = format!("/api/v1/changes?scheme=leeds-shared-lives&after=s{}", 1);
        national.get(&scheme).await.expect(410);

        let ends: NaiveDate = "2026-10-20".parse().expect("a day");
        let at = |day: NaiveDate| format!("{day}T12:00:00Z");
        world.set_time(&at(ends + chrono::Days::new(29)));
        let ways_in = |gone: &[(&str, i64, usize)]| gone.iter().any(|(class, ..)| *class == "ways-in");
        assert!(!ways_in(&run(&world).await));
        world.set_time(&at(ends + chrono::Days::new(30)));
        assert!(ways_in(&run(&world).await));
        sound(&world).await;

        world.set_time("2027-07-19T12:00:00Z");
        assert!(run(&world).await.iter().all(|(class, ..)| *class == "changes"));
        world.set_time("2027-07-20T12:00:00Z");
        let gone = run(&world).await;
        assert_eq!(gone, [("history", 2, 1), ("withdrawn", 1, 1)], "{gone:?}");
        let lead = lead_again(&world).await;
        let tasks = lead.get(&format!("{SCHEME}/tasks")).await.expect(200).items();
        assert_eq!((tasks.len(), &tasks[0]["answers"]), (1, &json!("erased")), "that there was a task stays");
        world.set_time("2032-07-20T12:00:00Z");
        assert!(run(&world).await.iter().any(|(class, ..)| *class == "tasks"));
        let lead = lead_again(&world).await;
        assert_eq!(lead.get(&format!("{SCHEME}/tasks")).await.expect(200).items(), Vec::<Value>::new());
        sound(&world).await;
        assert!(world.act(|app| retention_is_due(app).expect("looked")).await);
        assert!(!world.act(|app| retention_is_due(app).expect("looked")).await, "once a day");
    });
}

#[test]
fn who_says_how_long_and_a_scheme_only_less_long() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        let here = format!("{SCHEME}/retention");
        let body = json!({"classes": {"identity": {"keep": 12, "reason": "Our board decided so."}}});
        let roles = [
            (None, 401, 401),
            (Some(Role::SchemeLead(leeds)), 403, 200),
            (Some(Role::SchemeWorker(leeds)), 403, 403),
            (Some(Role::SchemeLead(york)), 403, 404),
            (Some(Role::Area("E08000035".into())), 403, 403),
            (Some(Role::Collector(Some(leeds))), 403, 403),
            (Some(Role::Analyst), 403, 403),
            (Some(Role::National), 200, 200),
        ];
        for (role, wide, own) in roles {
            let name = format!("{role:?}");
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let got = [
                client.get("/api/v1/retention").await.status.as_u16(),
                client.put("/api/v1/retention", &body).await.status.as_u16(),
                client.get(&here).await.status.as_u16(),
                client.put(&here, &body).await.status.as_u16(),
            ];
            assert_eq!(got, [wide, wide, own, own], "{name}");
        }
        let of = |reply: Value, class: &str| -> Value {
            let classes = reply["classes"].as_array().expect("classes").clone();
            classes.into_iter().find(|c| c["class"] == class).expect("the class")
        };
        let lead = lead_again(&world).await;
        let longer = json!({"classes": {"identity": {"keep": 13, "reason": "x"}, "changes": {"keep": 30, "reason": "x"}}});
        let faults = lead.put(&here, &longer).await.expect(422).faults();
        let expected = [("/classes/changes", "national-only"), ("/classes/identity/keep", "out-of-range")];
        assert_eq!(faults, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        let shorter =
            json!({"from": "2026-09-01", "classes": {"identity": {"keep": 6, "reason": "We need less."}}});
        let seen = lead.put(&here, &shorter).await.expect(200).json();
        let identity = of(seen, "identity");
        assert_eq!((&identity["keep"], &identity["coming"][0]["keep"]), (&json!(12), &json!(6)));
        world.set_time("2026-09-01T12:00:00Z");
        let lead = lead_again(&world).await;
        let identity = of(lead.get(&here).await.expect(200).json(), "identity");
        assert_eq!(
            (&identity["keep"], &identity["own"], &identity["reason"]),
            (&json!(6), &json!(true), &json!("We need less."))
        );
        let log = lead.get(&format!("{SCHEME}/audit")).await.expect(200).items();
        assert!(log.iter().any(|entry| entry["act"] == "retention-changed" && entry["details"]["keep"] == 6));
    });
}
