//! Webhooks: what is sent, how it is signed, what happens when nobody takes it, and where it is never sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::TimeDelta;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use khi::domain::access::Role;
use khi::use_cases::deliver_webhooks;
use khi::webhooks::Courier;

use super::support::{Client, World, on_both, response, scheme};

const WEBHOOK: &str = "/api/v1/schemes/leeds-shared-lives/webhook";
const EVENTS: [&str; 2] = ["response-recorded", "response-withdrawn"];

/// What a receiver got.
struct Got {
    headers: Vec<(String, String)>,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default()
    }

    fn ids(&self) -> Vec<Value> {
        let body: Value = serde_json::from_str(&self.body).expect("JSON");
        body["changes"].as_array().expect("changes").iter().map(|c| c["id"].clone()).collect()
    }

    /// Whether one of its signatures was made with this secret.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{timestamp}.{}", self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}

/// A small HTTP server that keeps what it gets and answers with `status`.
struct Receiver {
    url: String,
    status: Arc<AtomicU16>,
    got: mpsc::Receiver<Got>,
}

impl Receiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/khi", listener.local_addr().expect("an address"));
        let status = Arc::new(AtomicU16::new(204));
        let (tell, got) = mpsc::channel();
        let answer = status.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut reader = BufReader::new(stream.try_clone().expect("cloned"));
                let (mut line, mut headers) = (String::new(), Vec::new());
                reader.read_line(&mut line).expect("a request");
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).expect("a header");
                    let Some((name, value)) = line.trim().split_once(": ") else { break };
                    headers.push((name.to_lowercase(), value.to_owned()));
                }
                let length =
                    headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse().ok());
                let mut body = vec![0; length.unwrap_or(0)];
                reader.read_exact(&mut body).expect("a body");
                let status = answer.load(Ordering::SeqCst);
                let more = if status == 302 { "Location: http://127.0.0.1:1/\r\n" } else { "" };
                write!(stream, "HTTP/1.1 {status} X\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n")
                    .expect("answered");
                if tell.send(Got { headers, body: String::from_utf8(body).expect("UTF-8") }).is_err() {
                    return;
                }
            }
        });
        Self { url, status, got }
    }

    fn next(&self) -> Option<Got> {
        self.got.recv_timeout(Duration::from_millis(100)).ok()
    }
}

async fn deliver(world: &World) -> usize {
    world.act(|app| deliver_webhooks(app, &Courier::new(true)).expect("delivers")).await
}

async fn send(client: &Client<'_>, person: &str) -> Value {
    let body = response("leeds-shared-lives", person, "2026-07-14", "better");
    client.submit(&format!("key-0123456789-{person}"), &body).await.expect(201).json()["id"].clone()
}

async fn with_webhook<'w>(world: &'w World, receiver: &Receiver) -> (Client<'w>, String) {
    let national = world.with_leeds().await;
    world.app.private_webhooks.store(true, Ordering::Relaxed);
    send(&national, "before").await;
    let made =
        national.put(WEBHOOK, &json!({"url": receiver.url, "events": EVENTS})).await.expect(201).json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    (national, secret)
}

#[test]
fn a_webhook_is_told_ids_only_signed_and_each_change_once() {
    on_both(|world| async move {
        let receiver = Receiver::start();
        let (national, secret) = with_webhook(&world, &receiver).await;
        assert!(deliver(&world).await == 0 && receiver.next().is_none(), "what was before it is not told");
        let first = send(&national, "P-1").await;
        let second = send(&national, "P-2").await;
        national.delete(&format!("/api/v1/responses/{}", second.as_str().expect("id"))).await.expect(204);
        national
            .delete(&format!("/api/v1/responses/{}?erase=true", second.as_str().expect("id")))
            .await
            .expect(204);
        assert_eq!(deliver(&world).await, 1);
        let got = receiver.next().expect("a delivery");
        assert_eq!(got.ids(), [first, second.clone(), second], "nothing of other kinds");
        assert!(got.is_signed_with(&secret), "{:?}", got.headers);
        assert!(!got.is_signed_with(&format!("whsec_{}", STANDARD.encode([7; 32]))));
        assert_eq!(got.header("webhook-timestamp"), world.app.clock.now().timestamp().to_string());
        assert!(
            !got.body.contains("better") && !got.body.contains("answers") && !got.body.contains("P-1"),
            "{}",
            got.body
        );
        assert!(deliver(&world).await == 0 && receiver.next().is_none());
        assert_eq!(national.get(WEBHOOK).await.expect(200).json()["state"], "working");
        assert!(!national.get(WEBHOOK).await.text.contains("whsec_"), "the secret is shown once");
    });
}

