//! Many responses in one request: each is checked, stored and answered for itself, under its own key.

use serde_json::Value;

use super::submit_response::{Prepared, prepare_or_replay, settle};
use super::{Accepted, Refusal};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::fault::Fault;

/// The most responses in one request.
pub const LARGEST_BATCH: usize = 500;

/// Checks each response of a batch; nothing is stored yet. The batch itself must be a list of 1 to [`LARGEST_BATCH`].
pub fn prepare_batch(
    app: &App,
    actor: &Actor,
    batch: &Value,
) -> Result<Vec<Result<Prepared, Refusal>>, Refusal> {
    let whole = |code, detail: String| Refusal::Invalid(vec![Fault { pointer: String::new(), code, detail }]);
    let items = batch.as_array().ok_or_else(|| whole("wrong-type", "A batch is a list.".into()))?;
    if !(1..=LARGEST_BATCH).contains(&items.len()) {
        return Err(whole("out-of-range", format!("A batch has 1 to {LARGEST_BATCH} responses.")));
    }
    Ok(items.iter().map(|item| prepare_item(app, actor, item)).collect())
}

fn prepare_item(app: &App, actor: &Actor, item: &Value) -> Result<Prepared, Refusal> {
    let mut body = item.clone();
    // Without its key it is the body that is sent alone, so that a retry in another way is known again.
    let key = body.as_object_mut().and_then(|object| object.remove("idempotency_key"));
    let key = key.as_ref().and_then(Value::as_str).filter(|key| is_key(key));
    let prepared = prepare_or_replay(app, actor, key.unwrap_or_default(), &body);
    if key.is_some() {
        return prepared;
    }
    let detail =
        "“idempotency_key” has 16 to 128 visible characters, and is another one for each response.".into();
    let mut faults = vec![Fault { pointer: "/idempotency_key".into(), code: "required", detail }];
    match prepared {
        Err(Refusal::Invalid(more)) => faults.extend(more),
        Err(other) => return Err(other),
        Ok(_) => {}
    }
    faults.sort();
    Err(Refusal::Invalid(faults))
}

/// Whether `key` can be an idempotency key: 16 to 128 visible characters.
pub fn is_key(key: &str) -> bool {
    (16..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
}

/// Stores what was prepared, and says of each what became of it; returns after the commits.
pub async fn submit_batch(
    app: &App,
    prepared: Vec<Result<Prepared, Refusal>>,
) -> Vec<Result<Accepted, Refusal>> {
    // All are handed over before the first answer is waited for: so they share transactions.
    let mut waiting = Vec::with_capacity(prepared.len());
    for item in prepared {
        waiting.push(match item {
            Ok(Prepared::New(response)) => {
                let scheme_number = response.row.scheme_number;
                match app.queue.enter(*response).await {
                    Ok(answer) => Waiting::Sent(scheme_number, answer),
                    Err(error) => Waiting::Done(Err(error.into())),
                }
            }
            Ok(Prepared::Replayed(accepted)) => Waiting::Done(Ok(accepted)),
            Err(refusal) => Waiting::Done(Err(refusal)),
        });
    }
    let mut results = Vec::with_capacity(waiting.len());
    for item in waiting {
        results.push(match item {
            Waiting::Done(result) => result,
            Waiting::Sent(scheme_number, answer) => match answer.await {
                Ok(committed) => settle(app, scheme_number, committed),
                Err(error) => Err(error.into()),
            },
        });
    }
    results
}

enum Waiting {
    Done(Result<Accepted, Refusal>),
    Sent(i64, crate::storage::queue::Pending),
}
