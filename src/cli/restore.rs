//! `khi restore`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::{open, start_logging};
use super::{progress_bar, working};
use crate::backup::{DEFINITIONS, Manifest, files};
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::secrets::Ids;
use crate::use_cases::{RestoreOrder, restore_backup, verify_tallies};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The backup's folder: the one that has manifest.json
    from: PathBuf,
    /// The key file is lost for good. Answers and figures come back; receipts, links in letters and what was sealed do not
    #[arg(long)]
    key_lost: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let mut settings = arguments.settings.clone();
    start_logging(&settings);
    let order = RestoreOrder {
        from: arguments.from.clone(),
        database: settings.database.clone(),
        key_file: settings.secret_file.clone(),
        heads_file: settings.heads_file(),
        key_lost: arguments.key_lost,
    };
    let heads_were_there = order.heads_file.exists();
    let bar = working("Checking the backup, and restoring it");
    let restored = restore_backup(&order);
    bar.finish_and_clear();
    let manifest = restored?;
    println!(
        "restored: {} responses, in {} tables",
        manifest.counts.get("responses").unwrap_or(&0),
        manifest.counts.len()
    );
    settings.definitions = definitions(&arguments.from, &manifest, settings.definitions.as_deref())?;
    let app = open(&settings, 2, Arc::new(SystemClock), Ids::Random)?;
    let bar = progress_bar(0, "Counting again");
    let differences = verify_tallies(&app, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let differences = differences.map_err(|e| e.to_string())?;
    if !differences.is_empty() {
        return Err(format!(
            "everything is restored, but {} tallies differ from a recount; `khi tallies verify` says which, `khi tallies rebuild` mends them",
            differences.len()
        ));
    }
    println!("tallies equal a recount");
    if heads_were_there {
        println!(
            "\n{} was left as it is. `khi audit verify` names what it knows of the time after this backup, and what nobody can bring back.\n\
             To begin anew, move it to a safe place: it is evidence.",
            order.heads_file.display()
        );
    }
    println!(
        "\nThis is how things stood on {}. What came later is not in it: not answers, and not withdrawals or erasures either.\n\
         What was withdrawn or erased since then is back: do it again before you let anybody in. Mail that waited then will be sent.",
        manifest.began_at
    );
    Ok(())
}

/// The folder of further definitions: from the backup, if the settings name a folder that is not there yet; else as they say.
fn definitions(from: &Path, manifest: &Manifest, set: Option<&Path>) -> Result<Option<PathBuf>, String> {
    let inside = from.join(DEFINITIONS);
    let has = manifest.files.iter().any(|file| file.name.starts_with(DEFINITIONS));
    match set {
        Some(folder) if has && !folder.exists() => {
            files::copy_folder(&inside, folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            println!("definitions put into {}", folder.display());
            Ok(Some(folder.to_owned()))
        }
        None if has => {
            println!(
                "this database needs the definitions in {}: copy them, and set KHI_DEFINITIONS to where they are",
                inside.display()
            );
            Ok(Some(inside))
        }
        other => Ok(other.map(Path::to_owned)),
    }
}
