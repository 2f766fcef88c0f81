//! Schemes: one by one, or many from a CSV file, with a dry run.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Refusal, allow, event, scheme_for, scheme_target};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Event, NATIONAL, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::scheme::NewScheme;
use crate::storage::{audit, schemes};

/// Adds a scheme and gives its number.
pub fn add_scheme(app: &App, actor: &Actor, body: &Value) -> Result<NewScheme, Refusal> {
    allow(app, actor, Action::ManageSchemes)?;
    let scheme = NewScheme::check(body, &app.registry.areas).map_err(Refusal::Invalid)?;
    let now = app.now();
    let added = added(app, actor, &scheme);
    let number =
        app.store.write(|db| audit::record_if(db, &added, |db| schemes::insert(db, &scheme, now)))?;
    if number.is_none() {
        return Err(Refusal::Exists(exists("/id")));
    }
    app.directory.refresh(&app.store)?;
    Ok(scheme)
}

/// What is written down of a scheme that is added: on the national chain, since it has none of its own yet.
fn added(app: &App, actor: &Actor, scheme: &NewScheme) -> Event {
    event(app, NATIONAL, actor, Act::SchemeAdded, Target::of(TargetKind::Scheme, &scheme.id))
}

/// Replaces a scheme's name, councils, units and location id.
pub fn update_scheme(app: &App, actor: &Actor, id: &str, body: &Value) -> Result<NewScheme, Refusal> {
    allow(app, actor, Action::ManageSchemes)?;
    let directory = app.directory();
    let known = scheme_for(app, &directory, actor, id, "", Action::SeeScheme)?;
    let mut scheme = NewScheme::check(body, &app.registry.areas).map_err(Refusal::Invalid)?;
    if body.get("practice").is_none_or(Value::is_null) {
        scheme.practice = known.about.practice;
    }
    let fixed = |pointer: &str| {
        Refusal::Invalid(vec![Fault {
            pointer: pointer.into(),
            code: "cannot-change",
            detail: "This never changes once a scheme exists.".into(),
        }])
    };
    if scheme.id != known.about.id {
        return Err(fixed("/id"));
    }
    if scheme.model != known.about.model {
        return Err(fixed("/model"));
    }
    if scheme.practice != known.about.practice {
        return Err(fixed("/practice"));
    }
    let changed = event(app, known.number, actor, Act::SchemeChanged, scheme_target(known));
    app.store.write(|db| schemes::update(&mut audit::record(db, &changed)?, known.number, &scheme))?;
    app.directory.refresh(&app.store)?;
    Ok(scheme)
}

/// What an import did, or (in a dry run) would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Ids of schemes added.
    pub added: Vec<String>,
    /// Lines that were read.
    pub rows: usize,
}

const HEADINGS: [&str; 7] = ["id", "name", "model", "council", "from", "to", "cqc_location_id"];

/// Imports schemes from CSV: one line per scheme and council, headings `id,name,model,council,from,to,cqc_location_id`.
/// Any fault, named by line and column, and nothing is written.
pub fn import_schemes(app: &App, actor: &Actor, csv: &[u8], dry_run: bool) -> Result<ImportReport, Refusal> {
    allow(app, actor, Action::ManageSchemes)?;
    let (schemes, rows) = read_csv(app, csv).map_err(Refusal::Invalid)?;
    let added: Vec<String> = schemes.iter().map(|s| s.id.clone()).collect();
    if !dry_run && !schemes.is_empty() {
        let now = app.now();
        let events: Vec<Event> = schemes.iter().map(|scheme| self::added(app, actor, scheme)).collect();
        let written =
            app.store.write(|db| schemes::insert_all(&mut audit::record_all(db, &events)?, &schemes, now));
        match written {
            // Somebody added one of them between the check and the write: nothing is written.
            Err(error) if error.is_duplicate() => return Err(Refusal::Exists(exists(""))),
            other => other?,
        }
        app.directory.refresh(&app.store)?;
    }
    Ok(ImportReport { dry_run, added, rows })
}

