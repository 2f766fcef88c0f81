//! `khi export`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::open::open;
use super::progress_bar;
use crate::app::App;
use crate::backup::files::{new_private, sync_folder, write_private};
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::domain::extract::Manifest;
use crate::extract_files::{ExtractFormat, RowFormat};
use crate::secrets::Ids;
use crate::use_cases::{
    BegunExtract, ExtractQuery, Frozen, Refusal, begin_extract_here, extract_responses, most_rows_of,
    package_release,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Write every counted response to a questionnaire into a file, for analysts: with pseudonyms, without anybody's own words
    Responses(Box<Responses>),
    /// Write a published release as a data package: tables as CSV, described for programs (Frictionless, CSVW), in a ZIP archive
    Release(Box<Release>),
}

#[derive(clap::Args)]
pub(super) struct Release {
    /// The release's id; without it, the newest that is not withdrawn
    id: Option<String>,
    /// The file. It takes the place of one that is there
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

#[derive(clap::Args)]
pub(super) struct Responses {
    /// The questionnaire, such as shared-lives
    #[arg(long)]
    questionnaire: String,
    /// What kind of file: csv or parquet, with the manifest in a file beside it; or zip, with the manifest in it
    #[arg(long, value_parser = ["csv", "parquet", "zip"])]
    format: String,
    /// In a zip: csv or parquet
    #[arg(long, default_value = "csv", value_parser = ["csv", "parquet"])]
    data: String,
    /// The file. It appears when it is whole, and takes the place of one that is there
    #[arg(long)]
    out: PathBuf,
    /// Only this scheme
    #[arg(long)]
    scheme: Option<String>,
    /// Answered on this day or later, such as 2026-04-01
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Answered on this day or before
    #[arg(long)]
    to: Option<NaiveDate>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: &Command) -> Result<(), String> {
    match command {
        Command::Responses(asked) => responses(asked),
        Command::Release(asked) => release(asked),
    }
}

fn release(asked: &Release) -> Result<(), String> {
    let app = open(&asked.settings, 1, Arc::new(SystemClock), Ids::Random)?;
    let package = match package_release(&app, asked.id.as_deref()).map_err(|e| e.to_string())? {
        Frozen::Here(package) => package,
        Frozen::Withdrawn(why) => {
            return Err(format!("This release was withdrawn at {}: {}", why.at, why.why));
        }
        Frozen::Unknown => {
            return Err(match &asked.id {
                Some(id) => format!("There is no release “{id}”. “khi release list” has them all."),
                None => "Nothing has been published.".into(),
            });
        }
    };
    let fails = |e: std::io::Error| format!("{}: {e}", asked.out.display());
    // Written under another name first, so that what lies under its own is always whole.
    let partial = added(&asked.out, &format!("partial-{}", std::process::id()));
    let written =
        std::fs::write(&partial, &package.bytes).and_then(|()| std::fs::rename(&partial, &asked.out));
    if let Err(error) = written {
        std::fs::remove_file(&partial).ok();
        return Err(fails(error));
    }
    println!(
        "{}: release {}, {} bytes, sha256 {}",
        package.file,
        package.release,
        package.bytes.len(),
        package.digest
    );
    println!("    {}", asked.out.display());
    Ok(())
}

fn responses(asked: &Responses) -> Result<(), String> {
    let rows = RowFormat::parse(if asked.format == "zip" { &asked.data } else { &asked.format });
    let rows = rows.ok_or("the format is csv, parquet or zip")?;
    let format = if asked.format == "zip" { ExtractFormat::Zip(rows) } else { ExtractFormat::Plain(rows) };
    let app = open(&asked.settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let query = ExtractQuery {
        questionnaire: asked.questionnaire.clone(),
        scheme: asked.scheme.clone(),
        from: asked.from,
        to: asked.to,
    };
    let begun = begin_extract_here(&app, query).map_err(|refusal| refused(&refusal))?;
    let manifest = write_file(&app, &begun, format, &asked.out)?;
    println!("{} responses to {}, as of {}", manifest.rows, asked.questionnaire, manifest.as_of);
    println!("    {}", asked.out.display());
    if let (Some(file), ExtractFormat::Plain(_)) = (&manifest.file, format) {
        println!("    {} bytes, sha256 {}; {}", file.bytes, file.sha256, beside(&asked.out).display());
    }
    Ok(())
}

/// Why there is no extract: what is wrong, in words.
fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed(faults) | Refusal::Invalid(faults) => {
            faults.iter().map(|fault| fault.detail.clone()).collect::<Vec<_>>().join("\n")
        }
        Refusal::Unknown(Some(fault)) => fault.detail.clone(),
        other => other.to_string(),
    }
}

/// Where the manifest of a file goes.
fn beside(out: &Path) -> PathBuf {
    added(out, "manifest.json")
}

/// A path with one more ending.
fn added(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Writes the file under another name, and gives it its own when it is whole.
fn write_file(
    app: &App,
    begun: &BegunExtract,
    format: ExtractFormat,
    out: &Path,
) -> Result<Manifest, String> {
    let fails = |e: std::io::Error| format!("{}: {e}", out.display());
    let partial = added(out, &format!("partial-{}", std::process::id()));
    let file = new_private(&partial).map_err(fails)?;
    let written = write_rows(app, begun, format, file).and_then(|manifest| {
        if let ExtractFormat::Plain(_) = format {
            // The manifest first: a file that lies beside another one's manifest does not agree with it, and that shows.
            let aside = added(&partial, "manifest");
            let mut text = serde_json::to_vec_pretty(&manifest).map_err(|e| e.to_string())?;
            text.push(b'\n');
            write_private(&aside, &text).map_err(fails)?;
            std::fs::rename(&aside, beside(out)).map_err(fails)?;
        }
        std::fs::rename(&partial, out).map_err(fails)?;
        sync_folder(out.parent().unwrap_or(Path::new("."))).map_err(fails)?;
        Ok(manifest)
    });
    written.inspect_err(|_| {
        // What is not whole is of no use, and is about people.
        std::fs::remove_file(&partial).ok();
    })
}

fn write_rows(
    app: &App,
    begun: &BegunExtract,
    format: ExtractFormat,
    file: File,
) -> Result<Manifest, String> {
    let most = most_rows_of(app, begun).map_err(|e| e.to_string())?;
    let bar = progress_bar(most.iter().sum(), "Writing");
    let written = extract_responses(app, begun, BufWriter::new(file), format, &mut |at, _| {
        bar.set_position(most.iter().take(at.schemes()).sum::<u64>() + at.rows());
        Ok(())
    });
    bar.finish_and_clear();
    let (mut file, manifest) = written.map_err(|e| e.to_string())?;
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(|e| e.to_string())?;
    Ok(manifest)
}
