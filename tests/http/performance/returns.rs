//! Sending returns in: what is taken, what is refused and why, and what becomes of it.

use serde_json::json;

use super::super::support::{on_both, scheme};
use super::{scheme_of, value};
use khi::domain::access::Role;

const LEEDS: &str = "/api/v1/schemes/leeds-shared-lives/returns/2026-Q2";

#[test]
fn a_return_is_saved_sent_asked_about_corrected_and_approved_and_nothing_is_forgotten() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let empty = lead.get(LEEDS).await.expect(200).json();
        assert_eq!((&empty["status"], &empty["revision"]), (&json!("missing"), &json!(0)));
        assert!(empty["asked"].as_array().expect("a list").contains(&json!("shared-lives-people")));
        // A draft may hold anything, and counts nowhere.
        let draft =
            json!({"state": "draft", "values": [{"kpi": "shared-lives-people", "numerator": "twelve"}]});
        let saved = lead.put(LEEDS, &draft).await.expect(201).json();
        assert_eq!((&saved["status"], &saved["values"]), (&json!("draft"), &json!([])));
        assert_eq!(saved["draft"], draft["values"]);
        // Somebody else saved meanwhile.
        let stale = json!({"state": "draft", "revision": 0, "values": []});
        assert_eq!(lead.put(LEEDS, &stale).await.status, 412);
        let sent = json!({"revision": 1, "note": "All counted by hand", "values": [value("shared-lives-people", 231.0, None), value("shared-lives-good", 1.0, Some(1.0))]});
        let sent = lead.put(LEEDS, &sent).await.expect(200).json();
        assert_eq!(
            (&sent["status"], &sent["revision"], &sent["draft"]),
            (&json!("submitted"), &json!(2), &json!(null))
        );
        assert_eq!(sent["values"][1]["council"], "E08000035", "the only one there is");
        // Asked about by the national team; the lead may not approve their own.
        let ask = json!({"revision": 2, "query": "Is that the number on the last day?"});
        assert_eq!(lead.post(&format!("{LEEDS}/approve"), &json!({"revision": 2})).await.status, 403);
        let asked = national.post(&format!("{LEEDS}/query"), &ask).await.expect(200).json();
        assert_eq!((&asked["status"], &asked["query"]), (&json!("queried"), &ask["query"]));
        let again = json!({"revision": 3, "values": [value("shared-lives-people", 213.0, None)]});
        let corrected = lead.put(LEEDS, &again).await.expect(200).json();
        assert_eq!((&corrected["status"], &corrected["query"]), (&json!("submitted"), &json!(null)));
        assert_eq!(national.post(&format!("{LEEDS}/approve"), &json!({"revision": 2})).await.status, 412);
        let approved =
            national.post(&format!("{LEEDS}/approve"), &json!({"revision": 4})).await.expect(200).json();
        let history = approved["history"].as_array().expect("a list");
        let told: Vec<(&str, i64, Option<i64>)> = history
            .iter()
            .map(|h| {
                (
                    h["act"].as_str().expect("an act"),
                    h["revision"].as_i64().expect("a number"),
                    h["superseded_by"].as_i64(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [("submitted", 2, Some(4)), ("queried", 3, None), ("corrected", 4, None), ("approved", 5, None)]
        );
        assert_eq!(history[0]["values"][0]["numerator"], 231);
        assert_eq!(history[0]["said"], "All counted by hand");
        assert_eq!(approved["values"].as_array().expect("a list").len(), 1, "a return is sent whole");
        // Who did it stands in the audit log, with no figure and no word.
        let log = national.get("/api/v1/schemes/leeds-shared-lives/audit").await.expect(200).text;
        for act in ["return-saved", "return-sent", "return-queried", "return-approved"] {
            assert!(log.contains(act), "{act}");
        }
        assert!(!log.contains("last day") && !log.contains("numerator"));
    });
}

