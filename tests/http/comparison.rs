//! Comparisons and claims: from a release and nothing else, for whoever may see them.

use khi::domain::access::Role;
use khi::domain::period::Period;
use khi::use_cases::{draft_release, withdraw_release};
use serde_json::{Value, json};

use super::releases::{publish, send};
use super::support::{Client, World, on_both, scheme};

/// Six schemes, each with enough answers to be shown; Leeds lower than the others.
pub(crate) async fn six_schemes(national: &Client<'_>) {
    for (name, council, people, better) in [
        ("leeds", "E08000035", 60, 27),
        ("york", "E06000014", 50, 42),
        ("bradford", "E08000032", 45, 37),
        ("barnet", "E09000003", 45, 38),
        ("cardiff", "W06000015", 50, 43),
        ("hull", "E06000010", 45, 38),
    ] {
        let id = format!("{name}-shared-lives");
        national.post("/api/v1/schemes", &scheme(&id, council)).await.expect(201);
        send(national, &id, people, better, 0).await;
    }
}

fn connection(part: &Value) -> &Value {
    let all = part["indicators"].as_array().expect("a list");
    all.iter().find(|one| one["indicator"] == "social-connection").expect("seeing other people")
}

#[test]
fn a_scheme_is_compared_by_whoever_sees_its_figures() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        let path = "/api/v1/schemes/leeds-shared-lives/comparison";
        let none = national.get(path).await.expect(200).json();
        assert_eq!((&none["release"], &none["draft"]), (&Value::Null, &Value::Null));
        publish(&world, "2026-27").await;
        let seen = national.get(path).await.expect(200).json();
        assert!(seen["caution"].as_str().expect("words").contains("cannot be used to judge"));
        let one = connection(&seen["release"]);
        assert_eq!((&one["own"]["positive"], &one["own"]["n"]), (&json!(27), &json!(60)));
        let places: Vec<&str> =
            one["places"].as_array().expect("places").iter().filter_map(|p| p["level"].as_str()).collect();
        assert_eq!(places, ["region", "nation", "uk"]);
        for place in one["places"].as_array().expect("places") {
            assert_eq!(place["difference"]["verdict"], "lower", "{place}");
        }
        let funnel = &one["funnel"];
        assert_eq!((&funnel["schemes"], &funnel["own"]["standing"]), (&json!(6), &json!("below")));
        let others = funnel["others"].as_array().expect("dots");
        assert!(others.len() == 5 && others.iter().all(|dot| dot["n"].as_i64().expect("a number") % 5 == 0));
        let text = seen.to_string();
        for name in ["york", "bradford", "barnet", "cardiff", "hull"] {
            assert!(!text.contains(&format!("{name}-shared-lives")), "{name} is named");
        }

        let leeds = world.number("leeds-shared-lives");
        for (role, here, there) in [
            (Role::SchemeLead(leeds), 200, 404),
            (Role::SchemeWorker(leeds), 200, 404),
            (Role::National, 200, 200),
            (Role::Analyst, 200, 200),
            (Role::Area("E08000035".into()), 200, 404),
            (Role::Collector(Some(leeds)), 403, 403),
        ] {
            let client = world.signed_in(role.clone()).await;
            assert_eq!(client.get(path).await.status, here, "{role:?}");
            let other = client.get("/api/v1/schemes/york-shared-lives/comparison").await;
            assert_eq!(other.status, there, "{role:?}");
        }
        world.stranger().get(path).await.expect(401);
    });
}

#[test]
fn a_draft_shows_a_scheme_its_own_part_and_no_other_scheme() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        let period: Period = "2026-27".parse().expect("a period");
        world.act(move |app| draft_release(app, period, 14)).await.expect("drafted");
        let path = "/api/v1/schemes/leeds-shared-lives/comparison";
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let seen = lead.get(path).await.expect(200).json();
        let draft = &seen["draft"];
        assert_eq!((&seen["release"], &draft["open"]), (&Value::Null, &json!(true)));
        assert_eq!(connection(draft)["funnel"], Value::Null, "others are not shown before it is published");
        assert_eq!(connection(draft)["own"]["n"], 60);
        assert_eq!(connection(draft)["places"][0]["difference"]["verdict"], "lower");
        let analyst = world.signed_in(Role::Analyst).await;
        assert_eq!(analyst.get(path).await.expect(200).json()["draft"], Value::Null);
    });
}

async fn open(world: &World, path: &str) -> (u16, String) {
    let reply = world.stranger().get(path).await;
    (reply.status.into(), reply.text)
}

#[test]
fn a_headline_leads_to_its_passport_which_says_what_the_release_says() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        let (status, html) = open(&world, "/claims").await;
        assert!(status == 200 && html.contains("No claim has been published"), "{html}");
        let id = publish(&world, "2026-27").await;
        let claim = "social-connection.connections-1.shared-lives.uk";
        let (_, home) = open(&world, "/").await;
        assert!(home.contains(&format!("href=\"/claims/{claim}\"")), "{home}");
        let (_, list) = open(&world, "/claims").await;
        assert!(list.contains(&format!("href=\"/claims/{claim}\"")));

        let (status, html) = open(&world, &format!("/claims/{claim}")).await;
        assert_eq!(status, 200);
        for words in [
            // 225 of 295
            "More than 7 in 10 people said they see other people more because of their support.",
            "76.3%",
            "225 of 295",
            "1 April 2026 to 31 March 2027",
            "How to quote this",
            "Questions people ask",
            "this is what the claim says",
            "That is not the same as a change that was measured",
            "6 of 6",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
        let kept = world.stranger().get(&format!("/api/v1/releases/{id}/claims/{claim}")).await.expect(200);
        let passport = kept.json()["passport"].clone();
        assert_eq!((&passport["positive"], &passport["n"]), (&json!(225), &json!(295)));
        let cells = format!("/api/v1/releases/{id}/cells?level=uk&indicator=social-connection");
        let cell = world.stranger().get(&cells).await.items()[0].clone();
        for key in ["n", "positive", "percent", "interval"] {
            assert_eq!(passport[key], cell[key], "{key}");
        }
        assert!(passport["quote"].as_str().is_some_and(|quote| html.contains(quote)));
        let (status, of_release) = open(&world, &format!("/releases/{id}/claims/{claim}")).await;
        assert!(status == 200 && !of_release.contains("A later release"));

        for unknown in [
            "/claims/joy",
            "/claims/%00",
            &format!("/releases/absent/claims/{claim}"),
            &format!("/releases/{id}/claims/joy"),
        ] {
            let (status, html) = open(&world, unknown).await;
            assert!(status == 404 && html.contains("There is no such claim here"), "{unknown}: {status}");
        }

        // Of the same period again: the old one says that it is superseded.
        world.set_time("2026-07-21T09:00:00Z");
        let next = publish(&world, "2026-27").await;
        let (_, html) = open(&world, &format!("/releases/{id}/claims/{claim}")).await;
        assert!(html.contains("A later release has taken the place of this one"));
        // With details, though nothing moved: what was printed first stays printed.
        let again =
            world.stranger().get(&format!("/api/v1/releases/{next}/claims/{claim}")).await.expect(200);
        assert_eq!(again.json()["passport"]["answers"], passport["answers"]);
        let old = id.clone();
        world.act(move |app| withdraw_release(app, &old, "The period was wrong.")).await.expect("withdrawn");
        let (status, html) = open(&world, &format!("/releases/{id}/claims/{claim}")).await;
        assert!(status == 410 && html.contains("The period was wrong.") && !html.contains("76.3%"), "{html}");
    });
}
