//! From the check to a response: once, whole, and as it was agreed to; and what becomes of drafts that nobody sends.

use serde_json::{Value, json};

use khi::domain::submission::CompletedBy;

use super::support::{Browser, Client, OPEN_LINKS, Ticket, World, answers, on_both};

async fn at_check(world: &World, ticket: &Ticket) -> Browser {
    let mut browser = Browser::new(world, 1).await;
    browser.start(&ticket.link).await;
    browser.answer_until("/survey/check").await;
    browser
}

/// The row of the UK for this year.
async fn row(client: &Client<'_>) -> Value {
    let path = "/api/v1/khi?period=2026-27&level=uk&indicator=social-connection";
    client.get(path).await.expect(200).items().into_iter().next().unwrap_or(Value::Null)
}

fn asked(row: &Value) -> [Option<i64>; 3] {
    ["invited", "responded", "unfinished"].map(|key| row[key].as_i64())
}

/// The stored response's id for callers, and its revision.
async fn listed(client: &Client<'_>) -> (String, i64) {
    let item = client.get("/api/v1/responses").await.expect(200).items().remove(0);
    (item["id"].as_str().expect("id").to_owned(), item["revision"].as_i64().unwrap_or(1))
}

#[test]
fn what_is_sent_is_what_was_said_and_agreed_to() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let about = json!({"arrangement": ["live-in"], "age_band": "25-34"});
        let ticket = national.invite_with("P-1", about, json!({"occasion": "review"})).await;
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&ticket.link).await;
        browser.answer(&["helped"]).await;
        browser.answer_until("/survey/company").await;
        browser.answer(&["together"]).await;
        browser.answer_until("/survey/quotes").await;
        browser.answer(&["yes"]).await;
        browser.answer(&["no"]).await;
        browser.answer(&["yes"]).await;
        assert_eq!(browser.page.address, "/survey/helper");
        browser.answer(&["advocate"]).await;
        browser.answer(&["read", "explained"]).await;
        browser.answer(&["no"]).await;
        let sent = browser.press("send", &[]).await;
        assert_eq!((sent.status, sent.address.as_str()), (200, "/survey/sent"));
        assert!(sent.html.contains("We count your answers with the answers of other people."));
        let stored = world.only_stored().await;
        assert_eq!(
            (
                stored.participant.as_deref(),
                stored.invitation.as_deref(),
                stored.occasion.as_deref(),
                stored.via.as_deref()
            ),
            (Some("P-1"), Some(ticket.id.as_str()), Some("review"), None)
        );
        assert_eq!((stored.council.as_str(), stored.mode.as_str()), ("E08000035", "online"));
        assert_eq!((stored.rendition.as_str(), stored.language.as_str()), ("easy-read", "en"));
        assert_eq!(
            (stored.completed_on.to_string(), stored.due_on.map(|d| d.to_string())),
            ("2026-07-20".into(), Some("2026-07-20".into()))
        );
        assert_eq!(json!(stored.about), json!({"arrangement": ["live-in"], "age_band": ["25-34"]}));
        let helper = stored.helper.as_ref().expect("a helper");
        assert_eq!(
            (helper.role.as_str(), helper.help.join("+"), helper.gives_support),
            ("advocate", "read+explained".into(), false)
        );
        let consent = &stored.consent;
        assert_eq!(
            (
                consent.version.as_str(),
                consent.statistics,
                consent.quotes,
                consent.ask_again,
                consent.share.as_str()
            ),
            ("1", true, true, false, "worker")
        );
        assert!(answers(&stored).values().all(|a| a["missing"].is_null() || a["missing"] == "not-asked"));
        let body = world.draft(&ticket.id).await.expect("what is left of the draft").body;
        assert!(
            !body.contains("My own words") && !body.contains("live-in"),
            "the answers are in the response only: {body}"
        );
    });
}

