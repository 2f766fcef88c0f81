//! What guards every answer and every input, whatever it is about: headers, other origins, markup, query language, tokens, bodies.

use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use khi::domain::access::Role;

use super::support::{Browser, on_both, over_https, scheme};

/// One address of each kind, found or not, taken or refused.
const ADDRESSES: [&str; 14] = [
    "/",
    "/s",
    "/s/absent",
    "/survey",
    "/withdraw",
    "/sign-in",
    "/scheme",
    "/preview",
    "/static/khi.css",
    "/api/docs",
    "/api/v1/openapi.json",
    "/api/v1/schemes",
    "/api/v1/absent",
    "/absent",
];

fn claims(token: &str) -> (Value, Value) {
    let part = |at: usize| {
        let bytes = BASE64.decode(token.split('.').nth(at).expect("a part")).expect("base64");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    (part(0), part(1))
}

fn written(head: &Value, claims: &Value, sign: impl FnOnce(&str) -> String) -> String {
    let body = format!("{}.{}", BASE64.encode(head.to_string()), BASE64.encode(claims.to_string()));
    let signature = sign(&body);
    format!("{body}.{signature}")
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    over_https(|world| async move {
        for path in ADDRESSES {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let reply = world.stranger().send(method.clone(), path, &[], None).await;
                let header =
                    |name: &str| reply.header(name).unwrap_or_else(|| panic!("{method} {path}: no {name}"));
                assert_eq!(header("x-content-type-options"), "nosniff");
                assert_eq!(header("referrer-policy"), "no-referrer");
                assert_eq!(header("cross-origin-opener-policy"), "same-origin");
                let policy = header("content-security-policy");
                for part in [
                    "default-src 'none'",
                    "script-src 'self'",
                    "base-uri 'none'",
                    "frame-ancestors 'none'",
                    "form-action 'self'",
                ] {
                    assert!(policy.contains(part), "{path}: {policy}");
                }
                assert!(!policy.contains("unsafe"), "{path}: {policy}");
                let seconds = header("strict-transport-security").trim_start_matches("max-age=");
                let seconds: u64 = seconds.split(';').next().and_then(|s| s.parse().ok()).expect("seconds");
                assert!(
                    seconds >= 31_536_000
                        && header("strict-transport-security").contains("includeSubDomains")
                );
                assert_eq!(reply.header("server"), None, "{path}: no version is told");
                if !reply.text.is_empty() {
                    let kind = header("content-type");
                    assert!(!kind.starts_with("text/") || kind.contains("charset=utf-8"), "{path}: {kind}");
                }
            }
        }
    });
}

#[test]
fn no_other_origin_is_let_into_the_api_and_none_is_asked_before() {
    on_both(|world| async move {
        let national = world.national().await;
        for path in ADDRESSES {
            for origin in ["https://evil.example", "null", "http://khi.test.evil.example"] {
                let headers = [("Origin", origin), ("Access-Control-Request-Method", "PUT")];
                for method in [Method::GET, Method::OPTIONS] {
                    let reply = national.send(method.clone(), path, &headers, None).await;
                    let opened = reply.headers.iter().find(|(name, _)| name.starts_with("access-control-"));
                    assert_eq!(opened, None, "{method} {path}");
                    assert!(method == Method::GET || [404, 405].contains(&reply.status.as_u16()), "{path}");
                }
            }
        }
    });
}

