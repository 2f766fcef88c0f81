//! `khi serve`

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::background::{self, Post};
use super::open::open;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{ServeSettings, Settings};
use crate::secrets::Ids;
use crate::use_cases::BackupOrder;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    serve: ServeSettings,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let listener = listen(&arguments.serve)?;
    let carrier = arguments.serve.carrier(&arguments.settings.database)?;
    let texts = arguments.serve.text_gateway()?;
    let settings = arguments.settings.clone().at(&arguments.serve);
    let app = open(&settings, arguments.serve.connections, Arc::new(SystemClock), Ids::Random)?;
    let backups = &arguments.serve.backups;
    if let Some(to) = &backups.backup_to {
        let order = BackupOrder {
            to: to.clone(),
            keep: Some(usize::from(backups.backup_keep)),
            with_key: false,
            key_file: settings.secret_file.clone(),
            heads_file: settings.heads_file(),
            definitions: settings.definitions.clone(),
        };
        background::back_up(&app, order, backups.backup_every)?;
    }
    serve(&app, listener, &arguments.serve, Post { mails: carrier, texts }, &settings.heads_file())
}

/// Takes the port before any long work, so that a port in use is told at once.
pub(super) fn listen(serve: &ServeSettings) -> Result<TcpListener, String> {
    TcpListener::bind(&serve.listen).map_err(|e| format!("cannot listen on {}: {e}", serve.listen))
}

pub(super) fn serve(
    app: &Arc<App>,
    listener: TcpListener,
    serve: &ServeSettings,
    post: Post,
    heads: &Path,
) -> Result<(), String> {
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    app.private_webhooks.store(serve.webhooks_to_private, Ordering::Relaxed);
    app.sends_texts.store(post.texts.is_some(), Ordering::Relaxed);
    background::start(app, post, heads)?;
    println!("khi is at http://{address}/  (API: http://{address}/api/docs)");
    let served = crate::web::serve(app, listener, serve).map_err(|e| e.to_string());
    background::sign(app, heads);
    served
}
