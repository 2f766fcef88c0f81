//! Releases: frozen, superseded, withdrawn; what the public reads of them. What is hidden in one is decided in `tests/spec`.

use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Value, json};

use khi::domain::period::Period;
use khi::use_cases::{ReleaseRefused, release_at_once, withdraw_release};

use super::support::{Client, Engine, Reply, World, on_both, postgres_programs, response, scheme};

/// Sends answers of `people`: the share given is *better*, the rest *same*, but for `worse` people.
pub(crate) async fn send(national: &Client<'_>, scheme: &str, people: usize, better: usize, worse: usize) {
    for person in 0..people {
        let said = if person < better {
            "better"
        } else if person < better + worse {
            "worse"
        } else {
            "same"
        };
        let body = response(scheme, &format!("P-{person}"), "2026-05-10", said);
        national.submit(&format!("key-0123456789-{scheme}-{person}"), &body).await.expect(201);
    }
}

/// Leeds with 60 people and York with 50, most of them *better* and some *worse*.
pub(crate) async fn two_schemes(national: &Client<'_>) {
    for (name, council, people) in [("leeds", "E08000035", 60), ("york", "E06000014", 50)] {
        let id = format!("{name}-shared-lives");
        national.post("/api/v1/schemes", &scheme(&id, council)).await.expect(201);
        send(national, &id, people, people - 24, 12).await;
    }
}

fn period(name: &str) -> Period {
    name.parse().expect("a period")
}

/// Publishes a period at once; gives the release's id.
pub(crate) async fn publish(world: &World, name: &str) -> String {
    let of = period(name);
    world.act(move |app| release_at_once(app, of)).await.expect("published")
}

async fn publish_of(world: &World, name: &str) -> Value {
    let id = publish(world, name).await;
    let latest = world.stranger().get("/api/v1/releases/latest").await.expect(200);
    assert_eq!(latest.json()["id"], json!(id));
    assert_eq!(one(world, &id).await.expect(200).text, latest.text, "frozen");
    latest.json()
}

async fn one(world: &World, id: &str) -> Reply {
    world.stranger().get(&format!("/api/v1/releases/{id}")).await
}

async fn withdraw(world: &World, id: &str, why: &'static str) -> Result<(), ReleaseRefused> {
    let id = id.to_owned();
    world.act(move |app| withdraw_release(app, &id, why)).await
}

fn cells<'a>(release: &'a Value, indicator: &str) -> Vec<&'a Value> {
    release["cells"].as_array().expect("cells").iter().filter(|c| c["indicator"] == indicator).collect()
}

#[test]
fn a_release_stays_as_it_was_when_figures_move_and_a_later_one_takes_its_place() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let before = publish_of(&world, "2026-27").await;
        assert_eq!((&before["number"], &before["supersedes"]), (&json!(1), &Value::Null));
        assert_eq!(
            (&before["policy"]["least_n"], &before["policy"]["least_each_side"]),
            (&json!(10), &json!(5))
        );
        let connection = cells(&before, "social-connection");
        let uk =
            connection.iter().find(|c| c["place"]["level"] == "uk" && c["group"].is_null()).expect("the UK");
        assert_eq!((&uk["n"], &uk["positive"]), (&json!(110), &json!(62)));
        let first = before["id"].as_str().expect("an id").to_owned();
        let frozen = one(&world, &first).await.expect(200).text;

        // Most people of Leeds say something else.
        world.set_time("2026-07-20T09:30:00Z");
        for person in 0..30 {
            let late = response("leeds-shared-lives", &format!("P-{person}"), "2026-05-11", "same");
            national.submit(&format!("key-0123456789-late-{person}"), &late).await.expect(201);
        }
        assert_eq!(one(&world, &first).await.expect(200).text, frozen);
        let after = publish_of(&world, "2026-27").await;
        assert_eq!((&after["number"], &after["supersedes"]), (&json!(2), &json!(first)));
        assert_eq!(one(&world, &first).await.expect(200).text, frozen, "also when it is superseded");
        let listed = world.stranger().get("/api/v1/releases").await.items();
        let superseded: Vec<_> =
            listed.iter().map(|r| (&r["number"], &r["superseded_by"], &r["period"])).collect();
        let period = json!("2026-27");
        assert_eq!(superseded, [(&json!(2), &Value::Null, &period), (&json!(1), &after["id"], &period)]);
    });
}

