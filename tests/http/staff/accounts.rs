//! Accounts: invited, set up by a link once, a forgotten password, closed, reset; and who may do that.

use khi::storage::outbox;
use khi::use_cases::{AccountAct, Refusal, StaffInvitation, change_account, invite_staff, list_accounts};

use super::*;

fn wanted(email: &str, role: &str, scheme: Option<&str>) -> StaffInvitation {
    StaffInvitation { email: email.into(), role: role.into(), scheme: scheme.map(str::to_owned), area: None }
}

#[test]
fn a_link_sets_an_account_up_once_and_looking_at_it_changes_nothing() {
    on_both(|world| async move {
        let mut chief = person(&world, "chief@khi.example", Role::National, 1).await;
        two_schemes(&world).await;
        mails(&world).await;
        let form = [
            ("go", "invite"),
            ("email", " Lea@Leeds.example "),
            ("role", "scheme-lead"),
            ("scheme", "leeds-shared-lives"),
        ];
        let page = chief.browser.post("/national/staff", &form).await;
        assert!(
            page.status == 200 && page.html.contains("A mail with a link is on its way"),
            "{}",
            page.html
        );
        assert!(page.html.contains("lea@leeds.example") && page.html.contains("invited, not set up yet"));
        let stored = world
            .act(|app| app.store.read(|db| outbox::waiting(db, outbox::MAIL, app.now(), 9)).expect("reads"))
            .await;
        let mail = mails(&world).await.remove(0);
        let link = link(&mail);
        let code = link.rsplit('-').next().expect("a code").to_owned();
        assert!(code.len() == 26 && !format!("{stored:?}").contains(&code), "the link is not stored");
        let mut lea = Browser::new(&world, 2).await;
        for _ in 0..20 {
            assert_eq!(lea.open(&link).await.status, 200);
        }
        let refused = [
            ("", "a good long phrase here", "a good long phrase here", "Write your name"),
            ("Lea", "short", "short", "at least 12 characters"),
            ("Lea", "password12345", "password12345", "easy to guess"),
            ("Lea", "a good long phrase here", "a good long phrase", "not the same"),
        ];
        for (name, password, again, words) in refused {
            let page = lea.post(&link, &[("name", name), ("password", password), ("again", again)]).await;
            assert!(page.status == 422 && page.html.contains(words), "{words}: {}", page.html);
        }
        let form = [
            ("name", "Lea <Lead>"),
            ("password", "  a good long phrase here "),
            ("again", "  a good long phrase here "),
        ];
        lea.post(&link, &form).await;
        connect(&world, &mut lea).await;
        assert_eq!(lea.open("/scheme").await.status, 200);
        assert!(lea.page.html.contains("Lea &#60;Lead&#62;"), "{}", lea.page.html);
        let mut thief = Browser::new(&world, 3).await;
        assert_eq!(thief.open(&link).await.status, 404);
        assert_eq!(thief.post(&link, &form).await.status, 404, "it works once");
        sign_in(&mut thief, "lea@leeds.example", "a good long phrase here").await;
        assert_eq!(thief.page.status, 401, "a password is taken exactly as it was typed");
        let page =
            chief.browser.post("/national/staff", &form_of("invite", "lea@leeds.example", "analyst")).await;
        assert!(page.status == 422 && page.html.contains("in use"), "{}", page.html);
    });
}

fn form_of<'a>(go: &'a str, email: &'a str, role: &'a str) -> [(&'a str, &'a str); 3] {
    [("go", go), ("email", email), ("role", role)]
}

#[test]
fn a_link_ends_after_seven_days_with_a_newer_one_and_with_its_account() {
    on_both(|world| async move {
        let chief = person(&world, "chief@khi.example", Role::National, 1).await;
        let actor = chief.actor(&world);
        let id = world
            .act(move |app| {
                invite_staff(app, &actor, &wanted("ann@khi.example", "analyst", None)).expect("invited")
            })
            .await;
        let first = link(mails(&world).await.iter().find(|m| m.contains("/set-up/")).expect("a link"));
        let act = |act: AccountAct| {
            let (actor, id) = (chief.actor(&world), id.clone());
            world.act(move |app| change_account(app, &actor, &id, &act).expect("done"))
        };
        act(AccountAct::InviteAgain).await;
        let second = link(&mails(&world).await[0]);
        let mut ann = Browser::new(&world, 2).await;
        assert_eq!(ann.open(&first).await.status, 404, "a newer one takes its place");
        assert_eq!(ann.open(&second).await.status, 200);
        act(AccountAct::Disable).await;
        assert_eq!(ann.open(&second).await.status, 404, "the account is closed");
        act(AccountAct::Enable).await;
        assert_eq!(ann.open(&second).await.status, 404, "and opening it brings no link back");
        act(AccountAct::InviteAgain).await;
        let third = link(&mails(&world).await[0]);
        world.wait(TimeDelta::days(7) - TimeDelta::seconds(1));
        assert_eq!(ann.open(&third).await.status, 200);
        world.wait(TimeDelta::seconds(1));
        assert_eq!(ann.open(&third).await.status, 404);
        let form = [("name", "Ann"), ("password", "a good long phrase"), ("again", "a good long phrase")];
        assert_eq!(ann.post(&third, &form).await.status, 404);
    });
}

