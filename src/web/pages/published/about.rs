//! `/accessibility` and `/downloads`: pages about this site.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::releases::{Download, downloads as of_release};
use super::{Shell, answered, newest};
use crate::app::App;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "public/accessibility.html")]
struct AccessibilityPage {
    demo: bool,
    shell: Shell,
    address: String,
}

#[derive(Template)]
#[template(path = "public/downloads.html")]
struct DownloadsPage {
    demo: bool,
    shell: Shell,
    release: Vec<Download>,
    definitions: Vec<Download>,
}

/// `GET /accessibility`
pub(in crate::web) async fn accessibility(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let shell = Shell::new("Accessibility statement", "/accessibility");
    Ok(answered(&http, &AccessibilityPage { demo: app.demo, shell, address: app.public_url.clone() }))
}

/// `GET /downloads`
pub(in crate::web) async fn downloads(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let release = newest(&app).await?;
    let of = |words, path: &str, about| Download { words, address: format!("/api/v1{path}"), about };
    let page = DownloadsPage {
        demo: app.demo,
        release: release.as_ref().map(|r| of_release(&r.row.id, false)).unwrap_or_default(),
        definitions: vec![
            of("List of releases", "/releases", "every one, with what became of it"),
            of("List of indicators", "/indicators", "what is made from what people say"),
            of("List of figures that are counted", "/kpis", "what schemes and councils send in"),
            of("List of questionnaires", "/questionnaires", "every version, word for word"),
            of("List of instruments", "/instruments", "questions that others wrote, with their licences"),
            of("List of groups", "/breakdowns", "by which figures are taken apart"),
            of("List of areas", "/areas", "codes, names, dates and successors"),
        ],
        shell: Shell::new("Downloads", "/downloads").of(release.as_ref()),
    };
    Ok(answered(&http, &page))
}
