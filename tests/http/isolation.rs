//! Two schemes: whoever belongs to one, and is given every id of the other, reads, changes and infers nothing.
//!
//! Every route with a parameter is called with every id of York by everybody of Leeds, with York's address and with their own. What they
//! are answered is what they are answered about something that does not exist: status, headers and body. Afterwards not one row of York
//! is another. Routes come from `routes.rs` and bodies from the examples in the API's description, so a new route is tested by being there.

mod rows;

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use khi::domain::access::Role;
use serde_json::{Value, json};

use super::matrix::{LEEDS, Route, YORK, account, all_routes, browser, key, token_of};
use super::support::{Browser, Engine, Reply, Service, World, contacts, response, scheme};

/// Something of York's, and something like it that is nobody's.
struct Id {
    kind: &'static str,
    real: String,
    absent: String,
}

/// Somebody of Leeds.
enum Caller {
    Token(&'static str, String),
    Browser(&'static str, Browser),
}

impl Caller {
    fn name(&self) -> &'static str {
        match self {
            Self::Token(name, _) | Self::Browser(name, _) => name,
        }
    }

    fn calls(&self, path: &str) -> bool {
        matches!(self, Self::Token(..)) == path.starts_with("/api/v1")
    }

    async fn send(&mut self, service: &Service, route: &Route, address: &str, body: &Body) -> Reply {
        let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).expect("a method");
        match self {
            Self::Browser(_, browser) => {
                let fields: Vec<(&str, &str)> = body.form.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let form = (method != Method::GET).then_some(&fields[..]);
                browser.send(method, address, &[], form).await
            }
            Self::Token(_, token) => {
                let mut request = TestRequest::with_uri(address)
                    .method(method.clone())
                    .insert_header(("Authorization", format!("Bearer {token}")));
                if let Some(tag) = &body.tag {
                    request = request.insert_header(("If-Match", tag.clone()));
                }
                if let Some((kind, content)) = &body.content {
                    request = request.insert_header(("Content-Type", *kind)).set_payload(content.clone());
                }
                Reply::of(service(request).await).await
            }
        }
    }
}

