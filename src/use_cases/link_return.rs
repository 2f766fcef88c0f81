//! One-time links for the return of a unit: whoever runs an enterprise or a team sends its figures in from a phone, without an account.
//!
//! A link is made by the scheme's lead for one unit and period. Opening it changes nothing; pressing its button lets that browser in. It
//! ends when the return is sent in, when it is taken back, and by itself.

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::Value;

use super::read_return::{describe, doubts_of, seen};
use super::return_of::{Found, ReturnOf, Wants, find_return, unit_return};
use super::send_return::{Sends, put};
use super::{Refusal, event, scheme_for};
use crate::app::App;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::{Act, By, Target, TargetKind};
use crate::domain::fault::Fault;
use crate::domain::reader::read_whole;
use crate::storage::audit;
use crate::storage::return_links::{self, ReturnLinkRow};

/// How long a link lets somebody in.
const DAYS: TimeDelta = TimeDelta::days(28);
/// How long a link that is over is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

/// A link with its address.
#[derive(Debug, Clone)]
pub struct ReturnLink {
    /// As it is kept.
    pub row: ReturnLinkRow,
    /// The address that lets somebody in.
    pub link: String,
}

/// What a link leads to.
#[derive(Debug, Clone)]
pub enum ReturnWayIn {
    /// A return that can be filled in.
    Ready(UnitReturn),
    /// It was sent in, taken back, or is too old.
    Over,
    /// Nothing has this code.
    Unknown,
}

/// The return of a unit for a period.
#[derive(Debug, Clone)]
pub struct UnitReturn {
    /// The scheme's name.
    pub scheme: String,
    /// The unit's name.
    pub unit: String,
    /// The period.
    pub period: String,
    /// Until when it can be filled in.
    pub ends_at: NaiveDateTime,
}

/// Makes a link: `{"unit": "garden", "period": "2026-Q3"}`.
pub fn make_return_link(
    app: &App,
    actor: &Actor,
    scheme_id: &str,
    body: &Value,
) -> Result<ReturnLink, Refusal> {
    let (unit, period) = read_whole(body, |root| {
        let object = root.object()?;
        let unit = object.required("unit").and_then(|f| f.words().map(str::to_owned));
        let period = object.required("period").and_then(|f| f.string().map(str::to_owned));
        object.close(false);
        Some((unit?, period?))
    })
    .map_err(Refusal::Invalid)?;
    let of = ReturnOf::Unit(scheme_id.to_owned(), unit.clone());
    let found = find_return(app, actor, &of, &period, Wants::Send).map_err(at_its_field)?;
    if found.asked(app).kpis.is_empty() {
        let detail = "Nothing is asked of this unit for this period.".into();
        return Err(Refusal::Invalid(vec![Fault {
            pointer: "/period".into(),
            code: "nothing-asked",
            detail,
        }]));
    }
    let (id, now) = (app.new_id(), app.now());
    let code = code_of(app, found.chain, &id);
    let code_hash = app.secrets.read_way_in(&code).map(|(_, hash)| hash).unwrap_or_default();
    let row = ReturnLinkRow {
        scheme_number: found.chain,
        unit,
        period: found.period.to_string(),
        code_hash,
        session_hash: None,
        made_at: now,
        made_by: actor.account.clone(),
        ends_at: now + DAYS,
        opened_at: None,
        closed_at: None,
        id,
    };
    let made =
        event(app, found.chain, actor, Act::ReturnLinkMade, Target::of(TargetKind::ReturnLink, &row.id));
    let made = made.code("period", &row.period).code("unit", &row.unit);
    app.store.write(|db| {
        let db = &mut audit::record(db, &made)?;
        return_links::insert(db, &row, now - REMEMBERED)
    })?;
    Ok(of_row(app, row))
}

/// What is wrong with the unit or the period, at the field for it.
fn at_its_field(refusal: Refusal) -> Refusal {
    let at = |fault: Fault, pointer: &str| Fault { pointer: pointer.into(), ..fault };
    match refusal {
        Refusal::Unknown(Some(fault)) if fault.code == "unknown-unit" => {
            Refusal::Invalid(vec![at(fault, "/unit")])
        }
        Refusal::Malformed(faults) => {
            Refusal::Invalid(faults.into_iter().map(|fault| at(fault, "/period")).collect())
        }
        other => other,
    }
}

/// What stands in the link with this id: made of the id, so that only its hash is stored.
fn code_of(app: &App, scheme_number: i64, id: &str) -> String {
    app.secrets.link_code(scheme_number, &format!("return {id}"))
}

fn of_row(app: &App, row: ReturnLinkRow) -> ReturnLink {
    let code = code_of(app, row.scheme_number, &row.id);
    ReturnLink { link: app.link(&format!("/r/{code}")), row }
}

/// The links of a scheme, the newest first.
pub fn list_return_links(app: &App, actor: &Actor, scheme_id: &str) -> Result<Vec<ReturnLink>, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::SendReturn)?;
    let rows = app.store.read(|db| return_links::of_scheme(db, scheme.number))?;
    Ok(rows.into_iter().map(|row| of_row(app, row)).collect())
}

