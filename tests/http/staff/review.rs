//! Reviewing returns on pages: who has sent, who is late, where there are gaps; asking and approving; an area's own return.

use serde_json::json;

use super::*;

const OF_LEEDS: &str = "/returns/schemes/leeds-shared-lives/2026-Q2";

#[test]
fn an_area_sees_who_has_sent_asks_with_words_and_approves() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let lead = world.signed_in(Role::SchemeLead(leeds)).await;
        let path = "/api/v1/schemes/leeds-shared-lives/returns/2026-Q2";
        let sent = json!({"values": [{"kpi": "shared-lives-people", "numerator": 41}]});
        lead.put(path, &sent).await.expect(201);
        let mut ann = person(&world, "ann@leeds.example", Role::Area("E08000035".into()), 1).await;
        let page = ann.browser.open("/returns").await;
        assert_eq!(page.status, 200);
        // One figure of those that are asked; nothing of the quarter before, which is long overdue; York is not theirs.
        for words in [
            "Example leeds-shared-lives",
            "Sent in<",
            " figures",
            "Not sent in",
            "overdue",
            "its own figures",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        assert!(!page.html.contains("york"), "{}", page.html);
        assert!(page.html.contains(&format!("href=\"{OF_LEEDS}\"")), "{}", page.html);
        let page = ann.browser.open(OF_LEEDS).await;
        for words in ["Sent in; due on 11 August 2026", ">41<", "Not sent in</h2>", "Sent in on 20 July 2026"]
        {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        // A question needs words.
        let page = ann.browser.post(OF_LEEDS, &[("revision", "1"), ("query", " "), ("go", "ask")]).await;
        assert!(page.status == 422 && page.html.contains("href=\"#query\""), "{} {}", page.status, page.html);
        let asked = [("revision", "1"), ("query", "Is that of the last day?"), ("go", "ask")];
        let page = ann.browser.post(OF_LEEDS, &asked).await;
        assert!(page.html.contains("Your question stands") && page.html.contains("Is that of the last day?"));
        assert!(!page.html.contains("name=\"query\""), "it is asked about already: {}", page.html);
        // Who sent it reads the question and answers by sending it again.
        let mut lea = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 2).await;
        let page = lea.browser.open("/scheme/returns/2026-Q2").await;
        assert!(page.html.contains("Is that of the last day?"), "{}", page.html);
        let again = json!({"values": sent["values"], "note": "Yes, of the last day.", "revision": 2});
        lead.put(path, &again).await.expect(200);
        // What was looked at meanwhile is another revision.
        assert_eq!(ann.browser.post(OF_LEEDS, &[("revision", "2"), ("go", "approve")]).await.status, 412);
        let page = ann.browser.post(OF_LEEDS, &[("revision", "3"), ("go", "approve")]).await;
        for words in [
            "The return is approved.",
            "Yes, of the last day.",
            "Asked about on",
            "Corrected on",
            "Approved on",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        // Others: not a lead, and nothing elsewhere.
        assert_eq!(lea.browser.open("/returns").await.status, 403);
        assert_eq!(lea.browser.open(OF_LEEDS).await.status, 403);
        assert_eq!(ann.browser.open("/returns/schemes/york-shared-lives/2026-Q2").await.status, 404);
        assert_eq!(ann.browser.open("/returns?within=E06000014").await.status, 404);
        assert_eq!(ann.browser.open("/returns?period=2031-Q1").await.status, 422);
    });
}

#[test]
fn an_area_sends_in_its_own_return_and_the_national_team_approves_it() {
    on_both(|world| async move {
        two_schemes(&world).await;
        let mut ann = person(&world, "ann@leeds.example", Role::Area("E08000035".into()), 1).await;
        let list = ann.browser.open("/area/returns").await;
        assert!(list.html.contains("href=\"/area/returns/2026-Q2\""), "{}", list.html);
        assert_eq!(ann.browser.open("/national/returns").await.status, 403);
        let field = "social-care-requests.E08000035.n";
        let page = ann
            .browser
            .post("/area/returns/2026-Q2", &[(field, "1,204"), ("revision", "0"), ("go", "send")])
            .await;
        assert!(
            page.address == "/area/returns" && page.html.contains("The return is sent in."),
            "{}",
            page.html
        );
        // Their own they do not approve.
        let own = "/returns/areas/E08000035/2026-Q2";
        let page = ann.browser.open(own).await;
        assert!(page.html.contains(">1204<") && !page.html.contains("Your part"), "{}", page.html);
        let mut nat = person(&world, "nat@khi.example", Role::National, 2).await;
        // From the United Kingdom down to the council.
        let page = nat.browser.open("/returns").await;
        for words in ["England", "/returns?within=E92000001"] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        let page = nat.browser.open("/returns?period=2025-26").await;
        assert!(page.html.contains("href=\"/returns/areas/K02000001/2025-26\""), "{}", page.html);
        let page = nat.browser.open("/returns?within=E12000003&period=2026-Q2").await;
        assert!(
            page.html.contains("href=\"/returns?within=E08000035&#38;period=2026-Q2\"")
                || page.html.contains("href=\"/returns?within=E08000035&amp;period=2026-Q2\""),
            "{}",
            page.html
        );
        assert!(page.html.contains(">1 of 2<"), "the area has sent, its scheme has not: {}", page.html);
        let page = nat.browser.post(own, &[("revision", "1"), ("go", "approve")]).await;
        assert!(page.html.contains("The return is approved."), "{}", page.html);
        // The national body's own.
        let page = nat.browser.post(
            "/national/returns/2025-26",
            &[("lac-areas.K02000001.n", "14"), ("revision", "0"), ("go", "send")],
        );
        let page = page.await;
        assert!(
            page.address == "/national/returns" && page.html.contains("The return is sent in."),
            "{}",
            page.html
        );
        // A region sends nothing itself.
        let mut reg = person(&world, "reg@region.example", Role::Area("E12000003".into()), 3).await;
        let page = reg.browser.open("/area/returns").await;
        assert!(page.html.contains("Nothing is asked of your area itself."), "{}", page.html);
        assert_eq!(reg.browser.open("/returns").await.status, 200);
    });
}
