//! KPIs of places: added up, restated, worked out, and beside what people say.

use serde_json::{Value, json};

use super::super::support::{Client, on_both, response, scheme};
use super::{scheme_of, value};
use khi::domain::access::Role;

async fn send(client: &Client<'_>, scheme: &str, period: &str, values: &Value) {
    let path = format!("/api/v1/schemes/{scheme}/returns/{period}");
    let sent = client.put(&path, &json!({"values": values})).await;
    assert!(sent.status.is_success(), "{}", sent.text);
}

/// (place, value, returned, expected) of each row.
async fn rows(client: &Client<'_>, query: &str) -> Vec<(String, Option<f64>, i64, i64)> {
    let found = client.get(&format!("/api/v1/kpi?{query}")).await.expect(200).items();
    let number = |row: &Value, key: &str| row[key].as_i64().expect("a number");
    found
        .iter()
        .map(|row| {
            let place = row["place"]["code"].as_str().expect("a code").to_owned();
            (place, row["value"].as_f64(), number(row, "returned"), number(row, "expected"))
        })
        .collect()
}

#[test]
fn counts_add_up_ratios_are_of_sums_and_what_is_missing_is_not_zero() {
    on_both(|world| async move {
        let national = world.national().await;
        for (id, council) in [
            ("leeds-shared-lives", "E08000035"),
            ("york-shared-lives", "E06000014"),
            ("hull-shared-lives", "E06000010"),
        ] {
            national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        }
        send(
            &national,
            "leeds-shared-lives",
            "2026-Q1",
            &json!([value("shared-lives-people", 100.0, None), value("shared-lives-good", 1.0, Some(2.0))]),
        )
        .await;
        send(
            &national,
            "leeds-shared-lives",
            "2026-Q2",
            &json!([value("shared-lives-people", 110.0, None), value("shared-lives-good", 2.0, Some(2.0))]),
        )
        .await;
        send(
            &national,
            "york-shared-lives",
            "2026-Q2",
            &json!([value("shared-lives-people", 40.0, None), value("shared-lives-good", 1.0, Some(8.0))]),
        )
        .await;
        let at = |period: &str, level: &str, kpi: &str| {
            format!("period={period}&level={level}&within=E12000003&kpi={kpi}")
        };
        assert_eq!(
            rows(&national, &at("2026-Q2", "region", "shared-lives-people")).await,
            [("E12000003".into(), Some(150.0), 2, 3)]
        );
        assert_eq!(
            rows(&national, &at("2026-Q2", "region", "shared-lives-good")).await,
            [("E12000003".into(), Some(30.0), 2, 3)],
            "3 of 10, not the mean of 100% and 12.5%"
        );
        let schemes = rows(&national, &at("2026-Q2", "scheme", "shared-lives-people")).await;
        assert_eq!(schemes[0], ("hull-shared-lives".into(), None, 0, 1), "missing is not zero");
        // A year's stock is that of its last quarter, and no earlier one stands in for it.
        assert_eq!(
            rows(&national, &at("2025-26", "region", "shared-lives-people")).await,
            [("E12000003".into(), Some(100.0), 1, 3)]
        );
        // A lead reads their own scheme, and nothing wider.
        let lead = world.signed_in(Role::SchemeLead(world.number("york-shared-lives"))).await;
        assert_eq!(
            rows(&lead, "period=2026-Q2&level=scheme&kpi=shared-lives-people").await,
            [("york-shared-lives".into(), Some(40.0), 1, 1)]
        );
        assert_eq!(lead.get("/api/v1/kpi?period=2026-Q2&level=uk").await.status, 403);
        let area = world.signed_in(Role::Area("E08000035".into())).await;
        assert_eq!(
            rows(&area, "period=2026-Q2&level=scheme&kpi=shared-lives-people").await,
            [("leeds-shared-lives".into(), Some(110.0), 1, 1)]
        );
        assert_eq!(area.get("/api/v1/kpi?period=2026-Q2&level=region").await.status, 403);
    });
}

