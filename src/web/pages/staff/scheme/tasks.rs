//! Safeguarding tasks, for the scheme's leads: which there are, what was said, and saying that one was seen.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::{Names, led_scheme};
use crate::app::App;
use crate::clock::in_words;
use crate::storage::tasks::Listing;
use crate::use_cases::{Refusal, TaskSeen, acknowledge_task, list_tasks, read_task};
use crate::web::pages::staff::{Instead, StaffShell, form, page, parameter, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

/// How many are shown at once.
const MOST: i64 = 50;
const DONE: [(&str, &str); 1] = [("seen", "You have said that you will act on it. Nobody else is told.")];

#[derive(Template)]
#[template(path = "staff/scheme/tasks.html")]
struct TasksPage {
    shell: StaffShell,
    tasks: Vec<Line>,
    open: i64,
    overdue: i64,
    next: Option<String>,
}

struct Line {
    id: String,
    who: String,
    state: &'static str,
    late: bool,
    raised: String,
    due: String,
}

#[derive(Template)]
#[template(path = "staff/scheme/task.html")]
struct TaskPage {
    shell: StaffShell,
    id: String,
    state: &'static str,
    late: bool,
    seen: bool,
    raised: String,
    due: String,
    helped: bool,
    said: Vec<(String, String)>,
    gone: &'static str,
    told: Vec<String>,
    reference: Option<String>,
}

/// `GET /scheme/tasks`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (actor, before) = (staff.actor.clone(), parameter(&http, "before"));
    let (found, names) = blocking(&app, move |app| {
        let found = list_tasks(app, &actor, &own.id, &Listing { open: false, before, limit: MOST })?;
        let references = found.items.iter().filter_map(|t| t.about.as_ref()?.participant.clone());
        let names = Names::read(app, &actor, &own.id, references)?;
        Ok::<_, Refusal>((found, names))
    })
    .await?;
    let shown = TasksPage {
        tasks: found.items.iter().map(|task| line(task, &names)).collect(),
        open: found.open,
        overdue: found.overdue,
        next: found.next,
        shell: StaffShell::of(&app, &http, &staff, "Safeguarding tasks").done(&http, &DONE),
    };
    Ok(page(StatusCode::OK, &shown))
}

fn line(task: &TaskSeen, names: &Names) -> Line {
    Line {
        id: task.id.clone(),
        who: who(task, names),
        state: state(task),
        late: task.overdue,
        raised: moment(&task.raised_at),
        due: moment(&task.due_at),
    }
}

fn who(task: &TaskSeen, names: &Names) -> String {
    let reference = task.about.as_ref().and_then(|about| about.participant.as_deref());
    reference.map_or_else(|| "Somebody who gave no name".to_owned(), |reference| names.of(reference))
}

fn state(task: &TaskSeen) -> &'static str {
    match (&task.acknowledged_at, task.overdue) {
        (Some(_), _) => "seen",
        (None, true) => "overdue",
        (None, false) => "open",
    }
}

/// A time of the API in words.
fn moment(written: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(written)
        .map_or_else(|_| written.to_owned(), |at| in_words(at.naive_utc()))
}

/// `GET /scheme/tasks/{id}`
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    let (task, said, names) = blocking(&app, move |app| {
        let (task, said) = read_task(app, &actor, &own.id, &id)?;
        let reference = task.about.as_ref().and_then(|about| about.participant.clone());
        let names = Names::read(app, &actor, &own.id, reference.into_iter())?;
        Ok::<_, Refusal>((task, said, names))
    })
    .await?;
    let about = task.about.as_ref();
    let shown = TaskPage {
        state: state(&task),
        late: task.overdue,
        seen: task.acknowledged_at.is_some(),
        raised: moment(&task.raised_at),
        due: moment(&task.due_at),
        helped: about.is_some_and(|about| about.helped_by_supporter),
        said: said.iter().flat_map(|list| list.as_array().into_iter().flatten()).map(words).collect(),
        gone: match about.map(|about| about.answers) {
            Some("withdrawn") => "The person has taken their answers back since.",
            _ => "The answers were erased since.",
        },
        told: told(&task),
        reference: about.and_then(|about| about.participant.clone()),
        shell: StaffShell::of(&app, &http, &staff, &who(&task, &names)),
        id: task.id,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn words(said: &Value) -> (String, String) {
    let question = said["question"].as_str().unwrap_or_default().to_owned();
    let answer = match &said["answer"] {
        Value::String(text) => text.clone(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Object(_) => "This cannot be read any more.".to_owned(),
        Value::Null => "No answer.".to_owned(),
        other => other.to_string(),
    };
    (question, answer)
}

fn told(task: &TaskSeen) -> Vec<String> {
    let mut lines: Vec<String> = task
        .told
        .iter()
        .map(|told| {
            let mail = match told.mail {
                "sent" => "a mail was sent",
                "failed" => "the mail could not be delivered",
                _ => "the mail is on its way",
            };
            format!("{}: {mail}, {}", told.name.as_deref().unwrap_or("A lead"), moment(&told.at))
        })
        .collect();
    if let (Some(at), Some(by)) =
        (&task.acknowledged_at, task.about.as_ref().and_then(|about| about.acknowledged_by.as_deref()))
    {
        lines.push(format!("{by} has seen it, {}", moment(at)));
    }
    lines
}

/// `POST /scheme/tasks/{id}`
pub(in crate::web) async fn acknowledge(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    blocking(&app, move |app| acknowledge_task(app, &actor, &own.id, &id)).await?;
    Ok(go_to("/scheme/tasks?done=seen"))
}