#[test]
fn what_nobody_takes_is_tried_again_the_same_and_given_up_after_a_day() {
    on_both(|world| async move {
        let receiver = Receiver::start();
        let (national, _) = with_webhook(&world, &receiver).await;
        receiver.status.store(500, Ordering::SeqCst);
        let first = send(&national, "P-1").await;
        assert_eq!(deliver(&world).await, 0);
        let tried = receiver.next().expect("a try");
        assert!(deliver(&world).await == 0 && receiver.next().is_none(), "not at once");
        let state = national.get(WEBHOOK).await.json();
        assert_eq!(
            (&state["state"], &state["last_error"]),
            (&json!("failing"), &json!("the receiver answered 500"))
        );
        let second = send(&national, "P-2").await;
        world.wait(TimeDelta::seconds(6));
        receiver.status.store(302, Ordering::SeqCst);
        assert_eq!(deliver(&world).await, 0, "a redirect is not followed");
        let again = receiver.next().expect("another try");
        assert_eq!((again.header("webhook-id"), &again.body), (tried.header("webhook-id"), &tried.body));
        assert_eq!(again.ids(), [first]);
        world.wait(TimeDelta::seconds(11));
        receiver.status.store(200, Ordering::SeqCst);
        assert_eq!(deliver(&world).await + deliver(&world).await, 2);
        assert!(receiver.next().is_some());
        assert_eq!(receiver.next().expect("the next").ids(), [second]);

        receiver.status.store(410, Ordering::SeqCst);
        send(&national, "P-3").await;
        for _ in 0..100 {
            deliver(&world).await;
            world.wait(TimeDelta::minutes(16));
        }
        let tries = std::iter::from_fn(|| receiver.next()).count();
        assert!((90..=100).contains(&tries), "{tries}");
        let national = world.national().await;
        let state = national.get(WEBHOOK).await.json();
        assert_eq!(state["state"], "disabled", "{state}");
        assert!(state["disabled_at"].is_string());
        receiver.status.store(200, Ordering::SeqCst);
        assert!(deliver(&world).await == 0 && receiver.next().is_none());
        national.put(WEBHOOK, &json!({"url": receiver.url, "events": EVENTS})).await.expect(200);
        assert_eq!(deliver(&world).await, 1, "it goes on where it was");
        assert_eq!(national.get(WEBHOOK).await.json()["state"], "working");
    });
}

#[test]
fn for_a_day_after_a_rotation_both_secrets_sign() {
    on_both(|world| async move {
        let receiver = Receiver::start();
        let (national, old) = with_webhook(&world, &receiver).await;
        let rotated = national.post(&format!("{WEBHOOK}/rotate"), &json!({})).await.expect(200).json();
        let new = rotated["secret"].as_str().expect("a secret").to_owned();
        assert_ne!(old, new);
        send(&national, "P-1").await;
        deliver(&world).await;
        let got = receiver.next().expect("a delivery");
        assert!(got.is_signed_with(&old) && got.is_signed_with(&new));
        world.wait(TimeDelta::hours(25));
        let national = world.national().await;
        send(&national, "P-2").await;
        deliver(&world).await;
        let got = receiver.next().expect("a delivery");
        assert!(!got.is_signed_with(&old) && got.is_signed_with(&new));
        national.delete(WEBHOOK).await.expect(204);
        national.delete(WEBHOOK).await.expect(404);
        send(&national, "P-3").await;
        assert!(deliver(&world).await == 0 && receiver.next().is_none());
        let again =
            national.put(WEBHOOK, &json!({"url": receiver.url, "events": EVENTS})).await.expect(201).json();
        assert!(again["secret"] != json!(old) && again["secret"] != json!(new), "never an old secret again");
    });
}

