//! What people say and what is counted, on one page.

use super::*;

#[test]
fn a_place_shows_both_and_says_where_only_one_side_got_better() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let mut nat = person(&world, "nat@khi.example", Role::National, 1).await;
        let client = world.national().await;
        for (quarter, good) in [("2026-Q1", 1), ("2026-Q2", 2)] {
            let path = format!("/api/v1/schemes/leeds-shared-lives/returns/{quarter}");
            let value = serde_json::json!({"kpi": "shared-lives-good", "numerator": good, "denominator": 2});
            client.put(&path, &serde_json::json!({"values": [value]})).await.expect(201);
            for number in 1..=3 {
                let key = format!("key-of-the-answer-{quarter}-{number}");
                let day = if quarter == "2026-Q1" { "2026-02-10" } else { "2026-05-10" };
                let body =
                    crate::support::response("leeds-shared-lives", &format!("P-{number}"), day, "better");
                client.submit(&key, &body).await.expect(201);
            }
        }
        let page = nat.browser.open("/outcomes?place=E08000035&by=quarter").await;
        assert_eq!(page.status, 200);
        for words in [
            "Side by side: Leeds",
            "What people say did not get better",
            "of 1 counts that can be compared, 1 got better",
            "1 of 1 returns",
            "100%",
            "3 people",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        let page = nat.browser.open("/outcomes?place=nowhere").await;
        assert!(page.status == 422 && page.html.contains("href=\"#place\""), "{}", page.html);
        // The list of places: by level, councils by what they lie in, and schemes.
        for words in [
            "<select name=\"place\"",
            "<optgroup label=\"Nations\"",
            "<optgroup label=\"Councils and trusts: Yorkshire and The Humber\"",
            "<option value=\"NIHSCT-belfast\"",
            "<option value=\"york-shared-lives\"",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        assert!(!page.html.contains("value=\"E08000016\""), "Barnsley's code until 2025");
        let page = nat.browser.open("/outcomes?place=E08000016").await;
        assert!(page.html.contains("<option value=\"E08000016\" selected"), "{}", page.html);
        // A lead sees their own scheme, whatever they write.
        let mut lea = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 2).await;
        let page = lea.browser.open("/outcomes?place=york-shared-lives&by=quarter").await;
        assert!(page.html.contains("Side by side: ") && !page.html.contains("york"), "{}", page.html);
        let mut area = person(&world, "ann@leeds.example", Role::Area("E08000035".into()), 3).await;
        let page = area.browser.open("/outcomes").await;
        assert!(
            page.status == 200 && page.html.contains("<option value=\"E08000035\" selected"),
            "{}",
            page.html
        );
        assert!(page.html.contains("<option value=\"leeds-shared-lives\""), "{}", page.html);
        for other in ["E06000014", "E12000003", "york-shared-lives"] {
            assert!(!page.html.contains(other), "{other}: {}", page.html);
        }
        assert_eq!(area.browser.open("/outcomes?place=E06000014").await.status, 404);
        assert_eq!(area.browser.open("/outcomes?place=E12000003").await.status, 403);
    });
}

#[test]
fn councils_are_chosen_and_added_up_on_one_page() {
    on_both(|world| async move {
        two_schemes(&world).await;
        let mut nat = person(&world, "nat@khi.example", Role::National, 1).await;
        let client = world.national().await;
        for (scheme, good) in [("leeds-shared-lives", 1), ("york-shared-lives", 2)] {
            let path = format!("/api/v1/schemes/{scheme}/returns/2026-Q2");
            let value = serde_json::json!({"kpi": "shared-lives-good", "numerator": good, "denominator": 2});
            client.put(&path, &serde_json::json!({"values": [value]})).await.expect(201);
        }
        let page = nat.browser.open("/outcomes").await;
        assert!(page.html.contains("href=\"/outcomes/councils\""), "{}", page.html);
        let page = nat.browser.open("/outcomes/councils?area=E08000035").await;
        assert_eq!(page.status, 200);
        for words in ["value=\"E08000035\" checked", "value=\"NIHSCT-belfast\"", "value=\"W06000015\""] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        assert!(!page.html.contains("value=\"E08000016\""), "Barnsley's code until 2025");
        // As the form sends it; the order makes no difference.
        let page = nat.browser.open("/outcomes?together=yes&area=E08000035&area=E06000014&by=quarter").await;
        for words in [
            "Side by side: 2 councils together",
            "Leeds and York",
            "75%",
            "2 of 2 returns",
            "By financial year",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        assert!(!page.html.contains("href=\"/targets"), "{}", page.html);
        for wrong in [
            "together=yes",
            "area=E08000035",
            "area=E08000035&area=E08000035",
            "area=E08000035&area=nowhere",
            "area=E92000001&area=E08000035",
        ] {
            let page = nat.browser.open(&format!("/outcomes?{wrong}")).await;
            assert!(page.status == 422 && page.html.contains("href=\"#councils\""), "{wrong}: {}", page.html);
        }
        // An area's team sees its own places only, one by one.
        let mut area = person(&world, "ann@leeds.example", Role::Area("E08000035".into()), 3).await;
        assert_eq!(area.browser.open("/outcomes/councils").await.status, 403);
        let page = area.browser.open("/outcomes?area=E08000035&area=E06000014").await;
        assert!(
            page.html.contains("Side by side: Leeds") && !page.html.contains("E06000014"),
            "{}",
            page.html
        );
    });
}

#[test]
fn what_others_publish_stands_beside_and_says_whose_it_is() {
    on_both(|world| async move {
        two_schemes(&world).await;
        let mut nat = person(&world, "nat@khi.example", Role::National, 1).await;
        let client = world.national().await;
        let page = nat.browser.open("/outcomes?place=E08000035").await;
        assert!(page.status == 200 && !page.html.contains("what others publish"), "{}", page.html);
        let file = "Geographical level,ONS code,ASCOF measure code,Disaggregation level,Measure type,Measure value\n\
            Council,E08000035,2A,Total,Numerator,1234\nCouncil,E08000035,2A,Total,Denominator,2468\n\
            Council,E08000035,2A,Total,Outcome,50\nCouncil,E08000035,2A,18-64,Outcome,[c]\n";
        let path = "/api/v1/comparators/import?year=2024-25&name=published.csv";
        let headers = [("Content-Type", "text/csv")];
        client.send(actix_web::http::Method::POST, path, &headers, Some(file.into())).await.expect(200);
        let page = nat.browser.open("/outcomes?place=E08000035").await;
        for words in [
            "Comparators: what others publish",
            "2A: Total",
            "1,234 of 2,468, published for 2024-25",
            "not shown, because it could tell of few people",
            "ASCOF 2024-25: published.csv, imported 2026-07-20, SHA-256 ",
            "part of none of the figures above",
        ] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
    });
}
