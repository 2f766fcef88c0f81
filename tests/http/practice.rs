//! A practice scheme: everything works in it, and nothing above it counts it.

use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{Browser, Client, contacts, on_both, response, scheme};

const PRACTICE: &str = "/api/v1/schemes/practice-shared-lives";

fn practice() -> Value {
    let mut body = scheme("practice-shared-lives", "E08000035");
    body["practice"] = json!(true);
    body
}

async fn rows(client: &Client<'_>, query: &str) -> Vec<Value> {
    client
        .get(&format!("/api/v1/khi?period=2026-27&indicator=social-connection&{query}"))
        .await
        .expect(200)
        .items()
}

#[test]
fn a_practice_scheme_is_counted_nowhere_above_itself() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &practice()).await.expect(201);
        for person in 0..12 {
            for (place, said) in [("leeds", "better"), ("practice", "worse")] {
                let body =
                    response(&format!("{place}-shared-lives"), &format!("P-{person}"), "2026-07-14", said);
                national.submit(&format!("key-0123456789-{place}-{person}"), &body).await.expect(201);
            }
        }
        let area = world.signed_in(Role::Area("E08000035".into())).await;
        for level in ["uk", "nation", "region", "local_authority"] {
            let found = rows(&national, &format!("level={level}")).await;
            assert_eq!(found.len(), 1, "{level}");
            let row = &found[0];
            assert_eq!(
                (&row["n"], &row["positive"], &row["practice"]),
                (&json!(12), &json!(12), &json!(false)),
                "{level}"
            );
            assert_eq!(row["schemes"], json!({"taking_part": 1, "all": 1}), "{level}");
            assert!(rows(&national, &format!("level={level}&scheme=practice-shared-lives")).await.is_empty());
        }
        let council = rows(&area, "level=local_authority").await;
        assert_eq!((council.len(), &council[0]["n"]), (1, &json!(12)));
        let own = rows(&national, "level=scheme").await;
        let marked: Vec<(&Value, &Value, &Value)> =
            own.iter().map(|r| (&r["place"]["code"], &r["practice"], &r["n"])).collect();
        let twelve = json!(12);
        let expected = [
            (&json!("leeds-shared-lives"), &json!(false), &twelve),
            (&json!("practice-shared-lives"), &json!(true), &twelve),
        ];
        assert_eq!(marked, expected);
        assert_eq!(national.get("/api/v1/responses").await.items().len(), 12);
        assert_eq!(national.get("/api/v1/responses?scheme=practice-shared-lives").await.items().len(), 12);
        let changes = national.get("/api/v1/changes").await.items();
        assert_eq!(changes.iter().filter(|c| c["practice"] == true).count(), 12, "they are marked");
        let lead = world.signed_in(Role::SchemeLead(world.number("practice-shared-lives"))).await;
        assert_eq!(rows(&lead, "level=scheme").await[0]["n"], 12, "it sees its own figures");
    });
}

#[test]
fn whether_a_scheme_is_for_practice_never_changes() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        assert_eq!(national.post("/api/v1/schemes", &practice()).await.expect(201).json()["practice"], true);
        let mut body = scheme("practice-shared-lives", "E08000035");
        assert_eq!(
            national.put(PRACTICE, &body).await.expect(200).json()["practice"],
            true,
            "unsaid, it stays"
        );
        body["practice"] = json!(false);
        let refused = national.put(PRACTICE, &body).await.expect(422).faults();
        assert_eq!(refused, [("/practice".into(), "cannot-change".into())]);
        let mut leeds = scheme("leeds-shared-lives", "E08000035");
        leeds["practice"] = json!(true);
        national.put("/api/v1/schemes/leeds-shared-lives", &leeds).await.expect(422);
        assert_eq!(national.get(PRACTICE).await.json()["practice"], true);
    });
}

#[test]
fn every_page_of_a_practice_scheme_says_so() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &practice()).await.expect(201);
        national.put(&format!("{PRACTICE}/contacts"), &contacts("practice")).await.expect(200);
        let person = json!({"council": "E08000035", "supported_from": "2024-01-10"});
        national.put(&format!("{PRACTICE}/participants/by-ref/P-1"), &person).await.expect(201);
        let invitation =
            json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": "2026-07-20"});
        let invited = national.post(&format!("{PRACTICE}/invitations"), &invitation).await.expect(201).json();
        let link = invited["link"]
            .as_str()
            .and_then(|l| l.strip_prefix("http://khi.test"))
            .expect("a link")
            .to_owned();
        let real = national.invite("P-1").await.link;
        let mut browser = Browser::new(&world, 1).await;
        assert!(browser.open(&link).await.html.contains("Practice only."));
        browser.start(&link).await;
        assert!(browser.page.html.contains("Practice only."));
        browser.answer(&["self"]).await;
        assert!(browser.page.html.contains("Practice only."));
        let mut other = Browser::new(&world, 2).await;
        assert!(!other.open(&real).await.html.contains("Practice only."));
    });
}
