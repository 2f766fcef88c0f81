//! `khi comparators`

use std::path::PathBuf;
use std::sync::Arc;

use super::open::open;
use super::progress_bar;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::audit::By;
use crate::domain::comparators::Shorthand;
use crate::domain::fault::Fault;
use crate::secrets::Ids;
use crate::use_cases::{
    ComparatorsReport, ImportComparators, Progress, Refusal, comparator_files, import_comparators,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Import the Adult Social Care Outcomes Framework of a year (CSV), in place of what there was of it; or say everything that is wrong
    Import(Import),
    /// List the files that were imported
    List(Settings),
}

#[derive(clap::Args)]
pub(super) struct Import {
    /// The file: CSV in UTF-8, as the Department of Health and Social Care publishes it
    file: PathBuf,
    /// The financial year that it is of, such as 2024-25
    #[arg(long)]
    year: String,
    /// Check everything, and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    let (Command::Import(Import { settings, .. }) | Command::List(settings)) = command;
    let app = open(settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let asked = match command {
        Command::Import(asked) => asked,
        Command::List(_) => {
            for file in comparator_files(&app).map_err(|e| e.to_string())? {
                let state = if file.superseded_at.is_some() { "superseded" } else { "stands" };
                println!(
                    "{} {}: {}, {} rows, imported {}, {state}, sha256 {}",
                    file.source, file.year, file.name, file.rows, file.imported_at, file.sha256
                );
            }
            return Ok(());
        }
    };
    let name = asked.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = std::fs::read(&asked.file).map_err(|e| format!("{}: {e}", asked.file.display()))?;
    let bar = progress_bar(bytes.len() as u64, "Reading");
    let step = |progress: Progress| match progress {
        Progress::Read(bytes) => bar.set_position(bytes as u64),
        Progress::Written(done, all) => {
            bar.set_message("Writing");
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    };
    let import = ImportComparators { bytes, name, year: asked.year.clone(), dry_run: asked.dry_run };
    let done = import_comparators(&app, &By::CommandLine, &import, &step);
    bar.finish_and_clear();
    match done {
        Ok(report) => told(&report),
        Err(Refusal::Invalid(faults) | Refusal::Malformed(faults)) => Err(refused(&faults, 0)),
        Err(Refusal::Changed) => Err("another file was imported at the same moment; try again".into()),
        Err(other) => Err(other.to_string()),
    }
}

/// Says what was imported, or would be.
fn told(report: &ComparatorsReport) -> Result<(), String> {
    if !report.faults.is_empty() {
        return Err(refused(&report.faults, report.more_faults));
    }
    let ComparatorsReport { year, rows, comparators, areas, measures, .. } = report;
    let done = match (report.unchanged, report.dry_run) {
        (true, _) => "stands already",
        (false, true) => "would be imported",
        (false, false) => "imported",
    };
    let measures = measures.len();
    println!(
        "ASCOF {year}: {rows} rows, {comparators} figures of {measures} measures and {areas} areas: {done}"
    );
    for (shorthand, times) in &report.not_shown {
        let words = Shorthand::parse(shorthand).map_or("", Shorthand::words);
        println!("    [{shorthand}] {times} times: {words}");
    }
    if let Some(before) = &report.supersedes {
        println!("    in place of {} (sha256 {})", before.name, before.sha256);
    }
    Ok(())
}

/// Every fault on a line: row, column, rule, and what would be right.
fn refused(faults: &[Fault], more: usize) -> String {
    for fault in faults {
        let mut parts = fault.pointer.splitn(3, '/').skip(1);
        let (row, column) = (parts.next().unwrap_or_default(), parts.next());
        let place = match (row, column) {
            ("", _) => "the file".to_owned(),
            (row, None) => format!("row {row}"),
            (row, Some(column)) => format!("row {row}, {column}"),
        };
        println!("{place}: {}: {}", fault.code, fault.detail);
    }
    format!("{} things are not right; nothing was written", faults.len() + more)
}
