//! A person's rights: a copy of what is stored of them, their own answers by receipt, and complaints.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::storage::person_tables::{self, InExport, PERSON_TABLES};
use khi::use_cases::EXPORT_KEYS;

use super::support::{Browser, Client, World, on_both, response, scheme};

const SCHEME: &str = "/api/v1/schemes/leeds-shared-lives";
const EXPORT: &str = "/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-1/export";

/// Somebody of whom everything is stored that can be; the receipts of an answer that is shared with the worker, and of one that is not.
async fn whole_person<'w>(world: &'w World, national: &Client<'w>) -> (Client<'w>, Vec<String>) {
    let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
    let person = format!("{SCHEME}/participants/by-ref/P-1");
    let ticket = national.invite("P-1").await;
    let identity = json!({"name": "Mair Example", "email": "mair@home.example", "channel": "email",
                          "communication": {"formats": ["bsl"], "note": "Speak slowly."}});
    lead.put(&format!("{person}/identity"), &identity).await.expect(200);
    let mut browser = Browser::new(world, 3).await;
    browser.start(&ticket.link).await;
    browser.answer(&["self"]).await;
    let mut receipts = Vec::new();
    for (index, share) in ["worker", "nobody"].into_iter().enumerate() {
        let mut body = response("leeds-shared-lives", "P-1", &format!("2026-05-0{}", index + 1), "better");
        body["consent"]["share"] = json!(share);
        body["answers"]["safe"] = json!("no");
        body["answers"]["one-thing"] = json!(format!("CANARY-{share}"));
        let key = format!("key-0123456789-{share}");
        let sent = national.submit(&key, &body).await.expect(201).json();
        let path = format!("/api/v1/responses/{}", sent["id"].as_str().expect("id"));
        national.patch(&path, 1, &json!({"answers": {"friends": 5}})).await.expect(200);
        receipts.push(sent["receipt"].as_str().expect("a receipt").to_owned());
    }
    lead.post(&format!("{person}/events"), &json!({"kind": "hospital"})).await.expect(201);
    let note = json!({"questionnaire": "shared-lives", "due_on": "2026-07-20", "reason": "unwell"});
    lead.post(&format!("{person}/could-not"), &note).await;
    lead.get("/api/v1/changes").await.expect(200);
    (lead, receipts)
}

