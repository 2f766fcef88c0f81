//! Ways in: a link, a code on paper, and the first page. Opening a link changes nothing, however often it is done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Bar, Help, Shell, Told, form, go_to, look_of_browser, lost, page, pictured, sentences, sitting};
use crate::app::App;
use crate::domain::answering::{Form, Length, Look};
use crate::domain::definition::Title;
use crate::use_cases::{Entry, Started, WayIn, find_way_in, start as begin};
use crate::web::cookies;
use crate::web::limits::Limits;
use crate::web::problem::Problem;
use crate::web::request::{blocking, client_address, parameters};
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "survey/start.html")]
struct StartPage {
    shell: Shell,
    heading: String,
    from: String,
    /// The consent text, a sentence a line.
    lines: Vec<String>,
    picture: Option<String>,
    /// How this page looks, to be handed on to the survey.
    chosen: Vec<(&'static str, String)>,
    /// `post`, or `get` where the survey has been handed over and only has to be entered.
    method: &'static str,
    action: String,
    begun: bool,
    has_few: bool,
}

#[derive(Template)]
#[template(path = "survey/code.html")]
struct CodePage {
    shell: Shell,
    value: String,
    error: Option<String>,
}

/// `GET /s/{code}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let found = look_up(&app, &http, &limits, code.into_inner()).await?;
    let asked = Form(parameters(&http)?);
    Ok(match found {
        Found::TooMany => code_page(&app, &http, "", Some("code_too_many"), StatusCode::TOO_MANY_REQUESTS),
        Found::Way(WayIn::Unknown) => unknown(&app, &http),
        Found::Way(WayIn::Answered(entry)) => told(&app, &http, &entry, "answered", StatusCode::OK),
        Found::Way(WayIn::Over(entry)) => told(&app, &http, &entry, "over", StatusCode::GONE),
        Found::Way(WayIn::Ready(entry)) => first_page(&app, &http, &entry, &asked),
    })
}

/// `POST /s/{code}`: the code is exchanged for a token in the browser's cookie, and stands in no address from here on.
pub(in crate::web) async fn start(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let code = code.into_inner();
    let found = look_up(&app, &http, &limits, code.clone()).await?;
    let Found::Way(WayIn::Ready(entry)) = found else {
        return Ok(go_to(&format!("/s/{code}")));
    };
    let look = look_in(&sent, &entry.look);
    let length = if sent.get("length") == Some("few") { Length::Few } else { Length::All };
    let address = client_address(&http);
    let started = blocking(&app, move |app| begin(app, &code, look, length, &address)).await?;
    Ok(match started {
        Started::Token(token) => {
            let mut answer = HttpResponse::SeeOther();
            answer.insert_header(("Location", "/survey")).insert_header(("Cache-Control", "no-store"));
            cookies::set(&app, &mut answer, &token);
            answer.finish()
        }
        Started::TooMany => told(&app, &http, &entry, "too_many", StatusCode::TOO_MANY_REQUESTS),
        Started::No => unknown(&app, &http),
    })
}

/// `GET /s`
pub(in crate::web) async fn ask_code(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    code_page(&app, &http, "", None, StatusCode::OK)
}