/// What is sent besides the address.
#[derive(Default, Clone)]
struct Body {
    content: Option<(&'static str, String)>,
    form: Vec<(&'static str, String)>,
    tag: Option<String>,
}

/// The example of a route in the API's description.
fn example(description: &Value, route: &Route) -> Body {
    let bodies = &description["paths"][&route.path][&route.method]["requestBody"]["content"];
    for kind in ["application/json", "application/merge-patch+json", "text/csv"] {
        let content = &bodies[kind];
        let named =
            content["examples"].as_object().and_then(|e| e.values().next()).map(|e| match e.get("$ref") {
                Some(reference) => {
                    let pointer = reference.as_str().unwrap_or_default().trim_start_matches('#');
                    description.pointer(pointer).map(|e| e["value"].clone()).unwrap_or_default()
                }
                None => e["value"].clone(),
            });
        if let Some(value) = content.get("example").cloned().or(named) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Body { content: Some((kind, text)), ..Body::default() };
        }
    }
    let content = (route.method != "get").then(|| ("application/json", "{}".to_owned()));
    Body { content, ..Body::default() }
}

/// What somebody can see of an answer, with the ids that they sent taken out.
fn seen(reply: &Reply, sent: &[&str]) -> (u16, Vec<(String, String)>, String) {
    let hidden =
        |text: &str| without_new_ids(&sent.iter().fold(text.to_owned(), |text, id| text.replace(id, "ID")));
    let passing = ["date", "x-request-id", "set-cookie"];
    let mut headers: Vec<(String, String)> = reply
        .headers
        .iter()
        .filter(|(name, _)| !passing.contains(&name.as_str()) && name != "content-length")
        .map(|(name, value)| (name.clone(), hidden(value)))
        .collect();
    headers.sort();
    (reply.status.as_u16(), headers, hidden(&reply.text))
}

/// A text without ids, hashes and keys, which are others each time: long words of letters and digits.
fn without_new_ids(text: &str) -> String {
    let is_new = |word: &str| word.len() >= 20 && word.contains(|c: char| c.is_ascii_digit());
    let parts = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    parts
        .map(|part| {
            let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_new(word) { part.replacen(word, "NEW", 1) } else { part.to_owned() }
        })
        .collect()
}

/// The same id with its last letters changed: as well formed, and nobody's.
fn altered(id: &str) -> String {
    // Only letters that our ids have.
    let turn = |c: char| match c {
        '9' => '0',
        '0'..='8' => char::from_u32(c as u32 + 1).unwrap_or(c),
        'A' => 'B',
        'A'..='Z' => 'A',
        'a' => 'b',
        'a'..='z' => 'a',
        other => other,
    };
    let from = id.len().saturating_sub(2);
    id.char_indices().map(|(at, c)| if at >= from { turn(c) } else { c }).collect()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}

/// Two schemes, and one of everything that can be had in York; gives York's ids.
async fn two_schemes(world: &World) -> Vec<Id> {
    let national = world.national().await;
    for (id, council) in [(LEEDS, "E08000035"), (YORK, "E06000014")] {
        national.post("/api/v1/schemes", &scheme(id, council)).await.expect(201);
        national.put(&format!("/api/v1/schemes/{id}/contacts"), &contacts(id)).await.expect(200);
    }
    let york = |rest: &str| format!("/api/v1/schemes/{YORK}/{rest}");
    let (worker, email) = account(world, Role::SchemeWorker(world.number(YORK))).await;
    let person = json!({"council": "E06000014", "supported_from": "2026-07-20", "worker": worker});
    for reference in ["Y-1001", "Y-2005"] {
        national.put(&york(&format!("participants/by-ref/{reference}")), &person).await.expect(201);
    }
    let lead = world.signed_in(Role::SchemeLead(world.number(YORK))).await;
    let identity = json!({"name": "Nia Example", "channel": "none"});
    lead.put(&york("participants/by-ref/Y-1001/identity"), &identity).await;
    let invited = json!({"participant": "Y-1001", "questionnaire": "shared-lives", "due_on": "2026-07-20"});
    let invitation = national.post(&york("invitations"), &invited).await.expect(201).json();
    let link = national
        .post(&york("open-links"), &json!({"questionnaire": "shared-lives"}))
        .await
        .expect(201)
        .json();
    let event = national.post(&york("participants/by-ref/Y-2005/events"), &json!({"kind": "hospital"})).await;
    let wave = json!({"questionnaire": "shared-lives", "due_on": "2026-10-01"});
    let wave = national.post(&york("waves"), &wave).await.expect(201).json();
    let webhook = json!({"url": "https://system.example/khi", "events": ["response-recorded"]});
    national.put(&york("webhook"), &webhook).await;
    let service = json!({"name": "Case system", "scopes": ["people:write"]});
    let service = national.post(&york("service-accounts"), &service).await.expect(201).json();
    let mut told = response(YORK, "Y-2005", "2026-07-14", "better");
    told["answers"]["safe"] = json!("no");
    let sent = national.submit("key-0123456789-york", &told).await.expect(201).json();
    let task = national.get(&york("tasks")).await.expect(200).items().remove(0);
    let mut drafting = Browser::new(world, 77).await;
    let code = text(&invitation, "link").rsplit('/').next().expect("a code").to_owned();
    drafting.start(&format!("/s/{code}")).await;
    let session = browser(world, &email, 78).await;
    let audit = national.get(&york("audit")).await.expect(200).items().remove(0);
    // What is stored is counted by whoever reads figures next, of whatever scheme; here already.
    national.get("/api/v1/khi?period=2026-27&level=uk").await.expect(200);
    let tag = national.get(&york("participants/by-ref/Y-1001")).await.expect(200);
    let tag = tag.header("etag").expect("a tag").to_owned();
    let ids = [
        ("participant", "Y-1001".to_owned()),
        ("another participant", "Y-2005".to_owned()),
        ("worker's account", worker),
        ("invitation", text(&invitation, "id")),
        ("open link", text(&link, "id")),
        ("life event", text(&event.expect(201).json(), "id")),
        ("wave", text(&wave, "id")),
        ("service account", text(&service, "id")),
        ("response", text(&sent, "id")),
        ("task", text(&task, "id")),
        ("draft", drafting.cookie.expect("a sitting")),
        ("staff session", session.staff["khi-staff"].clone()),
        ("audit entry", text(&audit, "hash")),
        ("entity tag", tag),
        ("scheme", YORK.to_owned()),
    ];
    ids.map(|(kind, real)| Id { kind, absent: altered(&real), real }).into()
}

async fn people_of_leeds(world: &World) -> Vec<Caller> {
    let number = world.number(LEEDS);
    let mut callers = Vec::new();
    for (name, role, host) in
        [("lead", Role::SchemeLead(number), 11), ("worker", Role::SchemeWorker(number), 12)]
    {
        let (_, email) = account(world, role).await;
        callers.push(Caller::Token(name, token_of(world, &email).await));
        callers.push(Caller::Browser(name, browser(world, &email, host).await));
    }
    let scopes = [
        "people:write",
        "people:read",
        "invitations:write",
        "responses:write",
        "responses:read",
        "due:read",
        "changes:read",
        "figures:read",
    ];
    let at = format!("/api/v1/schemes/{LEEDS}/service-accounts");
    callers.push(Caller::Token("key", key(world, &at, &scopes).await));
    callers
}

/// The address of a route with this scheme and, for everything else, this id.
fn address(route: &Route, scheme: &str, id: &str) -> String {
    let escaped = id.replace('"', "%22");
    let mut path = String::new();
    for part in route.path.split('/').skip(1) {
        path.push('/');
        match part.starts_with('{') {
            true if path.ends_with("/schemes/") => path.push_str(scheme),
            true => path.push_str(&escaped),
            false => path.push_str(part),
        }
    }
    path
}

/// Whether a route names something that belongs to a scheme: not definitions, releases and files, which are everybody's.
fn names_something(route: &Route) -> bool {
    let everybodys = ["/questionnaires/", "/releases/", "/static/", "/media/", "/preview/"];
    route.path.contains('{') && !everybodys.iter().any(|part| route.path.contains(part))
}

#[test]
fn whoever_is_given_every_id_of_another_scheme_learns_and_changes_nothing() {
    let description: Value =
        serde_json::from_str(include_str!("../../src/web/api/openapi.json")).expect("JSON");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::on(engine);
        actix_web::rt::System::new().block_on(async {
            let ids = two_schemes(&world).await;
            let mut callers = people_of_leeds(&world).await;
            let service = world.service().await;
            let before = rows::of_scheme(&world, YORK);
            assert!(before.len() > 20, "only {} rows of York: {before:#?}", before.len());
            let mut calls = 0;
            // First, while Leeds has nobody yet: where lists begin would tell of people with such names in Leeds.
            let mut told = in_bodies(&service, &ids, &mut callers).await;
            for route in all_routes().into_iter().filter(names_something) {
                let body = example(&description, &route);
                let own_id = route.path.matches('{').count() > 1 || !route.path.contains("/schemes/{");
                for caller in callers.iter_mut().filter(|c| c.calls(&route.path)) {
                    for id in &ids {
                        // With York's address, and the address of a scheme that does not exist.
                        let pairs = [
                            ((YORK, &id.real), ("york-shared-lifes", &id.absent)),
                            ((LEEDS, &id.real), (LEEDS, &id.absent)),
                        ];
                        for ((here, real), (there, absent)) in pairs.into_iter().take(1 + usize::from(own_id)) {
                            let one = caller.send(&service, &route, &address(&route, here, real), &body).await;
                            let other = caller.send(&service, &route, &address(&route, there, absent), &body).await;
                            calls += 2;
                            let (one, other) = (seen(&one, &[real, here]), seen(&other, &[absent, there]));
                            assert_ne!(one.0, 500, "{route}: {}", one.2);
                            if one != other {
                                told.insert(format!(
                                    "{route} as {} with the {} at {here}: {one:?}, and {other:?} where there is none",
                                    caller.name(), id.kind
                                ));
                            }
                        }
                    }
                }
            }
            assert!(told.is_empty(), "{told:#?}");
            assert!(calls > 1000, "only {calls} calls");
            let after = rows::of_scheme(&world, YORK);
            let lost: Vec<&String> = before.difference(&after).collect();
            let new: Vec<&String> = after.difference(&before).collect();
            assert!(lost.is_empty() && new.is_empty(), "York was changed: {lost:#?} became {new:#?}");
        });
    }
}

