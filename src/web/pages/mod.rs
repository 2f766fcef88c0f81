//! Pages: plain HTML that works without script.

mod amounts;
pub(super) mod claims;
pub(super) mod files;
pub(super) mod home;
pub(super) mod media;
pub(super) mod preview;
pub(super) mod published;
pub(super) mod report;
pub(super) mod staff;
pub(super) mod survey;
pub(super) mod task;
pub(super) mod unit_return;
pub(super) mod visit;

use actix_web::HttpResponse;
use askama::Template;

/// Renders a page.
pub(super) fn render(page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body("Something went wrong here.")
        }
    }
}
