//! What a scheme did with what people said.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{DoneSaid, say_what_was_done, what_was_done};

pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, period) = path.into_inner();
    Ok(said(&request::blocking(&app, move |app| what_was_done(app, &actor, &scheme, &period)).await?))
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, period) = path.into_inner();
    let act = move |app: &App| say_what_was_done(app, &actor, &scheme, &period, &body);
    Ok(said(&request::blocking(&app, act).await?))
}

fn said(done: &DoneSaid) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(done)
}
