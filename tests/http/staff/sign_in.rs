//! Signing in: the first time, with a code, with a recovery code, in a remembered browser, on a visit.

use super::*;

#[test]
fn the_first_sign_in_asks_for_an_app_and_every_later_one_for_a_new_code() {
    on_both(|world| async move {
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        assert!(is_in(&mut rose.browser).await, "connecting the app signs in");
        let mut other = Browser::new(&world, 2).await;
        sign_in(&mut other, &rose.email, PASSWORD).await;
        assert_eq!(other.page.address, "/sign-in/code");
        assert!(!is_in(&mut other).await, "a password alone lets nobody in");
        for wrong in ["", "000000", "12345", "ABCDE-12345", "<b>"] {
            let page = other.post("/sign-in/code", &[("code", wrong)]).await;
            assert!(page.status == 401 && !page.html.contains("<b>"), "{wrong}: {}", page.html);
        }
        let used = rose.code(&world);
        assert_eq!(other.post("/sign-in/code", &[("code", &used)]).await.status, 429, "too many wrong ones");
        world.wait(TimeDelta::seconds(20));
        let page = other.post("/sign-in/code", &[("code", &used)]).await;
        assert_eq!(page.status, 401, "the code by which the app was connected is used up");
        world.wait(TimeDelta::seconds(60));
        let code = rose.code(&world);
        let page = other.post("/sign-in/code", &[("code", &code), ("next", "/account?done=ended")]).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/account"), "{}", page.html);
        let mut third = Browser::new(&world, 3).await;
        sign_in(&mut third, &rose.email, PASSWORD).await;
        assert_eq!(
            third.post("/sign-in/code", &[("code", &code)]).await.status,
            401,
            "each code is good once"
        );
        world.wait(TimeDelta::seconds(31));
        let code = rose.code(&world);
        third.post("/sign-in/code", &[("code", &code)]).await;
        assert!(is_in(&mut third).await);
    });
}

#[test]
fn a_recovery_code_is_good_once_and_new_ones_replace_the_old() {
    on_both(|world| async move {
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        let mut other = Browser::new(&world, 2).await;
        sign_in(&mut other, &rose.email, PASSWORD).await;
        let typed = rose.recovery[3].to_lowercase().replace('-', " ");
        other.post("/sign-in/code", &[("code", &typed)]).await;
        assert!(is_in(&mut other).await);
        assert!(other.page.html.contains("9 recovery codes are left"), "{}", other.page.html);
        let mut third = Browser::new(&world, 3).await;
        sign_in(&mut third, &rose.email, PASSWORD).await;
        assert_eq!(third.post("/sign-in/code", &[("code", &rose.recovery[3])]).await.status, 401);
        let page = rose.browser.post("/account/recovery-codes", &[]).await;
        assert!(page.status == 200 && !page.html.contains(&rose.recovery[0]), "{}", page.html);
        let renewed = between(&page.html, "<li><code>", "<");
        assert_eq!(
            third.post("/sign-in/code", &[("code", &rose.recovery[0])]).await.status,
            401,
            "an old one"
        );
        third.post("/sign-in/code", &[("code", &renewed)]).await;
        assert!(is_in(&mut third).await);
        let sent = mails(&world).await;
        assert!(sent.iter().any(|m| m.contains("You have new recovery codes")), "{sent:?}");
        assert!(sent.iter().all(|m| !m.contains(&renewed)), "no mail holds a code");
    });
}

#[test]
fn a_remembered_browser_is_not_asked_for_a_code_until_it_is_forgotten() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let ann = person(&world, "ann@leeds.example", Role::SchemeWorker(leeds), 1).await;
        let mut tablet = Browser::new(&world, 2).await;
        ann.enter(&world, &mut tablet, &[("remember", "yes")]).await;
        assert_eq!(tablet.page.address, "/scheme");
        tablet.post("/sign-out", &[]).await;
        assert!(tablet.page.address == "/sign-in" && !is_in(&mut tablet).await);
        sign_in(&mut tablet, &ann.email, PASSWORD).await;
        assert_eq!(tablet.page.address, "/scheme", "the password is enough here");
        let bob = person(&world, "bob@leeds.example", Role::SchemeWorker(leeds), 4).await;
        tablet.post("/sign-out", &[]).await;
        world.wait(TimeDelta::seconds(30));
        sign_in(&mut tablet, &bob.email, PASSWORD).await;
        assert_eq!(tablet.page.address, "/sign-in/code", "it is remembered for one account only");
        tablet.post("/sign-out", &[]).await;
        world.wait(TimeDelta::days(30));
        sign_in(&mut tablet, &ann.email, PASSWORD).await;
        assert_eq!(tablet.page.address, "/sign-in/code", "for 30 days");
        let code = ann.code(&world);
        tablet.post("/sign-in/code", &[("code", &code), ("remember", "yes")]).await;
        let page = tablet.open("/account").await.html.clone();
        let devices = between(&page, "devices-part", "</section>");
        let id = between(&devices, "name=\"id\" value=\"", "\"");
        tablet.post("/account/end", &[("id", &id)]).await;
        assert!(!tablet.page.html.contains("devices-part"), "{}", tablet.page.html);
        tablet.post("/sign-out", &[]).await;
        sign_in(&mut tablet, &ann.email, PASSWORD).await;
        assert_eq!(tablet.page.address, "/sign-in/code", "it was forgotten");
        let chief = person(&world, "chief@khi.example", Role::National, 5).await;
        let mut desk = Browser::new(&world, 6).await;
        chief.enter(&world, &mut desk, &[("remember", "yes")]).await;
        assert!(!desk.staff.contains_key("khi-device"), "not where one account opens all");
    });
}

#[test]
fn a_tablet_is_handed_over_by_somebody_who_is_signed_in_and_is_locked_then() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let national = world.national().await;
        let body = serde_json::json!({"questionnaire": "shared-lives", "council": "E08000035"});
        let made = national.post("/api/v1/schemes/leeds-shared-lives/open-links", &body).await;
        let link = made.json()["link"].as_str().unwrap_or_default().to_owned();
        let code = link.rsplit('/').next().unwrap_or_default().to_owned();
        let mut tablet = Browser::new(&world, 1).await;
        tablet.open("/visit").await;
        assert_eq!(tablet.page.address, "/sign-in");
        assert!(tablet.page.html.contains("value=\"/visit\""), "and back to the visit: {}", tablet.page.html);
        account(&world, "col@leeds.example", Role::Collector(Some(leeds))).await;
        let form = [("email", "col@leeds.example"), ("password", PASSWORD), ("next", "/visit")];
        tablet.post("/sign-in", &form).await;
        connect(&world, &mut tablet).await;
        assert_eq!(tablet.open("/visit").await.address, "/visit");
        if made.status == 201 {
            tablet.post("/visit/hand-over", &[("code", &code)]).await;
            assert!(tablet.page.address.starts_with("/survey"), "{}", tablet.page.html);
            assert!(!is_in(&mut tablet).await, "who answers is not signed in as staff");
        } else {
            panic!("{}", made.text);
        }
    });
}
