//! Whom a scheme names for safety.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{given, led_scheme, tried};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::contacts::{Contacts, MOST_LEADS};
use crate::domain::fault::Fault;
use crate::use_cases::{put_contacts, read_contacts};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, recently_proved, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] = [("saved", "That is saved.")];

#[derive(Template)]
#[template(path = "staff/scheme/contacts.html")]
struct ContactsPage {
    shell: StaffShell,
    contacts: Vec<Entry>,
}

/// Somebody who is named.
struct Entry {
    key: String,
    title: String,
    hint: &'static str,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    label: &'static str,
    mode: &'static str,
    value: String,
}

/// `GET /scheme/contacts`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let actor = staff.actor.clone();
    let stored = blocking(&app, move |app| read_contacts(app, &actor, &own.id)).await?;
    Ok(shown(&app, &http, &staff, &of_stored(&stored), &[]))
}

/// `POST /scheme/contacts`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    recently_proved(&app, &staff, "/scheme/contacts")?;
    let (body, places) = body(&sent);
    if places.is_empty() {
        let detail =
            "Name at least one safeguarding lead. To change who it is, write the new name and address.";
        let fault = Fault { pointer: "/lead-0-name".into(), code: "missing", detail: detail.into() };
        return Ok(shown(&app, &http, &staff, &sent, &[fault]));
    }
    let actor = staff.actor.clone();
    match tried(&app, move |app| put_contacts(app, &actor, &own.id, &body)).await? {
        Ok(_) => Ok(go_to("/scheme/contacts?done=saved")),
        Err(faults) => {
            let faults: Vec<Fault> = faults.into_iter().map(|fault| to_field(fault, &places)).collect();
            Ok(shown(&app, &http, &staff, &sent, &faults))
        }
    }
}

/// What the act takes, and which field each lead stands in: empty ones are left out.
fn body(sent: &Form) -> (Value, Vec<usize>) {
    let (mut leads, mut places) = (Vec::new(), Vec::new());
    let entry = |key: &str, names: &[&str]| {
        let mut entry = json!({});
        for name in names {
            if let Some(value) = given(sent, &format!("{key}-{name}")) {
                entry[*name] = json!(value);
            }
        }
        Some(entry).filter(|e| e.as_object().is_some_and(|o| !o.is_empty()))
    };
    for place in 0..MOST_LEADS {
        if let Some(lead) = entry(&format!("lead-{place}"), &["name", "email"]) {
            leads.push(lead);
            places.push(place);
        }
    }
    let mut body = json!({"leads": leads});
    if let Some(help) = entry("help", &["name", "phone", "email"]) {
        body["help"] = help;
    }
    if let Some(outside) = entry("outside", &["name", "email"]) {
        body["outside"] = outside;
    }
    (body, places)
}

fn to_field(fault: Fault, places: &[usize]) -> Fault {
    let parts: Vec<&str> = fault.pointer.split('/').skip(1).collect();
    let field = match parts.as_slice() {
        ["leads", index, rest @ ..] => {
            let place = index.parse().ok().and_then(|i: usize| places.get(i)).copied().unwrap_or(0);
            format!("lead-{place}-{}", rest.first().unwrap_or(&"email"))
        }
        ["leads"] | [] => "lead-0-name".to_owned(),
        [key, rest @ ..] => format!("{key}-{}", rest.first().unwrap_or(&"name")),
    };
    Fault { pointer: format!("/{field}"), ..fault }
}

fn of_stored(contacts: &Contacts) -> Form {
    let mut fields = Vec::new();
    let mut add = |name: String, value: &str| fields.push((name, value.to_owned()));
    for (place, lead) in contacts.leads.iter().enumerate() {
        add(format!("lead-{place}-name"), &lead.name);
        add(format!("lead-{place}-email"), &lead.email);
    }
    if let Some(help) = &contacts.help {
        add("help-name".into(), &help.name);
        add("help-phone".into(), &help.phone);
        add("help-email".into(), help.email.as_deref().unwrap_or_default());
    }
    if let Some(outside) = &contacts.outside {
        add("outside-name".into(), &outside.name);
        add("outside-email".into(), &outside.email);
    }
    Form(fields)
}

fn shown(app: &App, http: &HttpRequest, staff: &Staff, sent: &Form, faults: &[Fault]) -> HttpResponse {
    let field = |key: &str, name: &str, label, mode| {
        let name = format!("{key}-{name}");
        Field { value: sent.get(&name).unwrap_or_default().to_owned(), name, label, mode }
    };
    let entry = |key: &str, title: String, hint, phone: bool| {
        let mut fields = vec![field(key, "name", "Name", "")];
        if phone {
            fields.push(field(key, "phone", "Telephone number", "tel"));
        }
        fields.push(field(key, "email", "E-mail address", "email"));
        Entry { key: key.to_owned(), title, hint, fields }
    };
    let mut contacts: Vec<Entry> = (0..MOST_LEADS)
        .map(|place| {
            let title = match place {
                0 => "First safeguarding lead".to_owned(),
                1 => "Second safeguarding lead".to_owned(),
                more => format!("Lead number {}, if you like", more + 1),
            };
            let hint = if place == 0 { "Is told first." } else { "" };
            entry(&format!("lead-{place}"), title, hint, false)
        })
        .collect();
    contacts.push(entry("outside", "Somebody outside your scheme".into(), "Is told if nobody in the scheme says that they have seen a worrying answer. The council’s safeguarding team, for example.", false));
    contacts.push(entry(
        "help",
        "Whom people can ring".into(),
        "People who answer see this under “Help now”.",
        true,
    ));
    let shell = StaffShell::of(app, http, staff, "Safety").done(http, &DONE).faulty(faults);
    page(shell.status(), &ContactsPage { contacts, shell })
}
