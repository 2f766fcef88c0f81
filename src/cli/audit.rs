//! `khi audit`

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use super::open::open;
use super::progress_bar;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::audit::{Act, Finding, Place, read_lines};
use crate::secrets::{Ids, read_audit_key};
use crate::storage::audit::Listing;
use crate::use_cases::{AuditSeen, read_audit_here, sign_heads, verify_audit};

/// How many faults are printed.
const PRINTED: usize = 200;
/// How many entries are read at a time.
const PAGE: i64 = 1000;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Check every chain of the audit log against itself and against the signed heads; exits non-zero if anything is wrong
    Verify(Verify),
    /// Print entries of the audit log, the newest first; that is written down too
    List(List),
    /// Sign the heads of all chains now, as the server does every hour
    Sign(Settings),
}

#[derive(clap::Args)]
pub(super) struct Verify {
    /// The file of signed heads, or a copy of it that was kept elsewhere. Default: KHI_AUDIT_HEADS
    #[arg(long)]
    heads: Option<PathBuf>,
    /// The public key of an earlier secret file, as `khi audit sign` printed it (may be given more than once)
    #[arg(long = "also-key", value_name = "KEY")]
    also_keys: Vec<String>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(clap::Args)]
pub(super) struct List {
    /// The scheme; without it, what belongs to no scheme
    #[arg(long)]
    scheme: Option<String>,
    /// Not before this day (UTC)
    #[arg(long)]
    since: Option<NaiveDate>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: i64,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    match command {
        Command::Verify(arguments) => verify(arguments),
        Command::List(arguments) => list(arguments),
        Command::Sign(settings) => sign(settings),
    }
}

fn start(settings: &Settings) -> Result<Arc<App>, String> {
    open(settings, 2, Arc::new(SystemClock), Ids::Random)
}

fn verify(arguments: &Verify) -> Result<(), String> {
    let app = start(&arguments.settings)?;
    let path = arguments.heads.clone().unwrap_or_else(|| arguments.settings.heads_file());
    let mut trusted = vec![app.secrets.audit_key().verifying_key()];
    for key in &arguments.also_keys {
        trusted.push(read_audit_key(key).ok_or_else(|| format!("“{key}” is not a public key"))?);
    }
    let (anchors, mut found) = match std::fs::read_to_string(&path) {
        Ok(text) => read_lines(&text, &trusted),
        Err(error) => (Vec::new(), vec![no_file(&path, &error)]),
    };
    let bar = progress_bar(0, "Entries of the audit log");
    let verified = verify_audit(&app, &anchors, |done, all| {
        bar.set_length(all.unsigned_abs());
        bar.set_position(done.unsigned_abs());
    });
    bar.finish_and_clear();
    let verified = verified.map_err(|e| e.to_string())?;
    found.extend(verified.found);
    let directory = app.directory();
    for finding in found.iter().take(PRINTED) {
        let scheme = match finding.place {
            Place::Entry { scheme_number, .. } => directory.scheme_by_number(scheme_number),
            Place::Line(_) | Place::File => None,
        };
        println!("{finding}{}", scheme.map(|s| format!(" (scheme {})", s.about.id)).unwrap_or_default());
    }
    if found.len() > PRINTED {
        println!("and {} more", found.len() - PRINTED);
    }
    if !found.is_empty() {
        return Err(format!("{} faults in the audit log or its signed heads", found.len()));
    }
    println!(
        "the audit log is whole: {} entries in {} chains, as their signed heads say",
        verified.entries, verified.chains
    );
    Ok(())
}

fn no_file(path: &std::path::Path, error: &std::io::Error) -> Finding {
    let detail = format!(
        "{}: {error}. Without signed heads nothing shows that a chain was cut off or written anew; `khi audit sign` begins the file",
        path.display()
    );
    Finding { place: Place::File, code: "no-heads", detail }
}

fn sign(settings: &Settings) -> Result<(), String> {
    let app = start(settings)?;
    let path = settings.heads_file();
    match sign_heads(&app, &path).map_err(|e| e.to_string())? {
        Some(line) => println!("line {} added to {}", line.number, path.display()),
        None => println!("no chain has moved since the last line of {}", path.display()),
    }
    let key = app.secrets.audit_key().verifying_key();
    println!("public key: {}", key.as_bytes().iter().map(|b| format!("{b:02x}")).collect::<String>());
    Ok(())
}

fn list(arguments: &List) -> Result<(), String> {
    let app = start(&arguments.settings)?;
    let directory = app.directory();
    let scheme = match &arguments.scheme {
        None => None,
        Some(id) => Some(directory.scheme(id).ok_or_else(|| format!("there is no scheme “{id}”"))?),
    };
    let since = arguments.since.map(|day| day.and_time(NaiveTime::MIN));
    let mut listing = Listing { before: None, since, limit: PAGE.min(arguments.limit) };
    let mut left = arguments.limit;
    while left > 0 {
        let page = read_audit_here(&app, scheme, &listing).map_err(|e| e.to_string())?;
        page.items.iter().for_each(|entry| println!("{}", in_words(entry)));
        left -= i64::try_from(page.items.len()).unwrap_or(left);
        let Some(next) = page.next else { break };
        listing = Listing { before: Some(next), since, limit: PAGE.min(left) };
    }
    Ok(())
}

/// `2026-07-20T09:00:00.000000Z  12  ann@leeds.example read a safeguarding task and what was said: task 06FB...`
fn in_words(entry: &AuditSeen) -> String {
    let who = entry.email.as_ref().or(entry.account.as_ref()).unwrap_or(&entry.by);
    let act = Act::parse(&entry.act).map_or(entry.act.clone(), |act| act.words().to_owned());
    let mut line = format!("{}  {:>6}  {who} {act}", entry.at, entry.sequence);
    if !entry.target.id.is_empty() {
        line += &format!(": {} {}", entry.target.kind, entry.target.id);
    }
    if let Some(reference) = &entry.participant {
        line += &format!(" ({reference})");
    }
    if entry.details.as_object().is_none_or(|details| !details.is_empty()) {
        line += &format!(" {}", entry.details);
    }
    line
}
