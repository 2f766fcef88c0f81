//! The report of a place, to be read, printed, and taken away in each form.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::outcomes::own_place;
use super::places::{PlaceGroup, place_groups};
use super::{Instead, Staff, StaffShell, page, parameter, signed_in};
use crate::app::App;
use crate::domain::access::Role;
use crate::domain::fault::Fault;
use crate::domain::period::Period;
use crate::domain::report::compose::{Language, Words};
use crate::reports::{Extent, Format, html};
use crate::use_cases::{Refusal, ReportOf};
use crate::web::problem::{Kind, Problem};
use crate::web::report_query::{ReportFile, ReportQuery};
use crate::web::request::{blocking, parameters};

/// How many financial years can be chosen.
const YEARS: usize = 5;

#[derive(Template)]
#[template(path = "staff/report.html")]
struct ReportPage {
    shell: StaffShell,
    /// The page's own address.
    here: &'static str,
    /// The places to choose from; a scheme's staff have their own only.
    places: Vec<PlaceGroup>,
    /// Financial years: name, and whether it is chosen.
    periods: Vec<(String, bool)>,
    /// Languages: code, name, and whether it is chosen.
    languages: Vec<(&'static str, &'static str, bool)>,
    /// Parts of it: code, name, and whether it is chosen.
    extents: Vec<(&'static str, &'static str, bool)>,
    /// Addresses of the same in each form, with what they are called.
    forms: Vec<(String, String)>,
    /// The report; nothing where a parameter is wrong.
    body: String,
}

/// `GET /scheme/report`
pub(in crate::web) async fn of_scheme(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = staff_at(&app, &http, "/scheme").await?;
    show(&app, &http, &staff, "/scheme/report").await
}

/// `GET /area/report`
pub(in crate::web) async fn of_area(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = staff_at(&app, &http, "/area").await?;
    show(&app, &http, &staff, "/area/report").await
}

/// `GET /national/report`
pub(in crate::web) async fn of_nation(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = staff_at(&app, &http, "/national").await?;
    show(&app, &http, &staff, "/national/report").await
}

/// Who is signed in, if their place is below this home: `/scheme`, `/area` or `/national`.
pub(super) async fn staff_at(app: &web::Data<App>, http: &HttpRequest, home: &str) -> Result<Staff, Instead> {
    let staff = signed_in(app, http).await?;
    match (home, &staff.actor.role) {
        ("/scheme", Role::SchemeLead(_) | Role::SchemeWorker(_))
        | ("/area", Role::Area(_))
        | ("/national", Role::National | Role::Analyst) => Ok(staff),
        _ => Err(Refusal::Forbidden.into()),
    }
}

