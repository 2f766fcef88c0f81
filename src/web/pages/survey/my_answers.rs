//! Seeing one's own answers with the receipt, without an account.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Bar, Help, Shell, form, look_of_browser, page};
use crate::app::App;
use crate::domain::answering::Look;
use crate::domain::question::Missing;
use crate::domain::submission::CompletedBy;
use crate::use_cases::{OwnAnswers, Refusal, Said, read_own_answers};
use crate::web::limits::Limits;
use crate::web::problem::{Kind, Problem};
use crate::web::request::client_address;
use crate::web::words::{Words, written_day};

#[derive(Template)]
#[template(path = "survey/my_answers.html")]
struct AskPage {
    shell: Shell,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "survey/my_answers_seen.html")]
struct SeenPage {
    shell: Shell,
    when: String,
    withdrawn: bool,
    helped: Option<&'static str>,
    /// Question and answer.
    answers: Vec<(String, String)>,
    /// What was agreed to, and how.
    agreed: Vec<(&'static str, &'static str)>,
}

/// `GET /my-answers`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    asked(&app, &http, None, StatusCode::OK)
}

/// `POST /my-answers`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let receipt = sent.get("receipt").unwrap_or_default().to_owned();
    let again = |key, status| Ok(asked(&app, &http, Some(key), status));
    if receipt.is_empty() {
        return again("withdraw_missing", StatusCode::UNPROCESSABLE_ENTITY);
    }
    let client = client_address(&http);
    if limits.is_shut_out(&client) {
        return again("code_too_many", StatusCode::TOO_MANY_REQUESTS);
    }
    let shared = app.clone().into_inner();
    let outcome = web::block(move || read_own_answers(&shared, &receipt)).await;
    match outcome.map_err(|_| Problem::of(Kind::Internal))? {
        Ok(own) => Ok(seen(&app, &own)),
        Err(Refusal::Unknown(_)) => {
            limits.wrong_code(&client);
            again("my_answers_unknown", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}

/// The answers, in the language and rendition in which they were given.
fn seen(app: &App, own: &OwnAnswers) -> HttpResponse {
    let sent = &own.submission;
    let mut look = Look::default();
    look.set("language", &sent.language);
    look.set("rendition", &sent.rendition);
    let w = Words::of(&look.rendition, &look.language);
    let day = written_day(sent.completed_on, w.language);
    let answer = |said: &Said| match (&said.answer, said.missing) {
        (Some(answer), _) => answer.clone(),
        (None, Some(Missing::DontKnow)) => w.t("dont_know").to_owned(),
        (None, _) => w.t("no_answer").to_owned(),
    };
    let yes_no = |yes: bool| w.t(if yes { "yes" } else { "no" });
    let consent = &sent.consent;
    let help = Help::of(app, None, &look);
    let found = SeenPage {
        when: w.with("my_answers_on", &[("day", &day), ("scheme", &own.scheme)]),
        withdrawn: own.withdrawn,
        helped: match sent.completed_by {
            CompletedBy::Myself => None,
            CompletedBy::Helped => Some(w.t("my_answers_helped")),
            CompletedBy::Proxy => Some(w.t("my_answers_proxy")),
        },
        answers: own.answers.iter().map(|said| (said.question.clone(), answer(said))).collect(),
        agreed: vec![
            (w.t("my_answers_count"), yes_no(consent.statistics)),
            (w.t("my_answers_quotes"), yes_no(consent.quotes)),
            (w.t("my_answers_again"), yes_no(consent.ask_again)),
            (w.t("my_answers_share"), yes_no(consent.share == "worker")),
        ],
        shell: Shell::new(app, look, w.t("my_answers_seen"), own.title.clone(), help, Bar::Bare),
    };
    page(StatusCode::OK, &found)
}

fn asked(app: &App, http: &HttpRequest, error: Option<&str>, status: StatusCode) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let help = Help::of(app, None, &look);
    let title = match error {
        Some(_) => format!("{}: {}", w.t("error"), w.t("my_answers_title")),
        None => w.t("my_answers_title").to_owned(),
    };
    let shell = Shell::new(app, look, &title, String::new(), help, Bar::Bare);
    page(status, &AskPage { shell, error: error.map(|key| w.t(key).to_owned()) })
}
