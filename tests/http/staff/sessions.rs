//! Sessions on pages: when they end, where they are seen and ended, and proving once more who one is.

use actix_web::http::Method;
use khi::use_cases::{AccountAct, change_account};

use super::*;

#[test]
fn a_session_ends_when_it_rests_and_after_a_working_day() {
    on_both(|world| async move {
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        world.wait(TimeDelta::hours(2) - TimeDelta::seconds(1));
        assert!(is_in(&mut rose.browser).await);
        world.wait(TimeDelta::hours(2));
        assert!(!is_in(&mut rose.browser).await, "two hours of rest");
        let mut other = Browser::new(&world, 2).await;
        rose.enter(&world, &mut other, &[]).await;
        for _ in 0..7 {
            world.wait(TimeDelta::minutes(100));
            assert!(is_in(&mut other).await);
        }
        world.wait(TimeDelta::minutes(20));
        assert!(!is_in(&mut other).await, "twelve hours in all");
    });
}

#[test]
fn each_sign_in_and_each_proof_has_a_token_of_its_own_and_the_old_one_is_dead() {
    on_both(|world| async move {
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        let mut old = rose.browser.twin();
        let before = rose.browser.staff["khi-staff"].clone();
        let page = rose.browser.post("/account/prove", &[("password", PASSWORD), ("next", "/account")]).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/account"));
        assert_ne!(rose.browser.staff["khi-staff"], before);
        assert!(before.len() == 26 && !is_in(&mut old).await, "128 bits, and used up");
        let mut older = rose.browser.twin();
        world.wait(TimeDelta::seconds(30));
        sign_in(&mut rose.browser, &rose.email, PASSWORD).await;
        assert!(!is_in(&mut older).await, "signing in again ends the session of before");
        let code = rose.code(&world);
        rose.browser.post("/sign-in/code", &[("code", &code)]).await;
        let mut out = rose.browser.twin();
        assert!(is_in(&mut out).await);
        rose.browser.post("/sign-out", &[]).await;
        assert!(!is_in(&mut out).await, "signing out ends it here, not only in the browser");
    });
}

#[test]
fn sessions_are_listed_and_ended_one_by_one_and_all_but_this() {
    on_both(|world| async move {
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        let (mut second, mut third) = (Browser::new(&world, 2).await, Browser::new(&world, 3).await);
        rose.enter(&world, &mut second, &[]).await;
        rose.enter(&world, &mut third, &[]).await;
        let html = rose.browser.open("/account").await.html.clone();
        assert_eq!(html.matches("Since 20 July 2026 at").count(), 3, "{html}");
        let ids: Vec<String> = html.split("name=\"id\" value=\"").skip(1).map(|r| before(r, "\"")).collect();
        assert_eq!(ids.len(), 2, "this one is not among those to be ended");
        rose.browser.post("/account/end", &[("id", &ids[0])]).await;
        let (two, three) = (is_in(&mut second).await, is_in(&mut third).await);
        assert!(two != three, "one of them has ended: {two} {three}");
        rose.browser.post("/account/end-others", &[]).await;
        assert!(is_in(&mut rose.browser).await && !is_in(&mut second).await && !is_in(&mut third).await);
        // Somebody else's session is not mine to end.
        let mut ann = person(&world, "ann@leeds.example", Role::Analyst, 4).await;
        let mut anns = Browser::new(&world, 5).await;
        ann.enter(&world, &mut anns, &[]).await;
        let html = ann.browser.open("/account").await.html.clone();
        let id = between(&html, "name=\"id\" value=\"", "\"");
        rose.browser.post("/account/end", &[("id", &id)]).await;
        assert!(is_in(&mut anns).await);
    });
}

#[test]
fn closing_an_account_another_role_and_another_password_end_its_sessions() {
    on_both(|world| async move {
        let chief = person(&world, "chief@khi.example", Role::National, 1).await;
        let rose = person(&world, "rose@leeds.example", Role::Analyst, 2).await;
        let mut other = Browser::new(&world, 3).await;
        let role = khi::use_cases::StaffInvitation { role: "national".into(), ..Default::default() };
        for act in [AccountAct::EndSessions, AccountAct::ChangeRole(role), AccountAct::Disable] {
            rose.enter(&world, &mut other, &[]).await;
            assert!(is_in(&mut other).await, "{act:?}");
            let (actor, id) = (chief.actor(&world), rose.id.clone());
            world.act(move |app| change_account(app, &actor, &id, &act).expect("done")).await;
            assert!(!is_in(&mut other).await);
        }
        sign_in(&mut other, &rose.email, PASSWORD).await;
        assert_eq!(other.page.status, 401, "a closed account is as if it were not there");
        let (actor, id) = (chief.actor(&world), rose.id.clone());
        world.act(move |app| change_account(app, &actor, &id, &AccountAct::Enable).expect("done")).await;
        let mut one = Browser::new(&world, 4).await;
        rose.enter(&world, &mut one, &[]).await;
        rose.enter(&world, &mut other, &[]).await;
        let new = "quite another phrase";
        for (current, password, again, status) in [
            ("wrong", new, new, 422),
            (PASSWORD, "short", "short", 422),
            (PASSWORD, new, "else", 422),
            (PASSWORD, new, new, 200),
        ] {
            let form = [("current", current), ("password", password), ("again", again)];
            assert_eq!(one.post("/account/password", &form).await.status, status, "{current} {password}");
        }
        assert!(is_in(&mut one).await && !is_in(&mut other).await);
    });
}

#[test]
fn what_is_dangerous_asks_who_one_is_once_more() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let lead = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await;
        let mut browser = Browser::new(&world, 2).await;
        lead.enter(&world, &mut browser, &[]).await;
        world.wait(TimeDelta::minutes(10));
        let form = [("go", "invite"), ("email", "tom@leeds.example"), ("role", "scheme-worker")];
        let page = browser.post("/scheme/staff", &form).await;
        assert_eq!((page.address.as_str(), page.status), ("/account/prove", 200));
        assert!(page.html.contains("name=\"next\" value=\"/scheme/staff\""), "{}", page.html);
        assert!(world.app.directory().account_by_email("tom@leeds.example").is_none(), "nothing was done");
        for wrong in [[("password", "wrong"), ("code", "")], [("password", ""), ("code", "000000")]] {
            let page = browser.post("/account/prove", &wrong).await;
            assert_eq!((page.address.as_str(), page.status), ("/account/prove", 422));
        }
        for foreign in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
            let form = [("password", PASSWORD), ("next", foreign)];
            let reply = browser.send(Method::POST, "/account/prove", &[], Some(&form)).await;
            assert_eq!(reply.header("location"), Some("/account"), "{foreign}");
        }
        world.wait(TimeDelta::minutes(11));
        let code = lead.code(&world);
        browser.post("/account/prove", &[("code", &code), ("next", "/scheme/staff")]).await;
        assert_eq!(browser.page.address, "/scheme/staff");
        browser.post("/scheme/staff", &form).await;
        assert!(world.app.directory().account_by_email("tom@leeds.example").is_some());
    });
}
