//! What happened, for other systems: every kind, in an order in which nothing is missed, and nothing of what was said.

use std::collections::BTreeSet;
use std::sync::mpsc;

use actix_web::http::Method;
use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::domain::change::ChangeKind;
use khi::storage::changes::{self, NewChange};
use khi::storage::{Engine, StorageError};
use khi::use_cases::end_drafts;

use super::support::{Browser, Client, INVITATIONS, World, on_both, response, scheme};

const CHANGES: &str = "/api/v1/changes";

/// What came after `after`, as (kind, id), and where to read on.
async fn read(client: &Client<'_>, after: Option<&str>) -> (Vec<(String, String)>, String) {
    let path = after.map_or_else(|| CHANGES.to_owned(), |after| format!("{CHANGES}?after={after}"));
    let reply = client.get(&path).await.expect(200);
    let text = |v: &Value| v.as_str().expect("text").to_owned();
    let items = reply.items().iter().map(|i| (text(&i["kind"]), text(&i["id"]))).collect();
    (items, text(&reply.json()["next"]))
}

fn kinds(items: &[(String, String)]) -> Vec<&str> {
    items.iter().map(|(kind, _)| kind.as_str()).collect()
}

async fn lead<'w>(world: &'w World, scheme: &str) -> Client<'w> {
    world.signed_in(Role::SchemeLead(world.number(scheme))).await
}

#[test]
fn every_act_is_told_by_id_and_kind_and_nothing_of_what_was_said() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = lead(&world, "leeds-shared-lives").await;
        let (none, start) = read(&lead, None).await;
        assert!(none.is_empty() && start == "s0");
        let first = national.invite("P-1").await;
        let taken_back = national.invite("P-2").await;
        let begun = national.invite("P-3").await;
        let mut body = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        body["invitation"] = json!(first.id);
        body["answers"]["one-thing"] = json!("CANARY");
        body["answers"]["safe"] = json!("no");
        let sent = national.submit("key-0123456789-a", &body).await.expect(201).json();
        let id = sent["id"].as_str().expect("id").to_owned();
        let path = format!("/api/v1/responses/{id}");
        let (items, next) = read(&lead, Some(&start)).await;
        let task =
            items.iter().find(|(kind, _)| kind == "task-opened").map(|(_, id)| id.clone()).expect("a task");
        let expected = [
            ("participant-changed", "P-1"),
            ("participant-changed", "P-2"),
            ("participant-changed", "P-3"),
            ("response-recorded", &id),
            ("invitation-answered", &first.id),
            ("task-opened", &task),
        ];
        assert_eq!(items, expected.map(|(kind, id)| (kind.to_owned(), id.to_owned())));

        // A replay, a refusal and a second sending of the same say nothing.
        national.submit("key-0123456789-a", &body).await.expect(201);
        national.submit("key-0123456789-b", &json!({})).await.expect(422);
        assert_eq!(read(&lead, Some(&next)).await, (Vec::new(), next.clone()));

        national.patch(&path, 1, &json!({"answers": {"connected": "same"}})).await.expect(200);
        national.patch(&path, 1, &json!({"answers": {"connected": "worse"}})).await.expect(412);
        let seen = format!("/api/v1/schemes/leeds-shared-lives/tasks/{task}/acknowledgement");
        lead.post(&seen, &json!({})).await.expect(200);
        lead.post(&seen, &json!({})).await.expect(200);
        national.delete(&path).await.expect(204);
        national.delete(&path).await.expect(204);
        national.delete(&format!("{path}?erase=true")).await.expect(204);
        national.delete(&format!("{INVITATIONS}/{}", taken_back.id)).await.expect(204);
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&begun.link).await;
        browser.answer(&["self"]).await;
        world.set_time("2027-01-10T09:00:00Z");
        world.act(|app| end_drafts(app).expect("ends")).await;
        let lead = self::lead(&world, "leeds-shared-lives").await;
        let (items, _) = read(&lead, Some(&next)).await;
        let expected = [
            ("response-corrected", &id),
            ("task-acknowledged", &task),
            ("response-withdrawn", &id),
            ("response-erased", &id),
            ("invitation-ended", &taken_back.id),
            ("invitation-ended", &begun.id),
        ];
        assert_eq!(items, expected.map(|(kind, id)| (kind.to_owned(), id.to_owned())));
        let all = lead.get(CHANGES).await.text;
        assert!(!all.contains("CANARY") && !all.contains("better") && !all.contains("answers"), "{all}");
    });
}

