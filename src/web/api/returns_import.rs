//! Returns as a table: handed out to be filled in, and taken back.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};

use super::people_import::{WORKBOOK, format_of};
use super::{Problem, request};
use crate::app::App;
use crate::table_files::TableFormat;
use crate::use_cases::{ImportReturns, ReturnsOf, import_returns, write_returns_template};

/// Takes a table: sends the returns in it in, or says what would happen.
pub(in crate::web) async fn import(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let of = named(&http);
    let (mut dry_run, mut note, mut seen) = (false, None, None);
    for (name, value) in request::parameters(&http)? {
        match (name.as_str(), value.as_str()) {
            ("dry_run", "true") => dry_run = true,
            ("dry_run", "false") => dry_run = false,
            ("note", _) => note = Some(value),
            ("seen", _) => seen = Some(value),
            _ => {
                let detail = "The parameters are dry_run=true or false, note and seen.";
                return Err(Problem::malformed("", "query", detail));
            }
        }
    }
    let is_table = |essence: &str| format_of(essence).is_some();
    let bytes = request::body(&http, payload, request::LARGEST_CSV, is_table).await?;
    let format = format_of(&http.content_type().to_ascii_lowercase()).unwrap_or(TableFormat::Text);
    let import = ImportReturns { bytes: bytes.to_vec(), format, note, seen, dry_run };
    let report = request::blocking(&app, move |app| import_returns(app, &actor, &of, &import)).await?;
    Ok(HttpResponse::Ok().json(report))
}

/// A table to be filled in: `?period=2026-Q3&format=csv`.
pub(in crate::web) async fn template(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let of = named(&http);
    let (mut period, mut format) = (None, TableFormat::Text);
    for (name, value) in request::parameters(&http)? {
        match (name.as_str(), value.as_str()) {
            ("period", _) => period = Some(value),
            ("format", "csv") => format = TableFormat::Text,
            ("format", "xlsx") => format = TableFormat::Workbook,
            _ => {
                let detail = "The parameters are period, such as 2026-Q3, and format=csv or xlsx.";
                return Err(Problem::malformed("", "query", detail));
            }
        }
    }
    let period = period
        .ok_or_else(|| Problem::malformed("/period", "required", "Say for which period: period=2026-Q3."))?;
    let (ending, media) = kind_of(format);
    let name = format!("returns-{}.{ending}", file_part(&period));
    let bytes =
        request::blocking(&app, move |app| write_returns_template(app, &actor, &of, &period, format)).await?;
    Ok(request::download(&name, media, bytes))
}

/// The ending and the media type of such a file.
pub(in crate::web) fn kind_of(format: TableFormat) -> (&'static str, &'static str) {
    match format {
        TableFormat::Text => ("csv", "text/csv; charset=utf-8"),
        TableFormat::Workbook => ("xlsx", WORKBOOK),
    }
}

/// Of a text from outside, what may stand in the name of a file.
pub(in crate::web) fn file_part(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(20).collect()
}

/// Whose returns the address names.
fn named(http: &HttpRequest) -> ReturnsOf {
    let part = |name| http.match_info().get(name).map(str::to_owned);
    match part("code") {
        Some(code) => ReturnsOf::Area(code),
        None => ReturnsOf::Scheme(part("id").unwrap_or_default()),
    }
}
