//! Ways in: by link, by code, by open link; what opening does not do; what a link says once there is nothing to answer.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::support::{Browser, INVITATIONS, OPEN_LINKS, answers, on_both};

#[test]
fn a_link_opened_a_thousand_times_changes_nothing_and_the_person_can_still_start() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        let first = browser.open(&ticket.link).await.html.clone();
        let prefetch = [("Sec-Purpose", "prefetch"), ("Purpose", "prefetch")];
        for turn in 0..1000 {
            let (method, headers): (Method, &[_]) = match turn % 4 {
                0 => (Method::GET, &[]),
                1 => (Method::HEAD, &[]),
                2 => (Method::GET, &prefetch),
                _ => (Method::OPTIONS, &[]),
            };
            let status = if method == Method::OPTIONS { 405 } else { 200 };
            let reply = browser.send(method, &ticket.link, headers, None).await.expect(status);
            assert_eq!(reply.header("set-cookie"), None);
        }
        assert!(world.draft(&ticket.id).await.is_none(), "nothing was begun");
        assert_eq!(browser.open(&ticket.link).await.html, first);
        assert_eq!(browser.start(&ticket.link).await.address, "/survey/who");
        assert!(world.draft(&ticket.id).await.is_some());
    });
}

#[test]
fn a_typed_code_leads_to_the_same_survey_however_it_is_typed() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let code = ticket.code.clone();
        let look_alike = code.replace('0', "o").replace('1', "l");
        let spaced = format!("  {}  ", code.replace('-', " "));
        let together = code.replace('-', "");
        let dashed = code.replace('-', " – ");
        for typed in [code.clone(), code.to_lowercase(), look_alike, spaced, together, dashed] {
            let mut browser = Browser::new(&world, 1).await;
            browser.open("/s").await;
            let page = browser.post("/s", &[("code", &typed)]).await;
            assert_eq!((page.status, page.has_start()), (200, true), "“{typed}”: {}", page.html);
        }
        let mut browser = Browser::new(&world, 1).await;
        let path = browser.post("/s", &[("code", &code.to_lowercase())]).await.address.clone();
        assert_eq!(browser.start(&path).await.address, "/survey/who");
        browser.answer(&["self"]).await;
        let mut other = Browser::new(&world, 2).await;
        assert_eq!(other.start(&ticket.link).await.address, "/survey/count", "link and code are one draft");
    });
}

#[test]
fn a_code_that_is_not_one_is_told_kindly_and_kept_in_the_box() {
    on_both(|world| async move {
        world.with_leeds().await;
        let mut browser = Browser::new(&world, 1).await;
        let page = browser.post("/s", &[("code", "1-AAAAA-AAAAA")]).await;
        assert_eq!((page.status, page.title().starts_with("Error: ")), (422, true));
        assert!(page.problem().is_some() && page.html.contains("value=\"1-AAAAA-AAAAA\""), "{}", page.html);
        assert_eq!(browser.post("/s", &[("code", "  ")]).await.status, 422);
        assert_eq!(browser.open("/s/1-AAAAA-AAAAA").await.status, 404);
        assert_eq!(browser.open("/s/%3Cscript%3E").await.status, 404);
        assert_eq!(browser.open("/survey").await.status, 403, "no place in any survey");
    });
}

#[test]
fn whoever_tries_many_wrong_codes_waits_and_others_do_not() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut guesser = Browser::new(&world, 1).await;
        for attempt in 0..10 {
            let code = format!("1-AAAAA-AAAA{attempt}");
            let status = match attempt % 3 {
                0 => guesser.post("/s", &[("code", &code)]).await.status,
                1 => guesser.open(&format!("/s/{code}")).await.status,
                _ => guesser.post("/withdraw", &[("receipt", "1-AAAA-AAAA-AAAA-AAAA")]).await.status,
            };
            assert!(matches!(status, 404 | 422), "{attempt}: {status}");
        }
        assert_eq!(guesser.post("/s", &[("code", "1-AAAAA-BBBBB")]).await.status, 429);
        assert_eq!(
            guesser.post("/s", &[("code", &ticket.code)]).await.status,
            429,
            "a hit is not told either"
        );
        assert_eq!(guesser.open(&ticket.link).await.status, 429);
        assert_eq!(guesser.post(&ticket.link, &[]).await.status, 429);
        assert_eq!(guesser.post("/withdraw", &[("receipt", "1-AAAA-AAAA-AAAA-AAAA")]).await.status, 429);
        assert_eq!(Browser::new(&world, 2).await.start(&ticket.link).await.status, 200);
    });
}

