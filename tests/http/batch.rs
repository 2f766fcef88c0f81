//! Many responses at once, and a dry run of one.

use actix_web::http::Method;
use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{Client, Reply, World, on_both, response, scheme};

const BATCH: &str = "/api/v1/responses/batch";

fn item(person: &str, said: &str) -> Value {
    let mut item = response("leeds-shared-lives", person, "2026-07-14", said);
    item["idempotency_key"] = json!(format!("key-0123456789-{person}"));
    item
}

async fn people(world: &World) -> Value {
    let national = world.national().await;
    let query = "/api/v1/khi?period=2026-27&level=uk&indicator=social-connection";
    national.get(query).await.expect(200).items().first().map_or(json!(0), |row| row["n"].clone())
}

async fn send(client: &Client<'_>, batch: &[Value]) -> Reply {
    client.post(BATCH, &json!(batch)).await
}

#[test]
fn one_bad_row_of_a_batch_fails_alone_and_a_retry_counts_nothing_twice() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let client = world.signed_in(Role::Collector(None)).await;
        let mut bad = item("P-3", "better");
        bad["answers"]["connected"] = json!("best");
        bad["surprise"] = json!(1);
        let mut keyless = item("P-4", "better");
        keyless.as_object_mut().expect("an object").remove("idempotency_key");
        let mut nowhere = item("P-5", "better");
        nowhere["scheme"] = json!("no-such-scheme");
        let mut same_key = item("P-1", "worse");
        same_key["idempotency_key"] = json!("key-0123456789-P-1");
        let batch = [
            item("P-1", "better"),
            item("P-2", "worse"),
            item("P-1", "better"),
            bad,
            keyless,
            nowhere,
            same_key,
            json!(7),
        ];
        let told = send(&client, &batch).await.expect(200).json();
        let status: Vec<&str> = told["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|i| i["status"].as_str().expect("status"))
            .collect();
        let refused = ["refused"; 5];
        assert_eq!(status, [&["recorded", "recorded", "replayed"][..], &refused[..]].concat());
        assert_eq!(
            (&told["recorded"], &told["replayed"], &told["refused"]),
            (&json!(2), &json!(1), &json!(5))
        );
        assert_eq!(told["items"][0]["id"], told["items"][2]["id"]);
        let codes: Vec<&Value> = (3..8).map(|i| &told["items"][i]["code"]).collect();
        assert_eq!(codes, ["invalid", "invalid", "unknown", "idempotency-key-reused", "invalid"]);
        let pointers = |at: usize| -> Vec<&str> {
            let errors = told["items"][at]["errors"].as_array().expect("errors");
            errors.iter().map(|e| e["pointer"].as_str().expect("a pointer")).collect()
        };
        assert_eq!(pointers(3), ["/3/answers/connected", "/3/surprise"]);
        assert_eq!((pointers(4), pointers(5)), (vec!["/4/idempotency_key"], vec!["/5/scheme"]));
        assert_eq!(people(&world).await, 2);

        let again = send(&client, &batch).await.expect(200).json();
        assert_eq!((&again["recorded"], &again["replayed"]), (&json!(0), &json!(3)));
        // The same response under the same key, alone, is the same response.
        let mut alone = item("P-1", "better");
        alone.as_object_mut().expect("an object").remove("idempotency_key");
        let alone = client.submit("key-0123456789-P-1", &alone).await.expect(201);
        assert_eq!(
            (alone.header("Idempotency-Replayed"), &alone.json()["id"]),
            (Some("true"), &told["items"][0]["id"])
        );
        let id = told["items"][1]["id"].as_str().expect("id");
        national.delete(&format!("/api/v1/responses/{id}?erase=true")).await.expect(204);
        let gone = send(&client, &batch[1..2]).await.expect(200).json();
        assert_eq!(gone["items"][0], json!({"status": "refused", "code": "gone", "errors": []}));
        assert_eq!(people(&world).await, 1);
    });
}

#[test]
fn a_batch_is_a_list_of_one_to_five_hundred() {
    on_both(|world| async move {
        world.with_leeds().await;
        let client = world.signed_in(Role::Collector(None)).await;
        let many: Vec<Value> = (0..501).map(|n| item(&format!("P-{n}"), "same")).collect();
        for (bad, code) in
            [(json!({}), "wrong-type"), (json!([]), "out-of-range"), (json!(many), "out-of-range")]
        {
            let faults = client.post(BATCH, &bad).await.expect(422).faults();
            assert_eq!(faults, [(String::new(), code.to_owned())]);
        }
        assert_eq!(people(&world).await, 0);
        let told = send(&client, &many[..500]).await.expect(200).json();
        assert_eq!((&told["recorded"], told["items"].as_array().map(Vec::len)), (&json!(500), Some(500)));
        assert_eq!(people(&world).await, 500);
    });
}

