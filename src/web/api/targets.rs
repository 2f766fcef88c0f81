//! Targets of areas and schemes.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{TargetListed, list_targets, set_target};

/// Those of a place.
pub(in crate::web) async fn list(
    app: web::Data<App>,
    http: HttpRequest,
    place: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    Ok(listed(&request::blocking(&app, move |app| list_targets(app, &actor, &place)).await?))
}

/// Sets one, or takes it back.
pub(in crate::web) async fn set(
    app: web::Data<App>,
    http: HttpRequest,
    place: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    Ok(listed(&request::blocking(&app, move |app| set_target(app, &actor, &place, &body)).await?))
}

fn listed(items: &[TargetListed]) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": items, "next": null}))
}
