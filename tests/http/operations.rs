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
        let mut known: Vec<(String, i64, String)> = Vec::new(); // id, revision, whose
        let (mut sent, mut erased) = (0, 0);
        for step in 0..operations() {
            let person = format!("P-{}", chance.below(20));
            let scheme = schemes[chance.below(3)];
            let whose = format!("{scheme}/{person}");
            match chance.below(14) {
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
                    let (id, ..) = known.swap_remove(chance.below(known.len()));
                    national.delete(&format!("/api/v1/responses/{id}")).await.expect(204);
                }
                2 if !known.is_empty() => {
                    let (id, ..) = known.swap_remove(chance.below(known.len()));
                    national.delete(&format!("/api/v1/responses/{id}?erase=true")).await.expect(204);
                }
                3 => {
                    let body = json!({"council": "E08000035", "supported_from": format!("202{}-03-01", 1 + chance.below(5))});
                    let path = format!("/api/v1/schemes/{scheme}/participants/by-ref/{person}");
                    let put = national.put(&path, &body).await;
                    assert!([201, 204].contains(&put.status.as_u16()), "{}", put.text);
                }
                4 if chance.below(4) == 0 => {
                    let path = format!("/api/v1/schemes/{scheme}/participants/by-ref/{person}?erase=true");
                    let status = national.delete(&path).await.status.as_u16();
                    assert!(status == 204 || status == 404 && known.iter().all(|k| k.2 != whose), "{status}");
                    erased += usize::from(status == 204);
                    known.retain(|k| k.2 != whose);
                }
                5 => {
                    // What stops, ends or holds, and is lifted again, moves who is supported and eligible.
                    let path = format!("/api/v1/schemes/{scheme}/participants/by-ref/{person}");
                    let kind = ["hospital", "no-contact", "death", "moved-away"][chance.below(4)];
                    let day = format!("202{}-0{}-10", 3 + chance.below(3), 1 + chance.below(9));
                    let reply =
                        national.post(&format!("{path}/events"), &json!({"kind": kind, "from": day})).await;
                    match reply.status.as_u16() {
                        // It lasts already: lift it.
                        409 => {
                            let seen = national.get(&path).await.expect(200).json();
                            let lasting = seen["events"].as_array().and_then(|all| {
                                all.iter().find(|e| e["kind"] == kind && e["lifted_on"].is_null())
                            });
                            let id = lasting.and_then(|e| e["id"].as_str()).expect("it lasts");
                            national.post(&format!("{path}/events/{id}/lift"), &json!({})).await.expect(200);
                        }
                        status => assert!([201, 404].contains(&status), "{}", reply.text),
                    }
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
                    let anonymous = chance.below(5) == 0;
                    if anonymous {
                        body.as_object_mut().expect("object").remove("participant");
                    }
                    if chance.below(4) == 0 {
                        body["completed_by"] = json!(["helped", "proxy"][chance.below(2)]);
                        body["helper"] = json!({"role": "family", "help": ["read"], "gives_support": chance.below(2) == 0});
                    }
                    let reply = national.submit(&format!("operation-key-{step:08}"), &body).await.expect(201);
                    let whose = if anonymous { String::new() } else { whose };
                    known.push((reply.json()["id"].as_str().expect("id").to_owned(), 1, whose));
                    sent += 1;
                }
            }
        }
        assert!(sent > operations() / 2 && erased > 0, "{sent} sent, {erased} people erased");
        let app = world.app.clone();
        let differences = actix_web::web::block(move || verify_tallies(&app, |_, _| {}))
            .await
            .expect("runs")
            .expect("verified");
        assert!(differences.is_empty(), "{differences:?}");
    });
}
