//! Commands. Each is explained by `--help`; long work shows a progress bar.
#![expect(clippy::print_stdout, reason = "commands answer on standard output")]

mod audit;
mod background;
mod backup;
mod check;
mod comparators;
mod demo;
mod doctor;
mod export;
mod keys;
mod open;
mod release;
mod report;
mod restore;
mod retention;
mod serve;
mod tallies;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Key Human Indicators: versioned, accessible questionnaires in; figures people can trust out.
#[derive(Parser)]
#[command(name = "khi", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and the API
    Serve(serve::Arguments),
    /// Make a fictional national data set in khi-demo.db (once), and serve it
    Demo(demo::Arguments),
    /// Back the database up while it is used, and prove the backup
    Backup(backup::Arguments),
    /// Put a backup into an empty database, and prove that it is all there
    Restore(restore::Arguments),
    /// Look at everything that running khi rests on: each line is fine, or says what to do. Changes nothing
    Doctor(doctor::Arguments),
    /// Check definition files, reporting every fault at once
    Check(check::Arguments),
    /// Import figures that others publish, to be laid beside live ones
    #[command(subcommand)]
    Comparators(comparators::Command),
    /// Write data into files, to be worked with elsewhere
    #[command(subcommand)]
    Export(export::Command),
    /// Manage accounts
    #[command(subcommand)]
    User(user::Command),
    /// Check, read and sign the audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// Show, rotate or destroy keys: those that seal names and people's own words, and the one that signs API tokens
    #[command(subcommand)]
    Keys(keys::Command),
    /// Draft, attack, publish and withdraw releases
    #[command(subcommand)]
    Release(release::Command),
    /// Write the outcome report of a scheme, or those of all schemes, to files
    Report(report::Arguments),
    /// See what is older than it is kept, or delete it
    #[command(subcommand)]
    Retention(retention::Command),
    /// Prove that tallies equal a recount of the stored responses, or make them anew
    #[command(subcommand)]
    Tallies(tallies::Command),
}

/// Runs the command that was asked for.
pub fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Restore(arguments) => restore::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Comparators(command) => comparators::run(&command),
        Command::Export(command) => export::run(&command),
        Command::User(command) => user::run(&command),
        Command::Audit(command) => audit::run(&command),
        Command::Keys(command) => keys::run(&command),
        Command::Release(command) => release::run(&command),
        Command::Report(arguments) => report::run(&arguments),
        Command::Retention(command) => retention::run(&command),
        Command::Tallies(command) => tallies::run(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("khi: {message}");
            ExitCode::FAILURE
        }
    }
}

/// A progress bar on standard error, when that is a terminal.
fn progress_bar(steps: u64, what: &'static str) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(steps);
    let style = indicatif::ProgressStyle::with_template("{msg:32} {bar:40} {pos}/{len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()));
    bar.set_message(what);
    bar
}

/// Says that something is under way whose length nobody knows; on standard error, when that is a terminal.
fn working(what: &'static str) -> indicatif::ProgressBar {
    let spinner = indicatif::ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}
