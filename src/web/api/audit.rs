//! The audit log.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Page, Problem, request};
use crate::app::App;
use crate::storage::audit::Listing;
use crate::use_cases::{AuditPage, read_national_audit, read_scheme_audit};

pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let listing = listing(&http)?;
    let page = request::blocking(&app, move |app| read_scheme_audit(app, &actor, &scheme, &listing)).await?;
    Ok(answer(&page))
}

pub(in crate::web) async fn national(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let listing = listing(&http)?;
    let page = request::blocking(&app, move |app| read_national_audit(app, &actor, &listing)).await?;
    Ok(answer(&page))
}

fn listing(http: &HttpRequest) -> Result<Listing, Problem> {
    let mut parameters = request::parameters(http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    if !parameters.is_empty() {
        return Err(Problem::malformed("", "query", "The parameters are limit and cursor."));
    }
    let bad = || Problem::malformed("/cursor", "bad-cursor", "Use the “next” of the page before.");
    let before = cursor.map(|text| text.parse::<i64>().map_err(|_| bad())).transpose()?;
    Ok(Listing { before, since: None, limit })
}

fn answer(page: &AuditPage) -> HttpResponse {
    let next = page.next.map(|sequence| sequence.to_string());
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": page.items, "next": next}))
}
