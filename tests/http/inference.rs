//! A worker reads every list and every figure after each single answer, and learns who has answered, never what.
//!
//! The same weeks are lived through twice, with the answers of two people exchanged; what the worker sees is the same to the letter. That
//! the rule of figures holds for any course of things is shown in `tests/spec/inference.rs`.

use serde_json::{Value, json};

use khi::domain::access::Role;

use super::matrix::{account, key, token_of};
use super::support::{Chance, Client, Engine, World, contacts, on_both, response, scheme};

const SCHEME: &str = "leeds-shared-lives";
const BASE: &str = "/api/v1/schemes/leeds-shared-lives";
const PEOPLE: usize = 12;

/// What a person says: good things, or bad ones, that somebody must look at.
fn said(reference: &str, well: bool) -> Value {
    let mut body = response(SCHEME, reference, "2026-07-14", if well { "better" } else { "worse" });
    if !well {
        for (item, answer) in [
            ("friends", json!(0)),
            ("enough-contact", json!("no")),
            ("lonely", json!("often")),
            ("one-thing", json!("CANARY all evening")),
            ("safe", json!("no")),
            ("kind", json!("no")),
            ("belong", json!({"missing": "prefer-not-to-say"})),
        ] {
            body["answers"][item] = answer;
        }
    }
    body
}

/// Ids are others each time: each becomes the number of its first mention.
fn without_ids(text: &str, known: &mut Vec<String>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let (mut plain, mut word) = (String::new(), String::new());
    let mut finish = |word: &mut String, plain: &mut String| {
        let is_id = word.len() >= 20 && word.contains(|c: char| c.is_ascii_digit());
        if is_id {
            let at = known.iter().position(|k| k == word).unwrap_or_else(|| {
                known.push(word.clone());
                known.len() - 1
            });
            plain.push_str(&format!("ID{at}"));
        } else {
            plain.push_str(word);
        }
        word.clear();
    };
    for c in text.chars() {
        if is_part(c) {
            word.push(c);
        } else {
            finish(&mut word, &mut plain);
            plain.push(c);
        }
    }
    finish(&mut word, &mut plain);
    plain
}

/// Everything that a worker can ask for.
fn addresses() -> Vec<String> {
    let own = |rest: &str| format!("{BASE}{rest}");
    let mut all = vec![
        "/api/v1/schemes".to_owned(),
        own(""),
        own("/participants"),
        own("/due"),
        own("/due?month=2026-07"),
        own("/schedules"),
        own("/waves"),
        own("/contacts"),
        own("/tasks"),
        own("/audit"),
        own("/open-links"),
        own("/webhook"),
        own("/service-accounts"),
        "/api/v1/responses".to_owned(),
        "/api/v1/changes".to_owned(),
        "/api/v1/audit".to_owned(),
    ];
    all.extend((0..PEOPLE).map(|p| own(&format!("/participants/by-ref/P-{p}"))));
    for query in [
        "period=2026-27&level=scheme",
        "period=2026-Q3&level=scheme",
        "period=12m-2026-Q3&level=scheme",
        "period=3y-2026-27&level=scheme",
        "period=2026-27&level=scheme&by=arrangement",
        "period=2026-27&level=unit",
        "period=2026-27&level=local_authority",
    ] {
        all.push(format!("/api/v1/khi?{query}"));
    }
    all
}

