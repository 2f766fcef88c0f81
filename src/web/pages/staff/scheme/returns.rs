//! The returns of a scheme: which there are, and filling one in. Each figure is explained in plain words; what is not known is left empty.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::{Own, day, given, led_scheme, own_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::definition::Kpi;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::use_cases::{ReturnOf, doubts_of_return, list_returns, put_return, read_return};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 4] = [
    ("sent", "The return is sent in. It can be corrected at any time."),
    ("imported", "The figures are sent in. They can be corrected at any time."),
    ("same", "Nothing was different from what is sent in already."),
    ("saved", "Saved. It is not sent in yet."),
];

#[derive(Template)]
#[template(path = "staff/scheme/returns.html")]
struct ReturnsPage {
    shell: StaffShell,
    leads: bool,
    lines: Vec<Line>,
}

struct Line {
    address: String,
    title: String,
    state: String,
    due: String,
    overdue: bool,
}

#[derive(Template)]
#[template(path = "staff/scheme/return.html")]
struct ReturnPage {
    shell: StaffShell,
    address: String,
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

struct FigureFields {
    title: String,
    help: String,
    /// For which council, where there are several.
    council: Option<String>,
    /// What it was in the period before.
    before: Option<String>,
    numbers: Vec<NumberField>,
}

struct NumberField {
    name: String,
    label: String,
    value: String,
}

/// `GET /scheme/returns`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let found = blocking(&app, move |app| list_returns(app, &actor, &id)).await?;
    let lines = found["items"].as_array().into_iter().flatten().map(|item| line(&app, &own, item));
    let lines = lines.collect();
    let shell = StaffShell::of(&app, &http, &staff, "Returns").done(&http, &DONE);
    let shown = ReturnsPage { leads: own.leads, lines, shell };
    Ok(page(shown.shell.status(), &shown))
}

fn line(app: &App, own: &Own, item: &Value) -> Line {
    let period = item["period"].as_str().unwrap_or_default();
    let unit = item["unit"].as_str();
    let days = in_words(period);
    let directory = app.directory();
    let units = || directory.scheme_by_number(own.number).map(|s| s.about.units.clone()).unwrap_or_default();
    let title = match unit {
        Some(unit) => {
            let name = units().into_iter().find(|u| u.id == unit).map_or(unit.to_owned(), |u| u.name);
            format!("{name}: {days}")
        }
        None => days,
    };
    Line {
        address: address(period, unit),
        title,
        state: wording::return_state(item["status"].as_str().unwrap_or_default()).to_owned(),
        due: written_day(&item["due_on"]),
        overdue: item["overdue"] == json!(true),
    }
}

/// `GET /scheme/returns/{period}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    period: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    shown(&app, &http, &staff, &period, None, None, &[]).await
}

/// `POST /scheme/returns/{period}`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    period: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    take_of(&app, &http, &staff, &period, None, &sent).await
}

/// `GET /scheme/returns/{period}/{unit}`
pub(in crate::web) async fn show_unit(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let (period, unit) = path.into_inner();
    shown(&app, &http, &staff, &period, Some(&unit), None, &[]).await
}

/// `POST /scheme/returns/{period}/{unit}`
pub(in crate::web) async fn take_unit(
    app: web::Data<App>,
    http: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let (period, unit) = path.into_inner();
    take_of(&app, &http, &staff, &period, Some(&unit), &sent).await
}

async fn take_of(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    period: &str,
    unit: Option<&str>,
    sent: &Form,
) -> Result<HttpResponse, Instead> {
    let own = led_scheme(app, staff)?;
    let of = return_of(&own, unit);
    let draft = sent.get("go") == Some("save");
    let (body, names) = body(sent, draft);
    let to_field = |fault: &Fault| field_of(fault, &names);
    if !draft && given(sent, "sure").is_none() {
        let (actor, of, at, body) = (staff.actor.clone(), of.clone(), period.to_owned(), body.clone());
        match tried(app, move |app| doubts_of_return(app, &actor, &of, &at, &body)).await? {
            Ok(doubts) if doubts.as_array().is_some_and(|d| !d.is_empty()) => {
                let doubts = doubts.as_array().cloned().unwrap_or_default();
                return shown(app, http, staff, period, unit, Some((sent, &names, &doubts)), &[]).await;
            }
            Ok(_) => {}
            Err(faults) => {
                let faults: Vec<Fault> = faults.iter().map(to_field).collect();
                return shown(app, http, staff, period, unit, Some((sent, &names, &[])), &faults).await;
            }
        }
    }
    let (actor, at) = (staff.actor.clone(), period.to_owned());
    match tried(app, move |app| put_return(app, &actor, &of, &at, &body)).await? {
        Ok(_) => Ok(go_to(&format!("/scheme/returns?done={}", if draft { "saved" } else { "sent" }))),
        Err(faults) => {
            let faults: Vec<Fault> = faults.iter().map(to_field).collect();
            shown(app, http, staff, period, unit, Some((sent, &names, &[])), &faults).await
        }
    }
}

