//! The life of data keys: sealing what is still plain, rotation while servers run, a new wrapping key, and destruction.
//!
//! Values are re-sealed one by one, in small transactions, each only if it is still what was read. Nobody waits for it, and nothing that
//! is saved meanwhile is lost. An older key stays until nothing is sealed with it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::Value;

use super::{Refusal, event};
use crate::app::App;
use crate::domain::audit::{Act, By, Event, Target};
use crate::sealed::{Column, Kind, Place, Sealed, Unreadable};
use crate::storage::sealed_columns::{self, COLUMNS, Cell};
use crate::storage::{StorageError, Store, audit, data_keys, settings};
use crate::vault::{NATIONAL, Vault};

/// The setting that says that everything stored before there was a vault has been sealed.
const SEALED: &str = "sealed";
/// How many values are replaced in one transaction.
const AT_ONCE: u32 = 200;
/// How often the columns are gone through: once is enough, unless a process wrote with the older key meanwhile.
const MOST_PASSES: usize = 20;
/// For so long after its successor was made, a key that seals nothing is kept: a process may still be about to write with it.
const KEPT_FOR: TimeDelta = TimeDelta::hours(1);

/// What going through the sealed columns did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Values that were sealed anew, or for the first time.
    pub sealed: usize,
    /// Values that cannot be opened, and stay as they are.
    pub unreadable: usize,
    /// Older keys that were destroyed, since nothing is sealed with them.
    pub destroyed: usize,
}

/// A data key, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    /// The scheme's id; none for the national body.
    pub scheme: Option<String>,
    /// 1, and one more with each rotation.
    pub generation: i64,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// The name of the key that wraps it.
    pub wrapping_key: String,
    /// `seals`, `opens` (what was sealed before) or `destroyed`.
    pub state: &'static str,
}

/// Seals what was stored in plain before there was a vault; once for a database. Nothing plain stays in the file.
pub fn seal_what_is_plain(store: &Store, vault: &Vault) -> Result<usize, StorageError> {
    if store.read(|db| settings::find(db, SEALED))?.is_some() {
        return Ok(0);
    }
    let done = renew_all(store, vault, None)?;
    store.write(|db| settings::set(db, SEALED, "1"))?;
    if done.sealed > 0 {
        tracing::info!(
            values = done.sealed,
            "names and people's own words that were stored in plain are sealed now"
        );
        if let Err(error) = store.read(sealed_columns::tidy) {
            tracing::warn!(%error, "what was plain may still be in unused parts of the database file; run VACUUM");
        }
    }
    Ok(done.sealed)
}

/// Makes a new key for a scheme, or for all and the national body, and seals everything of theirs with it. `notice` is how long
/// other processes have to see the new key.
pub fn rotate_keys(app: &App, scheme: Option<&str>, notice: Duration) -> Result<Rotated, Refusal> {
    let directory = app.directory();
    let only = match scheme {
        Some(id) => Some(directory.scheme(id).ok_or(Refusal::unknown_scheme(""))?.number),
        None => None,
    };
    let numbers: Vec<i64> = match only {
        Some(number) => vec![number],
        None => directory.schemes().map(|s| s.number).chain([NATIONAL]).collect(),
    };
    app.store.write(|db| {
        let rows = data_keys::all(db)?;
        let new: Vec<_> = numbers.iter().map(|number| app.vault.next_key(&rows, *number)).collect();
        // Making a key does no harm; that it was rotated is recorded in the chain of each scheme.
        for row in &new {
            audit::record(db, &by_command(app, row.scheme_number, Act::KeysRotated, row.generation))?;
        }
        data_keys::insert(db, &new)
    })?;
    app.vault.refresh(numbers.iter().copied())?;
    std::thread::sleep(notice);
    let mut all = Rotated::default();
    for _ in 0..MOST_PASSES {
        let pass = renew_all(&app.store, &app.vault, only)?;
        all = Rotated { sealed: all.sealed + pass.sealed, ..pass };
        if pass.sealed == 0 {
            break;
        }
    }
    all.destroyed = drop_old_keys(app)?;
    Ok(all)
}