#[test]
fn a_council_that_got_another_code_is_one_council_and_a_split_stays_what_it_was() {
    on_both(|world| async move {
        let national = world.national().await;
        // Barnsley changed its code on 1 April 2025; the scheme's entry was never touched.
        let barnsley =
            scheme_of("barnsley-shared-lives", "shared-lives", &[("E08000016", "2020-04-01", None)]);
        national.post("/api/v1/schemes", &barnsley).await.expect(201);
        let dated = [("E08000016", "2020-04-01", Some("2025-03-31")), ("E08000038", "2025-04-01", None)];
        national
            .post("/api/v1/schemes", &scheme_of("barnsley-two", "shared-lives", &dated))
            .await
            .expect(201);
        let cumbria = [
            ("E10000006", "2020-04-01", Some("2023-03-31")),
            ("E06000063", "2023-04-01", None),
            ("E06000064", "2023-04-01", None),
        ];
        national
            .post("/api/v1/schemes", &scheme_of("cumbria-shared-lives", "shared-lives", &cumbria))
            .await
            .expect(201);
        for (period, people) in [("2025-Q1", 10.0), ("2025-Q2", 20.0)] {
            for scheme in ["barnsley-shared-lives", "barnsley-two"] {
                send(&national, scheme, period, &json!([value("shared-lives-people", people, None)])).await;
            }
        }
        let asked = national.get("/api/v1/schemes/barnsley-shared-lives/returns/2025-Q2").await.json();
        assert_eq!(asked["councils"], json!(["E08000038"]));
        send(
            &national,
            "cumbria-shared-lives",
            "2023-Q1",
            &json!([value("shared-lives-people", 50.0, None)]),
        )
        .await;
        let both = json!([
            {"kpi": "shared-lives-people", "numerator": 30, "council": "E06000063"},
            {"kpi": "shared-lives-people", "numerator": 25, "council": "E06000064"},
        ]);
        send(&national, "cumbria-shared-lives", "2023-Q2", &both).await;
        let at = |period: &str, more: &str| {
            format!("period={period}&level=local_authority&kpi=shared-lives-people{more}")
        };
        let only = |rows: Vec<(String, Option<f64>, i64, i64)>| -> Vec<(String, f64)> {
            rows.into_iter().filter_map(|(place, value, ..)| Some((place, value?))).collect()
        };
        assert_eq!(only(rows(&national, &at("2025-Q1", "")).await), [("E08000016".into(), 20.0)]);
        assert_eq!(only(rows(&national, &at("2025-Q2", "")).await), [("E08000038".into(), 40.0)]);
        assert_eq!(
            only(rows(&national, &at("2025-Q1", "&boundaries=today")).await),
            [("E08000038".into(), 20.0)]
        );
        assert_eq!(
            only(rows(&national, &at("2023-Q1", "&boundaries=today")).await),
            [("E10000006".into(), 50.0)],
            "nobody knows which part"
        );
        assert_eq!(
            only(rows(&national, &at("2023-Q2", "")).await),
            [("E06000063".into(), 30.0), ("E06000064".into(), 25.0)]
        );
        let area = world.signed_in(Role::Area("E08000038".into())).await;
        assert_eq!(area.get("/api/v1/khi?period=2025-Q1&level=scheme&boundaries=today").await.status, 403);
    });
}

