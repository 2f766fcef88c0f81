//! What a scheme did with what people said: written down by its leads, read by whoever sees its figures, in its report and on its poster.

use khi::domain::access::Role;
use serde_json::{Value, json};

use crate::support::{on_both, scheme};

const DONE: &str = "/api/v1/schemes/leeds-shared-lives/done/2025-26";

#[test]
fn a_lead_writes_it_down_and_it_stands_in_the_report() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let leeds = world.number("leeds-shared-lives");
        let lead = world.signed_in(Role::SchemeLead(leeds)).await;
        let worker = world.signed_in(Role::SchemeWorker(leeds)).await;
        let nothing = lead.get(DONE).await.expect(200).json();
        assert_eq!((&nothing["items"], &nothing["said_at"]), (&json!([]), &Value::Null));
        let body =
            json!({"items": [{"en": "We started a Friday club.", "cy": "Dechreuom glwb ar ddydd Gwener."}]});
        let said = lead.put(DONE, &body).await.expect(200).json();
        assert_eq!((&said["items"], &said["period"]), (&body["items"], &json!("2025-26")));
        assert_eq!(worker.get(DONE).await.expect(200).json()["items"], body["items"]);
        worker.put(DONE, &body).await.expect(403);
        let report = "/api/v1/schemes/leeds-shared-lives/report?period=2025-26";
        let page = lead.get(&format!("{report}&format=html&part=poster&language=cy")).await.expect(200);
        assert!(page.text.contains("Dechreuom glwb ar ddydd Gwener."));
        let rows = lead.get(report).await.expect(200).json();
        assert_eq!(rows["done"], body["items"]);
        // Of another year nothing is said; what is wrong changes nothing.
        let other = lead.get("/api/v1/schemes/leeds-shared-lives/done/2024-25").await.expect(200).json();
        assert_eq!(other["items"], json!([]));
        lead.put(DONE, &json!({"items": [{"en": ""}]})).await.expect(422);
        lead.get("/api/v1/schemes/leeds-shared-lives/done/soon").await.expect(404);
        assert_eq!(lead.get(DONE).await.expect(200).json()["items"], body["items"]);
        lead.put(DONE, &json!({"items": []})).await.expect(200);
        assert_eq!(lead.get(DONE).await.expect(200).json()["items"], json!([]));
    });
}
