//! What stands in an extract: the union over versions, reasons, pseudonyms; and what does not.

use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::domain::definition::SourceFile;

use super::{CSV, LEEDS, rows_of, take};
use crate::support::{World, on_both, on_both_with, response, scheme};

/// A questionnaire whose second version asks one thing in another form, and offers and asks more; and a draft of a third.
fn pocket() -> Vec<SourceFile> {
    let words = |text: &str| json!({"standard": {"en": text}});
    let option = |code: &str| json!({"code": code, "text": words(code)});
    let several = |codes: &[&str]| {
        let options: Vec<Value> = codes.iter().map(|code| option(code)).collect();
        json!({"id": "likes-most", "type": "multiple", "topic": "pocket", "text": words("What do you like?"), "options": options})
    };
    let yes = |id: &str, text: &str| json!({"id": id, "type": "single", "topic": "pocket", "text": words(text), "options": [option("yes"), option("no")]});
    let own = json!({"id": "why", "type": "text", "topic": "pocket", "text": words("Why?")});
    let warm = json!({"id": "warm", "type": "scale", "topic": "pocket", "text": words("How warm is it?"), "min": -5, "max": 5,
                      "ends": {"min": words("cold"), "max": words("hot")}});
    let file = |version: &str, status: &str, items: Value| {
        let body = json!({"schema_version": 1, "id": "pocket", "version": version, "status": status, "model": "shared-lives",
            "respondent": "person", "title": {"en": "Pocket"}, "languages": ["en"], "renditions": ["standard"],
            "licence": {"name": "CC0-1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/", "attribution": "None.", "redistributable": true},
            "consent": {"version": "1", "text": words("We ask. You may stop.")}, "items": items, "indicators": []});
        SourceFile {
            folder: "tests".into(),
            path: format!("questionnaires/pocket/{version}.json"),
            bytes: body.to_string().into_bytes(),
            shipped: false,
        }
    };
    vec![
        file(
            "1.0.0",
            "published",
            json!([yes("warm", "Is it warm?"), several(&["tea", "missing"]), own.clone()]),
        ),
        file(
            "2.0.0",
            "published",
            json!([warm, yes("new-here", "Are you new?"), several(&["tea", "missing", "cake"]), own]),
        ),
        file("3.0.0", "draft", json!([yes("not-yet", "Not yet?")])),
    ]
}

fn answer(version: &str, participant: &str, answers: Value) -> Value {
    json!({"questionnaire": "pocket", "version": version, "scheme": LEEDS, "participant": participant,
           "completed_on": "2026-07-14", "mode": "paper", "rendition": "standard", "language": "en", "completed_by": "helped",
           "helper": {"role": "friend", "help": ["read"], "gives_support": false},
           "consent": {"version": "1", "statistics": true}, "answers": answers})
}

