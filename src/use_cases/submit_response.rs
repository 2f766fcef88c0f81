//! Sending a response: check it whole (pure), hand it to the commit queue, answer after the commit.

use serde_json::Value;

use super::answer_pages::open_link_use;
use super::open_task::{Raising, task_for};
use super::sealing::response_body;
use super::{Refusal, allow, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::fault::Fault;
use crate::domain::safeguarding::raised;
use crate::domain::scheme::Scheme;
use crate::domain::submission::{Setting, Submission};
use crate::secrets::public_id;
use crate::storage::invitations;
use crate::storage::queue::{Committed, NewResponse};
use crate::storage::responses::{KeyRow, ResponseRow, find_keys};

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

/// Checks a response; nothing is stored yet.
pub fn prepare(app: &App, actor: &Actor, key: &str, body: &Value) -> Result<NewResponse, Refusal> {
    let directory = app.directory();
    let Some(scheme_id) = body.get("scheme").and_then(Value::as_str) else {
        // Only what the scheme decides (its councils, units and model) cannot be checked then.
        let setting = Setting { registry: &app.registry, scheme: None, today: app.today() };
        return Err(Refusal::Invalid(Submission::check(body, &setting).err().unwrap_or_default()));
    };
    let scheme = scheme_for(app, &directory, actor, scheme_id, "/scheme", Action::SubmitResponse)?;
    let submission = check(app, scheme, body)?;
    if let Some(id) = &submission.invitation {
        check_invitation(app, scheme.number, id, &submission)?;
    }
    new_response(app, scheme, &submission, hashes(app, key, body), Some(&actor.account))
}

/// As [`prepare`], of an answer that came through an open link of the scheme: nobody is signed in, and nobody is named.
pub fn prepare_from_open_link(
    app: &App,
    scheme_id: &str,
    (link, address): (&str, &str),
    key: &str,
    body: &Value,
) -> Result<NewResponse, Refusal> {
    let directory = app.directory();
    let scheme = directory.scheme(scheme_id).ok_or_else(|| Refusal::unknown_scheme("/scheme"))?;
    let mut submission = check(app, scheme, body)?;
    submission.via = Some("open".into());
    let mut response = new_response(app, scheme, &submission, hashes(app, key, body), None)?;
    response.open_link = Some(open_link_use(app, link, address));
    Ok(response)
}

/// Checks a body whole against its questionnaire version and its scheme.
pub(super) fn check(app: &App, scheme: &Scheme, body: &Value) -> Result<Submission, Refusal> {
    let setting = Setting { registry: &app.registry, scheme: Some(scheme), today: app.today() };
    Submission::check(body, &setting).map_err(Refusal::Invalid)
}

/// A checked response as it is stored, under the keyed hashes of its key and its body, with the safeguarding task that it raises.
/// `sent_by` is the account that sends or has collected it.
pub(super) fn new_response(
    app: &App,
    scheme: &Scheme,
    submission: &Submission,
    (key_hash, body_hash): (Vec<u8>, Vec<u8>),
    sent_by: Option<&str>,
) -> Result<NewResponse, Refusal> {
    let scheme_number = scheme.number;
    let now = app.now();
    let id = app.new_id();
    let version = submission.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&submission.questionnaire, v));
    let items = definition.map(|d| raised(d, &submission.answers)).unwrap_or_default();
    let task = task_for(app, scheme, &items, &Raising { response_id: &id, submission, sent_by })?;
    let receipt = app.secrets.receipt(scheme_number, &id);
    Ok(NewResponse {
        row: ResponseRow {
            scheme_number,
            person: submission.participant.clone().unwrap_or_else(|| format!("~{id}")),
            questionnaire: submission.questionnaire.clone(),
            completed_on: submission.completed_on,
            accepted_at: now,
            revision: 1,
            withdrawn_at: None,
            receipt_hash: app.secrets.receipt_hash(&receipt),
            body: response_body(app, scheme_number, &id, submission)?,
            id: id.clone(),
        },
        key: KeyRow { scheme_number, key_hash, body_hash, response_id: Some(id) },
        draft: None,
        invitation: submission.invitation.clone(),
        open_link: None,
        task,
    })
}

/// A response ready to be stored, or the answer that its first sending got.
pub enum Prepared {
    /// To be stored.
    New(Box<NewResponse>),
    /// Acknowledged before.
    Replayed(Accepted),
}

/// As [`prepare`]; but the same body under the same key gets the answer it got before, even if it would be refused by now
/// (because the scheme's councils or units have changed since).
pub fn prepare_or_replay(app: &App, actor: &Actor, key: &str, body: &Value) -> Result<Prepared, Refusal> {
    let faults = match prepare(app, actor, key, body) {
        Err(Refusal::Invalid(faults)) => faults,
        other => return other.map(|response| Prepared::New(Box::new(response))),
    };
    let directory = app.directory();
    let scheme = body.get("scheme").and_then(Value::as_str).and_then(|id| directory.scheme(id));
    if let Some(number) = scheme.map(|s| s.number) {
        let (key_hash, body_hash) = hashes(app, key, body);
        let asked = KeyRow { scheme_number: number, key_hash, body_hash, response_id: None };
        let known = app.store.read(|db| find_keys(db, &[&asked]))?;
        if let Some(KeyRow { response_id: Some(id), .. }) =
            known.into_iter().find(|k| k.body_hash == asked.body_hash)
        {
            return Ok(Prepared::Replayed(accepted(app, number, &id, true)));
        }
    }
    Err(Refusal::Invalid(faults))
}

/// Keyed hashes of key and body.
pub(super) fn hashes(app: &App, key: &str, body: &Value) -> (Vec<u8>, Vec<u8>) {
    (app.secrets.hash(&[b"key", key.as_bytes()]), app.secrets.hash(&[b"body", body.to_string().as_bytes()]))
}

fn accepted(app: &App, scheme_number: i64, id: &str, replayed: bool) -> Accepted {
    Accepted { id: public_id(scheme_number, id), receipt: app.secrets.receipt(scheme_number, id), replayed }
}

/// Stores a checked response; returns after its commit.
pub async fn submit_prepared(app: &App, response: NewResponse) -> Result<Accepted, Refusal> {
    let scheme_number = response.row.scheme_number;
    settle(app, scheme_number, app.queue.submit(response).await?)
}

/// What the sender is told of what became of a response.
pub(super) fn settle(app: &App, scheme_number: i64, committed: Committed) -> Result<Accepted, Refusal> {
    match committed {
        Committed::New(id) => Ok(accepted(app, scheme_number, &id, false)),
        Committed::Replayed(id) => Ok(accepted(app, scheme_number, &id, true)),
        Committed::KeyReused => Err(Refusal::KeyReused),
        Committed::Erased => Err(Refusal::Gone),
        Committed::DraftMoved => Err(Refusal::Changed),
    }
}

/// An invitation named by a response is the participant's own, for this questionnaire.
fn check_invitation(app: &App, scheme_number: i64, id: &str, submission: &Submission) -> Result<(), Refusal> {
    let found = app.store.read(|db| invitations::find(db, scheme_number, id))?;
    let fits = found.is_some_and(|i| {
        Some(&i.person) == submission.participant.as_ref() && i.questionnaire == submission.questionnaire
    });
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
