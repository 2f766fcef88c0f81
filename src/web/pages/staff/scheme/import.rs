//! People from a scheme's own file: pasted, or sent. First what would happen, with everything that is wrong by row and column; nothing is
//! kept before somebody has looked at it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{Chosen, led_scheme, tried, wording};
use crate::app::App;
use crate::domain::fault::Fault;
use crate::table_files::{TableFormat, as_text, read_table};
use crate::use_cases::{ImportPeople, PeopleReport, Refusal, import_people, write_people_template};
use crate::web::forms::form_with_file;
use crate::web::pages::staff::{Instead, Staff, StaffShell, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::{blocking, download};

/// The largest form with a file.
pub(super) const LARGEST: usize = 6 * 1024 * 1024;

#[derive(Template)]
#[template(path = "staff/scheme/import.html")]
struct ImportPage {
    shell: StaffShell,
    several_councils: bool,
    /// What was sent, to be sent again.
    table: String,
    report: Option<Report>,
}

struct Report {
    rows: String,
    added: usize,
    changed: usize,
    same: usize,
    /// Row, column, and what is wrong.
    faults: Vec<(String, String, String)>,
    columns: Vec<ColumnLine>,
    people: Vec<(usize, String, String)>,
    /// What happens to names and contact details.
    identities: String,
}

struct ColumnLine {
    heading: String,
    choices: Vec<Chosen>,
    how: &'static str,
}

/// `GET /scheme/import`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    led_scheme(&app, &staff)?;
    shown(&app, &http, &staff, String::new(), None, &[])
}

