//! Files of a backup: written for their owner only, on disk before anybody is told, and known by their SHA-256.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// Length and SHA-256 of a file.
pub fn digest(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut length, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        length += read as u64;
    }
    Ok((length, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Makes a folder, and those above it, that only this user can look into.
pub fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut maker = DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(path)
}

/// Writes a new file that only this user can read. A file that is there already is an error.
pub fn write_private(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let mut file = new_private(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

/// Copies a file to a new one that only this user can read.
pub fn copy_private(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut source = File::open(from)?;
    let mut target = new_private(to)?;
    std::io::copy(&mut source, &mut target)?;
    target.sync_all()
}

/// Copies a folder with all that is below it, except what is hidden; gives the names below it.
pub fn copy_folder(from: &Path, to: &Path) -> std::io::Result<Vec<String>> {
    make_private_folder(to)?;
    let mut copied = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(from)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let (from, to) = (entry.path(), to.join(&name));
        if from.is_dir() {
            copied.extend(copy_folder(&from, &to)?.iter().map(|below| format!("{name}/{below}")));
        } else {
            copy_private(&from, &to)?;
            copied.push(name);
        }
    }
    Ok(copied)
}

/// Makes sure that the names in a folder are on disk.
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

/// Makes a new file that only this user can read. A file that is there already is an error.
pub fn new_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