#[test]
fn an_export_has_everything_of_a_person_and_answers_only_where_they_are_shared() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (lead, _) = whole_person(&world, &national).await;
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        for (role, status) in [
            (Role::National, 403),
            (Role::SchemeWorker(leeds), 403),
            (Role::SchemeLead(york), 404),
            (Role::Area("E08000035".into()), 403),
            (Role::Collector(Some(leeds)), 403),
            (Role::Analyst, 403),
        ] {
            let refused = world.signed_in(role).await.get(EXPORT).await.expect(status);
            assert!(!refused.text.contains("Mair"));
        }
        world.stranger().get(EXPORT).await.expect(401);
        lead.get(&EXPORT.replace("P-1", "P-9")).await.expect(404);
        lead.get(&format!("{EXPORT}?format=pdf")).await.expect(400);

        let got = lead.get(EXPORT).await.expect(200);
        assert_eq!(got.header("cache-control"), Some("no-store"));
        let export = got.json();
        assert_eq!(export["identity"]["communication"]["note"], "Speak slowly.");
        let of = |share: &str| {
            let all = export["responses"].as_array().expect("a list");
            all.iter().find(|r| r["consent"]["share"] == share).expect("there").clone()
        };
        let answers = |share: &str| of(share)["answers"].as_array().expect("a list").clone();
        let shared: Vec<Value> = answers("worker");
        assert!(shared.iter().any(|said| said["item"] == "friends" && said["answer"] == "5"), "{shared:?}");
        let private = ["safe", "one-thing"];
        let held = shared.iter().all(|said| private.iter().all(|item| said["item"] != *item));
        assert!(held, "what was asked in private is not in it");
        assert_eq!(answers("nobody"), Vec::<Value>::new());
        assert!(of("nobody")["answers_left_out"].as_str().is_some_and(|why| why.contains("/my-answers")));
        assert!(!got.text.contains("CANARY"), "nobody's words, since they were asked for in private");
        assert_eq!(of("worker")["history"][0]["by"], "National team");
        assert_eq!(export["life_events"][0]["kind"], "hospital");
        assert!(
            export["acts"].as_array().is_some_and(|acts| acts.iter().any(|a| a["act"] == "identity-changed"))
        );

        // Whatever leads to the person is shown, or it is said why not.
        let keys: BTreeSet<&str> = EXPORT_KEYS.into_iter().collect();
        for place in &PERSON_TABLES {
            let (place, number) = (*place, leeds);
            let rows = world
                .act(move |app| app.store.read(|db| person_tables::count(db, &place, number, "P-1")))
                .await
                .expect("counts");
            match place.export {
                InExport::Under(key) => {
                    assert!(keys.contains(key), "{}: {key}", place.table);
                    let shown = &export[key];
                    let some = !(shown.is_null() || shown.as_array().is_some_and(Vec::is_empty));
                    assert!(
                        rows == 0 || some,
                        "{} has {rows} rows, and nothing stands under {key}",
                        place.table
                    );
                }
                InExport::Not(why) => assert!(!why.is_empty()),
            }
        }
        let page = lead.get(&format!("{EXPORT}?format=html")).await.expect(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.text.contains("Mair Example") && page.text.contains("How many friends"));
        assert!(!page.text.contains("CANARY"));
        let log = lead.get(&format!("{SCHEME}/audit")).await.expect(200).items();
        let exported = log.iter().filter(|entry| entry["act"] == "person-exported").count();
        assert_eq!(exported, 2, "what was refused, or found nothing, is no act");

        // The same list holds erasing to its word.
        lead.delete(&format!("{SCHEME}/participants/by-ref/P-1?erase=true")).await.expect(204);
        for place in PERSON_TABLES.iter().filter(|place| !place.stays) {
            let (place, number) = (*place, leeds);
            let rows = world
                .act(move |app| app.store.read(|db| person_tables::count(db, &place, number, "P-1")))
                .await
                .expect("counts");
            assert_eq!(rows, 0, "{}.{}", place.table, place.column);
        }
    });
}

#[test]
fn people_open_their_own_answers_with_the_receipt_and_nobody_else_does() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let (lead, receipts) = whole_person(&world, &national).await;
        let mut browser = Browser::new(&world, 8).await;
        let asked = browser.open("/my-answers").await;
        assert_eq!((asked.status, asked.title()), (200, "See your answers"));
        let page = browser.post("/my-answers", &[("receipt", &receipts[1])]).await;
        assert_eq!(page.status, 200, "{}", page.html);
        assert!(page.html.contains("CANARY-nobody") && !page.html.contains("CANARY-worker"), "{}", page.html);
        assert!(!page.html.contains("P-1") && !page.html.contains("Mair"), "no name and no reference");
        assert!(!page.html.contains(&receipts[1]), "nor the code");
        let service = world.service().await;
        let form = format!("receipt={}", receipts[1]);
        let request = actix_web::test::TestRequest::with_uri("/my-answers")
            .method(actix_web::http::Method::POST)
            .insert_header(("Content-Type", "application/x-www-form-urlencoded"))
            .set_payload(form);
        let reply = super::support::Reply::of(service(request).await).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let log = lead.get(&format!("{SCHEME}/audit")).await.expect(200).items();
        let opened = log.iter().filter(|e| e["act"] == "own-answers-read" && e["by"] == "respondent").count();
        assert_eq!(opened, 2);

        world.stranger().post("/api/v1/withdraw", &json!({"receipt": receipts[1]})).await.expect(204);
        let page = browser.post("/my-answers", &[("receipt", &receipts[1])]).await;
        assert!(page.html.contains("You took these answers back"), "{}", page.html);
        for wrong in ["", "1J-AAAA-AAAA-AAAA-AAAA", "x"] {
            let page = browser.post("/my-answers", &[("receipt", wrong)]).await;
            assert_eq!(page.status, 422, "{}", page.html);
        }
        for _ in 0..10 {
            browser.post("/my-answers", &[("receipt", "x")]).await;
        }
        let page = browser.post("/my-answers", &[("receipt", &receipts[0])]).await;
        assert_eq!((page.status, page.html.contains("CANARY")), (429, false), "who guesses waits");
    });
}

