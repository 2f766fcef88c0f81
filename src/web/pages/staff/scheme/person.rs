//! One person: what is known of them, what has happened, their surveys, and what can be done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Names, day, led_scheme, note_of, own_scheme, wording};
use crate::app::App;
use crate::domain::identity::{Identity, Whose};
use crate::domain::schedule::EventKind;
use crate::use_cases::{EventSeen, OccasionSeen, PersonSeen, Refusal, export_person, show_person};
use crate::web::api::export::ExportPage;
use crate::web::pages::staff::{Instead, StaffShell, page, recently_proved, signed_in};
use crate::web::request::blocking;

const DONE: [(&str, &str); 8] = [
    ("added", "The person is added."),
    ("saved", "That is saved."),
    ("event", "That is written down. Nothing is sent to this person now."),
    ("lifted", "That is written down. The person can be asked again."),
    ("left", "Support has ended. The person is asked once more, on leaving."),
    ("noted", "That is written down."),
    ("booked", "The visit is booked."),
    ("revoked", "The invitation is taken back. Its link and its code lead nowhere now."),
];

#[derive(Template)]
#[template(path = "staff/scheme/person.html")]
struct PersonPage {
    shell: StaffShell,
    leads: bool,
    reference: String,
    status: &'static str,
    events: Vec<Event>,
    occasions: Vec<Line>,
    facts: Vec<(String, String)>,
    /// Whether a name is known.
    known: bool,
}

struct Event {
    id: String,
    words: &'static str,
    from: String,
    to: Option<String>,
    effect: &'static str,
}

