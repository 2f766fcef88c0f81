//! Keys for other systems: what each scope lets one do, where, and for how long.

use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{Client, World, on_both, response, scheme};

const LEEDS: &str = "/api/v1/schemes/leeds-shared-lives/service-accounts";
const ALL_SCOPES: [&str; 8] = [
    "people:write",
    "people:read",
    "invitations:write",
    "responses:write",
    "responses:read",
    "due:read",
    "changes:read",
    "figures:read",
];

async fn token(world: &World, key: &str) -> Option<String> {
    let reply = world.stranger().post("/api/v1/sessions", &json!({"key": key})).await;
    match reply.status.as_u16() {
        201 => Some(reply.json()["token"].as_str().expect("a token").to_owned()),
        401 => None,
        other => panic!("{other}: {}", reply.text),
    }
}

/// A new service account and what it answered.
async fn made(client: &Client<'_>, path: &str, scopes: &[&str]) -> Value {
    client.post(path, &json!({"name": "Case system", "scopes": scopes})).await.expect(201).json()
}

async fn signed_in<'w>(world: &'w World, client: &Client<'_>, path: &str, scopes: &[&str]) -> Client<'w> {
    let key = made(client, path, scopes).await["key"].as_str().expect("a key").to_owned();
    world.with_token(&token(world, &key).await.expect("signed in"))
}

async fn with_two_schemes(world: &World) -> Client<'_> {
    let national = world.with_leeds().await;
    national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
    national
}

/// The status of one call for each kind of thing, in the scheme `at`.
async fn tried(client: &Client<'_>, at: &str, council: &str, tag: &str) -> Vec<u16> {
    let path = |rest: &str| format!("/api/v1/schemes/{at}/{rest}");
    let person = path(&format!("participants/by-ref/{tag}"));
    let enrolment = json!({"council": council, "supported_from": "2024-01-10"});
    let invitation =
        json!({"participant": "nobody", "questionnaire": "shared-lives", "due_on": "2026-07-01"});
    let key = format!("key-0123456789-{tag}");
    let replies = [
        client.put(&person, &enrolment).await,
        client.get(&person).await,
        client.post(&path("invitations"), &invitation).await,
        client.submit(&key, &response(at, tag, "2026-07-14", "better")).await,
        client.get(&format!("/api/v1/responses?scheme={at}")).await,
        client.get(&format!("/api/v1/changes?scheme={at}")).await,
        client.get(&format!("/api/v1/khi?period=2026-27&level=scheme&scheme={at}")).await,
        client.get(&format!("/api/v1/schemes/{at}")).await,
        client.get(&path("service-accounts")).await,
        client.get(&path("contacts")).await,
        client.get(&path("tasks")).await,
        client.put(&path("webhook"), &json!({})).await,
        client.get("/api/v1/changes").await,
        client.get("/api/v1/khi?period=2026-27&level=uk").await,
        client.get(&path("due")).await,
        client.get(&path("schedules")).await,
        client.put(&format!("{person}/identity"), &json!({"name": 7})).await,
        client.get(&format!("{person}/identity")).await,
        client.delete(&format!("{person}?erase=true")).await,
    ];
    replies.into_iter().map(|reply| reply.status.as_u16()).collect()
}

#[test]
fn each_scope_of_a_schemes_key_opens_its_own_door_and_no_other() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        // person (put, get), invitation (nobody is known by that name: 422), response, list, changes, figures, scheme, keys, contacts,
        // tasks, webhook, changes of its scheme, UK figures, due list, schedules, identity (put, get), erasing
        let mut shut = [403; 19];
        shut[7] = 200;
        let doors: [(&str, &[(usize, u16)]); 8] = [
            ("people:write", &[(0, 201), (15, 200), (16, 422)]),
            ("people:read", &[(1, 404)]),
            ("invitations:write", &[(2, 422)]),
            ("responses:write", &[(3, 201)]),
            ("responses:read", &[(4, 200)]),
            ("due:read", &[(14, 200)]),
            ("changes:read", &[(5, 200), (12, 200)]),
            ("figures:read", &[(6, 200)]),
        ];
        for (scope, open) in doors {
            let client = signed_in(&world, &national, LEEDS, &[scope]).await;
            let mut expected = shut.to_vec();
            open.iter().for_each(|(at, status)| expected[*at] = *status);
            let tag = scope.replace(':', "-");
            assert_eq!(tried(&client, "leeds-shared-lives", "E08000035", &tag).await, expected, "{scope}");
        }
    });
}

