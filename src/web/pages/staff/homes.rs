//! The pages on which the national team and areas begin.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Instead, StaffShell, page, signed_in};
use crate::app::App;
use crate::domain::access::{Action, Role, may};
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

/// `GET /national`
pub(in crate::web) async fn national(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    if staff.actor.role != Role::National {
        return Err(Refusal::Forbidden.into());
    }
    let directory = app.directory();
    let open = directory.accounts().filter(|a| a.disabled_at.is_none());
    let home = HomePage {
        lead: "The national team enters schemes, looks after accounts and publishes figures. It sees no names and nobody’s own words.".into(),
        facts: vec![
            ("Schemes", directory.schemes().count().to_string()),
            ("Open accounts", open.count().to_string()),
            ("Questionnaires", app.registry.ids().count().to_string()),
        ],
        links: vec![
            ("/national/staff", "Accounts", "Invite people, close accounts, help who has lost their phone."),
            ("/", "Figures", "The figures that everybody sees."),
            ("/account", "Your account", "Where you are signed in, your password, your app."),
        ],
        shell: StaffShell::of(&app, &http, &staff, "National"),
    };
    Ok(page(StatusCode::OK, &home))
}

/// `GET /area`
pub(in crate::web) async fn area(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let Role::Area(code) = &staff.actor.role else { return Err(Refusal::Forbidden.into()) };
    let name = app.registry.areas.get(code).map_or(code.as_str(), |area| area.name.as_str());
    let directory = app.directory();
    let seen = |s: &&crate::domain::scheme::Scheme| {
        may(&staff.actor.role, Action::SeeScheme(s), &app.registry.areas)
            == crate::domain::access::Decision::Allow
    };
    let schemes: Vec<&str> = directory.schemes().filter(seen).map(|s| s.about.name.as_str()).collect();
    let home = HomePage {
        lead: "Here you see the figures of the schemes that work for you. Small numbers are hidden, so that nobody can be recognised.".into(),
        facts: vec![("Schemes that work for you", schemes.len().to_string()), ("They are", schemes.join(", "))],
        links: vec![
            ("/", "Figures", "The figures that everybody sees."),
            ("/account", "Your account", "Where you are signed in, your password, your app."),
        ],
        shell: StaffShell::of(&app, &http, &staff, name),
    };
    Ok(page(StatusCode::OK, &home))
}