/// Ids of York inside bodies, parameters and headers of calls to one's own scheme; gives where they tell something.
async fn in_bodies(service: &Service, ids: &[Id], callers: &mut [Caller]) -> BTreeSet<String> {
    let own = |rest: &str| format!("/api/v1/schemes/{LEEDS}/{rest}");
    let route = |method: &str, path: String| Route { method: method.to_owned(), path };
    let sent =
        |body: Value| Body { content: Some(("application/json", body.to_string())), ..Body::default() };
    let mut told = BTreeSet::new();
    for id in ids {
        let calls = |id: &str| {
            let plain = response(LEEDS, "L-9", "2026-07-14", "better");
            let mut invited = plain.clone();
            invited["invitation"] = json!(id);
            let tag = Body {
                tag: Some(id.to_owned()),
                ..sent(json!({"council": "E08000035", "supported_from": "2026-07-20"}))
            };
            let escaped = id.replace('"', "%22");
            let form = |name: &'static str| Body {
                form: vec![(name, id.to_owned()), ("act", "close".to_owned())],
                ..Body::default()
            };
            vec![
                (
                    route("put", own("participants/by-ref/L-9")),
                    sent(json!({"council": "E08000035", "supported_from": "2026-07-20", "worker": id})),
                ),
                (route("put", own("participants/by-ref/L-9")), tag),
                (
                    route("post", own("invitations")),
                    sent(json!({"participant": id, "questionnaire": "shared-lives", "due_on": "2026-07-20"})),
                ),
                (route("post", own("invitations/due")), sent(json!({"people": [{"participant": id}]}))),
                (route("post", "/api/v1/responses?dry_run=true".into()), sent(invited)),
                (route("get", format!("/api/v1/responses?cursor={escaped}")), Body::default()),
                (route("get", format!("/api/v1/responses?scheme={escaped}")), Body::default()),
                (route("get", format!("/api/v1/changes?after={escaped}")), Body::default()),
                (route("get", format!("/api/v1/changes?scheme={escaped}")), Body::default()),
                (
                    route("get", format!("/api/v1/khi?period=2026-27&level=scheme&scheme={escaped}")),
                    Body::default(),
                ),
                (route("get", own(&format!("participants?cursor={escaped}"))), Body::default()),
                (route("get", own(&format!("tasks?cursor={escaped}"))), Body::default()),
                (route("post", "/scheme/staff".into()), form("account")),
                (route("post", "/account/end".into()), form("id")),
            ]
        };
        for (with_real, with_absent) in calls(&id.real).into_iter().zip(calls(&id.absent)) {
            for caller in callers.iter_mut().filter(|c| c.calls(&with_real.0.path)) {
                let one = caller.send(service, &with_real.0, &with_real.0.path.clone(), &with_real.1).await;
                let other =
                    caller.send(service, &with_absent.0, &with_absent.0.path.clone(), &with_absent.1).await;
                let (one, other) = (seen(&one, &[&id.real]), seen(&other, &[&id.absent]));
                if one != other {
                    told.insert(format!(
                        "{} as {} with the {}: {one:?}, and {other:?} where there is none",
                        with_real.0,
                        caller.name(),
                        id.kind
                    ));
                }
            }
        }
    }
    told
}
