//! What guards the way in: waits, silence about who has an account, forms of other sites, and pages that are only for whom they are.

use actix_web::http::Method;

use super::*;

#[test]
fn a_wrong_password_and_an_unknown_address_look_the_same() {
    on_both(|world| async move {
        account(&world, "rose@leeds.example", Role::Analyst).await;
        let mut browser = Browser::new(&world, 1).await;
        let mut pages = Vec::new();
        for (email, password) in [
            ("rose@leeds.example", "not the right one"),
            ("none@leeds.example", "not the right one"),
            ("none@leeds.example", ""),
        ] {
            let page = browser.post("/sign-in", &[("email", email), ("password", password)]).await;
            pages.push((page.status, page.html.replace(email, "ADDRESS")));
        }
        assert!(pages.iter().all(|p| *p == pages[0]) && pages[0].0 == 401, "{pages:?}");
        let api = world.stranger();
        let mut replies = Vec::new();
        for body in [
            serde_json::json!({"email": "rose@leeds.example", "password": "not the right one"}),
            serde_json::json!({"email": "none@leeds.example", "password": "not the right one"}),
            serde_json::json!({"email": "none@leeds.example", "password": PASSWORD, "code": "123456"}),
        ] {
            let reply = api.post("/api/v1/sessions", &body).await;
            replies.push((reply.status, reply.text));
        }
        assert!(replies.iter().all(|r| *r == replies[0]), "{replies:?}");
    });
}

#[test]
fn who_tries_many_passwords_waits_longer_each_time_and_nobody_else_does_for_long() {
    on_both(|world| async move {
        let rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        let mut tablet = Browser::new(&world, 9).await;
        rose.enter(&world, &mut tablet, &[("remember", "yes")]).await;
        tablet.post("/sign-out", &[]).await;
        let mut thief = Browser::new(&world, 2).await;
        for _ in 0..10 {
            sign_in(&mut thief, &rose.email, "not the right one").await;
            assert_eq!(thief.page.status, 401);
        }
        sign_in(&mut thief, &rose.email, PASSWORD).await;
        assert_eq!(thief.page.status, 429, "even the right one: {}", thief.page.html);
        assert!(thief.page.html.contains("Please wait 2 seconds"), "{}", thief.page.html);
        let mut desk = Browser::new(&world, 3).await;
        sign_in(&mut desk, &rose.email, PASSWORD).await;
        assert_eq!(desk.page.address, "/sign-in/code", "another address does not wait");
        for host in 20..42 {
            let mut many = Browser::new(&world, host).await;
            sign_in(&mut many, &rose.email, "not the right one").await;
        }
        let mut fresh = Browser::new(&world, 50).await;
        sign_in(&mut fresh, &rose.email, PASSWORD).await;
        assert_eq!(fresh.page.status, 429, "many addresses and one account");
        sign_in(&mut tablet, &rose.email, PASSWORD).await;
        assert_eq!(tablet.page.address, "/account", "a browser that the account knows does not wait");
        world.wait(TimeDelta::seconds(31));
        sign_in(&mut fresh, &rose.email, PASSWORD).await;
        assert_eq!(fresh.page.address, "/sign-in/code", "half a minute at most");
    });
}

#[test]
fn codes_links_and_mails_for_passwords_cannot_be_tried_without_end() {
    on_both(|world| async move {
        let rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        mails(&world).await;
        let mut thief = Browser::new(&world, 2).await;
        let mut refused = Vec::new();
        for _ in 0..3 {
            // Beginning again with the password does not help.
            sign_in(&mut thief, &rose.email, PASSWORD).await;
            for _ in 0..4 {
                refused.push(thief.post("/sign-in/code", &[("code", "000000")]).await.status);
            }
        }
        assert_eq!(refused, [vec![401; 5], vec![429; 7]].concat());
        let mut statuses = Vec::new();
        for n in 0..11 {
            let link = format!("/set-up/06FABC{n}-00000000000000000000000000");
            statuses.push(thief.send(Method::GET, &link, &[], None).await.status.as_u16());
        }
        assert_eq!(statuses, [vec![404; 10], vec![429]].concat());
        let mut asker = Browser::new(&world, 3).await;
        let statuses: Vec<u16> = {
            let mut all = Vec::new();
            for _ in 0..6 {
                all.push(asker.post("/forgotten", &[("email", &rose.email)]).await.status);
            }
            all
        };
        assert_eq!(statuses, [vec![200; 5], vec![429]].concat());
        let sent = mails(&world).await;
        assert_eq!(sent.len(), 3, "her mailbox is not filled: {sent:?}");
    });
}