#[test]
fn columns_are_the_union_over_versions_and_every_gap_has_its_reason() {
    on_both_with(&pocket(), |world| async move {
        let national = world.with_leeds().await;
        let first =
            answer("1.0.0", "P-1", json!({"warm": "yes", "likes-most": ["missing"], "why": "CANARY"}));
        let second = answer(
            "2.0.0",
            "P-2",
            json!({"warm": -3, "likes-most": ["cake", "tea"], "new-here": {"missing": "prefer-not-to-say"}}),
        );
        let third = answer(
            "2.0.0",
            "P-3",
            json!({"warm": {"missing": "unreadable"}, "likes-most": {"missing": "dont-know"}, "new-here": {"missing": "not-applicable"}}),
        );
        let fourth = answer("1.0.0", "P-4", json!({}));
        for (key, body) in ["a", "b", "c", "d"].iter().zip([first, second, third, fourth]) {
            national.submit(&format!("key-0123456789-{key}"), &body).await.expect(201);
            // Ids of one moment are in no order.
            world.wait(chrono::TimeDelta::seconds(1));
        }
        let path = CSV.replace("shared-lives", "pocket");
        let csv = String::from_utf8(take(&world, &national, &path).await).expect("UTF-8");
        assert!(!csv.contains("CANARY") && !csv.contains("P-1"), "{csv}");
        let head = csv.split("\r\n").next().expect("names");
        let (_, items) = head.split_once(",about_gender,").expect("facts about people come before answers");
        assert_eq!(
            items,
            "n_warm,n_warm__missing,q_new_here,q_new_here__missing,q_warm,q_warm__missing,s_likes_most__tea,s_likes_most__missing_,\
             s_likes_most__cake,s_likes_most__missing"
        );
        let rows = rows_of(&world, &national, &path).await;
        let said =
            |at: usize| -> Vec<&str> { items.split(',').map(|name| rows[at][name].as_str()).collect() };
        let unasked = "not-asked";
        assert_eq!(said(0), ["", unasked, "", unasked, "yes", "", "0", "1", "", ""], "no cake was offered");
        assert_eq!(said(1), ["-3", "", "", "prefer-not-to-say", "", unasked, "1", "0", "1", ""]);
        assert_eq!(said(2), ["", "unreadable", "", "not-applicable", "", unasked, "", "", "", "dont-know"]);
        assert_eq!(said(3), ["", unasked, "", unasked, "", "skipped", "", "", "", "skipped"]);
        let helped: Vec<&str> = [
            "completed_by",
            "helper_role",
            "helper_gives_support",
            "helper_read",
            "helper_wrote",
            "mode",
            "version",
        ]
        .map(|name| rows[1][name].as_str())
        .to_vec();
        assert_eq!(helped, ["helped", "friend", "0", "1", "0", "paper", "2.0.0"]);
    });
}

#[test]
fn what_is_extracted_is_what_is_listed() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let mut practice = scheme("practice-shared-lives", "E06000014");
        practice["practice"] = json!(true);
        national.post("/api/v1/schemes", &practice).await.expect(201);
        let mut bodies = vec![
            response(LEEDS, "P-1", "2026-07-01", "better"),
            response(LEEDS, "P-1", "2026-07-14", "same"),
            response("york-shared-lives", "P-1", "2026-07-10", "worse"),
            response("practice-shared-lives", "P-1", "2026-07-10", "worse"),
        ];
        bodies.push(response(LEEDS, "P-2", "2026-07-15", "better"));
        bodies[4]["consent"]["statistics"] = json!(false);
        bodies.push(response(LEEDS, "P-3", "2026-07-16", "better"));
        bodies.push(response(LEEDS, "P-4", "2026-07-17", "better"));
        bodies[6].as_object_mut().expect("an object").remove("participant");
        bodies[6]["about"] = json!({"need": ["autism", "other"], "arrangement": ["live-in"]});
        let mut ids = Vec::new();
        for (number, body) in bodies.iter().enumerate() {
            let sent = national.submit(&format!("key-0123456789-{number}"), body).await.expect(201);
            ids.push(sent.json()["id"].as_str().expect("an id").to_owned());
        }
        national.delete(&format!("/api/v1/responses/{}", ids[5])).await.expect(204);
        let change = json!({"answers": {"friends": 9}});
        national.patch(&format!("/api/v1/responses/{}", ids[1]), 1, &change).await.expect(200);
        for more in [
            "",
            "&scheme=leeds-shared-lives",
            "&scheme=practice-shared-lives",
            "&from=2026-07-02&to=2026-07-14",
        ] {
            let listed = national
                .get(&format!("/api/v1/responses?questionnaire=shared-lives{more}"))
                .await
                .expect(200)
                .items();
            let rows = rows_of(&world, &national, &format!("{CSV}{more}")).await;
            assert_eq!(rows.len(), listed.len(), "{more}");
            for (row, item) in rows.iter().zip(&listed) {
                let said = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
                assert_eq!(row["response"], said("id"));
                for key in [
                    "participant",
                    "scheme",
                    "council",
                    "completed_on",
                    "accepted_at",
                    "mode",
                    "via",
                    "version",
                    "occasion",
                ] {
                    assert_eq!(row[key], said(key), "{key}");
                }
                assert_eq!(row["about_age_band"], item["about"]["age_band"].as_str().unwrap_or_default());
                assert_eq!(row["n_friends"], item["answers"]["friends"].to_string());
                assert_eq!(row["q_connected"], item["answers"]["connected"].as_str().unwrap_or_default());
            }
        }
        let rows = rows_of(&world, &national, CSV).await;
        let at = |id: &str| rows.iter().find(|row| row["response"] == id).expect("the row");
        assert_eq!(at(&ids[0])["participant"], at(&ids[1])["participant"], "one person in one scheme");
        assert_ne!(at(&ids[0])["participant"], at(&ids[2])["participant"], "another one elsewhere");
        assert_eq!((at(&ids[0])["revision"].as_str(), at(&ids[1])["revision"].as_str()), ("1", "2"));
        let unknown = at(&ids[6]);
        assert_eq!(unknown["participant"], "");
        let facts = ["about_need__autism", "about_need__other", "about_need__dementia", "about_age_band"];
        assert_eq!(facts.map(|name| unknown[name].as_str()), ["1", "1", "0", ""]);
        assert_eq!(at(&ids[0])["about_need__autism"], "", "nobody said");
    });
}

