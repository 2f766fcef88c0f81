//! Tokens of API clients: a code where there is a second factor, keys that change, and ending with the account.

use khi::use_cases::{AccountAct, change_account, rotate_token_keys};
use serde_json::json;

use super::*;

#[test]
fn a_token_needs_a_code_where_there_is_a_second_factor_and_a_second_factor_unless_the_command_line_said_so() {
    on_both(|world| async move {
        let api = world.stranger();
        account(&world, "new@leeds.example", Role::Analyst).await;
        let body = json!({"email": "new@leeds.example", "password": PASSWORD});
        let reply = api.post("/api/v1/sessions", &body).await.expect(403);
        assert_eq!(reply.json()["code"], "second-factor-missing");
        let rose = person(&world, "rose@leeds.example", Role::Analyst, 1).await;
        let ask = |password: &str, code: Option<&str>| {
            let mut body = json!({"email": rose.email, "password": password});
            if let Some(code) = code {
                body["code"] = json!(code);
            }
            body
        };
        let send = async |body: serde_json::Value| {
            let reply = api.post("/api/v1/sessions", &body).await;
            (reply.status.as_u16(), reply.json()["code"].as_str().unwrap_or_default().to_owned())
        };
        let wrong = (401, "wrong-credentials".to_owned());
        assert_eq!(send(ask("not the right one", None)).await, wrong);
        assert_eq!(send(ask(PASSWORD, None)).await, (401, "code-needed".to_owned()));
        world.wait(TimeDelta::seconds(30));
        let code = rose.code(&world);
        assert_eq!(send(ask("not the right one", Some(&code))).await, wrong, "and the code is not used up");
        assert_eq!(send(ask(PASSWORD, Some("000000"))).await, wrong);
        assert_eq!(send(ask(PASSWORD, Some(&code))).await, (201, String::new()));
        assert_eq!(send(ask(PASSWORD, Some(&code))).await, wrong, "each code is good once");
    });
}

#[test]
fn tokens_signed_with_an_old_key_stay_good_until_they_end_and_new_ones_bear_the_new_key() {
    on_both(|world| async move {
        let old = world.national().await;
        let rotate = |world: &World| {
            let app = world.app.clone();
            async move {
                actix_web::web::block(move || rotate_token_keys(&app)).await.expect("runs").expect("rotated")
            }
        };
        world.wait(TimeDelta::minutes(30));
        assert_eq!(rotate(&world).await, 2);
        old.get("/api/v1/schemes").await.expect(200);
        let new = world.national().await;
        new.get("/api/v1/schemes").await.expect(200);
        world.wait(TimeDelta::minutes(20));
        assert_eq!(rotate(&world).await, 3);
        old.get("/api/v1/schemes").await.expect(200);
        world.wait(TimeDelta::minutes(11));
        old.get("/api/v1/schemes").await.expect(401);
        new.get("/api/v1/schemes").await.expect(200);
        world.wait(TimeDelta::minutes(120));
        rotate(&world).await;
        world.national().await.get("/api/v1/schemes").await.expect(200);
        let keys = world.app.directory().token_keys().clone();
        assert!(!keys.signed_at(1, 0) && keys.newest() == 4, "an old key is good for nothing: {keys:?}");
    });
}

#[test]
fn a_token_ends_with_its_account() {
    on_both(|world| async move {
        let chief = person(&world, "chief@khi.example", Role::National, 1).await;
        for act in [AccountAct::EndSessions, AccountAct::Disable] {
            let client = world.signed_in(Role::Analyst).await;
            client.get("/api/v1/schemes").await.expect(200);
            let directory = world.app.directory();
            let newest = directory
                .accounts()
                .filter(|a| a.id != chief.id)
                .max_by_key(|a| a.created_at)
                .map(|a| a.id.clone());
            let (actor, id) = (chief.actor(&world), newest.expect("an account"));
            world.act(move |app| change_account(app, &actor, &id, &act).expect("done")).await;
            client.get("/api/v1/schemes").await.expect(401);
            world.wait(TimeDelta::seconds(1));
        }
    });
}

#[test]
fn a_password_that_was_hashed_with_less_work_is_hashed_anew() {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    use khi::storage::accounts;
    on_both(|world| async move {
        let id = account(&world, "rose@leeds.example", Role::Analyst).await;
        // Less than the little that tests spend.
        let least = Params::new(8, 1, 1, None).expect("allowed");
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, least);
        let weak = hasher.hash_password(PASSWORD.as_bytes()).expect("a hash").to_string();
        let strong = world.app.directory().account(&id).expect("there").password_hash.clone();
        let (at, hash) = (id.clone(), weak.clone());
        let store = move |app: &App| app.store.write(|db| accounts::rehash(db, &at, &strong, &hash));
        world.act(move |app| store(app).expect("stored")).await;
        let mut browser = Browser::new(&world, 1).await;
        sign_in(&mut browser, "rose@leeds.example", PASSWORD).await;
        assert_eq!(browser.page.address, "/sign-in/app");
        let directory = world.app.directory();
        let stored = &directory.account(&id).expect("there").password_hash;
        assert!(*stored != weak && stored.contains("m=64,"), "{stored}");
    });
}
