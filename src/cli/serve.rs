//! `khi serve`

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::background;
use super::open::open;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{ServeSettings, Settings};
use crate::mail::Carrier;
use crate::secrets::Ids;

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
    let settings = arguments.settings.clone().at(&arguments.serve);
    let app = open(&settings, arguments.serve.connections, Arc::new(SystemClock), Ids::Random)?;
    serve(&app, listener, &arguments.serve, carrier)
}

/// Takes the port before any long work, so that a port in use is told at once.
pub(super) fn listen(serve: &ServeSettings) -> Result<TcpListener, String> {
    TcpListener::bind(&serve.listen).map_err(|e| format!("cannot listen on {}: {e}", serve.listen))
}

pub(super) fn serve(
    app: &Arc<App>,
    listener: TcpListener,
    serve: &ServeSettings,
    carrier: Carrier,
) -> Result<(), String> {
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    app.private_webhooks.store(serve.webhooks_to_private, Ordering::Relaxed);
    background::start(app, carrier)?;
    println!("khi is at http://{address}/  (API: http://{address}/api/docs)");
    crate::web::serve(app, listener, serve).map_err(|e| e.to_string())
}
