//! Reports: of whom, for whom, in which forms; and that no number is in one that is not among the permitted figures.

use khi::domain::access::Role;
use khi::use_cases::withdraw_release;
use serde_json::{Value, json};

use super::comparison::six_schemes;
use super::matrix::browser_of;
use super::releases::{publish, send};
use super::support::{Client, Permitted, World, on_both, scheme, words_of_page};

const LEEDS: &str = "/api/v1/schemes/leeds-shared-lives/report";

async fn rows(client: &Client<'_>, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

fn row<'r>(report: &'r Value, part: &str, indicator: &str) -> &'r Value {
    let all = report[part].as_array().expect("rows");
    all.iter().find(|row| row["indicator"] == indicator).unwrap_or(&Value::Null)
}

/// What a report says in every form, in both languages, with the numbers of it that may not be said.
async fn strangers(world: &World, client: &Client<'_>, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for language in ["en", "cy"] {
        let report = rows(client, &format!("{path}?language={language}")).await;
        let permitted = Permitted::of_report(&report, &world.app.registry);
        let html = client.get(&format!("{path}?format=html&language={language}")).await.expect(200).text;
        assert!(html.contains(&format!("<html lang=\"{language}\">")));
        found.extend(
            permitted.strangers(&words_of_page(&html)).into_iter().map(|n| format!("{language}: {n}")),
        );
    }
    found
}

#[test]
fn a_schemes_report_says_its_permitted_figures_and_nothing_else() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        publish(&world, "2026-27").await;
        let leeds = world.number("leeds-shared-lives");
        let lead = world.signed_in(Role::SchemeLead(leeds)).await;
        let report = rows(&lead, LEEDS).await;
        // The financial year that is over has nothing to say: so it is the running one.
        assert_eq!((&report["period"], &report["base"]), (&json!("2026-27"), &json!(10)));
        let shown = row(&report, "khi", "social-connection");
        let figures = lead
            .get("/api/v1/khi?period=2026-27&level=scheme&indicator=social-connection")
            .await
            .expect(200)
            .items();
        for key in ["n", "positive", "percent", "status", "distribution"] {
            assert_eq!(shown[key], figures[0][key], "{key}");
        }
        assert_eq!(
            (&shown["n"], &shown["positive"], &shown["distribution"]),
            (&json!(60), &json!(27), &Value::Null)
        );
        let around = report["release"]["around"].as_array().expect("rows");
        assert!(around.iter().any(|row| row["place"]["level"] == "region"));
        assert_eq!(strangers(&world, &lead, LEEDS).await, Vec::<String>::new());
        // The same is handed on, whoever makes it.
        for role in [Role::National, Role::Area("E08000035".into())] {
            let other = rows(&world.signed_in(role.clone()).await, LEEDS).await;
            assert_eq!((&other["khi"], &other["release"]), (&report["khi"], &report["release"]), "{role:?}");
        }
        let html = lead.get(&format!("{LEEDS}?format=html")).await.expect(200);
        assert_eq!(html.header("cache-control"), Some("no-store"));
        assert!(
            html.header("content-disposition")
                .is_some_and(|h| h.contains("leeds-shared-lives-2026-27.en.html"))
        );
        for words in
            ["More than 4 in 10 people said", "27 of 60 people", "Beside Yorkshire and The Humber", "lower"]
        {
            assert!(html.text.contains(words), "“{words}”");
        }
        let summary = lead.get(&format!("{LEEDS}?format=html&part=summary")).await.expect(200).text;
        assert!(summary.contains("27 of 60 people") && !summary.contains("Beside Yorkshire"));
        let csv = lead.get(&format!("{LEEDS}?format=csv")).await.expect(200);
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        let line = "khi,scheme,leeds-shared-lives,leeds-shared-lives,2026-27,shared-lives,social-connection,connections/1,positive,27";
        assert!(
            csv.text.lines().any(|l| l == line || l.ends_with("social-connection,connections/1,positive,27")),
            "{}",
            csv.text
        );
        let permitted = Permitted::of_report(&report, &world.app.registry);
        let values = csv
            .text
            .lines()
            .skip(1)
            .filter_map(|l| l.rsplit(',').next())
            .filter(|v| v.parse::<f64>().is_ok());
        let strange: Vec<&str> = values.filter(|v| !permitted.holds(v.trim_start_matches('-'))).collect();
        assert_eq!(strange, Vec::<&str>::new());
    });
}

