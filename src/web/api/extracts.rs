//! Extracts of responses: files of any length, made while they are sent.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Kind, Problem, request};
use crate::app::App;
use crate::domain::fault::Fault;
use crate::domain::reader::{parse_date, short};
use crate::extract_files::{ExtractFormat, RowFormat};
use crate::use_cases::{
    BegunExtract, ExtractError, ExtractQuery, begin_extract, extract_responses, may_extract_responses,
};
use crate::web::limits::{Limits, NoPlace, Place};
use crate::web::pipe::{PipeWriter, pipe};

/// In how many seconds to ask again for a place: an extract of a middling size takes about as long.
const AGAIN_IN: i64 = 30;

pub(in crate::web) async fn csv(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    send(app, &limits, &http, ExtractFormat::Plain(RowFormat::Csv)).await
}

pub(in crate::web) async fn parquet(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    send(app, &limits, &http, ExtractFormat::Plain(RowFormat::Parquet)).await
}

/// `data=parquet` gives an archive with Parquet in it; else CSV.
pub(in crate::web) async fn zip(
    app: web::Data<App>,
    limits: web::Data<Limits>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    send(app, &limits, &http, ExtractFormat::Zip(RowFormat::Csv)).await
}

async fn send(
    app: web::Data<App>,
    limits: &Limits,
    http: &HttpRequest,
    format: ExtractFormat,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, http)?;
    may_extract_responses(&app, &actor)?;
    let (query, format) = read(request::parameters(http)?, format)?;
    let place = limits.place(&actor.account, size(format)).map_err(no_place)?;
    let begun = request::blocking(&app, move |app| begin_extract(app, &actor, query)).await?;
    let name = format!("attachment; filename=\"{}.{}\"", begun.name(), format.ending());
    let (writer, reader) = pipe(&limits.work);
    let app: Arc<App> = app.into_inner();
    // A thread of its own: those that answer everybody else's requests never wait for a slow reader.
    let make = move || make(&app, &begun, writer, format, &place);
    std::thread::Builder::new().name("extract".into()).spawn(make).map_err(|error| {
        tracing::error!(%error, "no thread for an extract");
        Problem::of(Kind::Internal)
    })?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(format.media_type())
        .streaming(reader))
}

/// Makes the extract, as fast as it is read. Holds its place until then.
fn make(app: &App, begun: &BegunExtract, mut writer: PipeWriter, format: ExtractFormat, _: &Place) {
    writer.begin();
    let is_read = writer.watch();
    let made = extract_responses(app, begun, writer, format, &mut |_, _| is_read());
    match made.and_then(|(writer, manifest)| Ok((writer.finish()?, manifest))) {
        Ok(((), manifest)) => tracing::info!(rows = manifest.rows, "an extract was taken"),
        Err(ExtractError::Output(error)) => tracing::info!(%error, "an extract was not read to its end"),
        Err(error) => tracing::error!(%error, "an extract broke off"),
    }
}

/// How many places one takes: Parquet gathers a group of rows before anything can be written.
fn size(format: ExtractFormat) -> usize {
    match format {
        ExtractFormat::Plain(RowFormat::Csv) | ExtractFormat::Zip(RowFormat::Csv) => 1,
        ExtractFormat::Plain(RowFormat::Parquet) | ExtractFormat::Zip(RowFormat::Parquet) => 3,
    }
}

fn no_place(full: NoPlace) -> Problem {
    let (code, detail) = match full {
        NoPlace::OfOne(most) => (
            "own",
            format!(
                "This account takes as many extracts as one may: {most}, and one of Parquet counts as three."
            ),
        ),
        NoPlace::OfAll(most) => (
            "all",
            format!(
                "As many extracts are being taken as there may be: {most}, and one of Parquet counts as three."
            ),
        ),
    };
    let fault = Fault { pointer: String::new(), code, detail };
    Problem::with(Kind::TooManyExtracts, vec![fault]).again_in(AGAIN_IN)
}

/// What is asked for, or everything that is wrong with it.
fn read(
    parameters: Vec<(String, String)>,
    mut format: ExtractFormat,
) -> Result<(ExtractQuery, ExtractFormat), Problem> {
    let archive = matches!(format, ExtractFormat::Zip(_));
    let mut query = ExtractQuery::default();
    let mut faults = Vec::new();
    let mut fault = |name: &str, code: &'static str, detail: String| {
        faults.push(Fault { pointer: format!("/{}", short(name)), code, detail });
    };
    for (name, value) in parameters {
        match name.as_str() {
            "questionnaire" => query.questionnaire = value,
            "scheme" => query.scheme = Some(value),
            "from" | "to" => match (parse_date(&value), name.as_str()) {
                (None, _) => fault(&name, "not-a-date", "A date looks like 2026-07-14.".into()),
                (day, "from") => query.from = day,
                (day, _) => query.to = day,
            },
            "data" if archive => match RowFormat::parse(&value) {
                Some(rows) => format = ExtractFormat::Zip(rows),
                None => fault(&name, "unknown-code", "“data” is csv or parquet.".into()),
            },
            _ => {
                let also = if archive { ", data" } else { "" };
                let detail = format!("The parameters are questionnaire, scheme, from, to{also}.");
                fault(&name, "unknown-parameter", detail);
            }
        }
    }
    if query.questionnaire.is_empty() {
        let detail = "Say which questionnaire, such as questionnaire=shared-lives.";
        fault("questionnaire", "required", detail.into());
    }
    if faults.is_empty() { Ok((query, format)) } else { Err(Problem::with(Kind::Malformed, faults)) }
}
