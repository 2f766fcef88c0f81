//! Between start and check: what each page takes, what it says against, where it leads, and what it shows of what was said.

use actix_web::http::Method;
use serde_json::json;

use khi::domain::answering::{Look, Size};

use super::support::{Browser, Ticket, World, answers, on_both};

async fn begun(world: &World) -> (Ticket, Browser) {
    let ticket =
        world.with_leeds().await.invite_with("P-1", json!({"arrangement": ["live-in"]}), json!({})).await;
    let mut browser = Browser::new(world, 1).await;
    browser.start(&ticket.link).await;
    (ticket, browser)
}

/// Answers `who` and `count` and stands before the first question.
async fn at_first_question(browser: &mut Browser, who: &str) {
    browser.answer(&[who]).await;
    browser.answer(&["yes"]).await;
    assert_eq!(browser.answer(&[]).await.address, "/survey/q/friends");
}

#[test]
fn nothing_is_asked_before_it_is_known_who_answers_and_whether_it_counts() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        for path in ["/survey", "/survey/q/friends", "/survey/count", "/survey/share", "/survey/check"] {
            assert_eq!(browser.open(path).await.address, "/survey/who", "{path}");
        }
        browser.post("/survey/q/friends", &[("answer", "4"), ("go", "continue")]).await;
        assert!(world.said(&ticket.id).await.answers.is_empty());
        browser.open("/survey/who").await;
        assert_eq!(browser.answer(&["helped"]).await.address, "/survey/count");
        for path in ["/survey/q/friends", "/survey/company", "/survey/check"] {
            assert_eq!(browser.open(path).await.address, "/survey/count", "{path}");
        }
        browser.post("/survey/check", &[("go", "send")]).await;
        assert!(world.stored().await.is_empty());
    });
}

#[test]
fn each_page_says_what_is_wrong_with_what_was_entered_and_keeps_what_was_said() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        browser.answer(&["4"]).await;
        let long = "x".repeat(4001);
        let cases: [(&str, &[&str], &str); 13] = [
            ("who", &[], "Choose one answer."),
            ("who", &["nobody"], "Choose one answer."),
            ("q/enough-contact", &[], "Choose one answer, or press “Skip this question”."),
            ("q/enough-contact", &["perhaps"], "Choose one answer, or press “Skip this question”."),
            ("q/friends", &[""], "Write a number, or press “Skip this question”."),
            ("q/friends", &["four"], "Write the number in figures, like 3."),
            ("q/friends", &["2.5"], "Write the number in figures, like 3."),
            ("q/friends", &["-1"], "Write a number from 0 to 99."),
            ("q/friends", &["100"], "Write a number from 0 to 99."),
            ("q/choose-what", &[], "Choose an answer, or press “Skip this question”."),
            ("q/choose-what", &["work", "nothing"], "These answers do not go together."),
            ("q/one-thing", &["  "], "Write something, or press “Skip this question”."),
            ("q/one-thing", &[&long], "This is too long. Make it shorter."),
        ];
        for (page, entered, told) in cases {
            let before = world.draft(&ticket.id).await;
            let path = format!("/survey/{page}");
            let mut form: Vec<(&str, &str)> = entered.iter().map(|a| ("answer", *a)).collect();
            form.push(("go", "continue"));
            let page = browser.post(&path, &form).await;
            assert_eq!((page.status, page.address.as_str()), (422, path.as_str()), "{entered:?}");
            assert!(page.title().starts_with("Error: "), "{}", page.title());
            let problem = page.problem().unwrap_or_default().replace("&quot;", "\"");
            assert!(problem.starts_with(told), "{entered:?}: {problem}");
            assert!(page.html.contains("aria-describedby=") && page.html.contains("id=\"error\""));
            if page.kind() == "number" || page.kind() == "words" {
                let kept: Vec<&str> = entered.iter().map(|a| a.trim()).filter(|a| !a.is_empty()).collect();
                assert_eq!(page.chosen(), kept, "what was typed stays");
            } else {
                let offered = entered.iter().filter(|a| page.offered().contains(a)).count();
                assert_eq!(page.chosen().len(), offered, "what was chosen stays");
            }
            assert_eq!(world.draft(&ticket.id).await, before, "a refused page changes nothing");
        }
        let big = "x".repeat(70_000);
        let form: &[_] = &[("answer", big.as_str()), ("go", "continue")];
        browser.send(Method::POST, "/survey/q/one-thing", &[], Some(form)).await.expect(413);
    });
}

