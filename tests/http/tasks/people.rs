//! Who sees what of a task, and who says that it was seen.

use serde_json::json;

use super::*;

#[test]
fn each_role_sees_and_does_what_it_may() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let collector = world.signed_in(Role::Collector(None)).await;
        collector.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        let task = national.get(TASKS).await.items()[0]["id"].as_str().expect("id").to_owned();
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        let roles = [
            (None, [401, 401, 401]),
            (Some(Role::National), [200, 200, 403]),
            (Some(Role::SchemeWorker(leeds)), [403, 403, 403]),
            (Some(Role::SchemeLead(york)), [404, 404, 404]),
            (Some(Role::SchemeWorker(york)), [404, 404, 404]),
            (Some(Role::Area("E08000035".into())), [403, 403, 403]),
            (Some(Role::Analyst), [403, 403, 403]),
            (Some(Role::Collector(Some(leeds))), [403, 403, 403]),
            (Some(Role::SchemeLead(leeds)), [200, 200, 200]),
        ];
        for (role, expected) in roles {
            let name = format!("{role:?}");
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let path = format!("{TASKS}/{task}");
            let got = [
                client.get(TASKS).await,
                client.get(&path).await,
                client.post(&format!("{path}/acknowledgement"), &json!({})).await,
            ];
            assert_eq!(got.map(|reply| reply.status.as_u16()), expected, "{name}");
        }
    });
}

#[test]
fn a_lead_sees_whom_a_task_is_about_and_the_national_body_only_times() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let mut body = unsafe_response("P-1");
        body["answers"]["one-thing"] = json!("CANARY my own words");
        let sent = national.submit("key-0123456789-a", &body).await.expect(201).json();
        let lead = lead(&world).await;
        let listed = lead.get(TASKS).await.expect(200);
        let task = &listed.items()[0];
        assert!(!listed.text.contains("CANARY"), "a list holds no words");
        assert_eq!(
            (&task["participant"], &task["items"], &task["response"], &task["answers"]),
            (&json!("P-1"), &json!(["safe", "one-thing"]), &sent["id"], &json!("stored"))
        );
        assert_eq!(
            (&task["told"][0]["name"], &task["told"][0]["mail"]),
            (&json!("Ann Example"), &json!("waiting"))
        );
        assert_eq!(
            (&task["raised_at"], &task["due_at"], &task["overdue"]),
            (&json!("2026-07-20T09:00:00.000000Z"), &json!("2026-07-21T09:00:00.000000Z"), &json!(false))
        );
        let path = format!("{TASKS}/{}", task["id"].as_str().expect("id"));
        let said = lead.get(&path).await.expect(200).json()["said"].clone();
        assert_eq!((&said[0]["item"], &said[0]["answer"]), (&json!("safe"), &json!("no")));
        assert_eq!(said[1]["answer"], json!({"words": "CANARY my own words"}));
        assert!(said[0]["question"].as_str().is_some_and(|q| !q.is_empty()));

        let seen = national.get(TASKS).await.expect(200);
        let mut keys: Vec<String> = seen.items()[0].as_object().expect("a task").keys().cloned().collect();
        keys.sort_unstable();
        assert_eq!(keys, ["acknowledged_at", "due_at", "id", "overdue", "raised_at", "told"]);
        let one = national.get(&path).await.expect(200);
        for text in [&seen.text, &one.text] {
            for secret in ["P-1", "safe", "Ann", "leeds.example", "CANARY", "said"] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
    });
}

#[test]
fn what_is_acknowledged_says_by_whom_and_stays_as_it_was_first() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        let (first, second) = (lead(&world).await, lead(&world).await);
        let id = first.get(TASKS).await.items()[0]["id"].as_str().expect("id").to_owned();
        let path = format!("{TASKS}/{id}/acknowledgement");
        world.set_time("2026-07-20T09:30:00Z");
        let seen = first.post(&path, &json!({})).await.expect(200).json();
        assert_eq!(seen["acknowledged_at"], "2026-07-20T09:30:00.000000Z");
        assert!(seen["acknowledged_by"].as_str().is_some_and(|by| by.ends_with("@example.org")), "{seen}");
        world.set_time("2026-07-20T09:40:00Z");
        assert_eq!(second.post(&path, &json!({})).await.expect(200).json(), seen);
        let open = first.get(&format!("{TASKS}?open=true")).await.expect(200).json();
        assert_eq!((&open["items"], &open["open"]), (&json!([]), &json!(0)));
        assert_eq!(first.get(TASKS).await.items().len(), 1);
    });
}

#[test]
fn tasks_are_paged_the_newest_first() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        for (minute, person) in ["P-1", "P-2", "P-3"].into_iter().enumerate() {
            world.set_time(&format!("2026-07-20T09:0{minute}:00Z"));
            national.submit(&format!("key-0123456789-{person}"), &unsafe_response(person)).await.expect(201);
        }
        let lead = lead(&world).await;
        let first = lead.get(&format!("{TASKS}?limit=2")).await.expect(200).json();
        let people = |page: &Value| -> Vec<Value> {
            page["items"].as_array().expect("items").iter().map(|t| t["participant"].clone()).collect()
        };
        assert_eq!(people(&first), ["P-3", "P-2"]);
        let next = first["next"].as_str().expect("next");
        let second = lead.get(&format!("{TASKS}?limit=2&cursor={next}")).await.expect(200).json();
        assert_eq!((people(&second), &second["next"]), (vec![json!("P-1")], &Value::Null));
        lead.get(&format!("{TASKS}?surprise=1")).await.expect(400);
    });
}