#[test]
fn who_has_a_release_is_not_sent_it_again() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let id = publish(&world, "2026-27").await;
        let get = actix_web::http::Method::GET;
        for path in ["latest", &id, &format!("{id}/cells?level=uk"), &format!("{id}/claims")] {
            let path = format!("/api/v1/releases/{path}");
            let tag = world.stranger().get(&path).await.expect(200).header("etag").expect("a tag").to_owned();
            let again =
                world.stranger().send(get.clone(), &path, &[("If-None-Match", &tag)], None).await.expect(304);
            assert_eq!(again.text, "", "{path}");
            assert_eq!(again.header("etag"), Some(tag.as_str()), "{path}");
        }
    });
}

#[test]
fn a_withdrawn_release_is_listed_with_the_reason_and_not_shown() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        assert!(world.stranger().get("/").await.expect(200).text.contains("Nothing has been published"));
        let id = publish(&world, "2026-27").await;
        assert!(world.stranger().get("/").await.expect(200).text.contains("62 of 110"));

        assert!(matches!(withdraw(&world, &id, " ").await, Err(ReleaseRefused::BadReason)));
        assert!(matches!(withdraw(&world, "absent", "x").await, Err(ReleaseRefused::UnknownRelease(_))));
        withdraw(&world, &id, "York had sent the answers of another year.").await.expect("withdrawn");
        assert!(matches!(withdraw(&world, &id, "x").await, Err(ReleaseRefused::AlreadyWithdrawn(_))));
        for part in ["", "/cells", "/claims", "/claims/absent"] {
            let gone = one(&world, &format!("{id}{part}")).await.expect(410).json();
            let said = gone["errors"][0]["detail"].as_str().expect("why");
            assert!(said.contains("York had sent the answers of another year."), "{part}: {said}");
        }
        world.stranger().get("/api/v1/releases/latest").await.expect(404);
        assert!(world.stranger().get("/").await.expect(200).text.contains("Nothing has been published"));
        let listed = world.stranger().get("/api/v1/releases").await.items();
        assert_eq!(listed[0]["withdrawn"]["why"], "York had sent the answers of another year.");

        // What was known of it stays known: an overlapping period is refused, the same one follows it.
        let overlapping = world.act(|app| release_at_once(app, period("12m-2026-Q2"))).await;
        let refused = overlapping.expect_err("it overlaps").to_string();
        assert!(refused.contains("2026-27") && refused.contains("overlaps"), "{refused}");
        let next = publish_of(&world, "2026-27").await;
        assert_eq!((&next["number"], &next["supersedes"]), (&json!(2), &json!(id)));
        assert_eq!(world.stranger().get("/api/v1/releases").await.items().len(), 2);
    });
}

#[test]
fn cells_are_read_in_part_as_they_are_printed() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let release = publish_of(&world, "2026-27").await;
        let id = release["id"].as_str().expect("an id").to_owned();
        let whole = one(&world, &id).await.expect(200).text;
        let all = release["cells"].as_array().expect("cells").clone();
        let ask = async |query: &str| one(&world, &format!("{id}/cells?{query}")).await;
        assert_eq!(ask("limit=5000").await.items(), all);
        let fits = |query: &str, cell: &Value| match query.split_once('=').expect("one parameter") {
            ("level", level) => cell["place"]["level"] == level,
            ("model", model) => cell["model"] == model,
            ("indicator", indicator) => cell["indicator"] == indicator,
            ("place", place) => cell["place"]["code"] == place,
            ("group", "everybody") => cell["group"].is_null(),
            ("group", group) => match group.split_once(':') {
                Some((by, value)) => cell["group"][by] == value,
                None => !cell["group"][group].is_null(),
            },
            (name, _) => panic!("{name}"),
        };
        for query in [
            "level=nation",
            "level=scheme",
            "model=shared-lives",
            "indicator=kindness",
            "place=leeds-shared-lives",
            "place=E92000001",
            "group=everybody",
            "group=arrangement",
            "group=arrangement:live-in",
            "model=homeshare",
            "place=absent",
        ] {
            let found = ask(&format!("{query}&limit=5000")).await.expect(200);
            let wanted: Vec<Value> = all.iter().filter(|cell| fits(query, cell)).cloned().collect();
            assert_eq!(found.items(), wanted, "{query}");
            // Each stands in the release word for word.
            for cell in found.text.split("{\"indicator\"").skip(1).take(3) {
                let cell = cell.trim_end_matches(|c| c != '}').trim_end_matches("],\"next\":null}");
                assert!(whole.contains(cell.trim_end_matches([',', ']'])), "{cell}");
            }
        }
        let together = ask("level=uk&indicator=social-connection&group=everybody").await.items();
        assert_eq!(together.len(), 1);

        // Page by page.
        let mut read = Vec::new();
        let mut next = String::new();
        loop {
            let page = ask(&format!("level=scheme&limit=7{next}")).await.expect(200).json();
            read.extend(page["items"].as_array().expect("items").clone());
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(read, ask("level=scheme&limit=5000").await.items());

        for (query, pointer, code) in [
            ("level=unit", "/level", "unknown-code"),
            ("level=uk&level=uk", "/level", "repeated"),
            ("model=absent", "/model", "unknown-code"),
            ("indicator=absent", "/indicator", "unknown-indicator"),
            ("group=absent", "/group", "unknown-breakdown"),
            ("group=arrangement:absent", "/group", "unknown-code"),
            ("period=2026-27", "/period", "unknown-parameter"),
            ("cursor=x", "/cursor", "bad-cursor"),
            ("limit=0", "/limit", "out-of-range"),
        ] {
            let refused = ask(query).await.expect(400);
            assert_eq!(refused.faults(), [(pointer.to_owned(), code.to_owned())], "{query}");
        }
        one(&world, "absent/cells").await.expect(404);
    });
}

