//! Whether the server lives, and whether it can do its work.

use actix_web::{HttpRequest, HttpResponse, web};
use prometheus::{Registry, TextEncoder};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::storage::{StorageError, directory};

/// The process answers.
pub(in crate::web) async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

/// Definitions are loaded (they are, before the server listens) and the database answers.
pub(in crate::web) async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    request::blocking(&app, |app| {
        app.store.read(directory::version).map_err(|e| StorageError::Unavailable(e.to_string()))
    })
    .await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}

/// What was counted so far. Unknown where nothing counts, as in tests.
pub(in crate::web) async fn metrics(http: HttpRequest) -> Result<HttpResponse, Problem> {
    let registry = http.app_data::<web::Data<Registry>>().ok_or(Problem::of(Kind::Unknown))?;
    let text = TextEncoder::new().encode_to_string(&registry.gather()).map_err(|error| {
        tracing::error!(%error, "metrics could not be written");
        Problem::of(Kind::Internal)
    })?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}