fn return_of(own: &Own, unit: Option<&str>) -> ReturnOf {
    match unit {
        Some(unit) => ReturnOf::Unit(own.id.clone(), unit.to_owned()),
        None => ReturnOf::Scheme(own.id.clone()),
    }
}

/// What the act takes, and the name of each value's field without its ending. A figure that is left empty is left out.
fn body(sent: &Form, draft: bool) -> (Value, Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &sent.0 {
        let figure = name.strip_suffix(".n").or_else(|| name.strip_suffix(".d"));
        if let Some(figure) = figure.filter(|f| !names.iter().any(|known| known == f)) {
            names.push(figure.to_owned());
        }
    }
    let of = |figure: &str, ending: &str| given(sent, &format!("{figure}.{ending}")).map(str::to_owned);
    names.retain(|figure| of(figure, "n").is_some() || of(figure, "d").is_some());
    let value = |figure: &String| {
        let (kpi, council) = figure.split_once('.').unwrap_or((figure, ""));
        let mut value = json!({"kpi": kpi, "council": council});
        for (key, ending) in [("numerator", "n"), ("denominator", "d")] {
            if let Some(text) = of(figure, ending) {
                value[key] = json!(text);
            }
        }
        value
    };
    let values: Vec<Value> = names.iter().map(value).collect();
    let mut body = json!({"values": values, "state": if draft { "draft" } else { "submitted" }});
    if let Some(revision) = given(sent, "revision").and_then(|r| r.parse::<i64>().ok()) {
        body["revision"] = json!(revision);
    }
    if let Some(note) = given(sent, "note") {
        body["note"] = json!(note);
    }
    (body, names)
}

