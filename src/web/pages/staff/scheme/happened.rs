//! Short pages with one question each: why somebody is not asked, what has happened in their life, when support ends, when they are
//! visited, and whether they are really to be erased.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{Chosen, Names, Own, choices, fields, given, led_scheme, own_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::schedule::{EventKind, Reason};
use crate::use_cases::{
    Refusal, book_visit, erase_person, leave, lift_life_event, record_could_not, record_life_event,
    record_not_asked, show_person,
};
use crate::web::pages::staff::{
    Instead, Staff, StaffShell, form, page, parameter, recently_proved, signed_in,
};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "staff/scheme/happened.html")]
struct QuestionPage {
    shell: StaffShell,
    intro: Vec<String>,
    action: String,
    hidden: Vec<(&'static str, String)>,
    /// The name of the choice.
    field: &'static str,
    question: &'static str,
    choices: Vec<Chosen>,
    /// Name, words and value of a day.
    date: Option<(&'static str, &'static str, String)>,
    /// Name and words of a box to tick.
    tick: Option<(&'static str, &'static str)>,
    go: &'static str,
    back: String,
}

/// The questions that are asked here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Asks {
    /// Why somebody was not asked, or could not take part.
    Why,
    /// What has happened in their life.
    Event,
    /// When support ends.
    Leave,
    /// When they are visited.
    Visit,
    /// Whether they are to be erased.
    Erase,
}

