//! One response from sending to erasing, with its figures at each step.

use serde_json::{Value, json};

use super::support::{Client, World, on_both, response, scheme};

async fn uk(client: &Client<'_>) -> Value {
    let items = client
        .get("/api/v1/khi?period=2026-27&level=uk&indicator=social-connection")
        .await
        .expect(200)
        .items();
    items.into_iter().next().unwrap_or(Value::Null)
}

async fn with_leeds(world: &World) -> Client<'_> {
    let national = world.national().await;
    national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
    national
}

#[test]
fn a_response_counts_once_however_often_it_is_sent() {
    on_both(|world| async move {
        let national = with_leeds(&world).await;
        let body = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        let first = national.submit("key-0123456789-a", &body).await.expect(201);
        assert_eq!(first.header("Idempotency-Replayed"), None);
        let again = national.submit("key-0123456789-a", &body).await.expect(201);
        assert_eq!((again.header("Idempotency-Replayed"), again.json()), (Some("true"), first.json()));
        let reordered: Value = serde_json::from_str(
            &body.to_string().replace("\"mode\":\"online\",", "").replacen('{', "{\"mode\": \"online\",", 1),
        )
        .expect("json");
        assert_eq!(national.submit("key-0123456789-a", &reordered).await.expect(201).json(), first.json());
        let other = response("leeds-shared-lives", "P-1", "2026-07-14", "worse");
        assert_eq!(
            national.submit("key-0123456789-a", &other).await.expect(422).json()["code"],
            "idempotency-key-reused"
        );
        let row = uk(&national).await;
        assert_eq!((&row["n"], &row["positive"], &row["percent"]), (&json!(1), &json!(1), &json!(100.0)));
    });
}

#[test]
fn correcting_withdrawing_and_erasing_move_the_figures_at_once() {
    on_both(|world| async move {
        let national = with_leeds(&world).await;
        let mut ids = Vec::new();
        for (person, said) in [("P-1", "better"), ("P-2", "worse"), ("P-3", "same")] {
            let sent = response("leeds-shared-lives", person, "2026-07-14", said);
            ids.push(national.submit(&format!("key-0123456789-{person}"), &sent).await.expect(201).json());
        }
        let path = |at: usize| format!("/api/v1/responses/{}", ids[at]["id"].as_str().expect("id"));
        assert_eq!(uk(&national).await["distribution"], json!({"better": 1, "same": 1, "worse": 1}));

        let corrected =
            national.patch(&path(1), 1, &json!({"answers": {"connected": "better"}})).await.expect(200);
        assert_eq!(corrected.header("etag"), Some("\"2\""));
        assert_eq!(uk(&national).await["distribution"], json!({"better": 2, "same": 1, "worse": 0}));
        national.patch(&path(1), 1, &json!({"answers": {"connected": "same"}})).await.expect(412);
        let missing = national.patch(&path(1), 2, &json!({"answers": {"connected": null}})).await.expect(200);
        assert_eq!(missing.json()["revision"], 3);
        assert_eq!(uk(&national).await["left_out"]["skipped"], 1);
        let refused = national
            .patch(&path(1), 3, &json!({"answers": {"connected": "best"}, "scheme": "x"}))
            .await
            .expect(422);
        assert_eq!(refused.faults(), [("/scheme".into(), "not-correctable".into())]);

        national.delete(&path(0)).await.expect(204);
        national.delete(&path(0)).await.expect(204);
        assert_eq!(uk(&national).await["n"], 1);
        national.patch(&path(0), 2, &json!({"council": "E08000035"})).await.expect(410);

        world.stranger().post("/api/v1/withdraw", &json!({"receipt": ids[2]["receipt"]})).await.expect(204);
        world
            .stranger()
            .post("/api/v1/withdraw", &json!({"receipt": "1-AAAA-AAAA-AAAA-AAAA"}))
            .await
            .expect(404);
        assert_eq!(uk(&national).await["n"], 0);
        assert_eq!(world.stored_responses().await, 1);

        national.delete(&format!("{}?erase=true", path(1))).await.expect(204);
        assert_eq!(uk(&national).await, Value::Null);
        let sent = response("leeds-shared-lives", "P-2", "2026-07-14", "worse");
        assert_eq!(national.submit("key-0123456789-P-2", &sent).await.expect(410).json()["code"], "gone");
        assert_eq!(uk(&national).await, Value::Null, "a retry of what was erased counts nothing");
    });
}

#[test]
fn one_person_answering_three_times_counts_once_in_each_period_that_holds_them() {
    on_both(|world| async move {
        let national = with_leeds(&world).await;
        for (day, said) in [("2025-11-10", "worse"), ("2026-02-10", "same"), ("2026-06-10", "better")] {
            national
                .submit(&format!("key-0123456789-{day}"), &response("leeds-shared-lives", "P-1", day, said))
                .await
                .expect(201);
        }
        let figures = |period: &'static str| {
            let national = &national;
            async move {
                let items = national
                    .get(&format!("/api/v1/khi?period={period}&level=uk&indicator=social-connection"))
                    .await
                    .expect(200)
                    .items();
                items
                    .iter()
                    .map(|r| {
                        (
                            r["period"].as_str().expect("period").to_owned(),
                            r["n"].as_i64(),
                            r["positive"].as_i64(),
                        )
                    })
                    .collect::<Vec<_>>()
            }
        };
        let row = |period: &str, positive| (period.to_owned(), Some(1), Some(positive));
        assert_eq!(figures("2025-26").await, [row("2025-26", 0)], "the latest of the year stands: same");
        assert_eq!(figures("2026-27").await, [row("2026-27", 1)]);
        assert_eq!(
            figures("2025-Q3..2026-Q3").await,
            [row("2025-Q4", 0), row("2026-Q1", 0), row("2026-Q2", 1)]
        );
        let windows = figures("12m-2025-Q3..12m-2027-Q2").await;
        let expected = [
            ("12m-2025-Q4", 0),
            ("12m-2026-Q1", 0),
            ("12m-2026-Q2", 1),
            ("12m-2026-Q3", 1),
            ("12m-2026-Q4", 1),
            ("12m-2027-Q1", 1),
        ];
        assert_eq!(windows, expected.map(|(p, k)| row(p, k)));
        assert_eq!(figures("3y-2026-27").await, [row("3y-2026-27", 1)]);
    });
}

#[test]
fn responses_are_listed_with_pseudonyms_and_without_words() {
    on_both(|world| async move {
        let national = with_leeds(&world).await;
        let mut body = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        body["answers"]["one-thing"] = json!("CANARY my own words");
        body["answers"]["choose"] = json!({"missing": "dont-know"});
        national.submit("key-0123456789-a", &body).await.expect(201);
        let reply = national.get("/api/v1/responses").await.expect(200);
        assert!(!reply.text.contains("CANARY") && !reply.text.contains("P-1"), "{}", reply.text);
        let item = &reply.items()[0];
        assert_eq!(item["answers"]["choose"], json!({"missing": "dont-know"}));
        assert_eq!(item["answers"]["lonely-when"], json!({"missing": "not-asked"}));
        assert_eq!(item["about"], json!({"arrangement": ["live-in"], "age_band": "25-34"}));
        assert_eq!(item["council"], "E08000035");
    });
}
