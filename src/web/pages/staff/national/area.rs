//! Where an area begins: the schemes that work for it, and who returned, as far as its figures may be seen.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::coverage::{current_period, returned};
use super::{HomePage, Instead, Line, StaffShell, signed_in};
use crate::app::App;
use crate::domain::access::{Action, Decision, Role, may};
use crate::domain::scheme::Scheme;
use crate::use_cases::Refusal;
use crate::web::pages::staff::page;

/// `GET /area`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let Role::Area(code) = staff.actor.role.clone() else { return Err(Refusal::Forbidden.into()) };
    let period = current_period(&app);
    let counts = returned(&app, &staff, &period, Some(&code)).await?;
    let name = app.registry.areas.get(&code).map_or_else(|| code.clone(), |area| area.name.clone());
    let directory = app.directory();
    let seen = |s: &&Scheme| {
        may(&staff.actor.role, Action::SeeScheme(s), &app.registry.areas) == Decision::Allow
            && !s.about.practice
    };
    let mut schemes: Vec<&Scheme> = directory.schemes().filter(seen).collect();
    schemes.sort_by(|a, b| a.about.name.cmp(&b.about.name));
    let list: Vec<Line> = schemes
        .iter()
        .map(|scheme| {
            let counted = counts.iter().find(|c| c.scheme == scheme.about.id);
            Line {
                title: scheme.about.name.clone(),
                address: None,
                words: counted.map_or_else(
                    || vec!["Nothing of this period can be shown yet.".to_owned()],
                    |c| vec![c.words()],
                ),
                state: String::new(),
            }
        })
        .collect();
    let home = HomePage {
        lead: "Here you see the schemes that work for you. Small numbers are hidden, so that nobody can be recognised.".into(),
        facts: vec![("Schemes that work for you", list.len().to_string()), ("Period", period)],
        links: vec![
            ("/area/dashboard", "Dashboard", "What people say, and what is counted beside it, at a glance."),
            ("/", "Figures", "The figures that everybody sees."),
            ("/api/docs", "Your own figures", "How to read the figures of your area by program."),
            ("/account", "Your account", "Where you are signed in, your password, your app."),
        ],
        list_heading: Some("Schemes, and who returned"),
        list,
        shell: StaffShell::of(&app, &http, &staff, &name),
    };
    Ok(page(StatusCode::OK, &home))
}
