//! The audit log: one entry for each act that it is for, none for others, one chain however many write, and who reads it.

use khi::domain::access::Role;
use khi::domain::audit::{Act, Anchor, By, Entry, Event, NATIONAL, Place, Target};
use khi::storage::{StorageError, audit};
use khi::use_cases::{
    comment_release, discard_draft, draft_release, publish_draft, rotate_keys, sign_heads, verify_audit,
    withdraw_release,
};
use serde_json::json;

use super::support::{Browser, World, contacts, on_both, response, scheme};

const SCHEME: &str = "/api/v1/schemes/leeds-shared-lives";
const LOG: &str = "/api/v1/schemes/leeds-shared-lives/audit";

/// Every entry of a chain, the oldest first.
async fn entries(world: &World, chain: i64) -> Vec<Entry> {
    world.act(move |app| app.store.read(|db| audit::entries(db, chain, 0, 10_000)).expect("reads")).await
}

/// What was written down since it was last asked: chain, act, who.
struct Watch<'w> {
    world: &'w World,
    seen: [usize; 2],
}

impl Watch<'_> {
    /// New entries of the national chain and of the first scheme's.
    async fn news(&mut self) -> Vec<String> {
        let mut news = Vec::new();
        for chain in [0_usize, 1] {
            let all = entries(self.world, i64::try_from(chain).expect("small")).await;
            news.extend(all[self.seen[chain]..].iter().map(|e| {
                let by = e.actor.split(':').next().unwrap_or_default();
                format!("{chain} {} {by} {}", e.act, e.target_kind)
            }));
            self.seen[chain] = all.len();
        }
        news
    }

    #[track_caller]
    fn is(news: &[String], expected: &[&str]) {
        assert_eq!(news, expected);
    }
}

macro_rules! leaves {
    ($watch:expr, $($entry:expr),*) => {
        let expected: Vec<&str> = vec![$($entry),*];
        Watch::is(&$watch.news().await, &expected)
    };
}