#[test]
fn a_double_click_on_send_makes_one_response() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let (invited, open) = (national.invite("P-1").await, national.open_link().await);
        for (ticket, expected) in [(invited, 1), (open, 2)] {
            let browser = at_check(&world, &ticket).await;
            let sending = (0..4).map(|_| {
                let mut twin = browser.twin();
                actix_web::rt::spawn(async move {
                    let page = twin.press("send", &[]).await;
                    (page.status, page.address.clone(), page.receipt().map(str::to_owned))
                })
            });
            let mut receipts = Vec::new();
            for sent in sending.collect::<Vec<_>>() {
                let (status, address, receipt) = sent.await.expect("sent");
                assert_eq!((status, address.as_str()), (200, "/survey/sent"));
                receipts.push(receipt.expect("a receipt"));
            }
            receipts.dedup();
            assert_eq!(receipts.len(), 1, "{receipts:?}");
            assert_eq!(world.stored().await.len(), expected);
        }
        assert_eq!(national.get(OPEN_LINKS).await.items()[0]["sent"], 1);
        assert_eq!(row(&national).await["n"], 2);
    });
}

#[test]
fn nothing_acknowledged_is_lost_when_a_page_is_saved_while_another_browser_sends() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let mut saved_first = 0;
        for turn in 0..12 {
            let ticket = national.invite(&format!("P-{turn}")).await;
            let browser = at_check(&world, &ticket).await;
            let (mut sender, mut saver) = (browser.twin(), browser.twin());
            let sending =
                actix_web::rt::spawn(async move { sender.press("send", &[]).await.address.clone() });
            let saving = actix_web::rt::spawn(async move {
                saver.post("/survey/q/friends", &[("answer", "77"), ("go", "continue")]).await.hops.clone()
            });
            assert_eq!(sending.await.expect("sent"), "/survey/sent");
            let saved = !saving.await.expect("saved").contains(&"/survey/sent".to_owned());
            let person = Some(format!("P-{turn}"));
            let stored = world.stored().await.into_iter().find(|s| s.participant == person).expect("stored");
            if saved {
                saved_first += 1;
                assert_eq!(answers(&stored)["friends"], 77, "it was acknowledged");
            }
        }
        assert_eq!(world.stored().await.len(), 12, "saved before sending: {saved_first}");
    });
}

#[test]
fn what_is_thrown_away_while_another_browser_sends_is_either_gone_or_sent() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for turn in 0..12 {
            let ticket = national.invite(&format!("P-{turn}")).await;
            let browser = at_check(&world, &ticket).await;
            let (mut sender, mut thrower) = (browser.twin(), browser.twin());
            let sending =
                actix_web::rt::spawn(async move { sender.press("send", &[]).await.address.clone() });
            let form: &[_] = &[("answer", "throw"), ("go", "continue")];
            let throwing =
                actix_web::rt::spawn(async move { thrower.post("/survey/stop", form).await.address.clone() });
            let (sent, thrown) = (sending.await.expect("sent"), throwing.await.expect("thrown"));
            let person = Some(format!("P-{turn}"));
            let stored = world.stored().await.iter().filter(|s| s.participant == person).count();
            let kept = world.draft(&ticket.id).await.is_some();
            match (sent.as_str(), thrown.as_str()) {
                ("/survey/sent", "/survey/sent") => assert_eq!((stored, kept), (1, true), "told as sent"),
                (_, "/survey/thrown-away") => assert_eq!((stored, kept), (0, false), "told as gone"),
                told => panic!("{told:?}"),
            }
        }
    });
}

#[test]
fn people_who_come_in_twice_at_once_with_a_wish_for_the_look_both_come_in() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for turn in 0..6 {
            let ticket = national.invite(&format!("P-{turn}")).await;
            let starting = ["high", "dark", "light", "high"].map(|contrast| (contrast, ticket.link.clone()));
            let mut tasks = Vec::new();
            for (contrast, link) in starting {
                let mut browser = Browser::new(&world, 1).await;
                tasks.push(actix_web::rt::spawn(async move {
                    browser.post(&link, &[("contrast", contrast), ("length", "all")]).await.address.clone()
                }));
            }
            for task in tasks {
                assert_eq!(task.await.expect("started"), "/survey/who");
            }
            assert_eq!(world.said(&ticket.id).await.sittings, 4);
        }
    });
}