#[test]
fn numbers_and_words_are_taken_as_people_type_them() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        for (typed, number) in [(" 7 ", 7), ("1 2", 12), ("007", 7), ("0", 0), ("99", 99)] {
            browser.post("/survey/q/friends", &[("answer", typed), ("go", "continue")]).await;
            assert_eq!(browser.page.address, "/survey/q/enough-contact", "{typed}");
            let said = world.said(&ticket.id).await;
            assert_eq!(json!(said.answers["friends"].answer), json!(number));
        }
        let words = "Ffrindiau – “mwy” o <b>&amp; hwyl</b> 🎉\r\n'second' line";
        browser.post("/survey/q/one-thing", &[("answer", words), ("go", "continue")]).await;
        browser.open("/survey/q/one-thing").await;
        assert_eq!(browser.page.chosen(), [words.replace("\r\n", "\n")]);
        browser.open("/survey/q/choose").await;
        assert_eq!(browser.answer(&["missing:dont-know"]).await.address, "/survey/q/choose-what");
        browser.answer(&["work", "learning"]).await;
        let said = world.said(&ticket.id).await;
        assert_eq!(json!(said.answers["choose"].answer), json!({"missing": "dont-know"}));
        assert_eq!(json!(said.answers["choose-what"].answer), json!(["work", "learning"]));
    });
}

#[test]
fn back_keeps_what_is_chosen_and_complains_about_nothing() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        assert!(!browser.page.has("back"), "there is nothing before the first page");
        at_first_question(&mut browser, "self").await;
        assert_eq!(browser.press("back", &["3"]).await.address, "/survey/count");
        assert_eq!(browser.page.chosen(), ["yes"]);
        assert_eq!(browser.press("back", &["no"]).await.address, "/survey/who");
        assert_eq!(browser.open("/survey/q/friends").await.chosen(), ["3"]);
        assert_eq!(browser.press("back", &["many"]).await.address, "/survey/count");
        let said = world.said(&ticket.id).await;
        assert_eq!((json!(said.answers["friends"].answer), said.count), (json!(3), Some(false)));
        assert_eq!(browser.open("/survey").await.address, "/survey/q/enough-contact");
        assert_eq!(
            browser.press("back", &[]).await.address,
            "/survey/q/friends",
            "nothing chosen is no answer"
        );
        assert!(!world.said(&ticket.id).await.answers.contains_key("enough-contact"));
    });
}

#[test]
fn a_skipped_question_is_stored_as_skipped_and_can_be_answered_later() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        assert_eq!(browser.press("skip", &[]).await.address, "/survey/q/enough-contact");
        assert_eq!(browser.press("skip", &["yes"]).await.address, "/survey/q/friends-make");
        let said = world.said(&ticket.id).await;
        for item in ["friends", "enough-contact"] {
            assert_eq!(json!(said.answers[item].answer), json!({"missing": "skipped"}));
        }
        browser.answer_until("/survey/check").await;
        assert!(browser.page.html.contains("No answer"));
        browser.open("/survey/q/friends?change=yes").await;
        assert_eq!(browser.answer(&["6"]).await.address, "/survey/check", "changing leads back to the check");
        browser.press("send", &[]).await;
        let stored = answers(&world.only_stored().await);
        assert_eq!(
            (&stored["friends"], &stored["enough-contact"]),
            (&json!(6), &json!({"missing": "skipped"}))
        );
    });
}

