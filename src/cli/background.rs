//! What runs beside the server: telling people of safeguarding tasks in time, delivering mail, and telling other systems of changes.
//! Commands that do not serve do none of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::app::App;
use crate::mail::Carrier;
use crate::use_cases::{deliver_mail, deliver_webhooks, escalate_tasks};
use crate::webhooks::Courier;

/// How often tasks are looked for whose time is over. Their times are in hours.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How long the outbox rests between rounds, and how long when nothing can be delivered.
const REST: Duration = Duration::from_secs(1);
const WEBHOOK_REST: Duration = Duration::from_secs(2);
const LONG_REST: Duration = Duration::from_secs(5);

/// Starts all of it; it ends with the app.
pub(super) fn start(app: &Arc<App>, carrier: Carrier) -> Result<(), String> {
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
    let courier = Courier::new(app.private_webhooks.load(Ordering::Relaxed));
    repeat(app, "webhooks", move |app| match deliver_webhooks(app, &courier) {
        Ok(0) => WEBHOOK_REST,
        Ok(_) => REST,
        Err(error) => {
            tracing::error!(%error, "webhooks could not be read or written; it will be tried again");
            LONG_REST
        }
    })?;
    repeat(app, "mail", move |app| match deliver_mail(app, &carrier) {
        Ok(round) if round.unreachable => LONG_REST,
        Ok(_) => REST,
        Err(error) => {
            tracing::error!(%error, "the outbox could not be read or written; it will be tried again");
            LONG_REST
        }
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
