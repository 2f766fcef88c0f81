//! Schemes by API and by CSV.

use serde_json::json;

use super::support::{on_both, scheme};

#[test]
fn a_scheme_is_added_seen_and_replaced() {
    on_both(|world| async move {
        let national = world.national().await;
        let body = scheme("leeds-shared-lives", "E08000035");
        national.post("/api/v1/schemes", &body).await.expect(201);
        let seen = national.get("/api/v1/schemes/leeds-shared-lives").await.expect(200).json();
        assert_eq!(seen["areas"], body["areas"]);
        let twice = national.post("/api/v1/schemes", &body).await.expect(409);
        assert_eq!(twice.faults(), [("/id".into(), "exists".into())]);
        let mut renamed = body.clone();
        renamed["name"] = json!("Another name");
        renamed["units"] = json!([{"id": "north", "name": "North", "from": "2024-01-01", "to": null}]);
        national.put("/api/v1/schemes/leeds-shared-lives", &renamed).await.expect(200);
        assert_eq!(
            national.get("/api/v1/schemes/leeds-shared-lives").await.json()["units"][0]["name"],
            "North"
        );
        renamed["model"] = json!("homeshare");
        let refused = national.put("/api/v1/schemes/leeds-shared-lives", &renamed).await.expect(422);
        assert_eq!(refused.faults(), [("/model".into(), "cannot-change".into())]);
    });
}

#[test]
fn every_fault_of_a_scheme_is_told_at_its_place() {
    on_both(|world| async move {
        let national = world.national().await;
        let body = json!({"id": "Bad Id", "name": "", "model": "shared-life", "cqc_location_id": "x", "surprise": 1, "areas": [
            {"code": "E08000038", "from": "2020-04-01", "to": null},
            {"code": "E12000003", "from": "2020-04-01"},
            {"code": "E99999999", "from": "2020-04-01"},
            {"code": "E08000035", "from": "2020-04-31", "to": "2019-01-01"},
        ]});
        let faults = national.post("/api/v1/schemes", &body).await.expect(422).faults();
        let expected = [
            ("/areas/0/code", "area-not-in-force"),
            ("/areas/1/code", "not-a-council"),
            ("/areas/2/code", "unknown-area"),
            ("/areas/3/from", "not-a-date"),
            ("/cqc_location_id", "bad-cqc-location"),
            ("/id", "bad-id"),
            ("/model", "unknown-code"),
            ("/name", "empty"),
            ("/surprise", "unknown-key"),
        ];
        let expected: Vec<(String, String)> =
            expected.iter().map(|(p, c)| ((*p).into(), (*c).into())).collect();
        assert_eq!(faults, expected);
        assert!(national.get("/api/v1/schemes").await.items().is_empty());
    });
}

#[test]
fn schemes_are_imported_from_csv_after_a_dry_run() {
    on_both(|world| async move {
        let national = world.national().await;
        let csv = "id,name,model,council,from,to,cqc_location_id\n\
                   leeds-shared-lives,Example Leeds,shared-lives,E08000035,2020-04-01,,1-348374832\n\
                   three-homeshare,Example Three,homeshare,E06000014,2021-01-01,,\n\
                   three-homeshare,,,E08000032,2021-01-01,2025-12-31,\n";
        let send = |path: &'static str, csv: &str| {
            let body = csv.as_bytes().to_vec();
            let national = &national;
            async move {
                national
                    .send(actix_web::http::Method::POST, path, &[("Content-Type", "text/csv")], Some(body))
                    .await
            }
        };
        let report = send("/api/v1/schemes/import?dry_run=true", csv).await.expect(200).json();
        assert_eq!(
            report,
            json!({"dry_run": true, "rows": 3, "added": ["leeds-shared-lives", "three-homeshare"]})
        );
        assert!(national.get("/api/v1/schemes").await.items().is_empty(), "a dry run writes nothing");
        let bad = csv.replace("E06000014", "E12000003").replace("2025-12-31", "2020-01-01");
        let faults = send("/api/v1/schemes/import", &bad).await.expect(422).faults();
        assert_eq!(
            faults,
            [("/3/council".into(), "not-a-council".into()), ("/4/to".into(), "ends-before-it-begins".into())]
        );
        assert!(
            national.get("/api/v1/schemes").await.items().is_empty(),
            "a file with faults writes nothing"
        );
        send("/api/v1/schemes/import", csv).await.expect(200);
        let three = national.get("/api/v1/schemes/three-homeshare").await.expect(200).json();
        assert_eq!(three["areas"].as_array().map(Vec::len), Some(2));
        let again = send("/api/v1/schemes/import?dry_run=true", csv).await.expect(422).faults();
        assert_eq!(again, [("/2/id".into(), "exists".into()), ("/3/id".into(), "exists".into())]);
    });
}

#[test]
fn lists_are_paged_by_key() {
    on_both(|world| async move {
        let national = world.national().await;
        for id in ["c", "a", "b"] {
            national.post("/api/v1/schemes", &scheme(id, "E08000035")).await.expect(201);
        }
        let first = national.get("/api/v1/schemes?limit=2").await.json();
        assert_eq!(
            (&first["items"][0]["id"], &first["items"][1]["id"], &first["next"]),
            (&json!("a"), &json!("b"), &json!("b"))
        );
        let second = national.get("/api/v1/schemes?limit=2&cursor=b").await.json();
        assert_eq!((second["items"].as_array().map(Vec::len), &second["next"]), (Some(1), &json!(null)));
        national.get("/api/v1/schemes?limit=0").await.expect(400);
    });
}
