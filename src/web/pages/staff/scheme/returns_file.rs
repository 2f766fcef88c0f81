//! Returns from a table: handed out filled in as far as figures are known, then pasted or sent. First what would happen, with everything
//! that is wrong by row and column; nothing is sent in before somebody has looked at it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::import::{LARGEST, at_table, fault_line};
use super::returns::unit_name;
use super::{Own, given, led_scheme, tried, wording};
use crate::app::App;
use crate::domain::answering::Form;
use crate::domain::fault::Fault;
use crate::table_files::{TableFormat, as_text, read_table};
use crate::use_cases::{
    ImportReturns, ImportedFigure, Numbers, ReturnsOf, ReturnsReport, import_returns, list_returns,
    write_returns_template,
};
use crate::web::api::returns_import::{file_part, kind_of};
use crate::web::forms::form_with_file;
use crate::web::pages::staff::return_figures::in_words;
use crate::web::pages::staff::{Instead, Staff, StaffShell, page, signed_in};
use crate::web::pages::survey::go_to;
use crate::web::request::{blocking, download, parameters};

#[derive(Template)]
#[template(path = "staff/scheme/returns_import.html")]
struct ReturnsImportPage {
    shell: StaffShell,
    /// Periods for which something is asked: code and days.
    periods: Vec<(String, String)>,
    /// What was sent, to be sent again.
    table: String,
    note: String,
    report: Option<Report>,
}

struct Report {
    seen: String,
    counts: String,
    /// What stays missing because its cells are empty.
    empty: usize,
    /// Row, column, and what is wrong.
    faults: Vec<(String, String, String)>,
    /// Row, figure, and why it should be looked at once more.
    doubts: Vec<(String, String, String)>,
    /// Each return that is sent in.
    returns: Vec<String>,
    /// Row, figure, and what happens.
    figures: Vec<(usize, String, String)>,
    /// Headings that are not read.
    unread: String,
}

impl Report {
    fn may_go(&self) -> bool {
        self.faults.is_empty() && !self.returns.is_empty()
    }
}

/// `GET /scheme/returns/import`
pub(in crate::web) async fn show(app: web::Data<App>, http: HttpRequest) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    shown(&app, &http, &staff, &own, Said::default(), None, &[]).await
}

/// `GET /scheme/returns/template?period=2026-Q3&format=xlsx`: a table to be filled in.
pub(in crate::web) async fn template(
    app: web::Data<App>,
    http: HttpRequest,
) -> Result<HttpResponse, Instead> {
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let asked = parameters(&http)?;
    let of = |name: &str| asked.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let format = match of("format").as_deref() {
        Some("csv") => TableFormat::Text,
        _ => TableFormat::Workbook,
    };
    let period = of("period").unwrap_or_default();
    let (ending, media) = kind_of(format);
    let name = format!("returns-{}.{ending}", file_part(&period));
    let actor = staff.actor.clone();
    let table = blocking(&app, move |app| {
        write_returns_template(app, &actor, &ReturnsOf::Scheme(own.id), &period, format)
    })
    .await?;
    Ok(download(&name, media, table))
}

/// What stands in the form.
#[derive(Default)]
struct Said {
    table: String,
    note: String,
}

