//! What the addresses of the matrix name, and what is sent there. A new parameter gets a line in [`Fixture::value`]; a route that needs
//! more than an empty body to tell its callers apart gets one in [`requests`].

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};

use super::routes::Route;
use crate::support::{Client, World, contacts, response, scheme};

pub(crate) const LEEDS: &str = "leeds-shared-lives";
pub(crate) const YORK: &str = "york-shared-lives";
const BASE: &str = "/api/v1/schemes/leeds-shared-lives";

/// What is sent to a route.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// What tells it from others to the same route: ` #` and a word.
    pub(super) variant: &'static str,
    pub(super) query: &'static str,
    pub(super) body: Value,
}

/// The requests of a route: nearly always one, with an empty body.
pub(super) fn requests(route: &Route) -> Vec<Request> {
    let plain = Request { body: json!({}), ..Request::default() };
    let with = |query: &'static str| vec![Request { query, ..plain.clone() }];
    match (route.method.as_str(), route.path.as_str()) {
        ("get", "/api/v1/kpi" | "/api/v1/outcomes") => vec![
            Request { query: "?period=2026-27&level=scheme&scheme=leeds-shared-lives", ..plain.clone() },
            Request { variant: " #uk", query: "?period=2026-27&level=uk", ..plain.clone() },
            Request { variant: " #area", query: "?period=2026-27&level=local_authority", ..plain.clone() },
        ],
        ("get", path) if path.ends_with("/returns/template") => with("?period=2026-Q2"),
        ("post", "/api/v1/comparators/import") => with("?year=2024-25"),
        ("get", "/api/v1/returns") => with("?period=2026-Q2&level=scheme"),
        ("get", "/api/v1/khi") => vec![
            Request { query: "?period=2026-27&level=scheme&scheme=leeds-shared-lives", ..plain.clone() },
            Request { variant: " #uk", query: "?period=2026-27&level=uk", ..plain.clone() },
            Request { variant: " #area", query: "?period=2026-27&level=local_authority", ..plain.clone() },
        ],
        ("get", path) if path.starts_with("/api/v1/exports/responses.") => vec![
            Request { query: "?questionnaire=shared-lives&scheme=leeds-shared-lives", ..plain.clone() },
            Request { variant: " #all", query: "?questionnaire=shared-lives", ..plain.clone() },
        ],
        ("get", "/api/v1/responses" | "/api/v1/changes") => vec![
            Request { query: "?scheme=leeds-shared-lives", ..plain.clone() },
            Request { variant: " #all", ..plain.clone() },
        ],
        ("post", "/api/v1/responses") => vec![Request { body: json!({"scheme": LEEDS}), ..plain.clone() }],
        ("post", "/api/v1/responses/batch") => {
            vec![Request {
                body: json!([{"scheme": LEEDS, "idempotency_key": "key-0123456789"}]),
                ..plain.clone()
            }]
        }
        ("delete", "/api/v1/schemes/{id}/participants/by-ref/{ref}") => with("?erase=true"),
        ("delete", "/api/v1/responses/{id}") => {
            vec![plain.clone(), Request { variant: " #erase", query: "?erase=true", ..plain.clone() }]
        }
        _ => vec![plain],
    }
}

/// Two schemes, and one of everything in the first.
pub(super) struct Fixture {
    /// The key worker of everybody in Leeds.
    pub(super) worker: (String, String),
    task: String,
    link: String,
    made: Cell<u32>,
    event: RefCell<String>,
}

impl Fixture {
    pub(super) async fn make(world: &World) -> Self {
        let national = world.national().await;
        for (id, council) in [(LEEDS, "E08000035"), (YORK, "E06000014")] {
            let mut scheme = scheme(id, council);
            scheme["units"] =
                json!([{"id": "garden", "name": "Garden project", "from": "2024-01-01", "to": null}]);
            national.post("/api/v1/schemes", &scheme).await.expect(201);
            national.put(&format!("/api/v1/schemes/{id}/contacts"), &contacts(id)).await.expect(200);
        }
        let worker =
            super::callers::account(world, khi::domain::access::Role::SchemeWorker(world.number(LEEDS)))
                .await;
        let mut fixture = Self {
            worker,
            task: String::new(),
            link: String::new(),
            made: Cell::new(0),
            event: RefCell::default(),
        };
        fixture.participant(&national, "P-1").await;
        let mut told = response(LEEDS, "P-1", "2026-07-14", "better");
        told["answers"]["safe"] = json!("no");
        national.submit("key-0123456789-task", &told).await.expect(201);
        let link = json!({"questionnaire": "shared-lives"});
        fixture.link =
            text(&national.post(&format!("{BASE}/open-links"), &link).await.expect(201).json(), "id");
        let lead = world.signed_in(khi::domain::access::Role::SchemeLead(world.number(LEEDS))).await;
        let identity = json!({"name": "Nia Example", "channel": "none"});
        lead.put(&format!("{BASE}/participants/by-ref/P-1/identity"), &identity).await.expect(200);
        national.put(&format!("{BASE}/webhook"), &webhook()).await.expect(201);
        fixture.task = text(&national.get(&format!("{BASE}/tasks")).await.expect(200).items()[0], "id");
        fixture
    }

