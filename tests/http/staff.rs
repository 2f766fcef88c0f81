//! Staff: accounts, signing in with two factors, sessions, and what guards them.

mod accounts;
mod compare;
mod eight_models;
mod guards;
mod national;
mod outcomes;
mod releases;
mod return_links;
mod returns;
mod review;
mod sessions;
mod sign_in;
mod tokens;
mod workspace;

use chrono::TimeDelta;
use khi::app::App;
use khi::domain::access::{Actor, Role};
use khi::domain::totp;
use khi::mail::{Carrier, Sender};
use khi::use_cases::{NewAccount, add_account, deliver_mail};

use super::support::{Browser, World, on_both, scheme};

const PASSWORD: &str = "a long enough password";

/// Somebody with an account, a phone and a browser.
struct Person {
    email: String,
    id: String,
    secret: Vec<u8>,
    recovery: Vec<String>,
    browser: Browser,
}

/// An account with a password and nothing else.
async fn account(world: &World, email: &str, role: Role) -> String {
    let new = NewAccount { email: email.into(), password: PASSWORD.into(), role };
    world.act(move |app| add_account(app, &new).expect("the account is added")).await
}

/// Somebody who has signed in and connected an app.
async fn person(world: &World, email: &str, role: Role, host: u8) -> Person {
    let id = account(world, email, role).await;
    let mut browser = Browser::new(world, host).await;
    sign_in(&mut browser, email, PASSWORD).await;
    let (secret, recovery) = connect(world, &mut browser).await;
    Person { email: email.into(), id, secret, recovery, browser }
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str) {
    browser.post("/sign-in", &[("email", email), ("password", password)]).await;
}

/// Connects an app on the page that offers it: the secret, and the recovery codes that are shown.
async fn connect(world: &World, browser: &mut Browser) -> (Vec<u8>, Vec<String>) {
    assert_eq!(browser.page.address, "/sign-in/app", "{}", browser.page.html);
    let secret = unbase32(&between(&browser.page.html, "id=\"secret\">", "<"));
    let code = totp::code_at(&secret, world.app.clock.now().timestamp());
    let page = browser.post("/sign-in/app", &[("code", &code)]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let codes: Vec<String> = page.html.split("<li><code>").skip(1).map(|rest| before(rest, "<")).collect();
    assert_eq!(codes.len(), 10, "{}", page.html);
    (secret, codes)
}

impl Person {
    /// What the phone shows.
    fn code(&self, world: &World) -> String {
        totp::code_at(&self.secret, world.app.clock.now().timestamp())
    }

    /// Signs in in a browser, with a new code.
    async fn enter(&self, world: &World, browser: &mut Browser, more: &[(&str, &str)]) {
        world.wait(TimeDelta::seconds(30));
        sign_in(browser, &self.email, PASSWORD).await;
        assert_eq!(browser.page.address, "/sign-in/code", "{}", browser.page.html);
        let code = self.code(world);
        browser.post("/sign-in/code", &[&[("code", code.as_str())], more].concat()).await;
    }

    fn actor(&self, world: &World) -> Actor {
        let role = world.app.directory().account(&self.id).and_then(|a| a.role()).expect("a role");
        Actor { account: self.id.clone(), role }
    }
}

/// Whether this browser is signed in.
async fn is_in(browser: &mut Browser) -> bool {
    browser.open("/account").await.address == "/account"
}

/// Two schemes: Leeds and York, by their numbers.
async fn two_schemes(world: &World) -> (i64, i64) {
    let national = world.national().await;
    national.post("/api/v1/schemes", &scheme("leeds-shared-lives", "E08000035")).await.expect(201);
    national.post("/api/v1/schemes", &scheme("york-shared-lives", "E06000014")).await.expect(201);
    (world.number("leeds-shared-lives"), world.number("york-shared-lives"))
}

/// Delivers what waits, and gives the texts of all mails since the last time.
async fn mails(world: &World) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    let carry =
        move |app: &App| deliver_mail(app, &Carrier::folder(path, Sender::nowhere())).expect("delivers");
    let round = world.act(carry).await;
    let files = std::fs::read_dir(folder.path()).map(|d| d.map(|e| e.expect("an entry").path()).collect());
    let mut files: Vec<std::path::PathBuf> = files.unwrap_or_default();
    files.sort();
    assert_eq!(round.sent, files.len());
    let read = |f: &std::path::PathBuf| std::fs::read_to_string(f).expect("a mail");
    files.iter().map(|f| read(f).replace("=\r\n", "").replace("=3D", "=")).collect()
}

/// The path of the link in a mail.
fn link(mail: &str) -> String {
    let rest = between(mail, "http://khi.test/set-up/", "\r");
    format!("/set-up/{}", rest.split(['"', ' ']).next().unwrap_or_default())
}

fn between(text: &str, start: &str, end: &str) -> String {
    let at = text.find(start).unwrap_or_else(|| panic!("{start} is not in {text}"));
    before(&text[at + start.len()..], end)
}

fn before(text: &str, end: &str) -> String {
    text.split(end).next().unwrap_or_default().to_owned()
}

pub(crate) fn unbase32(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| format!("{:05b}", alphabet.find(c).expect("base 32")))
        .collect();
    let bytes = (0..bits.len() / 8).map(|i| u8::from_str_radix(&bits[i * 8..i * 8 + 8], 2).expect("bits"));
    bytes.collect()
}
