//! One survey through two processes: what each holds in memory never undoes what the other has stored.

use super::support::{Browser, on_both};
use khi::storage::drafts::{DraftChange, DraftRow};
use serde_json::json;

#[test]
fn a_person_whose_pages_go_to_two_processes_in_turn_loses_nothing() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite_with("P-1", json!({}), json!({})).await;
        let other = world.another_process().await;
        let mut here = Browser::new(&world, 1).await;
        here.start(&ticket.link).await;
        let begun = world.draft(&ticket.id).await.expect("a draft").revision;
        here.answer(&["self"]).await;
        here.answer(&["yes"]).await;
        here.answer(&["4"]).await;
        // Both processes hold the draft now; each saves upon what the other has saved meanwhile.
        let mut there = here.at(&other).await;
        there.open("/survey").await;
        assert_eq!(there.answer(&["yes"]).await.address, "/survey/q/friends-make");
        assert_eq!(
            here.answer(&["no"]).await.address,
            "/survey/q/friends-make",
            "the page of before, changed"
        );
        here.answer(&["helps"]).await;
        there.answer(&["same"]).await;
        let said = world.said(&ticket.id).await;
        let saved = world.draft(&ticket.id).await.expect("a draft").revision - begun;
        assert_eq!(saved, 7, "no page was saved twice, and none was lost");
        assert_eq!(serde_json::to_value(&said.answers["friends"].answer).expect("JSON"), json!(4));
        assert_eq!(serde_json::to_value(&said.answers["enough-contact"].answer).expect("JSON"), json!("no"));
        assert_eq!(serde_json::to_value(&said.answers["friends-make"].answer).expect("JSON"), json!("same"));
    });
}

#[test]
fn a_draft_thrown_away_or_sent_through_one_process_is_gone_in_the_other() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite_with("P-1", json!({}), json!({})).await;
        let other = world.another_process().await;
        let mut here = Browser::new(&world, 1).await;
        here.start(&ticket.link).await;
        here.answer(&["self"]).await;
        let mut there = here.at(&other).await;
        there.open("/survey/stop?from=count").await;
        there.answer(&["throw"]).await;
        assert_eq!(there.page.address, "/survey/thrown-away");
        assert_eq!(here.answer(&["yes"]).await.status, 403, "it is gone here too");
        // Begun anew, on another device: the old page saves nothing into it.
        let mut again = Browser::new(&other, 2).await;
        again.start(&ticket.link).await;
        assert_eq!(here.post("/survey/who", &[("answer", "proxy"), ("go", "continue")]).await.status, 403);
        assert_eq!(again.open("/survey").await.address, "/survey/who");
    });
}

#[test]
fn pages_that_are_saved_at_once_are_each_their_own() {
    on_both(|world| async move {
        let client = world.with_leeds().await;
        let mut ids = Vec::new();
        for person in ["P-1", "P-2", "P-3", "P-4"] {
            let ticket = client.invite(person).await;
            Browser::new(&world, 1).await.start(&ticket.link).await;
            ids.push(ticket.id);
        }
        for round in 0..25 {
            let mut drafts: Vec<DraftRow> = Vec::new();
            for id in &ids {
                drafts.push(world.draft(id).await.expect("a draft"));
            }
            let change = |person: usize, behind: i64, said: &str| DraftChange {
                scheme_number: drafts[person].scheme_number,
                id: drafts[person].id.clone(),
                revision: drafts[person].revision - behind,
                body: format!("{round} {said}"),
                at: drafts[person].updated_at,
            };
            // Two pages of one person, upon the same; one each of two more; one upon what is no more.
            let changes = [(0, 0, "a"), (0, 0, "b"), (1, 0, "c"), (2, 1, "d"), (3, 0, "e")]
                .map(|(p, b, s)| change(p, b, s));
            let sent = changes.map(|change| {
                let queue = world.app.queue.clone();
                actix_web::rt::spawn(async move { queue.save_page(change).await })
            });
            let mut saved = Vec::new();
            for one in sent {
                saved.push(one.await.expect("ends").expect("is written"));
            }
            assert!(saved[0] != saved[1], "one of two, in round {round}: {saved:?}");
            assert_eq!(saved[2..], [true, false, true], "round {round}");
            for (person, said) in [(0, if saved[0] { "a" } else { "b" }), (1, "c"), (3, "e")] {
                let after = world.draft(&ids[person]).await.expect("a draft");
                assert_eq!(after.body, format!("{round} {said}"));
                assert_eq!(after.revision, drafts[person].revision + 1);
            }
            assert_eq!(world.draft(&ids[2]).await.expect("a draft"), drafts[2], "nothing of it changed");
        }
    });
}
