//! What a scheme did with what people said: written down by the scheme for a period, shown in its reports and on its poster.

use serde::Serialize;
use serde_json::Value;

use super::{Refusal, event, scheme_for, scheme_target};
use crate::app::App;
use crate::clock::written;
use crate::domain::access::{Action, Actor};
use crate::domain::audit::Act;
use crate::domain::period::Period;
use crate::domain::report::{Deed, check_done};
use crate::storage::StorageError;
use crate::storage::audit;
use crate::storage::what_was_done::{self, DoneRow};

/// What was done in one period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DoneSaid {
    /// The period.
    pub period: String,
    /// At most three things.
    pub items: Vec<Deed>,
    /// When it was written down; null where nothing was.
    pub said_at: Option<String>,
}

/// What was done in a scheme in a period.
pub fn what_was_done(app: &App, actor: &Actor, scheme: &str, period: &str) -> Result<DoneSaid, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme, "", Action::ReadSnapshot)?;
    let period = read_period(period)?.to_string();
    let row = app.store.read(|db| what_was_done::find(db, scheme.number, &period))?;
    Ok(said(period, row))
}

/// Writes it down; nothing takes back what stood there.
pub fn say_what_was_done(
    app: &App,
    actor: &Actor,
    scheme: &str,
    period: &str,
    body: &Value,
) -> Result<DoneSaid, Refusal> {
    let directory = app.directory();
    let scheme = scheme_for(app, &directory, actor, scheme, "", Action::SendReturn)?;
    let period = read_period(period)?.to_string();
    let deeds = check_done(body).map_err(Refusal::Invalid)?;
    let row = DoneRow {
        scheme_number: scheme.number,
        period: period.clone(),
        body: serde_json::to_string(&deeds).unwrap_or_default(),
        said_at: app.now(),
        said_by: actor.account.clone(),
    };
    let said_it =
        event(app, scheme.number, actor, Act::DoneSaid, scheme_target(scheme)).code("period", &period);
    app.store.write(|db| what_was_done::put(&mut audit::record(db, &said_it)?, &row))?;
    Ok(said(period, Some(row)))
}

/// The deeds of a scheme in a period, for its report.
pub(super) fn deeds(app: &App, scheme: i64, period: Period) -> Result<Vec<Deed>, StorageError> {
    let row = app.store.read(|db| what_was_done::find(db, scheme, &period.to_string()))?;
    Ok(said(String::new(), row).items)
}

fn said(period: String, row: Option<DoneRow>) -> DoneSaid {
    let items = row.as_ref().and_then(|row| serde_json::from_str(&row.body).ok()).unwrap_or_default();
    DoneSaid { period, items, said_at: row.map(|row| written(row.said_at)) }
}

fn read_period(period: &str) -> Result<Period, Refusal> {
    period.parse().map_err(|()| Refusal::Unknown(None))
}