#[test]
fn a_form_of_another_site_does_nothing() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let mut lead = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await.browser;
        let form = [("go", "invite"), ("email", "tom@leeds.example"), ("role", "scheme-worker"), ("id", "x")];
        let posts = [
            "/scheme/staff",
            "/sign-in",
            "/sign-in/code",
            "/sign-in/app",
            "/sign-out",
            "/forgotten",
            "/set-up/x",
            "/account/end",
            "/account/end-others",
            "/account/password",
            "/account/prove",
            "/account/recovery-codes",
            "/national/staff",
            "/visit/hand-over",
            "/visit/sign-out",
        ];
        for head in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
        ] {
            for post in posts {
                let reply = lead.send(Method::POST, post, &[head], Some(&form)).await;
                assert_eq!(reply.status, 403, "{post} {head:?}");
            }
        }
        assert!(is_in(&mut lead).await, "not even signed out");
        assert!(world.app.directory().account_by_email("tom@leeds.example").is_none());
        for head in [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://khi.test"), ("Origin", "null")] {
            let reply = lead.send(Method::POST, "/account/end", &[head], Some(&form)).await;
            assert_eq!(reply.status, 303, "{head:?}");
        }
        for get in ["/sign-out", "/account/end", "/account/end-others", "/account/recovery-codes"] {
            assert_eq!(lead.send(Method::GET, get, &[], None).await.status, 405, "{get}");
        }
    });
}

#[test]
fn pages_lead_strangers_to_the_sign_in_page_and_roles_to_their_own() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let mut stranger = Browser::new(&world, 1).await;
        let pages = [
            "/scheme",
            "/scheme/staff",
            "/national",
            "/national/staff",
            "/area",
            "/account",
            "/account/password",
        ];
        for page in pages {
            let reply = stranger.send(Method::GET, page, &[], None).await;
            let to = format!("/sign-in?next={page}");
            assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some(to.as_str())), "{page}");
        }
        for (n, (role, open)) in [
            (Role::National, vec!["/national", "/national/staff"]),
            (Role::Area("E08000035".into()), vec!["/area"]),
            (Role::SchemeLead(leeds), vec!["/scheme", "/scheme/staff"]),
            (Role::SchemeWorker(leeds), vec!["/scheme"]),
            (Role::Collector(None), vec![]),
            (Role::Analyst, vec![]),
        ]
        .into_iter()
        .enumerate()
        {
            let host = u8::try_from(n).expect("few") + 10;
            let mut browser =
                person(&world, &format!("p{n}@leeds.example"), role.clone(), host).await.browser;
            for page in ["/scheme", "/scheme/staff", "/national", "/national/staff", "/area"] {
                let expected = if open.contains(&page) { 200 } else { 403 };
                let got = browser.open(page).await;
                assert_eq!(got.status, expected, "{role:?} {page}: {}", got.html);
                assert!(
                    got.html.contains("<title>") && got.html.contains("lang=\"en-GB\""),
                    "a page, not a problem"
                );
            }
            assert_eq!(browser.open("/account").await.status, 200, "{role:?}");
            assert!(browser.page.html.contains("action=\"/sign-out\""), "signing out is always near");
        }
    });
}

#[test]
fn over_https_cookies_are_for_this_host_and_encrypted_connections_only_and_no_page_warns() {
    super::super::support::over_https(|world| async move {
        account(&world, "rose@leeds.example", Role::Analyst).await;
        let client = world.stranger();
        let body = b"email=rose%40leeds.example&password=a+long+enough+password".to_vec();
        let head = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
        let reply = client.send(Method::POST, "/sign-in", &head, Some(body)).await;
        assert_eq!(reply.header("location"), Some("/sign-in/app"), "{}", reply.text);
        let cookies: Vec<&String> =
            reply.headers.iter().filter(|(n, _)| n == "set-cookie").map(|(_, v)| v).collect();
        let staff = cookies.iter().find(|c| c.starts_with("__Host-khi-staff=")).expect("the session's");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(staff.contains(part), "{part}: {staff}");
        }
        assert!(!staff.contains("Domain") && !staff.contains("Max-Age"), "{staff}");
        let over = client.get("/sign-in").await.text;
        assert!(!over.contains("Not encrypted"), "{over}");
    });
    on_both(|world| async move {
        assert!(world.stranger().get("/sign-in").await.text.contains("Not encrypted"));
    });
}
