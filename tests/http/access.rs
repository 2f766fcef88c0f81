//! Roles and scope: what each role may do, and that what is not one's own does not exist.

use serde_json::json;

use khi::domain::access::Role;

use super::support::{on_both, response, scheme};

#[test]
fn each_role_does_what_it_may_and_nothing_else() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let sent = national
            .submit("key-0123456789-a", &response("leeds-shared-lives", "P-1", "2026-07-14", "better"))
            .await
            .expect(201);
        let id = sent.json()["id"].as_str().expect("id").to_owned();
        let leeds = world.number("leeds-shared-lives");
        let york = world.number("york-shared-lives");
        let roles = [
            ("stranger", None),
            ("national", Some(Role::National)),
            ("analyst", Some(Role::Analyst)),
            ("area Leeds", Some(Role::Area("E08000035".into()))),
            ("area York", Some(Role::Area("E06000014".into()))),
            ("lead Leeds", Some(Role::SchemeLead(leeds))),
            ("lead York", Some(Role::SchemeLead(york))),
            ("worker Leeds", Some(Role::SchemeWorker(leeds))),
            ("collector of all", Some(Role::Collector(None))),
            ("collector York", Some(Role::Collector(Some(york)))),
        ];
        // add scheme, see Leeds, send for Leeds, correct in Leeds, list responses, UK figures, Leeds figures
        let expected = [
            [401, 401, 401, 401, 401, 401, 401],
            [201, 200, 201, 428, 200, 200, 200],
            [403, 200, 403, 403, 200, 200, 200],
            [403, 200, 403, 403, 403, 403, 200],
            [403, 404, 403, 403, 403, 403, 404],
            [403, 200, 201, 428, 403, 403, 200],
            [403, 404, 404, 404, 403, 403, 404],
            [403, 200, 201, 403, 403, 403, 200],
            [403, 200, 201, 403, 403, 403, 403],
            [403, 404, 404, 403, 403, 403, 403],
        ];
        for (index, ((name, role), expected)) in roles.into_iter().zip(expected).enumerate() {
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let body = response("leeds-shared-lives", &format!("P-{index}"), "2026-07-14", "same");
            let got = [
                client.post("/api/v1/schemes", &scheme(&format!("new-{index}"), "E08000035")).await,
                client.get("/api/v1/schemes/leeds-shared-lives").await,
                client.submit(&format!("key-0123456789-role-{index}"), &body).await,
                client
                    .json(actix_web::http::Method::PATCH, &format!("/api/v1/responses/{id}"), &[], &json!({}))
                    .await,
                client.get("/api/v1/responses").await,
                client.get("/api/v1/khi?period=2026-27&level=uk").await,
                client.get("/api/v1/khi?period=2026-27&level=scheme&scheme=leeds-shared-lives").await,
            ];
            let got = got.map(|r| r.status.as_u16());
            assert_eq!(got, expected, "{name}");
        }
    });
}

#[test]
fn tokens_end_with_their_hour_and_with_their_account() {
    on_both(|world| async move {
        let national = world.national().await;
        national.get("/api/v1/schemes").await.expect(200);
        world.set_time("2026-07-20T10:00:01Z");
        assert_eq!(
            national.get("/api/v1/schemes").await.expect(401).header("www-authenticate"),
            Some("Bearer")
        );
        let wrong = json!({"email": "nobody@example.org", "password": "whatever it was"});
        assert_eq!(
            world.stranger().post("/api/v1/sessions", &wrong).await.expect(401).json()["code"],
            "wrong-credentials"
        );
    });
}
