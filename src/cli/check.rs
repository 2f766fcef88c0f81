//! `khi check`

use std::path::PathBuf;

use crate::definition_files::{SHIPPED_NAME, read_folder, shipped};
use crate::domain::definition::{FileFault, Registry};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder to check; without it, survey-definitions here, or else the built-in files.
    /// A folder without areas.csv is an addition: it is checked together with the built-in files.
    folder: Option<PathBuf>,
    /// Add newly published files to published.lock
    #[arg(long)]
    lock: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let here = PathBuf::from(SHIPPED_NAME);
    let folder = arguments.folder.clone().or_else(|| here.is_dir().then_some(here));
    let sources = match &folder {
        None => shipped(),
        Some(folder) => {
            let whole = folder.join("areas.csv").is_file();
            let mut sources = read_folder(folder, whole).map_err(|e| format!("{}: {e}", folder.display()))?;
            if !whole {
                sources.extend(shipped());
            }
            sources
        }
    };
    let loaded = Registry::load(&sources);
    let print = |what: &str, found: &[FileFault]| found.iter().for_each(|f| println!("{what}: {f}"));
    print("fault", &loaded.faults);
    print("remark", &loaded.remarks);
    println!(
        "{} files, {} questionnaire versions, {} faults, {} remarks",
        sources.len(),
        loaded.registry.definitions().count(),
        loaded.faults.len(),
        loaded.remarks.len()
    );
    if !loaded.faults.is_empty() {
        return Err("these definitions cannot be used".into());
    }
    if let (true, Some(folder)) = (arguments.lock, &folder) {
        let name = folder.display().to_string();
        if let Some(lock) = loaded.locks.get(name.trim_end_matches('/')) {
            let path = folder.join("published.lock");
            std::fs::write(&path, lock.to_text()).map_err(|e| format!("{}: {e}", path.display()))?;
            println!("{} written, {} files", path.display(), lock.0.len());
        }
    }
    Ok(())
}
