//! The return of a unit, filled in through a one-time link: on a phone, without an account. Opening the link changes nothing; pressing its
//! button lets the browser in, and from there on the link stands in no address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::staff::scheme::{given, tried};
use super::staff::{
    FigureFields, Instead, StaffShell, Told, body, doubts_in_words, field_of, fields, in_words, page,
};
use super::survey::go_to;
use crate::app::App;
use crate::clock::day_of;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::period::day_in_words;
use crate::use_cases::{
    ReturnWayIn, UnitReturn, doubts_of_linked_return, enter_return_link, find_return_link, put_linked_return,
    read_linked_return,
};
use crate::web::cookies;
use crate::web::forms::form;
use crate::web::limits::Limits;
use crate::web::request::{blocking, client_address};

#[derive(Template)]
#[template(path = "unit_return/start.html")]
struct StartPage {
    shell: StaffShell,
    code: String,
    scheme: String,
    unit: String,
    days: String,
    until: String,
}

#[derive(Template)]
#[template(path = "unit_return/fill.html")]
struct FillPage {
    shell: StaffShell,
    scheme: String,
    days: String,
    query: Option<String>,
    revision: String,
    doubts: Vec<(String, String, String)>,
    figures: Vec<FigureFields>,
}

/// `GET /r/{code}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Instead> {
    let code = code.into_inner();
    Ok(match look_up(&app, &http, &limits, &code).await? {
        Found::TooMany => told(
            &app,
            "Please wait a minute",
            "Too many links were tried from here. Please open yours again in a minute.",
            StatusCode::TOO_MANY_REQUESTS,
        ),
        Found::Way(ReturnWayIn::Unknown) => told(
            &app,
            "This link leads nowhere",
            "Perhaps a part of it is missing. Please copy it whole, or ask whoever sent it for a new one.",
            StatusCode::NOT_FOUND,
        ),
        Found::Way(ReturnWayIn::Over) => over(&app),
        Found::Way(ReturnWayIn::Ready(UnitReturn { scheme, unit, period, ends_at })) => {
            let shown = StartPage {
                shell: StaffShell::outside(&app, &format!("Figures of {unit}")),
                days: in_words(&period),
                until: day_in_words(day_of(ends_at)),
                code,
                scheme,
                unit,
            };
            page(StatusCode::OK, &shown)
        }
    })
}

/// `POST /r/{code}`: what stands in the link is exchanged for a token in the browser's cookie.
pub(in crate::web) async fn enter(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
    limits: web::Data<Limits>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let code = code.into_inner();
    let Found::Way(ReturnWayIn::Ready(_)) = look_up(&app, &http, &limits, &code).await? else {
        return Ok(go_to(&format!("/r/{code}")));
    };
    let known = code.clone();
    let Some(token) = blocking(&app, move |app| enter_return_link(app, &known)).await? else {
        return Ok(go_to(&format!("/r/{code}")));
    };
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", "/unit-return")).insert_header(("Cache-Control", "no-store"));
    cookies::set_return(&app, &mut answer, &token);
    Ok(answer.finish())
}

enum Found {
    Way(ReturnWayIn),
    /// Too many wrong codes came from here.
    TooMany,
}

/// What a link leads to. Wrong ones are counted by address, as codes of surveys are.
async fn look_up(
    app: &web::Data<App>,
    http: &HttpRequest,
    limits: &Limits,
    code: &str,
) -> Result<Found, Instead> {
    let address = client_address(http);
    let code = code.to_owned();
    let way = blocking(app, move |app| find_return_link(app, &code)).await?;
    if matches!(way, ReturnWayIn::Unknown) && !limits.wrong_code(&address) {
        return Ok(Found::TooMany);
    }
    Ok(if limits.is_shut_out(&address) { Found::TooMany } else { Found::Way(way) })
}

/// `GET /unit-return`
pub(in crate::web) async fn fill(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    shown(&app, &http, None, &[]).await
}

/// `POST /unit-return`: saves, or sends in.
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let Some(token) = cookies::return_token(&app, &http) else { return Ok(over(&app)) };
    let draft = sent.get("go") == Some("save");
    let (body, names) = body(&sent, draft);
    let to_fields = |faults: &[Fault]| faults.iter().map(|f| field_of(f, &names)).collect::<Vec<_>>();
    if !draft && given(&sent, "sure").is_none() {
        let (token, body) = (token.clone(), body.clone());
        match tried(&app, move |app| doubts_of_linked_return(app, &token, &body)).await? {
            Ok(None) => return Ok(over(&app)),
            Ok(Some(doubts)) => {
                let doubts = doubts.as_array().cloned().unwrap_or_default();
                if !doubts.is_empty() {
                    return shown(&app, &http, Some((&sent, &names, &doubts)), &[]).await;
                }
            }
            Err(faults) => {
                return shown(&app, &http, Some((&sent, &names, &[])), &to_fields(&faults)).await;
            }
        }
    }
    match tried(&app, move |app| put_linked_return(app, &token, &body)).await? {
        Ok(None) => Ok(over(&app)),
        Ok(Some(())) if draft => Ok(go_to("/unit-return?done=saved")),
        Ok(Some(())) => {
            let mut answer = HttpResponse::SeeOther();
            answer.insert_header(("Location", "/unit-return/sent"));
            answer.insert_header(("Cache-Control", "no-store"));
            cookies::clear_return(&app, &mut answer);
            Ok(answer.finish())
        }
        Err(faults) => shown(&app, &http, Some((&sent, &names, &[])), &to_fields(&faults)).await,
    }
}

/// `GET /unit-return/sent`
pub(in crate::web) async fn sent(app: web::Data<App>) -> HttpResponse {
    let words = "Your figures are sent in. You can close this page. If something was wrong, tell whoever gave you the link.";
    told(&app, "Thank you", words, StatusCode::OK)
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    again: Option<(&Form, &[String], &[Value])>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let Some(token) = cookies::return_token(app, http) else { return Ok(over(app)) };
    let read = blocking(app, move |app| read_linked_return(app, &token)).await?;
    let Some((unit, seen)) = read else { return Ok(over(app)) };
    let form = again.map(|(form, ..)| form);
    let shell = StaffShell::outside(app, &format!("Figures of {}", unit.unit));
    let saved = [("saved", "Saved. It is not sent in yet: open your link again whenever you like.")];
    let shown = FillPage {
        scheme: unit.scheme,
        days: in_words(&unit.period),
        query: seen["query"].as_str().map(str::to_owned),
        revision: form
            .and_then(|form| given(form, "revision"))
            .map_or_else(|| seen["revision"].to_string(), str::to_owned),
        doubts: again.map(|(_, names, doubts)| doubts_in_words(app, doubts, names)).unwrap_or_default(),
        figures: fields(app, &seen, form),
        shell: shell.done(http, &saved).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn over(app: &App) -> HttpResponse {
    let words = "The figures were sent in through it, it was taken back, or its time is over. Ask whoever sent it for a new one.";
    told(app, "This link is over", words, StatusCode::GONE)
}

fn told(app: &App, heading: &str, words: &str, status: StatusCode) -> HttpResponse {
    let shell = StaffShell::outside(app, heading);
    page(status, &Told { shell, paragraphs: vec![words.to_owned()], onward: None })
}
