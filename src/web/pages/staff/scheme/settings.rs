//! How a scheme is set up, with the way to each part.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{own_scheme, wording};
use crate::app::App;
use crate::domain::contacts::LEADS_TO_INVITE;
use crate::domain::schedule::Schedule;
use crate::use_cases::{Refusal, list_schedules};
use crate::web::pages::staff::{Instead, StaffShell, page, signed_in};
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] = [("saved", "That is saved.")];

#[derive(Template)]
#[template(path = "staff/scheme/settings.html")]
struct SettingsPage {
    shell: StaffShell,
    leads: bool,
    safety: String,
    schedules: Vec<Line>,
    facts: Vec<(&'static str, String)>,
}

struct Line {
    id: String,
    title: String,
    words: String,
}

/// `GET /scheme/settings`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let set = blocking(&app, move |app| list_schedules(app, &actor, &id)).await?;
    let directory = app.directory();
    let scheme = directory.scheme_by_number(own.number).ok_or(Refusal::Unknown(None))?;
    let line = |(id, title): (String, String)| {
        let schedule = set.iter().find(|s| s.schedule.questionnaire == id).map(|s| &s.schedule);
        Line {
            words: schedule.map_or_else(|| "Not set up: nobody is asked.".into(), |s| in_words(&app, s)),
            id,
            title,
        }
    };
    let named = scheme.contacts.leads.len();
    let councils: Vec<String> =
        scheme.councils_on(app.today()).map(|code| wording::area(&app, code)).collect();
    let shown = SettingsPage {
        leads: own.leads,
        safety: match (named, LEADS_TO_INVITE) {
            (0, _) => "No safeguarding lead is named. Nobody can be asked before two are.".into(),
            (1, _) => {
                "One safeguarding lead is named. One more is needed before anybody can be asked.".into()
            }
            (more, _) => format!("{more} safeguarding leads are named."),
        },
        schedules: super::waves::sent_by_name(&app, &own.id).into_iter().map(line).collect(),
        facts: vec![
            ("Name", scheme.shown_name()),
            ("Councils", councils.join(", ")),
            ("CQC location", scheme.about.cqc_location_id.clone().unwrap_or_else(|| "none".into())),
        ],
        shell: StaffShell::of(&app, &http, &staff, "How your scheme is set up").done(&http, &DONE),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// A schedule in one or two sentences.
fn in_words(app: &App, schedule: &Schedule) -> String {
    let mut when = Vec::new();
    if schedule.baseline {
        when.push("when support begins".to_owned());
    }
    if let Some(months) = schedule.every_months {
        when.push(format!("every {months} months"));
    }
    if schedule.exit {
        when.push("on leaving".to_owned());
    }
    if when.is_empty() {
        when.push("only in waves".to_owned());
    }
    let reminders: Vec<String> = schedule.reminder_days.iter().map(u32::to_string).collect();
    let remind = match reminders.as_slice() {
        [] => "No reminders.".to_owned(),
        days => format!("Reminders after {} days.", days.join(" and ")),
    };
    let mut whom = String::new();
    for (id, values) in &schedule.only {
        let Some(breakdown) = app.registry.breakdown(id) else { continue };
        let words: Vec<&str> = values.iter().map(|value| breakdown.label(value, "en")).collect();
        whom.push_str(&format!(" Only for: {}.", words.join(", ")));
    }
    format!(
        "Asked {}. Overdue after {} days. Can be answered for {} days. {remind}{whom}",
        when.join(", "),
        schedule.grace_days,
        schedule.answer_days
    )
}
