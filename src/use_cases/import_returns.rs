//! Returns as a table: handing one out that is filled in as far as figures are known, and taking it back, with a dry run that says what
//! would happen and everything that is wrong.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::read_return::{Seen, seen, values};
use super::return_of::{Found, ReturnOf, Wants, find_return, named_area, returned_period, senders_of};
use super::returns_report::{Read, ReturnsReport, headless, report};
use super::send_return::Putting;
use super::{Refusal, allow, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event};
use crate::domain::fault::Fault;
use crate::domain::performance::Sender;
use crate::domain::reader::read_whole;
use crate::domain::returns::{
    FigureSheet, KnownReturn, KnownReturns, NewReturn, ReturnKey, TEMPLATE_FILLED, TEMPLATE_HEADINGS,
    TableSenders, TemplateSender, read_returns, remark, returns_in, template_rows,
};
use crate::storage::{Db, StorageError, audit};
use crate::table_files::{FilledTable, TableFormat, read_table, write_filled};

/// Whose returns a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnsOf {
    /// Those of a scheme and its units.
    Scheme(String),
    /// A council's or trust's; of the UK's code: the national body's.
    Area(String),
}

impl ReturnsOf {
    fn one(&self, unit: Option<&str>) -> ReturnOf {
        match (self, unit) {
            (Self::Scheme(id), None) => ReturnOf::Scheme(id.clone()),
            (Self::Scheme(id), Some(unit)) => ReturnOf::Unit(id.clone(), unit.to_owned()),
            (Self::Area(code), _) => ReturnOf::Area(code.clone()),
        }
    }
}

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct ImportReturns {
    /// The file, or what was pasted.
    pub bytes: Vec<u8>,
    /// How it is written.
    pub format: TableFormat,
    /// What is said with each return that is sent in.
    pub note: Option<String>,
    /// `seen` of the dry run that was looked at: if a return has changed since, nothing is done.
    pub seen: Option<String>,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// Imports returns: sends them in, or corrects what was sent in before; all of them or none.
///
/// A dry run answers with the faults in its report; otherwise any fault refuses the whole.
pub fn import_returns(
    app: &App,
    actor: &Actor,
    of: &ReturnsOf,
    import: &ImportReturns,
) -> Result<ReturnsReport, Refusal> {
    let senders = senders(app, actor, of)?;
    let note = read_note(import.note.as_deref())?;
    let table = read_table(&import.bytes, import.format).map_err(Refusal::Invalid)?;
    let sheet = match FigureSheet::of(&table) {
        Ok(sheet) => sheet,
        Err(faults) if import.dry_run => return Ok(headless(faults)),
        Err(faults) => return Err(Refusal::Invalid(faults)),
    };
    let mut found: BTreeMap<ReturnKey, Result<Found, Fault>> = BTreeMap::new();
    for key in returns_in(&sheet, &senders) {
        let one = find_return(app, actor, &of.one(key.0.as_deref()), &key.1, Wants::Send);
        found.insert(key, named(one)?);
    }
    let read = |db: &mut Db| -> Result<Read, StorageError> {
        let (mut known, mut before): (KnownReturns<'_>, BTreeMap<ReturnKey, Seen>) = Default::default();
        for (key, found) in &found {
            let found = match found {
                Ok(found) => found,
                Err(fault) => {
                    known.insert(key.clone(), Err(fault.clone()));
                    continue;
                }
            };
            let seen = seen(db, found)?;
            let (entries, last) = (seen.entries.clone(), seen.before.clone());
            known.insert(key.clone(), Ok(KnownReturn { asked: found.asked(app), entries, before: last }));
            before.insert(key.clone(), seen);
        }
        let reading = read_returns(&sheet, &senders, &known, &app.registry);
        Ok(Read { reading, before })
    };
    if import.dry_run {
        return Ok(report(app.store.read(read)?, true));
    }
    let now = app.now();
    let done = app.store.write(|db| {
        let read = read(db)?;
        let moved = import.seen.as_ref().is_some_and(|seen| *seen != read.fingerprint());
        if moved {
            return Ok(None);
        }
        if !read.reading.faults.is_empty() || read.reading.returns.is_empty() {
            return Ok(Some(read));
        }
        let changed: Vec<(&Found, NewReturn)> = read
            .reading
            .returns
            .iter()
            .filter_map(|(key, entries)| {
                let revision = Some(read.revision(key));
                let sent = NewReturn { draft: None, revision, note: note.clone(), entries: entries.clone() };
                Some((found.get(key)?.as_ref().ok()?, sent))
            })
            .collect();
        let events: Vec<Event> = changed.iter().map(|(found, _)| sent_event(app, actor, found)).collect();
        let stood = audit::record_all_if(db, &events, |db| {
            for (found, sent) in &changed {
                let putting = Putting { found, sent, by: &actor.account, at: now };
                if putting.put(db)?.is_none() {
                    return Ok(None);
                }
            }
            Ok(Some(()))
        })?;
        Ok(stood.map(|()| read))
    })?;
    let read = done.ok_or(Refusal::Changed)?;
    if !read.reading.faults.is_empty() {
        return Err(Refusal::Invalid(read.reading.faults));
    }
    Ok(report(read, false))
}

/// A table to be filled in and imported, for one period: with what is sent or saved already, and what it was last time.
pub fn write_returns_template(
    app: &App,
    actor: &Actor,
    of: &ReturnsOf,
    period: &str,
    format: TableFormat,
) -> Result<Vec<u8>, Refusal> {
    let known = senders(app, actor, of)?;
    let senders: Vec<Option<String>> = match of {
        ReturnsOf::Area(_) => vec![None],
        ReturnsOf::Scheme(id) => {
            let directory = app.directory();
            let scheme = scheme_for(app, &directory, actor, id, "", Action::SendReturn)?;
            let unit = |sender| match sender {
                Sender::Unit(_, unit) => Some(unit),
                Sender::Scheme(_) | Sender::Area(_) => None,
            };
            senders_of(app, scheme, returned_period(app, period)?).into_iter().map(unit).collect()
        }
    };
    let mut rows = Vec::new();
    for unit in senders {
        let found = find_return(app, actor, &of.one(unit.as_deref()), period, Wants::Send)?;
        let seen = app.store.read(|db| seen(db, &found))?;
        let draft = seen.row.as_ref().and_then(|row| row.draft.as_deref());
        let draft: Option<Value> = draft.and_then(|text| serde_json::from_str(text).ok());
        let own = || {
            (known.own.first().cloned().unwrap_or_default(), known.own.last().cloned().unwrap_or_default())
        };
        let named = |unit: &String| known.units.iter().find(|(id, _)| id == unit).cloned();
        let (code, name) = unit.as_ref().and_then(named).unwrap_or_else(own);
        let sender = TemplateSender { code: &code, name: &name, period };
        let filled = draft.unwrap_or_else(|| values(&seen.entries));
        rows.extend(template_rows(sender, &found.asked(app), &filled, &seen.before, &app.registry));
    }
    let table =
        FilledTable { name: "Returns", headings: &TEMPLATE_HEADINGS, filled: &TEMPLATE_FILLED, rows: &rows };
    Ok(write_filled(&table, format).map_err(StorageError::Corrupt)?)
}

/// What the scheme or area goes by in a table, first as the column for it has it and last by its name; and its units.
fn senders(app: &App, actor: &Actor, of: &ReturnsOf) -> Result<TableSenders, Refusal> {
    match of {
        ReturnsOf::Scheme(id) => {
            let directory = app.directory();
            let scheme = scheme_for(app, &directory, actor, id, "", Action::SendReturn)?;
            let units = scheme.about.units.iter().map(|u| (u.id.clone(), u.name.clone())).collect();
            let own = vec!["scheme".to_owned(), scheme.about.id.clone(), scheme.about.name.clone()];
            Ok(TableSenders { own, units })
        }
        ReturnsOf::Area(code) => {
            allow(app, actor, Action::SendAreaReturn(code))?;
            let (_, area) = named_area(app, code)?;
            Ok(TableSenders { own: vec![code.clone(), area.name.clone()], units: Vec::new() })
        }
    }
}

/// A return of the table, or why there is none: that is said at its rows. Whose it is at all is refused as ever.
fn named(found: Result<Found, Refusal>) -> Result<Result<Found, Fault>, Refusal> {
    match found {
        Ok(found) => Ok(Ok(found)),
        Err(Refusal::Malformed(faults)) => match faults.into_iter().next() {
            Some(fault) => Ok(Err(fault)),
            None => Err(Refusal::Malformed(Vec::new())),
        },
        Err(Refusal::Unknown(Some(fault))) if fault.code == "unknown-unit" => Ok(Err(fault)),
        Err(other) => Err(other),
    }
}

fn read_note(note: Option<&str>) -> Result<Option<String>, Refusal> {
    let note = note.filter(|note| !note.trim().is_empty());
    read_whole(&json!({"note": note}), |root| Some(remark(&root.object()?, "note")))
        .map_err(Refusal::Malformed)
}

fn sent_event(app: &App, actor: &Actor, found: &Found) -> Event {
    let said = event(app, found.chain, actor, Act::ReturnSent, found.target.clone());
    said.code("period", &found.period.to_string()).code("sender", &found.sender.key().1)
}
