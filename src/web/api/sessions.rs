//! Signing in.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::reader::read_whole;
use crate::use_cases::{Refusal, sign_in};

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = request::json(&http, payload).await?;
    let (email, password) = read_whole(&body, |root| {
        let object = root.object()?;
        let email = object.required("email").and_then(|f| f.words().map(str::to_owned));
        let password = object.required("password").and_then(|f| f.string().map(str::to_owned));
        object.optional("code").and_then(|f| f.string());
        object.close(false);
        Some((email?, password?))
    })
    .map_err(|faults| Problem::with(Kind::Invalid, faults))?;
    let signed_in = request::blocking(&app, move |app| match sign_in(app, &email, &password) {
        Err(Refusal::NotSignedIn) => Err(Problem::of(Kind::WrongCredentials)),
        other => other.map_err(Problem::from),
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({"token": signed_in.token, "expires_at": signed_in.expires_at.format("%Y-%m-%dT%H:%M:%SZ").to_string()})))
}