/// A fault of a value, at its field.
fn field_of(fault: &Fault, names: &[String]) -> Fault {
    let mut parts = fault.pointer.split('/').skip(1);
    let (list, index, key) = (parts.next(), parts.next(), parts.next());
    let figure = index.and_then(|i| names.get(i.parse::<usize>().ok()?)).filter(|_| list == Some("values"));
    let pointer = match (figure, key) {
        (Some(figure), Some("denominator")) => format!("/{figure}.d"),
        (Some(figure), None) if fault.code == "denominator-missing" => format!("/{figure}.d"),
        (Some(figure), _) => format!("/{figure}.n"),
        (None, _) => fault.pointer.clone(),
    };
    Fault { pointer, ..fault.clone() }
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    period: &str,
    unit: Option<&str>,
    sent: Option<(&Form, &[String], &[Value])>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = led_scheme(app, staff)?;
    let (actor, of, at) = (staff.actor.clone(), return_of(&own, unit), period.to_owned());
    let seen = blocking(app, move |app| read_return(app, &actor, &of, &at)).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let stored = if seen["draft"].is_array() { &seen["draft"] } else { &seen["values"] };
    let councils: Vec<String> = seen["councils"].as_array().into_iter().flatten().map(text).collect();
    let kpis = seen["asked"].as_array().into_iter().flatten().filter_map(|id| app.registry.kpi(id.as_str()?));
    let mut figures = Vec::new();
    for kpi in kpis {
        for council in &councils {
            let several = councils.len() > 1;
            let council_name = several.then(|| wording::area(app, council));
            let name = format!("{}.{council}", kpi.id);
            figures.push(FigureFields {
                title: kpi.title.get("en").to_owned(),
                help: kpi.help.get("en").to_owned(),
                council: council_name,
                before: value_at(&seen["before"], kpi, council).map(before_in_words),
                numbers: number_fields(
                    kpi,
                    &name,
                    sent.map(|(form, ..)| form),
                    value_at(stored, kpi, council),
                ),
            });
        }
    }
    let doubts = sent.map_or(&[][..], |(_, _, doubts)| doubts).iter().map(|doubt| {
        let index = doubt["pointer"].as_str().and_then(|p| p.rsplit('/').next()?.parse::<usize>().ok());
        let figure = index.and_then(|i| sent?.1.get(i).cloned()).unwrap_or_default();
        let title =
            app.registry.kpi(doubt["kpi"].as_str().unwrap_or_default()).map(|k| k.title.get("en").to_owned());
        (format!("{figure}.n"), title.unwrap_or_default(), text(&doubt["detail"]))
    });
    let doubts: Vec<_> = doubts.collect();
    let days = in_words(period);
    let title = match unit {
        Some(unit) => format!("Return of {}: {days}", unit_name(app, &own, unit)),
        None => format!("Return: {days}"),
    };
    let shown = ReturnPage {
        address: address(period, unit),
        period: period.to_owned(),
        state: wording::return_state(seen["status"].as_str().unwrap_or_default()).to_owned(),
        due: written_day(&seen["due_on"]),
        query: seen["query"].as_str().map(str::to_owned),
        revision: sent
            .and_then(|(form, ..)| given(form, "revision"))
            .map_or_else(|| seen["revision"].to_string(), str::to_owned),
        note: sent.and_then(|(form, ..)| given(form, "note")).unwrap_or_default().to_owned(),
        doubts,
        figures,
        history: seen["history"].as_array().into_iter().flatten().map(event_in_words).collect(),
        shell: StaffShell::of(app, http, staff, &title).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn number_fields(kpi: &Kpi, name: &str, sent: Option<&Form>, stored: Option<&Value>) -> Vec<NumberField> {
    let field = |ending: &str, key: &str, label: &str| {
        let name = format!("{name}.{ending}");
        let value = match sent {
            Some(form) => form.get(&name).unwrap_or_default().to_owned(),
            None => stored.map(|value| as_text(&value[key])).unwrap_or_default(),
        };
        NumberField { name, label: label.to_owned(), value }
    };
    let numerator = field("n", "numerator", kpi.numerator.get("en"));
    let denominator = kpi.denominator.as_ref().map(|title| field("d", "denominator", title.get("en")));
    std::iter::once(numerator).chain(denominator).collect()
}

/// The value of a KPI for a council in a list of values.
fn value_at<'v>(values: &'v Value, kpi: &Kpi, council: &str) -> Option<&'v Value> {
    let mut list = values.as_array()?.iter().filter(|value| value["kpi"] == json!(kpi.id));
    list.find(|value| value["council"].as_str().is_none_or(|code| code == council))
}

fn before_in_words(value: &Value) -> String {
    match &value["denominator"] {
        Value::Null => as_text(&value["numerator"]),
        denominator => format!("{} of {}", as_text(&value["numerator"]), as_text(denominator)),
    }
}

/// A number, or what was written in its place.
fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn event_in_words(event: &Value) -> String {
    let act = match event["act"].as_str().unwrap_or_default() {
        "submitted" => "Sent in",
        "corrected" => "Corrected",
        "queried" => "Asked about",
        _ => "Approved",
    };
    let on = written_day(&json!(event["at"].as_str().unwrap_or_default().get(..10).unwrap_or_default()));
    match event["said"].as_str() {
        Some(said) => format!("{act} on {on}: “{said}”"),
        None => format!("{act} on {on}"),
    }
}

pub(super) fn unit_name(app: &App, own: &Own, unit: &str) -> String {
    let directory = app.directory();
    let found = directory
        .scheme_by_number(own.number)
        .and_then(|s| s.about.units.iter().find(|u| u.id == unit).map(|u| u.name.clone()));
    found.unwrap_or_else(|| unit.to_owned())
}

fn address(period: &str, unit: Option<&str>) -> String {
    match unit {
        Some(unit) => format!("/scheme/returns/{period}/{unit}"),
        None => format!("/scheme/returns/{period}"),
    }
}

/// The days of a period: “1 April 2026 to 30 June 2026”.
pub(super) fn in_words(period: &str) -> String {
    let days = |p: Period| format!("{} to {}", day(p.first_day()), day(p.last_day()));
    period.parse().map_or_else(|()| period.to_owned(), days)
}

fn written_day(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.parse().map_or_else(|_| text.to_owned(), day)
}