#[test]
fn markup_and_query_language_in_what_people_write_are_only_text() {
    on_both(|world| async move {
        let national = world.national().await;
        let spoilt = "Rose & Co <script>alert(1)</script> '; DROP TABLE schemes; -- \" {{7*7}} ${7*7}";
        let mut body = scheme("leeds-shared-lives", "E08000035");
        body["name"] = json!(spoilt);
        national.post("/api/v1/schemes", &body).await.expect(201);
        let seen = national.get("/api/v1/schemes/leeds-shared-lives").await.expect(200).json();
        assert_eq!(seen["name"], spoilt, "it is kept as it was written");
        let number = world.number("leeds-shared-lives");
        let mut lead = super::matrix::browser_of(&world, Role::SchemeLead(number), 31).await;
        let mut seen = 0;
        for path in ["/scheme", "/scheme/staff", "/account"] {
            let page = lead.open(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.html.contains("<script>alert"), "{path}: {}", page.html);
            // As it was written, wherever it stands: 49 by itself may be a minute or part of an id.
            let names = page.html.matches("DROP TABLE schemes").count();
            assert_eq!(page.html.matches("{{7*7}} ${7*7}").count(), names, "{path}: a template was run");
            seen += names;
        }
        assert!(seen > 0, "no page shows the name: nothing was looked at");
        for cursor in ["'; DROP TABLE participants; --", "' OR '1'='1", "%00", "\u{1F98A}"] {
            let escaped: String = cursor.bytes().map(|b| format!("%{b:02X}")).collect();
            for path in
                ["/api/v1/schemes", "/api/v1/responses", "/api/v1/schemes/leeds-shared-lives/participants"]
            {
                let status = national.get(&format!("{path}?cursor={escaped}")).await.status.as_u16();
                assert!(status < 500, "{path}?cursor={cursor}: {status}");
            }
            let one = national.get(&format!("/api/v1/schemes/{escaped}")).await;
            assert_eq!(one.status, 404, "{cursor}: {}", one.text);
        }
        national.get("/api/v1/schemes/leeds-shared-lives/participants").await.expect(200);
    });
}

#[test]
fn a_token_that_was_changed_or_made_elsewhere_is_refused() {
    on_both(|world| async move {
        let token = super::matrix::token_for(&world, Role::National).await;
        let get = |token: String| {
            let world = &world;
            async move { world.with_token(&token).get("/api/v1/schemes").await.status.as_u16() }
        };
        assert_eq!(get(token.clone()).await, 200);
        let (head, body) = claims(&token);
        let signature = token.rsplit('.').next().expect("a signature").to_owned();
        let with = |key: &str, value: Value| {
            let mut changed = body.clone();
            changed[key] = value;
            changed
        };
        let forged = |key: &'static [u8]| {
            move |text: &str| {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
                mac.update(text.as_bytes());
                BASE64.encode(mac.finalize().into_bytes())
            }
        };
        let kept = |_: &str| signature.clone();
        let none = json!({"alg": "none", "typ": "JWT", "kid": head["kid"]});
        let tried = [
            ("without a signature", written(&none, &body, |_| String::new())),
            ("said to need none", written(&none, &body, kept)),
            ("signed with another key", written(&head, &body, forged(b"another key, of the right length"))),
            ("signed with an empty key", written(&head, &body, forged(b""))),
            ("for another audience", written(&head, &with("aud", json!("another")), kept)),
            ("of somebody else", written(&head, &with("sub", json!("somebody")), kept)),
            ("longer", written(&head, &with("exp", json!(4_000_000_000_u64)), kept)),
            (
                "of another algorithm",
                written(&json!({"alg": "RS256", "typ": "JWT", "kid": head["kid"]}), &body, kept),
            ),
            (
                "with a key of its own",
                written(
                    &json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}, "kid": head["kid"]}),
                    &body,
                    forged(b"\0\0\0"),
                ),
            ),
            (
                "with a key from elsewhere",
                written(
                    &json!({"alg": "HS256", "jku": "https://evil.example/keys", "kid": head["kid"]}),
                    &body,
                    kept,
                ),
            ),
            ("with no key named", written(&json!({"alg": "HS256", "typ": "JWT"}), &body, kept)),
            ("with an unknown key", written(&json!({"alg": "HS256", "kid": "99"}), &body, kept)),
            ("no token at all", "a.b.c".to_owned()),
        ];
        for (how, token) in tried {
            assert_eq!(get(token).await, 401, "{how}");
        }
    });
}

