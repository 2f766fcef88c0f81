//! One scheme: its name and councils, whom it names for safety, and closing it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::schemes::{at_fields, some};
use super::{Instead, StaffShell, national};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::contacts::MOST_LEADS;
use crate::domain::fault::Fault;
use crate::domain::reader::parse_date;
use crate::domain::scheme::Scheme;
use crate::use_cases::{Refusal, put_contacts, update_scheme};
use crate::web::pages::staff::{Staff, form, page, recently_proved};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::blocking;

/// How councils are written in a form.
pub(super) const COUNCILS: &str = "One line for each: its code, the first day, and the last day if there is one. Like: E08000035 2020-04-01";
const DONE: [(&str, &str); 4] = [
    ("added", "The scheme is added."),
    ("changed", "The scheme is changed."),
    ("contacts", "The contacts are changed."),
    ("closed", "The scheme is closed from the day after. Close the accounts of its staff, too."),
];

/// A page with one form.
#[derive(Template)]
#[template(path = "staff/national/scheme.html")]
pub(super) struct EditPage {
    pub(super) shell: StaffShell,
    pub(super) fields: Vec<Field>,
    /// What each button does, and its words; the first one is the main one.
    pub(super) buttons: Vec<(&'static str, &'static str)>,
    /// What would happen.
    pub(super) report: Vec<String>,
    /// Address and words of what else can be done.
    pub(super) links: Vec<(String, &'static str)>,
}

/// A field of a form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
    /// 1: a line; more: a box.
    pub(super) lines: u8,
    /// Codes and words, if one of them is chosen.
    pub(super) choices: Vec<(&'static str, &'static str)>,
    /// Whether it is only shown.
    pub(super) fixed: bool,
    /// What stands above it.
    pub(super) heading: Option<&'static str>,
}

impl Field {
    pub(super) fn line(name: &'static str, label: &'static str, hint: &'static str, value: String) -> Self {
        Self { name, label, hint, value, lines: 1, choices: Vec::new(), fixed: false, heading: None }
    }
}

/// Councils of a form as the API has them.
pub(super) fn areas_of(text: &str) -> Value {
    let line = |line: &str| {
        let mut parts = line.split([' ', ',', '\t']).filter(|part| !part.is_empty());
        json!({"code": parts.next(), "from": parts.next(), "to": parts.next()})
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(line).collect()
}

fn written_areas(scheme: &Scheme) -> String {
    let line = |area: &crate::domain::scheme::SchemeArea| {
        let to = area.to.map(|to| format!(" {to}")).unwrap_or_default();
        format!("{} {}{to}", area.code, area.from)
    };
    scheme.about.areas.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The scheme as the API has it.
fn body_of(scheme: &Scheme) -> Value {
    let about = &scheme.about;
    let areas: Vec<Value> =
        about.areas.iter().map(|a| json!({"code": a.code, "from": a.from, "to": a.to})).collect();
    let units: Vec<Value> =
        about.units.iter().map(|u| json!({"id": u.id, "name": u.name, "from": u.from, "to": u.to})).collect();
    json!({"id": about.id, "name": about.name, "model": about.model.code(), "areas": areas, "units": units,
           "cqc_location_id": about.cqc_location_id})
}

/// `GET /national/schemes/{id}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    edit_page(&app, &http, &staff, &id, &Form::default(), &[])
}

/// `POST /national/schemes/{id}`
pub(in crate::web) async fn change(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let here = format!("/national/schemes/{id}");
    let closing = sent.get("go") == Some("close");
    if closing {
        recently_proved(&app, &staff, &here)?;
    }
    let directory = app.directory();
    let scheme = directory.scheme(&id).ok_or(Refusal::Unknown(None))?;
    let mut body = body_of(scheme);
    if closing {
        let Some(last) = sent.get("last_day").and_then(parse_date) else {
            let fault = Fault {
                pointer: "/last_day".into(),
                code: "not-a-date",
                detail: "Write the last day, like 2026-12-31.".into(),
            };
            return edit_page(&app, &http, &staff, &id, &sent, &[fault]);
        };
        for area in body["areas"].as_array_mut().into_iter().flatten() {
            if area["to"].as_str().and_then(parse_date).is_none_or(|to| to > last) {
                area["to"] = json!(last);
            }
        }
    } else {
        body["name"] = some(sent.get("name").unwrap_or_default());
        body["cqc_location_id"] = some(sent.get("cqc_location_id").unwrap_or_default());
        body["areas"] = areas_of(sent.get("areas").unwrap_or_default());
    }
    let (actor, id) = (staff.actor.clone(), id.into_inner());
    let of = id.clone();
    let done = blocking(&app, move |app| match update_scheme(app, &actor, &of, &body) {
        Err(Refusal::Invalid(faults)) => Ok(faults),
        other => other.map(|_| Vec::new()).map_err(Problem::from),
    });
    let faults = done.await?;
    if faults.is_empty() {
        return Ok(go_to(&format!("{here}?done={}", if closing { "closed" } else { "changed" })));
    }
    edit_page(&app, &http, &staff, &id, &sent, &at_fields(&faults))
}

fn edit_page(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    id: &str,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let directory = app.directory();
    let scheme = directory.scheme(id).ok_or(Refusal::Unknown(None))?;
    let value = |name: &'static str, known: String| {
        sent.get(name).map_or(known, |typed| typed.chars().take(4000).collect())
    };
    let about = &scheme.about;
    let fixed =
        |name, label, value: &str| Field { fixed: true, ..Field::line(name, label, "", value.to_owned()) };
    let fields = vec![
        fixed("id", "Short name", &about.id),
        fixed("model", "Model", about.model.code()),
        Field::line("name", "Name", "", value("name", about.name.clone())),
        Field {
            lines: 5,
            ..Field::line("areas", "Councils", COUNCILS, value("areas", written_areas(scheme)))
        },
        Field::line(
            "cqc_location_id",
            "CQC location id",
            "If it is regulated, like 1-348374832.",
            value("cqc_location_id", about.cqc_location_id.clone().unwrap_or_default()),
        ),
        Field {
            heading: Some("Close the scheme"),
            ..Field::line(
                "last_day",
                "Last day",
                "Only to close it: its last day of work for all councils, like 2026-12-31. Answers and figures stay.",
                value("last_day", String::new()),
            )
        },
    ];
    let shell = StaffShell::of(app, http, staff, &about.name).done(http, &DONE).faulty(faults);
    let shown = EditPage {
        fields,
        buttons: vec![("change", "Save"), ("close", "Close the scheme")],
        report: Vec::new(),
        links: vec![
            (format!("/national/schemes/{id}/contacts"), "Contacts for safety"),
            ("/national/schemes".to_owned(), "All schemes"),
        ],
        shell,
    };
    Ok(page(shown.shell.status(), &shown))
}

