//! `published.lock`: one line a published file, its SHA-256 and its path, so that a change is seen.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// SHA-256 of a file's bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The lock of one folder: path below the folder → digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock(pub BTreeMap<String, String>);

impl Lock {
    /// Reads the lock's lines; those that are not a digest and a path are reported by their number, from 1.
    pub fn parse(text: &str) -> (Self, Vec<usize>) {
        let (mut lock, mut bad) = (BTreeMap::new(), Vec::new());
        for (index, line) in
            text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'))
        {
            match line.split_once("  ") {
                Some((digest, path))
                    if digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()) =>
                {
                    lock.insert(path.to_owned(), digest.to_owned());
                }
                _ => bad.push(index + 1),
            }
        }
        (Self(lock), bad)
    }

    /// The lock as text.
    pub fn to_text(&self) -> String {
        let lines: String = self.0.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect();
        format!(
            "# SHA-256 of every published file. Published files never change; `khi check --lock` adds new ones.\n{lines}"
        )
    }
}
