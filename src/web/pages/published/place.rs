//! `/places/{code}`: one place, or one scheme, in the newest release.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::charts::of_place;
use super::figure::{Figure, figure, model_title, says_something, sort, title};
use super::kpis::{KpiSeen, kpis_of};
use super::places::{PlaceLine, at, day_of_areas, place_line};
use super::{Shell, absent, answered, is_plain, newest};
use crate::app::App;
use crate::domain::area::{Area, Level};
use crate::domain::definition::Model;
use crate::domain::figures::{Row, Status};
use crate::domain::passport::capital;
use crate::domain::period::Period;
use crate::published::Published;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "public/place.html")]
struct PlacePage {
    demo: bool,
    shell: Shell,
    /// What kind of place it is and where it lies.
    about: String,
    models: Vec<ModelPart>,
    /// The address of the report of this place.
    report: Option<String>,
    kpis: Vec<KpiSeen>,
    /// The nation, where the KPIs are that a smaller place has none of.
    kpis_at: Option<(String, String)>,
    /// Places within it.
    inside: Vec<PlaceLine>,
    inside_title: &'static str,
    /// Schemes that work here and that the release names: address, name, model.
    schemes: Vec<(String, String, String)>,
}

/// What is said of one model.
struct ModelPart {
    code: String,
    name: String,
    /// All its shares, drawn.
    chart: Option<String>,
    figures: Vec<Figure>,
    /// What is counted with a larger place: that place's address and name, and the titles.
    merged: Vec<(String, String, String)>,
    /// The titles of what is hidden.
    hidden: String,
}

/// A place that has a page.
enum Found<'a> {
    Area(&'a Area),
    /// A scheme that the release names.
    Scheme(String),
}

/// `GET /places/{code}`
pub(in crate::web) async fn show(
    app: web::Data<App>,
    http: HttpRequest,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let release = newest(&app).await?;
    let day = day_of_areas(&app, release.as_deref());
    let areas = &app.registry.areas;
    let named = || release.as_ref()?.schemes().get(code.as_str()).map(|name| (*name).to_owned());
    let found = match areas.get(&code).filter(|area| area.level != Level::Together) {
        Some(area) if area.in_force(day) => Found::Area(area),
        Some(area) => return Ok(earlier(&app, area)),
        None => match named().filter(|_| is_plain(&code)) {
            Some(name) => Found::Scheme(name),
            None => return Ok(unknown(&app)),
        },
    };
    let (name, level) = match &found {
        Found::Area(area) => (area.name.clone(), area.level),
        Found::Scheme(name) => (name.clone(), Level::Scheme),
    };
    let around = around(&app, &code, &found, release.as_deref());
    let mut shell = Shell::new(name, "/places").below("/places", "Places");
    for outer in around.iter().rev() {
        shell = shell.below(outer.address.clone(), outer.name.clone());
    }
    let codes: Vec<&str> = around.iter().filter_map(|p| p.address.rsplit('/').next()).collect();
    let within = |area: &Area| areas.lies_within(&area.code, &code) && area.code != *code;
    let (inside_title, inside) = match level {
        Level::Uk => ("Nations and regions", {
            let mut all = at(areas, day, Level::Nation, within);
            all.extend(at(areas, day, Level::Region, within));
            all
        }),
        Level::Nation if !at(areas, day, Level::Region, within).is_empty() => {
            ("Regions", at(areas, day, Level::Region, within))
        }
        Level::Nation | Level::Region => {
            ("Councils and trusts", at(areas, day, Level::LocalAuthority, within))
        }
        _ => ("", Vec::new()),
    };
    let nation = areas.at_level(&code, Level::Nation).filter(|nation| nation.code != *code);
    let models = release.as_ref().map(|r| models(&app, r, &code, &codes)).unwrap_or_default();
    let report = release.as_ref().filter(|_| !models.is_empty());
    let page = PlacePage {
        demo: app.demo,
        about: match &found {
            Found::Area(area) => capital(&place_line(areas, area).about),
            Found::Scheme(_) => "Scheme".into(),
        },
        report: report.map(|r| format!("/releases/{}/report/{code}.html", r.row.id)),
        models,
        kpis: release.as_ref().map(|r| kpis_of(&app, r, &code)).unwrap_or_default(),
        kpis_at: nation.map(|nation| (format!("/places/{}", nation.code), nation.name.clone())),
        inside: inside.into_iter().map(|area| place_line(areas, area)).collect(),
        inside_title,
        schemes: match (&release, level) {
            (Some(release), Level::LocalAuthority) => schemes(&app, release, &code),
            _ => Vec::new(),
        },
        shell: shell.of(release.as_ref()),
    };
    Ok(answered(&http, &page))
}

