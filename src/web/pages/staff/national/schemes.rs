//! Schemes: finding one, adding one, and importing many with a dry run.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::scheme::{EditPage, Field, areas_of};
use super::{Instead, Line, ListPage, StaffShell, cut, national};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::definition::Model;
use crate::domain::fault::Fault;
use crate::use_cases::{Refusal, add_scheme, import_schemes};
use crate::web::pages::staff::{Staff, form, page, parameter};
use crate::web::pages::survey::go_to;
use crate::web::problem::Problem;
use crate::web::request::blocking;

const DONE: [(&str, &str); 2] =
    [("added", "The scheme is added. Name its contacts next."), ("imported", "The schemes are added.")];

/// `GET /national/schemes`
pub(in crate::web) async fn list(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    let typed = parameter(&http, "q").unwrap_or_default();
    let wanted = typed.trim().to_lowercase();
    let directory = app.directory();
    let today = app.today();
    let mut list: Vec<Line> = directory
        .schemes()
        .filter(|s| s.about.name.to_lowercase().contains(&wanted) || s.about.id.contains(&wanted))
        .map(|scheme| {
            let name =
                |code: &str| app.registry.areas.get(code).map_or_else(|| code.to_owned(), |a| a.name.clone());
            let councils: Vec<String> = scheme.councils_on(today).map(name).collect();
            let state =
                match (scheme.about.practice, councils.is_empty(), scheme.contacts.are_enough_to_invite()) {
                    (true, ..) => "practice",
                    (_, true, _) => "closed, or not begun",
                    (_, _, false) => "cannot invite yet: two safeguarding leads are needed",
                    _ => "open",
                };
            Line {
                title: scheme.about.name.clone(),
                address: Some(format!("/national/schemes/{}", scheme.about.id)),
                words: vec![
                    format!("{}, {}", scheme.about.id, scheme.about.model.code()),
                    councils.join(", "),
                ],
                state: state.to_owned(),
            }
        })
        .collect();
    list.sort_by(|a, b| a.title.cmp(&b.title));
    let (list, more) = cut(list);
    let shown = ListPage {
        lead: "Organisations that run a model, with the councils they work for.".into(),
        here: "/national/schemes",
        search: Some(("Search by name", typed.chars().take(100).collect())),
        links: vec![("/national/schemes/add", "Add a scheme"), ("/national/schemes/import", "Import many")],
        list,
        more,
        shell: StaffShell::of(&app, &http, &staff, "Schemes").done(&http, &DONE),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `GET /national/schemes/add`
pub(in crate::web) async fn ask(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    Ok(add_page(&app, &http, &staff, &Form::default(), &[]))
}

/// `POST /national/schemes/add`
pub(in crate::web) async fn add(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let given = |name: &'static str| sent.get(name).map(str::trim).filter(|text| !text.is_empty());
    let body = json!({"id": given("id"), "name": given("name"), "model": given("model"),
                      "areas": areas_of(given("areas").unwrap_or_default()), "cqc_location_id": given("cqc_location_id"),
                      "practice": given("practice") == Some("yes")});
    let actor = staff.actor.clone();
    let done = blocking(&app, move |app| match add_scheme(app, &actor, &body) {
        Ok(scheme) => Ok(Ok(scheme.id)),
        Err(Refusal::Invalid(faults)) => Ok(Err(faults)),
        Err(Refusal::Exists(fault)) => Ok(Err(vec![fault])),
        Err(other) => Err(Problem::from(other)),
    });
    match done.await? {
        Ok(id) => Ok(go_to(&format!("/national/schemes/{id}/contacts?done=added"))),
        Err(faults) => Ok(add_page(&app, &http, &staff, &sent, &faults)),
    }
}

fn add_page(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    sent: &Form,
    faults: &[Fault],
) -> HttpResponse {
    let given =
        |name: &'static str| sent.get(name).unwrap_or_default().chars().take(4000).collect::<String>();
    let models = Model::ALL.iter().map(|model| (model.code(), model.code())).collect();
    let fields = vec![
        Field::line(
            "id",
            "Short name",
            "Never changes: small letters, digits and hyphens, like leeds-shared-lives.",
            given("id"),
        ),
        Field::line("name", "Name", "", given("name")),
        Field { choices: models, ..Field::line("model", "Model", "Never changes.", given("model")) },
        Field { lines: 4, ..Field::line("areas", "Councils", super::scheme::COUNCILS, given("areas")) },
        Field::line(
            "cqc_location_id",
            "CQC location id",
            "If it is regulated, like 1-348374832.",
            given("cqc_location_id"),
        ),
        Field {
            choices: vec![
                ("no", "No: its figures count"),
                ("yes", "Yes: to learn and test in; counted nowhere"),
            ],
            ..Field::line("practice", "For practice", "Never changes.", given("practice"))
        },
    ];
    let shell = StaffShell::of(app, http, staff, "Add a scheme").faulty(&at_fields(faults));
    let shown = EditPage {
        fields,
        buttons: vec![("add", "Add the scheme")],
        report: Vec::new(),
        links: Vec::new(),
        shell,
    };
    page(shown.shell.status(), &shown)
}

/// Faults of a scheme at the fields of its form: whatever is wrong with a council is in the one field of them.
pub(super) fn at_fields(faults: &[Fault]) -> Vec<Fault> {
    let field = |pointer: &str| {
        let first = pointer.split('/').nth(1).unwrap_or("name");
        let known =
            ["id", "name", "model", "areas", "cqc_location_id", "practice", "help", "leads", "outside"];
        known.into_iter().find(|name| *name == first).unwrap_or("name")
    };
    faults.iter().map(|f| Fault { pointer: format!("/{}", field(&f.pointer)), ..f.clone() }).collect()
}

/// `GET /national/schemes/import`
pub(in crate::web) async fn ask_import(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = national(&app, &http).await?;
    Ok(import_page(&app, &http, &staff, "", &[], Vec::new()))
}

/// `POST /national/schemes/import`
pub(in crate::web) async fn import(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    let sent = form(&http, payload).await?;
    let staff = national(&app, &http).await?;
    let pasted = sent.get("table").unwrap_or_default().to_owned();
    // Pasted from a spreadsheet, cells have tabs between them.
    let csv = if pasted.contains('\t') { pasted.replace('\t', ",") } else { pasted.clone() };
    let (actor, dry_run) = (staff.actor.clone(), sent.get("go") != Some("import"));
    let done = blocking(&app, move |app| match import_schemes(app, &actor, csv.trim().as_bytes(), dry_run) {
        Ok(report) => Ok(Ok(report)),
        Err(Refusal::Invalid(faults)) => Ok(Err(faults)),
        Err(Refusal::Exists(fault)) => Ok(Err(vec![fault])),
        Err(other) => Err(Problem::from(other)),
    });
    match done.await? {
        Ok(report) if !report.dry_run => Ok(go_to("/national/schemes?done=imported")),
        Ok(report) => {
            let said = vec![format!(
                "Nothing is written yet. {} rows are right, and would add {} schemes: {}.",
                report.rows,
                report.added.len(),
                report.added.join(", ")
            )];
            Ok(import_page(&app, &http, &staff, &pasted, &[], said))
        }
        Err(faults) => Ok(import_page(&app, &http, &staff, &pasted, &faults, Vec::new())),
    }
}

fn import_page(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    pasted: &str,
    faults: &[Fault],
    report: Vec<String>,
) -> HttpResponse {
    let named = |fault: &Fault| {
        let mut parts = fault.pointer.split('/').skip(1);
        let (row, column) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let place = format!("Row {row}, {column}: ");
        Fault { pointer: "/table".into(), detail: format!("{place}{}", fault.detail), ..fault.clone() }
    };
    let faults: Vec<Fault> = faults.iter().map(named).collect();
    let hint = "One row for each scheme and council, with these headings in the first row: id, name, model, council, from, to, cqc_location_id. The last two may be missing.";
    let fields =
        vec![Field { lines: 12, ..Field::line("table", "Paste the table here", hint, pasted.to_owned()) }];
    let shell = StaffShell::of(app, http, staff, "Import schemes").faulty(&faults);
    let buttons = vec![("try", "Try it, and write nothing"), ("import", "Add these schemes")];
    let shown = EditPage { fields, buttons, report, links: Vec::new(), shell };
    page(shown.shell.status(), &shown)
}

/// A value that is sent only if there is something in it.
pub(super) fn some(text: &str) -> Value {
    if text.trim().is_empty() { Value::Null } else { json!(text.trim()) }
}
