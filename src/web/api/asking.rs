//! Who is asked when: the due list, one person, life events, notes, schedules, waves, and inviting those who are due.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Page, Problem, request};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::reader::parse_date;
use crate::use_cases::{
    Choice, Invited, Refusal, due_list, invite_due, leave, lift_life_event, list_people, list_schedules,
    list_waves, make_wave, record_could_not, record_life_event, record_not_asked, set_schedule, show_person,
};

/// An answer that nobody keeps.
fn fresh(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

pub(in crate::web) async fn due(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let month = match request::parameters(&http)?.as_slice() {
        [] => None,
        [(name, value)] if name == "month" => Some(read_month(value)?),
        _ => return Err(Problem::malformed("", "query", "The only parameter is month, such as 2026-11.")),
    };
    let list = request::blocking(&app, move |app| due_list(app, &actor, &scheme, month)).await?;
    Ok(fresh(&list))
}

/// The first day of a month written as `2026-11`.
fn read_month(text: &str) -> Result<NaiveDate, Problem> {
    let wrong = || Problem::malformed("/month", "bad-month", "A month is written such as 2026-11.");
    parse_date(&format!("{text}-01")).ok_or_else(wrong)
}

pub(in crate::web) async fn people(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let mut parameters = request::parameters(&http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    if let Some((name, _)) = parameters.first() {
        let detail = "The parameters here are limit and cursor.";
        return Err(Problem::malformed(&format!("/{name}"), "unknown-parameter", detail));
    }
    let page = request::blocking(&app, move |app| list_people(app, &actor, &scheme, cursor, limit)).await?;
    Ok(fresh(&page))
}

pub(in crate::web) async fn person(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, reference) = path.into_inner();
    let (person, tag) =
        request::blocking(&app, move |app| show_person(app, &actor, &scheme, &reference)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, format!("\"{tag}\"")))
        .json(person))
}

pub(in crate::web) async fn record_event(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference) = path.into_inner();
    let act = move |app: &App| record_life_event(app, &actor, &scheme, &reference, &body);
    Ok(HttpResponse::Created().json(request::blocking(&app, act).await?))
}

pub(in crate::web) async fn lift_event(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference, event) = path.into_inner();
    let act = move |app: &App| lift_life_event(app, &actor, &scheme, &reference, &event, &body);
    Ok(HttpResponse::Ok().json(request::blocking(&app, act).await?))
}

type Note = fn(&App, &Actor, &str, &str, &Value) -> Result<(), Refusal>;

async fn note(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
    note: Note,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference) = path.into_inner();
    request::blocking(&app, move |app| note(app, &actor, &scheme, &reference, &body)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::web) async fn not_asked(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    note(app, http, path, payload, record_not_asked).await
}

pub(in crate::web) async fn could_not(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    note(app, http, path, payload, record_could_not).await
}

pub(in crate::web) async fn leave_scheme(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference) = path.into_inner();
    let person = request::blocking(&app, move |app| leave(app, &actor, &scheme, &reference, &body)).await?;
    Ok(fresh(&person))
}

pub(in crate::web) async fn schedules(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let items = request::blocking(&app, move |app| list_schedules(app, &actor, &scheme)).await?;
    Ok(fresh(&json!({"items": items, "next": null})))
}

pub(in crate::web) async fn put_schedule(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, questionnaire) = path.into_inner();
    let act = move |app: &App| set_schedule(app, &actor, &scheme, &questionnaire, &body);
    Ok(fresh(&request::blocking(&app, act).await?))
}

pub(in crate::web) async fn waves(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let items = request::blocking(&app, move |app| list_waves(app, &actor, &scheme)).await?;
    Ok(fresh(&json!({"items": items, "next": null})))
}

pub(in crate::web) async fn add_wave(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let wave = request::blocking(&app, move |app| make_wave(app, &actor, &scheme, &body)).await?;
    Ok(HttpResponse::Created().json(wave))
}

pub(in crate::web) async fn invite(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let act = move |app: &App| match Choice::check(&body) {
        Ok(choices) => invite_due(app, &actor, &scheme, &choices),
        // Who may not invite hears that, and not what is wrong with the body.
        Err(faults) => invite_due(app, &actor, &scheme, &[]).and(Err(Refusal::Invalid(faults))),
    };
    let invited = request::blocking(&app, act).await?;
    let items: Vec<Value> = invited.iter().map(written_invitation).collect();
    let body = json!({"items": items, "next": null});
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

/// An invitation that was just made, with its ways in.
pub(super) fn written_invitation(i: &Invited) -> Value {
    json!({"id": i.id, "participant": i.participant, "questionnaire": i.questionnaire, "due_on": i.due_on, "link": i.link,
           "code": i.code, "ends_on": i.ends_on})
}
