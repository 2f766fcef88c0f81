//! A place at a glance: what people say, in words first, with every answer, over time and beside others; and what is counted, beside it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::outcomes::own_place;
use super::places::{PlaceGroup, place_groups};
use super::report::{of_place, staff_at, years};
use super::{Instead, StaffShell, page, parameter};
use crate::app::App;
use crate::domain::definition::Model;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::report::compose::{Board, Language, compose_board};
use crate::reports::html;
use crate::use_cases::make_report;
use crate::web::problem::{Kind, Problem};
use crate::web::request::blocking;

#[derive(Template)]
#[template(path = "staff/dashboard.html")]
struct DashboardPage {
    shell: StaffShell,
    /// The page's own address.
    here: String,
    /// Where the whole report is; nothing where there is no board.
    report: String,
    /// The places to choose from; a scheme's staff have their own only.
    places: Vec<PlaceGroup>,
    /// Financial years: name, and whether it is chosen.
    periods: Vec<(String, bool)>,
    /// Models to choose from: code, name, and whether it is shown.
    models: Vec<(&'static str, &'static str, bool)>,
    /// The board; nothing where a parameter is wrong.
    body: String,
}

/// `GET /scheme/dashboard`
pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    show(&app, &http, "/scheme").await
}

/// `GET /area/dashboard`
pub(in crate::web) async fn of_area(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    show(&app, &http, "/area").await
}

/// `GET /national/dashboard`
pub(in crate::web) async fn of_nation(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    show(&app, &http, "/national").await
}

/// What is asked for.
struct Asked {
    period: Option<Period>,
    model: Option<Model>,
}

fn asked(http: &HttpRequest) -> Result<Asked, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code, detail: &str| {
        faults.push(Fault { pointer: format!("/{field}"), code, detail: detail.into() });
    };
    let given = |name| parameter(http, name).filter(|value| !value.is_empty());
    let period = given("period").and_then(|name| {
        let period = name.parse().ok();
        if period.is_none() {
            fault("period", "bad-period", "A period is 2026-27 or 2026-Q3. Choose one of the list.");
        }
        period
    });
    let model = given("model").and_then(|code| {
        let model = Model::ALL.into_iter().find(|model| model.code() == code);
        if model.is_none() {
            fault("model", "unknown-code", "There is no such model. Choose one of the list.");
        }
        model
    });
    if faults.is_empty() { Ok(Asked { period, model }) } else { Err(faults) }
}

async fn show(app: &web::Data<App>, http: &HttpRequest, home: &'static str) -> Result<HttpResponse, Instead> {
    let staff = &staff_at(app, http, home).await?;
    let (own, free) = own_place(app, staff)?;
    let chosen = parameter(http, "place").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    let code = chosen.filter(|_| free).unwrap_or(own);
    let wrong = |faults: &[Fault]| {
        let shell = StaffShell::of(app, http, staff, "Dashboard").faulty(faults);
        let empty = DashboardPage {
            here: format!("{home}/dashboard"),
            report: String::new(),
            places: if free { place_groups(app, &staff.actor.role, &code) } else { Vec::new() },
            periods: years(app, None),
            models: Vec::new(),
            body: String::new(),
            shell,
        };
        Ok(page(empty.shell.status(), &empty))
    };
    let asked = match asked(http) {
        Ok(asked) => asked,
        Err(faults) => return wrong(&faults),
    };
    let (actor, of) = (staff.actor.clone(), of_place(app, &code));
    let made = blocking(app, move |app| {
        let material = make_report(app, &actor, &of, asked.period)?;
        let board = compose_board(&material, Language::English, asked.model);
        let body = html::board(&board, Language::English).map_err(|error| {
            tracing::error!(%error, "a dashboard could not be written");
            Problem::of(Kind::Internal)
        })?;
        Ok::<_, Problem>((board, body, material.period))
    })
    .await;
    let (board, body, period) = match made {
        Ok(made) => made,
        Err(problem) if free && problem.kind() == Kind::Unknown => {
            let detail = "There is no such place. Choose one of the list.".into();
            return wrong(&[Fault { pointer: "/place".into(), code: "unknown-place", detail }]);
        }
        Err(problem) => return Err(problem.into()),
    };
    let place = if free { format!("&place={code}") } else { String::new() };
    let shown = DashboardPage {
        here: format!("{home}/dashboard"),
        report: format!("{home}/report?period={period}{place}"),
        places: if free { place_groups(app, &staff.actor.role, &code) } else { Vec::new() },
        periods: years(app, Some(period)),
        models: models(&board),
        body,
        shell: StaffShell::of(app, http, staff, &format!("{}: how people are doing", board.place)),
    };
    Ok(page(shown.shell.status(), &shown))
}

/// The models to choose from; none where there is no choice.
fn models(board: &Board) -> Vec<(&'static str, &'static str, bool)> {
    if board.models.len() < 2 {
        return Vec::new();
    }
    board.models.iter().map(|(code, title)| (*code, *title, board.model == Some(code))).collect()
}