fn read_csv(app: &App, csv: &[u8]) -> Result<(Vec<NewScheme>, usize), Vec<Fault>> {
    let fault = |line: usize, column: &str, code, detail: String| Fault {
        pointer: format!("/{line}/{column}"),
        code,
        detail,
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv));
    let headings: Vec<String> = match reader.headers() {
        Ok(headings) => headings.iter().map(str::to_lowercase).collect(),
        Err(e) => return Err(vec![fault(1, "", "syntax", format!("Not CSV: {e}."))]),
    };
    let unknown: Vec<Fault> = headings
        .iter()
        .filter(|h| !HEADINGS.contains(&h.as_str()))
        .map(|h| {
            fault(
                1,
                &crate::domain::reader::short(h),
                "unknown-column",
                format!("The columns are: {}.", HEADINGS.join(", ")),
            )
        })
        .collect();
    let missing = HEADINGS[..5]
        .iter()
        .filter(|h| !headings.iter().any(|x| x == *h))
        .map(|h| fault(1, h, "required", format!("The column “{h}” is missing.")));
    let heading_faults: Vec<Fault> = unknown.into_iter().chain(missing).collect();
    if !heading_faults.is_empty() {
        return Err(heading_faults);
    }
    let mut faults = Vec::new();
    // One JSON body per scheme, and for each of its parts the line it came from.
    let mut bodies: BTreeMap<String, (usize, Value, Vec<usize>)> = BTreeMap::new();
    let mut order = Vec::new();
    let mut rows = 0;
    for (index, record) in reader.records().enumerate() {
        let line = index + 2;
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                faults.push(fault(line, "", "syntax", format!("Not a CSV row: {e}.")));
                continue;
            }
        };
        rows += 1;
        let cell = |name: &str| {
            headings.iter().position(|h| h == name).and_then(|i| record.get(i)).filter(|t| !t.is_empty())
        };
        let id = cell("id").unwrap_or_default().to_owned();
        let area = json!({"code": cell("council"), "from": cell("from"), "to": cell("to")});
        match bodies.get_mut(&id) {
            None => {
                let body = json!({"id": id, "name": cell("name"), "model": cell("model"), "cqc_location_id": cell("cqc_location_id"), "areas": [area]});
                bodies.insert(id.clone(), (line, body, vec![line]));
                order.push(id);
            }
            Some((_, body, lines)) => {
                for column in ["name", "model", "cqc_location_id"] {
                    if cell(column).is_some_and(|value| body[column].as_str() != Some(value)) {
                        faults.push(fault(
                            line,
                            column,
                            "differs",
                            format!("An earlier line of “{id}” says otherwise."),
                        ));
                    }
                }
                if let Some(areas) = body["areas"].as_array_mut() {
                    areas.push(area);
                }
                lines.push(line);
            }
        }
    }
    let directory = app.directory();
    let mut schemes = Vec::new();
    for id in order {
        let Some((line, body, lines)) = bodies.remove(&id) else { continue };
        if directory.scheme(&id).is_some() {
            faults.push(Fault { pointer: format!("/{line}/id"), ..exists("") });
        }
        match NewScheme::check(&body, &app.registry.areas) {
            Ok(scheme) => schemes.push(scheme),
            Err(found) => faults.extend(
                found.into_iter().map(|f| Fault { pointer: csv_pointer(&f.pointer, line, &lines), ..f }),
            ),
        }
    }
    faults.sort();
    if faults.is_empty() { Ok((schemes, rows)) } else { Err(faults) }
}

/// `/areas/1/code` of a body made from several lines is `/LINE/council`.
fn csv_pointer(pointer: &str, line: usize, lines: &[usize]) -> String {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    match parts.as_slice() {
        ["areas", index, column] => {
            let line = index.parse::<usize>().ok().and_then(|i| lines.get(i)).copied().unwrap_or(line);
            format!("/{line}/{}", if *column == "code" { "council" } else { column })
        }
        [column] => format!("/{line}/{column}"),
        _ => format!("/{line}/"),
    }
}

fn exists(pointer: &str) -> Fault {
    Fault { pointer: pointer.into(), code: "exists", detail: "There is a scheme with this id.".into() }
}
