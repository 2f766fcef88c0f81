//! What runs beside the server: telling people of safeguarding tasks in time, reminding those who are asked, delivering mail and text
//! messages, telling other systems of changes, signing the heads of the audit log, deleting what is older than it is kept, and backups.
//! Commands that do not serve do none of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;

use crate::app::App;
use crate::clock::is_day;
use crate::domain::audit::By;
use crate::mail::Carrier;
use crate::storage::StorageError;
use crate::texts::HttpGateway;
use crate::use_cases::{
    BackupOrder, Round, apply_retention, backup_is_due, deliver_mail, deliver_texts, deliver_webhooks,
    due_reminders, escalate_tasks, retention_is_due, sign_heads, take_backup,
};
use crate::webhooks::Courier;

/// How often tasks are looked for whose time is over. Their times are in hours.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How long the outbox rests between rounds, and how long when nothing can be delivered.
const REST: Duration = Duration::from_secs(1);
const WEBHOOK_REST: Duration = Duration::from_secs(2);
const LONG_REST: Duration = Duration::from_secs(5);

/// How often the heads of the audit log are signed, and how soon again if that failed.
const SIGN_EVERY: Duration = Duration::from_secs(60 * 60);
const SIGN_AGAIN: Duration = Duration::from_secs(60);
/// How long after a backup that failed the next one is tried.
const TRY_AGAIN: Duration = Duration::from_secs(15 * 60);
/// How often it is looked whether today's deleting is done.
const DELETE_EVERY: Duration = Duration::from_secs(60 * 60);
/// The longest that a due backup goes unnoticed.
const NOTICE: Duration = Duration::from_secs(60);

/// How often reminders are looked for that are due. Their times are in days; they go by day.
const REMIND_EVERY: Duration = Duration::from_secs(60);

/// What carries messages.
pub(super) struct Post {
    /// Mails.
    pub(super) mails: Carrier,
    /// Text messages, if there is a gateway.
    pub(super) texts: Option<HttpGateway>,
}

/// Starts all; they end with the app.
pub(super) fn start(app: &Arc<App>, post: Post, heads: &Path) -> Result<(), String> {
    let Post { mails: carrier, texts } = post;
    if let Some(folder) = carrier.as_folder() {
        tracing::warn!(
            folder = %folder.display(),
            "there is no mail server: mail is written to this folder and reaches nobody; set SMTP_URL and KHI_MAIL_FROM"
        );
    }
    repeat(app, "tasks", |app| {
        if let Err(error) = escalate_tasks(app) {
            tracing::error!(%error, "safeguarding tasks could not be looked at; they will be looked at again");
        }
        LOOK_EVERY
    })?;
    repeat(app, "reminders", |app| {
        // Nobody's telephone sounds at night.
        if is_day(&*app.clock)
            && let Err(error) = due_reminders(app)
        {
            tracing::error!(%error, "reminders could not be looked for; they will be looked for again");
        }
        REMIND_EVERY
    })?;
    if let Some(gateway) = texts {
        repeat(app, "texts", move |app| rest_after(deliver_texts(app, &gateway)))?;
    }
    let courier = Courier::new(app.private_webhooks.load(Ordering::Relaxed));
    repeat(app, "webhooks", move |app| match deliver_webhooks(app, &courier) {
        Ok(0) => WEBHOOK_REST,
        Ok(_) => REST,
        Err(error) => {
            tracing::error!(%error, "webhooks could not be read or written; it will be tried again");
            LONG_REST
        }
    })?;
    repeat(app, "retention", |app| {
        delete_outdated(app);
        DELETE_EVERY
    })?;
    let file = heads.to_owned();
    repeat(app, "audit", move |app| if sign(app, &file) { SIGN_EVERY } else { SIGN_AGAIN })?;
    repeat(app, "mail", move |app| rest_after(deliver_mail(app, &carrier)))
}

/// How long the outbox rests after a round.
fn rest_after(round: Result<Round, StorageError>) -> Duration {
    match round {
        Ok(round) if round.unreachable => LONG_REST,
        Ok(_) => REST,
        Err(error) => {
            tracing::error!(%error, "the outbox could not be read or written; it will be tried again");
            LONG_REST
        }
    }
}

/// Deletes what is older than it is kept, if nobody has done so today.
fn delete_outdated(app: &App) {
    if app.demo {
        return; // what is made up stays to be looked at
    }
    let deleted = retention_is_due(app)
        .and_then(|due| if due { apply_retention(app, &By::System) } else { Ok(Vec::new()) });
    match deleted {
        Ok(aged) => {
            for one in aged.iter().filter(|one| one.rows > 0) {
                let (class, scheme) = (one.class.code(), one.scheme.as_deref());
                tracing::info!(
                    class,
                    scheme,
                    rows = one.rows,
                    people = one.people,
                    "deleted what was older than it is kept"
                );
            }
        }
        Err(error) => {
            tracing::error!(%error, "what is older than it is kept could not be deleted; it will be tried again tomorrow")
        }
    }
}

/// Signs the heads of the audit log; says whether that was done.
pub(super) fn sign(app: &App, file: &Path) -> bool {
    let signed = sign_heads(app, file);
    if let Err(error) = &signed {
        tracing::error!(%error, "the heads of the audit log could not be signed; it will be tried again");
    }
    signed.is_ok()
}

/// Starts taking backups.
pub(super) fn back_up(app: &Arc<App>, order: BackupOrder, every: TimeDelta) -> Result<(), String> {
    tracing::info!(to = %order.to.display(), every_seconds = every.num_seconds(), "backups are taken");
    repeat(app, "backups", move |app| {
        match backup_is_due(app, every) {
            Ok(false) => {}
            Ok(true) => match take_backup(&app.store, &*app.clock, &order) {
                Ok(taken) => {
                    tracing::info!(path = %taken.path.display(), bytes = taken.manifest.bytes(), "backup taken, and read again");
                }
                Err(error) => {
                    tracing::error!(%error, "the backup failed; it will be tried again");
                    return TRY_AGAIN.min(every.to_std().unwrap_or(TRY_AGAIN));
                }
            },
            Err(error) => tracing::error!(%error, "whether a backup is due could not be read"),
        }
        NOTICE.min(every.to_std().unwrap_or(NOTICE))
    })
}

/// Runs `work` again and again on a thread of its own, with the pause that it asks for.
fn repeat(
    app: &Arc<App>,
    name: &str,
    work: impl Fn(&App) -> Duration + Send + 'static,
) -> Result<(), String> {
    let weak = Arc::downgrade(app);
    let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
        while let Some(app) = weak.upgrade() {
            let pause = work(&app);
            drop(app);
            std::thread::sleep(pause);
        }
    });
    thread.map(drop).map_err(|e| e.to_string())
}
