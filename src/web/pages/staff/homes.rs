//! The page on which a scheme's staff begin. Those of the national team and of areas are in `national/`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Instead, StaffShell, page, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::use_cases::Refusal;

#[derive(Template)]
#[template(path = "staff/home.html")]
struct HomePage {
    shell: StaffShell,
    /// One sentence of what this place is.
    lead: String,
    /// Small facts: what, and how it is.
    facts: Vec<(&'static str, String)>,
    /// What can be done here: address, words, and what for.
    links: Vec<(&'static str, &'static str, &'static str)>,
}

/// `GET /scheme`
pub(in crate::web) async fn scheme(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let is_lead = matches!(staff.actor.role, Role::SchemeLead(_));
    let number = match staff.actor.role {
        Role::SchemeLead(number) | Role::SchemeWorker(number) => number,
        _ => return Err(Refusal::Forbidden.into()),
    };
    let directory = app.directory();
    let scheme = directory.scheme_by_number(number).ok_or(Refusal::Unknown(None))?;
    let councils: Vec<&str> = scheme
        .about
        .areas
        .iter()
        .filter_map(|a| Some(app.registry.areas.get(&a.code)?.name.as_str()))
        .collect();
    let mut links = vec![("/visit", "On a visit", "Hand this tablet to somebody who answers.")];
    if is_lead {
        links.insert(0, ("/scheme/staff", "Staff", "Invite your team, and see who can sign in."));
    }
    links.push(("/account", "Your account", "Where you are signed in, your password, your app."));
    let home = HomePage {
        lead: "This is your scheme’s place. What people answer stays theirs: here you see who can be asked, never what they said."
            .into(),
        facts: vec![
            ("Councils", councils.join(", ")),
            ("Safeguarding leads named", scheme.contacts.leads.len().to_string()),
        ],
        links,
        shell: StaffShell::of(&app, &http, &staff, &scheme.about.name),
    };
    Ok(page(StatusCode::OK, &home))
}