macro_rules! pages {
    ($($(#[$about:meta])* $show:ident, $take:ident = $asks:expr;)+) => {$(
        $(#[$about])*
        pub(in crate::web) async fn $show(
            app: web::Data<App>,
            http: HttpRequest,
            reference: web::Path<String>,
        ) -> Result<HttpResponse, Instead> {
            show(&app, &http, reference.into_inner(), $asks).await
        }

        /// What was answered.
        pub(in crate::web) async fn $take(
            app: web::Data<App>,
            http: HttpRequest,
            reference: web::Path<String>,
            payload: web::Payload,
        ) -> Result<HttpResponse, Instead> {
            let sent = form(&http, payload).await?;
            take(&app, &http, reference.into_inner(), sent, $asks).await
        }
    )+};
}

pages! {
    /// `/scheme/people/{ref}/why`
    show_why, take_why = Asks::Why;
    /// `/scheme/people/{ref}/event`
    show_event, take_event = Asks::Event;
    /// `/scheme/people/{ref}/leave`
    show_leave, take_leave = Asks::Leave;
    /// `/scheme/people/{ref}/visit`
    show_visit, take_visit = Asks::Visit;
    /// `/scheme/people/{ref}/erase`
    show_erase, take_erase = Asks::Erase;
}

impl Asks {
    /// Who may answer it: setting up and erasing is for leads.
    fn scheme(self, app: &App, staff: &Staff) -> Result<Own, Instead> {
        match self {
            Self::Leave | Self::Erase => led_scheme(app, staff),
            Self::Why | Self::Event | Self::Visit => own_scheme(app, staff),
        }
    }
}

async fn show(
    app: &web::Data<App>,
    http: &HttpRequest,
    reference: String,
    asks: Asks,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(app, http).await?;
    let mut sent = Vec::new();
    for name in ["questionnaire", "due_on"] {
        sent.extend(parameter(http, name).map(|value| (name.to_owned(), value)));
    }
    question(app, http, &staff, reference, asks, &Form(sent), &[]).await
}

async fn take(
    app: &web::Data<App>,
    http: &HttpRequest,
    reference: String,
    sent: Form,
    asks: Asks,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(app, http).await?;
    let own = asks.scheme(app, &staff)?;
    let home = format!("/scheme/people/{reference}");
    if asks == Asks::Erase {
        recently_proved(app, &staff, &format!("{home}/erase"))?;
    }
    let (actor, person, body) = (staff.actor.clone(), reference.clone(), body(asks, &sent));
    let sure = sent.get("sure").is_some();
    let could_not = sent.get("kind") == Some("could-not");
    let done = tried(app, move |app| match asks {
        Asks::Why if could_not => record_could_not(app, &actor, &own.id, &person, &body),
        Asks::Why => record_not_asked(app, &actor, &own.id, &person, &body),
        Asks::Event => record_life_event(app, &actor, &own.id, &person, &body).map(drop),
        Asks::Leave => leave(app, &actor, &own.id, &person, &body).map(drop),
        Asks::Visit => book_visit(app, &actor, &own.id, &person, &body),
        Asks::Erase if sure => erase_person(app, &actor, &own.id, &person),
        Asks::Erase => Err(Refusal::Invalid(vec![Fault {
            pointer: "/sure".into(),
            code: "not-sure",
            detail: "Tick the box if you are sure. Nothing is erased otherwise.".into(),
        }])),
    })
    .await?;
    match done {
        Ok(()) => Ok(go_to(&match asks {
            Asks::Why => format!("{home}?done=noted"),
            Asks::Event => format!("{home}?done=event"),
            Asks::Leave => format!("{home}?done=left"),
            Asks::Visit => format!("{home}?done=booked"),
            Asks::Erase => "/scheme/people?done=erased".to_owned(),
        })),
        Err(faults) => question(app, http, &staff, reference, asks, &sent, &faults).await,
    }
}

/// What an act takes.
fn body(asks: Asks, sent: &Form) -> Value {
    let names: &[&str] = match asks {
        Asks::Why => &["questionnaire", "due_on", "reason"],
        Asks::Event => &["kind", "from"],
        Asks::Leave | Asks::Visit => &["on"],
        Asks::Erase => &[],
    };
    fields(sent, names)
}

/// `POST /scheme/people/{ref}/lift`: a life event is over.
pub(in crate::web) async fn lift(
    app: web::Data<App>,
    http: HttpRequest,
    reference: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let event = sent.get("event").unwrap_or_default().to_owned();
    let home = format!("/scheme/people/{reference}?done=lifted");
    let actor = staff.actor.clone();
    let act = move |app: &App| match lift_life_event(app, &actor, &own.id, &reference, &event, &json!({})) {
        // Pressing twice is no fault.
        Err(Refusal::Exists(_)) => Ok(()),
        other => other.map(drop),
    };
    blocking(&app, act).await?;
    Ok(go_to(&home))
}

async fn question(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    reference: String,
    asks: Asks,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = asks.scheme(app, staff)?;
    let (actor, person) = (staff.actor.clone(), reference.clone());
    let (seen, names) = blocking(app, move |app| {
        let (seen, _) = show_person(app, &actor, &own.id, &person)?;
        let names = Names::read(app, &actor, &own.id, std::iter::once(person))?;
        Ok::<_, Refusal>((seen, names))
    })
    .await?;
    let name = names.of(&reference);
    let today = app.today().to_string();
    let value = |field: &'static str, usual: &str| given(sent, field).unwrap_or(usual).to_owned();
    let home = format!("/scheme/people/{reference}");
    let mut shown = QuestionPage {
        shell: StaffShell::bare(""),
        intro: Vec::new(),
        action: home.clone(),
        hidden: Vec::new(),
        field: "",
        question: "",
        choices: Vec::new(),
        date: None,
        tick: None,
        go: "Save",
        back: home.clone(),
    };
    let title = match asks {
        Asks::Why => {
            let (questionnaire, due_on) = (value("questionnaire", ""), value("due_on", ""));
            let of = |o: &&crate::use_cases::OccasionSeen| {
                o.questionnaire == questionnaire && o.due_on.to_string() == due_on
            };
            let occasion = seen.occasions.iter().flatten().find(of).ok_or(Refusal::Unknown(None))?;
            let asked = occasion.invitation.is_some();
            shown.action = format!("{home}/why");
            shown.hidden = vec![
                ("questionnaire", questionnaire),
                ("due_on", due_on),
                ("kind", if asked { "could-not" } else { "not-asked" }.to_owned()),
            ];
            shown.field = "reason";
            shown.question = "Why? The person …";
            let all = Reason::ALL.iter().filter(|r| **r != Reason::AskedRecently);
            shown.choices =
                choices(all.map(|r| (r.code(), r.words())), sent.get("reason").unwrap_or_default());
            match asked {
                true => format!("{name} could not take part"),
                false => format!("{name} is not asked this time"),
            }
        }
        Asks::Event => {
            shown.action = format!("{home}/event");
            shown.intro = vec!["From the moment you save this, nobody writes to this person. Reminders that were planned are not sent.".into()];
            shown.field = "kind";
            shown.question = "What has happened?";
            let all = EventKind::ALL.into_iter().map(|k| (k.code(), wording::event(k)));
            shown.choices = choices(all, sent.get("kind").unwrap_or_default());
            shown.date = Some(("from", "Since when", value("from", &today)));
            format!("Something has happened to {name}")
        }
        Asks::Leave => {
            shown.action = format!("{home}/leave");
            shown.intro =
                vec!["Arrangements end on the same day. The person is asked once more, on leaving.".into()];
            shown.date = Some(("on", "Last day of support", value("on", &today)));
            format!("Support of {name} ends")
        }
        Asks::Visit => {
            shown.action = format!("{home}/visit");
            shown.intro = vec![
                "On that day the person stands on the page “On a visit”, ready to be handed the tablet."
                    .into(),
            ];
            shown.date = Some(("on", "Day of the visit", value("on", &today)));
            shown.go = "Book the visit";
            format!("Book a visit to {name}")
        }
        Asks::Erase => {
            shown.action = format!("{home}/erase");
            shown.intro = vec![
                "Everything that is stored of this person is deleted: name, contact details, needs, arrangements, invitations and every answer. Figures are counted again without them.".into(),
                "This cannot be undone. Backups that were made before still hold it until they are deleted.".into(),
            ];
            shown.tick = Some(("sure", "Yes, erase this person"));
            shown.go = "Erase";
            format!("Erase {name}")
        }
    };
    shown.shell = StaffShell::of(app, http, staff, &title).faulty(faults);
    Ok(page(shown.shell.status(), &shown))
}