/// The places around, from the nearest to the UK.
fn around(app: &App, code: &str, found: &Found<'_>, release: Option<&Published>) -> Vec<PlaceLine> {
    let areas = &app.registry.areas;
    let lines = |code: &str, skip: usize| -> Vec<PlaceLine> {
        areas.upwards(code).skip(skip).map(|area| place_line(areas, area)).collect()
    };
    match found {
        Found::Area(_) => lines(code, 1),
        // Of several councils none is the one; what is around all of them is.
        Found::Scheme(_) => {
            let councils = release.map(|r| councils_of(app, r, code)).unwrap_or_default();
            let Some((first, others)) = councils.split_first() else { return Vec::new() };
            let all = |line: &PlaceLine| {
                let outer = line.address.rsplit('/').next().unwrap_or_default();
                others.iter().all(|council| areas.lies_within(council, outer))
            };
            lines(first, 0).into_iter().filter(all).collect()
        }
    }
}

/// The councils for which a scheme worked in the release's period.
fn councils_of(app: &App, release: &Published, scheme: &str) -> Vec<String> {
    let directory = app.directory();
    let Some(scheme) = directory.scheme(scheme) else { return Vec::new() };
    let Ok(period) = release.row.period.parse::<Period>() else { return Vec::new() };
    let (first, last) = (period.first_day(), period.last_day());
    scheme.councils_in(&app.registry.areas, first, last, last).iter().map(|c| c.code.clone()).collect()
}

/// The schemes of a council that the release names.
fn schemes(app: &App, release: &Published, council: &str) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = release
        .schemes()
        .into_iter()
        .filter(|(id, _)| councils_of(app, release, id).iter().any(|code| code == council))
        .map(|(id, name)| {
            let model = release.of_place(id).next().map(|row| model_title(&row.model)).unwrap_or_default();
            (format!("/places/{id}"), name.to_owned(), model.to_owned())
        })
        .collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

fn models(app: &App, release: &Published, code: &str, around: &[&str]) -> Vec<ModelPart> {
    let part = |model: Model| {
        let of_model = |row: &&Row| row.group.is_none() && row.model == model.code();
        let mut rows: Vec<&Row> = release.of_place(code).filter(of_model).collect();
        sort(app, &mut rows);
        let (shown, others): (Vec<&Row>, Vec<&Row>) = rows.into_iter().partition(|row| says_something(row));
        let (merged, hidden): (Vec<&Row>, Vec<&Row>) =
            others.into_iter().partition(|row| row.status == Status::Merged && row.merged_into.is_some());
        ModelPart {
            code: model.code().to_owned(),
            name: model.title().to_owned(),
            chart: chart(app, model, &shown),
            figures: shown.into_iter().map(|row| figure(app, release, row, around)).collect(),
            merged: merged_into(app, &merged),
            hidden: titles(app, &hidden),
        }
    };
    let said =
        |part: &ModelPart| !(part.figures.is_empty() && part.merged.is_empty() && part.hidden.is_empty());
    Model::ALL.into_iter().map(part).filter(said).collect()
}

fn chart(app: &App, model: Model, shown: &[&Row]) -> Option<String> {
    let place = &shown.first()?.place.name;
    let heading = format!("What people say, {}, {place}", model.title());
    of_place(app, &format!("{}-drawn", model.code()), &heading, shown)
}

fn titles(app: &App, rows: &[&Row]) -> String {
    let mut all: Vec<&str> = rows.iter().map(|row| title(app, &row.indicator)).collect();
    all.dedup();
    all.join("; ")
}

/// What is counted with larger places, by place.
fn merged_into(app: &App, rows: &[&Row]) -> Vec<(String, String, String)> {
    let mut codes: Vec<&str> = rows.iter().filter_map(|row| row.merged_into.as_deref()).collect();
    codes.sort_unstable();
    codes.dedup();
    let of = |code: &&str| {
        let own: Vec<&Row> =
            rows.iter().filter(|row| row.merged_into.as_deref() == Some(code)).copied().collect();
        let name = app.registry.areas.get(code).map_or(*code, |area| area.name.as_str());
        (format!("/places/{code}"), name.to_owned(), titles(app, &own))
    };
    codes.iter().map(of).collect()
}

fn unknown(app: &App) -> HttpResponse {
    absent(
        app,
        StatusCode::NOT_FOUND,
        Shell::new("There is no such place here", "/places").below("/places", "Places"),
        vec!["Search for it by its name, or look through the list. A scheme is found here once a release names it.".into()],
        vec![("/places".into(), "All places".into())],
    )
}

/// The page of an area that was not in force in the release's period.
fn earlier(app: &App, area: &Area) -> HttpResponse {
    let areas = &app.registry.areas;
    let next = area.successors.iter().filter_map(|code| areas.get(code));
    let onward: Vec<(String, String)> =
        next.map(|after| (format!("/places/{}", after.code), after.name.clone())).collect();
    let words = if onward.is_empty() {
        format!("{} was no area of its own in the period of the newest release.", area.name)
    } else {
        format!(
            "{} was no area of its own in the period of the newest release. What came after it stands below.",
            area.name
        )
    };
    absent(
        app,
        StatusCode::NOT_FOUND,
        Shell::new(format!("{} is an earlier area", area.name), "/places").below("/places", "Places"),
        vec![words],
        onward,
    )
}