#[test]
fn each_act_leaves_one_entry_and_what_is_no_such_act_leaves_none() {
    on_both(|world| async move {
        let mut watch = Watch { world: &world, seen: [0, 0] };
        let national = world.national().await;
        leaves!(
            watch,
            "0 account-added command-line account",
            "0 account-changed command-line account",
            "0 signed-in account account"
        );
        let body = scheme("leeds-shared-lives", "E08000035");
        national.post("/api/v1/schemes", &body).await.expect(201);
        leaves!(watch, "0 scheme-added account scheme");
        national.post("/api/v1/schemes", &body).await.expect(409);
        national.post("/api/v1/schemes", &json!({})).await.expect(422);
        leaves!(watch,);
        national.put(SCHEME, &body).await.expect(200);
        leaves!(watch, "1 scheme-changed account scheme");
        let csv = "id,name,model,council,from\nbath-shared-lives,Bath,shared-lives,E06000022,2020-04-01\n";
        for (query, entry) in [("?dry_run=true", None), ("", Some("0 scheme-added account scheme"))] {
            let path = format!("/api/v1/schemes/import{query}");
            let headers = [("Content-Type", "text/csv")];
            let csv = Some(csv.as_bytes().to_vec());
            national.send(actix_web::http::Method::POST, &path, &headers, csv).await.expect(200);
            assert_eq!(watch.news().await, Vec::from_iter(entry));
        }
        national.put(&format!("{SCHEME}/contacts"), &contacts("leeds")).await.expect(200);
        leaves!(watch, "1 contacts-changed account scheme");
        national.get(&format!("{SCHEME}/contacts")).await.expect(200);
        national.get("/api/v1/schemes").await.expect(200);
        leaves!(watch,);

        let lead = world.signed_in(Role::SchemeLead(1)).await;
        leaves!(
            watch,
            "1 account-added command-line account",
            "1 account-changed command-line account",
            "1 signed-in account account"
        );
        let ticket = lead.invite("P-1").await;
        leaves!(watch, "1 participant-changed account participant", "1 invitation-made account invitation");
        let identity = format!("{SCHEME}/participants/by-ref/P-1/identity");
        lead.get(&identity).await.expect(404);
        lead.put(&identity, &json!({"name": "Mair Example", "channel": "none"})).await.expect(200);
        lead.put(&identity, &json!({"name": ""})).await.expect(422);
        lead.get(&identity).await.expect(200);
        national.get(&identity).await.expect(403);
        leaves!(watch, "1 identity-changed account participant", "1 identity-read account participant");
        lead.invite("P-3").await;
        watch.news().await;
        let erased = format!("{SCHEME}/participants/by-ref/P-3?erase=true");
        lead.delete(&erased).await.expect(204);
        lead.delete(&erased).await.expect(404);
        leaves!(watch, "1 person-erased account participant");
        world
            .act(|app| {
                rotate_keys(app, Some("leeds-shared-lives"), std::time::Duration::ZERO).expect("rotated")
            })
            .await;
        leaves!(watch, "1 keys-rotated command-line nothing");
        let other = lead.invite("P-2").await;
        watch.news().await;
        let revoked = format!("{SCHEME}/invitations/{}", other.id);
        lead.delete(&revoked).await.expect(204);
        lead.delete(&revoked).await.expect(404);
        leaves!(watch, "1 invitation-revoked account invitation");
        let open = lead.open_link().await;
        leaves!(watch, "1 open-link-made account open-link");
        let closed = format!("{SCHEME}/open-links/{}", open.id);
        lead.delete(&closed).await.expect(204);
        lead.delete(&closed).await.expect(204);
        leaves!(watch, "1 open-link-closed account open-link");

        // Answering is no act of staff.
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&ticket.link).await;
        browser.answer(&["self"]).await;
        let mut said = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
        said["answers"]["safe"] = json!("no");
        let sent = national.submit("key-0123456789-a", &said).await.expect(201).json();
        let second = national.submit("key-0123456789-b", &said).await.expect(201).json();
        leaves!(watch,);

        national.get("/api/v1/responses?from=2026-07-01").await.expect(200);
        national
            .get("/api/v1/responses?scheme=leeds-shared-lives&questionnaire=shared-lives")
            .await
            .expect(200);
        leaves!(watch, "0 responses-listed account nothing", "1 responses-listed account questionnaire");
        let extract = "/api/v1/exports/responses.csv?questionnaire=shared-lives";
        national.get(extract).await.expect(200);
        national.get(&format!("{extract}&scheme=leeds-shared-lives")).await.expect(200);
        leaves!(
            watch,
            "0 responses-extracted account questionnaire",
            "1 responses-extracted account questionnaire"
        );
        lead.get("/api/v1/responses").await.expect(403);
        lead.get(extract).await.expect(403);
        national.get(&extract.replace("shared-lives", "none")).await.expect(400);
        national.get("/api/v1/khi?period=2026-27&level=uk").await.expect(200);
        leaves!(watch,);

        let path = format!("/api/v1/responses/{}", sent["id"].as_str().expect("id"));
        lead.patch(&path, 1, &json!({"answers": {"friends": 5}})).await.expect(200);
        lead.patch(&path, 1, &json!({"answers": {"friends": 5}})).await.expect(412);
        leaves!(watch, "1 response-corrected account response");
        lead.delete(&path).await.expect(204);
        lead.delete(&path).await.expect(204);
        leaves!(watch, "1 response-withdrawn account response");
        lead.delete(&format!("{path}?erase=true")).await.expect(204);
        lead.delete(&format!("{path}?erase=true")).await.expect(404);
        leaves!(watch, "1 response-erased account response");
        let receipt = json!({"receipt": second["receipt"]});
        world.stranger().post("/api/v1/withdraw", &receipt).await.expect(204);
        world.stranger().post("/api/v1/withdraw", &receipt).await.expect(204);
        leaves!(watch, "1 response-withdrawn respondent response");

        let tasks = lead.get(&format!("{SCHEME}/tasks")).await.expect(200).items();
        leaves!(watch, "1 tasks-listed account scheme");
        let task = format!("{SCHEME}/tasks/{}", tasks[0]["id"].as_str().expect("id"));
        lead.get(&task).await.expect(200);
        leaves!(watch, "1 task-read account task");
        lead.get(&format!("{SCHEME}/tasks/no-such-task")).await.expect(404);
        leaves!(watch,);
        lead.post(&format!("{task}/acknowledgement"), &json!({})).await.expect(200);
        leaves!(watch, "1 task-acknowledged account task");
        lead.post(&format!("{task}/acknowledgement"), &json!({})).await.expect(200);
        leaves!(watch, "1 task-read account task");
        let id = tasks[1]["id"].as_str().expect("id").to_owned();
        let link = world.app.secrets.task_code(1, &id, 1);
        for _ in 0..2 {
            browser.open(&format!("/task/{link}")).await;
            browser.post(&format!("/task/{link}"), &[]).await;
        }
        leaves!(watch, "1 task-acknowledged mail-link task");

        // Other systems
        let person = format!("{SCHEME}/participants/by-ref/P-1");
        lead.get(&person).await.expect(200);
        lead.get(&format!("{SCHEME}/participants/by-ref/P-99")).await.expect(404);
        leaves!(watch, "1 participant-read account participant");
        let service = json!({"name": "Case system", "scopes": ["changes:read"]});
        let accounts = format!("{SCHEME}/service-accounts");
        let made = lead.post(&accounts, &service).await.expect(201).json();
        leaves!(watch, "1 service-account-added account service-account");
        world.stranger().post("/api/v1/sessions", &json!({"key": made["key"]})).await.expect(201);
        leaves!(watch, "1 service-signed-in account service-account");
        world.stranger().post("/api/v1/sessions", &json!({"key": "khi_live_x"})).await.expect(401);
        leaves!(watch, "0 sign-in-refused stranger nothing");
        let account = format!("{accounts}/{}", made["id"].as_str().expect("id"));
        lead.post(&format!("{account}/rotate"), &json!({})).await.expect(200);
        lead.get(&accounts).await.expect(200);
        leaves!(watch, "1 service-key-changed account service-account");
        lead.delete(&account).await.expect(204);
        lead.delete(&account).await.expect(404);
        leaves!(watch, "1 service-account-revoked account service-account");
        let webhook = format!("{SCHEME}/webhook");
        let wanted = json!({"url": "https://host.example/khi", "events": ["response-recorded"]});
        lead.put(&webhook, &wanted).await.expect(201);
        lead.put(&webhook, &json!({})).await.expect(422);
        lead.post(&format!("{webhook}/rotate"), &json!({})).await.expect(200);
        lead.delete(&webhook).await.expect(204);
        lead.delete(&webhook).await.expect(404);
        lead.get("/api/v1/changes").await.expect(200);
        leaves!(
            watch,
            "1 webhook-changed account scheme",
            "1 webhook-key-changed account scheme",
            "1 webhook-removed account scheme"
        );

        // How long data are kept, a copy, one's own answers, complaints
        let kept = json!({"classes": {"identity": {"keep": 12, "reason": "x"}}});
        lead.put(&format!("{SCHEME}/retention"), &kept).await.expect(200);
        lead.put(&format!("{SCHEME}/retention"), &json!({"classes": {}})).await.expect(422);
        lead.get(&format!("{SCHEME}/retention")).await.expect(200);
        national.put("/api/v1/retention", &kept).await.expect(200);
        leaves!(watch, "0 retention-changed account nothing", "1 retention-changed account scheme");
        lead.get(&format!("{person}/export")).await.expect(200);
        lead.get(&format!("{SCHEME}/participants/by-ref/P-99/export")).await.expect(404);
        leaves!(watch, "1 person-exported account participant");
        let receipt = second["receipt"].as_str().expect("a receipt");
        browser.post("/my-answers", &[("receipt", receipt)]).await;
        browser.post("/my-answers", &[("receipt", "1J-AAAA-AAAA-AAAA-AAAA")]).await;
        leaves!(watch, "1 own-answers-read respondent response");
        browser.post("/complain", &[("words", "x"), ("scheme", "leeds-shared-lives")]).await;
        browser.post("/complain", &[("words", "")]).await;
        leaves!(watch, "1 complaint-made respondent complaint");
        let handled = |app: &khi::app::App| {
            use khi::use_cases::{acknowledge_complaint, answer_complaint, list_complaints};
            let lead = khi::domain::access::Actor { account: "A-1".into(), role: Role::SchemeLead(1) };
            let here = Some("leeds-shared-lives");
            let id = list_complaints(app, &lead, here).expect("listed")[0].id.clone();
            acknowledge_complaint(app, &lead, here, &id).expect("acknowledged");
            answer_complaint(app, &lead, here, &id, "We looked.").expect("answered");
        };
        world.act(handled).await;
        leaves!(
            watch,
            "1 complaints-read account nothing",
            "1 complaint-acknowledged account complaint",
            "1 complaint-answered account complaint"
        );

        let email = format!("{}@example.org", "nobody");
        let wrong = json!({"email": email, "password": "a long wrong password"});
        world.stranger().post("/api/v1/sessions", &wrong).await.expect(401);
        leaves!(watch, "0 sign-in-refused stranger nothing");
        let known = world.app.directory();
        let account = entries(&world, 1).await.into_iter().find(|e| e.act == "signed-in").expect("there");
        let email = known.address_of(&account.target_id).expect("its address").to_owned();
        let wrong = json!({"email": email, "password": "a long wrong password"});
        world.stranger().post("/api/v1/sessions", &wrong).await.expect(401);
        leaves!(watch, "1 sign-in-refused stranger account");
        let form = format!("email={email}&password=a+long+enough+password").into_bytes();
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let post = actix_web::http::Method::POST;
        world.stranger().send(post, "/sign-in", &headers, Some(form)).await.expect(303);
        leaves!(watch, "1 password-given account account");

        let drafted = |days: u32| {
            move |app: &khi::app::App| {
                let period = "2026-27".parse().expect("a period");
                draft_release(app, period, days).expect("drafted")
            }
        };
        let first = world.act(drafted(1)).await;
        leaves!(watch, "0 release-drafted command-line release-draft");
        let commented = |app: &khi::app::App| {
            let lead = khi::domain::access::Actor { account: "A-1".into(), role: Role::SchemeLead(1) };
            comment_release(app, &lead, "leeds-shared-lives", &json!({"comment": "Mair"})).expect("kept");
        };
        world.act(commented).await;
        leaves!(watch, "1 release-commented account release-draft");
        world.act(move |app| discard_draft(app, &first).expect("thrown away")).await;
        leaves!(watch, "0 release-discarded command-line release-draft");
        let draft = world.act(drafted(0)).await;
        leaves!(watch, "0 release-drafted command-line release-draft");
        let published = world.act(move |app| publish_draft(app, &draft, |_, _| ()).expect("published")).await;
        leaves!(watch, "0 release-published command-line release");
        world.act(move |app| withdraw_release(app, &published, "P-1").expect("withdrawn")).await;
        leaves!(watch, "0 release-withdrawn command-line release");
        lead.get(LOG).await.expect(200);
        national.get("/api/v1/audit").await.expect(200);
        leaves!(watch, "0 audit-read account nothing", "1 audit-read account scheme");

        let verified = world.act(|app| verify_audit(app, &[], |_, _| ()).expect("verified")).await;
        assert_eq!((verified.found, verified.chains), (vec![], 2));
        for entry in [entries(&world, 0).await, entries(&world, 1).await].concat() {
            let text = format!("{entry:?}");
            for personal in ["P-1", "P-2", "P-3", "Mair", "@", "Example", "example"] {
                assert!(!text.contains(personal), "{personal} in {text}");
            }
            assert!(Act::parse(&entry.act).is_some());
        }
    });
}

