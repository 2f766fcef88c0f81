//! `khi doctor`: looks at everything that running khi rests on, and changes nothing. Each line is fine, or says what to do.

mod around;
mod database;

use serde_json::json;

use super::open::start_logging;
use crate::clock::{Clock, SystemClock};
use crate::config::{ServeSettings, Settings};
use crate::storage::Store;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Answer as JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    serve: ServeSettings,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// As it should be.
    Ok,
    /// Works, and wants a look.
    Look,
    /// Must be mended: khi does not start, or may lose something.
    Mend,
}

impl State {
    fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Look => "look",
            Self::Mend => "mend",
        }
    }
}

/// One line.
#[derive(Debug, Clone)]
struct Finding {
    what: &'static str,
    state: State,
    says: String,
    /// What to do about it; empty if nothing.
    todo: String,
}

impl Finding {
    fn ok(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Ok, says: says.into(), todo: String::new() }
    }

    fn look(what: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what, state: State::Look, says: says.into(), todo: todo.into() }
    }

    fn mend(what: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what, state: State::Mend, says: says.into(), todo: todo.into() }
    }
}

/// What every check is handed.
struct Patient<'a> {
    settings: &'a Settings,
    serve: &'a ServeSettings,
    clock: &'a dyn Clock,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    start_logging(&arguments.settings);
    let settings = arguments.settings.clone().at(&arguments.serve);
    let patient = Patient { settings: &settings, serve: &arguments.serve, clock: &SystemClock };
    let findings = examine(&patient);
    if arguments.json {
        print_json(&findings);
    } else {
        print(&findings);
    }
    match findings.iter().filter(|f| f.state == State::Mend).count() {
        0 => Ok(()),
        1 => Err("one thing must be mended".into()),
        count => Err(format!("{count} things must be mended")),
    }
}

fn examine(patient: &Patient<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match Store::open_as_it_is(&patient.settings.database, 2) {
        Ok(store) => {
            findings.push(database::version(&store));
            findings.push(database::connection(&store));
            let schema = database::schema(&store);
            let readable = schema.state == State::Ok;
            findings.push(schema);
            findings.push(database::durability(&store));
            findings.push(database::clock(patient, &store));
            findings.push(around::room(patient, &store));
            findings.push(around::key_file(patient, Some(&store)));
            findings.push(around::definitions(patient, Some(&store)));
            // Tables that are not as this program knows them cannot be read.
            if readable {
                findings.push(database::accounts(&store));
                findings.extend(database::watched(patient, &store));
            }
        }
        Err(error) => {
            findings.push(Finding::mend(
                "database",
                error.to_string(),
                "see that DATABASE_URL is right and that the database runs; `khi serve` makes a new SQLite database",
            ));
            findings.push(around::key_file(patient, None));
            findings.push(around::definitions(patient, None));
        }
    }
    findings.push(around::mail(patient));
    findings.push(around::public_address(patient));
    findings
}

fn print(findings: &[Finding]) {
    let width = findings.iter().map(|f| f.what.len()).max().unwrap_or(0);
    for finding in findings {
        let state = finding.state.code().to_uppercase();
        println!("{state:4}  {:width$}  {}", finding.what, finding.says);
        if !finding.todo.is_empty() {
            println!("      {:width$}  → {}", "", finding.todo);
        }
    }
}

fn print_json(findings: &[Finding]) {
    let checks: Vec<_> = findings
        .iter()
        .map(|f| json!({"check": f.what, "state": f.state.code(), "says": f.says, "todo": f.todo}))
        .collect();
    let ok = findings.iter().all(|f| f.state != State::Mend);
    println!("{}", json!({"ok": ok, "khi": env!("CARGO_PKG_VERSION"), "checks": checks}));
}
