//! Responses: sending, listing, correcting, withdrawing.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Kind, Page, Problem, request};
use crate::app::App;
use crate::domain::fault::Fault;
use crate::domain::reader::{parse_date, read_whole, short};
use crate::secrets::{parse_public_id, public_id};
use crate::use_cases::{self, Prepared, Refusal, ResponseQuery};

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    use_cases::may_submit(&app, &actor)?;
    let key = request::idempotency_key(&http)?;
    let dry_run = request::only_flag(&http, "dry_run")?;
    let body = request::json(&http, payload).await?;
    if dry_run {
        return super::batch::dry_run(app, actor, key, body).await;
    }
    let waits = body.get("invitation").is_some_and(|i| !i.is_null());
    let prepared =
        if waits { Err(None) } else { use_cases::prepare(&app, &actor, &key, &body).map_err(Some) };
    let accepted = match prepared {
        Ok(response) => use_cases::submit_prepared(&app, response).await?,
        Err(Some(refusal)) if !matches!(refusal, Refusal::Invalid(_)) => return Err(refusal.into()),
        // Looking up an invitation, or whether this is a retry of what was accepted before the scheme changed, reads the database.
        Err(_) => {
            match request::blocking(&app, move |app| use_cases::prepare_or_replay(app, &actor, &key, &body))
                .await?
            {
                Prepared::New(response) => use_cases::submit_prepared(&app, *response).await?,
                Prepared::Replayed(accepted) => accepted,
            }
        }
    };
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::ETAG, "\"1\""));
    if accepted.replayed {
        answer.insert_header(("Idempotency-Replayed", "true"));
    }
    Ok(answer.json(json!({"id": accepted.id, "receipt": accepted.receipt, "status": "recorded"})))
}

pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let mut parameters = request::parameters(&http)?;
    let Page { limit, cursor } = request::page(&mut parameters)?;
    let mut query = ResponseQuery { limit, ..ResponseQuery::default() };
    if let Some(cursor) = cursor {
        query.after = Some(parse_public_id(&cursor).ok_or_else(|| {
            Problem::malformed("/cursor", "bad-cursor", "Use the “next” of the page before.")
        })?);
    }
    let mut faults = Vec::new();
    for (name, value) in parameters {
        let day = || parse_date(&value);
        match name.as_str() {
            "scheme" => query.scheme = Some(value),
            "questionnaire" if app.registry.versions(&value).next().is_some() => {
                query.questionnaire = Some(value)
            }
            "questionnaire" => {
                faults.push(Fault {
                    pointer: "/questionnaire".into(),
                    code: "unknown-questionnaire",
                    detail: format!("There is no questionnaire “{}”.", short(&value)),
                });
            }
            "from" if day().is_some() => query.from = day(),
            "to" if day().is_some() => query.to = day(),
            "from" | "to" => faults.push(Fault {
                pointer: format!("/{name}"),
                code: "not-a-date",
                detail: "A date looks like 2026-07-14.".into(),
            }),
            _ => faults.push(Fault {
                pointer: format!("/{}", short(&name)),
                code: "unknown-parameter",
                detail: "The parameters are scheme, questionnaire, from, to, limit, cursor.".into(),
            }),
        }
    }
    if !faults.is_empty() {
        return Err(Problem::with(Kind::Malformed, faults));
    }
    let page = request::blocking(&app, move |app| use_cases::list_responses(app, &actor, &query)).await?;
    let next = page.next.map(|(number, id)| public_id(number, &id));
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({"items": page.items, "next": next})))
}

pub(in crate::web) async fn correct(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    // A tag that was never given out is that of no revision.
    let revision = http
        .headers()
        .get(header::IF_MATCH)
        .map(|h| h.to_str().ok().and_then(|t| t.trim().trim_matches('"').parse().ok()).unwrap_or(0));
    let patch = request::json(&http, payload).await?;
    let corrected =
        request::blocking(&app, move |app| use_cases::correct_response(app, &actor, &id, revision, &patch))
            .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, format!("\"{}\"", corrected.revision)))
        .json(json!({"id": corrected.id, "revision": corrected.revision, "status": "corrected"})))
}

pub(in crate::web) async fn withdraw(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    let erase = request::only_flag(&http, "erase")?;
    request::blocking(&app, move |app| {
        if erase {
            use_cases::erase_response(app, &actor, &id)
        } else {
            use_cases::withdraw_response(app, &actor, &id)
        }
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(in crate::web) async fn withdraw_by_receipt(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = request::json(&http, payload).await?;
    let receipt = read_whole(&body, |root| {
        let object = root.object()?;
        let receipt = object.required("receipt").and_then(|f| f.words().map(str::to_owned));
        object.close(false);
        receipt
    })
    .map_err(|faults| Problem::with(Kind::Invalid, faults))?;
    request::blocking(&app, move |app| use_cases::withdraw_by_receipt(app, &receipt)).await?;
    Ok(HttpResponse::NoContent().finish())
}