#[test]
fn leads_read_their_own_log_with_references_and_the_national_body_without() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        national.invite("P-1").await;
        let roles = [
            (None, 401, 401),
            (Some(Role::SchemeLead(leeds)), 200, 403),
            (Some(Role::National), 200, 200),
            (Some(Role::SchemeWorker(leeds)), 403, 403),
            (Some(Role::SchemeLead(york)), 404, 403),
            (Some(Role::SchemeWorker(york)), 404, 403),
            (Some(Role::Area("E08000035".into())), 403, 403),
            (Some(Role::Collector(Some(leeds))), 403, 403),
            (Some(Role::Analyst), 403, 403),
        ];
        for (role, of_scheme, of_nation) in roles {
            let client = match &role {
                None => world.stranger(),
                Some(role) => world.signed_in(role.clone()).await,
            };
            let own = client.get(LOG).await.expect(of_scheme);
            client.get("/api/v1/audit").await.expect(of_nation);
            if of_scheme != 200 {
                continue;
            }
            let items = own.items();
            let about: Vec<_> = items.iter().filter(|i| i["act"] == "invitation-made").collect();
            let lead = role == Some(Role::SchemeLead(leeds));
            assert_eq!(about[0]["participant"], if lead { json!("P-1") } else { json!(null) });
            assert_eq!(own.text.contains("P-1"), lead);
            assert_eq!(items[0]["act"], "audit-read", "reading it stands in it");
            assert!(items[0]["email"].is_string(), "one's own address");
            let by_national = about[0]["email"].is_string();
            assert_eq!(by_national, !lead, "a lead sees that it was the national body, not which person");
        }
        let york = world.signed_in(Role::SchemeLead(york)).await;
        let absent = york.get("/api/v1/schemes/no-such-scheme/audit").await.expect(404);
        assert_eq!(york.get(LOG).await.text, absent.text);
    });
}

