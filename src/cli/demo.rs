//! `khi demo`

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::background::Post;
use super::open::{open, start_logging};
use super::progress_bar;
use super::serve::{listen, serve};
use crate::clock::{SetClock, SystemClock};
use crate::config::{ServeSettings, Settings, read_public_url};
use crate::demo::{self, State};
use crate::mail::{Carrier, Sender};
use crate::secrets::Ids;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The demo's own database; one that holds anything else is refused
    #[arg(long, default_value = "sqlite://khi-demo.db")]
    database: String,
    /// The demo's own secret file
    #[arg(long, default_value = "khi-demo.secret")]
    secret_file: PathBuf,
    /// Where people reach this server. Default: http://LISTEN
    #[arg(long, env = "KHI_PUBLIC_URL", value_parser = read_public_url)]
    public_url: Option<String>,
    /// Make the data and stop, without serving
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    serve: ServeSettings,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let listener = if arguments.no_serve { None } else { Some(listen(&arguments.serve)?) };
    let settings = Settings {
        database: arguments.database.clone(),
        definitions: None,
        secret_file: arguments.secret_file.clone(),
        audit_heads: None,
        public_url: arguments.public_url.clone(),
        log_format: "human".into(),
    }
    .at(&arguments.serve);
    start_logging(&settings);
    let app = open(&settings, arguments.serve.connections, Arc::new(SystemClock), Ids::Random)?;
    match demo::state(&app).map_err(|e| e.to_string())? {
        State::Complete => serve_it(app, listener, arguments, &settings),
        State::Foreign => Err("this database holds something else than the demo; give another one with --database".into()),
        State::Partial => Err("making the demo was broken off here; remove this database (for SQLite, the file and its -wal and -shm) and start again".into()),
        State::Empty => {
            drop(app);
            make(&settings)?;
            let app = open(&settings, arguments.serve.connections, Arc::new(SystemClock), Ids::Random)?;
            serve_it(app, listener, arguments, &settings)
        }
    }
}

fn make(settings: &Settings) -> Result<(), String> {
    let clock = Arc::new(SetClock::at(chrono::DateTime::UNIX_EPOCH));
    let app = open(settings, 4, clock.clone(), Ids::Seeded(AtomicU64::new(1)))?;
    let bar = progress_bar(0, "Made-up responses");
    let made = demo::make(&app, &clock, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    made.map_err(|refusal| format!("the demo could not be made: {refusal:?}"))
}

fn serve_it(
    app: Arc<crate::app::App>,
    listener: Option<std::net::TcpListener>,
    arguments: &Arguments,
    settings: &Settings,
) -> Result<(), String> {
    println!("This is made-up data: every scheme, person and figure was invented.");
    println!("Sign-ins for the pages (/sign-in) and the API (password for all: {}):", demo::PASSWORD);
    for (email, what) in demo::sign_ins(&app) {
        println!("  {email:28} {what}");
    }
    match listener {
        // Its addresses are made up: no mail server sees them.
        Some(listener) => {
            let folder = arguments.serve.outbox(&arguments.database);
            let carrier = Carrier::folder(folder, Sender::nowhere());
            let post = Post { mails: carrier, texts: None };
            serve(&app, listener, &arguments.serve, post, &settings.heads_file())
        }
        None => Ok(()),
    }
}