#[test]
fn growth_savings_and_reach_show_what_they_are_made_of() {
    on_both(|world| async move {
        let national = world.national().await;
        for (id, council) in [("leeds-shared-lives", "E08000035"), ("york-shared-lives", "E06000014")] {
            national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        }
        for (scheme, period, people) in [
            ("leeds-shared-lives", "2025-Q1", 80.0),
            ("leeds-shared-lives", "2026-Q1", 100.0),
            ("york-shared-lives", "2026-Q1", 500.0),
        ] {
            send(&national, scheme, period, &json!([value("shared-lives-people", people, None)])).await;
        }
        let growth = national
            .get("/api/v1/kpi?period=2025-26&level=uk&kpi=shared-lives-growth")
            .await
            .expect(200)
            .items();
        assert_eq!(
            (&growth[0]["value"], &growth[0]["returned"], &growth[0]["expected"]),
            (&json!(25.0), &json!(1), &json!(2)),
            "York was not there before"
        );
        let inputs: Vec<&Value> =
            growth[0]["inputs"].as_array().expect("a list").iter().map(|i| &i["value"]).collect();
        assert_eq!(inputs, [&json!(100.0), &json!(80.0)]);
        let areas = [("E08000035", 650.0, 65_000.0), ("E06000014", 100.0, 20_000.0)];
        for (code, people, adults) in areas {
            let values = json!({"values": [
                value("shared-lives-reach", people, Some(adults)),
                value("other-care-cost-ld", 8_000_000.0, Some(36_500.0)),
                value("shared-lives-cost-ld", 5_000_000.0, Some(36_500.0)),
            ]});
            national.put(&format!("/api/v1/areas/{code}/returns/2025-26"), &values).await.expect(201);
        }
        let of = |level: &str, kpi: &str| {
            format!("/api/v1/kpi?period=2025-26&level={level}&within=E12000003&kpi={kpi}")
        };
        let saving = national.get(&of("region", "shared-lives-saving-ld")).await.expect(200).items();
        assert_eq!(saving[0]["value"], json!(30_000.0));
        assert_eq!(saving[0]["price_year"], "2025-26");
        assert!(saving[0]["caveat"]["en"].as_str().is_some_and(|c| !c.is_empty()));
        let reach = national.get(&of("region", "shared-lives-reach-people")).await.expect(200).items();
        assert_eq!(reach[0]["value"], json!(850.0), "1% of 85,000, as in Leeds");
        assert_eq!(reach[0]["inputs"][0]["place"]["code"], "E08000035");
        let more = national.get(&of("region", "shared-lives-reach-saving")).await.expect(200).items();
        assert_eq!(more[0]["value"], json!(3_000_000.0), "100 people more, 30,000 each");
        let nowhere = national
            .get("/api/v1/kpi?period=2025-26&level=nation&within=W92000004&kpi=shared-lives-reach-saving")
            .await;
        assert_eq!(nowhere.expect(200).items()[0]["status"], "not-worked-out");
    });
}

#[test]
fn what_people_say_and_what_is_counted_stand_side_by_side() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        for (key, person) in [("key-of-the-first-one", "P-1"), ("key-of-the-second-one", "P-2")] {
            national
                .submit(key, &response("leeds-shared-lives", person, "2026-06-30", "better"))
                .await
                .expect(201);
        }
        send(&national, "leeds-shared-lives", "2026-Q2", &json!([value("shared-lives-people", 100.0, None)]))
            .await;
        let query = "period=2026-Q1..2026-Q2&level=local_authority&within=E08000035";
        let side = national.get(&format!("/api/v1/outcomes?{query}")).await.expect(200).items();
        assert_eq!(side.len(), 2, "a place in each of two periods");
        let second = &side[1];
        assert_eq!((&second["period"], &second["place"]["code"]), (&json!("2026-Q2"), &json!("E08000035")));
        // The very rows that each gives by itself.
        for (path, key) in [("khi", "khi"), ("kpi", "kpi")] {
            let alone = national
                .get(&format!("/api/v1/{path}?period=2026-Q2&level=local_authority&within=E08000035"))
                .await;
            let without_time = |rows: &Value| -> Vec<Value> {
                let mut rows = rows.as_array().cloned().expect("rows");
                rows.iter_mut().for_each(|row| drop(row.as_object_mut().expect("a row").remove("as_of")));
                rows
            };
            assert_eq!(without_time(&second[key]), without_time(&alone.json()["items"]), "{path}");
            assert!(!second[key].as_array().expect("rows").is_empty());
        }
    });
}

