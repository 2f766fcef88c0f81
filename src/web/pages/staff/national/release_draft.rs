//! One draft of a release: what would be printed, what schemes say of it, and the page on which publishing it is confirmed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::releases::{named, state_words};
use super::{Instead, StaffShell, national};
use crate::app::App;
use crate::domain::area::Level;
use crate::domain::figures::{Row, Status};
use crate::domain::passport::{capital, in_words};
use crate::domain::reader::parse_date;
use crate::use_cases::{DraftContents, DraftSeen, show_draft};
use crate::web::pages::amounts::{ends, thousands};
use crate::web::pages::published::{day_of, period_words};
use crate::web::pages::staff::page;
use crate::web::pages::survey::go_to;
use crate::web::request::blocking;

const DONE: [(&str, &str); 1] = [(
    "drafted",
    "The draft is made. Nothing of it is public: look at it, attack it, and publish it when its time is over.",
)];

#[derive(Template)]
#[template(path = "staff/national/release_draft.html")]
struct DraftPage {
    shell: StaffShell,
    about: About,
    levels: Vec<[String; 7]>,
    models: Vec<(&'static str, Vec<HeadlineSeen>)>,
    kpi_cells: String,
    claims: String,
    thresholds: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff/national/release_publish.html")]
struct PublishPage {
    shell: StaffShell,
    about: About,
    /// What becomes public, each as one line.
    becomes: Vec<String>,
}

/// What both pages say of the draft.
struct About {
    id: String,
    period: String,
    made_on: String,
    open_until: String,
    /// Whether it is open, and whether schemes still have time.
    open: bool,
    waiting: bool,
    state: &'static str,
    /// Scheme, words, day.
    comments: Vec<(String, String, String)>,
}

struct HeadlineSeen {
    title: String,
    words: String,
    figure: String,
}

/// `GET /national/releases/{draft}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let draft = named(&app, &staff, &id).await?;
    let actor = staff.actor.clone();
    let found = blocking(&app, move |app| show_draft(app, &actor, &draft.id)).await?;
    let contents = found.contents.as_ref();
    let shown = DraftPage {
        about: about(&app, &found.seen),
        levels: contents.map(levels).unwrap_or_default(),
        models: contents.map(|c| models(&app, c)).unwrap_or_default(),
        kpi_cells: contents.map(|c| number(c.kpi_cells)).unwrap_or_default(),
        claims: contents.map(|c| number(c.claims)).unwrap_or_default(),
        thresholds: contents.map(thresholds).unwrap_or_default(),
        shell: StaffShell::of(&app, &http, &staff, "Draft of a release").done(&http, &DONE),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `GET /national/releases/{draft}/publish`: what becomes public, before it does.
pub(in crate::web) async fn confirm(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let draft = named(&app, &staff, &id).await?;
    let actor = staff.actor.clone();
    let found = blocking(&app, move |app| show_draft(app, &actor, &draft.id)).await?;
    let Some(contents) = &found.contents else {
        return Ok(go_to(&format!("/national/releases/{}", found.seen.id)));
    };
    let shown = PublishPage {
        about: about(&app, &found.seen),
        becomes: becomes(contents),
        shell: StaffShell::of(&app, &http, &staff, "Publish this release?"),
    };
    Ok(page(StatusCode::OK, &shown))
}

fn about(app: &App, draft: &DraftSeen) -> About {
    let directory = app.directory();
    let name = |id: &str| directory.scheme(id).map_or_else(|| id.to_owned(), |s| s.about.name.clone());
    let comments = draft.comments.iter();
    // Whole days, as they are written; the act itself asks for the minute.
    let until = draft.open_until.get(..10).and_then(parse_date);
    let open = draft.state == "open";
    About {
        id: draft.id.clone(),
        period: period_words(&draft.period),
        made_on: day_of(&draft.made_at),
        open_until: day_of(&draft.open_until),
        open,
        waiting: open && until.is_some_and(|until| app.now() < until.and_time(time_of(&draft.open_until))),
        state: state_words(&draft.state),
        comments: comments.map(|c| (name(&c.scheme), c.comment.clone(), day_of(&c.at))).collect(),
    }
}

/// The time of day of an RFC 3339 text; midnight if there is none.
fn time_of(text: &str) -> chrono::NaiveTime {
    text.get(11..19).and_then(|t| t.parse().ok()).unwrap_or_default()
}

fn number(count: usize) -> String {
    i64::try_from(count).map(thousands).unwrap_or_default()
}

/// What the places of a level are called.
fn level_words(level: Level) -> &'static str {
    match level {
        Level::Uk => "United Kingdom",
        Level::Nation => "Nations",
        Level::Region => "Regions",
        Level::LocalAuthority => "Councils and trusts",
        _ => "Schemes",
    }
}

fn levels(contents: &DraftContents) -> Vec<[String; 7]> {
    let line = |(level, c): &(Level, crate::use_cases::StatusCounts)| {
        let counts = [c.shown, c.pooled, c.banded, c.merged, c.hidden, c.all()].map(number);
        let [shown, pooled, banded, merged, hidden, all] = counts;
        [level_words(*level).to_owned(), shown, pooled, banded, merged, hidden, all]
    };
    contents.levels.iter().map(line).collect()
}

fn models(app: &App, contents: &DraftContents) -> Vec<(&'static str, Vec<HeadlineSeen>)> {
    let seen = |row: &Row| HeadlineSeen {
        title: app.registry.indicator(&row.indicator).map_or("", |i| i.title.get("en")).to_owned(),
        words: words(row),
        figure: figure(row),
    };
    contents.headlines.iter().map(|(model, rows)| (model.title(), rows.iter().map(seen).collect())).collect()
}

fn words(row: &Row) -> String {
    match (row.status, row.positive, row.n) {
        (Status::Banded, _, _) => {
            if row.band.as_deref() == Some("very-few") { "Very few" } else { "Almost all" }.into()
        }
        (_, Some(positive), Some(n)) => capital(&in_words(positive, n)),
        (_, None, Some(_)) => row.statement.as_ref().map_or("", |s| s.get("en")).to_owned(),
        _ => "Hidden: too few people".into(),
    }
}

fn figure(row: &Row) -> String {
    let Some(n) = row.n else { return "–".into() };
    let interval = row.interval.as_ref();
    match (row.percent, row.mean) {
        (Some(percent), _) => {
            format!("{percent:.1}% of {} people, {}", thousands(n), interval.map(ends).unwrap_or_default())
        }
        (None, Some(mean)) => {
            let ends = interval.map(|i| format!(", {:.2} to {:.2}", i.low, i.high)).unwrap_or_default();
            format!("{mean:.2} over {} people{ends}", thousands(n))
        }
        _ => format!("{} people", thousands(n)),
    }
}

fn thresholds(contents: &DraftContents) -> Vec<String> {
    let p = contents.policy;
    vec![
        format!(
            "A figure needs at least {} people, at least {} of them on each side.",
            p.least_n, p.least_each_side
        ),
        format!(
            "A part of a distribution needs at least {} people, a mean at least {}.",
            p.least_part, p.least_mean
        ),
        format!("A KPI needs at least {} organisations that sent it in.", p.least_senders),
    ]
}

/// What becomes public, in sentences.
fn becomes(contents: &DraftContents) -> Vec<String> {
    let mut all: Vec<String> = contents
        .levels
        .iter()
        .filter_map(|(level, c)| {
            let kinds =
                [(c.shown, "exactly"), (c.pooled, "of several years together"), (c.banded, "in words only")];
            let printed = kinds.iter().filter(|(count, _)| *count > 0);
            let printed: Vec<String> =
                printed.map(|(count, how)| format!("{} {how}", number(*count))).collect();
            let named = c.merged + c.hidden;
            let more =
                format!("{} are named without a number, because too few people answered", number(named));
            match (printed.is_empty(), named) {
                (true, 0) => None,
                (true, _) => Some(format!("{}: {more}.", level_words(*level))),
                (false, 0) => Some(format!("{}, figures: {}.", level_words(*level), printed.join(", "))),
                (false, _) => {
                    Some(format!("{}, figures: {}; {more}.", level_words(*level), printed.join(", ")))
                }
            }
        })
        .collect();
    all.push(format!("{} KPI figures of the United Kingdom and its nations.", number(contents.kpi_cells)));
    all.push(format!("{} claims, each with its passport.", number(contents.claims)));
    all.push("The names of all schemes that took part, beside what is shown of them.".into());
    all
}
