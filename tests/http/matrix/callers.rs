//! Everybody who calls: strangers, each role here and elsewhere, and keys of other systems with one scope each.

use std::net::SocketAddr;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use khi::domain::access::Role;
use khi::domain::totp;
use khi::use_cases::{NewAccount, add_account, allow_api_without_code};

use super::fixture::{Fixture, LEEDS, Request, YORK};
use super::routes::Route;
use crate::staff::unbase32;
use crate::support::{Browser, Service, World};

const PASSWORD: &str = "a long enough password";
const SCOPES: [(&str, &str); 9] = [
    ("key people:write", "people:write"),
    ("key people:read", "people:read"),
    ("key invitations:write", "invitations:write"),
    ("key responses:write", "responses:write"),
    ("key responses:read", "responses:read"),
    ("key due:read", "due:read"),
    ("key changes:read", "changes:read"),
    ("key figures:read", "figures:read"),
    ("key returns:write", "returns:write"),
];
const ROLES: [&str; 11] = [
    "national",
    "analyst",
    "area",
    "other area",
    "lead",
    "other lead",
    "worker",
    "other worker",
    "collector",
    "scheme collector",
    "other collector",
];

/// The columns of a table, in order.
pub(super) fn names(pages: bool) -> Vec<&'static str> {
    let mut names = vec!["stranger"];
    names.extend(ROLES);
    if pages {
        names.push("token of a lead");
    } else {
        names.extend(SCOPES.map(|(name, _)| name));
        names.extend(["other key", "key for all", "cookie of a lead"]);
    }
    names
}

fn role(world: &World, name: &str) -> Role {
    let (leeds, york) = (world.number(LEEDS), world.number(YORK));
    match name {
        "national" => Role::National,
        "analyst" => Role::Analyst,
        "area" => Role::Area("E08000035".into()),
        "other area" => Role::Area("E06000014".into()),
        "lead" => Role::SchemeLead(leeds),
        "other lead" => Role::SchemeLead(york),
        "worker" => Role::SchemeWorker(leeds),
        "other worker" => Role::SchemeWorker(york),
        "collector" => Role::Collector(None),
        "scheme collector" => Role::Collector(Some(leeds)),
        "other collector" => Role::Collector(Some(york)),
        other => panic!("no role {other}"),
    }
}

/// Somebody who sends requests: with a token, with a browser's cookies, or with nothing.
pub(super) struct Caller {
    pub(super) name: &'static str,
    token: Option<String>,
    browser: Option<Browser>,
    service: Service,
    number: u8,
    sent: u32,
}

/// A new account: its id and its address.
pub(crate) async fn account(world: &World, role: Role) -> (String, String) {
    let email = format!("{}@example.org", world.app.new_id().to_lowercase());
    let new = NewAccount { email: email.clone(), password: PASSWORD.into(), role };
    let id = world
        .act(move |app| {
            let id = add_account(app, &new).expect("the account is added");
            allow_api_without_code(app, &id).expect("it may");
            id
        })
        .await;
    (id, email)
}

async fn token(world: &World, body: &serde_json::Value) -> String {
    let reply = world.stranger().post("/api/v1/sessions", body).await.expect(201);
    reply.json()["token"].as_str().expect("a token").to_owned()
}

pub(crate) async fn token_of(world: &World, email: &str) -> String {
    token(world, &json!({"email": email, "password": PASSWORD})).await
}

thread_local! {
    static NATIONAL: std::cell::RefCell<Option<(usize, String)>> = const { std::cell::RefCell::new(None) };
}

/// A token of the national body, for what is made on the way.
pub(super) async fn national_token(world: &World) -> String {
    let this = std::sync::Arc::as_ptr(&world.app) as usize;
    if let Some((of, token)) = NATIONAL.with(|known| known.borrow().clone())
        && of == this
    {
        return token;
    }
    let (_, email) = account(world, Role::National).await;
    let token = token_of(world, &email).await;
    NATIONAL.with(|known| known.replace(Some((this, token.clone()))));
    token
}

pub(crate) async fn key(world: &World, at: &str, scopes: &[&str]) -> String {
    let national = world.with_token(&national_token(world).await);
    let made = national.post(at, &json!({"name": "Case system", "scopes": scopes})).await.expect(201).json();
    token(world, &json!({"key": made["key"]})).await
}

