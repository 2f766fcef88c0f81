//! Signing in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::reader::read_whole;
use crate::use_cases::{Refusal, sign_in};
use crate::web::limits::{Guarded, Limits, network};
use crate::web::request::client_address;

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = request::json(&http, payload).await?;
    let (email, password, code) = credentials(&body)?;
    let tries = [
        (Guarded::PasswordFrom, network(&client_address(&http))),
        (Guarded::PasswordOf, email.trim().to_lowercase()),
    ];
    for (guarded, key) in &tries {
        limits.begin(*guarded, key, app.now()).map_err(Problem::wait)?;
    }
    let signed_in =
        request::blocking(&app, move |app| match sign_in(app, &email, &password, code.as_deref()) {
            Err(Refusal::NotSignedIn) => Err(Problem::of(Kind::WrongCredentials)),
            other => other.map_err(Problem::from),
        })
        .await?;
    tries.iter().for_each(|(guarded, key)| limits.succeeded(*guarded, key));
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({"token": signed_in.token, "expires_at": signed_in.expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string()})))
}

/// Address, password and code of a body.
fn credentials(body: &Value) -> Result<(String, String, Option<String>), Problem> {
    read_whole(body, |root| {
        let object = root.object()?;
        let email = object.required("email").and_then(|f| f.words().map(str::to_owned));
        let password = object.required("password").and_then(|f| f.string().map(str::to_owned));
        let code = object.optional("code").and_then(|f| f.string().map(str::to_owned));
        object.close(false);
        Some((email?, password?, code))
    })
    .map_err(|faults| Problem::with(Kind::Invalid, faults))
}