#[test]
fn every_change_link_leads_to_its_page_and_back_to_the_check() {
    on_both(|world| async move {
        let (_, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "helped").await;
        browser.answer_until("/survey/check").await;
        let links: Vec<String> = browser.page.changes().into_iter().map(str::to_owned).collect();
        // Who, count, 18 questions (lonely-when is not asked), quotes, asked again, shared, three about the helper.
        assert_eq!(links.len(), 26, "{links:?}");
        for link in links {
            let page = browser.open(&link).await;
            assert_eq!(page.address, link.trim_end_matches("?change=yes"));
            assert_eq!(browser.answer(&[]).await.address, "/survey/check", "{link}");
            browser.open(&link).await;
            assert_eq!(browser.press("back", &[]).await.address, "/survey/check", "{link}");
        }
    });
}

#[test]
fn answers_to_items_that_are_no_longer_asked_do_not_count_and_come_back_with_their_question() {
    on_both(|world| async move {
        let (_, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        browser.answer_until("/survey/q/lonely").await;
        assert_eq!(browser.answer(&["often"]).await.address, "/survey/q/lonely-when");
        browser.answer(&["evening", "night"]).await;
        browser.open("/survey/q/lonely").await;
        assert_eq!(browser.answer(&["no"]).await.address, "/survey/q/choose");
        assert_eq!(
            browser.open("/survey/q/lonely-when").await.address,
            "/survey/q/choose",
            "no page of the way"
        );
        browser.open("/survey/q/lonely").await;
        assert_eq!(browser.answer(&["sometimes"]).await.address, "/survey/q/lonely-when");
        assert_eq!(browser.page.chosen(), ["evening", "night"], "it was not lost");
        browser.open("/survey/q/lonely").await;
        browser.answer(&["no"]).await;
        browser.answer_until("/survey/check").await;
        assert!(!browser.page.html.contains("q/lonely-when"));
        browser.press("send", &[]).await;
        let stored = answers(&world.only_stored().await);
        assert_eq!(
            (&stored["lonely"], &stored["lonely-when"]),
            (&json!("no"), &json!({"missing": "not-asked"}))
        );
    });
}

#[test]
fn coming_back_opens_at_the_first_unanswered_question_and_shows_nothing_said_before() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        browser.answer(&["4"]).await;
        browser.answer(&["no"]).await;
        assert_eq!(browser.open("/survey/q/friends").await.chosen(), ["4"]);
        let mut other = Browser::new(&world, 2).await;
        assert_eq!(other.start(&ticket.link).await.address, "/survey/q/friends-make");
        for item in ["friends", "enough-contact"] {
            let page = other.open(&format!("/survey/q/{item}")).await;
            assert!(page.chosen().is_empty() && page.hides_an_answer(), "{item}: {}", page.html);
        }
        assert_eq!(
            other.answer(&[]).await.address,
            "/survey/q/friends-make",
            "nothing entered: it stays as it is"
        );
        other.open("/survey/q/friends").await;
        other.answer(&["9"]).await;
        other.open("/survey").await;
        other.answer_until("/survey/check").await;
        let hidden = other.page.html.matches("You answered this before. Your answer is hidden.").count();
        assert_eq!(hidden, 1, "enough-contact only");
        assert!(browser.open("/survey/q/friends").await.hides_an_answer(), "said by the other browser");
        other.press("send", &[]).await;
        let stored = answers(&world.only_stored().await);
        assert_eq!((&stored["friends"], &stored["enough-contact"]), (&json!(9), &json!("no")));
    });
}

