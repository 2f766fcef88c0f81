//! Who participants are: for their scheme only; and erasing a person leaves nothing of them.

use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::storage::sealed_columns::{self, COLUMNS};
use khi::storage::{invitations, participants, responses};
use khi::use_cases::verify_tallies;

use super::support::{Browser, Client, World, contacts, on_both, response, scheme};

const PEOPLE: &str = "/api/v1/schemes/leeds-shared-lives/participants/by-ref";

/// Two schemes with a participant each of the same reference, and the national body.
async fn with_people(world: &World) -> Client<'_> {
    let national = world.national().await;
    for (id, council) in [("leeds-shared-lives", "E08000035"), ("york-shared-lives", "E06000014")] {
        national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        national.put(&format!("/api/v1/schemes/{id}/contacts"), &contacts("leeds")).await.expect(200);
        let enrolment = json!({"council": council, "supported_from": "2024-01-01"});
        national.put(&format!("/api/v1/schemes/{id}/participants/by-ref/P-1"), &enrolment).await.expect(201);
    }
    national
}

fn identity(name: &str) -> Value {
    json!({
        "name": name, "called": null, "email": "mair@home.example", "mobile": "07700 900123",
        "address": {"lines": ["1 Example Street", "Leeds"], "postcode": "LS1 4AP"}, "channel": "email",
        "contact": {"whose": "supporter", "name": "Gwen Example"},
        "communication": {"formats": ["easy-read", "bsl"], "note": "Speak slowly."},
    })
}

#[test]
fn who_reads_and_who_enters_who_somebody_is() {
    on_both(|world| async move {
        with_people(&world).await;
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        let path = format!("{PEOPLE}/P-1/identity");
        let roles = [
            (None, 401, 401),
            (Some(Role::National), 403, 403),
            (Some(Role::SchemeLead(leeds)), 200, 200),
            // P-1 is not among this worker's own people.
            (Some(Role::SchemeWorker(leeds)), 404, 404),
            (Some(Role::SchemeLead(york)), 404, 404),
            (Some(Role::SchemeWorker(york)), 404, 404),
            (Some(Role::Area("E08000035".into())), 403, 403),
            (Some(Role::Collector(Some(leeds))), 403, 403),
            (Some(Role::Analyst), 403, 403),
        ];
        let lead = world.signed_in(Role::SchemeLead(leeds)).await;
        lead.get(&path).await.expect(404);
        lead.put(&path, &identity("Mair Example")).await.expect(200);
        for (role, reads, writes) in roles {
            let name = format!("{role:?}");
            let own = role == Some(Role::SchemeWorker(leeds));
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let got = (client.get(&path).await, client.put(&path, &identity("Mair Example")).await);
            assert_eq!((got.0.status.as_u16(), got.1.status.as_u16()), (reads, writes), "{name}");
            assert!(reads == 200 || !format!("{}{}", got.0.text, got.1.text).contains("Mair"), "{name}");
            if reads == 404 {
                let absent = match own {
                    true => client.get(&format!("{PEOPLE}/P-404/identity")).await,
                    false => client.get("/api/v1/schemes/nowhere/participants/by-ref/P-1/identity").await,
                };
                assert_eq!(absent.text, got.0.text, "as if there were no such person, or scheme");
            }
        }
        let read = lead.get(&path).await.expect(200);
        assert_eq!((read.header("cache-control"), read.json()), (Some("no-store"), identity("Mair Example")));
    });
}

#[test]
fn faults_are_told_at_once_and_nobody_unknown_gets_a_name() {
    on_both(|world| async move {
        with_people(&world).await;
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let path = format!("{PEOPLE}/P-1/identity");
        lead.put(&path, &identity("Mair Example")).await.expect(200);
        let broken = json!({"name": "", "channel": "text", "age": 40, "contact": {"whose": "supporter"}});
        let faults = lead.put(&path, &broken).await.expect(422).faults();
        let codes: Vec<(&str, &str)> = faults.iter().map(|(p, c)| (p.as_str(), c.as_str())).collect();
        assert_eq!(
            codes,
            [
                ("/age", "unknown-key"),
                ("/channel", "contact-missing"),
                ("/contact/name", "required"),
                ("/name", "empty")
            ]
        );
        assert_eq!(lead.get(&path).await.json()["name"], "Mair Example", "a refused change changes nothing");
        lead.put(&format!("{PEOPLE}/P-2/identity"), &identity("Nobody")).await.expect(404);
        lead.get(&format!("{PEOPLE}/P-2/identity")).await.expect(404);
        lead.put(&format!("{PEOPLE}/P%201/identity"), &identity("Nobody")).await.expect(404);
        let another = identity("Mair Other");
        assert_eq!(lead.put(&path, &another).await.expect(200).json(), another);
        assert_eq!(lead.get(&path).await.json(), another);
    });
}

