//! Figures that others publish: imported whole or not at all, superseded, and laid beside live ones without being any of them.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::support::{Client, Reply, World, on_both, scheme};
use khi::domain::access::Role;

const IMPORT: &str = "/api/v1/comparators/import?year=2024-25";
const HEADINGS: &str = "Geographical code,Geographical description,Geographical level,ONS code,ASCOF measure code,\
    Disaggregation level,Measure type,Measure value";

/// A file in the shape in which it is published, with what is not shown among it.
fn published(outcome: &str) -> String {
    let total = format!("204,Leeds,Council,E08000035,2A,Total,Outcome,{outcome}");
    let rows = [
        "204,Leeds,Council,E08000035,2A,Total,Numerator,\"1,234\"",
        "204,Leeds,Council,E08000035,2A,Total,Denominator,2468",
        &total,
        "204,Leeds,Council,E08000035,1A,Total,Numerator,19100",
        "204,Leeds,Council,E08000035,1A,Total,Denominator,1000",
        "204,Leeds,Council,E08000035,1A,Total,Outcome,19.1",
        "204,Leeds,Council,E08000035,2A,18-64,Outcome,[c]",
        "204,Leeds,Council,E08000035,2A,18-64,Numerator,[c]",
        "204,Leeds,Council,E08000035,2A,18-64,Denominator,[x]",
        "D,Barnsley,Council,E08000016,2A,Total,Outcome,41.5",
        "D,Yorkshire and The Humber,Region,E12000003,2A,Total,Outcome,44",
        "E,England,England,E92000001,2A,Total,Outcome,45.25",
    ];
    format!("\u{feff}{HEADINGS}\r\n{}\r\n", rows.join("\r\n"))
}

async fn send(client: &Client<'_>, path: &str, body: String) -> Reply {
    client.send(Method::POST, path, &[("Content-Type", "text/csv")], Some(body.into_bytes())).await
}

/// The comparators that a question for outcomes gives.
async fn beside(client: &Client<'_>, query: &str) -> Vec<Value> {
    let items = client.get(&format!("/api/v1/outcomes?{query}")).await.expect(200).items();
    items.iter().flat_map(|item| item["comparators"].as_array().cloned().expect("a list")).collect()
}

const LEEDS: &str = "period=2024-25&level=local_authority&within=E08000035";

