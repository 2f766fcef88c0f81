//! Waves: everybody asked on one day. Who is in each, how they stand, and what became of the messages.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Chosen, Names, choices, day, fields, given, led_scheme, own_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::definition::Definition;
use crate::domain::fault::Fault;
use crate::use_cases::{
    Delivery, DeliveryList, MessageCounts, Refusal, WaveSeen, delivery_of, due_list, list_waves, make_wave,
};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] =
    [("made", "The wave begins on its day. Whoever is in it stands on the page “Due” then.")];

#[derive(Template)]
#[template(path = "staff/scheme/waves.html")]
struct WavesPage {
    shell: StaffShell,
    leads: bool,
    questionnaires: Vec<Chosen>,
    due_on: String,
    waves: Vec<Line>,
}

struct Line {
    id: String,
    title: String,
    due: String,
    people: String,
    counts: Vec<(&'static str, usize)>,
}

#[derive(Template)]
#[template(path = "staff/scheme/wave.html")]
struct WavePage {
    shell: StaffShell,
    what: String,
    due: String,
    month: String,
    counts: Vec<(&'static str, usize)>,
    /// How many messages and reminders stand how.
    messages: Vec<(String, usize)>,
    people: Vec<Person>,
}

struct Person {
    reference: String,
    name: String,
    state: &'static str,
    message: String,
}

/// `GET /scheme/waves`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    list(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /scheme/waves`
pub(in crate::web) async fn make(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let body = fields(&sent, &["questionnaire", "due_on"]);
    let actor = staff.actor.clone();
    match tried(&app, move |app| make_wave(app, &actor, &own.id, &body)).await? {
        Ok(wave) => Ok(go_to(&format!("/scheme/waves/{}?done=made", wave.id))),
        Err(faults) => list(&app, &http, &staff, &sent, &faults).await,
    }
}

async fn list(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = own_scheme(app, staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let waves = blocking(app, move |app| list_waves(app, &actor, &id)).await?;
    let all = sent_by_name(app, &own.id);
    let asked = all.iter().map(|(id, title)| (id.as_str(), title.as_str()));
    let shown = WavesPage {
        leads: own.leads,
        questionnaires: choices(asked, sent.get("questionnaire").unwrap_or_default()),
        due_on: given(sent, "due_on").map_or_else(|| app.today().to_string(), str::to_owned),
        waves: waves.iter().map(|wave| line(app, wave)).collect(),
        shell: StaffShell::of(app, http, staff, "Waves").faulty(faults),
    };
    let status = shown.shell.status();
    Ok(page(status, &shown))
}

/// The questionnaires of a scheme's model: id and name.
pub(super) fn questionnaires(app: &App, scheme: &str) -> Vec<(String, String)> {
    of_model(app, scheme, |_| true)
}

/// Those of them to which people are invited by name.
pub(super) fn sent_by_name(app: &App, scheme: &str) -> Vec<(String, String)> {
    of_model(app, scheme, Definition::can_be_sent_by_name)
}

fn of_model(app: &App, scheme: &str, wanted: impl Fn(&Definition) -> bool) -> Vec<(String, String)> {
    let directory = app.directory();
    let Some(model) = directory.scheme(scheme).map(|s| s.about.model) else { return Vec::new() };
    let all = app.registry.ids().filter_map(|id| app.registry.latest(id));
    let wanted = all.filter(|d| d.model == model && wanted(d));
    wanted.map(|d| (d.id.clone(), d.title.get("en").to_owned())).collect()
}

fn line(app: &App, wave: &WaveSeen) -> Line {
    Line {
        id: wave.id.clone(),
        title: wording::questionnaire(app, &wave.questionnaire),
        due: day(wave.due_on),
        people: wording::people(wave.people),
        counts: counts(wave),
    }
}

fn counts(wave: &WaveSeen) -> Vec<(&'static str, usize)> {
    wave.states.iter().map(|(state, count)| (wording::state(state), *count)).collect()
}

/// What became of somebody's invitation and reminders.
fn message(delivery: &Delivery) -> String {
    let reminders = delivery
        .reminders
        .iter()
        .map(|reminder| format!(" Reminder {}: {}", reminder.number, wording::message(&reminder.message)));
    reminders.fold(wording::message(&delivery.message), |all, words| all + &words)
}

fn message_counts(list: &DeliveryList) -> Vec<(String, usize)> {
    let words = |state: &str, what: &str| match state {
        "not-sent" => format!("{what} to hand over"),
        "waiting" => format!("{what} on their way"),
        "trying" => format!("{what} not delivered yet, tried again"),
        "sent" => format!("{what} sent"),
        _ => format!("{what} that could not be delivered"),
    };
    let of = |counts: &MessageCounts, what: &'static str| -> Vec<(String, usize)> {
        counts
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(state, count)| (words(state, what), *count))
            .collect()
    };
    [of(&list.counts, "invitations"), of(&list.reminder_counts, "reminders")].concat()
}

/// `GET /scheme/waves/{id}`
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    let (wave, found, names, delivery) = blocking(&app, move |app| {
        let waves = list_waves(app, &actor, &own.id)?;
        let wave = waves.into_iter().find(|wave| wave.id == *id).ok_or(Refusal::Unknown(None))?;
        let mut found = due_list(app, &actor, &own.id, Some(wave.due_on))?.items;
        found.retain(|item| item.occasion.wave.as_deref() == Some(&wave.id));
        let names = Names::read(app, &actor, &own.id, found.iter().map(|item| item.participant.clone()))?;
        let delivery = delivery_of(app, &actor, &own.id, Some(&wave.id))?;
        Ok::<_, Refusal>((wave, found, names, delivery))
    })
    .await?;
    let mut people: Vec<Person> = found
        .iter()
        .map(|item| Person {
            reference: item.participant.clone(),
            name: names.of(&item.participant),
            state: wording::state(item.occasion.state),
            message: item
                .occasion
                .invitation
                .as_ref()
                .and_then(|id| delivery.items.iter().find(|one| one.invitation == *id))
                .map(message)
                .unwrap_or_default(),
        })
        .collect();
    people.sort_by_key(|person| person.name.to_lowercase());
    let what = wording::questionnaire(&app, &wave.questionnaire);
    let shown = WavePage {
        shell: StaffShell::of(&app, &http, &staff, &format!("Wave of {}", day(wave.due_on)))
            .done(&http, &DONE),
        due: day(wave.due_on),
        month: wave.due_on.format("%Y-%m").to_string(),
        counts: counts(&wave),
        messages: message_counts(&delivery),
        people,
        what,
    };
    Ok(page(StatusCode::OK, &shown))
}
