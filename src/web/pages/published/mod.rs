//! The public site: places, indicators, models and releases, read from the newest release that stands and from nothing else; and how it is made.

pub(in crate::web) mod about;
pub(in crate::web) mod indicators;
pub(in crate::web) mod methods;
pub(in crate::web) mod models;
pub(in crate::web) mod place;
pub(in crate::web) mod places;
pub(in crate::web) mod releases;

mod charts;
mod figure;
mod kpis;

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::render;
use crate::app::App;
use crate::domain::definition::digest;
use crate::domain::period::{Period, day_in_words};
use crate::domain::reader::parse_date;
use crate::published::Published;
use crate::use_cases::read_published;
use crate::web::problem::Problem;
use crate::web::request::{blocking, is_known};

/// How long a page may be kept on the way: a release can be withdrawn, and must then be gone.
const CACHE: &str = "public, max-age=60";

/// What every public page has around its own part.
struct Shell {
    /// What stands in the browser's title bar, and as the heading.
    title: String,
    /// The place of the navigation to which the page belongs.
    here: &'static str,
    /// The way to the page, from the outermost: address and words.
    crumbs: Vec<(String, String)>,
    /// The release that the page is made from.
    release: Option<ReleaseLine>,
}

/// The release of a page, in few words.
struct ReleaseLine {
    id: String,
    number: i64,
    period: String,
    published_on: String,
}

impl Shell {
    fn new(title: impl Into<String>, here: &'static str) -> Self {
        Self { title: title.into(), here, crumbs: Vec::new(), release: None }
    }

    fn below(mut self, address: impl Into<String>, words: impl Into<String>) -> Self {
        self.crumbs.push((address.into(), words.into()));
        self
    }

    fn of(mut self, release: Option<&Arc<Published>>) -> Self {
        self.release = release.map(|r| ReleaseLine {
            id: r.row.id.clone(),
            number: r.row.number,
            period: period_words(&r.row.period),
            published_on: day_in_words(r.row.published_at.date()),
        });
        self
    }
}

/// The newest release that stands.
async fn newest(app: &web::Data<App>) -> Result<Option<Arc<Published>>, Problem> {
    blocking(app, read_published).await
}

/// A page with an ETag over what it says; 304 for who has it already.
fn answered(http: &HttpRequest, page: &impl Template) -> HttpResponse {
    let Ok(html) = page.render() else { return render(page) };
    let tag = format!("\"{}\"", digest(html.as_bytes()));
    let mut answer = if is_known(http, &tag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, tag.clone())).insert_header((header::CACHE_CONTROL, CACHE));
    if is_known(http, &tag) {
        return answer.finish();
    }
    answer.content_type("text/html; charset=utf-8").body(html)
}

#[derive(Template)]
#[template(path = "public/absent.html")]
struct Absent {
    demo: bool,
    shell: Shell,
    paragraphs: Vec<String>,
    /// Whether a place can be searched from here.
    search: bool,
    /// Ways on: address and words.
    onward: Vec<(String, String)>,
}

/// A page that says that something is not here, and where to go on.
fn absent(
    app: &App,
    status: StatusCode,
    shell: Shell,
    paragraphs: Vec<String>,
    onward: Vec<(String, String)>,
) -> HttpResponse {
    let search = shell.here == "/places";
    let mut answer = render(&Absent { demo: app.demo, shell, paragraphs, search, onward });
    if answer.status().is_success() {
        *answer.status_mut() = status;
    }
    answer
}

/// Whether a name may be asked for: letters, digits and what stands between them in ids.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

/// The days of a period in words: “1 April 2026 to 31 March 2027”.
pub(in crate::web::pages) fn period_words(period: &str) -> String {
    match period.parse::<Period>() {
        Ok(period) => format!("{} to {}", day_in_words(period.first_day()), day_in_words(period.last_day())),
        Err(()) => period.to_owned(),
    }
}

/// The day of a time as it is written in RFC 3339, in words.
pub(in crate::web::pages) fn day_of(time: &str) -> String {
    time.get(..10).and_then(parse_date).map(day_in_words).unwrap_or_default()
}
