//! Opening a safeguarding task for answers that raise one, and telling people of it one after the other until somebody has seen it.

use chrono::NaiveDateTime;

use super::sealing::{seal_mail, seal_told, told_of};
use crate::app::App;
use crate::directory::Directory;
use crate::domain::contacts::Contact;
use crate::domain::safeguarding::{ACKNOWLEDGE_WITHIN, Surroundings, Told, Turn, next};
use crate::domain::scheme::Scheme;
use crate::domain::submission::Submission;
use crate::mail::{Addressed, task_mail};
use crate::storage::accounts::AccountRow;
use crate::storage::outbox::MailRow;
use crate::storage::tasks::{self, NewTask, TaskRow};
use crate::storage::{StorageError, outbox};

/// How many tasks are looked at in one go.
const AT_ONCE: i64 = 100;

/// The response that raises a task.
pub(super) struct Raising<'a> {
    /// Its id.
    pub(super) response_id: &'a str,
    /// What it says.
    pub(super) submission: &'a Submission,
    /// The account that sent, collected or corrected it.
    pub(super) sent_by: Option<&'a str>,
}

/// The task that `items` raise, with the mail to the first who is told; nothing, if there are no such items.
pub(super) fn task_for(
    app: &App,
    scheme: &Scheme,
    items: &[String],
    raising: &Raising<'_>,
) -> Result<Option<NewTask>, StorageError> {
    if items.is_empty() {
        return Ok(None);
    }
    let (now, id) = (app.now(), app.new_id());
    let mut row = TaskRow {
        scheme_number: scheme.number,
        id: id.clone(),
        response_id: Some(raising.response_id.to_owned()),
        person: raising.submission.participant.clone(),
        items: Some(serde_json::to_string(items)?),
        supporter: raising.submission.helper.as_ref().is_some_and(|h| h.gives_support),
        sent_by: raising.sent_by.map(str::to_owned),
        raised_at: now,
        due_at: now + ACKNOWLEDGE_WITHIN,
        told: seal_told(app, scheme.number, &id, &[])?,
        step: 0,
        // With nobody to tell it is looked at again at once, and then said in the log.
        next_at: Some(now),
        acknowledged_at: None,
        acknowledged_by: None,
    };
    let directory = app.directory();
    let mail = match next(&scheme.contacts, &surroundings(&directory, row.supporter, raising.sent_by), &[]) {
        Some((contact, turn)) => {
            row.told = seal_told(app, scheme.number, &id, &[told(contact, now)])?;
            row.step = 1;
            row.next_at = Some(now + ACKNOWLEDGE_WITHIN);
            Some(mail_to(app, scheme, &row, contact, turn)?)
        }
        None => None,
    };
    let guarded = is_guarded(&directory, scheme, row.supporter, raising.sent_by);
    Ok(Some(NewTask { row, mail, guarded }))
}

/// What decides who hears of a task: whether a supporter helped, and the account that sent the response.
pub(super) fn surroundings<'d>(
    directory: &'d Directory,
    supporter: bool,
    sent_by: Option<&str>,
) -> Surroundings<'d> {
    Surroundings { supporter, sender: sent_by.and_then(|id| directory.address_of(id)) }
}

/// Whether a task may be routed round somebody of the scheme: a supporter helped, or one of its own people sent the response. Then the
/// scheme's other systems, whose readers nobody can tell apart, hear nothing of it.
pub(super) fn is_guarded(
    directory: &Directory,
    scheme: &Scheme,
    supporter: bool,
    sent_by: Option<&str>,
) -> bool {
    let sender = sent_by.and_then(|id| directory.account(id));
    let named = |email: &str| {
        scheme.contacts.leads.iter().chain(&scheme.contacts.outside).any(|contact| contact.has_address(email))
    };
    let is_of_scheme = |account: &AccountRow| {
        account.role().and_then(|role| role.scheme()) == Some(scheme.number) || named(&account.email)
    };
    supporter || sender.is_some_and(is_of_scheme)
}

fn told(contact: &Contact, at: NaiveDateTime) -> Told {
    Told { name: contact.name.clone(), email: contact.email.clone(), at }
}

fn mail_to(
    app: &App,
    scheme: &Scheme,
    task: &TaskRow,
    contact: &Contact,
    turn: Turn,
) -> Result<MailRow, StorageError> {
    let letter = task_mail::letter(&contact.name, turn, &scheme.shown_name(), task.raised_at);
    let mail = Addressed::plainly(&contact.name, &contact.email, letter);
    Ok(MailRow {
        task_id: Some(task.id.clone()),
        step: Some(task.step),
        ..seal_mail(app, Some(scheme.number), task_mail::KIND, &mail)?
    })
}

/// Tells the next person of every task that nobody has acknowledged in time; says how many were told.
/// Safe to run in several processes at once: each step of a task is taken by one of them.
pub fn escalate_tasks(app: &App) -> Result<usize, StorageError> {
    let mut all_told = 0;
    loop {
        let waiting = app.store.read(|db| tasks::waiting(db, app.now(), AT_ONCE))?;
        let full = i64::try_from(waiting.len()).is_ok_and(|n| n == AT_ONCE);
        let mut moved = 0;
        for (scheme_number, id) in waiting {
            match escalate(app, scheme_number, &id) {
                Ok(step) => {
                    moved += usize::from(step.is_some());
                    all_told += usize::from(step == Some(Step::Told));
                }
                // One task that cannot be read must not keep the others waiting.
                Err(error) => {
                    tracing::error!(%error, scheme_number, task = %id, "telling of a safeguarding task failed")
                }
            }
        }
        if !full || moved == 0 {
            return Ok(all_told);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Told,
    Nobody,
}

fn escalate(app: &App, scheme_number: i64, id: &str) -> Result<Option<Step>, StorageError> {
    let directory = app.directory();
    let Some(scheme) = directory.scheme_by_number(scheme_number) else { return Ok(None) };
    let now = app.now();
    let step = app.store.write(|db| {
        let found = tasks::find(db, scheme_number, id)?;
        let Some(mut task) = found.filter(|t| t.next_at.is_some_and(|at| at <= now)) else { return Ok(None) };
        let mut so_far = told_of(app, &task)?;
        let around = surroundings(&directory, task.supporter, task.sent_by.as_deref());
        let Some((contact, turn)) = next(&scheme.contacts, &around, &so_far) else {
            return Ok(tasks::advance(db, &task, &task.told, task.step, None)?.then_some(Step::Nobody));
        };
        so_far.push(told(contact, now));
        let sealed = seal_told(app, scheme_number, id, &so_far)?;
        let step = i64::try_from(so_far.len()).unwrap_or(i64::MAX);
        if !tasks::advance(db, &task, &sealed, step, Some(now + ACKNOWLEDGE_WITHIN))? {
            return Ok(None);
        }
        task.step = step;
        let mail = mail_to(app, scheme, &task, contact, turn)?;
        outbox::insert(db, &[&mail])?;
        Ok(Some(Step::Told))
    })?;
    match step {
        Some(Step::Nobody) => tracing::warn!(
            scheme = %scheme.about.id, task = %id,
            "a safeguarding task stays open, and there is nobody else to tell: name further contacts"
        ),
        Some(Step::Told) => {
            tracing::info!(scheme = %scheme.about.id, task = %id, "told of a safeguarding task")
        }
        None => {}
    }
    Ok(step)
}