#[test]
fn what_was_said_is_seen_on_coming_back_by_whoever_chose_so_on_stopping() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        browser.press("stop", &["4"]).await;
        assert_eq!(
            (browser.page.address.as_str(), browser.page.offered()[1]),
            ("/survey/stop", "keep-shown")
        );
        assert_eq!(browser.press("back", &[]).await.address, "/survey/q/friends");
        assert_eq!(browser.page.chosen(), ["4"], "stopping keeps what was chosen on the page");
        browser.press("stop", &[]).await;
        assert_eq!(browser.answer(&[]).await.status, 422, "nothing was chosen");
        let page = browser.answer(&["keep-shown"]).await;
        assert!(page.html.contains("You can come back until 20 October 2026."), "{}", page.html);
        assert_eq!(page.receipt(), None, "the link and the code stay as they are");
        assert_eq!(browser.open("/survey").await.status, 403);
        browser.start(&ticket.link).await;
        assert_eq!(browser.open("/survey/q/friends").await.chosen(), ["4"]);
        browser.press("stop", &[]).await;
        browser.answer(&["keep"]).await;
        browser.start(&ticket.link).await;
        assert!(browser.open("/survey/q/friends").await.hides_an_answer(), "chosen otherwise this time");
    });
}

#[test]
fn what_is_thrown_away_is_gone_and_the_person_may_begin_again() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        browser.press("stop", &["4"]).await;
        let page = browser.answer(&["throw"]).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/survey/thrown-away"));
        assert_eq!(browser.cookie, None);
        assert!(world.draft(&ticket.id).await.is_none());
        assert_eq!(browser.start(&ticket.link).await.address, "/survey/who");
    });
}

#[test]
fn whoever_has_said_enough_sends_what_was_said() {
    on_both(|world| async move {
        let (_, mut browser) = begun(&world).await;
        browser.answer(&["self"]).await;
        browser.press("stop", &[]).await;
        assert!(!browser.page.offered().contains(&"send"), "whether it counts is not known yet");
        browser.press("back", &[]).await;
        browser.open("/survey/count").await;
        browser.answer(&["yes"]).await;
        browser.open("/survey/q/friends").await;
        browser.press("stop", &["2"]).await;
        assert_eq!(browser.answer(&["send"]).await.address, "/survey/ask-again");
        browser.answer(&["yes"]).await;
        browser.answer(&["no"]).await;
        assert_eq!(browser.page.address, "/survey/check");
        browser.press("send", &[]).await;
        let stored = answers(&world.only_stored().await);
        let skipped = stored.values().filter(|a| **a == json!({"missing": "skipped"})).count();
        assert_eq!((&stored["friends"], skipped), (&json!(2), 17));
    });
}

#[test]
fn one_who_is_helped_may_answer_alone_and_the_helper_sees_nothing_of_it() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "helped").await;
        browser.answer_until("/survey/company").await;
        assert_eq!(
            world.said(&ticket.id).await.answers.len(),
            12,
            "it comes before the first private question"
        );
        assert_eq!(browser.answer(&["alone"]).await.address, "/survey/q/kind");
        assert!(browser.page.html.contains("Your turn alone."));
        browser.answer(&["no"]).await;
        assert_eq!(browser.open("/survey/q/kind").await.chosen(), ["no"], "the person may look at their own");
        browser.open("/survey").await;
        browser.answer_until("/survey/q/one-thing").await;
        let (path, form) = browser.page.filled("continue", &["Tell nobody"]);
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(browser.post(&path, &form).await.address, "/survey/quotes");
        browser.post(&path, &form).await; // a double click
        for item in ["kind", "listened-to", "safe", "someone-to-tell", "helped-someone", "one-thing"] {
            let page = browser.open(&format!("/survey/q/{item}")).await;
            assert!(page.chosen().is_empty() && page.hides_an_answer(), "{item}: {}", page.html);
            assert!(!page.html.contains("Your turn alone."));
        }
        assert_eq!(browser.open("/survey/q/friends").await.chosen(), ["4"], "said together");
        browser.open("/survey/company").await;
        browser.answer(&["alone"]).await;
        for item in ["kind", "one-thing"] {
            let page = browser.open(&format!("/survey/q/{item}")).await;
            assert!(
                page.chosen().is_empty(),
                "whoever says “alone” again is not shown {item}: {}",
                page.html
            );
        }
        browser.open("/survey/company").await;
        browser.answer(&["together"]).await;
        browser.open("/survey").await;
        browser.answer_until("/survey/check").await;
        assert!(!browser.page.html.contains("Tell nobody"));
        assert_eq!(browser.page.html.matches("You answered this alone.").count(), 6);
        browser.press("send", &[]).await;
        let stored = answers(&world.only_stored().await);
        assert_eq!((&stored["kind"], &stored["one-thing"]), (&json!("no"), &json!({"words": "Tell nobody"})));
    });
}