#[test]
fn an_invitation_is_good_until_it_is_sent_and_then_there_is_only_thanks() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let places = ["/survey/who", "/survey/count", "/survey/q/intro", "/survey/q/friends"];
        for (host, place) in (1..).zip(places) {
            let mut browser = Browser::new(&world, host).await;
            assert_eq!(browser.start(&ticket.link).await.address, place);
            let first = browser.page.offered().first().map(|a| (*a).to_owned());
            browser.answer(&first.iter().map(String::as_str).collect::<Vec<_>>()).await;
        }
        let mut browser = Browser::new(&world, 5).await;
        browser.start(&ticket.link).await;
        browser.answer_until("/survey/check").await;
        assert_eq!(browser.press("send", &[]).await.address, "/survey/sent");
        for path in [ticket.link.clone(), format!("/s/{}", ticket.code)] {
            let mut later = Browser::new(&world, 6).await;
            let page = later.open(&path).await;
            assert_eq!((page.status, page.has_start()), (200, false));
            assert!(page.html.contains("You have sent your answers already."), "{}", page.html);
            assert!(!page.html.contains("My own words") && page.receipt().is_none());
            later.post(&path, &[("length", "all")]).await;
            assert_eq!((later.cookie.as_deref(), later.page.has_start()), (None, false));
        }
        assert_eq!(world.stored().await.len(), 1);
    });
}

#[test]
fn a_revoked_invitation_leads_nowhere_and_what_was_begun_is_gone() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&ticket.link).await;
        browser.answer(&["self"]).await;
        national.delete(&format!("{INVITATIONS}/{}", ticket.id)).await.expect(204);
        assert_eq!(browser.answer(&["yes"]).await.status, 403);
        assert!(world.draft(&ticket.id).await.is_none());
        for path in [ticket.link.clone(), format!("/s/{}", ticket.code)] {
            assert_eq!(browser.open(&path).await.status, 404);
        }
        national.delete(&format!("{INVITATIONS}/{}", ticket.id)).await.expect(404);
    });
}

#[test]
fn an_invitation_can_be_answered_on_its_last_day_and_not_after_it() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite_with("P-1", json!({}), json!({"ends_on": "2026-08-01"})).await;
        let mut browser = Browser::new(&world, 1).await;
        world.set_time("2026-08-01T22:59:59Z");
        assert_eq!(browser.start(&ticket.link).await.address, "/survey/who");
        browser.answer(&["self"]).await;
        world.set_time("2026-08-01T23:00:00Z"); // midnight in London
        let page = browser.answer(&["yes"]).await;
        assert_eq!(page.status, 403, "the draft is over too: {}", page.html);
        let page = browser.open(&ticket.link).await;
        assert_eq!((page.status, page.has_start()), (410, false));
        assert!(page.html.contains("You did nothing wrong."), "{}", page.html);
    });
}

#[test]
fn an_open_link_begins_an_answer_of_its_own_each_time_and_is_counted_apart() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let link = national.open_link().await;
        for host in 1..3 {
            let mut browser = Browser::new(&world, host).await;
            browser.start(&link.link).await;
            browser.answer_until("/survey/check").await;
            browser.press("send", &[]).await;
        }
        let mut typed = Browser::new(&world, 3).await;
        let path = typed.post("/s", &[("code", &link.code)]).await.address.clone();
        assert_eq!(typed.start(&path).await.address, "/survey/who");
        let stored = world.stored().await;
        assert_eq!(stored.len(), 2);
        for response in &stored {
            assert_eq!((response.via.as_deref(), &response.participant), (Some("open"), &None));
            assert_eq!((&response.invitation, response.mode.as_str()), (&None, "online"));
        }
        let row = &national
            .get("/api/v1/khi?period=2026-27&level=uk&indicator=social-connection")
            .await
            .expect(200)
            .items()[0];
        assert_eq!((&row["n"], &row["open"], &row["responded"]), (&json!(2), &json!(2), &json!(0)));
        let kept = &national.get(OPEN_LINKS).await.expect(200).items()[0];
        assert_eq!((&kept["sent"], &kept["unfinished"]), (&json!(2), &json!(0)));
        national.delete(&format!("{OPEN_LINKS}/{}", link.id)).await.expect(204);
        assert_eq!(Browser::new(&world, 4).await.open(&link.link).await.status, 410);
        assert_eq!(typed.answer(&["self"]).await.address, "/survey/count", "who has begun may go on");
    });
}

