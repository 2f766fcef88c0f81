//! Reading a return: what is asked for, what was sent in, what is still a draft, and what became of it.

use serde_json::{Value, json};

use super::Refusal;
use super::return_of::{Found, ReturnOf, Wants, due_on, find_return};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::Actor;
use crate::domain::returns::{Amount, Entry, NewReturn, doubts};
use crate::storage::returns::{self, FigureRow, ReturnEventRow, ReturnRow};
use crate::storage::{Db, StorageError};

/// A return with everything about it, as JSON.
pub fn read_return(app: &App, actor: &Actor, of: &ReturnOf, period: &str) -> Result<Value, Refusal> {
    let found = find_return(app, actor, of, period, Wants::Read)?;
    let seen = app.store.read(|db| seen(db, &found))?;
    Ok(describe(app, of, &found, &seen))
}

/// Everything that is stored of a return.
pub(super) fn seen(db: &mut Db, found: &Found) -> Result<Seen, StorageError> {
    let (number, sender) = found.sender.key();
    let period = found.period.to_string();
    Ok(Seen {
        row: returns::find(db, number, &sender, &period)?,
        entries: entries_of(db, number, &sender, &period)?,
        before: entries_of(db, number, &sender, &found.period.before().to_string())?,
        history: returns::history(db, number, &sender, &period)?,
    })
}

/// What should be looked at once more in a return before it is sent in.
pub fn doubts_of_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
    body: &Value,
) -> Result<Value, Refusal> {
    doubts_of(app, &find_return(app, actor, of, period, Wants::Send)?, body)
}

/// The same, of a return that was found.
pub(super) fn doubts_of(app: &App, found: &Found, body: &Value) -> Result<Value, Refusal> {
    let sent = NewReturn::check(body, &found.asked(app)).map_err(Refusal::Invalid)?;
    let seen = app.store.read(|db| seen(db, found))?;
    Ok(doubted(app, &sent.entries, &seen.before))
}

/// What is stored of a return.
pub(super) struct Seen {
    pub(super) row: Option<ReturnRow>,
    pub(super) entries: Vec<Entry>,
    /// The figures of the period before.
    pub(super) before: Vec<Entry>,
    pub(super) history: Vec<ReturnEventRow>,
}

/// The figures that a return holds.
fn entries_of(db: &mut Db, number: i64, sender: &str, period: &str) -> Result<Vec<Entry>, StorageError> {
    let rows = returns::figures_of(db, number, sender, period)?;
    Ok(rows.into_iter().map(entry_of).collect())
}

fn entry_of(row: FigureRow) -> Entry {
    Entry {
        kpi: row.kpi,
        council: row.council,
        numerator: Amount::of_hundredths(row.numerator),
        denominator: row.denominator.map(Amount::of_hundredths),
    }
}

/// Entries as they are sent in.
pub(super) fn values(entries: &[Entry]) -> Value {
    let value = |e: &Entry| json!({"kpi": e.kpi, "council": e.council, "numerator": e.numerator, "denominator": e.denominator});
    entries.iter().map(value).collect()
}

/// What should be looked at once more, with words for it.
pub(super) fn doubted(app: &App, entries: &[Entry], before: &[Entry]) -> Value {
    let mut found = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let Some(sent) = app.registry.kpi(&entry.kpi).and_then(|kpi| kpi.sent()) else { continue };
        let last = before.iter().find(|b| b.kpi == entry.kpi && b.council == entry.council);
        for doubt in doubts(sent, entry, last) {
            found.push(json!({"pointer": format!("/values/{index}"), "kpi": entry.kpi, "code": doubt.name(), "detail": doubt.words()}));
        }
    }
    Value::Array(found)
}

pub(super) fn describe(app: &App, of: &ReturnOf, found: &Found, seen: &Seen) -> Value {
    let (scheme, unit, area) = match of {
        ReturnOf::Scheme(id) => (Some(id), None, None),
        ReturnOf::Unit(id, unit) => (Some(id), Some(unit), None),
        ReturnOf::Area(code) => (None, None, Some(code)),
    };
    let asked = found.asked(app);
    let row = seen.row.as_ref();
    let draft: Option<Value> =
        row.and_then(|r| r.draft.as_deref()).and_then(|text| serde_json::from_str(text).ok());
    json!({
        "scheme": scheme, "unit": unit, "area": area, "period": found.period.to_string(),
        "status": row.map_or("missing", |r| r.status.as_str()),
        "revision": row.map_or(0, |r| r.revision),
        "due_on": due_on(found.period),
        "submitted_at": row.and_then(|r| r.submitted_at).map(written),
        "updated_at": row.map(|r| written(r.updated_at)),
        "query": row.and_then(|r| r.query.as_deref()),
        "councils": found.whose.councils,
        "asked": asked.kpis.iter().map(|(kpi, _)| kpi.id.as_str()).collect::<Vec<_>>(),
        "values": values(&seen.entries),
        "before": values(&seen.before),
        "draft": draft,
        "doubts": doubted(app, &seen.entries, &seen.before),
        "history": history(&seen.history),
    })
}

/// Each revision, oldest first, and the one that took its place.
fn history(events: &[ReturnEventRow]) -> Value {
    let is_sent = |e: &ReturnEventRow| matches!(e.act.as_str(), "submitted" | "corrected");
    let written_event = |(index, e): (usize, &ReturnEventRow)| {
        let next = events[index + 1..].iter().find(|later| is_sent(later)).filter(|_| is_sent(e));
        let next = next.map(|later| later.revision);
        let figures: Option<Value> = serde_json::from_str(&e.figures).ok();
        json!({
            "revision": e.revision, "act": e.act, "at": written(e.at), "by": e.by_whom, "said": e.said,
            "values": figures, "published_in": e.published_in, "superseded_by": next,
        })
    };
    events.iter().enumerate().map(written_event).collect()
}
