//! The public front page: the latest release's headlines for the UK and its nations, each with base, interval and period.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::amounts::{thousands, whole_percent};
use super::render;
use crate::app::App;
use crate::domain::area::Level;
use crate::domain::definition::{Model, Rule};
use crate::domain::passport::{capital, claim_id, in_words};
use crate::domain::period::day_in_words;
use crate::domain::reader::parse_date;
use crate::storage::StorageError;
use crate::use_cases::{Newest, demo_surveys, newest_headlines, release_claims};
use crate::web::problem::Problem;
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    demo: bool,
    release: Option<Release>,
    /// Surveys that anybody can try: title, scheme, address.
    surveys: Vec<(String, String, String)>,
}

struct Release {
    published_on: String,
    period: String,
    least_n: i64,
    least_each_side: i64,
    models: Vec<ModelFigures>,
}

struct ModelFigures {
    name: &'static str,
    headlines: Vec<Headline>,
    /// How many of them are seen without asking for more.
    first: usize,
}

struct Headline {
    anchor: String,
    title: String,
    /// The title and the model: what tells its table and its link from those of other headlines on the page.
    name: String,
    in_ten: String,
    words: String,
    percent: String,
    /// Widths of the bar and of the interval, in whole percent, for the drawing.
    value: i64,
    low: i64,
    high: i64,
    interval: String,
    n: String,
    others: String,
    series: String,
    nations: Vec<NationFigure>,
    /// The claim that has a passport.
    claim: Option<String>,
}

struct NationFigure {
    name: String,
    percent: String,
    interval: String,
    n: String,
}

/// The shares shown first, in this order.
const FIRST: [&str; 3] = ["social-connection", "emotional-health", "physical-health"];

/// How many headlines of a model are seen at once: two or three in a row, and two rows.
const SEEN: usize = 4;

pub(in crate::web) async fn show(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let newest = blocking(&app, |app| {
        let Some(newest) = newest_headlines(app)? else { return Ok(None) };
        let claims = release_claims(app, newest.head["id"].as_str().unwrap_or_default())?;
        Ok::<_, StorageError>(Some((newest, claims.into_iter().collect::<BTreeSet<String>>())))
    })
    .await?;
    let release = newest.map(|(newest, claims)| read_release(&app, &newest, &claims));
    let surveys = blocking(&app, demo_surveys).await?;
    Ok(render(&HomePage { demo: app.demo, release, surveys }))
}

fn read_release(app: &App, newest: &Newest, claims: &BTreeSet<String>) -> Release {
    let Newest { head, cells } = newest;
    let threshold = |name: &str| head["policy"][name].as_i64().unwrap_or_default();
    let models = Model::ALL
        .into_iter()
        .map(|model| {
            let headlines = headlines(app, cells, model, claims);
            ModelFigures { name: model.title(), first: SEEN.min(headlines.len()), headlines }
        })
        .filter(|m| !m.headlines.is_empty())
        .collect();
    Release {
        published_on: head["published_at"]
            .as_str()
            .and_then(|t| parse_date(t.get(..10)?))
            .map(day_in_words)
            .unwrap_or_default(),
        period: period_words(head["period"].as_str().unwrap_or_default()),
        least_n: threshold("least_n"),
        least_each_side: threshold("least_each_side"),
        models,
    }
}

fn headlines(app: &App, cells: &[Value], model: Model, claims: &BTreeSet<String>) -> Vec<Headline> {
    let of_model = |cell: &&Value| cell["model"] == model.code();
    let at = |level: &'static str| move |cell: &&Value| cell["place"]["level"] == level;
    let mut found: Vec<Headline> = cells
        .iter()
        .filter(of_model)
        .filter(at("uk"))
        .filter(|uk| uk["group"].is_null())
        .filter_map(|uk| {
            let indicator = app.registry.indicator(uk["indicator"].as_str()?)?;
            let same = |cell: &&Value| {
                cell["group"].is_null()
                    && cell["indicator"] == uk["indicator"]
                    && cell["series"] == uk["series"]
                    && cell["n"].is_number()
            };
            let nations =
                cells.iter().filter(of_model).filter(at("nation")).filter(same).map(nation).collect();
            let percent = uk["percent"].as_f64()?;
            let bound = |end: &str| uk["interval"][end].as_f64().unwrap_or_default();
            let series = uk["series"].as_str()?;
            let claim = claim_id(&indicator.id, series, model.code(), Level::Uk, "");
            Some(Headline {
                claim: claims.contains(&claim).then_some(claim),
                anchor: format!("{}-{}-{}", model.code(), indicator.id, series.replace('/', "-")),
                title: indicator.title.get("en").to_owned(),
                name: format!("{}, {}, {series}", indicator.title.get("en"), model.title()),
                in_ten: capital(&in_words(uk["positive"].as_i64()?, uk["n"].as_i64()?)),
                words: uk["statement"]["en"].as_str().unwrap_or_default().to_owned(),
                percent: format!("{percent:.1}%"),
                value: whole_percent(percent),
                low: whole_percent(bound("low")),
                high: whole_percent(bound("high")),
                interval: interval(uk),
                n: thousands(uk["n"].as_i64()?),
                others: others(app, uk),
                series: series.to_owned(),
                nations,
            })
        })
        .collect();
    let rank = |title: &str| {
        FIRST
            .iter()
            .position(|id| app.registry.indicator(id).is_some_and(|i| i.title.get("en") == title))
            .unwrap_or(FIRST.len())
    };
    found.sort_by_key(|h| (rank(&h.title), h.title.clone()));
    found
}

fn nation(cell: &Value) -> NationFigure {
    NationFigure {
        name: cell["place"]["name"].as_str().unwrap_or_default().to_owned(),
        percent: format!("{:.1}%", cell["percent"].as_f64().unwrap_or_default()),
        interval: interval(cell),
        n: thousands(cell["n"].as_i64().unwrap_or_default()),
    }
}

fn interval(cell: &Value) -> String {
    let end = |end: &str| cell["interval"][end].as_f64().unwrap_or_default();
    format!("{:.1}% to {:.1}%", end("low"), end("high"))
}

/// The answers that are not positive, each with its number; or that they are hidden.
fn others(app: &App, cell: &Value) -> String {
    let Some(counts) = cell["distribution"].as_object() else {
        return "The other answers are not shown, because one of them was given by too few people.".into();
    };
    let entry =
        app.registry.definitions().flat_map(|d| d.indicators.iter().map(move |e| (d, e))).find(|(d, e)| {
            d.model.code() == cell["model"]
                && e.indicator == cell["indicator"].as_str().unwrap_or_default()
                && e.series == cell["series"].as_str().unwrap_or_default()
        });
    let Some((definition, Rule::Share { item, positive, base, .. })) = entry.map(|(d, e)| (d, &e.rule))
    else {
        return String::new();
    };
    let options = definition.item(item).map(|(_, item)| item.kind.choices()).unwrap_or_default();
    let said: Vec<String> = base
        .iter()
        .filter(|code| !positive.contains(code))
        .filter_map(|code| {
            let words = options
                .iter()
                .find(|o| &o.code == code)?
                .text
                .get("standard", "en")
                .trim_end_matches('.')
                .to_lowercase();
            Some(format!("“{words}”: {}", thousands(counts.get(code)?.as_i64()?)))
        })
        .collect();
    said.join(", ")
}

/// The days of a period, in words.
fn period_words(period: &str) -> String {
    match period.parse::<crate::domain::period::Period>() {
        Ok(period) => format!("{} to {}", day_in_words(period.first_day()), day_in_words(period.last_day())),
        Err(()) => period.to_owned(),
    }
}
