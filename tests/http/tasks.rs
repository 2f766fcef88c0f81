//! Safeguarding tasks: which responses open one, who is told when, who sees what, and that it is seen once.

mod mail;
mod people;
mod routes;
mod survey;

use khi::domain::access::Role;
use khi::storage::outbox::{self, MailRow};
use khi::use_cases::{escalate_tasks, open_mail};
use serde_json::{Value, json};

use super::support::{Client, World, contacts, on_both, response, scheme};

const SCHEME: &str = "/api/v1/schemes/leeds-shared-lives";
const TASKS: &str = "/api/v1/schemes/leeds-shared-lives/tasks";
/// When every test begins, and 24 hours later and so on.
const DAYS: [&str; 5] = [
    "2026-07-20T09:00:00Z",
    "2026-07-21T09:00:00Z",
    "2026-07-22T09:00:00Z",
    "2026-07-23T09:00:00Z",
    "2026-07-24T09:00:00Z",
];

/// A scheme in Leeds that has named its contacts; and somebody who may do everything nationally.
async fn with_contacts(world: &World) -> Client<'_> {
    let national = with_nobody(world).await;
    national.put(&format!("{SCHEME}/contacts"), &contacts("leeds")).await.expect(200);
    national
}

/// A scheme in Leeds that has named nobody.
async fn with_nobody(world: &World) -> Client<'_> {
    let national = world.national().await;
    national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
    national
}

async fn lead(world: &World) -> Client<'_> {
    world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await
}

/// A response of `person` that says that they are not safe.
fn unsafe_response(person: &str) -> Value {
    let mut body = response("leeds-shared-lives", person, "2026-07-14", "better");
    body["answers"]["safe"] = json!("no");
    body
}

/// Every mail in the outbox that is not sent, the oldest first.
async fn outbox(world: &World) -> Vec<MailRow> {
    let far = "2100-01-01T00:00:00".parse().expect("a time");
    let mut mails = world
        .act(move |app| app.store.read(|db| outbox::waiting(db, outbox::MAIL, far, 1000)).expect("reads"))
        .await;
    mails.sort_by(|a, b| a.id.cmp(&b.id));
    mails
}

/// Whom the mails in the outbox are for.
async fn told(world: &World) -> Vec<String> {
    outbox(world)
        .await
        .iter()
        .map(|mail| open_mail(&world.app, mail).expect("opens"))
        .map(|mail| mail.to_address.trim_end_matches("@leeds.example").to_owned())
        .collect()
}

/// Tells whoever is to be told by now.
async fn escalate(world: &World) -> usize {
    world.act(|app| escalate_tasks(app).expect("escalates")).await
}

#[test]
fn an_alert_opens_one_task_with_one_mail_and_sending_again_opens_no_other() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let quiet = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        national.submit("key-0123456789-0", &quiet).await.expect(201);
        assert_eq!(told(&world).await, [""; 0], "no alert, no task");

        let mut words = response("leeds-shared-lives", "P-2", "2026-07-14", "better");
        words["answers"]["one-thing"] = json!("I want to talk to somebody.");
        words["consent"]["statistics"] = json!(false);
        let mut anonymous = unsafe_response("P-3");
        anonymous.as_object_mut().expect("object").remove("participant");
        let mut both = unsafe_response("P-4");
        both["answers"]["one-thing"] = json!("Please come.");
        for (index, body) in [&words, &anonymous, &both].into_iter().enumerate() {
            world.set_time(&format!("2026-07-20T09:0{index}:00Z"));
            for replayed in [None, Some("true"), Some("true")] {
                let sent = national.submit(&format!("key-0123456789-{index}-again"), body).await.expect(201);
                assert_eq!(sent.header("Idempotency-Replayed"), replayed);
            }
        }
        assert_eq!(told(&world).await, ["ann", "ann", "ann"]);
        let seen = lead(&world).await.get(TASKS).await.expect(200).json();
        assert_eq!((&seen["open"], &seen["overdue"], &seen["next"]), (&json!(3), &json!(0), &Value::Null));
        let about: Vec<(&Value, &Value)> = seen["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|task| (&task["participant"], &task["items"]))
            .collect();
        assert_eq!(
            about,
            [
                (&json!("P-4"), &json!(["safe", "one-thing"])),
                (&json!(null), &json!(["safe"])),
                (&json!("P-2"), &json!(["one-thing"])),
            ],
            "the newest first"
        );
    });
}

