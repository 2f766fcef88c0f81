//! What is sealed: nothing plain is stored; what was changed or moved is refused; keys are rotated and destroyed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use khi::domain::access::{Actor, Role};
use khi::sealed::{Column, Unreadable};
use khi::storage::StorageError;
use khi::storage::sealed_columns::{self, COLUMNS, CONTACTS, Cell, IDENTITY, RESPONSE_BODY};
use khi::use_cases::{
    add_scheme, destroy_keys, escalate_tasks, list_keys, put_identity, read_identity, rotate_keys,
};

use super::support::{Client, World, contacts, on_both, response, scheme};

const SCHEME: &str = "/api/v1/schemes/leeds-shared-lives";
const MARK: &str = "CANARY";

fn path(person: &str) -> String {
    format!("{SCHEME}/participants/by-ref/{person}/identity")
}

fn identity(name: &str) -> Value {
    json!({"name": format!("{MARK} {name}"), "channel": "none"})
}

/// A scheme with something in every sealed column: two people with names and words, one corrected, a task that was told and seen.
async fn with_everything(world: &World) -> (Client<'_>, Client<'_>) {
    let national = world.with_leeds().await;
    let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
    let mut named = contacts("leeds");
    named["leads"][0]["name"] = json!(format!("{MARK} Ann"));
    lead.put(&format!("{SCHEME}/contacts"), &named).await.expect(200);
    for person in ["P-1", "P-2"] {
        let enrolment = json!({"council": "E08000035", "supported_from": "2024-01-01"});
        lead.put(&format!("{SCHEME}/participants/by-ref/{person}"), &enrolment).await.expect(201);
        lead.put(&path(person), &identity(person)).await.expect(200);
        let mut body = response("leeds-shared-lives", person, "2026-07-14", "better");
        body["answers"]["one-thing"] = json!(format!("{MARK} words of {person}"));
        let sent = national.submit(&format!("key-0123456789-{person}"), &body).await.expect(201).json();
        let id = format!("/api/v1/responses/{}", sent["id"].as_str().expect("id"));
        let patch = json!({"answers": {"one-thing": format!("{MARK} other words of {person}")}});
        national.patch(&id, 1, &patch).await.expect(200);
    }
    world.set_time("2026-07-21T09:00:00Z");
    world.act(|app| escalate_tasks(app).expect("told")).await;
    let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
    let tasks = lead.get(&format!("{SCHEME}/tasks")).await.items();
    let task = tasks[0]["id"].as_str().expect("id");
    lead.post(&format!("{SCHEME}/tasks/{task}/acknowledgement"), &json!({})).await.expect(200);
    world
        .act(|app| {
            use khi::domain::access::Actor;
            use khi::use_cases::{NewComplaint, answer_complaint, complain, list_complaints};
            let here = Some("leeds-shared-lives");
            let new = NewComplaint {
                scheme: here.map(str::to_owned),
                words: format!("{MARK} what is wrong"),
                name: format!("{MARK} who says so"),
                contact: String::new(),
            };
            complain(app, &new).expect("taken");
            let number = app.directory().scheme("leeds-shared-lives").expect("there").number;
            let lead = Actor { account: "A-1".into(), role: Role::SchemeLead(number) };
            let id = list_complaints(app, &lead, here).expect("listed")[0].id.clone();
            answer_complaint(app, &lead, here, &id, &format!("{MARK} what was answered")).expect("answered");
        })
        .await;
    (world.national().await, lead)
}

/// Everything in a sealed column.
async fn cells(world: &World, column: &'static Column) -> Vec<Cell> {
    world
        .act(move |app| app.store.read(|db| sealed_columns::page(db, column, None, None, 1000)))
        .await
        .expect("reads")
}

/// Changes a value behind the program's back.
async fn change(world: &World, column: &'static Column, cell: &Cell, value: String) {
    let cell = cell.clone();
    let changed =
        world.act(move |app| app.store.write(|db| sealed_columns::swap(db, column, &cell, &value))).await;
    assert!(changed.expect("writes"));
}

/// What was said, of every task, as the lead sees it; sorted, since ids of one moment come in any order.
async fn said(lead: &Client<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    for task in lead.get(&format!("{SCHEME}/tasks")).await.expect(200).items() {
        let task = lead.get(&format!("{SCHEME}/tasks/{}", task["id"].as_str().expect("id"))).await;
        all.push(task.expect(200).json()["said"][0]["answer"].clone());
    }
    all.sort_by_key(Value::to_string);
    all
}

