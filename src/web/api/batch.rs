//! Many responses at once, and a dry run of one.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Problem, request};
use crate::app::App;
use crate::domain::access::Actor;
use crate::use_cases::{self, Accepted, Refusal, prepare_batch, submit_batch};

pub(in crate::web) async fn create(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let actor = request::actor(&app, &http)?;
    use_cases::may_submit(&app, &actor)?;
    let batch = request::json_up_to(&http, payload, request::LARGEST_BATCH).await?;
    let prepared = request::blocking(&app, move |app| prepare_batch(app, &actor, &batch)).await?;
    let results = submit_batch(&app, prepared).await;
    let items: Vec<Value> =
        results.into_iter().enumerate().map(|(place, result)| told(place, result)).collect();
    let count = |status: &str| items.iter().filter(|item| item["status"] == status).count();
    let (recorded, replayed, refused) = (count("recorded"), count("replayed"), count("refused"));
    Ok(HttpResponse::Ok()
        .json(json!({"items": items, "recorded": recorded, "replayed": replayed, "refused": refused})))
}

/// What became of one of them.
fn told(place: usize, result: Result<Accepted, Refusal>) -> Value {
    match result {
        Ok(accepted) => {
            let status = if accepted.replayed { "replayed" } else { "recorded" };
            json!({"status": status, "id": accepted.id, "receipt": accepted.receipt})
        }
        Err(refusal) => {
            let (code, errors) = Problem::from(refusal).below(&format!("/{place}"));
            json!({"status": "refused", "code": code, "errors": errors})
        }
    }
}

/// `POST /responses?dry_run=true`: all is checked as if it were sent, and nothing is written.
pub(super) async fn dry_run(
    app: web::Data<App>,
    actor: Actor,
    key: String,
    body: Value,
) -> Result<HttpResponse, Problem> {
    let tried = request::blocking(&app, move |app| use_cases::try_response(app, &actor, &key, &body)).await?;
    Ok(HttpResponse::Ok().json(tried))
}
