//! One-time links for the return of a unit: made by the lead, filled in without an account, over when it is sent in.

use serde_json::json;

use super::*;

const LIST: &str = "/scheme/return-links";
const PEOPLE: &str = "community-enterprise-people.E08000035.n";
const HOURS: &str = "community-enterprise-hours.E08000035.n";

/// A scheme of community enterprises with a garden and a kitchen, and its lead.
async fn enterprises(world: &World) -> (i64, Person) {
    let national = world.national().await;
    let mut body = scheme("leeds-enterprises", "E08000035");
    body["model"] = json!("community-enterprise");
    body["units"] = json!([
        {"id": "garden", "name": "Garden Days", "from": "2024-01-01", "to": null},
        {"id": "kitchen", "name": "Kitchen", "from": "2024-01-01", "to": null},
    ]);
    national.post("/api/v1/schemes", &body).await.expect(201);
    let number = world.number("leeds-enterprises");
    let lea = person(world, "lea@leeds.example", Role::SchemeLead(number), 1).await;
    (number, lea)
}

/// Makes a link on the page, and gives the path of its address.
async fn made(lea: &mut Person, unit: &str, period: &str) -> String {
    let page = lea.browser.post(LIST, &[("unit", unit), ("period", period), ("go", "make")]).await;
    assert!(page.html.contains("The link is made."), "{}", page.html);
    format!("/r/{}", between(&page.html, "value=\"http://khi.test/r/", "\""))
}

#[test]
fn whoever_runs_a_unit_saves_and_sends_its_figures_through_a_link() {
    on_both(|world| async move {
        let (_, mut lea) = enterprises(&world).await;
        let list = lea.browser.open("/scheme/returns").await;
        assert!(list.html.contains(&format!("href=\"{LIST}\"")), "{}", list.html);
        // What is to be sent in comes first, under its period: what is running can wait.
        let now = between(&list.html, "To send in now", "For later");
        assert!(now.contains("1 April 2026 to 30 June 2026") && now.contains("Garden Days"), "{now}");
        assert!(now.contains("The scheme itself") && !now.contains("30 September 2026"), "{now}");
        let later = between(&list.html, "For later", "</main>");
        assert!(
            later.contains("1 July 2026 to 30 September 2026") && !list.html.contains("Sent in</h2>"),
            "{later}"
        );
        let link = made(&mut lea, "garden", "2026-Q2").await;
        // Opening it changes nothing, however often it is done: programs that look at messages open links too.
        let links = lea.browser.open(LIST).await;
        assert!(
            links.html.contains("<a href=\"/scheme/returns\" aria-current=\"page\">Returns</a>"),
            "{}",
            links.html
        );
        let mut phone = Browser::new(&world, 9).await;
        for _ in 0..3 {
            let page = phone.open(&link).await;
            assert!(page.status == 200 && page.html.contains("Garden Days"), "{}", page.html);
        }
        assert!(lea.browser.open(LIST).await.html.contains("not opened yet"));
        assert_eq!(phone.open("/unit-return").await.status, 410, "the button was not pressed");
        let page = phone.post(&link, &[]).await;
        assert_eq!((page.status, page.address.as_str()), (200, "/unit-return"), "{}", page.html);
        for words in [PEOPLE, HOURS, "Figures of Garden Days", "1 April 2026 to 30 June 2026"] {
            assert!(page.html.contains(words), "{words}: {}", page.html);
        }
        assert!(
            !page.html.contains("community-enterprises-started"),
            "the scheme's own figures are not asked"
        );
        // Half a number is kept, and nothing is sent in.
        let page = phone.post("/unit-return", &[(PEOPLE, "1x"), ("revision", "0"), ("go", "save")]).await;
        assert!(page.html.contains("Saved. It is not sent in yet") && page.html.contains("value=\"1x\""));
        // The checks are those of the lead's form.
        let page = phone.post("/unit-return", &[(PEOPLE, "50%"), ("revision", "1"), ("go", "send")]).await;
        assert!(page.status == 422 && page.html.contains(&format!("href=\"#{PEOPLE}\"")), "{}", page.html);
        let much = [(PEOPLE, "12"), (HOURS, "90000"), ("revision", "1"), ("go", "send")];
        let page = phone.post("/unit-return", &much).await;
        assert!(page.status == 200 && page.html.contains("Please look at these once more"), "{}", page.html);
        let sure: Vec<(&str, &str)> = much.iter().copied().chain([("sure", "yes")]).collect();
        let page = phone.post("/unit-return", &sure).await;
        assert!(page.address == "/unit-return/sent" && page.html.contains("Thank you"), "{}", page.html);
        // It is over, for this browser and for every other.
        assert_eq!(phone.open("/unit-return").await.status, 410);
        assert_eq!(phone.open(&link).await.status, 410);
        let page = lea.browser.open("/scheme/returns/2026-Q2/garden").await;
        assert!(page.html.contains("value=\"90000\"") && page.html.contains("Sent in on"), "{}", page.html);
        // Who it was is not known; that it was through a link is.
        let national = world.national().await;
        let log = national.get("/api/v1/schemes/leeds-enterprises/audit").await.expect(200).text;
        for act in ["return-link-made", "return-link-opened", "return-saved", "return-sent"] {
            assert!(log.contains(act), "{act}: {log}");
        }
        assert!(log.contains("\"return-link\""), "{log}");
        assert!(!log.contains(link.trim_start_matches("/r/")), "no entry holds what opens a link");
    });
}

