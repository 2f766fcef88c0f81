//! Areas with their dates and successors, and questionnaires with the versions in use.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Instead, Line, ListPage, StaffShell, cut, national};
use crate::app::App;
use crate::domain::definition::Status;
use crate::use_cases::count_by_version;
use crate::web::pages::staff::{page, parameter};
use crate::web::request::blocking;
use crate::web::words::written_day;

/// `GET /national/areas`
pub(in crate::web) async fn areas(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let typed = parameter(&http, "q").unwrap_or_default();
    let wanted = typed.trim().to_lowercase();
    let today = app.today();
    let directory = app.directory();
    let name = |code: &str| {
        app.registry.areas.get(code).map_or_else(|| code.to_owned(), |a| format!("{} ({code})", a.name))
    };
    let found = app.registry.areas.all().filter(|area| {
        wanted.is_empty() || area.name.to_lowercase().contains(&wanted) || area.code.to_lowercase() == wanted
    });
    let list: Vec<Line> = found
        .map(|area| {
            let from = area.valid_from.map(|day| format!("from {}", written_day(day, "en")));
            let to = area.valid_to.map(|day| format!("until {}", written_day(day, "en")));
            let dates: Vec<String> = from.into_iter().chain(to).collect();
            let mut words = vec![format!("{}, {}", area.code, area.kind)];
            words.extend(area.parent.as_deref().map(|parent| format!("In: {}", name(parent))));
            if !dates.is_empty() {
                words.push(dates.join(", "));
            }
            if !area.successors.is_empty() {
                let successors: Vec<String> = area.successors.iter().map(|code| name(code)).collect();
                words.push(format!("After it: {}", successors.join(", ")));
            }
            let schemes: Vec<&str> = directory
                .schemes()
                .filter(|s| s.about.areas.iter().any(|a| a.code == area.code))
                .map(|s| s.about.name.as_str())
                .collect();
            if !schemes.is_empty() {
                words.push(format!("Schemes: {}", schemes.join(", ")));
            }
            let state = if area.in_force(today) { "in force" } else { "not in force" }.to_owned();
            Line { title: area.name.clone(), address: None, words, state }
        })
        .collect();
    let (list, more) = cut(list);
    let shown = ListPage {
        lead: "Councils, regions and nations by their official codes. They come with the program and change with it.".into(),
        here: "/national/areas",
        search: Some(("Search by name or code", typed.chars().take(100).collect())),
        links: Vec::new(),
        list,
        more,
        shell: StaffShell::of(&app, &http, &staff, "Areas"),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `GET /national/questionnaires`
pub(in crate::web) async fn questionnaires(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let actor = staff.actor.clone();
    let counts = blocking(&app, move |app| count_by_version(app, &actor)).await?;
    let list: Vec<Line> = app
        .registry
        .definitions()
        .map(|d| {
            let version = d.version.to_string();
            let count = counts.get(&(d.id.clone(), version.clone())).copied().unwrap_or(0);
            Line {
                title: format!("{}, version {version}", d.title.get("en")),
                address: Some(format!("/preview/{}/{version}", d.id)),
                words: vec![
                    format!("{}, for {}", d.id, d.model.code()),
                    format!("Answers stored: {count}"),
                    format!("Indicators: {}", d.indicators.len()),
                ],
                state: match d.status {
                    Status::Draft => "draft",
                    Status::Published => "published",
                    Status::Retired => "retired",
                }
                .to_owned(),
            }
        })
        .collect();
    let (list, more) = cut(list);
    let shown = ListPage {
        lead: "Every version that this server knows, with how many answers it has. Practice schemes are not counted.".into(),
        here: "/national/questionnaires",
        search: None,
        links: vec![("/preview", "Look at how each is asked")],
        list,
        more,
        shell: StaffShell::of(&app, &http, &staff, "Questionnaires"),
    };
    Ok(page(StatusCode::OK, &shown))
}