#[test]
fn for_a_schemes_key_another_scheme_is_as_one_that_does_not_exist() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let client = signed_in(&world, &national, LEEDS, &ALL_SCOPES).await;
        let other = tried(&client, "york-shared-lives", "E06000014", "P-1").await;
        let absent = tried(&client, "no-shared-lives", "E06000014", "P-2").await;
        assert_eq!(other, absent);
        assert_eq!(other[..14], [404, 404, 404, 404, 404, 404, 404, 404, 403, 403, 403, 403, 200, 403]);
        assert_eq!(other[14..], [404, 404, 404, 403, 403]);
    });
}

#[test]
fn a_national_key_works_everywhere_and_never_sees_who_people_are() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let client = signed_in(&world, &national, "/api/v1/service-accounts", &ALL_SCOPES).await;
        let got = tried(&client, "leeds-shared-lives", "E08000035", "P-1").await;
        assert_eq!(got[..14], [201, 200, 422, 201, 200, 200, 200, 200, 403, 403, 403, 403, 200, 200]);
        assert_eq!(got[14..], [200, 200, 403, 403, 403]);
    });
}

#[test]
fn leads_give_keys_for_their_scheme_and_the_national_body_for_all() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let leeds = world.number("leeds-shared-lives");
        let york = world.number("york-shared-lives");
        let roles = [
            (None, 401, 401),
            (Some(Role::National), 201, 201),
            (Some(Role::SchemeLead(leeds)), 201, 403),
            (Some(Role::SchemeLead(york)), 404, 403),
            (Some(Role::SchemeWorker(leeds)), 403, 403),
            (Some(Role::Area("E08000035".into())), 403, 403),
            (Some(Role::Analyst), 403, 403),
            (Some(Role::Collector(None)), 403, 403),
        ];
        let account = made(&national, LEEDS, &["due:read"]).await["id"].as_str().expect("id").to_owned();
        for (role, own, all) in roles {
            let name = format!("{role:?}");
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let body = json!({"name": "System", "scopes": ["due:read"]});
            let read = if own == 201 { 200 } else { own };
            let got = [
                client.post(LEEDS, &body).await,
                client.get(LEEDS).await,
                client.post(&format!("{LEEDS}/{account}/rotate"), &json!({})).await,
                client.post("/api/v1/service-accounts", &body).await,
            ];
            assert_eq!(got.map(|r| r.status.as_u16()), [own, read, read, all], "{name}");
        }
        let lead = world.signed_in(Role::SchemeLead(york)).await;
        lead.delete(&format!("{LEEDS}/{account}")).await.expect(404);
        lead.delete(&format!("/api/v1/schemes/york-shared-lives/service-accounts/{account}"))
            .await
            .expect(404);
        national.delete(&format!("/api/v1/service-accounts/{account}")).await.expect(404);
        national.delete(&format!("{LEEDS}/{account}")).await.expect(204);
        national.delete(&format!("{LEEDS}/{account}")).await.expect(404);
    });
}

#[test]
fn a_key_is_shown_once_and_every_fault_is_told() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let new = made(&national, LEEDS, &["people:write", "due:read"]).await;
        let key = new["key"].as_str().expect("a key");
        assert!(key.starts_with("khi_live_") && key.len() == 9 + 8 + 1 + 32, "{key}");
        assert_eq!(new["scopes"], json!(["people:write", "due:read"]));
        let listed = national.get(LEEDS).await.expect(200);
        assert!(!listed.text.contains(key) && !listed.text.contains(&key[18..]), "{}", listed.text);
        assert_eq!(listed.items()[0]["keys"][0]["id"], key[9..17]);
        let bad = json!({"name": "", "scopes": ["people:write", "people:write", "everything"], "ends_on": "2026-07-19", "x": 1});
        let faults = national.post(LEEDS, &bad).await.expect(422).faults();
        let expected = [
            ("/ends_on", "in-the-past"),
            ("/name", "empty"),
            ("/scopes/1", "repeated"),
            ("/scopes/2", "unknown-code"),
            ("/x", "unknown-key"),
        ];
        assert_eq!(faults, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        assert_eq!(national.get(LEEDS).await.items().len(), 1, "nothing was added");
        let wrong = [
            format!("{}0", &key[..key.len() - 1]),
            key.to_lowercase(),
            key[1..].to_owned(),
            "khi_live_".into(),
        ];
        for wrong in wrong.iter().filter(|w| *w != key) {
            assert_eq!(token(&world, wrong).await, None, "{wrong}");
        }
        let both = json!({"key": key, "password": "x"});
        world.stranger().post("/api/v1/sessions", &both).await.expect(422);
    });
}

