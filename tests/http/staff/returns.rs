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
