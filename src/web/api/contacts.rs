//! Whom a scheme names for safety.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{put_contacts, read_contacts};

pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let contacts = read_contacts(&app, &actor, &scheme)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(contacts))
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let contacts = request::blocking(&app, move |app| put_contacts(app, &actor, &scheme, &body)).await?;
    Ok(HttpResponse::Ok().json(contacts))
}