#[test]
fn two_keys_are_good_while_one_is_changed_for_the_other() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let first = made(&national, LEEDS, &["changes:read"]).await;
        let rotate = format!("{LEEDS}/{}/rotate", first["id"].as_str().expect("id"));
        let key = |made: &Value| made["key"].as_str().expect("a key").to_owned();
        let first_token = token(&world, &key(&first)).await.expect("good");
        let second = national.post(&rotate, &json!({})).await.expect(200).json();
        assert_eq!(second["keys"].as_array().map(Vec::len), Some(2));
        assert_eq!(second["keys"][1]["ends_at"], "2026-07-27T09:00:00.000000Z");
        assert_eq!(second["keys"][1]["last_used_on"], "2026-07-20");
        assert!(token(&world, &key(&first)).await.is_some() && token(&world, &key(&second)).await.is_some());
        let third = national.post(&rotate, &json!({"keep_days": 1})).await.expect(200).json();
        assert_eq!(token(&world, &key(&first)).await, None, "never more than two");
        assert!(token(&world, &key(&second)).await.is_some());
        world.set_time("2026-07-21T09:00:00Z");
        assert_eq!(token(&world, &key(&second)).await, None, "its day is over");
        assert!(token(&world, &key(&third)).await.is_some());
        world.set_time("2026-07-20T09:30:00Z");
        world.with_token(&first_token).get("/api/v1/changes").await.expect(200);
        let national = world.national().await;
        national.post(&rotate, &json!({"keep_days": 0})).await.expect(200);
        assert_eq!(token(&world, &key(&third)).await, None, "a lost key ends at once");
        world.with_token(&first_token).get("/api/v1/changes").await.expect(401);
        national.post(&rotate, &json!({"keep_days": 31})).await.expect(422);
    });
}

#[test]
fn a_service_account_ends_when_it_is_revoked_and_with_its_last_day() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let body = json!({"name": "For a month", "scopes": ["changes:read"], "ends_on": "2026-07-20"});
        let short = national.post(LEEDS, &body).await.expect(201).json();
        let lasting = made(&national, LEEDS, &["changes:read"]).await;
        let key = |made: &Value| made["key"].as_str().expect("a key").to_owned();
        world.set_time("2026-07-20T22:30:00Z");
        let tokens = [token(&world, &key(&short)).await, token(&world, &key(&lasting)).await];
        let read = |at: usize| {
            let client = world.with_token(tokens[at].as_ref().expect("good"));
            async move { client.get("/api/v1/changes").await.status.as_u16() }
        };
        assert_eq!([read(0).await, read(1).await], [200, 200]);
        world.set_time("2026-07-20T23:05:00Z"); // the next day in London
        assert_eq!([read(0).await, read(1).await], [401, 200]);
        assert_eq!(token(&world, &key(&short)).await, None);
        let national = world.national().await;
        national.delete(&format!("{LEEDS}/{}", lasting["id"].as_str().expect("id"))).await.expect(204);
        assert_eq!(read(1).await, 401);
        assert_eq!(token(&world, &key(&lasting)).await, None);
        assert_eq!(national.get(LEEDS).await.items().len(), 1);
    });
}

#[test]
fn a_scheme_reads_only_what_people_chose_to_share_and_never_what_is_private() {
    on_both(|world| async move {
        let national = with_two_schemes(&world).await;
        let mut shared = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        shared["consent"]["share"] = json!("worker");
        shared["consent"]["statistics"] = json!(false);
        let kept = response("leeds-shared-lives", "P-2", "2026-07-14", "worse");
        let other = response("york-shared-lives", "P-3", "2026-07-14", "same");
        for (at, body) in [&shared, &kept, &other].into_iter().enumerate() {
            national.submit(&format!("key-0123456789-{at}"), body).await.expect(201);
        }
        let client = signed_in(&world, &national, LEEDS, &["responses:read"]).await;
        let reply = client.get("/api/v1/responses").await.expect(200);
        let items = reply.items();
        assert_eq!(items.len(), 1, "{}", reply.text);
        assert!(!reply.text.contains("P-1") && items[0]["answers"]["connected"] == "better");
        let definition = world.app.registry.latest("shared-lives").expect("there").clone();
        let private: Vec<&str> =
            definition.items.iter().filter(|i| i.private).map(|i| i.id.as_str()).collect();
        assert!(!private.is_empty() && private.iter().all(|id| items[0]["answers"].get(*id).is_none()));
    });
}