#[test]
fn pages_that_two_browsers_save_at_once_are_all_kept() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let browser = at_check(&world, &ticket).await;
        let mut other = Browser::new(&world, 2).await;
        other.start(&ticket.link).await;
        let items = ["enough-contact", "going-out", "choose", "kind", "listened-to", "safe"];
        let saving = items.into_iter().enumerate().map(|(turn, item)| {
            let mut browser = if turn % 2 == 0 { browser.twin() } else { other.twin() };
            actix_web::rt::spawn(async move {
                browser
                    .post(&format!("/survey/q/{item}"), &[("answer", "no"), ("go", "continue")])
                    .await
                    .status
            })
        });
        for saved in saving.collect::<Vec<_>>() {
            assert_eq!(saved.await.expect("saved"), 200);
        }
        let said = world.said(&ticket.id).await;
        for item in items {
            assert_eq!(json!(said.answers[item].answer), json!("no"), "{item}");
        }
    });
}

#[test]
fn a_sent_survey_takes_no_more_pages_and_shows_the_receipt_again() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = at_check(&world, &ticket).await;
        let receipt = browser.press("send", &[]).await.receipt().map(str::to_owned);
        assert!(receipt.is_some());
        let looks: &[(&str, &str)] = &[("language", "cy"), ("from", "check")];
        let answer: &[(&str, &str)] = &[("answer", "no"), ("go", "continue")];
        let stop: &[(&str, &str)] = &[("answer", "throw"), ("go", "continue")];
        for (path, form) in [
            ("/survey/q/safe", answer),
            ("/survey/count", answer),
            ("/survey/check", &[("go", "send")]),
            ("/survey/look", looks),
            ("/survey/stop", stop),
        ] {
            let page = browser.post(path, form).await;
            assert_eq!((page.status, page.address.as_str()), (200, "/survey/sent"), "{path}");
        }
        for path in
            ["/survey", "/survey/who", "/survey/q/safe", "/survey/check", "/survey/stop", "/survey/look"]
        {
            let page = browser.open(path).await;
            assert_eq!(
                (page.address.as_str(), page.receipt()),
                ("/survey/sent", receipt.as_deref()),
                "{path}"
            );
        }
        assert_eq!(answers(&world.only_stored().await)["safe"], "yes");
    });
}

#[test]
fn a_few_questions_are_the_core_ones_and_the_others_were_not_asked_also_after_a_correction() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        browser.post(&ticket.link, &[("length", "few")]).await;
        browser.answer(&["self"]).await;
        assert_eq!(browser.answer(&["yes"]).await.address, "/survey/q/friends");
        assert!(browser.page.html.contains("Question 1 of 7"), "{}", browser.page.html);
        browser.answer_until("/survey/check").await;
        browser.press("send", &[]).await;
        let core = ["friends", "connected", "healthier", "happier", "lonely", "choose", "safe"];
        let not_asked = json!({"missing": "not-asked"});
        let stored = answers(&world.only_stored().await);
        for (id, answer) in &stored {
            assert_eq!(*answer == not_asked, !core.contains(&id.as_str()), "{id}: {answer}");
        }
        let (id, revision) = listed(&national).await;
        let path = format!("/api/v1/responses/{id}");
        national.patch(&path, revision, &json!({"answers": {"connected": "worse"}})).await.expect(200);
        let mut expected = stored.clone();
        expected.insert("connected".into(), json!("worse"));
        assert_eq!(answers(&world.only_stored().await), expected, "a correction changes nothing else");
        let more = json!({"answers": {"kind": "no", "lonely": "often", "lonely-when": ["night"]}});
        national.patch(&path, revision + 1, &more).await.expect(200);
        expected.extend([
            ("kind".into(), json!("no")),
            ("lonely".into(), json!("often")),
            ("lonely-when".into(), json!(["night"])),
        ]);
        assert_eq!(answers(&world.only_stored().await), expected);
    });
}

#[test]
fn one_who_wants_fewer_half_way_keeps_what_was_said() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&ticket.link).await;
        browser.answer_until("/survey/q/friends-make").await;
        browser.press("stop", &[]).await;
        assert_eq!(browser.answer(&["few"]).await.address, "/survey/q/connected");
        browser.answer_until("/survey/check").await;
        browser.press("send", &[]).await;
        let stored = answers(&world.only_stored().await);
        assert_eq!(
            (&stored["enough-contact"], &stored["friends-make"]),
            (&json!("yes"), &json!({"missing": "not-asked"}))
        );
    });
}

