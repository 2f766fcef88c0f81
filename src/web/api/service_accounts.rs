//! Keys for other systems: of one scheme, or for all schemes.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{
    NewKey, add_service_account, list_service_accounts, revoke_service_account, rotate_service_account,
};

/// Where an address names a scheme, a service account, or both.
#[derive(serde::Deserialize)]
pub(in crate::web) struct Place {
    id: Option<String>,
    sid: Option<String>,
}

pub(in crate::web) async fn list(
    app: web::Data<App>,
    http: HttpRequest,
    place: web::Path<Place>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let items =
        request::blocking(&app, move |app| list_service_accounts(app, &actor, place.id.as_deref())).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": items, "next": null})))
}

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    place: web::Path<Place>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let new =
        request::blocking(&app, move |app| add_service_account(app, &actor, place.id.as_deref(), &body))
            .await?;
    Ok(with_key(HttpResponse::Created(), new))
}

pub(in crate::web) async fn rotate(
    app: web::Data<App>,
    http: HttpRequest,
    place: web::Path<Place>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let new = request::blocking(&app, move |app| {
        let (scheme, account) = (place.id.as_deref(), place.sid.as_deref().unwrap_or_default());
        rotate_service_account(app, &actor, scheme, account, &body)
    })
    .await?;
    Ok(with_key(HttpResponse::Ok(), new))
}

pub(in crate::web) async fn revoke(
    app: web::Data<App>,
    http: HttpRequest,
    place: web::Path<Place>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    request::blocking(&app, move |app| {
        revoke_service_account(app, &actor, place.id.as_deref(), place.sid.as_deref().unwrap_or_default())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The account with its new key, which is shown nowhere else.
fn with_key(mut answer: actix_web::HttpResponseBuilder, new: NewKey) -> HttpResponse {
    let mut body = new.account;
    body["key"] = json!(new.key);
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
