//! What is public and changes only with a restart: questionnaires as published, instruments, areas, indicators, breakdowns, KPIs.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::definition::{Definition, Status, Version, digest};

const DAY: &str = "public, max-age=300";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(in crate::web) async fn questionnaires(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    let items: Vec<Value> = app
        .registry
        .ids()
        .filter_map(|id| {
            let latest = app.registry.latest(id)?;
            let versions: Vec<String> = published(&app, id).map(|d| d.version.to_string()).collect();
            Some(json!({
                "id": id, "title": latest.title, "model": latest.model.code(), "respondent": latest.respondent,
                "versions": versions, "latest": latest.version.to_string(),
            }))
        })
        .collect();
    listed(&http, &items)
}

pub(in crate::web) async fn latest(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let definition = app.registry.latest(&id).ok_or(Problem::of(Kind::Unknown))?;
    as_published(&app, &http, definition, DAY)
}

pub(in crate::web) async fn versions(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let items: Vec<Value> = published(&app, &id)
        .map(|d| json!({"version": d.version.to_string(), "languages": d.languages, "renditions": d.renditions, "reviewed": d.reviewed, "tested_with": d.tested}))
        .collect();
    if items.is_empty() { Err(Problem::of(Kind::Unknown)) } else { Ok(listed(&http, &items)) }
}

pub(in crate::web) async fn version(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, version) = path.into_inner();
    let version: Version = version.parse().map_err(|()| Problem::of(Kind::Unknown))?;
    let definition = app
        .registry
        .version(&id, version)
        .filter(|d| d.takes_responses())
        .ok_or(Problem::of(Kind::Unknown))?;
    as_published(&app, &http, definition, FOR_EVER)
}

pub(in crate::web) async fn instruments(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    let items: Vec<Value> = app
        .registry
        .instruments()
        .filter(|i| i.status != Status::Draft)
        .map(|i| {
            let ids: Vec<&str> = i.items.iter().map(|item| item.id.as_str()).collect();
            json!({"id": i.id, "version": i.version.to_string(), "title": i.title, "languages": i.languages, "renditions": i.renditions, "items": ids})
        })
        .collect();
    listed(&http, &items)
}

pub(in crate::web) async fn areas(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    let items: Vec<Value> = app.registry.areas.all().map(|a| json!(a)).collect();
    listed(&http, &items)
}

pub(in crate::web) async fn indicators(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    of_file(&app, &http, "indicators.json", "indicators")
}

pub(in crate::web) async fn breakdowns(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    of_file(&app, &http, "breakdowns.json", "breakdowns")
}

pub(in crate::web) async fn nations(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    of_file(&app, &http, "nations.json", "nations")
}

pub(in crate::web) async fn kpis(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    of_file(&app, &http, "kpis.json", "kpis")
}

fn published<'a>(app: &'a App, id: &str) -> impl Iterator<Item = &'a std::sync::Arc<Definition>> {
    app.registry.versions(id).filter(|d| d.takes_responses())
}

/// The file's own bytes, so that what is served is what was published.
fn as_published(
    app: &App,
    http: &HttpRequest,
    definition: &Definition,
    cache: &'static str,
) -> Result<HttpResponse, Problem> {
    let file = app.registry.file(&definition.id, definition.version).ok_or(Problem::of(Kind::Unknown))?;
    let body = String::from_utf8_lossy(&file.bytes).into_owned();
    Ok(request::json_with_etag(http, body, &file.digest, cache))
}

fn of_file(app: &App, http: &HttpRequest, file: &str, key: &str) -> HttpResponse {
    let items =
        app.registry.catalogues.get(file).and_then(|c| c.get(key)?.as_array()).cloned().unwrap_or_default();
    listed(http, &items)
}

fn listed(http: &HttpRequest, items: &[Value]) -> HttpResponse {
    let body = json!({"items": items, "next": null}).to_string();
    let etag = digest(body.as_bytes());
    request::json_with_etag(http, body, &etag, DAY)
}
