//! Telling schemes' other systems of changes: in order, each change at least once, and given up after a day in which nothing was taken.

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;

use super::read_changes::{describe, number_changes};
use crate::app::App;
use crate::mail::pause_after;
use crate::storage::StorageError;
use crate::storage::changes::{self, ChangeRow};
use crate::storage::webhooks::{self, WebhookRow};
use crate::webhooks::{Courier, Delivery};

/// The most changes in one delivery.
const AT_ONCE: i64 = 100;
/// How long a process has to send a delivery that it took; if it dies meanwhile, the same is tried again after that.
const CLAIM: TimeDelta = TimeDelta::minutes(2);
/// A webhook that took nothing for so long is given up.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// For how long deliveries are signed with the secret before as well.
const OLD_SECRET: TimeDelta = TimeDelta::hours(24);

/// Tries every webhook that has something to be told by now, once; says how many deliveries were taken.
/// Safe to run in several processes at once: each delivery is tried by one of them.
pub fn deliver_webhooks(app: &App, courier: &Courier) -> Result<usize, StorageError> {
    let due = app.store.read(|db| webhooks::due(db, app.now()))?;
    if due.is_empty() {
        return Ok(0);
    }
    number_changes(app)?;
    let mut taken = 0;
    for row in due {
        taken += usize::from(deliver(app, courier, row)?);
    }
    Ok(taken)
}

/// Sends the next changes of one webhook; says whether they were taken.
fn deliver(app: &App, courier: &Courier, row: WebhookRow) -> Result<bool, StorageError> {
    let mut next =
        app.store.read(|db| changes::after_position(db, row.scheme_number, row.position, AT_ONCE))?;
    next.retain(|change| row.trying_to.is_none_or(|end| change.position.is_some_and(|p| p <= end)));
    let Some(end) = next.last().and_then(|change| change.position) else { return Ok(false) };
    next.retain(|change| row.events().any(|kind| kind.code() == change.kind));
    let now = app.now();
    if next.is_empty() {
        let passed = WebhookRow { position: end, trying_to: None, attempts: 0, ..row.clone() };
        app.store.write(|db| webhooks::replace(db, &row, &passed))?;
        return Ok(false);
    }
    let claimed = WebhookRow {
        trying_to: Some(end),
        attempts: row.attempts + 1,
        next_try_at: now + CLAIM,
        ..row.clone()
    };
    if !app.store.write(|db| webhooks::replace(db, &row, &claimed))? {
        return Ok(false); // another process has it, or it was changed
    }
    let outcome = courier.send(&claimed.url, &delivery(app, &claimed, &next, end));
    let after = settle(&claimed, &outcome, end, app.now());
    report(app, &after, &outcome);
    app.store.write(|db| webhooks::replace(db, &claimed, &after))?;
    Ok(outcome.is_ok())
}

/// The webhook after a delivery was tried.
fn settle(claimed: &WebhookRow, outcome: &Result<(), String>, end: i64, now: NaiveDateTime) -> WebhookRow {
    match outcome {
        Ok(()) => WebhookRow {
            position: end,
            trying_to: None,
            next_try_at: now,
            attempts: 0,
            delivered_at: Some(now),
            failing_since: None,
            last_error: None,
            ..claimed.clone()
        },
        Err(why) => {
            let since = claimed.failing_since.unwrap_or(now);
            WebhookRow {
                next_try_at: now + pause_after(claimed.attempts),
                failing_since: Some(since),
                last_error: Some(why.clone()),
                disabled_at: (now - since >= GIVE_UP_AFTER).then_some(now),
                ..claimed.clone()
            }
        }
    }
}

fn delivery(app: &App, row: &WebhookRow, next: &[ChangeRow], end: i64) -> Delivery {
    let directory = app.directory();
    let told: Vec<_> = next.iter().map(|change| describe(app, &directory, change, false)).collect();
    let id = format!("msg_{}_{}_{end}", row.generation, row.position + 1);
    let mut secrets = vec![app.secrets.webhook_secret(row.scheme_number, row.generation)];
    if row.rotated_at.is_some_and(|at| app.now() - at < OLD_SECRET) {
        secrets.push(app.secrets.webhook_secret(row.scheme_number, row.generation - 1));
    }
    let body = json!({"id": id, "changes": told}).to_string();
    Delivery::signed(id, app.now().and_utc().timestamp(), body, &secrets)
}

/// Says in the log how it goes; never where to.
fn report(app: &App, row: &WebhookRow, outcome: &Result<(), String>) {
    let directory = app.directory();
    let scheme = directory.scheme_by_number(row.scheme_number).map(|s| s.about.id.as_str());
    match outcome {
        Ok(()) => tracing::debug!(scheme, "webhook told"),
        Err(why) if row.disabled_at.is_some() => {
            tracing::error!(scheme, %why, "a webhook took nothing for a day and was given up");
        }
        Err(why) => {
            tracing::warn!(scheme, attempts = row.attempts, %why, "a webhook was not told; it will be tried again");
        }
    }
}