/// `POST /s`
pub(in crate::web) async fn take_code(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let typed = sent.get("code").unwrap_or_default().to_owned();
    if typed.is_empty() {
        return Ok(code_page(&app, &http, "", Some("code_missing"), StatusCode::UNPROCESSABLE_ENTITY));
    }
    Ok(match look_up(&app, &http, &limits, typed.clone()).await? {
        Found::TooMany => {
            code_page(&app, &http, &typed, Some("code_too_many"), StatusCode::TOO_MANY_REQUESTS)
        }
        Found::Way(WayIn::Unknown) => {
            code_page(&app, &http, &typed, Some("code_unknown"), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Found::Way(_) => {
            let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
            let plain = plain.to_ascii_uppercase();
            go_to(&format!("/s/{plain}"))
        }
    })
}

enum Found {
    Way(WayIn),
    /// Too many wrong codes came from here.
    TooMany,
}

/// What a code leads to. Wrong codes are counted by address, so that nobody finds one by trying.
async fn look_up(
    app: &web::Data<App>,
    http: &HttpRequest,
    limits: &Limits,
    code: String,
) -> Result<Found, Problem> {
    let address = client_address(http);
    let way = blocking(app, move |app| find_way_in(app, &code)).await?;
    if matches!(way, WayIn::Unknown) && !limits.wrong_code(&address) {
        return Ok(Found::TooMany);
    }
    Ok(if limits.is_shut_out(&address) { Found::TooMany } else { Found::Way(way) })
}

/// The look that a form asks for; none if it asks for nothing.
fn look_in(form: &Form, known: &Look) -> Option<Look> {
    let mut look = known.clone();
    for (name, value) in &form.0 {
        look.set(name, value);
    }
    (look != *known).then_some(look)
}

fn first_page(app: &App, http: &HttpRequest, entry: &Entry, asked: &Form) -> HttpResponse {
    let mut known = entry.look.clone();
    if !entry.look_known {
        let of_browser = look_of_browser(http);
        known.language = of_browser.language;
        known = known.fitted(&entry.definition);
    }
    let look = look_in(asked, &known).unwrap_or(known).fitted(&entry.definition);
    let definition = &entry.definition;
    let w = Words::of(&look.rendition, &look.language);
    let heading = title(&definition.title, &look);
    let consent = definition.say(&definition.consent.text, &look.rendition, &look.language);
    let chosen = std::iter::once(("language", look.language.clone()))
        .chain(std::iter::once(("rendition", look.rendition.clone())))
        .chain(Look::SETTINGS.iter().map(|(name, _)| (*name, look.get(name).to_owned())))
        .collect::<Vec<_>>();
    let query: Vec<String> = chosen.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let code = http.match_info().get("code").unwrap_or_default();
    let help = Help::of(app, Some((entry.scheme_number, entry.origin.council.as_str())), &look);
    let bar = Bar::LookAt(format!("/s/{code}/look?{}", query.join("&")));
    let start = StartPage {
        from: w.with("from_whom", &[("scheme", &scheme_name(app, entry.scheme_number))]),
        lines: sentences(&consent),
        picture: pictured(&look, "wave-hello", None),
        chosen,
        method: "post",
        action: format!("/s/{code}"),
        begun: entry.begun,
        has_few: definition.items.iter().any(|i| i.core),
        shell: Shell::new(app, look, &heading, String::new(), help, bar),
        heading,
    };
    page(StatusCode::OK, &start)
}

fn title(title: &Title, look: &Look) -> String {
    title.get(&look.language).to_owned()
}

/// `GET /survey/hello`: the first page of a survey on a tablet that was handed over.
pub(in crate::web) async fn hello(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let Some(sitting) = sitting(&app, &http).await? else { return Ok(lost(&app, &http)) };
    if sitting.response_id.is_some() {
        return Ok(go_to("/survey/sent"));
    }
    let (definition, look) = (&sitting.definition, &sitting.draft.look);
    let heading = title(&definition.title, look);
    let consent = definition.say(&definition.consent.text, &look.rendition, &look.language);
    let mut shell = Shell::of_sitting(&app, &sitting, "", Bar::LookAt("/survey/look?from=hello".into()));
    shell.title.clone_from(&heading);
    shell.above.clear();
    let hello = StartPage {
        from: shell.w.with("from_whom", &[("scheme", &scheme_name(&app, sitting.scheme_number))]),
        lines: sentences(&consent),
        picture: pictured(look, "wave-hello", None),
        chosen: Vec::new(),
        method: "get",
        action: "/survey".into(),
        begun: !sitting.draft.answers.is_empty(),
        has_few: false,
        heading,
        shell,
    };
    Ok(page(StatusCode::OK, &hello))
}

fn scheme_name(app: &App, scheme_number: i64) -> String {
    let directory = app.directory();
    directory.scheme_by_number(scheme_number).map(|s| s.about.name.clone()).unwrap_or_default()
}

/// A page that says why there is nothing to answer.
fn told(app: &App, http: &HttpRequest, entry: &Entry, what: &str, status: StatusCode) -> HttpResponse {
    let mut look = entry.look.clone();
    if !entry.look_known {
        look.language = look_of_browser(http).language;
    }
    let w = Words::of(&look.rendition, &look.language);
    let heading = w.t(&format!("{what}_title")).to_owned();
    let text = w.with(&format!("{what}_text"), &[("scheme", &scheme_name(app, entry.scheme_number))]);
    let symbol = if what == "answered" { "tick" } else { "" };
    let picture = pictured(&look, symbol, None);
    let help = Help::of(app, Some((entry.scheme_number, entry.origin.council.as_str())), &look);
    let shell = Shell::new(app, look, &heading, String::new(), help, Bar::Bare);
    page(status, &Told { shell, heading, picture, paragraphs: vec![text], onward: None })
}

fn unknown(app: &App, http: &HttpRequest) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let heading = w.t("unknown_title").to_owned();
    let help = Help::of(app, None, &look);
    let told = Told {
        paragraphs: vec![w.t("unknown_text").to_owned()],
        picture: None,
        onward: Some((w.t("code_title").to_owned(), "/s".to_owned())),
        shell: Shell::new(app, look, &heading, String::new(), help, Bar::Bare),
        heading,
    };
    page(StatusCode::NOT_FOUND, &told)
}

fn code_page(
    app: &App,
    http: &HttpRequest,
    typed: &str,
    error: Option<&str>,
    status: StatusCode,
) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let help = Help::of(app, None, &look);
    let title = if error.is_some() {
        format!("{}: {}", w.t("error"), w.t("code_title"))
    } else {
        w.t("code_title").to_owned()
    };
    let shell = Shell::new(app, look, &title, String::new(), help, Bar::Bare);
    let value = typed.chars().take(60).collect();
    page(status, &CodePage { shell, value, error: error.map(|key| w.t(key).to_owned()) })
}
