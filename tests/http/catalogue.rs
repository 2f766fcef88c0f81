//! What everybody can read.

use actix_web::http::Method;

use super::support::on_both;

#[test]
fn questionnaires_are_served_as_they_were_published() {
    on_both(|world| async move {
        let everybody = world.stranger();
        let list = everybody.get("/api/v1/questionnaires").await.expect(200).items();
        assert!(
            list.iter()
                .any(|q| q["id"] == "shared-lives" && q["latest"] == "1.0.0" && q["model"] == "shared-lives")
        );
        let served = everybody.get("/api/v1/questionnaires/shared-lives/versions/1.0.0").await.expect(200);
        let file = khi::definition_files::shipped()
            .into_iter()
            .find(|f| f.path == "questionnaires/shared-lives/1.0.0.json")
            .expect("shipped");
        assert_eq!(served.text.as_bytes(), file.bytes);
        let tag = served.header("etag").expect("a tag").to_owned();
        let again = everybody
            .send(
                Method::GET,
                "/api/v1/questionnaires/shared-lives/versions/1.0.0",
                &[("If-None-Match", &tag)],
                None,
            )
            .await;
        assert_eq!((again.status.as_u16(), again.text.len()), (304, 0));
        everybody.get("/api/v1/questionnaires/shared-lives/versions/1.0.1").await.expect(404);
        assert_eq!(everybody.get("/api/v1/areas").await.items().len(), 240);
    });
}

#[test]
fn unknown_addresses_and_methods_are_problems_too() {
    on_both(|world| async move {
        let everybody = world.stranger();
        assert_eq!(everybody.get("/api/v1/nothing").await.expect(404).json()["code"], "unknown");
        let refused = everybody.delete("/api/v1/areas").await.expect(405);
        assert_eq!(
            (refused.json()["code"].as_str(), refused.header("allow")),
            (Some("method-not-allowed"), Some("GET, HEAD"))
        );
        assert_eq!(
            everybody.delete("/api/v1/schemes").await.expect(405).header("allow"),
            Some("GET, HEAD, POST")
        );
        everybody.send(Method::HEAD, "/api/v1/areas", &[], None).await.expect(200);
        everybody.get("/api/v1/releases/%00").await.expect(404);
        assert_eq!(everybody.get("/readyz").await.expect(200).text, "ready\n");
        assert_eq!(everybody.get("/api/v1/releases/latest").await.expect(404).json()["code"], "unknown");
        let home = everybody.get("/").await.expect(200).text;
        assert!(home.contains("Nothing has been published here yet"));
    });
}
