//! Open links of a scheme: for anonymous answers, from a poster, a QR code or a web site.

use std::collections::BTreeSet;

use serde_json::Value;

use super::manage_people::{Target, entry_code};
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, Target as Upon, TargetKind};
use crate::domain::fault::{Fault, Faults};
use crate::domain::reader::Field;
use crate::domain::scheme::Scheme;
use crate::storage::audit;
use crate::storage::ways_in::{self, OpenLinkRow};

/// An open link with its address.
pub struct OpenLink {
    /// As it is kept.
    pub row: OpenLinkRow,
    /// The address that lets anybody answer.
    pub link: String,
    /// The code to be typed.
    pub code: String,
}

impl OpenLink {
    fn of(app: &App, row: OpenLinkRow) -> Self {
        let code = app.secrets.typed_code(row.scheme_number, &row.id);
        Self { link: app.link(&format!("/s/{code}")), code, row }
    }
}

/// Adds an open link.
pub fn add_open_link(app: &App, actor: &Actor, scheme_id: &str, body: &Value) -> Result<OpenLink, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManageOpenLinks)?;
    let row = read(app, scheme, body).map_err(Refusal::Invalid)?;
    let link = OpenLink::of(app, row);
    let code = entry_code(app, &link.code, Target::OpenLink(link.row.id.clone()))?;
    let target = Upon::of(TargetKind::OpenLink, &link.row.id);
    let made = event(app, scheme.number, actor, Act::OpenLinkMade, target);
    app.store.write(|db| {
        let db = &mut audit::record(db, &made)?;
        ways_in::insert_open_link(db, &link.row)?;
        ways_in::insert_codes(db, std::slice::from_ref(&code))
    })?;
    Ok(link)
}

fn read(app: &App, scheme: &Scheme, body: &Value) -> Result<OpenLinkRow, Vec<Fault>> {
    let faults = Faults::new();
    let today = app.today();
    let read = || {
        let object = Field::root(body, &faults).object()?;
        let questionnaire = object.required("questionnaire").and_then(|f| {
            let id = f.string()?;
            if app.registry.latest(id).is_none_or(|d| d.model != scheme.about.model) {
                f.fault(
                    "unknown-questionnaire",
                    "There is no such published questionnaire for the scheme's model.",
                );
            }
            Some(id.to_owned())
        });
        let councils: Vec<&str> = scheme.councils_on(today).collect();
        let council = match (object.optional("council"), councils.as_slice()) {
            (Some(field), _) => field.string().map(|code| {
                if !councils.contains(&code) {
                    field.fault("wrong-council", "This is not one of the scheme's councils today.");
                }
                code.to_owned()
            }),
            (None, [only]) => Some((*only).to_owned()),
            (None, _) => object.required("council").map(|_| String::new()),
        };
        let unit = object.optional("unit").and_then(|f| {
            let id = f.string()?;
            if scheme.unit_on(id, today).is_none() {
                f.fault("unknown-unit", "The scheme has no such unit today.");
            }
            Some(id.to_owned())
        });
        object.close(false);
        Some(OpenLinkRow {
            scheme_number: scheme.number,
            id: app.new_id(),
            questionnaire: questionnaire?,
            council: council?,
            unit,
            created_at: app.now(),
            closed_at: None,
            sent: 0,
            unfinished: 0,
        })
    };
    match read() {
        Some(row) if faults.is_empty() => Ok(row),
        _ => Err(faults.into_sorted()),
    }
}

/// A scheme's open links.
pub fn list_open_links(app: &App, actor: &Actor, scheme_id: &str) -> Result<Vec<OpenLink>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManageOpenLinks)?;
    let rows = app.store.read(|db| ways_in::open_links_of(db, scheme.number))?;
    Ok(rows.into_iter().map(|row| OpenLink::of(app, row)).collect())
}

/// How many of the demo's open links are looked through for one of each questionnaire.
const DEMO_LINKS: i64 = 1000;

/// One open survey of each of the demo's questionnaires: title, scheme and path. None where the data is real.
pub fn demo_surveys(app: &App) -> Result<Vec<(String, String, String)>, Refusal> {
    if !app.demo {
        return Ok(Vec::new());
    }
    let directory = app.directory();
    let mut rows = app.store.read(|db| ways_in::some_open_links(db, DEMO_LINKS))?;
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.questionnaire.clone()));
    let survey = |row: OpenLinkRow| {
        let title = app.registry.latest(&row.questionnaire)?.title.get("en").to_owned();
        let scheme = directory.scheme_by_number(row.scheme_number)?.about.name.clone();
        Some((title, scheme, format!("/s/{}", app.secrets.typed_code(row.scheme_number, &row.id))))
    };
    Ok(rows.into_iter().filter_map(survey).collect())
}

/// Closes an open link: nobody can begin through it any more. Closing it again is no fault.
pub fn close_open_link(app: &App, actor: &Actor, scheme_id: &str, id: &str) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::ManageOpenLinks)?;
    let known = app.store.read(|db| ways_in::find_open_link(db, scheme.number, id))?;
    known.ok_or(Refusal::Unknown(None))?;
    let closed = event(app, scheme.number, actor, Act::OpenLinkClosed, Upon::of(TargetKind::OpenLink, id));
    app.store.write(|db| {
        audit::record_if(db, &closed, |db| {
            Ok(ways_in::close_open_link(db, scheme.number, id, app.now())?.then_some(()))
        })
    })?;
    Ok(())
}
