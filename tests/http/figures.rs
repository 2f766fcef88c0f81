//! Figures by place, group and period, with everything that belongs to a row.

use serde_json::{Value, json};

use super::support::{contacts, on_both, response, scheme};

const KEYS: [&str; 33] = [
    "as_of",
    "band",
    "change",
    "completed_by",
    "distribution",
    "eligible",
    "group",
    "indicator",
    "interval",
    "invited",
    "left_out",
    "mean",
    "merged_into",
    "model",
    "n",
    "open",
    "percent",
    "period",
    "periods",
    "place",
    "positive",
    "practice",
    "responded",
    "response_rate",
    "rule",
    "schemes",
    "sd",
    "series",
    "statement",
    "status",
    "supported",
    "unfinished",
    "without_supporter",
];

#[test]
fn a_row_is_whole_and_adds_up() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        national.put("/api/v1/schemes/leeds-shared-lives/contacts", &contacts("leeds")).await.expect(200);
        for number in 1..=4 {
            let path = format!("/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-{number}");
            let mut body = json!({"council": "E08000035", "supported_from": "2024-01-10"});
            if number == 4 {
                body["not_asked"] = json!({"from": "2025-01-01", "reason": "declined"});
            }
            national.put(&path, &body).await.expect(201);
        }
        for person in ["P-1", "P-2", "P-3"] {
            let body =
                json!({"participant": person, "questionnaire": "shared-lives", "due_on": "2026-07-01"});
            national.post("/api/v1/schemes/leeds-shared-lives/invitations", &body).await.expect(201);
        }
        let mut helped = response("leeds-shared-lives", "P-2", "2026-07-10", "same");
        helped["completed_by"] = json!("helped");
        helped["helper"] = json!({"role": "shared-lives-carer", "help": ["read"], "gives_support": true});
        let mut unsure = response("leeds-shared-lives", "P-9", "2026-07-10", "same");
        unsure["answers"]["connected"] = json!({"missing": "dont-know"});
        let mut proxy = response("leeds-shared-lives", "P-8", "2026-07-10", "better");
        proxy["completed_by"] = json!("proxy");
        proxy["helper"] = json!({"role": "family", "help": ["suggested"], "gives_support": false});
        let sent = [response("leeds-shared-lives", "P-1", "2026-07-10", "better"), helped, unsure, proxy];
        for (index, body) in sent.iter().enumerate() {
            national.submit(&format!("key-0123456789-{index}"), body).await.expect(201);
        }
        let rows = national
            .get("/api/v1/khi?period=2026-27&level=local_authority&indicator=social-connection")
            .await
            .expect(200)
            .items();
        assert_eq!(rows.len(), 1);
        let row = rows[0].as_object().expect("a row");
        let mut keys: Vec<&str> = row.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, KEYS, "every row has every key");
        let row = &rows[0];
        assert_eq!(row["place"], json!({"level": "local_authority", "code": "E08000035", "name": "Leeds"}));
        assert_eq!(
            (&row["n"], &row["positive"], &row["percent"], &row["series"]),
            (&json!(2), &json!(1), &json!(50.0), &json!("connections/1"))
        );
        assert_eq!((&row["left_out"]["dont-know"], &row["left_out"]["proxy"]), (&json!(1), &json!(1)));
        assert_eq!(
            row["completed_by"],
            json!({"self": 1, "helped": 0, "helped_by_supporter": 1, "proxy": 1})
        );
        assert_eq!(
            (&row["without_supporter"]["n"], &row["without_supporter"]["positive"]),
            (&json!(1), &json!(1))
        );
        assert_eq!(
            (&row["supported"], &row["eligible"], &row["invited"], &row["responded"], &row["response_rate"]),
            (&json!(4), &json!(3), &json!(3), &json!(2), &json!(66.7))
        );
        assert_eq!(row["schemes"], json!({"taking_part": 1, "all": 1}));
        assert_eq!(row["interval"]["method"], "wilson");
        assert!(row["statement"]["cy"].as_str().is_some_and(|s| s.contains('2')));
        let nation =
            national.get("/api/v1/khi?period=2026-27&level=nation&indicator=social-connection").await.items();
        assert_eq!(nation[0]["schemes"], json!({"taking_part": 1, "all": 2}));
    });
}

#[test]
fn places_groups_and_units_are_read_from_the_same_answers() {
    on_both(|world| async move {
        let national = world.national().await;
        let mut leeds = scheme("leeds-shared-lives", "E08000035");
        leeds["units"] = json!([{"id": "north", "name": "North", "from": "2024-01-01", "to": null}]);
        leeds["areas"] =
            json!([{"code": "E08000035", "from": "2020-04-01"}, {"code": "E08000032", "from": "2020-04-01"}]);
        national.post("/api/v1/schemes", &leeds).await.expect(201);
        national.post("/api/v1/schemes", &scheme("cardiff-shared-lives", "W06000015")).await.expect(201);
        let mut first = response("leeds-shared-lives", "P-1", "2026-07-10", "better");
        assert_eq!(
            national.submit("key-0123456789-0", &first).await.expect(422).faults(),
            [("/council".into(), "required".into())]
        );
        first["council"] = json!("E08000032");
        first["unit"] = json!("north");
        first["about"]["arrangement"] = json!(["live-in", "day-support"]);
        national.submit("key-0123456789-1", &first).await.expect(201);
        national
            .submit("key-0123456789-2", &response("cardiff-shared-lives", "P-1", "2026-07-10", "worse"))
            .await
            .expect(201);
        let codes = |items: Vec<Value>| {
            items
                .iter()
                .map(|r| r["place"]["code"].as_str().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        let khi = |rest: &'static str| {
            let national = &national;
            async move {
                national
                    .get(&format!("/api/v1/khi?period=2026-27&indicator=social-connection&{rest}"))
                    .await
                    .expect(200)
            }
        };
        assert_eq!(codes(khi("level=local_authority").await.items()), ["E08000032", "W06000015"]);
        assert_eq!(codes(khi("level=nation").await.items()), ["E92000001", "W92000004"]);
        let regions = khi("level=region").await;
        assert_eq!(codes(regions.items()), ["E12000003"]);
        assert!(regions.json()["note"].as_str().is_some_and(|n| n.contains("Wales")));
        assert_eq!(codes(khi("level=scheme&within=W92000004").await.items()), ["cardiff-shared-lives"]);
        assert_eq!(codes(khi("level=unit").await.items()), ["leeds-shared-lives/north"]);
        let groups = khi("level=uk&by=arrangement").await.items();
        let groups: Vec<(&Value, &Value)> =
            groups.iter().map(|r| (&r["group"]["arrangement"], &r["n"])).collect();
        assert_eq!(
            groups,
            [(&json!("day-support"), &json!(1)), (&json!("live-in"), &json!(2))],
            "a person in two groups counts in both"
        );
        national.get("/api/v1/khi?period=2026-Q3&level=uk&by=arrangement").await.expect(400);
        national.get("/api/v1/khi?period=2026-27&level=galaxy&indicator=none&colour=red").await.expect(400);
    });
}

#[test]
fn reading_never_misses_what_was_acknowledged_before_it() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        for count in 1..=40 {
            let body = response("leeds-shared-lives", &format!("P-{count}"), "2026-07-10", "better");
            national.submit(&format!("key-0123456789-{count}"), &body).await.expect(201);
            let row = &national
                .get("/api/v1/khi?period=2026-Q3&level=uk&indicator=social-connection")
                .await
                .items()[0];
            assert_eq!(row["n"], count);
        }
    });
}
