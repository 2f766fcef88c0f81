//! Complaints about how data are handled: those that the national team answers, and those that a scheme does.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::use_cases::{
    ComplaintSeen, ComplaintState, Refusal, acknowledge_complaint, answer_complaint, list_complaint_states,
    list_complaints,
};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::blocking;
use crate::web::words::written_day;

const DONE: [(&str, &str); 2] =
    [("acknowledge", "Noted that the person was told."), ("answer", "Noted what you answered.")];

#[derive(Template)]
#[template(path = "staff/complaints.html")]
struct ComplaintsPage {
    shell: StaffShell,
    national: bool,
    own: Vec<Line>,
    /// Scheme and reference, when it came, how it is.
    states: Vec<(String, String, String)>,
}

struct Line {
    id: String,
    reference: String,
    received_on: String,
    state: String,
    words: String,
    name: String,
    contact: String,
    acknowledged: bool,
    answer: Option<String>,
}

/// `GET /national/complaints`, `GET /scheme/complaints`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, &[]).await
}

/// `POST /national/complaints`, `POST /scheme/complaints`
pub(in crate::web) async fn change(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let (go, faults) = act(&app, &http, &staff, &sent).await?;
    match faults.is_empty() {
        true => Ok(go_to(&format!("{}?done={go}", http.path()))),
        false => list(&app, &http, &staff, &faults).await,
    }
}

async fn act(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
) -> Result<(&'static str, Vec<Fault>), Instead> {
    let (actor, scheme) = (staff.actor.clone(), scheme_of(app, http, staff)?);
    let given = |name: &'static str| sent.get(name).unwrap_or_default().to_owned();
    let (id, words) = (given("complaint"), given("answer"));
    let go = if given("go") == "answer" { "answer" } else { "acknowledge" };
    let done = blocking(app, move |app| {
        let done = match go {
            "answer" => answer_complaint(app, &actor, scheme.as_deref(), &id, &words),
            _ => acknowledge_complaint(app, &actor, scheme.as_deref(), &id),
        };
        match done {
            Err(Refusal::Invalid(faults)) => Ok(faults),
            other => other.map(|()| Vec::new()).map_err(Problem::from),
        }
    });
    Ok((go, done.await?))
}

/// The scheme whose complaints the page is about; none on the national one.
fn scheme_of(app: &App, http: &HttpRequest, staff: &Staff) -> Result<Option<String>, Instead> {
    if http.path() == "/national/complaints" {
        return Ok(None);
    }
    let Role::SchemeLead(number) = staff.actor.role else { return Err(Refusal::Forbidden.into()) };
    let directory = app.directory();
    let scheme = directory.scheme_by_number(number).ok_or(Refusal::Unknown(None))?;
    Ok(Some(scheme.about.id.clone()))
}

async fn list(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let (actor, scheme) = (staff.actor.clone(), scheme_of(app, http, staff)?);
    let national = scheme.is_none();
    let (own, states) = blocking(app, move |app| {
        let own = list_complaints(app, &actor, scheme.as_deref())?;
        let states = if national { list_complaint_states(app, &actor)? } else { Vec::new() };
        Ok::<_, Refusal>((own, states))
    })
    .await?;
    let today = app.today();
    let shell = StaffShell::of(app, http, staff, "Complaints about data").done(http, &DONE).faulty(faults);
    let shown = ComplaintsPage {
        national,
        own: own.into_iter().map(|c| line(c, today)).collect(),
        states: states
            .into_iter()
            .map(|c: ComplaintState| {
                let state = state(c.acknowledge_by, c.acknowledged_on, c.answered_on, today);
                (format!("{}, {}", c.scheme, c.reference), format!("came on {}", day(c.received_on)), state)
            })
            .collect(),
        shell,
    };
    Ok(page(shown.shell.status(), &shown))
}

fn line(c: ComplaintSeen, today: NaiveDate) -> Line {
    Line {
        state: state(c.acknowledge_by, c.acknowledged_on, c.answered_on, today),
        received_on: day(c.received_on),
        acknowledged: c.acknowledged_on.is_some(),
        id: c.id,
        reference: c.reference,
        words: c.words,
        name: c.name,
        contact: c.contact,
        answer: c.answer,
    }
}

fn day(day: NaiveDate) -> String {
    written_day(day, "en")
}

fn state(
    by: NaiveDate,
    acknowledged: Option<NaiveDate>,
    answered: Option<NaiveDate>,
    today: NaiveDate,
) -> String {
    match (acknowledged, answered) {
        (_, Some(on)) => format!("answered on {}", day(on)),
        (Some(on), None) => format!("acknowledged on {}, not answered yet", day(on)),
        (None, None) if by < today => format!("late: to be acknowledged by {}", day(by)),
        (None, None) => format!("to be acknowledged by {}", day(by)),
    }
}
