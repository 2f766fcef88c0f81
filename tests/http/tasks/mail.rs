//! The mail that tells of a task, the page behind its link, and how the outbox empties.

use actix_web::http::Method;
use khi::mail::{Carrier, Sender};
use khi::use_cases::{Round, deliver_mail};
use serde_json::json;

use super::*;

/// Delivers what waits into a folder; gives what was done, and the text of every mail in it, by its name.
async fn delivered(world: &World, folder: &std::path::Path) -> (Round, Vec<String>) {
    let path = folder.to_owned();
    let round = world
        .act(move |app| deliver_mail(app, &Carrier::folder(path, Sender::nowhere())).expect("delivers"))
        .await;
    let mut files: Vec<std::path::PathBuf> =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(files.iter().all(|file| file.extension().is_some_and(|e| e == "eml")), "{files:?}");
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a mail").replace("=\r\n", "").replace("=3D", "="));
    (round, texts.collect())
}

/// The path of the link in a mail.
fn link(mail: &str) -> String {
    let at = mail.find("http://khi.test/task/").expect("a link");
    let rest = &mail[at + "http://khi.test".len()..];
    rest.split(|c: char| c.is_whitespace() || c == '"').next().expect("its end").to_owned()
}

#[test]
fn a_mail_says_neither_who_nor_what_and_what_is_stored_of_it_lets_nobody_in() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        let mut body = unsafe_response("CANARY-1");
        body["answers"]["one-thing"] = json!("CANARY my own words");
        let sent = national.submit("key-0123456789-a", &body).await.expect(201).json();
        let stored = outbox(&world).await.remove(0);
        assert!(!format!("{stored:?}").contains("Ann") && !format!("{stored:?}").contains("leeds.example"));
        let stored = format!("{stored:?} {:?}", open_mail(&world.app, &stored).expect("opens"));
        let folder = tempfile::tempdir().expect("a folder");
        let (round, mails) = delivered(&world, folder.path()).await;
        assert_eq!((round.sent, mails.len()), (1, 1));
        let mail = &mails[0];
        let own = [sent["id"].as_str().expect("id"), sent["receipt"].as_str().expect("receipt")];
        for secret in ["CANARY", "safe ", own[0], own[1]] {
            assert!(!mail.contains(secret) && !stored.contains(secret), "{secret}: {mail}");
        }
        for said in [
            "Example leeds-shared-lives",
            "20 July 2026 at 10:00",
            "call 999",
            "To: \"Ann Example\" <ann@leeds.example>",
        ] {
            assert!(mail.contains(said), "{said}: {mail}");
        }
        let code = link(mail).rsplit('-').next().expect("a code").to_owned();
        assert!(code.len() == 26 && !stored.contains(&code), "the link is filled in when it is sent");
        assert_eq!(lead(&world).await.get(TASKS).await.items()[0]["told"][0]["mail"], "sent");
        let (again, mails) = delivered(&world, folder.path()).await;
        assert_eq!((again, mails.len()), (Round::default(), 1), "each mail goes once");
    });
}

#[test]
fn opening_the_link_changes_nothing_and_its_button_acknowledges_once() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("CANARY-1")).await.expect(201);
        world.set_time(DAYS[1]);
        escalate(&world).await;
        let folder = tempfile::tempdir().expect("a folder");
        let (_, mails) = delivered(&world, folder.path()).await;
        let (first, second) = (link(&mails[0]), link(&mails[1]));
        assert_ne!(first, second, "each who is told has a link of their own");
        let stranger = world.stranger();
        for _ in 0..20 {
            let page = stranger.get(&first).await.expect(200);
            assert!(
                page.text.contains("I have seen this and will act on it")
                    && page.text.contains("20 July 2026 at 10:00")
            );
            assert!(!page.text.contains("CANARY") && !page.text.contains("Ann"), "{}", page.text);
            assert_eq!(page.header("cache-control"), Some("no-store"));
            stranger.send(Method::HEAD, &first, &[], None).await.expect(200);
        }
        let seen = lead(&world).await.get(TASKS).await.items()[0]["acknowledged_at"].clone();
        assert_eq!(seen, Value::Null, "opening changes nothing");

        world.set_time("2026-07-21T10:15:00Z");
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        for link in [&second, &first, &second] {
            let answer = stranger.send(Method::POST, link, &form, Some(Vec::new())).await.expect(303);
            assert_eq!(answer.header("location"), Some(link.as_str()));
            world.set_time("2026-07-21T10:20:00Z");
        }
        let task = lead(&world).await.get(TASKS).await.items().remove(0);
        assert_eq!(
            (&task["acknowledged_by"], &task["acknowledged_at"]),
            (&json!("Bola Example"), &json!("2026-07-21T10:15:00.000000Z")),
            "by whoever was first"
        );
        let page = stranger.get(&first).await.expect(200);
        assert!(page.text.contains("Someone has seen this") && page.text.contains("21 July 2026 at 11:15"));
        assert!(!page.text.contains("<button"), "there is nothing left to press");
    });
}

