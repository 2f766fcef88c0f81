//! A questionnaire nobody has seen before, put in a folder: served, answered and counted with no code change;
//! and a published file that changes afterwards.

use std::path::Path;

use serde_json::{Value, json};

use khi::definition_files::read_folder;
use khi::domain::definition::SourceFile;

use super::support::{Client, World, on_both_with, reopened_with};

fn garden_club() -> Vec<SourceFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec/fixtures/definitions/valid");
    read_folder(&folder, false).expect("the folder reads")
}

fn response(version: &str, participant: &str, completed_on: &str, answers: Value) -> Value {
    json!({"questionnaire": "garden-club", "version": version, "scheme": "leeds-gardens", "participant": participant,
           "completed_on": completed_on, "mode": "paper", "rendition": "standard", "language": "cy", "completed_by": "self",
           "consent": {"version": if version == "2.0.0" { "2" } else { "1" }, "statistics": true}, "about": {"plot": "own"}, "answers": answers})
}

fn keen() -> Value {
    json!({"visits": 5, "meetings": 2, "planted": 10, "lived": 8, "pleasure": "better", "connected": "better", "reasons": ["friends"],
           "return": "yes", "learned": "yes", "calm": 9, "worried": 2, "rested": 4, "hopeful": 4, "busy-mind": 2, "useful": 5,
           "steady": 3, "strong": 4, "cheerful": 5, "worth-it": "fully", "teach": "yes", "safe": "yes"})
}

fn unsure() -> Value {
    json!({"visits": 0, "meetings": 1, "planted": 0, "pleasure": "worse", "connected": "same", "return": {"missing": "dont-know"},
           "learned": "knew-already", "worried": 6, "rested": 2, "hopeful": 2, "busy-mind": 4, "useful": 2, "steady": 1,
           "strong": {"missing": "unreadable"}, "worth-it": "partly", "safe": "yes"})
}

async fn with_scheme(world: &World) -> Client<'_> {
    let national = world.national().await;
    let body = json!({"id": "leeds-gardens", "name": "Example gardens", "model": "community-enterprise", "areas": [{"code": "E08000035", "from": "2020-04-01"}]});
    national.post("/api/v1/schemes", &body).await.expect(201);
    national
}

/// Sends what `P-1`, `P-2`, ... answered to these versions, a day apart.
async fn submit_each(client: &Client<'_>, sent: &[(&str, Value)]) {
    for (person, (version, answers)) in (1..).zip(sent) {
        let body = response(version, &format!("P-{person}"), &format!("2026-07-0{person}"), answers.clone());
        client.submit(&format!("key-0123456789-{person}"), &body).await.expect(201);
    }
}

async fn row(client: &Client<'_>, indicator: &str, series: &str) -> Value {
    let rows = client
        .get(&format!("/api/v1/khi?period=2026-27&level=uk&indicator={indicator}"))
        .await
        .expect(200)
        .items();
    rows.into_iter().find(|r| r["series"] == series).unwrap_or(Value::Null)
}