#[test]
fn pages_follow_each_other_without_a_gap() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for number in 0..7 {
            national.invite(&format!("P-{number}")).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let more = cursor.map(|c| format!("&cursor={c}")).unwrap_or_default();
            let page = national.get(&format!("{LOG}?limit=4{more}")).await.expect(200);
            seen.extend(page.items().iter().map(|i| i["sequence"].as_i64().expect("a number")));
            cursor = page.json()["next"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        let newest = seen[0];
        assert_eq!(seen, (1..=newest).rev().collect::<Vec<_>>());
        for wrong in ["?cursor=x", "?limit=0", "?since=1"] {
            national.get(&format!("{LOG}{wrong}")).await.expect(400);
        }
    });
}

fn made_up(chain: i64, number: i64) -> Event {
    let at = "2026-07-20T09:00:00".parse().expect("a time");
    Event::new(chain, at, By::System, Act::AuditRead, Target::nothing()).number("n", number)
}

#[test]
fn two_processes_that_write_at_once_keep_one_chain() {
    on_both(|world| async move {
        let both = [world.app.clone(), world.another_process().await.app];
        let write = move || {
            std::thread::scope(|scope| {
                for (app, turn) in both.iter().cycle().zip(0..6_i64) {
                    scope.spawn(move || {
                        for number in 0..20 {
                            let event = made_up(3, turn * 100 + number);
                            app.store.write(|db| audit::record(db, &event).map(drop)).expect("recorded");
                        }
                    });
                }
            });
        };
        actix_web::web::block(write).await.expect("it does not panic");
        let all = entries(&world, 3).await;
        assert_eq!(all.iter().map(|e| e.sequence).collect::<Vec<_>>(), (1..=120).collect::<Vec<_>>());
        let verified = world.act(|app| verify_audit(app, &[], |_, _| ()).expect("verified")).await;
        assert_eq!(verified.found, []);
    });
}