/// A token of somebody new with this role.
pub(crate) async fn token_for(world: &World, role: Role) -> String {
    let (_, email) = account(world, role).await;
    token_of(world, &email).await
}

/// A browser in which somebody new with this role has signed in with two factors.
pub(crate) async fn browser_of(world: &World, role: Role, number: u8) -> Browser {
    let (_, email) = account(world, role).await;
    browser(world, &email, number).await
}

/// A browser in which somebody has signed in with two factors.
pub(crate) async fn browser(world: &World, email: &str, number: u8) -> Browser {
    let mut browser = Browser::new(world, number).await;
    browser.post("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    let html = &browser.page.html;
    let (_, rest) = html.split_once("id=\"secret\">").unwrap_or_else(|| panic!("no secret in {html}"));
    let secret = unbase32(rest.split('<').next().unwrap_or_default());
    let code = totp::code_at(&secret, world.app.clock.now().timestamp());
    assert_eq!(browser.post("/sign-in/app", &[("code", &code)]).await.status, 200);
    browser
}

/// Everybody. On pages people have browsers, in the API they have tokens; somebody who brings the wrong one is a stranger.
pub(super) async fn all(world: &World, fixture: &Fixture, pages: bool) -> Vec<Caller> {
    let service = world.service().await;
    let mut callers = Vec::new();
    let mut add = |name: &'static str, token: Option<String>, browser: Option<Browser>| {
        let number = u8::try_from(callers.len()).expect("few");
        callers.push(Caller { name, token, browser, service: service.clone(), number, sent: 0 });
    };
    add("stranger", None, None);
    for (name, number) in ROLES.into_iter().zip(1..) {
        let email = match name {
            "worker" => fixture.worker.1.clone(),
            _ => account(world, role(world, name)).await.1,
        };
        if pages {
            add(name, None, Some(browser(world, &email, number).await));
        } else {
            add(name, Some(token_of(world, &email).await), None);
        }
    }
    let lead = account(world, role(world, "lead")).await.1;
    if pages {
        add("token of a lead", Some(token_of(world, &lead).await), None);
        return callers;
    }
    let leeds = format!("/api/v1/schemes/{LEEDS}/service-accounts");
    for (name, scope) in SCOPES {
        add(name, Some(key(world, &leeds, &[scope]).await), None);
    }
    let every: Vec<&str> = SCOPES.iter().map(|(_, scope)| *scope).collect();
    add(
        "other key",
        Some(key(world, &format!("/api/v1/schemes/{YORK}/service-accounts"), &every).await),
        None,
    );
    add("key for all", Some(key(world, "/api/v1/service-accounts", &every).await), None);
    add("cookie of a lead", None, Some(browser(world, &lead, 99).await));
    callers
}

impl Caller {
    /// The status of the answer to a route's own method.
    pub(super) async fn send(&mut self, route: &Route, path: &str, request: &Request) -> u16 {
        let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).expect("a method");
        self.send_as(method, path, request).await
    }

    /// The status of the answer. Pages get a form, the API gets JSON, or a table where it imports one.
    pub(super) async fn send_as(&mut self, method: Method, path: &str, request: &Request) -> u16 {
        self.sent += 1;
        let address = format!("{path}{}", request.query);
        let api = path.starts_with("/api/v1");
        let empty = [Method::GET, Method::DELETE].contains(&method);
        if let Some(browser) = &mut self.browser {
            let form: &[(&str, &str)] = &[];
            return browser.send(method, &address, &[], (!empty).then_some(form)).await.status.as_u16();
        }
        // From a new address each time: waiting after wrong passwords has its own tests.
        let [_, _, high, low] = self.sent.to_be_bytes();
        let from = SocketAddr::from(([10, 100 + self.number, high, low], 40_000));
        let mut sent = TestRequest::with_uri(&address).method(method).peer_addr(from);
        if let Some(token) = &self.token {
            sent = sent.insert_header(("Authorization", format!("Bearer {token}")));
        }
        if !empty {
            let (kind, body) = match path {
                _ if !api => ("application/x-www-form-urlencoded", String::new()),
                _ if path.ends_with("/import") => ("text/csv", String::new()),
                _ => ("application/json", request.body.to_string()),
            };
            let key = format!("key-0123456789-{}-{}", self.number, self.sent);
            sent = sent
                .insert_header(("Content-Type", kind))
                .insert_header(("Idempotency-Key", key))
                .set_payload(body);
        }
        (self.service)(sent).await.status().as_u16()
    }
}