/// `POST /scheme/returns/import`: tries it, or sends the figures in.
pub(in crate::web) async fn take(
    app: web::Data<App>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Instead> {
    // Who may not is told so before the whole file is read.
    let staff = signed_in(&app, &http).await?;
    let own = led_scheme(&app, &staff)?;
    let (sent, file) = form_with_file(&http, payload, LARGEST).await?;
    let table = match file {
        Some(file) => {
            let workbook = file.name.to_ascii_lowercase().ends_with(".xlsx");
            let format = if workbook { TableFormat::Workbook } else { TableFormat::Text };
            match read_table(&file.bytes, format) {
                // From here on it is text in the page, so that the second step needs no file.
                Ok(table) => as_text(&table),
                Err(faults) => {
                    return shown(&app, &http, &staff, &own, Said::default(), None, &at_table(faults)).await;
                }
            }
        }
        None => sent.exact("table").to_owned(),
    };
    let said = Said { table, note: sent.exact("note").to_owned() };
    if said.table.trim().is_empty() {
        let detail = "Paste your rows with their headings, or choose a file.".into();
        let fault = Fault { pointer: "/table".into(), code: "empty", detail };
        return shown(&app, &http, &staff, &own, said, None, &[fault]).await;
    }
    let go = sent.get("go") == Some("import");
    let report = match attempt(&app, &staff, &own, &said, &sent, true).await? {
        Ok(report) => report,
        Err(faults) => {
            let faults: Vec<Fault> = faults.into_iter().map(at_field).collect();
            return shown(&app, &http, &staff, &own, said, None, &faults).await;
        }
    };
    if !go || !report.faults.is_empty() {
        return shown(&app, &http, &staff, &own, said, Some(report), &[]).await;
    }
    if !report.doubts.is_empty() && given(&sent, "sure").is_none() {
        let detail = "Please look at these figures, and say that they are right.".into();
        let fault = Fault { pointer: "/sure".into(), code: "required", detail };
        return shown(&app, &http, &staff, &own, said, Some(report), &[fault]).await;
    }
    match attempt(&app, &staff, &own, &said, &sent, false).await? {
        Ok(done) => {
            let done = if done.returns.is_empty() { "same" } else { "imported" };
            Ok(go_to(&format!("/scheme/returns?done={done}")))
        }
        // The note is not right; or the table was when it was tried, and is not any more.
        Err(faults) => {
            let of_note = faults.iter().all(|fault| fault.pointer == "/note");
            let faults: Vec<Fault> = faults.into_iter().map(at_field).collect();
            shown(&app, &http, &staff, &own, said, Some(report).filter(|_| of_note), &faults).await
        }
    }
}

/// A fault of the note stands at its field; those of the table as a whole at the field for that.
fn at_field(fault: Fault) -> Fault {
    let pointer = if fault.pointer == "/note" { "/note" } else { "/table" };
    Fault { pointer: pointer.into(), ..fault }
}

async fn attempt(
    app: &web::Data<App>,
    staff: &Staff,
    own: &Own,
    said: &Said,
    sent: &Form,
    dry_run: bool,
) -> Result<Result<ReturnsReport, Vec<Fault>>, Instead> {
    let import = ImportReturns {
        bytes: said.table.clone().into_bytes(),
        format: TableFormat::Text,
        note: Some(said.note.clone()).filter(|_| !dry_run),
        seen: given(sent, "seen").map(str::to_owned),
        dry_run,
    };
    let (actor, of) = (staff.actor.clone(), ReturnsOf::Scheme(own.id.clone()));
    tried(app, move |app| import_returns(app, &actor, &of, &import)).await
}

async fn shown(
    app: &web::Data<App>,
    http: &HttpRequest,
    staff: &Staff,
    own: &Own,
    said: Said,
    report: Option<ReturnsReport>,
    faults: &[Fault],
) -> Result<HttpResponse, Instead> {
    let (actor, id) = (staff.actor.clone(), own.id.clone());
    let listed = blocking(app, move |app| list_returns(app, &actor, &id)).await?;
    let mut periods: Vec<(String, String)> = Vec::new();
    for period in listed["items"].as_array().into_iter().flatten().filter_map(|item| item["period"].as_str())
    {
        if !periods.iter().any(|(known, _)| known == period) {
            periods.push((period.to_owned(), in_words(period)));
        }
    }
    let title = if report.is_some() { "Look before they are sent in" } else { "Bring in returns" };
    let shown = ReturnsImportPage {
        periods,
        table: said.table,
        note: said.note,
        report: report.map(|report| to_report(app, own, report)),
        shell: StaffShell::of(app, http, staff, title).faulty(faults),
    };
    Ok(page(shown.shell.status(), &shown))
}

fn to_report(app: &App, own: &Own, report: ReturnsReport) -> Report {
    let named = |unit: Option<&String>, period: &str| match unit {
        Some(unit) => format!("{}, {}", unit_name(app, own, unit), in_words(period)),
        None => in_words(period),
    };
    let title = |kpi: &str| app.registry.kpi(kpi).map_or(kpi.to_owned(), |k| k.title.get("en").to_owned());
    let several = {
        let mut councils: Vec<&str> = report.figures.iter().map(|f| f.council.as_str()).collect();
        councils.sort_unstable();
        councils.dedup();
        councils.len() > 1
    };
    let figure = |f: &ImportedFigure| {
        let council = if several { format!(", {}", wording::area(app, &f.council)) } else { String::new() };
        let words = format!("{}{council} ({})", title(&f.kpi), named(f.unit.as_ref(), &f.period));
        (f.row, words, change_in_words(f))
    };
    let returns = report.returns.iter().map(|r| {
        let act = if r.change == "corrected" { "is corrected" } else { "is sent in" };
        let draft = if r.ends_draft { "; what was saved for it is given up" } else { "" };
        let figures = if r.figures == 1 { "figure" } else { "figures" };
        format!("{} {act}, with {} {figures}{draft}.", named(r.unit.as_ref(), &r.period), r.figures)
    });
    let doubts = report.doubts.iter().map(|d| {
        let row = d.pointer.split('/').nth(1).unwrap_or_default().to_owned();
        (row, title(&d.kpi), d.detail.clone())
    });
    let unread = report.columns.iter().filter(|c| c.column == "not-used" && !c.heading.is_empty());
    Report {
        seen: report.seen.clone(),
        counts: format!(
            "{} new, {} corrected, {} taken out, {} as they are",
            report.added, report.corrected, report.removed, report.same
        ),
        empty: report.empty,
        faults: report.faults.iter().map(fault_line).collect(),
        doubts: doubts.collect(),
        returns: returns.collect(),
        figures: report.figures.iter().map(figure).collect(),
        unread: unread.map(|c| c.heading.as_str()).collect::<Vec<_>>().join(", "),
    }
}

fn change_in_words(figure: &ImportedFigure) -> String {
    let words = |numbers: Option<Numbers>| match numbers {
        None => "nothing".to_owned(),
        Some(Numbers { numerator, denominator: None }) => numerator.to_string(),
        Some(Numbers { numerator, denominator: Some(denominator) }) => {
            format!("{numerator} of {denominator}")
        }
    };
    let (before, after) = (words(figure.before), words(figure.after));
    match figure.change {
        "new" => format!("new: {after}"),
        "corrected" => format!("was {before}, becomes {after}"),
        "removed" => format!("was {before}, is taken out: missing from now on"),
        _ => format!("stays {after}"),
    }
}
