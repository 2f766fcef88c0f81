//! A copy of everything that is stored about one person, for that person.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{export_person, in_lines};

/// An export as a page, to be read and printed.
#[derive(Template)]
#[template(path = "export.html")]
pub(in crate::web) struct ExportPage {
    title: String,
    /// Heading, and lines of what and how it is.
    parts: Vec<(String, Vec<(String, String)>)>,
}

impl ExportPage {
    /// The page of an export.
    pub(in crate::web) fn of(export: &Value) -> Self {
        let title = format!(
            "{} – {}",
            export["reference"].as_str().unwrap_or_default(),
            export["scheme"]["name"].as_str().unwrap_or_default()
        );
        Self { title, parts: in_lines(export) }
    }
}

/// `?format=html` gives a page to be read and printed; else JSON.
pub(in crate::web) async fn person(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let html = match request::parameters(&http)?.as_slice() {
        [] => false,
        [(name, value)] if name == "format" && (value == "html" || value == "json") => value == "html",
        _ => {
            return Err(Problem::malformed(
                "/format",
                "query",
                "The only parameter is format=json or format=html.",
            ));
        }
    };
    let (scheme, reference) = path.into_inner();
    let export = request::blocking(&app, move |app| export_person(app, &actor, &scheme, &reference)).await?;
    let name = format!("attachment; filename=\"export.{}\"", if html { "html" } else { "json" });
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, name));
    if !html {
        return Ok(answer.json(export));
    }
    let page = ExportPage::of(&export);
    Ok(answer.content_type("text/html; charset=utf-8").body(page.render().unwrap_or_default()))
}
