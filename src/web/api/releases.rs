//! Releases, as they were frozen.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::clock::written;
use crate::storage::releases::{self, ReleaseRow};

pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let rows = request::blocking(&app, |app| app.store.read(releases::list)).await?;
    let items: Vec<Value> =
        rows.into_iter().map(|(id, at)| json!({"id": id, "published_at": written(at)})).collect();
    let body = json!({"items": items, "next": null}).to_string();
    let etag = crate::domain::definition::digest(body.as_bytes());
    Ok(request::json_with_etag(&http, body, &etag, "public, max-age=60"))
}

pub(in crate::web) async fn latest(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    frozen(
        &http,
        request::blocking(&app, |app| app.store.read(releases::latest)).await?,
        "public, max-age=60",
    )
}

pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Problem::of(Kind::Unknown)); // never asked of the database, which takes no U+0000
    }
    let found = request::blocking(&app, move |app| app.store.read(|db| releases::find(db, &id))).await?;
    frozen(&http, found, "public, max-age=31536000, immutable")
}

fn frozen(http: &HttpRequest, row: Option<ReleaseRow>, cache: &'static str) -> Result<HttpResponse, Problem> {
    let (id, _, body) = row.ok_or(Problem::of(Kind::Unknown))?;
    Ok(request::json_with_etag(http, body, &id, cache))
}