/// Takes a link back: nobody gets in through it, and whoever is in is out. Taking it back again is no fault.
pub fn revoke_return_link(app: &App, actor: &Actor, scheme_id: &str, id: &str) -> Result<(), Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme_id, "", Action::SendReturn)?;
    let known = app.store.read(|db| return_links::of_scheme(db, scheme.number))?;
    known.iter().find(|row| row.id == id).ok_or(Refusal::Unknown(None))?;
    let target = Target::of(TargetKind::ReturnLink, id);
    let revoked = event(app, scheme.number, actor, Act::ReturnLinkRevoked, target);
    let now = app.now();
    app.store.write(|db| {
        audit::record_if(
            db,
            &revoked,
            |db| Ok(return_links::close(db, scheme.number, id, now)?.then_some(())),
        )
    })?;
    Ok(())
}

/// Finds what a link leads to. Looking changes nothing, however often it is done.
pub fn find_return_link(app: &App, code: &str) -> Result<ReturnWayIn, Refusal> {
    let Some(row) = row_of(app, code)? else { return Ok(ReturnWayIn::Unknown) };
    Ok(match found_of(app, &row) {
        Some((_, unit)) if row.is_open(app.now()) => ReturnWayIn::Ready(unit),
        _ => ReturnWayIn::Over,
    })
}

fn row_of(app: &App, code: &str) -> Result<Option<ReturnLinkRow>, Refusal> {
    let Some((number, hash)) = app.secrets.read_way_in(code) else { return Ok(None) };
    Ok(app.store.read(|db| return_links::find(db, number, &hash))?)
}

/// The return that a link is for; none if the unit or the period is gone.
fn found_of(app: &App, row: &ReturnLinkRow) -> Option<(Found, UnitReturn)> {
    let directory = app.directory();
    let scheme = directory.scheme_by_number(row.scheme_number)?;
    let found = unit_return(app, scheme, &row.unit, row.period.parse().ok()?)?;
    let unit = scheme.about.units.iter().find(|u| u.id == row.unit)?;
    let (scheme, unit) = (scheme.shown_name(), unit.name.clone());
    let seen = UnitReturn { scheme, unit, period: row.period.clone(), ends_at: row.ends_at };
    Some((found, seen))
}

/// Exchanges what stands in a link for the token of a browser. None if it is over or unknown.
pub fn enter_return_link(app: &App, code: &str) -> Result<Option<String>, Refusal> {
    let Some(row) = row_of(app, code)? else { return Ok(None) };
    let (token, hash) = app.secrets.new_sitting(row.scheme_number);
    let target = Target::of(TargetKind::ReturnLink, &row.id);
    let opened = event(app, row.scheme_number, By::ReturnLink, Act::ReturnLinkOpened, target);
    let now = app.now();
    let let_in = app.store.write(|db| {
        audit::record_if(db, &opened, |db| Ok(return_links::let_in(db, &row, &hash, now)?.then_some(())))
    })?;
    Ok(let_in.map(|()| token))
}

/// A return that is filled in through a link.
struct Linked {
    of: ReturnOf,
    found: Found,
    unit: UnitReturn,
}

/// What the browser with this token fills in; none where the link is over.
fn linked(app: &App, token: &str) -> Result<Option<Linked>, Refusal> {
    let Some((number, hash)) = app.secrets.read_sitting(token) else { return Ok(None) };
    let row = app.store.read(|db| return_links::find_by_session(db, number, &hash))?;
    let Some(row) = row.filter(|row| row.is_open(app.now())) else { return Ok(None) };
    let Some((found, unit)) = found_of(app, &row) else { return Ok(None) };
    let directory = app.directory();
    let scheme = directory.scheme_by_number(number).map(|s| s.about.id.clone());
    Ok(scheme.map(|scheme| Linked { of: ReturnOf::Unit(scheme, row.unit), found, unit }))
}

/// The return that the browser with this token fills in, with everything about it; none where the link is over.
pub fn read_linked_return(app: &App, token: &str) -> Result<Option<(UnitReturn, Value)>, Refusal> {
    let Some(Linked { of, found, unit }) = linked(app, token)? else { return Ok(None) };
    let seen = app.store.read(|db| seen(db, &found))?;
    Ok(Some((unit, describe(app, &of, &found, &seen))))
}

/// What should be looked at once more in it before it is sent in.
pub fn doubts_of_linked_return(app: &App, token: &str, body: &Value) -> Result<Option<Value>, Refusal> {
    let Some(Linked { found, .. }) = linked(app, token)? else { return Ok(None) };
    doubts_of(app, &found, body).map(Some)
}

/// Saves it, or sends it in: then the link is over.
pub fn put_linked_return(app: &App, token: &str, body: &Value) -> Result<Option<()>, Refusal> {
    let Some(Linked { found, .. }) = linked(app, token)? else { return Ok(None) };
    put(app, &found, &Sends { by: By::ReturnLink, account: "link" }, body)?;
    Ok(Some(()))
}
