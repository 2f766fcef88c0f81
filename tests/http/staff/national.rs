//! The national team's pages and the area's: for them only, and without names of people.

use serde_json::json;

use khi::domain::access::Role;

use super::super::support::{World, contacts, on_both, response};
use super::{person, two_schemes};

const PAGES: [&str; 10] = [
    "/national",
    "/national/schemes",
    "/national/schemes/add",
    "/national/schemes/import",
    "/national/schemes/leeds-shared-lives",
    "/national/schemes/leeds-shared-lives/contacts",
    "/national/areas?q=leeds",
    "/national/questionnaires",
    "/national/coverage?q=2026-Q3",
    "/national/retention",
];

/// Leeds with somebody who answered.
async fn with_an_answer(world: &World) -> (i64, i64) {
    let numbers = two_schemes(world).await;
    let national = world.national().await;
    national.put("/api/v1/schemes/leeds-shared-lives/contacts", &contacts("leeds")).await.expect(200);
    let lead = world.signed_in(Role::SchemeLead(numbers.0)).await;
    let path = "/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-1";
    let enrolment = json!({"council": "E08000035", "supported_from": "2024-05-01"});
    lead.put(path, &enrolment).await.expect(201);
    lead.put(&format!("{path}/identity"), &json!({"name": "Mair CANARY", "channel": "none"}))
        .await
        .expect(200);
    let mut said = response("leeds-shared-lives", "P-1", "2026-07-14", "better");
    said["answers"]["one-thing"] = json!("CANARY words");
    national.submit("key-0123456789-a", &said).await.expect(201);
    numbers
}

#[test]
fn the_national_teams_pages_are_theirs_alone_and_show_nobody() {
    on_both(|world| async move {
        let (leeds, _) = with_an_answer(&world).await;
        let mut national = person(&world, "nora@national.example", Role::National, 21).await;
        let mut lead = person(&world, "lena@scheme.example", Role::SchemeLead(leeds), 22).await;
        let mut area = person(&world, "arif@council.example", Role::Area("E08000035".into()), 23).await;
        for path in PAGES.iter().chain(&["/national/complaints"]) {
            let page = national.browser.open(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.html);
            assert!(!page.html.contains("CANARY") && !page.html.contains("P-1<"), "{path}");
            for other in [&mut lead, &mut area] {
                assert_eq!(other.browser.open(path).await.status, 403, "{path}");
            }
        }
        let coverage = national.browser.open("/national/coverage?q=2026-Q3").await.html.clone();
        assert!(coverage.contains("People in its figures: 1."), "{coverage}");
        let versions = national.browser.open("/national/questionnaires").await.html.clone();
        assert!(versions.contains("Answers stored: 1"), "{versions}");
        assert_eq!(national.browser.open("/national/coverage?q=soon").await.status, 422);
        let page = area.browser.open("/area").await;
        assert!(page.html.contains("Example leeds-shared-lives"), "{}", page.html);
        assert!(!page.html.contains("figures: 1"), "one person's answer is not to be seen: {}", page.html);
        assert!(!page.html.contains("york"), "only what works for the area");
        assert_eq!(lead.browser.open("/scheme/complaints").await.status, 200);
        assert_eq!(national.browser.open("/scheme/complaints").await.status, 403);
    });
}