    async fn participant(&self, national: &Client<'_>, reference: &str) {
        let body = json!({"council": "E08000035", "supported_from": "2026-07-20", "worker": self.worker.0});
        national.put(&format!("{BASE}/participants/by-ref/{reference}"), &body).await.expect(201);
    }

    fn next(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    /// The address of a route, with something of Leeds for each parameter; new, where the request could take it away.
    pub(super) async fn path(&self, world: &World, route: &Route) -> String {
        let mut path = route.path.clone();
        if !changes_things(route) {
            return self.fixed(route);
        }
        let national = world.with_token(&super::callers::national_token(world).await);
        while let Some((before, name, after)) = parameter(&path) {
            let value = self.fresh(&national, route, &before, &name).await;
            path = format!("{before}{}{after}", value.unwrap_or_else(|| self.value(&before, &name)));
        }
        if route.path.ends_with("/webhook") {
            national.put(&format!("{BASE}/webhook"), &webhook()).await;
        }
        path
    }

    /// The address of a route, with what is there anyway.
    pub(super) fn fixed(&self, route: &Route) -> String {
        let mut path = route.path.clone();
        while let Some((before, name, after)) = parameter(&path) {
            path = format!("{before}{}{after}", self.value(&before, &name));
        }
        path
    }

    /// What stands for a parameter.
    fn value(&self, before: &str, name: &str) -> String {
        let value = match (before.rsplit('/').nth(1).unwrap_or_default(), name) {
            ("schemes", "id") => LEEDS,
            ("questionnaires" | "preview", "id") | (_, "questionnaire") => "shared-lives",
            ("releases" | "responses" | "exports" | "waves" | "return-links", "id") => "absent",
            ("areas", "code") => "E08000035",
            ("targets", "place") => LEEDS,
            (_, "unit") => "garden",
            (_, "period") => "2026-Q2",
            ("tasks", "id") => &self.task,
            ("links", "id") => &self.link,
            ("import", "kind") => "csv",
            (_, "ref") => "P-1",
            (_, "version") => "1.0.0",
            ("places", "place") => "E08000035",
            ("indicators", "indicator") => "social-connection",
            ("models", "model") => "shared-lives",
            ("releases", "draft") => "absent",
            ("static", "file") => "khi.css",
            ("media", "file") => "absent.mp3",
            ("report", "file") => "K02000001.html",
            (_, "task") => &self.task,
            (_, "link") => &self.link,
            (_, "step") => "friends",
            (_, "sid" | "event" | "invitation" | "code" | "token" | "claim") => "absent",
            _ => panic!("tests/http/matrix/fixture.rs does not know what {{{name}}} after {before} is"),
        };
        value.to_owned()
    }

    /// Something new for a parameter, if the request could take it away.
    async fn fresh(&self, national: &Client<'_>, route: &Route, before: &str, name: &str) -> Option<String> {
        let number = self.next();
        let made = match (before.rsplit('/').nth(1).unwrap_or_default(), name) {
            (_, "ref") if route.method == "delete" => {
                let reference = format!("P-{number}-x");
                self.participant(national, &reference).await;
                return Some(reference);
            }
            (_, "sid") => {
                let at = if before.contains("/schemes/") {
                    format!("{BASE}/service-accounts")
                } else {
                    "/api/v1/service-accounts".into()
                };
                national.post(&at, &json!({"name": "Case system", "scopes": ["due:read"]})).await
            }
            (_, "invitation") => {
                let reference = format!("P-{number}-i");
                self.participant(national, &reference).await;
                let body = json!({"participant": reference, "questionnaire": "shared-lives", "due_on": "2026-07-20"});
                national.post(&format!("{BASE}/invitations"), &body).await
            }
            (_, "link") => {
                national.post(&format!("{BASE}/open-links"), &json!({"questionnaire": "shared-lives"})).await
            }
            (_, "event") => {
                let at = format!("{BASE}/participants/by-ref/P-1/events");
                let made = national.post(&at, &json!({"kind": "hospital"})).await;
                // The last one still lasts, if the last caller could not lift it.
                if made.status != 409 {
                    self.event.replace(text(&made.json(), "id"));
                }
                return Some(self.event.borrow().clone());
            }
            ("responses", "id") => {
                let body = response(LEEDS, &format!("P-{number}-r"), "2026-07-14", "better");
                national.submit(&format!("key-0123456789-{number}"), &body).await
            }
            _ => return None,
        };
        assert!(made.status.is_success(), "{route}: {} {}", made.status, made.text);
        Some(text(&made.json(), "id"))
    }
}

fn webhook() -> Value {
    json!({"url": "https://system.example/khi", "events": ["response-recorded"]})
}

/// Whether a request to it could change something that its address names.
fn changes_things(route: &Route) -> bool {
    route.method != "get" && route.path.contains('{')
}

/// The first parameter of an address: what is before, its name, what is after.
fn parameter(path: &str) -> Option<(String, String, String)> {
    let (before, rest) = path.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before.to_owned(), name.split(':').next().unwrap_or_default().to_owned(), after.to_owned()))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}
