//! The folder that backups are put into: each in a folder of its own, named by its time, whole or not there at all.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Manifest, files};

/// How a backup's folder is named.
const NAME: &str = "khi-%Y-%m-%dT%H-%M-%S-%3fZ";
/// A backup under way has this at the end of its name, and a dot before it.
const UNFINISHED: &str = ".part";
/// What was begun so long ago is never finished.
const BROKEN_OFF_AFTER: TimeDelta = TimeDelta::days(2);

/// A backup that is there.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its folder.
    pub path: PathBuf,
    /// When it was begun.
    pub began_at: DateTime<Utc>,
    /// What it holds.
    pub manifest: Manifest,
}

/// Makes the folder of a new backup, under a name that says that it is not finished.
pub fn begin(to: &Path, now: DateTime<Utc>) -> Result<PathBuf, String> {
    let name = now.format(NAME).to_string();
    if to.join(&name).exists() {
        return Err(format!("{}: another backup was begun at this moment", to.join(name).display()));
    }
    let said = |e: std::io::Error| format!("{}: {e}", to.display());
    files::make_private_folder(to).map_err(said)?;
    let part = to.join(format!(".{name}{UNFINISHED}"));
    // One of this moment that failed: nobody else works on it.
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(said)?;
    }
    files::make_private_folder(&part).map_err(said)?;
    Ok(part)
}

/// Gives a backup that is whole its name, and puts all of it on disk.
pub fn finish(part: &Path) -> Result<PathBuf, String> {
    let name = part.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let whole = part.with_file_name(name.trim_start_matches('.').trim_end_matches(UNFINISHED));
    let parent = part.parent().unwrap_or(Path::new("."));
    files::sync_folder(part)
        .and_then(|()| std::fs::rename(part, &whole))
        .and_then(|()| files::sync_folder(parent))
        .map_err(|e| format!("{}: {e}", whole.display()))?;
    Ok(whole)
}

/// The backups in `folder` of the database with this key check, the newest first. Without one, of every database.
pub fn list(folder: &Path, key_check: Option<&str>) -> Vec<Kept> {
    let mut found: Vec<Kept> = entries(folder)
        .into_iter()
        .filter_map(|(name, path)| {
            let began_at = read_name(&name)?;
            let manifest = Manifest::read(&path).ok()?;
            let ours = key_check.is_none() || manifest.key_check.as_deref() == key_check;
            ours.then_some(Kept { path, began_at, manifest })
        })
        .collect();
    found.sort_by_key(|kept| std::cmp::Reverse(kept.began_at));
    found
}

/// Takes away all but the `keep` newest backups of the database with this key check, and what was broken off long ago. Gives how many
/// backups were taken away.
pub fn prune(
    folder: &Path,
    key_check: Option<&str>,
    keep: usize,
    now: DateTime<Utc>,
) -> Result<usize, String> {
    let mut removed = 0;
    // Without a key check nobody can tell whose they are.
    let too_many = if key_check.is_some() { list(folder, key_check) } else { Vec::new() };
    for old in too_many.iter().skip(keep.max(1)) {
        std::fs::remove_dir_all(&old.path).map_err(|e| format!("{}: {e}", old.path.display()))?;
        removed += 1;
    }
    for (name, path) in entries(folder) {
        let begun = name.strip_prefix('.').and_then(|n| n.strip_suffix(UNFINISHED)).and_then(read_name);
        if begun.is_some_and(|begun| now - begun > BROKEN_OFF_AFTER) {
            std::fs::remove_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Ok(removed)
}

fn read_name(name: &str) -> Option<DateTime<Utc>> {
    chrono::NaiveDateTime::parse_from_str(name, NAME).ok().map(|at| at.and_utc())
}

fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(_, path)| path.is_dir())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::FORMAT;

    fn put(folder: &Path, at: &str, key_check: &str) {
        let at: DateTime<Utc> = at.parse().expect("a time");
        let part = begin(folder, at).expect("begins");
        let manifest = Manifest {
            format: FORMAT.into(),
            khi: "0".into(),
            engine: "sqlite".into(),
            schema: Vec::new(),
            began_at: String::new(),
            ended_at: String::new(),
            key_check: Some(key_check.into()),
            with_key: false,
            counts: Default::default(),
            files: Vec::new(),
        };
        manifest.write(&part).expect("writes");
        finish(&part).expect("finishes");
    }

    #[test]
    fn the_newest_of_this_database_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        for day in 1..=5 {
            put(folder, &format!("2026-07-0{day}T03:00:00Z"), "ours");
        }
        put(folder, "2026-06-01T03:00:00Z", "another's");
        let now = "2026-07-05T04:00:00Z".parse().expect("a time");
        begin(folder, "2026-07-01T00:00:00Z".parse().expect("a time")).expect("begins");
        begin(folder, "2026-07-05T03:59:00Z".parse().expect("a time")).expect("begins");
        std::fs::create_dir(folder.join("khi-2026-01-01T00-00-00-000Z")).expect("a folder of somebody");
        std::fs::create_dir(folder.join("photographs")).expect("a folder of somebody");
        assert_eq!(prune(folder, Some("ours"), 2, now), Ok(3));
        let mut left: Vec<String> = entries(folder).into_iter().map(|(name, _)| name).collect();
        left.sort();
        assert_eq!(
            left,
            [
                ".khi-2026-07-05T03-59-00-000Z.part",
                "khi-2026-01-01T00-00-00-000Z",
                "khi-2026-06-01T03-00-00-000Z",
                "khi-2026-07-04T03-00-00-000Z",
                "khi-2026-07-05T03-00-00-000Z",
                "photographs",
            ]
        );
        assert_eq!(prune(folder, Some("ours"), 0, now), Ok(1), "the last one always stays");
        assert_eq!(list(folder, None).len(), 2);
    }
}
