//! The form of one person: who they are, how they are reached, and their support. A lead fills in all of it, a worker the first part for
//! their own people.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::person_fields::{ARRANGEMENT, changed_meanwhile, enrolment, identity, of_stored, taken, to_field};
use super::{Chosen, Own, choices, given, own_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::identity::{FORMATS, Identity};
use crate::use_cases::{
    PersonSeen, Precondition, Refusal, check_participant, put_identity, put_participant, read_identity,
    show_person,
};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "staff/scheme/person_form.html")]
struct PersonFormPage {
    shell: StaffShell,
    leads: bool,
    adding: bool,
    action: String,
    back: String,
    f: Values,
    texts: &'static [TextField],
    lists: Vec<List>,
    formats: Vec<Chosen>,
    dates: &'static [TextField],
    support: Vec<List>,
    about: Vec<Group>,
}

/// What stands in the fields.
struct Values(Form);

impl Values {
    fn v(&self, name: &str) -> &str {
        self.0.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
    }
}

/// A field to be typed into.
struct TextField {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    /// Which keyboard a phone shows.
    mode: &'static str,
    /// Whether it has several lines.
    lines: bool,
}

const fn text(name: &'static str, label: &'static str, hint: &'static str, mode: &'static str) -> TextField {
    TextField { name, label, hint, mode, lines: false }
}

const TEXTS: [TextField; 6] = [
    text("name", "Name", "", ""),
    text("called", "Likes to be called, if it is another name", "", ""),
    text("email", "E-mail address", "", "email"),
    text("mobile", "Mobile number", "For text messages.", "tel"),
    TextField {
        lines: true,
        ..text("address", "Postal address", "One line for each part, without the postcode.", "")
    },
    text("postcode", "Postcode", "", ""),
];

const DATES: [TextField; 1] = [text("supported_from", "First day of support", "", "")];

/// A list to choose one from.
pub(super) struct List {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) choices: Vec<Chosen>,
}

/// A fact of which one or several values hold.
struct Group {
    name: String,
    label: String,
    several: bool,
    choices: Vec<Chosen>,
}

/// `GET /scheme/people/add`
pub(in crate::web) async fn show_new(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = super::led_scheme(&app, &staff)?;
    let usual = Form(vec![("channel".into(), "none".into()), ("whose".into(), "own".into())]);
    Ok(shown(&app, &http, &staff, &own, None, usual, &[]))
}

/// `GET /scheme/people/{ref}/edit`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    reference: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (person, tag, identity) = stored(&app, &staff, &own, reference.clone()).await?;
    let values = of_stored(&person, &tag, identity.as_ref());
    Ok(shown(&app, &http, &staff, &own, Some(&reference), values, &[]))
}

async fn stored(
    app: &web::Data<App>,
    staff: &Staff,
    own: &Own,
    reference: String,
) -> Result<(PersonSeen, String, Option<Identity>), Instead> {
    let (actor, scheme) = (staff.actor.clone(), own.id.clone());
    let read = move |app: &App| {
        let (person, tag) = show_person(app, &actor, &scheme, &reference)?;
        let identity = match read_identity(app, &actor, &scheme, &reference) {
            Ok(identity) => Some(identity),
            Err(Refusal::Unknown(_)) => None,
            Err(other) => return Err(other),
        };
        Ok((person, tag, identity))
    };
    Ok(blocking(app, read).await?)
}

/// `POST /scheme/people/add`
pub(in crate::web) async fn add(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = super::led_scheme(&app, &staff)?;
    let reference = sent.get("reference").unwrap_or_default().to_owned();
    let body = enrolment(&sent, None);
    let precondition = Precondition { matches: None, absent: true };
    match save(&app, &staff, &own, &reference, Some((body, precondition)), &sent).await? {
        Ok(()) => Ok(go_to(&format!("/scheme/people/{reference}?done=added"))),
        Err(faults) => Ok(shown(&app, &http, &staff, &own, None, sent, &faults)),
    }
}

/// `POST /scheme/people/{ref}/edit`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    reference: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (person, tag, _) = stored(&app, &staff, &own, reference.clone()).await?;
    let support = own.leads.then(|| {
        let seen = given(&sent, "tag").unwrap_or(&tag).to_owned();
        (enrolment(&sent, Some(&person)), Precondition { matches: Some(vec![seen]), absent: false })
    });
    match save(&app, &staff, &own, &reference, support, &sent).await? {
        Ok(()) => Ok(go_to(&format!("/scheme/people/{reference}?done=saved"))),
        Err(faults) => Ok(shown(&app, &http, &staff, &own, Some(&reference), sent, &faults)),
    }
}

