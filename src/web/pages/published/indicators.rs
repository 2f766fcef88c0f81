//! `/indicators`: every indicator, and each with its wording, how it is worked out, and its figures by place and group.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::charts::bars;
use super::figure::{Figure, Line, figure, line, model_title, of_place};
use super::{Shell, absent, answered, newest};
use crate::app::App;
use crate::domain::area::Level;
use crate::domain::definition::{Direction, Indicator, Model, Rule, Statistic, Status as Life};
use crate::domain::figures::Row;
use crate::domain::passport::{Wording, capital, in_words, wordings};
use crate::published::Published;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "public/indicators.html")]
struct ListPage {
    demo: bool,
    shell: Shell,
    topics: Vec<(String, Vec<Listed>)>,
}

struct Listed {
    address: String,
    title: String,
    kind: &'static str,
    /// What the newest release says of the UK: model and words.
    said: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "public/indicator.html")]
struct OnePage {
    demo: bool,
    shell: Shell,
    kind: &'static str,
    means: &'static str,
    direction: &'static str,
    parts: Vec<Part>,
}

/// An indicator as one model asks it, in one wording.
struct Part {
    anchor: String,
    /// “Shared Lives”; with the wording, where a model has asked in several.
    name: String,
    model: String,
    series: String,
    rule: &'static str,
    wording: Vec<Wording>,
    uk: Option<Figure>,
    /// The UK, its nations and regions, as they are drawn and in lines.
    chart: Option<String>,
    wide: Vec<Line>,
    councils: Vec<Line>,
    /// By breakdown: its title, and its groups in the UK.
    groups: Vec<(String, Vec<Line>)>,
}

/// `GET /indicators`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let release = newest(&app).await?;
    let mut topics: BTreeMap<&str, Vec<&Indicator>> = BTreeMap::new();
    for indicator in &app.registry.indicators {
        topics.entry(&indicator.topic).or_default().push(indicator);
    }
    let listed = |indicator: &&Indicator| Listed {
        address: format!("/indicators/{}", indicator.id),
        title: indicator.title.get("en").to_owned(),
        kind: kind(indicator.statistic).0,
        said: release.as_ref().map(|r| said_in_uk(r, &indicator.id)).unwrap_or_default(),
    };
    let topic = |(id, all): (&str, Vec<&Indicator>)| {
        (capital(&id.replace('-', " ")), all.iter().map(listed).collect())
    };
    let topics = topics.into_iter().map(topic).collect();
    let shell = Shell::new("Indicators", "/indicators").of(release.as_ref());
    Ok(answered(&http, &ListPage { demo: app.demo, shell, topics }))
}

fn said_in_uk(release: &Published, id: &str) -> Vec<(String, String)> {
    let in_uk = release.of_indicator(id).filter(|row| row.place.level == Level::Uk && row.group.is_none());
    let said =
        in_uk.filter_map(|row| Some((model_title(&row.model).to_owned(), in_words(row.positive?, row.n?))));
    said.collect()
}

/// `GET /indicators/{id}`
pub(in crate::web) async fn one(
    app: web::Data<App>,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let Some(indicator) = app.registry.indicator(&id) else {
        return Ok(absent(
            &app,
            StatusCode::NOT_FOUND,
            Shell::new("There is no such indicator", "/indicators").below("/indicators", "Indicators"),
            vec!["Its name may have changed, or the address was typed wrongly.".into()],
            vec![("/indicators".into(), "All indicators".into())],
        ));
    };
    let release = newest(&app).await?;
    let (kind, means) = kind(indicator.statistic);
    let page = OnePage {
        demo: app.demo,
        kind,
        means,
        direction: direction(indicator.direction),
        parts: parts(&app, release.as_deref(), indicator),
        shell: Shell::new(indicator.title.get("en"), "/indicators")
            .below("/indicators", "Indicators")
            .of(release.as_ref()),
    };
    Ok(answered(&http, &page))
}

/// What kind of number it is, and what it can and cannot say.
fn kind(statistic: Statistic) -> (&'static str, &'static str) {
    match statistic {
        Statistic::Attribution => (
            "what people say the support did",
            "People were asked whether something is better because of their support. It is their word. It is not a measured change, and there is no comparison group.",
        ),
        Statistic::Frequency => (
            "how often something is so",
            "People were asked how often something is so. It says how things are, not what caused it.",
        ),
        Statistic::Level => (
            "how things are now",
            "People were asked how things are now. It says nothing of what was before, nor of what caused it.",
        ),
        Statistic::Score => (
            "a score made from answers",
            "Answers are numbers, and the score is worked out from them. It says how things are, not what caused it.",
        ),
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::High => "More is better.",
        Direction::Low => "Less is better.",
        Direction::Context => "Neither more nor less is better: it is for context.",
    }
}

