//! What happens between writing a message and sending it decides whether it is sent.

use super::*;

/// Delivers into a new folder; gives how many mails went and how many were held back.
async fn tried(world: &World) -> (usize, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (round, mails) = delivered(world, folder.path()).await;
    assert_eq!(round.sent, mails.len());
    (round.sent, round.stopped)
}

#[test]
fn nobody_gets_a_message_who_has_answered_or_is_not_to_be_asked_any_more() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = lead(&world).await;
        for (n, called) in (1..).zip(["Ann", "Bob", "Cai", "Dee", "Eve", "Fay"]) {
            enter(&lead, &format!("P-{n}"), &reached(called)).await;
        }
        let sent = send(&lead, &["P-1", "P-2", "P-3", "P-4", "P-5", "P-6"]).await;
        let id = |n: usize| sent[n - 1]["id"].as_str().expect("id").to_owned();
        let mut body = response(SCHEME, "P-1", "2026-07-20", "better");
        body["invitation"] = json!(id(1));
        national.submit("key-0123456789-a", &body).await.expect(201);
        lead.post(&format!("{}/events", by_ref("P-2")), &json!({"kind": "no-contact"})).await.expect(201);
        lead.delete(&path(&format!("invitations/{}", id(3)))).await.expect(204);
        lead.delete(&format!("{}?erase=true", by_ref("P-4"))).await.expect(204);
        let stopped = json!({"council": "E08000035", "supported_from": "2026-07-20", "not_asked": {"from": "2026-07-20", "reason": "declined"}});
        lead.put(&by_ref("P-5"), &stopped).await.expect(204);
        assert_eq!(
            waiting(&world, MAIL).await.len(),
            4,
            "of who was erased and what was taken back nothing is left"
        );
        assert_eq!(tried(&world).await, (1, 3));
        let expected = [
            is("P-1", "email", "not-sent"),
            is("P-2", "email", "not-sent"),
            is("P-5", "email", "not-sent"),
            is("P-6", "email", "sent"),
        ];
        assert_eq!(states(&lead).await, expected);
        let items = lead.get(&path("deliveries")).await.expect(200).items();
        let why =
            |who: &str| items.iter().find(|d| d["participant"] == who).expect("it is there")["why"].clone();
        assert_eq!(why("P-1"), "It was answered before it was sent.");
        assert_eq!(why("P-2"), "The person asked not to be contacted.");
        assert_eq!(why("P-5"), "The person said no.");
        // What was sent of somebody who is erased goes with them, too.
        lead.delete(&format!("{}?erase=true", by_ref("P-6"))).await.expect(204);
        let (number, gone) = (world.number(SCHEME), id(6));
        let left = world
            .act(move |app| app.store.read(|db| outbox::of_invitations(db, number, &[gone])).expect("reads"))
            .await;
        assert!(left.is_empty());
    });
}

#[test]
fn a_message_waits_while_somebody_is_in_hospital_and_goes_when_that_is_lifted() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        send(&lead, &["P-1"]).await;
        let events = format!("{}/events", by_ref("P-1"));
        let event = lead.post(&events, &json!({"kind": "hospital"})).await.expect(201).json();
        assert_eq!(tried(&world).await, (0, 1));
        let seen = lead.get(&path("deliveries")).await.expect(200).items().remove(0);
        assert_eq!(
            (&seen["state"], &seen["why"]),
            (&json!("not-sent"), &json!("The person is in hospital."))
        );
        let again = path(&format!("invitations/{}/send", seen["invitation"].as_str().expect("id")));
        let refused = lead.post(&again, &Value::Null).await.expect(422);
        assert_eq!(refused.faults(), [(String::new(), "hospital".to_owned())]);
        // Longer than a mail is tried.
        world.set_time("2026-07-27T09:00:00Z");
        let lead = super::lead(&world).await;
        assert_eq!(reminded(&world).await, []);
        let lift = format!("{events}/{}/lift", event["id"].as_str().expect("id"));
        lead.post(&lift, &json!({})).await.expect(200);
        assert_eq!(tried(&world).await, (1, 0));
        assert_eq!(states(&lead).await, [is("P-1", "email", "sent")]);
    });
}

#[test]
fn nothing_goes_to_an_address_that_was_corrected_and_the_new_one_gets_it_when_somebody_says_so() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        let sent = send(&lead, &["P-1"]).await.remove(0);
        let identity = format!("{}/identity", by_ref("P-1"));
        lead.put(&identity, &with(reached("Mair"), &[("called", json!("Mai"))])).await.expect(200);
        assert_eq!(waiting(&world, MAIL).await.len(), 1, "another name is no other address");
        lead.put(&identity, &with(reached("Mair"), &[("email", json!("new@home.example"))]))
            .await
            .expect(200);
        assert_eq!(tried(&world).await, (0, 0));
        let seen = lead.get(&path("deliveries")).await.expect(200).items().remove(0);
        assert_eq!(seen["why"], "The contact details were changed before it was sent.");
        let again = path(&format!("invitations/{}/send", sent["id"].as_str().expect("id")));
        assert_eq!(lead.post(&again, &Value::Null).await.expect(200).json(), json!({"way": "email"}));
        let folder = tempfile::tempdir().expect("a folder");
        let (round, mails) = delivered(&world, folder.path()).await;
        assert!(round.sent == 1 && mails[0].contains("<new@home.example>"), "{mails:?}");
        assert!(mails[0].contains(sent["link"].as_str().expect("a link")), "{mails:?}");
    });
}