/// Adds a new wrapping key to the secret file, and wraps every data key with it. Servers read the file again by themselves. Where several
/// machines have copies of the file, give them the new one first, and call this with `add` false.
pub fn rotate_wrapping_key(app: &App, add: bool) -> Result<usize, String> {
    let keys = if add { app.secrets.add_wrapping_key() } else { app.secrets.wrapping_keys_now() }?;
    app.vault.rewrap(keys).map_err(|e| e.to_string())
}

/// Destroys the keys of a scheme: nobody can read again what they sealed, here or in any backup that is kept apart from its keys.
/// What is sealed from now on has a new key.
pub fn destroy_keys(app: &App, scheme: &str) -> Result<usize, Refusal> {
    let directory = app.directory();
    let number = directory.scheme(scheme).ok_or(Refusal::unknown_scheme(""))?.number;
    let generation = app.vault.generation(number)?;
    let done = by_command(app, number, Act::KeysDestroyed, generation);
    let destroyed = app.store.write(|db| data_keys::destroy(&mut audit::record(db, &done)?, number, None))?;
    app.vault.refresh([number])?;
    app.directory.refresh(&app.store)?;
    Ok(destroyed)
}

/// Every data key.
pub fn list_keys(app: &App) -> Result<Vec<KeyState>, StorageError> {
    let directory = app.directory();
    let rows = app.store.read(data_keys::all)?;
    let states = rows.iter().map(|row| {
        let newer = |other: &data_keys::DataKeyRow| {
            other.scheme_number == row.scheme_number
                && other.generation > row.generation
                && other.wrapped.is_some()
        };
        KeyState {
            scheme: match row.scheme_number {
                NATIONAL => None,
                number => Some(
                    directory
                        .scheme_by_number(number)
                        .map_or_else(|| number.to_string(), |s| s.about.id.clone()),
                ),
            },
            generation: row.generation,
            created_at: row.created_at,
            wrapping_key: row.wrapping_key.clone(),
            state: match (&row.wrapped, rows.iter().any(newer)) {
                (None, _) => "destroyed",
                (Some(_), true) => "opens",
                (Some(_), false) => "seals",
            },
        }
    });
    Ok(states.collect())
}

/// Destroys older keys with which nothing is sealed any more; says how many.
fn drop_old_keys(app: &App) -> Result<usize, StorageError> {
    let rows = app.store.read(data_keys::all)?;
    let before = app.now() - KEPT_FOR;
    let old: Vec<_> = rows
        .iter()
        .filter(|row| row.wrapped.is_some())
        .filter(|row| {
            let next = |other: &&data_keys::DataKeyRow| {
                other.scheme_number == row.scheme_number && other.generation == row.generation + 1
            };
            rows.iter().find(next).is_some_and(|next| next.wrapped.is_some() && next.created_at <= before)
        })
        .collect();
    if old.is_empty() {
        return Ok(0);
    }
    let mut used = BTreeSet::new();
    for column in COLUMNS {
        each_page(&app.store, column, None, |cells| {
            for cell in cells {
                each_sealed(column, &cell.value, |_, sealed| {
                    used.extend(sealed.generation().map(|generation| (cell.scheme_number, generation)));
                });
            }
            Ok(())
        })?;
    }
    let mut destroyed = 0;
    for row in old.into_iter().filter(|row| !used.contains(&(row.scheme_number, row.generation))) {
        let done = by_command(app, row.scheme_number, Act::KeysDestroyed, row.generation);
        destroyed += app.store.write(|db| {
            data_keys::destroy(&mut audit::record(db, &done)?, row.scheme_number, Some(row.generation))
        })?;
    }
    app.vault.refresh([])?;
    Ok(destroyed)
}

/// Something done with a key on the command line, to be recorded.
fn by_command(app: &App, scheme_number: i64, act: Act, generation: i64) -> Event {
    event(app, scheme_number, By::CommandLine, act, Target::nothing()).number("generation", generation)
}

/// Gives `look` every value of a column, page by page.
fn each_page(
    store: &Store,
    column: &'static Column,
    scheme: Option<i64>,
    mut look: impl FnMut(&[Cell]) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let mut last = None;
    loop {
        let cells = store.read(|db| sealed_columns::page(db, column, scheme, last.as_ref(), AT_ONCE))?;
        look(&cells)?;
        match cells.into_iter().last() {
            Some(cell) => last = Some(cell),
            None => return Ok(()),
        }
    }
}

