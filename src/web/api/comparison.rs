//! How a scheme stands beside its region, its nation, the UK and other schemes.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::compare_scheme;

/// Of one scheme.
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let found = request::blocking(&app, move |app| compare_scheme(app, &actor, &scheme)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(found))
}