#[test]
fn an_erased_person_leaves_nothing_and_figures_follow() {
    on_both(|world| async move {
        let national = with_people(&world).await;
        let number = world.number("leeds-shared-lives");
        let lead = world.signed_in(Role::SchemeLead(number)).await;
        lead.put(&format!("{PEOPLE}/P-1/identity"), &identity("Mair Example")).await.expect(200);
        let mut withdrawn = None;
        for (index, said) in ["better", "worse", "same"].into_iter().enumerate() {
            let mut body =
                response("leeds-shared-lives", "P-1", &format!("2026-05-{:02}", index * 7 + 1), said);
            body["answers"]["one-thing"] = json!("CANARY my own words");
            let sent = national.submit(&format!("key-0123456789-{index}"), &body).await.expect(201).json();
            withdrawn = Some(format!("/api/v1/responses/{}", sent["id"].as_str().expect("id")));
        }
        national.delete(&withdrawn.expect("sent")).await.expect(204);
        let other = response("leeds-shared-lives", "P-2", "2026-07-14", "better");
        national.submit("key-0123456789-other", &other).await.expect(201);
        let ticket = national.invite("P-1").await;
        let mut browser = Browser::new(&world, 7).await;
        let form = browser.open(&ticket.link).await.form();
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        browser.post(&ticket.link, &form).await;

        let path = format!("{PEOPLE}/P-1");
        national.delete(&path).await.expect(400);
        national.delete(&format!("{path}?erase=false")).await.expect(400);
        let worker = world.signed_in(Role::SchemeWorker(number)).await;
        worker.delete(&format!("{path}?erase=true")).await.expect(403);
        let york = world.signed_in(Role::SchemeLead(world.number("york-shared-lives"))).await;
        york.delete(&format!("{path}?erase=true")).await.expect(404);
        assert_eq!(lead.get(&format!("{path}/identity")).await.json()["name"], "Mair Example");
        lead.delete(&format!("{path}?erase=true")).await.expect(204);
        lead.delete(&format!("{path}?erase=true")).await.expect(404);

        lead.get(&format!("{path}/identity")).await.expect(404);
        assert!(!browser.open(&ticket.link).await.has_start(), "the link leads nowhere");
        let left = world
            .act(move |app| {
                app.store.read(|db| {
                    let one = ["P-1".to_owned()];
                    Ok((
                        responses::ids_of(db, number, "P-1")?.len(),
                        participants::find(db, number, &one)?.len(),
                        invitations::of_people(db, number, &one)?.len(),
                        participants::needs(db, number, "P-1")?.is_none(),
                        COLUMNS.iter().try_fold(0, |count, column| {
                            let cells = sealed_columns::page(db, column, Some(number), None, 1000)?;
                            let words = cells.iter().filter(|cell| cell.value.contains("\"P-1\""));
                            Ok::<_, khi::storage::StorageError>(count + words.count())
                        })?,
                    ))
                })
            })
            .await
            .expect("reads");
        assert_eq!(left, (0, 0, 0, true, 0));
        let differences = world.act(|app| verify_tallies(app, |_, _| {}).expect("verifies")).await;
        assert!(differences.is_empty(), "{differences:?}");
        let figures = national.get("/api/v1/khi?period=2026-27&level=uk&indicator=social-connection").await;
        assert_eq!((&figures.items()[0]["n"], &figures.items()[0]["supported"]), (&json!(1), &json!(1)));
        let open = lead.get("/api/v1/schemes/leeds-shared-lives/tasks").await.items();
        assert_eq!(open.len(), 3, "that there were safeguarding tasks stays");
        assert!(open.iter().all(|task| task["participant"].is_null() && task["answers"] == "erased"));
        let york = world.number("york-shared-lives");
        let others =
            world.act(move |app| app.store.read(|db| participants::find(db, york, &["P-1".into()]))).await;
        assert_eq!(others.expect("reads").len(), 1, "the same reference in another scheme is somebody else");
    });
}
