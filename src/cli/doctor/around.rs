//! What is around the database: the disk, the key file, definitions, mail, the public address.

use std::path::{Path, PathBuf};

use super::{Finding, Patient};
use crate::cli::open::load_definitions;
use crate::secrets::Secrets;
use crate::storage::Store;
use crate::use_cases::{KeyFile, compare_definitions, compare_key, key_check};

const MIB: u64 = 1 << 20;
/// With less room than this a day of answers may not fit; with less than a tenth of it, an hour's.
const ENOUGH_ROOM: u64 = 1024 * MIB;
const NO_ROOM: u64 = 100 * MIB;

/// How much room is left where khi writes: the database's folder, and that of the backups.
pub(super) fn room(patient: &Patient<'_>, store: &Store) -> Finding {
    let what = "room";
    let mut folders: Vec<PathBuf> = store.file().map(|file| folder_of(file).to_owned()).into_iter().collect();
    folders.extend(patient.serve.backups.backup_to.clone().filter(|to| to.is_dir()));
    if folders.is_empty() {
        return Finding::ok(
            what,
            "the database's disk cannot be seen from here: watch it on its own machine",
        );
    }
    let (mut said, mut least) = (Vec::new(), u64::MAX);
    for folder in folders {
        match rustix::fs::statvfs(&folder) {
            Ok(disk) => {
                let free = disk.f_bavail * disk.f_frsize;
                said.push(format!("{} MiB free in {}", free / MIB, folder.display()));
                least = least.min(free);
            }
            Err(error) => {
                return Finding::look(what, format!("{}: {error}", folder.display()), "see that it is there");
            }
        }
    }
    let todo = "make room: without it answers cannot be stored";
    match least {
        0..NO_ROOM => Finding::mend(what, said.join(", "), todo),
        NO_ROOM..ENOUGH_ROOM => Finding::look(what, said.join(", "), todo),
        _ => Finding::ok(what, said.join(", ")),
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(super) fn key_file(patient: &Patient<'_>, store: Option<&Store>) -> Finding {
    let (what, path) = ("key file", &patient.settings.secret_file);
    let shown = path.display();
    let kept = store.and_then(|store| key_check(store).ok()).flatten();
    if !path.exists() {
        return match kept {
            None => Finding::ok(what, format!("{shown}: khi serve makes it at its first start")),
            Some(_) => Finding::mend(
                what,
                format!("{shown}: it is not there, and this database needs it"),
                "put back the copy that was kept of it; docs/operate.md, “The key file”",
            ),
        };
    }
    // Its mode is looked at there.
    let secrets = match Secrets::load(path) {
        Ok(secrets) => secrets,
        Err(error) => return Finding::mend(what, error, "see docs/operate.md, “The key file”"),
    };
    match store.map(|store| compare_key(store, &secrets)) {
        Some(Ok(KeyFile::Other)) => Finding::mend(
            what,
            format!("{shown}: this database was used with another one"),
            "put back the right one; docs/operate.md, “The key file”",
        ),
        Some(Err(error)) => Finding::mend(what, error.to_string(), "see that the database runs"),
        Some(Ok(KeyFile::Same)) => Finding::ok(
            what,
            format!(
                "{shown}: readable by its owner only, and this database's own. Keep a copy apart from the backups"
            ),
        ),
        Some(Ok(KeyFile::First)) | None => Finding::ok(what, format!("{shown}: readable by its owner only")),
    }
}

pub(super) fn definitions(patient: &Patient<'_>, store: Option<&Store>) -> Finding {
    let what = "definitions";
    let registry = match load_definitions(patient.settings) {
        Ok(registry) => registry,
        Err(error) => return Finding::mend(what, error, "khi check FOLDER names every fault"),
    };
    let count = registry.definitions().count();
    match store.map(|store| compare_definitions(store, &registry)) {
        Some(Err(error)) => Finding::mend(what, error.to_string(), "see that this is a database of khi"),
        Some(Ok(found)) if !found.changed.is_empty() => Finding::mend(
            what,
            found.changed.join(" "),
            "restore those files; see that KHI_DEFINITIONS is the folder that this database has been used with",
        ),
        Some(Ok(_)) | None => Finding::ok(what, format!("{count} questionnaire versions, none changed")),
    }
}

/// Says hello to the mail server. Sends nothing.
pub(super) fn mail(patient: &Patient<'_>) -> Finding {
    let what = "mail";
    let carrier = match patient.serve.carrier(&patient.settings.database) {
        Ok(carrier) => carrier,
        Err(error) => {
            return Finding::mend(
                what,
                error,
                "mend SMTP_URL and KHI_MAIL_FROM; khi serve --help explains them",
            );
        }
    };
    if let Some(folder) = carrier.as_folder() {
        return Finding::look(
            what,
            format!("there is no mail server: mail goes to {} and reaches nobody", folder.display()),
            "set SMTP_URL and KHI_MAIL_FROM",
        );
    }
    match carrier.greet() {
        Ok(()) => Finding::ok(what, "the mail server answers, and takes our sign-in if there is one"),
        Err(error) => {
            Finding::mend(what, error, "see that SMTP_URL is right and that this machine may reach it")
        }
    }
}

pub(super) fn public_address(patient: &Patient<'_>) -> Finding {
    let what = "public address";
    let url = patient.settings.public_url.as_deref().unwrap_or_default();
    if !url.starts_with("https://") {
        return Finding::look(
            what,
            format!("{url}: links in mails and letters begin with it, and it is not https"),
            "set KHI_PUBLIC_URL=https://… and put a proxy with HTTPS in front (docs/operate.md)",
        );
    }
    if patient.serve.behind_proxy {
        Finding::ok(what, url)
    } else {
        Finding::look(
            what,
            format!(
                "{url}, but khi is not told that a proxy is in front: every request seems to come from one address"
            ),
            "set KHI_BEHIND_PROXY=true",
        )
    }
}