#[test]
fn each_reader_reads_what_is_theirs_page_by_page() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        for (at, name) in ["leeds", "york", "leeds", "york", "leeds"].into_iter().enumerate() {
            let id = format!("{name}-shared-lives");
            let body = response(&id, &format!("P-{at}"), "2026-07-14", "better");
            national.submit(&format!("key-0123456789-{at}"), &body).await.expect(201);
        }
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        assert_eq!(read(&national, None).await.0.len(), 5);
        assert_eq!(read(&lead(&world, "york-shared-lives").await, None).await.1, "s2", "numbers of its own");
        let lead = lead(&world, "leeds-shared-lives").await;
        let first = lead.get(&format!("{CHANGES}?limit=2")).await.expect(200).json();
        assert_eq!(
            (&first["next"], &first["more"], first["items"].as_array().map(Vec::len)),
            (&json!("s2"), &json!(true), Some(2))
        );
        let rest = lead.get(&format!("{CHANGES}?limit=2&after=s2")).await.expect(200).json();
        assert_eq!(
            (&rest["next"], &rest["more"], rest["items"].as_array().map(Vec::len)),
            (&json!("s3"), &json!(false), Some(1))
        );
        for bad in [
            "after=a2",
            "after=2",
            "after=s",
            "after=s-1",
            "after=s1&after=s2",
            "cursor=s1",
            "limit=0",
            "x=1",
        ] {
            lead.get(&format!("{CHANGES}?{bad}")).await.expect(400);
        }
        lead.get(&format!("{CHANGES}?scheme=york-shared-lives")).await.expect(404);
        lead.get(&format!("{CHANGES}?scheme=no-such-scheme")).await.expect(404);
        national
            .put(
                "/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-9",
                &json!({"council": "E08000035", "supported_from": "2024-01-10"}),
            )
            .await
            .expect(201);
        let (seen, _) = read(&national, Some("a5")).await;
        assert!(
            kinds(&seen) == ["participant-changed"] && seen[0].1 != "P-9",
            "a pseudonym outside the scheme"
        );
        let roles = [
            (Role::SchemeWorker(leeds), 403),
            (Role::SchemeLead(york), 200),
            (Role::Analyst, 403),
            (Role::Area("E08000035".into()), 403),
            (Role::Collector(Some(leeds)), 403),
        ];
        for (role, status) in roles {
            let name = format!("{role:?}");
            assert_eq!(world.signed_in(role).await.get(CHANGES).await.status.as_u16(), status, "{name}");
        }
        world.stranger().get(CHANGES).await.expect(401);
    });
}

#[test]
fn a_task_that_is_routed_round_somebody_leaves_no_trace_in_the_schemes_changes() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = lead(&world, "leeds-shared-lives").await;
        let mut body = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        body["answers"]["safe"] = json!("no");
        body["completed_by"] = json!("helped");
        body["helper"] = json!({"role": "shared-lives-carer", "help": ["read"], "gives_support": true});
        national.submit("key-0123456789-a", &body).await.expect(201);
        national
            .submit("key-0123456789-b", &response("leeds-shared-lives", "P-2", "2026-07-14", "same"))
            .await
            .expect(201);
        let (own, next) = read(&lead, None).await;
        assert_eq!((kinds(&own), next.as_str()), (vec!["response-recorded"; 2], "s2"), "not even a gap");
        let (all, _) = read(&national, None).await;
        assert_eq!(kinds(&all), ["response-recorded", "task-opened", "response-recorded"]);
        let named = national.get(&format!("{CHANGES}?scheme=leeds-shared-lives")).await.items();
        assert_eq!(named.len(), 2);
        // One of the scheme's own people sent it: they may be the one it is routed round.
        let mut own = response("leeds-shared-lives", "P-3", "2026-07-14", "better");
        own["answers"]["safe"] = json!("no");
        lead.submit("key-0123456789-c", &own).await.expect(201);
        assert_eq!(kinds(&read(&lead, Some("s2")).await.0), ["response-recorded"]);
    });
}

