//! Sending invitations and reminders: by each person's own way, once, never after it is not wanted any more; and what the scheme sees of it.

mod meanwhile;
mod papers;
mod states;

use std::sync::Mutex;

use serde_json::{Value, json};

use khi::domain::access::Role;
use khi::mail::{Carrier, Outcome, Sender};
use khi::storage::audit;
use khi::storage::outbox::{self, MAIL, MailRow, TEXT};
use khi::texts::{Text, TextGateway};
use khi::use_cases::{Round, deliver_mail, deliver_texts, due_reminders, open_mail};

use super::support::{Client, World, contacts, on_both, response, scheme};

const SCHEME: &str = "leeds-shared-lives";
const BASE: &str = "/api/v1/schemes/leeds-shared-lives";
/// The text gateways of these tests take everything unless they are told otherwise.
const TAKES: fn(&Text) -> Outcome = |_| Outcome::Sent;

fn path(rest: &str) -> String {
    format!("{BASE}/{rest}")
}

fn by_ref(person: &str) -> String {
    path(&format!("participants/by-ref/{person}"))
}

async fn lead(world: &World) -> Client<'_> {
    world.signed_in(Role::SchemeLead(world.number(SCHEME))).await
}

/// How a person is reached: by e-mail, on their own.
fn reached(called: &str) -> Value {
    json!({"name": format!("{called} Example"), "called": called, "email": format!("{}@home.example", called.to_lowercase()),
           "mobile": "07700 900123", "channel": "email", "contact": {"whose": "own"},
           "address": {"lines": ["1 Example Street", "Leeds"], "postcode": "LS1 4AP"}})
}

fn with(mut identity: Value, changes: &[(&str, Value)]) -> Value {
    for (key, value) in changes {
        identity[*key] = value.clone();
    }
    identity
}

/// Enters somebody who is due today, with who they are.
async fn enter(lead: &Client<'_>, person: &str, identity: &Value) {
    let enrolment = json!({"council": "E08000035", "supported_from": "2026-07-20"});
    lead.put(&by_ref(person), &enrolment).await.expect(201);
    if !identity.is_null() {
        lead.put(&format!("{}/identity", by_ref(person)), identity).await.expect(200);
    }
}

fn people(who: &[&str]) -> Value {
    json!({"people": who.iter().map(|p| json!({"participant": p})).collect::<Vec<_>>()})
}

/// Invites people and sends it.
async fn send(lead: &Client<'_>, who: &[&str]) -> Vec<Value> {
    lead.post(&path("invitations/send"), &people(who)).await.expect(201).items()
}

/// Everything in the outbox that is still to go this way.
async fn waiting(world: &World, way: &'static str) -> Vec<MailRow> {
    let far = "2100-01-01T00:00:00".parse().expect("a time");
    world.act(move |app| app.store.read(|db| outbox::waiting(db, way, far, 1000)).expect("reads")).await
}

/// Delivers what waits into a folder; gives what was done, and each mail in it, readable.
async fn delivered(world: &World, folder: &std::path::Path) -> (Round, Vec<String>) {
    let path = folder.to_owned();
    let carry = move |app: &khi::app::App| {
        deliver_mail(app, &Carrier::folder(path, Sender::nowhere())).expect("delivers")
    };
    let round = world.act(carry).await;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map(|all| all.map(|e| e.expect("an entry").path()).collect())
        .unwrap_or_default();
    files.sort();
    let read = |file: &std::path::PathBuf| std::fs::read_to_string(file).expect("a mail");
    (round, files.iter().map(|file| read(file).replace("=\r\n", "").replace("=3D", "=")).collect())
}

/// A text gateway that keeps what it took, and answers as it is told.
struct Kept {
    taken: Mutex<Vec<Text>>,
    answer: fn(&Text) -> Outcome,
}

impl TextGateway for &'static Kept {
    fn send(&self, text: &Text) -> Outcome {
        let outcome = (self.answer)(text);
        if outcome == Outcome::Sent {
            self.taken.lock().expect("kept").push(text.clone());
        }
        outcome
    }
}

/// A world that has a text gateway.
fn with_texts(world: &World, answer: fn(&Text) -> Outcome) -> &'static Kept {
    world.app.sends_texts.store(true, std::sync::atomic::Ordering::Relaxed);
    Box::leak(Box::new(Kept { taken: Mutex::default(), answer }))
}

async fn texted(world: &World, gateway: &'static Kept) -> Round {
    world.act(move |app| deliver_texts(app, &gateway).expect("delivers")).await
}