/// `GET /national/schemes/{id}/contacts`
pub(in crate::web) async fn contacts(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    contacts_page(&app, &http, &staff, &id, &Form::default(), &[])
}

/// `POST /national/schemes/{id}/contacts`
pub(in crate::web) async fn change_contacts(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let given = |name: &'static str| sent.get(name).unwrap_or_default().trim();
    let help = match (given("help"), given("help_phone"), given("help_email")) {
        ("", "", "") => Value::Null,
        (name, phone, email) => json!({"name": some(name), "phone": some(phone), "email": some(email)}),
    };
    // “Ann Example, ann@scheme.example”: the last word is the address.
    let contact = |line: &str| {
        let (name, email) = line.rsplit_once([' ', ',', '\t']).unwrap_or(("", line));
        json!({"name": some(name.trim_end_matches([',', ' '])), "email": some(email)})
    };
    let leads: Vec<Value> =
        given("leads").lines().map(str::trim).filter(|l| !l.is_empty()).map(contact).collect();
    if leads.is_empty() && app.directory().scheme(&id).is_some() {
        let detail =
            "Name at least one safeguarding lead. To change who it is, write the new name and address.";
        let fault = Fault { pointer: "/leads".into(), code: "missing", detail: detail.into() };
        return contacts_page(&app, &http, &staff, &id, &sent, &[fault]);
    }
    let outside = if given("outside").is_empty() { Value::Null } else { contact(given("outside")) };
    let body = json!({"help": help, "leads": leads, "outside": outside});
    let (actor, of) = (staff.actor.clone(), id.clone());
    let done = blocking(&app, move |app| match put_contacts(app, &actor, &of, &body) {
        Err(Refusal::Invalid(faults)) => Ok(faults),
        other => other.map(|_| Vec::new()).map_err(Problem::from),
    });
    let faults = done.await?;
    if faults.is_empty() {
        return Ok(go_to(&format!("/national/schemes/{id}/contacts?done=contacts")));
    }
    contacts_page(&app, &http, &staff, &id, &sent, &at_fields(&faults))
}

fn contacts_page(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    id: &str,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let directory = app.directory();
    let scheme = directory.scheme(id).ok_or(Refusal::Unknown(None))?;
    let known = &scheme.contacts;
    let value = |name: &'static str, known: String| {
        sent.get(name).map_or(known, |typed| typed.chars().take(4000).collect())
    };
    let help = known.help.as_ref();
    let written = |c: &crate::domain::contacts::Contact| format!("{}, {}", c.name, c.email);
    let leads = known.leads.iter().map(written).collect::<Vec<_>>().join("\n");
    let text = |known: Option<&String>| known.cloned().unwrap_or_default();
    let fields = vec![
        Field {
            heading: Some("Whom people can ring"),
            ..Field::line(
                "help",
                "Name",
                "Stands under “Help now” on each page of a survey.",
                value("help", text(help.map(|h| &h.name))),
            )
        },
        Field::line("help_phone", "Telephone", "", value("help_phone", text(help.map(|h| &h.phone)))),
        Field::line(
            "help_email",
            "E-mail address",
            "May stay empty.",
            value("help_email", text(help.and_then(|h| h.email.as_ref()))),
        ),
        Field {
            heading: Some("Who is told when somebody may not be safe"),
            lines: u8::try_from(MOST_LEADS).unwrap_or(4),
            ..Field::line(
                "leads",
                "Safeguarding leads, in order",
                "Two to four, one line each: name, then e-mail address. Like: Ann Example, ann@scheme.example",
                value("leads", leads),
            )
        },
        Field::line(
            "outside",
            "Somebody outside the scheme",
            "Told if nobody inside looks at it. Written in the same way.",
            value("outside", known.outside.as_ref().map(written).unwrap_or_default()),
        ),
    ];
    let title = format!("Contacts of {}", scheme.about.name);
    let shell = StaffShell::of(app, http, staff, &title).done(http, &DONE).faulty(faults);
    let shown = EditPage {
        fields,
        buttons: vec![("save", "Save")],
        report: Vec::new(),
        links: vec![(format!("/national/schemes/{id}"), "Back to the scheme")],
        shell,
    };
    Ok(page(shown.shell.status(), &shown))
}
