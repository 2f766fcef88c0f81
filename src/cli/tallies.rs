//! `khi tallies`

use std::sync::Arc;

use super::open::open;
use super::progress_bar;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::secrets::Ids;
use crate::use_cases::{rebuild_tallies, verify_tallies};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Compare every tally with a recount; exits non-zero if any differs
    Verify(Settings),
    /// Make every tally anew from the stored responses
    Rebuild(Settings),
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let (Command::Verify(settings) | Command::Rebuild(settings)) = command;
    let app = open(settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let bar = progress_bar(0, "Schemes");
    let step = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    if matches!(command, Command::Rebuild(_)) {
        rebuild_tallies(&app, step).map_err(|e| e.to_string())?;
        bar.finish_and_clear();
        println!("tallies made anew");
        return Ok(());
    }
    let differences = verify_tallies(&app, step).map_err(|e| e.to_string())?;
    bar.finish_and_clear();
    for difference in &differences {
        println!("scheme {}: {}", difference.scheme_number, difference.tally);
        for (counter, stored, recounted) in &difference.counters {
            println!("    {counter}: stored {stored}, recounted {recounted}");
        }
    }
    if differences.is_empty() {
        println!("tallies equal a recount");
        Ok(())
    } else {
        Err(format!(
            "{} tallies differ from a recount; `khi tallies rebuild` makes them anew",
            differences.len()
        ))
    }
}
