//! Signing in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::reader::read_whole;
use crate::use_cases::{Refusal, SignedIn, sign_in, sign_in_with_key};

/// What somebody signs in with.
enum Given {
    Password(String, String),
    Key(String),
}

impl Given {
    fn sign_in(&self, app: &App) -> Result<SignedIn, Refusal> {
        match self {
            Self::Password(email, password) => sign_in(app, email, password),
            Self::Key(key) => sign_in_with_key(app, key),
        }
    }
}

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = request::json(&http, payload).await?;
    let given = read_whole(&body, |root| {
        let object = root.object()?;
        if let Some(key) = object.optional("key") {
            let key = key.words().map(str::to_owned);
            object.close(false);
            return Some(Given::Key(key?));
        }
        let email = object.required("email").and_then(|f| f.words().map(str::to_owned));
        let password = object.required("password").and_then(|f| f.string().map(str::to_owned));
        object.optional("code").and_then(|f| f.string());
        object.close(false);
        Some(Given::Password(email?, password?))
    })
    .map_err(|faults| Problem::with(Kind::Invalid, faults))?;
    let signed_in = request::blocking(&app, move |app| match given.sign_in(app) {
        Err(Refusal::NotSignedIn) => Err(Problem::of(Kind::WrongCredentials)),
        other => other.map_err(Problem::from),
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({"token": signed_in.token, "expires_at": signed_in.expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string()})))
}