#[test]
fn a_forgotten_password_is_set_anew_by_mail_and_the_code_is_still_asked_for() {
    on_both(|world| async move {
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        mails(&world).await;
        let mut other = Browser::new(&world, 2).await;
        let known = other.post("/forgotten", &[("email", " Rose@leeds.example")]).await.html.clone();
        let unknown = other.post("/forgotten", &[("email", "nobody@leeds.example")]).await.html.clone();
        assert_eq!(known, unknown, "the answer says nothing of who has an account");
        let sent = mails(&world).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        let link = link(&sent[0]);
        assert_eq!(other.open(&link).await.status, 200);
        assert!(!other.page.html.contains("name=\"name\""));
        let form = [("password", "quite another phrase"), ("again", "quite another phrase")];
        other.post(&link, &form).await;
        assert_eq!((other.page.address.as_str(), other.page.status), ("/sign-in", 200), "it signs nobody in");
        assert!(!is_in(&mut rose.browser).await, "other sessions end");
        sign_in(&mut other, &rose.email, PASSWORD).await;
        assert_eq!(other.page.status, 401);
        sign_in(&mut other, &rose.email, "quite another phrase").await;
        assert_eq!(other.page.address, "/sign-in/code");
        assert!(mails(&world).await[0].contains("Your password was changed"));
        other.post("/forgotten", &[("email", &rose.email)]).await;
        let late = super::link(&mails(&world).await[0]);
        world.wait(TimeDelta::hours(1));
        assert_eq!(other.open(&late).await.status, 404, "for one hour");
    });
}

#[test]
fn a_lead_manages_the_own_scheme_and_does_not_know_of_others() {
    on_both(|world| async move {
        let (leeds, york) = two_schemes(&world).await;
        let lead = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await;
        let own = account(&world, "own@leeds.example", Role::SchemeWorker(leeds)).await;
        let others = account(&world, "other@york.example", Role::SchemeWorker(york)).await;
        let national = account(&world, "nat@khi.example", Role::National).await;
        let worker = Actor { account: own.clone(), role: Role::SchemeWorker(leeds) };
        let actor = lead.actor(&world);
        let results = world
            .act(move |app| {
                let seen = |actor: &Actor, scheme| list_accounts(app, actor, scheme, "").map(|l| l.len());
                assert_eq!(seen(&actor, Some(leeds)).expect("own"), 2);
                assert!(matches!(seen(&actor, Some(york)), Err(Refusal::Unknown(_))));
                assert!(matches!(seen(&actor, None), Err(Refusal::Forbidden)));
                assert!(matches!(seen(&worker, Some(leeds)), Err(Refusal::Forbidden)));
                assert!(matches!(seen(&worker, Some(york)), Err(Refusal::Unknown(_))));
                let disable = |actor: &Actor, id: &str| change_account(app, actor, id, &AccountAct::Disable);
                for id in [&others, &national, &"absent".to_owned()] {
                    assert!(matches!(disable(&actor, id), Err(Refusal::Unknown(None))), "{id}");
                }
                assert!(matches!(disable(&worker, &own), Err(Refusal::Forbidden)));
                assert!(matches!(disable(&actor, &actor.account), Err(Refusal::Forbidden)), "not oneself");
                let reset = AccountAct::ResetFactor("I know her well and she asked me".into());
                assert!(matches!(change_account(app, &actor, &own, &reset), Err(Refusal::Forbidden)));
                for (role, scheme) in
                    [("national", None), ("analyst", None), ("collector", None), ("area", None)]
                {
                    let result = invite_staff(app, &actor, &wanted("new@leeds.example", role, scheme));
                    assert!(result.is_err(), "{role}");
                }
                let york_lead = invite_staff(
                    app,
                    &actor,
                    &wanted("new@leeds.example", "scheme-lead", Some("york-shared-lives")),
                );
                assert!(matches!(york_lead, Err(Refusal::Unknown(Some(_)))));
                disable(&actor, &own).expect("own staff");
                invite_staff(
                    app,
                    &actor,
                    &wanted("new@leeds.example", "collector", Some("leeds-shared-lives")),
                )
                .is_ok()
            })
            .await;
        assert!(results);
        let mut browser = lead.browser;
        for foreign in ["/national", "/national/staff", "/area"] {
            assert_eq!(browser.open(foreign).await.status, 403, "{foreign}");
        }
        // A form that names another scheme is for the own one all the same.
        let form = [
            ("go", "invite"),
            ("email", "tom@leeds.example"),
            ("role", "scheme-worker"),
            ("scheme", "york-shared-lives"),
        ];
        browser.post("/scheme/staff", &form).await;
        let tom = world.app.directory().account_by_email("tom@leeds.example").cloned().expect("invited");
        assert_eq!(tom.scheme_number, Some(leeds));
        assert!(!browser.page.html.contains("york.example"), "{}", browser.page.html);
    });
}

