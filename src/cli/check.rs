//! `khi check`

use std::path::PathBuf;

use crate::definition_files::{SHIPPED_NAME, read_folder, shipped};
use crate::domain::definition::{FileFault, Loaded, Note, Registry, SourceFile};

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
    let of_folder = folder.as_ref().map(|f| f.display().to_string().trim_end_matches('/').to_owned());
    let print = |what: &str, found: &[FileFault]| found.iter().for_each(|f| println!("{what}: {f}"));
    print("fault", &loaded.faults);
    print("remark", &loaded.remarks);
    let checked = |source: &&SourceFile| of_folder.as_ref().is_none_or(|f| *f == source.folder);
    if loaded.faults.is_empty() {
        sources.iter().filter(checked).for_each(|source| print_notes(source, &loaded));
    }
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
    if let (true, Some(folder), Some(name)) = (arguments.lock, &folder, &of_folder)
        && let Some(lock) = loaded.locks.get(name)
    {
        let path = folder.join("published.lock");
        std::fs::write(&path, lock.to_text()).map_err(|e| format!("{}: {e}", path.display()))?;
        println!("{} written, {} files", path.display(), lock.0.len());
    }
    Ok(())
}

/// Prints what the author of a questionnaire should know of it; nothing for other files. What a remark said is not said again.
fn print_notes(source: &SourceFile, loaded: &Loaded) {
    let parts: Vec<&str> = source.path.split('/').collect();
    let ["questionnaires", id, name] = parts.as_slice() else { return };
    let version = name.strip_suffix(".json").and_then(|v| v.parse().ok());
    let Some(definition) = version.and_then(|v| loaded.registry.version(id, v)) else { return };
    let file = format!("{}/{}", source.folder, source.path);
    println!("{file}");
    let of_file = loaded.remarks.iter().filter(|r| r.file == file);
    let mut said: Vec<Note> =
        of_file.map(|r| Note { pointer: r.fault.pointer.clone(), text: r.fault.detail.clone() }).collect();
    let mut new = Vec::new();
    for rendition in &definition.renditions {
        for language in &definition.languages {
            let findings = definition.findings(rendition, language);
            println!("  note: {rendition}, {language}: {}", findings.reading);
            for note in findings.notes {
                if !said.contains(&note) {
                    let place = if note.pointer.is_empty() { "(whole file)" } else { &note.pointer };
                    new.push(format!("  note: {place}: {}", note.text));
                    said.push(note);
                }
            }
        }
    }
    new.iter().for_each(|line| println!("{line}"));
}
