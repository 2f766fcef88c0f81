//! Releases, as they were frozen; whole, in part, and as a data package.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Kind, Page, Problem, request};
use crate::app::App;
use crate::clock::written;
use crate::domain::definition::digest;
use crate::domain::fault::Fault;
use crate::domain::figures::CellQuery;
use crate::storage::releases::ReleaseRow;
use crate::use_cases::{
    Frozen, Package, find_release, list_releases, package_of, release_cells, release_claim, release_claims,
    release_text,
};

/// How long what is public is kept on the way: a release can be withdrawn, and must then be gone.
const CACHE: &str = "public, max-age=60";

/// Every release.
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let items = request::blocking(&app, list_releases).await?;
    Ok(tagged(&http, json!({"items": items, "next": null}).to_string()))
}

/// The newest that is not withdrawn.
pub(in crate::web) async fn latest(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let found = request::blocking(&app, |app| find_release(app, None)).await?;
    whole(&app, &http, standing(found)?).await
}

/// One.
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = named(&app, id.into_inner()).await?;
    whole(&app, &http, row).await
}

/// Its cells, or those that are asked for.
pub(in crate::web) async fn cells(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let row = named(&app, id.into_inner()).await?;
    let mut parameters = request::parameters(&http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    let query = CellQuery::parse(&parameters, &app.registry)
        .map_err(|faults| Problem::with(Kind::Malformed, faults))?;
    let bad_cursor = || Problem::malformed("/cursor", "bad-cursor", "Use the “next” of the page before.");
    let passed = cursor.map_or(Some(0), |cursor| cursor.parse().ok()).ok_or_else(bad_cursor)?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let body = request::blocking(&app, move |app| {
        let page = release_cells(app, &row.id, &query, passed, limit)?;
        serde_json::to_string(&page).map_err(crate::storage::StorageError::from)
    })
    .await?;
    Ok(tagged(&http, body))
}

/// The claims that it prints.
pub(in crate::web) async fn claims(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = named(&app, id.into_inner()).await?.id;
    let release = id.clone();
    let found = request::blocking(&app, move |app| release_claims(app, &id)).await?;
    let item = |claim: String| json!({"id": claim, "passport": format!("/api/v1/releases/{release}/claims/{claim}")});
    let items: Vec<Value> = found.into_iter().map(item).collect();
    Ok(tagged(&http, json!({"items": items, "next": null}).to_string()))
}

/// The passport of a claim.
pub(in crate::web) async fn claim(
    app: web::Data<App>,
    http: HttpRequest,
    names: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, claim) = names.into_inner();
    let row = named(&app, id).await?;
    if !is_plain(&claim, "-._") {
        return Err(Problem::of(Kind::Unknown));
    }
    let (release, name) = (row.id.clone(), claim.clone());
    let passport = request::blocking(&app, move |app| release_claim(app, &release, &name)).await?;
    let passport = passport.ok_or(Problem::of(Kind::Unknown))?;
    let ReleaseRow { id, number, period, published_at, .. } = row;
    let release =
        json!({"id": id, "number": number, "period": period, "published_at": written(published_at)});
    let claim = Value::from(claim);
    Ok(tagged(&http, format!("{{\"id\":{claim},\"release\":{release},\"passport\":{passport}}}")))
}

/// A release as a data package: a ZIP archive. “latest” is the newest that is not withdrawn.
pub(in crate::web) async fn package(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let row = if id == "latest" {
        standing(request::blocking(&app, |app| find_release(app, None)).await?)?
    } else {
        named(&app, id).await?
    };
    let package = match app.packages.find(&row.id) {
        Some(package) => package,
        None => {
            let _making = app.packages.making.lock().await;
            match app.packages.find(&row.id) {
                Some(package) => package, // made while this one waited
                None => app.packages.keep(request::blocking(&app, move |app| package_of(app, &row)).await?),
            }
        }
    };
    let tag = format!("\"{}\"", package.digest);
    let known = request::is_known(&http, &tag);
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, CACHE));
    if known {
        return Ok(answer.finish());
    }
    let name = format!("attachment; filename=\"{}\"", package.file);
    let bytes = web::Bytes::from_owner(Held(package));
    Ok(answer.insert_header((header::CONTENT_DISPOSITION, name)).content_type("application/zip").body(bytes))
}

/// The bytes of a package that is kept: sent without being copied.
struct Held(Arc<Package>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0.bytes
    }
}

/// The release that an address names, if it stands.
async fn named(app: &web::Data<App>, id: String) -> Result<ReleaseRow, Problem> {
    if !is_plain(&id, "") {
        return Err(Problem::of(Kind::Unknown)); // never asked of the database, which takes no U+0000
    }
    standing(request::blocking(app, move |app| find_release(app, Some(&id))).await?)
}

fn is_plain(name: &str, besides: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || besides.contains(c))
}

fn standing<T>(found: Frozen<T>) -> Result<T, Problem> {
    match found {
        Frozen::Here(found) => Ok(found),
        Frozen::Unknown => Err(Problem::of(Kind::Unknown)),
        Frozen::Withdrawn(withdrawn) => {
            let detail = format!("This release was withdrawn at {}: {}", withdrawn.at, withdrawn.why);
            Err(Problem::with(Kind::Gone, vec![Fault { pointer: String::new(), code: "withdrawn", detail }]))
        }
    }
}

/// A release in full; it is not read for who has it already.
async fn whole(app: &web::Data<App>, http: &HttpRequest, row: ReleaseRow) -> Result<HttpResponse, Problem> {
    let tag = row.id.clone();
    if request::is_known(http, &format!("\"{tag}\"")) {
        return Ok(request::json_with_etag(http, String::new(), &tag, CACHE));
    }
    let body = request::blocking(app, move |app| release_text(app, &row.id)).await?;
    Ok(request::json_with_etag(http, body, &tag, CACHE))
}

fn tagged(http: &HttpRequest, body: String) -> HttpResponse {
    let tag = digest(body.as_bytes());
    request::json_with_etag(http, body, &tag, CACHE)
}