#[test]
fn a_batch_is_for_those_who_send_responses() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let york = world.number("york-shared-lives");
        for (role, status) in
            [(Role::Analyst, 403), (Role::Area("E08000035".into()), 403), (Role::SchemeLead(york), 200)]
        {
            let name = format!("{role:?}");
            let reply = send(&world.signed_in(role).await, &[item("P-1", "better")]).await;
            assert_eq!(reply.status.as_u16(), status, "{name}");
            if status == 200 {
                assert_eq!(reply.json()["items"][0]["code"], "unknown", "another scheme's does not exist");
            }
        }
        world.stranger().post(BATCH, &json!([])).await.expect(401);
        assert_eq!(people(&world).await, 0);
    });
}

#[test]
fn a_dry_run_checks_all_writes_nothing_and_says_what_it_would_count_as() {
    on_both(|world| async move {
        world.with_leeds().await;
        let client = world.signed_in(Role::Collector(None)).await;
        let dry = |body: Value| {
            let client = &client;
            async move {
                client
                    .json(
                        Method::POST,
                        "/api/v1/responses?dry_run=true",
                        &[("Idempotency-Key", "key-0123456789-a")],
                        &body,
                    )
                    .await
            }
        };
        let mut body = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        body["answers"]["choose"] = json!({"missing": "dont-know"});
        let told = dry(body.clone()).await.expect(200).json();
        assert_eq!(
            (&told["status"], &told["counted"], &told["council"]),
            (&json!("would-be-recorded"), &json!(true), &json!("E08000035"))
        );
        assert_eq!((&told["periods"][0], &told["periods"][1]), (&json!("2026-Q3"), &json!("2026-27")));
        let of = |told: &Value, id: &str| -> Value {
            let found =
                told["indicators"].as_array().expect("indicators").iter().find(|i| i["indicator"] == id);
            found.cloned().unwrap_or_else(|| panic!("no {id} in {told}"))
        };
        let connection = of(&told, "social-connection");
        assert_eq!(
            (&connection["answer"], &connection["positive"], &connection["left_out"]),
            (&json!("better"), &json!(true), &json!(null))
        );
        assert!(
            told["indicators"].as_array().expect("indicators").iter().any(|i| i["left_out"] == "dont-know")
        );
        body["answers"]["safe"] = json!("no");
        assert_eq!(dry(body.clone()).await.expect(200).json()["opens_task"], true);
        body["consent"]["statistics"] = json!(false);
        let uncounted = dry(body.clone()).await.expect(200).json();
        assert_eq!((&uncounted["counted"], &uncounted["indicators"]), (&json!(false), &json!([])));
        body["answers"]["connected"] = json!("best");
        assert_eq!(
            dry(body.clone()).await.expect(422).faults(),
            [("/answers/connected".into(), "unknown-option".into())]
        );
        body["scheme"] = json!("no-such-scheme");
        dry(body).await.expect(404);
        world
            .signed_in(Role::Analyst)
            .await
            .json(Method::POST, "/api/v1/responses?dry_run=true", &[], &json!({}))
            .await
            .expect(403);
        let key = [("Idempotency-Key", "key-0123456789-a")];
        client.json(Method::POST, "/api/v1/responses?dry=true", &key, &json!({})).await.expect(400);
        client.json(Method::POST, "/api/v1/responses?dry_run=true", &[], &json!({})).await.expect(400);
        assert_eq!(people(&world).await, 0);
        let national = world.national().await;
        assert!(national.get("/api/v1/changes").await.items().is_empty());
        assert!(national.get("/api/v1/schemes/leeds-shared-lives/tasks").await.items().is_empty());
        let sent = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        client.submit("key-0123456789-a", &sent).await.expect(201);
        assert_eq!(dry(sent).await.expect(200).json()["status"], "would-be-replayed");
        let other = response("leeds-shared-lives", "P-1", "2026-07-14", "same");
        assert_eq!(dry(other).await.expect(422).json()["code"], "idempotency-key-reused");
    });
}
