//! Whom a scheme names for safety: by the scheme's lead or nationally, read without a query, and never another scheme's.

use serde_json::{Value, json};

use khi::domain::access::Role;

use super::support::{World, contacts, on_both, response, scheme};

const PATH: &str = "/api/v1/schemes/leeds-shared-lives/contacts";

#[test]
fn a_schemes_lead_names_its_contacts_and_they_are_replaced_whole() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let lead = world.signed_in(Role::SchemeLead(world.number("leeds-shared-lives"))).await;
        let nobody = json!({"help": null, "leads": [], "outside": null});
        assert_eq!(lead.get(PATH).await.expect(200).json(), nobody);
        let wanted = contacts("leeds");
        assert_eq!(lead.put(PATH, &wanted).await.expect(200).json(), wanted);
        assert_eq!(national.get(PATH).await.expect(200).json(), wanted);
        let held = world.app.directory();
        let held = held.scheme("leeds-shared-lives").expect("the scheme");
        assert_eq!(held.contacts.leads.len(), 2, "a page reads them from memory");

        let mut broken = wanted.clone();
        broken["leads"][1]["email"] = wanted["leads"][0]["email"].clone();
        let refused = lead.put(PATH, &broken).await.expect(422);
        assert_eq!(refused.faults(), [("/leads/1".into(), "repeated".into())]);
        assert_eq!(lead.get(PATH).await.json(), wanted, "a refused change changes nothing");

        national.put(PATH, &json!({"leads": []})).await.expect(200);
        assert_eq!(lead.get(PATH).await.json(), nobody);
        let renamed = scheme("leeds-shared-lives", "E08000035");
        lead.put(PATH, &wanted).await.expect(200);
        national.put("/api/v1/schemes/leeds-shared-lives", &renamed).await.expect(200);
        assert_eq!(lead.get(PATH).await.json(), wanted, "replacing the scheme's entry leaves them alone");
    });
}

#[test]
fn who_reads_and_who_names_contacts() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        let roles = [
            (None, 401, 401),
            (Some(Role::National), 200, 200),
            (Some(Role::SchemeLead(leeds)), 200, 200),
            (Some(Role::SchemeWorker(leeds)), 200, 403),
            (Some(Role::SchemeLead(york)), 404, 404),
            (Some(Role::SchemeWorker(york)), 404, 404),
            (Some(Role::Area("E08000035".into())), 403, 403),
            (Some(Role::Collector(Some(leeds))), 403, 403),
            (Some(Role::Analyst), 403, 403),
        ];
        for (role, reads, writes) in roles {
            let name = format!("{role:?}");
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let got = [client.get(PATH).await, client.put(PATH, &contacts("leeds")).await];
            assert_eq!(got.map(|r| r.status.as_u16()), [reads, writes], "{name}");
        }
        let york = world.signed_in(Role::SchemeLead(york)).await;
        let others: Value = york.get(PATH).await.json();
        let absent: Value = york.get("/api/v1/schemes/no-such-scheme/contacts").await.json();
        assert_eq!(others, absent, "another's scheme and no scheme look alike");
    });
}

#[test]
fn nobody_is_invited_before_two_leads_are_named() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let person = "/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-1";
        national
            .put(person, &json!({"council": "E08000035", "supported_from": "2024-01-10"}))
            .await
            .expect(201);
        let invitations = "/api/v1/schemes/leeds-shared-lives/invitations";
        let invitation =
            json!({"participant": "P-1", "questionnaire": "shared-lives", "due_on": "2026-07-01"});
        let mut one = contacts("leeds");
        one["leads"].as_array_mut().expect("leads").truncate(1);
        for (named, said) in [(json!({"leads": []}), "no safeguarding lead"), (one, "one safeguarding lead")]
        {
            national.put(PATH, &named).await.expect(200);
            let refused = national.post(invitations, &invitation).await.expect(409).json();
            assert_eq!(refused["code"], "leads-missing");
            let detail = refused["errors"][0]["detail"].as_str().expect("a detail");
            assert!(detail.contains(said) && detail.contains(PATH), "{detail}");
        }
        assert_eq!(invited(&world).await, json!(0), "nobody was invited");
        national.put(PATH, &contacts("leeds")).await.expect(200);
        national.post(invitations, &invitation).await.expect(201);
        assert_eq!(invited(&world).await, json!(1));
    });
}

/// How many people the figures say were invited.
async fn invited(world: &World) -> Value {
    let national = world.national().await;
    let collector = world.signed_in(Role::Collector(None)).await;
    let body = response("leeds-shared-lives", "P-2", "2026-07-14", "better");
    collector.submit("key-0123456789-a", &body).await.expect(201);
    let query = "/api/v1/khi?period=2026-27&level=scheme&indicator=social-connection";
    national.get(query).await.expect(200).items()[0]["invited"].clone()
}
