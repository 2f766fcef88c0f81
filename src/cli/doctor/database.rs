//! What the database says.

use chrono::TimeDelta;

use super::{Finding, Patient};
use crate::storage::{Engine, Store, accounts, health, second_factors};
use crate::use_cases::watch;

/// The oldest PostgreSQL that khi is tested on.
const OLDEST_POSTGRES: u32 = 15;
/// How far the clocks of khi and the database may be apart, before it matters, and before it spoils mail and tasks.
const SKEW: TimeDelta = TimeDelta::seconds(2);
const GREAT_SKEW: TimeDelta = TimeDelta::minutes(2);

pub(super) fn version(store: &Store) -> Finding {
    let what = "database";
    let version = match store.read(health::version) {
        Ok(version) => version,
        Err(error) => return Finding::mend(what, error.to_string(), "see that the database runs"),
    };
    match store.engine() {
        Engine::Sqlite => {
            let path = store.file().map(|p| p.display().to_string()).unwrap_or_default();
            Finding::ok(what, format!("SQLite {version}, {path}"))
        }
        Engine::Postgres => {
            let major: u32 = version.split('.').next().and_then(|v| v.parse().ok()).unwrap_or(0);
            if major >= OLDEST_POSTGRES {
                Finding::ok(what, format!("PostgreSQL {version}"))
            } else {
                Finding::look(
                    what,
                    format!("PostgreSQL {version}"),
                    format!("bring it to version {OLDEST_POSTGRES} or later"),
                )
            }
        }
    }
}

pub(super) fn connection(store: &Store) -> Finding {
    let what = "connection";
    if store.is_private() {
        Finding::ok(what, "nobody else can read it")
    } else {
        Finding::look(
            what,
            "goes over a network and is not encrypted",
            "add ?sslmode=verify-full to DATABASE_URL (and &sslrootcert=FILE for an authority of your own); \
             leave it only on a network that is yours alone",
        )
    }
}

pub(super) fn schema(store: &Store) -> Finding {
    let what = "schema";
    match store.schema() {
        Err(error) => Finding::mend(what, error.to_string(), "see that this is a database of khi"),
        Ok(schema) if !schema.unknown.is_empty() => Finding::mend(
            what,
            format!("a newer khi has changed it: {}", schema.unknown.join(", ")),
            "install that khi, or restore a backup from before (docs/operate.md, “Upgrade”)",
        ),
        Ok(schema) if !schema.pending.is_empty() => Finding::look(
            what,
            format!("{} changes are to be made: {}", schema.pending.len(), schema.pending.join(", ")),
            "khi backup, then start khi serve: it makes them",
        ),
        Ok(schema) => {
            Finding::ok(what, format!("up to date ({})", schema.applied.last().map_or("", String::as_str)))
        }
    }
}

pub(super) fn durability(store: &Store) -> Finding {
    let what = "durability";
    match store.read(health::durability) {
        Err(error) => Finding::mend(what, error.to_string(), "see that the database runs"),
        Ok(settings) => {
            let wrong: Vec<String> = settings
                .iter()
                .filter(|(_, value, sound)| !sound.contains(&value.as_str()))
                .map(|(name, value, sound)| format!("{name} is {value}, and must be {}", sound[0]))
                .collect();
            if wrong.is_empty() {
                let said: Vec<String> =
                    settings.iter().map(|(name, value, _)| format!("{name}={value}")).collect();
                Finding::ok(what, said.join(", "))
            } else {
                Finding::mend(
                    what,
                    wrong.join("; "),
                    "set it back in postgresql.conf and reload: answers that were acknowledged can be lost in a power cut",
                )
            }
        }
    }
}

pub(super) fn clock(patient: &Patient<'_>, store: &Store) -> Finding {
    let what = "clock";
    let before = patient.clock.now().naive_utc();
    let theirs = match store.read(health::time) {
        Ok(Some(theirs)) => theirs,
        Ok(None) => return Finding::ok(what, "khi and the database have the same"),
        Err(error) => return Finding::mend(what, error.to_string(), "see that the database runs"),
    };
    let ours = before + (patient.clock.now().naive_utc() - before) / 2;
    let apart = (theirs - ours).abs();
    let says = format!("the database's is {} ms from this machine's", apart.num_milliseconds());
    let todo = "set both machines' clocks by NTP (timedatectl set-ntp true)";
    if apart <= SKEW {
        Finding::ok(what, says)
    } else if apart <= GREAT_SKEW {
        Finding::look(what, says, todo)
    } else {
        Finding::mend(what, says, todo)
    }
}

pub(super) fn accounts(store: &Store) -> Finding {
    let what = "accounts";
    match store.read(|db| Ok((accounts::all(db)?, second_factors::count_lacking(db)?))) {
        Err(error) => Finding::mend(what, error.to_string(), "see that this is a database of khi"),
        Ok((all, lacking)) => {
            let open: Vec<_> = all.iter().filter(|a| a.disabled_at.is_none()).collect();
            if open.iter().any(|a| a.role == "national") {
                Finding::ok(
                    what,
                    format!(
                        "{} open, at least one of them national; {lacking} without a second factor",
                        open.len()
                    ),
                )
            } else {
                Finding::look(
                    what,
                    "nobody can enter schemes yet",
                    "khi user add YOU@EXAMPLE.ORG --role national",
                )
            }
        }
    }
}

/// Backups, mail and tasks.
pub(super) fn watched(patient: &Patient<'_>, store: &Store) -> Vec<Finding> {
    let now = patient.clock.now();
    let watched = match watch(store, now.naive_utc()) {
        Ok(watched) => watched,
        Err(error) => return vec![Finding::mend("backups", error.to_string(), "see that the database runs")],
    };
    let set = &patient.serve.backups;
    // One that is late by half its interval was missed.
    let patience = set.backup_every + set.backup_every / 2;
    let to = set.backup_to.as_ref().map_or("FOLDER".to_owned(), |to| to.display().to_string());
    let by_hand = format!("khi backup {to}");
    let backups = match (watched.last_backup, watched.backup_failing) {
        (_, Some(since)) => Finding::mend(
            "backups",
            format!("have failed since {}", since.format("%Y-%m-%d %H:%M UTC")),
            format!("{by_hand} says why"),
        ),
        (None, _) => Finding::look(
            "backups",
            "there has never been one",
            format!("{by_hand}; set KHI_BACKUP_TO, and the server takes them by itself"),
        ),
        (Some(at), _) if now - at > patience => Finding::look(
            "backups",
            format!("the last one is of {}", at.format("%Y-%m-%d %H:%M UTC")),
            format!("{by_hand}; set KHI_BACKUP_TO, and the server takes them by itself"),
        ),
        (Some(at), _) => {
            Finding::ok("backups", format!("the last one is of {}", at.format("%Y-%m-%d %H:%M UTC")))
        }
    };
    let mail = match (watched.mail_late, watched.mail_given_up) {
        (0, 0) => Finding::ok("unsent mail", "none"),
        (late, given_up) => Finding::look(
            "unsent mail",
            format!("{late} have waited for more than an hour, {given_up} were given up within seven days"),
            "the log of khi serve says why (journalctl --unit khi | grep mail)",
        ),
    };
    let tasks = match watched.tasks_overdue {
        0 => Finding::ok("safeguarding", "no task is overdue"),
        count => Finding::look(
            "safeguarding",
            format!("{count} tasks are overdue: nobody has said that they have looked"),
            "ring the schemes: GET /api/v1/schemes/{id}/tasks?open=true names them",
        ),
    };
    vec![backups, mail, tasks]
}
