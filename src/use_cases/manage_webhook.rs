//! A scheme's webhook: saying where it is told of changes, seeing how that goes, changing its secret, taking it away.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use url::Host;

use super::read_changes::number_changes;
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target};
use crate::domain::change::ChangeKind;
use crate::domain::fault::Fault;
use crate::domain::webhook::{NewWebhook, is_localhost};
use crate::storage::audit::Recorded;
use crate::storage::webhooks::{self, WebhookRow};
use crate::storage::{StorageError, audit, changes};
use crate::webhooks::{is_public, written_secret};

/// A webhook as it is seen, with its secret if that was made just now.
pub struct SeenWebhook {
    /// The webhook.
    pub webhook: Value,
    /// What its deliveries are signed with: shown once.
    pub secret: Option<String>,
}

/// Says where a scheme is told of changes. A new webhook is told of what happens from now on. One that is replaced goes on where it
/// was, also if it had been given up.
pub fn put_webhook(app: &App, actor: &Actor, scheme_id: &str, body: &Value) -> Result<SeenWebhook, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManageWebhook)?;
    let wanted = NewWebhook::check(body).map_err(Refusal::Invalid)?;
    check_address(app, &wanted).map_err(|fault| Refusal::Invalid(vec![fault]))?;
    number_changes(app)?;
    let now = app.now();
    let events: Vec<&str> = wanted.events.iter().map(|kind| kind.code()).collect();
    let new = WebhookRow {
        scheme_number: scheme.number,
        url: wanted.url.to_string(),
        events: events.join(" "),
        // Never one that an earlier webhook of the scheme had.
        generation: now.and_utc().timestamp_micros(),
        created_at: now,
        rotated_at: None,
        position: 0,
        trying_to: None,
        next_try_at: now,
        attempts: 0,
        delivered_at: None,
        failing_since: None,
        last_error: None,
        disabled_at: None,
    };
    let said = event(app, scheme.number, actor, Act::WebhookChanged, scheme_target(scheme));
    let put = |db: &mut Recorded<'_>| {
        let Some(old) = webhooks::find(db, scheme.number)? else {
            let new = WebhookRow { position: changes::last_position(db, scheme.number)?, ..new.clone() };
            return Ok(webhooks::insert(db, &new)?.then_some((new, true)));
        };
        let kept = WebhookRow {
            generation: old.generation,
            created_at: old.created_at,
            rotated_at: old.rotated_at,
            position: old.position,
            delivered_at: old.delivered_at,
            ..new.clone()
        };
        Ok(webhooks::change(db, &old, &kept)?.then_some((kept, false)))
    };
    let (row, added) = app.store.write(|db| audit::record_if(db, &said, put))?.ok_or(Refusal::Changed)?;
    Ok(SeenWebhook { webhook: describe(&row), secret: added.then(|| secret(app, &row)) })
}

/// Private addresses that can be told by looking; names are looked up when something is sent.
fn check_address(app: &App, wanted: &NewWebhook) -> Result<(), Fault> {
    let private = match wanted.url.host() {
        Some(Host::Ipv4(address)) => !is_public(address.into()),
        Some(Host::Ipv6(address)) => !is_public(address.into()),
        Some(Host::Domain(_)) | None => is_localhost(&wanted.url),
    };
    if !private || app.private_webhooks.load(Ordering::Relaxed) {
        return Ok(());
    }
    let detail = "This server does not speak to private addresses (KHI_WEBHOOKS_PRIVATE lets it).".into();
    Err(Fault { pointer: "/url".into(), code: "private-address", detail })
}

/// How a scheme's webhook is doing.
pub fn read_webhook(app: &App, actor: &Actor, scheme_id: &str) -> Result<SeenWebhook, Refusal> {
    let (row, _) = find(app, actor, scheme_id)?;
    Ok(SeenWebhook { webhook: describe(&row), secret: None })
}

/// Gives a webhook another secret. For a day, deliveries are signed with the old one too.
pub fn rotate_webhook(app: &App, actor: &Actor, scheme_id: &str) -> Result<SeenWebhook, Refusal> {
    let (old, target) = find(app, actor, scheme_id)?;
    let new = WebhookRow { generation: old.generation + 1, rotated_at: Some(app.now()), ..old.clone() };
    let rotated = event(app, old.scheme_number, actor, Act::WebhookKeyChanged, target);
    let changed = app.store.write(|db| {
        audit::record_if(db, &rotated, |db| Ok(webhooks::change(db, &old, &new)?.then_some(())))
    })?;
    changed.ok_or(Refusal::Changed)?;
    Ok(SeenWebhook { webhook: describe(&new), secret: Some(secret(app, &new)) })
}

/// Takes a scheme's webhook away.
pub fn delete_webhook(app: &App, actor: &Actor, scheme_id: &str) -> Result<(), Refusal> {
    let (row, target) = find(app, actor, scheme_id)?;
    let removed = event(app, row.scheme_number, actor, Act::WebhookRemoved, target);
    app.store.write(|db| {
        audit::record_if(db, &removed, |db| Ok(webhooks::delete(db, row.scheme_number)?.then_some(())))
    })?;
    Ok(())
}

/// The webhook of a scheme, and the scheme as the audit log names it.
fn find(app: &App, actor: &Actor, scheme_id: &str) -> Result<(WebhookRow, Target), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManageWebhook)?;
    let found: Result<_, StorageError> = app.store.read(|db| webhooks::find(db, scheme.number));
    Ok((found?.ok_or(Refusal::Unknown(None))?, scheme_target(scheme)))
}

fn secret(app: &App, row: &WebhookRow) -> String {
    written_secret(&app.secrets.webhook_secret(row.scheme_number, row.generation))
}

fn describe(row: &WebhookRow) -> Value {
    let state = match (row.disabled_at, row.failing_since) {
        (Some(_), _) => "disabled",
        (None, Some(_)) => "failing",
        (None, None) => "working",
    };
    json!({
        "url": row.url, "events": row.events().map(ChangeKind::code).collect::<Vec<_>>(), "state": state,
        "created_at": written(row.created_at), "rotated_at": row.rotated_at.map(written),
        "delivered_at": row.delivered_at.map(written), "failing_since": row.failing_since.map(written),
        "last_error": row.last_error, "disabled_at": row.disabled_at.map(written),
    })
}
