//! Where the national team begins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{HomePage, Instead, StaffShell, national};
use crate::app::App;
use crate::use_cases::open_complaints;
use crate::web::pages::staff::page;
use crate::web::request::blocking;

/// `GET /national`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let actor = staff.actor.clone();
    let (open, late) = blocking(&app, move |app| open_complaints(app, &actor, None)).await?;
    let directory = app.directory();
    let accounts = directory.accounts().filter(|a| a.disabled_at.is_none());
    let without = directory.schemes().filter(|s| !s.about.practice && !s.contacts.are_enough_to_invite());
    let complaints = if late > 0 { format!("{open}, {late} of them late") } else { open.to_string() };
    let home = HomePage {
        lead: "The national team enters schemes, looks after accounts and publishes figures. It sees no names and nobody’s own words.".into(),
        facts: vec![
            ("Schemes", directory.schemes().filter(|s| !s.about.practice).count().to_string()),
            ("Schemes without two safeguarding leads", without.count().to_string()),
            ("Open accounts", accounts.count().to_string()),
            ("Complaints to answer", complaints),
        ],
        links: vec![
            ("/national/dashboard", "Dashboard", "What people say, and what is counted beside it, at a glance."),
            ("/national/schemes", "Schemes", "Add a scheme, change its councils and contacts, close it, import many."),
            ("/national/staff", "Accounts", "Invite people, close accounts, help who has lost their phone."),
            ("/national/coverage", "Who returned", "How many people each scheme asked, and how many answered."),
            ("/national/releases", "Releases", "Draft a release, see what it hides, attack it and publish it."),
            ("/national/questionnaires", "Questionnaires", "Versions, and how many answers each has."),
            ("/national/areas", "Areas", "Councils and regions, with their dates and successors."),
            ("/national/retention", "How long data are kept", "What is deleted when, and why."),
            ("/national/complaints", "Complaints about data", "Acknowledge and answer them in time."),
            ("/", "Figures", "The figures that everybody sees."),
        ],
        list_heading: None,
        list: Vec::new(),
        shell: StaffShell::of(&app, &http, &staff, "National"),
    };
    Ok(page(StatusCode::OK, &home))
}
