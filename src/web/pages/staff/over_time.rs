//! Figures quarter by quarter, with what is more than the usual up and down: for those who read live figures.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::drawing::{Plane, Tick};
use super::outcomes::{own_place, query_of};
use super::places::{PlaceGroup, place_groups};
use super::{Instead, StaffShell, page, parameter, signed_in};
use crate::app::App;
use crate::domain::definition::Model;
use crate::domain::fault::Fault;
use crate::domain::figures::FigureQuery;
use crate::domain::over_time::{Chart, ENOUGH, LEAST, Point, TREND, in_words, is_better};
use crate::domain::period::Period;
use crate::domain::statistics::Special;
use crate::use_cases::{may_read_over_time, read_over_time};
use crate::web::pages::amounts::thousands;
use crate::web::request::blocking;

/// How many quarters are looked at: six years.
const QUARTERS: usize = 24;

#[derive(Template)]
#[template(path = "staff/over_time.html")]
struct OverTimePage {
    shell: StaffShell,
    places: Vec<PlaceGroup>,
    /// (code, words, whether it is chosen).
    models: Vec<(&'static str, &'static str, bool)>,
    /// The figure that is drawn.
    shown: Option<Shown>,
    /// Every figure of the place and model.
    lines: Vec<Line>,
    trend: usize,
}

/// A drawing, and its table.
struct Shown {
    title: String,
    series: String,
    /// What the drawing shows, for those who do not see it.
    description: String,
    /// What is to be known of its limits.
    about_limits: String,
    notes: Vec<String>,
    ticks: Vec<Tick>,
    labels: Vec<Tick>,
    /// Places of a line from point to point.
    line: String,
    dots: Vec<Dot>,
    limits: Option<LimitLines>,
    rows: Vec<PointRow>,
}

struct Dot {
    x: i64,
    y: i64,
    stands_out: bool,
}

struct LimitLines {
    mean: i64,
    lower: i64,
    upper: i64,
}

struct PointRow {
    period: String,
    value: String,
    n: String,
    interval: String,
    words: String,
}

struct Line {
    title: String,
    series: String,
    address: String,
    chosen: bool,
    period: String,
    value: String,
    n: String,
    words: String,
}

/// `GET /outcomes/over-time`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    may_read_over_time(&app, &staff.actor)?;
    let asked = parameter(&http, "place").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    let (own, _) = own_place(&app, &staff)?;
    let code = asked.unwrap_or(own);
    let model = parameter(&http, "model").and_then(|code| Model::parse(&code)).unwrap_or(Model::SharedLives);
    let quarters = quarters(&app);
    let Some((name, query)) = query_of(&app, &code, &quarters) else {
        let detail = "There is no such place. Choose one of the list.".into();
        let faults = [Fault { pointer: "/place".into(), code: "unknown-place", detail }];
        let shell = StaffShell::of(&app, &http, &staff, "Over time").faulty(&faults);
        let places = place_groups(&app, &staff.actor.role, &code);
        let shown = OverTimePage {
            shell,
            places,
            models: models(model),
            shown: None,
            lines: Vec::new(),
            trend: TREND,
        };
        return Ok(page(shown.shell.status(), &shown));
    };
    let query = FigureQuery { model: Some(model), ..query };
    let actor = staff.actor.clone();
    let charts = blocking(&app, move |app| read_over_time(app, &actor, &query)).await?;
    let address = format!("place={code}&model={}", model.code());
    let wanted = (parameter(&http, "indicator"), parameter(&http, "series"));
    let is_wanted = |chart: &&Chart| {
        Some(&chart.indicator) == wanted.0.as_ref() && wanted.1.as_ref().is_none_or(|s| *s == chart.series)
    };
    let first = |chart: &&Chart| chart.indicator == "social-connection";
    let chosen = charts.iter().find(is_wanted).or_else(|| charts.iter().find(first)).or(charts.first());
    let lines = charts.iter().filter_map(|chart| line(chart, &address, chosen == Some(chart)));
    let shown = OverTimePage {
        places: place_groups(&app, &staff.actor.role, &code),
        models: models(model),
        lines: lines.collect(),
        shown: chosen.map(|chart| drawn(chart, &quarters)),
        shell: StaffShell::of(&app, &http, &staff, &format!("Over time: {name}")),
        trend: TREND,
    };
    Ok(page(shown.shell.status(), &shown))
}

/// The last quarters that are over, oldest first.
fn quarters(app: &App) -> Vec<Period> {
    let [running, ..] = Period::holding(app.today());
    let mut all: Vec<Period> = std::iter::successors(Some(running.before()), |period| Some(period.before()))
        .take(QUARTERS)
        .collect();
    all.reverse();
    all
}

fn models(chosen: Model) -> Vec<(&'static str, &'static str, bool)> {
    Model::ALL.into_iter().map(|model| (model.code(), model.title(), model == chosen)).collect()
}

