//! Sending in a return: as a draft, for good, or anew as a correction of what was sent in before.

use serde_json::{Value, json};

use super::read_return::{describe, seen, values};
use super::return_of::{ReturnOf, Wants, find_return};
use super::{Refusal, event};
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::audit::Act;
use crate::domain::fault::Fault;
use crate::domain::reader::{Object, read_whole};
use crate::domain::returns::{Asked, Entry};
use crate::storage::StorageError;
use crate::storage::audit::{self, Recorded};
use crate::storage::returns::{self, FigureRow, ReturnEventRow, ReturnRow};

/// The longest remark on a return, and question about one.
pub(super) const LONGEST_REMARK: usize = 500;

/// A return as it is sent.
struct Sent {
    /// Whether it is kept as a draft only.
    draft: bool,
    /// The revision that it takes the place of, if the sender says so.
    revision: Option<i64>,
    /// What is said with it.
    note: Option<String>,
    entries: Vec<Entry>,
}

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
    let asked = found.asked(app);
    let sent = read(&asked, body)?;
    let (number, sender) = found.sender.key();
    let period = found.period.to_string();
    let act = if sent.draft { Act::ReturnSaved } else { Act::ReturnSent };
    let said = event(app, found.chain, actor, act, found.target.clone());
    let said = said.code("period", &period).code("sender", &sender);
    let now = app.now();
    let put = |db: &mut Recorded<'_>| -> Result<Option<bool>, StorageError> {
        let old = returns::find(db, number, &sender, &period)?;
        if sent.revision.is_some_and(|seen| old.as_ref().map_or(0, |o| o.revision) != seen) {
            return Ok(None);
        }
        let row = ReturnRow {
            scheme_number: number,
            sender: sender.clone(),
            period: period.clone(),
            revision: old.as_ref().map_or(0, |o| o.revision) + 1,
            status: match (&old, sent.draft) {
                // What was sent in stands until the draft of its correction is sent.
                (Some(old), true) => old.status.clone(),
                (None, true) => "draft".into(),
                (_, false) => "submitted".into(),
            },
            draft: sent.draft.then(|| body["values"].to_string()),
            query: old.as_ref().filter(|_| sent.draft).and_then(|o| o.query.clone()),
            updated_at: now,
            updated_by: actor.account.clone(),
            submitted_at: old.as_ref().and_then(|o| o.submitted_at).or((!sent.draft).then_some(now)),
        };
        let stood = match &old {
            None => returns::insert(db, &row)?,
            Some(_) => returns::replace(db, &row)?,
        };
        if !stood {
            return Ok(None);
        }
        if !sent.draft {
            let before = old.as_ref().is_some_and(|o| o.submitted_at.is_some());
            let event = ReturnEventRow {
                scheme_number: number,
                sender: sender.clone(),
                period: period.clone(),
                revision: row.revision,
                act: if before { "corrected" } else { "submitted" }.into(),
                at: now,
                by_whom: actor.account.clone(),
                figures: values(&sent.entries).to_string(),
                said: sent.note.clone(),
                published_in: None,
            };
            returns::put_figures(db, &rows(&row, &sent.entries), &event)?;
        }
        Ok(Some(old.is_none()))
    };
    let new = app.store.write(|db| audit::record_if(db, &said, put))?.ok_or(Refusal::Changed)?;
    let seen = app.store.read(|db| seen(db, found))?;
    Ok(SentReturn { seen: describe(app, of, found, &seen), new })
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

/// Reads what was sent. A draft may still have faults in its figures; what is sent in for good may not.
fn read(asked: &Asked<'_>, body: &Value) -> Result<Sent, Refusal> {
    let draft = body["state"] == json!("draft");
    let known = |code: &str| ["draft", "submitted"].contains(&code).then_some(());
    read_whole(body, |root| {
        let object = root.object()?;
        if let Some(field) = object.optional("state") {
            field.one_of(known, "draft, submitted");
        }
        let revision = object.optional("revision").and_then(|f| f.integer());
        let note = remark(&object, "note");
        let entries = if draft {
            let field = object.required("values")?;
            field.list(0)?;
            if body["values"].to_string().len() > LARGEST_DRAFT {
                field.fault("too-long", "This is more than a return can hold.");
            }
            Vec::new()
        } else {
            let entries = asked.read_values(&object);
            if body["values"].as_array().is_some_and(Vec::is_empty) {
                object.fault("nothing-to-send", "There is no figure in this return.");
            }
            entries
        };
        object.close(false);
        Some(Sent { draft, revision, note, entries })
    })
    .map_err(Refusal::Invalid)
}

/// The largest draft that is kept, in bytes.
const LARGEST_DRAFT: usize = 64 * 1024;

/// Words of at most [`LONGEST_REMARK`] characters.
pub(super) fn remark(object: &Object<'_>, key: &'static str) -> Option<String> {
    object.optional(key).and_then(|f| {
        let text = f.words()?.trim();
        if text.chars().count() > LONGEST_REMARK {
            f.fault("too-long", format!("This has more than {LONGEST_REMARK} characters."));
            return None;
        }
        Some(text.to_owned())
    })
}

/// What is wrong with figures, for a form that shows it beside them.
pub fn faults_of_return(
    app: &App,
    actor: &Actor,
    of: &ReturnOf,
    period: &str,
    body: &Value,
) -> Result<Vec<Fault>, Refusal> {
    let found = find_return(app, actor, of, period, Wants::Send)?;
    Ok(found.asked(app).check(body).err().unwrap_or_default())
}
