//! Commands. Each is explained by `--help`; long work shows a progress bar.
#![expect(clippy::print_stdout, reason = "commands answer on standard output")]

mod background;
mod check;
mod demo;
mod keys;
mod open;
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
    /// Check definition files, reporting every fault at once
    Check(check::Arguments),
    /// Manage accounts
    #[command(subcommand)]
    User(user::Command),
    /// Show, rotate or destroy the keys with which names and people's own words are sealed
    #[command(subcommand)]
    Keys(keys::Command),
    /// Prove that tallies equal a recount of the stored responses, or make them anew
    #[command(subcommand)]
    Tallies(tallies::Command),
}

/// Runs the command that was asked for.
pub fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::User(command) => user::run(&command),
        Command::Keys(command) => keys::run(&command),
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
