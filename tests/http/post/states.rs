//! What the scheme sees of messages on their way, sending again, and reminders.

use super::*;

/// Tries to deliver where nothing can be delivered.
async fn blocked(world: &World) -> Round {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("outbox");
    std::fs::write(&path, "a file stands where the folder should be").expect("a file");
    let carry = move |app: &khi::app::App| {
        deliver_mail(app, &Carrier::folder(path, Sender::nowhere())).expect("delivers")
    };
    world.act(carry).await
}

#[test]
fn a_message_is_waiting_then_tried_then_sent_or_given_up_and_sent_again() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        let sent = send(&lead, &["P-1"]).await.remove(0);
        let seen = || async { super::lead(&world).await.get(&path("deliveries")).await.expect(200).json() };
        let first = seen().await;
        assert_eq!(
            (&first["items"][0]["state"], &first["items"][0]["why"]),
            (&json!("waiting"), &Value::Null)
        );
        blocked(&world).await;
        let trying = seen().await["items"][0].clone();
        assert_eq!((&trying["state"], &trying["attempts"]), (&json!("trying"), &json!(1)));
        assert_eq!(trying["next_try_at"], "2026-07-20T09:00:05.000000Z");
        assert!(
            trying["why"].as_str().is_some_and(|why| why.starts_with("The outbox folder cannot be written")),
            "{trying}"
        );
        let again = path(&format!("invitations/{}/send", sent["id"].as_str().expect("id")));
        // What waits is only hurried.
        lead.post(&again, &Value::Null).await.expect(200);
        assert_eq!(
            (waiting(&world, MAIL).await.len(), &seen().await["items"][0]["next_try_at"]),
            (1, &json!("2026-07-20T09:00:00.000000Z"))
        );
        world.set_time("2026-07-23T09:00:00Z");
        assert_eq!(blocked(&world).await.failed, 1);
        let failed = seen().await;
        assert_eq!(
            (&failed["items"][0]["state"], &failed["counts"]["failed"]),
            (&json!("failed"), &json!(1))
        );
        assert!(
            failed["items"][0]["to_do"].as_str().is_some_and(|t| t.contains("then send it again")),
            "{failed}"
        );
        let lead = super::lead(&world).await;
        lead.post(&again, &Value::Null).await.expect(200);
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(delivered(&world, folder.path()).await.0.sent, 1);
        let sent = seen().await;
        assert_eq!((&sent["items"][0]["state"], &sent["counts"]["sent"]), (&json!("sent"), &json!(1)));
        assert_eq!(sent["items"][0]["sent_at"], "2026-07-23T09:00:00.000000Z");
        let refused = lead.post(&again, &Value::Null).await.expect(422);
        assert_eq!(refused.faults(), [(String::new(), "sent-already".to_owned())]);
        world.set_time("2026-07-24T09:00:01Z");
        super::lead(&world).await.post(&again, &Value::Null).await.expect(200);
        lead.post(&path("invitations/06FABCDEFGHJKMNPQRSTVWXYZ0/send"), &Value::Null).await.expect(401);
        super::lead(&world)
            .await
            .post(&path("invitations/06FABCDEFGHJKMNPQRSTVWXYZ0/send"), &Value::Null)
            .await
            .expect(404);
    });
}

#[test]
fn a_refused_text_is_given_up_at_once_and_a_gateway_that_is_away_delays_all() {
    on_both(|world| async move {
        world.with_leeds().await;
        let gateway = with_texts(&world, |text| match text.to.as_str() {
            "+447700900001" => Outcome::Never("the text gateway answered 422".into()),
            _ => Outcome::Later("the text gateway takes no connections".into(), true),
        });
        let lead = lead(&world).await;
        for n in 1..=3 {
            let changes = [("channel", json!("text")), ("mobile", json!(format!("07700 90000{n}")))];
            enter(&lead, &format!("P-{n}"), &with(reached("Mair"), &changes)).await;
        }
        send(&lead, &["P-1", "P-2", "P-3"]).await;
        let mut total = Round::default();
        for _ in 0..3 {
            let round = texted(&world, gateway).await;
            total.failed += round.failed;
            total.postponed += round.postponed;
        }
        assert_eq!((total.failed, total.postponed), (1, 2));
        let expected =
            [is("P-1", "text", "failed"), is("P-2", "text", "trying"), is("P-3", "text", "trying")];
        assert_eq!(states(&lead).await, expected);
        let (now, later) = (with_texts(&world, TAKES), "2026-07-20T10:00:00Z");
        world.set_time(later);
        assert_eq!(texted(&world, now).await.sent, 2);
    });
}