#[test]
fn a_published_file_stands_beside_live_figures_until_another_takes_its_place() {
    on_both(|world: World| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let kpi = format!("/api/v1/kpi?{LEEDS}");
        let live = national.get(&kpi).await.expect(200).text;
        // Tried first: nothing is there yet.
        let tried = send(&national, &format!("{IMPORT}&dry_run=true"), published("50")).await.expect(200);
        let tried = tried.json();
        let counts = ["rows", "comparators", "areas"].map(|key| tried[key].as_i64().expect(key));
        assert_eq!((counts, &tried["faults"]), ([12, 6, 4], &json!([])), "{tried}");
        assert_eq!(
            (&tried["measures"], &tried["not_shown"]),
            (&json!(["1A", "2A"]), &json!({"c": 2, "x": 1}))
        );
        assert!(national.get("/api/v1/comparators").await.expect(200).items().is_empty());
        assert!(beside(&national, LEEDS).await.is_empty());

        let path = format!("{IMPORT}&name=C%3A%5Cdata%5Cascof.csv");
        let done = send(&national, &path, published("50")).await.expect(200).json();
        assert_eq!((&done["dry_run"], &done["supersedes"]), (&json!(false), &json!(null)));
        let found = beside(&national, LEEDS).await;
        assert_eq!(found.len(), 3, "{found:?}");
        let of = |measure: &str, group: &str| {
            let is = |c: &&Value| c["measure"] == measure && c["disaggregation"] == group;
            found.iter().find(is).cloned().expect("one")
        };
        let total = of("2A", "Total");
        let at = total["source"]["imported_at"].as_str().expect("a time");
        assert!(at.starts_with("2026-07-20T"), "{at}");
        assert_eq!(
            total,
            json!({
                "kind": "comparator", "year": "2024-25", "measure": "2A", "disaggregation": "Total",
                "area": {"level": "local_authority", "code": "E08000035", "name": "Leeds"},
                "numerator": 1234.0, "denominator": 2468.0, "outcome": 50.0, "not_shown": {},
                "source": {"id": "ascof", "file": "ascof.csv", "sha256": done["sha256"], "imported_at": at},
            })
        );
        let hidden = of("2A", "18-64");
        assert_eq!(hidden["outcome"], json!(null), "what is not shown is never 0");
        assert_eq!(hidden["not_shown"], json!({"numerator": "c", "denominator": "x", "outcome": "c"}));
        assert_eq!(national.get(&kpi).await.expect(200).text, live, "it is never among live figures");
        // A quarter has those of its year; another year has none; today's boundaries have those of what became the place.
        let council = |period: &str| format!("period={period}&level=local_authority&within=E08000035");
        assert_eq!(beside(&national, &council("2025-Q1")).await.len(), 3);
        assert!(beside(&national, &council("2025-26")).await.is_empty());
        let region = beside(&national, "period=2024-25&level=region&within=E12000003").await;
        assert_eq!(region[0]["outcome"], 44.0);
        let england = beside(&national, "period=2024-25&level=nation&within=E92000001").await;
        assert_eq!(england[0]["outcome"], 45.25);
        let today = "period=2024-25&level=local_authority&within=E08000038&boundaries=today";
        assert_eq!(beside(&national, today).await[0]["area"]["code"], "E08000016");
        // A scheme sees those of its council.
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        assert_eq!(beside(&lead, "period=2024-25&level=scheme").await.len(), 3);

        // The same file again is nothing new; another takes its place, and the first stays known.
        let again = send(&national, &format!("{IMPORT}&name=copy.csv"), published("50")).await.expect(200);
        assert_eq!(again.json()["unchanged"], true);
        let later = send(&national, &format!("{IMPORT}&name=later.csv"), published("51.5")).await.expect(200);
        assert_eq!(later.json()["supersedes"]["name"], "ascof.csv");
        let found = beside(&national, LEEDS).await;
        assert!(found.len() == 3 && found.iter().any(|c| c["outcome"] == 51.5), "{found:?}");
        let files = national.get("/api/v1/comparators").await.expect(200).items();
        let told: Vec<_> = files.iter().map(|f| (f["name"].as_str(), f["superseded_at"].is_null())).collect();
        assert_eq!(told, [(Some("later.csv"), true), (Some("ascof.csv"), false)]);
        assert_eq!((&files[1]["sha256"], &files[1]["rows"]), (&done["sha256"], &json!(12)));
        let log = national.get("/api/v1/audit").await.expect(200).text;
        assert_eq!(log.matches("comparators-imported").count(), 2, "{log}");
    });
}

#[test]
fn a_file_with_faults_is_refused_whole_and_only_the_national_team_imports() {
    on_both(|world: World| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let planted = published("150%")
            .replace("E08000016", "E08000038")
            .replace("1A,Total,Outcome,19.1", "1A,Total,Outcome,5")
            .replace("Region,E12000003", "Council,E12000003");
        let refused = send(&national, IMPORT, planted.clone()).await.expect(422);
        let expected = [
            ("/4/Measure value", "percentage"),
            ("/5/Measure value", "numerator-above-denominator"),
            ("/11/ONS code", "area-not-in-force"),
            ("/12/Geographical level", "wrong-level"),
        ];
        let expected: Vec<_> = expected.iter().map(|(p, c)| ((*p).to_owned(), (*c).to_owned())).collect();
        assert_eq!(refused.faults(), expected);
        assert!(refused.text.contains("Then it was Barnsley (E08000016)"), "it is said what would be right");
        let dry = send(&national, &format!("{IMPORT}&dry_run=true"), planted).await.expect(200).json();
        assert_eq!(dry["faults"].as_array().map(Vec::len), Some(4));
        assert!(national.get("/api/v1/comparators").await.expect(200).items().is_empty());
        for (query, code) in [
            ("", "bad-period"),
            ("?year=2025-Q1", "bad-period"),
            ("?year=2031-32", "period-not-begun"),
            ("?year=2024-25&name=", "bad-name"),
            ("?year=2024-25&source=other", "query"),
        ] {
            let path = format!("/api/v1/comparators/import{query}");
            let refused = send(&national, &path, published("50")).await.expect(400);
            assert_eq!(refused.faults()[0].1, code, "{query}");
        }
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let area = world.signed_in(Role::Area("E08000035".into())).await;
        let analyst = world.signed_in(Role::Analyst).await;
        for client in [&lead, &area, &analyst] {
            assert_eq!(send(client, IMPORT, published("50")).await.status, 403);
            assert_eq!(client.get("/api/v1/comparators").await.status, 403);
        }
        let headers = [("Content-Type", "application/pdf")];
        assert_eq!(national.send(Method::POST, IMPORT, &headers, Some(vec![1])).await.status, 415);
    });
}
