//! Releases: what may be public, and that the public page shows that and nothing else.

use serde_json::{Value, json};

use khi::domain::period::Period;
use khi::use_cases::publish_headlines;

use super::support::{Client, World, on_both, response, scheme};

/// Sends answers of `people`: the share given is *better*, the rest *same*, but for `worse` people.
async fn send(national: &Client<'_>, scheme: &str, people: usize, better: usize, worse: usize) {
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

async fn publish(world: &World) -> Value {
    publish_of(world, "2026-27").await
}

async fn publish_of(world: &World, period: &str) -> Value {
    let app = world.app.clone();
    let period: Period = period.parse().expect("a period");
    let id = actix_web::web::block(move || publish_headlines(&app, period))
        .await
        .expect("runs")
        .expect("published");
    let latest = world.stranger().get("/api/v1/releases/latest").await.expect(200);
    assert_eq!(latest.json()["id"], json!(id));
    assert_eq!(
        world.stranger().get(&format!("/api/v1/releases/{id}")).await.expect(200).text,
        latest.text,
        "frozen"
    );
    latest.json()
}

fn cells<'a>(release: &'a Value, indicator: &str) -> Vec<&'a Value> {
    release["cells"].as_array().expect("cells").iter().filter(|c| c["indicator"] == indicator).collect()
}

#[test]
fn small_bases_and_small_sides_stay_private_and_take_what_would_give_them_away_with_them() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        national.post("/api/v1/schemes", &scheme("cardiff-shared-lives", "W06000015")).await.expect(201);
        send(&national, "leeds-shared-lives", 110, 95, 3).await;
        send(&national, "cardiff-shared-lives", 12, 8, 0).await;
        let release = publish(&world).await;
        let connection = cells(&release, "social-connection");
        assert_eq!(connection.len(), 1, "Wales is too small; England and the UK together would give it away");
        let uk = connection[0];
        assert_eq!(
            (&uk["place"]["level"], &uk["n"], &uk["positive"]),
            (&json!("uk"), &json!(122), &json!(103))
        );
        assert_eq!(
            (&uk["distribution"], &uk["left_out"], &uk["completed_by"]),
            (&Value::Null, &Value::Null, &Value::Null),
            "3 said worse"
        );
        assert!(cells(&release, "kindness").is_empty(), "all of them said yes: nobody on the other side");
        let home = world.stranger().get("/").await.expect(200).text;
        assert!(
            home.contains("84.4%") && home.contains("103 of 122") && home.contains("given by too few people"),
            "{home}"
        );
        assert!(!home.contains("England") && !home.contains("110"));
    });
}

#[test]
fn a_release_stays_as_it_was_when_figures_move() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        send(&national, "leeds-shared-lives", 140, 110, 15).await;
        let before = publish(&world).await;
        assert_eq!(
            cells(&before, "social-connection")[0]["distribution"],
            json!({"better": 110, "same": 15, "worse": 15})
        );
        let late = response("leeds-shared-lives", "P-late", "2026-05-11", "worse");
        national.submit("key-0123456789-late", &late).await.expect(201);
        let after = world.stranger().get("/api/v1/releases/latest").await.expect(200).json();
        assert_eq!(after, before);
        world.set_time("2026-07-20T09:30:00Z");
        assert_eq!(cells(&publish(&world).await, "social-connection")[0]["n"], 141);
        assert_eq!(world.stranger().get("/api/v1/releases").await.items().len(), 2);
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
