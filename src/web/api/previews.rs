//! Releases before they are published: what a scheme sees of its own figures and says of them, and all that is said.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::json;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{comment_release, list_drafts, preview_release};

/// What a scheme sees of the open draft.
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    Ok(private(&request::blocking(&app, move |app| preview_release(app, &actor, &scheme)).await?))
}

/// What a scheme says of it.
pub(in crate::web) async fn comment(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    Ok(private(&request::blocking(&app, move |app| comment_release(app, &actor, &scheme, &body)).await?))
}

/// Every draft, with what schemes say.
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let items = request::blocking(&app, move |app| list_drafts(app, &actor)).await?;
    Ok(private(&json!({"items": items, "next": null})))
}

fn private(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