#[test]
fn a_complaint_is_taken_told_and_answered_by_whom_it_is_for() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let mut browser = Browser::new(&world, 8).await;
        for path in ["/privacy", "/complain"] {
            assert_eq!(browser.open(path).await.status, 200, "{path}");
        }
        assert!(browser.page.html.contains("Wycliffe House"));
        let page = browser.post("/complain", &[("words", ""), ("scheme", "nowhere")]).await;
        assert_eq!(page.status, 422);
        assert!(
            page.html.contains("Write what is wrong.") && page.html.contains("Choose who should look at it.")
        );
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let form = [
            ("words", "CANARY somebody told my sister."),
            ("scheme", "leeds-shared-lives"),
            ("name", "Mair CANARY"),
            ("contact", "mair@home.example"),
        ];
        let page = browser.post("/complain", &form).await;
        assert_eq!(page.status, 200, "{}", page.html);
        assert!(page.html.contains("C-") && page.html.contains("19 August 2026"), "{}", page.html);
        browser.post("/complain", &[("words", "CANARY for the national team.")]).await;

        let (leeds, actor) = (world.number("leeds-shared-lives"), |role| khi::domain::access::Actor {
            account: "A-1".into(),
            role,
        });
        let listed = |role: Role, scheme: Option<&'static str>| {
            let actor = actor(role);
            world.act(move |app| {
                khi::use_cases::list_complaints(app, &actor, scheme).map_err(|e| e.to_string())
            })
        };
        let own = listed(Role::SchemeLead(leeds), Some("leeds-shared-lives")).await.expect("listed");
        assert_eq!((own.len(), own[0].words.as_str()), (1, "CANARY somebody told my sister."));
        let wide = listed(Role::National, None).await.expect("listed");
        assert_eq!((wide.len(), wide[0].name.as_str()), (1, ""));
        for (role, scheme) in [
            (Role::National, Some("leeds-shared-lives")),
            (Role::SchemeWorker(leeds), Some("leeds-shared-lives")),
            (Role::SchemeLead(leeds), None),
            (Role::SchemeLead(leeds + 1), Some("leeds-shared-lives")),
            (Role::Analyst, None),
        ] {
            listed(role, scheme).await.expect_err("not theirs");
        }
        let states = world
            .act(move |app| {
                let national = khi::domain::access::Actor { account: "A-1".into(), role: Role::National };
                khi::use_cases::list_complaint_states(app, &national).expect("listed")
            })
            .await;
        assert_eq!((states.len(), states[0].acknowledged_on.is_some()), (1, false));
        let id = own[0].id.clone();
        world.wait(TimeDelta::days(2));
        world
            .act(move |app| {
                use khi::use_cases::{acknowledge_complaint, answer_complaint};
                let lead =
                    khi::domain::access::Actor { account: "A-1".into(), role: Role::SchemeLead(leeds) };
                let here = Some("leeds-shared-lives");
                acknowledge_complaint(app, &lead, here, &id).expect("acknowledged");
                acknowledge_complaint(app, &lead, here, &id).expect("again");
                answer_complaint(app, &lead, here, &id, " ").expect_err("empty");
                answer_complaint(app, &lead, here, &id, "We looked.").expect("answered");
                answer_complaint(app, &lead, here, &id, "Otherwise.").expect("the first one stands");
            })
            .await;
        let own = listed(Role::SchemeLead(leeds), Some("leeds-shared-lives")).await.expect("listed");
        assert_eq!(own[0].answer.as_deref(), Some("We looked."));
        drop((national, lead));
        for _ in 0..7 {
            browser.post("/complain", &[("words", "more")]).await;
        }
        assert_eq!(browser.page.status, 429, "who sends many waits");
    });
}
