//! Targets of a place: seen by those who see its figures, set by those who send them in.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::outcomes::own_place;
use super::return_figures::in_words;
use super::scheme::{given, tried};
use super::{Instead, Staff, StaffShell, form, page, parameter, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::answering::Form;
use crate::domain::definition::{Direction, Indicator, Kpi};
use crate::domain::fault::Fault;
use crate::domain::performance::{Aim, has_share};
use crate::domain::period::Period;
use crate::use_cases::{Refusal, TargetListed, list_targets, set_target};
use crate::web::pages::amounts::alone_in_unit;
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 2] = [("set", "The target is set."), ("removed", "The target is taken back.")];
/// How many financial years can be chosen: the last one, the running one, and those that come.
const YEARS: usize = 5;

#[derive(Template)]
#[template(path = "staff/targets.html")]
struct TargetsPage {
    shell: StaffShell,
    place: String,
    /// Whether this account may set them.
    sets: bool,
    lines: Vec<Line>,
    /// (id, words, whether it is chosen).
    kpis: Vec<(String, String, bool)>,
    /// The same of what people say.
    indicators: Vec<(String, String, bool)>,
    periods: Vec<(String, String, bool)>,
    value: String,
}

struct Line {
    kpi: String,
    period: String,
    title: String,
    words: String,
}

/// `GET /targets`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let place = place_of(&app, &staff, parameter(&http, "place"))?;
    shown(&app, &http, &staff, place, &Form::default(), &[]).await
}

/// `POST /targets`
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let place = place_of(&app, &staff, given(&sent, "place").map(str::to_owned))?;
    let removes = sent.get("go") == Some("remove");
    let (actor, at, body) = (staff.actor.clone(), place.clone(), body(&sent, removes));
    if !removes && body["value"].is_null() {
        let detail = "Write the number to be reached.".into();
        let faults = [Fault { pointer: "/value".into(), code: "required", detail }];
        return shown(&app, &http, &staff, place, &sent, &faults).await;
    }
    match tried(&app, move |app| set_target(app, &actor, &at, &body)).await? {
        Ok(_) => {
            let done = if removes { "removed" } else { "set" };
            Ok(go_to(&format!("/targets?place={place}&done={done}")))
        }
        Err(faults) => shown(&app, &http, &staff, place, &sent, &faults).await,
    }
}

/// The place that was asked for, or one's own.
fn place_of(app: &App, staff: &Staff, asked: Option<String>) -> Result<String, Instead> {
    let (own, free) = own_place(app, staff)?;
    let place = asked.filter(|_| free).unwrap_or(own);
    let known = app.registry.areas.get(&place).is_some() || app.directory().scheme(&place).is_some();
    if known { Ok(place) } else { Err(Refusal::Unknown(None).into()) }
}

/// What the act takes. What is no number stays text, and is refused at its field.
fn body(sent: &Form, removes: bool) -> Value {
    let number = |text: &str| text.replace(',', "").parse::<f64>().map_or_else(|_| json!(text), |n| json!(n));
    let value = given(sent, "value").filter(|_| !removes).map(|text| number(text.trim()));
    let period = given(sent, "period");
    match given(sent, "kpi").map(Aim::read) {
        Some(Aim::Indicator(id)) => json!({"indicator": id, "period": period, "value": value}),
        Some(Aim::Kpi(id)) => json!({"kpi": id, "period": period, "value": value}),
        None => json!({"kpi": null, "period": period, "value": value}),
    }
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    place: String,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let (actor, at) = (staff.actor.clone(), place.clone());
    let found = blocking(app, move |app| list_targets(app, &actor, &at)).await?;
    let directory = app.directory();
    let scheme = directory.scheme(&place);
    let name = match (app.registry.areas.get(&place), scheme) {
        (Some(area), _) => area.name.clone(),
        (None, Some(scheme)) => scheme.shown_name(),
        (None, None) => place.clone(),
    };
    let is_of = |kpi: &&Kpi| {
        let model = scheme.map(|s| s.about.model);
        kpi.direction != Direction::Context && model.is_none_or(|m| kpi.models.contains(&m))
    };
    let chosen = |name: &str, value: &str| given(sent, name) == Some(value);
    let kpis = app.registry.kpis.iter().filter(is_of);
    let mut kpis: Vec<_> =
        kpis.map(|kpi| (kpi.id.clone(), kpi.title.get("en").to_owned(), chosen("kpi", &kpi.id))).collect();
    kpis.sort_by(|a, b| a.1.cmp(&b.1));
    let is_said = |i: &&Indicator| {
        i.direction != Direction::Context
            && has_share(&i.id, &app.registry)
            && scheme.is_none_or(|s| i.models.is_empty() || i.models.contains(&s.about.model))
    };
    let said = app.registry.indicators.iter().filter(is_said);
    let mut indicators: Vec<_> = said
        .map(|i| (Aim::Indicator(i.id.clone()).stored(), i.title.get("en").to_owned()))
        .map(|(id, words)| (id.clone(), words, chosen("kpi", &id)))
        .collect();
    indicators.sort_by(|a, b| a.1.cmp(&b.1));
    let shown = TargetsPage {
        sets: match &staff.actor.role {
            Role::National | Role::SchemeLead(_) => true,
            Role::Area(code) => *code == place,
            _ => false,
        },
        lines: found.iter().map(|target| line(app, target)).collect(),
        kpis,
        indicators,
        periods: years(app)
            .into_iter()
            .map(|period| {
                let code = period.to_string();
                (code.clone(), in_words(&code), chosen("period", &code))
            })
            .collect(),
        value: given(sent, "value").unwrap_or_default().to_owned(),
        shell: StaffShell::of(app, http, staff, &format!("Targets: {name}")).done(http, &DONE).faulty(faults),
        place,
    };
    Ok(page(shown.shell.status(), &shown))
}

/// The running financial year first, then those that come, then the one that is over.
fn years(app: &App) -> Vec<Period> {
    let [_, running, ..] = Period::holding(app.today());
    let mut all: Vec<Period> =
        std::iter::successors(Some(running), |year| Some(year.next())).take(YEARS - 1).collect();
    all.push(running.before());
    all
}

fn line(app: &App, target: &TargetListed) -> Line {
    let aim = match (&target.kpi, &target.indicator) {
        (_, Some(id)) => Aim::Indicator(id.clone()),
        (id, None) => Aim::Kpi(id.clone().unwrap_or_default()),
    };
    let (title, unit, direction) = match &aim {
        Aim::Kpi(id) => {
            let kpi = app.registry.kpi(id);
            (kpi.map(|k| &k.title), kpi.map_or("", |k| k.unit.as_str()), kpi.map(|k| k.direction))
        }
        Aim::Indicator(id) => {
            let indicator = app.registry.indicator(id);
            (indicator.map(|i| &i.title), "percent", indicator.map(|i| i.direction))
        }
    };
    let (way, words) = match direction {
        Some(Direction::Low) => ("at most", app.registry.unit(unit, "en")),
        _ => ("at least", app.registry.unit(unit, "en")),
    };
    let words = if matches!(unit, "percent" | "gbp") { "" } else { words };
    let value = format!("{way} {} {words}", alone_in_unit(target.value, unit));
    Line {
        title: title.map_or_else(|| aim.stored(), |title| title.get("en").to_owned()),
        words: format!("{}: {}", in_words(&target.period), value.trim()),
        kpi: aim.stored(),
        period: target.period.clone(),
    }
}
