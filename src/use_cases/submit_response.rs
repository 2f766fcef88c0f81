//! Sending a response: check it whole (pure), hand it to the commit queue, answer after the commit.

use serde_json::Value;

use super::{Refusal, allow, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::fault::Fault;
use crate::domain::submission::{Setting, Submission};
use crate::secrets::public_id;
use crate::storage::participants::find_invitation;
use crate::storage::queue::{Committed, NewResponse};
use crate::storage::responses::{KeyRow, ResponseRow};

/// An acknowledged response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its public id.
    pub id: String,
    /// Its receipt, with which it can be withdrawn without an account.
    pub receipt: String,
    /// Whether it had been acknowledged before, under the same key.
    pub replayed: bool,
}

/// Checks `body` and stores it under `key`.
pub async fn submit_response(app: &App, actor: &Actor, key: &str, body: &Value) -> Result<Accepted, Refusal> {
    let response = prepare(app, actor, key, body)?;
    submit_prepared(app, response).await
}

/// Checks a response; nothing is stored yet.
pub fn prepare(app: &App, actor: &Actor, key: &str, body: &Value) -> Result<NewResponse, Refusal> {
    let directory = app.directory();
    let Some(scheme_id) = body.get("scheme").and_then(Value::as_str) else {
        let (code, detail) = match body.get("scheme") {
            None | Some(Value::Null) if body.is_object() => ("required", "“scheme” is missing."),
            _ => ("wrong-type", "This must be the scheme's id, as text."),
        };
        let pointer = if body.is_object() { "/scheme" } else { "" };
        return Err(Refusal::Invalid(vec![Fault { pointer: pointer.into(), code, detail: detail.into() }]));
    };
    let scheme = scheme_for(app, &directory, actor, scheme_id, "/scheme", Action::SubmitResponse)?;
    let setting = Setting { registry: &app.registry, scheme, today: app.today() };
    let submission = Submission::check(body, &setting).map_err(Refusal::Invalid)?;
    if let Some(id) = &submission.invitation {
        check_invitation(app, scheme.number, id, &submission)?;
    }
    let now = app.now();
    let id = app.new_id();
    let receipt = app.secrets.receipt(scheme.number, &id);
    Ok(NewResponse {
        row: ResponseRow {
            scheme_number: scheme.number,
            person: submission.participant.clone().unwrap_or_else(|| format!("~{id}")),
            questionnaire: submission.questionnaire.clone(),
            completed_on: submission.completed_on,
            accepted_at: now,
            revision: 1,
            withdrawn_at: None,
            receipt_hash: app.secrets.receipt_hash(&receipt),
            body: serde_json::to_string(&submission).map_err(crate::storage::StorageError::from)?,
            id: id.clone(),
        },
        key: KeyRow {
            scheme_number: scheme.number,
            key_hash: app.secrets.hash(&[b"key", key.as_bytes()]),
            body_hash: app.secrets.hash(&[b"body", body.to_string().as_bytes()]),
            response_id: Some(id),
        },
    })
}

/// Stores a checked response; returns after its commit.
pub async fn submit_prepared(app: &App, response: NewResponse) -> Result<Accepted, Refusal> {
    let scheme_number = response.row.scheme_number;
    let accepted = |id: &str, replayed| Accepted { id: public_id(scheme_number, id), receipt: app.secrets.receipt(scheme_number, id), replayed };
    match app.queue.submit(response).await? {
        Committed::New(id) => Ok(accepted(&id, false)),
        Committed::Replayed(id) => Ok(accepted(&id, true)),
        Committed::KeyReused => Err(Refusal::KeyReused),
        Committed::Erased => Err(Refusal::Gone),
    }
}

/// An invitation named by a response is the participant's own, for this questionnaire.
fn check_invitation(app: &App, scheme_number: i64, id: &str, submission: &Submission) -> Result<(), Refusal> {
    let found = app.store.read(|db| find_invitation(db, scheme_number, id))?;
    let fits = found.is_some_and(|i| Some(&i.person) == submission.participant.as_ref() && i.questionnaire == submission.questionnaire);
    if fits {
        return Ok(());
    }
    let detail = "There is no such invitation of this participant for this questionnaire.".into();
    Err(Refusal::Invalid(vec![Fault { pointer: "/invitation".into(), code: "unknown-invitation", detail }]))
}

/// Whether this role sends responses at all: asked before the body is read.
pub fn may_submit(app: &App, actor: &Actor) -> Result<(), Refusal> {
    let directory = app.directory();
    match directory.schemes().next() {
        Some(any) => match allow(app, actor, Action::SubmitResponse(any)) {
            Err(Refusal::Forbidden) => Err(Refusal::Forbidden),
            _ => Ok(()),
        },
        None => Ok(()),
    }
}