#[test]
fn reminders_go_by_the_same_way_once_each_and_those_to_do_by_hand_are_shown() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        enter(&lead, "P-2", &with(reached("Bob"), &[("channel", json!("visit"))])).await;
        send(&lead, &["P-1", "P-2"]).await;
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(delivered(&world, folder.path()).await.0.sent, 1);
        world.set_time("2026-07-27T09:00:00Z");
        assert_eq!(
            reminded(&world).await,
            [("P-1".to_owned(), 1, "email"), ("P-2".to_owned(), 1, "by-hand")]
        );
        assert_eq!(reminded(&world).await, []);
        let (round, mails) = delivered(&world, folder.path()).await;
        assert_eq!((round.sent, mails.len()), (1, 2));
        assert!(
            mails[1].contains("you can still answer") && mails[1].contains("http://khi.test/s/"),
            "{}",
            mails[1]
        );
        let lead = super::lead(&world).await;
        let list = lead.get(&path("deliveries")).await.expect(200).json();
        let of = |who: &str| {
            list["items"]
                .as_array()
                .expect("items")
                .iter()
                .find(|d| d["participant"] == who)
                .expect("there")
                .clone()
        };
        let (mail, visit) = (of("P-1")["reminders"][0].clone(), of("P-2")["reminders"][0].clone());
        assert_eq!(
            (&mail["way"], &mail["state"], &mail["due_on"]),
            (&json!("email"), &json!("sent"), &json!("2026-07-27"))
        );
        assert_eq!((&visit["way"], &visit["state"]), (&json!("by-hand"), &json!("not-sent")));
        assert!(visit["to_do"].as_str().is_some_and(|t| t.contains("Print the letter")));
        assert_eq!(
            (&list["reminder_counts"]["sent"], &list["reminder_counts"]["not-sent"]),
            (&json!(1), &json!(1))
        );
        // A hold that begins after a reminder was written holds it back.
        world.set_time("2026-08-10T09:00:00Z");
        assert_eq!(reminded(&world).await.len(), 2);
        let lead = super::lead(&world).await;
        lead.post(&format!("{}/events", by_ref("P-1")), &json!({"kind": "unwell"})).await.expect(201);
        assert_eq!(delivered(&world, folder.path()).await.0.stopped, 1);
    });
}

#[test]
fn a_wave_shows_its_own_invitations_and_a_worker_sees_their_own_peoples() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        send(&lead, &["P-1"]).await;
        let wave = json!({"questionnaire": "shared-lives", "due_on": "2026-10-05"});
        let wave = national.post(&path("waves"), &wave).await.expect(201).json()["id"].clone();
        world.set_time("2026-10-05T09:00:00Z");
        let lead = super::lead(&world).await;
        send(&lead, &["P-1"]).await;
        let of_wave = path(&format!("deliveries?wave={}", wave.as_str().expect("id")));
        let list = lead.get(&of_wave).await.expect(200).json();
        assert_eq!((&list["wave"], &list["counts"]["waiting"]), (&wave, &json!(1)));
        assert_eq!(list["items"][0]["due_on"], "2026-10-05");
        assert_eq!(lead.get(&path("deliveries")).await.expect(200).items().len(), 2);
        lead.get(&path("deliveries?wave=06FABCDEFGHJKMNPQRSTVWXYZ0")).await.expect(404);
        lead.get(&path("deliveries?colour=red")).await.expect(400);
        let worker = world.signed_in(Role::SchemeWorker(world.number(SCHEME))).await;
        assert!(worker.get(&path("deliveries")).await.expect(200).items().is_empty());
        let area = world.signed_in(Role::Area("E08000035".into())).await;
        area.get(&path("deliveries")).await.expect(403);
    });
}
