//! Random operations: late, corrected, withdrawn and erased answers leave tallies equal to a recount.

use serde_json::json;

use khi::use_cases::verify_tallies;

use super::support::{Chance, on_both, response, scheme};

/// How many operations: the full number with `KHI_ALL=1`.
fn operations() -> usize {
    if std::env::var("KHI_ALL").is_ok() { 10_000 } else { 600 }
}

#[test]
fn random_operations_leave_tallies_equal_to_a_recount() {
    on_both(|world| async move {
        let national = world.national().await;
        let schemes = ["one", "two", "three"];
        for id in schemes {
            let mut body = scheme(id, "E08000035");
            body["areas"] = json!([{"code": "E08000035", "from": "2020-04-01"}, {"code": "E06000014", "from": "2020-04-01"}]);
            national.post("/api/v1/schemes", &body).await.expect(201);
        }
        let mut chance = Chance(7);
        let mut known: Vec<(String, i64)> = Vec::new();
        let mut sent = 0;
        for step in 0..operations() {
            let person = format!("P-{}", chance.below(20));
            let scheme = schemes[chance.below(3)];
            match chance.below(12) {
                0 if !known.is_empty() => {
                    let at = chance.below(known.len());
                    let day = format!("2026-0{}-1{}", 1 + chance.below(7), chance.below(5));
                    let said = ["better", "same", "worse"][chance.below(3)];
                    let patch = json!({"answers": {"connected": said, "friends": chance.below(9)}, "completed_on": day});
                    national
                        .patch(&format!("/api/v1/responses/{}", known[at].0), known[at].1, &patch)
                        .await
                        .expect(200);
                    known[at].1 += 1;
                }
                1 if !known.is_empty() => {
                    let (id, _) = known.swap_remove(chance.below(known.len()));
                    national.delete(&format!("/api/v1/responses/{id}")).await.expect(204);
                }
                2 if !known.is_empty() => {
                    let (id, _) = known.swap_remove(chance.below(known.len()));
                    national.delete(&format!("/api/v1/responses/{id}?erase=true")).await.expect(204);
                }
                3 => {
                    let body = json!({"council": "E08000035", "supported_from": format!("202{}-03-01", 1 + chance.below(5))});
                    let path = format!("/api/v1/schemes/{scheme}/participants/by-ref/{person}");
                    let put = national.put(&path, &body).await;
                    assert!([201, 204].contains(&put.status.as_u16()), "{}", put.text);
                }
                4 => drop(national.get("/api/v1/khi?period=2026-27&level=scheme").await.expect(200)),
                _ => {
                    let day = format!(
                        "202{}-{:02}-{:02}",
                        3 + chance.below(3),
                        1 + chance.below(12),
                        1 + chance.below(28)
                    );
                    let mut body =
                        response(scheme, &person, &day, ["better", "same", "worse"][chance.below(3)]);
                    body["council"] = json!(["E08000035", "E06000014"][chance.below(2)]);
                    body["occasion"] = json!(["baseline", "review", "exit"][chance.below(3)]);
                    let arrangement = ["live-in", "day-support", "short-breaks"][chance.below(3)];
                    body["about"]["arrangement"] = json!([arrangement]);
                    if arrangement == "day-support" {
                        body["answers"].as_object_mut().expect("object").remove("belong");
                    }
                    body["consent"]["statistics"] = json!(chance.below(10) > 0);
                    if chance.below(5) == 0 {
                        body.as_object_mut().expect("object").remove("participant");
                    }
                    if chance.below(4) == 0 {
                        body["completed_by"] = json!(["helped", "proxy"][chance.below(2)]);
                        body["helper"] = json!({"role": "family", "help": ["read"], "gives_support": chance.below(2) == 0});
                    }
                    let reply = national.submit(&format!("operation-key-{step:08}"), &body).await.expect(201);
                    known.push((reply.json()["id"].as_str().expect("id").to_owned(), 1));
                    sent += 1;
                }
            }
        }
        assert!(sent > operations() / 2);
        let app = world.app.clone();
        let differences = actix_web::web::block(move || verify_tallies(&app, |_, _| {}))
            .await
            .expect("runs")
            .expect("verified");
        assert!(differences.is_empty(), "{differences:?}");
    });
}
