//! Sending: invitations to people who are due, again what did not arrive, text messages to copy, letters, and what became of it all.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asking::written_invitation;
use super::{Problem, request};
use crate::app::App;
use crate::use_cases::{
    Choice, LetterOrder, Refusal, SentInvitation, delivery_of, letters, send_again, send_invitations,
    show_text,
};

const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

pub(in crate::web) async fn send(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let act = move |app: &App| match Choice::check(&body) {
        Ok(choices) => send_invitations(app, &actor, &scheme, &choices),
        // Who may not invite hears that, and not what is wrong with the body.
        Err(faults) => send_invitations(app, &actor, &scheme, &[]).and(Err(Refusal::Invalid(faults))),
    };
    let sent = request::blocking(&app, act).await?;
    let item = |sent: &SentInvitation| {
        let mut item = written_invitation(&sent.invited);
        item["way"] = json!(sent.way.code());
        item
    };
    let items: Vec<Value> = sent.iter().map(item).collect();
    Ok(HttpResponse::Created().insert_header(NO_STORE).json(json!({"items": items, "next": null})))
}

pub(in crate::web) async fn send_one_again(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, invitation) = path.into_inner();
    let way = request::blocking(&app, move |app| send_again(app, &actor, &scheme, &invitation)).await?;
    Ok(HttpResponse::Ok().insert_header(NO_STORE).json(json!({"way": way.code()})))
}

pub(in crate::web) async fn text(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, invitation) = path.into_inner();
    let text = request::blocking(&app, move |app| show_text(app, &actor, &scheme, &invitation)).await?;
    Ok(HttpResponse::Ok().insert_header(NO_STORE).json(text))
}

pub(in crate::web) async fn make_letters(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let nothing = LetterOrder { invitations: Vec::new(), with_address_only: false };
    let act = move |app: &App| match LetterOrder::check(&body) {
        Ok(order) => letters(app, &actor, &scheme, &order),
        Err(faults) => match letters(app, &actor, &scheme, &nothing) {
            Err(Refusal::Invalid(_)) | Ok(_) => Err(Refusal::Invalid(faults)),
            Err(refusal) => Err(refusal),
        },
    };
    let pdf = request::blocking(&app, act).await?;
    Ok(request::download("letters.pdf", "application/pdf", pdf))
}

pub(in crate::web) async fn deliveries(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let wave = match request::parameters(&http)?.as_slice() {
        [] => None,
        [(name, value)] if name == "wave" => Some(value.clone()),
        _ => return Err(Problem::malformed("", "query", "The only parameter is wave, the id of one.")),
    };
    let list = request::blocking(&app, move |app| delivery_of(app, &actor, &scheme, wave.as_deref())).await?;
    Ok(HttpResponse::Ok().insert_header(NO_STORE).json(list))
}
