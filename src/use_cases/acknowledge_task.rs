//! Acknowledging a safeguarding task: by the link in the mail, or by an account that leads the scheme. Then nobody else is told.

use chrono::NaiveDateTime;

use super::list_tasks::{Seen, TaskSeen};
use super::open_task::is_guarded;
use super::read_changes::change;
use super::sealing::{seal_seen_by, told_of};
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, By, Event, Target, TargetKind};
use crate::domain::change::ChangeKind;
use crate::storage::tasks::{self, TaskRow};
use crate::storage::{Db, StorageError, audit, changes};

/// What the page behind a mail's link shows: nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedTask {
    /// The scheme's name.
    pub scheme: String,
    /// When the answer came.
    pub raised_at: NaiveDateTime,
    /// When somebody said that they have seen it.
    pub acknowledged_at: Option<NaiveDateTime>,
}

/// The task that a mail's link leads to.
pub fn find_linked_task(app: &App, code: &str) -> Result<LinkedTask, Refusal> {
    let (task, _) = linked(app, code)?;
    let directory = app.directory();
    let scheme = directory.scheme_by_number(task.scheme_number).ok_or(Refusal::Unknown(None))?;
    Ok(LinkedTask {
        scheme: scheme.shown_name(),
        raised_at: task.raised_at,
        acknowledged_at: task.acknowledged_at,
    })
}

/// Acknowledges by the link in a mail, for whoever the mail was to. Doing so again, or after somebody else, is no fault.
pub fn acknowledge_by_link(app: &App, code: &str) -> Result<(), Refusal> {
    let (task, name) = linked(app, code)?;
    app.store.write(|db| acknowledge(app, db, &task, &name, By::MailLink))?;
    Ok(())
}

/// Acknowledges, if nobody has, and notes it for other systems; says whether nobody had.
fn acknowledge(app: &App, db: &mut Db, task: &TaskRow, name: &str, by: By) -> Result<bool, StorageError> {
    let directory = app.directory();
    let mut noted = change(app, task.scheme_number, ChangeKind::TaskAcknowledged, &task.id);
    noted.guarded = directory
        .scheme_by_number(task.scheme_number)
        .is_none_or(|scheme| is_guarded(&directory, scheme, task.supporter, task.sent_by.as_deref()));
    let target = Target::of(TargetKind::Task, &task.id);
    let seen: Event = event(app, task.scheme_number, by, Act::TaskAcknowledged, target);
    let name = seal_seen_by(app, task.scheme_number, &task.id, name)?;
    let done = audit::record_if(db, &seen, |db| {
        let first = tasks::acknowledge(db, task.scheme_number, &task.id, &name, noted.at)?;
        if first {
            changes::note(db, std::slice::from_ref(&noted))?;
        }
        Ok(first.then_some(()))
    })?;
    Ok(done.is_some())
}

/// The task, and the name of whom the link was sent to.
fn linked(app: &App, code: &str) -> Result<(TaskRow, String), Refusal> {
    let (number, id, step) = app.secrets.read_task_code(code).ok_or(Refusal::Unknown(None))?;
    let task = app.store.read(|db| tasks::find(db, number, &id))?.ok_or(Refusal::Unknown(None))?;
    let told = told_of(app, &task)?;
    if told.is_empty() {
        return Err(Refusal::Gone); // the scheme's key was destroyed, and with it who was told
    }
    let place = usize::try_from(step - 1).ok();
    let name = place.and_then(|place| told.get(place)).map(|t| t.name.clone());
    let name = name.ok_or_else(|| StorageError::Corrupt(format!("task {id} was not told so often")))?;
    Ok((task, name))
}

/// Acknowledges by account. A task that is routed round the account's owner does not exist for them.
pub fn acknowledge_task(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    task_id: &str,
) -> Result<TaskSeen, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::AcknowledgeTask)?;
    let seen = Seen { app, directory: &directory, actor, scheme };
    let task = seen.find(task_id)?;
    let by = directory.address_of(&actor.account).unwrap_or(&actor.account);
    app.store.write(|db| {
        if !acknowledge(app, db, &task, by, actor.into())? {
            audit::record(db, &seen.read(&task.id))?; // nothing to acknowledge any more; the answer shows the task all the same
        }
        Ok(())
    })?;
    seen.describe_one(seen.find(task_id)?)
}
