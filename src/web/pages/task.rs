//! The page behind the link in a mail that tells of a safeguarding task. Opening it changes nothing: programs that look at mail
//! open links too. Only the button does.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use super::render;
use crate::app::App;
use crate::clock::in_words;
use crate::use_cases::{LinkedTask, Refusal, acknowledge_by_link, find_linked_task};
use crate::web::problem::Problem;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage {
    demo: bool,
    task: Option<Shown>,
}

struct Shown {
    scheme: String,
    came: String,
    acknowledged: Option<String>,
}

pub(in crate::web) async fn show(
    app: web::Data<App>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = blocking(&app, move |app| known(find_linked_task(app, &code))).await?;
    Ok(page(&app, found))
}

/// Acknowledges, then shows the page again by a GET, so that reloading does nothing.
pub(in crate::web) async fn acknowledge(
    app: web::Data<App>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let here = format!("/task/{code}");
    match blocking(&app, move |app| known(acknowledge_by_link(app, &code))).await? {
        Some(()) => Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, here)).finish()),
        None => Ok(page(&app, None)),
    }
}

/// A link that leads nowhere gets a page of its own, not an error for programs.
fn known<T>(result: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match result {
        Err(Refusal::Unknown(_)) => Ok(None),
        other => other.map(Some),
    }
}

fn page(app: &App, task: Option<LinkedTask>) -> HttpResponse {
    let shown = task.map(|task| Shown {
        scheme: task.scheme,
        came: in_words(task.raised_at),
        acknowledged: task.acknowledged_at.map(in_words),
    });
    let found = shown.is_some();
    let mut answer = render(&TaskPage { demo: app.demo, task: shown });
    if !found && answer.status().is_success() {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}
