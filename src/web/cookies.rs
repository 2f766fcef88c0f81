//! Cookies: one for somebody who answers, one for staff who are signed in, never both; one for whoever fills in the return of a unit
//! through a link; and one by which a browser of staff is remembered.
//! Each holds a token, whose hash is stored.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::app::App;

/// A cookie's names: over https, where the browser takes it from this host only, for the whole host, encrypted; and over plain
/// http, on a demo or a kitchen tablet.
type Names = (&'static str, &'static str);
const ANSWERING: Names = ("__Host-khi", "khi");
const STAFF: Names = ("__Host-khi-staff", "khi-staff");
/// Of whoever fills in the return of a unit through a link.
const RETURN: Names = ("__Host-khi-return", "khi-return");
const DEVICE: Names = ("__Host-khi-device", "khi-device");
/// How long a browser keeps the last one.
const DEVICE_DAYS: i64 = 30;

fn name(app: &App, names: Names) -> &'static str {
    if secure(app) { names.0 } else { names.1 }
}

/// Whether people reach this server over https.
pub(super) fn secure(app: &App) -> bool {
    app.public_url.starts_with("https://")
}

/// The token that the browser sent.
pub(super) fn token(app: &App, http: &HttpRequest) -> Option<String> {
    http.cookie(name(app, ANSWERING)).map(|c| c.value().to_owned())
}

/// Gives the browser a token, until it is closed.
pub(super) fn set(app: &App, answer: &mut HttpResponseBuilder, token: &str) {
    answer.cookie(made(app, ANSWERING, token.to_owned()));
}

/// Takes the token away.
pub(super) fn clear(app: &App, answer: &mut HttpResponseBuilder) {
    let mut cookie = made(app, ANSWERING, String::new());
    cookie.make_removal();
    answer.cookie(cookie);
}

/// The token of a browser in which the return of a unit is filled in.
pub(super) fn return_token(app: &App, http: &HttpRequest) -> Option<String> {
    http.cookie(name(app, RETURN)).map(|c| c.value().to_owned())
}

/// Gives the browser such a token, until it is closed.
pub(super) fn set_return(app: &App, answer: &mut HttpResponseBuilder, token: &str) {
    answer.cookie(made(app, RETURN, token.to_owned()));
}

/// Takes it away.
pub(super) fn clear_return(app: &App, answer: &mut HttpResponseBuilder) {
    let mut cookie = made(app, RETURN, String::new());
    cookie.make_removal();
    answer.cookie(cookie);
}

/// The token of a member of staff who is signed in.
pub(super) fn staff_token(app: &App, http: &HttpRequest) -> Option<String> {
    http.cookie(name(app, STAFF)).map(|c| c.value().to_owned())
}

/// Signs a member of staff in in this browser, until it is closed.
pub(super) fn set_staff(app: &App, answer: &mut HttpResponseBuilder, token: &str) {
    answer.cookie(made(app, STAFF, token.to_owned()));
}

/// As [`set_staff`], on an answer that is made already.
pub(super) fn add_staff(app: &App, answer: &mut HttpResponse, token: &str) {
    if let Err(error) = answer.add_cookie(&made(app, STAFF, token.to_owned())) {
        tracing::error!(%error, "a cookie could not be set");
    }
}

/// Signs a member of staff out in this browser.
pub(super) fn clear_staff(app: &App, answer: &mut HttpResponseBuilder) {
    let mut cookie = made(app, STAFF, String::new());
    cookie.make_removal();
    answer.cookie(cookie);
}

/// The token by which this browser is remembered.
pub(super) fn device_token(app: &App, http: &HttpRequest) -> Option<String> {
    http.cookie(name(app, DEVICE)).map(|c| c.value().to_owned())
}

/// Lets this browser be remembered.
pub(super) fn set_device(app: &App, answer: &mut HttpResponseBuilder, token: &str) {
    let mut cookie = made(app, DEVICE, token.to_owned());
    cookie.set_max_age(actix_web::cookie::time::Duration::days(DEVICE_DAYS));
    answer.cookie(cookie);
}

fn made(app: &App, names: Names, value: String) -> Cookie<'static> {
    Cookie::build(name(app, names), value)
        .path("/")
        .secure(secure(app))
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}