/// Lives through the weeks; gives all that the worker saw, and apart what they saw of figures.
async fn seen(world: World, wells: [bool; PEOPLE]) -> (Vec<String>, Vec<String>) {
    let national = world.national().await;
    national.post("/api/v1/schemes", &scheme(SCHEME, "E08000035")).await.expect(201);
    national.put(&format!("{BASE}/contacts"), &contacts("leeds")).await.expect(200);
    let (worker, email) = account(&world, Role::SchemeWorker(world.number(SCHEME))).await;
    for person in 0..PEOPLE {
        let body = json!({"council": "E08000035", "supported_from": "2026-06-01", "worker": worker});
        national.put(&format!("{BASE}/participants/by-ref/P-{person}"), &body).await.expect(201);
    }
    let (mut known, mut lists, mut figures) = (Vec::new(), Vec::new(), Vec::new());
    for (person, well) in wells.into_iter().enumerate() {
        // A week for every four people, so that figures may move on the way.
        let day = 20 + person / 4 * 8;
        let (month, day) = if day > 31 { (8, day - 31) } else { (7, day) };
        world.set_time(&format!("2026-{month:02}-{day:02}T09:{:02}:00Z", person % 4 * 10));
        let collector = world.signed_in(Role::Collector(None)).await;
        let key = format!("key-0123456789-{person}");
        collector.submit(&key, &said(&format!("P-{person}"), well)).await.expect(201);
        let worker = world.with_token(&token_of(&world, &email).await);
        for address in addresses() {
            let reply = worker.get(&address).await;
            let plain =
                without_ids(&format!("{person} {address}: {} {}", reply.status, reply.text), &mut known);
            let list = if address.contains("/khi?") { &mut figures } else { &mut lists };
            list.push(plain);
        }
    }
    (lists, figures)
}

#[test]
fn a_worker_who_reads_everything_after_each_answer_cannot_tell_who_said_what() {
    let wells = [true, false, true, true, false, true, false, false, true, true, false, true];
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let live = |wells| actix_web::rt::System::new().block_on(seen(World::on(engine), wells));
        let (lists, figures) = live(wells);
        assert!(figures.iter().any(|f| f.contains("\"status\":\"shown\"")), "no figure is shown at all");
        assert!(
            !lists.iter().any(|l| l.contains("CANARY") || l.contains("prefer-not")),
            "an answer is listed"
        );
        // Two people who came in the same weeks change places.
        let mut exchanged = wells;
        exchanged.swap(1, 2);
        let (other_lists, other_figures) = live(exchanged);
        for (one, other) in lists.iter().zip(&other_lists).chain(figures.iter().zip(&other_figures)) {
            assert_eq!(one, other);
        }
        // One person alone says otherwise: lists say the same.
        let mut otherwise = wells;
        otherwise[9] = false;
        let (other_lists, _) = live(otherwise);
        for (one, other) in lists.iter().zip(&other_lists) {
            assert_eq!(one, other);
        }
    }
}

async fn with_answers(world: &World, better: &[bool]) -> i64 {
    let national = world.national().await;
    national.post("/api/v1/schemes", &scheme(SCHEME, "E08000035")).await.expect(201);
    for (person, better) in better.iter().enumerate() {
        let connected = if *better { "better" } else { "same" };
        let body = response(SCHEME, &format!("P-{person}"), "2026-07-10", connected);
        national.submit(&format!("key-0123456789-{person}"), &body).await.expect(201);
    }
    world.number(SCHEME)
}

async fn row(client: &Client<'_>, query: &str) -> Value {
    let found =
        client.get(&format!("/api/v1/khi?indicator=social-connection&{query}")).await.expect(200).items();
    found.into_iter().next().unwrap_or_else(|| panic!("no row for {query}"))
}

#[test]
fn a_scheme_sees_years_of_everybody_and_nothing_that_overlaps_them() {
    on_both(|world| async move {
        let number = with_answers(&world, &[true, false].repeat(6)).await;
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        let shown = row(&lead, "period=2026-27&level=scheme").await;
        assert_eq!(
            (&shown["status"], &shown["n"], &shown["positive"]),
            (&json!("shown"), &json!(12), &json!(6))
        );
        assert!(shown["interval"].is_object() && shown["statement"].is_object());
        for key in ["distribution", "left_out", "completed_by", "without_supporter", "change", "open"] {
            assert_eq!(shown[key], Value::Null, "{key}");
        }
        for query in [
            "period=2026-Q3&level=scheme",
            "period=12m-2026-Q3&level=scheme",
            "period=3y-2026-27&level=scheme",
            "period=2026-27&level=scheme&by=arrangement",
        ] {
            let hidden = row(&lead, query).await;
            assert_eq!((&hidden["status"], &hidden["n"]), (&json!("suppressed"), &Value::Null), "{query}");
        }
    });
}

