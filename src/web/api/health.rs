//! Whether the server lives, and whether it can do its work.

use actix_web::{HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::storage::{StorageError, directory};

/// The process answers.
pub(in crate::web) async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("alive\n")
}

/// Definitions are loaded (they are, before the server listens) and the database answers.
pub(in crate::web) async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    request::blocking(&app, |app| app.store.read(directory::version).map_err(|e| StorageError::Unavailable(e.to_string()))).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}
