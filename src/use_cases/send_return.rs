//! Sending in a return: as a draft, for good, or anew as a correction of what was sent in before.

use chrono::NaiveDateTime;
use serde_json::Value;

use super::read_return::{describe, seen, values};
use super::return_of::{Found, ReturnOf, Wants, find_return};
use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::audit::{Act, By};
use crate::domain::performance::Sender;
use crate::domain::returns::{Entry, NewReturn};
use crate::storage::StorageError;
use crate::storage::audit::{self, Recorded};
use crate::storage::return_links;
use crate::storage::returns::{self, FigureRow, ReturnEventRow, ReturnRow};

/// What became of it.
pub struct SentReturn {
    /// The return, as it is now.
    pub seen: Value,
    /// Whether there was none before.
    pub new: bool,
}

/// Saves or sends in the return of `of` for a period.
pub fn put_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
    body: &Value,
) -> Result<SentReturn, Refusal> {
    let found = &find_return(app, actor, of, period, Wants::Send)?;
    let new = put(app, found, &Sends { by: actor.into(), account: &actor.account }, body)?;
    let seen = app.store.read(|db| seen(db, found))?;
    Ok(SentReturn { seen: describe(app, of, found, &seen), new })
}

/// The same, for whoever does not look at it afterwards.
pub fn send_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
    body: &Value,
) -> Result<(), Refusal> {
    let found = &find_return(app, actor, of, period, Wants::Send)?;
    put(app, found, &Sends { by: actor.into(), account: &actor.account }, body)?;
    Ok(())
}

/// Who sends a return in.
pub(super) struct Sends<'a> {
    /// As the audit log says it.
    pub(super) by: By,
    /// As the return says it.
    pub(super) account: &'a str,
}

/// Saves or sends in a return that was found; says whether there was none before.
pub(super) fn put(app: &App, found: &Found, sends: &Sends<'_>, body: &Value) -> Result<bool, Refusal> {
    let asked = found.asked(app);
    let sent = NewReturn::check(body, &asked).map_err(Refusal::Invalid)?;
    let is_draft = sent.draft.is_some();
    let (_, sender) = found.sender.key();
    let period = found.period.to_string();
    let act = if is_draft { Act::ReturnSaved } else { Act::ReturnSent };
    let said = event(app, found.chain, sends.by.clone(), act, found.target.clone());
    let said = said.code("period", &period).code("sender", &sender);
    let putting = Putting { found, sent: &sent, by: sends.account, at: app.now() };
    let put = |db: &mut Recorded<'_>| putting.put(db);
    app.store.write(|db| audit::record_if(db, &said, put))?.ok_or(Refusal::Changed)
}

/// A return that is put into the place of what there is of it.
pub(super) struct Putting<'p> {
    pub(super) found: &'p Found,
    pub(super) sent: &'p NewReturn,
    pub(super) by: &'p str,
    pub(super) at: NaiveDateTime,
}

impl Putting<'_> {
    /// Puts it, and says whether there was none before; nothing where somebody else has changed it meanwhile.
    pub(super) fn put(&self, db: &mut Recorded<'_>) -> Result<Option<bool>, StorageError> {
        let Self { found, sent, by, at } = self;
        let (number, sender) = found.sender.key();
        let period = found.period.to_string();
        let is_draft = sent.draft.is_some();
        let old = returns::find(db, number, &sender, &period)?;
        if sent.revision.is_some_and(|seen| old.as_ref().map_or(0, |o| o.revision) != seen) {
            return Ok(None);
        }
        let row = ReturnRow {
            scheme_number: number,
            sender: sender.clone(),
            period: period.clone(),
            revision: old.as_ref().map_or(0, |o| o.revision) + 1,
            status: match (&old, is_draft) {
                // What was sent in stands until the draft of its correction is sent.
                (Some(old), true) => old.status.clone(),
                (None, true) => "draft".into(),
                (_, false) => "submitted".into(),
            },
            draft: sent.draft.as_ref().map(Value::to_string),
            query: old.as_ref().filter(|_| is_draft).and_then(|o| o.query.clone()),
            updated_at: *at,
            updated_by: (*by).to_owned(),
            submitted_at: old.as_ref().and_then(|o| o.submitted_at).or((!is_draft).then_some(*at)),
        };
        let stood = match &old {
            None => returns::insert(db, &row)?,
            Some(_) => returns::replace(db, &row)?,
        };
        if !stood {
            return Ok(None);
        }
        if !is_draft {
            let before = old.as_ref().is_some_and(|o| o.submitted_at.is_some());
            let event = ReturnEventRow {
                scheme_number: number,
                sender,
                period,
                revision: row.revision,
                act: if before { "corrected" } else { "submitted" }.into(),
                at: *at,
                by_whom: (*by).to_owned(),
                figures: values(&sent.entries).to_string(),
                said: sent.note.clone(),
                published_in: None,
            };
            returns::put_figures(db, &rows(&row, &sent.entries), &event)?;
            if let Sender::Unit(_, unit) = &found.sender {
                return_links::close_all(db, number, unit, &event.period, *at)?;
            }
        }
        Ok(Some(old.is_none()))
    }
}

fn rows(row: &ReturnRow, entries: &[Entry]) -> Vec<FigureRow> {
    let figure = |e: &Entry| FigureRow {
        scheme_number: row.scheme_number,
        sender: row.sender.clone(),
        period: row.period.clone(),
        kpi: e.kpi.clone(),
        council: e.council.clone(),
        numerator: e.numerator.hundredths(),
        denominator: e.denominator.map(|d| d.hundredths()),
    };
    entries.iter().map(figure).collect()
}