async fn show(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    here: &'static str,
) -> Result<HttpResponse, Instead> {
    let (own, free) = own_place(app, staff)?;
    let asked = parameter(http, "place").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    let code = asked.filter(|_| free).unwrap_or(own);
    // A choice that is left open comes as an empty parameter.
    let given: Vec<(String, String)> =
        parameters(http)?.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = match ReportQuery::read(&given, &["place"]) {
        Ok(query) => query,
        Err(faults) => return Ok(faulty(app, http, staff, here, &code, &faults)),
    };
    let of = of_place(app, &code);
    let actor = staff.actor.clone();
    let made = blocking(app, move |app| {
        let material = query.material(app, &actor, &of)?;
        if let Some(format) = query.format {
            return Ok(Made::File(ReportFile::write(&material, &query, format)?));
        }
        let document = query.wanted.document(&material);
        let body = html::body(&document).map_err(|error| {
            tracing::error!(%error, "a report could not be written");
            Problem::of(Kind::Internal)
        })?;
        Ok::<_, Problem>(Made::Page { title: document.title, body, period: material.period })
    })
    .await;
    let (title, body, period) = match made {
        Ok(Made::File(file)) => return Ok(file.taken_away()),
        Ok(Made::Page { title, body, period }) => (title, body, period),
        Err(problem) if free && problem.kind() == Kind::Unknown => {
            let detail = "There is no such place. Choose one of the list.".into();
            let fault = Fault { pointer: "/place".into(), code: "unknown-place", detail };
            return Ok(faulty(app, http, staff, here, &code, &[fault]));
        }
        // The state of the sector is that of the UK, of a nation, and of a year.
        Err(problem) if query.wanted.part == Extent::Sector && problem.kind() == Kind::Malformed => {
            let (_, faults) = problem.below("");
            return Ok(faulty(app, http, staff, here, &code, &faults));
        }
        Err(problem) => return Err(problem.into()),
    };
    let form = |format: Format| {
        let place = if free { format!("&place={code}") } else { String::new() };
        let part = query.wanted.part.code().map(|part| format!("&part={part}")).unwrap_or_default();
        let address = format!(
            "{here}?format={}&period={period}&language={}{part}{place}",
            format.code(),
            query.wanted.language.code()
        );
        (address, format.code().to_uppercase())
    };
    let shown = ReportPage {
        here,
        places: if free { place_groups(app, &staff.actor.role, &code) } else { Vec::new() },
        periods: years(app, Some(period)),
        languages: languages(query.wanted.language),
        extents: extents(query.wanted.part, here),
        forms: Format::ALL.into_iter().map(form).collect(),
        body,
        shell: StaffShell::of(app, http, staff, &title),
    };
    Ok(page(shown.shell.status(), &shown))
}

/// The place with a code: what is no area is looked for among the schemes.
pub(super) fn of_place(app: &App, code: &str) -> ReportOf {
    match app.registry.areas.get(code) {
        Some(_) => ReportOf::Area(code.to_owned()),
        None => ReportOf::Scheme(code.to_owned()),
    }
}

/// What is made.
enum Made {
    Page { title: String, body: String, period: Period },
    File(ReportFile),
}

/// The page with what is wrong with what was chosen, and no report.
fn faulty(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    here: &'static str,
    code: &str,
    faults: &[Fault],
) -> HttpResponse {
    let free = !matches!(staff.actor.role, Role::SchemeLead(_) | Role::SchemeWorker(_));
    let shown = ReportPage {
        here,
        places: if free { place_groups(app, &staff.actor.role, code) } else { Vec::new() },
        periods: years(app, None),
        languages: languages(Language::English),
        extents: extents(Extent::Whole, here),
        forms: Vec::new(),
        body: String::new(),
        shell: StaffShell::of(app, http, staff, "Report").faulty(faults),
    };
    page(shown.shell.status(), &shown)
}

/// The financial years that can be chosen, the newest first; another period that is shown stands before them.
pub(super) fn years(app: &App, chosen: Option<Period>) -> Vec<(String, bool)> {
    let [_, running, ..] = Period::holding(app.today());
    let mut all: Vec<Period> =
        std::iter::successors(Some(running), |period| Some(period.before())).take(YEARS).collect();
    if let Some(other) = chosen.filter(|period| !all.contains(period)) {
        all.insert(0, other);
    }
    all.into_iter().map(|period| (period.to_string(), chosen == Some(period))).collect()
}

fn languages(chosen: Language) -> Vec<(&'static str, &'static str, bool)> {
    let one = |language: Language| (language.code(), Words::of(language).t("language"), language == chosen);
    Language::ALL.into_iter().map(one).collect()
}

/// How much of the report can be chosen; the page is for staff, who read English.
fn extents(chosen: Extent, here: &str) -> Vec<(&'static str, &'static str, bool)> {
    let words = Words::of(Language::English);
    let sector =
        (here == "/national/report" || chosen == Extent::Sector).then_some((Extent::Sector, "part_sector"));
    [
        (Extent::Whole, "part_whole"),
        (Extent::Summary, "part_summary"),
        (Extent::Evidence, "part_evidence"),
        (Extent::Poster, "part_poster"),
    ]
    .into_iter()
    .chain(sector)
    .map(|(part, key)| (part.code().unwrap_or_default(), words.t(key), part == chosen))
    .collect()
}
