//! A report for everybody, of one place in one release.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::claims::absent;
use super::render;
use crate::app::App;
use crate::domain::fault::Fault;
use crate::domain::report::compose::{Language, Words};
use crate::reports::{Format, html};
use crate::use_cases::Frozen;
use crate::web::problem::{Kind, Problem};
use crate::web::report_query::{ReportFile, ReportQuery};
use crate::web::request::{blocking, parameters};

/// How long what is public is kept on the way: a release can be withdrawn, and must then be gone.
const CACHE: &str = "public, max-age=60";

#[derive(Template)]
#[template(path = "report/public.html")]
struct ReportPage {
    demo: bool,
    title: String,
    language: &'static str,
    body: String,
    /// Addresses of the same in other forms, with what they are called.
    forms: Vec<(String, String)>,
    /// The address in the other language, what that is called, and its code.
    other: (String, &'static str, &'static str),
}

/// What is found.
enum Found {
    Page(Box<ReportPage>),
    File(ReportFile),
    Gone(String),
    Unknown,
}

/// `GET /releases/{id}/report/{place}.{format}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    names: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (release, file) = names.into_inner();
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let named =
        file.rsplit_once('.').and_then(|(place, ending)| Some((place.to_owned(), Format::parse(ending)?)));
    let Some((place, format)) = named.filter(|_| plain(&release) && plain(&file)) else {
        return Err(Problem::of(Kind::Unknown)); // never asked of the database, which takes no U+0000
    };
    let mut query = ReportQuery::of(&parameters(&http)?, &[])?;
    if query.period.is_some() || query.format.is_some() {
        let detail =
            "The parameters are language and part: the release says which period, the address which form.";
        return Err(Problem::malformed("", "unknown-parameter", detail));
    }
    query.format = Some(format);
    let found = blocking(&app, move |app| {
        let material = match query.released(app, &release, &place)? {
            Frozen::Here(material) => material,
            Frozen::Unknown => return Ok(Found::Unknown),
            Frozen::Withdrawn(withdrawn) => return Ok(Found::Gone(withdrawn.why)),
        };
        if format != Format::Html {
            return Ok(Found::File(ReportFile::write(&material, &query, format)?));
        }
        let document = query.wanted.document(&material);
        let body = html::body(&document).map_err(|error| {
            tracing::error!(%error, "a report could not be written");
            Problem::of(Kind::Internal)
        })?;
        let here = |format: Format, language: Language| {
            let part = query.wanted.part.code().map(|part| format!("&part={part}")).unwrap_or_default();
            format!("/releases/{release}/report/{place}.{}?language={}{part}", format.code(), language.code())
        };
        let other =
            if query.wanted.language == Language::Welsh { Language::English } else { Language::Welsh };
        Ok::<_, Problem>(Found::Page(Box::new(ReportPage {
            demo: app.demo,
            title: document.title,
            language: query.wanted.language.code(),
            body,
            forms: Format::ALL
                .into_iter()
                .filter(|form| *form != Format::Html)
                .map(|form| (here(form, query.wanted.language), form.code().to_uppercase()))
                .collect(),
            other: (here(Format::Html, other), Words::of(other).t("language"), other.code()),
        })))
    })
    .await?;
    Ok(match found {
        Found::Page(page) => render(&*page),
        Found::File(file) => file.public(CACHE),
        Found::Gone(why) if format == Format::Html => {
            let words = format!("The release that it was made of was withdrawn: {why}");
            absent(&app, StatusCode::GONE, "This report was withdrawn", words)
        }
        Found::Gone(why) => {
            let detail = format!("This release was withdrawn: {why}");
            let fault = Fault { pointer: String::new(), code: "withdrawn", detail };
            return Err(Problem::with(Kind::Gone, vec![fault]));
        }
        Found::Unknown if format == Format::Html => {
            let words = "There may be no such release, or nothing of this place in it.".into();
            absent(&app, StatusCode::NOT_FOUND, "There is no such report here", words)
        }
        Found::Unknown => return Err(Problem::of(Kind::Unknown)),
    })
}
