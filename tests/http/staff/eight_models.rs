//! From an empty database, for each of the eight models: its surveys answered page by page, its return sent in, and what people say
//! beside what is counted on one page of one council.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::*;
use crate::support::{Client, contacts};

const LEEDS: &str = "E08000035";
/// The financial year of the test's clock.
const YEAR: &str = "2026-27";
const MODELS: [&str; 8] = [
    "shared-lives",
    "homeshare",
    "community-enterprise",
    "local-area-coordination",
    "community-circles",
    "wellbeing-teams",
    "community-led-support",
    "small-supports",
];

fn texts<'j>(list: &'j [Value], key: &str) -> Vec<&'j str> {
    list.iter().map(|item| item[key].as_str().expect(key)).collect()
}

/// Makes a scheme of the model, answers each of its questionnaires through an open link, and sends in its return; gives how many answered.
async fn run(world: &World, national: &Client<'_>, model: &str, questionnaires: &[String]) -> usize {
    let id = format!("leeds-{model}");
    let mut new = scheme(&id, LEEDS);
    new["model"] = json!(model);
    national.post("/api/v1/schemes", &new).await.expect(201);
    let at = |rest: &str| format!("/api/v1/schemes/{id}/{rest}");
    national.put(&at("contacts"), &contacts("leeds")).await.expect(200);
    for (host, questionnaire) in questionnaires.iter().enumerate() {
        let made = national.post(&at("open-links"), &json!({"questionnaire": questionnaire})).await;
        let link = made.expect(201).json()["link"].as_str().expect("a link").to_owned();
        let link = link.strip_prefix("http://khi.test").expect("our address");
        let mut browser = Browser::new(world, u8::try_from(host + 10).expect("few")).await;
        browser.start(link).await;
        browser.answer_until("/survey/check").await;
        let sent = browser.press("send", &[]).await;
        assert_eq!(
            (sent.status, sent.address.as_str()),
            (200, "/survey/sent"),
            "{questionnaire}: {}",
            sent.html
        );
        assert!(sent.receipt().is_some(), "{questionnaire}: {}", sent.html);
    }
    send_returns(national, &at("returns")).await;
    questionnaires.len()
}

/// Sends in every figure that is asked for a quarter and a year.
async fn send_returns(national: &Client<'_>, path: &str) {
    let kpis = national.get("/api/v1/kpis").await.expect(200).items();
    for period in ["2026-Q2", YEAR] {
        let path = format!("{path}/{period}");
        let asked = national.get(&path).await.expect(200).json();
        let value = |kpi: &Value| {
            let about = kpis.iter().find(|k| k["id"] == *kpi).expect("in the catalogue");
            let divided = about["denominator"].is_object();
            json!({"kpi": kpi, "numerator": 2, "denominator": divided.then_some(4)})
        };
        let values: Vec<Value> = asked["asked"].as_array().expect("a list").iter().map(value).collect();
        if !values.is_empty() {
            national.put(&path, &json!({"values": values})).await.expect(201);
        }
    }
}

#[test]
fn every_model_is_answered_and_counted_and_shown_on_one_page_of_one_council() {
    on_both(|world| async move {
        let national = world.national().await;
        let mut of_model: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for questionnaire in national.get("/api/v1/questionnaires").await.expect(200).items() {
            let text = |key: &str| questionnaire[key].as_str().expect(key).to_owned();
            of_model.entry(text("model")).or_default().push(text("id"));
        }
        assert_eq!(of_model.keys().map(String::as_str).collect::<BTreeSet<_>>(), MODELS.into());
        let mut answered = 0;
        for model in MODELS {
            answered += run(&world, &national, model, &of_model[model]).await;
        }
        assert_eq!(answered, national.get("/api/v1/questionnaires").await.items().len());

        send_returns(&national, &format!("/api/v1/areas/{LEEDS}/returns")).await;

        let query = format!("period={YEAR}&level=local_authority&within={LEEDS}");
        let found = national.get(&format!("/api/v1/outcomes?{query}")).await.expect(200).items();
        assert_eq!(texts(&found, "period"), [YEAR]);
        let kpis = national.get("/api/v1/kpis").await.expect(200).items();
        let indicators = national.get("/api/v1/indicators").await.expect(200).items();
        let title = |list: &[Value], id: &Value| -> String {
            let found = list.iter().find(|item| item["id"] == *id).expect("in the catalogue");
            found["title"]["en"].as_str().expect("a title").replace('\'', "&#39;")
        };
        let mut nat = person(&world, "nat@khi.example", Role::National, 1).await;
        let page = nat.browser.open(&format!("/outcomes?place={LEEDS}")).await;
        assert_eq!(page.status, 200);
        assert!(page.html.contains("Side by side: Leeds"), "{}", page.html);
        for model in MODELS {
            let of_model = |kpi: &Value| {
                let about = kpis.iter().find(|k| k["id"] == *kpi).expect("in the catalogue");
                about["models"].as_array().is_some_and(|models| models.contains(&json!(model)))
            };
            let said: Vec<&Value> = found[0]["khi"].as_array().expect("rows").iter().collect();
            let said: Vec<&Value> =
                said.into_iter().filter(|row| row["model"] == model && row["n"] == 1).collect();
            let counted: Vec<&Value> = found[0]["kpi"].as_array().expect("rows").iter().collect();
            let counted: Vec<&Value> =
                counted.into_iter().filter(|row| of_model(&row["kpi"]) && !row["value"].is_null()).collect();
            assert!(said.len() >= 3, "{model}: {said:?}");
            assert!(!counted.is_empty(), "{model}: {:?}", found[0]["kpi"]);
            for row in said.iter().filter(|row| row["rule"] != "bands") {
                let title = title(&indicators, &row["indicator"]);
                assert!(page.html.contains(&title), "{model}, {title}");
            }
            for row in counted {
                let title = title(&kpis, &row["kpi"]);
                assert!(page.html.contains(&title), "{model}, {title}");
            }
        }
    });
}
