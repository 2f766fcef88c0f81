//! The four steps of a new workspace. It is useful after each: leads are told of worrying answers, people are on the list, the list says
//! when each is due, and the first survey is out.

use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::contacts::LEADS_TO_INVITE;
use crate::use_cases::{Refusal, ScheduleSeen, list_schedules};

use super::Own;

/// One step.
pub(in crate::web::pages) struct SetUpStep {
    pub(in crate::web::pages) title: &'static str,
    /// What it is good for.
    pub(in crate::web::pages) why: String,
    pub(in crate::web::pages) address: &'static str,
    pub(in crate::web::pages) go: &'static str,
    pub(in crate::web::pages) done: bool,
}

/// The steps, or none if all are done.
pub(super) fn set_up_steps(
    app: &App,
    actor: &Actor,
    own: &Own,
    people: usize,
    asked: bool,
) -> Result<Vec<SetUpStep>, Refusal> {
    let directory = app.directory();
    let leads = directory.scheme_by_number(own.number).map_or(0, |s| s.contacts.leads.len());
    let schedules = list_schedules(app, actor, &own.id)?;
    let asks =
        schedules.iter().any(|s: &ScheduleSeen| s.schedule.baseline || s.schedule.every_months.is_some());
    let steps = vec![
        SetUpStep {
            title: "Name your safeguarding leads",
            why: format!(
                "If an answer is worrying, they are told by mail. Name {LEADS_TO_INVITE} before anybody is asked."
            ),
            address: "/scheme/contacts",
            go: "Name them",
            done: leads >= LEADS_TO_INVITE,
        },
        SetUpStep {
            title: "Bring in your people",
            why: "Paste them from Excel, or send a file. You see what would happen before anything is kept.".into(),
            address: "/scheme/import",
            go: "Bring them in",
            done: people > 0,
        },
        SetUpStep {
            title: "Check when people are asked",
            why: match asks {
                true => "At the start, every six months from each person’s own start date, and on leaving. Change it if you ask otherwise.".into(),
                false => "Say which survey is for whom. Nobody is due until you do.".into(),
            },
            address: "/scheme/settings",
            go: "Look at it",
            done: asks,
        },
        SetUpStep {
            title: "Ask the first person",
            why: "Whoever is due stands below, with one press to send, print or open the survey.".into(),
            address: "#now",
            go: "To the list",
            done: asked,
        },
    ];
    Ok(if steps.iter().all(|step| step.done) { Vec::new() } else { steps })
}