async fn reminded(world: &World) -> Vec<(String, usize, &'static str)> {
    let due = world.act(|app| due_reminders(app).expect("reads")).await;
    due.into_iter().map(|r| (r.participant, r.number, r.way.code())).collect()
}

/// (participant, way, state) of every invitation.
async fn states(lead: &Client<'_>) -> Vec<(String, String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mut seen: Vec<_> = lead
        .get(&path("deliveries"))
        .await
        .expect(200)
        .items()
        .iter()
        .map(|d| (text(&d["participant"]), text(&d["way"]), text(&d["state"])))
        .collect();
    seen.sort();
    seen
}

fn is(who: &str, way: &str, state: &str) -> (String, String, String) {
    (who.into(), way.into(), state.into())
}

#[test]
fn each_is_written_to_in_their_own_way_and_what_is_stored_lets_nobody_in() {
    on_both(|world| async move {
        world.with_leeds().await;
        let gateway = with_texts(&world, TAKES);
        let lead = lead(&world).await;
        for (person, called, channel) in [
            ("P-1", "Mair", "email"),
            ("P-2", "Bob", "text"),
            ("P-3", "Cai", "letter"),
            ("P-4", "Dee", "visit"),
            ("P-5", "Eve", "none"),
        ] {
            enter(&lead, person, &with(reached(called), &[("channel", json!(channel))])).await;
        }
        let sent = send(&lead, &["P-1", "P-2", "P-3", "P-4", "P-5"]).await;
        let ways: Vec<&str> = sent.iter().filter_map(|s| s["way"].as_str()).collect();
        assert_eq!(ways, ["email", "text", "by-hand", "by-hand", "by-hand"]);
        let (mails, texts) = (waiting(&world, MAIL).await, waiting(&world, TEXT).await);
        assert_eq!((mails.len(), texts.len()), (1, 1));
        for row in mails.iter().chain(&texts) {
            let stored = format!("{row:?} {:?}", open_mail(&world.app, row).expect("opens"));
            assert!(
                !format!("{row:?}").contains("home.example") && !format!("{row:?}").contains("7700"),
                "{row:?}"
            );
            for way in &sent {
                assert!(!stored.contains(way["link"].as_str().expect("a link")), "{stored}");
                assert!(!stored.contains(way["code"].as_str().expect("a code")), "{stored}");
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let (round, mails) = delivered(&world, folder.path()).await;
        assert_eq!((round.sent, mails.len()), (1, 1));
        assert_eq!(texted(&world, gateway).await.sent, 1);
        let (mail, text) = (&mails[0], gateway.taken.lock().expect("kept")[0].clone());
        for said in [
            "To: \"Mair Example\" <mair@home.example>",
            "Subject: Example leeds-shared-lives: some questions about your life",
            "Auto-Submitted: auto-generated",
            "Hello Mair,",
            "It is OK to say no.",
            "until 20 October 2026",
            "Do you want no more messages like this? Tell Example leeds-shared-lives.",
        ] {
            assert!(mail.contains(said), "{said}: {mail}");
        }
        assert_eq!(text.to, "+447700900123");
        for (words, invited) in [(mail, &sent[0]), (&text.words, &sent[1])] {
            let link = invited["link"].as_str().expect("a link");
            assert!(words.contains(link), "{words}");
            world.stranger().get(link.strip_prefix("http://khi.test").expect("ours")).await.expect(200);
        }
        let expected = [
            is("P-1", "email", "sent"),
            is("P-2", "text", "sent"),
            is("P-3", "by-hand", "not-sent"),
            is("P-4", "by-hand", "not-sent"),
            is("P-5", "by-hand", "not-sent"),
        ];
        assert_eq!(states(&lead).await, expected);
        assert_eq!(delivered(&world, folder.path()).await.0, Round::default(), "each goes once");
    });
}

#[test]
fn everybody_who_lacks_something_is_named_with_it_and_then_nobody_is_invited() {
    on_both(|world| async move {
        world.with_leeds().await;
        with_texts(&world, TAKES);
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        enter(&lead, "P-2", &Value::Null).await;
        let odd = with(reached("Bob"), &[("channel", json!("text")), ("mobile", json!("12345"))]);
        enter(&lead, "P-3", &odd).await;
        let refused =
            lead.post(&path("invitations/send"), &people(&["P-9", "P-1", "P-2", "P-3"])).await.expect(422);
        let expected =
            [("/people/0/participant", "unknown-participant"), ("/people/3/participant", "bad-mobile")];
        assert_eq!(refused.faults(), expected.map(|(p, c)| (p.to_owned(), c.to_owned())));
        assert!(refused.text.contains("their mobile number cannot be one"), "{}", refused.text);
        assert_eq!((waiting(&world, MAIL).await.len(), states(&lead).await.len()), (0, 0));
        lead.post(&path("invitations/send"), &json!({"people": [], "x": 1})).await.expect(422);
        assert_eq!(send(&lead, &["P-1"]).await.len(), 1);
        lead.post(&path("invitations/send"), &people(&["P-1"])).await.expect(422);
        assert_eq!(waiting(&world, MAIL).await.len(), 1, "what is refused sends nothing");
    });
}

#[test]
fn what_others_may_read_names_neither_questions_nor_answers() {
    on_both(|world| async move {
        world.with_leeds().await;
        let gateway = with_texts(&world, TAKES);
        let lead = lead(&world).await;
        let supporter = json!({"whose": "supporter", "name": "Gwen Example"});
        let shared = json!({"whose": "shared"});
        let needs = |formats: &[&str]| json!({"formats": formats});
        enter(&lead, "P-1", &with(reached("Mair"), &[("contact", supporter.clone())])).await;
        let welsh = needs(&["welsh", "large-print"]);
        enter(&lead, "P-2", &with(reached("Bob"), &[("contact", shared.clone()), ("communication", welsh)]))
            .await;
        let plain = needs(&["text-only-email"]);
        enter(&lead, "P-3", &with(reached("Cai"), &[("communication", plain)])).await;
        let text = [("channel", json!("text"))];
        enter(&lead, "P-4", &with(with(reached("Dee"), &text), &[("contact", supporter)])).await;
        enter(&lead, "P-5", &with(with(reached("Eve"), &text), &[("contact", shared)])).await;
        send(&lead, &["P-1", "P-2", "P-3", "P-4", "P-5"]).await;
        let folder = tempfile::tempdir().expect("a folder");
        let (_, mails) = delivered(&world, folder.path()).await;
        texted(&world, gateway).await;
        let mail =
            |to: &str| mails.iter().find(|m| m.contains(to)).unwrap_or_else(|| panic!("{to}: {mails:?}"));
        let gwen = mail("\"Gwen Example\" <mair@home.example>");
        assert!(gwen.contains("Hello Gwen Example,") && gwen.contains("Pass this on to Mair."), "{gwen}");
        let bob = mail("bob@home.example");
        assert!(
            bob.contains("Helo Bob,") && bob.contains("<html lang=\"cy\">") && bob.contains("1.6em"),
            "{bob}"
        );
        let texts = gateway.taken.lock().expect("kept").clone();
        let told: Vec<&String> = [gwen, bob].into_iter().chain(texts.iter().map(|t| &t.words)).collect();
        assert_eq!(told.len(), 4);
        for words in told {
            let words = words.to_lowercase();
            for word in ["question", "cwestiyn", "answer", "ateb ", "survey", "arolwg", "your life", "bywyd"]
            {
                assert!(!words.contains(word) || word == "ateb ", "{word}: {words}");
            }
        }
        let cai = mail("cai@home.example");
        assert!(cai.contains("some questions about your life") && !cai.contains("<html"), "{cai}");
        assert!(texts.iter().any(|t| t.words.contains("Dee") && t.words.contains("Pass it on")), "{texts:?}");
    });
}

#[test]
fn without_a_gateway_the_invitation_is_made_and_its_text_is_ready_to_copy() {
    on_both(|world| async move {
        world.with_leeds().await;
        let lead = lead(&world).await;
        let text = with(
            reached("Mair"),
            &[("channel", json!("text")), ("communication", json!({"formats": ["welsh"]}))],
        );
        enter(&lead, "P-1", &text).await;
        let sent = send(&lead, &["P-1"]).await.remove(0);
        assert_eq!(sent["way"], "by-hand");
        assert_eq!(waiting(&world, TEXT).await.len(), 0);
        let copy = format!("{}/text", path(&format!("invitations/{}", sent["id"].as_str().expect("id"))));
        let seen = lead.get(&copy).await.expect(200);
        assert_eq!(seen.header("cache-control"), Some("no-store"));
        let seen = seen.json();
        let (words, link) = (seen["text"].as_str().expect("text"), sent["link"].as_str().expect("a link"));
        assert!(words.ends_with(link) && words.contains("gwestiynau am eich bywyd"), "{words}");
        let length = seen["length"].as_u64().expect("a number");
        assert!(
            length <= 160 && words.strip_suffix(link).is_some_and(|w| w.trim_end().len() as u64 <= length),
            "{seen}"
        );
        assert_eq!(
            (&seen["language"], &seen["mobile"], &seen["whose"]),
            (&json!("cy"), &json!("07700 900123"), &json!("own"))
        );
        let national = world.national().await;
        national.get(&copy).await.expect(403);
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let york = world.signed_in(Role::SchemeLead(world.number("york-shared-lives"))).await;
        york.get(&copy).await.expect(404);
    });
}

#[test]
fn a_long_name_is_shortened_so_that_a_text_message_is_one() {
    on_both(|world| async move {
        let national = world.national().await;
        let long = "Gwasanaeth Bywydau a Rennir Sir Gaerfyrddin, Ceredigion, Sir Benfro ac Abertawe";
        let mut body = scheme(SCHEME, "E08000035");
        body["name"] = json!(long);
        national.post("/api/v1/schemes", &body).await.expect(201);
        national.put(&path("contacts"), &contacts("leeds")).await.expect(200);
        let gateway = with_texts(&world, TAKES);
        let lead = lead(&world).await;
        let supporter = json!({"whose": "supporter", "name": "Gwen Example"});
        for (n, language) in [(1, "en"), (2, "cy")] {
            let person = format!("P-{n}");
            let called = json!("Bartholomew-Maximilian Featherstonehaugh-Cholmondeley");
            let changes = [("channel", json!("text")), ("contact", supporter.clone()), ("called", called)];
            enter(&lead, &person, &with(reached("Mair"), &changes)).await;
            let enrolment =
                json!({"council": "E08000035", "supported_from": "2026-07-20", "language": language});
            lead.put(&by_ref(&person), &enrolment).await.expect(204);
        }
        send(&lead, &["P-1", "P-2"]).await;
        assert_eq!(texted(&world, gateway).await.sent, 2);
        for text in gateway.taken.lock().expect("kept").iter() {
            let (words, _) = text.words.rsplit_once(' ').expect("a link");
            assert!(words.chars().count() <= 160 && words.chars().count() > 140, "{words}");
            assert!(words.contains("20 Hydref 2026") || words.contains("20 October 2026"), "{words}");
        }
    });
}

#[test]
fn sending_is_recorded_and_only_those_who_may_ask_do_it() {
    on_both(|world| async move {
        let national = world.with_leeds().await;
        national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
        let (leeds, york) = (world.number(SCHEME), world.number("york-shared-lives"));
        let lead = lead(&world).await;
        enter(&lead, "P-1", &reached("Mair")).await;
        let from = acts(&world).await.len();
        send(&lead, &["P-1"]).await;
        let expected = [
            "identity-read account participant",
            "invitation-made account invitation",
            "message-written account invitation",
        ];
        assert_eq!(acts(&world).await[from..], expected);
        world.set_time("2026-07-27T09:00:00Z");
        assert_eq!(reminded(&world).await, [("P-1".to_owned(), 1, "email")]);
        let acts = acts(&world).await;
        assert_eq!(
            acts[acts.len() - 2..],
            ["identity-read system participant", "message-written system invitation"]
        );
        for (role, status) in [
            (Role::National, 422),
            (Role::SchemeWorker(leeds), 422),
            (Role::SchemeLead(york), 404),
            (Role::Area("E08000035".into()), 403),
            (Role::Analyst, 403),
            (Role::Collector(Some(leeds)), 403),
        ] {
            let client = world.signed_in(role).await;
            let refused = client.post(&path("invitations/send"), &people(&["P-1"])).await.expect(status);
            let unseen = refused.text.contains("unknown-participant");
            assert_eq!(unseen, status == 422 && !refused.text.contains("not-due"), "{}", refused.text);
        }
        world.stranger().post(&path("invitations/send"), &people(&["P-1"])).await.expect(401);
    });
}

/// What was written down of the scheme: act, who, upon what.
async fn acts(world: &World) -> Vec<String> {
    let number = world.number(SCHEME);
    let all = world
        .act(move |app| app.store.read(|db| audit::entries(db, number, 0, 10_000)).expect("reads"))
        .await;
    all.iter()
        .map(|e| format!("{} {} {}", e.act, e.actor.split(':').next().unwrap_or_default(), e.target_kind))
        .collect()
}