#[test]
fn only_the_national_body_analysts_and_their_systems_take_extracts() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national
            .submit("key-0123456789-a", &response(LEEDS, "P-1", "2026-07-14", "better"))
            .await
            .expect(201);
        let analyst = world.signed_in(Role::Analyst).await;
        assert_eq!(rows_of(&world, &analyst, CSV).await.len(), 1);
        world.stranger().get(CSV).await.expect(401);
        let number = world.number(LEEDS);
        for role in [
            Role::SchemeLead(number),
            Role::SchemeWorker(number),
            Role::Area("E08000035".into()),
            Role::Collector(None),
        ] {
            let client = world.signed_in(role.clone()).await;
            for ending in ["csv", "parquet", "zip"] {
                client.get(&CSV.replace("csv", ending)).await.expect(403);
                // Nor are they told what there is.
                client
                    .get(&format!("/api/v1/exports/responses.{ending}?questionnaire=none"))
                    .await
                    .expect(403);
            }
        }
    });
}

#[test]
fn what_cannot_be_extracted_is_told_before_anything_is_sent() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        let told = |path: &'static str| {
            let national = &national;
            async move { national.get(&format!("/api/v1/exports/responses.{path}")).await }
        };
        let fault = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        assert_eq!(told("csv").await.expect(400).faults(), fault("/questionnaire", "required"));
        let unknown = told("csv?questionnaire=none").await.expect(400);
        assert_eq!(unknown.faults(), fault("/questionnaire", "unknown-questionnaire"));
        let elsewhere = told("csv?questionnaire=shared-lives&scheme=nowhere").await.expect(404);
        assert_eq!(elsewhere.faults(), fault("/scheme", "unknown-scheme"));
        let wrong = told("csv?questionnaire=shared-lives&from=July&data=parquet").await.expect(400);
        let both = [("/from", "not-a-date"), ("/data", "unknown-parameter")];
        assert_eq!(wrong.faults(), both.map(|(p, c)| (p.to_owned(), c.to_owned())));
        let wrong = told("zip?questionnaire=shared-lives&data=xlsx").await.expect(400);
        assert_eq!(wrong.faults(), fault("/data", "unknown-code"));
        assert_eq!(rows_of(&world, &national, CSV).await, [], "and nothing is an extract as well");
    });
}

/// A draft takes no responses, so there is nothing to extract of a questionnaire that has drafts only.
#[test]
fn a_questionnaire_of_drafts_has_no_extract() {
    let draft: Vec<SourceFile> = pocket().into_iter().filter(|file| file.path.contains("3.0.0")).collect();
    on_both_with(&draft, |world: World| async move {
        let national = world.with_leeds().await;
        let reply = national.get(&CSV.replace("shared-lives", "pocket")).await.expect(400);
        assert_eq!(reply.faults()[0].1, "unknown-questionnaire");
    });
}
