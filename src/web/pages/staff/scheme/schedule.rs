//! When one questionnaire is asked.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{Chosen, given, led_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::domain::schedule::Schedule;
use crate::use_cases::{list_schedules, set_schedule};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "staff/scheme/schedule.html")]
struct SchedulePage {
    shell: StaffShell,
    id: String,
    baseline: bool,
    exit: bool,
    numbers: Vec<Number>,
    only: Vec<Group>,
}

struct Number {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
}

struct Group {
    name: String,
    label: String,
    hint: &'static str,
    choices: Vec<Chosen>,
}

/// `GET /scheme/settings/{questionnaire}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    questionnaire: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let set = blocking(&app, move |app| list_schedules(app, &actor, &id)).await?;
    let stored = set.into_iter().map(|s| s.schedule).find(|s| s.questionnaire == *questionnaire);
    let schedule = stored.unwrap_or_else(|| Schedule::usual(&questionnaire));
    Ok(shown(&app, &http, &staff, &questionnaire, &of_stored(&schedule), &[]))
}

/// `POST /scheme/settings/{questionnaire}`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    questionnaire: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (actor, id, body) = (staff.actor.clone(), questionnaire.clone(), body(&sent));
    match tried(&app, move |app| set_schedule(app, &actor, &own.id, &id, &body)).await? {
        Ok(_) => Ok(go_to("/scheme/settings?done=saved")),
        Err(faults) => Ok(shown(&app, &http, &staff, &questionnaire, &sent, &faults)),
    }
}

/// What the act takes. A number that is none stays text, and is refused with its place.
fn body(sent: &Form) -> Value {
    let number = |text: &str| text.parse::<i64>().map_or_else(|_| json!(text), |n| json!(n));
    let mut body = json!({
        "baseline": sent.get("baseline").is_some(),
        "exit": sent.get("exit").is_some(),
        "every_months": given(sent, "every_months").map(number),
    });
    for name in ["grace_days", "answer_days"] {
        if let Some(text) = given(sent, name) {
            body[name] = number(text);
        }
    }
    let days = sent.get("reminder_days").unwrap_or_default();
    let days: Vec<Value> =
        days.split([',', ' ', ';']).filter(|d| !d.is_empty() && *d != "and").map(number).collect();
    body["reminder_days"] = json!(days);
    let mut only = json!({});
    for (name, value) in &sent.0 {
        let Some(id) = name.strip_prefix("only.") else { continue };
        match only[id].as_array_mut() {
            Some(list) => list.push(json!(value)),
            None => only[id] = json!([value]),
        }
    }
    if only.as_object().is_some_and(|o| !o.is_empty()) {
        body["only"] = only;
    }
    body
}

fn of_stored(schedule: &Schedule) -> Form {
    let mut fields = Vec::new();
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    if schedule.baseline {
        add("baseline", "yes".into());
    }
    if schedule.exit {
        add("exit", "yes".into());
    }
    add("every_months", schedule.every_months.map(|m| m.to_string()).unwrap_or_default());
    add("grace_days", schedule.grace_days.to_string());
    add("answer_days", schedule.answer_days.to_string());
    let reminders: Vec<String> = schedule.reminder_days.iter().map(u32::to_string).collect();
    add("reminder_days", reminders.join(", "));
    for (id, values) in &schedule.only {
        for value in values {
            add(&format!("only.{id}"), value.clone());
        }
    }
    Form(fields)
}

fn shown(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    id: &str,
    sent: &Form,
    faults: &[Fault],
) -> HttpResponse {
    let number = |name: &'static str, label, hint| Number {
        value: sent.get(name).unwrap_or_default().to_owned(),
        name,
        label,
        hint,
    };
    // Facts of which a person has several are what a survey is for some people only by.
    let only = app.registry.breakdowns.iter().filter(|b| b.several && b.id != "arrangement").map(|b| {
        let name = format!("only.{}", b.id);
        let chosen: Vec<&str> = sent.all(&name).collect();
        let choice = |value: &String| {
            (value.clone(), b.label(value, "en").to_owned(), chosen.contains(&value.as_str()))
        };
        Group {
            label: format!("Only for some people: {}", b.title.get("en").to_lowercase()),
            hint: "Tick nothing, and it is for everybody.",
            choices: b.values.iter().map(choice).collect(),
            name,
        }
    });
    let to_field = |fault: &Fault| {
        let field = fault.pointer.split('/').nth(1).unwrap_or_default();
        Fault { pointer: format!("/{field}"), ..fault.clone() }
    };
    let faults: Vec<Fault> = faults.iter().map(to_field).collect();
    let title = format!("When “{}” is asked", wording::questionnaire(app, id));
    let shown = SchedulePage {
        id: id.to_owned(),
        baseline: sent.get("baseline").is_some(),
        exit: sent.get("exit").is_some(),
        numbers: vec![
            number(
                "every_months",
                "Months between two surveys",
                "Counted from each person’s own start date. Empty: no surveys by the calendar.",
            ),
            number("grace_days", "Days after which somebody is overdue", ""),
            number("answer_days", "Days in which it can be answered", ""),
            number(
                "reminder_days",
                "Days after which a reminder is sent",
                "At most two, at least a week apart: 7, 21. Empty: none.",
            ),
        ],
        only: only.collect(),
        shell: StaffShell::of(app, http, staff, &title).faulty(&faults),
    };
    page(shown.shell.status(), &shown)
}