/// Saves both parts, or neither: everything that is wrong is told at once.
async fn save(
    app: &web::Data<App>,
    staff: &Staff,
    own: &Own,
    reference: &str,
    support: Option<(Value, Precondition)>,
    sent: &Form,
) -> Result<Result<(), Vec<Fault>>, Instead> {
    let identity = identity(sent);
    let (actor, scheme, reference) = (staff.actor.clone(), own.id.clone(), reference.to_owned());
    let saved = tried(app, move |app| {
        let mut faults = match &support {
            Some((body, _)) => check_participant(app, &actor, &scheme, &reference, body)?,
            None => Vec::new(),
        };
        faults.extend(identity.as_ref().and_then(|body| Identity::check(body).err()).unwrap_or_default());
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        if let Some((body, precondition)) = &support {
            put_participant(app, &actor, &scheme, &reference, body, precondition).map_err(
                |refusal| match (refusal, precondition.absent) {
                    (Refusal::Changed, true) => Refusal::Invalid(vec![taken()]),
                    (Refusal::Changed, false) => Refusal::Invalid(vec![changed_meanwhile()]),
                    (other, _) => other,
                },
            )?;
        }
        if let Some(body) = &identity {
            put_identity(app, &actor, &scheme, &reference, body)?;
        }
        Ok(())
    })
    .await?;
    Ok(saved.map_err(|faults| faults.into_iter().map(to_field).collect()))
}

fn borrowed(all: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    all.iter().map(|(value, words)| (value.as_str(), words.as_str()))
}

/// The page. `reference`: whose; none = somebody new.
fn shown(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    own: &Own,
    reference: Option<&str>,
    sent: Form,
    faults: &[Fault],
) -> HttpResponse {
    let v = |name: &'static str| sent.get(name).unwrap_or_default().to_owned();
    let channels = [
        ("none", "Handed over in person"),
        ("visit", "On a visit"),
        ("email", "By e-mail"),
        ("text", "By text message"),
        ("letter", "By letter"),
    ];
    let whose = [
        ("own", "Their own"),
        ("shared", "Shared with others, such as a family’s address"),
        ("supporter", "Somebody’s who supports them"),
    ];
    let directory = app.directory();
    let scheme = directory.scheme_by_number(own.number);
    let councils: Vec<(String, String)> = scheme
        .map(|s| s.about.areas.iter().map(|a| (a.code.clone(), wording::area(app, &a.code))).collect())
        .unwrap_or_default();
    let workers: Vec<(String, String)> = directory
        .accounts()
        .filter(|a| a.disabled_at.is_none() && a.role().is_some_and(|r| r.works_in(own.number)))
        .map(|a| (a.id.clone(), a.called().to_owned()))
        .collect();
    let none = |words: &'static str| std::iter::once(("", words));
    let arrangement = app.registry.breakdown(ARRANGEMENT);
    let arrangements: Vec<(&str, &str)> = arrangement
        .map(|b| b.values.iter().map(|value| (value.as_str(), b.label(value, "en"))).collect())
        .unwrap_or_default();
    let mut support = Vec::new();
    match councils.as_slice() {
        // With one council there is nothing to choose.
        [only] => support.push(List {
            name: "council",
            label: "Council",
            choices: vec![(only.0.clone(), only.1.clone(), true)],
        }),
        _ => support.push(List {
            name: "council",
            label: "Council that is responsible",
            choices: choices(none("Choose one").chain(borrowed(&councils)), &v("council")),
        }),
    }
    support.push(List {
        name: "worker",
        label: "Key worker",
        choices: choices(none("Nobody yet").chain(borrowed(&workers)), &v("worker")),
    });
    support.push(List {
        name: "language",
        label: "Language in which they like to be asked",
        choices: choices([("", "Not known"), ("en", "English"), ("cy", "Welsh")].into_iter(), &v("language")),
    });
    support.push(List {
        name: ARRANGEMENT,
        label: "Arrangement now",
        choices: choices(none("Not known").chain(arrangements), &v(ARRANGEMENT)),
    });
    let about = app.registry.breakdowns.iter().filter(|b| b.id != ARRANGEMENT).map(|b| {
        let name = if b.several { format!("about.several.{}", b.id) } else { format!("about.{}", b.id) };
        let stored = format!("about.{}", b.id);
        let chosen: Vec<&str> = sent.all(&name).chain(sent.all(&stored)).collect();
        Group {
            label: b.title.get("en").to_owned(),
            several: b.several,
            choices: b
                .values
                .iter()
                .map(|value| {
                    (value.clone(), b.label(value, "en").to_owned(), chosen.contains(&value.as_str()))
                })
                .collect(),
            name,
        }
    });
    let chosen: Vec<&str> = sent.all("format").collect();
    let title = match reference {
        Some(reference) => format!("Change what is known of {}", given(&sent, "name").unwrap_or(reference)),
        None => "Add a person".to_owned(),
    };
    let shown = PersonFormPage {
        leads: own.leads,
        adding: reference.is_none(),
        action: reference.map_or_else(
            || "/scheme/people/add".into(),
            |reference| format!("/scheme/people/{reference}/edit"),
        ),
        back: reference
            .map_or_else(|| "/scheme/people".into(), |reference| format!("/scheme/people/{reference}")),
        texts: &TEXTS,
        lists: vec![
            List {
                name: "channel",
                label: "How they are asked",
                choices: choices(channels.into_iter(), &v("channel")),
            },
            List {
                name: "whose",
                label: "Whose these contact details are",
                choices: choices(whose.into_iter(), &v("whose")),
            },
        ],
        formats: FORMATS
            .iter()
            .map(|code| ((*code).to_owned(), wording::format(code).to_owned(), chosen.contains(code)))
            .collect(),
        dates: &DATES,
        support,
        about: about.collect(),
        shell: StaffShell::of(app, http, staff, &title).faulty(faults),
        f: Values(sent),
    };
    page(shown.shell.status(), &shown)
}
