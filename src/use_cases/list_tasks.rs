//! Safeguarding tasks as they are seen: by the scheme's leads with whom they are about, nationally by times only.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::open_task::surroundings;
use super::sealing::{open_item, seen_by, told_of};
use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::clock::written;
use crate::directory::Directory;
use crate::domain::access::{Action, Actor, Decision, may};
use crate::domain::audit::{Act, Event, Target, TargetKind};
use crate::domain::safeguarding::is_routed_round;
use crate::domain::scheme::Scheme;
use crate::domain::submission::Submission;
use crate::sealed::Unreadable;
use crate::secrets::public_id;
use crate::storage::audit::{self, Recorded};
use crate::storage::outbox::{self, MailRow};
use crate::storage::tasks::{self, Listing, TaskRow};
use crate::storage::{StorageError, responses};

/// A task as somebody may see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskSeen {
    /// Its id.
    pub id: String,
    /// When the answer came.
    pub raised_at: String,
    /// By when it is to be acknowledged.
    pub due_at: String,
    /// Whether that time has passed and nobody has.
    pub overdue: bool,
    /// When somebody said that they have seen it.
    pub acknowledged_at: Option<String>,
    /// Who was told.
    pub told: Vec<ToldSeen>,
    /// What only the scheme's leads see.
    #[serde(flatten)]
    pub about: Option<About>,
}

/// Somebody who was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldSeen {
    /// When.
    pub at: String,
    /// What became of the mail.
    pub mail: &'static str,
    /// Their name, for the scheme's leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Whom a task is about, for the scheme's leads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct About {
    /// The participant's reference; none if anonymous or erased.
    pub participant: Option<String>,
    /// The response; none if erased.
    pub response: Option<String>,
    /// What became of the response: `stored`, `withdrawn` or `erased`.
    pub answers: &'static str,
    /// The items that raised it; none if erased.
    pub items: Option<Vec<String>>,
    /// Whether somebody who gives the person support helped them answer, or answered for them.
    pub helped_by_supporter: bool,
    /// Who said that they have seen it.
    pub acknowledged_by: Option<String>,
}

/// A page of a scheme's tasks.
#[derive(Debug, Clone)]
pub struct TaskPage {
    /// The tasks, the newest first.
    pub items: Vec<TaskSeen>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many nobody has acknowledged.
    pub open: i64,
    /// How many of those should have been by now.
    pub overdue: i64,
}

/// The tasks of a scheme. Those that are routed round the owner of the account are not among them.
pub fn list_tasks(app: &App, actor: &Actor, scheme_id: &str, listing: &Listing) -> Result<TaskPage, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadTasks)?;
    let wanted = Listing { limit: listing.limit + 1, ..listing.clone() };
    let listed = event(app, scheme.number, actor, Act::TasksListed, scheme_target(scheme));
    let listed = listed.number("limit", listing.limit);
    let (mut rows, mut open) = app.store.write(|db| {
        let db = &mut audit::record(db, &listed)?;
        Ok((tasks::list(db, scheme.number, &wanted)?, tasks::all_open(db, scheme.number)?))
    })?;
    let more = i64::try_from(rows.len()).is_ok_and(|n| n > listing.limit);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    let seen = Seen { app, directory: &directory, actor, scheme };
    rows.retain(|row| seen.may_see(row.supporter, row.sent_by.as_deref()));
    open.retain(|row| seen.may_see(row.supporter, row.sent_by.as_deref()));
    let (now, count) = (app.now(), |n: usize| i64::try_from(n).unwrap_or(i64::MAX));
    let overdue = count(open.iter().filter(|row| row.due_at < now).count());
    Ok(TaskPage { items: seen.describe(rows)?, next, open: count(open.len()), overdue })
}

/// One task with what was said: item, question and answer, for the scheme's leads only.
pub fn read_task(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    task_id: &str,
) -> Result<(TaskSeen, Option<Value>), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ReadTasks)?;
    let seen = Seen { app, directory: &directory, actor, scheme };
    let row = seen.find(task_id)?;
    let said = app.store.write(|db| {
        let db = &mut audit::record(db, &seen.read(task_id))?;
        if seen.people() { said(app, db, &row) } else { Ok(None) }
    })?;
    Ok((seen.describe_one(row)?, said))
}

/// What one account may see of one scheme's tasks.
pub(super) struct Seen<'a> {
    pub(super) app: &'a App,
    pub(super) directory: &'a Directory,
    pub(super) actor: &'a Actor,
    pub(super) scheme: &'a Scheme,
}

