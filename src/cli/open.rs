//! What every command that works on a database does first: definitions, secrets, database, and their agreement.

use std::sync::Arc;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Settings;
use crate::definition_files::{read_folder, shipped};
use crate::domain::definition::Registry;
use crate::passwords::Passwords;
use crate::secrets::Ids;
use crate::storage::Store;
use crate::use_cases::{load_key, record_definitions};

/// Starts logging.
pub(super) fn start_logging(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KHI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,actix_server=warn,actix_web=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first one's logging.
    let started = if settings.log_format == "json" {
        builder.json().try_init()
    } else {
        builder.with_target(false).try_init()
    };
    started.ok();
}

/// The shipped definitions, with those that the settings add.
pub(super) fn load_definitions(settings: &Settings) -> Result<Registry, String> {
    let mut sources = shipped();
    if let Some(folder) = &settings.definitions {
        sources.extend(read_folder(folder, false).map_err(|e| format!("{}: {e}", folder.display()))?);
    }
    let loaded = Registry::load(&sources);
    if loaded.faults.is_empty() {
        return Ok(loaded.registry);
    }
    let faults: Vec<String> = loaded.faults.iter().map(ToString::to_string).collect();
    Err(format!("these definitions cannot be used:\n{}", faults.join("\n")))
}

/// Loads definitions, opens the database, and refuses to go on if they do not agree.
pub(super) fn open(
    settings: &Settings,
    connections: u32,
    clock: Arc<dyn Clock>,
    ids: Ids,
) -> Result<Arc<App>, String> {
    start_logging(settings);
    let registry = load_definitions(settings)?;
    let store = Store::open(&settings.database, connections).map_err(|e| e.to_string())?;
    let secrets = load_key(&store, &settings.secret_file)?;
    let public_url = settings.public_url.as_deref().unwrap_or("http://127.0.0.1:8080");
    let app = App::start(store, Arc::new(registry), clock, ids, secrets, Passwords::strong(), public_url)
        .map_err(|e| e.to_string())?;
    let changed = record_definitions(&app).map_err(|e| e.to_string())?;
    if changed.is_empty() { Ok(app) } else { Err(changed.join("\n")) }
}
