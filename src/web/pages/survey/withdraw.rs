//! Taking answers back with the receipt, without an account.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Bar, Help, Shell, Told, form, look_of_browser, page};
use crate::app::App;
use crate::use_cases::{Refusal, withdraw_by_receipt};
use crate::web::limits::Limits;
use crate::web::problem::{Kind, Problem};
use crate::web::request::client_address;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "survey/withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    value: String,
    error: Option<String>,
}

/// `GET /withdraw`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> HttpResponse {
    asked(&app, &http, "", None, StatusCode::OK)
}

/// `POST /withdraw`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form(&http, payload).await?;
    let typed = sent.get("receipt").unwrap_or_default().to_owned();
    let again = |key, status| Ok(asked(&app, &http, &typed, Some(key), status));
    if typed.is_empty() {
        return again("withdraw_missing", StatusCode::UNPROCESSABLE_ENTITY);
    }
    let client = client_address(&http);
    if limits.is_shut_out(&client) {
        return again("code_too_many", StatusCode::TOO_MANY_REQUESTS);
    }
    let receipt = typed.clone();
    let shared = app.clone().into_inner();
    let outcome = web::block(move || withdraw_by_receipt(&shared, &receipt)).await;
    match outcome.map_err(|_| Problem::of(Kind::Internal))? {
        Ok(()) => {
            let look = look_of_browser(&http);
            let w = Words::of(&look.rendition, &look.language);
            let help = Help::of(&app, None, &look);
            let told = Told {
                heading: w.t("withdrawn_title").to_owned(),
                picture: None,
                paragraphs: vec![w.t("withdrawn_text").to_owned()],
                onward: None,
                shell: Shell::new(&app, look, w.t("withdrawn_title"), String::new(), help, Bar::Bare),
            };
            Ok(page(StatusCode::OK, &told))
        }
        Err(Refusal::Unknown(_)) => {
            limits.wrong_code(&client);
            again("withdraw_unknown", StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}

fn asked(
    app: &App,
    http: &HttpRequest,
    typed: &str,
    error: Option<&str>,
    status: StatusCode,
) -> HttpResponse {
    let look = look_of_browser(http);
    let w = Words::of(&look.rendition, &look.language);
    let help = Help::of(app, None, &look);
    let title = match error {
        Some(_) => format!("{}: {}", w.t("error"), w.t("withdraw_title")),
        None => w.t("withdraw_title").to_owned(),
    };
    let shell = Shell::new(app, look, &title, String::new(), help, Bar::Bare);
    let value = typed.chars().take(60).collect();
    page(status, &WithdrawPage { shell, value, error: error.map(|key| w.t(key).to_owned()) })
}