/// `GET /scheme/import/template.csv` and `.xlsx`: a table to be filled in.
pub(in crate::web) async fn template(
    app: web::Data<App>,
    http: HttpRequest,
    kind: web::Path<String>,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (format, media) = match kind.as_str() {
        "csv" => (TableFormat::Text, "text/csv; charset=utf-8"),
        "xlsx" => {
            (TableFormat::Workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        _ => return Err(Refusal::Unknown(None).into()),
    };
    let actor = staff.actor.clone();
    let table = blocking(&app, move |app| write_people_template(app, &actor, &own.id, format)).await?;
    Ok(download(&format!("people.{kind}"), media, table))
}

/// `POST /scheme/import`: tries it, or brings the people in.
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    // Who may not is told so before the whole file is read.
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (sent, file) = form_with_file(&http, payload, LARGEST).await?;
    let pasted = sent.exact("table").to_owned();
    let table = match file {
        Some(file) => {
            let workbook = file.name.to_ascii_lowercase().ends_with(".xlsx");
            let format = if workbook { TableFormat::Workbook } else { TableFormat::Text };
            match read_table(&file.bytes, format) {
                // From here on it is text in the page, so that the second step needs no file.
                Ok(table) => as_text(&table),
                Err(faults) => return shown(&app, &http, &staff, String::new(), None, &at_table(faults)),
            }
        }
        None => pasted,
    };
    if table.trim().is_empty() {
        let fault = Fault {
            pointer: "/table".into(),
            code: "empty",
            detail: "Paste your rows with their headings, or choose a file.".into(),
        };
        return shown(&app, &http, &staff, String::new(), None, &[fault]);
    }
    let headings: Vec<String> = sent.all("heading").map(str::to_owned).collect();
    let choices: Vec<(String, String)> = headings
        .into_iter()
        .zip(sent.all("column").map(str::to_owned))
        .filter(|(_, column)| !column.is_empty())
        .collect();
    let import = ImportPeople {
        bytes: table.clone().into_bytes(),
        format: TableFormat::Text,
        choices,
        dry_run: sent.get("go") != Some("import"),
    };
    let (actor, again) = (staff.actor.clone(), ImportPeople { dry_run: true, ..import.clone() });
    let (done, id, dry) = (import.clone(), own.id.clone(), import.dry_run);
    match tried(&app, move |app| import_people(app, &actor, &id, &done)).await? {
        Ok(_) if !dry => Ok(go_to("/scheme/people?done=imported")),
        Ok(report) => shown(&app, &http, &staff, table, Some(report), &[]),
        Err(faults) if dry => shown(&app, &http, &staff, String::new(), None, &at_table(faults)),
        // It was right when it was tried, and is not any more: what is wrong is shown as then.
        Err(_) => {
            let actor = staff.actor.clone();
            let report = tried(&app, move |app| import_people(app, &actor, &own.id, &again)).await?;
            shown(&app, &http, &staff, table, report.ok(), &[])
        }
    }
}

/// Faults of the table as a whole stand at the field for it.
pub(super) fn at_table(faults: Vec<Fault>) -> Vec<Fault> {
    faults.into_iter().map(|fault| Fault { pointer: "/table".into(), ..fault }).collect()
}

fn shown(
    app: &App,
    http: &HttpRequest,
    staff: &Staff,
    table: String,
    report: Option<PeopleReport>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let own = led_scheme(app, staff)?;
    let directory = app.directory();
    let councils = directory.scheme_by_number(own.number).map_or(0, |s| s.councils_on(app.today()).count());
    let title = if report.is_some() { "Look before they are brought in" } else { "Bring in your people" };
    let shown = ImportPage {
        several_councils: councils > 1,
        table,
        report: report.map(|report| to_report(app, report)),
        shell: StaffShell::of(app, http, staff, title).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn to_report(app: &App, report: PeopleReport) -> Report {
    let known = known_columns(app);
    let identities = report.identities.as_ref().map_or_else(String::new, |counts| {
        format!(
            "Names and contact details: {} new, {} changed, {} as they are.",
            counts.added, counts.changed, counts.same
        )
    });
    Report {
        identities,
        rows: wording::people(report.rows),
        added: report.added,
        changed: report.changed,
        same: report.same,
        faults: report.faults.iter().map(fault_line).collect(),
        people: report
            .people
            .iter()
            .map(|person| {
                let change = match person.change {
                    "new" => "is added".to_owned(),
                    "changed" => format!("changes: {}", person.changed.join(", ").replace('_', " ")),
                    _ => "stays as it is".to_owned(),
                };
                (person.row, person.participant.clone(), change)
            })
            .collect(),
        columns: report
            .columns
            .into_iter()
            .map(|column| ColumnLine {
                how: match column.matched {
                    "known" => "by its name",
                    "close" => "nearly its name: please check",
                    "chosen" => "you chose it",
                    _ => "not known: left out unless you choose",
                },
                choices: known
                    .iter()
                    .map(|(code, words)| (code.clone(), words.clone(), *code == column.column))
                    .collect(),
                heading: column.heading,
            })
            .collect(),
    }
}

/// A fault whose pointer is `/row/column`.
pub(super) fn fault_line(fault: &Fault) -> (String, String, String) {
    let mut parts = fault.pointer.splitn(3, '/').skip(1);
    let row = parts.next().unwrap_or_default().to_owned();
    let column = parts.next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
    (row, column, fault.detail.clone())
}

/// What a column can be: code and words.
fn known_columns(app: &App) -> Vec<(String, String)> {
    const COLUMNS: [(&str, &str); 22] = [
        ("not-used", "Left out"),
        ("reference", "Your reference"),
        ("name", "Name (kept apart)"),
        ("first_name", "First name (kept apart)"),
        ("last_name", "Last name (kept apart)"),
        ("called", "Likes to be called (kept apart)"),
        ("email", "E-mail address (kept apart)"),
        ("phone", "Telephone number (kept apart)"),
        ("address", "Postal address (kept apart)"),
        ("postcode", "Postcode (kept apart)"),
        ("channel", "How they are asked (kept apart)"),
        ("contact_whose", "Whose the contact is (kept apart)"),
        ("supporter", "Supporter’s name (kept apart)"),
        ("formats", "What they need (kept apart)"),
        ("communication_note", "How to reach them well (kept apart)"),
        ("supported_from", "First day of support"),
        ("supported_to", "Last day of support"),
        ("council", "Council"),
        ("arrangement", "Kind of arrangement"),
        ("arrangement_from", "Arrangement since"),
        ("worker", "Key worker’s e-mail address"),
        ("language", "Language"),
    ];
    let fixed = COLUMNS.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned()));
    let facts = app.registry.breakdowns.iter().filter(|b| b.id != "arrangement");
    fixed.chain(facts.map(|b| (b.id.clone(), b.title.get("en").to_owned()))).collect()
}
