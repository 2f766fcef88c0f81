//! Signing in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::reader::read_whole;
use crate::use_cases::{Refusal, SignedIn, sign_in, sign_in_with_key};
use crate::web::limits::{Guarded, Limits, network};
use crate::web::request::client_address;

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = request::json(&http, payload).await?;
    let given = Given::read(&body)?;
    let mut tries = vec![(Guarded::PasswordFrom, network(&client_address(&http)))];
    tries.extend(given.account().map(|email| (Guarded::PasswordOf, email)));
    for (guarded, key) in &tries {
        limits.begin(*guarded, key, app.now()).map_err(Problem::wait)?;
    }
    let signed_in = request::blocking(&app, move |app| match given.sign_in(app) {
        Err(Refusal::NotSignedIn) => Err(Problem::of(Kind::WrongCredentials)),
        other => other.map_err(Problem::from),
    })
    .await?;
    tries.iter().for_each(|(guarded, key)| limits.succeeded(*guarded, key));
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({"token": signed_in.token, "expires_at": signed_in.expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string()})))
}

/// What somebody signs in with.
enum Given {
    Password { email: String, password: String, code: Option<String> },
    Key(String),
}

impl Given {
    fn read(body: &Value) -> Result<Self, Problem> {
        read_whole(body, |root| {
            let object = root.object()?;
            if let Some(key) = object.optional("key") {
                let key = key.words().map(str::to_owned);
                object.close(false);
                return Some(Self::Key(key?));
            }
            let email = object.required("email").and_then(|f| f.words().map(str::to_owned));
            let password = object.required("password").and_then(|f| f.string().map(str::to_owned));
            let code = object.optional("code").and_then(|f| f.string().map(str::to_owned));
            object.close(false);
            Some(Self::Password { email: email?, password: password?, code })
        })
        .map_err(|faults| Problem::with(Kind::Invalid, faults))
    }

    /// Whose password it is.
    fn account(&self) -> Option<String> {
        match self {
            Self::Password { email, .. } => Some(email.trim().to_lowercase()),
            Self::Key(_) => None,
        }
    }

    fn sign_in(&self, app: &App) -> Result<SignedIn, Refusal> {
        match self {
            Self::Password { email, password, code } => sign_in(app, email, password, code.as_deref()),
            Self::Key(key) => sign_in_with_key(app, key),
        }
    }
}
