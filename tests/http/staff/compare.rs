//! Pages on which figures are compared: a scheme beside others, and a figure over time.

use khi::domain::period::Period;
use khi::use_cases::draft_release;

use super::*;
use crate::comparison::six_schemes;
use crate::releases::publish;
use crate::support::response;

#[test]
fn a_lead_sees_how_their_scheme_stands_and_comments_before_a_release() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        let leeds = world.number("leeds-shared-lives");
        let mut lea = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await;
        let page = lea.browser.open("/scheme/compare").await;
        assert!(page.html.contains("Nothing has been published yet"), "{}", page.html);

        let period: Period = "2026-27".parse().expect("a period");
        world.act(move |app| draft_release(app, period, 14)).await.expect("drafted");
        let page = lea.browser.open("/scheme/compare").await;
        for words in [
            "Before the next release is published",
            "45.0%, 27 of 60 people",
            "you are lower",
            "until 3 August 2026",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        let page = lea.browser.post("/scheme/compare", &[("comment", "")]).await;
        assert!(page.status == 422 && page.html.contains("href=\"#comment\""), "{}", page.html);
        let page =
            lea.browser.post("/scheme/compare", &[("comment", "We lost two workers this winter.")]).await;
        assert!(
            page.html.contains("Your comment is kept") && page.html.contains("We lost two workers"),
            "{}",
            page.html
        );
        let mut wil = person(&world, "wil@leeds.example", Role::SchemeWorker(leeds), 2).await;
        let page = wil.browser.open("/scheme/compare").await;
        assert!(
            page.html.contains("We lost two workers") && !page.html.contains("<textarea"),
            "{}",
            page.html
        );
        let page = wil.browser.post("/scheme/compare", &[("comment", "No.")]).await;
        assert_eq!(page.status, 403);
        let drafts = national.get("/api/v1/release-drafts").await.items();
        assert_eq!(drafts[0]["comments"][0]["comment"], "We lost two workers this winter.");

        publish(&world, "2026-27").await;
        let page = lea.browser.open("/scheme/compare?indicator=social-connection&series=connections/1").await;
        assert_eq!(page.status, 200);
        for words in [
            "In the newest release",
            "Your figure is lower than that of everybody else there",
            "Lower than the expected range. Look into it.",
            "cannot be used to judge how well a scheme works",
            "<title id=\"funnel-title\">",
            "6 schemes are shown",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        assert_eq!(page.html.matches("class=\"others\" cx").count(), 5 + 1, "five others, and the key");
        for name in ["york", "bradford", "cardiff"] {
            assert!(!page.html.contains(name), "{name} is named");
        }
        let mut nat = person(&world, "nat@khi.example", Role::National, 3).await;
        assert_eq!(nat.browser.open("/scheme/compare").await.status, 403, "it is a scheme's own page");
    });
}

#[test]
fn a_figure_over_time_is_for_those_who_read_live_figures() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let client = world.national().await;
        let first: Period = "2023-Q3".parse().expect("a quarter");
        let quarters: Vec<Period> = std::iter::successors(Some(first), |q| Some(q.next())).take(12).collect();
        for (index, quarter) in quarters.iter().enumerate() {
            for number in 0..8 {
                // Six of eight, or five of eight; nobody in the last quarter.
                let better = if index == 11 { 0 } else { 6 - index % 2 };
                let said = if number < better { "better" } else { "same" };
                let person = format!("P-{index}-{number}");
                let body = response("leeds-shared-lives", &person, &quarter.first_day().to_string(), said);
                client.submit(&format!("key-of-the-answer-{index}-{number}"), &body).await.expect(201);
            }
        }
        let mut nat = person(&world, "nat@khi.example", Role::National, 1).await;
        let page = nat.browser.open("/outcomes/over-time?place=E08000035&model=shared-lives").await;
        for words in [
            "Over time: Leeds",
            "Limits from 12 quarters",
            "below the lower limit: stands out for the worse",
            "2026-Q2",
            "usual up and down",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        let page = nat.browser.open("/outcomes/over-time?model=homeshare").await;
        assert!(page.status == 200 && page.html.contains("Nobody has answered here yet"), "{}", page.html);
        let page = nat.browser.open("/outcomes/over-time?place=nowhere").await;
        assert!(page.status == 422 && page.html.contains("href=\"#place\""), "{}", page.html);
        assert!(
            nat.browser.open("/outcomes").await.html.contains("href=\"/outcomes/over-time?place=K02000001\"")
        );

        for (email, role, host) in [
            ("lea@leeds.example", Role::SchemeLead(leeds), 2),
            ("ann@leeds.example", Role::Area("E08000035".into()), 3),
        ] {
            let mut other = person(&world, email, role, host).await;
            assert_eq!(other.browser.open("/outcomes/over-time").await.status, 403, "{email}");
            assert!(!other.browser.open("/outcomes").await.html.contains("over-time"), "{email}");
        }
    });
}
