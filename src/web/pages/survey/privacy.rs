//! Who has what information about a person and for how long; and complaining about it. Open to everybody.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Bar, Help, Shell, form, look_of_browser, page};
use crate::app::App;
use crate::domain::answering::Form;
use crate::use_cases::{Complained, NewComplaint, Refusal, complain, kept_for};
use crate::web::limits::{Guarded, Limits, network};
use crate::web::problem::{Kind, Problem};
use crate::web::request::{blocking, client_address};
use crate::web::words::{Words, written_day};

#[derive(Template)]
#[template(path = "survey/privacy.html")]
struct PrivacyPage {
    shell: Shell,
    /// Heading and words.
    parts: Vec<(&'static str, &'static str)>,
    /// What is kept, and how long.
    kept: Vec<String>,
}

#[derive(Template)]
#[template(path = "survey/complain.html")]
struct ComplainPage {
    shell: Shell,
    /// Id and name of each scheme, and whether it is chosen.
    schemes: Vec<(String, String, bool)>,
    words: String,
    name: String,
    contact: String,
    /// What is wrong: the field, and what would be right.
    errors: Vec<(&'static str, String)>,
}

impl ComplainPage {
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, words)| words.as_str())
    }
}

#[derive(Template)]
#[template(path = "survey/complained.html")]
struct ComplainedPage {
    shell: Shell,
    lines: Vec<String>,
}

/// `GET /privacy`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let look = look_of_browser(&http);
    let w = Words::of(&look.rendition, &look.language);
    let language = look.language.clone();
    let kept = blocking(&app, move |app| kept_for(app, &language)).await?;
    let part = |key: &str| (w.t(&format!("{key}_title")), w.t(key));
    let parts =
        ["privacy_scheme", "privacy_national", "privacy_safe", "privacy_why"].into_iter().map(part).collect();
    let help = Help::of(&app, None, &look);
    let shell = Shell::new(&app, look, w.t("privacy_title"), String::new(), help, Bar::Bare);
    Ok(page(StatusCode::OK, &PrivacyPage { shell, parts, kept }))
}

/// `GET /complain`
pub(in crate::web) async fn ask(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    asked(&app, &http, &Form::default(), Vec::new(), StatusCode::OK)
}

/// `POST /complain`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let w = Words::of(&look_of_browser(&http).rendition, &look_of_browser(&http).language);
    let given = |name: &'static str| sent.get(name).unwrap_or_default().to_owned();
    let new = NewComplaint {
        scheme: Some(given("scheme")).filter(|id| !id.is_empty()),
        words: given("words"),
        name: given("name"),
        contact: given("contact"),
    };
    let from = network(&client_address(&http));
    if limits.begin(Guarded::ComplaintFrom, &from, app.now()).is_err() {
        let errors = vec![("words", w.t("code_too_many").to_owned())];
        return Ok(asked(&app, &http, &sent, errors, StatusCode::TOO_MANY_REQUESTS));
    }
    let shared = app.clone().into_inner();
    let outcome = web::block(move || complain(&shared, &new)).await;
    match outcome.map_err(|_| Problem::of(Kind::Internal))? {
        Ok(done) => Ok(complained(&app, &http, &done)),
        Err(Refusal::Invalid(faults)) => {
            let said = |code: &str| match code {
                "required" => w.t("complain_missing"),
                "unknown-scheme" => w.t("complain_scheme_unknown"),
                _ => w.t("complain_too_long"),
            };
            let field = |pointer: &str| {
                ["words", "scheme", "name", "contact"]
                    .into_iter()
                    .find(|f| pointer.ends_with(f))
                    .unwrap_or("words")
            };
            let errors = faults.iter().map(|f| (field(&f.pointer), said(f.code).to_owned())).collect();
            Ok(asked(&app, &http, &sent, errors, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

fn complained(app: &App, http: &HttpRequest, done: &Complained) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let day = written_day(done.acknowledge_by, w.language);
    let lines = vec![
        w.with("complain_done_reference", &[("reference", &done.reference)]),
        w.with("complain_done_when", &[("day", &day)]),
        w.t("complain_done_then").to_owned(),
    ];
    let help = Help::of(app, None, &look);
    let shell = Shell::new(app, look, w.t("complain_done_title"), String::new(), help, Bar::Bare);
    page(StatusCode::OK, &ComplainedPage { shell, lines })
}

fn asked(
    app: &App,
    http: &HttpRequest,
    sent: &Form,
    errors: Vec<(&'static str, String)>,
    status: StatusCode,
) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let directory = app.directory();
    let chosen = sent.get("scheme").unwrap_or_default();
    let mut schemes: Vec<(String, String, bool)> = directory
        .schemes()
        .filter(|scheme| !scheme.about.practice)
        .map(|scheme| (scheme.about.id.clone(), scheme.about.name.clone(), scheme.about.id == chosen))
        .collect();
    schemes.sort_by(|a, b| a.1.cmp(&b.1));
    let typed = |name: &'static str, most: usize| {
        sent.get(name).unwrap_or_default().chars().take(most).collect::<String>()
    };
    let title = if errors.is_empty() {
        w.t("complain_title").to_owned()
    } else {
        format!("{}: {}", w.t("error"), w.t("complain_title"))
    };
    let help = Help::of(app, None, &look);
    let asked = ComplainPage {
        schemes,
        words: typed("words", 5_000),
        name: typed("name", 300),
        contact: typed("contact", 300),
        errors,
        shell: Shell::new(app, look, &title, String::new(), help, Bar::Bare),
    };
    page(status, &asked)
}
