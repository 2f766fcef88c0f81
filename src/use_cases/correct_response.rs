//! Correcting a response: a merge patch, checked whole again; what it said before is kept as an event.

use serde_json::Value;

use super::change_people::change_people;
use super::open_task::{Raising, task_for};
use super::read_changes::change;
use super::sealing::{event_body, open_response, response_body, without_destroyed};
use super::{Refusal, allow, event};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target, TargetKind};
use crate::domain::change::ChangeKind;
use crate::domain::fault::Fault;
use crate::domain::safeguarding::newly_raised;
use crate::domain::submission::{Setting, Submission};
use crate::secrets::{parse_public_id, public_id};
use crate::storage::changes::{self, NewChange};
use crate::storage::responses::{self, EventRow, ResponseRow};
use crate::storage::{audit, tasks};

/// What a correction may touch.
const CORRECTABLE: [&str; 7] =
    ["answers", "about", "council", "completed_on", "completed_by", "helper", "consent"];

/// A corrected response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// Its public id.
    pub id: String,
    /// Its new revision.
    pub revision: i64,
}

/// The response with this public id, if `actor` may change it.
pub(super) fn changeable(app: &App, actor: &Actor, public: &str) -> Result<ResponseRow, Refusal> {
    let (number, id) = parse_public_id(public).ok_or(Refusal::Unknown(None))?;
    let directory = app.directory();
    let scheme = directory.scheme_by_number(number).ok_or(Refusal::Unknown(None))?;
    allow(app, actor, Action::ChangeResponse(scheme))?;
    app.store.read(|db| responses::find(db, number, &id))?.ok_or(Refusal::Unknown(None))
}

/// Applies `patch` (RFC 7396) to the response, if it still has `revision`; a caller that names none is refused.
pub fn correct_response(
    app: &App,
    actor: &Actor,
    public: &str,
    revision: Option<i64>,
    patch: &Value,
) -> Result<Corrected, Refusal> {
    let row = changeable(app, actor, public)?;
    if row.withdrawn_at.is_some() {
        return Err(Refusal::Gone);
    }
    if row.revision != revision.ok_or(Refusal::RevisionMissing)? {
        return Err(Refusal::Changed);
    }
    let mut before = open_response(app, &row)?;
    without_destroyed(&mut before);
    let mut merged = before.to_sent(&app.registry);
    check_keys(patch)?;
    merge(&mut merged, patch);
    let directory = app.directory();
    let scheme = directory.scheme_by_number(row.scheme_number).ok_or(Refusal::Unknown(None))?;
    let setting = Setting { registry: &app.registry, scheme: Some(scheme), today: app.today() };
    let mut after = Submission::check(&merged, &setting).map_err(Refusal::Invalid)?;
    after.via = before.via;
    let body = response_body(app, row.scheme_number, &row.id, &after)?;
    let history = EventRow {
        scheme_number: row.scheme_number,
        response_id: row.id.clone(),
        revision: row.revision,
        kind: "corrected".into(),
        at: app.now(),
        account: Some(actor.account.clone()),
        old_body: event_body(app, &row)?,
    };
    let version = after.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&after.questionnaire, v));
    let items = definition.map(|d| newly_raised(d, &before.answers, &after.answers)).unwrap_or_default();
    let raising = Raising { response_id: &row.id, submission: &after, sent_by: Some(&actor.account) };
    let task = task_for(app, scheme, &items, &raising)?;
    let mut noted = vec![change(app, row.scheme_number, ChangeKind::ResponseCorrected, &row.id)];
    noted.extend(task.as_ref().map(|task| {
        let opened = change(app, row.scheme_number, ChangeKind::TaskOpened, &task.row.id);
        NewChange { guarded: task.guarded, ..opened }
    }));
    let supporter = after.helper.as_ref().is_some_and(|h| h.gives_support);
    let id = public_id(row.scheme_number, &row.id);
    let target = Target::of(TargetKind::Response, &id);
    let corrected = event(app, row.scheme_number, actor, Act::ResponseCorrected, target);
    let corrected = corrected.number("revision", row.revision + 1);
    let changed = app.store.write(|db| {
        change_people(app, db, row.scheme_number, std::slice::from_ref(&row.person), |db| {
            audit::record_if(db, &corrected, |db| {
                if !responses::update_body(db, &row, after.completed_on, &body)? {
                    return Ok(None);
                }
                responses::insert_event(db, &history)?;
                tasks::open(db, &task.iter().collect::<Vec<_>>())?;
                changes::note(db, &noted)?;
                if supporter {
                    tasks::note_supporter(db, row.scheme_number, &row.id)?;
                }
                Ok(Some(()))
            })
        })
    })?;
    changed.ok_or(Refusal::Changed)?;
    Ok(Corrected { id, revision: row.revision + 1 })
}

fn check_keys(patch: &Value) -> Result<(), Refusal> {
    let fault =
        |pointer: String, code, detail: String| Refusal::Invalid(vec![Fault { pointer, code, detail }]);
    let Some(patch) = patch.as_object() else {
        return Err(fault(String::new(), "wrong-type", "A correction is an object.".into()));
    };
    match patch.keys().find(|k| !CORRECTABLE.contains(&k.as_str())) {
        None => Ok(()),
        Some(key) => {
            let key = crate::domain::reader::short(key);
            Err(fault(
                format!("/{key}"),
                "not-correctable",
                format!("A correction may change: {}.", CORRECTABLE.join(", ")),
            ))
        }
    }
}

/// RFC 7396: null removes, objects merge, everything else replaces.
fn merge(into: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *into = patch.clone();
        return;
    };
    if !into.is_object() {
        *into = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(into) = into {
        for (key, value) in patch {
            if value.is_null() {
                into.remove(key);
            } else if value.get("missing").is_some_and(Value::is_string) {
                into.insert(key.clone(), value.clone()); // an answer replaces an answer, whatever its shape
            } else {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
    }
}