#[test]
fn any_areas_are_taken_together_under_whatever_code_they_are_named() {
    on_both(|world| async move {
        let national = world.national().await;
        for (id, council) in [
            ("leeds-shared-lives", "E08000035"),
            ("york-shared-lives", "E06000014"),
            ("hull-shared-lives", "E06000010"),
            ("barnsley-shared-lives", "E08000016"),
        ] {
            national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        }
        for (id, period, people) in [
            ("leeds-shared-lives", "2026-Q2", 100.0),
            ("york-shared-lives", "2026-Q2", 40.0),
            ("barnsley-shared-lives", "2026-Q2", 7.0),
            ("barnsley-shared-lives", "2024-Q4", 5.0),
            ("leeds-shared-lives", "2024-Q4", 90.0),
        ] {
            send(&national, id, period, &json!([value("shared-lives-people", people, None)])).await;
        }
        for (id, people) in
            [("leeds-shared-lives", 4), ("york-shared-lives", 2), ("barnsley-shared-lives", 3)]
        {
            for number in 0..people {
                let key = format!("key-0123456789-{id}-{number}");
                let body = response(id, &format!("P-{number}"), "2026-05-10", "better");
                national.submit(&key, &body).await.expect(201);
            }
        }
        let of = |period: &str, areas: &[&str]| {
            let areas: String = areas.iter().map(|code| format!("&area={code}")).collect();
            format!("period={period}&level=together{areas}")
        };
        // Barnsley by the code of before and of after April 2025, in a period of each.
        for barnsley in ["E08000016", "E08000038"] {
            for (period, sum) in [("2026-Q2", 107.0), ("2024-Q4", 95.0)] {
                let query = format!("{}&kpi=shared-lives-people", of(period, &[barnsley, "E08000035"]));
                let mut codes = [barnsley, "E08000035"];
                codes.sort_unstable();
                let place = codes.join("+");
                assert_eq!(rows(&national, &query).await, [(place, Some(sum), 2, 2)], "{period}");
            }
        }
        let query = of("2026-27", &["E08000038", "E08000035", "E06000010"]);
        let found = national.get(&format!("/api/v1/outcomes?{query}&indicator=social-connection")).await;
        let found = found.expect(200).items();
        assert_eq!(found.len(), 1);
        let place = json!({"level": "together", "code": "E06000010+E08000035+E08000038",
                           "name": "Barnsley, Kingston upon Hull, City of and Leeds"});
        assert_eq!(found[0]["place"], place);
        let khi = &found[0]["khi"][0];
        assert_eq!((&khi["n"], &khi["schemes"]), (&json!(7), &json!({"taking_part": 2, "all": 3})));
        // A whole region and a council outside it.
        let query = of("2026-Q2", &["E12000003", "E06000001"]);
        let query = format!("{query}&kpi=shared-lives-people");
        assert_eq!(rows(&national, &query).await, [("E06000001+E12000003".into(), Some(147.0), 3, 4)]);

        for (wrong, pointer, code) in [
            ("level=together&area=E08000035", "/area", "required"),
            ("level=together", "/area", "required"),
            ("level=together&area=E08000035&area=E08000035", "/area", "repeated"),
            ("level=together&area=E08000035&area=X", "/area", "unknown-area"),
            ("level=uk&area=E08000035&area=E06000014", "/area", "not-kept"),
        ] {
            let refused = national.get(&format!("/api/v1/kpi?period=2026-Q2&{wrong}")).await.expect(400);
            assert_eq!(refused.faults(), [(pointer.to_owned(), code.to_owned())], "{wrong}");
        }
        // What differs by one scheme would tell its figures: only for those who read live figures.
        let area = world.signed_in(Role::Area("E12000003".into())).await;
        for path in ["kpi", "khi", "outcomes"] {
            let query = of("2026-27", &["E08000035", "E06000014"]);
            assert_eq!(area.get(&format!("/api/v1/{path}?{query}")).await.status, 403, "{path}");
        }
    });
}