fn rule_words(rule: &Rule) -> &'static str {
    match rule {
        Rule::Share { .. } => {
            "The share of people who gave a marked answer, of all who gave an answer that counts. Worse and no difference always count. Who did not know, skipped it or did not want to say is left out, and counted apart."
        }
        Rule::Mean { .. } => {
            "The mean over all people of each person’s answer, or of the mean of their answers to several questions."
        }
        Rule::Sum { cut: Some(_), .. } => {
            "Each person’s answers are added up. The figure is the share of people whose sum is on the marked side."
        }
        Rule::Sum { cut: None, .. } => {
            "Each person’s answers are added up. The figure is the mean of these sums."
        }
        Rule::Bands { .. } => "How many people gave each answer. No answer is the good one.",
        Rule::Ratio { .. } => "The sum of one count over all people, divided by the sum of another.",
    }
}

/// Every model and wording in which the indicator is asked.
fn parts(app: &App, release: Option<&Published>, indicator: &Indicator) -> Vec<Part> {
    let mut asked: Vec<(Model, &str, &Rule)> = Vec::new();
    for definition in app.registry.definitions().filter(|d| d.status != Life::Draft) {
        for entry in definition.indicators.iter().filter(|entry| entry.indicator == indicator.id) {
            let known =
                asked.iter().any(|(model, series, _)| (*model, *series) == (definition.model, &entry.series));
            if !known {
                asked.push((definition.model, &entry.series, &entry.rule));
            }
        }
    }
    let rank = |model: Model| Model::ALL.iter().position(|one| *one == model);
    asked.sort_by_key(|(model, series, _)| (rank(*model), series.to_owned()));
    asked
        .iter()
        .map(|(model, series, rule)| {
            let several = asked.iter().filter(|(other, _, _)| other == model).count() > 1;
            part(app, release, indicator, *model, series, rule, several)
        })
        .collect()
}

fn part(
    app: &App,
    release: Option<&Published>,
    indicator: &Indicator,
    model: Model,
    series: &str,
    rule: &Rule,
    several: bool,
) -> Part {
    let of_part = |row: &&Row| row.model == model.code() && row.series == series;
    let rows: Vec<&Row> =
        release.iter().flat_map(|r| r.of_indicator(&indicator.id)).filter(of_part).collect();
    let everybody = |levels: &[Level]| {
        let mut found: Vec<&Row> = rows
            .iter()
            .filter(|row| row.group.is_none() && levels.contains(&row.place.level))
            .copied()
            .collect();
        found.sort_by_key(|row| (row.place.level, row.place.name.clone()));
        found
    };
    let uk = everybody(&[Level::Uk]).into_iter().find(|row| row.n.is_some());
    let wide = everybody(&[Level::Uk, Level::Nation, Level::Region]);
    let drawn: Vec<(String, &Row, bool)> =
        wide.iter().map(|row| (row.place.name.clone(), *row, row.place.level == Level::Uk)).collect();
    let anchor = format!("{}-{}", model.code(), series.replace('/', "-"));
    let heading = format!("{}, {}, wording {series}", indicator.title.get("en"), model.title());
    Part {
        chart: bars(&format!("{anchor}-drawn"), &heading, &drawn),
        anchor,
        name: if several { format!("{}, wording {series}", model.title()) } else { model.title().to_owned() },
        model: model.code().to_owned(),
        series: series.to_owned(),
        rule: rule_words(rule),
        wording: wordings(&app.registry, model.code(), &indicator.id, series),
        uk: release.zip(uk).map(|(release, row)| Figure {
            title: "In the United Kingdom".into(),
            address: format!("/places/{}", row.place.code),
            ..figure(app, release, row, &[])
        }),
        wide: wide.into_iter().map(of_place).collect(),
        councils: everybody(&[Level::LocalAuthority]).into_iter().map(of_place).collect(),
        groups: groups(app, &rows),
    }
}

/// The groups of the UK that the release shows, by breakdown.
fn groups(app: &App, rows: &[&Row]) -> Vec<(String, Vec<Line>)> {
    let of = |breakdown: &crate::domain::definition::Breakdown| {
        let value = |row: &&Row| row.group.as_ref().and_then(|group| group.get(&breakdown.id)).cloned();
        let mut lines = Vec::new();
        for code in &breakdown.values {
            let own =
                rows.iter().find(|row| row.place.level == Level::Uk && value(row).as_ref() == Some(code));
            lines.extend(own.map(|row| line(row, breakdown.label(code, "en"), None)));
        }
        (breakdown.title.get("en").to_owned(), lines)
    };
    // A breakdown of which nothing is shown says nothing.
    let shown = |(_, lines): &(String, Vec<Line>)| lines.iter().any(|line| !line.value.is_empty());
    app.registry.breakdowns.iter().map(of).filter(shown).collect()
}
