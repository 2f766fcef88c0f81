//! The one cookie: it holds a token, whose hash is stored. Nothing else is kept in a browser.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponseBuilder};

use crate::app::App;

/// The name over https: the browser takes it from this host only, for the whole host, encrypted.
const SECURE_NAME: &str = "__Host-khi";
/// The name over plain http, on a demo or a kitchen tablet.
const PLAIN_NAME: &str = "khi";

fn secure(app: &App) -> bool {
    app.public_url.starts_with("https://")
}

/// The token that the browser sent.
pub(super) fn token(app: &App, http: &HttpRequest) -> Option<String> {
    let name = if secure(app) { SECURE_NAME } else { PLAIN_NAME };
    http.cookie(name).map(|c| c.value().to_owned())
}

/// Gives the browser a token, until it is closed.
pub(super) fn set(app: &App, answer: &mut HttpResponseBuilder, token: &str) {
    answer.cookie(made(app, token.to_owned()));
}

/// Takes the token away.
pub(super) fn clear(app: &App, answer: &mut HttpResponseBuilder) {
    let mut cookie = made(app, String::new());
    cookie.make_removal();
    answer.cookie(cookie);
}

fn made(app: &App, value: String) -> Cookie<'static> {
    let name = if secure(app) { SECURE_NAME } else { PLAIN_NAME };
    Cookie::build(name, value).path("/").secure(secure(app)).http_only(true).same_site(SameSite::Lax).finish()
}