#[test]
fn a_link_is_for_one_unit_can_be_taken_back_and_ends_by_itself() {
    on_both(|world| async move {
        let (_, mut lea) = enterprises(&world).await;
        let mut phone = Browser::new(&world, 9).await;
        let link = made(&mut lea, "kitchen", "2026-Q2").await;
        // The browser that was let in last goes on.
        phone.post(&link, &[]).await;
        let mut other = Browser::new(&world, 10).await;
        other.post(&link, &[]).await;
        assert_eq!(
            (phone.open("/unit-return").await.status, other.open("/unit-return").await.status),
            (410, 200)
        );
        // Another unit's figures are refused.
        let page =
            other.post("/unit-return", &[("community-enterprises.E08000035.n", "3"), ("go", "send")]).await;
        assert_eq!(page.status, 422);
        // Taken back: whoever is in is out.
        let page = lea.browser.open(LIST).await;
        let id = between(&page.html, "name=\"link\" value=\"", "\"");
        let page = lea.browser.post(LIST, &[("link", &id), ("go", "revoke")]).await;
        assert!(page.html.contains("The link is taken back"), "{}", page.html);
        assert_eq!(other.open("/unit-return").await.status, 410);
        assert_eq!(other.open(&link).await.status, 410);
        assert_eq!(lea.browser.open(&format!("{LIST}/{id}")).await.status, 404);
        // After 28 days.
        let link = made(&mut lea, "kitchen", "2026-Q2").await;
        phone.post(&link, &[]).await;
        assert_eq!(phone.open("/unit-return").await.status, 200);
        world.wait(TimeDelta::days(29));
        assert_eq!((phone.open("/unit-return").await.status, phone.open(&link).await.status), (410, 410));
        assert_eq!(phone.open("/r/1-ABCDEFGHJKMNPQRSTVWXYZ0123").await.status, 404);
    });
}

#[test]
fn only_a_lead_makes_links_and_only_for_what_is_asked() {
    on_both(|world| async move {
        let (number, mut lea) = enterprises(&world).await;
        for (unit, period, field) in [
            ("cellar", "2026-Q2", "unit"),
            ("garden", "2031-Q1", "period"),
            ("garden", "", "period"),
            ("", "2026-Q2", "unit"),
        ] {
            let page = lea.browser.post(LIST, &[("unit", unit), ("period", period), ("go", "make")]).await;
            assert_eq!(page.status, 422, "{unit} {period}");
            assert!(page.html.contains(&format!("href=\"#{field}\"")), "{unit} {period}: {}", page.html);
        }
        let mut will = person(&world, "will@leeds.example", Role::SchemeWorker(number), 2).await;
        assert_eq!(will.browser.open(LIST).await.status, 403);
        let make = [("unit", "garden"), ("period", "2026-Q2"), ("go", "make")];
        assert_eq!(will.browser.post(LIST, &make).await.status, 403);
        // Sending the return in on the lead's own page ends the link as well.
        let link = made(&mut lea, "garden", "2026-Q2").await;
        let sent = [(PEOPLE, "12"), ("revision", "0"), ("go", "send")];
        lea.browser.post("/scheme/returns/2026-Q2/garden", &sent).await;
        let mut phone = Browser::new(&world, 9).await;
        assert_eq!(phone.open(&link).await.status, 410);
    });
}