#[test]
fn no_name_and_no_words_are_stored_in_plain_and_those_who_may_read_them_do() {
    on_both(|world| async move {
        let (_, lead) = with_everything(&world).await;
        for column in COLUMNS.into_iter().filter(|c| c.table != "drafts") {
            let cells = cells(&world, column).await;
            assert!(!cells.is_empty(), "{} {} is empty: nothing was tested", column.table, column.name);
            for cell in cells {
                assert!(!cell.value.contains(MARK) && cell.value.contains("sealed:1:1:"), "{cell:?}");
            }
        }
        assert_eq!(lead.get(&path("P-1")).await.json()["name"], json!(format!("{MARK} P-1")));
        let words: Vec<Value> = ["P-1", "P-1", "P-2", "P-2"]
            .map(|p| json!({"words": format!("{MARK} other words of {p}")}))
            .into();
        assert_eq!(said(&lead).await, words, "each task says what the answer says now");
        let named = lead.get(&format!("{SCHEME}/contacts")).await.json();
        assert_eq!(named["leads"][0]["name"], json!(format!("{MARK} Ann")));
    });
}

#[test]
fn what_was_changed_or_moved_in_the_database_is_refused() {
    on_both(|world| async move {
        let (national, lead) = with_everything(&world).await;
        let people = cells(&world, &IDENTITY).await;
        change(&world, &IDENTITY, &people[0], people[1].value.clone()).await;
        let refused = lead.get(&path("P-1")).await.expect(500);
        assert_eq!(refused.json()["code"], "damaged");
        assert!(!refused.text.contains(MARK), "{}", refused.text);
        lead.get(&path("P-2")).await.expect(200);
        let moved = cells(&world, &IDENTITY).await.remove(0);
        for wrong in ["plain", "sealed:1:7:AAAA", "sealed:1:1:"] {
            let now = cells(&world, &IDENTITY).await.remove(0);
            change(&world, &IDENTITY, &now, wrong.into()).await;
            lead.get(&path("P-1")).await.expect(500);
        }
        assert_eq!(moved.value, people[1].value);
        lead.put(&path("P-1"), &identity("P-1 again")).await.expect(200);
        lead.get(&path("P-1")).await.expect(200);

        let bodies = cells(&world, &RESPONSE_BODY).await;
        let seal = |cell: &Cell| -> String {
            let body: Value = serde_json::from_str(&cell.value).expect("json");
            body["answers"]["one-thing"]["sealed"].as_str().expect("sealed").to_owned()
        };
        let (first, second) = (seal(&bodies[0]), seal(&bodies[1]));
        change(&world, &RESPONSE_BODY, &bodies[0], bodies[0].value.replace(&first, &second)).await;
        let untouched: Value = serde_json::from_str(&bodies[1].value).expect("json");
        let person = untouched["participant"].as_str().expect("a reference");
        let words = json!({"words": format!("{MARK} other words of {person}")});
        let changed = json!({"unreadable": "changed"});
        assert_eq!(said(&lead).await, [changed.clone(), changed, words.clone(), words]);
        let id = khi::secrets::public_id(bodies[0].scheme_number, &bodies[0].row());
        let patch = json!({"answers": {"connected": "same"}});
        let refused = national.patch(&format!("/api/v1/responses/{id}"), 2, &patch).await.expect(500);
        assert_eq!(refused.json()["code"], "damaged", "nothing is built on it");
        national.get("/api/v1/khi?period=2026-27&level=uk").await.expect(200);
        national.delete(&format!("/api/v1/responses/{id}")).await.expect(204);

        let named = cells(&world, &CONTACTS).await.remove(0);
        change(&world, &CONTACTS, &named, named.value.replace("sealed:1:1:", "sealed:1:1:A")).await;
        let other = world.started_with(42).await.expect("one scheme's damage stops no start");
        assert!(other.directory().scheme("leeds-shared-lives").expect("there").contacts.leads.is_empty());
    });
}