#[test]
fn a_small_scheme_gets_a_report_in_which_no_number_of_its_own_stands() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        national.post("/api/v1/schemes", &scheme("small-shared-lives", "E08000032")).await.expect(201);
        send(&national, "small-shared-lives", 7, 4, 1).await;
        publish(&world, "2026-27").await;
        let small = world.number("small-shared-lives");
        let lead = world.signed_in(Role::SchemeLead(small)).await;
        let path = "/api/v1/schemes/small-shared-lives/report";
        let report = rows(&lead, path).await;
        for row in report["khi"].as_array().expect("rows") {
            assert_eq!(
                (&row["n"], &row["positive"]),
                (&Value::Null, &Value::Null),
                "seven people are fewer than ten"
            );
        }
        assert_eq!(strangers(&world, &lead, path).await, Vec::<String>::new());
        let html = lead.get(&format!("{path}?format=html")).await.expect(200).text;
        for words in ["Too few people have answered here", "Once 10 people have answered"] {
            assert!(html.contains(words), "“{words}”");
        }
        for never in ["4 of 7", "57.1", "***"] {
            assert!(!html.contains(never), "“{never}”");
        }
        let welsh = lead.get(&format!("{path}?format=html&language=cy")).await.expect(200).text;
        assert!(welsh.contains("Rhy ychydig o bobl") && !welsh.contains("Too few people"));
    });
}

#[test]
fn who_may_make_which_report() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        let leeds = world.number("leeds-shared-lives");
        let york = "/api/v1/schemes/york-shared-lives/report";
        let region = "/api/v1/areas/E12000003/report";
        let council = "/api/v1/areas/E08000035/report";
        for (role, own, other, wide, narrow) in [
            (Role::National, 200, 200, 200, 200),
            (Role::Analyst, 200, 200, 200, 200),
            (Role::SchemeLead(leeds), 200, 404, 403, 403),
            (Role::SchemeWorker(leeds), 200, 404, 403, 403),
            (Role::Area("E08000035".into()), 200, 404, 404, 200),
            (Role::Area("E12000003".into()), 200, 200, 200, 200),
            (Role::Collector(Some(leeds)), 403, 403, 403, 403),
        ] {
            let client = world.signed_in(role.clone()).await;
            for (path, status) in [(LEEDS, own), (york, other), (region, wide), (council, narrow)] {
                assert_eq!(client.get(path).await.status, status, "{role:?}: {path}");
            }
        }
        let stranger = world.stranger();
        stranger.get(LEEDS).await.expect(401);
        for (path, pointer) in [
            (format!("{LEEDS}?format=docx"), "/format"),
            (format!("{LEEDS}?language=fr"), "/language"),
            (format!("{LEEDS}?period=2026"), "/period"),
            (format!("{LEEDS}?part=all"), "/part"),
            (format!("{LEEDS}?colour=blue"), "/colour"),
        ] {
            let reply = national.get(&path).await.expect(400);
            assert_eq!(reply.faults()[0].0, pointer, "{path}");
        }
        national.get("/api/v1/schemes/nobody/report").await.expect(404);
        national.get("/api/v1/areas/E99999999/report").await.expect(404);
    });
}