fn line(chart: &Chart, address: &str, chosen: bool) -> Option<Line> {
    let newest = chart.newest()?;
    Some(Line {
        title: chart.title.clone(),
        series: chart.series.clone(),
        address: format!(
            "/outcomes/over-time?{address}&indicator={}&series={}",
            chart.indicator, chart.series
        ),
        chosen,
        period: newest.period.clone(),
        value: value(chart, newest.value),
        n: thousands(newest.n),
        words: said(chart, newest),
    })
}

fn value(chart: &Chart, value: f64) -> String {
    if chart.is_share { format!("{value:.1}%") } else { format!("{value:.2}") }
}

/// What is to be said of a point.
fn said(chart: &Chart, point: &Point) -> String {
    if chart.limits.is_none() {
        return "too few quarters to tell".into();
    }
    let words = in_words(point.special);
    match is_better(point.special, chart.direction) {
        Some(true) => format!("{words}: stands out for the better"),
        Some(false) => format!("{words}: stands out for the worse"),
        None => words.to_owned(),
    }
}

fn drawn(chart: &Chart, quarters: &[Period]) -> Shown {
    let at = |period: &str| quarters.iter().position(|q| q.to_string() == period).unwrap_or_default() as f64;
    let (first, last) = (chart.points.first(), chart.points.last());
    let ends = (first.map_or(0.0, |p| at(&p.period)), last.map_or(1.0, |p| at(&p.period)));
    let limits = chart.limits.iter().flat_map(|l| [l.lower, l.upper]);
    let plane =
        Plane::holding(chart.points.iter().map(|p| p.value).chain(limits), chart.is_share, ends.0, ends.1);
    let place = |point: &Point| (plane.x(at(&point.period)), plane.y(point.value));
    let line: Vec<String> = chart.points.iter().map(|p| format!("{},{}", place(p).0, place(p).1)).collect();
    let dot = |point: &Point| {
        let (x, y) = place(point);
        Dot { x, y, stands_out: point.special != Special::Common }
    };
    // Every fourth quarter is labelled, so that labels stay apart.
    let every = if chart.points.len() > 8 { 4 } else { 1 };
    let labels = chart.points.iter().step_by(every);
    Shown {
        title: chart.title.clone(),
        series: chart.series.clone(),
        description: description(chart),
        about_limits: about_limits(chart),
        notes: notes(chart, &plane),
        ticks: plane.ticks(chart.is_share),
        labels: labels.map(|p| Tick { at: place(p).0, words: p.period.clone() }).collect(),
        line: line.join(" "),
        dots: chart.points.iter().map(dot).collect(),
        limits: chart.limits.map(|l| LimitLines {
            mean: plane.y(l.mean),
            lower: plane.y(l.lower),
            upper: plane.y(l.upper),
        }),
        rows: chart.points.iter().rev().map(|point| point_row(chart, point)).collect(),
    }
}

fn description(chart: &Chart) -> String {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else { return String::new() };
    let out = chart.points.iter().filter(|p| p.special != Special::Common).count();
    let limits = match (&chart.limits, out) {
        (None, _) => "There are too few quarters for limits.".to_owned(),
        (Some(_), 0) => "All quarters are within the usual up and down.".to_owned(),
        (Some(_), 1) => "1 quarter stands out.".to_owned(),
        (Some(_), out) => format!("{out} quarters stand out."),
    };
    format!(
        "{} quarters from {} ({}) to {} ({}). {limits} The table below has each value.",
        chart.points.len(),
        first.period,
        value(chart, first.value),
        last.period,
        value(chart, last.value)
    )
}

fn about_limits(chart: &Chart) -> String {
    let count = chart.points.len();
    let Some(limits) = &chart.limits else {
        return format!(
            "There are {count} quarters so far. Limits are drawn from {LEAST} on. Until then, look at the intervals in the table: where those of two \
             quarters lie apart, something has changed."
        );
    };
    let ends = format!(
        "average {}, lower limit {}, upper limit {}",
        value(chart, limits.mean),
        value(chart, limits.lower),
        value(chart, limits.upper)
    );
    if limits.trial {
        format!(
            "Trial limits, because there are only {count} quarters and {ENOUGH} are needed: {ends}. They will still move."
        )
    } else {
        format!("Limits from {count} quarters: {ends}.")
    }
}

fn notes(chart: &Chart, plane: &Plane) -> Vec<String> {
    let mut notes = Vec::new();
    if plane.begins_above_zero() {
        notes.push("The scale of the drawing does not begin at 0.".to_owned());
    }
    if !chart.gaps.is_empty() {
        notes.push(format!("No figure for {}.", chart.gaps.join(", ")));
    }
    notes
}

fn point_row(chart: &Chart, point: &Point) -> PointRow {
    let interval = point.interval.as_ref();
    PointRow {
        period: point.period.clone(),
        value: value(chart, point.value),
        n: thousands(point.n),
        interval: interval.map_or_else(
            || "–".to_owned(),
            |i| format!("{} to {}", value(chart, i.low), value(chart, i.high)),
        ),
        words: said(chart, point),
    }
}