#[test]
fn private_questions_put_off_are_asked_again_with_somebody_else_or_sent_as_skipped() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        for (person, comes_back) in [("P-1", false), ("P-2", true)] {
            let ticket = national.invite(person).await;
            let mut browser = Browser::new(&world, 1).await;
            browser.start(&ticket.link).await;
            browser.answer(&["helped"]).await;
            browser.answer_until("/survey/company").await;
            assert_eq!(browser.answer(&["later"]).await.address, "/survey/q/helped-someone");
            browser.answer_until("/survey/check").await;
            assert!(browser.page.html.contains("You left some questions for later."));
            if comes_back {
                assert_eq!(browser.start(&ticket.link).await.address, "/survey/company");
                assert_eq!(browser.answer(&["together"]).await.address, "/survey/q/kind");
                browser.answer_until("/survey/check").await;
            }
            assert_eq!(browser.press("send", &[]).await.address, "/survey/sent");
        }
        let mut stored = world.stored().await;
        stored.sort_by_key(|s| s.participant.clone());
        let safe: Vec<_> = stored.iter().map(|s| answers(s)["safe"].clone()).collect();
        assert_eq!(safe, [json!({"missing": "skipped"}), json!("yes")]);
    });
}

#[test]
fn somebody_who_answers_for_a_person_is_not_asked_for_the_persons_wishes() {
    on_both(|world| async move {
        let (_, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "proxy").await;
        browser.answer_until("/survey/helper").await;
        assert_eq!(browser.page.offered()[0], "family");
        assert_eq!(browser.answer(&["friend"]).await.address, "/survey/helper-support");
        assert_eq!(browser.answer(&["no"]).await.address, "/survey/check");
        for unasked in ["company", "quotes", "ask-again", "share", "helper-how"] {
            let page = browser.open(&format!("/survey/{unasked}")).await;
            assert_eq!(page.address, "/survey/check", "{unasked}");
        }
        browser.press("send", &[]).await;
        let stored = world.only_stored().await;
        let helper = stored.helper.expect("a helper");
        assert_eq!((helper.role.as_str(), helper.help.len(), helper.gives_support), ("friend", 0, false));
        assert_eq!(
            (stored.consent.quotes, stored.consent.ask_again, stored.consent.share.as_str()),
            (false, false, "nobody")
        );
    });
}

