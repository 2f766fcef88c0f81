//! Bad input: each kind gets a clear 4xx with place and rule, and changes nothing.

use actix_web::http::Method;
use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{on_both, response, scheme};

const KEY: &str = "key-0123456789-a";

fn spoilt(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
    change(&mut body);
    body
}

#[test]
fn each_fault_of_a_response_is_told_at_its_place() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        type Case = (&'static str, Value, u16, Vec<(&'static str, &'static str)>);
        let cases: Vec<Case> = vec![
            (
                "unknown option",
                spoilt(|b| b["answers"]["connected"] = json!("best")),
                422,
                vec![("/answers/connected", "unknown-option")],
            ),
            (
                "answer to an unasked item",
                spoilt(|b| b["answers"]["lonely-when"] = json!(["night"])),
                422,
                vec![("/answers/lonely-when", "not-asked")],
            ),
            (
                "unknown item",
                spoilt(|b| b["answers"]["nothing"] = json!(1)),
                422,
                vec![("/answers/nothing", "unknown-item")],
            ),
            (
                "wrong type",
                spoilt(|b| b["answers"]["friends"] = json!("four")),
                422,
                vec![("/answers/friends", "wrong-type")],
            ),
            (
                "out of range",
                spoilt(|b| b["answers"]["friends"] = json!(-1)),
                422,
                vec![("/answers/friends", "out-of-range")],
            ),
            (
                "a fraction",
                spoilt(|b| b["answers"]["friends"] = json!(1.5)),
                422,
                vec![("/answers/friends", "wrong-type")],
            ),
            (
                "exclusive with others",
                spoilt(|b| b["answers"]["choose-what"] = json!(["nothing", "work"])),
                422,
                vec![("/answers/choose-what", "exclusive-option")],
            ),
            (
                "empty list",
                spoilt(|b| b["answers"]["choose-what"] = json!([])),
                422,
                vec![("/answers/choose-what", "too-few")],
            ),
            (
                "unreadable online",
                spoilt(|b| b["answers"]["kind"] = json!({"missing": "unreadable"})),
                422,
                vec![("/answers/kind/missing", "paper-only")],
            ),
            (
                "future date",
                spoilt(|b| b["completed_on"] = json!("2026-07-21")),
                422,
                vec![("/completed_on", "future-date")],
            ),
            (
                "before 2000",
                spoilt(|b| b["completed_on"] = json!("1999-12-31")),
                422,
                vec![("/completed_on", "too-early")],
            ),
            (
                "no date",
                spoilt(|b| b["completed_on"] = json!("14/07/2026")),
                422,
                vec![("/completed_on", "not-a-date")],
            ),
            (
                "unknown scheme",
                spoilt(|b| b["scheme"] = json!("nowhere")),
                404,
                vec![("/scheme", "unknown-scheme")],
            ),
            (
                "no scheme, and more",
                spoilt(|b| {
                    b["scheme"] = Value::Null;
                    b["answers"]["connected"] = json!("best");
                }),
                422,
                vec![("/answers/connected", "unknown-option"), ("/scheme", "required")],
            ),
            (
                "wrong council",
                spoilt(|b| b["council"] = json!("E06000014")),
                422,
                vec![("/council", "wrong-council")],
            ),
            (
                "unknown version",
                spoilt(|b| b["version"] = json!("9.0.0")),
                422,
                vec![("/version", "unknown-version")],
            ),
            (
                "another model's questionnaire",
                spoilt(|b| {
                    b["questionnaire"] = json!("homeshare-householder");
                    b["answers"] = json!({});
                }),
                422,
                vec![("/questionnaire", "wrong-model")],
            ),
            (
                "no helper",
                spoilt(|b| b["completed_by"] = json!("helped")),
                422,
                vec![("/helper", "required")],
            ),
            (
                "a helper of nobody",
                spoilt(|b| b["helper"] = json!({"role": "family", "gives_support": false})),
                422,
                vec![("/helper", "not-allowed-here")],
            ),
            (
                "unknown fact",
                spoilt(|b| b["about"]["shoe_size"] = json!("9")),
                422,
                vec![("/about/shoe_size", "unknown-breakdown")],
            ),
            (
                "unknown value",
                spoilt(|b| b["about"]["age_band"] = json!("old")),
                422,
                vec![("/about/age_band", "unknown-code")],
            ),
            ("unknown key", spoilt(|b| b["nonsense"] = json!(true)), 422, vec![("/nonsense", "unknown-key")]),
            (
                "other consent",
                spoilt(|b| b["consent"]["version"] = json!("7")),
                422,
                vec![("/consent/version", "unknown-consent")],
            ),
            (
                "unknown invitation",
                spoilt(|b| b["invitation"] = json!("none")),
                422,
                vec![("/invitation", "unknown-invitation")],
            ),
            (
                "a name as reference",
                spoilt(|b| b["participant"] = json!("Ann Other")),
                422,
                vec![("/participant", "bad-reference")],
            ),
            (
                "U+0000",
                spoilt(|b| b["answers"]["one-thing"] = json!("a\0b")),
                422,
                vec![("/answers/one-thing", "null-character")],
            ),
            ("not an object", json!([1]), 422, vec![("", "wrong-type")]),
        ];
        for (name, body, status, faults) in cases {
            let reply = national.submit(KEY, &body).await;
            assert_eq!(reply.status.as_u16(), status, "{name}: {}", reply.text);
            let faults: Vec<(String, String)> =
                faults.into_iter().map(|(p, c)| (p.into(), c.into())).collect();
            assert_eq!(reply.faults(), faults, "{name}");
            assert!(reply.header("content-type").is_some_and(|t| t.starts_with("application/problem+json")));
        }
        assert_eq!(world.stored_responses().await, 0);
    });
}