#[test]
fn a_lost_second_factor_is_taken_away_after_a_check_that_both_are_told() {
    on_both(|world| async move {
        let mut chief = person(&world, "chief@khi.example", Role::National, 1).await;
        let mut rose = person(&world, "rose@leeds.example", Role::Analyst, 2).await;
        mails(&world).await;
        let reset = |check: &'static str| [("go", "factor"), ("check", check)];
        let with = |form: [(&'static str, &'static str); 2], id: &str| {
            let mut form: Vec<(&str, String)> = form.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
            form.push(("account", id.to_owned()));
            form
        };
        let form = with(reset("too short"), &rose.id);
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(chief.browser.post("/national/staff", &form).await.status, 422);
        assert!(is_in(&mut rose.browser).await, "nothing was changed");
        let form = with(reset("Rang the scheme, spoke with her and her manager."), &rose.id);
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(chief.browser.post("/national/staff", &form).await.status, 200);
        assert!(!is_in(&mut rose.browser).await, "her sessions end");
        let sent = mails(&world).await;
        assert_eq!(sent.len(), 2, "{sent:?}");
        for to in ["rose@leeds.example", "chief@khi.example"] {
            assert!(sent.iter().any(|mail| mail.contains(&format!("<{to}>"))), "{to}: {sent:?}");
        }
        assert!(sent.iter().all(|mail| mail.contains("spoke with her and her manager")), "{sent:?}");
        // Whoever knows the password and nothing else does not come in any more, and connects no app.
        sign_in(&mut rose.browser, &rose.email, PASSWORD).await;
        assert_eq!((rose.browser.page.status, &*rose.browser.page.address), (401, "/sign-in"));
        let to_chief = sent.iter().find(|mail| mail.contains("<chief@khi.example>")).expect("a mail");
        assert!(!to_chief.contains("/set-up/"), "{to_chief}");
        let to_rose = sent.iter().find(|mail| mail.contains("<rose@leeds.example>")).expect("a mail");
        let new = "another long enough password";
        rose.browser.post(&link(to_rose), &[("password", new), ("again", new)]).await;
        sign_in(&mut rose.browser, &rose.email, new).await;
        let (secret, _) = connect(&world, &mut rose.browser).await;
        assert_ne!(secret, rose.secret);
        assert!(is_in(&mut rose.browser).await);
    });
}

#[test]
fn what_is_done_with_accounts_is_in_the_audit_log_with_ids_and_codes_only() {
    on_both(|world| async move {
        let (leeds, york) = two_schemes(&world).await;
        let chief = person(&world, "chief@khi.example", Role::National, 1).await;
        let rose = person(&world, "rose@leeds.example", Role::SchemeWorker(leeds), 2).await;
        let mut other = Browser::new(&world, 3).await;
        rose.enter(&world, &mut other, &[]).await;
        other.post("/account/prove", &[("password", "not the right one")]).await;
        other.post("/account/prove", &[("password", PASSWORD)]).await;
        other.post("/account/end-others", &[]).await;
        other.post("/account/recovery-codes", &[]).await;
        other.post("/forgotten", &[("email", &rose.email)]).await;
        let check = "Rang her CANARY manager and her.";
        let moved = wanted("", "scheme-worker", Some("york-shared-lives"));
        for act in [AccountAct::ResetFactor(check.into()), AccountAct::ChangeRole(moved), AccountAct::Disable]
        {
            let (actor, id) = (chief.actor(&world), rose.id.clone());
            world.act(move |app| change_account(app, &actor, &id, &act).expect("done")).await;
        }
        let id = rose.id.clone();
        let (of_leeds, of_york) = world
            .act(move |app| {
                let read = |chain| {
                    let read = app.store.read(|db| khi::storage::audit::entries(db, chain, 0, 500));
                    let own = read.expect("entries").into_iter().filter(|e| e.target_id == id);
                    own.map(|e| {
                        format!("{} {} {}", e.act, e.actor.split(':').next().unwrap_or_default(), e.details)
                    })
                    .collect::<Vec<_>>()
                };
                (read(leeds), read(york))
            })
            .await;
        let expected = [
            "account-added command-line {\"role\":\"scheme-worker\"}",
            "password-given account {}",
            "account-changed account {\"what\":\"second-factor\"}",
            "signed-in account {\"way\":\"pages\"}",
            "password-given account {}",
            "signed-in account {\"remembered\":\"no\",\"way\":\"pages\"}",
            "sign-in-refused stranger {\"at\":\"proof\"}",
            "proved account {}",
            "account-changed account {\"what\":\"sessions\"}",
            "account-changed account {\"what\":\"recovery-codes\"}",
            "password-forgotten stranger {}",
            "account-changed account {\"what\":\"second-factor-taken-away\"}",
            "account-changed account {\"role\":\"scheme-worker\",\"what\":\"role\"}",
        ];
        assert_eq!(of_leeds, expected);
        let moved_and_closed = [
            "account-changed account {\"role\":\"scheme-worker\",\"what\":\"role\"}",
            "account-changed account {\"what\":\"closed\"}",
        ];
        assert_eq!(of_york, moved_and_closed, "from then on it belongs to the other scheme's log");
    });
}
