//! Figures that others publish, beside live ones.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{ImportComparators, import_comparators_for, list_comparators, may_import_comparators};

/// The largest such file.
const LARGEST: usize = 64 * 1024 * 1024;

/// The files that were imported.
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let items = request::blocking(&app, move |app| list_comparators(app, &actor)).await?;
    Ok(HttpResponse::Ok().json(json!({"items": items, "next": null})))
}

/// Imports a file, or says what would happen.
pub(in crate::web) async fn import(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    // Who may not is told so before the whole file is read.
    may_import_comparators(&app, &actor)?;
    let (mut name, mut year, mut dry_run) = ("ascof.csv".to_owned(), String::new(), false);
    for (parameter, value) in request::parameters(&http)? {
        match (parameter.as_str(), value.as_str()) {
            ("dry_run", "true") => dry_run = true,
            ("dry_run", "false") => dry_run = false,
            ("year", _) => year = value,
            ("name", _) => name = value,
            _ => {
                let detail = "The parameters are year, such as 2024-25, name, and dry_run=true or false.";
                return Err(Problem::malformed("", "query", detail));
            }
        }
    }
    let bytes = request::body(&http, payload, LARGEST, |essence| essence == "text/csv").await?.to_vec();
    let import = ImportComparators { bytes, name, year, dry_run };
    let report = request::blocking(&app, move |app| import_comparators_for(app, &actor, &import)).await?;
    Ok(HttpResponse::Ok().json(report))
}
