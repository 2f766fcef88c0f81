//! Targets: who sets them, what is refused, and whether they were met.

use serde_json::{Value, json};

use khi::domain::access::Role;

use super::super::support::{Client, on_both, response, scheme};
use super::value;

const LEEDS: &str = "E08000035";
const SCHEME: &str = "leeds-shared-lives";

async fn set(client: &Client<'_>, place: &str, kpi: &str, period: &str, value: impl Into<Value>) -> u16 {
    let body = json!({"kpi": kpi, "period": period, "value": value.into()});
    client.put(&format!("/api/v1/targets/{place}"), &body).await.status.as_u16()
}

/// `target` of the only row.
async fn target(client: &Client<'_>, query: &str) -> Value {
    let rows = client.get(&format!("/api/v1/kpi?{query}")).await.expect(200).items();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0]["target"].clone()
}

#[test]
fn a_target_is_set_by_who_sends_the_figures_and_met_when_nothing_is_missing() {
    on_both(|world| async move {
        let national = world.national().await;
        for (id, council) in [(SCHEME, LEEDS), ("york-shared-lives", "E06000014")] {
            national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        }
        let lead = world.signed_in(Role::SchemeLead(world.number(SCHEME))).await;
        let worker = world.signed_in(Role::SchemeWorker(world.number(SCHEME))).await;
        let leeds = world.signed_in(Role::Area(LEEDS.into())).await;
        let region = world.signed_in(Role::Area("E12000003".into())).await;
        let analyst = world.signed_in(Role::Analyst).await;
        for (client, place, expected) in [
            (&lead, SCHEME, 200),
            (&lead, "york-shared-lives", 404),
            (&lead, LEEDS, 403),
            (&worker, SCHEME, 403),
            (&leeds, LEEDS, 200),
            (&leeds, "E06000014", 404),
            (&leeds, SCHEME, 403),
            (&region, LEEDS, 404),
            (&region, "E12000003", 200),
            (&analyst, LEEDS, 403),
            (&national, "K02000001", 200),
            (&national, "nowhere", 404),
        ] {
            assert_eq!(set(client, place, "shared-lives-good", "2026-Q2", 90).await, expected, "{place}");
        }
        let seen = leeds.get(&format!("/api/v1/targets/{SCHEME}")).await.expect(200).items();
        assert_eq!((&seen[0]["kpi"], &seen[0]["value"]), (&json!("shared-lives-good"), &json!(90.0)));
        worker.get(&format!("/api/v1/targets/{SCHEME}")).await.expect(200);

        let query = "period=2026-Q2&level=scheme&scheme=leeds-shared-lives&kpi=shared-lives-good";
        assert_eq!(target(&lead, query).await, json!({"value": 90.0, "met": null}), "nothing was sent in");
        let good = |n: f64| json!({"values": [value("shared-lives-good", n, Some(20.0))]});
        let path = format!("/api/v1/schemes/{SCHEME}/returns/2026-Q2");
        for (n, met) in [(18.0, true), (17.0, false)] {
            lead.put(&path, &good(n)).await;
            assert_eq!(target(&lead, query).await, json!({"value": 90.0, "met": met}), "{n} of 20");
        }
        // York is missing: of the region nothing can be said yet.
        let query = "period=2026-Q2&level=region&within=E12000003&kpi=shared-lives-good";
        assert_eq!(target(&national, query).await, json!({"value": 90.0, "met": null}));
        // Where less is better, it is met from above.
        set(&lead, SCHEME, "ae-visits", "2026-Q2", 0.5).await;
        let visits = json!({"values": [value("ae-visits", 1.0, Some(1000.0))]});
        lead.put(&path, &visits).await.expect(200);
        let query = "period=2026-Q2&level=scheme&scheme=leeds-shared-lives&kpi=ae-visits";
        assert_eq!(target(&lead, query).await, json!({"value": 0.5, "met": true}));

        assert_eq!(set(&lead, SCHEME, "ae-visits", "2026-Q2", Value::Null).await, 200);
        assert_eq!(target(&lead, query).await, Value::Null);
        let refused =
            lead.put(&format!("/api/v1/targets/{SCHEME}"), &json!({"kpi": "joy", "value": 3})).await;
        let expected = [("/kpi", "unknown-kpi"), ("/period", "required")];
        assert_eq!(refused.expect(422).faults(), expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
    });
}

#[test]
fn what_people_say_is_judged_by_its_interval_alone() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme(SCHEME, LEEDS)).await.expect(201);
        for person in 0..40 {
            let said = if person < 36 { "better" } else { "same" };
            let body = response(SCHEME, &format!("P-{person}"), "2026-05-10", said);
            national.submit(&format!("key-0123456789-{person}"), &body).await.expect(201);
        }
        let path = format!("/api/v1/targets/{LEEDS}");
        let query = format!("/api/v1/outcomes?period=2026-27&level=local_authority&within={LEEDS}");
        // 36 of 40 is 90%, 76.9% to 96.0%.
        for (value, stands, met) in [
            (75, json!("above"), json!(true)),
            (90, json!("not-yet-clear"), Value::Null),
            (97, json!("below"), json!(false)),
        ] {
            let body = json!({"indicator": "social-connection", "period": "2026-27", "value": value});
            let listed = national.put(&path, &body).await.expect(200).items();
            assert_eq!(
                (&listed[0]["indicator"], &listed[0]["kpi"], &listed[0]["value"]),
                (&json!("social-connection"), &Value::Null, &json!(f64::from(value)))
            );
            let outcome = national.get(&query).await.expect(200).items()[0].clone();
            assert_eq!(
                outcome["targets"],
                json!([{"indicator": "social-connection", "series": "connections/1", "model": "shared-lives",
                    "value": f64::from(value), "stands": stands, "met": met}])
            );
        }
        let taken = json!({"indicator": "social-connection", "period": "2026-27", "value": null});
        assert!(national.put(&path, &taken).await.expect(200).items().is_empty());
        let outcome = national.get(&query).await.expect(200).items()[0].clone();
        assert_eq!(outcome["targets"], json!([]));
    });
}