#[test]
fn schemes_are_added_changed_closed_and_imported_on_pages() {
    on_both(|world| async move {
        two_schemes(&world).await;
        let mut national = person(&world, "nora@national.example", Role::National, 21).await;
        let browser = &mut national.browser;
        let page =
            browser.post("/national/schemes/add", &[("id", "Bad Id"), ("areas", "E08000035 soon")]).await;
        assert_eq!(page.status, 422);
        for field in ["id", "name", "model", "areas"] {
            assert!(page.html.contains(&format!("href=\"#{field}\"")), "{field}: {}", page.html);
        }
        let form = [
            ("id", "bath-shared-lives"),
            ("name", "Bath"),
            ("model", "shared-lives"),
            ("areas", "E06000022 2020-04-01"),
            ("practice", "no"),
        ];
        let page = browser.post("/national/schemes/add", &form).await;
        assert_eq!(
            (page.status, page.address.as_str()),
            (200, "/national/schemes/bath-shared-lives/contacts")
        );
        let form = [
            ("help", "Sam Example"),
            ("help_phone", "01632 960 123"),
            ("leads", "Ann Example, ann@bath.example\nBola Example bola@bath.example"),
            ("outside", "Adults team, adults@bath.example"),
        ];
        let page = browser.post("/national/schemes/bath-shared-lives/contacts", &form).await;
        assert_eq!(page.status, 200, "{}", page.html);
        let directory = world.app.directory();
        let bath = directory.scheme("bath-shared-lives").expect("there");
        let leads: Vec<(&str, &str)> =
            bath.contacts.leads.iter().map(|l| (l.name.as_str(), l.email.as_str())).collect();
        assert_eq!(leads, [("Ann Example", "ann@bath.example"), ("Bola Example", "bola@bath.example")]);
        let bad = [("leads", "nobody"), ("help", "x")];
        assert_eq!(browser.post("/national/schemes/bath-shared-lives/contacts", &bad).await.status, 422);
        let form = [
            ("go", "change"),
            ("name", "Bath and more"),
            ("areas", "E06000022 2020-04-01\nE06000023 2026-01-01"),
        ];
        let page = browser.post("/national/schemes/bath-shared-lives", &form).await;
        assert!(page.html.contains("Bath and more"), "{}", page.html);
        let form = [("go", "close"), ("last_day", "2026-09-30")];
        assert_eq!(browser.post("/national/schemes/bath-shared-lives", &form).await.status, 200);
        let directory = world.app.directory();
        let bath = directory.scheme("bath-shared-lives").expect("there");
        assert_eq!(bath.about.name, "Bath and more");
        assert_eq!(bath.councils_on("2026-10-01".parse().expect("a day")).count(), 0);
        assert_eq!(browser.open("/national/schemes/nowhere").await.status, 404);

        let table =
            "id\tname\tmodel\tcouncil\tfrom\nhull-shared-lives\tHull\tshared-lives\tE06000010\t2020-04-01\n";
        let page = browser.post("/national/schemes/import", &[("go", "try"), ("table", table)]).await;
        assert!(page.html.contains("would add 1 schemes: hull-shared-lives"), "{}", page.html);
        assert!(world.app.directory().scheme("hull-shared-lives").is_none(), "a dry run writes nothing");
        let wrong = table.replace("E06000010", "E99");
        let page = browser.post("/national/schemes/import", &[("go", "import"), ("table", &wrong)]).await;
        assert_eq!(page.status, 422);
        assert!(page.html.contains("Row 2, council:"), "{}", page.html);
        let page = browser.post("/national/schemes/import", &[("go", "import"), ("table", table)]).await;
        assert!(page.html.contains("The schemes are added."), "{}", page.html);
        assert!(world.app.directory().scheme("hull-shared-lives").is_some());
    });
}

#[test]
fn how_long_data_are_kept_is_changed_on_its_page() {
    on_both(|world| async move {
        let mut national = person(&world, "nora@national.example", Role::National, 21).await;
        let browser = &mut national.browser;
        let page = browser
            .post("/national/retention", &[("class", "identity"), ("keep", "1000"), ("from", "soon")])
            .await;
        assert_eq!(page.status, 422);
        for field in ["keep", "from", "reason"] {
            assert!(page.html.contains(&format!("href=\"#{field}-identity\"")), "{field}: {}", page.html);
        }
        let form = [("class", "identity"), ("keep", "12"), ("reason", "Our board decided so.")];
        let page = browser.post("/national/retention", &form).await;
        assert!(
            page.html.contains("Our board decided so.") && page.html.contains("12 months"),
            "{}",
            page.html
        );
    });
}