#[test]
fn how_it_looks_is_changed_on_every_page_without_losing_an_answer_and_applied_next_time() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        for page in ["q/friends", "count", "q/connected", "q/one-thing"] {
            browser.open(&format!("/survey/{page}")).await;
            let answer = match browser.page.kind() {
                "number" => "5",
                "words" => "Mine",
                _ => "yes",
            };
            let answer = if browser.page.offered().contains(&"worse") { "worse" } else { answer };
            assert_eq!(browser.press("look", &[answer]).await.address, "/survey/look");
            let mut form = browser.page.form();
            form.retain(|(name, _)| name != "language" && name != "size");
            let mut form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            form.extend([("language", "cy"), ("size", "largest")]);
            assert_eq!(browser.post("/survey/look", &form).await.address, format!("/survey/{page}"));
            assert_eq!(browser.page.chosen(), [answer], "{page}");
            assert!(
                browser.page.html.contains("<html lang=\"cy\"")
                    && browser.page.html.contains("data-size=\"largest\"")
            );
        }
        let wanted = Look { language: "cy".into(), size: Size::Largest, ..Look::default() };
        assert_eq!(world.said(&ticket.id).await.look, wanted);
        browser.answer_until("/survey/check").await;
        browser.press("send", &[]).await;
        assert_eq!(world.only_stored().await.language, "cy");
        // Nobody is asked again within eight weeks.
        world.set_time("2026-09-14T09:00:00Z");
        let next = world.national().await.invite("P-1").await;
        let page = Browser::new(&world, 2).await.open(&next.link).await.html.clone();
        assert!(page.contains("<html lang=\"cy\"") && page.contains("data-size=\"largest\""), "{page}");
        let other = world.national().await.invite("P-2").await;
        assert!(Browser::new(&world, 2).await.open(&other.link).await.html.contains("<html lang=\"en\""));
    });
}

#[test]
fn what_is_chosen_before_the_start_is_carried_into_the_survey() {
    on_both(|world| async move {
        let ticket = world.with_leeds().await.invite("P-1").await;
        let mut browser = Browser::new(&world, 1).await;
        let page = browser.open(&format!("{}/look?contrast=high&rendition=standard", ticket.link)).await;
        let mut form = page.form();
        form.iter_mut().filter(|(name, _)| name == "pictures").for_each(|(_, value)| *value = "no".into());
        let query: Vec<String> = form.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert!(world.draft(&ticket.id).await.is_none(), "looking stores nothing");
        browser.start(&format!("{}?{}", ticket.link, query.join("&"))).await;
        let look = world.said(&ticket.id).await.look;
        let look: Vec<&str> = ["contrast", "rendition", "pictures", "language"].map(|s| look.get(s)).to_vec();
        assert_eq!(look, ["high", "standard", "no", "en"]);
        browser.open(&format!("{}?language=xx&size=huge&rendition=loud&nonsense=1", ticket.link)).await;
        assert!(
            browser.page.html.contains("<html lang=\"en\"")
                && browser.page.html.contains("data-contrast=\"high\"")
        );
    });
}

#[test]
fn addresses_that_are_no_page_and_forms_that_are_no_form_are_refused_and_change_nothing() {
    on_both(|world| async move {
        let (ticket, mut browser) = begun(&world).await;
        at_first_question(&mut browser, "self").await;
        let before = world.draft(&ticket.id).await;
        assert_eq!(browser.send(Method::GET, "/survey/nothing", &[], None).await.status, 404);
        assert_eq!(browser.open("/survey/q/nothing").await.address, "/survey/q/friends");
        assert_eq!(browser.post("/survey/q/nothing", &[("answer", "1")]).await.address, "/survey/q/friends");
        assert_eq!(browser.send(Method::PUT, "/survey/q/friends", &[], None).await.status, 405);
        for from in ["q/a\r\nSet-Cookie: x=1", "q/é", "nowhere", "q/../../s"] {
            let form: &[_] = &[("from", from), ("go", "back")];
            for path in ["/survey/stop", "/survey/look"] {
                let reply = browser.send(Method::POST, path, &[], Some(form)).await.expect(303);
                let to = reply.header("location").unwrap_or_default();
                assert!(to == "/survey/check", "{from}: {to}");
            }
        }
        let type_of_form = [("Content-Type", "application/x-www-form-urlencoded")];
        let reply = browser.send(Method::POST, "/survey/q/friends", &type_of_form, None).await;
        assert_eq!(reply.status, 422, "an empty form answers nothing");
        assert_eq!(world.draft(&ticket.id).await, before);
    });
}