#[test]
fn who_said_not_to_count_is_stored_and_not_counted() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&ticket.link).await;
        browser.answer(&["self"]).await;
        browser.answer(&["no"]).await;
        browser.answer_until("/survey/check").await;
        let page = browser.press("send", &[]).await;
        assert!(page.html.contains("We do not count your answers, as you asked."));
        assert!(!world.only_stored().await.consent.statistics);
        let row = row(&national).await;
        assert!(row.is_null() || row["n"] == 0, "{row}");
    });
}

#[test]
fn a_receipt_takes_answers_back_on_its_page() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite("P-1").await;
        let mut browser = at_check(&world, &ticket).await;
        let receipt = browser.press("send", &[]).await.receipt().expect("a receipt").to_owned();
        assert_eq!(row(&national).await["n"], 1);
        let mut other = Browser::new(&world, 2).await;
        assert_eq!(other.open("/withdraw").await.status, 200);
        assert_eq!(other.post("/withdraw", &[("receipt", " ")]).await.status, 422);
        assert_eq!(
            other.post("/withdraw", &[("receipt", &ticket.code)]).await.status,
            422,
            "a way in is no receipt"
        );
        assert_eq!(world.stored().await.len(), 1);
        let typed = receipt.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "i");
        for turn in 0..2 {
            let page = other.post("/withdraw", &[("receipt", &typed)]).await;
            assert_eq!(page.status, 200, "{turn}: {}", page.html);
            assert!(page.html.contains("Your answers are taken back"));
        }
        assert!(world.stored().await.is_empty());
        assert_eq!(row(&national).await, Value::Null, "nobody is left in the figure");
    });
}

#[test]
fn erasing_a_response_erases_what_is_left_of_its_draft() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite("P-1").await;
        let mut browser = at_check(&world, &ticket).await;
        browser.press("send", &[]).await;
        assert!(world.draft(&ticket.id).await.is_some());
        let (id, _) = listed(&national).await;
        national.delete(&format!("/api/v1/responses/{id}?erase=true")).await.expect(204);
        assert!(world.draft(&ticket.id).await.is_none() && world.stored().await.is_empty());
        assert_eq!(browser.open("/survey/sent").await.status, 403);
        let page = browser.open(&ticket.link).await;
        assert!(!page.has_start() && page.html.contains("You have sent your answers already."));
    });
}

