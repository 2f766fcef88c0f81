//! The state of the sector: of whom, for whom, and that no number is in it that is not among its rows or worked out of two of them.

use khi::domain::access::Role;
use serde_json::{Value, json};

use super::comparison::six_schemes;
use super::matrix::browser_of;
use super::releases::publish;
use super::support::{Client, Permitted, World, on_both, words_of_page};

async fn send(client: &Client<'_>, place: &str, period: &str, people: i64, carers: i64) {
    let path = format!("/api/v1/schemes/{place}-shared-lives/returns/{period}");
    let values = json!([
        {"kpi": "shared-lives-people", "numerator": people},
        {"kpi": "shared-lives-people-live-in", "numerator": people - 7},
        {"kpi": "shared-lives-people-short-breaks", "numerator": 9},
        {"kpi": "shared-lives-carers", "numerator": carers},
    ]);
    let sent = client.put(&path, &json!({"values": values})).await;
    assert!(sent.status.is_success(), "{}", sent.text);
}

/// What a report says in both languages that its rows do not permit.
async fn strangers(world: &World, client: &Client<'_>, json: &str, html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for language in ["en", "cy"] {
        let report = client.get(&format!("{json}&language={language}")).await.expect(200).json();
        let permitted = Permitted::of_report(&report, &world.app.registry);
        let page = client.get(&format!("{html}&language={language}")).await.expect(200).text;
        let article = page.split("<article").nth(1).and_then(|a| a.split("</article>").next());
        let said = words_of_page(&format!("<article{}", article.expect("a report")));
        found.extend(permitted.strangers(&said).into_iter().map(|n| format!("{language}: {n}")));
    }
    found
}

#[test]
fn the_national_team_reads_how_the_sector_grows_and_what_was_printed_otherwise() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        for (place, then, now) in [("leeds", 100, 110), ("york", 40, 38), ("cardiff", 50, 52)] {
            send(&national, place, "2025-Q1", then, then - 20).await;
            send(&national, place, "2026-Q1", now, now - 20).await;
        }
        publish(&world, "2025-26").await;
        send(&national, "york", "2026-Q1", 44, 18).await;
        let path = "/api/v1/areas/K02000001/report?part=sector&period=2025-26";
        let report = national.get(path).await.expect(200).json();
        let pairs = report["sector"]["pairs"].as_array().expect("pairs");
        let growth = |place: &str| {
            let is = |pair: &&Value| pair["kpi"] == "shared-lives-people" && pair["place"]["code"] == place;
            let pair = pairs.iter().find(is).expect("a pair");
            (pair["of_value"].as_f64(), pair["value"].as_f64(), pair["senders"].as_i64())
        };
        // Three of six have sent both years: nobody else is in the change.
        assert_eq!(growth("K02000001"), (Some(190.0), Some(206.0), Some(3)));
        assert_eq!(growth("E12000003"), (Some(140.0), Some(154.0), Some(2)));
        let html = format!("{path}&format=html");
        let page = national.get(&html).await.expect(200).text;
        for words in ["growing, +16 (+8.4%)", "200 people", "206 people r", "release 1", "10,549 r", "Wales"]
        {
            assert!(page.contains(words), "“{words}”");
        }
        assert_eq!(strangers(&world, &national, path, &html).await, Vec::<String>::new());
        for format in ["pdf", "xlsx", "csv"] {
            national.get(&format!("{path}&format={format}")).await.expect(200);
        }
        let csv = national.get(&format!("{path}&format=csv")).await.text;
        assert!(csv.contains("restated-printed,uk,K02000001") && csv.contains("sector-pair,"), "{csv}");
        // Of a nation, for its own account too; of nothing smaller, and of years only.
        let wales = world.signed_in(Role::Area("W92000004".into())).await;
        let own = wales.get("/api/v1/areas/W92000004/report?part=sector&period=2025-26&format=html").await;
        assert!(own.expect(200).text.contains("Care Inspectorate Wales gives no such rating"));
        for (path, pointer) in [
            ("/api/v1/areas/E12000003/report?part=sector&period=2025-26", "/part"),
            ("/api/v1/schemes/leeds-shared-lives/report?part=sector", "/part"),
            ("/api/v1/areas/K02000001/report?part=sector&period=2026-Q1", "/period"),
        ] {
            assert_eq!(national.get(path).await.expect(400).faults()[0].0, pointer, "{path}");
        }
        let mut team = browser_of(&world, Role::National, 8).await;
        let page = team.open("/national/report?part=sector&period=2025-26").await.html.clone();
        assert!(page.contains("State of the sector: United Kingdom") && page.contains("+8.4%"));
        let other = team.open("/national/report?part=sector&place=E12000003").await.html.clone();
        assert!(other.contains("choose one of them"), "{other}");
    });
}

#[test]
fn everybody_reads_it_from_a_release_and_from_nothing_else() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        send(&national, "leeds", "2026-Q1", 110, 90).await;
        let id = publish(&world, "2026-27").await;
        let stranger = world.stranger();
        let release = stranger.get(&format!("/api/v1/releases/{id}")).await.expect(200).json();
        let path = format!("/releases/{id}/report/K02000001");
        let json = format!("{path}.json?part=sector");
        let report = stranger.get(&json).await.expect(200).json();
        for figure in report["sector"]["figures"].as_array().expect("figures") {
            let is = |cell: &&Value| {
                ["kpi", "model", "place", "period"].iter().all(|key| cell[key] == figure[key])
            };
            let cell = release["kpi_cells"].as_array().expect("cells").iter().find(is).expect("its cell");
            assert_eq!((&cell["value"], &cell["returned"]), (&figure["value"], &figure["returned"]));
        }
        for row in report["sector"]["khi"].as_array().expect("rows") {
            assert!(release["cells"].as_array().expect("cells").contains(row), "{row}");
        }
        assert_eq!(report["sector"]["restated"], json!([]));
        let html = format!("{path}.html?part=sector");
        assert_eq!(strangers(&world, &stranger, &json, &html).await, Vec::<String>::new());
        let page = stranger.get(&html).await.expect(200).text;
        assert!(page.contains("language=cy&#38;part=sector"), "the other language is the same part");
        for format in ["pdf", "xlsx", "csv"] {
            stranger.get(&format!("{path}.{format}?part=sector")).await.expect(200);
        }
        stranger.get(&format!("/releases/{id}/report/E12000003.html?part=sector")).await.expect(404);
    });
}