#[test]
fn a_password_is_taken_exactly_as_it_was_typed_and_may_be_long_and_pasted() {
    on_both(|world| async move {
        let password = format!("  Ünusual 🦊 {} END  ", "seventy characters of a phrase ".repeat(3));
        assert!(password.chars().count() > 64);
        let new = khi::use_cases::NewAccount {
            email: "long@khi.example".into(),
            password: password.clone(),
            role: Role::Analyst,
        };
        world.act(move |app| khi::use_cases::add_account(app, &new).map(drop).expect("added")).await;
        let mut browser = Browser::new(&world, 5).await;
        for (typed, status) in [
            (password.trim().to_owned(), 401),
            (password.to_lowercase(), 401),
            (password.chars().take(72).collect(), 401),
            (password.clone(), 200),
        ] {
            let page = browser.post("/sign-in", &[("email", "long@khi.example"), ("password", &typed)]).await;
            assert_eq!(page.status, status, "{typed}");
        }
        let page = Browser::new(&world, 6).await.open("/sign-in").await.html.clone();
        let field =
            page.split("<input").find(|f| f.contains("name=\"password\"")).expect("a field").to_owned();
        assert!(
            field.contains("type=\"password\"") && field.contains("autocomplete=\"current-password\""),
            "{field}"
        );
        assert!(
            !page.contains("onpaste") && !field.contains("maxlength") && !field.contains("pattern="),
            "{field}"
        );
    });
}

#[test]
fn a_body_sets_what_it_may_and_names_nothing_twice() {
    on_both(|world| async move {
        let national = world.national().await;
        national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
        let at = "/api/v1/schemes/leeds-shared-lives/participants/by-ref/P-1";
        let plain = json!({"council": "E08000035", "supported_from": "2026-07-20"});
        for (key, value) in [
            ("scheme_number", json!(1)),
            ("entered_on", json!("2020-01-01")),
            ("id", json!("x")),
            ("__proto__", json!({})),
        ] {
            let mut more = plain.clone();
            more[key] = value;
            assert_eq!(national.put(at, &more).await.status, 422, "{key}");
        }
        national.put(at, &plain).await.expect(201);
        national.get("/api/v1/khi?period=2026-27&level=uk&level=scheme").await.expect(400);
        let repeated = br#"{"council": "E08000035", "council": "E06000014", "supported_from": "2026-07-20"}"#;
        let reply = national
            .send(Method::PUT, at, &[("Content-Type", "application/json")], Some(repeated.to_vec()))
            .await;
        assert!([400, 422].contains(&reply.status.as_u16()), "{} {}", reply.status, reply.text);
    });
}

#[test]
fn no_refusal_tells_anything_of_the_inside_and_no_path_leads_out() {
    let inside = ["diesel", "sqlite", "postgres", "/home", "src/", "panicked", "thread '", "SELECT "];
    on_both(|world| async move {
        let national = world.national().await;
        let tried = [
            national
                .send(
                    Method::POST,
                    "/api/v1/responses",
                    &[("Content-Type", "application/json")],
                    Some(b"{".to_vec()),
                )
                .await,
            national.get("/api/v1/responses?cursor=%FF%FE").await,
            national.get("/api/v1/responses/absent").await,
            national.get("/%2e%2e/%2e%2e/etc/passwd").await,
            national.get("/static/..%2f..%2fCargo.toml").await,
            national.get("/media/..%2f..%2fkhi.secret").await,
        ];
        for reply in tried {
            assert!(
                reply.status.as_u16() >= 400 && reply.status.as_u16() < 500,
                "{} {}",
                reply.status,
                reply.text
            );
            let told: Vec<&&str> = inside.iter().filter(|word| reply.text.contains(**word)).collect();
            assert!(told.is_empty(), "{told:?} in {}", reply.text);
        }
    });
}

#[test]
fn signing_out_clears_what_the_browser_holds() {
    on_both(|world| async move {
        let mut browser = super::matrix::browser_of(&world, Role::Analyst, 41).await;
        let reply = browser.send(Method::POST, "/sign-out", &[], Some(&[])).await.expect(303);
        assert!(reply.header("clear-site-data").is_some_and(|what| what.contains("cache")));
        assert!(browser.staff.is_empty(), "its cookies are taken away");
        assert_eq!(browser.open("/account").await.address, "/sign-in");
    });
}
