//! Tasks that people raise who answer in a browser: when they send, once, and without the pages looking any different.

use serde_json::json;

use super::*;
use crate::support::Browser;

/// A browser in which somebody has said `safe` about being safe, and everything else up to the check; no words of their own.
async fn at_check(world: &World, link: &str, who: &str, safe: &str) -> Browser {
    let mut browser = Browser::new(world, 1).await;
    browser.start(link).await;
    browser.answer(&[who]).await;
    browser.answer_until("/survey/check").await;
    browser.post("/survey/q/safe", &[("answer", safe), ("go", "continue")]).await;
    browser.post("/survey/q/one-thing", &[("answer", ""), ("go", "skip")]).await;
    browser.open("/survey/check").await;
    browser
}

#[test]
fn what_is_said_in_a_browser_opens_one_task_when_it_is_sent() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let quiet = national.invite("P-1").await;
        let mut browser = at_check(&world, &quiet.link, "self", "yes").await;
        let usual = browser.press("send", &[]).await;
        let usual = (usual.status, usual.address.clone(), usual.html.len());
        assert_eq!(told(&world).await, [""; 0]);

        let ticket = national.invite("P-2").await;
        let mut browser = at_check(&world, &ticket.link, "self", "no").await;
        assert_eq!(told(&world).await, [""; 0], "not before it is sent");
        let mut twin = browser.twin();
        let sent = browser.press("send", &[]).await;
        assert_eq!(
            (sent.status, sent.address.clone(), sent.html.len()),
            usual,
            "the page looks as it always does"
        );
        twin.press("send", &[]).await;
        assert_eq!(told(&world).await, ["ann"], "sent twice, told once");
        let task = lead(&world).await.get(TASKS).await.items().remove(0);
        assert_eq!((&task["participant"], &task["items"]), (&json!("P-2"), &json!(["safe"])));
    });
}

#[test]
fn an_open_links_answers_raise_a_task_without_a_person() {
    on_both(|world| async move {
        let link = world.with_leeds().await.open_link().await.link;
        at_check(&world, &link, "self", "no").await.press("send", &[]).await;
        assert_eq!(told(&world).await, ["ann"]);
        assert_eq!(lead(&world).await.get(TASKS).await.items()[0]["participant"], Value::Null);
    });
}

#[test]
fn when_a_supporter_helped_in_the_browser_the_second_lead_is_told() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = at_check(&world, &ticket.link, "helped", "no").await;
        browser.post("/survey/supporter", &[("answer", "yes"), ("go", "continue")]).await;
        browser.open("/survey/check").await;
        browser.press("send", &[]).await;
        assert_eq!(told(&world).await, ["bola"]);
    });
}

#[test]
fn kept_answers_raise_a_task_when_their_time_is_over_and_those_thrown_away_none() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for (person, wish) in [("P-kept", "keep"), ("P-thrown", "throw")] {
            let ticket = national.invite_with(person, json!({}), json!({"ends_on": "2026-08-01"})).await;
            let mut browser = at_check(&world, &ticket.link, "self", "no").await;
            browser.press("stop", &[]).await;
            browser.answer(&[wish]).await;
        }
        assert_eq!(told(&world).await, [""; 0]);
        world.set_time("2026-08-01T23:00:00Z");
        world.end_drafts().await;
        assert_eq!(told(&world).await, ["ann"]);
        assert_eq!(lead(&world).await.get(TASKS).await.items()[0]["participant"], "P-kept");
    });
}
