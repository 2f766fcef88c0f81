//! The few files pages need, built into the program.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::definition::digest;
use crate::web::problem::{Kind, Problem};

pub(in crate::web) async fn show(
    http: HttpRequest,
    file: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (content_type, body) = match file.as_str() {
        "khi.css" => ("text/css; charset=utf-8", include_str!("../static/khi.css")),
        "survey.css" => ("text/css; charset=utf-8", SURVEY_CSS),
        "staff.css" => ("text/css; charset=utf-8", include_str!("../static/staff.css")),
        "report.css" => ("text/css; charset=utf-8", crate::reports::html::STYLE),
        "board.css" => ("text/css; charset=utf-8", crate::reports::html::BOARD_STYLE),
        "survey.js" => ("text/javascript; charset=utf-8", include_str!("../static/survey.js")),
        "khi.svg" => ("image/svg+xml", include_str!("../static/khi.svg")),
        _ => return Err(Problem::of(Kind::Unknown)),
    };
    let etag = format!("\"{}\"", digest(body.as_bytes()));
    let known = http.headers().get(header::IF_NONE_MATCH).is_some_and(|h| h.as_bytes() == etag.as_bytes());
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    Ok(if known { answer.finish() } else { answer.content_type(content_type).body(body) })
}

/// The survey's own rules with those of the pictures.
const SURVEY_CSS: &str =
    concat!(include_str!("../static/survey.css"), include_str!("../static/pictures/pictures.css"));
