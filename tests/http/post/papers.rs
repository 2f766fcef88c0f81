//! Letters as a PDF: for whom, by whom, recorded, and refused with reasons.

use super::*;

#[test]
fn letters_are_made_for_the_schemes_own_people_and_recorded() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (leeds, york) = (world.number(SCHEME), world.number("york-shared-lives"));
        let lead = lead(&world).await;
        let letter = [("channel", json!("letter"))];
        enter(&lead, "P-1", &with(reached("Mair"), &letter)).await;
        let needs = json!({"formats": ["welsh", "large-print"]});
        let homeless = [("channel", json!("visit")), ("address", Value::Null), ("communication", needs)];
        enter(&lead, "P-2", &with(reached("Bob"), &homeless)).await;
        let sent = send(&lead, &["P-1", "P-2"]).await;
        let ids: Vec<&Value> = sent.iter().map(|s| &s["id"]).collect();
        let from = acts(&world).await.len();
        let made = lead.post(&path("letters"), &json!({"invitations": ids})).await.expect(200);
        assert!(made.text.starts_with("%PDF-1.7"), "{}", &made.text[..20]);
        assert_eq!(made.header("content-type"), Some("application/pdf"));
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let one = ["identity-read account participant", "letters-made account invitation"];
        assert_eq!(acts(&world).await[from..], [one, one].concat());
        let posted = json!({"invitations": ids, "with_address_only": true});
        let fewer = lead.post(&path("letters"), &posted).await.expect(200);
        assert!(fewer.text.matches("/MediaBox").count() < made.text.matches("/MediaBox").count());
        let nobody = json!({"invitations": [ids[1]], "with_address_only": true});
        let refused = lead.post(&path("letters"), &nobody).await.expect(422);
        assert_eq!(refused.faults(), [("/invitations".to_owned(), "address-missing".to_owned())]);
        for (role, status) in [
            (Role::National, 403),
            (Role::SchemeWorker(leeds), 422),
            (Role::SchemeLead(york), 404),
            (Role::Area("E08000035".into()), 403),
        ] {
            let client = world.signed_in(role).await;
            let refused = client.post(&path("letters"), &json!({"invitations": ids})).await.expect(status);
            assert_eq!(status == 422, refused.text.contains("unknown-invitation"), "{}", refused.text);
        }
        world.stranger().post(&path("letters"), &json!({"invitations": ids})).await.expect(401);
    });
}

#[test]
fn every_letter_that_cannot_be_made_is_named_with_why() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world).await;
        let visit = [("channel", json!("visit"))];
        enter(&lead, "P-1", &with(with(reached("Mair"), &visit), &[("name", json!("Анна"))])).await;
        enter(&lead, "P-2", &with(reached("Bob"), &visit)).await;
        let sent = send(&lead, &["P-1", "P-2"]).await;
        let made = |invitations: Value| {
            let lead = &lead;
            async move { lead.post(&path("letters"), &json!({"invitations": invitations})).await }
        };
        let faults = made(json!([sent[1]["id"], sent[0]["id"]])).await.expect(422);
        assert_eq!(faults.faults(), [("/invitations/1".to_owned(), "cannot-be-printed".to_owned())]);
        lead.post(&format!("{}/events", by_ref("P-2")), &json!({"kind": "hospital"})).await.expect(201);
        let faults = made(json!(["nothing", sent[1]["id"]])).await.expect(422).faults();
        let expected = [("/invitations/0", "unknown-invitation"), ("/invitations/1", "hospital")];
        assert_eq!(faults, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        made(json!([])).await.expect(422);
        lead.post(&path("letters"), &json!({"invitations": "all", "x": 1})).await.expect(422);
    });
}
