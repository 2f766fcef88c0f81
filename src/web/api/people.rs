//! Participants, invitations and open links.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Problem, request};
use crate::app::App;
use crate::clock::written;
use crate::use_cases::{
    OpenLink, Precondition, add_invitations, add_open_link, close_open_link, list_open_links,
    put_participant, revoke_invitation,
};
use crate::web::problem::Kind;
use crate::web::qr;

pub(in crate::web) async fn replace_participant(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let (scheme, reference) = path.into_inner();
    let wanted = precondition(&http);
    let put =
        request::blocking(&app, move |app| put_participant(app, &actor, &scheme, &reference, &body, &wanted))
            .await?;
    let mut answer = if put.added { HttpResponse::Created() } else { HttpResponse::NoContent() };
    Ok(answer.insert_header((header::ETAG, format!("\"{}\"", put.tag))).finish())
}

/// What `If-Match` and `If-None-Match` ask for. A tag that was never given out matches nothing.
fn precondition(http: &HttpRequest) -> Precondition {
    let list = |name| -> Option<Vec<String>> {
        let values: Vec<&HeaderValue> = http.headers().get_all(name).collect();
        let texts = values.iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
        (!values.is_empty()).then(|| texts.map(|t| t.trim().trim_matches('"').to_owned()).collect())
    };
    let absent = list(header::IF_NONE_MATCH).is_some_and(|tags| tags == ["*"]);
    Precondition { matches: list(header::IF_MATCH), absent }
}

pub(in crate::web) async fn invite(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let mut invited =
        request::blocking(&app, move |app| add_invitations(app, &actor, &scheme, &[body])).await?;
    let invited = invited.pop().ok_or(Problem::of(Kind::Internal))?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "id": invited.id, "link": invited.link, "code": invited.code, "ends_on": invited.ends_on,
    })))
}

pub(in crate::web) async fn revoke(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, id) = path.into_inner();
    request::blocking(&app, move |app| revoke_invitation(app, &actor, &scheme, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::web) async fn open_links(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let links = request::blocking(&app, move |app| list_open_links(app, &actor, &scheme)).await?;
    let items: Vec<Value> = links.iter().map(written_link).collect();
    Ok(HttpResponse::Ok().json(json!({"items": items, "next": null})))
}

pub(in crate::web) async fn make_open_link(
    app: web::Data<App>,
    http: HttpRequest,
    scheme: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let body = request::json(&http, payload).await?;
    let link = request::blocking(&app, move |app| add_open_link(app, &actor, &scheme, &body)).await?;
    Ok(HttpResponse::Created().json(written_link(&link)))
}

pub(in crate::web) async fn close(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, id) = path.into_inner();
    request::blocking(&app, move |app| close_open_link(app, &actor, &scheme, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::web) async fn qr_code(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let (scheme, id) = path.into_inner();
    let links = request::blocking(&app, move |app| list_open_links(app, &actor, &scheme)).await?;
    let link = links.iter().find(|l| l.row.id == id).ok_or(Problem::of(Kind::Unknown))?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(qr::svg(&link.link)?))
}

fn written_link(link: &OpenLink) -> Value {
    let OpenLink { row, link, code } = link;
    json!({
        "id": row.id, "link": link, "code": code, "questionnaire": row.questionnaire, "council": row.council, "unit": row.unit,
        "created_at": written(row.created_at), "closed_at": row.closed_at.map(written), "sent": row.sent,
        "unfinished": row.unfinished,
    })
}