#[test]
fn all_faults_come_in_one_reply() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let body = spoilt(|b| {
            b["answers"]["connected"] = json!("best");
            b["answers"]["friends"] = json!(1000);
            b["mode"] = json!("pigeon");
            b["completed_on"] = json!("2030-01-01");
            b.as_object_mut().expect("object").remove("language");
        });
        let faults = national.submit(KEY, &body).await.expect(422).faults();
        let expected = [
            ("/answers/connected", "unknown-option"),
            ("/answers/friends", "out-of-range"),
            ("/completed_on", "future-date"),
            ("/language", "required"),
            ("/mode", "unknown-code"),
        ];
        assert_eq!(faults, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
    });
}

#[test]
fn bodies_that_cannot_be_read_are_refused_before_anything_is_looked_at() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let good = response("leeds-shared-lives", "P-1", "2026-07-14", "better").to_string();
        let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
        let large = format!("{{\"scheme\": \"{}\"}}", "x".repeat(1_000_000));
        let cases: Vec<(&str, Vec<u8>, &str, u16, &str)> = vec![
            ("broken off", good.as_bytes()[..200].to_vec(), "application/json", 400, "malformed"),
            ("deep", deep.into_bytes(), "application/json", 400, "malformed"),
            ("not UTF-8", b"{\"scheme\": \"\xff\xfe\"}".to_vec(), "application/json", 400, "malformed"),
            (
                "a key twice",
                b"{\"scheme\": \"a\", \"scheme\": \"b\"}".to_vec(),
                "application/json",
                400,
                "malformed",
            ),
            ("empty", Vec::new(), "application/json", 400, "malformed"),
            ("1 MB", large.into_bytes(), "application/json", 413, "too-large"),
            (
                "a form",
                good.clone().into_bytes(),
                "application/x-www-form-urlencoded",
                415,
                "unsupported-media-type",
            ),
        ];
        for (name, body, content_type, status, code) in cases {
            let headers = [("Content-Type", content_type), ("Idempotency-Key", KEY)];
            let reply = national.send(Method::POST, "/api/v1/responses", &headers, Some(body)).await;
            assert_eq!(
                (reply.status.as_u16(), reply.json()["code"].as_str()),
                (status, Some(code)),
                "{name}: {}",
                reply.text
            );
            assert!(code != "malformed" || reply.faults().len() == 1, "{name}: says where");
        }
        for key in ["", "short", "has a space in the key", &"x".repeat(129)] {
            let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
            let reply = national
                .send(Method::POST, "/api/v1/responses", &headers, Some(good.clone().into_bytes()))
                .await;
            assert_eq!(
                (reply.status.as_u16(), reply.json()["code"].as_str()),
                (400, Some("idempotency-key-missing")),
                "{key:?}"
            );
        }
        assert_eq!(world.stored_responses().await, 0);
    });
}

#[test]
fn refusals_come_in_the_order_of_the_contract() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let broken = || Some(b"{".to_vec());
        let json_type = [("Content-Type", "application/json")];
        let send = |client| async move {
            let client: super::support::Client<'_> = client;
            client.send(Method::POST, "/api/v1/responses", &json_type, broken()).await.status.as_u16()
        };
        assert_eq!(send(world.stranger()).await, 401);
        assert_eq!(send(world.signed_in(Role::Analyst).await).await, 403);
        let york = world.signed_in(Role::SchemeLead(world.number("york-shared-lives"))).await;
        let body = response("leeds-shared-lives", "P-1", "2026-07-14", "nonsense");
        let others = york.submit(KEY, &body).await.expect(404);
        let absent =
            york.submit(KEY, &response("no-such-scheme", "P-1", "2026-07-14", "nonsense")).await.expect(404);
        assert_eq!(others.text, absent.text, "another's scheme and no scheme look alike");
    });
}