#[test]
fn private_addresses_are_refused_when_named_and_when_a_name_leads_there() {
    on_both(|world| async move {
        let receiver = Receiver::start();
        let national = world.with_leeds().await;
        let put = |url: &str| {
            let (national, body) = (&national, json!({"url": url, "events": EVENTS}));
            async move { national.put(WEBHOOK, &body).await }
        };
        let wrong = [
            ("http://host.example/khi", "not-https"),
            ("ftp://host.example/khi", "not-https"),
            ("https://", "bad-url"),
            ("host.example", "bad-url"),
            ("https://user:word@host.example/", "bad-url"),
            ("https://host.example/#part", "bad-url"),
            ("https://10.0.0.1/", "private-address"),
            ("https://169.254.169.254/latest", "private-address"),
            ("https://0x7f.1/", "private-address"),
            ("https://2130706433/", "private-address"),
            ("https://[::ffff:192.168.0.1]/", "private-address"),
            ("http://localhost:8080/", "private-address"),
            ("http://127.0.0.1/", "private-address"),
        ];
        for (url, code) in wrong {
            assert_eq!(put(url).await.expect(422).faults(), [("/url".to_owned(), code.to_owned())], "{url}");
        }
        let bad = json!({"url": 1, "events": ["response-recorded", "response-recorded", "x"], "y": 1});
        let faults = national.put(WEBHOOK, &bad).await.expect(422).faults();
        let expected = [
            ("/events/1", "repeated"),
            ("/events/2", "unknown-code"),
            ("/url", "wrong-type"),
            ("/y", "unknown-key"),
        ];
        assert_eq!(faults, expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        national.get(WEBHOOK).await.expect(404);

        // Named while it was allowed: the courier looks at the address itself.
        world.app.private_webhooks.store(true, Ordering::Relaxed);
        put(&receiver.url.replace("127.0.0.1", "localhost")).await.expect(201);
        send(&national, "P-1").await;
        let sent = world.act(|app| deliver_webhooks(app, &Courier::new(false)).expect("tries")).await;
        assert!(sent == 0 && receiver.next().is_none());
        let state = national.get(WEBHOOK).await.json();
        assert_eq!(state["last_error"], "the host has a private address");
    });
}

#[test]
fn a_webhook_is_for_the_schemes_leads_and_the_national_body() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (leeds, york) = (world.number("leeds-shared-lives"), world.number("york-shared-lives"));
        let body = json!({"url": "https://host.example/khi", "events": EVENTS});
        let roles = [
            (None, [401; 3]),
            (Some(Role::SchemeWorker(leeds)), [403; 3]),
            (Some(Role::SchemeLead(york)), [404; 3]),
            (Some(Role::Analyst), [403; 3]),
            (Some(Role::Area("E08000035".into())), [403; 3]),
            (Some(Role::Collector(None)), [403; 3]),
            (Some(Role::SchemeLead(leeds)), [201, 200, 200]),
            (Some(Role::National), [200, 200, 200]),
        ];
        for (role, expected) in roles {
            let name = format!("{role:?}");
            let client = match role {
                None => world.stranger(),
                Some(role) => world.signed_in(role).await,
            };
            let got = [
                client.put(WEBHOOK, &body).await,
                client.get(WEBHOOK).await,
                client.post(&format!("{WEBHOOK}/rotate"), &json!({})).await,
            ];
            assert_eq!(got.map(|r| r.status.as_u16()), expected, "{name}");
        }
    });
}