#[test]
fn a_link_that_is_not_ours_leads_nowhere() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        let folder = tempfile::tempdir().expect("a folder");
        let link = link(&delivered(&world, folder.path()).await.1[0]);
        let (start, code) = link.rsplit_once('-').expect("a code");
        let other: String = code.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
        for wrong in
            [format!("{start}-{other}"), start.to_owned(), "/task/x".into(), link.replace("-1-", "-2-")]
        {
            for method in [Method::GET, Method::POST] {
                let page = world.stranger().send(method, &wrong, &[], None).await.expect(404);
                assert!(page.text.contains("This link leads nowhere"), "{wrong}");
            }
        }
        assert_eq!(lead(&world).await.get(TASKS).await.items()[0]["acknowledged_at"], Value::Null);
    });
}

#[test]
fn mail_that_cannot_be_put_anywhere_waits_longer_each_time_and_is_given_up_after_three_days() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        let folder = tempfile::tempdir().expect("a folder");
        let blocked = folder.path().join("outbox");
        std::fs::write(&blocked, "a file stands where the folder should be").expect("a file");
        let attempt = |at: &'static str| {
            world.set_time(at);
            let blocked = blocked.clone();
            world.act(move |app| {
                deliver_mail(app, &Carrier::folder(blocked, Sender::nowhere())).expect("delivers")
            })
        };
        let postponed = Round { postponed: 1, unreachable: true, ..Round::default() };
        assert_eq!(attempt("2026-07-20T09:00:00Z").await, postponed);
        assert_eq!(attempt("2026-07-20T09:00:04Z").await, Round::default(), "5 seconds have not passed");
        assert_eq!(attempt("2026-07-20T09:00:05Z").await, postponed);
        assert_eq!(attempt("2026-07-20T09:00:14Z").await, Round::default(), "nor 10");
        assert_eq!(attempt("2026-07-20T09:00:15Z").await, postponed);
        assert_eq!(attempt("2026-07-23T08:59:59Z").await, postponed);
        assert_eq!(outbox(&world).await[0].attempts, 4);
        let given_up = Round { failed: 1, unreachable: true, ..Round::default() };
        assert_eq!(attempt("2026-07-23T09:15:00Z").await, given_up);
        assert_eq!(outbox(&world).await.len(), 0);
        let lead = lead(&world).await;
        assert_eq!(lead.get(TASKS).await.items()[0]["told"][0]["mail"], "failed", "and it is shown");
        assert_eq!(escalate(&world).await, 1, "the next is told");
    });
}

#[test]
fn several_processes_send_each_mail_once() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        for person in 0..30 {
            let body = unsafe_response(&format!("P-{person}"));
            national.submit(&format!("key-0123456789-{person}"), &body).await.expect(201);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let sent = world
            .act(move |app| {
                let deliver = || {
                    deliver_mail(app, &Carrier::folder(path.clone(), Sender::nowhere()))
                        .expect("delivers")
                        .sent
                };
                std::thread::scope(|scope| {
                    let threads: Vec<_> = (0..4).map(|_| scope.spawn(deliver)).collect();
                    threads.into_iter().map(|t| t.join().expect("ends")).sum::<usize>()
                })
            })
            .await;
        assert_eq!(sent, 30);
        assert_eq!(delivered(&world, folder.path()).await.1.len(), 30);
    });
}

#[test]
fn a_mail_whose_process_died_is_tried_again_after_its_time() {
    on_both(|world| async move {
        let national = with_contacts(&world).await;
        national.submit("key-0123456789-a", &unsafe_response("P-1")).await.expect(201);
        let mail = outbox(&world).await.remove(0);
        let until = mail.created_at + khi::mail::CLAIM;
        let taken =
            world.act(move |app| app.store.write(|db| outbox::claim(db, &mail, until)).expect("takes")).await;
        assert!(taken, "and then its process dies");
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(delivered(&world, folder.path()).await.0.sent, 0);
        world.set_time("2026-07-20T09:09:59Z");
        assert_eq!(delivered(&world, folder.path()).await.0.sent, 0);
        world.set_time("2026-07-20T09:10:00Z");
        assert_eq!(delivered(&world, folder.path()).await.0.sent, 1);
    });
}
