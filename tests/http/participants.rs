//! One participant by the scheme's own reference.

use actix_web::http::Method;
use serde_json::json;

use khi::domain::access::{Actor, Role};
use khi::use_cases::{enter_invitations, verify_tallies};

use super::support::on_both;

const PERSON: &str = "/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-1";

#[test]
fn sending_the_same_again_changes_nothing_and_a_stale_tag_writes_nothing() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let mut body =
            json!({"council": "E08000035", "supported_from": "2024-01-10", "about": {"age_band": "25-34"}});
        let tag = |reply: &super::support::Reply| reply.header("etag").expect("a tag").to_owned();
        lead.get(PERSON).await.expect(404);
        let stale = [("If-Match", "*")];
        assert_eq!(lead.json(Method::PUT, PERSON, &stale, &body).await.expect(412).json()["code"], "changed");
        let first = tag(&lead.put(PERSON, &body).await.expect(201));
        let again = tag(&lead.put(PERSON, &body).await.expect(204));
        assert_eq!(first, again);
        let changes = lead.get("/api/v1/changes").await.expect(200).items();
        assert_eq!(changes.len(), 1, "the same again is no change");
        assert_eq!((&changes[0]["kind"], &changes[0]["id"]), (&json!("participant-changed"), &json!("P-1")));

        let read = lead.get(PERSON).await.expect(200);
        assert_eq!((tag(&read), &read.json()["about"]), (first.clone(), &json!({"age_band": ["25-34"]})));
        body["supported_to"] = json!("2026-06-30");
        lead.json(Method::PUT, PERSON, &[("If-None-Match", "*")], &body).await.expect(412);
        let second = tag(&lead.json(Method::PUT, PERSON, &[("If-Match", &first)], &body).await.expect(204));
        assert_ne!(first, second);
        body["supported_to"] = json!(null);
        lead.json(Method::PUT, PERSON, &[("If-Match", &first)], &body).await.expect(412);
        assert_eq!(lead.get(PERSON).await.json()["supported_to"], "2026-06-30");
        lead.json(Method::PUT, PERSON, &[("If-Match", &format!("\"x\", {second}"))], &body).await.expect(204);
    });
}

#[test]
fn who_is_invited_several_times_at_once_counts_once() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let body = json!({"council": "E08000035", "supported_from": "2024-01-10"});
        national.put(PERSON, &body).await.expect(201);
        let invited =
            |day: &str| json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": day});
        let several = [invited("2026-04-20"), invited("2026-05-20"), invited("2026-06-20")];
        let entered = move |app: &khi::app::App| {
            let national = Actor { account: "A-1".into(), role: Role::National };
            enter_invitations(app, &national, "leeds-shared-lives", &several).expect("entered");
            verify_tallies(app, |_, _| ()).expect("read")
        };
        assert_eq!(world.act(entered).await, [], "tallies equal a recount");
    });
}
