//! Safeguarding tasks.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Page, Problem, request};
use crate::app::App;
use crate::storage::tasks::Listing;
use crate::use_cases::{acknowledge_task, list_tasks, read_task};

pub(in crate::web) async fn list(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let mut parameters = request::parameters(&http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    let open = match parameters.as_slice() {
        [] => false,
        [(name, value)] if name == "open" && (value == "true" || value == "false") => value == "true",
        _ => {
            let detail = "The parameters are open=true, limit and cursor.";
            return Err(Problem::malformed("", "query", detail));
        }
    };
    let listing = Listing { open, before: cursor, limit };
    let page = request::blocking(&app, move |app| list_tasks(app, &actor, &scheme, &listing)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": page.items, "next": page.next, "open": page.open, "overdue": page.overdue})))
}

pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, task) = path.into_inner();
    let (seen, said) = request::blocking(&app, move |app| read_task(app, &actor, &scheme, &task)).await?;
    let mut body = json!(seen);
    if seen.about.is_some() {
        body["said"] = json!(said);
    }
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

pub(in crate::web) async fn acknowledge(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, task) = path.into_inner();
    let seen = request::blocking(&app, move |app| acknowledge_task(app, &actor, &scheme, &task)).await?;
    Ok(HttpResponse::Ok().json(seen))
}
