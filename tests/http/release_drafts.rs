//! Releases before they are published: what schemes see and say, when a draft can be published, and that it is published as it was seen.

use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::domain::period::Period;
use khi::storage::release_drafts;
use khi::use_cases::{ReleaseRefused, attack_draft, draft_release, publish_draft, release_at_once};

use super::releases::{publish, two_schemes};
use super::support::{Client, World, on_both, response, scheme};

const LEEDS: &str = "/api/v1/schemes/leeds-shared-lives/release-preview";
const YORK: &str = "/api/v1/schemes/york-shared-lives/release-preview";

fn period() -> Period {
    "2026-27".parse().expect("a period")
}

async fn draft(world: &World, days: u32) -> String {
    world.act(move |app| draft_release(app, period(), days)).await.expect("drafted")
}

async fn publish_it(world: &World, id: &str) -> Result<String, ReleaseRefused> {
    let id = id.to_owned();
    world.act(move |app| publish_draft(app, &id, |_, _| {})).await
}

async fn lead_of(world: &World, scheme: &str) -> String {
    world.signed_in(Role::SchemeLead(world.number(scheme))).await.token().to_owned()
}

/// A place of cells, with how many there are of it.
fn places(cells: &Value) -> Vec<(String, String)> {
    let cells = cells.as_array().expect("cells").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut found: Vec<_> = cells.map(|c| (text(&c["place"]["level"]), text(&c["place"]["code"]))).collect();
    found.sort();
    found.dedup();
    found
}

fn comment(words: &str) -> Value {
    json!({"comment": words})
}

#[test]
fn a_scheme_sees_its_own_figures_before_they_are_published_and_nobody_elses() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let leeds = world.number("leeds-shared-lives");
        let lead = world.signed_in(Role::SchemeLead(leeds)).await;
        assert_eq!(lead.get(LEEDS).await.expect(404).json()["code"], "unknown", "nothing is drafted yet");
        let id = draft(&world, 14).await;

        let seen = lead.get(LEEDS).await.expect(200).json();
        assert_eq!(
            (&seen["draft"], &seen["period"], &seen["comment"]),
            (&json!(id), &json!("2026-27"), &Value::Null)
        );
        assert_eq!(
            (&seen["made_at"], &seen["open_until"]),
            (&json!("2026-07-20T09:00:00.000000Z"), &json!("2026-08-03T09:00:00.000000Z"))
        );
        assert_eq!(places(&seen["own"]), [("scheme".to_owned(), "leeds-shared-lives".to_owned())]);
        for (level, code) in places(&seen["wider"]) {
            let around = ["E08000035", "E12000003", "E92000001", "K02000001"];
            assert!(level != "scheme" && around.contains(&code.as_str()), "{level} {code}");
        }
        let own =
            seen["own"].as_array().expect("cells").iter().find(|c| c["indicator"] == "social-connection");
        let own = own.expect("its own figure").clone();
        let unknown = lead.get(YORK).await.expect(404);
        let absent = lead.get("/api/v1/schemes/absent/release-preview").await.expect(404);
        assert_eq!(unknown.text, absent.text, "another scheme's is as one that does not exist");

        for (role, here, there) in [
            (Role::SchemeWorker(leeds), 200, 404),
            (Role::National, 200, 200),
            (Role::Area("E08000035".into()), 403, 403),
            (Role::Analyst, 403, 403),
            (Role::Collector(Some(leeds)), 403, 403),
        ] {
            let client = world.signed_in(role.clone()).await;
            assert_eq!(client.get(LEEDS).await.status, here, "{role:?}");
            assert_eq!(client.get(YORK).await.status, there, "{role:?}");
        }
        world.stranger().get(LEEDS).await.expect(401);
        assert!(world.stranger().get("/api/v1/releases").await.items().is_empty(), "nothing is public yet");

        // The release prints it as it was seen, though answers have moved since.
        for person in 0..30 {
            let late = response("leeds-shared-lives", &format!("P-{person}"), "2026-05-11", "worse");
            national.submit(&format!("key-0123456789-late-{person}"), &late).await.expect(201);
        }
        world.set_time("2026-08-03T09:00:00Z");
        let release = publish_it(&world, &id).await.expect("published");
        let path =
            format!("/api/v1/releases/{release}/cells?place=leeds-shared-lives&indicator=social-connection");
        assert_eq!(world.stranger().get(&path).await.items(), [own]);
        let token = lead_of(&world, "leeds-shared-lives").await;
        world.with_token(&token).get(LEEDS).await.expect(404);
    });
}

