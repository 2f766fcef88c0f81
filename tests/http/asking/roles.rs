//! Whose people they are: a lead sees all, a worker their own; of others they learn nothing, not even that they are there.

use actix_web::http::Method;

use super::*;

/// Signs a worker in, and gives the id of their account.
async fn worker<'w>(world: &'w World, scheme: &str) -> (Client<'w>, String) {
    let before: Vec<String> = world.app.directory().accounts().map(|a| a.id.clone()).collect();
    let client = world.signed_in(Role::SchemeWorker(world.number(scheme))).await;
    let directory = world.app.directory();
    let id = directory.accounts().map(|a| a.id.clone()).find(|id| !before.contains(id));
    (client, id.expect("an account"))
}

#[test]
fn a_worker_sees_and_asks_their_own_people_and_others_do_not_exist() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let (worker, account) = worker(&world, SCHEME).await;
        let person = |worker: Option<&str>| json!({"council": "E08000035", "supported_from": "2026-07-20", "worker": worker});
        national.put(&by_ref("P-own"), &person(Some(&account))).await.expect(201);
        national.put(&by_ref("P-other"), &person(None)).await.expect(201);
        let unknown = national.put(&by_ref("P-x"), &person(Some("nobody"))).await.expect(422);
        assert_eq!(unknown.faults(), [("/worker".to_owned(), "unknown-worker".to_owned())]);

        let seen: Vec<Value> = worker.get(&path("participants")).await.expect(200).items();
        assert_eq!(seen.iter().map(|p| &p["participant"]).collect::<Vec<_>>(), ["P-own"]);
        let due = worker.get(&path("due")).await.expect(200).json();
        assert_eq!((&due["counts"]["due"], &due["quarters"][0]["supported"]), (&json!(1), &json!(1)));
        assert_eq!(national.get(&path("due")).await.expect(200).json()["counts"]["due"], 2);
        worker.get(&by_ref("P-own")).await.expect(200);
        let note = json!({"questionnaire": "shared-lives", "due_on": "2026-07-20", "reason": "unwell"});
        let acts = [
            (Method::GET, String::new(), json!(null)),
            (Method::POST, "/events".into(), json!({"kind": "hospital"})),
            (Method::POST, "/events/E-1/lift".into(), json!({})),
            (Method::POST, "/not-asked".into(), note.clone()),
            (Method::POST, "/could-not".into(), note),
            (Method::POST, "/leave".into(), json!({"on": "2026-08-01"})),
        ];
        for (method, act, body) in acts {
            let send = |person: &'static str| {
                let (worker, path) = (&worker, format!("{}{act}", by_ref(person)));
                let (method, body) = (method.clone(), body.clone());
                async move { worker.json(method, &path, &[], &body).await }
            };
            let (other, absent) = (send("P-other").await, send("P-absent").await);
            assert_eq!((other.status.as_u16(), &other.text), (404, &absent.text), "{act}");
        }
        let refusal = |person: &'static str| {
            let (worker, body) = (
                &worker,
                json!({"participant": person, "questionnaire": "shared-lives", "due_on": "2026-07-20"}),
            );
            async move { worker.post(&path("invitations"), &body).await.expect(422).text }
        };
        assert_eq!(refusal("P-other").await, refusal("P-absent").await);
        let invited =
            worker.post(&path("invitations/due"), &json!({"people": [{"participant": "P-own"}]})).await;
        let id = invited.expect(201).items()[0]["id"].as_str().expect("an id").to_owned();
        let others =
            national.post(&path("invitations/due"), &json!({"people": [{"participant": "P-other"}]})).await;
        let others = others.expect(201).items()[0]["id"].as_str().expect("an id").to_owned();
        worker.delete(&path(&format!("invitations/{others}"))).await.expect(404);
        worker.delete(&path(&format!("invitations/{id}"))).await.expect(204);
    });
}

