//! What several specs share: the shipped definitions together with those of an invented garden club.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use khi::definition_files::{read_folder, shipped};
use khi::domain::definition::{Definition, Registry, SourceFile};

/// A path below the repository's root.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A text file of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a folder (not of those below it) whose names end with `suffix`, in the order of their names.
pub(crate) fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(suffix));
    paths.sort();
    paths
}

/// The garden club's folder, as a third party would hand it to `--definitions`.
pub(crate) fn garden_files() -> Vec<SourceFile> {
    read_folder(&repository("tests/spec/fixtures/definitions/valid"), false).expect("the garden club's folder")
}

/// Everything shipped, and the garden club.
pub(crate) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| load([shipped(), garden_files()].concat()))
}

/// Loads files that must be without fault.
pub(crate) fn load(sources: Vec<SourceFile>) -> Registry {
    let loaded = Registry::load(&sources);
    let faults: Vec<String> = loaded.faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    loaded.registry
}

/// A questionnaire version of `registry`.
pub(crate) fn version(registry: &Registry, id: &str, version: &str) -> Arc<Definition> {
    let found = version.parse().ok().and_then(|v| registry.version(id, v));
    found.unwrap_or_else(|| panic!("there is no {id} {version}")).clone()
}
