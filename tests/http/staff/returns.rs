//! Filling in a return on its page.

use super::*;

const PAGE: &str = "/scheme/returns/2026-Q2";
const PEOPLE: &str = "shared-lives-people.E08000035.n";
const GOOD: &str = "shared-lives-good.E08000035";

#[test]
fn a_lead_saves_a_return_for_later_is_told_what_is_wrong_and_sends_it_in() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let mut lea = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await;
        let list = lea.browser.open("/scheme/returns").await;
        assert!(
            list.html.contains(&format!("href=\"{PAGE}\""))
                && list.html.contains("1 April 2026 to 30 June 2026"),
            "{}",
            list.html
        );
        // Half a number is kept as it is.
        let page = lea.browser.post(PAGE, &[(PEOPLE, "2x1"), ("revision", "0"), ("go", "save")]).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/scheme/returns"), "{}", page.html);
        assert!(page.html.contains("Begun, and not sent in") && page.html.contains("It is not sent in yet"));
        let page = lea.browser.open(PAGE).await;
        assert!(page.html.contains("value=\"2x1\""), "{}", page.html);
        // Each fault stands at its field, and what was right stays.
        let (n, d) = (format!("{GOOD}.n"), format!("{GOOD}.d"));
        let wrong = [(PEOPLE, "50%"), (n.as_str(), "1"), (d.as_str(), ""), ("revision", "1"), ("go", "send")];
        let page = lea.browser.post(PAGE, &wrong).await;
        assert_eq!(page.status, 422);
        for field in [PEOPLE, &d] {
            assert!(page.html.contains(&format!("href=\"#{field}\"")), "{field}: {}", page.html);
        }
        // What is unusual is asked about once.
        let much =
            [(PEOPLE, "9,000"), (n.as_str(), "1"), (d.as_str(), "1"), ("revision", "1"), ("go", "send")];
        let page = lea.browser.post(PAGE, &much).await;
        assert!(page.status == 200 && page.html.contains("Please look at these once more"), "{}", page.html);
        assert!(
            page.html.contains("value=\"9,000\"") && page.html.contains("9000 is unusual"),
            "{}",
            page.html
        );
        let sure: Vec<(&str, &str)> = much.iter().copied().chain([("sure", "yes")]).collect();
        let page = lea.browser.post(PAGE, &sure).await;
        assert!(page.html.contains("The return is sent in."), "{}", page.html);
        let page = lea.browser.open(PAGE).await;
        assert!(
            page.html.contains("value=\"9000\"") && page.html.contains("Sent in on 20 July 2026"),
            "{}",
            page.html
        );
        // Somebody else has saved meanwhile: nothing is lost unseen.
        assert_eq!(lea.browser.post(PAGE, &sure).await.status, 412);
        // A worker sees which there are, and fills none in.
        let mut will = person(&world, "will@leeds.example", Role::SchemeWorker(leeds), 2).await;
        assert_eq!(will.browser.open("/scheme/returns").await.status, 200);
        assert_eq!(will.browser.open(PAGE).await.status, 403);
        let unknown = lea.browser.open("/scheme/returns/2026-Q4").await.status;
        assert_eq!(unknown, 400, "it has not begun");
    });
}

#[test]
fn a_lead_takes_a_table_looks_at_what_would_change_and_sends_it_in() {
    on_both(|world| async move {
        let (leeds, _) = two_schemes(&world).await;
        let mut lea = person(&world, "lea@leeds.example", Role::SchemeLead(leeds), 1).await;
        let page = lea.browser.open("/scheme/returns").await;
        assert!(page.html.contains("href=\"/scheme/returns/import\""), "{}", page.html);
        let page = lea.browser.open("/scheme/returns/import").await;
        assert!(page.html.contains("<option value=\"2026-Q2\">1 April 2026 to 30 June 2026</option>"));
        const IMPORT: &str = "/scheme/returns/import";
        let page = lea.browser.post_parts(IMPORT, &[("table", ""), ("go", "try")], None).await;
        assert!(page.status == 422 && page.html.contains("href=\"#table\""), "{}", page.html);
        // Everything that is wrong, and nothing is sent in.
        let wrong = "Period,Figure,Numerator,Denominator,Comment\n2026-Q2,shared-lives-people,50%,,x\n2026-Q2,shared-lives-good,3,2,\n";
        let page = lea.browser.post_parts(IMPORT, &[("go", "try")], Some(("own.csv", wrong))).await;
        assert!(page.html.contains("2 things are not right"), "{}", page.html);
        assert!(!page.html.contains("value=\"import\"") && page.html.contains("not read: Comment"));
        // What would change; what is unusual is asked about before it is sent in.
        let table =
            "Period,Figure,Numerator\n2026-Q2,shared-lives-people,9000\n2026-Q2,shared-lives-carers,\n";
        let page = lea.browser.post_parts(IMPORT, &[("go", "try")], Some(("own.csv", table))).await;
        assert!(
            page.html.contains("1 new, 0 corrected") && page.html.contains("Empty rows: 1"),
            "{}",
            page.html
        );
        assert!(page.html.contains("9000 is unusual") && page.html.contains("is sent in, with 1 figure."));
        let (_, rest) = page.html.split_once("name=\"seen\" value=\"").expect("what was seen");
        let seen = rest.split('"').next().expect("its end").to_owned();
        let form = [("table", table), ("seen", seen.as_str()), ("note", "All counted"), ("go", "import")];
        let page = lea.browser.post_parts(IMPORT, &form, None).await;
        assert!(page.status == 422 && page.html.contains("href=\"#sure\""), "{}", page.html);
        let sure: Vec<(&str, &str)> = form.iter().copied().chain([("sure", "yes")]).collect();
        let long = "a".repeat(501);
        let too_long: Vec<(&str, &str)> =
            sure.iter().map(|(name, value)| (*name, if *name == "note" { &*long } else { *value })).collect();
        let page = lea.browser.post_parts(IMPORT, &too_long, None).await;
        assert!(page.status == 422 && page.html.contains("href=\"#note\""), "{}", page.html);
        assert!(page.html.contains(&long), "what was written stays");
        let page = lea.browser.post_parts(IMPORT, &sure, None).await;
        assert!(page.html.contains("The figures are sent in."), "{}", page.html);
        let page = lea.browser.open(PAGE).await;
        assert!(page.html.contains("value=\"9000\"") && page.html.contains("“All counted”"), "{}", page.html);
        assert!(page.html.contains("/scheme/returns/template?period=2026-Q2"), "{}", page.html);
        // It is another return by now than the one that was looked at.
        assert_eq!(lea.browser.post_parts(IMPORT, &sure, None).await.status, 412);
        let page = lea.browser.open("/scheme/returns/template?period=2026-Q2&format=csv").await;
        assert!(page.html.contains("shared-lives-people") && page.html.contains("9000"), "{}", page.html);
        let mut will = person(&world, "will@leeds.example", Role::SchemeWorker(leeds), 2).await;
        assert_eq!(will.browser.open(IMPORT).await.status, 403);
        assert_eq!(will.browser.post_parts(IMPORT, &sure, None).await.status, 403);
        assert_eq!(will.browser.open("/scheme/returns/template?period=2026-Q2").await.status, 403);
    });
}