#[test]
fn it_is_served_answered_and_counted_by_all_five_rules() {
    on_both_with(&garden_club(), |world| async move {
        let served =
            world.stranger().get("/api/v1/questionnaires/garden-club/versions/1.0.0").await.expect(200);
        assert_eq!(served.json()["id"], "garden-club");
        let national = with_scheme(&world).await;
        submit_each(&national, &[("1.0.0", keen()), ("1.0.0", unsure())]).await;
        let series = "garden-club/1";
        let bands = row(&national, "garden-visits", series).await;
        assert_eq!(
            (
                &bands["distribution"]["none"]["count"],
                &bands["distribution"]["often"]["count"],
                &bands["percent"]
            ),
            (&json!(1), &json!(1), &Value::Null)
        );
        assert_eq!(row(&national, "garden-visits-number", series).await["mean"], 2.5);
        let share = row(&national, "garden-visits-often", series).await;
        assert_eq!(
            (&share["n"], &share["positive"], &share["left_out"]["outside-base"]),
            (&json!(1), &json!(1), &json!(1))
        );
        assert_eq!(row(&national, "garden-times", series).await["mean"], 4.0);
        let ratio = row(&national, "garden-survival", series).await;
        assert_eq!(
            (&ratio["n"], &ratio["mean"], &ratio["left_out"]["incomplete"]),
            (&json!(1), &json!(0.8), &json!(1))
        );
        assert_eq!(row(&national, "garden-pleasure", "garden-pleasure/1").await["percent"], 50.0);
        let kept = row(&national, "garden-return", series).await;
        assert_eq!(
            (&kept["n"], &kept["percent"], &kept["distribution"]["dont-know"]),
            (&json!(2), &json!(50.0), &json!(1))
        );
        assert_eq!(
            row(&national, "garden-calm", series).await["mean"],
            6.25,
            "reverse, and one of two answered"
        );
        assert_eq!(
            row(&national, "garden-spirits", series).await["mean"],
            20.8,
            "29 and, from five of seven answers, 12.6"
        );
        let cut = row(&national, "garden-spirits-good", series).await;
        assert_eq!((&cut["n"], &cut["positive"], &cut["mean"]), (&json!(2), &json!(1), &Value::Null));
    });
}

#[test]
fn a_minor_version_keeps_the_series_and_a_major_one_only_where_it_says_so() {
    on_both_with(&garden_club(), |world| async move {
        let national = with_scheme(&world).await;
        submit_each(&national, &[("1.0.0", keen()), ("1.1.0", keen()), ("2.0.0", keen())]).await;
        let continued = row(&national, "garden-return", "garden-club/1").await;
        assert_eq!(continued["n"], 3, "2.0.0 names the earlier series for this one");
        assert_eq!(
            row(&national, "garden-visits-number", "garden-club/2").await["n"],
            1,
            "the meaning changed: a new series"
        );
        let first = row(&national, "garden-visits-number", "garden-club/1").await;
        assert_eq!((&first["n"], &first["left_out"]["not-asked"]), (&json!(2), &json!(1)));
        let added = row(&national, "garden-neighbours", "garden-club/1").await;
        assert_eq!(added["left_out"]["not-asked"], 1, "1.0.0 did not ask it");
        let listed = national.get("/api/v1/responses").await.items();
        let mut versions: Vec<&str> = listed.iter().filter_map(|r| r["version"].as_str()).collect();
        versions.sort_unstable();
        assert_eq!(versions, ["1.0.0", "1.1.0", "2.0.0"], "old responses read as they were given");
    });
}

#[test]
fn a_published_file_that_changed_or_went_is_named_and_nothing_is_served() {
    on_both_with(&garden_club(), |world| async move {
        assert_eq!(reopened_with(&world, &garden_club()), Vec::<String>::new(), "the same files again");
        // Without the folder's lock, the database is what remembers.
        let unlocked = || garden_club().into_iter().filter(|f| f.path != "published.lock");
        let mut edited: Vec<SourceFile> = unlocked().collect();
        let file =
            edited.iter_mut().find(|f| f.path == "questionnaires/garden-club/1.0.0.json").expect("there");
        file.bytes =
            String::from_utf8_lossy(&file.bytes).replace("\"en\": \"Yes\"", "\"en\": \"Yes!\"").into_bytes();
        let refused = reopened_with(&world, &edited);
        assert!(
            refused.len() == 1
                && refused[0].contains("questionnaires/garden-club/1.0.0.json")
                && refused[0].contains("changed"),
            "{refused:?}"
        );
        let fewer: Vec<SourceFile> = unlocked().filter(|f| !f.path.ends_with("2.0.0.json")).collect();
        let refused = reopened_with(&world, &fewer);
        assert!(
            refused.len() == 1 && refused[0].contains("2.0.0.json") && refused[0].contains("gone"),
            "{refused:?}"
        );
    });
}
