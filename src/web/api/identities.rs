//! Who participants are, for their scheme; and erasing them.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{erase_person, put_identity, read_identity};

pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, reference) = path.into_inner();
    let identity =
        request::blocking(&app, move |app| read_identity(app, &actor, &scheme, &reference)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(identity))
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference) = path.into_inner();
    let identity =
        request::blocking(&app, move |app| put_identity(app, &actor, &scheme, &reference, &body)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(identity))
}

pub(in crate::web) async fn erase(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    if !request::only_flag(&http, "erase")? {
        return Err(Problem::malformed(
            "/erase",
            "required",
            "Erasing a person cannot be undone: say ?erase=true.",
        ));
    }
    let (scheme, reference) = path.into_inner();
    request::blocking(&app, move |app| erase_person(app, &actor, &scheme, &reference)).await?;
    Ok(HttpResponse::NoContent().finish())
}
