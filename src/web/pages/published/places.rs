//! `/places`: finding a council, a region or a nation by its name.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::{Shell, answered, newest};
use crate::app::App;
use crate::domain::area::{Area, Areas, Level};
use crate::published::Published;
use crate::web::pages::staff::parameter;
use crate::web::problem::Problem;

/// The longest name that is searched for, in characters.
const LONGEST: usize = 100;

#[derive(Template)]
#[template(path = "public/places.html")]
struct PlacesPage {
    demo: bool,
    shell: Shell,
    /// What was typed; none if nothing was asked for.
    asked: Option<String>,
    found: Vec<PlaceLine>,
    /// Nations, each with its regions and its councils.
    nations: Vec<NationList>,
}

/// A place of a list.
pub(super) struct PlaceLine {
    pub(super) address: String,
    pub(super) name: String,
    /// What kind of place it is and where it lies.
    pub(super) about: String,
}

struct NationList {
    name: String,
    address: String,
    regions: Vec<PlaceLine>,
    /// Councils outside of regions.
    councils: Vec<PlaceLine>,
}

/// `GET /places`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Problem> {
    let release = newest(&app).await?;
    let day = day_of_areas(&app, release.as_deref());
    let areas = &app.registry.areas;
    let asked = parameter(&http, "q").map(|q| q.trim().chars().take(LONGEST).collect::<String>());
    let asked = asked.filter(|q| !q.is_empty());
    let wanted = asked.as_deref().map(plain).unwrap_or_default();
    let hits = |area: &&Area| {
        let names = [Some(&area.name), area.name_cy.as_ref()];
        let named = names.into_iter().flatten().any(|name| plain(name).contains(&wanted));
        !wanted.is_empty() && (named || plain(&area.code) == wanted)
    };
    let mut found: Vec<&Area> = standing(areas, day).filter(hits).collect();
    found.sort_by_key(|area| (area.level, area.name.clone()));
    let nations = at(areas, day, Level::Nation, |_| true);
    Ok(answered(
        &http,
        &PlacesPage {
            demo: app.demo,
            found: found.into_iter().map(|area| place_line(areas, area)).collect(),
            nations: nations.into_iter().map(|nation| nation_list(areas, day, nation)).collect(),
            shell: Shell::new(if asked.is_some() { "Places found" } else { "Places" }, "/places")
                .of(release.as_ref()),
            asked,
        },
    ))
}

/// The day on which areas are looked at: the last one of the release, or today.
pub(super) fn day_of_areas(app: &App, release: Option<&Published>) -> NaiveDate {
    let period = release.and_then(|r| r.row.period.parse::<crate::domain::period::Period>().ok());
    period.map_or_else(|| app.today(), |p| p.last_day())
}

/// The areas that are in force on a day, and have a page.
fn standing(areas: &Areas, day: NaiveDate) -> impl Iterator<Item = &Area> {
    areas.all().filter(move |area| area.in_force(day) && area.level != Level::Together)
}

/// The areas of a level, by name.
pub(super) fn at(areas: &Areas, day: NaiveDate, level: Level, wanted: impl Fn(&Area) -> bool) -> Vec<&Area> {
    let mut found: Vec<&Area> =
        standing(areas, day).filter(|area| area.level == level && wanted(area)).collect();
    found.sort_by_key(|area| area.name.clone());
    found
}

fn nation_list(areas: &Areas, day: NaiveDate, nation: &Area) -> NationList {
    let inside = |area: &Area| areas.lies_within(&area.code, &nation.code);
    let outside_regions = |area: &Area| inside(area) && areas.at_level(&area.code, Level::Region).is_none();
    let lines = |found: Vec<&Area>| found.into_iter().map(|area| place_line(areas, area)).collect();
    NationList {
        name: nation.name.clone(),
        address: format!("/places/{}", nation.code),
        regions: lines(at(areas, day, Level::Region, inside)),
        councils: lines(at(areas, day, Level::LocalAuthority, outside_regions)),
    }
}

/// A line of a list of places.
pub(super) fn place_line(areas: &Areas, area: &Area) -> PlaceLine {
    let kind = match area.level {
        Level::Uk => "the whole country",
        Level::Nation => "nation",
        Level::Region => "region",
        _ if area.kind == "hsc_trust" => "health and social care trust",
        _ => "council",
    };
    let around: Vec<&str> = areas
        .upwards(&area.code)
        .skip(1)
        .filter(|outer| outer.level != Level::Uk)
        .map(|outer| outer.name.as_str())
        .collect();
    let about = if around.is_empty() { kind.to_owned() } else { format!("{kind}, {}", around.join(", ")) };
    PlaceLine { address: format!("/places/{}", area.code), name: area.name.clone(), about }
}

/// A name as it is compared: small letters and digits, with one space between words.
fn plain(name: &str) -> String {
    let letters: String =
        name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    letters.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
