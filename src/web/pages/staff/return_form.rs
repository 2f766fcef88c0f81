//! Filling in a return: of a scheme or one of its units by its lead, of an area by itself, of the national body by its team.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::return_figures::{
    FigureFields, body, doubts_in_words, event_in_words, field_of, fields, written_day,
};
use super::scheme::{given, tried, wording};
use super::{Instead, Staff, StaffShell, page};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::use_cases::{ReturnOf, doubts_of_return, put_return, read_return};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

/// What the list says after a form was sent.
pub(super) const DONE: [(&str, &str); 4] = [
    ("sent", "The return is sent in. It can be corrected at any time."),
    ("imported", "The figures are sent in. They can be corrected at any time."),
    ("same", "Nothing was different from what is sent in already."),
    ("saved", "Saved. It is not sent in yet."),
];

/// A return, and the page on which it is filled in.
pub(super) struct ReturnAt {
    pub(super) of: ReturnOf,
    pub(super) period: String,
    pub(super) address: String,
    /// The list to which it leads back.
    pub(super) back: &'static str,
    pub(super) title: String,
}

#[derive(Template)]
#[template(path = "staff/return.html")]
struct ReturnPage {
    shell: StaffShell,
    address: String,
    back: &'static str,
    period: String,
    state: String,
    due: String,
    query: Option<String>,
    revision: String,
    note: String,
    /// Figures that should be looked at once more: the field, the figure's name, and why.
    doubts: Vec<(String, String, String)>,
    figures: Vec<FigureFields>,
    history: Vec<String>,
}

/// What was filled in, when it is shown again.
struct Again<'s> {
    form: &'s Form,
    names: &'s [String],
    doubts: &'s [Value],
}

/// Shows the form.
pub(super) async fn show_form(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    at: &ReturnAt,
) -> Result<HttpResponse, Instead> {
    shown(app, http, staff, at, None, &[]).await
}

/// Takes what was filled in. What is unusual is asked about once.
pub(super) async fn take_form(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    at: &ReturnAt,
    sent: &Form,
) -> Result<HttpResponse, Instead> {
    let draft = sent.get("go") == Some("save");
    let (body, names) = body(sent, draft);
    let to_fields = |faults: &[Fault]| faults.iter().map(|f| field_of(f, &names)).collect::<Vec<_>>();
    let again = |doubts| Some(Again { form: sent, names: &names, doubts });
    if !draft && given(sent, "sure").is_none() {
        let (actor, of, period, body) = (staff.actor.clone(), at.of.clone(), at.period.clone(), body.clone());
        match tried(app, move |app| doubts_of_return(app, &actor, &of, &period, &body)).await? {
            Ok(doubts) => {
                let doubts = doubts.as_array().cloned().unwrap_or_default();
                if !doubts.is_empty() {
                    return shown(app, http, staff, at, again(&doubts), &[]).await;
                }
            }
            Err(faults) => return shown(app, http, staff, at, again(&[]), &to_fields(&faults)).await,
        }
    }
    let (actor, of, period) = (staff.actor.clone(), at.of.clone(), at.period.clone());
    match tried(app, move |app| put_return(app, &actor, &of, &period, &body)).await? {
        Ok(_) => Ok(go_to(&format!("{}?done={}", at.back, if draft { "saved" } else { "sent" }))),
        Err(faults) => shown(app, http, staff, at, again(&[]), &to_fields(&faults)).await,
    }
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    at: &ReturnAt,
    again: Option<Again<'_>>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let (actor, of, period) = (staff.actor.clone(), at.of.clone(), at.period.clone());
    let seen = blocking(app, move |app| read_return(app, &actor, &of, &period)).await?;
    let form = again.as_ref().map(|again| again.form);
    let shown = ReturnPage {
        address: at.address.clone(),
        back: at.back,
        period: at.period.clone(),
        state: wording::return_state(seen["status"].as_str().unwrap_or_default()).to_owned(),
        due: written_day(&seen["due_on"]),
        query: seen["query"].as_str().map(str::to_owned),
        revision: form
            .and_then(|form| given(form, "revision"))
            .map_or_else(|| seen["revision"].to_string(), str::to_owned),
        note: form.and_then(|form| given(form, "note")).unwrap_or_default().to_owned(),
        doubts: again.as_ref().map(|a| doubts_in_words(app, a.doubts, a.names)).unwrap_or_default(),
        figures: fields(app, &seen, form),
        history: seen["history"].as_array().into_iter().flatten().map(event_in_words).collect(),
        shell: StaffShell::of(app, http, staff, &at.title).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}
