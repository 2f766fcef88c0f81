//! How a scheme stands: its figures in the newest release beside those of its region, its nation and the UK, one of them beside other schemes;
//! and what it says of its figures before the next release is published.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::json;

use super::{given, own_scheme, tried};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::comparison::{Against, Compared, FunnelSeen, LimitsAt};
use crate::domain::definition::Direction;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::reader::parse_date;
use crate::use_cases::{InDraft, InRelease, comment_release, compare_scheme};
use crate::web::pages::amounts::{ends, thousands};
use crate::web::pages::staff::drawing::{Plane, Tick};
use crate::web::pages::staff::{Instead, Staff, StaffShell, form, page, parameter, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

use super::day;

const DONE: [(&str, &str); 1] = [("commented", "Your comment is kept. The national team can read it.")];

#[derive(Template)]
#[template(path = "staff/scheme/compare.html")]
struct ComparePage {
    shell: StaffShell,
    /// Whether this account may comment.
    leads: bool,
    caution: &'static str,
    draft: Option<DraftPart>,
    release: Option<ReleasePart>,
}

struct DraftPart {
    period: String,
    until: String,
    open: bool,
    comment: String,
    lines: Vec<Line>,
}

struct ReleasePart {
    period: String,
    published_on: String,
    lines: Vec<Line>,
    shown: Option<Shown>,
}

/// One indicator of the overview.
struct Line {
    title: String,
    series: String,
    address: String,
    chosen: bool,
    own: String,
    interval: String,
    pooled: bool,
    /// What it is beside region, nation and UK: the place's name, its figure, and the difference in few words.
    places: Vec<(String, String, &'static str)>,
}

/// The indicator that is looked at closely.
struct Shown {
    title: String,
    own: String,
    places: Vec<PlaceRow>,
    lower_is_better: bool,
    funnel: Option<FunnelDrawn>,
}

struct PlaceRow {
    name: String,
    figure: String,
    interval: String,
    difference: String,
}

struct FunnelDrawn {
    description: String,
    standing: Option<&'static str>,
    overdispersed: bool,
    target: String,
    schemes: usize,
    within_95: usize,
    outside_95: usize,
    outside_998: usize,
    ticks: Vec<Tick>,
    labels: Vec<Tick>,
    target_y: i64,
    /// Lower and upper 95% limits, and 99.8% limits.
    curves: [String; 4],
    others: Vec<(i64, i64, bool)>,
    own: Option<(i64, i64)>,
    rows: Vec<LimitRow>,
}

struct LimitRow {
    n: String,
    own: bool,
    inner: String,
    outer: String,
}

/// `GET /scheme/compare`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    shown(&app, &http, &staff, &Form::default(), &[]).await
}

/// `POST /scheme/compare`: the scheme's comment on its figures in the release that is being prepared.
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = signed_in(&app, &http).await?;
    let own = own_scheme(&app, &staff)?;
    let (actor, body) =
        (staff.actor.clone(), json!({"comment": given(&sent, "comment").unwrap_or_default()}));
    match tried(&app, move |app| comment_release(app, &actor, &own.id, &body)).await? {
        Ok(_) => Ok(go_to("/scheme/compare?done=commented")),
        Err(faults) => {
            // What is wrong with the whole of it is told at its one field.
            let faults: Vec<Fault> =
                faults.into_iter().map(|f| Fault { pointer: "/comment".into(), ..f }).collect();
            shown(&app, &http, &staff, &sent, &faults).await
        }
    }
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = own_scheme(app, staff)?;
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let found = blocking(app, move |app| compare_scheme(app, &actor, &id)).await?;
    let wanted = (parameter(http, "indicator"), parameter(http, "series"));
    let shown = ComparePage {
        leads: own.leads,
        caution: found.caution,
        draft: found.draft.map(|draft| draft_part(&draft, sent)),
        release: found.release.map(|release| release_part(app, &release, &wanted)),
        shell: StaffShell::of(app, http, staff, "How you compare").done(http, &DONE).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn draft_part(draft: &InDraft, sent: &Form) -> DraftPart {
    let kept = draft.comment.as_ref().map(|c| c.comment.as_str()).unwrap_or_default();
    DraftPart {
        period: period_in_words(&draft.period),
        until: day_of(&draft.open_until),
        open: draft.open,
        comment: given(sent, "comment").unwrap_or(kept).to_owned(),
        lines: draft.indicators.iter().map(|one| line(one, false)).collect(),
    }
}

fn release_part(app: &App, release: &InRelease, wanted: &(Option<String>, Option<String>)) -> ReleasePart {
    let is_wanted = |one: &&Compared| {
        Some(&one.indicator) == wanted.0.as_ref() && wanted.1.as_ref().is_none_or(|s| *s == one.series)
    };
    let all = &release.indicators;
    let shown_first = |one: &&Compared| one.own.percent.is_some();
    let first = |one: &&Compared| one.indicator == "social-connection";
    let chosen = all
        .iter()
        .find(is_wanted)
        .or_else(|| all.iter().filter(shown_first).find(first))
        .or_else(|| all.iter().find(shown_first))
        .or(all.first());
    ReleasePart {
        period: period_in_words(&release.period),
        published_on: day_of(&release.published_at),
        lines: all.iter().map(|one| line(one, chosen == Some(one))).collect(),
        shown: chosen.map(|one| closely(app, one)),
    }
}

fn period_in_words(period: &str) -> String {
    period
        .parse::<Period>()
        .map_or_else(|()| period.to_owned(), |p| format!("{} to {}", day(p.first_day()), day(p.last_day())))
}

fn day_of(time: &str) -> String {
    time.get(..10).and_then(parse_date).map(day).unwrap_or_default()
}

fn line(one: &Compared, chosen: bool) -> Line {
    Line {
        title: one.title.clone(),
        series: one.series.clone(),
        address: format!("/scheme/compare?indicator={}&series={}#closely", one.indicator, one.series),
        chosen,
        own: one.own.words.clone(),
        interval: interval(one.own.interval.as_ref()),
        pooled: one.own.pooled.is_some(),
        places: one.places.iter().filter_map(place_in_few_words).collect(),
    }
}

/// Nothing where neither the place's figure nor a difference from it can be told.
fn place_in_few_words(place: &Against) -> Option<(String, String, &'static str)> {
    let percent = place.figure.percent?;
    let words = place.difference.as_ref().map_or("", |d| d.verdict.in_words());
    Some((place.name.clone(), format!("{percent:.1}%"), words))
}

fn interval(interval: Option<&crate::domain::figures::Interval>) -> String {
    interval.map_or_else(String::new, ends)
}

fn closely(app: &App, one: &Compared) -> Shown {
    let row = |place: &Against| PlaceRow {
        name: place.name.clone(),
        figure: place.figure.words.clone(),
        interval: interval(place.figure.interval.as_ref()),
        difference: match &place.difference {
            Some(difference) => difference.words.clone(),
            None => "Cannot be compared, because one of the two is not shown.".into(),
        },
    };
    let direction = app.registry.indicator(&one.indicator).map(|i| i.direction);
    Shown {
        title: one.title.clone(),
        own: one.own.words.clone(),
        places: one.places.iter().map(row).collect(),
        lower_is_better: direction == Some(Direction::Low),
        funnel: one.funnel.as_ref().map(drawn),
    }
}

fn drawn(funnel: &FunnelSeen) -> FunnelDrawn {
    let own = funnel.own.as_ref();
    let dots = || funnel.others.iter().copied().chain(own.map(|o| o.dot));
    let largest = dots().map(|dot| dot.n).max().unwrap_or(10);
    let limits = &funnel.limits;
    let values = dots().map(|dot| dot.percent as f64);
    let limit_ends = limits.iter().flat_map(|l| [l.low_998, l.high_998]);
    let plane = Plane::holding(values.chain(limit_ends), true, 0.0, largest as f64 * 1.05);
    let at = |n: i64, percent: f64| (plane.x(n as f64), plane.y(percent));
    let curve = |pick: fn(&LimitsAt) -> f64| {
        let points = limits.iter().map(|l| at(l.n, pick(l))).map(|(x, y)| format!("{x},{y}"));
        points.collect::<Vec<_>>().join(" ")
    };
    let step =
        [5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].into_iter().find(|s| largest / s <= 6).unwrap_or(2000);
    let labels =
        (0..=largest / step).map(|i| Tick { at: plane.x((i * step) as f64), words: thousands(i * step) });
    FunnelDrawn {
        description: description(funnel),
        standing: own.map(|o| o.words),
        overdispersed: funnel.overdispersed,
        target: format!("{:.1}%", funnel.target_percent),
        schemes: funnel.schemes,
        within_95: funnel.within_95,
        outside_95: funnel.outside_95,
        outside_998: funnel.outside_998,
        ticks: plane.ticks(true),
        labels: labels.collect(),
        target_y: plane.y(funnel.target_percent),
        curves: [curve(|l| l.low_95), curve(|l| l.high_95), curve(|l| l.low_998), curve(|l| l.high_998)],
        others: funnel
            .others
            .iter()
            .map(|d| (plane.x(d.n as f64), plane.y(d.percent as f64), d.pooled))
            .collect(),
        own: own.map(|o| at(o.dot.n, o.dot.percent as f64)),
        rows: own
            .map(|o| limit_row(&o.limits, true))
            .into_iter()
            .chain(limits.iter().map(|l| limit_row(l, false)))
            .collect(),
    }
}

fn limit_row(limits: &LimitsAt, own: bool) -> LimitRow {
    LimitRow {
        n: thousands(limits.n),
        own,
        inner: format!("{:.1}% to {:.1}%", limits.low_95, limits.high_95),
        outer: format!("{:.1}% to {:.1}%", limits.low_998, limits.high_998),
    }
}

fn description(funnel: &FunnelSeen) -> String {
    let own = match &funnel.own {
        Some(own) => format!(
            "Your scheme is at about {} people and {}%: {}",
            own.dot.n,
            own.dot.percent,
            own.words.split('.').next().unwrap_or_default().to_lowercase()
        ),
        None => "Your scheme is not in the drawing, because its figure is not shown".to_owned(),
    };
    format!(
        "Each of {} schemes is a dot without a name: the further to the right, the more people answered. The limits come closer to the average of \
         {:.1}% with more people. {own}. Places are rounded. The tables below say the same in numbers.",
        funnel.schemes, funnel.target_percent
    )
}