fn noted(world: &World, subject: &str) -> NewChange {
    NewChange {
        scheme_number: world.number("leeds-shared-lives"),
        kind: ChangeKind::ResponseRecorded,
        subject: subject.to_owned(),
        guarded: false,
        at: world.app.now(),
    }
}

#[test]
fn a_change_that_commits_late_is_read_late_and_never_missed() {
    on_both(|world| async move {
        if world.app.store.engine() == Engine::Sqlite {
            return; // one writer at a time: nothing begins before another has ended
        }
        world.with_leeds().await;
        let lead = lead(&world, "leeds-shared-lives").await;
        let (early, late) = (noted(&world, "EARLY"), noted(&world, "LATE"));
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let app = world.app.clone();
        // This act takes its row first, and commits last.
        let slow = std::thread::spawn(move || {
            app.store.write(|db| {
                changes::note(db, std::slice::from_ref(&late))?;
                begun.send(()).expect("the test waits");
                may_go_on.recv().map_err(|e| StorageError::Unavailable(e.to_string()))
            })
        });
        has_begun.recv().expect("it began");
        world
            .act(move |app| {
                app.store.write(|db| changes::note(db, std::slice::from_ref(&early))).expect("noted")
            })
            .await;
        let (items, next) = read(&lead, None).await;
        assert_eq!(
            items.iter().map(|(_, id)| id.rsplit('-').next().unwrap_or_default()).collect::<Vec<_>>(),
            ["EARLY"]
        );
        go_on.send(()).expect("it waits");
        slow.join().expect("ends").expect("committed");
        let (items, _) = read(&lead, Some(&next)).await;
        assert_eq!(
            items.iter().map(|(_, id)| id.rsplit('-').next().unwrap_or_default()).collect::<Vec<_>>(),
            ["LATE"]
        );
    });
}

#[test]
fn a_reader_among_many_writers_reads_every_change_once() {
    const WRITERS: usize = 6;
    const EACH: usize = 40;
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world, "leeds-shared-lives").await;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let app = world.app.clone();
                let new: Vec<NewChange> =
                    (0..EACH).map(|n| noted(&world, &format!("{writer}x{n}"))).collect();
                std::thread::spawn(move || {
                    for change in new {
                        app.store
                            .write(|db| changes::note(db, std::slice::from_ref(&change)))
                            .expect("noted");
                    }
                })
            })
            .collect();
        let (mut seen, mut next) = (Vec::new(), "s0".to_owned());
        loop {
            let done = writers.iter().all(std::thread::JoinHandle::is_finished);
            let (items, after) = read(&lead, Some(&next)).await;
            next = after;
            if done && items.is_empty() {
                break;
            }
            seen.extend(items.into_iter().map(|(_, id)| id));
        }
        let different: BTreeSet<&String> = seen.iter().collect();
        assert_eq!((seen.len(), different.len()), (WRITERS * EACH, WRITERS * EACH));
        // Each writer's own changes are in the order in which it made them.
        for writer in 0..WRITERS {
            let own: Vec<&String> = seen.iter().filter(|id| id.contains(&format!("-{writer}x"))).collect();
            let expected: Vec<String> = (0..EACH).map(|n| format!("{writer}x{n}")).collect();
            assert!(own.iter().zip(&expected).all(|(id, e)| id.ends_with(&format!("-{e}"))), "{own:?}");
        }
        lead.send(Method::GET, CHANGES, &[], None).await.expect(200);
    });
}