#[test]
fn an_areas_report_holds_what_it_is_shown() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        publish(&world, "2026-27").await;
        for (code, role) in [
            ("E12000003", Role::Area("E12000003".into())),
            ("E92000001", Role::National),
            ("K02000001", Role::National),
        ] {
            let client = world.signed_in(role).await;
            let path = format!("/api/v1/areas/{code}/report");
            let year = format!("{path}?period=2026-27");
            let report = rows(&client, &year).await;
            assert_eq!(report["place"]["code"], code);
            assert!(
                row(&report, "khi", "social-connection")["n"].as_i64().is_some_and(|n| n >= 200),
                "{code}"
            );
            let html = client.get(&format!("{year}&format=html")).await.expect(200).text;
            let permitted = Permitted::of_report(&report, &world.app.registry);
            assert_eq!(permitted.strangers(&words_of_page(&html)), Vec::<String>::new(), "{code}");
        }
    });
}

#[test]
fn everybody_reads_the_report_of_a_place_from_a_release_and_nothing_else() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        let id = publish(&world, "2026-27").await;
        let stranger = world.stranger();
        let release = stranger.get(&format!("/api/v1/releases/{id}")).await.expect(200).json();
        for place in ["K02000001", "E92000001", "E12000003", "E08000035", "leeds-shared-lives"] {
            let path = format!("/releases/{id}/report/{place}");
            let report = stranger.get(&format!("{path}.json")).await.expect(200).json();
            let cells: Vec<&Value> = release["cells"]
                .as_array()
                .expect("cells")
                .iter()
                .filter(|c| c["place"]["code"] == place && c["group"].is_null())
                .collect();
            assert_eq!(report["khi"].as_array().expect("rows").iter().collect::<Vec<_>>(), cells, "{place}");
            for language in ["en", "cy"] {
                let page = stranger.get(&format!("{path}.html?language={language}")).await.expect(200);
                let article = page.text.split("<article").nth(1).and_then(|a| a.split("</article>").next());
                let permitted = Permitted::of_report(&report, &world.app.registry);
                let said = words_of_page(&format!("<article{}", article.expect("a report")));
                assert_eq!(permitted.strangers(&said), Vec::<String>::new(), "{place}, {language}");
            }
        }
        for nothing in ["nobody.html", "K02000001.docx", "K02000001", "W08000001.html"] {
            stranger.get(&format!("/releases/{id}/report/{nothing}")).await.expect(404);
        }
        stranger.get(&format!("/releases/{id}/report/K02000001.html?period=2026-27")).await.expect(400);
        let withdrawn = id.clone();
        world.act(move |app| withdraw_release(app, &withdrawn, "a mistake")).await.expect("withdrawn");
        stranger.get(&format!("/releases/{id}/report/K02000001.html")).await.expect(410);
    });
}

#[test]
fn staff_read_their_report_as_a_page_and_take_it_away() {
    on_both(|world| async move {
        let national = world.national().await;
        six_schemes(&national).await;
        publish(&world, "2026-27").await;
        let leeds = world.number("leeds-shared-lives");
        let mut lead = browser_of(&world, Role::SchemeLead(leeds), 7).await;
        let page = lead.open("/scheme/report").await.html.clone();
        for words in ["27 of 60 people", "Report as HTML", "Report as CSV", "Report as JSON", "Cymraeg"] {
            assert!(page.contains(words), "“{words}”");
        }
        let welsh = lead.open("/scheme/report?period=2026-27&language=cy").await.html.clone();
        assert!(welsh.contains("<article class=\"report\" lang=\"cy\""));
        let csv = lead.open("/scheme/report?format=csv&language=en&period=2026-27").await.html.clone();
        assert!(csv.starts_with("part,level,code"), "{csv}");
        // Another scheme's is not named, whatever the address says.
        let own = lead.open("/scheme/report?place=york-shared-lives").await.html.clone();
        assert!(own.contains("27 of 60 people"));
        let mut team = browser_of(&world, Role::National, 8).await;
        let page = team.open("/national/report?place=leeds-shared-lives").await.html.clone();
        assert!(page.contains("27 of 60 people"));
        assert!(team.open("/national/report?place=nobody").await.html.contains("There is no such place"));
    });
}