#[test]
fn an_open_link_takes_so_many_answers_a_day_from_one_address() {
    on_both(|world| async move {
        let link = world.with_leeds().await.open_link().await;
        for _ in 0..40 {
            let mut browser = Browser::new(&world, 1).await;
            browser.start(&link.link).await;
            browser.answer(&["self"]).await;
            browser.answer(&["yes"]).await;
            browser.press("stop", &[]).await;
            browser.answer(&["send"]).await;
            browser.answer_until("/survey/check").await;
            assert_eq!(browser.press("send", &[]).await.address, "/survey/sent");
        }
        let mut refused = Browser::new(&world, 1).await;
        let page = refused.start(&link.link).await;
        assert_eq!(page.status, 429, "{}", page.html);
        assert_eq!(refused.cookie, None);
        assert_eq!(Browser::new(&world, 2).await.start(&link.link).await.address, "/survey/who");
        world.set_time("2026-07-21T09:00:00Z");
        assert_eq!(refused.start(&link.link).await.address, "/survey/who", "another day");
        world.end_drafts().await;
        assert_eq!(world.stored().await.len(), 40);
    });
}

#[test]
fn an_anonymous_draft_is_come_back_to_by_the_code_that_was_given_on_stopping() {
    on_both(|world| async move {
        let link = world.with_leeds().await.open_link().await;
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&link.link).await;
        browser.answer_until("/survey/q/connected").await;
        browser.press("stop", &["worse"]).await;
        let stopped = browser.answer(&["keep"]).await;
        assert_eq!(stopped.status, 200);
        let code = stopped.receipt().expect("a code").to_owned();
        assert_eq!(browser.cookie, None, "this browser forgets its place");
        world.set_time("2026-08-18T09:00:00Z");
        let mut other = Browser::new(&world, 2).await;
        let path = other.post("/s", &[("code", &code.to_lowercase())]).await.address.clone();
        assert_eq!(other.start(&path).await.address, "/survey/q/going-out");
        other.answer_until("/survey/check").await;
        assert_eq!(other.press("send", &[]).await.address, "/survey/sent");
        let stored = world.only_stored().await;
        assert_eq!(answers(&stored)["connected"], json!("worse"));
        assert_eq!(stored.completed_on.to_string(), "2026-08-18");
        let page = other.open(&path).await;
        assert!(!page.has_start() && page.html.contains("You have sent your answers already."));
    });
}

#[test]
fn a_form_from_another_site_is_refused_and_changes_nothing() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        for site in ["cross-site", "same-site"] {
            let from = [("Sec-Fetch-Site", site)];
            let form: &[_] = &[("length", "all")];
            let refused = browser.send(Method::POST, &ticket.link, &from, Some(form)).await.expect(403);
            assert_eq!(
                (refused.header("set-cookie"), refused.json()["code"].as_str()),
                (None, Some("forbidden"))
            );
        }
        assert!(world.draft(&ticket.id).await.is_none());
        browser.start(&ticket.link).await;
        let form: &[_] = &[("answer", "self"), ("go", "continue")];
        browser
            .send(Method::POST, "/survey/who", &[("Sec-Fetch-Site", "cross-site")], Some(form))
            .await
            .expect(403);
        assert_eq!(world.said(&ticket.id).await.who, None);
        browser
            .send(Method::POST, "/survey/who", &[("Sec-Fetch-Site", "same-origin")], Some(form))
            .await
            .expect(303);
        assert!(world.said(&ticket.id).await.who.is_some());
        let json =
            browser.send(Method::POST, "/survey/count", &[("Content-Type", "application/json")], None).await;
        assert_eq!(json.status, 415);
    });
}

#[test]
fn the_cookie_is_for_this_server_only_and_holds_neither_code_nor_answer() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        let form: &[_] = &[("length", "all")];
        let reply = browser.send(Method::POST, &ticket.link, &[], Some(form)).await.expect(303);
        assert_eq!(reply.header("location"), Some("/survey"), "the code stands in no address from here on");
        let cookie = reply.header("set-cookie").expect("a cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(
            !cookie.contains("Expires") && !cookie.contains("Max-Age"),
            "it ends with the browser: {cookie}"
        );
        let code = ticket.link.rsplit('/').next().expect("a code");
        assert!(!cookie.contains(&code[3..]) && !cookie.contains(&ticket.code[3..]));
        let said: Value = json!(browser.cookie);
        browser.start(&ticket.link).await;
        assert_ne!(json!(browser.cookie), said, "each start has a token of its own");
    });
}
