//! Where definition files come from: the folder built into the program, and folders on disk.

use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::domain::definition::SourceFile;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/survey-definitions");

/// How the built-in folder is named in messages.
pub const SHIPPED_NAME: &str = "survey-definitions";

/// The shipped files, as they were when the program was built.
pub fn shipped() -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(&SHIPPED, &mut files);
    files
}

fn collect(folder: &Dir<'_>, files: &mut Vec<SourceFile>) {
    for file in folder.files() {
        files.push(SourceFile {
            folder: SHIPPED_NAME.into(),
            path: file.path().to_string_lossy().replace('\\', "/"),
            bytes: file.contents().to_vec(),
            shipped: true,
        });
    }
    for inner in folder.dirs() {
        collect(inner, files);
    }
}

/// The files of a folder on disk.
pub fn read_folder(folder: &Path, shipped: bool) -> std::io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    read_into(folder, folder, shipped, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read_into(root: &Path, folder: &Path, shipped: bool, files: &mut Vec<SourceFile>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            read_into(root, &path, shipped, files)?;
        } else {
            let below = path.strip_prefix(root).unwrap_or(&path);
            files.push(SourceFile {
                folder: root.display().to_string().trim_end_matches('/').to_owned(),
                path: below
                    .components()
                    .map(|c| c.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/"),
                bytes: std::fs::read(&path)?,
                shipped,
            });
        }
    }
    Ok(())
}