#[test]
fn a_draft_is_published_once_when_its_time_is_over() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let first = draft(&world, 14).await;
        let early = publish_it(&world, &first).await.expect_err("schemes still look at it");
        assert!(
            matches!(early, ReleaseRefused::StillOpen(_)) && early.to_string().contains("2026-08-03"),
            "{early}"
        );
        // Another draft takes its place.
        world.set_time("2026-07-20T09:10:00Z");
        let second = draft(&world, 1).await;
        let replaced = publish_it(&world, &first).await.expect_err("it was replaced");
        assert!(replaced.to_string().contains("replaced"), "{replaced}");
        world.set_time("2026-07-21T09:10:00Z");
        let attacked = second.clone();
        let verdict = world.act(move |app| attack_draft(app, &attacked, |_, _| {})).await.expect("attacked");
        assert!(verdict.passed(), "{verdict:?}");
        publish_it(&world, &second).await.expect("published");
        let again = publish_it(&world, &second).await.expect_err("it is published");
        assert!(again.to_string().contains("published"), "{again}");
        let absent = publish_it(&world, "absent").await.expect_err("there is none");
        assert!(matches!(absent, ReleaseRefused::UnknownDraft(_)));
        assert_eq!(world.stranger().get("/api/v1/releases").await.items().len(), 1);
        let states: Vec<Value> = world
            .national()
            .await
            .get("/api/v1/release-drafts")
            .await
            .items()
            .iter()
            .map(|d| d["state"].clone())
            .collect();
        assert_eq!(states, ["published", "replaced"]);
        // What was in them is not kept twice.
        let body = world.act(move |app| app.store.read(|db| release_drafts::body(db, &second))).await;
        assert_eq!(body.expect("read"), Some(String::new()));
    });
}

#[test]
fn a_draft_that_another_release_has_overtaken_is_not_published() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let id = draft(&world, 0).await;
        // While it is attacked, somebody else drafts and publishes.
        let outer = id.clone();
        let refused = world
            .act(move |app| {
                let mut others = 0;
                publish_draft(app, &outer, |_, _| {
                    if others == 0 {
                        others += 1;
                        release_at_once(app, period()).expect("the other one is published");
                    }
                })
            })
            .await;
        assert!(matches!(refused, Err(ReleaseRefused::Overtaken)), "{refused:?}");
        assert_eq!(world.stranger().get("/api/v1/releases").await.items().len(), 1);
    });
}

#[test]
fn the_same_data_make_the_same_draft() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let body = async |world: &World| {
            let id = draft(world, 14).await;
            let body = world.act(move |app| app.store.read(|db| release_drafts::body(db, &id))).await;
            body.expect("read").expect("there")
        };
        let first = body(&world).await;
        world.set_time("2026-07-25T10:11:12Z");
        assert!(first.contains("social-connection"));
        assert_eq!(body(&world).await, first);
        // Practice is in no release.
        let national = world.national().await;
        let mut practice = scheme("practice-shared-lives", "E08000035");
        practice["practice"] = json!(true);
        national.post("/api/v1/schemes", &practice).await.expect(201);
        for person in 0..12 {
            let one = response("practice-shared-lives", &format!("P-{person}"), "2026-05-10", "better");
            national.submit(&format!("key-0123456789-practice-{person}"), &one).await.expect(201);
        }
        let after = body(&world).await;
        assert!(!after.contains("practice-shared-lives"));
        assert_eq!(after, first);
    });
}