impl Seen<'_> {
    /// Whether they see whom tasks are about.
    fn people(&self) -> bool {
        let action = Action::ReadTaskPeople(self.scheme);
        may(&self.actor.role, action, &self.app.registry.areas) == Decision::Allow
    }

    /// Whether a task exists for them: it does not, if it is routed round the owner of the account. Who sees times only sees all.
    pub(super) fn may_see(&self, supporter: bool, sent_by: Option<&str>) -> bool {
        let around = surroundings(self.directory, supporter, sent_by);
        let own = self.directory.address_of(&self.actor.account);
        !self.people() || !own.is_some_and(|own| is_routed_round(&self.scheme.contacts, &around, own))
    }

    /// The task, if it exists for them.
    pub(super) fn find(&self, task_id: &str) -> Result<TaskRow, Refusal> {
        let found = self.app.store.read(|db| tasks::find(db, self.scheme.number, task_id))?;
        let found = found.filter(|row| self.may_see(row.supporter, row.sent_by.as_deref()));
        found.ok_or(Refusal::Unknown(None))
    }

    /// What is written down when they read a task.
    pub(super) fn read(&self, task_id: &str) -> Event {
        let target = Target::of(TargetKind::Task, task_id);
        event(self.app, self.scheme.number, self.actor, Act::TaskRead, target)
    }

    /// A task as they may see it.
    pub(super) fn describe_one(&self, row: TaskRow) -> Result<TaskSeen, Refusal> {
        self.describe(vec![row])?.pop().ok_or(Refusal::Unknown(None))
    }

    fn describe(&self, rows: Vec<TaskRow>) -> Result<Vec<TaskSeen>, StorageError> {
        let (people, now) = (self.people(), self.app.now());
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let raised_by: Vec<String> = rows.iter().filter_map(|row| row.response_id.clone()).collect();
        let (mails, withdrawn) = self.app.store.read(|db| {
            Ok((
                outbox::of_tasks(db, self.scheme.number, &ids)?,
                responses::withdrawn_among(db, self.scheme.number, &raised_by)?,
            ))
        })?;
        let mails: BTreeMap<(Option<String>, Option<i64>), MailRow> =
            mails.into_iter().map(|mail| ((mail.task_id.clone(), mail.step), mail)).collect();
        let seen = rows.into_iter().map(|row| {
            let told = told_of(self.app, &row)?.into_iter().zip(1..).map(|(told, step)| ToldSeen {
                at: written(told.at),
                mail: mails.get(&(Some(row.id.clone()), Some(step))).map_or("sent", state),
                name: people.then_some(told.name),
            });
            Ok(TaskSeen {
                told: told.collect(),
                overdue: row.acknowledged_at.is_none() && row.due_at < now,
                raised_at: written(row.raised_at),
                due_at: written(row.due_at),
                acknowledged_at: row.acknowledged_at.map(written),
                about: if people { Some(about(self.app, &row, &withdrawn)?) } else { None },
                id: row.id,
            })
        });
        seen.collect()
    }
}

fn about(app: &App, row: &TaskRow, withdrawn: &[String]) -> Result<About, StorageError> {
    Ok(About {
        participant: row.person.clone(),
        response: row.response_id.as_ref().map(|id| public_id(row.scheme_number, id)),
        answers: match &row.response_id {
            None => "erased",
            Some(id) if withdrawn.contains(id) => "withdrawn",
            Some(_) => "stored",
        },
        items: row.items()?,
        helped_by_supporter: row.supporter,
        acknowledged_by: seen_by(app, row)?,
    })
}

fn state(mail: &MailRow) -> &'static str {
    match (&mail.sent_at, &mail.failed_at) {
        (Some(_), _) => "sent",
        (None, Some(_)) => "failed",
        (None, None) => "waiting",
    }
}

/// What the items that raised a task say now.
fn said(app: &App, db: &mut Recorded<'_>, task: &TaskRow) -> Result<Option<Value>, StorageError> {
    let (Some(response_id), Some(items)) = (&task.response_id, task.items()?) else { return Ok(None) };
    let Some(row) = responses::read(db, task.scheme_number, response_id)? else { return Ok(None) };
    let submission: Submission = serde_json::from_str(&row.body)?;
    let version = submission.version.parse().ok();
    let definition = version.and_then(|v| app.registry.version(&submission.questionnaire, v));
    let one = |id: &String| {
        let question = definition.and_then(|d| d.item(id)).map(|(_, item)| item.text.get("standard", "en"));
        let answer = match open_item(app, &row, &submission, id)? {
            Ok(answer) => json!(answer),
            Err(Unreadable::Destroyed) => json!({"unreadable": "key-destroyed"}),
            Err(why) => {
                tracing::error!(%why, task = %task.id, "words that raised a safeguarding task cannot be read");
                json!({"unreadable": "changed"})
            }
        };
        Ok(json!({"item": id, "question": question, "answer": answer}))
    };
    Ok(Some(items.iter().map(one).collect::<Result<_, StorageError>>()?))
}
