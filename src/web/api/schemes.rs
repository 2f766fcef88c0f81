//! Schemes.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Page, Problem, request};
use crate::app::App;
use crate::domain::access::{Action, Decision, may};
use crate::domain::scheme::NewScheme;
use crate::use_cases::{add_scheme, import_schemes, update_scheme};

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let scheme = request::blocking(&app, move |app| add_scheme(app, &actor, &body)).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/schemes/{}", scheme.id)))
        .json(describe(&scheme)))
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let scheme = request::blocking(&app, move |app| update_scheme(app, &actor, &id, &body)).await?;
    Ok(HttpResponse::Ok().json(describe(&scheme)))
}

pub(in crate::web) async fn import(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let dry_run = request::only_flag(&http, "dry_run")?;
    let csv = request::body(&http, payload, request::LARGEST_CSV, |t| t == "text/csv").await?;
    let report = request::blocking(&app, move |app| import_schemes(app, &actor, &csv, dry_run)).await?;
    Ok(HttpResponse::Ok().json(report))
}

pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let mut parameters = request::parameters(&http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    if let Some((name, _)) = parameters.first() {
        return Err(Problem::malformed(
            &format!("/{name}"),
            "unknown-parameter",
            "The parameters here are limit and cursor.",
        ));
    }
    let directory = app.directory();
    let mut own: Vec<&NewScheme> = directory
        .schemes()
        .filter(|s| may(&actor.role, Action::SeeScheme(s), &app.registry.areas) == Decision::Allow)
        .map(|s| &s.about)
        .collect();
    own.sort_by(|a, b| a.id.cmp(&b.id));
    let mut rest = own.into_iter().skip_while(|s| cursor.as_ref().is_some_and(|c| s.id <= *c));
    let items: Vec<&NewScheme> = rest.by_ref().take(usize::try_from(limit).unwrap_or(1)).collect();
    let next = rest.next().and(items.last().map(|s| s.id.clone()));
    let described: Vec<Value> = items.into_iter().map(describe).collect();
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": described, "next": next})))
}

pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let directory = app.directory();
    let scheme = directory.scheme(&id).ok_or(Problem::of(Kind::Unknown))?;
    match may(&actor.role, Action::SeeScheme(scheme), &app.registry.areas) {
        Decision::Allow => Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(describe(&scheme.about))),
        Decision::Forbid | Decision::Unknown => Err(Problem::of(Kind::Unknown)),
    }
}

fn describe(scheme: &NewScheme) -> Value {
    let areas: Vec<Value> =
        scheme.areas.iter().map(|a| json!({"code": a.code, "from": a.from, "to": a.to})).collect();
    let units: Vec<Value> = scheme
        .units
        .iter()
        .map(|u| json!({"id": u.id, "name": u.name, "from": u.from, "to": u.to}))
        .collect();
    json!({
        "id": scheme.id, "name": scheme.name, "model": scheme.model.code(), "areas": areas, "units": units,
        "cqc_location_id": scheme.cqc_location_id, "practice": scheme.practice,
    })
}