#[test]
fn where_all_say_the_same_words_stand_for_the_number() {
    on_both(|world| async move {
        let number = with_answers(&world, &[true; 14]).await;
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        let seen = row(&lead, "period=2026-27&level=scheme").await;
        let told = [
            &seen["status"],
            &seen["band"],
            &seen["n"],
            &seen["positive"],
            &seen["percent"],
            &seen["interval"],
            &seen["statement"],
        ];
        assert_eq!(
            told,
            [
                &json!("banded"),
                &json!("almost-all"),
                &json!(14),
                &Value::Null,
                &Value::Null,
                &Value::Null,
                &Value::Null
            ]
        );
        let national = row(&world.national().await, "period=2026-27&level=scheme").await;
        assert_eq!(national["positive"], 14, "the national body sees what is counted");
    });
}

#[test]
fn an_erased_answer_leaves_nothing_in_what_was_shown() {
    on_both(|world| async move {
        let number = with_answers(&world, &[true, false].repeat(6)).await;
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        row(&lead, "period=2026-27&level=scheme").await;
        let national = world.national().await;
        let listed = national.get("/api/v1/responses").await.expect(200).items();
        let public = listed[0]["id"].as_str().expect("an id").to_owned();
        let id = public.rsplit('-').next().expect("an id").to_owned();
        let bodies = |id: String| {
            let world = &world;
            async move {
                world
                    .act(move |app| {
                        let figures = app
                            .store
                            .read(|db| khi::storage::steady_figures::of_scheme(db, number))
                            .expect("read");
                        let texts = figures.values().map(|(f, _)| serde_json::to_string(f).expect("JSON"));
                        texts.filter(|text| text.contains(&id)).count()
                    })
                    .await
            }
        };
        assert!(bodies(id.clone()).await > 0, "{id} is counted in what is shown");
        national.delete(&format!("/api/v1/responses/{public}?erase=true")).await.expect(204);
        assert_eq!(bodies(id).await, 0, "its id is gone");
    });
}

#[test]
fn raw_answers_reach_a_scheme_only_where_the_person_chose_so() {
    on_both(|world| async move {
        with_answers(&world, &[]).await;
        let national = world.national().await;
        let mut chance = Chance(20_261_126);
        let mut chosen = Vec::new();
        for person in 0..40 {
            let reference = format!("P-{person}");
            let mut body = said(&reference, chance.in_hundred(50));
            let shares = chance.in_hundred(40);
            body["consent"]["statistics"] = json!(chance.in_hundred(70));
            body["consent"]["share"] = json!(if shares { "worker" } else { "nobody" });
            let sent = national.submit(&format!("key-0123456789-{person}"), &body).await.expect(201).json();
            if shares {
                chosen.push(sent["id"].clone());
            }
        }
        let scopes = [
            "people:write",
            "people:read",
            "invitations:write",
            "responses:write",
            "responses:read",
            "due:read",
            "changes:read",
            "figures:read",
        ];
        let system = world.with_token(&key(&world, &format!("{BASE}/service-accounts"), &scopes).await);
        let mut listed: Vec<Value> = system.get("/api/v1/responses?limit=5000").await.expect(200).items();
        assert!(listed.iter().all(|r| r["consent"]["share"] == "worker"), "{listed:#?}");
        let mut ids: Vec<String> = listed.iter_mut().map(|r| r["id"].take().to_string()).collect();
        let mut wanted: Vec<String> = chosen.iter().map(Value::to_string).collect();
        ids.sort();
        wanted.sort();
        assert_eq!(ids, wanted);
        // Nothing else that the key opens holds an answer.
        for address in addresses().into_iter().filter(|a| !a.contains("/responses")) {
            let reply = system.get(&address).await;
            for answer in ["CANARY", "gets-in-the-way", "prefer-not-to-say\"", "\"worse\"", "\"often\""] {
                assert!(!reply.text.contains(answer), "{address}: {answer}: {}", reply.text);
            }
        }
        let worker = world.signed_in(Role::SchemeWorker(world.number(SCHEME))).await;
        worker.get("/api/v1/responses").await.expect(403);
    });
}