#[test]
fn nothing_is_recorded_outside_a_transaction_or_for_an_act_that_did_not_happen() {
    on_both(|world| async move {
        world
            .act(|app| {
                let outside = app.store.read(|db| audit::record(db, &made_up(3, 1)).map(drop));
                assert!(outside.is_err());
                let nothing = app.store.write(|db| audit::record_all(db, &[]).map(drop));
                assert!(nothing.is_err(), "no entry, no proof");
                let mixed = [made_up(3, 1), made_up(4, 1)];
                assert!(app.store.write(|db| audit::record_all(db, &mixed).map(drop)).is_err());
                let not_done = app.store.write(|db| audit::record_if(db, &made_up(3, 1), |_| Ok(None::<()>)));
                assert!(not_done.expect("no error").is_none());
                let failed = app.store.write(|db| {
                    audit::record(db, &made_up(3, 2))?;
                    Err::<(), _>(StorageError::Corrupt("the act fails".into()))
                });
                assert!(failed.is_err());
                let done = app.store.write(|db| audit::record_if(db, &made_up(3, 3), |_| Ok(Some(()))));
                assert!(done.expect("no error").is_some());
            })
            .await;
        let all = entries(&world, 3).await;
        assert_eq!(all.len(), 1);
        assert!(all[0].details.contains('3'));
    });
}

#[test]
fn heads_are_signed_when_a_chain_has_moved_and_show_what_is_cut_off() {
    on_both(|world| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("heads.jsonl");
        let sign = || {
            let file = file.clone();
            world.act(move |app| sign_heads(app, &file).expect("signed").map(|line| line.number))
        };
        world.with_leeds().await;
        assert_eq!([sign().await, sign().await], [Some(1), None], "a chain that rests is not signed again");
        world.national().await;
        assert_eq!(sign().await, Some(2));
        let text = std::fs::read_to_string(&file).expect("there");
        let key = world.app.secrets.audit_key().verifying_key();
        let (anchors, found) = khi::domain::audit::read_lines(&text, &[key]);
        assert_eq!((anchors.len(), found), (4, vec![]));
        let check = |anchors: Vec<Anchor>| {
            world.act(move |app| verify_audit(app, &anchors, |_, _| ()).expect("verified").found)
        };
        assert_eq!(check(anchors.clone()).await, []);
        let mut later = anchors.clone();
        for anchor in &mut later {
            anchor.head.sequence += 5;
        }
        let places: Vec<Place> = check(later).await.iter().map(|f| f.place).collect();
        let next = |chain: i64, count: usize| Place::Entry {
            scheme_number: chain,
            sequence: i64::try_from(count).expect("small") + 1,
        };
        let counts = [entries(&world, NATIONAL).await.len(), entries(&world, 1).await.len()];
        assert_eq!(places, [next(0, counts[0]), next(1, counts[1])]);
    });
}