#[test]
fn every_claim_has_a_passport() {
    on_both(|world| async move {
        let national = world.national().await;
        two_schemes(&national).await;
        let release = publish_of(&world, "2026-27").await;
        let id = release["id"].as_str().expect("an id");
        let listed = one(&world, &format!("{id}/claims")).await.items();
        let ids: Vec<&Value> = listed.iter().map(|claim| &claim["id"]).collect();
        assert_eq!(ids, release["claims"].as_array().expect("claims").iter().collect::<Vec<_>>());
        for claim in &listed {
            let found = world
                .stranger()
                .get(claim["passport"].as_str().expect("an address"))
                .await
                .expect(200)
                .json();
            assert_eq!((&found["id"], &found["release"]["id"]), (&claim["id"], &release["id"]));
            assert!(found["passport"].is_object());
        }
        one(&world, &format!("{id}/claims/absent")).await.expect(404);
        one(&world, &format!("{id}/claims/%00")).await.expect(404);
    });
}

/// Runs SQL past the program.
fn execute(world: &World, sql: &str) {
    if let Some(path) = world.url().strip_prefix("sqlite://") {
        return SqliteConnection::establish(path).expect("opens").batch_execute(sql).expect(sql);
    }
    let psql = postgres_programs().join("psql");
    let done =
        Command::new(psql).args(["-q", "-v", "ON_ERROR_STOP=1", "-d", world.url(), "-c", sql]).output();
    let done = done.expect("psql runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// What a release looked like before there were parts.
const BEFORE: &str = r#"{"cells":[{"indicator":"kindness","group":null,"model":"shared-lives","n":122,"percent":84.4,"place":{"code":"K02000001","level":"uk","name":"United Kingdom"},"positive":103,"series":"connections/1"}],"demo":false,"id":"06A","kpi_cells":[],"period":"2025-26","policy":{"least_each_side":10,"least_n":100},"published_at":"2026-05-18T09:30:00.000000Z"}"#;

#[test]
fn releases_from_before_there_were_parts_are_read_as_they_were_and_nothing_is_published_over_them() {
    on_both(|world| async move {
        let (up, down) = match world.app.store.engine() {
            Engine::Sqlite => (
                include_str!("../../migrations/sqlite/2026-11-27-040000_releases/up.sql"),
                include_str!("../../migrations/sqlite/2026-11-27-040000_releases/down.sql"),
            ),
            Engine::Postgres => (
                include_str!("../../migrations/postgres/2026-11-27-040000_releases/up.sql"),
                include_str!("../../migrations/postgres/2026-11-27-040000_releases/down.sql"),
            ),
        };
        let national = world.national().await;
        two_schemes(&national).await;
        execute(&world, down);
        let later = BEFORE.replace("06A", "06B").replace("2026-05-18", "2026-06-18");
        for (id, at, body) in
            [("06B", "2026-06-18 09:30:00", later.as_str()), ("06A", "2026-05-18 09:30:00", BEFORE)]
        {
            execute(&world, &format!("INSERT INTO releases VALUES ('{id}', '{at}', '{body}')"));
        }
        execute(&world, up);
        assert_eq!(one(&world, "06A").await.expect(200).text, BEFORE);
        assert_eq!(world.stranger().get("/api/v1/releases/latest").await.expect(200).text, later);
        let listed = world.stranger().get("/api/v1/releases").await.items();
        let seen: Vec<_> =
            listed.iter().map(|r| (&r["number"], &r["id"], &r["supersedes"], &r["period"])).collect();
        let period_of = json!("2025-26");
        assert_eq!(
            seen,
            [
                (&json!(2), &json!("06B"), &json!("06A"), &period_of),
                (&json!(1), &json!("06A"), &Value::Null, &period_of)
            ]
        );
        let found = one(&world, "06A/cells?level=uk&indicator=kindness").await.items();
        assert_eq!(found[0]["positive"], 103);
        assert!(one(&world, "06A/cells?level=nation").await.items().is_empty());
        world.stranger().get("/api/v1/exports/06A.zip").await.expect(200);
        let home = world.stranger().get("/").await.expect(200).text;
        assert!(home.contains("84.4%") && home.contains("at least 100 people"), "{home}");
        let refused =
            world.act(|app| release_at_once(app, period("12m-2026-Q1"))).await.expect_err("unknown counts");
        assert!(matches!(refused, ReleaseRefused::NoLedger(_)), "{refused}");

        // Back again: what was published since is one text, too.
        let id = publish(&world, "2026-27").await;
        let text = one(&world, &id).await.expect(200).json();
        execute(&world, down);
        execute(&world, up);
        let mut whole = one(&world, &id).await.expect(200).json();
        whole["claims"] = text["claims"].clone();
        assert_eq!(whole, text);
        assert_eq!(one(&world, "06A").await.expect(200).text, BEFORE);
    });
}

#[test]
fn kpis_of_enough_senders_are_published_and_each_revision_knows_in_which_release_it_was_first() {
    on_both(|world| async move {
        let national = world.national().await;
        let schemes = [
            ("leeds", "E08000035"),
            ("york", "E06000014"),
            ("barnet", "E09000003"),
            ("cardiff", "W06000015"),
        ];
        let path = |name: &str| format!("/api/v1/schemes/{name}-shared-lives/returns/2026-Q2");
        for (index, (name, area)) in schemes.into_iter().enumerate() {
            national
                .post("/api/v1/schemes", &scheme(&format!("{name}-shared-lives"), area))
                .await
                .expect(201);
            let mut values = vec![json!({"kpi": "shared-lives-people", "numerator": 40 + index})];
            // Good or outstanding is England's only.
            if area.starts_with('E') {
                values.push(json!({"kpi": "shared-lives-good", "numerator": 1, "denominator": 1}));
            }
            national.put(&path(name), &json!({"values": values})).await.expect(201);
        }
        let release = publish_of(&world, "2026-Q2").await;
        assert_eq!(release["policy"]["least_senders"], 3);
        let of = |release: &Value, kpi: &str| -> Vec<(String, f64, i64)> {
            let rows = release["kpi_cells"].as_array().expect("rows").iter().filter(|row| row["kpi"] == kpi);
            rows.map(|row| {
                let code = row["place"]["code"].as_str().expect("a code").to_owned();
                (code, row["value"].as_f64().expect("a value"), row["senders"].as_i64().expect("a number"))
            })
            .collect()
        };
        // Wales has sent once: it is not shown, nor what would tell of it.
        assert_eq!(of(&release, "shared-lives-people"), [("K02000001".to_owned(), 166.0, 4)]);
        assert!(of(&release, "shared-lives-good").is_empty(), "three of three: the others are none");
        let first = |history: &Value| -> Vec<(String, Value)> {
            let events = history["history"].as_array().expect("a list").iter();
            events
                .map(|e| (e["act"].as_str().expect("an act").to_owned(), e["published_in"].clone()))
                .collect()
        };
        let sent = national.get(&path("leeds")).await.expect(200).json();
        assert_eq!(first(&sent), [("submitted".to_owned(), release["id"].clone())]);
        // A correction is not in that release; it is in the next one, and the first stays as it was.
        let corrected = json!({"values": [{"kpi": "shared-lives-people", "numerator": 50}]});
        national.put(&path("leeds"), &corrected).await.expect(200);
        world.set_time("2026-07-20T09:30:00Z");
        let next = publish_of(&world, "2026-Q2").await;
        assert_eq!(of(&next, "shared-lives-people"), [("K02000001".to_owned(), 176.0, 4)]);
        let sent = national.get(&path("leeds")).await.expect(200).json();
        assert_eq!(
            first(&sent),
            [("submitted".to_owned(), release["id"].clone()), ("corrected".to_owned(), next["id"].clone()),]
        );
        let still = national.get(&path("york")).await.expect(200).json();
        assert_eq!(first(&still), [("submitted".to_owned(), release["id"].clone())]);
        let kept = world
            .stranger()
            .get(&format!("/api/v1/releases/{}", release["id"].as_str().expect("an id")))
            .await;
        assert_eq!(kept.expect(200).json(), release, "frozen");
    });
}
