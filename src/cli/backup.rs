//! `khi backup`

use std::path::{Path, PathBuf};

use super::open::start_logging;
use super::working;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::storage::Store;
use crate::use_cases::{BackupOrder, take_backup};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder in which the backup gets a folder of its own
    #[arg(env = "KHI_BACKUP_TO")]
    to: PathBuf,
    /// Keep so many backups of this database there, and take away older ones
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
    /// Put the key file into it too: then whoever has the backup can read everything
    #[arg(long)]
    with_key: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let settings = &arguments.settings;
    start_logging(settings);
    let store = Store::open_as_it_is(&settings.database, 2).map_err(|e| e.to_string())?;
    let order = BackupOrder {
        to: arguments.to.clone(),
        keep: arguments.keep.map(usize::from),
        with_key: arguments.with_key,
        key_file: settings.secret_file.clone(),
        heads_file: settings.heads_file(),
        definitions: settings.definitions.clone(),
    };
    let bar = working("Copying, and proving the copy");
    let taken = take_backup(&store, &SystemClock, &order);
    bar.finish_and_clear();
    let taken = taken?;
    let manifest = &taken.manifest;
    println!("backed up to {}", taken.path.display());
    println!(
        "  {} responses, {} tables, {} bytes; read again and found whole",
        manifest.counts.get("responses").unwrap_or(&0),
        manifest.counts.len(),
        manifest.bytes()
    );
    if taken.removed > 0 {
        println!("  {} older ones taken away", taken.removed);
    }
    println!("{}", about_the_key(manifest.with_key, &settings.secret_file));
    Ok(())
}

/// What the key file is worth, and where it is.
fn about_the_key(with_key: bool, path: &Path) -> String {
    let place = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if with_key {
        return format!(
            "\nTHE KEY FILE IS IN THIS BACKUP. Whoever has this folder can read everything that is in it: names, contact\n\
             details and people's own words. Keep it as you keep the server itself.\n  from  {}",
            place.display()
        );
    }
    format!(
        "\nTHE KEY FILE IS NOT IN THIS BACKUP. Without it this backup is not enough: names, contact details and people's own\n\
         words stay sealed for ever, and receipts and the links in letters work no more. Nobody can make it again.\n\
         Copy it once, to a place apart from the backups; whoever has both can read everything.\n  it is at  {}",
        place.display()
    )
}