#[test]
fn a_draft_left_alone_is_deleted_when_its_time_is_over_and_counted_unfinished() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let mut tickets = Vec::new();
        for person in ["P-left", "P-kept", "P-kept-early", "P-sent", "P-thrown", "P-never"] {
            tickets.push(national.invite_with(person, json!({}), json!({"ends_on": "2026-08-01"})).await);
        }
        let open = national.open_link().await;
        for (turn, ticket) in tickets.iter().chain([&open]).enumerate() {
            let mut browser = Browser::new(&world, 1).await;
            if turn == 5 {
                continue;
            }
            browser.start(&ticket.link).await;
            browser.answer(&["self"]).await;
            match turn {
                0 | 6 => drop(browser.answer_until("/survey/q/healthier").await),
                1 => {
                    browser.answer_until("/survey/q/healthier").await;
                    world.set_time("2026-07-28T09:00:00Z");
                    browser.press("stop", &["worse"]).await;
                    browser.answer(&["keep"]).await;
                    world.set_time("2026-07-20T09:00:00Z");
                }
                2 => {
                    browser.press("stop", &[]).await; // nobody knows yet whether it may be counted
                    browser.answer(&["keep"]).await;
                }
                3 => {
                    browser.answer_until("/survey/check").await;
                    browser.press("send", &[]).await;
                }
                _ => {
                    browser.press("stop", &[]).await;
                    browser.answer(&["throw"]).await;
                }
            }
        }
        world.set_time("2026-08-01T22:59:00Z");
        assert_eq!(world.end_drafts().await, 0, "the last day is not over in London");
        assert_eq!(asked(&row(&world.national().await).await), [Some(6), Some(1), Some(0)]);
        world.set_time("2026-08-01T23:00:00Z");
        assert_eq!(world.end_drafts().await, 4, "left, kept, kept too early, sent");
        assert_eq!(
            [world.end_drafts().await, world.end_drafts().await],
            [1, 0],
            "what was left of the kept one"
        );
        for ticket in &tickets {
            let draft = world.draft(&ticket.id).await;
            assert!(draft.is_none());
        }
        let national = world.national().await;
        let counted = row(&national).await;
        assert_eq!(asked(&counted), [Some(6), Some(2), Some(2)]);
        assert_eq!(counted["n"], 2);
        let stored = world.stored().await;
        let kept = stored
            .iter()
            .find(|s| s.participant.as_deref() == Some("P-kept"))
            .expect("kept answers are sent");
        assert_eq!(
            (kept.completed_by, kept.completed_on.to_string()),
            (CompletedBy::Myself, "2026-07-28".into()),
            "on the day they were last saved"
        );
        let said = answers(kept);
        assert_eq!(
            (&said["connected"], &said["healthier"], &said["happier"]),
            (&json!("better"), &json!("worse"), &json!({"missing": "skipped"}))
        );
        world.set_time("2026-08-19T22:59:59Z");
        assert_eq!(world.end_drafts().await, 0);
        world.set_time("2026-08-19T23:00:00Z");
        assert_eq!(world.end_drafts().await, 1, "the open link's, after thirty days");
        let link = world.national().await.get(OPEN_LINKS).await.items().remove(0);
        assert_eq!((&link["sent"], &link["unfinished"]), (&json!(0), &json!(1)));
        assert_eq!(world.stored().await.len(), 2);
    });
}

#[test]
fn whose_paper_was_entered_meanwhile_is_not_unfinished() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite_with("P-1", json!({}), json!({"ends_on": "2026-08-01"})).await;
        let mut browser = Browser::new(&world, 1).await;
        browser.start(&ticket.link).await;
        browser.answer_until("/survey/q/connected").await;
        let mut paper = super::support::response("leeds-shared-lives", "P-1", "2026-07-20", "worse");
        paper["invitation"] = json!(ticket.id);
        paper["mode"] = json!("paper");
        national.submit("key-0123456789-paper", &paper).await.expect(201);
        let page = Browser::new(&world, 2).await.open(&ticket.link).await.clone();
        assert!(!page.has_start() && page.html.contains("You have sent your answers already."));
        world.set_time("2026-08-02T09:00:00Z");
        world.end_drafts().await;
        assert_eq!(asked(&row(&world.national().await).await), [Some(1), Some(1), Some(0)]);
        assert_eq!(world.stored().await.len(), 1);
    });
}

#[test]
fn answers_count_for_the_council_of_the_invitation_or_the_first_one_still_in_force() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let ticket = national.invite("P-1").await;
        let mut browser = at_check(&world, &ticket).await;
        let mut moved = super::support::scheme("leeds-shared-lives", "E06000014");
        moved["areas"] = json!([{"code": "E08000035", "from": "2020-04-01", "to": "2026-07-01"},
                                {"code": "E06000014", "from": "2026-07-02", "to": null}]);
        national.put("/api/v1/schemes/leeds-shared-lives", &moved).await.expect(200);
        assert_eq!(browser.press("send", &[]).await.address, "/survey/sent");
        assert_eq!(world.only_stored().await.council, "E06000014");
        moved["areas"] = json!([{"code": "E06000014", "from": "2026-07-02", "to": "2026-07-03"}]);
        let second = national.invite("P-2").await;
        let mut waiting = at_check(&world, &second).await;
        national.put("/api/v1/schemes/leeds-shared-lives", &moved).await.expect(200);
        let page = waiting.press("send", &[]).await;
        assert_eq!((page.status, page.title().starts_with("Error: ")), (422, true));
        assert!(page.html.contains("We still have them."), "{}", page.html);
        assert!(world.draft(&second.id).await.is_some_and(|d| d.response_id.is_none()));
    });
}