struct Line {
    value: String,
    what: String,
    due: String,
    state: &'static str,
    late: bool,
    why: String,
    invitation: Option<String>,
    may_show: bool,
    may_invite: bool,
    may_note: Option<(&'static str, String)>,
}

/// `GET /scheme/people/{ref}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    reference: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, scheme, reference) = (staff.actor.clone(), own.id.clone(), reference.into_inner());
    let (person, names) = blocking(&app, move |app| {
        let (person, _) = show_person(app, &actor, &scheme, &reference)?;
        let names = Names::read(app, &actor, &scheme, std::iter::once(reference))?;
        Ok::<_, Refusal>((person, names))
    })
    .await?;
    let identity = names.identity(&person.participant);
    let shown = PersonPage {
        leads: own.leads,
        status: wording::status(person.status),
        events: person.events.iter().rev().map(event).collect(),
        occasions: ordered(&person).into_iter().map(|o| line(&app, &person, o)).collect(),
        facts: facts(&app, &person, identity),
        known: identity.is_some(),
        shell: StaffShell::of(&app, &http, &staff, &names.of(&person.participant)).done(&http, &DONE),
        reference: person.participant,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `GET /scheme/people/{ref}/export`: everything that is stored about a person, for that person, to be printed or saved.
pub(in crate::web) async fn export(
    app: web::Data<App>,
    http: HttpRequest,
    reference: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    recently_proved(&app, &staff, &format!("/scheme/people/{reference}/export"))?;
    let actor = staff.actor.clone();
    let export = blocking(&app, move |app| export_person(app, &actor, &own.id, &reference)).await?;
    Ok(page(StatusCode::OK, &ExportPage::of(&export)))
}

fn event(event: &EventSeen) -> Event {
    Event {
        id: event.id.clone(),
        words: EventKind::parse(event.kind).map_or("Something has happened", wording::event),
        from: day(event.from),
        to: event.lifted_on.map(day),
        effect: wording::effect(event.effect),
    }
}

/// What is open first, then what is to come, then what has been, the latest first.
fn ordered(person: &PersonSeen) -> Vec<&OccasionSeen> {
    let all: Vec<&OccasionSeen> = person.occasions.iter().flatten().collect();
    let of = |states: &'static [&'static str]| all.iter().copied().filter(move |o| states.contains(&o.state));
    let open = of(&["due", "overdue", "asked", "reminded", "held"]);
    let past = all.iter().copied().rev().filter(|o| PAST.contains(&o.state));
    open.chain(of(&["upcoming"])).chain(past).collect()
}

/// States in which an occasion is over.
const PAST: [&str; 4] = ["done", "not-asked", "could-not", "missed"];

fn line(app: &App, person: &PersonSeen, occasion: &OccasionSeen) -> Line {
    let may = |press: &str| occasion.may.contains(&press);
    // What is a long way off is not decided yet.
    let early = occasion.state == "upcoming" && !may("invite");
    Line {
        value: format!("{}|{}", person.participant, occasion.questionnaire),
        what: format!(
            "{}: {}",
            wording::questionnaire(app, &occasion.questionnaire),
            wording::occasion(occasion.occasion).to_lowercase()
        ),
        due: format!("due {}", day(occasion.due_on)),
        state: wording::state(occasion.state),
        late: occasion.state == "overdue",
        why: occasion.why.clone(),
        invitation: occasion.invitation.clone(),
        may_show: may("show-again"),
        may_invite: may("invite"),
        may_note: note_of(&person.participant, occasion).filter(|_| !early),
    }
}

/// What is known of a person, as far as it is: heading and words.
fn facts(app: &App, person: &PersonSeen, identity: Option<&Identity>) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, how: String| {
        if !how.is_empty() {
            facts.push((what.to_owned(), how));
        }
    };
    if let Some(identity) = identity {
        add("Likes to be called", identity.called.clone().unwrap_or_default());
        add("Is asked", wording::way(Some(identity)));
        add("E-mail", identity.email.clone().unwrap_or_default());
        add("Mobile", identity.mobile.clone().unwrap_or_default());
        let address = identity
            .address
            .as_ref()
            .map(|a| a.lines.iter().chain(a.postcode.iter()).cloned().collect::<Vec<_>>().join(", "));
        add("Address", address.unwrap_or_default());
        if let Whose::Supporter { name } = &identity.contact {
            add("These details are of", name.clone());
        }
        let needs: Vec<&str> =
            identity.communication.formats.iter().map(|format| wording::format(format)).collect();
        add("Needs", needs.join(", "));
        add("How to reach them well", identity.communication.note.clone().unwrap_or_default());
    }
    add(
        "Language",
        match person.language.as_deref() {
            Some("cy") => "Welsh".into(),
            Some(_) => "English".into(),
            None => String::new(),
        },
    );
    add(
        "Supported",
        match person.supported_to {
            Some(to) => format!("from {} to {}", day(person.supported_from), day(to)),
            None => format!("since {}", day(person.supported_from)),
        },
    );
    add("Council", wording::area(app, &person.council));
    for earlier in &person.earlier_councils {
        add("Council before", format!("{}, until {}", wording::area(app, &earlier.code), day(earlier.to)));
    }
    if let Some(not_asked) = &person.not_asked {
        add(
            "Not asked",
            format!("since {}: the person {}", day(not_asked.from), wording::reason(not_asked.reason)),
        );
    }
    let directory = app.directory();
    let worker = person.worker.as_ref().and_then(|id| directory.any_account(id));
    add("Key worker", worker.map(|a| a.called().to_owned()).unwrap_or_default());
    for arrangement in &person.arrangements {
        let kind = app.registry.breakdown("arrangement").map_or("", |b| b.label(&arrangement.kind, "en"));
        let to = arrangement.to.map(|to| format!(" to {}", day(to))).unwrap_or_default();
        add("Arrangement", format!("{kind}, from {}{to}", day(arrangement.from)));
    }
    for (id, values) in &person.about {
        let Some(breakdown) = app.registry.breakdown(id) else { continue };
        let words: Vec<&str> = values.iter().map(|value| breakdown.label(value, "en")).collect();
        add(breakdown.title.get("en"), words.join(", "));
    }
    facts
}