#[test]
fn each_role_does_about_asking_what_it_may() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        enter(&national, "P-1", "2026-07-20").await;
        let (leeds, york) = (world.number(SCHEME), world.number("york-shared-lives"));
        // due list, people, one person, schedule, wave, waves, import, inviting, inviting nobody
        let roles = [
            (None, [401; 9]),
            (Some(Role::National), [200, 200, 200, 200, 201, 200, 200, 422, 422]),
            (Some(Role::SchemeLead(leeds)), [200, 200, 200, 200, 201, 200, 200, 422, 422]),
            (Some(Role::SchemeWorker(leeds)), [200, 200, 404, 403, 403, 200, 403, 422, 422]),
            (Some(Role::SchemeLead(york)), [404; 9]),
            (Some(Role::SchemeWorker(york)), [404; 9]),
            (Some(Role::Area("E08000035".into())), [403; 9]),
            (Some(Role::Analyst), [403; 9]),
            (Some(Role::Collector(Some(leeds))), [403; 9]),
        ];
        for (index, (role, expected)) in roles.into_iter().enumerate() {
            let name = format!("{role:?}");
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let wave = json!({"questionnaire": "shared-lives", "due_on": format!("2026-1{}-01", index % 3)});
            let csv = [("Content-Type", "text/csv")];
            let got = [
                client.get(&path("due")).await,
                client.get(&path("participants?limit=1")).await,
                client.get(&by_ref("P-1")).await,
                client.put(&path("schedules/shared-lives"), &json!({})).await,
                client.post(&path("waves"), &wave).await,
                client.get(&path("waves")).await,
                client
                    .send(
                        Method::POST,
                        &path("participants/import?dry_run=true"),
                        &csv,
                        Some(b"ref,start\n".to_vec()),
                    )
                    .await,
                client
                    .post(&path("invitations/due"), &json!({"people": [{"participant": "P-absent"}]}))
                    .await,
                client.post(&path("invitations/due"), &json!({"people": []})).await,
            ];
            assert_eq!(got.map(|reply| reply.status.as_u16()), expected, "{name}");
        }
    });
}

#[test]
fn people_are_paged_by_reference() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for person in ["P-3", "P-1", "P-2"] {
            enter(&national, person, "2026-07-20").await;
        }
        let names = |page: &Value| -> Vec<Value> {
            page["items"].as_array().expect("items").iter().map(|p| p["participant"].clone()).collect()
        };
        let first = national.get(&path("participants?limit=2")).await.expect(200).json();
        assert_eq!((names(&first), &first["next"]), (vec![json!("P-1"), json!("P-2")], &json!("P-2")));
        let second = national.get(&path("participants?limit=2&cursor=P-2")).await.expect(200).json();
        assert_eq!((names(&second), &second["next"]), (vec![json!("P-3")], &Value::Null));
        national.get(&path("participants?surprise=1")).await.expect(400);
        national.get(&path("due?month=2026-13")).await.expect(400);
    });
}

#[test]
fn the_council_of_an_invitation_is_the_one_responsible_on_the_day() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let mut both = scheme(SCHEME, "E08000035");
        both["areas"] =
            json!([{"code": "E08000035", "from": "2020-04-01"}, {"code": "E08000032", "from": "2020-04-01"}]);
        national.put(BASE, &both).await.expect(200);
        let moved = json!({"council": "E08000032", "supported_from": "2024-01-01",
            "earlier_councils": [{"code": "E08000035", "to": "2026-07-10"}]});
        national.put(&by_ref("P-1"), &moved).await.expect(201);
        let wrong = json!({"council": "E08000032", "supported_from": "2024-01-01",
            "earlier_councils": [{"code": "E06000014", "to": "2025-01-01"}, {"code": "E08000035", "to": "2024-06-01"}]});
        let faults: Vec<(String, String)> = national.put(&by_ref("P-2"), &wrong).await.expect(422).faults();
        let expected = [
            ("/earlier_councils/0/code", "wrong-council"),
            ("/earlier_councils/1/to", "ends-before-it-begins"),
        ];
        assert_eq!(faults, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        let body = json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": "2026-07-05"});
        let id = national.post(&path("invitations"), &body).await.expect(201).json()["id"]
            .as_str()
            .expect("id")
            .to_owned();
        let number = world.number(SCHEME);
        let row = world
            .act(move |app| {
                app.store.read(|db| khi::storage::invitations::find(db, number, &id)).expect("reads")
            })
            .await;
        assert_eq!(row.map(|row| row.council).as_deref(), Some("E08000035"));
    });
}
