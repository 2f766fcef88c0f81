//! People from a scheme's own file.

use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};

use super::{Problem, request};
use crate::app::App;
use crate::table_files::TableFormat;
use crate::use_cases::{ImportPeople, import_people, write_people_template};

/// The media type of a workbook.
pub(super) const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(in crate::web) async fn import(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (dry_run, choices) = read_parameters(&http)?;
    let is_table = |essence: &str| format_of(essence).is_some();
    let bytes = request::body(&http, payload, request::LARGEST_CSV, is_table).await?;
    let format = format_of(&http.content_type().to_ascii_lowercase()).unwrap_or(TableFormat::Text);
    let import = ImportPeople { bytes: bytes.to_vec(), format, choices, dry_run };
    let report = request::blocking(&app, move |app| import_people(app, &actor, &scheme, &import)).await?;
    Ok(HttpResponse::Ok().json(report))
}

pub(in crate::web) async fn template_text(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    template(&app, &http, scheme.into_inner(), TableFormat::Text).await
}

pub(in crate::web) async fn template_workbook(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    template(&app, &http, scheme.into_inner(), TableFormat::Workbook).await
}

/// A table to be filled in.
async fn template(
    app: &web::Data<App>,
    http: &HttpRequest,
    scheme: String,
    format: TableFormat,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(app, http)?;
    let (name, media) = match format {
        TableFormat::Text => ("people.csv", "text/csv; charset=utf-8"),
        TableFormat::Workbook => ("people.xlsx", WORKBOOK),
    };
    let bytes =
        request::blocking(app, move |app| write_people_template(app, &actor, &scheme, format)).await?;
    Ok(request::download(name, media, bytes))
}

/// How a body of this media type is written.
pub(super) fn format_of(essence: &str) -> Option<TableFormat> {
    match essence {
        "text/csv" | "text/tab-separated-values" | "text/plain" => Some(TableFormat::Text),
        WORKBOOK => Some(TableFormat::Workbook),
        _ => None,
    }
}

/// `dry_run=true`, and any number of `column=Heading=name`.
fn read_parameters(http: &HttpRequest) -> Result<(bool, Vec<(String, String)>), Problem> {
    let (mut dry_run, mut choices) = (false, Vec::new());
    for (name, value) in request::parameters(http)? {
        let wrong = || {
            let detail =
                "The parameters are dry_run=true or false, and column=Heading=name, as often as needed.";
            Problem::malformed("", "query", detail)
        };
        match (name.as_str(), value.as_str()) {
            ("dry_run", "true") => dry_run = true,
            ("dry_run", "false") => dry_run = false,
            ("column", choice) => {
                let (heading, column) = choice.rsplit_once('=').ok_or_else(wrong)?;
                choices.push((heading.to_owned(), column.to_owned()));
            }
            _ => return Err(wrong()),
        }
    }
    Ok((dry_run, choices))
}