fn renew_all(store: &Store, vault: &Vault, scheme: Option<i64>) -> Result<Rotated, StorageError> {
    let mut done = Rotated::default();
    for column in COLUMNS {
        each_page(store, column, scheme, |cells| {
            let mut renewed = Vec::new();
            for cell in cells {
                let new = renew(vault, column, cell)?;
                done.unreadable += new.unreadable;
                renewed.extend(new.value.map(|value| (cell, value)));
            }
            if !renewed.is_empty() {
                done.sealed += store.write(|db| {
                    let mut swapped = 0;
                    for (cell, value) in &renewed {
                        swapped += usize::from(sealed_columns::swap(db, column, cell, value)?);
                    }
                    Ok(swapped)
                })?;
            }
            Ok(())
        })?;
    }
    Ok(done)
}

/// A value as it is to be; nothing, if it is so already.
struct Renewed {
    value: Option<String>,
    unreadable: usize,
}

/// Seals what is plain in a value, and what an older key sealed.
fn renew(vault: &Vault, column: &'static Column, cell: &Cell) -> Result<Renewed, StorageError> {
    let row = cell.row();
    let whole = Place { column, scheme: cell.scheme_number, row: &row, part: "" };
    let newest = vault.generation(cell.scheme_number).or_else(|_| {
        vault.refresh([cell.scheme_number])?; // rows of a scheme that is gone
        vault.generation(cell.scheme_number)
    })?;
    let mut done = Renewed { value: None, unreadable: 0 };
    let mut again = |part: &str, sealed: &Sealed| -> Result<Option<String>, StorageError> {
        if sealed.generation() == Some(newest) {
            return Ok(None);
        }
        let place = Place { part, ..whole };
        match vault.open(&place, sealed) {
            Ok(words) => Ok(Some(vault.seal(&place, &words)?.into_text())),
            Err(StorageError::Sealed(_, why)) => {
                done.unreadable += usize::from(why != Unreadable::Destroyed);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    };
    done.value = match column.kind {
        Kind::Whole => {
            let sealed = Sealed::stored(cell.value.clone());
            match sealed.generation() {
                None => Some(vault.seal(&whole, &cell.value)?.into_text()),
                Some(_) => again("", &sealed)?,
            }
        }
        Kind::Words => {
            let mut body: Value = serde_json::from_str(&cell.value)?;
            let mut changed = false;
            for (item, answer) in answers_of(&mut body) {
                let new = if let Some(words) = answer.get("words").and_then(Value::as_str) {
                    Some(vault.seal(&Place { part: item, ..whole }, words)?.into_text())
                } else if let Some(sealed) = answer.get("sealed").and_then(Value::as_str) {
                    again(item, &Sealed::stored(sealed.to_owned()))?
                } else {
                    None
                };
                if let Some(sealed) = new {
                    *answer = serde_json::json!({"sealed": sealed});
                    changed = true;
                }
            }
            if changed { Some(body.to_string()) } else { None }
        }
    };
    Ok(done)
}

/// Shows `see` everything sealed in a value, with its part.
fn each_sealed(column: &Column, value: &str, mut see: impl FnMut(&str, Sealed)) {
    match column.kind {
        Kind::Whole => see("", Sealed::stored(value.to_owned())),
        Kind::Words => {
            let mut body: Value = serde_json::from_str(value).unwrap_or_default();
            for (item, answer) in answers_of(&mut body) {
                if let Some(sealed) = answer.get("sealed").and_then(Value::as_str) {
                    see(item, Sealed::stored(sealed.to_owned()));
                }
            }
        }
    }
}

/// The answers of a stored response (`item: answer`) or draft (`item: {"answer": ...}`).
fn answers_of(body: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let answers = body.get_mut("answers").and_then(Value::as_object_mut);
    answers.into_iter().flatten().map(|(item, answer)| match answer.get("answer") {
        Some(_) => (item, &mut answer["answer"]),
        None => (item, answer),
    })
}
