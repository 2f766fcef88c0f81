//! `khi retention`

use std::sync::Arc;

use super::open::open;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::audit::By;
use crate::secrets::Ids;
use crate::use_cases::{Aged, apply_retention, report_retention, tidy_up};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Say what would be deleted today because it is older than it is kept; changes nothing
    Report(Settings),
    /// Delete it now; `khi serve` does so by itself once a day
    Run(Run),
}

#[derive(clap::Args)]
pub(super) struct Run {
    /// Afterwards write the tables anew, so that nothing stays in unused parts of the database; takes long, and locks them meanwhile
    #[arg(long)]
    tidy: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let (Command::Report(settings) | Command::Run(Run { settings, .. })) = command;
    let app = open(settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let aged = match command {
        Command::Report(_) => report_retention(&app).map_err(|e| e.to_string())?,
        Command::Run(run) => {
            let aged = apply_retention(&app, &By::CommandLine).map_err(|e| e.to_string())?;
            if run.tidy {
                tidy_up(&app, true).map_err(|e| e.to_string())?;
            }
            aged
        }
    };
    let done = if matches!(command, Command::Report(_)) { "would be deleted" } else { "deleted" };
    print_all(&aged, done);
    Ok(())
}

fn print_all(aged: &[Aged], done: &str) {
    let some: Vec<&Aged> = aged.iter().filter(|one| one.rows > 0).collect();
    for one in &some {
        let rule = one.class.rule();
        let whose = one.scheme.as_deref().unwrap_or("(no scheme)");
        let oldest = one.oldest.map(|day| day.to_string()).unwrap_or_default();
        println!(
            "{whose}: {}: {} rows of {} people {done}, the oldest of {oldest}; kept for {} {}, up to {}",
            rule.name,
            one.rows,
            one.people,
            one.keep,
            rule.unit.code(),
            one.cutoff
        );
    }
    if some.is_empty() {
        println!("nothing is older than it is kept");
    }
}
