//! The people of a scheme; for a worker, their own.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Names, day, own_scheme, wording};
use crate::app::App;
use crate::use_cases::{PersonSeen, Refusal, list_people};
use crate::web::pages::staff::{Instead, StaffShell, page, parameter, signed_in};
use crate::web::request::blocking;

const DONE: [(&str, &str); 3] = [
    ("added", "The person is added."),
    ("imported", "Your people are in. Whoever is due stands on the page “Due”."),
    ("erased", "The person is erased, with everything that was stored of them."),
];

#[derive(Template)]
#[template(path = "staff/scheme/people.html")]
struct PeoplePage {
    shell: StaffShell,
    leads: bool,
    search: String,
    count: String,
    people: Vec<Line>,
}

struct Line {
    reference: String,
    name: String,
    status: &'static str,
    next: String,
    worker: String,
}

/// `GET /scheme/people`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let search = parameter(&http, "q").unwrap_or_default();
    let (actor, scheme) = (staff.actor.clone(), own.id);
    let (found, names) = blocking(&app, move |app| {
        let found = list_people(app, &actor, &scheme, None, i64::MAX - 1)?;
        let references = found.items.iter().map(|person| person.participant.clone());
        let names = Names::read(app, &actor, &scheme, references)?;
        Ok::<_, Refusal>((found, names))
    })
    .await?;
    let wanted = search.to_lowercase();
    let mut people: Vec<Line> = found
        .items
        .iter()
        .map(|person| line(&app, person, &names))
        .filter(|l| l.name.to_lowercase().contains(&wanted) || l.reference.to_lowercase().contains(&wanted))
        .collect();
    people.sort_by_key(|l| (l.status == wording::status("left"), l.name.to_lowercase()));
    let shown = PeoplePage {
        leads: own.leads,
        search,
        count: wording::people(people.len()),
        people,
        shell: StaffShell::of(&app, &http, &staff, "People").done(&http, &DONE),
    };
    Ok(page(StatusCode::OK, &shown))
}

fn line(app: &App, person: &PersonSeen, names: &Names) -> Line {
    let next = person.next.as_ref().map(|o| {
        format!("{}, {}, {}", wording::occasion(o.occasion), day(o.due_on), wording::state(o.state))
    });
    let directory = app.directory();
    let worker = person.worker.as_ref().and_then(|id| directory.any_account(id));
    Line {
        name: names.of(&person.participant),
        reference: person.participant.clone(),
        status: wording::status(person.status),
        next: next.unwrap_or_default(),
        worker: worker.map(|account| account.called().to_owned()).unwrap_or_default(),
    }
}