#[test]
fn a_refused_response_opens_no_task() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let mut broken = unsafe_response("P-1");
        broken["answers"]["friends"] = json!("many");
        national.submit("key-0123456789-a", &broken).await.expect(422);
        national.submit("key-0123456789-b", &unsafe_response("P-1")).await.expect(201);
        national.submit("key-0123456789-b", &unsafe_response("P-2")).await.expect(422);
        assert_eq!(told(&world).await, ["ann"], "a key that is used for another body stores nothing");
    });
}

#[test]
fn a_correction_opens_a_task_for_what_it_newly_says_and_only_for_that() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let quiet = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        let id = national.submit("key-0123456789-a", &quiet).await.expect(201).json()["id"].clone();
        let path = format!("/api/v1/responses/{}", id.as_str().expect("id"));
        let corrections = [
            (json!({"answers": {"connected": "same"}}), 0),
            (json!({"answers": {"safe": "no"}}), 1),
            (json!({"answers": {"connected": "worse"}}), 1),
            (json!({"answers": {"one-thing": "Help me."}}), 2),
            (json!({"answers": {"one-thing": "Help me now."}}), 3),
            (json!({"answers": {"safe": "yes"}}), 3),
            (json!({"answers": {"safe": "no"}}), 4),
        ];
        for (revision, (patch, tasks)) in (1..).zip(corrections) {
            world.set_time(&format!("2026-07-20T09:0{revision}:00Z"));
            national.patch(&path, revision, &patch).await.expect(200);
            assert_eq!(told(&world).await.len(), tasks, "{patch}");
        }
        national.patch(&path, 1, &json!({"answers": {"one-thing": "Other words"}})).await.expect(412);
        assert_eq!(told(&world).await.len(), 4, "a refused correction opens none");
        let items = lead(&world).await.get(TASKS).await.items();
        let raised: Vec<&Value> = items.iter().rev().map(|task| &task["items"]).collect();
        let (safe, words) = (json!(["safe"]), json!(["one-thing"]));
        assert_eq!(raised, [&safe, &words, &words, &safe]);
    });
}

#[test]
fn withdrawing_leaves_a_task_as_it_is_and_erasing_leaves_only_that_it_was() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let mut paths = Vec::new();
        for (minute, person) in ["P-1", "P-2"].into_iter().enumerate() {
            world.set_time(&format!("2026-07-20T09:0{minute}:00Z"));
            let sent = national.submit(&format!("key-0123456789-{person}"), &unsafe_response(person)).await;
            paths.push(format!("/api/v1/responses/{}", sent.expect(201).json()["id"].as_str().expect("id")));
        }
        national.delete(&paths[0]).await.expect(204);
        national.delete(&format!("{}?erase=true", paths[1])).await.expect(204);
        let lead = lead(&world).await;
        let items = lead.get(TASKS).await.items();
        let seen = |at: usize| {
            let task: &Value = &items[at];
            (
                task["answers"].clone(),
                task["participant"].clone(),
                task["items"].clone(),
                task["response"].is_null(),
            )
        };
        assert_eq!(seen(1), (json!("withdrawn"), json!("P-1"), json!(["safe"]), false));
        assert_eq!(seen(0), (json!("erased"), Value::Null, Value::Null, true));
        let erased = lead.get(&format!("{TASKS}/{}", items[0]["id"].as_str().expect("id"))).await.expect(200);
        assert_eq!(erased.json()["said"], Value::Null);
        world.set_time(DAYS[2]);
        assert_eq!(escalate(&world).await, 2, "both go on: somebody may have been made to take it back");
    });
}