#[test]
fn with_destroyed_keys_names_and_words_are_gone_and_everything_else_goes_on() {
    on_both(|world| async move {
        let (national, lead) = with_everything(&world).await;
        world.act(|app| destroy_keys(app, "leeds-shared-lives").expect("destroyed")).await;
        assert_eq!(lead.get(&path("P-1")).await.expect(410).json()["code"], "gone");
        assert_eq!(said(&lead).await, vec![json!({"unreadable": "key-destroyed"}); 4]);
        let contacts_now = lead.get(&format!("{SCHEME}/contacts")).await.expect(200).json();
        assert_eq!(contacts_now["leads"], json!([]));
        let listed = national.get("/api/v1/responses").await.expect(200).items();
        assert_eq!(listed.len(), 2, "coded answers stay");
        let id = |index: usize| format!("/api/v1/responses/{}", listed[index]["id"].as_str().expect("id"));
        national.patch(&id(0), 2, &json!({"answers": {"connected": "same"}})).await.expect(200);
        national.delete(&id(1)).await.expect(204);
        national.get("/api/v1/khi?period=2026-27&level=uk").await.expect(200);
        lead.put(&path("P-1"), &identity("anew")).await.expect(200);
        assert_eq!(lead.get(&path("P-1")).await.expect(200).json()["name"], json!(format!("{MARK} anew")));
        let states = world.act(|app| list_keys(app).expect("listed")).await;
        let of_scheme: Vec<(i64, &str)> =
            states.iter().filter(|k| k.scheme.is_some()).map(|k| (k.generation, k.state)).collect();
        assert_eq!(of_scheme, [(1, "destroyed"), (2, "seals")]);
    });
}

#[test]
fn a_rotation_is_noticed_by_another_process_and_seals_what_that_wrote_meanwhile() {
    on_both(|world| async move {
        let (_, lead) = with_everything(&world).await;
        let plain = cells(&world, &IDENTITY).await.remove(1);
        change(&world, &IDENTITY, &plain, identity("in plain").to_string().replace(MARK, "PLAIN")).await;
        let other = world.started_with(42).await.expect("starts");
        let rotated = world
            .act(|app| rotate_keys(app, Some("leeds-shared-lives"), Duration::ZERO).expect("rotates"))
            .await;
        assert!(rotated.sealed > 10 && rotated.unreadable == 0 && rotated.destroyed == 0, "{rotated:?}");
        for column in COLUMNS {
            for cell in cells(&world, column).await {
                assert!(
                    cell.value.contains("sealed:1:2:") && !cell.value.contains("sealed:1:1:"),
                    "{cell:?}"
                );
            }
        }
        assert!(!cells(&world, &IDENTITY).await[1].value.contains("PLAIN"), "what was plain is sealed");
        let number = world.number("leeds-shared-lives");
        let actor = Actor { account: "x".into(), role: Role::SchemeLead(number) };
        let written = actix_web::web::block(move || {
            // It may not have seen the new key yet; what that sealed is read all the same, and what it writes is read by others.
            let read = read_identity(&other, &actor, "leeds-shared-lives", "P-1").expect("reads");
            put_identity(&other, &actor, "leeds-shared-lives", "P-2", &identity("late")).expect("writes");
            read.name
        });
        assert_eq!(written.await.expect("runs"), format!("{MARK} P-1"));
        assert_eq!(lead.get(&path("P-2")).await.expect(200).json()["name"], json!(format!("{MARK} late")));
        assert_eq!(said(&lead).await[3], json!({"words": format!("{MARK} other words of P-2")}));

        world.wait(chrono::TimeDelta::hours(2));
        let again = world.act(|app| rotate_keys(app, None, Duration::ZERO).expect("rotates")).await;
        assert_eq!(again.destroyed, 1, "the first key, with which nothing is sealed any more");
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        lead.get(&path("P-1")).await.expect(200);
    });
}

#[test]
fn a_database_is_not_opened_with_another_secret_file() {
    on_both(|world| async move {
        with_everything(&world).await;
        let refused = world.started_with(43).await.err().expect("refused");
        assert!(matches!(refused, StorageError::Sealed(_, Unreadable::WrongSecret)), "{refused}");
        assert!(refused.to_string().contains("another secret file"));
    });
}

#[test]
fn a_new_scheme_has_its_key_however_many_read_the_keys_at_that_moment() {
    on_both(|world| async move {
        world.national().await;
        let found = world
            .act(|app| {
                let over = AtomicBool::new(false);
                let national = Actor { account: "A-1".into(), role: Role::National };
                let add = |number: usize| {
                    let id = format!("new-{number}");
                    add_scheme(app, &national, &scheme(&id, "E08000035")).expect("added");
                    let number = app.directory().scheme(&id).expect("known").number;
                    app.vault.generation(number).map_err(|error| error.to_string())
                };
                std::thread::scope(|threads| {
                    for _ in 0..3 {
                        threads.spawn(|| {
                            while !over.load(Ordering::Relaxed) {
                                app.vault.refresh([]).expect("read again");
                            }
                        });
                    }
                    let found: Vec<_> = (0..60).map(add).collect();
                    over.store(true, Ordering::Relaxed);
                    found
                })
            })
            .await;
        assert_eq!(found, vec![Ok(1); 60]);
    });
}
