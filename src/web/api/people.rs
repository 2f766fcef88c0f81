//! Participants and invitations.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{add_invitations, put_participants};

pub(in crate::web) async fn put_participant(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference) = path.into_inner();
    request::blocking(&app, move |app| put_participants(app, &actor, &scheme, &[(reference, body)])).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::web) async fn invite(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let mut ids = request::blocking(&app, move |app| add_invitations(app, &actor, &scheme, &[body])).await?;
    Ok(HttpResponse::Created().json(json!({"id": ids.pop()})))
}
