//! How long data are kept.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{put_retention, read_retention};

pub(in crate::web) async fn national(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    show(&app, &http, None).await
}

pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    show(&app, &http, Some(scheme.into_inner())).await
}

pub(in crate::web) async fn put_national(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    put(&app, &http, None, payload).await
}

pub(in crate::web) async fn put_of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    put(&app, &http, Some(scheme.into_inner()), payload).await
}

async fn show(
    app: &web::Data<App>,
    http: &HttpRequest,
    scheme: Option<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(app, http)?;
    let kept = request::blocking(app, move |app| read_retention(app, &actor, scheme.as_deref())).await?;
    Ok(answer(&kept))
}

async fn put(
    app: &web::Data<App>,
    http: &HttpRequest,
    scheme: Option<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(app, http)?;
    let body = request::json(http, payload).await?;
    let kept =
        request::blocking(app, move |app| put_retention(app, &actor, scheme.as_deref(), &body)).await?;
    Ok(answer(&kept))
}

fn answer(kept: &Value) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(kept)
}
