//! One return, as whoever reviews it sees it: its figures, what is missing, what became of it; asking about it, and approving it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{address, reviewed_area};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::answering::Form;
use crate::domain::definition::Kpi;
use crate::domain::fault::Fault;
use crate::domain::performance::UK;
use crate::use_cases::{ReturnOf, approve_return, query_return, read_return};
use crate::web::pages::staff::return_figures::{event_in_words, in_numbers, in_words, value_at, written_day};
use crate::web::pages::staff::scheme::{given, tried, wording};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 2] = [
    ("asked", "Your question stands in the return. It is answered by sending the return in again."),
    ("approved", "The return is approved."),
];

#[derive(Template)]
#[template(path = "staff/returns/one.html")]
struct OnePage {
    shell: StaffShell,
    back: String,
    address: String,
    state: &'static str,
    due: String,
    sent: Option<String>,
    query: Option<String>,
    revision: String,
    may_ask: bool,
    may_approve: bool,
    /// What was typed.
    asked: String,
    figures: Vec<FigureLine>,
    /// Names of the figures that are not in it.
    missing: Vec<String>,
    history: Vec<String>,
}

struct FigureLine {
    title: String,
    council: Option<String>,
    value: String,
    before: Option<String>,
    doubt: Option<String>,
}

/// `GET /returns/schemes/{id}/{period}`, of a unit or an area likewise.
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    shown(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST` to the same.
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    reviewed_area(&staff)?;
    let (of, period) = named(&http);
    let here = address(&of, &period);
    let revision = given(&sent, "revision").and_then(|r| r.parse::<i64>().ok());
    let asks = sent.get("go") == Some("ask");
    let mut body = json!({"revision": revision});
    if asks {
        body["query"] = json!(sent.get("query").unwrap_or_default());
    }
    let actor = staff.actor.clone();
    let done = tried(&app, move |app| match asks {
        true => query_return(app, &actor, &of, &period, &body),
        false => approve_return(app, &actor, &of, &period, &body),
    });
    match done.await? {
        Ok(_) => Ok(go_to(&format!("{here}?done={}", if asks { "asked" } else { "approved" }))),
        Err(faults) => shown(&app, &http, &staff, &sent, &faults).await,
    }
}

/// Whose return for which period the address names.
fn named(http: &HttpRequest) -> (ReturnOf, String) {
    let part = |name| http.match_info().get(name).map(str::to_owned);
    let of = match (part("code"), part("unit")) {
        (Some(code), _) => ReturnOf::Area(code),
        (None, Some(unit)) => ReturnOf::Unit(part("id").unwrap_or_default(), unit),
        (None, None) => ReturnOf::Scheme(part("id").unwrap_or_default()),
    };
    (of, part("period").unwrap_or_default())
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = reviewed_area(staff)?;
    let (of, period) = named(http);
    let (actor, asked, at) = (staff.actor.clone(), of.clone(), period.clone());
    let seen = blocking(app, move |app| read_return(app, &actor, &asked, &at)).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let councils: Vec<String> = seen["councils"].as_array().into_iter().flatten().map(text).collect();
    let kpis = seen["asked"].as_array().into_iter().flatten().filter_map(|id| app.registry.kpi(id.as_str()?));
    let (mut figures, mut missing) = (Vec::new(), Vec::new());
    for kpi in kpis {
        for council in &councils {
            let of = (councils.len() > 1).then(|| wording::area(app, council));
            let Some(value) = value_at(&seen["values"], kpi, council) else {
                let of = of.map(|name| format!(": {name}")).unwrap_or_default();
                missing.push(format!("{}{of}", kpi.title.get("en")));
                continue;
            };
            figures.push(FigureLine {
                title: kpi.title.get("en").to_owned(),
                council: of,
                value: in_numbers(kpi, value),
                before: value_at(&seen["before"], kpi, council).map(|value| in_numbers(kpi, value)),
                doubt: doubt_of(&seen, kpi, council),
            });
        }
    }
    let status = seen["status"].as_str().unwrap_or_default();
    // An area's own return is approved by the national team.
    let reviews = match (&staff.actor.role, &of) {
        (Role::National, _) => true,
        (_, ReturnOf::Area(_)) => false,
        _ => true,
    };
    // Where it was last seen among others.
    let home = councils.first().filter(|c| app.registry.areas.lies_within(c, &own)).cloned().unwrap_or(own);
    let shown = OnePage {
        back: format!("/returns?within={home}"),
        address: address(&of, &period),
        state: state(status),
        due: written_day(&seen["due_on"]),
        sent: seen["submitted_at"].as_str().map(|at| written_day(&json!(at.get(..10)))),
        query: seen["query"].as_str().map(str::to_owned),
        revision: given(sent, "revision").map_or_else(|| seen["revision"].to_string(), str::to_owned),
        may_ask: reviews && matches!(status, "submitted" | "approved"),
        may_approve: reviews && matches!(status, "submitted" | "queried"),
        asked: sent.get("query").unwrap_or_default().to_owned(),
        missing: if status == "missing" || status == "draft" { Vec::new() } else { missing },
        figures,
        history: seen["history"].as_array().into_iter().flatten().map(event_in_words).collect(),
        shell: StaffShell::of(app, http, staff, &title(app, &of, &period)).done(http, &DONE).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

/// What should be looked at once more in a figure.
fn doubt_of(seen: &Value, kpi: &Kpi, council: &str) -> Option<String> {
    let doubts = seen["doubts"].as_array()?;
    let of = |doubt: &&Value| {
        let index = doubt["pointer"].as_str().and_then(|p| p.rsplit('/').next()?.parse::<usize>().ok());
        let value = index.and_then(|i| seen["values"].get(i));
        value.is_some_and(|v| v["kpi"] == json!(kpi.id) && v["council"] == json!(council))
    };
    doubts.iter().find(of).and_then(|d| d["detail"].as_str().map(str::to_owned))
}

fn state(code: &str) -> &'static str {
    match code {
        "draft" => "Begun, and not sent in",
        "submitted" => "Sent in",
        "queried" => "Asked about",
        "approved" => "Approved",
        _ => "Not sent in",
    }
}

fn title(app: &App, of: &ReturnOf, period: &str) -> String {
    let directory = app.directory();
    let scheme = |id: &str| directory.scheme(id).map_or_else(|| id.to_owned(), |s| s.shown_name());
    let whose = match of {
        ReturnOf::Scheme(id) => scheme(id),
        ReturnOf::Unit(id, unit) => {
            let known = directory.scheme(id).and_then(|s| s.about.units.iter().find(|u| u.id == *unit));
            format!("{}, {}", known.map_or(unit.as_str(), |u| u.name.as_str()), scheme(id))
        }
        ReturnOf::Area(code) if code == UK => "The national body".into(),
        ReturnOf::Area(code) => wording::area(app, code),
    };
    format!("{whose}: {}", in_words(period))
}
