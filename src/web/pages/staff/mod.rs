//! Pages for staff: who is signed in, and what every page has around its own part. [`signed_in`] is the way into each of them.

pub(in crate::web) mod account;
pub(in crate::web) mod complaints;
pub(in crate::web) mod councils;
pub(in crate::web) mod dashboard;
pub(in crate::web) mod factor;
pub(in crate::web) mod national;
pub(in crate::web) mod outcomes;
pub(in crate::web) mod over_time;
pub(in crate::web) mod people;
pub(in crate::web) mod report;
pub(in crate::web) mod returns;
pub(in crate::web) mod scheme;
pub(in crate::web) mod set_up;
pub(in crate::web) mod sign_in;
pub(in crate::web) mod targets;

mod drawing;
mod instead;
mod places;
mod published;
mod reference;
mod return_figures;
mod return_form;
mod shell;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::access::{Actor, Role};
use crate::storage::accounts::AccountRow;
use crate::use_cases::{Needs, StaffSession, is_proved, staff_of};
use crate::web::problem::Problem;
use crate::web::{cookies, request};

pub(in crate::web) use crate::web::forms::form;
pub(in crate::web::pages) use instead::{Instead, Told};
pub(in crate::web::pages) use return_figures::{
    FigureFields, body, doubts_in_words, field_of, fields, in_words,
};
pub(in crate::web::pages) use shell::{StaffShell, page};

/// Somebody who is signed in.
pub(in crate::web::pages) struct Staff {
    /// Who acts: handed to acts.
    pub(in crate::web::pages) actor: Actor,
    /// The account.
    pub(in crate::web::pages) account: AccountRow,
    /// The browser's session.
    pub(in crate::web::pages) session: StaffSession,
}

/// Who is signed in in this browser; else the way to the sign-in page, and back here afterwards.
pub(in crate::web::pages) async fn signed_in(
    app: &web::Data<App>,
    http: &HttpRequest,
) -> Result<Staff, Instead> {
    match session_of(app, http).await? {
        Some(session) if session.needs == Needs::Nothing => {
            Ok(Staff { actor: session.actor.clone(), account: session.account.clone(), session })
        }
        _ => Err(Instead::sign_in(http)),
    }
}

/// Asks for the password or a code once more, unless one was given within ten minutes: before exports and acts that do harm in wrong
/// hands. `next` is the page of ours to come back to.
pub(in crate::web::pages) fn recently_proved(app: &App, staff: &Staff, next: &str) -> Result<(), Instead> {
    if is_proved(app, &staff.session) {
        return Ok(());
    }
    Err(Instead::GoTo(with_next("/account/prove", Some(next))))
}

/// The session of this browser, also one that is not whole yet.
async fn session_of(app: &web::Data<App>, http: &HttpRequest) -> Result<Option<StaffSession>, Problem> {
    let Some(token) = cookies::staff_token(app, http) else { return Ok(None) };
    request::blocking(app, move |app| staff_of(app, &token)).await
}

/// The page on which somebody of this role begins.
fn home_of(role: &Role) -> &'static str {
    match role {
        Role::National => "/national",
        Role::Area(_) => "/area",
        Role::SchemeLead(_) | Role::SchemeWorker(_) => "/scheme",
        Role::Collector(_) => "/visit",
        Role::Analyst | Role::Service(_) => "/account",
    }
}

/// An address of ours that was asked for as the next one; nothing else is gone to.
fn own_path(next: Option<&str>) -> Option<&str> {
    let sound = |n: &&str| {
        n.len() <= 500
            && n.starts_with('/')
            && !n.starts_with("//")
            && n.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
    };
    next.filter(sound)
}

/// `path` with the page to come back to, if that is one of ours.
fn with_next(path: &str, next: Option<&str>) -> String {
    let Some(next) = own_path(next) else { return path.to_owned() };
    let escaped: String = next
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect();
    format!("{path}?next={escaped}")
}

/// A parameter of the address.
pub(in crate::web::pages) fn parameter(http: &HttpRequest, name: &str) -> Option<String> {
    let given = request::parameters(http).ok()?;
    given.into_iter().find(|(n, _)| n == name).map(|(_, value)| value)
}

/// All values of a parameter of the address, each once, in their order.
pub(in crate::web::pages) fn parameters_named(http: &HttpRequest, name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (given, value) in request::parameters(http).unwrap_or_default() {
        if given == name && !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// Sends the browser on with a new token.
fn go_on(app: &App, address: &str, token: &str, device: Option<&str>) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", address)).insert_header(("Cache-Control", "no-store"));
    cookies::set_staff(app, &mut answer, token);
    if let Some(device) = device {
        cookies::set_device(app, &mut answer, device);
    }
    answer.finish()
}

/// A browser in few words, for lists of sessions: “Firefox on Windows”.
fn browser_of(http: &HttpRequest) -> String {
    let agent = http.headers().get("user-agent").and_then(|h| h.to_str().ok()).unwrap_or_default();
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = known(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = known(&[
        ("Android", "Android"),
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Another browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for own in ["/", "/visit", "/scheme/staff?done=invited", "/national/staff?q=a%20b"] {
            assert_eq!(own_path(Some(own)), Some(own));
        }
        for foreign in [
            "",
            "visit",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\tb",
            "/a b",
            "/\r\nSet-Cookie:x",
        ] {
            assert_eq!(own_path(Some(foreign)), None, "{foreign:?}");
        }
        assert_eq!(with_next("/sign-in", Some("/a?b=c")), "/sign-in?next=/a%3Fb%3Dc");
        assert_eq!(with_next("/sign-in", Some("//x")), "/sign-in");
    }
}
