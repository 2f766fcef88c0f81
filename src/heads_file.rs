//! The file of signed heads: only ever added to, by one process at a time, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{Error, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// How much of the file's end is read at first; more, until a whole line is in it.
const TAIL: u64 = 64 * 1024;

/// Adds the line that `next` makes of the last one. It makes none if there is nothing to add. What is returned is on disk.
pub fn append<E: From<Error>>(
    path: &Path,
    next: impl FnOnce(Option<&str>) -> Result<Option<String>, E>,
) -> Result<Option<String>, E> {
    let mut file = open(path)?;
    file.lock()?;
    let last = last_line(&mut file)?;
    let Some(line) = next(last.as_deref())? else { return Ok(None) };
    file.seek(SeekFrom::End(0))?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()?;
    Ok(Some(line))
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The last whole line. What follows it was broken off while it was written, and is taken away.
fn last_line(file: &mut File) -> std::io::Result<Option<String>> {
    let length = file.metadata()?.len();
    let mut tail = TAIL.min(length);
    loop {
        file.seek(SeekFrom::Start(length - tail))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let Some(end) = bytes.iter().rposition(|b| *b == b'\n') else {
            if tail < length {
                tail = (tail * 4).min(length);
                continue;
            }
            file.set_len(0)?;
            return Ok(None);
        };
        let begin = bytes[..end].iter().rposition(|b| *b == b'\n').map(|at| at + 1);
        if begin.is_none() && tail < length {
            tail = (tail * 4).min(length);
            continue;
        }
        file.set_len(length - (bytes.len() - end - 1) as u64)?;
        let line = &bytes[begin.unwrap_or(0)..end];
        return Ok(Some(String::from_utf8_lossy(line).into_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(path: &Path, line: &str) -> Option<String> {
        let mut seen = None;
        append::<Error>(path, |last| {
            seen = last.map(str::to_owned);
            Ok(Some(line.to_owned()))
        })
        .expect("added");
        seen
    }

    #[test]
    fn each_line_follows_the_last_whole_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("heads.jsonl");
        let long = "x".repeat(300_000);
        assert_eq!(add(&path, "one"), None);
        assert_eq!(add(&path, &long).as_deref(), Some("one"));
        assert_eq!(add(&path, "three"), Some(long.clone()));
        std::fs::write(&path, format!("one\n{long}\nthree\nbrok")).expect("written");
        assert_eq!(add(&path, "four").as_deref(), Some("three"));
        assert_eq!(std::fs::read_to_string(&path).expect("read"), format!("one\n{long}\nthree\nfour\n"));
        std::fs::write(&path, "brok").expect("written");
        assert_eq!(add(&path, "one"), None);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &std::fs::metadata(folder.path().join("heads.jsonl")).expect("there").permissions(),
            );
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
