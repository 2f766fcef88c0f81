//! Whether the server lives, and whether it can do its work.

use actix_web::{HttpRequest, HttpResponse, web};
use prometheus::{Registry, TextEncoder};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::storage::{StorageError, directory};
use crate::use_cases::{Watched, watch};

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

/// What was counted so far, and what an operator watches. Unknown where nothing counts, as in tests.
pub(in crate::web) async fn metrics(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let registry = http.app_data::<web::Data<Registry>>().ok_or(Problem::of(Kind::Unknown))?;
    let mut text = TextEncoder::new().encode_to_string(&registry.gather()).map_err(|error| {
        tracing::error!(%error, "metrics could not be written");
        Problem::of(Kind::Internal)
    })?;
    // What the server counts is told also while the database is away; what the database knows is then left out.
    let watched = request::blocking(&app, |app| watch(&app.store, app.now())).await;
    text.push_str(&watched.map(|watched| as_metrics(&watched)).unwrap_or_default());
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

fn as_metrics(watched: &Watched) -> String {
    let seconds = |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or(0, |at| at.timestamp());
    [
        (
            "last_backup_timestamp_seconds",
            "When the last backup was proved to be whole; 0 if never",
            seconds(watched.last_backup),
        ),
        (
            "backup_failing_since_timestamp_seconds",
            "Since when backups have failed; 0 if they do not",
            seconds(watched.backup_failing),
        ),
        ("mail_late", "Mails that have waited for more than an hour", watched.mail_late),
        ("mail_given_up", "Mails that were given up within seven days", watched.mail_given_up),
        (
            "safeguarding_tasks_overdue",
            "Safeguarding tasks that nobody has acknowledged in time",
            watched.tasks_overdue,
        ),
    ]
    .map(|(name, help, value)| {
        format!("# HELP khi_{name} {help}\n# TYPE khi_{name} gauge\nkhi_{name} {value}\n")
    })
    .concat()
}
