//! Where a scheme is told of changes.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde_json::json;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{SeenWebhook, delete_webhook, put_webhook, read_webhook, rotate_webhook};

pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let seen = request::blocking(&app, move |app| read_webhook(app, &actor, &scheme)).await?;
    Ok(written(HttpResponse::Ok(), seen))
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let seen = request::blocking(&app, move |app| put_webhook(app, &actor, &scheme, &body)).await?;
    let answer = if seen.secret.is_some() { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(written(answer, seen))
}

pub(in crate::web) async fn rotate(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let seen = request::blocking(&app, move |app| rotate_webhook(app, &actor, &scheme)).await?;
    Ok(written(HttpResponse::Ok(), seen))
}

pub(in crate::web) async fn delete(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    request::blocking(&app, move |app| delete_webhook(app, &actor, &scheme)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The webhook, with its secret where that is shown this once.
fn written(mut answer: HttpResponseBuilder, seen: SeenWebhook) -> HttpResponse {
    let mut body = seen.webhook;
    if let Some(secret) = seen.secret {
        body["secret"] = json!(secret);
    }
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