#[test]
fn what_cannot_be_a_figure_is_refused_with_all_its_faults_and_changes_nothing() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let cardiff = scheme_of("cardiff-shared-lives", "shared-lives", &[("W06000015", "2020-04-01", None)]);
        national.post("/api/v1/schemes", &cardiff).await.expect(201);
        let three = [
            ("E08000035", "2020-04-01", None),
            ("E06000014", "2020-04-01", None),
            ("E08000036", "2020-04-01", None),
        ];
        national
            .post("/api/v1/schemes", &scheme_of("three-councils", "shared-lives", &three))
            .await
            .expect(201);
        let body = json!({"values": [
            {"kpi": "shared-lives-good", "percent": 92},
            {"kpi": "shared-lives-good", "numerator": "92%", "denominator": 100},
            {"kpi": "shared-lives-good", "numerator": 1, "denominator": 0},
            {"kpi": "shared-lives-good", "numerator": 3, "denominator": 2},
            {"kpi": "shared-lives-people", "numerator": -1},
            {"kpi": "shared-lives-people", "numerator": 1.005},
            {"kpi": "shared-lives-people", "numerator": 12, "denominator": 30},
            {"kpi": "shared-lives-good", "numerator": 1},
            {"kpi": "shared-lives-growth", "numerator": 5},
            {"kpi": "homeshare-matches", "numerator": 5},
            {"kpi": "no-such-thing", "numerator": 5},
            {"kpi": "shared-lives-people", "numerator": 5, "council": "E06000014"},
        ]});
        let refused = national.put(LEEDS, &body).await.expect(422);
        let faults = refused.faults();
        for (pointer, code) in [
            ("/values/0/percent", "percentage"),
            ("/values/1/numerator", "percentage"),
            ("/values/2/denominator", "zero-denominator"),
            ("/values/3/denominator", "numerator-above-denominator"),
            ("/values/4/numerator", "negative"),
            ("/values/5/numerator", "too-many-decimals"),
            ("/values/6/denominator", "denominator-not-allowed"),
            ("/values/7", "denominator-missing"),
            ("/values/8/kpi", "worked-out"),
            ("/values/10/kpi", "unknown-kpi"),
            ("/values/11/council", "wrong-council"),
        ] {
            assert!(faults.contains(&(pointer.into(), code.into())), "{pointer} {code} in {faults:?}");
        }
        // England's inspectors do not rate in Wales.
        let path = "/api/v1/schemes/cardiff-shared-lives/returns/2026-Q2";
        let welsh = json!({"values": [value("shared-lives-good", 1.0, Some(1.0))]});
        let refused = national.put(path, &welsh).await.expect(422);
        assert_eq!(refused.faults(), [("/values/0/kpi".into(), "wrong-nation".into())]);
        // Several councils: which one?
        let path = "/api/v1/schemes/three-councils/returns/2026-Q2";
        let refused = national
            .put(path, &json!({"values": [value("shared-lives-people", 3.0, None)]}))
            .await
            .expect(422);
        assert_eq!(refused.faults(), [("/values/0".into(), "council-missing".into())]);
        for (period, code) in
            [("2026-Q4", "period-not-begun"), ("12m-2026-Q1", "bad-period"), ("soon", "bad-period")]
        {
            let path = format!("/api/v1/schemes/leeds-shared-lives/returns/{period}");
            let refused = national.put(&path, &json!({"values": []})).await.expect(400);
            assert_eq!(refused.faults()[0].1, code, "{period}");
        }
        assert_eq!(national.get(LEEDS).await.expect(200).json()["status"], "missing", "nothing was kept");
        let kpi = "/api/v1/kpi?period=2026-Q2&level=uk&kpi=shared-lives-people";
        assert_eq!(national.get(kpi).await.expect(200).items()[0]["returned"], 0);
    });
}

#[test]
fn a_figure_far_from_what_is_likely_or_from_last_time_is_taken_and_said() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let before = "/api/v1/schemes/leeds-shared-lives/returns/2026-Q1";
        national
            .put(before, &json!({"values": [value("shared-lives-people", 100.0, None)]}))
            .await
            .expect(201);
        let many = json!({"values": [value("shared-lives-people", 4000.0, None)]});
        let sent = national.put(LEEDS, &many).await.expect(201).json();
        let doubts: Vec<&str> = sent["doubts"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|d| d["code"].as_str().expect("a code"))
            .collect();
        assert_eq!(doubts, ["out-of-range", "jump"]);
    });
}

