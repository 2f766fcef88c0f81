//! Asking about a return that was sent in, and approving it.

use serde_json::Value;

use super::read_return::{describe, seen, values};
use super::return_of::{Found, ReturnOf, Wants, find_return};
use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::audit::Act;
use crate::domain::fault::Fault;
use crate::domain::reader::read_whole;
use crate::domain::returns::remark;
use crate::storage::audit::{self, Recorded};
use crate::storage::returns::{self, ReturnEventRow, ReturnRow};

/// What is done with a return.
enum Review {
    Query(String),
    Approve,
}

/// Asks about a return: `{"query": "...", "revision": 3}`. Who sent it answers by sending it anew.
pub fn query_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
    body: &Value,
) -> Result<Value, Refusal> {
    let found = find_return(app, actor, of, period, Wants::Review)?;
    let (revision, query) = read_whole(body, |root| {
        let object = root.object()?;
        let revision = object.required("revision").and_then(|f| f.integer());
        let query = remark(&object, "query");
        if query.as_deref().is_none_or(str::is_empty) && !root.is_faulty_at("query") {
            object.fault("required", "“query” is missing: what is asked?");
        }
        object.close(false);
        Some((revision?, query?))
    })
    .map_err(Refusal::Invalid)?;
    review(app, actor, of, &found, revision, &Review::Query(query))
}

/// Approves a return: `{"revision": 3}`. That revision, and no later one, was looked at.
pub fn approve_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
    body: &Value,
) -> Result<Value, Refusal> {
    let found = find_return(app, actor, of, period, Wants::Review)?;
    let revision = read_whole(body, |root| {
        let object = root.object()?;
        let revision = object.required("revision").and_then(|f| f.integer());
        object.close(false);
        revision
    })
    .map_err(Refusal::Invalid)?;
    review(app, actor, of, &found, revision, &Review::Approve)
}

fn review(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    found: &Found,
    revision: i64,
    review: &Review,
) -> Result<Value, Refusal> {
    let (number, sender) = found.sender.key();
    let period = found.period.to_string();
    let before = app.store.read(|db| seen(db, found))?;
    let old = before.row.ok_or(Refusal::Unknown(None))?;
    if old.revision != revision {
        return Err(Refusal::Changed);
    }
    let open = match review {
        Review::Query(_) => matches!(old.status.as_str(), "submitted" | "approved"),
        Review::Approve => matches!(old.status.as_str(), "submitted" | "queried"),
    };
    if !open {
        let detail = match old.status.as_str() {
            "draft" => "It has not been sent in yet.",
            "queried" => "It is asked about already.",
            _ => "It is approved already.",
        };
        let fault = Fault { pointer: String::new(), code: "wrong-state", detail: detail.into() };
        return Err(Refusal::Invalid(vec![fault]));
    }
    let (act, status, said) = match review {
        Review::Query(query) => (Act::ReturnQueried, "queried", Some(query.clone())),
        Review::Approve => (Act::ReturnApproved, "approved", None),
    };
    let now = app.now();
    let row = ReturnRow {
        revision: revision + 1,
        status: status.into(),
        query: said.clone(),
        updated_at: now,
        updated_by: actor.account.clone(),
        ..old
    };
    let noted = ReturnEventRow {
        scheme_number: number,
        sender: sender.clone(),
        period: period.clone(),
        revision: row.revision,
        act: status.into(),
        at: now,
        by_whom: actor.account.clone(),
        figures: values(&before.entries).to_string(),
        said,
        published_in: None,
    };
    let recorded = event(app, found.chain, actor, act, found.target.clone());
    let recorded = recorded.code("period", &period).code("sender", &sender);
    let put = |db: &mut Recorded<'_>| {
        if !returns::replace(db, &row)? {
            return Ok(None);
        }
        returns::note(db, &noted).map(Some)
    };
    app.store.write(|db| audit::record_if(db, &recorded, put))?.ok_or(Refusal::Changed)?;
    let now_seen = app.store.read(|db| seen(db, found))?;
    Ok(describe(app, of, found, &now_seen))
}