#[test]
fn a_scheme_says_something_of_its_figures_while_the_draft_is_open() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let path = format!("{LEEDS}/comment");
        let leeds = world.number("leeds-shared-lives");
        let lead = world.signed_in(Role::SchemeLead(leeds)).await;
        lead.put(&path, &comment("Too early.")).await.expect(404);
        let id = draft(&world, 14).await;
        lead.put(&path, &comment("Many people are new.")).await.expect(200);
        let said = lead.put(&path, &comment("  Two houses opened in March. ")).await.expect(200).json();
        assert_eq!(
            (&said["scheme"], &said["comment"]),
            (&json!("leeds-shared-lives"), &json!("Two houses opened in March."))
        );
        assert_eq!(lead.get(LEEDS).await.expect(200).json()["comment"], said);
        let york = lead_of(&world, "york-shared-lives").await;
        assert_eq!(world.with_token(&york).get(YORK).await.expect(200).json()["comment"], Value::Null);

        let listed = national.get("/api/v1/release-drafts").await.items();
        assert_eq!((&listed[0]["id"], &listed[0]["comments"]), (&json!(id), &json!([said])));
        for (body, code) in [
            (json!({}), "required"),
            (comment(" "), "empty"),
            (comment(&"x".repeat(2001)), "too-long"),
            (json!({"comment": "x", "more": 1}), "unknown-key"),
        ] {
            let refused = lead.put(&path, &body).await.expect(422);
            assert!(refused.faults().iter().any(|(_, found)| found == code), "{code}: {}", refused.text);
        }

        // It is the scheme's own word; workers and systems that only read do not say it.
        let statuses = [
            (Role::National, 403),
            (Role::SchemeWorker(leeds), 403),
            (Role::SchemeLead(world.number("york-shared-lives")), 404),
            (Role::Area("E08000035".into()), 403),
            (Role::Analyst, 403),
        ];
        for (role, status) in statuses {
            let client = world.signed_in(role.clone()).await;
            assert_eq!(client.put(&path, &comment("x")).await.status, status, "{role:?}");
            let drafts = client.get("/api/v1/release-drafts").await.status;
            assert_eq!(drafts, if role == Role::National { 200 } else { 403 }, "{role:?}");
        }
        world.stranger().get("/api/v1/release-drafts").await.expect(401);

        world.set_time("2026-08-03T09:00:00Z");
        let late = lead_of(&world, "leeds-shared-lives").await;
        let late = world.with_token(&late).put(&path, &comment("Too late.")).await.expect(422);
        assert_eq!(late.faults(), [(String::new(), "too-late".to_owned())]);
        let release = publish_it(&world, &id).await.expect("published");
        let public = world.stranger().get(&format!("/api/v1/releases/{release}")).await.expect(200).text;
        assert!(!public.contains("Two houses"), "what a scheme says is for the national body");
    });
}

/// A client of another system, for one scheme, with these scopes.
async fn system<'w>(world: &'w World, national: &Client<'_>, scopes: &[&str]) -> Client<'w> {
    let made = national
        .post(
            "/api/v1/schemes/leeds-shared-lives/service-accounts",
            &json!({"name": "Case system", "scopes": scopes}),
        )
        .await
        .expect(201)
        .json();
    let signed =
        world.stranger().post("/api/v1/sessions", &json!({"key": made["key"]})).await.expect(201).json();
    world.with_token(signed["token"].as_str().expect("a token"))
}

#[test]
fn a_schemes_system_reads_and_comments_by_its_scopes() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        draft(&world, 14).await;
        let path = format!("{LEEDS}/comment");
        for (scopes, reads, says) in [
            (&["figures:read"][..], 200, 403),
            (&["figures:read", "returns:write"][..], 200, 200),
            (&["people:read"][..], 403, 403),
        ] {
            let system = system(&world, &national, scopes).await;
            assert_eq!(system.get(LEEDS).await.status, reads, "{scopes:?}");
            assert_eq!(system.put(&path, &comment("x")).await.status, says, "{scopes:?}");
            system.get("/api/v1/release-drafts").await.expect(403);
        }
        // Published, it is gone from here.
        publish(&world, "2026-27").await;
        let system = system(&world, &national, &["figures:read"]).await;
        system.get(LEEDS).await.expect(404);
    });
}
