//! The web face: JSON API and pages over the same acts. `routes.rs` and `routes/` are the whole map of URLs.

mod address;
mod api;
mod cookies;
mod forms;
mod limits;
mod packing;
mod pages;
mod pipe;
pub mod problem;
mod qr;
mod report_query;
mod request;
mod routes;
mod security;
mod telemetry;
mod words;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App as ActixApp, HttpServer, middleware, web};

use crate::app::App;
use crate::config::ServeSettings;

pub use limits::Limits;
pub use routes::configure;
pub use security::headers;

/// How long a client may take to send its request's head; its body has its own limit (see `request`).
const HEAD_SECONDS: u64 = 10;

/// Serves `app` on `listener` until the process is asked to stop; requests under way are finished first.
pub fn serve(app: &Arc<App>, listener: TcpListener, serve: &ServeSettings) -> std::io::Result<()> {
    let (workers, behind_proxy) = (serve.workers, serve.behind_proxy);
    let shared = web::Data::from(app.clone());
    let metrics = telemetry::metrics();
    let registry = web::Data::new(metrics.registry.clone());
    let limits = web::Data::new(Limits::default());
    let https = app.public_url.starts_with("https://");
    if https && !behind_proxy {
        tracing::warn!(
            "KHI_PUBLIC_URL is https, and no proxy is told of: only this computer is answered; set KHI_BEHIND_PROXY"
        );
    }
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || {
            ActixApp::new()
                .app_data(shared.clone())
                .app_data(registry.clone())
                .app_data(limits.clone())
                .configure(move |config| {
                    if behind_proxy {
                        config.app_data(request::BehindProxy);
                    }
                })
                .configure(configure)
                .wrap(middleware::from_fn(security::only_https))
                .wrap(headers(&shared))
                .wrap(middleware::from_fn(packing::packed))
                .wrap(metrics.clone())
                .wrap(telemetry::request_log())
        })
        .workers(workers)
        // An answer goes out when it is written: what waits for a full packet waits for the browser's delayed word.
        .tcp_nodelay(true)
        .client_request_timeout(Duration::from_secs(HEAD_SECONDS))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(30)
        .listen(listener)?
        .run()
        .await
    })
}