#[test]
fn units_areas_and_the_national_body_send_their_own() {
    on_both(|world| async move {
        let national = world.national().await;
        let mut enterprise =
            scheme_of("leeds-enterprise", "community-enterprise", &[("E08000035", "2020-04-01", None)]);
        enterprise["units"] =
            json!([{"id": "garden", "name": "Garden project", "from": "2024-01-01", "to": null}]);
        national.post("/api/v1/schemes", &enterprise).await.expect(201);
        let unit = "/api/v1/schemes/leeds-enterprise/units/garden/returns/2026-Q2";
        let asked = national.get(unit).await.expect(200).json();
        assert_eq!(asked["asked"], json!(["community-enterprise-people", "community-enterprise-hours"]));
        let sent = json!({"values": [value("community-enterprise-people", 14.0, None)]});
        national.put(unit, &sent).await.expect(201);
        assert_eq!(
            national.get("/api/v1/schemes/leeds-enterprise/units/kitchen/returns/2026-Q2").await.status,
            404
        );
        let rows =
            national.get("/api/v1/kpi?period=2026-Q2&level=unit&kpi=community-enterprise-people").await;
        let rows = rows.expect(200).items();
        assert_eq!(
            (&rows[0]["place"]["code"], &rows[0]["value"]),
            (&json!("leeds-enterprise/garden"), &json!(14.0))
        );
        // A council sends its own, and only its own.
        let council = world.signed_in(Role::Area("E08000035".into())).await;
        let reach = json!({"values": [value("shared-lives-reach", 240.0, Some(650_000.0))]});
        council.put("/api/v1/areas/E08000035/returns/2025-26", &reach).await.expect(201);
        assert_eq!(council.put("/api/v1/areas/E06000014/returns/2025-26", &reach).await.status, 404);
        assert_eq!(council.put("/api/v1/areas/K02000001/returns/2025-26", &reach).await.status, 404);
        let approve = json!({"revision": 1});
        assert_eq!(
            council.post("/api/v1/areas/E08000035/returns/2025-26/approve", &approve).await.status,
            403
        );
        national.post("/api/v1/areas/E08000035/returns/2025-26/approve", &approve).await.expect(200);
        // The national body's are for the UK, and nobody else's.
        let schemes = json!({"values": [value("shared-lives-schemes", 152.0, None)]});
        national.put("/api/v1/areas/K02000001/returns/2025-26", &schemes).await.expect(201);
        let refused = national.put("/api/v1/areas/E08000035/returns/2025-26", &schemes).await.expect(422);
        assert_eq!(refused.faults()[0].1, "wrong-sender");
        assert_eq!(
            national.get("/api/v1/areas/E12000003/returns/2025-26").await.status,
            404,
            "a region sends nothing"
        );
    });
}

#[test]
fn how_complete_and_timely_returns_are_is_told_per_place() {
    on_both(|world| async move {
        let national = world.national().await;
        for (id, council) in [
            ("leeds-shared-lives", "E08000035"),
            ("york-shared-lives", "E06000014"),
            ("hull-shared-lives", "E06000010"),
        ] {
            national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        }
        let sent = json!({"values": [value("shared-lives-people", 100.0, None)]});
        national.put(LEEDS, &sent).await.expect(201);
        world.set_time("2026-09-01T09:00:00Z");
        let national = world.national().await;
        national.put("/api/v1/schemes/york-shared-lives/returns/2026-Q2", &sent).await.expect(201);
        let at = |level: &str| format!("/api/v1/returns?period=2026-Q2&level={level}&within=E12000003");
        let schemes = national.get(&at("scheme")).await.expect(200).items();
        let told: Vec<(&str, i64, i64, i64)> = schemes
            .iter()
            .map(|s| {
                let number = |key: &str| s[key].as_i64().expect("a number");
                (
                    s["place"]["code"].as_str().expect("a code"),
                    number("sent"),
                    number("on_time"),
                    number("overdue"),
                )
            })
            .collect();
        assert_eq!(
            told,
            [("hull-shared-lives", 0, 0, 1), ("leeds-shared-lives", 1, 1, 0), ("york-shared-lives", 1, 0, 0)]
        );
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        assert_eq!(lead.get(&at("scheme")).await.status, 403);
        let own = lead.get("/api/v1/schemes/leeds-shared-lives/returns").await.expect(200).items();
        let quarter = own.iter().find(|r| r["period"] == "2026-Q2").expect("it is there");
        assert_eq!((&quarter["status"], &quarter["on_time"]), (&json!("submitted"), &json!(true)));
        let before = own.iter().find(|r| r["period"] == "2026-Q1").expect("it is there");
        assert_eq!((&before["status"], &before["overdue"]), (&json!("missing"), &json!(true)));
        assert_eq!(lead.get("/api/v1/schemes/york-shared-lives/returns").await.status, 404);
    });
}
